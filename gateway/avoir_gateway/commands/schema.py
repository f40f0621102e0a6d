"""``avoir schema``: the schema of a set of plugins, or of what a tenant has enabled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from avoir.messages import N_
from avoir_gateway.commands.terminal import (
    Mistake,
    explained,
    say,
    settings_in_force,
    tenant_named,
)

if TYPE_CHECKING:
    from avoir.cli.main import Context

NO_PLUGIN = N_("There is no plugin {plugin}. Known are: {known}.")
NOT_BOTH = N_("Give --tenant or --plugins, not both.")


def schema_command() -> click.Command:
    """Write a schema."""

    @click.command("schema", help=N_("Write the GraphQL schema, of all plugins by default."))
    @click.option("--tenant", help=N_("Of what is enabled for a tenant."))
    @click.option("--plugins", help=N_("Of these plugins or policies, with commas between them."))
    @click.pass_obj
    def command(context: Context, tenant: str | None, plugins: str | None) -> None:
        if tenant is not None and plugins is not None:
            raise Mistake(say(context, NOT_BOTH))
        policies = frozenset(context.host.policies)
        installed = frozenset(key.partition(".")[0] for key in policies)
        chosen = installed
        if plugins is not None:
            chosen = frozenset(name.strip() for name in plugins.split(",") if name.strip())
        for name in sorted(chosen - installed - policies):
            known = ", ".join(sorted(installed))
            raise Mistake(say(context, NO_PLUGIN, plugin=name[:60], known=known))
        if tenant is not None:
            chosen = _enabled(context, tenant)
        from avoir_gateway.schema.build import build, sdl

        click.echo(sdl(build(context.host, chosen)), nl=False)

    return command


def _enabled(context: Context, tenant: str) -> frozenset[str]:
    from avoir_gateway import store
    from avoir_gateway.opening import opened

    settings = settings_in_force(context)

    async def find(uri: str) -> store.Tenant:
        async with store.connect(uri) as client:
            return await tenant_named(context, store.Tenants(client[settings.database]), tenant)

    with explained(context), opened(settings) as uri:
        found = asyncio.run(find(uri))
    return frozenset(found.plugins)
