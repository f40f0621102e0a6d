"""``avoir tenants``: created, listed, changed, suspended, resumed and closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from avoir.messages import N_
from avoir_gateway.commands.desk import AS_JSON, KEY, at_desk, columns, ordered, write
from avoir_gateway.commands.terminal import reader, say, tenant_named

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway import store
    from avoir_gateway.administration import Administering, Done, Order
    from avoir_gateway.service import Declined, Service
    from avoir_gateway.store import JSON

ID: Final = click.argument("tenant", metavar="ID")
CREATED = N_("The tenant {tenant} is there. Next: avoir plugins enable NAME --tenant {tenant}")
CHANGED = N_("The tenant {tenant} is changed.")
NO_TENANTS = N_("There is no tenant yet: avoir tenants create ID makes one.")
STATUSES: Final = {
    "active": N_("served"),
    "suspended": N_("suspended"),
    "closed": N_("closed"),
}


def tenants_command() -> click.Group:
    """The commands about tenants."""

    @click.group("tenants", help=N_("Tenants: create, list, change, suspend and close them."))
    def group() -> None:
        pass

    group.add_command(_create())
    group.add_command(_list())
    group.add_command(_show())
    group.add_command(_change())
    for name, status, told in (
        ("suspend", "suspended", N_("Let nobody in until it is resumed.")),
        ("resume", "active", N_("Serve a tenant again that was suspended or closed.")),
        ("close", "closed", N_("Close a tenant: it can be read, and nothing is changed.")),
    ):
        group.add_command(_status(name, status, told))
    return group


def _create() -> click.Command:
    @click.command("create", help=N_("Create a tenant."))
    @ID
    @click.option("--name", help=N_("What it is called; its id by default."))
    @click.option("--language", default="en", help=N_("Its locale, such as fr_CA."))
    @click.option("--time-zone", default="UTC", help=N_("Its time zone, such as America/Toronto."))
    @click.option("--currency", default="EUR", help=N_("Its currency, such as CAD."))
    @click.option("--plugin", "plugins", multiple=True, help=N_("A plugin to enable at once."))
    @click.option(
        "--test", "kind", flag_value="test", help=N_("A test tenant, whose clock can be set.")
    )
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        tenant: str,
        name: str | None,
        language: str,
        time_zone: str,
        currency: str,
        plugins: Sequence[str],
        kind: str | None,
        key: str | None,
        as_json: bool,
    ) -> None:
        from avoir_gateway import store
        from avoir_gateway.administration import tenants

        new = tenants.NewTenant(
            id=tenant,
            name=tenant if name is None else name,
            language=language,
            time_zone=time_zone,
            currency=currency,
            plugins=tuple(plugins),
            kind=store.TenantKind(kind or "live"),
        )

        async def carry_out(administering: Administering, order: Order) -> Done | Declined:
            return await tenants.create(administering, order, new)

        done = ordered(context, key, carry_out)
        _tell(context, done, tenant, CREATED, as_json)

    return command


def _change() -> click.Command:
    @click.command("change", help=N_("Rename a tenant, or change its language, zone or currency."))
    @ID
    @click.option("--name", help=N_("What it is called."))
    @click.option("--language", help=N_("Its locale, such as fr_CA."))
    @click.option("--time-zone", help=N_("Its time zone, such as America/Toronto."))
    @click.option("--currency", help=N_("Its currency, such as CAD."))
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        tenant: str,
        name: str | None,
        language: str | None,
        time_zone: str | None,
        currency: str | None,
        key: str | None,
        as_json: bool,
    ) -> None:
        from avoir_gateway.administration import tenants

        wanted = tenants.TenantChange(
            name=name, language=language, time_zone=time_zone, currency=currency
        )

        async def carry_out(administering: Administering, order: Order) -> Done | Declined:
            return await tenants.alter(administering, order, tenant, wanted)

        _tell(context, ordered(context, key, carry_out, tenant), tenant, CHANGED, as_json)

    return command


def _status(name: str, status: str, told: str) -> click.Command:
    @click.command(name, help=told)
    @ID
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(context: Context, tenant: str, key: str | None, as_json: bool) -> None:
        from avoir_gateway import store
        from avoir_gateway.administration import tenants

        async def carry_out(administering: Administering, order: Order) -> Done | Declined:
            return await tenants.set_status(
                administering, order, tenant, store.TenantStatus(status)
            )

        _tell(context, ordered(context, key, carry_out, tenant), tenant, CHANGED, as_json)

    return command


def _tell(context: Context, done: Done, tenant: str, text: str, as_json: bool) -> None:
    if as_json:
        write(done.record.after or {})
    else:
        write([say(context, text, tenant=tenant)])


def _list() -> click.Command:
    @click.command("list", help=N_("List the tenants."))
    @AS_JSON
    @click.pass_obj
    def command(context: Context, as_json: bool) -> None:
        async def use(service: Service) -> list[store.Tenant]:
            return await service.stores.tenants.all()

        found = at_desk(context, use)
        if as_json:
            write({"tenants": [_told(tenant) for tenant in found]})
            return
        if not found:
            write([say(context, NO_TENANTS)])
        words = reader(context)
        write(
            columns(
                [
                    (
                        one.id,
                        one.name,
                        words.word(STATUSES[one.status.value]),
                        one.language,
                        one.time_zone,
                        one.currency,
                        ", ".join(one.plugins) or "–",
                    )
                    for one in found
                ]
            )
        )

    return command


def _show() -> click.Command:
    @click.command("show", help=N_("Show a tenant as JSON."))
    @ID
    @click.pass_obj
    def command(context: Context, tenant: str) -> None:
        async def use(service: Service) -> store.Tenant:
            return await tenant_named(context, service.stores.tenants, tenant)

        write(_told(at_desk(context, use)))

    return command


def _told(tenant: store.Tenant) -> dict[str, JSON]:
    from avoir_gateway.administration.tenants import told

    return told(tenant)
