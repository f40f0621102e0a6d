"""``avoir rebuild``: the lists of cases and accounts, made again from the journal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from avoir.messages import N_
from avoir_gateway.commands.terminal import bar, explained, say, settings_in_force

if TYPE_CHECKING:
    from avoir.cli.main import Context

REBUILDING = N_("Records")
REBUILT = N_("The lists were made again. Records read: {records}.")


def rebuild_command() -> click.Command:
    """Make the lists again from the journal."""

    @click.command("rebuild", help=N_("Make the lists of cases and accounts again."))
    @click.pass_obj
    def command(context: Context) -> None:
        from avoir_gateway import store
        from avoir_gateway.opening import lay_out, opened, stores_in
        from avoir_gateway.waiting import PoliciesWait

        settings = settings_in_force(context)

        async def rebuild(uri: str) -> int:
            async with store.connect(uri) as client:
                stores = stores_in(client[settings.database])
                stores.projections.tell(PoliciesWait(context.host.policies))
                await lay_out(stores)
                with bar(context, REBUILDING) as progress:
                    return await stores.projections.rebuild(progress)

        with explained(context), opened(settings) as uri:
            records = asyncio.run(rebuild(uri))
        click.echo(say(context, REBUILT, records=records))

    return command
