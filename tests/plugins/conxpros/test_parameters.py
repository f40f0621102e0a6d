"""Every parameter decides something, and refuses what lies outside its bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avoir.errors import PolicyError
from avoir.parameters import ParameterError
from avoir_conxpros.parameters import P
from avoir_conxpros.policy import POLICY
from tests.plugins.conxpros.contact_recorded import evening
from tests.plugins.conxpros.examples import (
    CALLS,
    PART,
    Example,
    asking,
    at,
    before,
    dead,
    differences,
    gutters,
    unreached,
    usd,
)
from tests.plugins.conxpros.expected import (
    APPROVED,
    ASKED,
    BLOCKED,
    PARTLY,
    PERSON,
    RECORDED,
    REFUSED,
)
from tests.plugins.conxpros.findings_recorded import found
from tests.plugins.conxpros.grounds_recorded import hired, twice
from tests.plugins.conxpros.reviews_recorded import OPEN, appeal, ruled
from tests.plugins.conxpros.standings_recorded import waiting

DEAD = Example("", {}, APPROVED, "CRED-BAD-PHONE WINDOW-5D", cites_not="DEN-LATE")
LATE = Example("", {}, REFUSED, "WINDOW-5D DEN-LATE")
EARLY = Example("", {}, REFUSED, "DEN-EARLY-NONCONTACT")
UNREACHED = Example("", {}, APPROVED, "CRED-NON-CONTACT")
INCOMPLETE = Example("", {}, REFUSED, "DEN-REASON-MISMATCH CRED-NON-CONTACT")
TWICE = Example("", {}, APPROVED, "CRED-DUPLICATE")
ONCE = Example("", {}, REFUSED, "DEN-REASON-MISMATCH CRED-DUPLICATE")
WHICH = Example("", {}, ASKED, "CRED-DUPLICATE")
SPREAD = ("2025-04-07 10:04", "2025-04-07 15:00", "2025-04-09 11:00", "2025-04-10 11:00")
"""Two calls on the day of delivery, then one on each of the two days after a pause."""
FOUND = found("duplicate", previous_delivered_at=at("2025-04-05 10:00"))
ANOTHER = {**FOUND, "findings": {"previous_delivery": before(category="gutters")}}
PROACTIVE = Example("", {}, APPROVED, "PRO-DUPLICATE", "verification_finding")
NOTHING = Example("", {}, "unchanged", "PRO-DUPLICATE", "verification_finding")


def due(*days: str) -> Example:
    """A request decided on, with the days that were aimed at."""
    return replace(DEAD, more={"deadlines": set(days)})


def overdue(state: str) -> Example:
    """Where a request stands that nobody has decided on."""
    return Example("", {}, "standing", "", "standing", more={"state": state})


Flip = tuple[str, object, object, Example, Example]
"""A parameter, another value, facts, what comes of them by default, and under that value."""

FLIPS: tuple[Flip, ...] = (
    ("window_days", 4, dead("2025-04-12 10:00"), DEAD, LATE),
    ("window_days", 6, dead("2025-04-13 23:59:59"), LATE, DEAD),
    ("window_days", 60, dead("2025-06-06 23:59:59"), LATE, DEAD),
    ("window_count", "hours", dead("2025-04-12 10:00:01"), DEAD, LATE),
    ("window_count", "hours", dead("2025-04-12 10:00:00"), DEAD, DEAD),
    (
        "window_count",
        "hours",
        dead("2025-11-03 00:30", delivered="2025-10-29 00:30"),
        DEAD,
        LATE,
    ),
    ("first_call_max_minutes", 5, unreached(), UNREACHED, UNREACHED),
    ("first_call_max_minutes", 4, unreached(), UNREACHED, INCOMPLETE),
    (
        "first_call_max_minutes",
        61,
        unreached(("2025-04-07 11:00", *CALLS[1:])),
        INCOMPLETE,
        UNREACHED,
    ),
    ("day_one_is_delivery_day", False, unreached(), UNREACHED, EARLY),
    (
        "day_one_is_delivery_day",
        False,
        unreached(SPREAD, asked="2025-04-10 15:00"),
        INCOMPLETE,
        UNREACHED,
    ),
    ("duplicate_days", 31, twice("2025-03-07 00:00"), ONCE, TWICE),
    ("duplicate_days", 29, twice("2025-03-08 23:59"), TWICE, ONCE),
    ("duplicate_days", 1, FOUND, PROACTIVE, NOTHING),
    ("duplicate_same_category", False, twice(category="gutters"), ONCE, TWICE),
    (
        "duplicate_same_category",
        False,
        twice(category=None),
        WHICH,
        TWICE,
    ),
    ("duplicate_same_category", False, ANOTHER, NOTHING, PROACTIVE),
    (
        "target_business_days",
        5,
        dead(),
        due("decision_early 2025-04-11", "decision_target 2025-04-14"),
        due("decision_early 2025-04-11", "decision_target 2025-04-16"),
    ),
    (
        "target_business_days",
        4,
        waiting("2025-07-09 10:00"),
        overdue("submitted_overdue"),
        overdue("submitted"),
    ),
    (
        "early_target_business_days",
        1,
        dead(),
        due("decision_early 2025-04-11", "decision_target 2025-04-14"),
        due("decision_early 2025-04-10", "decision_target 2025-04-14"),
    ),
    (
        "calendar",
        "CA",
        waiting("2025-07-08 10:00"),
        overdue("submitted"),
        overdue("submitted_overdue"),
    ),
    (
        "late_evening_second_call",
        "review",
        evening("2025-04-07 20:00"),
        INCOMPLETE,
        Example("", {}, PERSON, "CRED-NON-CONTACT GENUINE"),
    ),
    (
        "not_spoken",
        "ask",
        hired("2025-04-01 10:00", False),
        Example("", {}, REFUSED, "DEN-REASON-MISMATCH CRED-ALREADY-HIRED"),
        Example(
            "",
            {},
            ASKED,
            "CRED-ALREADY-HIRED",
            more={"missing": {"findings.spoke_with_homeowner"}},
        ),
    ),
    (
        "negative_difference",
        "refuse",
        gutters(actual_category_cost=usd("50.00")),
        Example("", {}, PARTLY, "CRED-WRONG-CATEGORY PARTIAL-DIFF", more={"amount": "0.00"}),
        Example("", {}, REFUSED, "CRED-WRONG-CATEGORY PARTIAL-DIFF", more={"amount": None}),
    ),
    (
        "review_of_partial",
        "refuse",
        appeal([PART]),
        Example("", {}, PERSON, "REVIEW PARTIAL-DIFF", "review_requested"),
        Example("", {}, BLOCKED, "REVIEW PARTIAL-DIFF", "review_requested"),
    ),
    (
        "review_of_partial",
        "allow",
        appeal([PART]),
        Example("", {}, PERSON, "REVIEW PARTIAL-DIFF", "review_requested"),
        Example("", {}, RECORDED, "REVIEW PARTIAL-DIFF", "review_requested"),
    ),
    (
        "four_eyes",
        "approvals",
        ruled(OPEN, "approve"),
        Example("", {}, APPROVED, "DECISION-EMAIL CREDIT-BALANCE", "rule"),
        Example("", {}, PERSON, "DECISION-EMAIL GENUINE", "rule"),
    ),
)


@pytest.mark.parametrize(
    ("name", "value", "facts", "default", "changed"),
    FLIPS,
    ids=[f"{name}={value}-{n}" for n, (name, value, *_) in enumerate(FLIPS)],
)
def test_a_parameter_changes_what_is_decided(
    name: str, value: object, facts: dict[str, object], default: Example, changed: Example
) -> None:
    """The same facts come to one thing under the default and to another under the other value."""
    assert list(differences(replace(default, facts=facts))) == []
    tuned = {name: value}
    assert list(differences(replace(changed, facts=facts, parameters=tuned))) == []


def test_every_parameter_is_shown_to_decide() -> None:
    """No parameter is without facts that it decides otherwise."""
    assert {name for name, *_, default, changed in FLIPS if default is not changed} == set(
        P.by_name
    )


DEFAULTS = {
    "window_days": 5,
    "window_count": "dates",
    "first_call_max_minutes": 60,
    "day_one_is_delivery_day": True,
    "duplicate_days": 30,
    "duplicate_same_category": True,
    "target_business_days": 3,
    "early_target_business_days": 2,
    "calendar": "US",
    "late_evening_second_call": "refuse",
    "not_spoken": "refuse",
    "negative_difference": "zero",
    "review_of_partial": "review",
    "four_eyes": "never",
}


def test_the_defaults_are_those_of_the_terms() -> None:
    """Without tuning, every parameter has the value that the terms or their readings give it."""
    assert POLICY.edition().values == DEFAULTS


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("window_days", (2, 60), (-1, 61, "5")),
        ("window_count", ("dates", "hours"), ("business",)),
        ("first_call_max_minutes", (1, 1440), (0, 1441)),
        ("day_one_is_delivery_day", (True, False), ("yes",)),
        ("duplicate_days", (1, 365), (0, 366)),
        ("duplicate_same_category", (True, False), (1,)),
        ("target_business_days", (1, 30), (0, 31)),
        ("early_target_business_days", (1, 30), (0, 31)),
        ("calendar", ("US", "US-CA", "CA"), ("XX", "", 1)),
        ("late_evening_second_call", ("refuse", "review"), ("allow",)),
        ("not_spoken", ("refuse", "ask"), ("review",)),
        ("negative_difference", ("zero", "refuse"), ("charge",)),
        ("review_of_partial", ("review", "refuse", "allow"), ("ask",)),
        ("four_eyes", ("never", "approvals", "refusals", "always"), ("none",)),
    ],
)
def test_a_parameter_keeps_within_its_bounds(
    name: str, allowed: tuple[object, ...], refused: tuple[object, ...]
) -> None:
    """Values at the bounds are taken, values beyond them are refused by the name at fault."""
    for value in allowed:
        assert POLICY.edition({name: value}).values[name] == value
    for value in refused:
        with pytest.raises(ParameterError) as caught:
            POLICY.edition({name: value})
        assert [fault.path for fault in caught.value.faults] == [name]


@pytest.mark.parametrize(
    "stated", [{"window_days": 1}, {"window_days": 2, "day_one_is_delivery_day": False}]
)
def test_a_period_that_ends_before_day_three_is_refused(stated: dict[str, object]) -> None:
    """Parameters under which no non-contact request could ever be in time make no edition."""
    with pytest.raises(PolicyError) as caught:
        POLICY.edition(stated)
    assert caught.value.data["clause"] == "CX-DEN-EARLY-NONCONTACT"


def test_a_reason_that_costs_nothing_is_still_asked() -> None:
    """Parameters never stand for facts: what is unknown is asked under every value."""
    for stated in ({}, {"not_spoken": "ask"}, {"review_of_partial": "allow"}):
        example = Example("", asking(None), ASKED, "DEN-REASON-MISMATCH", parameters=stated)
        assert list(differences(example)) == []
