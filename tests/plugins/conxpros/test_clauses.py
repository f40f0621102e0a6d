"""Every clause in both directions, and no row, condition or check that no example would miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache

import pytest

from avoir.clauses import Clause, Outcome, Table
from avoir.conditions import Situation
from avoir.decisions import Decision, decide
from avoir.errors import PolicyError
from avoir.facts import Intake, read
from avoir.findings import FindingStatus, findings
from avoir_conxpros import choices, parameters, states
from avoir_conxpros.catalogue import CATALOGUE, TERMS
from avoir_conxpros.facts import F
from avoir_conxpros.policy import POLICY
from tests.plugins.conxpros.examples import (
    CALLS,
    Example,
    asking,
    decided,
    differences,
    edition,
    gutters,
    unreached,
)
from tests.plugins.conxpros.recorded import ACTS, RECORDED
from tests.plugins.conxpros.requests_recorded import FURTHER, REQUESTS


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


# --- nothing stands in the tables that no example would miss


@cache
def examples_of(table: Table) -> Sequence[tuple[Intake, Mapping[str, object]]]:
    """The facts and parameters of the recorded examples that a table decides."""
    found = []
    for example in RECORDED:
        action = POLICY.lifecycle.action(example.action)
        intake = read(example.facts, F, POLICY.time_zone)
        if action is not None and action.table is table and not intake.faults:
            found.append((intake, edition(example.parameters).values))
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
        decision.state,
        decision.mode,
        decision.preconditions,
        decision.advice,
    )


def decisions(table: Table, like: Table) -> Iterator[object]:
    """What a table makes of the examples of another; None where it decides nothing."""
    for intake, values in examples_of(like):
        try:
            situation = Situation(intake.values, values)
            yield shown(decide(table, situation, F, intake.time_zone))
        except PolicyError:
            yield None


@cache
def as_recorded(table: Table) -> Sequence[object]:
    """What a table makes of its own examples."""
    return list(decisions(table, table))


def is_missed(rest: Table, table: Table) -> bool:
    """Whether what was taken from a table changes the decision of one of its examples."""
    came = zip(decisions(rest, table), as_recorded(table), strict=True)
    return any(now != before for now, before in came)


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
    assert is_missed(rest, table)


@pytest.mark.parametrize(("table", "index", "n"), WHENS)
def test_no_condition_is_idle(table: Table, index: int, n: int) -> None:
    """Without any one condition of a row, at least one recorded example is decided otherwise."""
    row = table.rows[index]
    fewer = replace(row, whens=row.whens[:n] + row.whens[n + 1 :])
    rest = replace(table, rows=(*table.rows[:index], fewer, *table.rows[index + 1 :]))
    assert is_missed(rest, table)


@pytest.mark.parametrize(("table", "index"), CHECKS)
def test_no_check_is_idle(table: Table, index: int) -> None:
    """Without any one check for impossible facts, at least one example is decided otherwise."""
    rest = replace(table, impossible=table.impossible[:index] + table.impossible[index + 1 :])
    assert is_missed(rest, table)


@pytest.mark.parametrize("clause", CATALOGUE, ids=lambda clause: clause.id)
def test_a_clause_is_cited_where_it_applies_and_only_there(clause: Clause) -> None:
    """Every clause is cited by a recorded example, and by another of the same act it is not."""
    citing = {(example.action, clause in decided(example).clauses) for example in RECORDED}
    assert {act for act, cited in citing if cited} & {act for act, cited in citing if not cited}


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
    assert shown(decided(Example("", known, "refused"))) == shown(plain)
