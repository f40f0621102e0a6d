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
from typing import Final, TypeAlias

import msgspec
from bson.objectid import ObjectId

from avoir.money import Money
from avoir.policies import Edition, Policy
from avoir.rulings import RULING
from avoir_gateway import store
from avoir_gateway.administration.retelling import Ending, facts_of, is_kept, told
from avoir_gateway.matters import Case
from avoir_gateway.service.preparing import related_names

BATCH: Final = 20
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


class Side(msgspec.Struct, frozen=True):
    """How an act ended, without what it moved: its outcome, by which clause, in which state."""

    outcome: str
    clause: str | None
    state: str | None


class Shift(msgspec.Struct, frozen=True):
    """One ending in the place of another."""

    before: Side
    after: Side


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
    unkept: int = 0
    unrepeated: int = 0
    listed: list[Otherwise] = field(default_factory=list)
    counts: dict[Shift, int] = field(default_factory=dict)
    moved: dict[Shift, dict[str, Moved]] = field(default_factory=dict)
    totals: dict[str, Moved] = field(default_factory=dict)

    def add(self, found: Otherwise) -> None:
        """Take in a case that would have gone another way."""
        self.otherwise += 1
        if len(self.listed) < LISTED:
            self.listed.append(found)
        shift = Shift(side(found.before), side(found.after))
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


def side(ending: Ending) -> Side:
    """An ending without what it moved."""
    return Side(ending.outcome, ending.clause, ending.state)


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
    tenant, policy = subject.tenant.id, subject.policy.key
    stop_at = None if bounds is None else time.monotonic() + bounds.seconds
    of = await past.count(tenant, policy, subject.since)
    wanted = of if bounds is None else min(of, bounds.cases)
    sums = _Sums()
    after: store.Position | None = None
    in_time = True
    while in_time and sums.looked < wanted:
        first = min(BATCH, wanted - sums.looked)
        batch = await past.opened(tenant, policy, subject.since, after=after, first=first)
        if not batch:
            break
        after = batch[-1]
        histories = await _histories(past, subject, batch)
        for position in batch:
            in_time = stop_at is None or time.monotonic() < stop_at
            if not in_time:
                break
            if position.case in histories:
                await _look(histories[position.case], subject, pinned, sums)
            sums.looked += 1
            sums.reached = position.at
            if progress is not None:
                progress(sums.looked, of)
            await asyncio.sleep(0)
    return Trial(
        edition=subject.edition,
        since=subject.since,
        # what the lists lost in between is no case that is still to be looked at
        of=of if sums.looked >= wanted or not in_time else sums.looked,
        looked=sums.looked,
        reached=sums.reached,
        otherwise=sums.otherwise,
        shifts=sums.shifts(),
        totals=tuple(sums.totals.values()),
        cases=tuple(sums.listed),
        unkept=sums.unkept,
        unrepeated=sums.unrepeated,
    )


class History(msgspec.Struct, frozen=True, eq=False):
    """A case with the records of others that its acts may rest on.

    ``names`` are those by which each act finds them, ``carrying`` the records by their names.
    """

    records: Sequence[store.Placed]
    names: Sequence[Sequence[str]]
    carrying: Mapping[str, Sequence[store.Placed]]


async def _histories(
    past: store.Past, subject: Subject, batch: Sequence[store.Position]
) -> dict[str, History]:
    """The histories of several cases, and what they rest on, read together."""
    found = await past.histories(subject.tenant.id, [position.case for position in batch])
    names: dict[str, Sequence[Sequence[str]]] = {}
    for case, records in found.items():
        names[case] = [_names(subject, records, number) for number in range(len(records))]
        await asyncio.sleep(0)
    wanted = {name for of_case in names.values() for of_act in of_case for name in of_act}
    carrying = await past.carrying(subject.tenant.id, sorted(wanted))
    return {case: History(records, names[case], carrying) for case, records in found.items()}


def _names(subject: Subject, records: Sequence[store.Placed], number: int) -> Sequence[str]:
    """The identities by which an act of a case finds records of others."""
    record = records[number].record
    action = subject.policy.lifecycle.action(record.action)
    if action is None:
        return ()
    zone = subject.tenant.time_zone
    return related_names(subject.policy, action, _before(records, number), facts_of(record), zone)


def _before(records: Sequence[store.Placed], number: int) -> Case | None:
    """The case as it stood before one of its acts."""
    return Case(tuple(one.record for one in records[:number])) if number else None


async def _look(history: History, subject: Subject, pinned: Pinned, sums: _Sums) -> None:
    """Decide the acts of a case again, up to the first that comes to something else."""
    records = history.records
    for number, placed in enumerate(records):
        record = placed.record
        if record.action == RULING:
            continue
        if not is_kept(record):
            sums.unkept += 1
            continue
        others = _others(history, subject, number)
        before = _before(records, number)
        act = told(subject.policy, record, before, others, subject.tenant.time_zone)
        if act is None:
            sums.unrepeated += 1
            continue
        was, would_be = act.came_to(), act.comes_to(subject.edition)
        if was == would_be:
            continue
        own = await pinned(Case((records[0].record,)))
        if act.comes_to(own) != was:
            sums.unrepeated += 1
            continue
        sums.add(
            Otherwise(
                case=record.case,
                action=record.action,
                revision=record.revision,
                at=record.at,
                before=was,
                after=would_be,
            )
        )
        return


def _others(history: History, subject: Subject, number: int) -> list[store.Record]:
    """The records of other cases that an act rested on: those that were there before it."""
    placed = history.records[number]
    rank = _by_writing if subject.tenant.kind is store.TenantKind.TEST else _by_moment
    mine = rank(placed)
    found: dict[ObjectId, store.Record] = {}
    for name in history.names[number]:
        for one in history.carrying.get(name, ()):
            if one.record.case != placed.record.case and rank(one) < mine:
                found[one.id] = one.record
    return list(found.values())


def _by_moment(placed: store.Placed) -> tuple[datetime, ObjectId]:
    return placed.record.at, placed.id


def _by_writing(placed: store.Placed) -> tuple[datetime, ObjectId]:
    # a clock that is set may stand still, and go back
    return placed.id.generation_time, placed.id
