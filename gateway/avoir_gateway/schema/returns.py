"""Returns: figures over the matters of a policy, by period and party, and where the cases stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
import strawberry

from avoir import descriptions, money
from avoir.clauses import OUTCOMES
from avoir.policies import Policy
from avoir.returns import Total, kind_of
from avoir_gateway import store
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.enums import FigureKind, Outcome, Period
from avoir_gateway.schema.scalars import TimeZone
from avoir_gateway.schema.types import Citation, Clause, Money, locale_tag, money_in_smallest
from avoir_gateway.service.returns import Question, Returned, Value, returned

FIRST: Final = 100
MOST: Final = 1_000
"""Rows that may be asked for at once."""


@shown
class ReturnsColumn:
    """A figure: what it is called and what its values are."""

    name: str = strawberry.field(description="Its name, which does not change with the language.")
    label: str = strawberry.field(description="What it is called.")
    kind: FigureKind = strawberry.field(description="What its values are.")
    unit: str | None = strawberry.field(description="The code of its unit, where it is money.")
    benchmark: Decimal | None = strawberry.field(
        description="What a share is held against, where the terms name something."
    )


@shown
class ReturnsValue:
    """The value of a figure: a count, an amount or a share, as its column says."""

    policy: strawberry.Private[Policy]
    value: strawberry.Private[Value]
    name: str = strawberry.field(description="The name of the figure.")

    @resolved
    def count(self) -> int | None:
        """The number, where it is a count."""
        return self.value if isinstance(self.value, int) else None

    @resolved
    def amount(self) -> Money | None:
        """The amount, where it is money."""
        value = self.value
        return Money(value=value, policy=self.policy) if isinstance(value, money.Money) else None

    @resolved
    def share(self) -> Decimal | None:
        """The share to four decimals, where it is one; null where the whole is nothing."""
        return self.value if isinstance(self.value, Decimal) else None

    @resolved
    def formatted(self, info: Info, locale: str | None = strawberry.UNSET) -> str | None:
        """The value as it is read in a locale such as `fr-CA`, the reader's own by default."""
        reader = info.context.reader(self.policy, locale_tag(locale) if locale else None)
        match self.value:
            case None:
                return None
            case Decimal() as share:
                from babel.numbers import format_percent

                return format_percent(share, locale=reader.locale, decimal_quantization=False)
            case value:
                return reader.value(value)


@shown
class ReturnsRow:
    """The figures of one period, and of one party where rows go by it."""

    start: date = strawberry.field(
        description="The first day of the period; of the whole, the day from which it is asked."
    )
    party: str | None = strawberry.field(
        description="The party, where rows go by it, such as `professional:P-1`."
    )
    values: list[ReturnsValue] = strawberry.field(description="The figures, as columns has them.")


@shown
class ReturnsFigures:
    """The figures by period and party; periods in which nothing was opened are left out."""

    rows: list[ReturnsRow] = strawberry.field(description="The rows, the earliest first.")
    totals: list[ReturnsValue] = strawberry.field(
        description="The figures of all rows, those that are not shown here too."
    )
    more: bool = strawberry.field(
        description="Whether there are further rows: ask for fewer days, or longer periods."
    )


@shown
class ReturnsOutcome:
    """How many decisions of a period came to an outcome by a clause, and what they booked."""

    policy: strawberry.Private[Policy]
    row: strawberry.Private[store.OutcomeRow]

    @resolved
    def start(self) -> date:
        """The first day of the period in which the cases were opened."""
        return self.row.start

    @resolved
    def party(self) -> str | None:
        """The party, where rows go by it."""
        return self.row.party

    @resolved
    def outcome(self) -> Outcome:
        """What the decisions came to."""
        return Outcome(str(self.row.outcome))

    @resolved
    def label(self, info: Info) -> str:
        """That outcome in the reader's words."""
        return info.context.reader(self.policy).word(OUTCOMES[Outcome(str(self.row.outcome))])

    @resolved
    def clause(self, info: Info) -> Clause | None:
        """The clause that decided; one that the policy has no more by its id alone."""
        id = self.row.clause
        if id is None:
            return None
        try:
            clause = self.policy.clause(id)
        except KeyError:
            gone = Citation(document="", title="", lines=[])
            return Clause(id=strawberry.ID(id), text=id, citation=gone)
        reader = info.context.reader(self.policy)
        return msgspec.convert(descriptions.clause(clause, reader), Clause)

    @resolved
    def count(self) -> int:
        """How many there were."""
        return self.row.count

    @resolved
    def amount(self) -> Money | None:
        """What they booked on the accounts of the party; null where they booked nothing."""
        booked, unit = self.row.booked, self.row.unit
        if booked is None or unit is None:
            return None
        return money_in_smallest(booked, unit, self.policy)


@shown
class ReturnsOutcomes:
    """What the matters came to, by outcome and by the clause that decided."""

    rows: list[ReturnsOutcome] = strawberry.field(description="The rows, the earliest first.")
    more: bool = strawberry.field(
        description="Whether there are further rows: ask for fewer days, or longer periods."
    )


