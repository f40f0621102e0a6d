"""Remedies: what would help, from when and until when, read off the conditions that failed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir import remedies as helping
from avoir.cases import evaluate
from avoir.clauses import Cure, Effect, Outcome, Row, Table, otherwise, require
from avoir.conditions import Condition, Constant, Situation, is_true
from avoir.dates import day, days, month_end
from avoir.decisions import Decision, decide
from avoir.facts import Facts, Source, flag, instant, whole
from avoir.measures import measure
from avoir.messages import N_n
from avoir.remedies import WAIT, Remedy, bounds, time_left
from tests.core import toy
from tests.core.bits import YES, cl
from tests.core.toy import returned

LATER = Effect(Outcome.REFUSED, cure=Cure.RESUBMIT)
FINAL = Effect(Outcome.REFUSED)


class F(Facts):
    """An act, a purchase, a number of calls, and two words for it."""

    at = instant("act", source=Source.CLOCK)
    bought = instant("purchase")
    made = whole("calls made")
    vouched = flag("vouched for", remedy=N_n("be vouched for", "be vouched for"))
    other = flag("other", remedy=N_n("do the other", "do the other"))
    plain = flag("without a remedy")


@measure(F.made, label="calls", remedy=N_n("call {n} more time", "call {n} more times"))
def calls(made: int) -> int:
    """The calls made."""
    return made


asked_on, bought_on = day(F.at), day(F.bought)
NOON = datetime(2025, 4, 10, 12, tzinfo=UTC)


def refused(*conditions: Condition, **facts: object) -> Decision:
    """What becomes of curable requirements on 10 April at noon, a purchase ten days before."""
    rows: list[Row] = [require(cl(f"R{n}"), one, LATER) for n, one in enumerate(conditions)]
    return decided(*rows, **facts)


def decided(*rows: Row, **facts: object) -> Decision:
    """What becomes of rows on 10 April at noon, a purchase ten days before."""
    table = Table("acts", (*rows, otherwise(None, YES)), moment=F.at)
    known = {"at": NOON, "bought": NOON - timedelta(days=10), **facts}
    return decide(table, Situation(known, {}), F, "UTC")


def remedies(decision: Decision) -> tuple[Remedy, ...]:
    """What would help, in the time that is left."""
    return helping.remedies(decision, time_left(decision))


def said(found: tuple[Remedy, ...]) -> list[str]:
    """What remedies say in English."""
    return [_text(remedy) for remedy in found]


def _text(remedy: Remedy) -> str:
    message, values = remedy.message, dict(remedy.message.values)
    text = message.plural if message.plural and values["n"] != 1 else message.text
    return text.format(**values)


# --- shortfalls


@pytest.mark.parametrize(
    ("condition", "made", "text"),
    [
        (calls >= 4, 1, "call 3 more times"),
        (calls >= 4, 3, "call 1 more time"),
        (calls > 4, 4, "call 1 more time"),
        (~(calls < 4), 2, "call 2 more times"),
        (Constant(4, "least") <= calls, 2, "call 2 more times"),
        (calls.named("rings") >= 4, 2, "call 2 more times"),
    ],
)
def test_a_shortfall_is_counted(condition: Condition, made: int, text: str) -> None:
    """What is missing to a threshold is named with its number, however the condition is put."""
    assert said(remedies(refused(condition, made=made))) == [text]


def test_a_remedy_names_its_clause_and_only_what_failed() -> None:
    """A failed requirement gives remedies under its own clause; what is met gives none."""
    found = remedies(refused(calls >= 1, (calls >= 3) & is_true(F.vouched), made=2, vouched=False))
    assert [(r.clause, _text(r)) for r in found] == [
        ("R1", "call 1 more time"),
        ("R1", "be vouched for"),
    ]


def test_a_yes_is_obtained_and_a_no_is_not() -> None:
    """A flag's remedy obtains a yes; where a no is wanted, or no remedy named, nothing is said."""
    assert said(remedies(refused(is_true(F.vouched), vouched=False))) == ["be vouched for"]
    assert remedies(refused(F.vouched == False, vouched=True)) == ()  # noqa: E712
    assert remedies(refused(F.vouched != True, vouched=True)) == ()  # noqa: E712
    assert remedies(refused(is_true(F.plain), plain=False)) == ()


def test_too_much_cannot_be_cured() -> None:
    """A count that must not be reached cannot be lowered: no remedy."""
    assert remedies(refused(calls <= 2, made=3)) == ()


# --- alternatives


def test_an_or_gives_alternatives() -> None:
    """Where any of several things would do, one is the remedy and the others its alternatives."""
    either = (calls >= 4) | is_true(F.vouched) | is_true(F.other)
    (remedy,) = remedies(refused(either, made=1, vouched=False, other=False))
    assert _text(remedy) == "call 3 more times"
    assert said(remedy.alternatives) == ["be vouched for", "do the other"]


