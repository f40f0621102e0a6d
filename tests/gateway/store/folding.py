"""Returns by hand: records at random, and what they come to by a plain fold over them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st

from avoir.clauses import Effective, Outcome
from avoir.money import Money, Unit
from avoir.returns import Count, Counted, Events, Measured, Total, Worth
from avoir_gateway.store import FigureRow, OutcomeRow, Period, Record, Span
from tests.core.bits import cl
from tests.gateway.store.specimens import entry, record

EUR, CRONO = Unit("EUR", 2), Unit("CRONO", 0)
POLICY: Final = "specimen.policy"
ACTIONS: Final = ("open", "ask", "rule", "pay")
STATES: Final = ("new", "asked", "done")
PARTIES: Final = ("prescriber:A", "prescriber:B", "partner:C")
ZONES: Final = (
    "UTC",
    "America/Toronto",
    "Europe/Moscow",
    "Asia/Kathmandu",
    "America/Sao_Paulo",  # where midnight was skipped when the clocks went forward
    "America/Coyhaique",  # which a store of some years ago does not know
)
FIRST, SECOND = cl("FIRST"), cl("SECOND")

OPENED = Events(("open",), (Outcome.RECORDED,), not_decided_by=(SECOND,))
ASKED = Events(("ask", "rule"), decided_by=(FIRST, SECOND))
GRANTED = Events(("ask", "rule"), (Outcome.APPROVED,))
PAID = Events(("pay", "rule"), (Outcome.RECORDED, Outcome.APPROVED), (Effective.AT_ONCE,))
FIGURES: Final[Sequence[Measured]] = (
    Count("opened", "", OPENED),
    Count("asked", "", ASKED, among="opened"),
    Count("paid", "", PAID, among="asked"),
    Count("settled", "", GRANTED, in_states=("done",)),
    Count("events", "", ASKED, Counted.EVENTS, among="opened"),
    Total("booked", "", PAID, EUR),
    Total("granted", "", GRANTED, EUR, Worth.DECIDED, among="opened"),
    Total("due", "", GRANTED, EUR, Worth.LATEST, in_states=("asked", "done")),
    Total("cronos", "", PAID, CRONO),
)
STATELESS: Final = tuple(figure for figure in FIGURES if not figure.in_states)

_numbers = count(1)


class Deed(msgspec.Struct, frozen=True):
    """One record to make: what it says of itself, so long after the one before it."""

    action: str
    state: str
    outcome: Outcome
    effective: Effective
    clauses: tuple[str, ...]
    amount: Money | None
    booked: Money | None
    confirms: str | None
    """The first clause of a recommendation with the same outcome, if there was one."""
    hours: int


class Life(msgspec.Struct, frozen=True):
    """A case: whose it is, when it was opened, and what was done."""

    party: str
    opened_at: datetime
    deeds: tuple[Deed, ...]


smallest = st.integers(-200_000, 200_000) | st.sampled_from([2**62, 2**63 - 1, -(2**62), 0])
amounts = st.none() | st.builds(Money, smallest, st.sampled_from([EUR, CRONO]))
clauses = st.sampled_from(["FIRST", "SECOND", "THIRD"])
deeds = st.builds(
    Deed,
    st.sampled_from(ACTIONS),
    st.sampled_from(STATES),
    st.sampled_from([Outcome.RECORDED, Outcome.APPROVED, Outcome.REFUSED]),
    st.sampled_from(Effective),
    st.lists(clauses, max_size=2).map(tuple),
    amounts,
    amounts,
    st.none() | clauses,
    st.integers(0, 24 * 400),
)
moments = st.datetimes(datetime(2017, 12, 30), datetime(2019, 1, 2), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
) | st.sampled_from(
    [datetime(2018, 11, 4, hour, minute, tzinfo=UTC) for hour in (2, 3) for minute in (0, 30)]
)
lives = st.lists(
    st.builds(
        Life, st.sampled_from(PARTIES), moments, st.lists(deeds, min_size=1, max_size=4).map(tuple)
    ),
    max_size=8,
)
days = st.dates(date(2017, 12, 1), date(2019, 2, 1))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Any span of days, by any period, for anybody."""
    start, end = sorted((draw(days), draw(days)))
    return Span(
        tenant="",
        policy=POLICY,
        start=start,
        end=end + timedelta(days=1),
        time_zone=draw(st.sampled_from(ZONES)),
        period=draw(st.sampled_from(Period)),
        by_party=draw(st.booleans()),
        party=draw(st.none() | st.sampled_from(PARTIES)),
    )


def made(lives: Iterable[Life], tenant: str) -> list[Record]:
    """The records of cases."""
    return [one for number, life in enumerate(lives) for one in _records(life, number, tenant)]


def _records(life: Life, number: int, tenant: str) -> Iterator[Record]:
    at = life.opened_at
    for revision, deed in enumerate(life.deeds, 1):
        account = f"{life.party}:{number}:{deed.booked.unit.code if deed.booked else ''}"
        moved = () if deed.booked is None else (_entry(account, deed.booked),)
        decision: dict[str, Any] = {
            "outcome": deed.outcome.value,
            "takes_effect": deed.effective.value,
            "clauses": list(deed.clauses),
            "amount": None,
        }
        if deed.amount is not None:
            decision["amount"] = {"amount": deed.amount.amount, "unit": deed.amount.unit.code}
        recommended = {"outcome": deed.outcome.value, "clauses": [deed.confirms]}
        yield msgspec.structs.replace(
            record(
                tenant=tenant,
                policy=POLICY,
                case=f"c-{number}",
                revision=revision,
                party=life.party,
                state=deed.state,
                at=at,
                entries=moved,
            ),
            action=deed.action,
            decision=decision,
            recommendation=recommended if deed.confirms else None,
        )
        at += timedelta(hours=deed.hours)


