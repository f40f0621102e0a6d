"""Where a matter stands: states that time brings about, deadlines, and what may be done next."""

from __future__ import annotations

from datetime import date

import pytest

from avoir.cases import evaluate
from avoir.decisions import Deadline
from avoir.lifecycles import Role
from avoir_xpertsource.policy import POLICY
from tests.plugins.xpertsource.examples import Example, differences, under_contract, unreachable
from tests.plugins.xpertsource.recorded import ESCALATIONS, OTHER_ACTS, REPORTS, STANDINGS
from tests.plugins.xpertsource.recorded.standings import form_at, lead_at

EDITION = POLICY.edition()


@pytest.mark.parametrize("example", STANDINGS, ids=str)
def test_a_matter_stands_where_time_has_brought_it(example: Example) -> None:
    """State, deadline, clauses and notices at a moment are those of the moment."""
    assert list(differences(example)) == []


@pytest.mark.parametrize("example", REPORTS, ids=str)
def test_a_rate_is_reported_against_the_benchmark(example: Example) -> None:
    """The rate is exact to the hundredth, its position compared before it is rounded."""
    assert list(differences(example)) == []


@pytest.mark.parametrize("example", ESCALATIONS, ids=str)
def test_the_account_manager_is_contacted_when_the_answer_is_overdue(example: Example) -> None:
    """Nobody contacts the account manager before the form, in time, or after the answer."""
    assert list(differences(example)) == []


@pytest.mark.parametrize("example", OTHER_ACTS, ids=str)
def test_other_acts_are_recorded(example: Example) -> None:
    """Purchases and top-ups move what they say, a sale moves nothing; what is given later is
    decided on again."""
    assert list(differences(example)) == []


def test_the_last_moment_of_an_answer_is_local() -> None:
    """An answer is due to the last second of its day in the zone of the matter."""
    (due,) = evaluate(EDITION, "standing", form_at("2025-03-17 09:00")).deadlines
    assert due == Deadline(
        kind="answer_due",
        label="answer due",
        date=date(2025, 3, 19),
        ends_at=due.ends_at,
        time_zone="America/Toronto",
        clause="XS-RESPONSE-5BD",
        provisional=False,
    )
    assert due.ends_at.isoformat() == "2025-03-19T23:59:59-04:00"


def test_days_are_those_of_the_zone_of_the_matter() -> None:
    """The same moment is another day in Vancouver: the window is not over there."""
    moment = {"as_of": "2025-04-04T02:00:00-04:00"}
    for zone, state in (("America/Toronto", "window_closed"), ("America/Vancouver", "claimable")):
        facts = {**lead_at("2025-04-04 02:00"), **moment, "time_zone": zone}
        assert evaluate(EDITION, "standing", facts).state == state


# --- what may be done, by whom, and when

OPEN = {
    "waiting_period": ["request_credit"],
    "claimable": ["request_credit"],
    "refused_premature": ["request_credit"],
    "refused_incomplete_steps": ["request_credit"],
    "form_required": ["request_credit"],
    "awaiting_information": ["give_information"],
    "overdue": ["contact_account_manager"],
}
"""What a professional may do in a state; nothing in any other."""


@pytest.mark.parametrize("state", [state.name for state in POLICY.lifecycle.states])
def test_a_professional_may_do_what_the_state_allows(state: str) -> None:
    """A request may be made until it is examined, and again after a refusal without prejudice."""
    assert list(POLICY.lifecycle.allowed(state, Role.PROFESSIONAL)) == OPEN.get(state, [])


STAFF = {"under_examination", "overdue"}


@pytest.mark.parametrize("state", [state.name for state in POLICY.lifecycle.states])
def test_staff_may_do_what_the_state_allows(state: str) -> None:
    """Reviewers and account managers act on what is examined, and on nothing else."""
    open_to_staff = state in STAFF
    assert POLICY.lifecycle.allowed(state, Role.REVIEWER) == (("rule",) if open_to_staff else ())
    assert POLICY.lifecycle.allowed(state, Role.MANAGER) == (
        ("confirm_contact",) if open_to_staff else ()
    )


@pytest.mark.parametrize(
    ("stored", "outcome", "clause"),
    [
        ("waiting_period", "approved", "XS-ALREADY-CONTRACT"),
        ("refused_premature", "approved", "XS-ALREADY-CONTRACT"),
        ("refused_incomplete_steps", "approved", "XS-ALREADY-CONTRACT"),
        ("under_examination", "blocked", "XS-RESPONSE-5BD"),
        ("approved", "blocked", "XS-CREDIT-AMOUNT"),
        ("refused", "blocked", "XS-NO-AUTO-CREDIT"),
        ("out_of_time", "blocked", "XS-WINDOW-MONTH"),
    ],
)
def test_a_request_is_made_where_the_state_allows_it(
    stored: str, outcome: str, clause: str
) -> None:
    """A request that is examined or settled is not made again, and the state’s clause says why."""
    decision = evaluate(EDITION, "request_credit", under_contract("2025-02-20"), stored=stored)
    assert decision.outcome == outcome
    assert clause in {cited.id for cited in decision.clauses}


def test_a_request_after_the_window_is_told_so() -> None:
    """A lead whose window has closed gets the refusal of the window, not a word on its state."""
    facts = {**unreachable(asked="2025-05-12 09:00"), "as_of": "2025-05-12T09:00:00-04:00"}
    decision = evaluate(EDITION, "request_credit", facts, stored="waiting_period")
    assert (decision.outcome, decision.state) == ("refused", "out_of_time")


def test_what_the_account_manager_says_is_decided_on_again() -> None:
    """A word of the account manager turns what waited for it into a credit or a refusal."""
    for said, outcome in ((True, "approved"), (False, "refused"), (None, "manual_review")):
        decision = evaluate(
            EDITION, "confirm_contact", unreachable(said), stored="under_examination"
        )
        assert (decision.outcome, decision.case_state) == (outcome, "under_examination")


def test_only_the_staff_states_what_is_the_staffs() -> None:
    """No input of the professional is a fact of the business, of the record or of the clock."""
    for action in POLICY.lifecycle.actions:
        if Role.PROFESSIONAL in action.actors:
            assert {fact.source.value for fact in action.inputs} <= {"party"}


def test_the_moment_of_a_request_is_the_clocks_and_stays() -> None:
    """Only a request sets the moment of the request: what comes after is decided on as of then."""
    stamped = {
        action.name: [fact.path for fact in action.stamps] for action in POLICY.lifecycle.actions
    }
    assert stamped.pop("request_credit") == ["request.submitted_at"]
    assert not any(stamped.values())
