"""The journal: one insert makes one command take effect, and four unique indexes are its laws."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeAlias, cast

import msgspec
from bson.objectid import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import DESCENDING
from pymongo.errors import (
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    WriteError,
)

from .connection import Database, Patience, durable
from .documents import Document, encode, exactly
from .errors import (
    NEVER_SENT,
    PASSING,
    UNSETTLED,
    NotStorable,
    StoreError,
    StoreRefused,
    StoreUnavailable,
    UnknownOutcome,
    brief,
    saying,
)
from .laws import JOURNAL, LAYOUT, Law
from .layouts import lay
from .records import Entry, Record, from_document, to_document

APPENDING = "appending to the journal"
VALIDATION_FAILED = 121
DUPLICATE = 11000
MOST = 1_000
"""Records in one answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.25
"""Seconds between two attempts at an unknown outcome; each pause doubles the one before."""


class Appended(msgspec.Struct, frozen=True):
    """The record stands in the journal, by a majority and on disk."""

    record: Record


class Repeated(msgspec.Struct, frozen=True):
    """The command took effect before, as `record`; its answer is the answer."""

    record: Record


class KeyConflict(msgspec.Struct, frozen=True):
    """The key was used before, for another input; `record` is what came of that one."""

    record: Record


class Stale(msgspec.Struct, frozen=True):
    """A case or an account moved on, by `holder`: read again, decide again."""

    law: Law
    holder: Record


class Claimed(msgspec.Struct, frozen=True):
    """What may happen once has happened, in `holder`: a fact to decide again with."""

    claim: str
    holder: Record


AppendOutcome: TypeAlias = Appended | Repeated | KeyConflict | Stale | Claimed


class Encoded(msgspec.Struct, frozen=True, eq=False):
    """A record in the very bytes that are sent: sent again, it is the same record."""

    record: Record
    data: RawBSONDocument


class StatementLine(msgspec.Struct, frozen=True):
    """One entry of an account, and the record that made it."""

    entry: Entry
    record: Record


