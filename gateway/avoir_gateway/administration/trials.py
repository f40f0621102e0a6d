"""Trials: which cases would have ended otherwise under other values of the parameters.

Every act of a case is decided again from what its record knew, up to the first that comes to
something else; what followed in fact is not played on, since it would have followed from that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from avoir.money import Money
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.administration.retelling import Ending, Told, is_told_again, told
from avoir_gateway.matters import Case
from avoir_gateway.service.preparing import names_of_related

BATCH: Final = 50
"""Cases that are read together."""
LISTED: Final = 100
"""Cases that are named one by one; those behind them are counted."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many cases were looked at, and of how many."""

Pinned: TypeAlias = Callable[[Case], Awaitable[Edition]]
"""Finds the edition that a case has kept since it was founded."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far a trial may go: so many cases, and so many seconds."""

    cases: int
    seconds: float


class Otherwise(msgspec.Struct, frozen=True, kw_only=True):
    """A case that would have gone another way, at the act where it parts: before is what came."""

    case: str
    action: str
    revision: int
    at: datetime
    before: Ending
    after: Ending


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What decided, and what would decide: an outcome by a clause in the place of another."""

    outcome_before: str
    clause_before: str | None
    outcome_after: str
    clause_after: str | None


class Moved(msgspec.Struct, frozen=True):
    """What goes from the house to parties in a unit, as it was and as it would be."""

    before: Money
    after: Money

    @property
    def change(self) -> Money:
        """How much more would go to them."""
        return self.after - self.before


class ShiftSum(msgspec.Struct, frozen=True):
    """How many cases shift in one way, and what they move in each unit."""

    shift: Shift
    count: int
    moved: tuple[Moved, ...]


class Left(StrEnum):
    """Why an act was left as it was."""

    UNKEPT = "unkept"
    UNREPEATED = "unrepeated"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial found among the cases opened since a moment.

    ``reached`` is when the last case that was looked at was opened: where ``looked`` is less than
    ``of``, the trial was stopped there. ``unkept`` are acts that changed nothing then, of which
    the records do not keep what was stated; ``unrepeated`` those that even the values they were
    decided by do not come to again.
    """

    edition: Edition
    since: datetime
    of: int
    looked: int
    reached: datetime | None
    otherwise: int
    shifts: tuple[ShiftSum, ...]
    totals: tuple[Moved, ...]
    cases: tuple[Otherwise, ...]
    unkept: int
    unrepeated: int

    @property
    def is_complete(self) -> bool:
        """Whether every case was looked at."""
        return self.looked >= self.of


@dataclass(slots=True)
class _Sums:
    """Adds up what is found."""

    looked: int = 0
    otherwise: int = 0
    reached: datetime | None = None
    left: dict[Left, int] = field(default_factory=lambda: dict.fromkeys(Left, 0))
    listed: list[Otherwise] = field(default_factory=list)
    counts: dict[Shift, int] = field(default_factory=dict)
    moved: dict[Shift, dict[str, Moved]] = field(default_factory=dict)
    totals: dict[str, Moved] = field(default_factory=dict)

    def add(self, found: Otherwise) -> None:
        """Take in a case that would have gone another way."""
        self.otherwise += 1
        if len(self.listed) < LISTED:
            self.listed.append(found)
        shift = Shift(
            outcome_before=found.before.outcome,
            clause_before=found.before.clause,
            outcome_after=found.after.outcome,
            clause_after=found.after.clause,
        )
        self.counts[shift] = self.counts.get(shift, 0) + 1
        of_shift = self.moved.setdefault(shift, {})
        for moved in _moved(found):
            unit = moved.before.unit.code
            for sums in (of_shift, self.totals):
                known = sums.get(unit)
                sums[unit] = moved if known is None else _sum(known, moved)

    def shifts(self) -> tuple[ShiftSum, ...]:
        """The shifts, the most frequent first."""
        ranked = sorted(self.counts.items(), key=lambda one: (-one[1], repr(one[0])))
        return tuple(
            ShiftSum(shift, count, tuple(self.moved[shift].values())) for shift, count in ranked
        )


def _moved(found: Otherwise) -> Iterable[Moved]:
    """What a case moves in each unit, before and after."""
    before, after = found.before.moved, found.after.moved
    for unit in {one.unit for one in (before, after) if one is not None}:
        nothing = Money(0, unit)
        yield Moved(
            before if before is not None and before.unit == unit else nothing,
            after if after is not None and after.unit == unit else nothing,
        )


def _sum(one: Moved, other: Moved) -> Moved:
    return Moved(one.before + other.before, one.after + other.after)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tried, and on whose cases: an edition that is not saved, from a moment on."""

    tenant: store.Tenant
    edition: Edition
    since: datetime

    @property
    def policy(self) -> Policy:
        """The policy of the edition."""
        return self.edition.policy


async def tried(
    past: store.Past,
    subject: Subject,
    pinned: Pinned,
    *,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Try an edition on the cases opened since a moment, the latest first; nothing is written.

    It gives way to others after every case. Raises what the store raises.
    """
    tenant, policy = subject.tenant, subject.policy
    give_up_at = None if bounds is None else time.monotonic() + bounds.seconds
    most = None if bounds is None else bounds.cases
    of = await past.count(tenant.id, policy.key, subject.since)
    sums = _Sums()
    after: store.Position | None = None
    while True:
        first = BATCH if most is None else min(BATCH, most - sums.looked)
        cases = [] if first < 1 else await past.opened(
            tenant.id, policy.key, subject.since, after=after, first=first
        )
        for case, told_again in await _retold(past, subject, cases):
            if give_up_at is not None and time.monotonic() > give_up_at:
                most = sums.looked
                break
            await _compare(subject, pinned, told_again, sums)
            sums.looked += 1
            sums.reached = case.at
            if progress is not None:
                progress(sums.looked, max(of, sums.looked))
            await asyncio.sleep(0)
        if len(cases) < first or first < 1 or most == sums.looked:
            break
        after = cases[-1]
    return Trial(
        edition=subject.edition,
        since=subject.since,
        of=max(of, sums.looked),
        looked=sums.looked,
        reached=sums.reached,
        otherwise=sums.otherwise,
        shifts=sums.shifts(),
        totals=tuple(sums.totals.values()),
        cases=tuple(sums.listed),
        unkept=sums.left[Left.UNKEPT],
        unrepeated=sums.left[Left.UNREPEATED],
    )
