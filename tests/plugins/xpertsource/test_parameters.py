"""Every parameter decides something, and refuses what lies outside its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from avoir.errors import PolicyError
from avoir.parameters import ParameterError
from avoir_xpertsource.catalogue import WINDOW_MONTH
from avoir_xpertsource.parameters import P
from avoir_xpertsource.policy import POLICY
from tests.plugins.examples import Flip
from tests.plugins.xpertsource.examples import Example, differences, email, under_contract
from tests.plugins.xpertsource.recorded.flips import FLIPS
from tests.plugins.xpertsource.recorded.standings import lead_at
from tests.plugins.xpertsource.recorded.words import APPROVED, ASKED, REFUSED, REVIEW, dated


@pytest.mark.parametrize("flip", FLIPS, ids=str)
def test_a_parameter_decides(flip: Flip) -> None:
    """The same facts come to one thing under the default and to the other under another value."""
    assert list(differences(flip.default)) == []
    assert list(differences(flip.tuned)) == []


def test_every_parameter_decides_something() -> None:
    """No parameter is without an example in which it makes a difference."""
    assert {flip.parameter for flip in FLIPS if flip.tells} == set(P.by_name)


DEFAULTS: Mapping[str, object] = {
    "min_wait_days": 7,
    "wait_count": "dates",
    "window_mode": "rolling_month",
    "window_months": 1,
    "min_calls": 4,
    "min_voicemails": 2,
    "min_emails": 2,
    "email_proof_required": True,
    "contact_steps_grounds": ["unreachable"],
    "manager_confirmation_required": True,
    "manager_confirmation_cures": ["emails", "voicemails"],
    "undisclosed_min_items": 1,
    "contract_reference": "purchase",
    "bank_refund_request": "grant_as_credit",
    "credit_includes_taxes": True,
    "response_business_days": 5,
    "calendar": "CA-QC",
    "auto_refuse_inadmissible": True,
    "auto_approve": False,
    "conversion_benchmark": "0.20",
    "four_eyes": "never",
}


def test_the_defaults_are_those_of_the_terms() -> None:
    """Whoever tunes nothing has the values that the terms name."""
    assert POLICY.edition().plain_values == DEFAULTS


BOUNDS: Mapping[str, tuple[object, ...]] = {
    "min_wait_days": (-1, 61, "7", 7.0, True),
    "wait_count": ("weeks", 7),
    "window_mode": ("forever", "month"),
    "window_months": (0, 13),
    "min_calls": (-1, 21),
    "min_voicemails": (-1, 21),
    "min_emails": (-1, 21),
    "email_proof_required": ("yes", 1),
    "contact_steps_grounds": ("unreachable", ["bad_luck"], [1]),
    "manager_confirmation_required": ("no", 0),
    "manager_confirmation_cures": (["calls"], "emails"),
    "undisclosed_min_items": (0, 5),
    "contract_reference": ("yesterday",),
    "bank_refund_request": ("grant",),
    "credit_includes_taxes": ("true",),
    "response_business_days": (0, 31),
    "calendar": ("QC", "CA-ZZ", "Quebec", 1),
    "auto_refuse_inadmissible": ("true",),
    "auto_approve": (1,),
    "conversion_benchmark": ("-0.01", "1.01", 0.2, "a fifth"),
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


EXTREMES: tuple[Mapping[str, object], ...] = (
    {"min_wait_days": 0},
    {"min_wait_days": 60, "window_months": 12},
    *({name: value} for name in ("min_calls", "min_voicemails", "min_emails") for value in (0, 20)),
    {"undisclosed_min_items": 4},
    {"response_business_days": 1},
    {"response_business_days": 30},
    {"conversion_benchmark": "0"},
    {"conversion_benchmark": "1"},
    {"contact_steps_grounds": [], "manager_confirmation_cures": []},
)


@pytest.mark.parametrize("values", EXTREMES, ids=str)
def test_a_value_on_its_bound_is_accepted(values: Mapping[str, object]) -> None:
    """The bounds themselves may be set."""
    assert POLICY.edition(values).plain_values.items() >= values.items()


def test_every_parameter_has_its_bounds_tested() -> None:
    """No parameter is without a value that it refuses."""
    assert set(BOUNDS) == set(DEFAULTS) == set(P.by_name)


def test_an_unknown_parameter_is_refused() -> None:
    """A name that no parameter has, with the prefix of the terms too, is refused by that name."""
    with pytest.raises(ParameterError) as refused:
        POLICY.edition({"xs.min_calls": 4})
    assert [fault.path for fault in refused.value.faults] == ["xs.min_calls"]


def test_a_window_that_is_always_empty_is_refused() -> None:
    """A wait that no request period outlasts is refused, and the clause of the period is named."""
    with pytest.raises(PolicyError, match="XS-WINDOW-MONTH"):
        POLICY.edition({"min_wait_days": 60})


def test_a_window_that_is_sometimes_empty_is_flagged() -> None:
    """By calendar months a lead bought late has no window, and the edition says so."""
    assert POLICY.edition().sometimes_empty == ()
    assert POLICY.edition({"window_mode": "calendar_month"}).sometimes_empty == (WINDOW_MONTH,)


@pytest.mark.parametrize(
    ("bought", "last_with_a_window"),
    [
        (date(2025, 3, 24), True),
        (date(2025, 3, 25), False),
        (date(2025, 4, 23), True),
        (date(2025, 4, 24), False),
        (date(2025, 2, 21), True),
        (date(2025, 2, 22), False),
        (date(2024, 2, 22), True),
        (date(2024, 2, 23), False),
    ],
    ids=str,
)
def test_by_calendar_months_a_late_purchase_has_no_window(
    bought: date, last_with_a_window: bool
) -> None:
    """From the 25th of a 31-day month there is no day for a request: nobody is told to return."""
    early = Example(
        "",
        dated(f"{bought} 10:00", f"{bought} 12:00"),
        REFUSED,
        "DELAY-MIN",
        parameters={"window_mode": "calendar_month"},
        more={"resubmittable": last_with_a_window, "state": "refused_premature"},
    )
    assert list(differences(early)) == []


def test_hours_are_counted_from_the_moment_of_the_purchase() -> None:
    """Counted in hours, a lead may be claimed from the moment, not from the start of the day."""
    for moment, state in (("10:59:59", "waiting_period"), ("11:00:00", "claimable")):
        example = Example(
            "",
            lead_at(f"2025-03-10 {moment}"),
            "standing",
            action="standing",
            parameters={"wait_count": "hours"},
            more={"state": state},
        )
        assert list(differences(example)) == []


def test_before_the_first_contact_means_the_purchase_where_there_was_none() -> None:
    """Who never contacted the client is held to the purchase; who does not say is asked."""
    by_contact = {"contract_reference": "first_contact"}
    for attempts, outcome in (([], REVIEW), (None, ASKED), ([email("2025-03-04 10:00")], APPROVED)):
        example = Example(
            "",
            under_contract("2025-03-04", attempts=attempts),
            outcome,
            "ALREADY-CONTRACT",
            parameters=by_contact,
        )
        assert list(differences(example)) == []
