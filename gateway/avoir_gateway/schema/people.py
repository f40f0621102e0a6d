"""Who asks, for which tenant, and what the tenant has enabled."""

from __future__ import annotations

from datetime import datetime

import strawberry

from avoir import host
from avoir.descriptions import role
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, administers, may
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.enums import Permission, Role, TenantKind, TenantStatus
from avoir_gateway.schema.policies import Policy
from avoir_gateway.schema.scalars import TimeZone
from avoir_gateway.schema.serving import served


@shown
class Tenant:
    """The business whose data this is."""

    tenant: strawberry.Private[store.Tenant]

    @resolved
    def id(self) -> strawberry.ID:
        """The id of the tenant."""
        return strawberry.ID(self.tenant.id)

    @resolved
    def name(self) -> str:
        """What it is called."""
        return self.tenant.name

    @resolved
    def language(self) -> str:
        """The locale of those who have not chosen another."""
        return self.tenant.language

    @resolved
    def time_zone(self) -> TimeZone:
        """The time zone of those who have none of their own."""
        return TimeZone(self.tenant.time_zone)

    @resolved
    def currency(self) -> str:
        """The currency of the business."""
        return self.tenant.currency

    @resolved
    def kind(self) -> TenantKind:
        """Whether it is live, or a test in which the clock can be set."""
        return self.tenant.kind

    @resolved
    def status(self) -> TenantStatus:
        """Whether it is served: whole, not at all for now, or for reading only."""
        return self.tenant.status

    @resolved
    def enabled(self, info: Info) -> list[str]:
        """The names of plugins and policies that were enabled, those that are not installed too;
        for operators, auditors and administrators."""
        actor = info.context.principal
        matter = Matter(self.tenant.id)
        seen = may(actor, Permission.READ_DISABLED, matter) is Access.GRANTED
        return list(self.tenant.plugins) if seen or administers(actor) else []

    @resolved
    def clock(self) -> datetime | None:
        """The moment that a test tenant stands at; null for the real one."""
        return self.tenant.clock

    @resolved
    def now(self, info: Info) -> datetime:
        """The present moment of the tenant."""
        return info.context.service.now(self.tenant)

    @resolved
    def plugins(self, info: Info) -> list[str]:
        """The names of the plugins that are enabled and served, whole or in part."""
        keys = info.context.service.enabled(self.tenant)
        return sorted({key.partition(".")[0] for key in keys if served(info, key)})

    @resolved
    def policies(self, info: Info) -> list[str]:
        """The keys of the policies that are enabled and served."""
        keys = info.context.service.enabled(self.tenant)
        return sorted(key for key in keys if served(info, key))


@shown
class Viewer:
    """Who asks."""

    @resolved
    def id(self, info: Info) -> strawberry.ID:
        """The id of the actor within the tenant."""
        return strawberry.ID(info.context.principal.id)

    @resolved
    def name(self, info: Info) -> str:
        """What he is called."""
        return info.context.principal.name

    @resolved
    def role(self, info: Info) -> Role:
        """The role in which he acts."""
        return info.context.principal.role

    @resolved
    def role_label(self, info: Info) -> str:
        """What that role is called."""
        return role(info.context.principal.role, info.context.reader())

    @resolved
    def party(self, info: Info) -> str | None:
        """The party that he is, such as `professional:P-1`; null for the staff."""
        return info.context.principal.party

    @resolved
    def permissions(self, info: Info) -> list[Permission]:
        """What he may do, with the credential that he has."""
        actor = info.context.principal
        matter = Matter(actor.tenant)
        return [one for one in Permission if may(actor, one, matter) is Access.GRANTED]

    @resolved
    def locale(self, info: Info) -> str:
        """The locale in which he is answered, such as `fr-CA`."""
        return info.context.tag.replace("_", "-")


@shown
class Plugin:
    """A plugin that the tenant has enabled."""

    plugin: strawberry.Private[host.Loaded]

    @resolved
    def name(self) -> str:
        """Its name."""
        return self.plugin.name

    @resolved
    def distribution(self) -> str:
        """The distribution that it was installed from."""
        return self.plugin.distribution

    @resolved
    def version(self) -> str:
        """Its version."""
        return self.plugin.version

    @resolved
    async def policies(self, info: Info) -> list[Policy]:
        """The enabled ones of the policies that it brings, in the editions in force today."""
        return await editions(info, self.plugin)


def reads_policies(info: Info) -> bool:
    """Whether the one who asks may read policies."""
    matter = Matter(info.context.tenant.id)
    return may(info.context.principal, Permission.READ_POLICY, matter) is Access.GRANTED


async def editions(info: Info, plugin: host.Loaded) -> list[Policy]:
    """The policies of a plugin in the editions in force today."""
    context = info.context
    return [
        Policy(in_force=await context.service.edition(context.tenant, policy, None))
        for policy in plugin.policies
    ]


def enabled(info: Info) -> list[host.Loaded]:
    """The plugins that the schema shows, with the policies that the tenant has enabled.

    There are none for those who may not read policies.
    """
    context = info.context
    if not reads_policies(info):
        return []
    keys = context.service.enabled(context.tenant)
    return list(context.service.host.parts(key for key in keys if served(info, key)))
