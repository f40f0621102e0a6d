"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

import pytest

from avoir.clauses import Outcome
from avoir.findings import FindingStatus, findings
from avoir_conxpros import choices, parameters, states
from avoir_conxpros.catalogue import CATALOGUE, TERMS
from avoir_conxpros.policy import POLICY
from tests.plugins.conxpros.examples import (
    CALLS,
    Example,
    asking,
    decided,
    differences,
    gutters,
    unreached,
)
from tests.plugins.conxpros.recorded import ACTS, RECORDED
from tests.plugins.conxpros.requests_recorded import FURTHER, REQUESTS
from tests.plugins.examples import seen


@pytest.mark.parametrize("example", REQUESTS, ids=str)
def test_a_request_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded request comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


@pytest.mark.parametrize("example", FURTHER, ids=str)
def test_a_further_request_is_decided_as_the_first_would_be(example: Example) -> None:
    """What a further request states under ``event`` weighs as much as what the first one states."""
    assert list(differences(example)) == []


@pytest.mark.parametrize("example", ACTS, ids=str)
def test_an_act_does_what_its_clauses_say(example: Example) -> None:
    """Findings, reversals, reviews, rulings, deliveries and standings come to what is recorded."""
    assert list(differences(example)) == []


def test_examples_have_names_of_their_own() -> None:
    """No two examples bear one name, so that a failure names its example."""
    assert [title for title, n in Counter(map(str, RECORDED)).items() if n > 1] == []


# --- the catalogue and the tables as wholes


def test_the_catalogue_cites_the_terms() -> None:
    """Each clause has an id of its own, a text, and lines of the document."""
    assert len({clause.id for clause in CATALOGUE}) == len(CATALOGUE) == 47
    for clause in CATALOGUE:
        assert clause.id.startswith("CX-")
        assert clause.citation.document is TERMS
        assert all(5 <= line <= 57 for line in clause.citation.lines)
        assert clause.text.endswith(".")


def test_every_value_of_a_choice_has_a_label() -> None:
    """Whatever a finding reads is called by a name that people know."""
    sets = [
        kind
        for module in (choices, parameters, states)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    ]
    assert len(sets) >= 15
    unnamed = {value for kind in sets for value in kind if value.value not in POLICY.labels}
    assert unnamed == set()


NO_REQUEST_AT_ALL = "a request in the dashboard or through the account manager"
PRECEDENCE = [
    "CX-PRO-NOTIFY",
    "CX-FINAL",
    "CX-WINDOW-5D",
    "CX-DEN-NO-NOTES",
    "CX-DEN-EARLY-NONCONTACT",
    "CX-NONCONTACT-VERIFIED",
    "CX-DEN-CONTRADICTED",
    "CX-DEN-TASK-APPROPRIATE",
    "CX-CRED-WRONG-CONTACT",
    "CX-CRED-NON-CONTACT",
    "CX-DEN-ADDRESS-ONLY",
    "CX-NE-LOST",
    "CX-NE-NOT-READY",
]


@pytest.mark.parametrize("name", ["request", "further_request"])
def test_the_rows_stand_in_the_order_of_the_terms(name: str) -> None:
    """Credited, final, late, empty notes, early, contradicted, grounds, what is none, the rest."""
    request = next(table for table in POLICY.tables if table.name == name)
    order = [row.clause.id for row in request.rows if row.clause is not None]
    assert sorted(PRECEDENCE, key=order.index) == PRECEDENCE
    assert order[-1] == "CX-DEN-REASON-MISMATCH"


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_a_credit_is_never_more_than_the_cost(example: Example) -> None:
    """What is credited lies between nothing and the cost, and moves from revenue to the balance."""
    decision = decided(example)
    for posting in decision.postings:
        assert 0 < posting.amount.smallest
        if posting.kind in ("lead_credit", "proactive_lead_credit"):
            assert posting.amount.smallest <= 4500
            assert (posting.source, posting.destination) == (
                "house:lead_revenue",
                "professional:balance",
            )
    if decision.outcome in (Outcome.REFUSED, Outcome.BLOCKED, Outcome.UNCHANGED, Outcome.INVALID):
        assert decision.postings == ()


@pytest.mark.parametrize("example", [*REQUESTS, *FURTHER], ids=str)
def test_two_messages_follow_a_request(example: Example) -> None:
    """A request is acknowledged whatever comes of it, and told when it is decided."""
    decision = decided(example)
    told = [notice.kind for notice in decision.notices]
    if decision.outcome is Outcome.INVALID or decision.preconditions[:1] == (NO_REQUEST_AT_ALL,):
        assert told == []
    elif decision.outcome in (Outcome.NEEDS_INFORMATION, Outcome.MANUAL_REVIEW):
        assert told == ["request_received"]
    else:
        favourable = decision.outcome in (Outcome.APPROVED, Outcome.PARTLY_APPROVED)
        assert told == [
            "request_received",
            "decision_accepted" if favourable else "decision_denied",
        ]


def test_findings_say_what_each_clause_read() -> None:
    """A denial for a missing call says how many calls there were on each day, and what was met."""
    decision = decided(Example("", unreached(CALLS[:3]), "refused"))
    found = {(finding.clause.id, finding.status): finding for finding in findings(decision)}
    calls = found["CX-CRED-NON-CONTACT", FindingStatus.UNMET]
    assert {("calls on the day of delivery", 2), ("calls on day 3", 0)} <= {
        (reading.label, reading.value) for reading in calls.reads
    }
    assert ("CX-WINDOW-5D", FindingStatus.MET) in found


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_no_clause_both_holds_and_fails(example: Example) -> None:
    """Of a clause that a decision cites it is said that it holds or that it fails, never both."""
    decision = decided(example)
    cited = {clause.id for clause in decision.clauses}
    said = {(f.clause.id, f.status) for f in findings(decision) if f.clause.id in cited}
    holds = {id for id, status in said if status is FindingStatus.MET}
    fails = {id for id, status in said if status is FindingStatus.UNMET}
    assert holds & fails == set()


def test_a_partial_credit_is_one_finding() -> None:
    """Where the difference is due, the category is not said to have failed as well."""
    decision = decided(Example("", gutters(), "partly_approved"))
    found = [f.status for f in findings(decision) if f.clause.id == "CX-CRED-WRONG-CATEGORY"]
    assert found == [FindingStatus.MET]


def test_what_is_not_settled_is_a_finding_too() -> None:
    """While the team has not said whether it made contact, the clauses that depend are unknown."""
    decision = decided(Example("", unreached(verified=None), "manual_review"))
    unknown = {f.clause.id for f in findings(decision) if f.status is FindingStatus.UNKNOWN}
    assert unknown == {"CX-NONCONTACT-VERIFIED", "CX-CRED-NON-CONTACT"}


def test_facts_of_other_grounds_change_nothing() -> None:
    """What is known of a ground that nobody claims, and that does not hold, is not decided on."""
    plain = decided(Example("", asking("shopping"), "refused"))
    known = asking(
        "shopping",
        phone_working=True,
        actual_zip="07001",
        incentive="a free roof",
        submitter_is_minor=False,
        calls=[],
    )
    assert seen(decided(Example("", known, "refused"))) == seen(plain)
