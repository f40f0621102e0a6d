"""Periods: local days, months and years, business days, and the calendars they follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.cases import evaluate
from avoir.clauses import DeadlineRule
from avoir.conditions import Constant, Situation
from avoir.dates import day, days, elapsed_days, months
from avoir.decisions import deadlines
from avoir.facts import Facts, instant, read
from avoir.periods import (
    CalendarError,
    Week,
    add_business_days,
    add_months,
    check_calendar,
    elapsed,
    end_of_day,
    end_of_month,
    is_any_before,
    is_business_day,
    is_provisional,
    zone,
)
from tests.core import toy
from tests.core.bits import cl

TORONTO, PARIS = zone("America/Toronto"), zone("Europe/Paris")

dates = st.dates(date(1950, 1, 1), date(2100, 12, 31))


# --- days across clock changes


class F(Facts):
    """A moment."""

    at = instant("moment")


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2025-03-05T10:00:00-05:00", 167),
        ("2025-10-29T10:00:00-04:00", 169),
        ("2025-07-01T10:00:00-04:00", 168),
    ],
)
def test_seven_days_are_seven_dates_and_not_so_many_hours(start: str, hours: int) -> None:
    """Across a clock change a week of dates is 167 or 169 hours, at the same time of day."""
    here = Situation(read({"at": start}, F, "America/Toronto").values, {})
    later = (F.at + days(7)).value(here)
    at = F.at.value(here)
    assert at is not None
    assert later is not None
    assert later.date() == at.date() + timedelta(days=7)
    assert later.time() == at.time()
    assert (later.astimezone(UTC) - at.astimezone(UTC)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "later"),
    [
        ("2025-03-05T10:00:00-05:00", "2025-03-12T11:00:00-04:00"),
        ("2025-10-29T10:00:00-04:00", "2025-11-05T09:00:00-05:00"),
    ],
)
def test_elapsed_days_are_blocks_of_24_hours(start: str, later: str) -> None:
    """Elapsed time passes whatever the clocks do: seven blocks are 168 hours."""
    here = Situation(read({"at": start}, F, "America/Toronto").values, {})
    assert (F.at + elapsed_days(7)).value(here) == datetime.fromisoformat(later)
    at = datetime.fromisoformat(start)
    assert elapsed(at, timedelta(days=7)) == datetime.fromisoformat(later)


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ("2025-03-09T23:30:00-05:00", date(2025, 3, 10)),
        ("2025-03-10T03:59:59+00:00", date(2025, 3, 9)),
        ("2025-03-10T04:00:00Z", date(2025, 3, 10)),
        ("2025-11-02T23:30:00-05:00", date(2025, 11, 2)),
        ("2024-12-31T23:00:00-08:00", date(2025, 1, 1)),
    ],
)
def test_the_day_of_a_moment_is_the_local_date(said: str, local: date) -> None:
    """Whatever offset a moment is stated with, its day is the date in the zone of the matter."""
    here = Situation(read({"at": said}, F, "America/Toronto").values, {})
    assert day(F.at).value(here) == local


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))
def test_the_stated_offset_does_not_matter(naive: datetime, offset: int) -> None:
    """A moment stated with any offset is the same moment, on the same local day."""
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    shifted = moment + timedelta(hours=offset)
    stated = f"{shifted.replace(tzinfo=None).isoformat()}{offset:+03d}:00"
    for text in (moment.isoformat(), stated):
        here = Situation(read({"at": text}, F, "Europe/Paris").values, {})
        at = F.at.value(here)
        assert at is not None
        assert at.astimezone(UTC) == moment
        assert day(F.at).value(here) == moment.astimezone(PARIS).date()


AROUND = {
    "America/Toronto": datetime(2025, 11, 2, 6, tzinfo=UTC),
    "Europe/Paris": datetime(2025, 3, 30, 1, tzinfo=UTC),
    "Europe/Moscow": datetime(2014, 10, 25, 22, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2025, 4, 5, 15, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 10, tzinfo=UTC),
}
"""Zones, each with an instant at which its clocks were set."""

minutes = st.integers(-180, 180)


@given(st.sampled_from(sorted(AROUND)), st.lists(minutes, max_size=4), minutes)
def test_what_comes_before_is_told_by_the_instant(name: str, listed: list[int], other: int) -> None:
    """Of some instants one is before another as in UTC, whatever the clocks show between them."""

    def instant_at(number: int) -> datetime:
        return AROUND[name] + timedelta(minutes=number)

    found = is_any_before(
        [instant_at(one).astimezone(zone(name)) for one in listed],
        instant_at(other).astimezone(zone(name)),
    )
    assert found == any(one < other for one in listed)


# --- ends


@given(dates, st.sampled_from(["America/Toronto", "Europe/Paris", "Asia/Tokyo", "UTC"]))
def test_a_day_ends_with_its_last_second(of: date, name: str) -> None:
    """A deadline day counts to 23:59:59 local; one second later it is the next day."""
    end = end_of_day(of, zone(name))
    assert (end.date(), end.hour, end.minute, end.second) == (of, 23, 59, 59)
    assert elapsed(end, timedelta(seconds=1)).date() == of + timedelta(days=1)


def test_a_day_with_a_repeated_midnight_ends_the_second_time() -> None:
    """Where the clocks go back at midnight, 23:59:59 comes twice; the day ends with the later."""
    asuncion = zone("America/Asuncion")
    end = end_of_day(date(2024, 3, 23), asuncion)
    assert end.astimezone(UTC) == datetime(2024, 3, 24, 3, 59, 59, tzinfo=UTC)
    assert elapsed(end, timedelta(seconds=1)).date() == date(2024, 3, 24)


@pytest.mark.parametrize("day_of_change", ["2025-03-09", "2025-11-02"])
def test_the_end_of_a_day_of_a_clock_change(day_of_change: str) -> None:
    """On the day the clocks change, the day ends with the offset that then holds."""
    end = end_of_day(date.fromisoformat(day_of_change), TORONTO)
    offset = {"2025-03-09": "-04:00", "2025-11-02": "-05:00"}[day_of_change]
    assert end.isoformat() == f"{day_of_change}T23:59:59{offset}"


def test_a_deadline_ends_with_the_local_day() -> None:
    """A decision's deadlines end at 23:59:59 in the zone of the matter."""
    sale = evaluate(toy.EDITION, "sell", toy.SOLD, time_zone="America/Toronto")
    (deadline,) = sale.deadlines
    assert (deadline.kind, deadline.clause) == ("window_closes", "U-WINDOW")
    assert deadline.date == date(2025, 3, 31)
    assert deadline.ends_at.isoformat() == "2025-03-31T23:59:59-04:00"
    assert (deadline.time_zone, deadline.provisional) == ("America/Toronto", False)


