"""``avoir report``: the returns of a policy as a table of values, for whoever calculates on."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import click

from avoir.documents import unit
from avoir.messages import N_
from avoir.money import Money
from avoir.returns import Figure, Total
from avoir_gateway.commands.terminal import (
    Mistake,
    day,
    explained,
    reader,
    say,
    settings_in_force,
    tenant_named,
)

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.service.returns import Question, Returned, Value

TOTAL: Final = "total"
"""What stands for the period in the last line, which is that of all lines."""

PERIODS: Final = ("day", "week", "month", "quarter", "year", "whole")

NOT_ENABLED = N_("The tenant {tenant} has not enabled {policy}.")
NO_PART = N_("The returns of {policy} have no such part: {part}.")

Row = Sequence[str]


def report_command() -> click.Command:
    """Write the returns of a policy."""

    @click.command("report", help=N_("Write what came of the cases of a policy, as CSV."))
    @click.argument("policy")
    @click.option("--tenant", required=True, help=N_("The tenant whose cases they are."))
    @click.option("--from", "start", help=N_("The first day on which cases were opened."))
    @click.option("--to", "end", help=N_("The day before which they were opened."))
    @click.option(
        "--period",
        type=click.Choice(PERIODS),
        default="month",
        help=N_("What a line stands for; a month by default."),
    )
    @click.option(
        "--by", type=click.Choice(("party",)), help=N_("What else lines go by: each party.")
    )
    @click.option(
        "--part",
        type=click.Choice(tuple(PARTS)),
        default="figures",
        help=N_("What to write: the figures, the outcomes by clause, or where the cases stand."),
    )
    @click.pass_obj
    def command(
        context: Context,
        policy: str,
        tenant: str,
        start: str | None,
        end: str | None,
        period: str,
        by: str | None,
        part: str,
    ) -> None:
        from avoir_gateway import store
        from avoir_gateway.service.returns import Question

        key = context.host.policy(policy).key
        question = Question(
            start=None if start is None else day(context, start),
            end=None if end is None else day(context, end),
            period=store.Period(period),
            by_party=by is not None,
        )
        click.echo(_written(_table(context, key, tenant, question, part)), nl=False)

    return command


def _written(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _table(
    context: Context, policy: str, tenant: str, question: Question, part: str
) -> Sequence[Row]:
    """The lines of a part of the returns, its head first."""
    from avoir.lifecycles import Role
    from avoir_gateway import store
    from avoir_gateway.access import Principal
    from avoir_gateway.clock import system_clock
    from avoir_gateway.errors import GatewayError
    from avoir_gateway.opening import lay_out, opened, stores_in
    from avoir_gateway.service import Service
    from avoir_gateway.service.returns import returned

    settings = settings_in_force(context)

    async def read(uri: str) -> Sequence[Row]:
        async with store.connect(uri) as client:
            stores = stores_in(client[settings.database])
            await lay_out(stores)
            found = await tenant_named(context, stores.tenants, tenant)
            service = Service(context.host, stores, system_clock)
            if service.policy(found, policy) is None:
                values = {"tenant": tenant[:60], "policy": policy}
                raise Mistake(say(context, NOT_ENABLED, **values))
            who = Principal(found.id, "avoir report", Role.OPERATOR, "avoir report", None, "")
            asked = returned(service, who, found, policy, question)
            # What a process that ended left out of the figures comes in first.
            await stores.projections.catch_up()
            rows = await PARTS[part](asked)
            if not rows:
                raise Mistake(say(context, NO_PART, policy=policy, part=part))
            return rows

    try:
        with explained(context), opened(settings) as uri:
            return asyncio.run(read(uri))
    except GatewayError as refused:
        raise Mistake(reader(context).say(refused.message)) from None


async def _figures(asked: Returned) -> Sequence[Row]:
    series = await asked.figures()
    by_party = ("party",) if asked.span.by_party else ()
    names = [name for figure in asked.returns.figures for name in _columns(figure)]
    lines = [
        (line.start.isoformat(), *((line.party or "",) if by_party else ()), *_cells(line.values))
        for line in series.lines
    ]
    total = (TOTAL, *("" for _ in by_party), *_cells(series.totals))
    return [("period", *by_party, *names), *lines, total]


def _columns(figure: Figure) -> Sequence[str]:
    """The columns of a figure: an amount has its unit beside it."""
    name = figure.name
    return (name, f"{name}_unit") if isinstance(figure, Total) else (name,)


def _cells(values: Mapping[str, Value]) -> Iterator[str]:
    for value in values.values():
        match value:
            case None:
                yield ""
            case Money():
                yield from (value.amount, value.unit.code)
            case Decimal():
                yield f"{value:f}"
            case int():
                yield str(value)


async def _outcomes(asked: Returned) -> Sequence[Row]:
    if asked.returns.outcomes is None:
        return ()
    by_party = ("party",) if asked.span.by_party else ()
    lines = []
    for row in (await asked.outcomes()).rows:
        booked: Row = ("", "")
        if row.booked is not None and row.unit is not None:
            booked = (Money(row.booked, unit(row.unit, asked.policy)).amount, row.unit)
        party = (row.party or "",) if by_party else ()
        came = (row.outcome or "", row.clause or "", str(row.count))
        lines.append((row.start.isoformat(), *party, *came, *booked))
    names = ("outcome", "clause", "count", "booked", "booked_unit")
    return [("period", *by_party, *names), *lines]


async def _pipeline(asked: Returned) -> Sequence[Row]:
    if asked.returns.pipeline is None:
        return ()
    lines = []
    for stage in await asked.pipeline():
        step = asked.policy.lifecycle.state(stage.state).step
        since = "" if stage.oldest is None else stage.oldest.isoformat()
        numbers = ("" if step is None else str(step), str(stage.count), str(stage.overdue))
        lines.append((stage.state, *numbers, since))
    return [("state", "step", "count", "overdue", "oldest"), *lines]


PARTS: Final = {"figures": _figures, "outcomes": _outcomes, "pipeline": _pipeline}
"""What may be written; a policy may be without the last two."""
