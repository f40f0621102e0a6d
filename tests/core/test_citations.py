"""Citing: which clauses a decision names, and which further reasons a refusal collects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avoir.clauses import (
    Company,
    Effect,
    Outcome,
    When,
    ground,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import ALWAYS, Situation
from avoir.decisions import decide
from avoir.verdicts import Status
from tests.core.bits import LOOK, NO, YES, B, bit, cl, fixed, ids, ruled, table

a, b, c, d = (bit(name) for name in "abcd")
staff = bit("staff")
APPROVED, REFUSED = Outcome.APPROVED, Outcome.REFUSED

GROUND = (
    ground(cl("G"), When(a, YES), claimed=b),
    otherwise(cl("NOTHING"), NO),
)


# --- what is cited


def test_the_citations_of_a_favourable_decision() -> None:
    """First what decides, the amount's clause, what the effect cites, the notes; then what is met.

    A requirement that was passed over and a note whose guard does not hold are not cited.
    """
    pay = Effect(APPROVED, amount=fixed(10), amount_clause=cl("AMOUNT"), cites=(cl("EXTRA"),))
    rows = (
        require(cl("MET"), a, NO),
        require(cl("PASSED"), b, NO, only_if=c),
        note(cl("NOTED"), a),
        note(cl("SILENT"), c),
        note(cl("OPEN"), d),
        rule(cl("DECIDES"), When(a, pay)),
        otherwise(cl("DEFAULT"), NO),
    )
    assert ids(ruled(*rows, a=True, c=False)) == ["DECIDES", "AMOUNT", "EXTRA", "NOTED", "MET"]


def test_a_refusal_does_not_cite_what_is_met() -> None:
    """Requirements that hold are no reasons for a refusal; notes above it are cited."""
    rows = (require(cl("MET"), a, NO), note(cl("NOTED")), require(cl("UNMET"), b, NO))
    assert ids(ruled(*rows, otherwise(None, YES), a=True, b=False)) == ["UNMET", "NOTED"]


def test_each_clause_is_cited_once() -> None:
    """A clause that stands in several rows is cited once."""
    rows = (require(cl("C"), a, NO), require(cl("C"), b, NO), otherwise(cl("C"), YES))
    assert ids(ruled(*rows, a=True, b=True)) == ["C"]
    assert ids(ruled(*rows, a=False, b=False)) == ["C"]


def test_a_person_is_told_why() -> None:
    """A review cites the open rows that led to it, and what a review cites itself."""
    rows = (require(cl("R1"), staff, NO), otherwise(cl("R2"), YES))
    made = replace(table(*rows), review=LOOK.citing(cl("DISCRETION")))
    assert ids(decide(made, Situation({}, {}), B, "UTC")) == ["R1", "DISCRETION"]


# --- further refusals


def test_a_refusal_collects_the_refusals_below_it() -> None:
    """All reasons are given at once, with what their effects cite, advise and want."""
    first = NO.citing(cl("E1")).advising("one").wanting("p1")
    second = NO.citing(cl("E2")).advising("two").wanting("p2")
    rows = (require(cl("R1"), a, first), require(cl("R2"), b, second), otherwise(None, YES))
    decision = ruled(*rows, a=False, b=False)
    assert ids(decision) == ["R1", "E1", "R2", "E2"]
    assert (decision.advice, decision.preconditions) == (("one", "two"), ("p1", "p2"))
    assert ids(ruled(*rows, a=False, b=True)) == ["R1", "E1"]


def test_the_collection_stops_at_a_row_that_would_decide_otherwise() -> None:
    """Below a row that would have granted, no reasons to refuse are collected."""
    rows = (
        require(cl("R1"), a, NO),
        rule(cl("R2"), When(b, YES)),
        require(cl("R3"), c, NO),
        otherwise(None, YES),
    )
    assert ids(ruled(*rows, a=False, b=False, c=False)) == ["R1", "R3"]
    assert ids(ruled(*rows, a=False, b=True, c=False)) == ["R1"]


@pytest.mark.parametrize(
    "doubtful",
    [
        rule(cl("R2"), When(b, YES)),
        rule(cl("R2"), When(ALWAYS, YES), only_if=b),
        rule(cl("R2"), When(b, YES), When(ALWAYS, NO)),
    ],
)
def test_the_collection_stops_at_a_row_that_could_decide_otherwise(doubtful: object) -> None:
    """A row that an unknown fact may still let grant ends the collection, and is no reason."""
    rows = (require(cl("R1"), a, NO), doubtful, require(cl("R3"), c, NO), otherwise(None, YES))
    decision = ruled(*rows, a=False, c=False)  # type: ignore[arg-type]
    assert (decision.outcome, ids(decision)) == (REFUSED, ["R1"])
    assert decision.verdict is not None
    assert decision.verdict.statuses[1] is Status.OPEN


def test_the_collection_passes_what_could_only_refuse_too() -> None:
    """An open row that could only refuse is no reason, and does not end the collection."""
    rows = (
        require(cl("R1"), a, NO),
        require(cl("R2"), b, NO),
        require(cl("R3"), c, NO, only_if=b),
        rule(cl("R4"), When(a, YES), only_if=b),
        require(cl("R5"), d, NO),
        otherwise(None, YES),
    )
    assert ids(ruled(*rows, a=False, d=False)) == ["R1", "R5"]


def test_the_collection_keeps_to_one_outcome() -> None:
    """A refusal collects refusals and no blocks; a block collects blocks."""
    block = Effect(Outcome.BLOCKED)
    rows = (require(cl("R1"), a, NO), require(cl("R2"), b, block), otherwise(None, YES))
    assert ids(ruled(*rows, a=False, b=False)) == ["R1"]
    rows = (require(cl("R1"), a, block), require(cl("R2"), b, block), otherwise(None, YES))
    assert ids(ruled(*rows, a=False, b=False)) == ["R1", "R2"]


def test_some_refusals_stand_alone() -> None:
    """An effect that stands alone collects nothing, and is not collected by another."""
    alone = replace(NO, company=Company.ALONE)
    rows = (require(cl("R1"), a, alone), require(cl("R2"), b, NO), otherwise(None, YES))
    assert ids(ruled(*rows, a=False, b=False)) == ["R1"]
    rows = (require(cl("R1"), a, NO), require(cl("R2"), b, alone), otherwise(None, NO))
    assert ids(ruled(*rows, a=False, b=False)) == ["R1"]


def test_a_failed_claim_below_the_refusal_is_a_reason_too() -> None:
    """The collection reaches the claims that fail below the deciding row."""
    rows = (require(cl("R1"), a, NO), *GROUND)
    assert ids(ruled(*rows, a=False, b=True)) == ["R1", "NOTHING", "G"]


def test_a_favourable_decision_collects_nothing() -> None:
    """Only what is adverse goes on to collect."""
    rows = (rule(cl("R1"), When(a, YES)), require(cl("R2"), b, NO), otherwise(None, YES))
    assert ids(ruled(*rows, a=True, b=False)) == ["R1"]