def test_a_deadline_at_a_moment_keeps_the_clock_it_was_told_by() -> None:
    """Moments that equal each other, told by other clocks or an hour apart, end as they say."""
    rule = DeadlineRule("closes", "closing", F.at, cl("D"))
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    noon = datetime(2026, 10, 25, 12, tzinfo=PARIS)
    for end in (twice, twice.replace(fold=1), noon, noon.astimezone(TORONTO), twice):
        (deadline,) = deadlines((rule,), Situation({"at": end}, {}), "Europe/Paris")
        assert deadline.ends_at.isoformat() == end.isoformat()
        assert deadline.date == end.date()


# --- months


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -1, "2024-12-15"),
        ("2000-02-29", 1200, "2100-02-28"),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(start: str, count: int, end: str) -> None:
    """A month later is the same day, or the last one where the month is shorter."""
    assert add_months(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(dates, st.integers(-240, 240))
def test_months_arrive_in_the_month_meant(start: date, count: int) -> None:
    """Adding months never runs over into another month, and only the day is ever clipped."""
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end.day < start.day and end == end_of_month(end))


@given(dates)
def test_the_end_of_a_month_is_the_day_before_the_next(of: date) -> None:
    """The last day of a month is followed by the first of the next."""
    following = end_of_month(of) + timedelta(days=1)
    assert following.day == 1
    assert end_of_month(of).month == of.month


