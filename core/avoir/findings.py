"""Findings: one clause in one decision, met, unmet or unknown, with the values it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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


Standing: TypeAlias = tuple[Status, tuple[int, ...], tuple[object, ...]]
"""What there is to tell of a clause: the status of its rows, their numbers, what they read."""


def findings(decision: Decision) -> tuple[Finding, ...]:
    """The findings of a decision, in the order of its table, each clause with all it read."""
    table = decision.table
    if table is None:
        return ()
    return tuple(finding(table, *standing) for standing in standings(decision))


def standings(decision: Decision) -> Sequence[Standing]:
    """How clauses stand in a decision, in the order of its table."""
    table, verdict = decision.table, decision.verdict
    if table is None or verdict is None:
        return ()
    found: list[Standing] = []
    repeated, places = _repeated(table), dict[tuple[str, FindingStatus], int]()
    statuses = verdict.statuses
    for row, values in readings(table, decision.situation, statuses):
        status = statuses[row]
        if row in repeated:
            place = places.setdefault((repeated[row], STANDING[status]), len(found))
            if place < len(found):
                first, rows, before = found[place]
                found[place] = first, (*rows, row), (*before, *values)
                continue
        found.append((status, (row,), values))
    return found


def finding(table: Table, status: Status, rows: Sequence[int], values: Sequence[object]) -> Finding:
    """One finding, of rows of a clause that stand alike, and the values that they read."""
    clauses = _clauses(table)
    labels = [label for row in rows for label in clauses[row][1]]
    reads = tuple(map(Reading, labels, values))
    if len(rows) > 1:
        reads = tuple(dict.fromkeys(reads))
    return Finding(clauses[rows[0]][0], STANDING[status], reads)


@lru_cache(maxsize=1_000)
def _clauses(table: Table) -> Mapping[int, tuple[Clause, Sequence[str]]]:
    """The clauses of the rows of a table, by their numbers, with the labels of what they read."""
    return {
        index: (row.clause, [term.label for term in read_by(row)])
        for index, row in enumerate(table.rows)
        if row.clause is not None
    }


@lru_cache(maxsize=1_000)
def _repeated(table: Table) -> Mapping[int, str]:
    """The rows that share their clause with others, by their numbers, with its id."""
    ids = {index: clause.id for index, (clause, _) in _clauses(table).items()}
    times = Counter(ids.values())
    return {index: clause for index, clause in ids.items() if times[clause] > 1}
