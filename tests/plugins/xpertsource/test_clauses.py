"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

import pytest

from avoir.clauses import Outcome
from avoir.findings import FindingStatus, findings
from avoir_xpertsource.catalogue import CATALOGUE, TERMS
from avoir_xpertsource.policy import POLICY
from tests.plugins.examples import seen
from tests.plugins.xpertsource.examples import (
    CALLS,
    Example,
    answered,
    asking,
    decided,
    differences,
    unreachable,
)
from tests.plugins.xpertsource.recorded import RECORDED, REQUESTS
from tests.plugins.xpertsource.recorded.words import with_evidence


@pytest.mark.parametrize("example", REQUESTS, ids=str)
def test_a_request_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded request comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


# --- the catalogue and the table as wholes


def test_the_catalogue_cites_the_terms() -> None:
    """Each clause has an id of its own, a text, and lines of the document."""
    assert len({clause.id for clause in CATALOGUE}) == len(CATALOGUE) == 28
    for clause in CATALOGUE:
        assert clause.id.startswith("XS-")
        assert clause.citation.document is TERMS
        assert all(7 <= line <= 35 for line in clause.citation.lines)
        assert clause.text.endswith(".")


PRECEDENCE = [
    "XS-FORM",
    "XS-WINDOW-MONTH",
    "XS-DELAY-MIN",
    "XS-ALREADY-CONTRACT",
    "XS-CONTACT-CALLS",
    "XS-APP-2-WRONG-CONTACT",
    "XS-REF-2-POSTPONED",
    "XS-NO-AUTO-CREDIT",
]


def test_the_rows_stand_in_the_order_of_the_terms() -> None:
    """Form, window, wait, commitment, steps, approving examples, refusing ones, the default."""
    request = next(table for table in POLICY.tables if table.name == "request")
    order = [row.clause.id for row in request.rows if row.clause is not None]
    assert sorted(PRECEDENCE, key=order.index) == PRECEDENCE


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_credits_move_whole_and_to_the_balance(example: Example) -> None:
    """What is granted goes whole from the credits to the balance, and nothing goes elsewhere."""
    decision = decided(example)
    if decision.outcome is not Outcome.APPROVED:
        assert all(posting.kind != "lead_credit" for posting in decision.postings)
        return
    (posting,) = decision.postings
    assert (posting.source, posting.destination) == ("house:lead_credits", "professional:balance")
    assert posting.amount == decision.amount


def test_findings_say_what_each_clause_read() -> None:
    """A refusal for a missing call says how many were made and required, and what holds."""
    decision = decided(Example("", unreachable(attempts=CALLS[:3]), "refused"))
    found = {(finding.clause.id, finding.status): finding for finding in findings(decision)}
    calls = found["XS-CONTACT-CALLS", FindingStatus.UNMET]
    assert {("calls to the client", 3), ("calls required", 4)} <= {
        (reading.label, reading.value) for reading in calls.reads
    }
    assert ("XS-DELAY-MIN", FindingStatus.MET) in found


def test_what_is_not_settled_is_a_finding_too() -> None:
    """While the account manager has not answered, the clauses that depend on it are unknown."""
    decision = decided(Example("", unreachable(None, attempts=CALLS), "manual_review"))
    unknown = {f.clause.id for f in findings(decision) if f.status is FindingStatus.UNKNOWN}
    assert unknown == {"XS-CONTACT-EMAILS", "XS-APP-1-UNREACHABLE"}


def test_a_postponed_project_comes_with_a_word() -> None:
    """Who is refused because the project is put off is told to return to the client."""
    said = answered(Example("", asking("project_postponed"), "refused"))["guidance"]
    assert [name.text for name in said] == ["follow up with the client when the time comes"]


def test_facts_of_other_grounds_change_nothing() -> None:
    """What is known of a ground that nobody claims, and that does not hold, is not decided on."""
    plain = decided(Example("", asking("lead_shared"), "refused"))
    more = decided(
        Example(
            "",
            with_evidence(
                "lead_shared",
                phone_valid=True,
                undisclosed=["credit_history"],
                postponed_months=3,
                client_preferred_hours="evenings",
            ),
            "refused",
        )
    )
    assert seen(plain) == seen(more)
