"""Recorded examples of rulings: a person confirms a recommendation, or replaces it."""

from __future__ import annotations

from typing import Any

from tests.plugins.xpertsource.examples import (
    CALLS,
    Example,
    asking,
    at,
    ruled,
    under_contract,
    unreachable,
)
from tests.plugins.xpertsource.recorded.amounts import IMPOSSIBLE_FACTS
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    BLOCKED,
    CONFIRMED,
    INVALID,
    NOT_SAID,
    REFUSED,
    REVIEW,
    Said,
    credited,
    faulty,
)

APPROVE, REFUSE = "approve", "refuse"
RULED: dict[str, Any] = {
    "decision_mode": "ruling",
    "takes_effect": "at_once",
    "notify": {"professional:decision"},
}
OWED = under_contract("2025-02-20")
TO_REFUSE = asking("lead_shared")
TO_REVIEW = unreachable(NOT_SAID)
EARLY = unreachable(CONFIRMED, asked="2025-03-05 09:00", attempts=CALLS[:1])
INCOMPLETE = unreachable(CONFIRMED, attempts=CALLS[:2])
LATE = unreachable(CONFIRMED, asked="2025-05-12 09:00")
BY_HAND = {"auto_refuse_inadmissible": False}


def refused(**more: object) -> Said:
    """What is said of a credit that a ruling refuses."""
    return {**RULED, "state": "refused", "amount": None, "postings": [], **more}


def asked_of_the_reviewer(*paths: str) -> Said:
    """What is said of a ruling that says too little; the matter stays where it is."""
    return {"missing": set(paths), "state": None, "amount": None, "postings": []}


SECOND_LOOK: Said = {"state": "under_examination", "amount": None, "postings": [], "notify": set()}

