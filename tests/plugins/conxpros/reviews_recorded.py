"""Recorded examples of reviews, and of rulings on what the policy left to a person."""

from __future__ import annotations

from collections.abc import Sequence

from tests.plugins.conxpros.examples import (
    CREDIT,
    DENIAL,
    FOR_GOOD,
    PART,
    REVIEW,
    TAKEN_BACK,
    TOO_EARLY,
    TOO_LATE,
    UNASKED,
    Document,
    Example,
    asking,
    at,
    before,
    dead,
    gutters,
    happening,
    unreached,
)
from tests.plugins.conxpros.expected import (
    APPROVED,
    ASKED,
    BLOCKED,
    FOR_EVER,
    INVALID,
    NOT_FINAL,
    PARTLY,
    PERSON,
    RECORDED,
    REFUSED,
    UNCHANGED,
    Said,
    asks,
    cannot_be,
    credited,
    denied,
    faulty,
    stays,
    unmoved,
)

# --- reviews

BY_MANAGER = "a request through the account manager"
NOT_DENIED = "a denied decision"
REVIEWABLE: tuple[tuple[str, list[Document]], ...] = (
    ("denied", [DENIAL]),
    ("denied_late", [TOO_LATE]),
    ("reversed", [CREDIT, TAKEN_BACK]),
)


def appeal(history: Sequence[Document], via: str | None = "account_manager") -> Document:
    """A request for a review."""
    return happening("review_requested", history, via=via)


def reviewed(history: Sequence[Document], result: str | None) -> Document:
    """A decision of a review."""
    return happening("review_decided", history, result=result)


TAKEN_UP: Said = {"state": "under_review", "amount": None, "postings": [], "notify": set()}

APPEALS = (
    *(
        Example(
            f"review: {state}",
            appeal(history),
            RECORDED,
            "REVIEW REVERSAL" if state == "reversed" else "REVIEW",
            "review_requested",
            cites_not="FINAL PARTIAL-DIFF"
            if state == "reversed"
            else "FINAL PARTIAL-DIFF REVERSAL",
            more=TAKEN_UP,
        )
        for state, history in REVIEWABLE
    ),
    *(
        Example(
            f"review not through the manager: {state}",
            appeal(history, "dashboard"),
            BLOCKED,
            "REVIEW",
            "review_requested",
            more=stays(state, BY_MANAGER)
            | {"remedies": {"contact your account manager"}, "resubmittable": True},
        )
        for state, history in (*REVIEWABLE, ("partially_credited", [PART]))
    ),
    Example(
        "review: how it was asked for is unknown",
        appeal([DENIAL], None),
        ASKED,
        "REVIEW",
        "review_requested",
        more=asks("event.via"),
    ),
    Example(
        "review of a partial credit",
        appeal([PART]),
        PERSON,
        "REVIEW PARTIAL-DIFF GENUINE",
        "review_requested",
        more=TAKEN_UP,
    ),
    Example(
        "review of a partial credit, where they are reviewed",
        appeal([PART]),
        RECORDED,
        "REVIEW PARTIAL-DIFF",
        "review_requested",
        {"review_of_partial": "allow"},
        more=TAKEN_UP,
    ),
    Example(
        "review of a partial credit, where they are not",
        appeal([PART]),
        BLOCKED,
        "REVIEW PARTIAL-DIFF",
        "review_requested",
        {"review_of_partial": "refuse"},
        more=stays("partially_credited", NOT_DENIED),
    ),
    *(
        Example(
            f"no review: {state}",
            appeal(history),
            BLOCKED,
            "REVIEW DEN-EARLY-NONCONTACT" if state == "denied_early" else "REVIEW",
            "review_requested",
            cites_not="FINAL",
            more=stays(state, NOT_DENIED),
        )
        for state, history in (
            ("credited", [CREDIT]),
            ("credited_proactively", [UNASKED]),
            ("denied_early", [TOO_EARLY]),
        )
    ),
    Example(
        "no review of what was not decided",
        appeal([]),
        BLOCKED,
        "REVIEW",
        "review_requested",
        more=stays(None, NOT_DENIED),
    ),
    Example(
        "review asked for twice",
        appeal([DENIAL, REVIEW]),
        UNCHANGED,
        "REVIEW",
        "review_requested",
        more=unmoved("under_review", set()),
    ),
    *(
        Example(
            f"no second review: {state}",
            appeal(history),
            BLOCKED,
            "FINAL REVIEW",
            "review_requested",
            more=stays(state, NOT_FINAL),
        )
        for state, history in FOR_EVER
    ),
    cannot_be("review_requested"),
)


