"""The decided cases of conXpros, compared strictly, and their advice where it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from avoir.documents import tree
from avoir.testing import Case, decide, differences, load
from avoir_conxpros.policy import POLICY

FILE = Path(__file__).parents[2] / "cases" / "conxpros.lead_credit.json"
CASES = load(FILE.read_bytes())
NO_STATE = "rejected_input"
"""How the cases call the state of a matter whose facts cannot be: it stays where it is."""

NAMED = {"reversal_decided": {"professional:decision_denied": "professional:reversed"}}
"""Notices that the contract calls by another name than the cases, by action."""


def _reviewable(said: bool, came: Mapping[str, Any]) -> bool:
    return ("review_requested" in came["allowed_actions"]) is said


ADVICE: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "state": lambda said, came: came["state"] == (None if said == NO_STATE else said),
    "resubmittable": lambda said, came: came["resubmittable"] is said,
    "reviewable": _reviewable,
    "missing_preconditions": lambda said, came: (
        [name.text for name in came["missing_preconditions"]] == said
    ),
}
STRICT = {"outcome", "clauses", "amount", "postings", "deadline", "missing", "errors"}
ELSEWHERE = {"notify", "balances", "also_acceptable_clauses"}
"""What is compared by itself below, and what another answer might have cited."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_decided_as_recorded(case: Case) -> None:
    """Outcome, clauses, amount, postings, deadline, missing facts and errors are the case's own."""
    assert list(differences(case, POLICY)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_advice_of_a_case_is_followed(case: Case) -> None:
    """State, resubmission, review, preconditions and notices are those that a case names."""
    decision, edition = decide(case, POLICY)
    came = tree(decision, edition)
    followed = {
        name: ADVICE[name](said, came) for name, said in case.expect.items() if name in ADVICE
    }
    assert all(followed.values()), followed
    names = NAMED.get(case.action or "", {})
    if "notify" in case.expect:
        told = {names.get(notice, notice) for notice in case.expect["notify"]}
        assert {f"{notice.to}:{notice.kind}" for notice in decision.notices} == told


@pytest.mark.parametrize(
    "case", [case for case in CASES if "balances" in case.expect], ids=lambda case: case.id
)
def test_the_balance_after_a_case_is_the_recorded_one(case: Case) -> None:
    """What a decision moves leads from the balance stated to the balance expected."""
    decision, _ = decide(case, POLICY)
    (posting,) = decision.postings
    before = case.facts["professional"]["balance"]["amount"]
    assert posting.source == "professional:balance"
    left = Decimal(before) - Decimal(posting.amount.amount)
    assert str(left) == case.expect["balances"]["client_account"]


def test_a_case_says_nothing_that_is_not_compared() -> None:
    """Every word of an expectation is compared, strictly or as advice."""
    said = {name for case in CASES for name in case.expect}
    assert said <= STRICT | ADVICE.keys() | ELSEWHERE


def test_every_case_is_there() -> None:
    """The file holds cases of this policy only, each under an id of its own."""
    assert {case.policy for case in CASES} == {POLICY.key}
    assert len({case.id for case in CASES}) == len(CASES) == 30
