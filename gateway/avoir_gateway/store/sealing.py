"""Sealing: follows what is recorded while a process serves, and seals it behind the journal.

Any number of processes run it. One seals at a time, by a lease; the unique indexes of the chains
make two at once harmless. A mark says up to where everything in the feed is sealed. It moves only
when a majority has the blocks: what comes again after a crash is found to be sealed already.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Final

from .connection import Database, Patience
from .ending import ended
from .errors import MarkLost, StoreError
from .feed import Mark
from .leases import Lease
from .recorded import MOST, PAGE, TURN, Recorded, Recordings
from .seals import Seal, Seals, seal

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 1.0
"""For how long records are gathered before they are sealed together."""
LEASE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 1.0
"""How long one waits who does not hold the lease, or whose store does not answer."""
IDLE_SECONDS: Final = 60.0
"""How often the mark moves where nothing is recorded: the feed is kept for a time only."""
AT_ONCE: Final = 8
"""Tenants whose blocks are under way at once."""


class Sealing:
    """Seals what is recorded from `start` to `stop`; any number of them may run."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._database = database
        self._seals = Seals(database, patience)
        self._recordings = Recordings(database, patience)
        self._lease = Lease(database, "sealing", LEASE_SECONDS, patience)
        self._renewed_at = 0.0
        self._sealing: asyncio.Task[None] | None = None

    async def ensure(self) -> None:
        """Make the collections, or bring their validators and indexes up to date."""
        await asyncio.gather(self._seals.ensure(), self._lease.ensure())

    def start(self) -> None:
        """Begin to seal; nothing where it seals already."""
        self._sealing = self._sealing or asyncio.create_task(self._keep_sealing())

    async def stop(self) -> None:
        """Seal no more, and let others do it."""
        if self._sealing is None:
            return
        await ended(self._sealing)
        with suppress(StoreError):
            await self._lease.give_up()

    async def catch_up(self) -> int:
        """Seal all that is recorded by now, whoever else does; returns how much was sealed here."""
        end = await self._recordings.present()
        mark = await self._recordings.mark()
        sealed = 0
        if mark is None:
            mark, sealed = await self._walked()
        silent_at: Mark | None = None
        try:
            async with aclosing(self._recordings.following(mark)) as feed:
                async for records, here in feed:
                    sealed += await self._sealed(records)
                    await self._recordings.remember(here)
                    if here.reaches(end) or (not records and here == silent_at):
                        break
                    silent_at = here
        except MarkLost:
            await self._recordings.forget()
            return sealed + await self.catch_up()
        return sealed

    async def _keep_sealing(self) -> None:
        """Begin again where the lease, the store or the place in its feed is lost."""
        while True:
            try:
                await self.ensure()
                while not await self._holds():  # noqa: ASYNC110 - a store answers to no event
                    await asyncio.sleep(PAUSE_SECONDS)
                await self._follow()
            except MarkLost:
                log.warning("the feed is lost: what is not sealed is looked for everywhere")
                with suppress(StoreError):
                    await self._recordings.forget()
            except StoreError as error:
                log.warning("what is recorded is not sealed for now: %s", error)
            self._renewed_at = 0.0
            await asyncio.sleep(PAUSE_SECONDS)

    async def _follow(self) -> None:
        """Seal what the feed brings, for as long as the lease is held. Raises `MarkLost`."""
        mark = await self._recordings.mark()
        if mark is None:
            mark, _ = await self._walked()
        remembered_at = time.monotonic()
        async with aclosing(self._recordings.following(mark)) as feed:
            async for records, here in feed:
                if not await self._holds():
                    return
                await self._sealed(records)
                if records or time.monotonic() - remembered_at > IDLE_SECONDS:
                    await self._recordings.remember(here)
                    remembered_at = time.monotonic()
                if len(records) < MOST:
                    await asyncio.sleep(EVERY_SECONDS)

    async def _holds(self) -> bool:
        """Whether this process is the one that seals; the lease is renewed in good time."""
        now = time.monotonic()
        if now - self._renewed_at < LEASE_SECONDS / 3:
            return True
        held = await self._lease.take()
        self._renewed_at = now if held else 0.0
        return held

    async def _walked(self) -> tuple[Mark, int]:
        """Seal whatever no block holds yet; the place in the feed from which on it may go on.

        What is written meanwhile comes by the feed: ids say nothing about when that was.
        """
        sealed = 0
        async with self._database.client.start_session() as session:
            mark = await self._recordings.present(session)
            batch: list[Recorded] = []
            async for one in self._recordings.walk(session):
                batch.append(one)
                if len(batch) == PAGE:
                    sealed += await self._sealed(batch, some_are=True)
                    batch = []
                    await self._holds()
            sealed += await self._sealed(batch, some_are=True)
        await self._recordings.remember(mark)
        return mark, sealed

    async def _sealed(self, records: Sequence[Recorded], *, some_are: bool = False) -> int:
        """Seal records, those that are not; look for these first where `some_are`."""
        by_tenant: dict[str, list[Seal]] = defaultdict(list)
        for number, one in enumerate(records, 1):
            made = seal(one.source, one.data)
            if made is None:
                log.error("a record in %s has no id or no tenant to seal it for", one.source)
                continue
            by_tenant[made[0]].append(made[1])
            if number % TURN == 0:
                await asyncio.sleep(0)  # hashing holds up whoever else is served here
        sealed = 0
        tenants = list(by_tenant)
        for begin in range(0, len(tenants), AT_ONCE):
            at_once = (
                self._sealed_for(tenant, by_tenant[tenant], some_are=some_are)
                for tenant in tenants[begin : begin + AT_ONCE]
            )
            sealed += sum(await asyncio.gather(*at_once))
        return sealed

    async def _sealed_for(self, tenant: str, seals: Sequence[Seal], *, some_are: bool) -> int:
        if some_are:
            before = await self._seals.sealed(tenant, [one.record for one in seals])
            seals = [one for one in seals if one.record not in before]
        return await self._seals.append(tenant, seals)