def test_an_alternative_that_parameters_rule_out_is_not_offered() -> None:
    """What no party could bring about, because the values in force say no, is no alternative."""
    allowed = returned({"receipt": False}, faulty=None, known_sale=False)
    assert [said((r, *r.alternatives)) for r in remedies(allowed)] == [
        ["show the receipt", "have the shop look the sale up"]
    ]
    edition = toy.POLICY.edition({"shop_may_vouch": False})
    document = {**toy.COMPLETE, "faulty": None, "known_sale": False}
    document["request"] = {**_request(), "receipt": False}
    strict = evaluate(edition, "bring_back", document)
    assert [said((r, *r.alternatives)) for r in remedies(strict)] == [["show the receipt"]]


def _request() -> dict[str, object]:
    request = toy.COMPLETE["request"]
    assert isinstance(request, dict)
    return request


# --- from when, until when


def test_the_bounds_are_those_of_all_requirements() -> None:
    """Of all requirements in force, the latest first day and the earliest last day hold."""
    window = bounds(
        refused(
            (asked_on >= bought_on + days(12)) & (asked_on <= bought_on + days(40)),
            (asked_on >= bought_on + days(15)),
            (asked_on <= bought_on + days(30)),
        )
    )
    assert (window.earliest, window.latest) == (date(2025, 4, 15), date(2025, 4, 30))


def test_every_remedy_carries_the_bounds() -> None:
    """A shortfall is told with the window in which making it good still helps."""
    (remedy,) = remedies(returned({"photos": []}))
    assert _text(remedy) == "add 2 photographs"
    assert remedy.clause == "U-PHOTOS"
    assert (remedy.earliest, remedy.latest) == (date(2025, 3, 10), date(2025, 3, 31))


def test_the_earliest_is_never_before_the_act() -> None:
    """A window that opened long ago is open from the act on: its day, or its moment."""
    assert bounds(refused(asked_on >= bought_on)).earliest == date(2025, 4, 10)
    assert bounds(refused(F.at >= F.bought)).earliest == NOON
    assert bounds(refused(calls >= 1, made=0)).earliest is None


def test_who_comes_too_early_is_told_the_day() -> None:
    """A request before the first day is told when to ask again, with the other shortfalls."""
    early = returned({"at": "2025-03-02T09:00:00+00:00", "photos": []})
    assert said(remedies(early)) == ["ask again on or after 2025-03-04", "add 2 photographs"]
    assert {r.earliest for r in remedies(early)} == {date(2025, 3, 4)}


@pytest.mark.parametrize(
    ("condition", "first"),
    [
        (asked_on >= bought_on + days(12), date(2025, 4, 12)),
        (asked_on > bought_on + days(12), date(2025, 4, 13)),
        (bought_on + days(12) <= asked_on, date(2025, 4, 12)),
        (bought_on + days(12) < asked_on, date(2025, 4, 13)),
        (~(asked_on < bought_on + days(12)), date(2025, 4, 12)),
        (~(asked_on <= bought_on + days(12)), date(2025, 4, 13)),
        (~~(asked_on >= bought_on + days(12)), date(2025, 4, 12)),
        (asked_on.named("day of the act") >= bought_on + days(12), date(2025, 4, 12)),
    ],
)
def test_the_first_day_is_exact(condition: Condition, first: date) -> None:
    """However a first day is put, what is told is the first day on which the condition holds."""
    decision = refused(condition)
    assert bounds(decision).earliest == first
    assert said(remedies(decision)) == [f"ask again on or after {first}"]
    then = datetime(first.year, first.month, first.day, tzinfo=UTC)
    assert refused(condition, at=then).outcome is Outcome.APPROVED
    assert refused(condition, at=then - timedelta(seconds=1)).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("condition", "last"),
    [
        (asked_on <= bought_on + days(12), date(2025, 4, 12)),
        (asked_on < bought_on + days(12), date(2025, 4, 11)),
        (bought_on + days(12) >= asked_on, date(2025, 4, 12)),
        (~(asked_on > bought_on + days(12)), date(2025, 4, 12)),
    ],
)
def test_the_last_day_is_exact(condition: Condition, last: date) -> None:
    """However a last day is put, what is told is the last day on which the condition holds."""
    assert bounds(refused(condition, calls >= 1, made=0)).latest == last


def test_a_negated_and_sets_no_bounds_of_its_own() -> None:
    """Not both is either not: as with any or, no single limit follows."""
    early, late = asked_on < bought_on + days(12), asked_on > bought_on + days(30)
    window = bounds(refused(~(early & is_true(F.plain)), plain=True))
    assert (window.earliest, window.latest) == (None, None)
    both = bounds(refused(~(early | late)))
    assert (both.earliest, both.latest) == (date(2025, 4, 12), date(2025, 4, 30))


def test_only_the_act_itself_sets_bounds() -> None:
    """The end of the month of the act, or the act some days later, is not the act."""
    for term in (month_end(asked_on), asked_on + days(3)):
        window = bounds(refused(term >= bought_on + days(40)))
        assert (window.earliest, window.latest) == (None, None)


