"""Returns: sales are recorded on leads, and what the figures count is what the terms name."""

from __future__ import annotations

import pytest

from avoir.cases import evaluate
from avoir.lifecycles import Role
from avoir.returns import Events
from avoir_xpertsource.policy import LIFECYCLE, POLICY
from avoir_xpertsource.returns import CREDITED, RETURNS, SETTLED
from tests.plugins.xpertsource.examples import under_contract

EDITION = POLICY.edition()


@pytest.mark.parametrize("state", [state.name for state in LIFECYCLE.states])
def test_a_sale_is_recorded_in_any_state(state: str) -> None:
    """That a lead became a sale is recorded wherever its request stands, and changes nothing."""
    facts = under_contract("2025-02-20")
    decision = evaluate(EDITION, "record_conversion", facts, stored=state)
    assert decision.outcome == "recorded"
    assert [clause.id for clause in decision.clauses] == ["XS-CONVERSION-1IN5"]
    assert (decision.state, decision.case_state, decision.postings) == (None, None, ())


def test_a_sale_is_for_the_platform_to_record() -> None:
    """No state offers a professional to record a sale; the platform may in every one."""
    for state in LIFECYCLE.states:
        for role in Role:
            offered = "record_conversion" in LIFECYCLE.allowed(state.name, role)
            assert offered is (role is Role.PLATFORM)


def test_the_conversion_is_held_against_one_in_five() -> None:
    """The rate of conversion is of the leads bought, and has the benchmark of the terms."""
    rate = next(share for share in RETURNS.shares if share.name == "conversion_rate")
    assert (rate.part, rate.whole) == ("converted", "bought")
    assert rate.benchmark is not None
    assert str(EDITION.values[rate.benchmark.name]) == "0.20"
    assert POLICY.clause("XS-CONVERSION-1IN5") in RETURNS.clauses


@pytest.mark.parametrize("events", [CREDITED, SETTLED])
def test_what_waits_for_a_ruling_is_not_counted(events: Events) -> None:
    """A credit that is only recommended is none yet."""
    assert [effect.value for effect in events.takes_effect or ()] == ["at_once"]
