"""Every parameter decides something, and refuses what lies outside its bounds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from avoir.parameters import ParameterError
from avoir_referral_broker.prescriber.parameters import P
from avoir_referral_broker.prescriber.policy import POLICY
from tests.plugins.referral_broker.prescriber.examples import differences
from tests.plugins.referral_broker.prescriber.recorded.flips import FLIPS, Flip


@pytest.mark.parametrize("flip", FLIPS, ids=str)
def test_a_parameter_decides(flip: Flip) -> None:
    """The same facts come to one thing under the default and to the other under another value."""
    assert list(differences(flip.default)) == []
    assert list(differences(flip.tuned)) == []


def test_every_parameter_decides_something() -> None:
    """No parameter is without an example in which it makes a difference."""
    assert {flip.parameter for flip in FLIPS if flip.tells} == set(P.by_name)


DEFAULTS: Mapping[str, object] = {
    "window_years": 1,
    "transformed_status": "G",
    "late_attachment_after_days": 0,
    "prior_knowledge_stale_days": 365,
    "payments_per_contact": 1,
    "four_eyes": "never",
}


def test_the_defaults_are_those_of_the_terms() -> None:
    """Whoever tunes nothing has the values that the terms name, or their default reading."""
    assert POLICY.edition().plain_values == DEFAULTS


BOUNDS: Mapping[str, tuple[object, ...]] = {
    "window_years": (0, 11, "1", 1.0, True),
    "transformed_status": (7, "G\0"),
    "late_attachment_after_days": (-1, 91),
    "prior_knowledge_stale_days": (29, 3_651),
    "payments_per_contact": (0, 11),
    "four_eyes": ("none", True),
}
"""Values that each parameter refuses."""


@pytest.mark.parametrize(
    ("name", "value"),
    [pytest.param(n, v, id=f"{n}-{v!r}") for n, values in BOUNDS.items() for v in values],
)
def test_a_value_out_of_bounds_is_refused(name: str, value: object) -> None:
    """What a parameter cannot be is refused, and the parameter is named."""
    with pytest.raises(ParameterError) as refused:
        POLICY.edition({name: value})
    assert {fault.path for fault in refused.value.faults} == {name}


EXTREMES: tuple[Mapping[str, object], ...] = (
    {"window_years": 10},
    {"late_attachment_after_days": 90},
    {"prior_knowledge_stale_days": 30},
    {"prior_knowledge_stale_days": 3_650},
    {"payments_per_contact": 10},
)


@pytest.mark.parametrize("values", EXTREMES, ids=str)
def test_the_bounds_themselves_are_in_force(values: Mapping[str, object]) -> None:
    """A value on its bound is a value."""
    assert dict(POLICY.edition(values).plain_values) == {**DEFAULTS, **values}
