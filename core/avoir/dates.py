"""Days and spans: local dates of instants, and dates so much later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar, overload

from avoir.conditions import Constant, Situation, Term, wanted
from avoir.errors import PolicyError
from avoir.periods import Week, add_business_days, add_months, elapsed, end_of_month

D = TypeVar("D", bound=date)


class Day(Term[date]):
    """The local calendar date of an instant."""

    __slots__ = ("instant",)

    def __init__(self, instant: Term[datetime]) -> None:
        self.instant = instant
        self.label = instant.label

    def value(self, situation: Situation) -> date | None:
        instant = self.instant.value(situation)
        return None if instant is None else instant.date()

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.instant.unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.instant,)


def day(instant: Term[datetime]) -> Term[date]:
    """The local calendar date of an instant."""
    return Day(instant)


class MonthEnd(Term[date]):
    """The last day of the calendar month of a date."""

    __slots__ = ("start",)

    def __init__(self, start: Term[date]) -> None:
        self.start = start
        self.label = start.label

    def value(self, situation: Situation) -> date | None:
        start = self.start.value(situation)
        return None if start is None else end_of_month(start)

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.start.unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.start,)


def month_end(start: Term[date]) -> Term[date]:
    """The last day of the calendar month of a date."""
    return MonthEnd(start)


class SpanUnit(StrEnum):
    """What a span counts."""

    DAYS = "days"
    ELAPSED_DAYS = "elapsed_days"
    ELAPSED_MINUTES = "elapsed_minutes"
    MONTHS = "months"
    YEARS = "years"
    BUSINESS_DAYS = "business_days"


class Span:
    """A length of time whose number is a term; calendar days are dates, elapsed ones are hours."""

    __slots__ = ("calendar", "number", "unit", "week")

    def __init__(
        self,
        number: int | Term[int],
        unit: SpanUnit,
        calendar: Term[str] | None = None,
        week: Term[Week] | None = None,
    ) -> None:
        self.number: Term[int] = number if isinstance(number, Term) else Constant(number)
        self.unit = unit
        self.calendar = calendar
        self.week = week

    # one overload each: a bound type variable would let a number be shifted too
    @overload
    def __radd__(self, start: Term[date]) -> Term[date]: ...
    @overload
    def __radd__(self, start: Term[datetime]) -> Term[datetime]: ...
    def __radd__(self, start: Term[Any]) -> Term[Any]:
        return Shifted(start, self)

    def parts(self) -> tuple[Term[Any], ...]:
        """The terms this span is made of."""
        return tuple(t for t in (self.number, self.calendar, self.week) if t is not None)

    def after(self, start: D, situation: Situation) -> D | None:
        """``start`` so much later, or None where the number is unknown."""
        number = self.number.value(situation)
        if number is None:
            return None
        match self.unit:
            case SpanUnit.DAYS:
                return start + timedelta(days=number)
            case SpanUnit.MONTHS:
                return _on(start, add_months(start, number))
            case SpanUnit.YEARS:
                return _on(start, add_months(start, 12 * number))
            case SpanUnit.BUSINESS_DAYS:
                calendar = None if self.calendar is None else self.calendar.value(situation)
                week = None if self.week is None else self.week.value(situation)
                if calendar is None:
                    return None
                return _on(
                    start,
                    add_business_days(start, number, calendar, week or Week.MONDAY_TO_FRIDAY),
                )
            case SpanUnit.ELAPSED_DAYS | SpanUnit.ELAPSED_MINUTES:
                if not isinstance(start, datetime):
                    raise PolicyError("elapsed_time_needs_an_instant", unit=self.unit.value)
                minutes = number * (1440 if self.unit is SpanUnit.ELAPSED_DAYS else 1)
                return elapsed(start, timedelta(minutes=minutes))  # type: ignore[return-value]


def _on(start: D, moved: date) -> D:
    """``moved`` with the time of day of ``start``, where it has one."""
    return start.replace(moved.year, moved.month, moved.day)


def days(number: int | Term[int]) -> Span:
    """Calendar days, counted on local dates."""
    return Span(number, SpanUnit.DAYS)


def months(number: int | Term[int]) -> Span:
    """Months, clipped to the end of the month."""
    return Span(number, SpanUnit.MONTHS)


def years(number: int | Term[int]) -> Span:
    """Years; 29 February is clipped to 28 February."""
    return Span(number, SpanUnit.YEARS)


def business_days(
    number: int | Term[int], calendar: Term[str], week: Term[Week] | None = None
) -> Span:
    """Business days of a calendar; the starting day never counts."""
    return Span(number, SpanUnit.BUSINESS_DAYS, calendar, week)


def elapsed_days(number: int | Term[int]) -> Span:
    """Blocks of 24 elapsed hours; instants only."""
    return Span(number, SpanUnit.ELAPSED_DAYS)


def elapsed_minutes(number: int | Term[int]) -> Span:
    """Elapsed minutes; instants only."""
    return Span(number, SpanUnit.ELAPSED_MINUTES)


class Shifted(Term[D]):
    """A date or an instant so much later."""

    __slots__ = ("span", "start")

    def __init__(self, start: Term[D], span: Span) -> None:
        self.start = start
        self.span = span
        # a day so much later is another day: it is given a label of its own, or none
        self.label = ""

    def value(self, situation: Situation) -> D | None:
        start = self.start.value(situation)
        return None if start is None else self.span.after(start, situation)

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return wanted(situation, self.parts())

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.start, *self.span.parts())
