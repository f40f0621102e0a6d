"""What a resolver has: who asks, for which tenant, in which language, and the service."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from strawberry.dataloader import DataLoader

from avoir.policies import Policy
from avoir.readers import Reader
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.service import BareCase, CaseView, Service

DOMAIN = "avoir_gateway"


@dataclass(slots=True)
class Context:
    """One operation: ``tag`` is the locale of its answer, such as ``fr_CA``.

    Each operation has one of its own, and so each event of a subscription: what was loaded for
    one is not what holds for the next.
    """

    principal: Principal
    tenant: store.Tenant
    service: Service
    tag: str
    origin: store.Origin
    _cases: DataLoader[str, CaseView | BareCase | None] | None = field(
        default=None, init=False, repr=False
    )
    _readers: dict[tuple[str | None, str], Reader] = field(
        default_factory=dict, init=False, repr=False
    )

    def reader(self, policy: Policy | None = None, tag: str | None = None) -> Reader:
        """The reader of a policy's messages, or of the gateway's own."""
        key = (None if policy is None else policy.key, tag or self.tag)
        if key not in self._readers:
            catalogs = self.service.host.catalogs
            zone = self.tenant.time_zone
            self._readers[key] = (
                Reader(key[1], zone, catalogs, DOMAIN)
                if policy is None
                else Reader(key[1], zone, catalogs, policy.domain, policy.labels)
            )
        return self._readers[key]

    @property
    def cases(self) -> DataLoader[str, CaseView | BareCase | None]:
        """Loads cases as they stand now, each once in an operation, those of a list together."""
        if self._cases is None:
            self._cases = DataLoader(self._load_cases)
        return self._cases

    def forget(self, case: str) -> None:
        """A case has moved on: load it again."""
        if self._cases is not None and self._cases.cache_map.get(case) is not None:
            self._cases.clear(case)

    def forget_all(self) -> None:
        """Time has moved on for every case."""
        self._cases = None

    async def _load_cases(
        self, keys: list[str]
    ) -> Sequence[CaseView | BareCase | BaseException | None]:
        return await asyncio.gather(*map(self._view, keys), return_exceptions=True)

    async def _view(self, key: str) -> CaseView | BareCase | None:
        if key.startswith(store.ON_AN_ACCOUNT):
            return None
        return await self.service.case(self.principal, self.tenant, key)
