"""Leases: work that one process does at a time, by the store's own clock."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from bson.objectid import ObjectId
from pymongo.errors import DuplicateKeyError

from .connection import Database, Patience, durable
from .documents import Document, exactly
from .errors import saying
from .layouts import INSTANT, NAME, TEXT, Layout, fields, lay

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
NOBODY: Final = ""

LAYOUT = Layout(
    name="leases",
    validator={"$jsonSchema": fields({"_id": NAME, "holder": TEXT, "until": INSTANT})},
    indexes=(),
)


class Lease:
    """The right to do something for a while; whoever does not renew it in time has lost it.

    It keeps two from doing the same work, not from harm: a process that stood still may believe
    that it holds what another has taken since.
    """

    def __init__(
        self, database: Database, name: str, seconds: float, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)
        self._name = name
        self._milliseconds = int(seconds * 1_000)
        self._holder = str(ObjectId())

    async def ensure(self) -> None:
        """Make the collection, and the lease as one that nobody holds."""
        await lay(self._database, LAYOUT, self._patience)
        free: Document = {"$setOnInsert": {"holder": NOBODY, "until": LONG_AGO}}
        # another may make it at the same moment
        with saying("making a lease"), suppress(DuplicateKeyError):
            await self._collection.update_one(exactly(_id=self._name), free, upsert=True)

    async def take(self) -> bool:
        """Take or renew the lease; whether it is held from now on."""
        free = {"$expr": {"$lte": ["$until", "$$NOW"]}}
        mine = exactly(holder=self._holder)
        until = {"$add": ["$$NOW", self._milliseconds]}
        with saying("taking a lease"):
            taken = await self._collection.update_one(
                exactly(_id=self._name) | {"$or": [mine, free]},
                [{"$set": {"holder": {"$literal": self._holder}, "until": until}}],
            )
        return taken.matched_count == 1

    async def give_up(self) -> None:
        """Let others have it at once."""
        mine = exactly(_id=self._name, holder=self._holder)
        with saying("giving up a lease"):
            await self._collection.update_one(mine, {"$set": {"holder": NOBODY, "until": LONG_AGO}})
