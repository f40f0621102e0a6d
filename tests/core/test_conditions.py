"""Conditions: three values, what keeps them open, and terms that are computed once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.conditions import (
    ALWAYS,
    Condition,
    Constant,
    Situation,
    Term,
    Truth,
    is_false,
    is_true,
    known,
    pick,
    stated,
    terms_of,
    walk,
)
from avoir.dates import (
    business_days,
    day,
    days,
    elapsed_days,
    elapsed_minutes,
    month_end,
    months,
    years,
)
from avoir.errors import PolicyError
from avoir.facts import Facts, flag, instant, whole
from avoir.measures import Unknown, measure, tolerant_measure
from tests.core.bits import FLAGS, B, bit

Flags = Mapping[str, bool]


def situation(facts: Mapping[str, object] | None = None, **parameters: object) -> Situation:
    """A situation with these facts and parameters."""
    return Situation(facts or {}, parameters)


leaf = st.sampled_from(FLAGS).flatmap(lambda n: st.sampled_from([bit(n), is_false(B.by_path[n])]))
condition = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=10,
)
flags = st.dictionaries(st.sampled_from(FLAGS), st.booleans())


class Three:
    """Kleene's tables, written down once more and independently."""

    VALUES: tuple[Truth, ...] = (True, False, None)
    AND: Mapping[tuple[Truth, Truth], Truth] = {
        (True, True): True,
        (True, False): False,
        (True, None): None,
        (False, True): False,
        (False, False): False,
        (False, None): False,
        (None, True): None,
        (None, False): False,
        (None, None): None,
    }
    NOT: Mapping[Truth, Truth] = {True: False, False: True, None: None}


@pytest.mark.parametrize("left", Three.VALUES)
@pytest.mark.parametrize("right", Three.VALUES)
def test_and_or_and_not_follow_kleenes_tables(left: Truth, right: Truth) -> None:
    """Each of the nine pairs has the value of the strong three-valued tables."""
    here = situation({n: v for n, v in (("a", left), ("b", right)) if v is not None})
    a, b = bit("a"), bit("b")
    assert (a & b).truth(here) is Three.AND[left, right]
    assert (a | b).truth(here) is Three.NOT[Three.AND[Three.NOT[left], Three.NOT[right]]]
    assert (~a).truth(here) is Three.NOT[left]


@given(condition, condition, condition, flags)
def test_the_laws_of_lattices_hold(a: Condition, b: Condition, c: Condition, facts: Flags) -> None:
    """Commutativity, associativity, absorption, distribution and double negation hold."""
    here = situation(facts)

    def same(one: Condition, other: Condition) -> bool:
        return one.truth(here) is other.truth(here)

    assert same(a & b, b & a)
    assert same(a | b, b | a)
    assert same(a & (b & c), (a & b) & c)
    assert same(a | (b | c), (a | b) | c)
    assert same(a & (a | b), a)
    assert same(a | (a & b), a)
    assert same(a & (b | c), (a & b) | (a & c))
    assert same(~~a, a)
    assert same(a & ALWAYS, a)
    assert same(a | ~ALWAYS, a)


@given(condition, condition, flags)
def test_de_morgan_holds_for_truth_and_for_what_is_open(
    a: Condition, b: Condition, facts: Flags
) -> None:
    """~(a & b) and ~a | ~b are one: the same truth, open for the same facts."""
    here = situation(facts)
    for one, other in ((~(a & b), ~a | ~b), (~(a | b), ~a & ~b)):
        assert one.truth(here) is other.truth(here)
        if one.truth(here) is None:
            assert set(one.unknown(here)) == set(other.unknown(here))


@given(condition, flags, flags)
def test_what_is_settled_stays_settled(asked: Condition, facts: Flags, more: Flags) -> None:
    """Once true or false, a condition does not change with the facts that were unknown."""
    truth = asked.truth(situation(facts))
    if truth is not None:
        assert asked.truth(situation({**more, **facts})) is truth


@given(condition, flags, flags)
def test_facts_that_are_not_named_settle_nothing(
    asked: Condition, facts: Flags, more: Flags
) -> None:
    """Filling paths that unknown() does not name never changes the truth."""
    here = situation(facts)
    if asked.truth(here) is None:
        named = set(asked.unknown(here))
        filled = {name: value for name, value in more.items() if name not in named}
        assert asked.truth(situation({**filled, **facts})) is None


@given(condition, flags)
def test_unknown_names_unknown_facts_once(asked: Condition, facts: Flags) -> None:
    """unknown() names only facts that are unknown, none twice, and some where all is open."""
    here = situation(facts)
    named = asked.unknown(here)
    assert len(named) == len(set(named))
    assert not set(named) & set(facts)
    if asked.truth(here) is None:
        assert named


