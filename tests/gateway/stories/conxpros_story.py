"""The life of a lead at conXpros: paid in, delivered, credited, taken back, reviewed for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tests.gateway.stories.people import Town, Tree

COST: Final = Decimal("45.00")
PAID_IN: Final = Decimal("100.00")
BALANCE: Final = "professional:P-1:balance"


def usd(amount: Decimal) -> Mapping[str, str]:
    """An amount in US dollars, as an input takes it."""
    return {"amount": str(amount), "unit": "USD"}


@dataclass(frozen=True)
class Step:
    """One act of the story, at a moment, and what it must come to."""

    at: str
    who: str
    action: str
    outcome: str
    state: str | None
    clauses: frozenset[str]
    balance: Decimal
    credited: Decimal
    """What of the price has been given back after it, net."""
    input: Mapping[str, Any] = field(default_factory=dict)
    notices: frozenset[str] = frozenset()

    @property
    def mutation(self) -> str:
        """The name of its mutation."""
        words = [word.capitalize() for word in self.action.split("_")]
        return f"conxprosLeadCredit{''.join(words)}"

    @property
    def is_on_the_case(self) -> bool:
        """Whether it acts on the case that the delivery opened."""
        return self.action not in ("top_up", "deliver")


NOTHING: Final = Decimal("0.00")
STEPS: Final = (
    Step(
        "2025-04-01T09:00:00-04:00",
        "platform",
        "top_up",
        "RECORDED",
        None,
        frozenset(),
        PAID_IN,
        NOTHING,
        {"professionalId": "P-1", "topUp": usd(PAID_IN)},
    ),
    Step(
        "2025-04-07T10:00:00-04:00",
        "platform",
        "deliver",
        "RECORDED",
        "delivered",
        frozenset(),
        PAID_IN - COST,
        NOTHING,
        {
            "professionalId": "P-1",
            "lead": {
                "id": "L-1",
                "deliveredAt": "2025-04-07T10:00:00-04:00",
                "cost": usd(COST),
                "category": "roofing",
                "submittedZip": "10001",
            },
        },
    ),
    Step(
        "2025-04-09T12:00:00-04:00",
        "professional",
        "request_credit",
        "APPROVED",
        "credited",
        frozenset({"CX-CRED-BAD-PHONE", "CX-CREDIT-BALANCE", "CX-DECISION-EMAIL"}),
        PAID_IN,
        COST,
        {
            "request": {
                "channel": "DASHBOARD",
                "reason": "NON_WORKING_PHONE",
                "notes": "The number is disconnected.",
            },
            "findings": {"phoneWorking": False},
        },
        frozenset({"request_received", "decision_accepted"}),
    ),
    Step(
        "2025-04-15T10:00:00-04:00",
        "reviewer",
        "contradicting_information",
        "MANUAL_REVIEW",
        "credited",
        frozenset({"CX-REVERSAL"}),
        PAID_IN,
        COST,
        {"event": {"source": "HOMEOWNER"}},
    ),
    Step(
        "2025-04-16T10:00:00-04:00",
        "reviewer",
        "reversal_decided",
        "REVERSED",
        "reversed",
        frozenset({"CX-REVERSAL"}),
        PAID_IN - COST,
        NOTHING,
        {"event": {"source": "HOMEOWNER", "basis": "CONTRADICTING_INFORMATION"}},
        frozenset({"reversed"}),
    ),
    Step(
        "2025-04-17T10:00:00-04:00",
        "professional",
        "review_requested",
        "RECORDED",
        "under_review",
        frozenset({"CX-REVIEW", "CX-REVERSAL"}),
        PAID_IN - COST,
        NOTHING,
        {"event": {"via": "ACCOUNT_MANAGER"}},
    ),
    Step(
        "2025-04-18T10:00:00-04:00",
        "manager",
        "review_decided",
        "APPROVED",
        "final_approved",
        frozenset({"CX-FINAL", "CX-REVIEW", "CX-CREDIT-BALANCE"}),
        PAID_IN,
        COST,
        {"event": {"result": "APPROVED"}},
        frozenset({"review_decided"}),
    ),
)


class Story:
    """The story as it goes in one town; it remembers the case between its steps."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.case: str | None = None

    def input(self, step: Step) -> Tree:
        """The input of a step: its facts, its case, and a key that is its own."""
        on = {"case": self.case} if step.is_on_the_case else {}
        return {"idempotencyKey": f"story-{step.action}", **on, **step.input}

    def take(self, step: Step) -> Tree:
        """Take a step at its moment; gives what was answered."""
        self.town.stand_at(step.at)
        payload = self.town[step.who].done(step.mutation, **self.input(step))
        if payload["case"] is not None:
            self.case = payload["case"]["id"]
        return payload
