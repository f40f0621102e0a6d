"""Findings: one clause in one decision, met, unmet or unknown, with the values it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from avoir.clauses import Clause, Row
from avoir.conditions import Condition, Constant, Situation, Term, walk
from avoir.decisions import Decision
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that a clause read: its label, and the value, None where it is unknown."""

    label: str
    value: object


@dataclass(frozen=True, slots=True)
class Finding:
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
    for row, status in zip(table.rows, verdict.statuses, strict=True):
        if row.clause is None or status not in _STANDING:
            continue
        standing = _STANDING[status]
        key = (row.clause.id, standing)
        reads = tuple(_reads(row, decision.situation))
        if key in found:
            reads = tuple(dict.fromkeys((*found[key].reads, *reads)))
        found[key] = Finding(row.clause, standing, reads)
    return tuple(found.values())


def _reads(row: Row, situation: Situation) -> Iterator[Reading]:
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
                yield Reading(term.label, term.value(situation))


def compared(condition: Condition) -> Iterator[Term[Any]]:
    """The labelled terms that a condition compares."""
    for part in walk(condition):
        for term in part.terms():
            if term.label and not isinstance(term, Constant):
                yield term
