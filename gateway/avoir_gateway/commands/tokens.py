"""``avoir tokens``: issued, listed and revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from avoir.lifecycles import Role
from avoir.messages import N_
from avoir_gateway.access import Permission
from avoir_gateway.commands.desk import (
    AS_JSON,
    KEY,
    TENANT,
    administrator,
    at_desk,
    columns,
    mistake,
    ordered,
    stamp,
    write,
)
from avoir_gateway.commands.terminal import Mistake, reader, say, tenant_named

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.administration import Administering, Order
    from avoir_gateway.administration.tokens import Held, Issued, Revoked
    from avoir_gateway.service import Declined, Service

SHOWN_ONCE = N_("The token of {name}, shown this once:")
SHOWN_BEFORE = N_("This order was carried out before: the token was shown then, and cannot be now.")
REVOKED = N_("The token {token} is revoked.")
NO_MOMENT = N_("“{value}” is no moment with an offset: write it as 2026-03-31T18:00:00+02:00.")
NEVER, IS_REVOKED, UNUSED = N_("never ends"), N_("revoked"), N_("never used")


def tokens_command() -> click.Group:
    """The commands about tokens."""

    @click.group("tokens", help=N_("Tokens: issue, list and revoke them."))
    def group() -> None:
        pass

    for command in (_issue(), _list(), _revoke()):
        group.add_command(command)
    return group


def _issue() -> click.Command:
    @click.command("issue", help=N_("Issue a token; the terminal shows it once."))
    @click.option("--tenant", help=N_("The tenant; none for an administrator of the installation."))
    @click.option(
        "--role",
        required=True,
        type=click.Choice([role.value for role in Role if role is not Role.SYSTEM]),
        help=N_("The role in which its holder acts."),
    )
    @click.option("--actor", help=N_("The id of its holder; his party or role by default."))
    @click.option("--name", help=N_("What its holder is called; his id by default."))
    @click.option("--party", help=N_("The party that he is, such as professional:P-1."))
    @click.option(
        "--scope",
        "scopes",
        multiple=True,
        type=click.Choice([permission.value for permission in Permission]),
        help=N_("A permission it is good for; all that the role has by default."),
    )
    @click.option("--expires", help=N_("When it ends by itself, such as 2026-03-31T18:00Z."))
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        tenant: str | None,
        role: str,
        actor: str | None,
        name: str | None,
        party: str | None,
        scopes: Sequence[str],
        expires: str | None,
        key: str | None,
        as_json: bool,
    ) -> None:
        from avoir_gateway.access import PLATFORM
        from avoir_gateway.administration import tenants, tokens

        named = tenant or PLATFORM
        who = actor or (party or "").rpartition(":")[2] or role
        new = tokens.NewToken(
            actor=who,
            role=Role(role),
            name=name or who,
            party=party,
            scopes=tuple(scopes),
            expires_at=None if expires is None else _moment(context, expires),
        )

        async def carry_out(administering: Administering, order: Order) -> Issued | Declined:
            if named == PLATFORM:
                await tenants.ensure_platform(administering)
            return await tokens.issue(administering, order, named, new)

        issued = ordered(context, key, carry_out, named)
        if as_json:
            write({**tokens.told(issued.token), "secret": issued.secret})
        elif issued.secret is None:
            raise Mistake(say(context, SHOWN_BEFORE))
        else:
            # the secret stands alone on the standard output, where a script takes it from
            click.echo(say(context, SHOWN_ONCE, name=new.name), err=True)
            write([issued.secret])

    return command


def _moment(context: Context, value: str) -> datetime:
    from avoir_gateway import store

    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise Mistake(say(context, NO_MOMENT, value=value[:60]))
    return store.to_milliseconds(moment)


def _list() -> click.Command:
    @click.command("list", help=N_("List the tokens of a tenant, the revoked ones too."))
    @TENANT
    @AS_JSON
    @click.pass_obj
    def command(context: Context, tenant: str, as_json: bool) -> None:
        from avoir_gateway.administration import tokens

        found = at_desk(context, lambda service: _held(context, service, tenant))
        if as_json:
            rows = [
                {**tokens.told(held.token), "last_used_at": stamp(held.last_used_at) or None}
                for held in found
            ]
            write({"tokens": rows})
            return
        words = reader(context)
        write(
            columns(
                [
                    (
                        held.token.id,
                        held.token.role,
                        held.token.name,
                        held.token.party or "–",
                        ",".join(held.token.scopes) or "–",
                        words.word(IS_REVOKED)
                        if held.token.revoked_at is not None
                        else stamp(held.token.expires_at) or words.word(NEVER),
                        stamp(held.last_used_at) or words.word(UNUSED),
                    )
                    for held in found
                ]
            )
        )

    return command


async def _held(context: Context, service: Service, tenant: str) -> list[Held]:
    """All tokens of a tenant, page by page."""
    from avoir_gateway.access import PLATFORM
    from avoir_gateway.administration import Administering, tokens
    from avoir_gateway.service import Declined

    if tenant != PLATFORM:
        await tenant_named(context, service.stores.tenants, tenant)
    found: list[Held] = []
    after: str | None = None
    while True:
        page = await tokens.listing(Administering(service), administrator(), tenant, after, PAGE)
        if isinstance(page, Declined):
            raise mistake(context, page.errors)
        found += page
        if len(page) < PAGE:
            return found
        after = page[-1].token.id


PAGE = 500


def _revoke() -> click.Command:
    @click.command("revoke", help=N_("Revoke a token, within a second everywhere."))
    @click.argument("token", metavar="ID")
    @TENANT
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(context: Context, token: str, tenant: str, key: str | None, as_json: bool) -> None:
        from avoir_gateway.administration import tokens

        async def carry_out(administering: Administering, order: Order) -> Revoked | Declined:
            return await tokens.revoke(administering, order, tenant, token)

        done = ordered(context, key, carry_out, tenant)
        if as_json:
            write(tokens.told(done.token))
        else:
            write([say(context, REVOKED, token=token)])

    return command
