"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from avoir.clauses import FAVOURABLE
from avoir.findings import FindingStatus, findings
from avoir_referral_broker.partner.catalogue import CATALOGUE, TERMS
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.referral_broker.partner.examples import (
    Example,
    acting,
    decided,
    differences,
)
from tests.plugins.referral_broker.partner.recorded import RECORDED


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_an_act_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded act comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


# --- the catalogue and the tables as wholes

LINES: Mapping[str, int] = {
    "BP-DATE": 1,
    "BP-01-FIND": 9,
    "BP-02-PRESENT": 13,
    "BP-02-DOUBTS": 13,
    "BP-03-COLLECT": 17,
    "BP-04-CRITERIA": 21,
    "BP-04-STOPFACTORS": 21,
    "BP-05-THREAD": 25,
    "BP-05-UPLOAD": 27,
    "BP-06-2BD": 31,
    "BP-06-EXTRA-DOCS": 31,
    "BP-06-FORK": 33,
    "BP-06-FROM": 35,
    "BP-06-TO": 37,
    "BP-06-AGREE": 39,
    "BP-07-AGREEMENT": 43,
    "BP-07-OBJECTIONS": 43,
    "BP-08-DATA": 47,
    "BP-08-EDO": 47,
    "BP-09-CONTRACT": 51,
    "BP-09-NOTIFY": 53,
    "BP-09-NO-EDO": 55,
    "BP-10-ACTIONS": 59,
    "BP-10-UNTIL-APPROVAL": 61,
    "BP-11-NOTIFY": 65,
    "BP-11-ACT": 67,
    "BP-11-INVOICE": 67,
    "BP-12-CONDITIONS": 71,
    "BP-COMMISSION": 71,
    "BP-SUPPORT": 76,
}
"""The line of the terms that each clause stands on."""


def test_the_catalogue_cites_the_terms() -> None:
    """Each clause has its id, its line of the document, and a text of its own."""
    assert {clause.id: clause.citation.lines for clause in CATALOGUE} == {
        id: (line,) for id, line in LINES.items()
    }
    assert len(CATALOGUE) == len({clause.text for clause in CATALOGUE}) == 30
    for clause in CATALOGUE:
        assert clause.citation.document is TERMS
        assert clause.text.endswith(".")


def test_the_numbers_of_the_terms_are_no_part_of_the_texts() -> None:
    """Share and days are parameters: no text of a clause repeats them."""
    for clause in CATALOGUE:
        words = clause.text.replace("Step ", "step-").split()
        assert not any(word[0].isdigit() for word in words), clause.id
        assert "%" not in clause.text


PRECEDENCE = [
    "BP-COMMISSION",
    "BP-01-FIND",
    "BP-11-NOTIFY",
    "BP-12-CONDITIONS",
    "BP-06-TO",
    "BP-06-FROM",
]


def test_the_rows_stand_in_the_order_of_the_terms() -> None:
    """Paid before, the steps, both conditions, the range, and only then the amount."""
    table = next(table for table in POLICY.tables if table.name == "assessment")
    order = [row.clause.id for row in table.rows if row.clause is not None]
    assert sorted(PRECEDENCE, key=order.index) == PRECEDENCE


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_nothing_moves_before_step_12(example: Example) -> None:
    """Only a commission that is assessed, ruled on or paid has a posting, and it is in roubles."""
    decision = decided(example)
    if decision.outcome not in FAVOURABLE:
        assert decision.postings == ()
    for posting in decision.postings:
        assert (posting.source, posting.destination) == (
            "house:partner_commissions",
            "partner:balance",
        )
        assert posting.amount.unit.code == "RUB"
    if decision.postings:
        assert example.action in ("assess_partner_commission", "rule", "pay")
        assert (decision.takes_effect == "at_once") is (example.action == "pay")


def test_findings_say_what_each_clause_read() -> None:
    """An assessment that comes too soon says what was paid, what was invoiced and what is done."""
    facts = acting("assess_partner_commission", {"deal.act.signed_copy_provided": False})
    found = {(f.clause.id, f.status): f for f in findings(decided(Example("", facts, "blocked")))}
    reads = {r.label: r.value for r in found["BP-12-CONDITIONS", FindingStatus.UNMET].reads}
    assert reads["signed act handed in"] is False
    assert ("BP-11-NOTIFY", FindingStatus.MET) in found
