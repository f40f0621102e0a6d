"""The decided cases of Cronoshare, compared strictly, and their advice where it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from avoir.testing import Case, differences, document, load
from avoir_cronoshare.policy import POLICY

FILE = Path(__file__).parents[2] / "cases" / "cronoshare.contact.json"
CASES = load(FILE.read_bytes())
NO_STATE = "rejected_input"
"""How the cases call the state of a matter whose facts cannot be: it stays where it is."""
PRECONDITIONS = {
    "top up 1 crono": "enough cronos",
    "event.by must be contact.purchased_by": "the professional who paid for the contact",
}
"""How the cases call what is missing, and how the policy does."""

ADVICE: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "state": lambda said, came: came["state"] == (None if said == NO_STATE else said),
    "earliest": lambda said, came: came["earliest"] == said,
    "resubmittable": lambda said, came: came["resubmittable"] is said,
    "missing_preconditions": lambda said, came: (
        [PRECONDITIONS[one] for one in said] == [one.text for one in came["missing_preconditions"]]
    ),
}
STRICT = {
    "outcome",
    "clauses",
    "amount",
    "postings",
    "deadline",
    "missing",
    "errors",
    "balances",
    "allowed_actions",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_decided_as_recorded(case: Case) -> None:
    """Outcome, clauses, amount, postings, balances, phase and what it offers are the case's own."""
    assert list(differences(case, POLICY)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_advice_of_a_case_is_followed(case: Case) -> None:
    """Phase, earliest day, preconditions, and whether to ask again are those of the case."""
    came = document(case, POLICY)
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
    assert len({case.id for case in CASES}) == len(CASES) == 19


def test_a_sequence_follows_what_was_done_before() -> None:
    """Limit, top-up, purchase, refund, rectification: each finds what those before it left."""
    at = "2025-03-{:02}T10:00:00+01:00".format
    mine = {"offer_id": "O-1", "by": "professional:P-1"}
    events = [
        {"type": "set_advance_limit", "at": at(1), "new_advance_limit": "40"},
        {"type": "top_up", "at": at(1), "top_up": "60"},
        {"type": "buy_contact", "at": at(3), "offer_id": "O-2", "commission": "81",
         "confirmed_on_site": True},
        {"type": "buy_contact", "at": at(3), "offer_id": "O-1", "commission": "80",
         "confirmed_on_site": True},
        {"type": "refund", "at": at(4), **mine, "ground": "client_rejects_price"},
        {"type": "rectify", "at": at(5), **mine},
        {"type": "refund", "at": at(6), **mine, "ground": "client_rejects_price"},
    ]  # fmt: skip
    professional = {"id": "P-1", "cronos_balance": "0", "advance_outstanding": "0"}
    facts = {"time_zone": "Europe/Paris", "professional": professional, "events": events}
    came = document(Case("S-1", POLICY.key, {}, "sequence", facts=facts), POLICY)
    assert (came["outcome"], came["state"]) == ("refused", "processed_chosen")
    assert came["balances"] == {"available": "0", "advance_outstanding": "40", "net": "-40"}
    assert [posting["kind"] for posting in came["postings"]] == [
        "top_up",
        "advance",
        "contact_commission",
        "contact_management_fee",
        "commission_refund",
        "commission_rectified",
    ]


def test_who_was_chosen_has_no_refund_in_a_sequence() -> None:
    """What the platform records between two acts is known to the second."""
    events = [
        {"type": "buy_contact", "at": "2025-03-03T10:00:00+01:00", "offer_id": "O-1",
         "commission": "80"},
        {"type": "client_chose", "at": "2025-03-04T10:00:00+01:00", "offer_id": "O-1"},
        {"type": "refund", "at": "2025-03-05T10:00:00+01:00", "offer_id": "O-1",
         "by": "professional:P-1", "ground": "client_rejects_price"},
    ]  # fmt: skip
    professional = {"id": "P-1", "cronos_balance": "100", "advance_outstanding": "0"}
    facts = {"time_zone": "Europe/Paris", "professional": professional, "events": events}
    came = document(Case("S-2", POLICY.key, {}, "sequence", facts=facts), POLICY)
    assert (came["outcome"], came["state"]) == ("refused", "processed_chosen")
    assert {"CS-NOT-CHOSEN", "CS-PHASE-PROCESSED"} <= set(came["clauses"])
