"""Rows that want something of a choice: passed by together, and never one too many."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from avoir.clauses import Row, RowKind, Table, When, otherwise, require, rule
from avoir.compiler.choices import stretches, wanted
from avoir.conditions import Condition, Situation, is_true
from avoir.facts import Facts, choice, flag
from avoir.programs import program, source
from avoir.verdicts import Verdict
from tests.core.bits import LOOK, NO, YES, B, cl
from tests.core.interpreted import interpreted, walk


class State(StrEnum):
    """Where a matter stands."""

    NEW = "new"
    PAID = "paid"
    CLOSED = "closed"
    LOST = "lost"


class C(Facts):
    """Two choices of the same options, and a flag."""

    state = choice(State, label="state")
    other = choice(State, label="other state")
    flag = flag("flag")


PATHS: Final = ("state", "other", "flag")

situations = st.builds(
    lambda state, other, known: {
        path: value
        for path, value in zip(PATHS, (state, other, known), strict=True)
        if value is not None
    },
    st.sampled_from([None, *State]),
    st.sampled_from([None, *State]),
    st.sampled_from([None, True, False]),
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """What is asked of a choice, sometimes of a flag too, sometimes the other way round."""
    term = draw(st.sampled_from([C.state, C.state, C.other]))
    option = draw(st.sampled_from(State))
    asked = draw(st.sampled_from([term == option, term.one_of(option, State.NEW), term != option]))
    flagged = is_true(C.flag)
    every = [asked, asked & flagged, flagged & asked, asked | flagged, ~asked]
    condition: Condition = draw(st.sampled_from(every))
    return condition


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A requirement, or a rule of one or two conditions; some have a guard."""
    effects = st.sampled_from([NO, YES, LOOK])
    guard = draw(st.sampled_from([None, None, is_true(C.flag)]))
    if draw(st.booleans()):
        return require(cl("R"), ~draw(conditions()), draw(effects), only_if=guard)
    whens = [When(draw(conditions()), draw(effects)) for _ in range(draw(st.integers(1, 2)))]
    return rule(cl("R"), *whens, only_if=guard)


@given(st.lists(rows(), max_size=6), st.lists(situations, min_size=1, max_size=8))
def test_what_is_passed_by_would_not_have_held(
    written: list[Row], known: list[dict[str, object]]
) -> None:
    """A table comes to the same as the one that is walked row by row, whatever is known."""
    table = Table("choices", (*written, otherwise(cl("DEFAULT"), YES)), moment=B.at)
    for facts in known:
        verdict = program(table)(Situation(facts, {}))
        assert isinstance(verdict, Verdict)
        assert interpreted(verdict) == walk(table, Situation(facts, {}))


def test_rows_of_one_choice_stand_in_one_block() -> None:
    """Three conditions on one choice are looked at only where it is one of theirs, or unknown."""
    paid, closed, lost = (
        rule(cl(state.value), When(C.state == state, NO))
        for state in (State.PAID, State.CLOSED, State.LOST)
    )
    table = Table("one", (paid, closed, lost, otherwise(None, YES)), moment=B.at)
    assert [len(stretch.rows) for stretch in stretches(table.rows)] == [3, 1]
    assert "# closed, lost, paid\n    if state is None or state in " in source(table)


def test_a_row_with_a_guard_is_looked_at_by_itself() -> None:
    """What a guard says comes before what its row wants."""
    guarded = rule(cl("R"), When(C.state == State.PAID, NO), only_if=is_true(C.flag))
    assert guarded.kind is RowKind.RULE
    assert [stretch.wanted for stretch in stretches((guarded, guarded, guarded))] == [None] * 3


def test_what_is_wanted_of_a_choice() -> None:
    """A condition wants options only where it fails for certain on all others."""
    paid = C.state == State.PAID
    for condition in (paid, paid & is_true(C.flag), is_true(C.flag) & paid):
        found = wanted(condition)
        assert found is not None
        assert found.term is C.state
        assert found.options == {State.PAID}
    both = wanted(paid | C.state.one_of(State.NEW, State.LOST))
    assert both is not None
    assert both.options == {State.PAID, State.NEW, State.LOST}
    for condition in (~paid, paid | is_true(C.flag), paid | (C.other == State.NEW)):
        assert wanted(condition) is None
