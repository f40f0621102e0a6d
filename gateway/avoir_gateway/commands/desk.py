"""The desk: where whoever has the machine works on its installation, at the terminal."""

from __future__ import annotations

import asyncio
import getpass
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import click

from avoir.messages import N_
from avoir_gateway.commands.terminal import (
    Mistake,
    explained,
    reader,
    settings_in_force,
    tenant_named,
)

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir.lifecycles import Role
    from avoir_gateway import store
    from avoir_gateway.access import Principal
    from avoir_gateway.administration import Administering, Order
    from avoir_gateway.errors import UserError
    from avoir_gateway.service import Declined, Service

T = TypeVar("T")

AS_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Write JSON."))
TENANT = click.option("--tenant", required=True, help=N_("The tenant it is about."))
KEY = click.option("--key", help=N_("The idempotency key; a new one by default."))

DOOR: Final = "command"
"""What a record says of where an order came from."""

OPTIONS: Final = {
    "id": "ID",
    "tenant": "--tenant",
    "idempotencyKey": "--key",
    "timeZone": "--time-zone",
    "expiresAt": "--expires",
    "scopes": "--scope",
    "plugins": "--plugin",
    "plugin": "NAME",
    "token": "ID",
}
"""Where at the terminal something stands that an order names; else behind two hyphens."""


def at_desk(context: Context, use: Callable[[Service], Awaitable[T]]) -> T:
    """What comes of using the service; what cannot be done is said in a line."""
    from avoir_gateway import store
    from avoir_gateway.clock import system_clock
    from avoir_gateway.errors import GatewayError
    from avoir_gateway.opening import lay_out, opened, stores_in
    from avoir_gateway.service import Service

    settings = settings_in_force(context)

    async def run(uri: str) -> T:
        async with store.connect(uri) as client:
            stores = stores_in(client[settings.database])
            await lay_out(stores)
            return await use(Service(context.host, stores, system_clock))

    try:
        with explained(context), opened(settings) as uri:
            return asyncio.run(run(uri))
    except GatewayError as refused:
        raise Mistake(reader(context).say(refused.message)) from None


def ordered(
    context: Context,
    key: str | None,
    carry_out: Callable[[Administering, Order], Awaitable[T | Declined]],
    tenant: str | None = None,
) -> T:
    """What comes of an order that is given at the terminal; why it is declined is a mistake."""
    from avoir_gateway.access import PLATFORM
    from avoir_gateway.administration import Administering
    from avoir_gateway.administration.tenants import platform
    from avoir_gateway.service import Declined

    async def use(service: Service) -> T:
        if tenant is not None and tenant != PLATFORM:
            await tenant_named(context, service.stores.tenants, tenant)
        order = order_of(administrator(), platform(), key)
        done = await carry_out(Administering(service), order)
        if isinstance(done, Declined):
            raise mistake(context, done.errors)
        return done

    return at_desk(context, use)


def administrator() -> Principal:
    """Who works at the terminal of the machine, as an administrator of the installation."""
    from avoir.lifecycles import Role
    from avoir_gateway.access import PLATFORM

    return at_terminal(PLATFORM, Role.ADMINISTRATOR)


def at_terminal(tenant: str, role: Role) -> Principal:
    """Who works at the terminal of the machine, in a role of a tenant, by his user's name."""
    from avoir_gateway.access import Principal

    name = user()
    return Principal(tenant, f"{DOOR}:{name}", role, name, None, DOOR)


def order_of(actor: Principal, tenant: store.Tenant, key: str | None) -> Order:
    """An order given at the terminal, under a new key unless one is named."""
    from avoir_gateway import store
    from avoir_gateway.administration import Order

    return Order(actor=actor, tenant=tenant, origin=store.Origin(door=DOOR), key=key or new_key())


def new_key() -> str:
    """An idempotency key for who has none of his own."""
    return secrets.token_urlsafe(16)


def user() -> str:
    """The name of the user at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name is known for the user
        return DOOR


def mistake(context: Context, errors: Sequence[UserError]) -> Mistake:
    """What is wrong with an order, in one line."""
    words = reader(context)
    said = []
    for error in errors:
        place = ".".join(error.path)
        option = OPTIONS.get(place, f"--{place}") if place else ""
        said.append(f"{option}: {words.say(error.message)}" if option else words.say(error.message))
    return Mistake(" ".join(said))


def write(told: Mapping[str, object] | Iterable[str]) -> None:
    """A document as JSON, or lines as they are."""
    if isinstance(told, Mapping):
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in told:
            click.echo(line)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines in which each column begins at one place."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def stamp(at: datetime | None) -> str:
    """An instant as JSON and lists of the terminal write it."""
    return "" if at is None else at.isoformat(timespec="seconds")
