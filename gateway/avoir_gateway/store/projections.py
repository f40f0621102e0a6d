"""Keeps the lists and the figures in step with the journal; makes them again from it at will.

The lists fall behind where a process ends between a record and what follows from it. Counts
would show that only by walking whole collections, so a mark in the journal's feed is kept: what
was written after it is applied again at the next start, and a mark that is lost means a rebuild.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, cast

import msgspec
from bson.errors import InvalidId
from bson.objectid import ObjectId
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from .changes import Change, account_changes, case_changes, update
from .connection import Collection, Database, Patience, durable, hinted
from .documents import Document, exactly
from .errors import MarkLost, StoreRefused, StoreUnavailable, saying
from .feed import MARKS, Feed, Mark
from .figures import FIGURES, figures_of, uncounted
from .journal import Journal
from .layouts import NAME, Layout, fields, lay
from .listings import ACCOUNTS, CASES
from .records import Record
from .waiting import Acts, Waits, waiting

DUPLICATE = 11000
LISTS = (ACCOUNTS, FIGURES, CASES)
"""In the order in which they are written: a case that is up to date says that the others are."""
READER = "+".join((*(layout.name for layout in LISTS), "waiting"))
"""A mark speaks for these lists, and for what cases wait for: one of before there was another
means a rebuild."""
BATCH = 500
REBUILDING = "rebuilding_"
ABANDONED = timedelta(hours=1)
"""The age at which the collections of a rebuild that never ended are dropped."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many records are done, and of how many."""

_MARK_LAYOUT = Layout(
    name=MARKS,
    validator={
        "$jsonSchema": fields(
            {
                "_id": NAME,
                "token": {
                    "bsonType": "object",
                    "required": ["_data"],
                    "properties": {"_data": NAME},
                },
            }
        )
    },
    indexes=(),
)


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """How far the lists are behind: by so many records, or so far that only a rebuild helps."""

    records: int = 0
    rebuild: bool = False

    def __bool__(self) -> bool:
        """Whether they are behind at all."""
        return self.rebuild or self.records > 0


class _Targets(msgspec.Struct, frozen=True):
    """The collections that are written to: those in use, or those of a rebuild."""

    accounts: Collection
    figures: Collection
    cases: Collection


