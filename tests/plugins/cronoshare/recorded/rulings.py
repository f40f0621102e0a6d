"""Recorded examples of rulings: a reviewer settles a refund that waits for a person."""

from __future__ import annotations

from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    APPROVED,
    BLOCKED,
    REFUSED,
    Document,
    Example,
    account,
    acting,
    back,
    nothing,
    wants,
)
from tests.plugins.cronoshare.recorded.refunds import ON_REFUND


def ruling(
    decision: str | None, *, waits: bool | None = True, reason: str = "Seen.", **more: Any
) -> Document:
    """The facts of a ruling."""
    facts = acting("rule", **more)
    contact = {**facts["contact"], "awaits_ruling": waits}
    stated = {"by": "r-1", "decision": decision, "reason": reason}
    return {**facts, "contact": contact, "ruling": stated}


RULINGS: Final = (
    Example(
        "a reviewer grants the refund",
        ruling("approve"),
        APPROVED,
        "NOT-CHOSEN COMMISSION-ONLY FEE-20",
        action="rule",
        more=back(),
    ),
    Example(
        "a reviewer grants the refund: an advance is paid back out of it",
        ruling("approve", professional=account(0, 30)),
        APPROVED,
        "NOT-CHOSEN ADVANCE COMMISSION-ONLY FEE-20",
        action="rule",
        parameters=ON_REFUND,
        more=back(recovered=30),
    ),
    Example(
        "a reviewer refuses the refund",
        ruling("refuse"),
        REFUSED,
        "NOT-CHOSEN",
        action="rule",
        more=nothing(),
    ),
    Example(
        "a reviewer grants the refund, and every ruling needs a second reviewer",
        ruling("approve"),
        "manual_review",
        "NOT-CHOSEN MANUAL",
        action="rule",
        parameters={"four_eyes": "always"},
        more=nothing(missing_preconditions=["the same ruling by another reviewer"]),
    ),
    Example(
        "a ruling on nothing that waits",
        ruling("approve", waits=False),
        BLOCKED,
        "NOT-CHOSEN",
        action="rule",
    ),
    Example(
        "a ruling, and whether anything waits is not known",
        ruling("approve", waits=None),
        "needs_information",
        "NOT-CHOSEN",
        action="rule",
        more=wants("contact.awaits_ruling"),
    ),
    Example(
        "a ruling without a reason",
        ruling("refuse", reason=""),
        BLOCKED,
        "MANUAL",
        action="rule",
    ),
    Example(
        "a ruling that does not say how",
        ruling(None),
        "needs_information",
        "NOT-CHOSEN",
        action="rule",
        more=wants("ruling.decision"),
    ),
)
