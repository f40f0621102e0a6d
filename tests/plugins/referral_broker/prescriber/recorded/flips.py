"""Recorded examples of parameters: the same facts under the default and under another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins import examples
from tests.plugins.referral_broker.prescriber.examples import (
    ALREADY_KNOWN,
    APPROVED,
    BLOCKED,
    RECORDED,
    REFUSED,
    REVIEW,
    STANDING,
    Example,
    assessing,
    attaching,
    doing,
    nothing,
    payment,
    person,
    proposed,
)
from tests.plugins.referral_broker.prescriber.recorded.acts import paying
from tests.plugins.referral_broker.prescriber.recorded.doubts import HOUSEHOLD, ruling
from tests.plugins.referral_broker.prescriber.recorded.standings import sent

Came = tuple[str, str, str, Mapping[str, object]]
"""Outcome, clauses cited, clauses not cited, and what else is said."""


class Flip(examples.Flip):
    """A parameter and another value, with what the same facts come to under either."""

    @property
    def tells(self) -> bool:
        """Whether the two values come to different things, or by different clauses."""
        return super().tells or self.default.cites != self.tuned.cites


def flip(
    parameter: str,
    value: object,
    title: str,
    facts: Mapping[str, Any],
    before: Came,
    after: Came,
    action: str = "assess_remuneration",
) -> Flip:
    """Facts, and what comes of them before and after."""
    (outcome, cites, not_cited, more), (other, citing, not_citing, said) = before, after
    return Flip(
        parameter,
        value,
        Example(title, facts, outcome, cites, action, {}, not_cited, more),
        Example(title, facts, other, citing, action, {parameter: value}, not_citing, said),
    )


KNOWN_FOR_40_DAYS: Final = person(True, "2024-02-04 10:00", "self")
ON_RECEIPT: Final[Came] = (RECORDED, "ALWAYS-ATTACH ATTACH-ON-RECEIPT", "", nothing("attached"))
IN_TIME: Final[Came] = (RECORDED, "ALWAYS-ATTACH", "ATTACH-ON-RECEIPT", nothing("attached"))
PAID_BEFORE: Final = payment("2024-10-01 10:00")

FLIPS: Final = (
    flip(
        "window_years",
        2,
        "transformed on the day after a year",
        assessing(transformed="2025-03-16 10:00"),
        (REFUSED, "ONE-YEAR", "", nothing("window_expired")),
        (
            APPROVED,
            "CONVENTION ONE-YEAR",
            "",
            proposed(deadlines={"remuneration_window_ends 2026-03-15"}),
        ),
    ),
    flip(
        "window_years",
        2,
        "where a contact stands after a year",
        {**sent(), "now": "2025-03-16T10:00:00+01:00"},
        (STANDING, "ONE-YEAR", "", nothing("window_expired")),
        (STANDING, "ALWAYS-ATTACH", "", nothing("attached")),
        "standing",
    ),
    flip(
        "window_years",
        3,
        "the last day that an attachment names",
        attaching(),
        (RECORDED, "ALWAYS-ATTACH", "", {"deadlines": {"remuneration_window_ends 2025-03-15"}}),
        (RECORDED, "ALWAYS-ATTACH", "", {"deadlines": {"remuneration_window_ends 2027-03-15"}}),
        "attach",
    ),
    flip(
        "transformed_status",
        "GAGNÉ",
        "the file reaches G",
        doing("record_transformation", file={"stage": "G"}),
        (RECORDED, "KPI-G", "", nothing()),
        (BLOCKED, "KPI-G", "", nothing()),
        "record_transformation",
    ),
    flip(
        "late_attachment_after_days",
        1,
        "attached on the day after it came in",
        attaching(received="2024-03-14 09:00"),
        ON_RECEIPT,
        IN_TIME,
        "attach",
    ),
    flip(
        "late_attachment_after_days",
        1,
        "attached two days after it came in",
        attaching(received="2024-03-13 09:00"),
        ON_RECEIPT,
        ON_RECEIPT,
        "attach",
    ),
    flip(
        "prior_knowledge_stale_days",
        39,
        "known for forty days, when it is attached",
        attaching(KNOWN_FOR_40_DAYS),
        (
            RECORDED,
            "PRIOR-KNOWN INFORM-UPFRONT",
            "",
            nothing("attached_not_remunerable", ALREADY_KNOWN),
        ),
        (RECORDED, "ALWAYS-ATTACH PRIOR-KNOWN", "INFORM-UPFRONT", nothing("attached")),
        "attach",
    ),
    flip(
        "prior_knowledge_stale_days",
        39,
        "known for forty days, when it is assessed",
        assessing(KNOWN_FOR_40_DAYS),
        (REFUSED, "PRIOR-KNOWN", "", nothing("not_remunerable", ALREADY_KNOWN)),
        (REVIEW, "PRIOR-KNOWN", "", nothing("under_review")),
    ),
    flip(
        "payments_per_contact",
        2,
        "paid once, and asked again",
        assessing(previous_payments=[PAID_BEFORE], moment="2024-11-01 10:00"),
        (REFUSED, "CONVENTION", "", nothing("already_paid")),
        (APPROVED, "CONVENTION", "", proposed()),
    ),
    flip(
        "payments_per_contact",
        2,
        "paid once, and to be paid again",
        paying(previous_payments=[PAID_BEFORE]),
        (REFUSED, "CONVENTION", "", nothing("already_paid")),
        (RECORDED, "CONVENTION", "", {"amount": "400.00", "state": "paid"}),
        "pay",
    ),
    flip(
        "four_eyes",
        "approvals",
        "one reviewer lets it be paid",
        ruling(HOUSEHOLD, "approve"),
        (APPROVED, "CONVENTION FIRST-WINS", "", proposed()),
        (REVIEW, "CONVENTION FIRST-WINS", "", nothing("under_review")),
        "rule",
    ),
    flip(
        "payments_per_contact",
        2,
        "paid twice",
        paying(previous_payments=[PAID_BEFORE, PAID_BEFORE]),
        (REFUSED, "CONVENTION", "", nothing("already_paid")),
        (REFUSED, "CONVENTION", "", nothing("already_paid")),
        "pay",
    ),
)
