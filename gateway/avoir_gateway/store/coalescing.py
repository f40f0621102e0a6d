"""Coalescing: what the lists are told of acknowledged records is written a few times a second."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from .errors import StoreError
from .projections import Projections
from .records import Record

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 0.25


class Coalescing:
    """Takes acknowledged records and brings them into the lists together.

    Lists are hints: what a crash takes from them, the tailer or ``avoir rebuild`` brings back.
    """

    def __init__(self, projections: Projections) -> None:
        self._projections = projections
        self._records: list[Record] = []
        self._writing = asyncio.Lock()
        self._later: asyncio.Task[None] | None = None

    def add(self, record: Record) -> None:
        """Have a record brought into the lists before long."""
        self._records.append(record)
        if self._later is None:
            self._later = asyncio.create_task(self._soon())

    async def flush(self) -> None:
        """Bring everything into the lists that this process knows of."""
        # whoever writes just now may have taken the records that the caller wants to see
        async with self._writing:
            records, self._records = self._records, []
            if not records:
                return
            try:
                await self._projections.apply(records)
            except StoreError as error:
                log.warning("the lists are behind by %s records: %s", len(records), error)

    async def drain(self) -> None:
        """Write what is left."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.wait([self._later])
        await self.flush()

    async def _soon(self) -> None:
        await asyncio.sleep(EVERY_SECONDS)
        self._later = None
        await self.flush()