class Journal:
    """Appends records and reads them back, always at majority and from the primary."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, JOURNAL, self._patience)
        self._running: set[asyncio.Task[AppendOutcome]] = set()

    async def ensure(self) -> None:
        """Make the collection with its validator and its indexes, or bring them up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def append(self, record: Record) -> AppendOutcome:
        """Make the record take effect once, or say what stands against it.

        A caller that is cancelled cancels nothing. Raises `NotStorable`, `StoreUnavailable`
        (nothing was written), `UnknownOutcome` or `StoreRefused`.
        """
        return await self.settle(self.encoded(record))

    def encoded(self, record: Record) -> Encoded:
        """A record in the very bytes that are sent, however often. Raises `NotStorable`."""
        data = encode({"_id": ObjectId(), **to_document(record)})
        return Encoded(record, RawBSONDocument(data))

    async def settle(self, encoded: Encoded) -> AppendOutcome:
        """Make an encoded record take effect once, or say what stands against it; as `append`."""
        task = asyncio.create_task(self._settle(encoded.record, encoded.data))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def append_all(
        self, batch: Sequence[Encoded], *, ordered: bool
    ) -> list[AppendOutcome | None]:
        """Append several records at once: one outcome for each, None where it is not known.

        In order, the first that does not get in ends it: what is said of those behind it means
        nothing. What is not known is for `settle`.
        """
        try:
            if len(batch) == 1:
                return [await self._attempt(batch[0].record, batch[0].data)]
            await self._collection.insert_many([one.data for one in batch], ordered=ordered)
        except BulkWriteError as error:
            return await self._judged(batch, error)
        except (PyMongoError, StoreError):
            return [None] * len(batch)
        return [Appended(one.record) for one in batch]

    async def _judged(
        self, batch: Sequence[Encoded], error: BulkWriteError
    ) -> list[AppendOutcome | None]:
        details: Document = dict(error.details)
        refused = {int(one["index"]): one for one in cast(list[Any], details["writeErrors"])}
        # no majority in time: those that were written may be gone again
        written = not details.get("writeConcernErrors")
        found: list[AppendOutcome | None] = []
        for index, one in enumerate(batch):
            refusal = refused.get(index)
            if refusal is None:
                found.append(Appended(one.record) if written else None)
            elif refusal["code"] == DUPLICATE:
                found.append(await self._told_apart(one, refusal.get("keyPattern", {})))
            else:
                found.append(None)
        return found

    async def _told_apart(self, one: Encoded, pattern: Document) -> AppendOutcome | None:
        try:
            return await self._opposed(one.record, one.data, pattern)
        except StoreError:
            return None

    async def drain(self) -> None:
        """Wait until every append that was begun has an outcome."""
        while self._running:
            await asyncio.wait(self._running)

    async def by_key(self, tenant: str, by: str, key: str) -> Record | None:
        """What came of the command that an actor gave under a key."""
        found = await self._find_key(tenant, by, key)
        return None if found is None else from_document(found)

    async def latest(self, tenant: str, case: str) -> Record | None:
        """The record with the highest revision of a case."""
        with saying("reading a case"):
            found = await self._collection.find_one(
                exactly(tenant=tenant, case=case), sort=[("revision", DESCENDING)]
            )
        return None if found is None else from_document(found)

    async def at_revision(self, tenant: str, case: str, revision: int) -> Record | None:
        """The record that brought a case to a revision."""
        with saying("reading a case"):
            found = await self._collection.find_one(
                exactly(tenant=tenant, case=case, revision=revision)
            )
        return None if found is None else from_document(found)

    async def history(self, tenant: str, case: str) -> list[Record]:
        """All records of a case, the first revision first."""
        cursor = self._collection.find(exactly(tenant=tenant, case=case)).sort("revision")
        with saying("reading the history of a case"):
            return [from_document(document) async for document in cursor]

    async def histories(
        self, cases: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Record]]:
        """All records of several cases, each case given by tenant and id; read at once."""
        query = {"$or": [exactly(tenant=tenant, case=case) for tenant, case in set(cases)]}
        found: dict[tuple[str, str], list[Record]] = {}
        with saying("reading the histories of cases"):
            async for document in self._collection.find(query):
                record = from_document(document)
                found.setdefault((record.tenant, record.case), []).append(record)
        for records in found.values():
            records.sort(key=lambda record: record.revision)
        return found

    async def balance(self, tenant: str, account: str) -> Entry | None:
        """The latest entry of an account; None where nothing was ever booked."""
        lines = await self.statement(tenant, account, limit=1)
        return lines[0].entry if lines else None

    async def statement(
        self, tenant: str, account: str, before_seq: int | None = None, limit: int = 100
    ) -> list[StatementLine]:
        """The entries of an account below `before_seq`, the latest first."""
        query = exactly(tenant=tenant, entries__account=account)
        if before_seq is not None:
            # The equality beside it keeps the scan on this account: alone, $elemMatch walks the
            # whole of a partial index.
            query["entries"] = {
                "$elemMatch": {"account": {"$eq": account}, "seq": {"$lt": before_seq}}
            }
        # The order comes from the index: a sort would go by the largest seq in each document,
        # which may be that of another account.
        cursor = self._collection.find(query).hint(Law.ACCOUNT.value).limit(_bounded(limit))
        with saying("reading an account"):
            records = [from_document(document) async for document in cursor]
        return [
            StatementLine(entry, record)
            for record in records
            for entry in record.entries
            if entry.account == account
        ]

    async def claimed(self, tenant: str, claim: str) -> Record | None:
        """The record that made a claim."""
        with saying("reading a claim"):
            found = await self._collection.find_one(exactly(tenant=tenant, claims=claim))
        return None if found is None else from_document(found)

    async def carrying(
        self, references: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Record]]:
        """The records that carry each of several references, the latest first.

        References are given by tenant and name; they are read at once.
        """
        wanted = set(references)
        query = {"$or": [exactly(tenant=tenant, references=name) for tenant, name in wanted]}
        latest_first = [("at", DESCENDING), ("_id", DESCENDING)]
        found: dict[tuple[str, str], list[Record]] = {}
        with saying("reading by references"):
            async for document in self._collection.find(query).sort(latest_first):
                record = from_document(document)
                for name in record.references:
                    if (record.tenant, name) in wanted:
                        found.setdefault((record.tenant, name), []).append(record)
        return found

    async def is_empty(self) -> bool:
        """Whether nothing was ever decided, for any tenant."""
        with saying("reading the journal"):
            return await self._collection.find_one({}, {"_id": True}) is None

    async def count(self) -> int:
        """How many records the journal holds, of all tenants."""
        with saying("counting the journal"):
            return await self._collection.count_documents({})

    async def every(self, batch: int = 500) -> AsyncIterator[list[Record]]:
        """All records of all tenants in batches, in no order that means anything."""
        found: list[Record] = []
        with saying("reading the journal"):
            async for document in self._collection.find({}, batch_size=batch):
                found.append(from_document(document))
                if len(found) == batch:
                    yield found
                    found = []
        if found:
            yield found

    def _finished(self, task: asyncio.Task[AppendOutcome]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # A caller that went away hears no error; asking here keeps asyncio from warning.
            task.exception()

    async def _settle(self, record: Record, data: RawBSONDocument) -> AppendOutcome:
        """Insert until the outcome is known. Absence by key proves nothing: a write that timed
        out can land later, so an unknown outcome is resolved by inserting again."""
        clock = asyncio.get_running_loop().time
        give_up_at = clock() + self._patience.resolve_ms / 1000
        pause = FIRST_PAUSE
        unknown = False
        while True:
            try:
                outcome = await self._attempt(record, data)
                if outcome is not None:
                    return outcome
                unknown = True
            except NEVER_SENT as error:
                if not unknown:
                    raise StoreUnavailable(APPENDING, brief(error)) from error
            except UNSETTLED:
                unknown = True
            except PyMongoError as error:
                if not isinstance(error, OperationFailure) or error.code not in PASSING:
                    raise _fault(record, error, unknown) from error
            except StoreError:
                # The look-up after a duplicate failed: which command was there first is not known.
                unknown = True
            if clock() + pause >= give_up_at:
                raise _given_up(record, unknown)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _attempt(self, record: Record, data: RawBSONDocument) -> AppendOutcome | None:
        """One insert; None where a duplicate was reported that no majority knows yet."""
        try:
            await self._collection.insert_one(data)
        except DuplicateKeyError as error:
            return await self._opposed(record, data, (error.details or {}).get("keyPattern", {}))
        return Appended(record)

    async def _opposed(
        self, record: Record, data: RawBSONDocument, pattern: Document
    ) -> AppendOutcome | None:
        """What stands against the record: its own key first, whichever index was reported."""
        command = record.command
        found = await self._find_key(record.tenant, command.by, command.key)
        if found is not None:
            first = from_document(found)
            if found["_id"] == data["_id"]:
                return Appended(record)
            same = first.command.fingerprint == command.fingerprint
            return Repeated(first) if same else KeyConflict(first)
        if "claims" in pattern:
            return await self._claimant(record)
        if "case" in pattern:
            holder = await self._holder(exactly(case=record.case, revision=record.revision), record)
            return None if holder is None else Stale(Law.CASE, holder)
        if "entries.account" in pattern:
            taken = [
                {"$elemMatch": {"account": {"$eq": entry.account}, "seq": {"$eq": entry.seq}}}
                for entry in record.entries
            ]
            holder = await self._holder({"$or": [{"entries": match} for match in taken]}, record)
            return None if holder is None else Stale(Law.ACCOUNT, holder)
        return None

    async def _claimant(self, record: Record) -> Claimed | None:
        holder = await self._holder({"claims": {"$in": list(record.claims)}}, record)
        if holder is None:
            return None
        claim = next(claim for claim in record.claims if claim in holder.claims)
        return Claimed(claim, holder)

    async def _holder(self, query: Document, record: Record) -> Record | None:
        with saying("reading what stands against a record"):
            found = await self._collection.find_one(exactly(tenant=record.tenant) | query)
        return None if found is None else from_document(found)

    async def _find_key(self, tenant: str, by: str, key: str) -> Document | None:
        query = exactly(tenant=tenant, command__by=by, command__key=key)
        with saying("reading a command"):
            return await self._collection.find_one(query)


def _bounded(limit: int) -> int:
    if not 1 <= limit <= MOST:
        # The store takes a limit of nought for no limit at all.
        raise ValueError(f"between 1 and {MOST} records can be asked for, not {limit}")
    return limit


def _given_up(record: Record, unknown: bool) -> StoreError:
    """What to tell the caller when the time for attempts is over."""
    if unknown:
        return UnknownOutcome(record.tenant, record.command.by, record.command.key)
    return StoreUnavailable(APPENDING, "it put the write off until the time was over")


def _fault(record: Record, error: PyMongoError, unknown: bool) -> StoreError:
    """What to tell the caller of an error that asking again does not cure."""
    if unknown:
        return _given_up(record, unknown)
    if isinstance(error, WriteError) and error.code == VALIDATION_FAILED:
        return NotStorable("", f"the journal's validator refuses it: {_violations(error)}")
    code = error.code if isinstance(error, OperationFailure) else None
    return StoreRefused(APPENDING, code, brief(error))


def _violations(error: WriteError) -> str:
    details = (error.details or {}).get("errInfo", {})
    return str(details.get("details", error))[:500]
