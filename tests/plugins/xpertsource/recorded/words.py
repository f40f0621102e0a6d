"""What is said of decisions: the words that recorded examples have in common."""

from __future__ import annotations

from typing import Any, TypeAlias

from tests.plugins.xpertsource.examples import Document, asking, cad, under_contract

Said: TypeAlias = dict[str, object]
"""Names of a decision’s document, with what is said under them."""

APPROVED, REFUSED, REVIEW = "approved", "refused", "manual_review"
ASKED, INVALID, BLOCKED = "needs_information", "invalid", "blocked"
ATTEMPTS = "request.contact_attempts"
CONFIRMED, DENIED, NOT_SAID = True, False, None
STANDING, RECORDED = "standing", "recorded"


def again(**more: object) -> Said:
    """What is said of a refusal after which the request may be made again."""
    return {"resubmittable": True, "amount": None, "postings": [], **more}


def final(**more: object) -> Said:
    """What is said of a refusal that stays."""
    said: Said = {"resubmittable": False, "earliest": None, "remedies": set(), "state": "refused"}
    return {**said, "amount": None, "postings": [], **more}


def credited(amount: str = "120.00", **more: Any) -> Said:
    """What is said of a credit that is recommended."""
    accounts = {"source": "house:lead_credits", "destination": "professional:balance"}
    return {
        "amount": amount,
        "postings": [{"kind": "lead_credit", **accounts, **cad(amount)}],
        "state": "approved",
        "decision_mode": "recommendation",
        "takes_effect": "on_ruling",
        **more,
    }


REVIEWED: Said = {"state": "under_examination", "amount": None, "postings": []}
"""What is said of a request that a person must decide on."""


COMMITTED = credited(decision_mode="commitment")
"""What is said of a credit that is owed."""


def wants(*paths: str) -> Said:
    """What is said of a request of which facts are missing."""
    return {"missing": set(paths), "state": "awaiting_information", "amount": None, "postings": []}


def faulty(*paths: str) -> Said:
    """What is said of facts that cannot be."""
    return {"errors": set(paths), "state": None, "amount": None, "postings": []}


def dated(bought: str, asked: str, **more: Any) -> Document:
    """A request of which only the days matter: the client had signed with another long before."""
    return under_contract("2020-01-01", bought=bought, asked=asked, **more)


def with_evidence(ground: str | None, **evidence: object) -> Document:
    """A request on a ground, with what is known of it; the client was never called."""
    return asking(ground, evidence=evidence)
