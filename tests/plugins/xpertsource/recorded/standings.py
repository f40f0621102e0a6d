"""Recorded examples of where a matter stands, and of contacting the account manager."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import Document, Example, at, cad
from tests.plugins.xpertsource.recorded.words import (
    BLOCKED,
    INVALID,
    RECORDED,
    STANDING,
    Said,
    faulty,
)

LEAD = {"id": "L-1", "purchased_at": at("2025-03-03 10:00"), "price_paid": cad("120.00")}
WINDOW = {"request_window_opens 2025-03-10", "request_window_closes 2025-04-03"}


def lead_at(moment: str, **more: object) -> Document:
    """A lead of which no credit was asked, at a moment."""
    return {"time_zone": "America/Toronto", "lead": LEAD, "as_of": at(moment), **more}


def form_at(
    moment: str | None,
    *,
    sent: str = "2025-03-12 09:00",
    channel: str | None = "portal_form",
    answered: str | None = None,
) -> Document:
    """A request at a moment, perhaps answered."""
    return {
        "time_zone": "America/Toronto",
        "request": {"submitted_at": at(sent), "channel": channel},
        "answer_received_at": None if answered is None else at(answered),
        "as_of": None if moment is None else at(moment),
    }


NO_REQUEST: Document = {
    "request": None,
    "answer_received_at": None,
    "as_of": at("2025-03-17 09:00"),
}

OVERDUE: Said = {
    "state": "overdue",
    "allowed_actions": ["contact_account_manager"],
    "notify": {"professional:contact_account_manager"},
    "amount": None,
    "postings": [],
}
EXAMINED: Said = {
    "state": "under_examination",
    "allowed_actions": [],
    "notify": set(),
    "amount": None,
}

DUE_DAYS = (
    ("a week without a holiday", "2025-03-12 09:00", "2025-03-19"),
    ("sent at the last second of a day", "2025-03-12 23:59:59", "2025-03-19"),
    ("sent on a Saturday", "2025-03-15 09:00", "2025-03-21"),
    ("sent on a Sunday", "2025-03-16 09:00", "2025-03-21"),
    ("sent on a Friday", "2025-03-14 09:00", "2025-03-21"),
    ("Good Friday is none, Easter Monday is worked", "2025-04-14 09:00", "2025-04-22"),
    ("the Patriots’ Day", "2025-05-15 09:00", "2025-05-23"),
    ("24 June", "2025-06-20 15:00", "2025-06-30"),
    ("1 July", "2025-06-26 09:00", "2025-07-04"),
    ("24 June and 1 July", "2025-06-23 09:00", "2025-07-02"),
    ("Labour Day", "2025-08-27 09:00", "2025-09-04"),
    ("sent on Labour Day", "2025-09-01 09:00", "2025-09-08"),
    ("30 September is worked", "2025-09-26 09:00", "2025-10-03"),
    ("Thanksgiving", "2025-10-09 09:00", "2025-10-17"),
    ("11 November is worked", "2025-11-07 09:00", "2025-11-14"),
    ("Christmas; 26 December is worked", "2025-12-22 09:00", "2025-12-30"),
    ("New Year; 2 January is worked", "2025-12-29 09:00", "2026-01-06"),
)
"""When a form was sent, and the last day for an answer: the fifth business day in Quebec."""

STANDINGS: tuple[Example, ...] = (
    Example(
        "in the wait",
        lead_at("2025-03-09 23:59:59"),
        STANDING,
        "DELAY-MIN FORM",
        STANDING,
        more={
            "state": "waiting_period",
            "deadlines": WINDOW,
            "allowed_actions": ["request_credit"],
        },
    ),
    Example(
        "the first moment for a request",
        lead_at("2025-03-10 00:00"),
        STANDING,
        "WINDOW-MONTH FORM",
        STANDING,
        more={"state": "claimable", "deadlines": WINDOW, "allowed_actions": ["request_credit"]},
    ),
    Example(
        "the last second for a request",
        lead_at("2025-04-03 23:59:59"),
        STANDING,
        "WINDOW-MONTH",
        STANDING,
        more={"state": "claimable"},
    ),
    Example(
        "after the window",
        lead_at("2025-04-04 00:00"),
        STANDING,
        "WINDOW-MONTH",
        STANDING,
        cites_not="FORM",
        more={"state": "window_closed", "allowed_actions": []},
    ),
    Example(
        "no form was sent",
        NO_REQUEST,
        STANDING,
        "FORM ESCALATE-MANAGER",
        STANDING,
        more={"state": "form_required", "allowed_actions": ["request_credit"], "deadlines": set()},
    ),
    Example(
        "the account manager got an email, long ago",
        form_at("2025-05-12 09:00", channel="account_manager_email"),
        STANDING,
        "FORM ESCALATE-MANAGER",
        STANDING,
        cites_not="RESPONSE-5BD",
        more={"state": "form_required", "notify": set()},
    ),
    Example(
        "on business day 3",
        form_at("2025-03-17 09:00"),
        STANDING,
        "RESPONSE-5BD",
        STANDING,
        cites_not="ESCALATE-MANAGER",
        more={**EXAMINED, "deadlines": {"answer_due 2025-03-19"}},
    ),
    *(
        Example(
            f"the last second for an answer: {title}",
            form_at(f"{due} 23:59:59", sent=sent),
            STANDING,
            "RESPONSE-5BD",
            STANDING,
            cites_not="ESCALATE-MANAGER",
            more={**EXAMINED, "deadlines": {f"answer_due {due}"}},
        )
        for title, sent, due in DUE_DAYS
    ),
    Example(
        "the day after: overdue, though it is a holiday",
        form_at("2025-07-01 00:01", sent="2025-06-20 15:00"),
        STANDING,
        "RESPONSE-5BD ESCALATE-MANAGER",
        STANDING,
        more={**OVERDUE, "deadlines": {"answer_due 2025-06-30"}},
    ),
    Example(
        "months later: silence is neither yes nor no",
        form_at("2025-12-01 09:00"),
        STANDING,
        "RESPONSE-5BD ESCALATE-MANAGER",
        STANDING,
        more=OVERDUE,
    ),
    Example(
        "answered in time",
        form_at("2025-03-25 09:00", answered="2025-03-18 09:00"),
        STANDING,
        "RESPONSE-5BD",
        STANDING,
        cites_not="ESCALATE-MANAGER",
        more=EXAMINED,
    ),
    Example(
        "answered late: overdue until then",
        form_at("2025-03-25 09:00", answered="2025-03-26 09:00"),
        STANDING,
        "RESPONSE-5BD ESCALATE-MANAGER",
        STANDING,
        more=OVERDUE,
    ),
    Example(
        "answered late: not overdue after that",
        form_at("2025-03-26 09:00", answered="2025-03-26 09:00"),
        STANDING,
        "RESPONSE-5BD",
        STANDING,
        more=EXAMINED,
    ),
    Example(
        "credited",
        {**lead_at("2025-03-20 09:00"), "previous_requests": [{"outcome": "approved"}]},
        STANDING,
        "CREDIT-AMOUNT",
        STANDING,
        more={"state": "approved", "allowed_actions": []},
    ),
    Example(
        "a moment that is none",
        {**NO_REQUEST, "as_of": "yesterday"},
        INVALID,
        "",
        STANDING,
        more=faulty("as_of"),
    ),
)


CONTACT = "contact_account_manager"
ESCALATIONS: tuple[Example, ...] = (
    Example(
        "the account manager is told",
        form_at("2025-03-20 00:00"),
        RECORDED,
        "ESCALATE-MANAGER RESPONSE-5BD",
        CONTACT,
        more={"notify": {"manager:contact_account_manager"}, "state": "under_examination"},
    ),
    Example(
        "too early to contact the account manager",
        form_at("2025-03-19 23:59:59"),
        BLOCKED,
        "RESPONSE-5BD ESCALATE-MANAGER",
        CONTACT,
        more={
            "missing_preconditions": ["the end of the time to answer"],
            "earliest": "2025-03-20",
            "notify": set(),
        },
    ),
    Example(
        "too early to contact the account manager: no form was sent",
        NO_REQUEST,
        BLOCKED,
        "FORM ESCALATE-MANAGER",
        CONTACT,
        more={"missing_preconditions": ["the form in the portal"], "notify": set()},
    ),
    Example(
        "an email is no form",
        form_at("2025-05-19 09:00", channel="account_manager_email"),
        BLOCKED,
        "FORM",
        CONTACT,
    ),
    Example(
        "the answer came, late",
        form_at("2025-03-25 09:00", answered="2025-03-24 09:00"),
        BLOCKED,
        "RESPONSE-5BD ESCALATE-MANAGER",
        CONTACT,
        more={"missing_preconditions": ["a request without an answer"], "notify": set()},
    ),
)
