"""Returns: what came of the matters of a policy, as far as the one who asks may see them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, TypeAlias, cast

from avoir.lifecycles import PARTIES
from avoir.messages import N_, Message
from avoir.money import Money
from avoir.periods import FIRST_YEAR, LAST_YEAR, add_months, zone
from avoir.policies import Policy
from avoir.returns import Measured, Returns, Total
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may, sees_all
from avoir_gateway.errors import Code, GatewayError, fault
from avoir_gateway.service.forms import Party
from avoir_gateway.service.reading import Reading

MONTHS: Final = 12
LONGEST: Final = 20 * MONTHS
"""Months that may be asked for at once."""

ROUGHLY: Final = Decimal("0.0001")
"""To what a share is rounded: a hundredth of a percent."""

NO_RETURNS = N_("The policy {policy} has no returns.")
NO_SPAN = N_("From {start} to before {end} is no span of at most {years} years.")
NO_PARTY = N_("“{party}” names no party: write it as “professional:P-1”.")

_EXACT: Final = Context(prec=100)
_PARTY: Final = re.compile(rf"({'|'.join(sorted(PARTIES))}):[^\s\0\ud800-\udfff]{{1,200}}")

Value: TypeAlias = int | Money | Decimal | None
"""A count, an amount or a share; a share of nothing is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which returns: of the cases opened from ``start`` to before ``end``, by period and party.

    Without days it is the year up to today; without a time zone, that of the tenant.
    """

    start: date | None = None
    end: date | None = None
    period: store.Period = store.Period.MONTH
    by_party: bool = False
    party: Party | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures, by name, of the period that begins on a day, and of a party if asked by it."""

    start: date
    party: Party | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Series:
    """Lines in order, the figures of them all, and whether there are further lines."""

    lines: tuple[Line, ...]
    totals: Mapping[str, Value]
    more: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """The returns of a policy; each part is read from the store when it is asked for.

    What is another party's is as empty as what does not exist.
    """

    policy: Policy
    returns: Returns
    span: store.Span
    today: date
    now: datetime
    is_seen: bool
    _service: Reading
    _tenant: store.Tenant

    async def figures(self, first: int | None = None) -> Series:
        """The figures by period and party, so many lines at most."""
        measured = self.returns.measured
        if not self.is_seen:
            return Series((), self._values([0] * len(measured)), more=False)
        figures = await self._up_to_date()
        sums = await figures.sums(self.span, measured, first)
        lines = (Line(row.start, row.party, self._values(row.values)) for row in sums.rows)
        return Series(tuple(lines), self._values(sums.totals), sums.more)

    async def outcomes(self, first: int | None = None) -> store.Page[store.OutcomeRow]:
        """What the matters came to by outcome and deciding clause, so many rows at most."""
        if self.returns.outcomes is None or not self.is_seen:
            return store.Page((), False)
        figures = await self._up_to_date()
        return await figures.outcomes(self.span, self.returns.outcomes, first)

    async def pipeline(self) -> tuple[store.Stage, ...]:
        """Where the cases stand at the tenant's moment, whenever they were opened."""
        pipeline = self.returns.pipeline
        if pipeline is None:
            return ()
        if not self.is_seen:
            return tuple(store.Stage(str(state)) for state in pipeline.states)
        deadlines = self.policy.lifecycle.deadlines
        figures = await self._up_to_date()
        return await figures.pipeline(
            self.span.tenant,
            self.policy.key,
            pipeline.states,
            at=self.now,
            due=pipeline.due,
            due_in=sorted({s for d in deadlines if d.kind == pipeline.due for s in d.stands_in}),
            party=self.span.party,
        )

    async def _up_to_date(self) -> store.Figures:
        """The figures, once what this process has acknowledged is among them."""
        await self._service.stores.lists.flush()
        return self._service.stores.figures

    async def benchmarks(self) -> Mapping[str, Decimal]:
        """What the shares are held against, by name, in the edition in force today."""
        edition = await self._service.edition(self._tenant, self.policy, self.today)
        return {
            share.name: cast(Decimal, edition.values[share.benchmark.name])
            for share in self.returns.shares
            if share.benchmark is not None
        }

    def _values(self, numbers: Sequence[int]) -> Mapping[str, Value]:
        """All figures by name, in the order in which they are declared."""
        measured = self.returns.measured
        known = dict(zip((figure.name for figure in measured), numbers, strict=True))
        values = {figure.name: _value(figure, known[figure.name]) for figure in measured}
        shares = {s.name: _share(known[s.part], known[s.whole]) for s in self.returns.shares}
        return {figure.name: (values | shares)[figure.name] for figure in self.returns.figures}


def returned(
    service: Reading, actor: Principal, tenant: store.Tenant, key: str, question: Question
) -> Returned:
    """The returns of a policy; nothing is read from the store yet.

    Raises ``GatewayError`` for a policy that is not enabled or has none, for a span of days that
    is none, and for what is no party.
    """
    policy = service.policy(tenant, key)
    if policy is None:
        raise fault(Code.PLUGIN_DISABLED)
    if policy.returns is None:
        raise _bad(NO_RETURNS, policy=policy.key)
    party = question.party
    if party is not None and not _PARTY.fullmatch(party):
        shown = party[:60].encode("ascii", "backslashreplace").decode()
        raise _bad(NO_PARTY, party=shown)
    now, time_zone = service.now(tenant), question.time_zone or tenant.time_zone
    today = now.astimezone(zone(time_zone)).date()
    start, end = _days(question, today)
    access = may(actor, Permission.READ_RETURNS, Matter(tenant.id, party))
    if access is Access.FORBIDDEN:
        raise fault(Code.FORBIDDEN)
    own = party if sees_all(actor) else actor.party
    span = store.Span(
        tenant=tenant.id,
        policy=policy.key,
        start=start,
        end=end,
        time_zone=time_zone,
        period=question.period,
        by_party=question.by_party,
        party=own,
    )
    is_seen = access is Access.GRANTED and (sees_all(actor) or own is not None)
    return Returned(policy, policy.returns, span, today, now, is_seen, service, tenant)


def _days(question: Question, today: date) -> tuple[date, date]:
    """From which day on to before which; what is not said is the year up to today."""
    end = question.end or today + timedelta(days=1)
    if not FIRST_YEAR < end.year <= LAST_YEAR:
        raise _no_span(question.start or end, end)
    start = question.start or add_months(end, -MONTHS)
    if start.year < FIRST_YEAR or not start < end <= add_months(start, LONGEST):
        raise _no_span(start, end)
    return start, end


def _no_span(start: date, end: date) -> GatewayError:
    return _bad(NO_SPAN, start=start, end=end, years=LONGEST // MONTHS)


def _bad(text: str, **values: str | date | int) -> GatewayError:
    return GatewayError(Code.BAD_REQUEST, Message(text, values=values))


def _value(figure: Measured, number: int) -> Value:
    return Money(number, figure.unit) if isinstance(figure, Total) else number


def _share(part: int, whole: int) -> Decimal | None:
    if whole == 0:
        return None
    exact = _EXACT.divide(Decimal(part), Decimal(whole))
    return exact.quantize(ROUGHLY, ROUND_HALF_UP, _EXACT)
