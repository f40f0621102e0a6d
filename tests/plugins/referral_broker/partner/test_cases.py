"""The decided cases of partners, compared strictly, and their advice where it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from avoir.testing import Case, differences, document, load
from avoir_referral_broker.partner.policy import POLICY

FILE = Path(__file__).parents[3] / "cases" / "referral_broker.partner.json"
CASES = load(FILE.read_bytes())
NO_STATE = "rejected_input"
"""How the cases call the state of a deal whose facts cannot be: it stays where it is."""

ADVICE: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "state": lambda said, came: came["state"] == (None if said == NO_STATE else said),
    "missing_preconditions": lambda said, came: (
        said == [one.text for one in came["missing_preconditions"]]
    ),
    "notify": lambda said, came: said == came["notify"],
    # an article is referred to in our own words
    "guidance": lambda said, came: bool(said) is bool(came["guidance"]),
}
STRICT = {"outcome", "clauses", "amount", "postings", "deadline", "missing", "errors"}
SHOWN_OTHERWISE = {"must_agree_sum", "max_sum", "channel", "signature_mode"}
"""What the facts, the notice and the citations of a decision say themselves."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_decided_as_recorded(case: Case) -> None:
    """Outcome, clauses, amount, postings, deadlines and errors are the case's own."""
    assert list(differences(case, POLICY)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_advice_of_a_case_is_followed(case: Case) -> None:
    """State, preconditions, notices and guidance are those of the case."""
    came = document(case, POLICY)
    followed = {
        name: ADVICE[name](said, came) for name, said in case.expect.items() if name in ADVICE
    }
    assert all(followed.values()), followed


def test_a_case_says_nothing_that_is_not_compared() -> None:
    """Every word of an expectation is compared, or said by the decision in another place."""
    said = {name for case in CASES for name in case.expect}
    assert said <= STRICT | ADVICE.keys() | SHOWN_OTHERWISE


def test_every_case_is_there() -> None:
    """The file holds cases of this policy only, each under an id of its own."""
    assert {case.policy for case in CASES} == {POLICY.key}
    assert len({case.id for case in CASES}) == len(CASES) == 18
