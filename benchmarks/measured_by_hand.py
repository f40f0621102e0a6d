"""What the rules engines decide a request on, measured by hand from its typed facts.

An engine that is given measures makes somebody else take them, each time, all of them: it cannot
know which it will look at. This is that part, written as tersely as the if-chains are; what they
need is used where it does the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from avoir_conxpros.choices import Past
from avoir_conxpros.facts import PastEvent
from avoir_conxpros.states import S
from benchmarks.handwritten import (
    DAY,
    LOOK_BACK,
    TWO_DAYS,
    UNRELATED,
    WINDOW,
    before,
    in_order,
    is_no_amount,
    left_in,
    plain,
    within,
)
from benchmarks.ready_made import Plain

SAME: Final[Mapping[str, str]] = {
    "uninformative": "findings.notes_uninformative",
    "contradicted": "findings.contradicted_reason",
    "phone_working": "findings.phone_working",
    "appropriate": "findings.task_appropriate_for_category",
    "eligible": "findings.professional_eligible_for_actual_category",
    "in_area": "findings.in_targeted_service_area",
    "before_to_same": "findings.previous_delivery.to_same_professional",
    "solicitation": "findings.lead_is_solicitation",
    "seeking_work": "findings.seeking_employment",
    "needs_owner": "findings.project_requires_owner_approval",
    "owner": "findings.submitter_owns_property",
    "minor": "findings.submitter_is_minor",
    "denies": "findings.homeowner_denies_request",
    "asked_not_to_call": "findings.dnc_requested_on_contact_number",
    "address_valid": "findings.address_valid",
    "hired_other": "findings.hired_different_company",
    "affordability": "findings.affordability_concern",
    "in_crm": "findings.in_professional_crm",
}
"""Facts that an engine reads as they are."""


def measures(f: Mapping[str, Any]) -> dict[str, Plain]:
    """The measures of a request, by name."""
    delivered: datetime = f["lead.delivered_at"]
    asked: datetime = f["request.submitted_at"]
    earlier: datetime = f["findings.previous_delivery.delivered_at"]
    history: Sequence[PastEvent] = f["history"]
    calls: Sequence[datetime] = f["findings.calls"]
    sent = [message.at for message in f["findings.messages"]]
    unit = f["lead.cost"].unit.code
    category = plain(f["lead.category"])
    delivered_on, asked_on = delivered.date(), asked.date()
    person, reached = f.get("findings.person_reached"), f[REACHED]
    spoke = f["findings.spoke_with_homeowner"]
    made = [call for call in calls if within(delivered, call, asked)]
    days = [call.date() for call in made]
    measured: dict[str, Plain] = {name: f[path] for name, path in SAME.items()}
    measured |= {
        "no_amounts": unit != "USD" or any(map(is_no_amount, history)),
        "asked_before_delivery": before(asked, delivered),
        "contacted_before_delivery": any(before(call, delivered) for call in calls)
        or any(before(moment, delivered) for moment in sent),
        "delivered_again_later": before(delivered, earlier),
        "units_differ": f["findings.actual_category_cost"].unit.code != unit,
        "channel": f["request.channel"].value,
        "claim": f["request.reason"].value,
        "late": asked_on > delivered_on + WINDOW,
        "early": asked_on < delivered_on + TWO_DAYS,
        "notes": bool(f["request.notes"].strip()),
        "verified": f["findings.conxpros_verified_contact"] or reached,
        "reached_on_phone": reached,
        "person": None if person is None else person.value,
        "in_touch": f["findings.professional_established_contact"]
        or (person is not None and person is not UNRELATED)
        or spoke,
        "other_category": plain(f["findings.actual_category"]) != category,
        "other_zip": f["findings.actual_zip"].strip()[:5] != f["lead.submitted_zip"].strip()[:5],
        "before_by": f["findings.previous_delivery.by"].value,
        "within_look_back": delivered_on <= earlier.date() + LOOK_BACK,
        "same_category": plain(f["findings.previous_delivery.category"]) == category,
        "spoke": spoke,
        "hired_before": before(f["findings.hired_or_completed_at"], delivered),
        "incentive": bool(f["findings.incentive"].strip()),
        "first_call": _minutes(made, delivered),
        "calls_day_one": days.count(delivered_on),
        "calls_day_two": days.count(delivered_on + DAY),
        "calls_day_three": None
        if asked_on < delivered_on + TWO_DAYS
        else days.count(delivered_on + TWO_DAYS),
        "messages": len([moment for moment in sent if within(delivered, moment, asked)]),
    }
    measured.update(_of_history(f, history))
    return measured


REACHED: Final = "findings.verification.reached_homeowner_on_phone"


def _minutes(made: Sequence[datetime], delivered: datetime) -> int | None:
    if not made:
        return None
    first = min(call.astimezone(UTC) for call in made) - delivered.astimezone(UTC)
    return int(first.total_seconds() // 60)


def _of_history(f: Mapping[str, Any], history: Sequence[PastEvent]) -> Mapping[str, Plain]:
    if not history:
        state = left_in(history, f.get("decision")) if "decision" in f else S.DELIVERED
        return {"state": state.value, "asked_before": True, "last_clause": None}
    entries = in_order(history)
    decisions = [entry for entry in entries if entry.type is Past.DECISION]
    reasons = {entry.reason for entry in history if entry.reason is not None}
    return {
        "state": left_in(entries, f.get("decision")).value,
        "asked_before": f["request.reason"] in reasons if reasons else True,
        "last_clause": decisions[-1].reason_clause if decisions else None,
    }
