"""Recorded examples of parameters: the same facts under the default and under another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.plugins.examples import Flip
from tests.plugins.xpertsource.examples import (
    Example,
    asking,
    cad,
    call,
    ruled,
    under_contract,
    unreachable,
)
from tests.plugins.xpertsource.recorded.acts import converted
from tests.plugins.xpertsource.recorded.standings import form_at
from tests.plugins.xpertsource.recorded.steps import (
    CALL_AGAIN,
    LEAVE_ONE,
    ONE_EMAIL,
    ONE_VOICEMAIL,
    SEND_ONE,
    THREE_CALLS,
    proofs,
)
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    COMMITTED,
    CONFIRMED,
    DENIED,
    NOT_SAID,
    REFUSED,
    REVIEW,
    STANDING,
    again,
    credited,
    dated,
    final,
    wants,
    with_evidence,
)

APP_1, CALLS_DUE, EMAILS_DUE = "APP-1-UNREACHABLE", "CONTACT-CALLS", "CONTACT-EMAILS"
CONTRACT = "ALREADY-CONTRACT"


def flip(
    parameter: str,
    value: object,
    title: str,
    facts: Mapping[str, Any],
    before: tuple[str, str, Mapping[str, object]],
    after: tuple[str, str, Mapping[str, object]],
    action: str = "request_credit",
) -> Flip:
    """Facts, and what comes of them before and after: outcome, clauses, and what else is said."""
    (outcome, cites, more), (other, citing, said) = before, after
    return Flip(
        parameter,
        value,
        Example(title, facts, outcome, cites, action, more=more),
        Example(title, facts, other, citing, action, {parameter: value}, more=said),
    )


BANK = {**unreachable(), "requested_remedy": "bank_refund"}
ONE_ITEM = with_evidence(
    "not_transparent",
    openly_not_transparent=True,
    undisclosed=["credit_history"],
    project_impossible=True,
)
TAXED = {
    **unreachable(price=cad("114.98")),
    "tax_breakdown": {"net": "100.00", "gst": "5.00", "qst": "9.98"},
}
WRONG = with_evidence("wrong_contact_details", phone_valid=False, email_valid=False)
SIGNED_LATER = under_contract("2025-03-04", attempts=[call("2025-03-05 10:00")])
LATE = dated("2025-01-10 10:00", "2025-03-12 09:00")
FOUR_OF_25 = {"report": "conversion", "leads_purchased": 25, "leads_converted": 4}
RECEIVED, DECIDED = "professional:request_received", "professional:decision"

FLIPS: tuple[Flip, ...] = (
    flip(
        "min_wait_days",
        9,
        "on day 8",
        dated("2025-03-03 10:00", "2025-03-11 23:59"),
        (APPROVED, CONTRACT, {}),
        (REFUSED, "DELAY-MIN", again(earliest="2025-03-12")),
    ),
    flip(
        "wait_count",
        "hours",
        "a second short of 168 hours",
        dated("2025-03-03 10:00", "2025-03-10 10:59:59"),
        (APPROVED, CONTRACT, {}),
        (REFUSED, "DELAY-MIN", again(earliest="2025-03-10T11:00:00-04:00")),
    ),
    flip(
        "wait_count",
        "hours",
        "168 hours",
        dated("2025-03-03 10:00", "2025-03-10 11:00"),
        (APPROVED, CONTRACT, {}),
        (APPROVED, f"{CONTRACT} DELAY-MIN", {}),
    ),
    flip(
        "window_mode",
        "calendar_month",
        "on the first day of the next month",
        dated("2025-03-15 10:00", "2025-04-01 00:00"),
        (APPROVED, CONTRACT, {}),
        (REFUSED, "WINDOW-MONTH", final(state="out_of_time")),
    ),
    flip(
        "window_mode",
        "calendar_month",
        "on the last day of the month",
        dated("2025-03-15 10:00", "2025-03-31 23:59:59"),
        (APPROVED, CONTRACT, {}),
        (APPROVED, f"{CONTRACT} WINDOW-MONTH", {}),
    ),
    flip(
        "window_months",
        2,
        "two months after 31 January",
        dated("2025-01-31 10:00", "2025-03-31 23:59"),
        (REFUSED, "WINDOW-MONTH", {}),
        (APPROVED, CONTRACT, {}),
    ),
    flip(
        "min_calls",
        3,
        "three calls",
        unreachable(attempts=THREE_CALLS),
        (REFUSED, CALLS_DUE, {}),
        (APPROVED, APP_1, {}),
    ),
    flip(
        "min_calls",
        5,
        "four calls",
        unreachable(),
        (APPROVED, APP_1, {}),
        (REFUSED, CALLS_DUE, again(remedies={CALL_AGAIN})),
    ),
    flip(
        "min_voicemails",
        1,
        "one voicemail message, denied",
        unreachable(DENIED, attempts=ONE_VOICEMAIL),
        (REFUSED, CALLS_DUE, again()),
        (REFUSED, APP_1, final()),
    ),
    flip(
        "min_emails",
        1,
        "one email, denied",
        unreachable(DENIED, attempts=ONE_EMAIL),
        (REFUSED, EMAILS_DUE, again()),
        (REFUSED, APP_1, final()),
    ),
    flip(
        "email_proof_required",
        False,
        "no proof",
        unreachable(attempts=proofs(False, None)),
        (ASKED, EMAILS_DUE, {}),
        (APPROVED, APP_1, {}),
    ),
    flip(
        "contact_steps_grounds",
        ["unreachable", "wrong_contact_details"],
        "wrong details, no attempt",
        WRONG,
        (APPROVED, "APP-2-WRONG-CONTACT", {}),
        (REFUSED, f"{CALLS_DUE} {EMAILS_DUE} STEPS-BEFORE", again()),
    ),
    flip(
        "contact_steps_grounds",
        [],
        "no attempt",
        unreachable(attempts=[]),
        (REFUSED, CALLS_DUE, {}),
        (APPROVED, APP_1, {}),
    ),
    flip(
        "manager_confirmation_required",
        False,
        "not confirmed yet",
        unreachable(NOT_SAID),
        (REVIEW, APP_1, {}),
        (APPROVED, APP_1, credited()),
    ),
    flip(
        "manager_confirmation_required",
        False,
        "denied",
        unreachable(DENIED),
        (REFUSED, APP_1, {}),
        (REFUSED, APP_1, final()),
    ),
    flip(
        "manager_confirmation_cures",
        ["emails"],
        "one voicemail message",
        unreachable(attempts=ONE_VOICEMAIL),
        (APPROVED, APP_1, {}),
        (REFUSED, CALLS_DUE, again(remedies={LEAVE_ONE})),
    ),
    flip(
        "manager_confirmation_cures",
        ["voicemails"],
        "one email",
        unreachable(attempts=ONE_EMAIL),
        (APPROVED, APP_1, {}),
        (REFUSED, EMAILS_DUE, again(remedies={SEND_ONE})),
    ),
    flip(
        "undisclosed_min_items",
        2,
        "one item concealed",
        ONE_ITEM,
        (APPROVED, "APP-4-NOT-TRANSPARENT", {}),
        (REFUSED, "NO-CREDIT-CHECK CLIENT-GOODWILL", final()),
    ),
    flip(
        "contract_reference",
        "first_contact",
        "signed after the purchase, before the first call",
        SIGNED_LATER,
        (REVIEW, f"{CONTRACT} REF-4-SHARED", {}),
        (APPROVED, CONTRACT, COMMITTED),
    ),
    flip(
        "contract_reference",
        "any",
        "signed on the day of the request",
        under_contract("2025-03-12"),
        (REVIEW, CONTRACT, {}),
        (APPROVED, CONTRACT, COMMITTED),
    ),
    flip(
        "bank_refund_request",
        "refuse",
        "money asked for",
        BANK,
        (APPROVED, f"{APP_1} CREDIT-NOT-REFUND", credited()),
        (REFUSED, "CREDIT-NOT-REFUND", again()),
    ),
    flip(
        "credit_includes_taxes",
        False,
        "a price with taxes",
        TAXED,
        (APPROVED, APP_1, credited("114.98")),
        (APPROVED, f"{APP_1} CREDIT-AMOUNT", credited("100.00")),
    ),
    flip(
        "credit_includes_taxes",
        False,
        "taxes that nobody knows",
        unreachable(),
        (APPROVED, APP_1, {}),
        (ASKED, f"{APP_1} CREDIT-AMOUNT", wants("tax_breakdown.net")),
    ),
    flip(
        "response_business_days",
        2,
        "on business day 3",
        form_at("2025-03-17 09:00"),
        (STANDING, "RESPONSE-5BD", {"state": "under_examination"}),
        (STANDING, "RESPONSE-5BD ESCALATE-MANAGER", {"state": "overdue"}),
        STANDING,
    ),
    flip(
        "calendar",
        "FR",
        "24 June",
        form_at("2025-06-25 09:00", sent="2025-06-20 15:00"),
        (STANDING, "RESPONSE-5BD", {"deadlines": {"answer_due 2025-06-30"}}),
        (STANDING, "RESPONSE-5BD", {"deadlines": {"answer_due 2025-06-27"}}),
        STANDING,
    ),
    flip(
        "auto_refuse_inadmissible",
        False,
        "too late",
        LATE,
        (REFUSED, "WINDOW-MONTH", {"takes_effect": "at_once", "notify": {RECEIVED, DECIDED}}),
        (REFUSED, "WINDOW-MONTH", {"takes_effect": "on_ruling", "notify": {RECEIVED}}),
    ),
    flip(
        "auto_approve",
        True,
        "all the steps made",
        unreachable(),
        (APPROVED, APP_1, credited(notify={RECEIVED})),
        (APPROVED, APP_1, credited(takes_effect="at_once", notify={RECEIVED, DECIDED})),
    ),
    flip(
        "auto_approve",
        True,
        "a refusal waits for a person",
        asking("no_sale"),
        (REFUSED, "NO-AUTO-CREDIT", final(takes_effect="on_ruling")),
        (REFUSED, "NO-AUTO-CREDIT", final(takes_effect="on_ruling")),
    ),
    flip(
        "four_eyes",
        "approvals",
        "one reviewer grants",
        ruled(unreachable(CONFIRMED), "approve"),
        (
            APPROVED,
            "DISCRETION APP-1-UNREACHABLE",
            credited(decision_mode="ruling", takes_effect="at_once"),
        ),
        (REVIEW, "DISCRETION APP-1-UNREACHABLE", {"state": "under_examination", "postings": []}),
        "rule",
    ),
    flip(
        "conversion_benchmark",
        "0.16",
        "4 of 25 leads",
        FOUR_OF_25,
        (STANDING, "CONVERSION-1IN5", converted("0.16", "below_benchmark")),
        (STANDING, "CONVERSION-1IN5", converted("0.16", "at_benchmark", "0.16")),
        "report",
    ),
)
