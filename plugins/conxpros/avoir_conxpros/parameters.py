"""The parameters of conXpros's lead credit policy, with their bounds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_
from avoir.parameters import Parameters, calendar, one_of, whole, yes_or_no
from avoir.rulings import LABELS as FOUR_EYES
from avoir.rulings import four_eyes


class WindowCount(StrEnum):
    """How the reporting period is counted (A-CX-01)."""

    DATES = "dates"
    HOURS = "hours"


class LateEvening(StrEnum):
    """What a missing second call after a late delivery leads to (A-CX-05)."""

    REFUSE = "refuse"
    REVIEW = "review"


class NotSpoken(StrEnum):
    """What a claim by hearsay leads to, where nobody spoke with the homeowner (A-CX-22)."""

    REFUSE = "refuse"
    ASK = "ask"


class NegativeDifference(StrEnum):
    """What becomes of a partial credit when the right category costs as much (A-CX-07)."""

    ZERO = "zero"
    REFUSE = "refuse"


class ReviewOfPartial(StrEnum):
    """Whether a partial credit may be reviewed (A-CX-24)."""

    REVIEW = "review"
    REFUSE = "refuse"
    ALLOW = "allow"


class P(Parameters):
    """What an operator may tune."""

    window_days = whole(5, N_("days of the reporting period"), low=0, high=60)
    window_count = one_of(WindowCount.DATES, N_("how the reporting period is counted"))
    first_call_max_minutes = whole(
        60, N_("minutes within which the first call is made"), low=1, high=1440
    )
    day_one_is_delivery_day = yes_or_no(True, N_("the day of delivery is day 1"))
    duplicate_days = whole(30, N_("days of the look-back period"), low=1, high=365)
    duplicate_same_category = yes_or_no(True, N_("a duplicate has the same task category"))
    target_business_days = whole(3, N_("business days aimed at for a decision"), low=1, high=30)
    early_target_business_days = whole(
        2, N_("business days after which a decision may be expected"), low=1, high=30
    )
    calendar = calendar("US", N_("calendar of business days"))
    late_evening_second_call = one_of(
        LateEvening.REFUSE, N_("missing second call after a delivery late in the evening")
    )
    not_spoken = one_of(NotSpoken.REFUSE, N_("claim without having spoken with the homeowner"))
    negative_difference = one_of(
        NegativeDifference.ZERO, N_("partial credit where the right category costs no less")
    )
    review_of_partial = one_of(ReviewOfPartial.REVIEW, N_("review of a partial credit"))
    four_eyes = four_eyes()


LABELS: Final = {
    **FOUR_EYES,
    "dates": N_("calendar days"),
    "hours": N_("blocks of 24 hours"),
    "review": N_("a person decides"),
    "ask": N_("ask for it"),
    "zero": N_("credit of zero"),
    "allow": N_("allow"),
}