RULINGS: tuple[Example, ...] = (
    Example(
        "confirms a credit",
        ruled(unreachable(CONFIRMED), APPROVE),
        APPROVED,
        "DISCRETION CREDIT-AMOUNT APP-1-UNREACHABLE CONTACT-CALLS",
        "rule",
        more=credited(**RULED),
    ),
    Example(
        "confirms a refusal",
        ruled(TO_REFUSE, REFUSE),
        REFUSED,
        "DISCRETION REF-4-SHARED",
        "rule",
        more=refused(),
    ),
    Example(
        "grants what should be refused: the record keeps both",
        ruled(TO_REFUSE, APPROVE),
        APPROVED,
        "DISCRETION CREDIT-AMOUNT REF-4-SHARED",
        "rule",
        more=credited(**RULED),
    ),
    Example(
        "refuses what should be granted: the record keeps both",
        ruled(unreachable(CONFIRMED), REFUSE),
        REFUSED,
        "DISCRETION APP-1-UNREACHABLE",
        "rule",
        more=refused(),
    ),
    Example(
        "grants what only a person may decide",
        ruled(TO_REVIEW, APPROVE),
        APPROVED,
        "DISCRETION CREDIT-AMOUNT APP-1-UNREACHABLE",
        "rule",
        more=credited(**RULED),
    ),
    Example(
        "refuses what only a person may decide",
        ruled(TO_REVIEW, REFUSE),
        REFUSED,
        "DISCRETION APP-1-UNREACHABLE",
        "rule",
        more=refused(),
    ),
    Example(
        "keeps a commitment",
        ruled(OWED, APPROVE),
        APPROVED,
        "DISCRETION CREDIT-AMOUNT ALREADY-CONTRACT",
        "rule",
        more=credited(**RULED),
    ),
    Example(
        "refuses a commitment: somebody else looks again",
        ruled(OWED, REFUSE),
        REVIEW,
        "ALREADY-CONTRACT DISCRETION",
        "rule",
        more=SECOND_LOOK,
    ),
    Example(
        "refuses a commitment twice: it is still the same reviewer",
        ruled(OWED, REFUSE, before=[("R-1", REFUSE)]),
        REVIEW,
        "ALREADY-CONTRACT DISCRETION",
        "rule",
        more=SECOND_LOOK,
    ),
    Example(
        "refuses a commitment that another refused before",
        ruled(OWED, REFUSE, by="R-2", before=[("R-1", REFUSE)]),
        REFUSED,
        "DISCRETION ALREADY-CONTRACT",
        "rule",
        more=refused(),
    ),
    Example(
        "keeps a commitment that another refused",
        ruled(OWED, APPROVE, by="R-2", before=[("R-1", REFUSE)]),
        APPROVED,
        "DISCRETION ALREADY-CONTRACT",
        "rule",
        more=credited(**RULED),
    ),
    Example(
        "refuses a commitment that another would have kept",
        ruled(OWED, REFUSE, by="R-2", before=[("R-1", APPROVE)]),
        REVIEW,
        "ALREADY-CONTRACT DISCRETION",
        "rule",
        more=SECOND_LOOK,
    ),
    Example(
        "grants, where every ruling needs a second reviewer",
        ruled(TO_REFUSE, APPROVE),
        REVIEW,
        "DISCRETION REF-4-SHARED",
        "rule",
        {"four_eyes": "always"},
        more={**SECOND_LOOK, "missing_preconditions": ["the same ruling by another reviewer"]},
    ),
    Example(
        "refuses for the window what would else be a commitment",
        ruled(under_contract("2025-01-02", bought="2025-01-10 10:00"), REFUSE),
        REFUSED,
        "DISCRETION WINDOW-MONTH",
        "rule",
        BY_HAND,
        more=refused(),
    ),
    Example(
        "a ruling without a reason",
        ruled(unreachable(CONFIRMED), APPROVE, reason=None),
        ASKED,
        "DISCRETION",
        "rule",
        more=asked_of_the_reviewer("ruling.reason"),
    ),
    Example(
        "a ruling with an empty reason",
        ruled(unreachable(CONFIRMED), APPROVE, reason=" \n"),
        BLOCKED,
        "DISCRETION",
        "rule",
        more={"missing_preconditions": ["a named reviewer and a reason for the ruling"]},
    ),
    Example(
        "a ruling by nobody",
        ruled(unreachable(CONFIRMED), APPROVE, by=None),
        ASKED,
        "DISCRETION",
        "rule",
        more=asked_of_the_reviewer("ruling.by"),
    ),
    Example(
        "no ruling",
        unreachable(CONFIRMED),
        ASKED,
        "DISCRETION",
        "rule",
        more=asked_of_the_reviewer("ruling.by", "ruling.decision", "ruling.reason"),
    ),
    Example(
        "neither yes nor no",
        ruled(unreachable(CONFIRMED), "perhaps"),
        INVALID,
        "",
        "rule",
        more=faulty("ruling.decision"),
    ),
    Example(
        "grants a second credit for one lead",
        {
            **ruled(unreachable(CONFIRMED), APPROVE),
            "previous_requests": [{"submitted_at": at("2025-03-10 10:00"), "outcome": "approved"}],
        },
        REFUSED,
        "CREDIT-AMOUNT",
        "rule",
        more={"state": "already_credited", "amount": None, "postings": []},
    ),
    Example(
        "grants a credit that nobody asked for by the form",
        ruled(unreachable(CONFIRMED, channel="account_manager_email"), APPROVE),
        BLOCKED,
        "FORM ESCALATE-MANAGER",
        "rule",
        more={"state": "form_required", "amount": None, "postings": []},
    ),
    Example(
        "grants a credit of a price that is not known",
        ruled(unreachable(CONFIRMED, price={"amount": None, "unit": None}), APPROVE),
        ASKED,
        "DISCRETION CREDIT-AMOUNT",
        "rule",
        more=asked_of_the_reviewer("lead.price_paid"),
    ),
    *(
        Example(
            f"confirms a refusal without prejudice: {title}",
            ruled(facts, REFUSE),
            REFUSED,
            f"DISCRETION {cites}",
            "rule",
            BY_HAND,
            more=refused(state=state, resubmittable=True),
        )
        for title, facts, cites, state in (
            ("too early", EARLY, "DELAY-MIN REF-3-TOO-SOON", "refused_premature"),
            ("too few calls", INCOMPLETE, "CONTACT-CALLS", "refused_incomplete_steps"),
        )
    ),
    *(
        Example(
            f"is lenient: {title}",
            ruled(facts, APPROVE),
            APPROVED,
            f"DISCRETION CREDIT-AMOUNT {cites}",
            "rule",
            BY_HAND,
            more=credited(**RULED),
        )
        for title, facts, cites in (
            ("too early", EARLY, "DELAY-MIN"),
            ("too few calls", INCOMPLETE, "CONTACT-CALLS"),
            ("too late", LATE, "WINDOW-MONTH"),
        )
    ),
    *(
        Example(
            f"rules on what cannot be: {example.title}",
            ruled(example.facts, APPROVE),
            INVALID,
            example.cites,
            "rule",
            more=example.more,
        )
        for example in IMPOSSIBLE_FACTS
    ),
)