def _entry(account: str, amount: Money) -> Any:
    made = entry(next(_numbers), account, amount.smallest, balance=0)
    return msgspec.structs.replace(made, unit=amount.unit.code)


# -- the fold ---------------------------------------------------------------------------------

Place: TypeAlias = tuple[date, str | None]


def begins(day: date, span: Span) -> date:
    """The first day of the period in which a day lies."""
    match span.period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)
        case Period.WHOLE:
            return span.start


def _cases(records: Iterable[Record], span: Span) -> Iterator[tuple[Place, list[Record]]]:
    """The cases that were opened in the span, with their places and their records in order."""
    histories: dict[str, list[Record]] = defaultdict(list)
    for one in sorted(records, key=lambda one: one.revision):
        histories[one.case].append(one)
    for history in histories.values():
        day = history[0].at.astimezone(ZoneInfo(span.time_zone)).date()
        party = history[0].party
        if span.start <= day < span.end and span.party in (None, party):
            yield (begins(day, span), party if span.by_party else None), history


def deciding(one: Record) -> str | None:
    """The clause that decided."""
    recommended = one.recommendation or {}
    own = one.decision.get("clauses") or [None]
    assert isinstance(own, list)
    if recommended.get("outcome") == one.decision["outcome"]:
        confirmed = recommended["clauses"]
        assert isinstance(confirmed, list)
        return str(confirmed[0])
    return None if own[0] is None else str(own[0])


def selected(one: Record, events: Events) -> bool:
    """Whether a record is one of these."""
    clause = deciding(one)

    def named(values: Iterable[Any] | None, value: object, otherwise: bool) -> bool:
        return otherwise if values is None else value in [str(v) for v in values]

    return (
        one.action in events.actions
        and named(events.outcomes, one.decision["outcome"], True)
        and named(events.takes_effect, one.decision["takes_effect"], True)
        and (events.decided_by is None or clause in [c.id for c in events.decided_by])
        and (events.not_decided_by is None or clause not in [c.id for c in events.not_decided_by])
    )


def decided(one: Record) -> tuple[int, str] | None:
    """The amount of a decision, and its unit."""
    amount = one.decision["amount"]
    if not isinstance(amount, Mapping):
        return None
    unit = {"EUR": EUR, "CRONO": CRONO}[str(amount["unit"])]
    return Money.parse(str(amount["amount"]), unit).smallest, unit.code


def booked(one: Record) -> tuple[int, str] | None:
    """What a record booked in the unit of its decision, or of its entries without one."""
    amount = decided(one)
    if not one.entries:
        return None
    unit = one.entries[0].unit if amount is None else amount[1]
    own = [moved.amount for moved in one.entries if moved.unit == unit]
    return (sum(own), unit) if own else None


def _value(figure: Measured, history: Sequence[Record], named: Mapping[str, Measured]) -> int:
    if figure.in_states and history[-1].state not in figure.in_states:
        return 0
    if figure.among is not None and not _value(named[figure.among], history, named):
        return 0
    found = [one for one in history if selected(one, figure.of)]
    if isinstance(figure, Count):
        return bool(found) if figure.counted is Counted.CASES else len(found)
    worth = booked if figure.worth is Worth.BOOKED else decided
    amounts = [amount for one in found if (amount := worth(one)) and amount[1] == figure.unit.code]
    if figure.worth is Worth.LATEST:
        amounts = amounts[-1:]
    return sum(amount for amount, _ in amounts)


def folded(records: Sequence[Record], span: Span, figures: Sequence[Measured]) -> list[FigureRow]:
    """The figures by period and party."""
    named = {figure.name: figure for figure in figures}
    actions = {action for figure in figures for action in figure.of.actions}
    of_states = any(figure.in_states for figure in figures)
    rows: dict[Place, list[int]] = {}
    for place, history in _cases(records, span):
        if of_states or any(one.action in actions for one in history):
            sums = rows.setdefault(place, [0] * len(figures))
            for number, figure in enumerate(figures):
                sums[number] += _value(figure, history, named)
    return [FigureRow(*place, tuple(sums)) for place, sums in sorted(rows.items(), key=_order)]


def folded_outcomes(records: Sequence[Record], span: Span, events: Events) -> list[OutcomeRow]:
    """The records by period, party, outcome, clause, and the unit of what they booked."""
    counts: Counter[tuple[Any, ...]] = Counter()
    sums: Counter[tuple[Any, ...]] = Counter()
    for place, history in _cases(records, span):
        for one in history:
            if selected(one, events):
                moved = booked(one)
                unit = None if moved is None else moved[1]
                key = (*place, one.decision["outcome"], deciding(one), unit)
                counts[key] += 1
                sums[key] += 0 if moved is None else moved[0]
    return [
        OutcomeRow(start, party, outcome, clause, unit, n, sums[key] if unit else None)
        for key, n in sorted(counts.items(), key=lambda one: [str(part or "") for part in one[0]])
        for start, party, outcome, clause, unit in [key]
    ]


def _order(row: tuple[Place, object]) -> tuple[date, str]:
    return row[0][0], row[0][1] or ""
