"""The parameters of XpertSource's lead credit conditions, with their bounds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_
from avoir.parameters import Parameters, calendar, one_of, share, some_of, whole, yes_or_no
from avoir.rulings import LABELS as FOUR_EYES
from avoir.rulings import four_eyes
from avoir_xpertsource.facts import Ground


class WaitCount(StrEnum):
    """How the waiting period is counted (A-XS-01)."""

    DATES = "dates"
    HOURS = "hours"


class WindowMode(StrEnum):
    """How the request period is counted (A-XS-02)."""

    ROLLING_MONTH = "rolling_month"
    CALENDAR_MONTH = "calendar_month"


class Cured(StrEnum):
    """Which missing steps the manager's confirmation makes up for (A-XS-05)."""

    VOICEMAILS = "voicemails"
    EMAILS = "emails"


class ContractReference(StrEnum):
    """By when another contract must have been signed (A-XS-08)."""

    PURCHASE = "purchase"
    FIRST_CONTACT = "first_contact"
    ANY = "any"


class BankRefund(StrEnum):
    """What becomes of a request for money (A-XS-22)."""

    GRANT_AS_CREDIT = "grant_as_credit"
    REFUSE = "refuse"


class P(Parameters):
    """What an operator may tune."""

    min_wait_days = whole(7, N_("days to wait after the purchase"), low=0, high=60)
    wait_count = one_of(WaitCount.DATES, N_("how the wait is counted"))
    window_mode = one_of(WindowMode.ROLLING_MONTH, N_("how the request period is counted"))
    window_months = whole(1, N_("months of the request period"), low=1, high=12)
    min_calls = whole(4, N_("calls required"), low=0, high=20)
    min_voicemails = whole(2, N_("voicemail messages required"), low=0, high=20)
    min_emails = whole(2, N_("emails required"), low=0, high=20)
    email_proof_required = yes_or_no(True, N_("emails need proof"))
    contact_steps_grounds = some_of(
        Ground, frozenset({Ground.UNREACHABLE}), N_("grounds that need the contact steps")
    )
    manager_confirmation_required = yes_or_no(True, N_("account manager must confirm"))
    manager_confirmation_cures = some_of(
        Cured,
        frozenset({Cured.VOICEMAILS, Cured.EMAILS}),
        N_("steps that the account manager’s confirmation makes up for"),
    )
    undisclosed_min_items = whole(1, N_("concealed items required"), low=1, high=4)
    contract_reference = one_of(
        ContractReference.PURCHASE, N_("by when the other contract was signed")
    )
    bank_refund_request = one_of(
        BankRefund.GRANT_AS_CREDIT, N_("what becomes of a request for money")
    )
    credit_includes_taxes = yes_or_no(True, N_("credit includes taxes"))
    response_business_days = whole(5, N_("business days to answer"), low=1, high=30)
    calendar = calendar("CA-QC", N_("calendar of business days"))
    auto_refuse_inadmissible = yes_or_no(True, N_("inadmissible requests are refused at once"))
    auto_approve = yes_or_no(False, N_("recommended credits are granted at once"))
    four_eyes = four_eyes()
    conversion_benchmark = share("0.20", N_("benchmark of conversion"))


LABELS: Final = {
    **FOUR_EYES,
    "dates": N_("calendar days"),
    "hours": N_("blocks of 24 hours"),
    "rolling_month": N_("from the purchase, by months"),
    "calendar_month": N_("to the end of the calendar month"),
    "voicemails": N_("voicemail messages"),
    "emails": N_("emails"),
    "purchase": N_("by the purchase of the lead"),
    "first_contact": N_("by the first attempt to reach the client"),
    "any": N_("at any time"),
    "grant_as_credit": N_("granted as a credit"),
}
