"""The records that were written after a mark: the journal's change stream, from a stored token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import msgspec
from pymongo.asynchronous.change_stream import AsyncChangeStream
from pymongo.errors import OperationFailure

from .connection import Database, Patience, durable
from .documents import Document, exactly
from .errors import MarkLost, saying
from .laws import JOURNAL
from .records import Record, from_document

MARKS = "marks"
WAIT_MS = 20
"""How long the store waits for a further record before it says that there is none."""

LONGEST_WAIT_MS = 1_000
"""How long the store keeps a follower waiting before it says that there is nothing yet."""

TOKEN_LOST = frozenset({9, 260, 280, 286})
"""Codes for a token that is damaged, not of this feed, or older than what the store keeps."""

INSERTS: list[dict[str, object]] = [{"$match": {"operationType": "insert"}}]
NOTHING: list[dict[str, object]] = [{"$match": {"operationType": "nothing"}}]


class Mark(msgspec.Struct, frozen=True):
    """A place in the feed: every record before it has been seen."""

    token: Document

    def reaches(self, other: Mark) -> bool:
        """Whether this place is not before the other; tokens are hexadecimal and sort as text."""
        return str(self.token["_data"]) >= str(other.token["_data"])


class Feed:
    """Reads the journal's change stream from a mark to the present."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._journal = durable(database, JOURNAL, patience)
        self._marks = durable(database, MARKS, patience)

    async def present(self) -> Mark:
        """The place where the feed stands now."""
        with saying("reading the feed"):
            # The driver gives the place of a batch only if the batch is empty.
            async with await self._journal.watch(NOTHING, max_await_time_ms=1) as stream:
                return _mark(stream)

    async def stored(self, reader: str) -> Mark | None:
        """The place up to which a reader has seen the feed."""
        with saying("reading a mark"):
            found = await self._marks.find_one(exactly(_id=reader))
        return None if found is None else Mark(cast(Document, found["token"]))

    async def store(self, reader: str, mark: Mark) -> None:
        """Remember the place up to which a reader has seen the feed."""
        with saying("storing a mark"):
            await self._marks.replace_one(
                exactly(_id=reader), {"token": dict(mark.token)}, upsert=True
            )

    async def since(self, mark: Mark, batch: int = 500) -> AsyncIterator[tuple[list[Record], Mark]]:
        """What was written after a mark, in batches, each with the place behind it.

        Raises `MarkLost` where the store no longer keeps the feed from there.
        """
        end = await self.present()
        if not end.reaches(mark):
            # A mark of another store: this one would be silent until its own time gets there.
            raise MarkLost("the mark lies ahead of the feed")
        with saying("reading the feed"):
            try:
                async with await self._journal.watch(
                    INSERTS,
                    resume_after=mark.token,
                    batch_size=batch,
                    max_await_time_ms=WAIT_MS,
                ) as stream:
                    async for found in _drain(stream, end, batch):
                        yield found
            except OperationFailure as error:
                if error.code in TOKEN_LOST:
                    raise MarkLost("the feed cannot be read from the mark") from error
                raise

    async def following(self, mark: Mark) -> AsyncIterator[tuple[Record, Mark]]:
        """What is written after a mark, now and from now on, each with the place behind it.

        It never ends by itself. Raises `MarkLost`.
        """
        with saying("following the feed"):
            try:
                async with await self._journal.watch(
                    INSERTS, resume_after=mark.token, max_await_time_ms=LONGEST_WAIT_MS
                ) as stream:
                    while stream.alive:
                        event = await stream.try_next()
                        if event is not None:
                            record = from_document(cast(Document, event["fullDocument"]))
                            yield record, _mark(stream)
                raise MarkLost("the feed has come to its end: the journal is gone")
            except OperationFailure as error:
                if error.code in TOKEN_LOST:
                    raise MarkLost("the feed cannot be followed from the mark") from error
                raise


async def _drain(
    stream: AsyncChangeStream[Document], end: Mark, batch: int
) -> AsyncIterator[tuple[list[Record], Mark]]:
    records: list[Record] = []
    silent_at: Mark | None = None
    while True:
        event = await stream.try_next()
        here = _mark(stream)
        if event is not None:
            records.append(from_document(cast(Document, event["fullDocument"])))
            silent_at = None
        # Silence alone may be a long stretch of other collections that is still being walked: the
        # token moves then. A quiet store never comes to `end`, which lies one tick ahead.
        done = here.reaches(end) or (event is None and here == silent_at)
        if event is None:
            silent_at = here
        if records and (done or len(records) == batch):
            yield records, here
            records = []
        if done:
            yield [], here
            return


def _mark(stream: AsyncChangeStream[Document]) -> Mark:
    return Mark(dict(stream.resume_token or {}))
