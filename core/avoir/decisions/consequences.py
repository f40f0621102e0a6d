"""What follows from an effect: movements of money, deadlines, notices, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import msgspec

from avoir.clauses import DeadlineRule, Effect, Floor, NoticeRule
from avoir.conditions import ALWAYS, Constant, Situation, Term
from avoir.money import Money
from avoir.periods import end_of_day, is_provisional, zone
from avoir.programs import truth, value, values

X = TypeVar("X")


class Posting(msgspec.Struct, frozen=True):
    """An amount moved from a source account to a destination account."""

    kind: str
    source: str
    destination: str
    amount: Money
    floor: Floor = Floor.PASSED
    reverses: tuple[str, ...] = ()


class Deadline(msgspec.Struct, frozen=True):
    """A day that something is due on; it counts to the end of that local day."""

    kind: str
    label: str
    date: date
    ends_at: datetime
    time_zone: str
    clause: str
    provisional: bool


def postings(effect: Effect, amount: Money | None, situation: Situation) -> tuple[Posting, ...]:
    """The movements of money of an effect: of the decision's amount, where no other is named."""
    if not effect.postings:
        return ()
    made: list[Posting] = []
    for planned in effect.postings:
        moved = amount if planned.amount is None else value(planned.amount, situation)
        if moved is not None and moved.smallest != 0:
            made.append(
                Posting(
                    planned.kind,
                    planned.source,
                    planned.destination,
                    moved,
                    planned.floor,
                    planned.reverses,
                )
            )
    return tuple(made)


def deadlines(
    rules: Sequence[DeadlineRule], situation: Situation, time_zone: str
) -> tuple[Deadline, ...]:
    """The deadlines whose dates are known."""
    if not rules:
        return ()
    kept = tuple(rules)
    read = values(_read_by(kept), situation)
    return _told(kept, time_zone, read, _clocks(read) if datetime in map(type, read) else ())


@lru_cache(maxsize=10_000)
def _told(
    rules: tuple[DeadlineRule, ...], time_zone: str, read: Sequence[Any], _: Sequence[object]
) -> tuple[Deadline, ...]:
    """The deadlines of these rules, of the dates and the calendars that were read for them."""
    return tuple(
        _deadline(planned, due, time_zone, calendar)
        for planned, due, calendar in zip(rules, read[::2], read[1::2], strict=True)
        if due is not None
    )


@lru_cache(maxsize=10_000)
def _read_by(rules: tuple[DeadlineRule, ...]) -> tuple[Term[Any], ...]:
    """What tells the date of each of these, and the calendar that it is counted on."""
    none = Constant(None)
    calendars = [none if rule.calendar is None else rule.calendar for rule in rules]
    return tuple(chain.from_iterable(zip((rule.on for rule in rules), calendars, strict=True)))


def _clocks(read: Sequence[Any]) -> Sequence[object]:
    """By which clocks the instants among these are told, and which time they showed that hour."""
    # to a cache they are the same wherever they are told, and both times of an hour are
    return tuple([(one.tzinfo, one.fold) for one in read if isinstance(one, datetime)])


def _deadline(
    planned: DeadlineRule, due: date | datetime, time_zone: str, calendar: str | None
) -> Deadline:
    day = due.date() if isinstance(due, datetime) else due
    ends_at = last_moment(due, time_zone)
    provisional = calendar is not None and is_provisional(day, calendar)
    clause = planned.clause.id
    return Deadline(planned.kind, planned.label, day, ends_at, time_zone, clause, provisional)


def last_moment(due: date | datetime, time_zone: str) -> datetime:
    """The last moment of a due day, or the due instant itself."""
    return due if isinstance(due, datetime) else end_of_day(due, zone(time_zone))


def lacked(effects: Iterable[Effect], situation: Situation) -> list[str]:
    """What is lacking by names that are not the policy's own."""
    lacking = [effect.lacking for effect in effects if effect.lacking is not None]
    return [name for names in lacking for name in value(names, situation) or ()]


def due(notices: Sequence[NoticeRule], situation: Situation) -> tuple[NoticeRule, ...]:
    """The notices whose condition holds."""
    return tuple([n for n in notices if n.only_if is ALWAYS or truth(n.only_if, situation) is True])


def once(values: Iterable[X]) -> tuple[X, ...]:
    """These values, each once."""
    return tuple(dict.fromkeys(values))
