"""What a request is measured against: the calls and messages made by its moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from avoir.dates import business_days, day
from avoir.facts import Fact
from avoir.measures import Unknown, first_known, measure, tolerant_measure
from avoir.messages import N_
from avoir.periods import is_any_before, is_before
from avoir_conxpros.facts import F, Sent
from avoir_conxpros.measures import day_three, day_two, delivered_on
from avoir_conxpros.parameters import P

Calls = Sequence[datetime]

calls = first_known(F.event.findings.calls, F.findings.calls)
messages = first_known(F.event.findings.messages, F.findings.messages)
_IN_CALLS: Final = (F.event.findings.calls.path, F.findings.calls.path)
_IN_MESSAGES: Final = (F.event.findings.messages.path, F.findings.messages.path)


def _made(placed: Calls, delivered: datetime, asked: datetime) -> Calls:
    """The calls that count: after the delivery, and by the request."""
    return [c for c in placed if not is_before(c, delivered) and not is_before(asked, c)]


def _minutes_to_first(made: Calls, delivered: datetime) -> int | None:
    """Whole minutes from the delivery to the first call."""
    if not made:
        return None
    first = min(call.astimezone(UTC) for call in made)
    return int((first - delivered.astimezone(UTC)).total_seconds() // 60)


def _calls_on(made: Calls, on: date) -> int:
    """Calls on a day."""
    return [call.date() for call in made].count(on)


def _calls_on_last_day(made: Calls, asked: datetime, on: date) -> int | Unknown:
    """Calls on the last day of the process; nobody knows them before that day has come."""
    return Unknown(()) if asked.date() < on else _calls_on(made, on)


def _messages(
    sent: Sequence[Sent], undated: tuple[str, ...], delivered: datetime, asked: datetime
) -> int | Unknown:
    """Messages that count; one without its moment matters only where there is no other."""
    count = len(_made([m.at for m in sent if m.at is not None], delivered, asked))
    return Unknown(undated) if undated and not count else count


@tolerant_measure(
    F.event.findings.messages, F.findings.messages, label=N_("messages without their moment")
)
def undated_messages(anew: Sequence[Sent] | None, before: Sequence[Sent] | None) -> tuple[str, ...]:
    """The paths of the moments that are not known."""
    path, sent = (_IN_MESSAGES[1], before) if anew is None else (_IN_MESSAGES[0], anew)
    return tuple([f"{path}[{i}].at" for i, message in enumerate(sent or ()) if message.at is None])


@tolerant_measure(
    F.event.findings.calls,
    F.findings.calls,
    F.lead.delivered_at,
    label=N_("calls before the delivery"),
)
def calls_before_delivery(
    anew: Calls | None, before: Calls | None, delivered: datetime | None
) -> tuple[str, ...]:
    """The paths of calls dated before the delivery."""
    moments = [*(anew or ()), *(before or ())]
    if delivered is None or not is_any_before(moments, delivered):
        return ()
    return tuple(
        f"{path}[{index}]"
        for path, placed in zip(_IN_CALLS, (anew, before), strict=True)
        for index, call in enumerate(placed or ())
        if is_before(call, delivered)
    )


@tolerant_measure(
    F.event.findings.messages,
    F.findings.messages,
    F.lead.delivered_at,
    label=N_("messages before the delivery"),
)
def messages_before_delivery(
    anew: Sequence[Sent] | None, before: Sequence[Sent] | None, delivered: datetime | None
) -> tuple[str, ...]:
    """The paths of messages dated before the delivery."""
    moments = [m.at for m in (*(anew or ()), *(before or ())) if m.at is not None]
    if delivered is None or not is_any_before(moments, delivered):
        return ()
    return tuple(
        f"{path}[{index}].at"
        for path, sent in zip(_IN_MESSAGES, (anew, before), strict=True)
        for index, message in enumerate(sent or ())
        if message.at is not None and is_before(message.at, delivered)
    )


class Asked:
    """A request by the fact that says when it was made.

    The first request of a lead stands under ``request`` in a facts document, a further one under
    ``event``.
    """

    def __init__(self, at: Fact[datetime]) -> None:
        delivered = F.lead.delivered_at
        self.at = at
        self.on = day(at)
        self.target = (self.on + business_days(P.target_business_days, P.calendar)).named(
            N_("day aimed at for the decision")
        )
        self.early_target = (
            self.on + business_days(P.early_target_business_days, P.calendar)
        ).named(N_("first day on which a decision may be expected"))
        made = measure(calls, delivered, at, label=calls.label)(_made)
        self.minutes_to_first_call = measure(
            made, delivered, label=N_("minutes from the delivery to the first call")
        )(_minutes_to_first)
        self.calls_on_delivery_day = measure(
            made, delivered_on, label=N_("calls on the day of delivery")
        )(_calls_on)
        self.calls_on_day_two = measure(made, day_two, label=N_("calls on day 2"))(_calls_on)
        self.calls_on_day_three = measure(made, at, day_three, label=N_("calls on day 3"))(
            _calls_on_last_day
        )
        self.messages = measure(
            messages,
            undated_messages,
            delivered,
            at,
            label=N_("emails and text messages to the homeowner"),
        )(_messages)


FIRST = Asked(F.request.submitted_at)
FURTHER = Asked(F.event.at)
