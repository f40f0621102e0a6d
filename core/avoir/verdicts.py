"""Verdicts: every row of a table given its status, down to the one that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from avoir.clauses import (
    ADVERSE,
    FAVOURABLE,
    Clause,
    Effect,
    Outcome,
    Row,
    RowKind,
    Table,
    When,
)
from avoir.conditions import ALWAYS, Condition, Situation
from avoir.money import Money


class Status(StrEnum):
    """What became of a row. One that nobody claims and that does not hold is passed over."""

    PASSED_OVER = "passed_over"
    MET = "met"
    UNMET = "unmet"
    OPEN = "open"
    NOTED = "noted"
    NOT_REACHED = "not_reached"


GUARD: Final = -1
"""In the place of a condition: the row is open because its guard is unknown."""


class Open(msgspec.Struct, frozen=True):
    """An effect that an unknown fact may still bring about, and the facts it wants."""

    row: int
    effect: Effect
    wants: tuple[str, ...]


Cited: TypeAlias = Mapping[str, Clause]
"""Clauses by their ids, in the order in which they are cited."""


class Course(msgspec.Struct, frozen=True, eq=False):
    """One way in which a table may decide: by a row, and by one of its conditions.

    What it cites is laid out when the table is compiled: always ``cites``; ``checks`` where the
    row of that number has come to that status; only ``reasons`` where a row above has decided.
    ``asks`` says that it decides nothing before more is known, ``tells`` that it has a word on what
    is missing or what would help.
    """

    row: int
    when: int
    effect: Effect
    is_adverse: bool
    asks: bool
    tells: bool
    cites: Cited
    checks: tuple[tuple[int, Status, Clause], ...]
    reasons: Cited


def course(table: Table, row: int, when: int) -> Course:
    """How a table decides by that row and that of its conditions.

    The deciding clause comes first, then the amount's, what the effect cites, and the notes; in
    favour, the requirements met.
    """
    own, effect = table.rows[row].clause, table.rows[row].whens[when].effect
    cites = [own, effect.amount_clause, *effect.cites]
    checks: list[tuple[int, Status, Clause]] = []
    above = [(n, r, r.clause) for n, r in enumerate(table.rows[:row]) if r.clause is not None]
    for index, other, clause in above:
        if other.kind is RowKind.NOTE and other.only_if in (None, ALWAYS) and not checks:
            cites.append(clause)
        elif other.kind is RowKind.NOTE:
            checks.append((index, Status.NOTED, clause))
    if effect.outcome in FAVOURABLE:
        checks += [(n, Status.MET, c) for n, r, c in above if r.kind is RowKind.REQUIREMENT]
    return Course(
        row,
        when,
        effect,
        effect.outcome in ADVERSE,
        effect.missing is not None or effect.outcome is Outcome.NEEDS_INFORMATION,
        bool(effect.precondition or effect.advice) or effect.lacking is not None,
        _by_id(cites),
        tuple(checks),
        _by_id([own, *effect.cites]),
    )


def _by_id(clauses: Iterable[Clause | None]) -> Cited:
    return {clause.id: clause for clause in clauses if clause is not None}


class Verdict(msgspec.Struct, frozen=True, eq=False):
    """What became of a table's rows: which one decided, by which condition, with which amount.

    ``courses`` begins with the deciding one; further ones are adverse rows below it that come to
    the same. ``rows`` has the statuses of the rows down to the one numbered ``reached``, as the
    program wrote them; ``opened`` what unknown facts kept open above the deciding row; ``failed``
    the clauses of claims that do not hold.
    """

    table: Table
    situation: Situation
    courses: Sequence[Course]
    rows: Sequence[Status]
    reached: int
    opened: Sequence[tuple[int, int]]
    failed: Sequence[Clause]
    amount: Money | None

    @property
    def decided(self) -> int:
        """The number of the row that decides."""
        return self.courses[0].row

    @property
    def when(self) -> int:
        """Which of its conditions decides."""
        return self.courses[0].when

    @property
    def effect(self) -> Effect:
        """The effect that decides."""
        return self.courses[0].effect

    @property
    def also(self) -> tuple[tuple[int, int], ...]:
        """Further adverse rows below the deciding one: row and condition."""
        return tuple((course.row, course.when) for course in self.courses[1:])

    @property
    def open(self) -> tuple[Open, ...]:
        """The effects that unknown facts may still bring about."""
        return tuple(self._still_open())

    def _still_open(self) -> Iterator[Open]:
        for index, position in self.opened:
            row = self.table.rows[index]
            if position == GUARD:
                wants = _unknown(row.only_if, self.situation)
                for when in possible(row, self.situation):
                    yield Open(index, when.effect, wants)
            else:
                when = row.whens[position]
                claimed = row.claimed is None or row.claimed.truth(self.situation)
                asked = when.condition if claimed else row.claimed
                yield Open(index, when.effect, _unknown(asked, self.situation))

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The status of every row."""
        rows = self.table.rows
        found = list(self.rows)
        for index, position in self.opened:
            if position == GUARD and any(possible(rows[index], self.situation)):
                found[index] = Status.OPEN
        # what informs is looked at above the deciding row only
        for index in _notes(self.table):
            if self.decided < index < self.reached:
                found[index] = Status.NOT_REACHED
        found[self.reached :] = [Status.NOT_REACHED] * (len(rows) - self.reached)
        return tuple(found)

    def clauses(self) -> tuple[Clause, ...]:
        """The clauses to cite: the deciding one first, the reasons last, each once."""
        first = self.courses[0]
        cited = dict(first.cites)
        for row, status, clause in first.checks:
            if self.rows[row] is status:
                cited[clause.id] = clause
        if first.is_adverse:
            for course in self.courses:
                cited.update(course.reasons)
            for clause in self.failed:
                cited[clause.id] = clause
        if self.table.besides is not None:
            cited.update(_by_id(self.table.besides.value(self.situation) or ()))
        return tuple(cited.values())


@lru_cache(maxsize=1_000)
def _notes(table: Table) -> Sequence[int]:
    """The numbers of the rows that only inform."""
    return [number for number, row in enumerate(table.rows) if row.kind is RowKind.NOTE]


def possible(row: Row, situation: Situation) -> Iterator[When]:
    """The conditions of a row that may hold: down to the first that does, and none known not to.

    The unknown facts of a ground count only where the party may claim it.
    """
    claimed = True if row.claimed is None else row.claimed.truth(situation)
    for when in row.whens:
        truth = when.condition.truth(situation)
        if truth is True or (truth is None and claimed is not False):
            yield when
        if truth is True:
            return


def _unknown(condition: Condition | None, situation: Situation) -> tuple[str, ...]:
    return () if condition is None else condition.unknown(situation)
