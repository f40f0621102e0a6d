"""Plugins of a tenant: enabled and disabled while requests are served.

A request goes on with what was enabled when it began. What a plugin leaves behind stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from avoir_gateway.access import Permission
from avoir_gateway.administration.recording import (
    Administering,
    Change,
    Done,
    Order,
    RefusedError,
)
from avoir_gateway.administration.tenants import current, unknown_plugin
from avoir_gateway.errors import Code, failure
from avoir_gateway.service import Declined
from avoir_gateway.store import Session

_Enabled: TypeAlias = Callable[[tuple[str, ...]], tuple[str, ...]]
"""The names that are enabled after a change, by those before it."""

ENABLE: Final = "plugin.enable"
DISABLE: Final = "plugin.disable"


async def enable(
    administering: Administering, order: Order, named: str | None, plugin: str
) -> Done | Declined:
    """Enable a plugin, or one of its policies, for a tenant; enabled again it stays so."""
    if not administering.service.host.enabled([plugin]):
        return Declined((unknown_plugin(administering, plugin, "plugin"),))

    def with_it(enabled: tuple[str, ...]) -> tuple[str, ...]:
        if plugin.partition(".")[0] in enabled:
            return enabled
        own = f"{plugin}."
        kept = (name for name in enabled if not name.startswith(own))
        return tuple(sorted({*kept, plugin}))

    return await _changed(administering, order, named, plugin, ENABLE, with_it)


async def disable(
    administering: Administering, order: Order, named: str | None, plugin: str
) -> Done | Declined:
    """Disable a plugin, or one of its policies, for a tenant; its cases are kept.

    What is no longer installed can be disabled too.
    """
    host = administering.service.host

    def without_it(enabled: tuple[str, ...]) -> tuple[str, ...]:
        left = {*enabled} - {plugin}
        left = {name for name in left if not name.startswith(f"{plugin}.")}
        whole = plugin.partition(".")[0]
        if whole != plugin and whole in left and plugin in host.policies:
            # of a plugin that is enabled whole, the other policies stay
            others = host.enabled([whole]) - {plugin}
            left = (left - {whole}) | others
        if left == {*enabled}:
            raise RefusedError(failure(Code.NOT_FOUND, "plugin"))
        return tuple(sorted(left))

    return await _changed(administering, order, named, plugin, DISABLE, without_it)


async def _changed(
    administering: Administering,
    order: Order,
    named: str | None,
    plugin: str,
    action: str,
    changed: _Enabled,
) -> Done | Declined:
    tenant = await administering.concerned(order.actor, named, Permission.ENABLE_PLUGINS)
    if isinstance(tenant, Declined):
        return tenant

    async def change(session: Session) -> Change:
        before = await current(administering, tenant.id, session)
        after = msgspec.structs.replace(before, plugins=changed(before.plugins))
        await administering.stores.tenants.replace(after, session)
        return Change(
            subject=f"plugin:{plugin}",
            before={"plugins": list(before.plugins)},
            after={"plugins": list(after.plugins)},
        )

    return await administering.carry_out(order, tenant, action, {"plugin": plugin}, change)
