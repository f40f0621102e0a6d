"""Rulings: a named person decides with a reason, and a commitment is not defeated in silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from avoir.cases import evaluate
from avoir.findings import findings
from avoir.lifecycles import Event, Role, Statement
from avoir_xpertsource.policy import POLICY
from tests.plugins.xpertsource.examples import (
    MONTREAL,
    Document,
    Example,
    decided,
    differences,
    ruled,
    under_contract,
    unreachable,
)
from tests.plugins.xpertsource.recorded import RULINGS
from tests.plugins.xpertsource.recorded.rulings import TO_REFUSE

EDITION = POLICY.edition()


@pytest.mark.parametrize("example", RULINGS, ids=str)
def test_a_ruling_comes_to_what_it_says(example: Example) -> None:
    """Each recorded ruling confirms or replaces its recommendation, and cites both."""
    assert list(differences(example)) == []


def test_the_record_keeps_the_recommendation_beside_the_ruling() -> None:
    """A ruling that replaces a recommendation shows among its findings what was recommended."""
    found = findings(decided(Example("", ruled(TO_REFUSE, "approve"), "approved", action="rule")))
    reads = {reading.label: reading.value for finding in found for reading in finding.reads}
    assert reads["recommendation"] == "refused"
    assert reads["ruling"] == "approve"


@pytest.mark.parametrize("state", ["under_examination", "overdue"])
def test_a_ruling_is_made_on_what_is_examined(state: str) -> None:
    """A request may be ruled on while it is examined, also when the answer is overdue."""
    decision = evaluate(EDITION, "rule", ruled(unreachable(), "approve"), stored=state)
    assert decision.outcome == "approved"


@pytest.mark.parametrize(
    "state", ["waiting_period", "awaiting_information", "approved", "refused", "out_of_time"]
)
def test_nothing_else_is_ruled_on(state: str) -> None:
    """What is not examined, or settled already, cannot be ruled on."""
    decision = evaluate(EDITION, "rule", ruled(unreachable(), "approve"), stored=state)
    assert (decision.outcome, decision.postings) == ("blocked", ())


def test_a_second_reviewer_states_his_own_reason() -> None:
    """A ruling is stated anew: nobody inherits the decision or the reason of the one before."""
    rule = POLICY.lifecycle.action("rule")
    assert rule is not None
    assert rule.statement is Statement.ANEW
    assert rule.signs is not None
    assert rule.signs.path == "ruling.by"
    assert rule.actors == {Role.REVIEWER}


# --- what the records of a case show


def happened(
    action: str, outcome: str, effective: str, *, days: int = 0, by: str = "P-1", **more: Any
) -> Event:
    """One earlier action on a case."""
    moment = datetime(2025, 3, 12, 9, tzinfo=MONTREAL) + timedelta(days=days)
    facts: Document = {"request": {"submitted_at": "2025-03-12T09:00:00-04:00"}, **more}
    role = Role.REVIEWER if action == "rule" else Role.PROFESSIONAL
    amount = "120.00" if outcome == "approved" else None
    return Event(action, moment, by, role, "", outcome, effective, amount, "CAD", (), facts)


ASKED = happened("request_credit", "approved", "on_ruling")
REFUSED_EARLY = happened("request_credit", "refused", "at_once", days=-6)
FIRST_LOOK = happened(
    "rule", "manual_review", "at_once", by="R-1", days=1, ruling={"decision": "refuse"}
)
GRANTED = happened("rule", "approved", "at_once", by="R-2", days=2, ruling={"decision": "approve"})


def test_a_recommendation_is_no_answer() -> None:
    """While a person has not ruled, nothing was answered and nothing was credited."""
    shown = POLICY.lifecycle.history([ASKED])
    assert shown == {"previous_requests": [], "previous_rulings": [], "answer_received_at": None}


def test_a_refusal_at_once_is_an_answer_until_the_next_request() -> None:
    """A refusal at once answers its request; the request made after it waits for its own answer."""
    assert POLICY.lifecycle.history([REFUSED_EARLY])["answer_received_at"] is not None
    after = POLICY.lifecycle.history([REFUSED_EARLY, ASKED])
    assert after["answer_received_at"] is None
    assert after["previous_requests"] == [
        {"submitted_at": "2025-03-12T09:00:00-04:00", "outcome": "refused", "credited": None}
    ]


def test_a_first_look_is_on_record_and_no_answer() -> None:
    """A reviewer who refuses a commitment is remembered by name; the request stays open."""
    shown = POLICY.lifecycle.history([ASKED, FIRST_LOOK])
    assert shown["previous_rulings"] == [{"by": "R-1", "decision": "refuse"}]
    assert shown["answer_received_at"] is None


def test_the_records_lead_to_the_second_look() -> None:
    """With the first refusal on record the same reviewer is stopped again, and another is not."""
    shown = POLICY.lifecycle.history([ASKED, FIRST_LOOK])
    for by, outcome in (("R-1", "manual_review"), ("R-2", "refused")):
        document = {**ruled(under_contract("2025-02-20"), "refuse", by=by), **shown}
        assert evaluate(EDITION, "rule", document).outcome == outcome


def test_a_credit_on_record_is_the_only_one() -> None:
    """What was granted is an earlier request that was approved: the lead is not credited again."""
    shown = POLICY.lifecycle.history([ASKED, FIRST_LOOK, GRANTED])
    assert shown["answer_received_at"] == GRANTED.at.isoformat()
    decision = evaluate(EDITION, "request_credit", {**unreachable(), **shown})
    assert (decision.outcome, decision.state) == ("refused", "already_credited")
