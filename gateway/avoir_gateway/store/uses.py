"""Uses: when each token was last used, to the minute; a hint, and nothing rests on it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from pymongo.errors import PyMongoError

from .connection import Database, Patience, hinted
from .documents import Document, exactly
from .errors import brief, saying
from .layouts import INSTANT, NAME, Layout, fields, lay

log = logging.getLogger(__name__)

FINEST: Final = timedelta(minutes=1)
"""How exactly it is known when a token was last used: each use of it would be a write."""
LARGEST: Final = 50_000
"""Tokens of which it is remembered when their use was last written."""

LAYOUT = Layout(
    name="token_uses",
    validator={
        "$jsonSchema": fields({"_id": NAME, "tenant": NAME, "last_used_at": INSTANT}),
    },
    indexes=(),
)


class Uses:
    """Notes the uses of tokens, each at most once a minute, beside the request."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = hinted(database, LAYOUT.name)
        self._noted: OrderedDict[str, datetime] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    def note(self, tenant: str, token_id: str, at: datetime) -> None:
        """A token was used."""
        before = self._noted.get(token_id)
        if before is not None and at - before < FINEST:
            return
        self._noted[token_id] = at
        if len(self._noted) > LARGEST:
            self._noted.popitem(last=False)
        task = asyncio.create_task(self._write(tenant, token_id, at))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def drain(self) -> None:
        """Wait until what was noted is written."""
        await asyncio.gather(*self._writing)

    async def last(self, tenant: str, tokens: Sequence[str]) -> dict[str, datetime]:
        """When each of these tokens was last used, by its id; unused ones are left out."""
        which: Document = {**exactly(tenant=tenant), "_id": {"$in": list(tokens)}}
        with saying("reading the uses of tokens"):
            return {
                str(found["_id"]): cast(datetime, found["last_used_at"])
                async for found in self._collection.find(which)
            }

    async def _write(self, tenant: str, token_id: str, at: datetime) -> None:
        update: Document = {"$max": {"last_used_at": at}, "$setOnInsert": {"tenant": tenant}}
        try:
            await self._collection.update_one(exactly(_id=token_id), update, upsert=True)
        except PyMongoError as error:
            log.warning("the use of a token is not noted: %s", brief(error))
