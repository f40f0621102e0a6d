"""What a resolver has: who asks, for which tenant, in which language, and the service."""

from __future__ import annotations

from dataclasses import dataclass

from avoir.policies import Policy
from avoir.readers import Reader
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.service import Service

DOMAIN = "avoir_gateway"


@dataclass(slots=True)
class Context:
    """One request: ``tag`` is the locale of its answer, such as ``fr_CA``."""

    principal: Principal
    tenant: store.Tenant
    service: Service
    tag: str
    origin: store.Origin

    def reader(self, policy: Policy | None = None, tag: str | None = None) -> Reader:
        """The reader of a policy's messages, or of the gateway's own."""
        catalogs = self.service.host.catalogs
        zone = self.tenant.time_zone
        if policy is None:
            return Reader(tag or self.tag, zone, catalogs, DOMAIN)
        return Reader(tag or self.tag, zone, catalogs, policy.domain, policy.labels)
