"""What follows from an effect: movements of money, deadlines, notices, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from avoir.clauses import DeadlineRule, Effect, Floor, NoticeRule
from avoir.conditions import ALWAYS, Situation, Term
from avoir.money import Money
from avoir.periods import end_of_day, is_provisional, zone
from avoir.programs import truth, value

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
    rules: Iterable[DeadlineRule], situation: Situation, time_zone: str
) -> tuple[Deadline, ...]:
    """The deadlines whose dates are known."""
    found: list[Deadline] = []
    local = zone(time_zone)
    for planned in rules:
        on: Term[Any] = planned.on
        due = value(on, situation)
        if due is None:
            continue
        moment = due if isinstance(due, datetime) else end_of_day(due, local)
        day = moment.date()
        calendar = None if planned.calendar is None else value(planned.calendar, situation)
        provisional = calendar is not None and is_provisional(day, calendar)
        clause = planned.clause.id
        found.append(
            Deadline(planned.kind, planned.label, day, moment, time_zone, clause, provisional)
        )
    return tuple(found)


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
