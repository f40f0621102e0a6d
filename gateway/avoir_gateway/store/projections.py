"""Keeps the lists in step with the journal, and makes them again from it at will.

The lists fall behind where a process ends between a record and what follows from it. Counts
would show that only by walking whole collections, so a mark in the journal's feed is kept: what
was written after it is applied again at the next start, and a mark that is lost means a rebuild.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

import msgspec
from bson.errors import InvalidId
from bson.objectid import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from .connection import Collection, Database, Patience, durable, hinted
from .documents import Document, exactly, storable
from .errors import MarkLost, StoreRefused, StoreUnavailable, saying
from .feed import MARKS, Feed, Mark
from .journal import Journal
from .layouts import NAME, Layout, fields, lay
from .listings import ACCOUNTS, CASES
from .records import ON_AN_ACCOUNT, Entry, Record

DUPLICATE = 11000
READER = "projections"
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


class _Change(msgspec.Struct, frozen=True):
    """One guarded write: to the document with this identity, if its number is lower."""

    identity: Document
    counter: str
    number: int
    values: Document
    founded_at: datetime | None = None


class Projections:
    """Writes the lists of cases and accounts from acknowledged records."""

    def __init__(
        self, database: Database, journal: Journal, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._journal = journal
        self._feed = Feed(database, self._patience)
        self._cases = hinted(database, CASES.name)
        self._accounts = hinted(database, ACCOUNTS.name)

    async def ensure(self) -> None:
        """Make the collections with their validators and indexes, or bring them up to date."""
        for layout in (CASES, ACCOUNTS, _MARK_LAYOUT):
            await lay(self._database, layout, self._patience)

    async def apply(self, records: Sequence[Record]) -> None:
        """Bring acknowledged records into the lists; older ones than those there change nothing.

        The records stand in the journal whatever comes of this: where it raises, `catch_up`
        mends.
        """
        await self._write(records, self._cases, self._accounts)

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

    async def rebuild(self, progress: Progress | None = None) -> int:
        """Make the lists again from the journal; the old ones serve until the new are complete.

        Returns the number of records read.
        """
        await self._drop_abandoned()
        # What is written from here on comes in by the feed, whichever list it was applied to.
        mark = await self._feed.present()
        total = await self._journal.count()
        made = f"{REBUILDING}{ObjectId()}_"
        for layout in (CASES, ACCOUNTS):
            fresh = msgspec.structs.replace(layout, name=made + layout.name)
            await lay(self._database, fresh, self._patience)
        cases, accounts = (self._durable(made + layout.name) for layout in (CASES, ACCOUNTS))
        done = 0
        async for records in self._journal.every(BATCH):
            await self._write(records, cases, accounts)
            done += len(records)
            if progress is not None:
                progress(done, max(done, total))
        await self._feed.store(READER, mark)
        with saying("putting rebuilt lists in place"):
            await accounts.rename(ACCOUNTS.name, dropTarget=True)
            await cases.rename(CASES.name, dropTarget=True)
        await self._follow(mark)
        return done

    async def _mark(self) -> Mark | None:
        """The mark, unless the lists are gone."""
        with saying("reading the lists"):
            empty = await self._cases.find_one({}, {"_id": True}) is None
        if empty and not await self._journal.is_empty():
            return None
        return await self._feed.stored(READER)

    async def _follow(self, mark: Mark) -> int:
        # The mark says that this is done, so it has to be done for a majority before the mark is.
        cases, accounts = self._durable(CASES.name), self._durable(ACCOUNTS.name)
        seen = 0
        async for records, here in self._feed.since(mark):
            await self._write(records, cases, accounts)
            await self._feed.store(READER, here)
            seen += len(records)
        return seen

    async def _missing(self, records: Sequence[Record]) -> int:
        """How many of these the lists do not show."""
        missing = 0
        for tenant in {record.tenant for record in records}:
            of_tenant = [record for record in records if record.tenant == tenant]
            cases = {record.case for record in of_tenant}
            accounts = {entry.account for record in of_tenant for entry in record.entries}
            revisions = await _numbers(self._cases, tenant, "case", cases, "revision")
            seqs = await _numbers(self._accounts, tenant, "account", accounts, "seq")
            missing += sum(
                revisions.get(record.case, 0) < record.revision
                or any(seqs.get(entry.account, 0) < entry.seq for entry in record.entries)
                for record in of_tenant
            )
        return missing

    async def _write(
        self, records: Sequence[Record], cases: Collection, accounts: Collection
    ) -> None:
        # Accounts first: a case that is up to date then says that its accounts are.
        await _upsert(accounts, _account_changes(records))
        changes = _case_changes(records)
        created = await _upsert(cases, changes)
        for change in (changes[number] for number in created):
            if change.founded_at is None:
                await self._mend_opening(cases, change)

    async def _mend_opening(self, cases: Collection, change: _Change) -> None:
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

    def _durable(self, name: str) -> Collection:
        return durable(self._database, name, self._patience)


def _is_abandoned(name: str) -> bool:
    try:
        begun = ObjectId(name.removeprefix(REBUILDING).partition("_")[0]).generation_time
    except InvalidId:
        return False
    return datetime.now(UTC) - begun > ABANDONED


def _case_changes(records: Iterable[Record]) -> list[_Change]:
    """One change for each case: its newest record, and the opening if that is among them."""
    newest: dict[tuple[str, str], Record] = {}
    opened: dict[tuple[str, str], datetime] = {}
    for record in records:
        if record.case.startswith(ON_AN_ACCOUNT):
            continue
        key = (record.tenant, record.case)
        if record.revision == 1:
            opened[key] = record.at
        if key not in newest or newest[key].revision < record.revision:
            newest[key] = record
    return [
        _Change(
            {"tenant": tenant, "case": case},
            "revision",
            record.revision,
            _case_values(record),
            opened.get((tenant, case)),
        )
        for (tenant, case), record in newest.items()
    ]


def _case_values(record: Record) -> Document:
    outcome = record.decision.get("outcome")
    deadlines = [
        {**msgspec.structs.asdict(deadline), "date": deadline.date.isoformat()}
        for deadline in record.deadlines
    ]
    values = {
        "policy": record.policy,
        "plugin": record.policy.partition(".")[0],
        "party": record.party,
        "state": record.state,
        "updated_at": record.at,
        "action": record.action,
        "outcome": outcome if isinstance(outcome, str) else None,
        "deadlines": deadlines,
    }
    return cast(Document, storable(values))


def _account_changes(records: Iterable[Record]) -> list[_Change]:
    """One change for each account: its newest entry."""
    newest: dict[tuple[str, str], tuple[Entry, Record]] = {}
    for record in records:
        for entry in record.entries:
            key = (record.tenant, entry.account)
            if key not in newest or newest[key][0].seq < entry.seq:
                newest[key] = (entry, record)
    return [
        _Change(
            {"tenant": tenant, "account": account},
            "seq",
            entry.seq,
            cast(
                Document,
                storable(
                    {
                        # An account is named PARTY:NAME, and the party may hold colons.
                        "party": account.rpartition(":")[0],
                        "balance": entry.balance,
                        "unit": entry.unit,
                        "updated_at": record.at,
                    }
                ),
            ),
        )
        for (tenant, account), (entry, record) in newest.items()
    ]


def _update(change: _Change, upsert: bool) -> UpdateOne:
    number = storable(change.number)
    values = {**change.values, change.counter: number}
    update: dict[str, Any] = {"$set": values}
    if change.founded_at is not None:
        values["opened_at"] = change.founded_at
    elif change.counter == "revision":
        update["$setOnInsert"] = {"opened_at": values["updated_at"]}
    guarded = {**exactly(**change.identity), change.counter: {"$lt": number}}
    return UpdateOne(guarded, update, upsert=upsert)


async def _upsert(collection: Collection, changes: Sequence[_Change]) -> list[int]:
    """Make the changes, and say which of them made a new document."""
    if not changes:
        return []
    created, refused = await _bulk(collection, [_update(change, True) for change in changes])
    if refused:
        # A guard that does not hold ends in a duplicate; so does a race for a new document, and
        # there the change may be the newer one. Without upsert the guard alone decides.
        again = [changes[number] for number in refused]
        updates = [_update(change, False) for change in again]
        updates += [
            UpdateOne(exactly(**change.identity), {"$set": {"opened_at": change.founded_at}})
            for change in again
            if change.founded_at is not None
        ]
        await _bulk(collection, updates)
    return created


async def _bulk(collection: Collection, updates: list[UpdateOne]) -> tuple[list[int], list[int]]:
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
