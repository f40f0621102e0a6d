"""Laws that hold for every table: random small ones, decided on random facts.

Where a law is for tables that read each fact once, it is because the three values know no
connection between facts: ``a | ~a`` is unknown while ``a`` is, and asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import given, settings

from avoir.clauses import ADVERSE, Outcome, Row, otherwise
from avoir.conditions import Situation
from avoir.decisions import Decision
from avoir.money import Money
from avoir.verdicts import Status
from tests.core.bits import LOOK, NO, YES, ruled
from tests.core.interpreted import interpreted
from tests.core.tables import AMOUNTS, PLAIN, all_facts, some_facts, tables

Facts = Mapping[str, object]
Came = tuple[Outcome, Money | None]


def came(decision: Decision) -> Came:
    """What a decision comes to."""
    return decision.outcome, decision.amount


def is_final(decision: Decision) -> bool:
    """Whether nothing is asked."""
    return decision.outcome is not Outcome.NEEDS_INFORMATION


def first_match(rows: tuple[Row, ...], facts: Facts) -> Came:
    """What a table comes to where everything is known: the first row that holds, and no more."""
    here = Situation(facts, {})
    for row in rows:
        if row.only_if is None or row.only_if.truth(here):
            for when in row.whens:
                if when.condition.truth(here):
                    amount = when.effect.amount
                    return when.effect.outcome, None if amount is None else amount.value(here)
    raise AssertionError("no default")


def answers(paths: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every way to answer what is asked."""
    choices = [AMOUNTS[::2] if path in "xy" else (True, False) for path in paths]
    for values in product(*choices):
        yield dict(zip(paths, values, strict=True))


@given(tables(claims=True), all_facts)
def test_with_everything_known_the_first_row_that_holds_decides(
    rows: tuple[Row, ...], facts: dict[str, Any]
) -> None:
    """With no fact unknown, a table is a list of cases, and nothing is asked."""
    decision = ruled(*rows, **facts)
    assert came(decision) == first_match(rows, facts)
    assert decision.missing == ()


@given(tables(), some_facts, all_facts)
def test_a_decision_stands_whatever_the_unknown_facts_are(
    rows: tuple[Row, ...], facts: dict[str, Any], rest: dict[str, Any]
) -> None:
    """Once decided, no fact that was unknown changes the outcome or the amount."""
    decision = ruled(*rows, **facts)
    if is_final(decision):
        assert came(decision) == first_match(rows, {**rest, **facts})


@given(tables(), some_facts, all_facts)
def test_a_decision_stands_whichever_of_the_unknown_facts_are_filled(
    rows: tuple[Row, ...], facts: dict[str, Any], rest: dict[str, Any]
) -> None:
    """Once decided, learning one more fact asks nothing anew and changes nothing."""
    decision = ruled(*rows, **facts)
    if is_final(decision):
        for path, value in rest.items():
            assert came(ruled(*rows, **{path: value, **facts})) == came(decision)


@given(tables(read_once=True, claims=True), some_facts)
@settings(max_examples=150)
def test_every_fact_that_is_asked_for_matters(rows: tuple[Row, ...], facts: dict[str, Any]) -> None:
    """For each fact asked for, with some answer to the rest, two values of it differ.

    They lead to another outcome, another amount, or another question.
    """
    decision = ruled(*rows, **facts)
    results: dict[tuple[str, object], set[object]] = {}
    for more in answers(decision.missing):
        then = ruled(*rows, **facts, **more)
        for path in decision.missing:
            rest = tuple((other, str(value)) for other, value in more.items() if other != path)
            results.setdefault((path, rest), set()).add((came(then), then.missing))
    matters = {path for (path, _), found in results.items() if len(found) > 1}
    assert matters == set(decision.missing)
    assert bool(matters) is not is_final(decision)


@given(tables(guards=False, effects=PLAIN), some_facts, all_facts)
def test_while_something_is_asked_other_facts_settle_nothing(
    rows: tuple[Row, ...], facts: dict[str, Any], rest: dict[str, Any]
) -> None:
    """Facts that are not asked for neither end a question nor change it.

    A guard or a claim may be settled by more: while it is open, its row's own facts are not
    asked for yet, though they may show that the row would not decide.
    """
    decision = ruled(*rows, **facts)
    if not is_final(decision):
        others = {k: v for k, v in rest.items() if k not in decision.missing}
        again = ruled(*rows, **{**others, **facts})
        assert (again.outcome, set(again.missing)) == (decision.outcome, set(decision.missing))


@given(tables(), some_facts, all_facts)
def test_answering_what_is_asked_comes_to_what_all_facts_come_to(
    rows: tuple[Row, ...], facts: dict[str, Any], truth: dict[str, Any]
) -> None:
    """Whoever answers only what is asked, round by round, gets the decision of full knowledge."""
    known = dict(facts)
    whole = {**truth, **facts}
    decision = ruled(*rows, **known)
    while not is_final(decision):
        asked = set(decision.missing)
        assert asked
        assert not asked & set(known)
        known |= {path: whole[path] for path in asked}
        decision = ruled(*rows, **known)
    assert came(decision) == first_match(rows, whole)


@given(tables(claims=True), some_facts)
def test_the_same_facts_come_to_the_same_decision(
    rows: tuple[Row, ...], facts: dict[str, Any]
) -> None:
    """Nothing but the facts decides: not the order they come in, nor anything decided before."""
    one = ruled(*rows, **facts)
    other = ruled(*rows, **dict(reversed(facts.items())))
    assert came(one) == came(other)
    assert (one.clauses, one.missing) == (other.clauses, other.missing)
    assert one.verdict is not None
    assert other.verdict is not None
    assert interpreted(one.verdict) == interpreted(other.verdict)


@given(tables(claims=True, effects=(YES, NO, NO, LOOK)), some_facts, all_facts)
def test_every_further_reason_stays_one(
    rows: tuple[Row, ...], facts: dict[str, Any], rest: dict[str, Any]
) -> None:
    """What a refusal collects refuses whatever is still unknown, and no row before it grants."""
    decision = ruled(*rows, **facts)
    verdict = decision.verdict
    assert verdict is not None
    if decision.outcome not in ADVERSE:
        return
    for index, when in verdict.also:
        row = rows[index]
        assert row.whens[when].effect.outcome is decision.outcome
        assert row.clause in decision.clauses
        below = rows[verdict.decided + 1 : index + 1]
        more = {k: v for k, v in rest.items() if not _read_by_a_ground(below, k)}
        assert ruled(*below, otherwise(None, LOOK), **{**more, **facts}).outcome is decision.outcome


def _read_by_a_ground(rows: tuple[Row, ...], path: str) -> bool:
    """Whether a ground reads a fact: on record it would count, though nobody claims it."""
    return any(
        path in when.condition.unknown(Situation({}, {}))
        for row in rows
        if row.claimed is not None
        for when in row.whens
    )


@given(tables(claims=True), some_facts)
def test_the_statuses_agree_with_the_decision(rows: tuple[Row, ...], facts: dict[str, Any]) -> None:
    """One row decides; above it, a row is open exactly where it may still decide."""
    verdict = ruled(*rows, **facts).verdict
    assert verdict is not None
    above = verdict.statuses[: verdict.decided]
    still_open = {n for n, status in enumerate(above) if status is Status.OPEN}
    assert still_open == {possible.row for possible in verdict.open} - {verdict.decided}
    assert Status.NOT_REACHED not in above
    decided = verdict.statuses[verdict.decided]
    assert decided in (Status.MET, Status.UNMET)
    assert Status.NOTED not in verdict.statuses
