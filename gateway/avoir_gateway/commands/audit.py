"""``avoir audit``: the trail of a tenant, listed and exported, and its chain verified."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from avoir.lifecycles import Role
from avoir.messages import N_
from avoir_gateway.commands.desk import AS_JSON, at_desk, at_terminal, columns, stamp, write
from avoir_gateway.commands.terminal import Mistake, bar, day, reader, say, tenant_named

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway import store
    from avoir_gateway.administration.audit import Deed
    from avoir_gateway.service import Service

TENANT = click.option("--tenant", required=True, help=N_("The tenant whose records they are."))

SOURCES: Final = ("journal", "administration")
MOST: Final = 100
"""Records that are listed in one page of the trail."""

RECORDS = N_("Records")
WHOLE = N_("The chain of {tenant} is whole. Records: {records}; blocks: {blocks}.")
BROKEN = N_("The chain of {tenant} is broken. Findings: {findings}.")
WAITING = N_("Not sealed yet: {waiting}.")
HEAD = N_("Head, to be kept elsewhere: {head}")
NO_HEAD = N_("“{value}” is no block: write it as NUMBER:HASH.")
NO_RECORD = N_("There is no record {value} to go on behind.")
UNSEALED = N_("not sealed")


def audit_command() -> click.Group:
    """The commands about the audit trail."""

    @click.group("audit", help=N_("Audit: who did what, and whether the records still say so."))
    def group() -> None:
        pass

    for command in (_verify(), _list(), _export()):
        group.add_command(command)
    return group


# -- verify -----------------------------------------------------------------------------------


def _verify() -> click.Command:
    @click.command("verify", help=N_("Hold every record against the chain; 1 where one differs."))
    @TENANT
    @click.option("--head", help=N_("A block that the chain must hold: NUMBER:HASH."))
    @AS_JSON
    @click.pass_obj
    def command(context: Context, tenant: str, head: str | None, as_json: bool) -> None:
        told = at_desk(context, lambda service: _verified(context, service, tenant, head, as_json))
        if as_json:
            write(told)
        if not told["whole"]:
            raise click.exceptions.Exit(1)

    return command


async def _verified(
    context: Context, service: Service, name: str, head: str | None, as_json: bool
) -> dict[str, Any]:
    """What a verification came to, as a document; as lines it is written as it is found."""
    from avoir_gateway.administration import audit

    kept = None if head is None else audit.kept(head)
    if head is not None and kept is None:
        raise Mistake(say(context, NO_HEAD, value=_shown(head)))
    tenant = await _tenant(context, service, name)
    words = reader(context)
    findings: list[dict[str, Any]] = []
    with bar(context, RECORDS) as progress:
        verification = audit.verification(
            service, at_terminal(tenant.id, Role.AUDITOR), tenant, kept, progress
        )
        async for finding in verification.findings():
            message = " ".join(words.say(part).strip() for part in audit.said(finding))
            findings.append({**msgspec.to_builtins(finding), "message": message})
            if not as_json:
                click.echo(message)
    found = None if verification.head is None else audit.named(verification.head)
    if not as_json:
        counts = {"records": verification.records, "blocks": verification.blocks}
        if verification.is_whole:
            click.echo(say(context, WHOLE, tenant=tenant.id, **counts))
        else:
            click.echo(say(context, BROKEN, tenant=tenant.id, findings=len(findings)))
        if verification.waiting:
            click.echo(say(context, WAITING, waiting=verification.waiting))
        if found is not None and verification.is_whole:
            click.echo(say(context, HEAD, head=found))
    return {
        "tenant": tenant.id,
        "whole": verification.is_whole,
        "records": verification.records,
        "blocks": verification.blocks,
        "waiting": verification.waiting,
        "head": found,
        "findings": findings,
    }


# -- list -------------------------------------------------------------------------------------


def _list() -> click.Command:
    @click.command("list", help=N_("List what was done, the latest first."))
    @TENANT
    @click.option("--case", help=N_("What was done about this case."))
    @click.option("--actor", help=N_("What the actor with this id did."))
    @click.option("--action", help=N_("These actions, such as request_credit or token.issue."))
    @click.option(
        "--source", type=click.Choice(SOURCES), help=N_("Decisions only, or changes only.")
    )
    @click.option("--from", "start", help=N_("The first day, in the time zone of the tenant."))
    @click.option("--to", "end", help=N_("The day before which it was done."))
    @click.option(
        "--first", type=click.IntRange(1, 10_000), default=20, help=N_("How much at most.")
    )
    @click.option("--after", help=N_("Go on behind this record."))
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        tenant: str,
        case: str | None,
        actor: str | None,
        action: str | None,
        source: str | None,
        start: str | None,
        end: str | None,
        first: int,
        after: str | None,
        as_json: bool,
    ) -> None:
        days = [None if one is None else day(context, one) for one in (start, end)]

        async def listed(service: Service) -> tuple[list[Deed], str | None]:
            from avoir_gateway import store
            from avoir_gateway.administration.audit import day_begins

            found = await _tenant(context, service, tenant)
            since, until = [
                None if one is None else day_begins(one, found.time_zone) for one in days
            ]
            which = store.TrailFilter(
                source=None if source is None else store.Source(source),
                case=case,
                actor=actor,
                action=action,
                since=since,
                until=until,
            )
            return await _deeds(context, service, found, which, first, after)

        deeds, more = at_desk(context, listed)
        if as_json:
            write({"entries": [told(deed) for deed in deeds], "after": more})
        else:
            write(columns([_row(context, deed) for deed in deeds]))

    return command


async def _deeds(
    context: Context,
    service: Service,
    tenant: store.Tenant,
    which: store.TrailFilter,
    first: int,
    after: str | None,
) -> tuple[list[Deed], str | None]:
    """So many deeds, and behind which record there may be more."""
    from avoir_gateway.administration import audit
    from avoir_gateway.errors import Code, GatewayError

    deeds: list[Deed] = []
    while True:
        wanted = min(first - len(deeds), MOST)
        try:
            page = await audit.trail(
                service,
                at_terminal(tenant.id, Role.AUDITOR),
                tenant,
                which,
                after=after,
                first=wanted,
            )
        except GatewayError as refused:
            if refused.code is not Code.BAD_CURSOR:
                raise
            raise Mistake(say(context, NO_RECORD, value=_shown(after or ""))) from None
        deeds += page.deeds
        after = page.last
        if not page.more:
            return deeds, None
        if len(deeds) == first:
            return deeds, after


def told(deed: Deed) -> dict[str, Any]:
    """A deed as a document."""
    document: dict[str, Any] = msgspec.to_builtins(deed)
    return document


def _row(context: Context, deed: Deed) -> tuple[str, ...]:
    where = deed.origin.door if deed.origin.address is None else deed.origin.address
    return (
        stamp(deed.at),
        f"{deed.actor.name} ({deed.actor.role})",
        deed.action,
        deed.subject if deed.revision is None else f"{deed.subject}#{deed.revision}",
        where,
        deed.credential,
        say(context, UNSEALED) if deed.block is None else str(deed.block),
    )


# -- export -----------------------------------------------------------------------------------


def _export() -> click.Command:
    @click.command("export", help=N_("Write every record as a line of JSON, the oldest first."))
    @TENANT
    @AS_JSON
    @click.pass_obj
    def command(context: Context, tenant: str, as_json: bool) -> None:
        async def exported(service: Service) -> None:
            from avoir_gateway.administration import audit

            found = await _tenant(context, service, tenant)
            out = sys.stdout.buffer
            async for line in audit.export(service, at_terminal(found.id, Role.AUDITOR), found):
                out.write(line)
            out.flush()

        at_desk(context, exported)

    return command


async def _tenant(context: Context, service: Service, name: str) -> store.Tenant:
    from avoir_gateway.access import PLATFORM
    from avoir_gateway.administration.tenants import platform

    if name == PLATFORM:
        return platform()
    return await tenant_named(context, service.stores.tenants, name)


def _shown(text: str) -> str:
    return text[:80].encode("ascii", "backslashreplace").decode()
