"""Acme's terms, decided case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from acme_leads.policy import POLICY
from avoir.testing import Case, differences, load

CASES = load(Path(__file__).with_name("cases.json").read_bytes())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_policy_decides_as_the_case_says(case: Case) -> None:
    """Outcome, clauses, amount, postings, deadline and what is missing are those of the case."""
    assert list(differences(case, POLICY)) == []
