"""The decided cases of prescribers, compared strictly, and their advice where it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from avoir.testing import Case, differences, document, load
from avoir_referral_broker.prescriber.policy import POLICY

FILE = Path(__file__).parents[3] / "cases" / "referral_broker.prescriber.json"
CASES = load(FILE.read_bytes())

STATES: Final = {"rejected_input": None, "awaiting_information": None}
"""How the cases call the state of a matter that nothing was decided on: it stays where it is."""
OF_ITS_OWN: Final = {"PR-003": "attached_no_convention"}
"""Where the contract has a state of its own for what a case only calls attached."""
NOTICES: Final = {
    "prescriber:not_remunerable_contact_already_known": "prescriber:not_remunerable_known",
    "prescriber:not_remunerable_double_prescription": "prescriber:not_remunerable_second",
}
"""How the cases call notices, and how the contract does."""

ADVICE: Mapping[str, Callable[[Case, Any, Mapping[str, Any]], bool]] = {
    "state": lambda case, said, came: (
        came["state"] == OF_ITS_OWN.get(case.id, STATES.get(said, said))
    ),
    "notify": lambda case, said, came: came["notify"] == [NOTICES[one] for one in said],
    "metrics": lambda case, said, came: came["metrics"] == said,
}
STRICT = {"outcome", "clauses", "amount", "postings", "deadline", "missing", "errors"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_decided_as_recorded(case: Case) -> None:
    """Outcome, clauses, amount, postings, deadline, missing facts and errors are the case's own."""
    assert list(differences(case, POLICY)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_advice_of_a_case_is_followed(case: Case) -> None:
    """State, notices and figures are those of the case, or what the contract calls them."""
    came = document(case, POLICY)
    followed = {
        name: ADVICE[name](case, said, came) for name, said in case.expect.items() if name in ADVICE
    }
    assert all(followed.values()), followed


def test_a_case_says_nothing_that_is_not_compared() -> None:
    """Every word of an expectation is compared, strictly or as advice."""
    said = {name for case in CASES for name in case.expect}
    assert said <= STRICT | ADVICE.keys()


def test_every_case_is_there() -> None:
    """The file holds cases of this policy only, each under an id of its own."""
    assert {case.policy for case in CASES} == {POLICY.key}
    assert len({case.id for case in CASES}) == len(CASES) == 14
