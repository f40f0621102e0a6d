"""Watching: every process hears when a tenant, a token or a parameter was changed by another."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

import msgspec
from pymongo.errors import PyMongoError

from . import parameters, tenants, tokens
from .connection import Database
from .documents import Document
from .ending import ended
from .errors import brief

log = logging.getLogger(__name__)

WAIT_MS: Final = 250
"""How long the store keeps a watcher waiting before it says that nothing was changed."""
LIVE_SECONDS: Final = 1.0
"""For how long what was heard last is taken for the present."""
PAUSE_SECONDS: Final = 0.5

CONFIGURATION: Final = (tenants.LAYOUT.name, tokens.LAYOUT.name, parameters.LAYOUT.name)
CHANGES: Final[list[Mapping[str, object]]] = [
    {"$match": {"ns.coll": {"$in": list(CONFIGURATION)}}},
    {
        "$project": {
            "ns": 1,
            "documentKey": 1,
            "fullDocument.tenant": 1,
            "fullDocument.policy": 1,
        }
    },
]


class Changed(msgspec.Struct, frozen=True):
    """A document of the configuration that was changed: its collection, and what names it there.

    `tenant` and `policy` are those of a document that was written whole.
    """

    collection: str
    key: object
    tenant: str | None = None
    policy: str | None = None


Told: TypeAlias = Callable[[Changed | None], None]
"""Hears of every change; of None where some may have been missed."""


class Watch:
    """Follows the changes of the configuration from `start` to `stop`."""

    def __init__(self, database: Database, told: Told) -> None:
        self._database = database
        self._told = told
        self._following: asyncio.Task[None] | None = None
        self._heard_at = float("-inf")

    @property
    def is_live(self) -> bool:
        """Whether a change of a second ago would have been heard."""
        return time.monotonic() - self._heard_at < LIVE_SECONDS

    def start(self) -> None:
        """Begin to follow; nothing where it follows already."""
        self._following = self._following or asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Follow no more."""
        await ended(self._following)

    async def _follow(self) -> None:
        while True:
            try:
                async with await self._database.watch(CHANGES, max_await_time_ms=WAIT_MS) as stream:
                    self._told(None)
                    while stream.alive:
                        asked_at = time.monotonic()
                        event = await stream.try_next()
                        if event is not None:
                            self._told(_changed(event))
                        self._heard_at = asked_at
            except PyMongoError as error:
                log.warning("the configuration is not watched for now: %s", brief(error))
            self._heard_at = float("-inf")
            await asyncio.sleep(PAUSE_SECONDS)


def _changed(event: Mapping[str, object]) -> Changed | None:
    place, key = event.get("ns"), event.get("documentKey")
    if not isinstance(place, dict) or not isinstance(key, dict):
        return None  # a collection that was dropped, say
    whole = cast(Document, event.get("fullDocument") or {})
    tenant, policy = whole.get("tenant"), whole.get("policy")
    return Changed(
        str(place["coll"]),
        key["_id"],
        tenant if isinstance(tenant, str) else None,
        policy if isinstance(policy, str) else None,
    )
