"""Editions: which parameter values of a policy are in force for a tenant on a day."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from avoir.policies import Edition, Policy
from avoir_gateway.store import Parameters, ParameterValues

LARGEST: Final = 1_000
"""Editions kept built, and tenants' values kept read."""
FRESH_SECONDS: Final = 1.0
"""For how long values that were read are taken for those there are: another process that sets
some waits no longer for this one."""

Reading: TypeAlias = asyncio.Task[list[ParameterValues]]


class Editions:
    """Looks editions up by day or by hash, and keeps those it built."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._built: OrderedDict[tuple[object, ...], Edition] = OrderedDict()
        self._read: OrderedDict[tuple[str, str], tuple[float, Reading]] = OrderedDict()

    async def on(self, tenant: str, policy: Policy, day: date) -> Edition:
        """The edition in force on a day; the defaults where the tenant has set nothing."""
        for values in await self._values(tenant, policy.key):
            # the latest come first, and of two for one day those that were set later
            if values.effective_from <= day:
                return self._edition(policy, values.values, values.effective_from)
        return self._edition(policy, {}, None)

    async def pinned(self, tenant: str, policy: Policy, hash: str, day: date) -> Edition:
        """The edition that a case is pinned to; by day where its values are not found."""
        default = self._edition(policy, {}, None)
        if default.hash == hash:
            return default
        for values in await self._values(tenant, policy.key):
            edition = self._edition(policy, values.values, values.effective_from)
            if edition.hash == hash:
                return edition
        return await self.on(tenant, policy, day)

    async def _values(self, tenant: str, policy: str) -> Sequence[ParameterValues]:
        """All values ever set; asked for again once they are no longer fresh."""
        key, now = (tenant, policy), time.monotonic()
        since, reading = self._read.get(key, (now, None))
        if reading is None or now - since >= FRESH_SECONDS or _failed(reading):
            # whoever asks meanwhile waits for the same answer, and who goes away spoils it for none
            reading = asyncio.create_task(self._parameters.listing(tenant, policy))
            # asked here, so that a failure nobody waits for makes no noise
            reading.add_done_callback(_failed)
            self._read[key] = (now, reading)
            self._read.move_to_end(key)
            if len(self._read) > LARGEST:
                self._read.popitem(last=False)
        return await asyncio.shield(reading)

    def _edition(self, policy: Policy, values: Mapping[str, object], since: date | None) -> Edition:
        key = (policy.key, since, repr(sorted(values.items())))
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = policy.edition(values, since)
            if len(self._built) > LARGEST:
                self._built.popitem(last=False)
        return built


def _failed(reading: Reading) -> bool:
    return reading.done() and (reading.cancelled() or reading.exception() is not None)
