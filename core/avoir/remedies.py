"""Remedies: what would help, read off the conditions that failed.

A shortfall comes from ``measure >= threshold`` where the measure names a remedy; the earliest and
the last moment from the comparisons of the day of the act with a date, over every requirement in
force. Whatever cannot be cured by the party yields no remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from avoir.clauses import ADVERSE, Clause, Cure, Row, RowKind, Table
from avoir.conditions import (
    INVERSE,
    And,
    Comparator,
    Comparison,
    Condition,
    Measure,
    Named,
    Not,
    Or,
    Situation,
    Stated,
    Term,
    leaves,
)
from avoir.decisions import Decision
from avoir.facts import Fact
from avoir.messages import N_, Message

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
_BEFORE = (Comparator.LE, Comparator.LT)
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
    for row in table.rows:
        if row.kind is not RowKind.REQUIREMENT or row.requirement is None:
            continue
        if row.only_if is not None and row.only_if.truth(situation) is False:
            continue
        for comparator, limit in _limits(row.requirement, act, situation):
            (lower if comparator in _AFTER else upper).append(limit)
    now = act.value(situation)
    earliest = max(lower, key=_order, default=None)
    if earliest is not None and now is not None and _order(earliest) <= _order(now):
        earliest = now if isinstance(earliest, datetime) else now.date()
    return Bounds(earliest, min(upper, key=_order, default=None))


def _order(moment: Moment) -> datetime:
    """Where a moment stands among others; a day stands at its start, in the zone of instants."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time.min)


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
        for comparator, limit in _limits(condition.condition, act, situation):
            yield INVERSE[comparator], limit
    elif isinstance(condition, Comparison) and condition.comparator in _MIRROR:
        if _is_act(condition.left, act):
            right = condition.right.value(situation)
            if isinstance(right, date):
                yield condition.comparator, right
        elif _is_act(condition.right, act):
            left = condition.left.value(situation)
            if isinstance(left, date):
                yield _MIRROR[condition.comparator], left


def _is_act(term: Term[Any], act: Term[datetime]) -> bool:
    """Whether a term is the moment of the act or its day, and nothing else."""
    while term is not act and len(term.parts()) == 1 and not isinstance(term, Measure):
        term = term.parts()[0]
    return term is act


def _ruled_out(condition: Condition, situation: Situation) -> bool:
    """Whether only parameters are read, and they say no: nothing a party could change."""
    if isinstance(condition, And):
        return any(_ruled_out(part, situation) for part in condition.operands)
    facts = any(
        isinstance(leaf, Fact) for term in condition.terms() for leaf in leaves(term)
    ) or bool(condition.conditions())
    return not facts and condition.truth(situation) is False


def remedies(decision: Decision) -> tuple[Remedy, ...]:
    """What would help, where what was refused may be asked again in time."""
    table, verdict = decision.table, decision.verdict
    if table is None or verdict is None or decision.outcome not in ADVERSE:
        return ()
    if decision.effect.cure is not Cure.RESUBMIT:
        return ()
    window = bounds(decision)
    if (
        window.earliest is not None
        and window.latest is not None
        and _order(window.earliest) > _order(window.latest)
    ):
        return ()
    found: list[Remedy] = []
    adverse = [(verdict.decided, verdict.when), *verdict.also]
    for index, when in adverse:
        row = table.rows[index]
        if row.whens[when].effect.cure is not Cure.RESUBMIT:
            continue
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
    if not isinstance(condition, Comparison):
        return []
    term = condition.left.term if isinstance(condition.left, Named) else condition.left
    if _is_act(term, act):
        limit = condition.right.value(situation)
        if condition.comparator in _AFTER and isinstance(limit, date):
            return [[Message(WAIT, values={"date": limit})]]
        return []
    threshold = condition.right.value(situation)
    if isinstance(term, Measure) and term.remedy is not None and condition.comparator in _AFTER:
        value = term.value(situation)
        if isinstance(value, int) and isinstance(threshold, int):
            short = threshold - value + (condition.comparator is Comparator.GT)
            return [[term.remedy.counted(short)]]
    if isinstance(term, Fact) and term.remedy is not None and threshold is True:
        return [[term.remedy.counted(1)]]
    return []


def _id(clause: Clause | None) -> str | None:
    return None if clause is None else clause.id


def resubmittable(decision: Decision) -> bool:
    """Whether what was refused may still be asked again."""
    if decision.outcome not in ADVERSE or decision.effect.cure is not Cure.RESUBMIT:
        return False
    window = bounds(decision)
    if window.earliest is None or window.latest is None:
        return True
    return _order(window.earliest) <= _order(window.latest)
