"""What examples say of a decision: credits, denials, questions, acts that change nothing."""

from __future__ import annotations

from typing import Any

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
    happening,
    lead,
)

Said = dict[str, object]
APPROVED, PARTLY, REFUSED, PERSON = "approved", "partly_approved", "refused", "manual_review"
ASKED, INVALID, BLOCKED, UNCHANGED = "needs_information", "invalid", "blocked", "unchanged"

RECEIVED = "professional:request_received"
TOLD_NO = {RECEIVED, "professional:decision_denied"}
TOLD_YES = {RECEIVED, "professional:decision_accepted"}
AIM = {"decision_target 2025-04-14", "decision_early 2025-04-11"}
"""Three business days after Wednesday 9 April, and two."""


def credited(amount: str = "45.00", state: str = "credited", **more: object) -> Said:
    """What is said of a credit."""
    posting = f"lead_credit house:lead_revenue professional:balance {amount}"
    said: Said = {"postings": [posting], "notify": TOLD_YES, "missing": set()}
    return {"amount": amount, "state": state, **said, **more}


def denied(state: str = "denied", **more: object) -> Said:
    """What is said of a denial that stays until it is reviewed."""
    said: Said = {"amount": None, "postings": [], "notify": TOLD_NO, "resubmittable": False}
    return {"state": state, "remedies": set(), **said, **more}


def wants(*paths: str) -> Said:
    """What is said of a request of which facts are missing."""
    said: Said = {
        "state": "awaiting_information",
        "amount": None,
        "postings": [],
        "notify": {RECEIVED},
    }
    return {"missing": set(paths), **said}


def to_a_person(**more: object) -> Said:
    """What is said of a request that a person must decide on."""
    return {"state": "submitted", "amount": None, "postings": [], "notify": {RECEIVED}, **more}


def faulty(*paths: str) -> Said:
    """What is said of facts that cannot be."""
    return {"errors": set(paths), "state": None, "amount": None, "postings": []}


def unmoved(state: str, notify: object = frozenset(TOLD_NO), **more: object) -> Said:
    """What is said where nothing changes."""
    return {"state": state, "amount": None, "postings": [], "notify": notify, **more}


RECORDED, REVERSED, STANDING = "recorded", "reversed", "standing"


def stays(state: str | None, *wanting: str) -> Said:
    """What is said where an act changes nothing."""
    if state is None:
        return {"state": None, "missing_preconditions": list(wanting), "postings": []}
    return unmoved(state, set(), missing_preconditions=list(wanting))


def asks(*paths: str) -> Said:
    """What is said of an act of which facts are missing."""
    return {"missing": set(paths), "state": None, "amount": None, "postings": [], "notify": set()}


NO_CREDIT = "a credit that was granted"
NOT_FINAL = "a decision that no review has made final"
CREDITS: tuple[tuple[str, list[Document], str], ...] = (
    ("credited", [CREDIT], "45.00"),
    ("partially_credited", [PART], "15.00"),
    ("credited_proactively", [UNASKED], "45.00"),
)
"""The credits that may be taken back: the state, the history, and what was credited."""
FOR_EVER: tuple[tuple[str, list[Document]], ...] = (
    ("final_approved", [DENIAL, REVIEW, FOR_GOOD]),
    ("final_denied", [DENIAL, REVIEW, DENIED_FOR_GOOD]),
)
"""What a review has made final: the state, and the history."""


def cannot_be(kind: str) -> Example:
    """An event before the delivery, after an amount there is not, of a lead in another currency."""
    facts = happening(kind, [CREDIT | {"amount": "0.001"}])
    facts["lead"] = lead("2025-04-30 10:00", cost={"amount": "45.00", "unit": "EUR"})
    wrong = faulty("event.at", "history[0].amount", "lead.cost.unit")
    return Example(f"cannot be: {kind}", facts, INVALID, "CREDIT-BALANCE", kind, more=wrong)


FAILS = "DEN-REASON-MISMATCH {}"


def fails(title: str, clause: str, facts: Document, **more: Any) -> Example:
    """A ground that is claimed and does not hold: denied, and the claim is named."""
    return Example(title, facts, REFUSED, FAILS.format(clause), more=denied(), **more)


def holds(title: str, clause: str, facts: Document) -> Example:
    """A ground that holds: the full cost."""
    cites = f"{clause} CREDIT-BALANCE DECISION-EMAIL"
    return Example(title, facts, APPROVED, cites, more=credited(), cites_not="DEN-REASON-MISMATCH")


def lacks(title: str, clause: str, facts: Document, *paths: str) -> Example:
    """A ground that is claimed of which facts are missing."""
    return Example(title, facts, ASKED, clause, more=wants(*paths))