def test_adding_a_month_is_not_subtracting_one() -> None:
    """A month before 30 March is 28 February, and yet a month after that is the 28th."""
    assert add_months(date(2025, 2, 28), 1) == date(2025, 3, 28)
    assert add_months(date(2025, 3, 30), -1) == date(2025, 2, 28)


def test_a_month_from_a_moment_keeps_the_time_of_day() -> None:
    """A month after a moment is the same time of day, whatever the clocks did in between."""
    here = Situation(read({"at": "2025-02-15T10:00:00-05:00"}, F, "America/Toronto").values, {})
    later = (F.at + months(1)).value(here)
    assert later is not None
    assert later.isoformat() == "2025-03-15T10:00:00-04:00"


# --- business days

OFF: dict[str, str] = {
    # weekdays that are no business days in 2025, by the calendars of each place
    "CA-QC": "01-01 04-18 05-19 06-24 07-01 09-01 10-13 12-25",
    "US": "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    "FR": "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-11 12-25",
    "RU": "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04"
    " 12-31",
}
WORKED = {"RU": {date(2025, 11, 1)}}
YEAR = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("calendar", OFF)
def test_the_business_days_of_2025_are_the_official_ones(calendar: str) -> None:
    """Quebec, US federal, French and Russian days off, with the Russian working Saturday."""
    off = {date.fromisoformat(f"2025-{text}") for text in OFF[calendar].split()}
    expected = {d for d in YEAR if d.weekday() < 5 and d not in off} | WORKED.get(calendar, set())
    assert {d for d in YEAR if is_business_day(d, calendar)} == expected


def test_a_transferred_working_saturday_counts() -> None:
    """In Russia, Saturday 1 November 2025 is worked for Monday 3 November, which is off."""
    assert add_business_days(date(2025, 10, 31), 1, "RU") == date(2025, 11, 1)
    assert add_business_days(date(2025, 10, 31), 2, "RU") == date(2025, 11, 5)
    assert add_business_days(date(2025, 10, 31), 1, "FR") == date(2025, 11, 3)


def test_a_holiday_on_a_weekend_is_observed_where_the_law_says_so() -> None:
    """US Independence Day 2026, a Saturday, is observed on the Friday; in France nothing moves."""
    assert not is_business_day(date(2026, 7, 3), "US")
    assert is_business_day(date(2026, 8, 14), "FR")
    assert not is_business_day(date(2026, 8, 15), "FR", Week.MONDAY_TO_SATURDAY)


@given(
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.integers(1, 40),
    st.sampled_from([*OFF, "ES", "GB-ENG"]),
    st.sampled_from(Week),
)
def test_business_days_are_counted_one_by_one(
    start: date, count: int, calendar: str, week: Week
) -> None:
    """The n-th business day is the n-th of all days after the start that are worked."""
    following = (start + timedelta(days=n) for n in range(1, 120))
    worked = [d for d in following if is_business_day(d, calendar, week)]
    assert add_business_days(start, count, calendar, week) == worked[count - 1]


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.sampled_from([*OFF, "ES"]))
def test_saturdays_count_where_the_week_has_them(of: date, calendar: str) -> None:
    """Monday to Saturday adds exactly the Saturdays that are no holidays."""
    five, six = (is_business_day(of, calendar, week) for week in Week)
    assert six or not five
    if six != five:
        assert of.weekday() == 5


def test_the_starting_day_never_counts() -> None:
    """From a Sunday or a Friday, the first business day is the Monday; none is the day itself."""
    assert add_business_days(date(2025, 3, 7), 1, "FR") == date(2025, 3, 10)
    assert add_business_days(date(2025, 3, 9), 1, "FR") == date(2025, 3, 10)
    assert add_business_days(date(2025, 3, 10), 1, "FR") == date(2025, 3, 11)
    assert add_business_days(date(2025, 3, 8), 0, "FR") == date(2025, 3, 8)


