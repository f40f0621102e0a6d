"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from typing import Final

import pytest

from avoir.conditions import Constant, Membership, walk
from avoir.facts import Source
from avoir.findings import FindingStatus, findings
from avoir_referral_broker.prescriber.catalogue import CATALOGUE, TERMS
from avoir_referral_broker.prescriber.choices import LABELS
from avoir_referral_broker.prescriber.facts import F
from avoir_referral_broker.prescriber.policy import POLICY
from tests.plugins.referral_broker.prescriber.examples import (
    APPROVED,
    REFUSED,
    Example,
    assessing,
    decided,
    differences,
    person,
)
from tests.plugins.referral_broker.prescriber.recorded import RECORDED


@pytest.mark.parametrize("example", RECORDED, ids=lambda one: f"{one.action}: {one}")
def test_an_act_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded act comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


# --- the catalogue and the tables as wholes


LINES: Final = {
    "PR-KPI-G": (2,),
    "PR-PARTNER-KINDS": (2,),
    "PR-LASTING": (3,),
    "PR-ALWAYS-ATTACH": (5,),
    "PR-ATTACH-ON-RECEIPT": (6,),
    "PR-ATTACH-CLOSED": (7,),
    "PR-ATTACH-NO-CONVENTION": (8,),
    "PR-ATTACH-PTZ": (9,),
    "PR-PRIOR-KNOWN": (13,),
    "PR-FIRST-WINS": (14, 15, 16),
    "PR-INFORM-UPFRONT": (13, 16),
    "PR-MEASURE": (19,),
    "PR-CONVENTION": (21,),
    "PR-ONE-YEAR": (21,),
    "PR-CRM-DATE": (21,),
}


def test_the_catalogue_cites_the_terms() -> None:
    """The clauses are those of the terms, in their order, each with its lines and a text."""
    assert {clause.id: clause.citation.lines for clause in CATALOGUE} == LINES
    for clause in CATALOGUE:
        assert clause.citation.document is TERMS
        assert clause.text.endswith(".")


PRECEDENCE = [
    "PR-CRM-DATE",
    "PR-PRIOR-KNOWN",
    "PR-FIRST-WINS",
    "PR-PARTNER-KINDS",
    "PR-CONVENTION",
    "PR-ONE-YEAR",
]


def test_the_rows_stand_in_the_order_of_the_terms() -> None:
    """Attached, known before, first, the convention, the year: the first that refuses decides."""
    table = next(table for table in POLICY.tables if table.name == "assessment")
    refusing = [
        row.clause.id
        for row in table.rows
        if row.clause is not None and row.whens and row.whens[0].effect.outcome == REFUSED
    ]
    assert sorted(PRECEDENCE, key=refusing.index) == PRECEDENCE


def test_whatever_is_attached_is_attached_for_good() -> None:
    """No row of the attachment refuses, blocks or asks: only facts can stop it."""
    table = next(table for table in POLICY.tables if table.name == "attachment")
    outcomes = {when.effect.outcome.value for row in table.rows for when in row.whens}
    assert outcomes == {"recorded", "unchanged"}


@pytest.mark.parametrize("example", RECORDED, ids=lambda one: f"{one.action}: {one}")
def test_only_an_approval_or_a_payment_moves_money(example: Example) -> None:
    """One posting, of the fee, from the house to the prescriber; and nothing is moved otherwise."""
    decision = decided(example)
    if decision.outcome.value != APPROVED and example.action != "pay":
        assert decision.postings == ()
    for posting in decision.postings:
        assert (posting.source, posting.destination) == (
            "house:prescriber_fees",
            "prescriber:balance",
        )
        assert posting.amount == decision.amount
    assert len(decision.postings) <= 1


def test_the_choices_that_are_compared_have_names() -> None:
    """Whatever value of a choice a condition compares is called something by people."""
    compared: set[object] = set()
    for table in POLICY.tables:
        for row in table.rows:
            for condition in (row.only_if, *(when.condition for when in row.whens)):
                for part in () if condition is None else walk(condition):
                    if isinstance(part, Membership) and isinstance(part.values, Constant):
                        compared |= set(part.values.constant)
                    for term in part.terms():
                        if isinstance(term, Constant) and isinstance(term.constant, str):
                            compared.add(term.constant)
    assert compared - {""} <= set(LABELS)


FACTS: Final = (
    "attachments contact.household_of contact.known_before contact.known_since contact.known_via "
    "contact.person_id contacts conventions event.at event.prescriber_id event.received_at "
    "event.type file.appointment_held file.closed_at file.reopened_at file.status "
    "file.transformed_g_at now prescriber_id prescribers previous_payments report time_zone unit"
)


def test_the_facts_are_those_of_the_terms_and_of_the_acts() -> None:
    """Every path of the specification may be carried; what else there is belongs to an act."""
    own = {
        *("contact.email", "contact.telephone", "contact.known_recorded_at"),
        *("contact.shares_telephone_with", "file.stage", "file.transformed"),
        *("convention.kind", "convention.signed_at", "convention.fee", "remuneration.due"),
        *("ruling.by", "ruling.decision", "ruling.reason", "previous_rulings"),
    }
    assert set(F.by_path) == {*FACTS.split(), *own}


def test_nobody_states_what_the_system_knows() -> None:
    """No act takes a moment of the clock, a record, or another's earlier attachments."""
    for action in POLICY.lifecycle.actions:
        for fact in action.inputs:
            assert fact.source not in (Source.CLOCK, Source.RECORD), fact.path


def test_findings_name_no_other_contact_or_prescriber() -> None:
    """What a prescriber reads of a decision does not say who was first, or who lives together."""
    facts = assessing(person(household_of="DUPONT-0", shares_telephone_with="DUPONT-9"))
    found = findings(decided(Example("", facts, "manual_review")))
    read_values = [reading.value for finding in found for reading in finding.reads]
    assert ("PR-FIRST-WINS", FindingStatus.MET) in {(f.clause.id, f.status) for f in found}
    assert not {"DUPONT-0", "DUPONT-9", "A"} & {str(value) for value in read_values}
