"""Nothing stands in the tables of a policy that no recorded example would miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from avoir.clauses import Clause, Row, Table
from avoir.conditions import Situation
from avoir.decisions import decide
from avoir.errors import PolicyError
from avoir.facts import Intake, read
from tests.plugins.conxpros.examples import DECIDING as CONXPROS
from tests.plugins.conxpros.recorded import RECORDED as CONXPROS_RECORDED
from tests.plugins.cronoshare.examples import DECIDING as CRONOSHARE
from tests.plugins.cronoshare.recorded import RECORDED as CRONOSHARE_RECORDED
from tests.plugins.examples import Deciding, Example, shown
from tests.plugins.referral_broker.partner.examples import DECIDING as PARTNER
from tests.plugins.referral_broker.partner.recorded import RECORDED as PARTNER_RECORDED
from tests.plugins.referral_broker.prescriber.examples import DECIDING as PRESCRIBER
from tests.plugins.referral_broker.prescriber.recorded import RECORDED as PRESCRIBER_RECORDED
from tests.plugins.xpertsource.examples import DECIDING as XPERTSOURCE
from tests.plugins.xpertsource.recorded import RECORDED as XPERTSOURCE_RECORDED

RECORDED: Final[Mapping[Deciding, Sequence[Example]]] = {
    CONXPROS: CONXPROS_RECORDED,
    CRONOSHARE: CRONOSHARE_RECORDED,
    PARTNER: PARTNER_RECORDED,
    PRESCRIBER: PRESCRIBER_RECORDED,
    XPERTSOURCE: XPERTSOURCE_RECORDED,
}


@cache
def examples_of(of: Deciding, table: Table) -> Sequence[tuple[Intake, Mapping[str, object]]]:
    """The facts and parameters of the recorded examples that a table decides."""
    found = []
    for example in RECORDED[of]:
        action = of.policy.lifecycle.action(example.action)
        intake = read(example.facts, of.policy.facts, of.policy.time_zone)
        if action is not None and action.table is table and not intake.faults:
            found.append((intake, of.edition(example.parameters).values))
    return found


def decisions(of: Deciding, table: Table, like: Table) -> Iterator[object]:
    """What a table makes of the examples of another; None where it decides nothing."""
    for intake, values in examples_of(of, like):
        try:
            situation = Situation(intake.values, values)
            yield shown(decide(table, situation, of.policy.facts, intake.time_zone))
        except PolicyError:
            yield None


@cache
def as_recorded(of: Deciding, table: Table) -> Sequence[object]:
    """What a table makes of its own examples."""
    return list(decisions(of, table, table))


def is_missed(of: Deciding, rest: Table, table: Table) -> bool:
    """Whether what was taken from a table changes the decision of one of its examples."""
    came = zip(decisions(of, rest, table), as_recorded(of, table), strict=True)
    return any(now != before for now, before in came)


TABLES: Final = [(of, table) for of in RECORDED for table in of.policy.tables]
GUARDED: Final = (CRONOSHARE, PRESCRIBER)
"""Policies each of whose guards is missed; elsewhere some repeat what a row above has settled."""


def _rows(*policies: Deciding) -> Iterator[tuple[Deciding, Table, int, Row, str]]:
    for of, table in TABLES:
        for index, row in enumerate(table.rows):
            name = f"{of.policy.key}-{table.name}-{index}-{row.clause and row.clause.id}"
            if of in policies:
                yield of, table, index, row, name


def _with(table: Table, index: int, *rows: Row) -> Table:
    """A table with these rows in the place of one."""
    return replace(table, rows=(*table.rows[:index], *rows, *table.rows[index + 1 :]))


@pytest.mark.parametrize(
    ("of", "table", "index"),
    [pytest.param(of, table, index, id=name) for of, table, index, _, name in _rows(*RECORDED)],
)
def test_no_row_is_idle(of: Deciding, table: Table, index: int) -> None:
    """Without any one row, at least one recorded example is decided otherwise."""
    assert is_missed(of, _with(table, index), table)


@pytest.mark.parametrize(
    ("of", "table", "index"),
    [
        pytest.param(of, table, index, id=name)
        for of, table, index, row, name in _rows(*GUARDED)
        if row.only_if is not None
    ],
)
def test_no_guard_is_idle(of: Deciding, table: Table, index: int) -> None:
    """Without the guard of any one row, at least one recorded example is decided otherwise."""
    assert is_missed(of, _with(table, index, replace(table.rows[index], only_if=None)), table)


@pytest.mark.parametrize(
    ("of", "table", "index", "n"),
    [
        pytest.param(of, table, index, n, id=f"{name}-{n}")
        for of, table, index, row, name in _rows(*RECORDED)
        for n in range(len(row.whens))
        if len(row.whens) > 1
    ],
)
def test_no_condition_is_idle(of: Deciding, table: Table, index: int, n: int) -> None:
    """Without any one condition of a row, at least one recorded example is decided otherwise."""
    row = table.rows[index]
    fewer = replace(row, whens=row.whens[:n] + row.whens[n + 1 :])
    assert is_missed(of, _with(table, index, fewer), table)


@pytest.mark.parametrize(
    ("of", "table", "index"),
    [
        pytest.param(of, table, index, id=f"{of.policy.key}-{table.name}-{check.message}-{index}")
        for of, table in TABLES
        for index, check in enumerate(table.impossible)
    ],
)
def test_no_check_is_idle(of: Deciding, table: Table, index: int) -> None:
    """Without any one check for impossible facts, at least one example is decided otherwise."""
    rest = replace(table, impossible=table.impossible[:index] + table.impossible[index + 1 :])
    assert is_missed(of, rest, table)


@cache
def cited(of: Deciding) -> Sequence[tuple[str, tuple[Clause, ...]]]:
    """The actions of the recorded examples of a policy, with the clauses that each cites."""
    return [(example.action, of.decided(example).clauses) for example in RECORDED[of]]


@pytest.mark.parametrize(
    ("of", "clause"),
    [
        pytest.param(of, clause, id=f"{of.policy.key}-{clause.id}")
        for of in RECORDED
        for clause in of.policy.catalogue
    ],
)
def test_a_clause_is_cited_where_it_applies_and_only_there(of: Deciding, clause: Clause) -> None:
    """Every clause is cited by a recorded example, and by another of the same act it is not."""
    citing = {(action, clause in clauses) for action, clauses in cited(of)}
    assert {act for act, cites in citing if cites} & {act for act, cites in citing if not cites}
