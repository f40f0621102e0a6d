"""Periods on local dates: days, months, years, business days, and the calendars they follow."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from avoir.errors import AvoirError

if TYPE_CHECKING:
    from holidays import HolidayBase

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Instants and dates outside these years are no facts of any business."""


class CalendarError(AvoirError):
    """A calendar that is not known, or an unknown time zone."""


class Week(StrEnum):
    """Which weekdays count as business days."""

    MONDAY_TO_FRIDAY = "mon_fri"
    MONDAY_TO_SATURDAY = "mon_sat"


_WEEKEND: Final = {
    Week.MONDAY_TO_FRIDAY: frozenset({5, 6}),
    Week.MONDAY_TO_SATURDAY: frozenset({6}),
}


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises ``CalendarError``."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as fault:
        raise CalendarError("unknown_zone", zone=name[:60]) from fault


def add_months(day: date, months: int) -> date:
    """``day`` so many months later, clipped to the end of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@lru_cache(maxsize=50_000)
def end_of_day(day: date, local: ZoneInfo) -> datetime:
    """The last second of a local day, as deadlines count it."""
    return datetime.combine(day, _LAST_SECOND, local)


_LAST_SECOND: Final = time(23, 59, 59, fold=1)
"""The later one, where the clocks go back at midnight and the hour comes twice."""


def elapsed(start: datetime, span: timedelta) -> datetime:
    """``start`` so much elapsed time later, whatever the clocks did in between."""
    return (start.astimezone(UTC) + span).astimezone(start.tzinfo)


def is_before(one: datetime, other: datetime) -> bool:
    """Whether one instant of a zone comes before another, even in the hour that comes twice."""
    if one.fold or other.fold:
        return one.astimezone(UTC) < other.astimezone(UTC)
    return one < other


def is_any_before(instants: Sequence[datetime], other: datetime) -> bool:
    """Whether any of some instants of a zone comes before another one of it."""
    # no clock shows an earlier instant later, but in the hour that it comes to a second time
    if not instants or (not other.fold and min(instants) >= other):
        return False
    return any(is_before(one, other) for one in instants)


_CALENDAR: Final = re.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?")


@cache
def _holidays(calendar: str) -> HolidayBase:
    if not _CALENDAR.fullmatch(calendar):
        raise CalendarError("unknown_calendar", calendar=calendar[:20])
    country, _, subdivision = calendar.partition("-")
    try:
        return _country(country)(subdiv=subdivision or None)
    except NotImplementedError as fault:
        raise CalendarError("unknown_calendar", calendar=calendar[:20]) from fault


def _country(code: str) -> Callable[..., HolidayBase]:
    """The calendar of a country, from its own module.

    The package of countries imports all 250 of them, which takes longer than everything else
    that one decision needs.
    """
    from holidays import registry

    for module, (name, *codes) in registry.COUNTRIES.items():
        if code in codes:
            file = Path(registry.__file__).parent / "countries" / f"{module}.py"
            spec = spec_from_file_location(f"avoir.calendars.{module}", file)
            assert spec is not None
            assert spec.loader is not None
            loaded = module_from_spec(spec)
            spec.loader.exec_module(loaded)
            country: Callable[..., HolidayBase] = getattr(loaded, name)
            return country
    raise NotImplementedError(code)


def check_calendar(calendar: str) -> None:
    """Raise ``CalendarError`` unless ``COUNTRY`` or ``COUNTRY-SUBDIVISION`` is a known calendar."""
    _holidays(calendar)


@lru_cache(maxsize=50_000)
def is_business_day(day: date, calendar: str, week: Week = Week.MONDAY_TO_FRIDAY) -> bool:
    """Whether ``day`` is worked: no holiday, and in the week or a transferred working day."""
    known = _holidays(calendar)
    if day in known:
        return False
    return day.weekday() not in _WEEKEND[week] or day in known.weekend_workdays


@lru_cache(maxsize=50_000)
def add_business_days(
    day: date, count: int, calendar: str, week: Week = Week.MONDAY_TO_FRIDAY
) -> date:
    """The ``count``-th business day after ``day``, which itself never counts."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day, calendar, week)
    return day


@lru_cache(maxsize=5_000)
def is_provisional(day: date, calendar: str) -> bool:
    """Whether the calendar of that year is not yet published: transferred days may still come."""
    known = _holidays(calendar)
    published: dict[int, object] = getattr(known, "special_public_holidays", {})
    return known.has_substituted_holidays and bool(published) and day.year > max(published)
