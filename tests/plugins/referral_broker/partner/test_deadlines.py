"""The last day of the team's analysis: business days, further documents, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.cases import evaluate
from avoir.decisions import Deadline
from avoir.periods import add_business_days, is_business_day
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.referral_broker.partner.examples import Document, at, known

Round = tuple[str, str | None]


def analysed(uploaded: str, rounds: Sequence[Round] = (), as_of: str = "") -> Document:
    """The facts of a deal whose documents are uploaded."""
    asked = [
        {"requested_at": at(requested), "supplied_at": supplied and at(supplied)}
        for requested, supplied in rounds
    ]
    stated = {
        "deal.thread.documents_uploaded_at": at(uploaded),
        "deal.additional_documents.rounds": asked,
        "as_of": at(as_of or uploaded),
    }
    return known(5, stated)


def due(uploaded: str, rounds: Sequence[Round] = (), **parameters: object) -> Deadline | None:
    """The deadline of an analysis, if it has one."""
    edition = POLICY.edition(parameters)
    found = evaluate(edition, "standing", analysed(uploaded, rounds)).deadlines
    return found[0] if found else None


def last_day(uploaded: str, rounds: Sequence[Round] = (), **parameters: object) -> str | None:
    """The last day of an analysis."""
    deadline = due(uploaded, rounds, **parameters)
    return None if deadline is None else deadline.date.isoformat()


@pytest.mark.parametrize(
    ("uploaded", "last"),
    [
        ("2025-03-03 11:00", "2025-03-05"),  # Monday
        ("2025-03-06 11:00", "2025-03-10"),  # Thursday, and 8 March a Saturday
        ("2025-03-08 11:00", "2025-03-11"),  # on a day off
        ("2025-02-21 11:00", "2025-02-25"),  # 24 February was worked
        ("2025-10-31 11:00", "2025-11-05"),  # 1 November was a Saturday worked, 3 and 4 off
        ("2025-11-01 11:00", "2025-11-06"),  # on that Saturday itself
        ("2025-12-29 11:00", "2026-01-12"),  # 30 December, then nothing before 12 January
        ("2025-12-30 11:00", "2026-01-13"),
        ("2025-12-31 11:00", "2026-01-13"),
        ("2025-04-30 11:00", "2025-05-06"),  # 2 May was off instead of 4 January
        ("2025-05-07 11:00", "2025-05-13"),  # 8 May was off instead of 23 February
        ("2025-06-11 11:00", "2025-06-17"),  # 13 June was off instead of 8 March
    ],
)
def test_the_days_are_those_of_the_russian_calendar(uploaded: str, last: str) -> None:
    """The day of the upload never counts; days off are moved, and some Saturdays are worked."""
    assert last_day(uploaded) == last


@pytest.mark.parametrize("hour", ["00:00", "11:00", "23:59"])
def test_the_hour_of_the_upload_changes_nothing(hour: str) -> None:
    """Days are counted on dates: late or early on Monday, the analysis ends on Wednesday."""
    assert last_day(f"2025-03-03 {hour}") == "2025-03-05"


def test_the_last_day_counts_to_its_end_where_the_deal_is() -> None:
    """A deadline ends with its day in the zone of the deal, and names its clause."""
    assert due("2025-03-03 11:00") == Deadline(
        kind="analysis_due",
        label="end of the team’s analysis",
        date=date(2025, 3, 5),
        ends_at=datetime.fromisoformat("2025-03-05T23:59:59+03:00"),
        time_zone="Europe/Moscow",
        clause="BP-06-2BD",
        provisional=False,
    )


def test_days_are_those_of_the_zone_of_the_deal() -> None:
    """Late in the evening in Moscow it is the next day in Vladivostok already."""
    facts = analysed("2025-03-03 23:00")
    for zone, last in (("Europe/Moscow", "2025-03-05"), ("Asia/Vladivostok", "2025-03-06")):
        decision = evaluate(POLICY.edition(), "standing", {**facts, "time_zone": zone})
        assert [d.date.isoformat() for d in decision.deadlines] == [last]


def test_a_calendar_that_is_not_published_is_provisional() -> None:
    """Beyond the published years the days are counted as if none were moved, and it is said."""
    for uploaded, provisional in (("2027-03-01 11:00", False), ("2035-03-05 11:00", True)):
        deadline = due(uploaded)
        assert deadline is not None
        assert deadline.provisional is provisional


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2025-03-03 11:00", "team_analysis"),
        ("2025-03-05 23:59", "team_analysis"),
        ("2025-03-06 00:00", "team_analysis_overdue"),
    ],
)
def test_an_analysis_is_overdue_after_its_last_day(as_of: str, state: str) -> None:
    """The last day counts to its end; then the state says so, and nothing else changes."""
    decision = evaluate(POLICY.edition(), "standing", analysed("2025-03-03 11:00", as_of=as_of))
    assert (decision.state, decision.clauses[0].id) == (state, "BP-06-2BD")
    assert decision.notices == ()


MONDAY = "2025-03-03 11:00"
ONE: Sequence[Round] = [("2025-03-04 10:00", "2025-03-07 10:00")]
TWO: Sequence[Round] = [*ONE, ("2025-03-07 12:00", "2025-03-11 10:00")]
SAME_DAY: Sequence[Round] = [("2025-03-04 10:00", "2025-03-04 18:00")]
OVER_A_WEEKEND: Sequence[Round] = [("2025-03-07 10:00", "2025-03-09 10:00")]
TWICE: Sequence[Round] = [*ONE, ("2025-03-05 10:00", "2025-03-06 10:00"), *ONE]
OPEN: Sequence[Round] = [*ONE, ("2025-03-10 10:00", None)]


@pytest.mark.parametrize(
    ("rounds", "restart", "pause", "run"),
    [
        ((), "2025-03-05", "2025-03-05", "2025-03-05"),
        (ONE, "2025-03-11", "2025-03-10", "2025-03-05"),
        (TWO, "2025-03-13", "2025-03-12", "2025-03-05"),
        (SAME_DAY, "2025-03-06", "2025-03-05", "2025-03-05"),
        (OVER_A_WEEKEND, "2025-03-11", "2025-03-05", "2025-03-05"),
        (OPEN, None, None, "2025-03-05"),
        (TWICE, "2025-03-11", "2025-03-10", "2025-03-05"),
    ],
)
def test_further_documents_and_the_time_of_the_analysis(
    rounds: Sequence[Round], restart: str, pause: str, run: str
) -> None:
    """Time begins again from the complete set, or stands still for its business days, or runs."""
    for clock, last in (("restart", restart), ("pause", pause), ("run", run)):
        assert last_day(MONDAY, rounds, extra_documents_clock=clock) == last
    assert last_day(MONDAY, rounds) == restart


def test_one_request_may_be_stated_by_its_two_moments() -> None:
    """A single request needs no list: its two moments say the same."""
    facts = known(
        5,
        {
            "deal.additional_documents.requested_at": at("2025-03-04 10:00"),
            "deal.additional_documents.supplied_at": at("2025-03-07 10:00"),
            "as_of": at("2025-03-07 11:00"),
        },
    )
    for clock in ("restart", "pause", "run"):
        edition = POLICY.edition({"extra_documents_clock": clock})
        (deadline,) = evaluate(edition, "standing", facts).deadlines
        assert deadline.date.isoformat() == last_day(MONDAY, ONE, extra_documents_clock=clock)


def test_a_supply_without_its_request_stops_no_clock_that_pauses() -> None:
    """Of documents that came, and were asked for nobody knows when, no pause can be counted."""
    facts = known(
        5,
        {
            "deal.additional_documents.supplied_at": at("2025-03-07 10:00"),
            "as_of": at("2025-03-07 11:00"),
        },
    )
    for clock, days in (("restart", ["2025-03-11"]), ("pause", []), ("run", ["2025-03-05"])):
        edition = POLICY.edition({"extra_documents_clock": clock})
        decision = evaluate(edition, "standing", facts)
        assert [d.date.isoformat() for d in decision.deadlines] == days


def test_a_pause_of_centuries_is_counted() -> None:
    """However far requests and answers lie apart, and however many there are, a day is counted."""
    asked = [("1950-01-01 10:00", "2199-12-31 10:00")] * 1000
    deadline = due(MONDAY, asked, extra_documents_clock="pause")
    assert deadline is not None
    assert deadline.provisional


days = st.dates(date(2023, 1, 9), date(2027, 11, 1))


@given(days, st.integers(1, 30))
def test_the_last_day_is_so_many_days_worked_later(uploaded: date, allowed: int) -> None:
    """Between upload and last day lie exactly the days of the analysis, and it is one of them."""
    last = last_day(f"{uploaded} 11:00", analysis_business_days=allowed)
    assert last is not None
    until = date.fromisoformat(last)
    between = [uploaded + timedelta(days=n) for n in range(1, (until - uploaded).days + 1)]
    assert sum(is_business_day(day, "RU") for day in between) == allowed
    assert is_business_day(until, "RU")


@given(days, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_never_ends_after_a_new_start(
    uploaded: date, asked: int, lasted: int, until: int
) -> None:
    """Standing still never takes longer than beginning again, nor less than running on."""
    requested = uploaded + timedelta(days=asked)
    supplied = requested + timedelta(days=lasted)
    # asked for while the analysis was due: later, there is no time left to stand still
    if requested > add_business_days(uploaded, 2, "RU"):
        return
    rounds = [(f"{requested} 12:00", f"{supplied} 12:00")]
    restart, pause, run = (
        last_day(f"{uploaded} 11:00", rounds, extra_documents_clock=clock)
        for clock in ("restart", "pause", "run")
    )
    assert restart is not None
    assert pause is not None
    assert run is not None
    assert run <= pause <= restart