@shown
class ReturnsStage:
    """How many cases stand in a state now."""

    state: str = strawberry.field(description="The state in which the last action left them.")
    label: str = strawberry.field(description="That state in the reader's words.")
    step: int | None = strawberry.field(
        description="The step of the process that a case in it has come to, where it has steps."
    )
    count: int = strawberry.field(description="How many cases stand in it.")
    overdue: int = strawberry.field(description="How many of them are past what is due.")
    oldest: datetime | None = strawberry.field(
        description="When something was last done about the one that has waited longest."
    )


@shown
class ReturnsPipeline:
    """Where the cases of a process stand now, whenever they were opened."""

    label: str = strawberry.field(description="What the process is called.")
    at: datetime = strawberry.field(description="The moment of the tenant at which they stand so.")
    due: str | None = strawberry.field(
        description="What is due in the states that have a deadline, in the reader's words."
    )
    stages: list[ReturnsStage] = strawberry.field(description="The states, in their order.")


@shown
class Returns:
    """What came of the matters of a policy that were opened from one day to before another."""

    asked: strawberry.Private[Returned]
    start: date = strawberry.field(
        name="from", description="The first day on which cases were opened."
    )
    end: date = strawberry.field(name="to", description="The day before which they were opened.")

    @resolved
    def policy(self) -> str:
        """The key of the policy."""
        return self.asked.policy.key

    @resolved
    def period(self) -> Period:
        """What a row stands for."""
        return self.asked.span.period

    @resolved
    def time_zone(self) -> TimeZone:
        """The time zone in which days begin."""
        return TimeZone(self.asked.span.time_zone)

    @resolved
    def clauses(self, info: Info) -> list[Clause]:
        """The clauses that the returns rest on."""
        reader = info.context.reader(self.asked.policy)
        found = [descriptions.clause(clause, reader) for clause in self.asked.returns.clauses]
        return msgspec.convert(found, list[Clause])

    @resolved
    async def columns(self, info: Info) -> list[ReturnsColumn]:
        """The figures there are, in order."""
        benchmarks = await self.asked.benchmarks()
        reader = info.context.reader(self.asked.policy)
        return [
            ReturnsColumn(
                name=figure.name,
                label=reader.word(figure.label),
                kind=kind_of(figure),
                unit=figure.unit.code if isinstance(figure, Total) else None,
                benchmark=benchmarks.get(figure.name),
            )
            for figure in self.asked.returns.figures
        ]

    @resolved
    async def figures(self, first: int | None = FIRST) -> ReturnsFigures:
        """The figures by period and party, with their totals; 1 to 1,000 rows."""
        series = await self.asked.figures(_rows(first))
        rows = [
            ReturnsRow(start=line.start, party=line.party, values=self._values(line.values))
            for line in series.lines
        ]
        return ReturnsFigures(rows=rows, totals=self._values(series.totals), more=series.more)

    def _values(self, values: Mapping[str, Value]) -> list[ReturnsValue]:
        policy = self.asked.policy
        return [ReturnsValue(policy=policy, value=one, name=name) for name, one in values.items()]

    @resolved
    async def outcomes(self, first: int | None = FIRST) -> ReturnsOutcomes:
        """What the matters came to, by outcome and deciding clause; 1 to 1,000 rows."""
        page = await self.asked.outcomes(_rows(first))
        rows = [ReturnsOutcome(policy=self.asked.policy, row=row) for row in page.rows]
        return ReturnsOutcomes(rows=rows, more=page.more)

    @resolved
    async def pipeline(self, info: Info) -> ReturnsPipeline | None:
        """Where the cases stand now; null for a policy that has no such process."""
        policy, declared = self.asked.policy, self.asked.returns.pipeline
        if declared is None:
            return None
        word = info.context.reader(policy).word
        lifecycle = policy.lifecycle
        due = next((d.label for d in lifecycle.deadlines if d.kind == declared.due), None)
        stages = await self.asked.pipeline()
        return ReturnsPipeline(
            label=word(declared.label),
            at=self.asked.now,
            due=None if due is None else word(due),
            stages=[
                ReturnsStage(
                    state=stage.state,
                    label=word(lifecycle.state(stage.state).label),
                    step=lifecycle.state(stage.state).step,
                    count=stage.count,
                    overdue=stage.overdue,
                    oldest=stage.oldest,
                )
                for stage in stages
            ],
        )


def _rows(first: int | None) -> int:
    """How many rows are asked for; raises ``BAD_REQUEST`` beyond 1 to 1,000."""
    rows = FIRST if first is None else first
    if not 1 <= rows <= MOST:
        raise fault(Code.BAD_REQUEST)
    return rows


def returns_of(info: Info, policy: str, question: Question) -> Returns:
    """The returns of a policy that the tenant has enabled and the schema shows."""
    context = info.context
    asked = returned(context.service, context.principal, context.tenant, policy, question)
    return Returns(asked=asked, start=asked.span.start, end=asked.span.end)
