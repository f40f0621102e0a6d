"""The parameters of Cronoshare's terms, with their bounds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_
from avoir.parameters import Parameters, calendar, one_of, whole, yes_or_no
from avoir.periods import Week
from avoir.rulings import LABELS as FOUR_EYES
from avoir.rulings import four_eyes


class Recovery(StrEnum):
    """When an advance is paid back (A-CS-07)."""

    NONE = "none"
    ON_REFUND = "on_refund"
    ON_TOPUP = "on_topup"


class NoAnswerClock(StrEnum):
    """From when a client's silence is counted (A-CS-05)."""

    SECOND_CHANNEL = "second_channel"
    FIRST_ATTEMPT = "first_attempt"


class WindowUnit(StrEnum):
    """In which days the refund period is counted (A-CS-01)."""

    BUSINESS = "business"
    CALENDAR = "calendar"


class WindowStart(StrEnum):
    """From when the refund period runs (A-CS-02)."""

    PURCHASE = "purchase"
    EVENT = "event"


class BankRefund(StrEnum):
    """What becomes of a request for a bank transfer (A-CS-17)."""

    REFUSE = "refuse"
    GRANT_IN_CRONOS = "grant_in_cronos"


class P(Parameters):
    """What an operator may tune."""

    management_fee = whole(20, N_("management fee, in cronos"), low=0, high=1_000)
    advance_enabled = yes_or_no(True, N_("missing cronos are advanced"))
    default_advance_limit = whole(
        100, N_("limit of advances, where none is set"), low=0, high=100_000
    )
    advance_recovery = one_of(Recovery.NONE, N_("when advances are paid back"))
    no_answer_min_days = whole(2, N_("days without an answer"), low=0, high=30)
    no_answer_clock = one_of(
        NoAnswerClock.SECOND_CHANNEL, N_("from when a client’s silence is counted")
    )
    window_days = whole(60, N_("days of the refund period"), low=1, high=365)
    window_unit = one_of(WindowUnit.BUSINESS, N_("days in which the refund period is counted"))
    window_start = one_of(WindowStart.PURCHASE, N_("start of the refund period"))
    calendar = calendar("FR", N_("calendar of business days"))
    week = one_of(Week.MONDAY_TO_FRIDAY, N_("week of business days"))
    warning_days = whole(5, N_("days of warning before the period ends"), low=0, high=60)
    bank_refund_request = one_of(
        BankRefund.REFUSE, N_("what becomes of a request for a bank transfer")
    )
    four_eyes = four_eyes()


LABELS: Final = {
    **FOUR_EYES,
    "none": N_("never by itself"),
    "on_refund": N_("out of refunds"),
    "on_topup": N_("out of amounts paid in"),
    "second_channel": N_("from the day both channels were tried"),
    "first_attempt": N_("from the first attempt"),
    "business": N_("business days"),
    "calendar": N_("calendar days"),
    "purchase": N_("the purchase of the contact"),
    "event": N_("the moment the case arose"),
    "mon_fri": N_("Monday to Friday"),
    "mon_sat": N_("Monday to Saturday"),
    "refuse": N_("refused, cronos offered"),
    "grant_in_cronos": N_("granted in cronos"),
}
