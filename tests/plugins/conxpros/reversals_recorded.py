"""Recorded examples of credits that are contradicted and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from tests.plugins.conxpros.examples import (
    CREDIT,
    DENIAL,
    TAKEN_BACK,
    Document,
    Example,
    at,
    happening,
    past,
    usd,
)
from tests.plugins.conxpros.expected import (
    ASKED,
    BLOCKED,
    CREDITS,
    FOR_EVER,
    NO_CREDIT,
    NOT_FINAL,
    PERSON,
    REVERSED,
    UNCHANGED,
    Said,
    asks,
    cannot_be,
    stays,
    unmoved,
)

THEIR_WORD = "information from the homeowner that contradicts the credit"


def told(source: str | None, history: Sequence[Document]) -> Document:
    """Information that contradicts a credit."""
    return happening("contradicting_information", history, source=source)


def taken_back(
    history: Sequence[Document], source: str | None = "homeowner", **more: object
) -> Document:
    """A decision to take a credit back."""
    basis = {"basis": "contradicting_information", "by": "conxpros", **more}
    return happening("reversal_decided", history, source=source, **basis)


CONTRADICTIONS = (
    *(
        Example(
            f"the homeowner contradicts: {state}",
            told("homeowner", history),
            PERSON,
            "REVERSAL",
            "contradicting_information",
            more=unmoved(state, set()),
        )
        for state, history, _ in CREDITS
    ),
    *(
        Example(
            f"a competitor contradicts: {state}",
            told("competitor", history),
            UNCHANGED,
            "REVERSAL",
            "contradicting_information",
            more=unmoved(state, set()),
        )
        for state, history, _ in CREDITS
    ),
    *(
        Example(
            f"contradicted too late: {state}",
            told("homeowner", history),
            BLOCKED,
            "FINAL REVERSAL",
            "contradicting_information",
            more=stays(state, NOT_FINAL),
        )
        for state, history in FOR_EVER
    ),
    Example(
        "contradicted: nothing was credited",
        told(None, [DENIAL]),
        BLOCKED,
        "REVERSAL",
        "contradicting_information",
        more=stays(None, NO_CREDIT),
    ),
    Example(
        "contradicted: who said so is unknown",
        told(None, [CREDIT]),
        ASKED,
        "REVERSAL",
        "contradicting_information",
        more=asks("event.source"),
    ),
    cannot_be("contradicting_information"),
)


def reversed_by(amount: str) -> Said:
    """What is said of a credit that is taken back."""
    return {
        "amount": amount,
        "postings": [f"credit_reversal professional:balance house:lead_revenue {amount}"],
        "state": "reversed",
        "notify": {"professional:reversed"},
        "allowed_actions": ["review_requested"],
    }


REVERSALS = (
    *(
        Example(
            f"taken back: {state}",
            taken_back(history),
            REVERSED,
            "REVERSAL",
            "reversal_decided",
            cites_not="FINAL",
            more=reversed_by(amount),
        )
        for state, history, amount in CREDITS
    ),
    Example(
        "taken back: more than the balance holds",
        taken_back([CREDIT]) | {"professional": {"balance": usd("-5.00")}},
        REVERSED,
        "REVERSAL",
        "reversal_decided",
        more=reversed_by("45.00"),
    ),
    Example(
        "taken back: without a word on the cost",
        taken_back([CREDIT]) | {"lead": {"delivered_at": at("2025-04-07 10:00")}},
        REVERSED,
        "REVERSAL",
        "reversal_decided",
        more=reversed_by("45.00"),
    ),
    Example(
        "taken back: an amount nobody knows",
        taken_back([past("decision", result="approved")]),
        ASKED,
        "REVERSAL",
        "reversal_decided",
        more=asks("history[0].amount"),
    ),
    *(
        Example(
            f"not taken back, on the word of a competitor: {state}",
            taken_back(history, "competitor"),
            BLOCKED,
            "REVERSAL",
            "reversal_decided",
            more=stays(state, THEIR_WORD),
        )
        for state, history, _ in CREDITS
    ),
    Example(
        "not taken back on another basis",
        taken_back([CREDIT], basis="other"),
        BLOCKED,
        "REVERSAL",
        "reversal_decided",
        more=stays("credited", THEIR_WORD),
    ),
    Example(
        "taken back: on whose word is unknown",
        taken_back([CREDIT], None),
        ASKED,
        "REVERSAL",
        "reversal_decided",
        more=asks("event.source"),
    ),
    Example(
        "taken back before",
        taken_back([CREDIT, TAKEN_BACK]),
        UNCHANGED,
        "REVERSAL",
        "reversal_decided",
        more=unmoved("reversed", set()),
    ),
    Example(
        "nothing to take back",
        taken_back([DENIAL]),
        BLOCKED,
        "REVERSAL",
        "reversal_decided",
        more=stays(None, NO_CREDIT),
    ),
    *(
        Example(
            f"not taken back for ever: {state}",
            taken_back(history),
            BLOCKED,
            "FINAL REVERSAL",
            "reversal_decided",
            more=stays(state, NOT_FINAL),
        )
        for state, history in FOR_EVER
    ),
    cannot_be("reversal_decided"),
)
