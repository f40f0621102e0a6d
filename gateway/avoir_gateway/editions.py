"""Editions: which parameter values of a policy are in force for a tenant on a day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Final

from avoir.policies import Edition, Policy
from avoir_gateway.directory import Directory

LARGEST: Final = 1_000
"""Editions kept built."""


class Editions:
    """Looks editions up by day or by hash, and keeps those it built."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._built: OrderedDict[tuple[object, ...], Edition] = OrderedDict()
        self._defaults: dict[Policy, Edition] = {}

    async def on(self, tenant: str, policy: Policy, day: date) -> Edition:
        """The edition in force on a day; the defaults where the tenant has set nothing."""
        for values in await self._directory.values(tenant, policy.key):
            # the latest come first, and of two for one day those that were set later
            if values.effective_from <= day:
                return self._edition(policy, values.values, values.effective_from)
        return self._default(policy)

    async def pinned(self, tenant: str, policy: Policy, hash: str, day: date) -> Edition:
        """The edition that a case is pinned to; by day where its values are not found."""
        default = self._default(policy)
        if default.hash == hash:
            return default
        for values in await self._directory.values(tenant, policy.key):
            edition = self._edition(policy, values.values, values.effective_from)
            if edition.hash == hash:
                return edition
        return await self.on(tenant, policy, day)

    def _default(self, policy: Policy) -> Edition:
        """The edition of who has set nothing, the same object each time."""
        default = self._defaults.get(policy)
        if default is None:
            default = self._defaults[policy] = policy.edition({}, None)
        return default

    def _edition(self, policy: Policy, values: Mapping[str, object], since: date | None) -> Edition:
        key = (policy.key, since, repr(sorted(values.items())))
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = policy.edition(values, since)
            if len(self._built) > LARGEST:
                self._built.popitem(last=False)
        return built
