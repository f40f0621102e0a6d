"""``avoir parameters``: what is in force, set from a day on, tried before, and what differs."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import click

from avoir.lifecycles import Role
from avoir.messages import N_
from avoir_gateway.commands import telling
from avoir_gateway.commands.desk import AS_JSON, KEY, TENANT, at_desk, at_terminal, order_of, write
from avoir_gateway.commands.terminal import Mistake, bar, day, reader, say, tenant_named
from avoir_gateway.commands.values import values_of

if TYPE_CHECKING:
    from datetime import date

    from avoir.cli.main import Context
    from avoir.policies import Policy
    from avoir.readers import Reader
    from avoir_gateway import store
    from avoir_gateway.access import Principal
    from avoir_gateway.errors import UserError
    from avoir_gateway.service import Service
    from avoir_gateway.store import JSON

T = TypeVar("T")

POLICY = click.argument("policy")
SET = click.option(
    "--set", "stated", multiple=True, help=N_("NAME=VALUE: JSON if it can be read so, else text.")
)
FILE = click.option(
    "--values", "file", help=N_("A JSON file of names and values; null is the default.")
)

NOT_ENABLED = N_("The tenant {tenant} has not enabled {policy}.")
SAVE = N_("Save this from {day} on?")
SAVED = N_("Saved: edition {hash} holds from {day} on.")
NOT_SAVED = N_("Nothing was saved.")
TRYING = N_("Cases")

OPTIONS: Final = {
    "effectiveFrom": "--from",
    "idempotencyKey": "--key",
    "days": "--days",
    "values": "--set",
}
"""Where at the terminal something stands that an order names."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a command works with: the service, the tenant, who is at the terminal, the policy."""

    service: Service
    tenant: store.Tenant
    actor: Principal
    policy: Policy

    def reader(self, context: Context) -> Reader:
        """The one at the terminal, as a reader of the words of the policy."""
        from avoir.readers import Reader

        policy = self.policy
        catalogs = context.host.catalogs
        return Reader(context.tag, self.tenant.time_zone, catalogs, policy.domain, policy.labels)


def parameters_command() -> click.Group:
    """The commands about parameters."""

    @click.group("parameters", help=N_("Parameters of a policy: show, set, try and compare them."))
    def group() -> None:
        pass

    for command in (_show(), _set(), _try(), _history(), _diff()):
        group.add_command(command)
    return group


def _show() -> click.Command:
    @click.command("show", help=N_("Show the values in force on a day."))
    @POLICY
    @TENANT
    @click.option("--on", help=N_("The day; today by default."))
    @AS_JSON
    @click.pass_obj
    def command(context: Context, policy: str, tenant: str, on: str | None, as_json: bool) -> None:
        chosen = None if on is None else day(context, on)

        async def shown(here: Here) -> None:
            edition = await here.service.edition(here.tenant, here.policy, chosen)
            words = here.reader(context)
            write(
                telling.edition(edition, words)
                if as_json
                else telling.edition_lines(context, edition, words)
            )

        _run(context, policy, tenant, shown)

    return command


def _set() -> click.Command:
    @click.command("set", help=N_("Set values from a day on, never for a day that is over."))
    @POLICY
    @TENANT
    @click.option("--from", "start", required=True, help=N_("The day from which they hold."))
    @SET
    @FILE
    @KEY
    @click.option("--yes", is_flag=True, help=N_("Do not ask before saving."))
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        policy: str,
        tenant: str,
        start: str,
        stated: Sequence[str],
        file: str | None,
        key: str | None,
        yes: bool,
        as_json: bool,
    ) -> None:
        effective_from = day(context, start)
        values = values_of(context, stated, file)
        asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()

        async def put(here: Here) -> None:
            await _saved(context, here, effective_from, values, key, asks, as_json)

        _run(context, policy, tenant, put)

    return command


async def _saved(
    context: Context,
    here: Here,
    effective_from: date,
    values: Mapping[str, JSON],
    key: str | None,
    asks: bool,
    as_json: bool,
) -> None:
    from avoir_gateway.administration import Administering
    from avoir_gateway.administration.parameters import Values, preview, set_values
    from avoir_gateway.errors import Code
    from avoir_gateway.service import Declined

    expected: str | None = None
    if asks:
        seen = await preview(here.service, here.tenant, here.policy, values, effective_from)
        if isinstance(seen, Declined):
            raise _mistake(context, here, seen.errors)
        before, after = seen
        write(telling.change_lines(context, before, after, here.reader(context)))
        if not click.confirm(say(context, SAVE, day=effective_from)):
            click.echo(say(context, NOT_SAVED))
            return
        # what was shown is what is changed, or nothing is
        expected = before.hash
    order = order_of(here.actor, here.tenant, key)
    wanted = Values(
        policy=here.policy.key,
        effective_from=effective_from,
        values=values,
        expected_hash=expected,
    )
    done = await set_values(Administering(here.service), order, wanted)
    if isinstance(done, Declined):
        if {error.code for error in done.errors} == {Code.NOTHING_CHANGED.value}:
            # who wants it so has it so: a script may say so again and again
            unchanged = reader(context).say(done.errors[0].message)
            write({"saved": False, "message": unchanged} if as_json else [unchanged])
            return
        raise _mistake(context, here, done.errors)
    if as_json:
        write(telling.made(done, here.reader(context)))
        return
    if not asks:
        write(telling.change_lines(context, done.before, done.after, here.reader(context)))
    saved = say(context, SAVED, hash=done.after.hash, day=done.after.effective_from)
    write([saved, *telling.later_lines(context, done.later)])


