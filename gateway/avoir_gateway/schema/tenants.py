"""Tenants and their plugins, as administrators and operators change them."""

from __future__ import annotations

import strawberry

from avoir_gateway.administration import Done, plugins, tenants
from avoir_gateway.administration.tenants import NewTenant, TenantChange
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.connections import Connection, connected, page_size
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.enums import TenantKind
from avoir_gateway.schema.ids import TenantPosition, cursor, place
from avoir_gateway.schema.orders import (
    KEY_TOLD,
    REPLAYED_TOLD,
    TENANT_TOLD,
    administering,
    named,
    order,
    refusals,
)
from avoir_gateway.schema.people import Tenant
from avoir_gateway.schema.types import UserError
from avoir_gateway.service import Declined
from avoir_gateway.store import TenantStatus


@given
class TenantCreateInput:
    """A tenant to be."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    id: strawberry.ID = strawberry.field(
        description="Its id for good: up to 63 small letters, digits and hyphens."
    )
    name: str = strawberry.field(description="What it is called.")
    language: str = strawberry.field(
        description="The locale of those who have not chosen another, such as `fr_CA`."
    )
    time_zone: str = strawberry.field(
        description="The time zone of those who have none of their own."
    )
    currency: str = strawberry.field(description="The currency of the business: ISO 4217.")
    plugins: list[str] | None = strawberry.field(
        description="The plugins, or single policies, that are enabled from the start.",
        default=None,
    )
    kind: TenantKind | None = strawberry.field(
        description="Whether it is live, which is the default, or a test.", default=None
    )


@given
class TenantChangeInput:
    """What shall be otherwise of a tenant; what is left out stays."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    tenant: strawberry.ID | None = strawberry.field(description=TENANT_TOLD, default=None)
    name: str | None = strawberry.field(description="What it is called.", default=None)
    language: str | None = strawberry.field(
        description="The locale of those who have not chosen another.", default=None
    )
    time_zone: str | None = strawberry.field(
        description="The time zone of those who have none of their own.", default=None
    )
    currency: str | None = strawberry.field(
        description="The currency of the business.", default=None
    )


@given
class TenantStatusInput:
    """A tenant that shall be served otherwise."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    tenant: strawberry.ID = strawberry.field(description="The id of the tenant.")


@given
class PluginInput:
    """A plugin to enable or to disable."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    plugin: str = strawberry.field(
        description="The name of the plugin, or the key of one of its policies."
    )
    tenant: strawberry.ID | None = strawberry.field(description=TENANT_TOLD, default=None)


@shown
class TenantPayload:
    """The tenant as it is now, or why nothing was changed."""

    tenant: Tenant | None = strawberry.field(description="The tenant as it is now.")
    user_errors: list[UserError] = strawberry.field(description="Why nothing was changed.")
    replayed: bool = strawberry.field(description=REPLAYED_TOLD)


async def _told(info: Info, done: Done | Declined) -> TenantPayload:
    if isinstance(done, Declined):
        return TenantPayload(tenant=None, user_errors=refusals(info, done.errors), replayed=False)
    context = info.context
    tenant = await context.service.directory.tenant(done.record.tenant)
    if tenant is not None and tenant.id == context.tenant.id:
        context.tenant = tenant
    shown = None if tenant is None else Tenant(tenant=tenant)
    return TenantPayload(tenant=shown, user_errors=[], replayed=done.again)


@shown
class TenantQueries:
    """What administrators ask about tenants."""

    @resolved
    async def tenants(
        self, info: Info, first: int | None = 20, after: str | None = strawberry.UNSET
    ) -> Connection[Tenant]:
        """All tenants by their ids: for administrators of the installation."""
        size = page_size(first)
        behind = place(after, TenantPosition).id if after else None
        found = await tenants.listing(administering(info), info.context.principal, behind, size + 1)
        if isinstance(found, Declined):
            raise fault(Code.FORBIDDEN)
        nodes = [(cursor(TenantPosition(one.id)), Tenant(tenant=one)) for one in found[:size]]
        return connected(nodes, more=len(found) > size, after=after or None)


@shown
class TenantMutations:
    """What administrators and operators change of tenants."""

    @resolved
    async def tenant_create(self, info: Info, input: TenantCreateInput) -> TenantPayload:
        """Create a tenant: for administrators of the installation."""
        new = NewTenant(
            id=input.id,
            name=input.name,
            language=input.language,
            time_zone=input.time_zone,
            currency=input.currency,
            plugins=tuple(input.plugins or ()),
            kind=input.kind or TenantKind.LIVE,
        )
        made = await tenants.create(administering(info), order(info, input.idempotency_key), new)
        return await _told(info, made)

    @resolved
    async def tenant_change(self, info: Info, input: TenantChangeInput) -> TenantPayload:
        """Rename a tenant, or change its language, its time zone or its currency."""
        wanted = TenantChange(
            name=input.name,
            language=input.language,
            time_zone=input.time_zone,
            currency=input.currency,
        )
        asked = order(info, input.idempotency_key)
        done = await tenants.alter(administering(info), asked, named(input.tenant), wanted)
        return await _told(info, done)

    @resolved
    async def tenant_suspend(self, info: Info, input: TenantStatusInput) -> TenantPayload:
        """Let nobody in for a tenant until it is resumed: for administrators."""
        return await _stand(info, input, TenantStatus.SUSPENDED)

    @resolved
    async def tenant_resume(self, info: Info, input: TenantStatusInput) -> TenantPayload:
        """Serve a tenant again that was suspended or closed: for administrators."""
        return await _stand(info, input, TenantStatus.ACTIVE)

    @resolved
    async def tenant_close(self, info: Info, input: TenantStatusInput) -> TenantPayload:
        """Close a tenant: it can be read, and nothing is changed; for administrators."""
        return await _stand(info, input, TenantStatus.CLOSED)

    @resolved
    async def plugin_enable(self, info: Info, input: PluginInput) -> TenantPayload:
        """Enable a plugin, or one of its policies; requests under way are not disturbed."""
        asked = order(info, input.idempotency_key)
        done = await plugins.enable(administering(info), asked, named(input.tenant), input.plugin)
        return await _told(info, done)

    @resolved
    async def plugin_disable(self, info: Info, input: PluginInput) -> TenantPayload:
        """Disable a plugin, or one of its policies; its cases are kept for operators and
        auditors, and no longer seen by others."""
        asked = order(info, input.idempotency_key)
        done = await plugins.disable(administering(info), asked, named(input.tenant), input.plugin)
        return await _told(info, done)


async def _stand(info: Info, input: TenantStatusInput, status: TenantStatus) -> TenantPayload:
    asked = order(info, input.idempotency_key)
    tenant = named(input.tenant) or ""
    return await _told(info, await tenants.set_status(administering(info), asked, tenant, status))
