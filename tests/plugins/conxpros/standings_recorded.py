"""Recorded examples of where a lead stands at a moment."""

from __future__ import annotations

from tests.plugins.conxpros.examples import (
    CREDIT,
    DENIAL,
    DENIED_FOR_GOOD,
    DISCONNECTED,
    FOR_GOOD,
    PART,
    REVIEW,
    TAKEN_BACK,
    TOO_EARLY,
    TOO_LATE,
    UNASKED,
    Document,
    Example,
    at,
    lead,
)
from tests.plugins.conxpros.expected import ASKED, STANDING, Said


def standing(state: str, cites: str, facts: Document, *due: str, title: str = "") -> Example:
    """Where a lead stands."""
    more: Said = {"state": state, "deadlines": set(due), "amount": None, "postings": []}
    return Example(title or f"stands: {state}", facts, STANDING, cites, STANDING, more=more)


def waiting(as_of: str, submitted: str = "2025-07-02 10:00", **others: object) -> Document:
    """A request that nobody has decided on, at a moment."""
    return {
        "time_zone": "America/New_York",
        "lead": lead("2025-07-01 10:00"),
        "request": {"submitted_at": at(submitted), "notes": DISCONNECTED},
        "as_of": at(as_of),
        **others,
    }


AIMS = ("decision_early 2025-07-07", "decision_target 2025-07-08")

STANDINGS = (
    standing(
        "delivered",
        "WINDOW-5D",
        {"lead": lead(), "as_of": at("2025-04-08 10:00")},
        "request_window_closes 2025-04-12",
        "non_contact_opens 2025-04-09",
    ),
    standing(
        "submitted",
        "ACK-EMAIL DECISION-3BD",
        waiting("2025-07-08 23:59:59"),
        *AIMS,
        title="the last second of the aim",
    ),
    standing(
        "submitted_overdue",
        "DECISION-3BD",
        waiting("2025-07-09 00:00"),
        *AIMS,
        title="the aim is missed, and nothing follows",
    ),
    standing(
        "credited",
        "CREDIT-BALANCE",
        waiting("2025-08-01 10:00", decision="approved"),
        title="decided in a word",
    ),
    *(
        standing(state, cites, {"lead": lead(), "history": history}, *due)
        for state, cites, history, due in (
            ("credited", "CREDIT-BALANCE", [CREDIT], ()),
            ("partially_credited", "PARTIAL-DIFF", [PART], ()),
            ("credited_proactively", "PRO-NOTIFY", [UNASKED], ()),
            ("denied", "REVIEW", [DENIAL], ()),
            ("denied_late", "DEN-LATE REVIEW", [TOO_LATE], ()),
            (
                "denied_early",
                "DEN-EARLY-NONCONTACT",
                [TOO_EARLY],
                ("request_window_closes 2025-04-12", "non_contact_opens 2025-04-09"),
            ),
            ("reversed", "REVERSAL REVIEW", [CREDIT, TAKEN_BACK], ()),
            ("under_review", "REVIEW", [DENIAL, REVIEW], ()),
            ("final_approved", "FINAL", [DENIAL, REVIEW, FOR_GOOD], ()),
            ("final_denied", "FINAL", [DENIAL, REVIEW, DENIED_FOR_GOOD], ()),
        )
    ),
    standing(
        "reversed",
        "REVERSAL",
        {"lead": lead(), "history": [TAKEN_BACK, CREDIT]},
        title="a history that is told out of order",
    ),
    Example("nothing known", {}, ASKED, action=STANDING),
)