# --- years that are not published yet


@pytest.mark.parametrize(
    ("calendar", "of", "provisional"),
    [
        ("RU", date(2025, 6, 1), False),
        ("RU", date(2040, 6, 1), True),
        ("US", date(2026, 6, 1), False),
        ("US", date(2040, 6, 1), False),
        ("CA-QC", date(2040, 6, 1), False),
        ("FR", date(2040, 6, 1), False),
        ("DE", date(2040, 6, 1), False),
    ],
)
def test_only_calendars_with_transferred_days_are_provisional(
    calendar: str, of: date, provisional: bool
) -> None:
    """Where days are transferred year by year, a year not published yet may still change.

    One exceptional holiday of the past (as in the US in 1799, in Germany in 2017) says nothing of
    the years to come.
    """
    assert is_provisional(of, calendar) is provisional


def test_a_deadline_says_that_it_is_provisional() -> None:
    """A deadline in a year whose calendar is not published carries that mark."""
    document = {
        "sale": {"id": "S", "at": "2050-03-01T10:00:00+00:00", "price": "5.00"},
        "request": {"at": "2050-03-10T12:00:00+00:00", "reason": "regret", "photos": [{}, {}]}
        | {"receipt": True},
        "doubt": "looks new",
    }
    for calendar, provisional in (("RU", True), ("FR", False)):
        decision = evaluate(toy.POLICY.edition({"calendar": calendar}), "bring_back", document)
        (deadline,) = decision.deadlines
        assert (deadline.kind, deadline.provisional) == ("answer_due", provisional)


# --- names


@pytest.mark.parametrize("name", ["CA-QC", "US", "FR", "RU", "ES", "ES-MD", "GB-ENG", "CH-ZH"])
def test_known_calendars(name: str) -> None:
    """A country, or a country and its subdivision, is a calendar."""
    check_calendar(name)


def test_anything_else_is_no_calendar() -> None:
    """What is no country is refused by name, and nothing else of the library is reached."""
    for name in (
        *("", "-", "XX", "us", "US-", "US-XX", "US-CA-LA", "CA_QC", " US", "US\n", "NYSE", "USA"),
        *("HolidayBase", "__class__", "registry", "list_supported_countries", "\0", "\ud800"),
    ):
        with pytest.raises(CalendarError, match="unknown_calendar"):
            check_calendar(name)


@given(st.text(max_size=12) | st.from_regex(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", fullmatch=True))
def test_a_calendar_is_known_or_refused(name: str) -> None:
    """Any text at all is a calendar or a CalendarError, and a calendar answers for any day."""
    try:
        check_calendar(name)
    except CalendarError:
        return
    assert is_business_day(date(2025, 3, 5), name) in (True, False)
    assert is_provisional(date(2025, 3, 5), name) in (True, False)


def test_an_unknown_zone_is_refused() -> None:
    """A name that is no zone, however it is made, is a CalendarError."""
    for name in (
        *("", "Nowhere", "Europe", "Europe/", "../Europe/Paris", "/etc/localtime", "zone.tab"),
        *("tzdata", "a.b/c", "Étienne/Paris", "Europe/Paris\0", "\0", "\ud800", "x" * 100_000),
    ):
        with pytest.raises(CalendarError, match="unknown_zone"):
            zone(name)


def test_a_zone_is_read_once() -> None:
    """The zone of a name is always the same object."""
    assert zone("Europe/Paris") is zone("Europe/Paris")
    assert zone("Europe/Paris") == ZoneInfo("Europe/Paris")


def test_a_constant_start_may_be_shifted() -> None:
    """Dates that a policy writes itself are shifted like those of facts."""
    due = Constant(date(2025, 1, 31)) + months(1)
    assert due.value(Situation({}, {})) == date(2025, 2, 28)