def final_credit(amount: str) -> Said:
    """What is said of a credit that a review grants."""
    return credited(amount, "final_approved", notify={"professional:review_decided"})


REVIEWS = (
    *(
        Example(
            f"review approved: {title}",
            reviewed([*history, REVIEW], "approved"),
            APPROVED,
            "FINAL CREDIT-BALANCE REVIEW",
            "review_decided",
            more=final_credit(amount),
        )
        for title, history, amount in (
            ("of a denial, the cost", [DENIAL], "45.00"),
            ("of a late denial, the cost", [TOO_LATE], "45.00"),
            ("of a reversal, what was taken back", [CREDIT, TAKEN_BACK], "45.00"),
            (
                "of the reversal of a part, that part",
                [PART, TAKEN_BACK | {"amount": "15.00"}],
                "15.00",
            ),
            ("of a partial credit, the rest of the cost", [PART], "30.00"),
        )
    ),
    Example(
        "review denied",
        reviewed([DENIAL, REVIEW], "denied"),
        REFUSED,
        "FINAL REVIEW",
        "review_decided",
        cites_not="CREDIT-BALANCE",
        more=denied("final_denied", notify={"professional:review_decided"}),
    ),
    Example(
        "review decided: how is unknown",
        reviewed([DENIAL, REVIEW], None),
        ASKED,
        "FINAL",
        "review_decided",
        more=asks("event.result"),
    ),
    Example(
        "review decided: what a reversal took back is unknown",
        reviewed([CREDIT, {"type": "reversal", "at": TAKEN_BACK["at"]}, REVIEW], "approved"),
        ASKED,
        "FINAL",
        "review_decided",
        more=asks("history[1].amount"),
    ),
    Example(
        "review decided that nobody asked for",
        reviewed([DENIAL], "approved"),
        BLOCKED,
        "REVIEW",
        "review_decided",
        more=stays(None, "a review that was asked for"),
    ),
    *(
        Example(
            f"review decided twice: {state}",
            reviewed(history, "approved"),
            BLOCKED,
            "FINAL REVIEW",
            "review_decided",
            more=stays(state, NOT_FINAL),
        )
        for state, history in FOR_EVER
    ),
    cannot_be("review_decided"),
)


# --- rulings


def ruled(
    facts: Document,
    decision: str | None,
    *,
    by: str | None = "R-1",
    reason: str | None = "The file was read.",
) -> Document:
    """A ruling on a request that the policy left to a person."""
    return {
        **facts,
        "event": {"type": "rule", "at": at("2025-04-14 10:00")},
        "ruling": {"by": by, "decision": decision, "reason": reason},
    }


OPEN = unreached(verified=None)
OPEN_CATEGORY = gutters(task_appropriate_for_category=None)
RULING = {"decision_mode": "ruling"}

