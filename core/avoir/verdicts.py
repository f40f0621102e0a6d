"""Verdicts: every row of a table given its status, down to the one that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from avoir.clauses import ADVERSE, Company, Effect, Outcome, Row, Table, When
from avoir.conditions import Condition, Situation
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


Below: TypeAlias = Callable[[int, Outcome, list[Status]], Sequence[tuple[int, int]]]
"""Finds the adverse rows below one, and goes on writing the statuses."""


class Verdict:
    """What became of a table's rows: which one decided, by which condition, with which amount.

    The rest is worked out when it is first asked for: the statuses, what is open, and which rows
    below the deciding one are adverse too, each with its condition.
    """

    __slots__ = (
        "_also",
        "_below",
        "_opened",
        "_statuses",
        "amount",
        "decided",
        "situation",
        "table",
        "when",
    )

    def __init__(
        self,
        table: Table,
        situation: Situation,
        below: Below,
        decided: int,
        when: int,
        statuses: list[Status],
        opened: list[tuple[int, int]],
        amount: Money | None,
    ) -> None:
        self.table = table
        self.situation = situation
        self.decided = decided
        self.when = when
        self.amount = amount
        self._below = below
        self._statuses = statuses
        self._opened = opened
        self._also: Sequence[tuple[int, int]] | None = None

    @property
    def effect(self) -> Effect:
        """The effect that decides."""
        return self.table.rows[self.decided].whens[self.when].effect

    @property
    def is_settled(self) -> bool:
        """Whether no unknown fact keeps anything open."""
        return not self._opened

    @property
    def above(self) -> Sequence[Status]:
        """The statuses down to the row that decides."""
        return self._statuses

    @property
    def open(self) -> tuple[Open, ...]:
        """The effects that unknown facts may still bring about."""
        return tuple(self._still_open())

    def _still_open(self) -> Iterator[Open]:
        for index, position in self._opened:
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
    def also(self) -> tuple[tuple[int, int], ...]:
        """Further adverse rows below the deciding one: row and condition."""
        return tuple(self._looked_below())

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The status of every row."""
        self._looked_below()
        return tuple(self._statuses)

    def _looked_below(self) -> Sequence[tuple[int, int]]:
        if self._also is None:
            reached = self._statuses[: self.decided + 1]
            for index, position in self._opened:
                if position == GUARD and any(possible(self.table.rows[index], self.situation)):
                    reached[index] = Status.OPEN
            rest = len(self.table.rows) - len(reached)
            self._statuses = [*reached, *([Status.NOT_REACHED] * rest)]
            effect = self.effect
            alone = effect.outcome not in ADVERSE or effect.company is Company.ALONE
            self._also = () if alone else self._below(self.decided, effect.outcome, self._statuses)
        return self._also


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