class Projections:
    """Writes the lists of cases and accounts, and the figures, from acknowledged records."""

    takes_in_after = 10_000
    """Records after which a rebuild reads the feed: what it writes itself drives the feed out of
    the store, which keeps so much of it and no more."""

    def __init__(
        self, database: Database, journal: Journal, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._journal = journal
        self._feed = Feed(database, self._patience)
        self._lists = _Targets(*(hinted(database, layout.name) for layout in LISTS))
        self._acts = Acts(database, self._patience)
        self._waits: Waits | None = None

    def tell(self, waits: Waits) -> None:
        """Know from now on what cases wait for; until then they wait for nobody."""
        self._waits = waits

    async def ensure(self) -> None:
        """Make the collections with their validators and indexes, or bring them up to date."""
        for layout in (*LISTS, _MARK_LAYOUT):
            await lay(self._database, layout, self._patience)

    async def apply(self, records: Sequence[Record]) -> None:
        """Bring acknowledged records into the lists; older ones than those there change nothing.

        The records stand in the journal whatever comes of this: where it raises, `catch_up`
        mends.
        """
        await self._write(records, self._lists)

    async def behind(self) -> Lag:
        """How far the lists are behind, by the records written since the mark."""
        mark = await self._mark()
        if mark is None:
            return Lag(rebuild=not await self._journal.is_empty())
        missing = 0
        try:
            async for records, _ in self._feed.since(mark):
                missing += await self._missing(records)
        except MarkLost:
            return Lag(rebuild=True)
        return Lag(records=missing)

    async def catch_up(self, progress: Progress | None = None) -> int:
        """Apply what was written since the mark and move the mark; rebuild if it is lost.

        Returns how many records were looked at.
        """
        mark = await self._mark()
        if mark is None:
            return await self.rebuild(progress)
        try:
            return await self._follow(mark)
        except MarkLost:
            return await self.rebuild(progress)

    async def following(self) -> AsyncIterator[tuple[Record, Mark]]:
        """What is written from the mark on, each record with the place behind it.

        Raises `MarkLost`.
        """
        mark = await self._mark()
        if mark is None:
            raise MarkLost("there is no mark to follow from")
        async for record, here in self._feed.following(mark):
            yield record, here

    async def mend(self, records: Sequence[Record], mark: Mark) -> None:
        """Bring what the lists miss of these records into them, and move the mark behind them."""
        if await self._missing(records):
            await self._write(records, self._durable())
        await self._feed.store(READER, mark)

    async def rebuild(self, progress: Progress | None = None) -> int:
        """Make the lists again from the journal; the old ones serve until the new are complete.

        Returns the number of records read.
        """
        await self._drop_abandoned()
        # What is written from here on comes in by the feed, whichever list it was applied to.
        mark = await self._feed.present()
        total = await self._journal.count()
        made = f"{REBUILDING}{ObjectId()}_"
        for layout in LISTS:
            fresh = msgspec.structs.replace(layout, name=made + layout.name)
            await lay(self._database, fresh, self._patience)
        new = self._durable(made)
        done = taken_in = 0
        async for records in self._journal.every(BATCH):
            await self._write(records, new)
            done += len(records)
            if done - taken_in >= self.takes_in_after:
                async for here, _ in self._take_in(mark, new):
                    mark, taken_in = here, done
            if progress is not None:
                progress(done, max(done, total))
        await self._feed.store(READER, mark)
        with saying("putting rebuilt lists in place"):
            await new.accounts.rename(ACCOUNTS.name, dropTarget=True)
            await new.figures.rename(FIGURES.name, dropTarget=True)
            await new.cases.rename(CASES.name, dropTarget=True)
        await self._follow(mark)
        return done

    async def _mark(self) -> Mark | None:
        """The mark, unless the lists are gone."""
        empty = False
        for one in (self._lists.cases, self._lists.figures):
            with saying("reading the lists"):
                empty = empty or await one.find_one({}, {"_id": True}) is None
        if empty and not await self._journal.is_empty():
            return None
        return await self._feed.stored(READER)

    async def _follow(self, mark: Mark) -> int:
        # The mark says that this is done, so it has to be done for a majority before the mark is.
        seen = 0
        async for here, count in self._take_in(mark, self._durable()):
            await self._feed.store(READER, here)
            seen += count
        return seen

    async def _take_in(self, mark: Mark, to: _Targets) -> AsyncIterator[tuple[Mark, int]]:
        """Write what the feed has after a mark; each time the place behind it, and how much."""
        async for records, here in self._feed.since(mark):
            await self._write(records, to)
            yield here, len(records)

    async def _missing(self, records: Sequence[Record]) -> int:
        """How many of these the lists do not show."""
        missing = 0
        bare = await uncounted(records, self._lists.figures)
        for tenant in {record.tenant for record in records}:
            of_tenant = [record for record in records if record.tenant == tenant]
            cases = {record.case for record in of_tenant}
            accounts = {entry.account for record in of_tenant for entry in record.entries}
            revisions = await _numbers(self._lists.cases, tenant, "case", cases, "revision")
            seqs = await _numbers(self._lists.accounts, tenant, "account", accounts, "seq")
            missing += sum(
                revisions.get(record.case, 0) < record.revision
                or (tenant, record.case, record.revision) in bare
                or any(seqs.get(entry.account, 0) < entry.seq for entry in record.entries)
                for record in of_tenant
            )
        return missing

    async def _write(self, records: Sequence[Record], to: _Targets) -> None:
        await asyncio.gather(
            _upsert(to.accounts, account_changes(records)), self._count(records, to.figures)
        )
        waits = self._waits
        waited = {} if waits is None else await waiting(records, waits, self._acts)
        changes = case_changes(records, waited)
        created = await _upsert(to.cases, changes)
        for change in (changes[number] for number in created):
            if change.founded_at is None:
                await self._mend_opening(to.cases, change)

    async def _count(self, records: Sequence[Record], figures: Collection) -> None:
        """Write the figures of records; one that is there already says the same."""
        made = await figures_of(records, figures, self._journal)
        if made:
            await _bulk(figures, [InsertOne(one) for one in made])

    async def _mend_opening(self, cases: Collection, change: Change) -> None:
        """A later record came into the list before the one that opened the case."""
        tenant, case = str(change.identity["tenant"]), str(change.identity["case"])
        founding = await self._journal.at_revision(tenant, case, 1)
        if founding is not None:
            with saying("writing a list"):
                await cases.update_one(
                    exactly(tenant=tenant, case=case), {"$set": {"opened_at": founding.at}}
                )

    async def _drop_abandoned(self) -> None:
        with saying("dropping an abandoned rebuild"):
            for name in await self._database.list_collection_names():
                if name.startswith(REBUILDING) and _is_abandoned(name):
                    await self._database.drop_collection(name)

    def _durable(self, prefix: str = "") -> _Targets:
        names = (prefix + layout.name for layout in LISTS)
        return _Targets(*(durable(self._database, name, self._patience) for name in names))


def _is_abandoned(name: str) -> bool:
    try:
        begun = ObjectId(name.removeprefix(REBUILDING).partition("_")[0]).generation_time
    except InvalidId:
        return False
    return datetime.now(UTC) - begun > ABANDONED


async def _upsert(collection: Collection, changes: Sequence[Change]) -> list[int]:
    """Make the changes, and say which of them made a new document."""
    if not changes:
        return []
    created, refused = await _bulk(collection, [update(change, True) for change in changes])
    if refused:
        # A guard that does not hold ends in a duplicate; so does a race for a new document, and
        # there the change may be the newer one. Without upsert the guard alone decides.
        again = [changes[number] for number in refused]
        updates = [update(change, False) for change in again]
        updates += [
            UpdateOne(exactly(**change.identity), {"$set": {"opened_at": change.founded_at}})
            for change in again
            if change.founded_at is not None
        ]
        await _bulk(collection, updates)
    return created


async def _bulk(
    collection: Collection, updates: Sequence[UpdateOne | InsertOne[Document]]
) -> tuple[list[int], list[int]]:
    """Which of the updates made a document, and which met a duplicate."""
    doing = "writing a list"
    with saying(doing):
        try:
            result = await collection.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            details = error.details
            if details.get("writeConcernErrors"):
                raise StoreUnavailable(doing, "no majority in time") from error
            refused = details["writeErrors"]
            for refusal in refused:
                if refusal["code"] != DUPLICATE:
                    reason = str(refusal.get("errmsg"))
                    raise StoreRefused(doing, refusal["code"], reason) from error
            created = [made["index"] for made in details["upserted"]]
            return created, [refusal["index"] for refusal in refused]
    return list(result.upserted_ids or {}), []


async def _numbers(
    collection: Collection, tenant: str, name: str, values: Iterable[str], counter: str
) -> dict[str, int]:
    query = exactly(tenant=tenant) | {name: {"$in": list(values)}}
    with saying("reading a list"):
        cursor = collection.find(query, {name: True, counter: True})
        return {str(found[name]): int(cast(int, found[counter])) async for found in cursor}
