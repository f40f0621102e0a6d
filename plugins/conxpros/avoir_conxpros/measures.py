"""The arithmetic of conXpros's policy: days, facts stated anew, the history, and amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from avoir.conditions import Term, pick
from avoir.dates import day, days, elapsed_days
from avoir.measures import Measure, Unknown, first_known, measure, tolerant_measure
from avoir.messages import N_
from avoir.money import AmountError, Money
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import Channel, Past, Reason, Result
from avoir_conxpros.facts import USD, F, PastEvent
from avoir_conxpros.parameters import P, WindowCount
from avoir_conxpros.states import S

HISTORY: Final = F.history.path
LATE_EVENING: Final = time(20)
"""From here on an hour or less is left to call: telephone sales stop at nine in the evening."""

delivered_on = day(F.lead.delivered_at)
last_moment = (F.lead.delivered_at + elapsed_days(P.window_days)).named(
    N_("last moment of the reporting period")
)
last_day = pick(
    P.window_count,
    {WindowCount.DATES: delivered_on + days(P.window_days), WindowCount.HOURS: day(last_moment)},
).named(N_("last day of the reporting period"))
day_two = pick(
    P.day_one_is_delivery_day, {True: delivered_on + days(1), False: delivered_on + days(2)}
).named(N_("day 2 of the contact process"))
day_three = pick(
    P.day_one_is_delivery_day, {True: delivered_on + days(2), False: delivered_on + days(3)}
).named(N_("day 3 of the contact process"))


@measure(last_day, last_moment, P.window_count, label=N_("end of the reporting period"))
def window_closes(on: date, at: datetime, count: WindowCount) -> date:
    """The day the period ends, or the instant where it is counted in hours."""
    return at if count is WindowCount.HOURS else on


@measure(F.lead.delivered_at, label=N_("delivery late in the evening"))
def delivered_late(delivered: datetime) -> bool:
    """Whether a second call on the day of delivery was hard to make (A-CX-05)."""
    return delivered.time() >= LATE_EVENING


def filled(text: Term[str]) -> Measure[bool]:
    """Whether a text says anything: blanks do not."""

    @measure(text, label=text.label)
    def says_something(said: str) -> bool:
        return bool(said.strip())

    return says_something


# a further request may state anew what was stated before
claim = first_known(F.event.reason, F.request.reason)
notes = first_known(F.event.notes, F.request.notes)
spoke = first_known(F.event.findings.spoke_with_homeowner, F.findings.spoke_with_homeowner)
denies = first_known(F.event.findings.homeowner_denies_request, F.findings.homeowner_denies_request)
established = first_known(
    F.event.findings.professional_established_contact,
    F.findings.professional_established_contact,
)
verified_contact = first_known(
    F.event.findings.conxpros_verified_contact, F.findings.conxpros_verified_contact
)
earlier_delivery_at = first_known(
    F.findings.previous_delivery.delivered_at, F.event.previous_delivered_at
)


@tolerant_measure(F.event.reason, F.event.via, F.request.channel, label=F.request.channel.label)
def channel(anew: Reason | None, via: Channel | None, stated: Channel | None) -> Channel | Unknown:
    """The channel of the request: an event that states a request says how it came."""
    found = via if stated is None or (anew is not None and via is not None) else stated
    return Unknown((F.request.channel.path,)) if found is None else found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


@measure(F.findings.actual_category, F.lead.category, label=N_("project of another category"))
def other_category(actual: str, matched: str) -> bool:
    """Whether the project is of another category than the lead."""
    return _plain(actual) != _plain(matched)


@measure(F.findings.actual_zip, F.lead.submitted_zip, label=N_("project at another ZIP code"))
def other_zip(actual: str, submitted: str) -> bool:
    """Whether the project is at another ZIP code; the four digits of ZIP+4 say nothing more."""
    return actual.strip()[:5] != submitted.strip()[:5]


@measure(
    F.findings.previous_delivery.category,
    F.lead.category,
    label=N_("earlier delivery in the same task category"),
)
def same_category(before: str, now: str) -> bool:
    """Whether the lead was delivered before in the same category."""
    return _plain(before) == _plain(now)


def _in_order(history: Sequence[PastEvent] | None) -> list[tuple[int, PastEvent]]:
    """The history with its places in the document, in the order in which it happened."""
    entries = list(enumerate(history or ()))
    if len(entries) < 2:
        return entries
    moments = [entry.at.astimezone(UTC) for _, entry in entries if entry.at is not None]
    if len(moments) == len(entries):
        entries.sort(key=lambda entry: moments[entry[0]])
    return entries


_DECIDED: Final = {Result.APPROVED: S.CREDITED, Result.APPROVED_PARTIAL: S.PARTIALLY_CREDITED}
_DENIED: Final = {
    c.WINDOW_5D.id: S.DENIED_LATE,
    c.DEN_LATE.id: S.DENIED_LATE,
    c.DEN_EARLY_NONCONTACT.id: S.DENIED_EARLY,
}
_SAID: Final = {result.value: _DECIDED.get(result, S.DENIED) for result in Result}
_REACHED: Final = {
    Past.PROACTIVE_CREDIT: S.CREDITED_PROACTIVELY,
    Past.REVERSAL: S.REVERSED,
    Past.REVIEW_REQUESTED: S.UNDER_REVIEW,
}


def _left_in(entry: PastEvent) -> S | None:
    """The state in which an entry left the lead; None where its result is unknown."""
    if entry.type is Past.DECISION and entry.result is not None:
        return _DECIDED.get(entry.result) or _DENIED.get(entry.reason_clause or "", S.DENIED)
    if entry.type is Past.REVIEW_DECIDED and entry.result is not None:
        return S.FINAL_DENIED if entry.result is Result.DENIED else S.FINAL_APPROVED
    return None if entry.type is None else _REACHED.get(entry.type)


@tolerant_measure(F.history, F.decision, label=N_("where the lead stands"))
def recorded(history: Sequence[PastEvent] | None, decision: str | None) -> S | Unknown:
    """The state that the history shows; a lead without one was only delivered."""
    if history:
        for index, entry in reversed(_in_order(history)):
            if entry.type is not None:
                return _left_in(entry) or Unknown((f"{HISTORY}[{index}].result",))
    return _SAID.get(decision or "", S.DELIVERED)


@tolerant_measure(F.history, label=N_("clause of the last decision"))
def last_clause(history: Sequence[PastEvent] | None) -> str | None:
    """The clause by which the last request was decided, where the history names one."""
    entries = [entry for _, entry in _in_order(history) if entry.type is Past.DECISION]
    return entries[-1].reason_clause if entries else None


@tolerant_measure(F.history, F.request.reason, claim, label=N_("reason already decided on"))
def asked_before(
    history: Sequence[PastEvent] | None, first: Reason | None, now: Reason | None
) -> bool | Unknown:
    """Whether the reason claimed now is one that was decided on before (A-CX-21)."""
    if now is None:
        return Unknown((F.request.reason.path,))
    before = {entry.reason for entry in history or () if entry.reason is not None}
    return now in before if before else now is first


_ENDS: Final = (Past.DECISION, Past.REVIEW_DECIDED)
_MOVES: Final = (*_ENDS, Past.PROACTIVE_CREDIT, Past.REVERSAL)


def _amount(entry: PastEvent) -> Money | None:
    """The amount an entry moved; None where it is no amount of the account's unit."""
    try:
        moved = None if entry.amount is None else Money.exactly(entry.amount, USD)
    except AmountError:
        return None
    return None if moved is None or moved.smallest < 0 else moved