def test_requirements_that_do_not_apply_set_no_bounds() -> None:
    """A requirement whose guard is false leaves the window as it is."""
    late = require(cl("R1"), asked_on >= bought_on + days(90), LATER, only_if=is_true(F.plain))
    short = require(cl("R2"), calls >= 1, LATER)
    assert bounds(decided(late, short, plain=False, made=0)).earliest is None
    assert bounds(decided(late, short, plain=True, made=0)).earliest == date(2025, 6, 29)


# --- where nothing helps


def test_nothing_helps_once_the_window_is_over() -> None:
    """After the last day there is nothing to do, even where the window is no row above."""
    over = (asked_on <= bought_on + days(9),)
    assert remedies(refused(calls >= 1, *over, made=0)) == ()
    assert time_left(refused(calls >= 1, *over, made=0)) is None
    assert remedies(refused(calls >= 1, *over, asked_on >= bought_on, made=0)) == ()


def test_nothing_helps_where_the_window_is_empty() -> None:
    """Where the first day comes after the last, asking again is of no use."""
    decision = refused(asked_on >= bought_on + days(20), asked_on <= bought_on + days(15), made=0)
    assert remedies(decision) == ()
    assert time_left(decision) is None


def test_the_last_day_is_a_day_to_its_end() -> None:
    """On the last day itself there is still time, also where the first is given as a moment."""
    last = asked_on <= bought_on + days(10)
    for first in (asked_on >= bought_on, F.at >= F.bought):
        decision = refused(calls >= 1, last, first, made=0)
        assert said(remedies(decision)) == ["call 1 more time"]
        assert time_left(decision) is not None


def test_what_is_final_has_no_remedy() -> None:
    """Neither a refusal that cannot be asked again, nor what was granted, has a remedy."""
    assert remedies(decided(require(cl("R1"), calls >= 1, FINAL), made=0)) == ()
    assert remedies(decided(require(cl("R1"), calls >= 1, LATER), made=1)) == ()
    assert time_left(decided(require(cl("R1"), calls >= 1, FINAL), made=0)) is None
    late = returned({"at": "2025-04-02T09:00:00+00:00", "photos": []})
    assert (late.outcome, remedies(late)) == (Outcome.REFUSED, ())


def test_advice_is_a_remedy() -> None:
    """What an effect advises is said with the bounds, after what follows from the conditions."""
    rows = (require(cl("R1"), calls >= 1, LATER.advising("write to us")),)
    assert said(remedies(decided(*rows, made=0))) == ["call 1 more time", "write to us"]


def test_a_further_refusal_gives_its_remedies_too() -> None:
    """Every reason that can be cured is told at once; one that cannot is left out."""
    rows = (
        require(cl("R1"), calls >= 1, LATER),
        require(cl("R2"), is_true(F.plain), FINAL),
        require(cl("R3"), is_true(F.vouched), LATER),
    )
    found = remedies(decided(*rows, made=0, plain=False, vouched=False))
    assert said(found) == ["call 1 more time", "be vouched for"]


def test_what_an_unknown_fact_keeps_open_is_named_too() -> None:
    """A yes that nobody has given yet would stand in the way next time: it is told as well."""
    rows = (require(cl("R1"), calls >= 1, LATER), require(cl("R2"), is_true(F.vouched), LATER))
    decision = decided(*rows, made=0)
    assert said(remedies(decision)) == ["call 1 more time", "be vouched for"]


@given(
    st.integers(0, 40),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10),
    st.integers(1, 40),
    st.integers(0, 4),
)
def test_whoever_does_what_is_said_is_not_refused_again(
    day_asked: int, shown: int, receipt: bool, vouched: bool, first: int, last: int, needed: int
) -> None:
    """Following the remedies of a return, at the earliest moment named, leads to no refusal."""
    values = {"first_days": first, "last_days": max(first, last), "photos": needed}
    edition = toy.POLICY.edition(values)

    def bring_back(asked: date, photos: int, receipt: bool) -> Decision:
        request: dict[str, Any] = {
            "at": f"{asked}T12:00:00+01:00",
            "reason": "colour",
            "photos": [{}] * photos,
            "receipt": receipt,
        }
        document = {**toy.SOLD, "request": request, "wrong_colour": True, "known_sale": vouched}
        return evaluate(edition, "bring_back", document)

    decision = bring_back(date(2025, 3, 1) + timedelta(days=day_asked), shown, receipt)
    found = remedies(decision)
    in_time = day_asked <= max(first, last)
    assert (time_left(decision) is not None) is (decision.outcome is Outcome.REFUSED and in_time)
    assert bool(found) is (time_left(decision) is not None)
    for remedy in found:
        assert remedy.message.text == WAIT or remedy.earliest == found[0].earliest
    if found:
        earliest = found[0].earliest
        assert earliest is not None
        added = sum(
            int(str(r.message.values["n"])) for r in found if r.message.text == "add {n} photograph"
        )
        again = bring_back(
            earliest, shown + added, receipt or any("receipt" in text for text in said(found))
        )
        assert again.outcome is Outcome.PARTLY_APPROVED
