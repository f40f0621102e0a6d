"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from avoir.clauses import Clause, Outcome, Table
from avoir.conditions import Situation
from avoir.decisions import Decision, decide
from avoir.errors import PolicyError
from avoir.facts import Intake, read
from avoir.findings import FindingStatus, findings
from avoir_xpertsource.catalogue import CATALOGUE, TERMS
from avoir_xpertsource.facts import F
from avoir_xpertsource.policy import POLICY
from tests.plugins.xpertsource.examples import (
    CALLS,
    Example,
    answered,
    asking,
    decided,
    differences,
    edition,
    unreachable,
)
from tests.plugins.xpertsource.recorded import RECORDED, REQUESTS
from tests.plugins.xpertsource.recorded.words import with_evidence


@pytest.mark.parametrize("example", REQUESTS, ids=str)
def test_a_request_is_decided_by_the_clauses_it_names(example: Example) -> None:
    """Each recorded request comes to its outcome by its clauses, with all that is said of it."""
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
    assert shown(plain) == shown(more)
