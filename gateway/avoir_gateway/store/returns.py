"""Returns: what the figures come to by period and party, and where the cases stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import msgspec
from bson.decimal128 import Decimal128

from avoir.returns import Events, Measured

from .connection import Database, Patience, hinted
from .counting import (
    Span,
    counting_figures,
    counting_outcomes,
    counting_states,
    field_of,
    index_for,
)
from .documents import Document, exactly
from .errors import saying
from .figures import FIGURES
from .listings import CASES, Page


class FigureRow(msgspec.Struct, frozen=True):
    """The figures of a period, and of a party if rows go by it: counts, and smallest units."""

    start: date
    party: str | None
    values: tuple[int, ...]


class FigureSums(msgspec.Struct, frozen=True):
    """Rows of figures, the figures of all rows, and whether there are further rows than these.

    Values are in the order of the figures asked for.
    """

    rows: tuple[FigureRow, ...]
    totals: tuple[int, ...]
    more: bool = False


class OutcomeRow(msgspec.Struct, frozen=True):
    """How many records of a period came to an outcome by a clause, and what they booked."""

    start: date
    party: str | None
    outcome: str | None
    clause: str | None
    unit: str | None
    count: int
    booked: int | None


class Stage(msgspec.Struct, frozen=True):
    """How many cases stand in a state, how many of them are overdue.

    ``oldest`` is when something was last done about the one that has waited longest.
    """

    state: str
    count: int = 0
    overdue: int = 0
    oldest: datetime | None = None


class _InexactError(Exception):
    """A sum left 64 bits, and the store went over to floats: ask again in decimals."""


class Figures:
    """Adds the figures up, and counts where the cases stand."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._longest_ms = (patience or Patience()).answer_ms
        self._figures = hinted(database, FIGURES.name)
        self._cases = hinted(database, CASES.name)

    async def sums(
        self, span: Span, measured: Sequence[Measured], first: int | None = None
    ) -> FigureSums:
        """The figures by period and party, the earliest first, and those of the whole span.

        So many rows are given as are asked for, all of them where no number is named.
        """
        try:
            return await self._sums(span, measured, first, in_decimals=False)
        except _InexactError:
            return await self._sums(span, measured, first, in_decimals=True)

    async def outcomes(
        self, span: Span, events: Events, first: int | None = None
    ) -> Page[OutcomeRow]:
        """What records came to by outcome and deciding clause, by period and party.

        What booked something stands apart from what booked nothing.
        """
        try:
            return await self._outcomes(span, events, first, in_decimals=False)
        except _InexactError:
            return await self._outcomes(span, events, first, in_decimals=True)

    async def pipeline(
        self,
        tenant: str,
        policy: str,
        states: Sequence[str],
        *,
        at: datetime,
        due: str | None = None,
        due_in: Sequence[str] = (),
        party: str | None = None,
    ) -> tuple[Stage, ...]:
        """How many cases stand in each of these states, in this order.

        Overdue are those in ``due_in`` whose deadline of the kind ``due`` has ended before ``at``.
        """
        of = exactly(tenant=tenant, policy=policy)
        if party is not None:
            of |= exactly(party=party)
        standing = await self._by_state(counting_states(of, states))
        late: Mapping[str, Stage] = {}
        if due is not None:
            # No case has that deadline in another state: those are not looked at.
            ended = exactly(kind=due) | {"ends_at": {"$lt": at}}
            late = await self._by_state(
                counting_states(of | {"deadlines": {"$elemMatch": ended}}, due_in)
            )
        return tuple(
            msgspec.structs.replace(
                standing.get(state, Stage(state)),
                overdue=late[state].count if state in late else 0,
            )
            for state in map(str, states)
        )

    async def _by_state(self, pipeline: list[Document]) -> Mapping[str, Stage]:
        found: dict[str, Stage] = {}
        with saying("counting cases by state"):
            async with await self._cases.aggregate(pipeline, **self._limits) as cursor:
                async for one in cursor:
                    state, oldest = str(one["_id"]), cast(datetime, one["oldest"])
                    found[state] = Stage(state, _whole(one["count"]), 0, oldest)
        return found

    @property
    def _limits(self) -> dict[str, Any]:
        return {"maxTimeMS": self._longest_ms, "allowDiskUse": True}

    async def _sums(
        self, span: Span, measured: Sequence[Measured], first: int | None, *, in_decimals: bool
    ) -> FigureSums:
        places = range(len(measured))
        pipeline = counting_figures(span, measured, in_decimals)
        if first is None:
            found = await self._counted(span, pipeline)
            rows = [_figure_row(one, span, places) for one in found]
            return FigureSums(tuple(rows), tuple(sum(r.values[n] for r in rows) for n in places))
        # What is cut off is added up there and then: asking again would walk the index again.
        whole = {field_of(place): {"$sum": f"${field_of(place)}"} for place in places}
        cut = {
            "rows": [{"$limit": first + 1}],
            "totals": [{"$group": {"_id": None, **whole}}],
        }
        (both,) = await self._counted(span, [*pipeline, {"$facet": cut}])
        rows = [_figure_row(one, span, places) for one in both["rows"]]
        totals = (0,) * len(measured)
        for one in both["totals"]:
            totals = tuple(_whole(one[field_of(place)]) for place in places)
        return FigureSums(tuple(rows[:first]), totals, len(rows) > first)

    async def _outcomes(
        self, span: Span, events: Events, first: int | None, *, in_decimals: bool
    ) -> Page[OutcomeRow]:
        pipeline = counting_outcomes(span, events, in_decimals)
        if first is not None:
            pipeline.append({"$limit": first + 1})
        found = await self._counted(span, pipeline)
        rows = [
            OutcomeRow(
                _start(one["_id"], span),
                one["_id"]["party"],
                one["_id"]["outcome"],
                one["_id"]["clause"],
                one["_id"]["unit"],
                _whole(one["count"]),
                None if one["_id"]["unit"] is None else _whole(one["booked"]),
            )
            for one in found
        ]
        return Page(tuple(rows[:first]), first is not None and len(rows) > first)

    async def _counted(self, span: Span, pipeline: list[Document]) -> list[Mapping[str, Any]]:
        with saying("counting figures"):
            async with await self._figures.aggregate(
                pipeline, hint=index_for(span), **self._limits
            ) as cursor:
                return [one async for one in cursor]


def _figure_row(found: Mapping[str, Any], span: Span, places: range) -> FigureRow:
    values = tuple(_whole(found[field_of(place)]) for place in places)
    return FigureRow(_start(found["_id"], span), found["_id"]["party"], values)


def _start(key: Mapping[str, Any], span: Span) -> date:
    start = key["start"]
    return start.date() if isinstance(start, datetime) else span.start


def _whole(value: object) -> int:
    """A count or an amount as the store gives it. Raises where it has become a float."""
    if isinstance(value, float):
        raise _InexactError
    return int(value.to_decimal()) if isinstance(value, Decimal128) else int(cast(int, value))
