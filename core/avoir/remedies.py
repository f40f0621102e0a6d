"""Remedies: what would help, read off the conditions that failed.

A shortfall comes from ``measure >= threshold`` where the measure names a remedy; the earliest and
the last moment from the comparisons of the day of the act with a date, over every requirement in
force. Whatever cannot be cured by the party yields no remedy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from avoir.clauses import ADVERSE, Clause, Cure, Row, RowKind, Table
from avoir.conditions import (
    INVERSE,
    And,
    Comparator,
    Comparison,
    Condition,
    Named,
    Not,
    Or,
    Situation,
    Stated,
    Term,
    terms_of,
)
from avoir.dates import Day
from avoir.decisions import Decision
from avoir.facts import Fact
from avoir.measures import Measure
from avoir.messages import N_, Message
from avoir.programs import truth, value
from avoir.verdicts import Status

Moment = date | datetime


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that would help: what, by which clause, from when and until when.

    ``alternatives`` are other ways to the same end.
    """

    message: Message
    clause: str | None
    earliest: Moment | None
    latest: Moment | None
    alternatives: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which moments an act may take place; None is open."""

    earliest: Moment | None
    latest: Moment | None


_AFTER = (Comparator.GE, Comparator.GT)
_STRICT = {Comparator.GT: 1, Comparator.LT: -1}
_MIRROR = {
    Comparator.LE: Comparator.GE,
    Comparator.GE: Comparator.LE,
    Comparator.LT: Comparator.GT,
    Comparator.GT: Comparator.LT,
}


def bounds(decision: Decision) -> Bounds:
    """The earliest and the last moment that the requirements in force leave for the act.

    The earliest is never before the act that was decided on.
    """
    table, situation = decision.table, decision.situation
    if table is None:
        return Bounds(None, None)
    act = table.moment
    lower: list[Moment] = []
    upper: list[Moment] = []
    for row, requirement in _requirements(table):
        if row.only_if is not None and truth(row.only_if, situation) is False:
            continue
        for comparator, limit in _limits(requirement, act, situation):
            (lower if comparator in _AFTER else upper).append(limit)
    now = act.value(situation)
    earliest = max(lower, key=_start, default=None)
    if earliest is not None and now is not None and _start(earliest) <= _start(now):
        earliest = now if isinstance(earliest, datetime) else now.date()
    return Bounds(earliest, min(upper, key=_end, default=None))


@lru_cache(maxsize=1_000)
def _requirements(table: Table) -> Sequence[tuple[Row, Condition]]:
    """The rows of a table that require something of when the act takes place, and what that is."""
    required = [(row, row.requirement) for row in table.rows if row.kind is RowKind.REQUIREMENT]
    return [
        (row, condition)
        for row, condition in required
        if condition is not None and any(term is table.moment for term in terms_of(condition))
    ]


def time_left(decision: Decision) -> Bounds | None:
    """Between which moments what was refused may be asked again; None where it may not."""
    if not _is_curable(decision):
        return None
    window = bounds(decision)
    return None if _is_over(decision, window) else window


def _start(moment: Moment) -> datetime:
    """Where a moment begins, in the zone of instants: a day at midnight."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time.min)


def _end(moment: Moment) -> datetime:
    """Where a moment ends, in the zone of instants: a day before the next midnight."""
    return _start(moment) if isinstance(moment, datetime) else datetime.combine(moment, time.max)


def _is_over(decision: Decision, window: Bounds) -> bool:
    """Whether nothing is left of a window at the act that was decided on."""
    now = None if decision.table is None else decision.table.moment.value(decision.situation)
    opens = window.earliest or now
    return opens is not None and window.latest is not None and _start(opens) > _end(window.latest)


def _limits(
    condition: Condition, act: Term[datetime], situation: Situation
) -> Iterator[tuple[Comparator, Moment]]:
    if isinstance(condition, And):
        for part in condition.operands:
            yield from _limits(part, act, situation)
    elif isinstance(condition, Or):
        in_force = [c for c in condition.operands if not _ruled_out(c, situation)]
        if len(in_force) == 1:
            yield from _limits(in_force[0], act, situation)
    elif isinstance(condition, Not):
        opposite = _opposite(condition.condition)
        if not isinstance(opposite, Not):
            yield from _limits(opposite, act, situation)
    elif isinstance(condition, Comparison) and condition.comparator in _MIRROR:
        turned = _turned(condition, act)
        limit = value(turned.right, situation) if _is_act(turned.left, act) else None
        if isinstance(limit, date):
            yield turned.comparator, _allowed(turned.comparator, limit)


def _turned(condition: Comparison, act: Term[datetime]) -> Comparison:
    """The same comparison, with the act or what has a remedy on its left."""
    right = condition.right
    curable = isinstance(right, Measure) and right.remedy is not None
    if condition.comparator in _MIRROR and (curable or _is_act(right, act)):
        return Comparison(right, _MIRROR[condition.comparator], condition.left)
    return condition


