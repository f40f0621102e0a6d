"""Findings: one clause in one decision, met, unmet or unknown, with the values it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from avoir.clauses import Clause, Row, Table
from avoir.conditions import Condition, Constant, Situation, Term, walk
from avoir.decisions import Decision
from avoir.programs import finder
from avoir.verdicts import Status


class FindingStatus(StrEnum):
    """How a clause stands in a decision."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


_STANDING: Final[Mapping[Status, FindingStatus]] = {
    Status.MET: FindingStatus.MET,
    Status.NOTED: FindingStatus.MET,
    Status.UNMET: FindingStatus.UNMET,
    Status.OPEN: FindingStatus.UNKNOWN,
}


class Reading(msgspec.Struct, frozen=True):
    """A value that a clause read: its label, and the value, None where it is unknown."""

    label: str
    value: object


class Finding(msgspec.Struct, frozen=True):
    """One clause in one decision."""

    clause: Clause
    status: FindingStatus
    reads: tuple[Reading, ...]


def findings(decision: Decision) -> tuple[Finding, ...]:
    """The findings of a decision, in the order of its table, each clause with all it read."""
    table, verdict = decision.table, decision.verdict
    if table is None or verdict is None:
        return ()
    found: dict[tuple[str, FindingStatus], Finding] = {}
    values: dict[int, object] = {}
    for (clause, reads), status in zip(_read_by(table), verdict.statuses, strict=True):
        standing = _STANDING.get(status)
        if clause is None or standing is None:
            continue
        readings: list[Reading] = []
        for label, term, find in reads:
            if term not in values:
                values[term] = find(decision.situation)
            readings.append(Reading(label, values[term]))
        key = (clause.id, standing)
        if key in found:
            readings = list(dict.fromkeys((*found[key].reads, *readings)))
        found[key] = Finding(clause, standing, tuple(readings))
    return tuple(found.values())


_Reads: TypeAlias = tuple[tuple[str, int, Callable[[Situation], object]], ...]
"""What a row reads: labels, which term it is, and what finds its value."""


@lru_cache(maxsize=1_000)
def _read_by(table: Table) -> Sequence[tuple[Clause | None, _Reads]]:
    """What each row of a table reads, a label once."""
    return [(row.clause, tuple(_reads(row))) for row in table.rows]


def _reads(row: Row) -> Iterator[tuple[str, int, Callable[[Situation], object]]]:
    conditions = (
        [row.requirement] if row.requirement is not None else [w.condition for w in row.whens]
    )
    if row.only_if is not None:
        conditions.append(row.only_if)
    seen: set[str] = set()
    for condition in conditions:
        for term in compared(condition):
            if term.label not in seen:
                seen.add(term.label)
                yield term.label, id(term), finder(term)


def compared(condition: Condition) -> Iterator[Term[Any]]:
    """The labelled terms that a condition compares."""
    for part in walk(condition):
        for term in part.terms():
            if term.label and not isinstance(term, Constant):
                yield term
