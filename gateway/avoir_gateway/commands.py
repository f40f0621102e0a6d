"""The gateway's commands. What is heavy is imported where a command needs it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click
import msgspec

from avoir.messages import N_
from avoir_gateway.terminal import (
    Mistake,
    explained,
    reader,
    say,
    settings_in_force,
    tenant_named,
)

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.opening import LocalStore
    from avoir_gateway.service import Service
    from avoir_gateway.settings import Settings

HEAD_START_SECONDS: Final = 0.04

IN_USE = N_("{host}:{port} is in use: stop what listens there, or name another port with --port.")
NO_ADDRESS = N_("{host}:{port} is nowhere to listen: {reason}.")
LISTENING = N_("Avoir answers at {address}/graphql")
IN_BROWSER = N_("Open it in a browser for the explorer.")
STORE_HERE = N_("The data lies in {folder}.")
STORE_SHARED = N_("The data lies in {folder}; another process runs its store.")
NO_PLUGIN = N_("There is no plugin {plugin}. Known are: {known}.")
NOT_BOTH = N_("Give --tenant or --plugins, not both.")
SET, BY_DEFAULT = N_("set"), N_("default")
REBUILDING = N_("Records")
REBUILT = N_("The lists were made again. Records read: {records}.")


def commands() -> Sequence[click.Command]:
    """The commands, made anew: the command line translates them in place."""
    from avoir_gateway.reporting import report_command

    return (
        serve_command(),
        schema_command(),
        settings_command(),
        rebuild_command(),
        report_command(),
    )


# -- serve ------------------------------------------------------------------------------------


def serve_command() -> click.Command:
    """Serve the gateway."""

    @click.command("serve", help=N_("Serve the gateway over HTTP."))
    @click.option("--host", help=N_("The address to listen on."))
    @click.option(
        "--port", type=click.IntRange(0, 65_535), help=N_("The port to listen on; 0 takes any.")
    )
    @click.option("--demo", is_flag=True, help=N_("Serve demonstration data of its own."))
    @click.pass_obj
    def command(context: Context, host: str | None, port: int | None, demo: bool) -> None:
        settings = settings_in_force(context, host=host, port=port)
        if demo:
            settings = settings.for_demonstration()
        _serve(context, settings, demo)

    return command


def _serve(context: Context, settings: Settings, demo: bool) -> None:
    from avoir_gateway.listening import ended_by_signals

    with _listener(context, settings) as listener, ended_by_signals() as tidying:
        settings = msgspec.structs.replace(settings, port=listener.getsockname()[1])
        with explained(context):
            local = _local_store(settings)
        try:
            _run(context, settings, listener, local, demo)
        finally:
            tidying()
            if local is not None:
                local.close()


def _listener(context: Context, settings: Settings) -> socket.socket:
    from avoir_gateway.listening import listen

    where = {"host": settings.host, "port": str(settings.port)}
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Mistake(say(context, IN_USE, **where)) from None
        reason = error.strerror or str(error)
        raise Mistake(say(context, NO_ADDRESS, **where, reason=reason)) from None


def _local_store(settings: Settings) -> LocalStore | None:
    if settings.mongodb_uri is not None:
        return None
    from avoir_gateway.opening import LocalStore

    # A store takes half a second to start, in which what serves can be read; but not before it
    # has been launched, which would have to wait for that.
    ahead = threading.Timer(HEAD_START_SECONDS, _read_ahead)
    ahead.daemon = True
    ahead.start()
    return LocalStore(settings.data)


def _read_ahead() -> None:
    with suppress(ImportError):
        import_module("avoir_gateway.app")
        import_module("avoir_gateway.schema.build")


def _run(
    context: Context,
    settings: Settings,
    listener: socket.socket,
    local: LocalStore | None,
    demo: bool,
) -> None:
    from avoir_gateway.app import create_app
    from avoir_gateway.gateway import Gateway
    from avoir_gateway.listening import address
    from avoir_gateway.schema.build import Schemas
    from avoir_gateway.serving import log_to_stderr, serve
    from avoir_gateway.settings import Explorer

    where = address(settings.host, listener)
    told: list[str] | None = [] if not demo else None
    listens = False

    async def prepare(service: Service) -> None:
        nonlocal told
        told = await _demonstrate(service, settings, where)
        if listens:
            _tell(told)

    def listening() -> None:
        nonlocal listens
        listens = True
        lines = [say(context, LISTENING, address=where)]
        if settings.explorer is Explorer.ON:
            lines.append(say(context, IN_BROWSER))
        if local is not None:
            text = STORE_HERE if local.is_ours else STORE_SHARED
            lines.append(say(context, text, folder=str(settings.data)))
        _tell([*lines, *(told or ())])

    log_to_stderr(settings.log_level)
    uri = settings.mongodb_uri or (local.uri if local else "")
    gateway = Gateway(
        settings, context.host, Schemas(context.host), uri, prepare=prepare if demo else None
    )
    with explained(context):
        serve(create_app(gateway), gateway, listener, local, listening)


async def _demonstrate(service: Service, settings: Settings, address: str) -> list[str]:
    from avoir_gateway.demo import prepare

    return list(await prepare(service.stores, service.host, settings, address))


def _tell(lines: Sequence[str]) -> None:
    # Who read our output may have gone; we serve on.
    with suppress(BrokenPipeError):
        for line in lines:
            click.echo(line)


# -- schema -----------------------------------------------------------------------------------


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


# -- settings ---------------------------------------------------------------------------------


def settings_command() -> click.Command:
    """Show the settings."""

    @click.command("settings", help=N_("Show the settings in force, without secrets."))
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.pass_obj
    def command(context: Context, form: str | None) -> None:
        from avoir_gateway.settings import shown

        words = reader(context)
        rows = shown(settings_in_force(context), os.environ)
        if form == "json":
            said = {row.variable: row.value for row in rows}
            click.echo(msgspec.json.format(msgspec.json.encode(said)))
            return
        for row in rows:
            origin = words.word(SET if row.is_set else BY_DEFAULT)
            click.echo(f"{row.variable}={row.value}  ({origin})\n    {words.word(row.about)}")

    return command


# -- rebuild ----------------------------------------------------------------------------------


def rebuild_command() -> click.Command:
    """Make the lists again from the journal."""

    @click.command("rebuild", help=N_("Make the lists of cases and accounts again."))
    @click.pass_obj
    def command(context: Context) -> None:
        from avoir_gateway import store
        from avoir_gateway.opening import lay_out, opened, stores_in

        settings = settings_in_force(context)

        async def rebuild(uri: str) -> int:
            async with store.connect(uri) as client:
                stores = stores_in(client[settings.database])
                await lay_out(stores)
                total = await stores.journal.count()
                with click.progressbar(
                    length=max(total, 1), label=say(context, REBUILDING), file=sys.stderr
                ) as bar:
                    done = 0

                    def progress(so_far: int, of: int) -> None:
                        nonlocal done
                        bar.length = of
                        bar.update(so_far - done)
                        done = so_far

                    return await stores.projections.rebuild(progress)

        with explained(context), opened(settings) as uri:
            records = asyncio.run(rebuild(uri))
        click.echo(say(context, REBUILT, records=records))

    return command
