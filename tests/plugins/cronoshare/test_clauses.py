"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

import pytest

from avoir.clauses import FAVOURABLE
from avoir.findings import FindingStatus, findings
from avoir_cronoshare.catalogue import CATALOGUE, TERMS
from avoir_cronoshare.policy import POLICY
from tests.plugins.cronoshare.examples import (
    CALLED,
    REFUND_DONE,
    REFUSED,
    Example,
    decided,
    differences,
    email,
    refunding,
    silence,
)
from tests.plugins.cronoshare.recorded import RECORDED
from tests.plugins.examples import seen


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_an_act_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded act comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


# --- the catalogue and the tables as wholes


def test_the_catalogue_cites_the_terms() -> None:
    """Each clause has an id of its own, a text, and lines of the document."""
    assert len({clause.id for clause in CATALOGUE}) == len(CATALOGUE) == 23
    for clause in CATALOGUE:
        assert clause.id.startswith("CS-")
        assert clause.citation.document is TERMS
        assert all(3 <= line <= 55 for line in clause.citation.lines)
        assert clause.text.endswith(".")


PRECEDENCE = [
    "CS-PHASE-NOT-PERMITTED",
    "CS-PHASE-PROCESSED",
    "CS-WINDOW-60BD",
    "CS-MANUAL",
    "CS-NO-BANK",
    "CS-G1-OTHER-PRO",
    "CS-G2-NO-NEED",
    "CS-G3-NO-ANSWER",
    "CS-G4-PRICE",
    "CS-G5-SCHEDULE",
]


def test_the_rows_stand_in_the_order_of_the_terms() -> None:
    """Not permitted, processed, expired, the person, the remedy, the five cases."""
    refund = next(table for table in POLICY.tables if table.name == "refund")
    order = [row.clause.id for row in refund.rows if row.clause is not None]
    assert sorted(PRECEDENCE, key=order.index) == PRECEDENCE


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_what_comes_back_is_the_commission(example: Example) -> None:
    """The fee is never the source of anything, and nothing moves where nothing was granted."""
    decision = decided(example)
    assert all(posting.source != "house:fee_revenue" for posting in decision.postings)
    assert all(posting.amount.unit.code == "CRONO" for posting in decision.postings)
    fees = [p for p in decision.postings if p.destination == "house:fee_revenue"]
    assert not fees or example.action == "buy_contact"
    if decision.outcome not in FAVOURABLE:
        assert decision.postings == ()


def test_findings_say_what_each_clause_read() -> None:
    """A refusal of silence that is too short says since when it counts and until when."""
    decision = decided(Example("", silence(CALLED, email("2025-03-09 09:00")), REFUSED))
    found = {(finding.clause.id, finding.status): finding for finding in findings(decision)}
    labels = {reading.label for reading in found["CS-G3-NO-ANSWER", FindingStatus.UNMET].reads}
    assert "first day on which silence is long enough" in labels
    assert ("CS-WINDOW-60BD", FindingStatus.MET) in found


def test_what_is_known_of_other_cases_changes_nothing() -> None:
    """A ground that nobody claims is not decided on, even where its facts are there."""
    plain = decided(Example("", refunding("client_rejects_price", None), "approved"))
    more = decided(
        Example(
            "",
            refunding("client_rejects_price", True, client={"attempts": [CALLED]}),
            "approved",
        )
    )
    assert seen(plain) == seen(more)


def test_being_refunded_is_said_before_being_chosen() -> None:
    """A contact that was refunded stays refunded, whatever the platform hears later."""
    later = refunding(before=[REFUND_DONE], chosen=True)
    assert decided(Example("", later, REFUSED)).state == "processed_refunded"
