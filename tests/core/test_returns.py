"""Returns: what is checked where a policy declares them, and what they count as used and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from avoir import parameters
from avoir.clauses import Outcome
from avoir.errors import PolicyError
from avoir.money import Unit
from avoir.returns import (
    Count,
    Counted,
    Events,
    Figure,
    FigureKind,
    Pipeline,
    Returns,
    Share,
    Total,
    Worth,
    kind_of,
)
from tests.core import toy
from tests.core.bits import cl
from tests.core.test_policies import and_parameters, names, refused
from tests.core.toy import GBP, policy

SOLD = Events(("sell",), (Outcome.RECORDED,))
BACK = Events(("bring_back", "look_up"), decided_by=(toy.FAULTY,), not_decided_by=(toy.COLOUR,))
FIGURES: Sequence[Figure] = (
    Count("sold", "umbrellas sold", SOLD),
    Count("back", "brought back", BACK, Counted.EVENTS, among="sold", in_states=("refunded",)),
    Total("price", "price of them", SOLD, GBP, Worth.DECIDED),
    Total("paid", "paid back", BACK, GBP, among="sold"),
    Share("rate", "share brought back", "back", "sold", toy.P.half),
    Share("cost", "share paid back", "paid", "price"),
)


def returns(*figures: Figure, **parts: Any) -> Returns:
    """The returns of the toy with these figures besides its own."""
    return Returns(**{"clauses": (toy.WINDOW,), "figures": (*FIGURES, *figures), **parts})


def faulty(*figures: Figure, **parts: Any) -> PolicyError:
    """The error that the toy is refused with where it declares these returns."""
    return refused(returns=returns(*figures, **parts))


def test_sound_returns_are_built() -> None:
    """Figures are told apart by what they are; shares follow from those that are read."""
    declared = returns(outcomes=BACK, pipeline=Pipeline("returns", ("asked",), "answer_due"))
    assert policy(returns=declared).returns is declared
    assert [figure.name for figure in declared.measured] == ["sold", "back", "price", "paid"]
    assert [share.name for share in declared.shares] == ["rate", "cost"]
    count, money, share = FigureKind.COUNT, FigureKind.MONEY, FigureKind.SHARE
    assert [kind_of(one) for one in FIGURES] == [count, count, money, money, share, share]


def test_a_policy_may_have_none() -> None:
    """Returns are no must."""
    assert toy.POLICY.returns is None


# --- names


@pytest.mark.parametrize("name", ["", "two words", "2", "a-b", "period", "party"])
def test_a_name_can_head_a_column(name: str) -> None:
    """A figure has a plain name, and none by which rows go."""
    error = faulty(Count(name, "x", SOLD))
    assert names(error, "figure_name_is_no_name", figure=name)


def test_a_name_is_given_once() -> None:
    """Two figures of one name are refused."""
    assert names(faulty(Count("sold", "x", SOLD)), "figure_name_twice", figure="sold")


@pytest.mark.parametrize("named", ["none", "x", "later", "rate", "paid", "back"])
def test_only_an_earlier_count_of_cases_narrows_a_figure(named: str) -> None:
    """What a figure is among counts cases, and stands before it."""
    later = Count("later", "x", SOLD)
    for figure in (Count("x", "x", SOLD, among=named), Total("x", "x", SOLD, GBP, among=named)):
        error = faulty(figure, later)
        assert names(error, "figure_not_declared", figure="x", named=named)


@pytest.mark.parametrize("named", ["none", "x", "later", "rate"])
def test_a_share_is_of_earlier_figures_that_are_read(named: str) -> None:
    """A share names figures before it, and no other share."""
    later = Count("later", "x", SOLD)
    for figure in (Share("x", "x", named, "sold"), Share("x", "x", "sold", named)):
        error = faulty(figure, later)
        assert names(error, "figure_not_declared", figure="x", named=named)


def test_a_share_is_of_its_own_kind() -> None:
    """Nothing is divided by what it cannot be a part of: money by a count, or other money."""
    points = Total("points", "x", SOLD, Unit("POINT", 0))
    for part, whole in (("sold", "price"), ("paid", "sold"), ("points", "price")):
        error = faulty(points, Share("x", "x", part, whole))
        assert names(error, "share_of_unlike_figures", figure="x")


# --- what they refer to


def test_an_action_that_is_not_declared_is_named() -> None:
    """Figures and outcomes are of actions that the policy has."""
    lost = Events(("sell", "lose"))
    for error in (faulty(Count("x", "x", lost)), faulty(outcomes=lost)):
        assert names(error, "action_not_declared", action="lose")


def test_a_state_that_is_not_declared_is_named() -> None:
    """Figures and pipelines are of states that the policy has."""
    for error in (
        faulty(Count("x", "x", SOLD, in_states=("sold", "lost"))),
        faulty(Total("x", "x", SOLD, GBP, in_states=("lost",))),
        faulty(pipeline=Pipeline("x", ("sold", "lost"))),
    ):
        assert names(error, "state_not_declared", state="lost")


def test_a_deadline_that_is_not_declared_is_named() -> None:
    """A pipeline ages against a deadline that the policy has."""
    error = faulty(pipeline=Pipeline("x", ("sold",), "never"))
    assert names(error, "deadline_not_declared", deadline="never")


def test_a_unit_is_that_of_an_account() -> None:
    """Amounts add up in a unit that the policy books in."""
    error = faulty(Total("x", "x", SOLD, Unit("EUR", 2)))
    assert names(error, "unit_without_account", figure="x", unit="EUR")


def test_a_clause_is_one_of_the_catalogue() -> None:
    """Wherever returns name a clause, the policy has it."""
    new = cl("U-NEW")
    for error in (
        faulty(clauses=(new,)),
        faulty(Count("x", "x", Events(("sell",), decided_by=(new,)))),
        faulty(outcomes=Events(("sell",), not_decided_by=(new,))),
    ):
        assert names(error, "clause_not_in_catalogue", clause="U-NEW")


def test_a_clause_of_returns_is_used() -> None:
    """A clause on which only returns rest stands somewhere."""
    counted = cl("U-COUNTED")
    policy(catalogue=(*toy.CATALOGUE, counted), returns=returns(clauses=(counted,)))


def test_a_benchmark_is_read() -> None:
    """A parameter that only a share is held against is one that something reads."""
    fifth = parameters.share("0.2", "benchmark")
    one = Share("x", "x", "back", "sold", fifth)
    policy(parameters=and_parameters(fifth=fifth), returns=returns(one))
    error = faulty(one)
    assert names(error, "parameter_not_declared", parameter="benchmark")
