"""Every parameter decides something, and refuses what lies outside its bounds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from avoir.parameters import ParameterError
from avoir_referral_broker.partner.parameters import P
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.examples import Flip
from tests.plugins.referral_broker.partner.examples import differences
from tests.plugins.referral_broker.partner.recorded.flips import FLIPS


@pytest.mark.parametrize("flip", FLIPS, ids=str)
def test_a_parameter_decides(flip: Flip) -> None:
    """The same facts come to one thing under the default and to the other under another value."""
    assert list(differences(flip.default)) == []
    assert list(differences(flip.tuned)) == []


def test_every_parameter_decides_something() -> None:
    """No parameter is without an example in which it makes a difference."""
    assert {flip.parameter for flip in FLIPS if flip.tells} == set(P.by_name)


DEFAULTS: Mapping[str, object] = {
    "commission_rate": "0.025",
    "base": "received",
    "rounding": "half_up",
    "analysis_business_days": 2,
    "extra_documents_clock": "restart",
    "agree_when": "differs",
    "required_documents": [],
    "criteria": [],
    "stop_factors": [],
    "calendar": "RU",
    "four_eyes": "never",
}


def test_the_defaults_are_those_of_the_terms() -> None:
    """Whoever tunes nothing has the values that the terms name, or their default reading."""
    assert POLICY.edition().plain_values == DEFAULTS


BOUNDS: Mapping[str, tuple[object, ...]] = {
    "commission_rate": ("-0.001", "1.001", 0.025, "2.5%", 1),
    "base": ("agreed", "requested", True),
    "rounding": ("up", 0),
    "analysis_business_days": (0, 31, "2", 2.0, True),
    "extra_documents_clock": ("stop",),
    "agree_when": ("above",),
    "required_documents": ("Passport", [1]),
    "criteria": ("solvent", {"solvent": True}),
    "stop_factors": ("arrears", [None]),
    "calendar": ("RUSSIA", "XX", 7),
    "four_eyes": ("none", True),
}
"""Values that each parameter refuses."""


@pytest.mark.parametrize(
    ("name", "value"),
    [pytest.param(n, v, id=f"{n}-{v}") for n, values in BOUNDS.items() for v in values],
)
def test_a_value_out_of_bounds_is_refused(name: str, value: object) -> None:
    """What a parameter cannot be is refused, and the parameter is named."""
    with pytest.raises(ParameterError) as refused:
        POLICY.edition({name: value})
    assert {fault.path.partition("[")[0] for fault in refused.value.faults} == {name}


def test_every_parameter_has_bounds_to_refuse() -> None:
    """No parameter takes whatever it is given."""
    assert set(BOUNDS) == set(P.by_name)


EXTREMES: tuple[Mapping[str, object], ...] = (
    {"commission_rate": "0"},
    {"commission_rate": "1"},
    {"analysis_business_days": 1},
    {"analysis_business_days": 30},
    {"required_documents": ["Bank statement", "Balance sheet"]},
    {"calendar": "KZ"},
)


@pytest.mark.parametrize("values", EXTREMES, ids=str)
def test_the_bounds_themselves_are_in_force(values: Mapping[str, object]) -> None:
    """A value on its bound is a value."""
    assert dict(POLICY.edition(values).plain_values) == {**DEFAULTS, **values}


def test_equal_lists_are_one_edition() -> None:
    """A list stated twice is the same edition, and in another order it is another one."""
    one, other = (POLICY.edition({"criteria": ["a", "b"]}) for _ in range(2))
    assert one.hash == other.hash
    assert one.hash != POLICY.edition({"criteria": ["b", "a"]}).hash
