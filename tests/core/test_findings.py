"""Findings: one clause in one decision, with the values it read."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given

from avoir.clauses import Row, When, ground, note, otherwise, require, rule
from avoir.conditions import known, stated
from avoir.findings import FindingStatus, Reading, findings
from tests.core import toy
from tests.core.bits import NO, YES, B, bit, cl, ids, ruled
from tests.core.tables import some_facts, tables

a, b, c = (bit(name) for name in "abc")
MET, UNMET, UNKNOWN = FindingStatus


def shown(*rows: Row, **facts: object) -> list[tuple[str, FindingStatus, dict[str, object]]]:
    """The findings of what a table makes of these facts: clause, status, what was read."""
    return [
        (f.clause.id, f.status, {r.label: r.value for r in f.reads})
        for f in findings(ruled(*rows, **facts))
    ]


def test_every_clause_that_was_looked_at_is_a_finding() -> None:
    """Met, unmet and unknown rows are findings in the order of the table, with what they read."""
    rows = (
        require(cl("MET"), a, NO),
        require(cl("OPEN"), b, NO),
        require(cl("UNMET"), ~c, NO, only_if=a),
        otherwise(cl("LAST"), YES),
    )
    assert shown(*rows, a=True, c=True) == [
        ("MET", MET, {"a": True}),
        ("OPEN", UNKNOWN, {"b": None}),
        ("UNMET", UNMET, {"c": True, "a": True}),
    ]


def test_what_was_not_looked_at_is_no_finding() -> None:
    """Rows passed over, claims nobody made, and rows below the decision find nothing."""
    rows = (
        require(cl("PASSED"), a, NO, only_if=b),
        note(cl("SILENT"), b),
        ground(cl("UNCLAIMED"), When(c, YES), claimed=b),
        rule(None, When(b, NO)),
        rule(cl("DECIDES"), When(a, YES)),
        otherwise(cl("BELOW"), NO),
    )
    assert shown(*rows, a=True, b=False) == [("DECIDES", MET, {"a": True})]


def test_a_note_is_a_finding_where_its_guard_holds() -> None:
    """A clause that informs is met where it applies."""
    assert shown(note(cl("N"), a), otherwise(None, YES), a=True) == [("N", MET, {"a": True})]


def test_a_claim_that_fails_is_unmet() -> None:
    """A ground is met where it decides, and unmet where it was claimed and failed."""
    rows = (ground(cl("G"), When(a, YES), claimed=b), otherwise(cl("LAST"), NO))
    assert shown(*rows, a=False, b=True) == [("G", UNMET, {"a": False}), ("LAST", MET, {})]
    assert shown(*rows, a=True) == [("G", MET, {"a": True})]


def test_a_clause_in_several_rows_is_one_finding_for_each_status() -> None:
    """A clause reads what all its rows read; where it is both met and unmet, both are told."""
    rows = (require(cl("C"), a, NO), require(cl("C"), b, NO), otherwise(None, YES))
    assert shown(*rows, a=True, b=True) == [("C", MET, {"a": True, "b": True})]
    assert shown(*rows, a=True, b=False) == [("C", MET, {"a": True}), ("C", UNMET, {"b": False})]


def test_readings_show_each_label_once_and_no_bare_constants() -> None:
    """Within a row a term is shown once, also under known() and stated(); constants are not."""
    condition = (a | known(B.a) | stated(B.b)) & (B.on >= date(2025, 1, 1))
    rows = (require(cl("C"), condition, NO), otherwise(None, YES))
    assert shown(*rows, a=True, on=date(2025, 5, 1)) == [
        ("C", MET, {"a": True, "b": None, "on": date(2025, 5, 1)})
    ]


def test_findings_read_measures_and_parameters_by_their_labels() -> None:
    """In the toy, a finding shows the count, the threshold, and dates under their own names."""
    found = {f.clause.id: f for f in findings(toy.returned({"photos": [{}]}))}
    assert found["U-PHOTOS"].status is UNMET
    assert found["U-PHOTOS"].reads == (
        Reading("sharp photographs", 1),
        Reading("photographs required", 2),
    )
    assert found["U-WAIT"].reads == (
        Reading("moment of the request", date(2025, 3, 10)),
        Reading("first day", date(2025, 3, 4)),
    )


def test_what_has_no_table_finds_nothing() -> None:
    """An invalid document has no findings."""
    assert findings(toy.returned(nope=1)) == ()


@given(tables(claims=True), some_facts)
def test_findings_agree_with_what_is_cited(rows: tuple[Row, ...], facts: dict[str, Any]) -> None:
    """Every clause that a row gave to the decision is a finding, and none is found twice alike."""
    decision = ruled(*rows, **facts)
    found = [(f.clause.id, f.status) for f in findings(decision)]
    assert len(found) == len(set(found))
    assert set(ids(decision)) <= {id for id, _ in found}
