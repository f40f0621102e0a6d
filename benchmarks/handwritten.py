"""The same request decided by hand-written if-chains: outcome, clause ids in order, amount.

Default parameters, complete facts, no explanation: the floor that a general kernel is held to. A
first request has no ``event``, so none is read; the person reached is unknown where nobody was.
Instants are in one zone and compare as they stand, but in the hour that comes twice a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Context
from typing import Any, Final, TypeAlias

from avoir.money import LARGEST, Money
from avoir_conxpros.choices import Channel, Deliverer, Past, Person, Reason, Result
from avoir_conxpros.facts import PastEvent, Sent
from avoir_conxpros.states import S

Answer: TypeAlias = tuple[str, tuple[str, ...], Money | None]
Typed: TypeAlias = Mapping[str, Any]

# A look at a member of an enumeration takes several times as long as one at a name.
DASHBOARD, ACCOUNT_MANAGER = Channel.DASHBOARD, Channel.ACCOUNT_MANAGER
CONXPROS, OTHER_LEAD_COMPANY = Deliverer.CONXPROS, Deliverer.OTHER_LEAD_COMPANY
UNRELATED = Person.UNRELATED
DECISION, REVIEW_DECIDED = Past.DECISION, Past.REVIEW_DECIDED
PROACTIVE_CREDIT, REVERSAL = Past.PROACTIVE_CREDIT, Past.REVERSAL
APPROVED, APPROVED_PARTIAL, RESULT_DENIED = Result.APPROVED, Result.APPROVED_PARTIAL, Result.DENIED
DELIVERED, DENIED, DENIED_LATE, DENIED_EARLY = S.DELIVERED, S.DENIED, S.DENIED_LATE, S.DENIED_EARLY
CREDITED, PARTIALLY_CREDITED = S.CREDITED, S.PARTIALLY_CREDITED
CREDITED_PROACTIVELY, REVERSED, UNDER_REVIEW = S.CREDITED_PROACTIVELY, S.REVERSED, S.UNDER_REVIEW
FINAL_APPROVED, FINAL_DENIED = S.FINAL_APPROVED, S.FINAL_DENIED
INCORRECT_CONTACT, NON_WORKING_PHONE = Reason.INCORRECT_CONTACT, Reason.NON_WORKING_PHONE
WRONG_CATEGORY, WRONG_LOCATION = Reason.WRONG_CATEGORY, Reason.WRONG_LOCATION
DUPLICATE, TESTING_SOLICITATION = Reason.DUPLICATE, Reason.TESTING_SOLICITATION
LOOKING_FOR_WORK, NOT_AUTHORIZED = Reason.LOOKING_FOR_WORK, Reason.NOT_AUTHORIZED
ALREADY_HIRED, NO_REQUEST = Reason.ALREADY_HIRED, Reason.NO_REQUEST
MISLEADING_AD, DO_NOT_CALL = Reason.MISLEADING_AD, Reason.DO_NOT_CALL
NON_CONTACT, ADDRESS_INVALID = Reason.NON_CONTACT, Reason.ADDRESS_INVALID
LOST_JOB, CHANGED_MIND, SHOPPING = Reason.LOST_JOB, Reason.CHANGED_MIND, Reason.SHOPPING
AFFORDABILITY, LANGUAGE_BARRIER = Reason.AFFORDABILITY, Reason.LANGUAGE_BARRIER
OTHER_LEADGEN, IN_CRM, NOT_READY = Reason.OTHER_LEADGEN, Reason.IN_CRM, Reason.NOT_READY

WINDOW: Final = timedelta(days=5)
LOOK_BACK: Final = timedelta(days=30)
DAY: Final = timedelta(days=1)
TWO_DAYS: Final = timedelta(days=2)
FIRST_CALL: Final = timedelta(minutes=60)
EXACT: Final = Context(prec=100)
TOO_EARLY_TO_SAY: Final = "the last call is still to come"
SAID: Final = ("CX-DECISION-EMAIL", "CX-ACK-EMAIL", "CX-DECISION-3BD")
"""What is cited after the deciding clause."""
NO_GROUND: Final = (
    "CX-DEN-REASON-MISMATCH",
    "CX-DECISION-EMAIL",
    "CX-GENUINE",
    "CX-ACK-EMAIL",
    "CX-DECISION-3BD",
)


def decide(f: Typed) -> Answer:
    """One request."""
    delivered: datetime = f["lead.delivered_at"]
    asked: datetime = f["request.submitted_at"]
    history: Sequence[PastEvent] = f["history"]
    if _cannot_be(f, delivered, asked, history):
        return "invalid", _impossible(f, delivered, asked, history), None
    channel = f["request.channel"]
    if channel is not DASHBOARD and channel is not ACCOUNT_MANAGER:
        return "blocked", ("CX-CHANNELS",), None
    claim: Reason = f["request.reason"]
    if history or "decision" in f:
        decided = _decided(f, history, claim)
        if decided is not None:
            return decided
    asked_on, delivered_on = asked.date(), delivered.date()
    if asked_on > delivered_on + WINDOW:
        return "refused", ("CX-WINDOW-5D", "CX-DEN-LATE", *SAID), None
    reached_on_phone = f["findings.verification.reached_homeowner_on_phone"]
    denials: list[str] = []
    if not f["request.notes"].strip() or f["findings.notes_uninformative"]:
        denials.append("CX-DEN-NO-NOTES")
    if claim is NON_CONTACT:
        if asked_on < delivered_on + TWO_DAYS:
            denials.append("CX-DEN-EARLY-NONCONTACT")
        if (
            (reached_on_phone or f["findings.conxpros_verified_contact"])
            and _on_record(f, delivered) is None
            and not _partly(f)
        ):
            denials.append("CX-NONCONTACT-VERIFIED")
    if f["findings.contradicted_reason"] or (claim is NON_WORKING_PHONE and reached_on_phone):
        denials.append("CX-DEN-CONTRADICTED")
    if claim is WRONG_CATEGORY and f["findings.task_appropriate_for_category"]:
        denials.append("CX-DEN-TASK-APPROPRIATE")

    ground, failed = _claimed(f, claim, delivered, asked)
    if ground is None:
        if failed is TOO_EARLY_TO_SAY:
            # the last call cannot be made yet: nothing further can be said against the request
            return _refused(denials, None)
        ground = _on_record(f, delivered)
        if ground is None and claim is not NON_CONTACT and _unreached(f, delivered, asked):
            ground = "CX-CRED-NON-CONTACT"
    if ground is not None:
        return _refused(denials, failed) if denials else _credited(f, ground, claim, history)
    if _partly(f):
        return _refused(denials, failed) if denials else _partly_credited(f, claim, history)

    if claim is ADDRESS_INVALID or (
        (claim is WRONG_LOCATION or claim is INCORRECT_CONTACT) and not f["findings.address_valid"]
    ):
        denials.append("CX-DEN-ADDRESS-ONLY")
    hired: datetime = f["findings.hired_or_completed_at"]
    if (
        claim is LOST_JOB
        or f["findings.hired_different_company"]
        or (claim is ALREADY_HIRED and not before(hired, delivered))
    ):
        denials.append("CX-NE-LOST")
    if claim is CHANGED_MIND:
        denials.append("CX-NE-CHANGED-MIND")
    elif claim is SHOPPING:
        denials.append("CX-NE-SHOPPING")
    if claim is AFFORDABILITY or f["findings.affordability_concern"]:
        denials.append("CX-NE-AFFORDABILITY")
    if claim is LANGUAGE_BARRIER:
        denials.append("CX-NE-LANGUAGE")
    if claim is OTHER_LEADGEN or f["findings.previous_delivery.by"] is OTHER_LEAD_COMPANY:
        denials.append("CX-NE-OTHER-LEADGEN")
    if claim is IN_CRM or f["findings.in_professional_crm"]:
        denials.append("CX-NE-IN-CRM")
    if claim is NOT_READY:
        denials.append("CX-NE-NOT-READY")
    if claim is WRONG_CATEGORY:
        # the ground of the price difference is looked at last, and fails as a claim too
        failed = "CX-CRED-WRONG-CATEGORY"
    if not denials:
        return "refused", NO_GROUND if failed is None else (*NO_GROUND, failed), None
    denials += ("CX-DEN-REASON-MISMATCH", "CX-GENUINE")
    return _refused(denials, failed)


def _refused(denials: list[str], failed: str | None) -> Answer:
    """A denial with all its reasons, the claim that failed among them."""
    denials[1:1] = SAID
    if failed is not None:
        denials.append(failed)
    return "refused", tuple(denials), None


def _credited(f: Typed, ground: str, claim: Reason, history: Sequence[PastEvent]) -> Answer:
    cost: Money = f["lead.cost"]
    amount = Money(_remaining(cost, history), cost.unit) if history else cost
    clauses: tuple[str, ...] = (
        ground,
        "CX-CREDIT-BALANCE",
        "CX-DECISION-EMAIL",
        "CX-ACK-EMAIL",
        "CX-DECISION-3BD",
        "CX-CHANNELS",
        "CX-WINDOW-5D",
    )
    if claim is NON_CONTACT:
        clauses = (*clauses, "CX-DEN-EARLY-NONCONTACT")
    return "approved", clauses, amount


def _partly_credited(f: Typed, claim: Reason, history: Sequence[PastEvent]) -> Answer:
    cost: Money = f["lead.cost"]
    right: Money = f["findings.actual_category_cost"]
    owed = max(0, cost.smallest - right.smallest)
    clauses: tuple[str, ...] = (
        "CX-CRED-WRONG-CATEGORY",
        "CX-PARTIAL-DIFF",
        "CX-DECISION-EMAIL",
        "CX-ACK-EMAIL",
        "CX-DECISION-3BD",
        "CX-CHANNELS",
        "CX-WINDOW-5D",
    )
    if claim is NON_CONTACT:
        clauses = (*clauses, "CX-DEN-EARLY-NONCONTACT")
    left = _remaining(cost, history) if history else cost.smallest
    return "partly_approved", clauses, Money(min(owed, left), cost.unit)


# -- grounds ---------------------------------------------------------------------------------------


def _claimed(
    f: Typed, claim: Reason, delivered: datetime, asked: datetime
) -> tuple[str | None, str | None]:
    """The clause of the ground that is claimed: the first where it holds, the second where not."""
    clause: str
    holds: bool | None
    if claim is INCORRECT_CONTACT:
        clause, holds = "CX-CRED-WRONG-CONTACT", f["findings.person_reached"] is UNRELATED
    elif claim is NON_WORKING_PHONE:
        clause = "CX-CRED-BAD-PHONE"
        holds = (
            not f["findings.phone_working"]
            and not f["findings.verification.reached_homeowner_on_phone"]
        )
    elif claim is WRONG_CATEGORY:
        if f["findings.professional_eligible_for_actual_category"]:
            return None, None
        clause = "CX-CRED-WRONG-CATEGORY"
        holds = not f["findings.task_appropriate_for_category"] and _another_category(f)
    elif claim is WRONG_LOCATION:
        clause = "CX-CRED-WRONG-LOCATION"
        holds = not f["findings.in_targeted_service_area"] and _another_zip(f)
    elif claim is DUPLICATE:
        clause = "CX-CRED-DUPLICATE"
        holds = f["findings.previous_delivery.by"] is CONXPROS and _duplicate(f, delivered)
    elif claim is TESTING_SOLICITATION:
        clause, holds = "CX-CRED-TESTING", f["findings.lead_is_solicitation"]
    elif claim is LOOKING_FOR_WORK:
        clause, holds = "CX-CRED-JOB-SEEKER", f["findings.seeking_employment"]
    elif claim is NOT_AUTHORIZED:
        clause = "CX-CRED-NOT-AUTHORIZED"
        holds = f["findings.project_requires_owner_approval"] and (
            not f["findings.submitter_owns_property"] or f["findings.submitter_is_minor"]
        )
    elif claim is ALREADY_HIRED:
        clause = "CX-CRED-ALREADY-HIRED"
        holds = f["findings.spoke_with_homeowner"] and before(
            f["findings.hired_or_completed_at"], delivered
        )
    elif claim is NO_REQUEST:
        clause = "CX-CRED-NO-REQUEST"
        holds = f["findings.spoke_with_homeowner"] and f["findings.homeowner_denies_request"]
    elif claim is MISLEADING_AD:
        clause = "CX-CRED-MISLEADING-AD"
        holds = f["findings.spoke_with_homeowner"] and f["findings.incentive"].strip()
    elif claim is DO_NOT_CALL:
        clause, holds = "CX-CRED-DNC", f["findings.dnc_requested_on_contact_number"] == 1
    elif claim is NON_CONTACT:
        clause, holds = "CX-CRED-NON-CONTACT", _unreached(f, delivered, asked)
        if holds is None:
            return None, TOO_EARLY_TO_SAY
    else:
        return None, None
    return (clause, None) if holds else (None, clause)


def _on_record(f: Typed, delivered: datetime) -> str | None:
    """The first ground that is true on record, whatever is claimed; non-contact aside."""
    if f.get("findings.person_reached") is UNRELATED:
        return "CX-CRED-WRONG-CONTACT"
    if (
        not f["findings.phone_working"]
        and not f["findings.verification.reached_homeowner_on_phone"]
    ):
        return "CX-CRED-BAD-PHONE"
    if (
        not f["findings.task_appropriate_for_category"]
        and not f["findings.professional_eligible_for_actual_category"]
        and _another_category(f)
    ):
        return "CX-CRED-WRONG-CATEGORY"
    if not f["findings.in_targeted_service_area"] and _another_zip(f):
        return "CX-CRED-WRONG-LOCATION"
    if f["findings.previous_delivery.by"] is CONXPROS and _duplicate(f, delivered):
        return "CX-CRED-DUPLICATE"
    if f["findings.lead_is_solicitation"]:
        return "CX-CRED-TESTING"
    if f["findings.seeking_employment"]:
        return "CX-CRED-JOB-SEEKER"
    if f["findings.project_requires_owner_approval"] and (
        not f["findings.submitter_owns_property"] or f["findings.submitter_is_minor"]
    ):
        return "CX-CRED-NOT-AUTHORIZED"
    if f["findings.spoke_with_homeowner"]:
        if before(f["findings.hired_or_completed_at"], delivered):
            return "CX-CRED-ALREADY-HIRED"
        if f["findings.homeowner_denies_request"]:
            return "CX-CRED-NO-REQUEST"
        if f["findings.incentive"].strip():
            return "CX-CRED-MISLEADING-AD"
    if f["findings.dnc_requested_on_contact_number"] == 1:
        return "CX-CRED-DNC"
    return None


def _another_category(f: Typed) -> bool:
    return plain(f["findings.actual_category"]) != plain(f["lead.category"])


def plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _another_zip(f: Typed) -> bool:
    actual: str = f["findings.actual_zip"]
    submitted: str = f["lead.submitted_zip"]
    return actual.strip()[:5] != submitted.strip()[:5]


def _duplicate(f: Typed, delivered: datetime) -> bool:
    """Whether an earlier delivery by conXpros makes the lead a duplicate."""
    earlier: datetime = f["findings.previous_delivery.delivered_at"]
    return (
        f["findings.previous_delivery.to_same_professional"]
        and delivered.date() <= earlier.date() + LOOK_BACK
        and plain(f["findings.previous_delivery.category"]) == plain(f["lead.category"])
    )


def _partly(f: Typed) -> bool:
    """Whether the price difference is due: the professional may have the right category."""
    return (
        not f["findings.task_appropriate_for_category"]
        and f["findings.professional_eligible_for_actual_category"]
        and _another_category(f)
    )


def _unreached(f: Typed, delivered: datetime, asked: datetime) -> bool | None:
    """Whether every step was made in vain; None where only the last call is still to come."""
    person = f.get("findings.person_reached")
    if (
        (person is not None and person is not UNRELATED)
        or f["findings.spoke_with_homeowner"]
        or f["findings.professional_established_contact"]
        or f["findings.conxpros_verified_contact"]
        or f["findings.verification.reached_homeowner_on_phone"]
    ):
        return False
    sent: Sequence[Sent] = f["findings.messages"]
    placed: Sequence[datetime] = f["findings.calls"]
    if not sent or len(placed) < 3:
        return False
    if not any(m.at is not None and within(delivered, m.at, asked) for m in sent):
        return False
    made = [call for call in placed if within(delivered, call, asked)]
    day_one = delivered.date()
    day_two, day_three = day_one + DAY, day_one + TWO_DAYS
    first = second = third = 0
    for call in made:
        on = call.date()
        if on == day_one:
            first += 1
        elif on == day_two:
            second += 1
        elif on == day_three:
            third += 1
    if first < 2 or not second:
        return False
    since = delivered.astimezone(UTC)
    if min(call.astimezone(UTC) for call in made) - since >= FIRST_CALL:
        return False
    return None if asked.date() < day_three else third > 0


def before(one: datetime, other: datetime) -> bool:
    if one.fold or other.fold:
        return one.astimezone(UTC) < other.astimezone(UTC)
    return one < other


def within(first: datetime, moment: datetime, last: datetime) -> bool:
    if first.fold or moment.fold or last.fold:
        return first.astimezone(UTC) <= moment.astimezone(UTC) <= last.astimezone(UTC)
    return first <= moment <= last


# -- what cannot be --------------------------------------------------------------------------------


def _cannot_be(
    f: Typed, delivered: datetime, asked: datetime, history: Sequence[PastEvent]
) -> bool:
    """Whether any two of the facts cannot be together."""
    unit = f["lead.cost"].unit.code
    earlier: datetime = f["findings.previous_delivery.delivered_at"]
    if (
        unit != "USD"
        or f["findings.actual_category_cost"].unit.code != unit
        or (before(asked, delivered) if asked.fold or delivered.fold else asked < delivered)
        or (before(delivered, earlier) if delivered.fold or earlier.fold else delivered < earlier)
    ):
        return True
    for call in f["findings.calls"]:
        if before(call, delivered) if call.fold or delivered.fold else call < delivered:
            return True
    for message in f["findings.messages"]:
        at = message.at
        if before(at, delivered) if at.fold or delivered.fold else at < delivered:
            return True
    return any(is_no_amount(entry) for entry in history) if history else False


def _impossible(
    f: Typed, delivered: datetime, asked: datetime, history: Sequence[PastEvent]
) -> tuple[str, ...]:
    """The clauses that say what cannot be, all of them."""
    clauses: list[str] = []
    unit = f["lead.cost"].unit.code
    if unit != "USD" or any(is_no_amount(entry) for entry in history):
        clauses.append("CX-CREDIT-BALANCE")
    if before(asked, delivered):
        clauses.append("CX-WINDOW-5D")
    if any(before(call, delivered) for call in f["findings.calls"]) or any(
        before(message.at, delivered) for message in f["findings.messages"]
    ):
        clauses.append("CX-CRED-NON-CONTACT")
    if before(delivered, f["findings.previous_delivery.delivered_at"]):
        clauses.append("CX-CRED-DUPLICATE")
    if f["findings.actual_category_cost"].unit.code != unit:
        clauses.append("CX-PARTIAL-DIFF")
    return tuple(clauses)


# -- history ---------------------------------------------------------------------------------------


def _decided(f: Typed, history: Sequence[PastEvent], claim: Reason) -> Answer | None:
    """The answer where the lead was decided on before, and another request is not open."""
    entries = in_order(history)
    state = left_in(entries, f.get("decision"))
    if state is DELIVERED or state is DENIED_LATE or state is DENIED_EARLY:
        return None
    if state is CREDITED_PROACTIVELY:
        return "unchanged", ("CX-PRO-NOTIFY", "CX-CREDIT-BALANCE", *SAID), None
    if state is CREDITED or state is PARTIALLY_CREDITED:
        return "unchanged", ("CX-CREDIT-BALANCE", *SAID), None
    if state is FINAL_APPROVED:
        return "unchanged", ("CX-FINAL", "CX-CREDIT-BALANCE", *SAID), None
    if state is FINAL_DENIED:
        reasons = {entry.reason for entry in history if entry.reason is not None}
        if not reasons or claim in reasons:
            return "blocked", ("CX-FINAL", *SAID), None
        return (
            "manual_review",
            ("CX-FINAL", "CX-GENUINE", "CX-ACK-EMAIL", "CX-DECISION-3BD"),
            None,
        )
    if state is DENIED:
        decisions = [entry for entry in entries if entry.type is DECISION]
        if not decisions or decisions[-1].reason_clause is None:
            return None
    return "blocked", ("CX-REVIEW", *SAID), None


def in_order(history: Sequence[PastEvent]) -> Sequence[PastEvent]:
    """The history as it happened, where every moment in it is known."""
    if len(history) < 2:
        return history
    moments = [entry.at.astimezone(UTC) for entry in history if entry.at is not None]
    if len(moments) < len(history):
        return history
    order = sorted(range(len(history)), key=moments.__getitem__)
    return [history[place] for place in order]


def left_in(entries: Sequence[PastEvent], decision: str | None) -> S:
    """The state that the last entry left the lead in, or that the decision stated names."""
    for entry in reversed(entries):
        happened = entry.type
        if happened is None:
            continue
        if happened is DECISION:
            if entry.result is APPROVED:
                return CREDITED
            if entry.result is APPROVED_PARTIAL:
                return PARTIALLY_CREDITED
            clause = entry.reason_clause
            if clause == "CX-WINDOW-5D" or clause == "CX-DEN-LATE":
                return DENIED_LATE
            return DENIED_EARLY if clause == "CX-DEN-EARLY-NONCONTACT" else DENIED
        if happened is REVIEW_DECIDED:
            return FINAL_DENIED if entry.result is RESULT_DENIED else FINAL_APPROVED
        if happened is PROACTIVE_CREDIT:
            return CREDITED_PROACTIVELY
        return REVERSED if happened is REVERSAL else UNDER_REVIEW
    if decision == "approved":
        return CREDITED
    if decision == "approved_partial":
        return PARTIALLY_CREDITED
    return DENIED if decision == "denied" else DELIVERED


def is_no_amount(entry: PastEvent) -> bool:
    """Whether no account can have moved the amount of an entry."""
    if entry.amount is None:
        return False
    cents = entry.amount.scaleb(2, EXACT)
    return cents < 0 or cents > LARGEST or cents != int(cents)


def _remaining(cost: Money, history: Sequence[PastEvent]) -> int:
    """What may still be credited: the cost, less what was credited and not taken back."""
    net = 0
    for entry in history:
        happened = entry.type
        if entry.amount is None or entry.result is RESULT_DENIED:
            continue
        if happened is REVERSAL:
            net -= int(entry.amount.scaleb(2, EXACT))
        elif happened is DECISION or happened is REVIEW_DECIDED or happened is PROACTIVE_CREDIT:
            net += int(entry.amount.scaleb(2, EXACT))
    return max(0, cost.smallest - max(0, net))
