"""Recorded examples of the form, the wait and the window."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import Example, asking, call, under_contract, unreachable
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    BLOCKED,
    CONFIRMED,
    NOT_SAID,
    REFUSED,
    again,
    dated,
    final,
    wants,
)

FORM = (
    Example(
        "a request by the form", under_contract("2025-02-20"), APPROVED, "ALREADY-CONTRACT FORM"
    ),
    Example(
        "an email to the account manager is no request",
        under_contract("2025-02-20", channel="account_manager_email"),
        BLOCKED,
        "FORM ESCALATE-MANAGER",
        cites_not="ALREADY-CONTRACT",
        more={
            "state": "form_required",
            "missing_preconditions": ["the form in the portal"],
            "remedies": {"fill in the credit request form in your portal"},
            "notify": set(),
            "amount": None,
        },
    ),
    Example(
        "without the form nothing else is examined",
        dated("2025-01-03 10:00", "2025-03-12 09:00", channel="telephone"),
        BLOCKED,
        "FORM",
        cites_not="WINDOW-MONTH",
    ),
    Example(
        "the channel is asked for",
        under_contract("2025-02-20", channel=None),
        ASKED,
        "FORM",
        more=wants("request.channel"),
    ),
)

WAIT = (
    *(
        Example(
            f"too early: {title}",
            dated(bought, asked),
            REFUSED,
            "DELAY-MIN STEPS-BEFORE",
            cites_not="ALREADY-CONTRACT REF-3-TOO-SOON",
            more=again(earliest="2025-03-10", latest="2025-04-03", state="refused_premature"),
        )
        for title, bought, asked in (
            ("on the day of the purchase", "2025-03-03 10:00", "2025-03-03 18:00"),
            ("the last second of day 6", "2025-03-03 10:00", "2025-03-09 23:59:59"),
            ("day 6, seven dates apart in UTC", "2025-03-03 00:30", "2025-03-09 23:30"),
        )
    ),
    *(
        Example(
            f"late enough: {title}", dated(bought, asked), APPROVED, "ALREADY-CONTRACT DELAY-MIN"
        )
        for title, bought, asked in (
            ("the first moment of day 7", "2025-03-03 23:59:59", "2025-03-10 00:00"),
            ("day 7, 167 hours later in spring", "2025-03-03 10:00", "2025-03-10 10:00"),
            ("day 7, 169 hours later in autumn", "2025-10-27 10:00", "2025-11-03 10:00"),
            ("day 8", "2025-03-03 10:00", "2025-03-11 10:00"),
        )
    ),
    Example(
        "a request made too early is refused at once, and told when to return",
        dated("2025-03-03 10:00", "2025-03-04 10:00"),
        REFUSED,
        "DELAY-MIN",
        more=again(
            takes_effect="at_once",
            decision_mode=None,
            deadlines={"request_window_opens 2025-03-10", "request_window_closes 2025-04-03"},
            notify={"professional:request_received", "professional:decision"},
            remedies={"ask again on or after 2025-03-10"},
        ),
    ),
    Example(
        "bought last night, one call without an answer",
        unreachable(
            NOT_SAID,
            bought="2025-03-03 20:00",
            asked="2025-03-04 09:00",
            attempts=[call("2025-03-03 20:30")],
        ),
        REFUSED,
        "DELAY-MIN REF-3-TOO-SOON CONTACT-CALLS CONTACT-EMAILS STEPS-BEFORE",
        more=again(earliest="2025-03-10", state="refused_premature"),
    ),
    Example(
        "too early, though all the steps are made",
        unreachable(CONFIRMED, asked="2025-03-09 09:00"),
        REFUSED,
        "DELAY-MIN",
        cites_not="REF-3-TOO-SOON CONTACT-CALLS CONTACT-EMAILS",
        more=again(earliest="2025-03-10"),
    ),
)

LAST_DAYS = (
    ("2025-03-15 10:00", "2025-04-15", "2025-04-16"),
    ("2025-01-31 10:00", "2025-02-28", "2025-03-01"),
    ("2024-01-31 10:00", "2024-02-29", "2024-03-01"),
    ("2025-01-30 23:59", "2025-02-28", "2025-03-01"),
    ("2025-03-31 10:00", "2025-04-30", "2025-05-01"),
    ("2025-02-28 10:00", "2025-03-28", "2025-03-29"),
    ("2024-02-29 10:00", "2024-03-29", "2024-03-30"),
    ("2025-12-31 23:59:59", "2026-01-31", "2026-02-01"),
)
"""Purchase, last day of its request period, and the day after."""

WINDOW = (
    *(
        Example(
            f"bought on {bought[:10]}, asked at the end of {last}",
            dated(bought, f"{last} 23:59:59"),
            APPROVED,
            "ALREADY-CONTRACT WINDOW-MONTH",
        )
        for bought, last, _ in LAST_DAYS
    ),
    *(
        Example(
            f"bought on {bought[:10]}, asked on {after}",
            dated(bought, f"{after} 00:00"),
            REFUSED,
            "WINDOW-MONTH",
            cites_not="ALREADY-CONTRACT DELAY-MIN",
            more=final(
                state="out_of_time", takes_effect="at_once", decision_mode=None, deadlines=set()
            ),
        )
        for bought, _, after in LAST_DAYS
    ),
    Example(
        "too late: what is missing besides is not asked for",
        asking("wrong_contact_details", bought="2025-01-10 10:00"),
        REFUSED,
        "WINDOW-MONTH",
        more={"missing": set()},
    ),
    Example(
        "the purchase is asked for: neither wait nor window can be computed",
        unreachable(CONFIRMED, bought=None),
        ASKED,
        "WINDOW-MONTH DELAY-MIN",
        more=wants("lead.purchased_at"),
    ),
    Example(
        "the purchase is asked for before the account manager is",
        unreachable(NOT_SAID, bought=None),
        ASKED,
        "WINDOW-MONTH DELAY-MIN",
        more=wants("lead.purchased_at"),
    ),
)