@given(st.permutations(FLAGS), st.lists(st.sampled_from("&|"), min_size=3, max_size=3), flags)
def test_every_fact_that_is_named_matters(order: list[str], ops: list[str], facts: Flags) -> None:
    """Where no fact is read twice, each named fact decides for some values of the others."""
    asked = bit(order[0])
    for op, name in zip(ops, order[1:], strict=False):
        asked = asked & bit(name) if op == "&" else asked | ~bit(name)
    here = situation(facts)
    if asked.truth(here) is not None:
        return
    named = asked.unknown(here)
    for name in named:
        others = [n for n in named if n != name]
        assert any(
            asked.truth(situation({**facts, **fill, name: True}))
            is not asked.truth(situation({**facts, **fill, name: False}))
            for bits in range(2 ** len(others))
            for fill in [{n: bool(bits >> i & 1) for i, n in enumerate(others)}]
        )


def test_a_condition_is_no_bool() -> None:
    """bool(), and, or, not and chained comparisons are errors: they would lose the unknown."""
    a: Any = bit("a")
    b: Any = bit("b")
    for mistake in (
        lambda: bool(a),
        lambda: a and b,
        lambda: a or b,
        lambda: not a,
        lambda: 1 < NUMBERS.n < 3,
        lambda: 1 if b else 2,
    ):
        with pytest.raises(PolicyError, match="condition_is_no_bool"):
            mistake()


def test_a_term_is_no_bool() -> None:
    """A yes-or-no term is no condition; the error names the term."""
    with pytest.raises(PolicyError, match="term_is_no_bool: term=moment"):
        bool(NUMBERS.at)


class NUMBERS(Facts):
    """A number, a moment, two flags."""

    n = whole("number")
    m = whole("other number")
    at = instant("moment")
    sure = flag("sure")


@given(st.integers(0, 5), st.integers(0, 5))
def test_comparisons_compare(left: int, right: int) -> None:
    """The six comparisons mean what they mean, with terms and constants on either side."""
    here = situation({"n": left, "m": right})
    n, m = NUMBERS.n, NUMBERS.m
    assert (n == m).truth(here) is (left == right)
    assert (n != m).truth(here) is (left != right)
    assert (n < m).truth(here) is (left < right)
    assert (n <= right).truth(here) is (left <= right)
    assert (left > m).truth(here) is (left > right)
    assert (n >= m).truth(here) is (left >= right)


def test_a_comparison_with_something_unknown_is_unknown() -> None:
    """A comparison is unknown while a side is, and names the sides that are."""
    asked = NUMBERS.n >= NUMBERS.m
    assert asked.truth(situation()) is None
    assert asked.unknown(situation()) == ("n", "m")
    assert asked.truth(situation({"n": 3})) is None
    assert asked.unknown(situation({"n": 3})) == ("m",)


def test_zero_and_no_are_known() -> None:
    """What is falsy in Python is not unknown: 0 and no are values like others."""
    assert (NUMBERS.n < 1).truth(situation({"n": 0})) is True
    assert is_false(NUMBERS.sure).truth(situation({"sure": False})) is True


def test_membership() -> None:
    """A value is in a written set, or in a set that is a term; unknown while either is."""
    allowed: Term[frozenset[int]] = Constant(frozenset({1, 2}))
    assert NUMBERS.n.one_of(1, 2).truth(situation({"n": 2})) is True
    assert NUMBERS.n.one_of(1, 2).truth(situation({"n": 3})) is False
    assert NUMBERS.n.is_in(allowed).truth(situation({"n": 1})) is True
    assert NUMBERS.n.is_in(allowed).truth(situation()) is None
    assert NUMBERS.n.is_in(allowed).unknown(situation()) == ("n",)


def test_known_and_stated_are_never_unknown() -> None:
    """known(x) asks whether there is a value; stated(c) counts unknown as false; none asks."""
    for facts, is_known, is_stated in (
        ({}, False, False),
        ({"a": False}, True, False),
        ({"a": True}, True, True),
    ):
        here = situation(facts)
        assert known(B.a).truth(here) is is_known
        assert stated(B.a).truth(here) is is_stated
        assert stated(bit("a")).truth(here) is is_stated
        assert known(B.a).unknown(here) == stated(B.a).unknown(here) == ()
    assert (~stated(bit("a"))).truth(situation()) is True


def test_a_measure_is_computed_once_in_a_situation() -> None:
    """A measure that several conditions read is computed once, and anew in a new situation."""
    calls: list[int] = []

    @measure(NUMBERS.n, label="doubled")
    def doubled(n: int) -> int:
        calls.append(n)
        return 2 * n

    here = situation({"n": 4})
    assert ((doubled >= 8) & (doubled < 9) & known(doubled)).truth(here) is True
    assert doubled.value(here) == 8
    assert calls == [4]
    assert doubled.value(situation({"n": 5})) == 10
    assert calls == [4, 5]