def _allowed(comparator: Comparator, limit: Moment) -> Moment:
    """The first or the last moment that a comparison allows: beside a day that is excluded."""
    if isinstance(limit, datetime) or comparator not in _STRICT:
        return limit
    return limit + timedelta(days=_STRICT[comparator])


def _opposite(condition: Condition) -> Condition:
    """What holds where a condition does not."""
    match condition:
        case And():
            return Or(tuple(Not(part) for part in condition.operands))
        case Or():
            return And(tuple(Not(part) for part in condition.operands))
        case Not():
            return condition.condition
        case Comparison():
            return Comparison(condition.left, INVERSE[condition.comparator], condition.right)
        case _:
            return Not(condition)


def _is_act(term: Term[Any], act: Term[datetime]) -> bool:
    """Whether a term is the moment of the act or its day, and nothing else."""
    while isinstance(term, Day | Named):
        term = term.parts()[0]
    return term is act


def _ruled_out(condition: Condition, situation: Situation) -> bool:
    """Whether parameters alone say no: nothing a party could change."""
    return any(truth(part, situation) is False for part in _beyond_facts(condition))


@lru_cache(maxsize=10_000)
def _beyond_facts(condition: Condition) -> Sequence[Condition]:
    """The parts of a condition that read no facts, and without which it cannot hold."""
    if isinstance(condition, And):
        return [kept for part in condition.operands for kept in _beyond_facts(part)]
    return [] if any(isinstance(term, Fact) for term in terms_of(condition)) else [condition]


def remedies(decision: Decision, window: Bounds | None) -> tuple[Remedy, ...]:
    """What would help in the time that is left to ask again; nothing, where none is."""
    table, verdict = decision.table, decision.verdict
    if table is None or verdict is None or window is None:
        return ()
    found: list[Remedy] = []
    adverse = [(verdict.decided, verdict.when), *verdict.also]
    stands_with = {index for index, _ in adverse} | {
        # what an unknown fact keeps open would stand in the way next time
        index
        for index, status in enumerate(verdict.statuses)
        if status is Status.OPEN and index > verdict.decided
    }
    for index in sorted(stands_with):
        row = table.rows[index]
        if row.whens and row.whens[0].effect.cure is Cure.RESUBMIT:
            found += _of_row(row, table, decision.situation, window)
    found += [
        Remedy(Message(text), _id(table.rows[index].clause), window.earliest, window.latest)
        for index, when in adverse
        if (text := table.rows[index].whens[when].effect.advice) is not None
    ]
    return tuple(found)


def _of_row(row: Row, table: Table, situation: Situation, window: Bounds) -> Iterator[Remedy]:
    if row.requirement is None:
        return
    for options in _cures(row.requirement, table.moment, situation):
        made = [
            Remedy(message, _id(row.clause), window.earliest, window.latest) for message in options
        ]
        first, *others = made
        yield Remedy(
            first.message, first.clause, first.earliest, first.latest, alternatives=tuple(others)
        )


WAIT = N_("ask again on or after {date}")


def _cures(condition: Condition, act: Term[datetime], situation: Situation) -> list[list[Message]]:
    """What would make a failed condition hold: all of these, each with its alternatives."""
    if condition.truth(situation) is True:
        return []
    if isinstance(condition, And):
        return [cure for part in condition.operands for cure in _cures(part, act, situation)]
    if isinstance(condition, Or):
        in_force = [part for part in condition.operands if not _ruled_out(part, situation)]
        options = [_cures(part, act, situation) for part in in_force]
        single = [messages for cures in options for messages in cures if len(cures) == 1]
        return [[message for messages in single for message in messages]] if single else []
    if isinstance(condition, Stated):
        return _cures(condition.condition, act, situation)
    if isinstance(condition, Not):
        opposite = _opposite(condition.condition)
        return [] if isinstance(opposite, Not) else _cures(opposite, act, situation)
    if not isinstance(condition, Comparison):
        return []
    condition = _turned(condition, act)
    term = condition.left.term if isinstance(condition.left, Named) else condition.left
    if _is_act(term, act):
        limit = condition.right.value(situation)
        if condition.comparator in _AFTER and isinstance(limit, date):
            return [[Message(WAIT, values={"date": _allowed(condition.comparator, limit)})]]
        return []
    threshold = condition.right.value(situation)
    if isinstance(term, Measure) and term.remedy is not None and condition.comparator in _AFTER:
        measured = term.value(situation)
        if isinstance(measured, int) and isinstance(threshold, int):
            short = threshold - measured + (condition.comparator is Comparator.GT)
            return [[term.remedy.counted(short)]]
    said_yes = condition.comparator is Comparator.EQ and threshold is True
    if isinstance(term, Fact) and term.remedy is not None and said_yes:
        return [[term.remedy.counted(1)]]
    return []


def _id(clause: Clause | None) -> str | None:
    return None if clause is None else clause.id


def _is_curable(decision: Decision) -> bool:
    return decision.effect.cure is Cure.RESUBMIT and decision.outcome in ADVERSE