RULINGS = (
    Example(
        "ruled: credited",
        ruled(OPEN, "approve"),
        APPROVED,
        "DECISION-EMAIL CREDIT-BALANCE NONCONTACT-VERIFIED CRED-NON-CONTACT",
        "rule",
        more=credited(notify={"professional:decision_accepted"}, **RULING),
    ),
    Example(
        "ruled: credited in part",
        ruled(OPEN_CATEGORY, "approve"),
        PARTLY,
        "DECISION-EMAIL PARTIAL-DIFF DEN-TASK-APPROPRIATE",
        "rule",
        cites_not="CREDIT-BALANCE",
        more=credited(
            "15.00", "partially_credited", notify={"professional:decision_accepted"}, **RULING
        ),
    ),
    Example(
        "ruled: credited in part, at a price nobody knows",
        ruled(gutters(task_appropriate_for_category=None, actual_category_cost=None), "approve"),
        ASKED,
        "DECISION-EMAIL PARTIAL-DIFF",
        "rule",
        more=asks("findings.actual_category_cost"),
    ),
    Example(
        "ruled: denied",
        ruled(OPEN, "refuse"),
        REFUSED,
        "DECISION-EMAIL NONCONTACT-VERIFIED",
        "rule",
        cites_not="CREDIT-BALANCE",
        more=denied(notify={"professional:decision_denied"}, **RULING),
    ),
    Example(
        "ruled: credited, where every ruling needs a second reviewer",
        ruled(OPEN, "approve"),
        "manual_review",
        "DECISION-EMAIL NONCONTACT-VERIFIED GENUINE",
        "rule",
        {"four_eyes": "always"},
        cites_not="CREDIT-BALANCE",
        more=stays("submitted", "the same ruling by another reviewer"),
    ),
    *(
        Example(
            f"ruled: {title}",
            ruled(OPEN, "approve", by=by, reason=reason),
            BLOCKED,
            "DECISION-EMAIL",
            "rule",
            more=stays(None, "a named reviewer and a reason for the ruling"),
        )
        for title, by, reason in (("by nobody", " ", "Read."), ("without a reason", "R-1", " "))
    ),
    Example(
        "ruled: how is unknown",
        ruled(OPEN, None),
        ASKED,
        action="rule",
        more=asks("ruling.decision"),
    ),
    *(
        Example(
            f"ruled on what is settled: {state}",
            ruled(unreached(verified=None) | {"history": history}, "approve"),
            UNCHANGED,
            "CREDIT-BALANCE",
            "rule",
            more=unmoved(state, set()),
        )
        for state, history in (
            ("credited", [CREDIT]),
            ("partially_credited", [PART]),
            ("credited_proactively", [UNASKED]),
            ("final_approved", [DENIAL, REVIEW, FOR_GOOD]),
        )
    ),
    *(
        Example(
            f"ruled on what cannot be: {title}", facts, INVALID, action="rule", more=faulty(*at)
        )
        for title, facts, at in (
            (
                "a ruling before the delivery",
                ruled(OPEN, "approve") | {"event": {"at": at("2025-04-06 10:00")}},
                ("event.at",),
            ),
            (
                "a request before the delivery",
                ruled(dead("2025-04-07 09:00"), "approve"),
                ("request.submitted_at",),
            ),
            (
                "a call before the delivery",
                ruled(unreached(("2025-04-07 09:00",)), "approve"),
                ("findings.calls[0]",),
            ),
            (
                "a message before the delivery",
                ruled(asking("other", messages=[{"at": at("2025-04-06 10:00")}]), "approve"),
                ("findings.messages[0].at",),
            ),
            (
                "a duplicate of a later lead",
                ruled(asking("duplicate", previous_delivery=before("2025-04-08 10:00")), "approve"),
                ("findings.previous_delivery.delivered_at",),
            ),
            (
                "a price in another currency",
                ruled(gutters(actual_category_cost={"amount": "1", "unit": "EUR"}), "approve"),
                ("findings.actual_category_cost.unit",),
            ),
            (
                "a cost in another currency",
                ruled(dead(cost={"amount": "45.00", "unit": "EUR"}), "approve"),
                ("lead.cost.unit",),
            ),
            (
                "an amount there is not",
                ruled(dead(history=[CREDIT | {"amount": "0.001"}]), "approve"),
                ("history[0].amount",),
            ),
        )
    ),
)
