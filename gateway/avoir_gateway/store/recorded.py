"""What is recorded, journal and administration together, in the very bytes that are stored."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from typing import Final, TypeAlias, cast

import msgspec
from bson.objectid import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING
from pymongo.asynchronous.change_stream import AsyncChangeStream
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from .connection import Database, Patience, durable
from .documents import Document, exactly
from .elements import RAW, as_bytes
from .errors import MarkLost, saying
from .feed import MARKS, NOTHING, TOKEN_LOST, WAIT_MS, Mark
from .seals import Source

SEALER: Final = "seals"
"""Under which name the mark is stored up to which everything is sealed."""

MOST: Final = 5_000
"""Records that are gathered from the feed at once."""
MOST_BYTES: Final = 16 * 1024 * 1024
BATCH: Final = 100
"""Records that the store sends at once from its feed."""
TURN: Final = 25
"""Records between which others have their turn in the event loop."""
PAGE: Final = 500
"""Records that are read at once by their ids."""

SMALLEST_ID: Final = ObjectId(b"\0" * 12)

UNUSABLE: Final = TOKEN_LOST | {15, 40649, 50811}
"""Codes for a token that cannot be read at all, too: nobody but the store itself can mend one."""

INSERTED: Final[Document] = {"operationType": "insert", "ns.coll": {"$in": list(Source)}}

Filter: TypeAlias = Mapping[str, object]


class Recorded(msgspec.Struct, frozen=True):
    """A record as it is stored."""

    source: Source
    data: bytes


class Recordings:
    """Reads the records of both collections, at majority and from the primary."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        patience = patience or Patience()
        self._database = database
        self._watched = database.with_options(codec_options=RAW)
        self._marks = durable(database, MARKS, patience)
        self._known = {source: durable(database, source.value, patience) for source in Source}
        self._bytes = {source: as_bytes(known) for source, known in self._known.items()}

    # -- the feed ------------------------------------------------------------------------------

    async def mark(self) -> Mark | None:
        """The place up to which everything in the feed is sealed; None where nobody knows."""
        with saying("reading a mark"):
            found = await self._marks.find_one(exactly(_id=SEALER))
        return None if found is None else Mark(cast(Document, found["token"]))

    async def remember(self, mark: Mark) -> None:
        """Everything up to there is sealed."""
        with saying("storing a mark"):
            await self._marks.replace_one(
                exactly(_id=SEALER), {"token": dict(mark.token)}, upsert=True
            )

    async def forget(self) -> None:
        """Nobody knows any more what is sealed."""
        with saying("dropping a mark"):
            await self._marks.delete_one(exactly(_id=SEALER))

    async def present(self, session: AsyncClientSession | None = None) -> Mark:
        """The place where the feed stands now; what the session reads later was there then."""
        with saying("reading the feed"):
            # The driver gives the place of a batch only if the batch is empty.
            async with await self._watched.watch(
                NOTHING, max_await_time_ms=1, session=session
            ) as stream:
                return _place(stream)

    async def following(self, mark: Mark) -> AsyncGenerator[tuple[Sequence[Recorded], Mark], None]:
        """What is recorded after a mark, as much as there is by now, with the place behind it.

        It never ends by itself, and gives nothing again and again where there is nothing. Raises
        `MarkLost`.
        """
        if not (await self.present()).reaches(mark):
            # A mark of another store: this one would be silent until its own time gets there.
            raise MarkLost("the mark lies ahead of the feed")
        # every part of an event is an object of its own to the driver: only these are asked for
        pipeline = [{"$match": INSERTED}, {"$project": {"coll": "$ns.coll", "fullDocument": True}}]
        with saying("following what is recorded"):
            try:
                async with await self._watched.watch(
                    pipeline,
                    resume_after=mark.token,
                    batch_size=BATCH,
                    max_await_time_ms=WAIT_MS,
                ) as stream:
                    while stream.alive:
                        yield await _gathered(stream), _place(stream)
                raise MarkLost("the feed has come to its end: the database is gone")
            except OperationFailure as error:
                if error.code in UNUSABLE:
                    raise MarkLost("the feed cannot be followed from the mark") from error
                raise

    async def pending(self, tenant: str, mark: Mark) -> list[tuple[Source, ObjectId]]:
        """The records of a tenant in the feed between a mark and the present, in its order.

        Raises `MarkLost`.
        """
        end = await self.present()
        if not end.reaches(mark):
            raise MarkLost("the mark lies ahead of the feed")
        pipeline: list[Mapping[str, object]] = [
            {"$match": INSERTED | {"fullDocument.tenant": {"$eq": tenant}}},
            {"$project": {"ns.coll": True, "documentKey._id": True}},
        ]
        found: list[tuple[Source, ObjectId]] = []
        with saying("reading what is not sealed yet"):
            try:
                async with await self._database.watch(
                    pipeline, resume_after=mark.token, max_await_time_ms=WAIT_MS
                ) as stream:
                    silent_at: Mark | None = None
                    while stream.alive:
                        event = await stream.try_next()
                        here = _place(stream)
                        if event is not None:
                            source = Source(str(cast(Document, event["ns"])["coll"]))
                            record = cast(Document, event["documentKey"])["_id"]
                            if isinstance(record, ObjectId):
                                found.append((source, record))
                        # a quiet store never comes to the end, which lies one tick ahead
                        if here.reaches(end) or (event is None and here == silent_at):
                            break
                        silent_at = here if event is None else None
            except OperationFailure as error:
                if error.code in UNUSABLE:
                    raise MarkLost("the feed cannot be read from the mark") from error
                raise
        return found

    # -- the collections -----------------------------------------------------------------------

    async def walk(self, session: AsyncClientSession) -> AsyncIterator[Recorded]:
        """All records of all tenants, by their ids."""
        walks = [self._by_id(source, session) for source in Source]
        waiting: list[tuple[ObjectId, int, Recorded]] = []
        for number, walk in enumerate(walks):
            async for record, one in walk:
                heapq.heappush(waiting, (record, number, one))
                break
        while waiting:
            _, number, one = heapq.heappop(waiting)
            yield one
            async for record, following in walks[number]:
                heapq.heappush(waiting, (record, number, following))
                break

    async def _by_id(
        self, source: Source, session: AsyncClientSession
    ) -> AsyncIterator[tuple[ObjectId, Recorded]]:
        behind: Document = {"$gte": SMALLEST_ID}
        while True:
            with saying("walking through what is recorded"):
                page = await (
                    self._bytes[source]
                    .find({"_id": behind}, session=session)
                    .sort("_id", ASCENDING)
                    .limit(PAGE)
                    .to_list()
                )
            for found in page:
                yield cast(ObjectId, found["_id"]), Recorded(source, bytes(found.raw))
            if len(page) < PAGE:
                return
            behind = {"$gt": page[-1]["_id"]}

    async def count(self, tenant: str) -> int:
        """How many records a tenant has."""
        with saying("counting what is recorded"):
            return sum(
                [
                    await known.count_documents(exactly(tenant=tenant))
                    for known in self._known.values()
                ]
            )

    async def ids(self, tenant: str) -> AsyncIterator[tuple[Source, list[object]]]:
        """The ids of the records of a tenant in batches, in order within their collection."""
        pipeline: list[Mapping[str, object]] = [
            {"$match": exactly(tenant=tenant)},
            {"$project": {"_id": True}},
            {"$sort": {"_id": ASCENDING}},
        ]
        for source, known in self._known.items():
            batch: list[object] = []
            with saying("reading the ids of what is recorded"):
                async for found in await known.aggregate(pipeline, allowDiskUse=True):
                    batch.append(found["_id"])
                    if len(batch) == PAGE:
                        yield source, batch
                        batch = []
            if batch:
                yield source, batch

    async def named(
        self, records: Mapping[Source, Collection[object]], where: Filter
    ) -> dict[ObjectId, Recorded]:
        """The records of these ids that a filter lets through."""
        found: dict[ObjectId, Recorded] = {}
        for source, ids in records.items():
            if ids:
                query = {**where, "_id": {"$in": list(ids)}}
                with saying("reading what is recorded"):
                    async for one in self._bytes[source].find(query, batch_size=PAGE):
                        found[cast(ObjectId, one["_id"])] = Recorded(source, bytes(one.raw))
        return found


async def _gathered(stream: AsyncChangeStream[RawBSONDocument]) -> Sequence[Recorded]:
    gathered: list[Recorded] = []
    size = 0
    while len(gathered) < MOST and size < MOST_BYTES:
        event = await stream.try_next()
        if event is None:
            break
        one = Recorded(Source(event["coll"]), bytes(event["fullDocument"].raw))
        gathered.append(one)
        size += len(one.data)
        if len(gathered) % TURN == 0:
            await asyncio.sleep(0)
    return gathered


def _place(stream: AsyncChangeStream[RawBSONDocument] | AsyncChangeStream[Document]) -> Mark:
    return Mark(dict(stream.resume_token or {}))