def test_a_measure_whose_input_is_unknown_is_not_computed() -> None:
    """A measure is unknown while an input is, and asks for the inputs that are."""

    @measure(NUMBERS.n, NUMBERS.m, label="sum")
    def total(n: int, m: int) -> int:
        raise AssertionError("must not be called")

    assert (total >= 1).truth(situation({"n": 1})) is None
    assert (total >= 1).unknown(situation({"n": 1})) == ("m",)


def test_a_tolerant_measure_is_given_the_unknown() -> None:
    """A tolerant measure is computed with None for what is unknown."""

    @tolerant_measure(NUMBERS.n, NUMBERS.m, label="either")
    def either(n: int | None, m: int | None) -> int | None:
        return m if n is None else n

    assert either.value(situation({"m": 7})) == 7
    assert either.value(situation()) is None
    assert either.unknown(situation()) == ("n", "m")


def test_a_measure_may_ask_by_computed_paths() -> None:
    """A measure that returns Unknown is unknown, and asks for exactly the paths it names."""

    @measure(NUMBERS.n, label="complete entries")
    def complete(n: int) -> int | Unknown:
        return Unknown([f"entries[{n}].kind", "other"]) if n < 3 else n

    assert (complete >= 3).truth(situation({"n": 2})) is None
    assert (complete >= 3).unknown(situation({"n": 2})) == ("entries[2].kind", "other")
    assert (complete >= 3).truth(situation({"n": 3})) is True
    assert (complete >= 3).unknown(situation()) == ("n",)


MOMENT = datetime(2024, 1, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (day(NUMBERS.at), date(2024, 1, 31)),
        (day(NUMBERS.at) + days(1), date(2024, 2, 1)),
        (day(NUMBERS.at) + days(NUMBERS.n), date(2024, 2, 2)),
        (day(NUMBERS.at) + months(1), date(2024, 2, 29)),
        (month_end(day(NUMBERS.at) + months(1)), date(2024, 2, 29)),
        (day(NUMBERS.at) + years(1), date(2025, 1, 31)),
        (day(NUMBERS.at) + business_days(2, Constant("US")), date(2024, 2, 2)),
        (NUMBERS.at + days(1), datetime(2024, 2, 1, 15, 30, tzinfo=UTC)),
        (NUMBERS.at + months(1), datetime(2024, 2, 29, 15, 30, tzinfo=UTC)),
        (NUMBERS.at + elapsed_days(1), datetime(2024, 2, 1, 15, 30, tzinfo=UTC)),
        (NUMBERS.at + elapsed_minutes(31), datetime(2024, 1, 31, 16, 1, tzinfo=UTC)),
    ],
)
def test_spans_shift_dates_and_moments(term: Term[date], value: date) -> None:
    """A span shifts a date to a date, and a moment to a moment at the same time of day."""
    assert term.value(situation({"at": MOMENT, "n": 2})) == value


def test_a_shifted_date_asks_for_what_is_unknown_of_it() -> None:
    """Where the start is known and the length is not, only the length is asked for."""
    due = day(NUMBERS.at) + days(NUMBERS.n)
    assert due.unknown(situation()) == ("at", "n")
    assert due.unknown(situation({"at": MOMENT})) == ("n",)
    assert due.unknown(situation({"n": 1})) == ("at",)
    assert (due >= date(2024, 1, 1)).unknown(situation({"at": MOMENT})) == ("n",)


def test_elapsed_time_after_a_date_is_an_error() -> None:
    """Hours are counted from a moment; a bare date has none."""
    with pytest.raises(PolicyError, match="elapsed_time_needs_an_instant"):
        (day(NUMBERS.at) + elapsed_days(1)).value(situation({"at": MOMENT}))


def test_pick_reads_only_the_term_in_force() -> None:
    """Of several terms, the one that the parameter chooses is read and asked for."""
    by = Constant("m")
    chosen = pick(by, {"n": NUMBERS.n, "m": NUMBERS.m})
    assert chosen.value(situation({"n": 1, "m": 2})) == 2
    assert (chosen >= 1).unknown(situation()) == ("m",)
    with pytest.raises(PolicyError, match="choice_without_value"):
        pick(NUMBERS.n, {1: NUMBERS.m}).value(situation())


def test_a_named_term_is_the_term_under_another_label() -> None:
    """named() changes the label and nothing else."""
    named = NUMBERS.n.named("count")
    assert (named.label, NUMBERS.n.label) == ("count", "number")
    assert named.value(situation({"n": 1})) == 1
    assert (named >= 2).unknown(situation()) == ("n",)


def test_a_condition_can_be_read_back() -> None:
    """Every condition and term that a condition is made of can be walked."""

    @measure(NUMBERS.m, label="measure")
    def measured(m: int) -> int:
        return m

    asked = (NUMBERS.n >= measured) | ~stated(is_true(NUMBERS.sure))
    assert sum(1 for _ in walk(asked)) == 5
    labels = [term.label for term in terms_of(asked) if term.label]
    assert labels == ["number", "measure", "other number", "sure"]
