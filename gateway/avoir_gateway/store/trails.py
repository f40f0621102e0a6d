"""Trails: what was recorded for a tenant, the latest first, or all of it from the beginning on.

The order is that of the chain, in which records came to be known; what no block holds yet comes
last. The journal needs no index of its own for this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final, TypeAlias, cast

import msgspec
from bson.objectid import ObjectId

from .connection import Database, Patience, durable
from .documents import Document, exactly, plain
from .elements import as_bytes, values_of
from .errors import MarkLost, saying
from .laws import JOURNAL
from .recorded import PAGE, Recordings
from .seals import Head, Place, Seals, Source

FARTHEST: Final = 10_000
"""Records that are looked at for one page: what is rare takes several pages to be found."""


class TrailFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which records of a tenant: what is None does not matter; `until` is not among them."""

    source: Source | None = None
    case: str | None = None
    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class TrailEntry(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A record of the trail with its values; block and digest are None before it is sealed."""

    source: Source
    record: ObjectId
    values: Document
    block: int | None = None
    digest: str | None = None


class TrailPage(msgspec.Struct, frozen=True, eq=False):
    """Records, the latest first; whether there may be more, and behind which one to look on."""

    rows: tuple[TrailEntry, ...]
    more: bool
    last: ObjectId | None


class Unplaced(msgspec.Struct, frozen=True):
    """A record of the chain, or one that no block holds yet, before it is read."""

    source: Source
    record: ObjectId
    block: int | None = None
    digest: str | None = None


Revision: TypeAlias = tuple[str, int]


class Trails:
    """Reads the trails of tenants, at majority and from the primary."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        patience = patience or Patience()
        self._seals = Seals(database, patience)
        self._recordings = Recordings(database, patience)
        self._journal = durable(database, JOURNAL, patience)
        self._administration = durable(database, Source.ADMINISTRATION.value, patience)

    async def head(self, tenant: str) -> Head | None:
        """The last block of the tenant's chain."""
        return await self._seals.head(tenant)

    async def page(
        self, tenant: str, which: TrailFilter, after: ObjectId | None = None, first: int = 20
    ) -> TrailPage | None:
        """Records behind one of them, the latest first; None where that one is not the tenant's."""
        sequence = (
            self._from(tenant, after)
            if which.case is None
            else self._of_case(tenant, which.case, after)
        )
        where = _where(tenant, which)
        # where all are wanted no more are read than are shown
        size = PAGE if len(where) > 1 else first + 1
        rows: list[TrailEntry] = []
        seen, last = 0, None
        async with aclosing(sequence) as parts:
            async for part in parts:
                if part is None:
                    return None
                wanted = [one for one in part if which.source in (None, one.source)]
                for begin in range(0, len(wanted), size):
                    rows += await self._read(wanted[begin : begin + size], where)
                    if len(rows) > first:
                        return TrailPage(tuple(rows[:first]), True, rows[first - 1].record)
                if part:
                    seen, last = seen + len(part), part[-1].record
                if seen >= FARTHEST:
                    return TrailPage(tuple(rows), True, last)
        return TrailPage(tuple(rows), False, last)

    async def every(self, tenant: str) -> AsyncIterator[TrailEntry]:
        """All records of a tenant from the first on; one that is gone has no values."""
        where = exactly(tenant=tenant)
        async for block in self._seals.up(tenant):
            part = [Unplaced(o.source, o.record, block.number, o.digest) for o in block.entries]
            entries = {entry.record: entry for entry in await self._read(part, where)}
            for one in part:
                yield entries.get(one.record) or TrailEntry(
                    source=one.source,
                    record=one.record,
                    values={},
                    block=one.block,
                    digest=one.digest,
                )
        async for source, ids in self._recordings.ids(tenant):
            records = [one for one in ids if isinstance(one, ObjectId)]
            sealed = await self._seals.sealed(tenant, records)
            loose = [Unplaced(source, one) for one in records if one not in sealed]
            for entry in await self._read(loose, where):
                yield entry

    async def revisions(
        self, tenant: str, wanted: Iterable[Revision]
    ) -> Mapping[Revision, Document]:
        """The records of cases by case and revision."""
        asked = [exactly(case=case, revision=revision) for case, revision in set(wanted)]
        found: dict[Revision, Document] = {}
        if not asked:
            return found
        with saying("reading revisions of cases"):
            async for one in as_bytes(self._journal).find(exactly(tenant=tenant) | {"$or": asked}):
                values = cast(Document, plain(values_of(bytes(one.raw))))
                found[str(values["case"]), cast(int, values["revision"])] = values
        return found

    async def _from(
        self, tenant: str, after: ObjectId | None
    ) -> AsyncGenerator[Sequence[Unplaced] | None, None]:
        """Behind a record, in parts; None where there is no such record."""
        place = None
        if after is not None:
            place = (await self._seals.places(tenant, [after])).get(after)
        shown: set[ObjectId] = set()
        if place is None:
            pending = await self._pending(tenant)
            shown = {one.record for one in pending}
            if after is not None:
                if after not in shown:
                    yield None
                    return
                at = next(n for n, one in enumerate(pending) if one.record == after)
                pending = pending[at + 1 :]
            yield pending
        async for block in self._seals.down(tenant, None if place is None else place.number):
            entries = block.entries
            if place is not None and block.number == place.number:
                entries = entries[: place.entry]
            yield [
                Unplaced(one.source, one.record, block.number, one.digest)
                for one in reversed(entries)
                if one.record not in shown
            ]

    async def _of_case(
        self, tenant: str, case: str, after: ObjectId | None
    ) -> AsyncGenerator[Sequence[Unplaced] | None, None]:
        """The records of a case, and the changes that were made about it."""
        decided = exactly(tenant=tenant, case=case)
        changed = exactly(tenant=tenant, subject=f"review:{case}")
        with saying("reading the trail of a case"):
            found = [
                Unplaced(Source.JOURNAL, cast(ObjectId, one["_id"]))
                async for one in self._journal.find(decided, {"_id": True})
            ]
            found += [
                Unplaced(Source.ADMINISTRATION, cast(ObjectId, one["_id"]))
                async for one in self._administration.find(changed, {"_id": True})
            ]
        places = await self._seals.places(tenant, [one.record for one in found])
        found.sort(key=lambda one: _order(places.get(one.record), one.record), reverse=True)
        if after is not None:
            behind = [number for number, one in enumerate(found, 1) if one.record == after]
            if not behind:
                yield None
                return
            found = found[behind[0] :]
        for begin in range(0, len(found), PAGE):
            yield [
                msgspec.structs.replace(one, block=place.number) if place else one
                for one in found[begin : begin + PAGE]
                for place in (places.get(one.record),)
            ]

    async def _pending(self, tenant: str) -> list[Unplaced]:
        """What no block holds yet, the latest first, as far as the feed still tells."""
        mark = await self._recordings.mark()
        if mark is None:
            return []
        try:
            coming = await self._recordings.pending(tenant, mark)
        except MarkLost:
            return []
        found: list[Unplaced] = []
        for begin in range(0, len(coming), PAGE):
            page = coming[begin : begin + PAGE]
            sealed = await self._seals.sealed(tenant, [record for _, record in page])
            found += [Unplaced(source, one) for source, one in page if one not in sealed]
        return found[::-1]

    async def _read(self, part: Sequence[Unplaced], where: Document) -> list[TrailEntry]:
        """Those records that are there and that the filter lets through, in the same order."""
        ids: dict[Source, list[ObjectId]] = defaultdict(list)
        for one in part:
            ids[one.source].append(one.record)
        found = await self._recordings.named(ids, where)
        return [
            TrailEntry(
                source=one.source,
                record=one.record,
                values=cast(Document, plain(values_of(found[one.record].data))),
                block=one.block,
                digest=one.digest,
            )
            for one in part
            if one.record in found
        ]


def _where(tenant: str, which: TrailFilter) -> Document:
    asked: Document = {"actor.id": which.actor, "action": which.action}
    where = exactly(tenant=tenant) | {
        name: {"$eq": value} for name, value in asked.items() if value is not None
    }
    span = {"$gte": which.since, "$lt": which.until}
    limits = {name: value for name, value in span.items() if value is not None}
    return where | ({"at": limits} if limits else {})


def _order(place: Place | None, record: ObjectId) -> tuple[bool, int, int, ObjectId]:
    """By the place in the chain; what has none is later than all that has one."""
    if place is None:
        return True, 0, 0, record
    return False, place.number, place.entry, record
