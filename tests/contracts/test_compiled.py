"""Compiled tables come to what the interpreter comes to, whatever is known."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.agreement import (
    amounts_agree,
    disagreement,
    parts_disagree,
    readings_disagree,
    situation,
)
from tests.contracts.clauses import host

TABLES = [
    (policy.key, table.name) for policy in host().policies.values() for table in policy.tables
]


@pytest.mark.parametrize(("key", "name"), TABLES)
@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_table_compiled_is_the_table_interpreted(key: str, name: str, seed: int) -> None:
    """On random facts with unknowns, under random parameters, both come to the same.

    So do the dates, amounts and notices that come with a decision, and what its rows read.
    """
    policy = host().policies[key]
    table = next(table for table in policy.tables if table.name == name)
    made = situation(policy, table, random.Random(seed))
    assert disagreement(policy, table, made) is None
    assert amounts_agree(policy, table, made)
    assert parts_disagree(policy, table, made) == []
    assert readings_disagree(table, made) == []
