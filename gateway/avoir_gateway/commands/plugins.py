"""``avoir plugins enable`` and ``disable``: beside the list of those that are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from avoir.messages import N_
from avoir_gateway.commands.desk import AS_JSON, KEY, TENANT, ordered, write
from avoir_gateway.commands.terminal import say

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.administration import Administering, Done, Order
    from avoir_gateway.service import Declined

NAME = click.argument("plugin", metavar="NAME")
ENABLED = N_("{tenant} has enabled: {plugins}")
NONE_ENABLED = N_("{tenant} has no plugin enabled.")


def plugins_command() -> click.Group:
    """The commands about the plugins of a tenant."""

    @click.group("plugins")
    def group() -> None:
        pass

    group.add_command(_change("enable", N_("Enable a plugin, or one policy, for a tenant.")))
    group.add_command(_change("disable", N_("Disable a plugin, or one policy; its cases stay.")))
    return group


def _change(name: str, told: str) -> click.Command:
    @click.command(name, help=told)
    @NAME
    @TENANT
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(context: Context, plugin: str, tenant: str, key: str | None, as_json: bool) -> None:
        from avoir_gateway.administration import plugins

        change = plugins.enable if name == "enable" else plugins.disable

        async def carry_out(administering: Administering, order: Order) -> Done | Declined:
            return await change(administering, order, tenant, plugin)

        after = ordered(context, key, carry_out, tenant).record.after or {}
        if as_json:
            write(after)
            return
        names = after.get("plugins")
        enabled = ", ".join(map(str, names)) if isinstance(names, list) else ""
        text = ENABLED if enabled else NONE_ENABLED
        write([say(context, text, tenant=tenant, plugins=enabled)])

    return command
