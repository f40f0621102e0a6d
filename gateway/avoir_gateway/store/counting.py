"""Counting: the aggregations by which figures are added up, over one range of an index.

A case belongs to the period in which it was opened. Its records are brought together first, since
some figures count a case once; then the cases by period and party. What day an instant falls on
is worked out here, from the same time zones as everything else: the store has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from avoir.returns import Count, Counted, Events, Measured, Total, Worth

from .documents import Document, exactly
from .figures import COVERING, OF_A_PARTY
from .listings import CASES

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)


class Period(StrEnum):
    """What the rows of returns stand for: periods of this length, or the whole at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    WHOLE = "whole"


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases are counted, and by what: those opened from one day to before another.

    Where ``party`` is given they are that party's; with ``by_party`` each party has its rows.
    """

    tenant: str
    policy: str
    start: date
    end: date
    time_zone: str
    period: Period = Period.WHOLE
    by_party: bool = False
    party: str | None = None


def index_for(span: Span) -> str:
    """The index that the figures of a span are read from."""
    return COVERING if span.party is None else OF_A_PARTY


def counting_figures(
    span: Span, measured: Sequence[Measured], in_decimals: bool = False
) -> list[Document]:
    """The aggregation of figures: the span, then by case, then by period and party."""
    by_case: Document = {"_id": "$case"}
    # All records of a case say the same of both; what no row goes by is not carried along.
    if span.period is not Period.WHOLE:
        by_case["opened_at"] = {"$first": "$opened_at"}
    if span.by_party:
        by_case["party"] = {"$first": "$party"}
    by_case |= {field_of(n): _gathered(one, in_decimals) for n, one in enumerate(measured)}
    numbers = {figure.name: number for number, figure in enumerate(measured)}
    sums = {field_of(n): {"$sum": _value(one, numbers, measured)} for n, one in enumerate(measured)}
    actions = {str(action) for figure in measured for action in figure.of.actions}
    standing: list[Document] = []
    if any(figure.in_states for figure in measured):
        by_case["stands"] = {"$max": "$stands"}
        standing = _standing(span)
    return [
        {"$match": _match(span, actions)},
        *standing,
        {"$group": by_case},
        {"$group": {"_id": _key(span), **sums}},
        {"$sort": {"_id.start": 1, "_id.party": 1}},
    ]


def _standing(span: Span) -> list[Document]:
    """Beside the figures, one row for each case of the span: the state that it is in now.

    The list of cases knows it; to find each case's last figure would be to walk all it did.
    """
    kept = {"_id": False, "opened_at": True, "case": True, "party": True}
    counted = ("revision", "action", "outcome", "effective", "clause", "amount", "booked", "unit")
    return [
        # Said here, since the store looks no further for what it may leave unread.
        {"$project": kept | dict.fromkeys(counted, True)},
        {
            "$unionWith": {
                "coll": CASES.name,
                "pipeline": [
                    {"$match": _match(span, None)},
                    {"$project": kept | {"stands": "$state"}},
                ],
            }
        },
    ]


def counting_outcomes(span: Span, events: Events, in_decimals: bool = False) -> list[Document]:
    """The aggregation of records by period, party, outcome and deciding clause."""
    booking = {"$cond": [{"$eq": ["$booked", None]}, None, "$unit"]}
    key = {**_key(span), "outcome": "$outcome", "clause": "$clause", "unit": booking}
    selected = _condition(events)
    amount = _amount("$booked", in_decimals)
    order = ("start", "party", "outcome", "clause", "unit")
    return [
        {"$match": _match(span, {str(action) for action in events.actions})},
        {
            "$group": {
                "_id": key,
                # A $match of these would be moved up front, and seek instead of walk.
                "count": {"$sum": {"$cond": [selected, 1, 0]}},
                "booked": {"$sum": {"$cond": [selected, amount, 0]}},
            }
        },
        {"$match": {"count": {"$gt": 0}}},
        {"$sort": {f"_id.{name}": 1 for name in order}},
    ]


def counting_states(of: Document, states: Sequence[str]) -> list[Document]:
    """The aggregation of cases by the state that they are in."""
    return [
        {"$match": of | {"state": {"$in": [str(state) for state in states]}}},
        {"$group": {"_id": "$state", "count": {"$sum": 1}, "oldest": {"$min": "$updated_at"}}},
    ]


def _match(span: Span, actions: set[str] | None) -> Document:
    zone = ZoneInfo(span.time_zone)
    match = exactly(tenant=span.tenant, policy=span.policy)
    if span.party is not None:
        match |= exactly(party=span.party)
    if actions is not None:
        match["action"] = {"$in": sorted(actions)}
    match["opened_at"] = {"$gte": _midnight(span.start, zone), "$lt": _midnight(span.end, zone)}
    return match


def _condition(events: Events, unit: str | None = None) -> Document:
    """Whether a figure is of one of these records, and in a unit if one is named."""

    def among(field: str, values: Sequence[str]) -> Document:
        return {"$in": [field, {"$literal": [str(value) for value in values]}]}

    parts: list[Document] = [among("$action", events.actions)]
    if events.outcomes is not None:
        parts.append(among("$outcome", events.outcomes))
    if events.takes_effect is not None:
        parts.append(among("$effective", events.takes_effect))
    if events.decided_by is not None:
        parts.append(among("$clause", [clause.id for clause in events.decided_by]))
    if events.not_decided_by is not None:
        others = [clause.id for clause in events.not_decided_by]
        parts.append({"$not": [among("$clause", others)]})
    if unit is not None:
        parts.append(among("$unit", [unit]))
    return {"$and": parts}


def _amount(field: str, in_decimals: bool) -> object:
    return {"$toDecimal": field} if in_decimals else field


def _gathered(figure: Measured, in_decimals: bool) -> Document:
    """What the records of one case make of a figure, whatever the case."""
    if isinstance(figure, Count):
        once = {"$cond": [_condition(figure.of), 1, 0]}
        return {"$max" if figure.counted is Counted.CASES else "$sum": once}
    selected = _condition(figure.of, figure.unit.code)
    if figure.worth is Worth.LATEST:
        amount = _amount("$amount", in_decimals)
        return {"$max": {"$cond": [selected, {"revision": "$revision", "amount": amount}, None]}}
    field = "$booked" if figure.worth is Worth.BOOKED else "$amount"
    return {"$sum": {"$cond": [selected, _amount(field, in_decimals), 0]}}


def _value(figure: Measured, numbers: Mapping[str, int], measured: Sequence[Measured]) -> object:
    """What a case adds to a figure: nothing where it is not among what the figure names."""
    path = f"${field_of(numbers[figure.name])}"
    latest = isinstance(figure, Total) and figure.worth is Worth.LATEST
    value: object = {"$ifNull": [f"{path}.amount", 0]} if latest else path
    factors = [value]
    if figure.among is not None:
        factors.append(_value(measured[numbers[figure.among]], numbers, measured))
    if figure.in_states:
        states = [str(state) for state in figure.in_states]
        stands = {"$in": ["$stands", {"$literal": states}]}
        factors.append({"$cond": [stands, 1, 0]})
    return value if len(factors) == 1 else {"$multiply": factors}


def _key(span: Span) -> Document:
    """By what cases are brought together."""
    start: object = None
    if span.period is not Period.WHOLE:
        unit = {"unit": span.period.value, "startOfWeek": "monday"}
        start = {"$dateTrunc": {"date": _local(span), **unit}}
    return {"start": start, "party": "$party" if span.by_party else None}


def _local(span: Span) -> Document:
    """The moment of opening as the clocks of the time zone showed it."""
    zone = ZoneInfo(span.time_zone)
    start, end = _midnight(span.start, zone), _midnight(span.end, zone)
    *earlier, (_, last) = offsets(span.time_zone, start, end)
    if not earlier:
        return {"$add": ["$opened_at", last]}
    branches = [
        {"case": {"$lt": ["$opened_at", until]}, "then": offset} for until, offset in earlier
    ]
    return {"$add": ["$opened_at", {"$switch": {"branches": branches, "default": last}}]}


@lru_cache(maxsize=200)
def offsets(time_zone: str, start: datetime, end: datetime) -> tuple[tuple[datetime, int], ...]:
    """The offsets of a time zone between two instants, in milliseconds, each with its end."""
    zone = ZoneInfo(time_zone)
    return tuple(_offsets(zone, start, end))


def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    instant, offset = start, _offset(start, zone)
    while instant < end:
        later = min(instant + DAY, end)
        then = _offset(later, zone)
        if then != offset:
            low, high = instant, later
            while high - low > SECOND:
                middle = low + (high - low) // (2 * SECOND) * SECOND
                low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
            yield high, offset
        instant, offset = later, then
    yield end, offset


def _offset(instant: datetime, zone: ZoneInfo) -> int:
    offset = instant.astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)


def field_of(number: int) -> str:
    """The field in which a figure comes back, by its place among those asked for."""
    return f"f{number}"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, in UTC; where its midnight is skipped, that after it."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
