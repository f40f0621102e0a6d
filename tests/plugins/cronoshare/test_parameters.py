"""Every parameter decides something, and refuses what lies outside its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from avoir.cases import evaluate
from avoir.parameters import ParameterError
from avoir_cronoshare.parameters import P
from avoir_cronoshare.policy import POLICY
from tests.plugins.cronoshare.examples import (
    APPROVED,
    Example,
    acting,
    back,
    differences,
    refunding,
)
from tests.plugins.cronoshare.recorded.flips import FLIPS
from tests.plugins.examples import Flip


@pytest.mark.parametrize("flip", FLIPS, ids=str)
def test_a_parameter_decides(flip: Flip) -> None:
    """The same facts come to one thing under the default and to the other under another value."""
    assert list(differences(flip.default)) == []
    assert list(differences(flip.tuned)) == []


def test_every_parameter_decides_something() -> None:
    """No parameter is without an example in which it makes a difference."""
    assert {flip.parameter for flip in FLIPS if flip.tells} == set(P.by_name)


DEFAULTS: Mapping[str, object] = {
    "management_fee": 20,
    "advance_enabled": True,
    "default_advance_limit": 100,
    "advance_recovery": "none",
    "no_answer_min_days": 2,
    "no_answer_clock": "second_channel",
    "window_days": 60,
    "window_unit": "business",
    "window_start": "purchase",
    "calendar": "FR",
    "week": "mon_fri",
    "warning_days": 5,
    "bank_refund_request": "refuse",
    "four_eyes": "never",
}


def test_the_defaults_are_those_of_the_terms() -> None:
    """Whoever tunes nothing has the values that the terms name, or their default reading."""
    assert POLICY.edition().plain_values == DEFAULTS


BOUNDS: Mapping[str, tuple[object, ...]] = {
    "management_fee": (-1, 1_001, "20", 20.0, True),
    "advance_enabled": ("yes", 1),
    "default_advance_limit": (-1, 100_001, 1.5),
    "advance_recovery": ("always", True),
    "no_answer_min_days": (-1, 31),
    "no_answer_clock": ("yesterday",),
    "window_days": (0, 366),
    "window_unit": ("weeks",),
    "window_start": ("birth",),
    "calendar": ("FRANCE", "XX", 33),
    "week": ("sun_sat",),
    "warning_days": (-1, 61),
    "bank_refund_request": ("grant",),
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
    assert {fault.path for fault in refused.value.faults} == {name}


EXTREMES: tuple[Mapping[str, object], ...] = (
    {"management_fee": 0},
    {"management_fee": 1_000},
    {"default_advance_limit": 0},
    {"default_advance_limit": 100_000},
    {"no_answer_min_days": 0},
    {"no_answer_min_days": 30},
    {"window_days": 1},
    {"window_days": 365},
    {"warning_days": 0},
    {"warning_days": 60},
)


@pytest.mark.parametrize("values", EXTREMES, ids=str)
def test_the_bounds_themselves_are_in_force(values: Mapping[str, object]) -> None:
    """A value on its bound is a value."""
    assert dict(POLICY.edition(values).plain_values) == {**DEFAULTS, **values}


@pytest.mark.parametrize(
    ("calendar", "week", "unit", "last"),
    [
        ("FR", "mon_fri", "business", "2025-05-30"),
        ("ES", "mon_fri", "business", "2025-05-28"),
        ("FR", "mon_sat", "business", "2025-05-15"),
        ("FR", "mon_fri", "calendar", "2025-05-02"),
    ],
)
def test_the_last_day_is_that_of_the_reading(
    calendar: str, week: str, unit: str, last: str
) -> None:
    """Each reading of the sixty days has its own last day, and that day may still be used."""
    values = {"calendar": calendar, "week": week, "window_unit": unit}
    for moment, outcome in ((f"{last} 23:59", APPROVED), (f"{last} 00:00", APPROVED)):
        example = Example(
            "",
            refunding(moment=moment),
            outcome,
            parameters=values,
            more=back(deadlines={f"refund_window_closes {last}"}),
        )
        assert list(differences(example)) == []


@pytest.mark.parametrize(("window", "warning"), list(product((1, 60, 365), (0, 5, 60))))
def test_a_warning_never_comes_after_the_end(window: int, warning: int) -> None:
    """However the days are set, the warning is due by the last day."""
    values = {"window_days": window, "warning_days": warning}
    edition = POLICY.edition(values)
    decision = evaluate(edition, "standing", acting("show_phase", moment="2025-03-03 10:00"))
    due = {deadline.kind: deadline.date for deadline in decision.deadlines}
    assert due["refund_window_warning"] <= due["refund_window_closes"]
