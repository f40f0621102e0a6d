"""What the rules engines decide a request on: its measures, ready made, as plain data.

They are the policy's own terms. The engines get the days compared, the calls counted and the
history read, which flatters them: the kernel and the if-chains do all that while they decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from avoir.conditions import Condition, Situation, Term, stated
from avoir.facts import unit_of
from avoir_conxpros import measures as m
from avoir_conxpros.asked import FIRST, calls_before_delivery, messages_before_delivery
from avoir_conxpros.facts import USD, F
from avoir_conxpros.grounds import hired_at, in_touch, verified, within_look_back

Plain: TypeAlias = bool | int | str | None

_f, _before = F.findings, F.findings.previous_delivery

TERMS: Final[Mapping[str, Term[Any] | Condition]] = {
    "no_amounts": (unit_of(F.lead.cost) != USD.code) | (m.impossible_amounts != ()),
    "asked_before_delivery": FIRST.at < F.lead.delivered_at,
    "contacted_before_delivery": (calls_before_delivery != ()) | (messages_before_delivery != ()),
    "delivered_again_later": _before.delivered_at > F.lead.delivered_at,
    "units_differ": unit_of(_f.actual_category_cost) != unit_of(F.lead.cost),
    "channel": m.channel,
    "state": m.recorded,
    "asked_before": m.asked_before,
    "last_clause": m.last_clause,
    "late": FIRST.on > m.last_day,
    "early": FIRST.on < m.day_three,
    "notes": m.filled(m.notes),
    "uninformative": _f.notes_uninformative,
    "claim": m.claim,
    "contradicted": _f.contradicted_reason,
    "verified": verified,
    "reached_on_phone": _f.verification.reached_homeowner_on_phone,
    "person": _f.person_reached,
    "phone_working": _f.phone_working,
    "other_category": m.other_category,
    "appropriate": _f.task_appropriate_for_category,
    "eligible": _f.professional_eligible_for_actual_category,
    "other_zip": m.other_zip,
    "in_area": _f.in_targeted_service_area,
    "before_by": _before.by,
    "before_to_same": _before.to_same_professional,
    "within_look_back": within_look_back,
    "same_category": m.same_category,
    "solicitation": _f.lead_is_solicitation,
    "seeking_work": _f.seeking_employment,
    "needs_owner": _f.project_requires_owner_approval,
    "owner": _f.submitter_owns_property,
    "minor": _f.submitter_is_minor,
    "spoke": m.spoke,
    "hired_before": hired_at < F.lead.delivered_at,
    "denies": m.denies,
    "incentive": m.filled(_f.incentive),
    "asked_not_to_call": _f.dnc_requested_on_contact_number,
    "in_touch": stated(in_touch),
    "first_call": FIRST.minutes_to_first_call,
    "calls_day_one": FIRST.calls_on_delivery_day,
    "calls_day_two": FIRST.calls_on_day_two,
    "calls_day_three": FIRST.calls_on_day_three,
    "messages": FIRST.messages,
    "address_valid": _f.address_valid,
    "hired_other": _f.hired_different_company,
    "affordability": _f.affordability_concern,
    "in_crm": _f.in_professional_crm,
}


def measures(situation: Situation) -> dict[str, Plain]:
    """The measures of a request, by name."""
    return {name: _plain(_value(term, situation)) for name, term in TERMS.items()}


def _value(term: Term[Any] | Condition, situation: Situation) -> object:
    return term.truth(situation) if isinstance(term, Condition) else term.value(situation)


def _plain(value: object) -> Plain:
    if isinstance(value, Enum):
        return str(value.value)
    assert value is None or isinstance(value, bool | int | str)
    return value