@tolerant_measure(F.history, label=N_("amounts in the history"))
def impossible_amounts(history: Sequence[PastEvent] | None) -> tuple[str, ...]:
    """The paths of amounts that no account can have moved."""
    if not history:
        return ()
    return tuple(
        f"{HISTORY}[{index}].amount"
        for index, entry in enumerate(history)
        if entry.amount is not None and _amount(entry) is None
    )


def _movements(history: Sequence[PastEvent] | None) -> Iterator[tuple[PastEvent, Money | str]]:
    """The entries that moved money: how much, or the path of what is not known of it."""
    for index, entry in _in_order(history):
        if entry.type not in _MOVES or entry.result is Result.DENIED:
            continue
        unclear = entry.type in _ENDS and entry.result is None
        name = "result" if unclear else "amount"
        moved = None if unclear else _amount(entry)
        yield entry, f"{HISTORY}[{index}].{name}" if moved is None else moved


@tolerant_measure(F.history, label=N_("credited so far"))
def credited_so_far(history: Sequence[PastEvent] | None) -> Money | Unknown:
    """What was credited for the lead, less what was taken back."""
    net = 0
    for entry, moved in _movements(history) if history else ():
        if isinstance(moved, str):
            return Unknown((moved,))
        net += -moved.smallest if entry.type is Past.REVERSAL else moved.smallest
    return Money(max(0, net), USD)


@measure(F.lead.cost, credited_so_far, label=N_("cost not yet credited"))
def remaining(cost: Money, credited: Money) -> Money:
    """What may still be credited: net, a lead never brings more than it cost."""
    return Money(max(0, cost.smallest - credited.smallest), cost.unit)


@measure(F.lead.cost, F.findings.actual_category_cost, label=N_("difference in price"))
def difference(paid: Money, right: Money) -> Money:
    """By how much the lead cost more than one of the right category; never a charge."""
    return Money(max(0, paid.smallest - right.smallest), paid.unit)


@measure(F.lead.cost, F.findings.actual_category_cost, label=N_("right category costs no less"))
def costs_no_less(paid: Money, right: Money) -> bool:
    """Whether there is no difference to credit (A-CX-07)."""
    return right.smallest >= paid.smallest


@measure(difference, remaining, label=N_("amount of the credit"))
def partial_credit(owed: Money, left: Money) -> Money:
    """The difference in price, as far as it was not credited yet."""
    return min(owed, left)


@tolerant_measure(F.history, remaining, label=N_("amount of the credit"))
def restored_credit(
    history: Sequence[PastEvent] | None, left: Money | None
) -> Money | Unknown | None:
    """What an approved review brings: what a reversal took back, else the rest of the cost."""
    if left is None:
        return None
    last = next(reversed(list(_movements(history))), None)
    if last is None or last[0].type is not Past.REVERSAL:
        return left
    taken = last[1]
    return Unknown((taken,)) if isinstance(taken, str) else min(taken, left)
