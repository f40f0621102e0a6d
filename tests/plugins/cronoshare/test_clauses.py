"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from avoir.clauses import FAVOURABLE, Clause, Table
from avoir.conditions import Situation
from avoir.decisions import Decision, decide
from avoir.errors import PolicyError
from avoir.facts import Intake, read
from avoir.findings import FindingStatus, findings
from avoir_cronoshare.catalogue import CATALOGUE, TERMS
from avoir_cronoshare.facts import F
from avoir_cronoshare.policy import POLICY
from tests.plugins.cronoshare.examples import (
    CALLED,
    REFUND_DONE,
    REFUSED,
    Example,
    decided,
    differences,
    edition,
    email,
    refunding,
    silence,
)
from tests.plugins.cronoshare.recorded import RECORDED


@pytest.mark.parametrize("example", RECORDED, ids=str)
def test_an_act_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded act comes to its outcome by its clauses, with all that is said of it."""
    assert list(differences(example)) == []


# --- nothing stands in the tables that no example would miss


@cache
def examples_of(table: Table) -> Sequence[tuple[Example, Intake, Mapping[str, object]]]:
    """The recorded examples that a table decides, with their facts read."""
    found = []
    for example in RECORDED:
        action = POLICY.lifecycle.action(example.action)
        intake = read(example.facts, F, POLICY.time_zone)
        if action is not None and action.table is table and not intake.faults:
            found.append((example, intake, edition(example.parameters).values))
    return found


def shown(decision: Decision) -> object:
    """All of a decision that anybody sees."""
    return (
        decision.outcome,
        {clause.id for clause in decision.clauses},
        decision.amount,
        decision.postings,
        decision.missing,
        {fault.path for fault in decision.faults},
        decision.case_state,
        decision.state,
        decision.mode,
        decision.preconditions,
        decision.advice,
    )


def decisions(table: Table, like: Table) -> Iterator[object]:
    """What a table makes of the examples of another; None where it decides nothing."""
    for _, intake, values in examples_of(like):
        try:
            situation = Situation(intake.values, values)
            yield shown(decide(table, situation, F, intake.time_zone))
        except PolicyError:
            yield None


@cache
def as_recorded(table: Table) -> Sequence[object]:
    """What a table makes of its own examples."""
    return list(decisions(table, table))


ROWS = [
    pytest.param(table, index, id=f"{table.name}-{index}-{row.clause and row.clause.id}")
    for table in POLICY.tables
    for index, row in enumerate(table.rows)
]
WHENS = [
    pytest.param(table, index, n, id=f"{table.name}-{index}-{row.clause and row.clause.id}-{n}")
    for table in POLICY.tables
    for index, row in enumerate(table.rows)
    for n in range(len(row.whens))
    if len(row.whens) > 1
]
CHECKS = [
    pytest.param(table, index, id=f"{table.name}-{check.message}-{index}")
    for table in POLICY.tables
    for index, check in enumerate(table.impossible)
]


@pytest.mark.parametrize(("table", "index"), ROWS)
def test_no_row_is_idle(table: Table, index: int) -> None:
    """Without any one row, at least one recorded example is decided otherwise."""
    rest = replace(table, rows=table.rows[:index] + table.rows[index + 1 :])
    assert list(decisions(rest, table)) != as_recorded(table)


@pytest.mark.parametrize(("table", "index", "n"), WHENS)
def test_no_condition_is_idle(table: Table, index: int, n: int) -> None:
    """Without any one condition of a row, at least one recorded example is decided otherwise."""
    row = table.rows[index]
    fewer = replace(row, whens=row.whens[:n] + row.whens[n + 1 :])
    rest = replace(table, rows=(*table.rows[:index], fewer, *table.rows[index + 1 :]))
    assert list(decisions(rest, table)) != as_recorded(table)


@pytest.mark.parametrize(("table", "index"), CHECKS)
def test_no_check_is_idle(table: Table, index: int) -> None:
    """Without any one check for impossible facts, at least one example is decided otherwise."""
    rest = replace(table, impossible=table.impossible[:index] + table.impossible[index + 1 :])
    assert list(decisions(rest, table)) != as_recorded(table)


@pytest.mark.parametrize("clause", CATALOGUE, ids=lambda clause: clause.id)
def test_a_clause_is_cited_where_it_applies_and_only_there(clause: Clause) -> None:
    """Every clause is cited by a recorded example, and by another it is not."""
    citing = [clause in decided(example).clauses for example in RECORDED]
    assert any(citing)
    assert not all(citing)


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
    assert shown(plain) == shown(more)


def test_being_refunded_is_said_before_being_chosen() -> None:
    """A contact that was refunded stays refunded, whatever the platform hears later."""
    later = refunding(before=[REFUND_DONE], chosen=True)
    assert decided(Example("", later, REFUSED)).state == "processed_refunded"
