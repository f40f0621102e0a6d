"""The decided cases of XpertSource, compared strictly, and their advice where it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from avoir.documents import tree
from avoir.testing import Case, decide, differences, load
from avoir_xpertsource.policy import POLICY

FILE = Path(__file__).parents[2] / "cases" / "xpertsource.lead_credit.json"
CASES = load(FILE.read_bytes())
NO_STATE = "rejected_input"
"""How the cases call the state of a matter whose facts cannot be: it stays where it is."""

ADVICE: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "state": lambda said, came: came["state"] == (None if said == NO_STATE else said),
    "decision_mode": lambda said, came: came["decision_mode"] == said,
    "earliest": lambda said, came: came["earliest"] == said,
    "resubmittable": lambda said, came: came["resubmittable"] is said,
    "metrics": lambda said, came: came["metrics"] == said,
    "allowed_actions": lambda said, came: came["allowed_actions"] == said,
    "notify": lambda said, came: set(came["notify"]) == set(said),
}
STRICT = {"outcome", "clauses", "amount", "postings", "deadline", "missing", "errors"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_decided_as_recorded(case: Case) -> None:
    """Outcome, clauses, amount, postings, deadline, missing facts and errors are the case's own."""
    assert list(differences(case, POLICY)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_advice_of_a_case_is_followed(case: Case) -> None:
    """State, mode, earliest day, metrics, allowed actions and notices are those of the case."""
    decision, edition = decide(case, POLICY)
    came = tree(decision, edition)
    followed = {
        name: ADVICE[name](said, came) for name, said in case.expect.items() if name in ADVICE
    }
    assert all(followed.values()), followed


def test_a_case_says_nothing_that_is_not_compared() -> None:
    """Every word of an expectation is compared, strictly or as advice."""
    said = {name for case in CASES for name in case.expect}
    assert said <= STRICT | ADVICE.keys()


def test_every_case_is_there() -> None:
    """The file holds cases of this policy only, each under an id of its own."""
    assert {case.policy for case in CASES} == {POLICY.key}
    assert len({case.id for case in CASES}) == len(CASES) == 21
