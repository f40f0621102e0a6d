"""The tailer: follows the journal's feed while a process serves, and mends what the lists miss.

Every process brings its own records into the lists; one that is killed leaves some of them out,
and nobody looks for a deadline that is missing. So every process also follows the feed, from the
place to which the lists are known to be complete.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from .ending import ended
from .errors import MarkLost, StoreError
from .feed import Mark
from .projections import Projections
from .records import Record

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 1.0
"""How long a tailer waits for a store that does not answer."""
GRACE_SECONDS: Final = 1.0
"""How long whoever wrote a record has for bringing it into the lists himself."""

MOST: Final = 5_000
"""Records that may wait for being mended; a feed that brings more of them waits itself."""

Told: TypeAlias = Callable[[Record], None]
"""Hears of every record, whichever process wrote it, soon after it was acknowledged."""


class Tailer:
    """Follows the feed from `start` to `stop`; any number of them may run."""

    def __init__(self, projections: Projections, told: Told) -> None:
        self._projections = projections
        self._told = told
        self._following: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow; nothing where it follows already."""
        self._following = self._following or asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Follow no more."""
        await ended(self._following)

    async def _follow(self) -> None:
        """Begin again where the store or the place in its feed is lost."""
        while True:
            # what was not mended lies behind the mark, and comes again
            seen: asyncio.Queue[tuple[Record, Mark]] = asyncio.Queue(MOST)
            mending = asyncio.create_task(self._keep_mending(seen))
            try:
                await self._projections.catch_up()
                async for record, mark in self._projections.following():
                    self._told(record)
                    await seen.put((record, mark))
            except MarkLost:
                log.warning("the feed is lost: the lists are made again from the journal")
                await asyncio.sleep(PAUSE_SECONDS)
            except StoreError as error:
                log.warning("the lists are not followed for now: %s", error)
                await asyncio.sleep(PAUSE_SECONDS)
            finally:
                mending.cancel()

    async def _keep_mending(self, seen: asyncio.Queue[tuple[Record, Mark]]) -> None:
        while True:
            first = await seen.get()
            await asyncio.sleep(GRACE_SECONDS)
            batch = [first, *(seen.get_nowait() for _ in range(seen.qsize()))]
            while not await self._mended(batch):  # noqa: ASYNC110 - a store answers to no event
                # a later batch would move the mark past what this one did not mend
                await asyncio.sleep(PAUSE_SECONDS)

    async def _mended(self, batch: Sequence[tuple[Record, Mark]]) -> bool:
        try:
            await self._projections.mend([record for record, _ in batch], batch[-1][1])
        except StoreError as error:
            log.warning("the lists may miss some of %s records: %s", len(batch), error)
            return False
        return True
