"""``avoir serve``: the gateway over HTTP."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click
import msgspec

from avoir.messages import N_
from avoir_gateway.commands.terminal import Mistake, explained, say, settings_in_force

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
