"""Findings: one clause in one decision, met, unmet or unknown, with the values it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from avoir.clauses import Clause, Table
from avoir.compiler import read_by
from avoir.decisions import Decision
from avoir.programs import readings
from avoir.verdicts import Status


class FindingStatus(StrEnum):
    """How a clause stands in a decision."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


STANDING: Final[Mapping[Status, FindingStatus]] = {
    Status.MET: FindingStatus.MET,
    Status.NOTED: FindingStatus.MET,
    Status.UNMET: FindingStatus.UNMET,
    Status.OPEN: FindingStatus.UNKNOWN,
}
"""How a clause stands by the status of its row; where it has another one, it is no finding."""


class Reading(msgspec.Struct, frozen=True):
    """A value that a clause read: its label, and the value, None where it is unknown."""

    label: str
    value: object


class Finding(msgspec.Struct, frozen=True):
    """One clause in one decision."""

    clause: Clause
    status: FindingStatus
    reads: tuple[Reading, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """How a clause stands by some rows of a table, and the labels of what they read."""

    clause: Clause
    status: FindingStatus
    labels: tuple[str, ...]
    group: int | None = None
    """The number of those that make one finding together; None where it is alone."""
    is_together: bool = False


Stood: TypeAlias = tuple[Standing, tuple[object, ...]]
"""How a clause stands in a decision, and the values that were read."""


def findings(decision: Decision) -> tuple[Finding, ...]:
    """The findings of a decision, in the order of its table, each clause with all it read."""
    return tuple(finding(standing, values) for standing, values in standings(decision))


def standings(decision: Decision) -> Sequence[Stood]:
    """How clauses stand in a decision, in the order of its table."""
    table, verdict = decision.table, decision.verdict
    if table is None or verdict is None:
        return ()
    found: list[Stood] = []
    possible, statuses = _possible(table), verdict.statuses
    places: dict[int, int] = {}
    for row, values in readings(table, decision.situation, statuses):
        standing = possible[statuses[row]][row]
        if standing.group is not None:
            place = places.setdefault(standing.group, len(found))
            if place < len(found):
                first, before = found[place]
                found[place] = _together(first, standing), (*before, *values)
                continue
        found.append((standing, values))
    return found


def finding(standing: Standing, values: Sequence[object]) -> Finding:
    """One finding: how a clause stands, and the values that were read."""
    reads = tuple(map(Reading, standing.labels, values))
    if standing.is_together:
        reads = tuple(dict.fromkeys(reads))
    return Finding(standing.clause, standing.status, reads)


@lru_cache(maxsize=1_000)
def _possible(table: Table) -> Mapping[Status, Mapping[int, Standing]]:
    """How the clauses of a table may stand, by the statuses of their rows and their numbers."""
    times = Counter(row.clause.id for row in table.rows if row.clause is not None)
    groups: dict[tuple[str, FindingStatus], int] = {}
    found: dict[Status, dict[int, Standing]] = {status: {} for status in STANDING}
    for number, row in enumerate(table.rows):
        if row.clause is None:
            continue
        labels = tuple(term.label for term in read_by(row))
        for status, stands in STANDING.items():
            key = (row.clause.id, stands)
            group = groups.setdefault(key, len(groups)) if times[row.clause.id] > 1 else None
            found[status][number] = Standing(row.clause, stands, labels, group)
    return found


@lru_cache(maxsize=10_000)
def _together(one: Standing, other: Standing) -> Standing:
    """How a clause stands by the rows of both."""
    labels = (*one.labels, *other.labels)
    return Standing(one.clause, one.status, labels, one.group, is_together=True)
