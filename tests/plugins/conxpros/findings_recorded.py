"""Recorded examples of what conXpros does unasked: deliveries, findings of its team."""

from __future__ import annotations

from collections.abc import Sequence

from tests.plugins.conxpros.examples import (
    CREDIT,
    DENIAL,
    DENIED_FOR_GOOD,
    FOR_GOOD,
    PART,
    REVIEW,
    UNASKED,
    Document,
    Example,
    at,
    before,
    happening,
    lead,
    usd,
)
from tests.plugins.conxpros.expected import (
    APPROVED,
    ASKED,
    BLOCKED,
    INVALID,
    RECORDED,
    UNCHANGED,
    Said,
    asks,
    cannot_be,
    faulty,
    stays,
)


def found(finding: str | None, history: Sequence[Document] = (), **others: object) -> Document:
    """A finding of the verification team, twenty days after the delivery."""
    return happening("verification_finding", history, finding=finding, **others)


def unasked(clause: str, facts: Document, title: str) -> Example:
    """A finding that is credited without a request."""
    posting = "proactive_lead_credit house:lead_revenue professional:balance 45.00"
    said = {
        "amount": "45.00",
        "postings": [posting],
        "state": "credited_proactively",
        "notify": {"professional:proactive_credit"},
        "deadlines": set(),
    }
    cites = f"{clause} PRO-NOTIFY CREDIT-BALANCE"
    return Example(title, facts, APPROVED, cites, "verification_finding", more=said)


def only_on_request(clause: str, facts: Document, title: str, state: str | None = None) -> Example:
    """A finding that brings nothing by itself."""
    more: Said = {"state": state, "postings": [], "notify": set()}
    not_cited = "PRO-CONTACT-INFO PRO-BAD-PHONE PRO-NO-REQUEST PRO-JOB-SEEKER PRO-TESTING"
    return Example(
        title, facts, UNCHANGED, clause, "verification_finding", cites_not=not_cited, more=more
    )


FINDINGS = (
    *(
        unasked(clause, found(finding), f"found: {finding}")
        for finding, clause in (
            ("invalid_contact_information", "PRO-CONTACT-INFO"),
            ("non_working_phone", "PRO-BAD-PHONE"),
            ("denies_request", "PRO-NO-REQUEST"),
            ("seeking_employment", "PRO-JOB-SEEKER"),
            ("testing_solicitation", "PRO-TESTING"),
        )
    ),
    unasked(
        "PRO-BAD-PHONE",
        found("non_working_phone") | {"request": {"submitted_at": at("2025-04-09 10:00")}},
        "found: while a request waits",
    ),
    *(
        only_on_request(clause, found(finding), f"found: {finding}, credited on request only")
        for finding, clause in (
            ("wrong_category", "CRED-WRONG-CATEGORY"),
            ("wrong_location", "CRED-WRONG-LOCATION"),
            ("not_authorized", "CRED-NOT-AUTHORIZED"),
            ("already_hired", "CRED-ALREADY-HIRED"),
            ("misleading_ad", "CRED-MISLEADING-AD"),
            ("do_not_call", "CRED-DNC"),
            ("non_contact", "CRED-NON-CONTACT"),
        )
    ),
    unasked(
        "PRO-DUPLICATE",
        found("duplicate", previous_delivered_at=at("2025-03-20 10:00")),
        "found: a duplicate",
    ),
    unasked(
        "PRO-DUPLICATE",
        found("duplicate", previous_delivered_at=at("2025-03-08 00:00")),
        "found: a duplicate after thirty days",
    ),
    unasked(
        "PRO-DUPLICATE",
        found("duplicate") | {"findings": {"previous_delivery": before()}},
        "found: a duplicate on record",
    ),
    only_on_request(
        "PRO-DUPLICATE CRED-DUPLICATE",
        found("duplicate", previous_delivered_at=at("2025-03-07 23:59:59")),
        "found: a duplicate after thirty-one days",
    ),
    *(
        only_on_request(
            "PRO-DUPLICATE",
            found("duplicate", previous_delivered_at=at("2025-03-20 10:00"))
            | {"findings": {"previous_delivery": wrong}},
            f"found: a duplicate, but {title}",
        )
        for title, wrong in (
            ("of another category", {"category": "gutters"}),
            ("delivered to another", {"to_same_professional": False}),
            ("delivered by another company", {"by": "other_lead_company"}),
        )
    ),
    Example(
        "found: a duplicate of which day is unknown",
        found("duplicate"),
        ASKED,
        "PRO-DUPLICATE",
        "verification_finding",
        more=asks("event.previous_delivered_at"),
    ),
    Example(
        "found: what is unknown",
        found(None),
        ASKED,
        action="verification_finding",
        more=asks("event.finding"),
    ),
    Example(
        "found: what the lead cost is unknown",
        found("non_working_phone") | {"lead": lead(cost=None)},
        ASKED,
        "PRO-BAD-PHONE CREDIT-BALANCE",
        "verification_finding",
        more=asks("lead.cost"),
    ),
    Example(
        "found: a duplicate of a later delivery",
        found("duplicate", previous_delivered_at=at("2025-04-08 10:00")),
        INVALID,
        "PRO-DUPLICATE",
        "verification_finding",
        more=faulty("event.previous_delivered_at"),
    ),
    *(
        only_on_request(clause, found("non_working_phone", history), f"found after: {state}", state)
        for state, clause, history in (
            ("credited", "PRO-NOTIFY", [CREDIT]),
            ("partially_credited", "PRO-NOTIFY", [PART]),
            ("credited_proactively", "PRO-NOTIFY", [UNASKED]),
            ("final_approved", "PRO-NOTIFY", [DENIAL, REVIEW, FOR_GOOD]),
        )
    ),
    Example(
        "found after: final_denied",
        found("non_working_phone", [DENIAL, REVIEW, DENIED_FOR_GOOD]),
        BLOCKED,
        "FINAL",
        "verification_finding",
        more=stays("final_denied", "a decision that no review has made final"),
    ),
    cannot_be("verification_finding"),
)


DELIVERIES = (
    Example(
        "delivered",
        {"time_zone": "America/New_York", "lead": lead()},
        RECORDED,
        action="deliver",
        more={
            "amount": "45.00",
            "postings": ["lead_delivery professional:balance house:lead_revenue 45.00"],
            "state": "delivered",
            "deadlines": {"request_window_closes 2025-04-12", "non_contact_opens 2025-04-09"},
            "allowed_actions": ["request_credit"],
            "clauses": [],
        },
    ),
    Example(
        "delivered: at no cost that anybody knows",
        {"lead": lead(cost=None)},
        ASKED,
        action="deliver",
        more={"missing": {"lead.cost"}},
    ),
    Example(
        "delivered: in another currency",
        {"lead": lead(cost={"amount": "45.00", "unit": "EUR"})},
        INVALID,
        "CREDIT-BALANCE",
        "deliver",
        more=faulty("lead.cost.unit"),
    ),
    Example(
        "paid in",
        {"top_up": usd("200.00")},
        RECORDED,
        action="top_up",
        more={
            "amount": "200.00",
            "postings": ["top_up house:top_ups professional:balance 200.00"],
            "state": None,
        },
    ),
    Example(
        "paid in: in another currency",
        {"top_up": {"amount": "200.00", "unit": "EUR"}},
        INVALID,
        action="top_up",
        more=faulty("top_up.unit"),
    ),
)