def _try() -> click.Command:
    @click.command("try", help=N_("Try values on the cases there were; nothing is saved."))
    @POLICY
    @TENANT
    @SET
    @FILE
    @click.option("--days", type=int, default=90, help=N_("Cases opened within so many days."))
    @click.option("--on", help=N_("The day whose values they are laid over; today by default."))
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        policy: str,
        tenant: str,
        stated: Sequence[str],
        file: str | None,
        days: int,
        on: str | None,
        as_json: bool,
    ) -> None:
        values = values_of(context, stated, file)
        chosen = None if on is None else day(context, on)

        async def tried(here: Here) -> None:
            await _tried(context, here, values, chosen, days, as_json)

        _run(context, policy, tenant, tried)

    return command


async def _tried(
    context: Context,
    here: Here,
    values: Mapping[str, JSON],
    on: date | None,
    days: int,
    as_json: bool,
) -> None:
    from avoir_gateway.administration.parameters import Question, try_values
    from avoir_gateway.service import Declined

    # what a process that ended left out of the lists comes in first
    await here.service.stores.projections.catch_up()
    question = Question(policy=here.policy.key, values=values, on=on, days=days)
    with bar(context, TRYING) as progress:
        trial = await try_values(here.service, here.actor, here.tenant, question, progress=progress)
    if isinstance(trial, Declined):
        raise _mistake(context, here, trial.errors)
    edition = await here.service.edition(here.tenant, here.policy, on)
    words = here.reader(context)
    if as_json:
        write(telling.trial(trial, edition, words))
    else:
        write(
            [
                *telling.change_lines(context, edition, trial.edition, words),
                *telling.trial_lines(context, trial, words),
            ]
        )


def _history() -> click.Command:
    @click.command("history", help=N_("List every edition that was set, and what it changed."))
    @POLICY
    @TENANT
    @AS_JSON
    @click.pass_obj
    def command(context: Context, policy: str, tenant: str, as_json: bool) -> None:
        async def listed(here: Here) -> None:
            from avoir_gateway.administration.parameters import editions

            found = await editions(here.service, here.actor, here.tenant, here.policy)
            words = here.reader(context)
            write(
                telling.history(found, words)
                if as_json
                else telling.history_lines(context, found, words)
            )

        _run(context, policy, tenant, listed)

    return command


def _diff() -> click.Command:
    @click.command("diff", help=N_("Show what reads otherwise on the second of two days."))
    @POLICY
    @click.argument("first")
    @click.argument("second")
    @TENANT
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context, policy: str, first: str, second: str, tenant: str, as_json: bool
    ) -> None:
        days = day(context, first), day(context, second)

        async def compared(here: Here) -> None:
            before, after = [
                await here.service.edition(here.tenant, here.policy, one) for one in days
            ]
            words = here.reader(context)
            write(
                telling.change(before, after, words)
                if as_json
                else telling.change_lines(context, before, after, words, rows=True)
            )

        _run(context, policy, tenant, compared)

    return command


def _run(
    context: Context, policy: str, tenant: str, use: Callable[[Here], Awaitable[None]]
) -> None:
    """Use the service for a policy that a tenant has enabled."""
    chosen = context.host.policy(policy)

    async def there(service: Service) -> None:
        found = await tenant_named(context, service.stores.tenants, tenant)
        if service.policy(found, chosen.key) is None:
            told = {"tenant": tenant[:60], "policy": chosen.key}
            raise Mistake(say(context, NOT_ENABLED, **told))
        await use(Here(service, found, at_terminal(found.id, Role.OPERATOR), chosen))

    at_desk(context, there)


def _mistake(context: Context, here: Here, errors: Sequence[UserError]) -> Mistake:
    """What is wrong with an order, in one line."""
    from avoir_gateway.administration.parameters import OWN
    from avoir_gateway.errors import OUR_OWN

    ours, theirs = reader(context), here.reader(context)
    said = []
    for error in errors:
        words = ours if error.message.text in OWN | OUR_OWN else theirs
        place = ".".join(error.path).removeprefix("values.")
        place = OPTIONS.get(place, place)
        said.append(f"{place}: {words.say(error.message)}" if place else words.say(error.message))
    return Mistake("; ".join(said))
