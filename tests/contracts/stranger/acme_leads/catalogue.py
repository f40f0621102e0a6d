"""Every clause of Acme's terms, once: a stable id, where it stands, and our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document("acme-1", "Returning a lead", "en", "GB")

WINDOW = clause(
    "ACME-WINDOW",
    TERMS.lines(3),
    N_("A lead may be returned while the return period that begins with its delivery is open."),
)
CALLS = clause(
    "ACME-CALLS",
    TERMS.lines(4),
    N_("Before you return a lead as unreachable, call the client as often as the terms ask."),
)
UNREACHABLE = clause(
    "ACME-UNREACHABLE",
    TERMS.lines(4),
    N_("A lead whose client answered none of your calls is taken back."),
)
WRONG_NUMBER = clause(
    "ACME-WRONG-NUMBER",
    TERMS.lines(5),
    N_("A lead whose phone number does not work is taken back, however often you called."),
)
AMOUNT = clause(
    "ACME-AMOUNT",
    TERMS.lines(6),
    N_("You get the price back in tokens, less the handling fee."),
)
ONCE = clause(
    "ACME-ONCE",
    TERMS.lines(6),
    N_("A lead is taken back only once."),
)
NO_SALE = clause(
    "ACME-NO-SALE",
    TERMS.lines(7),
    N_("A lead that led to no sale is no reason for a return by itself."),
)
PERSON = clause(
    "ACME-PERSON",
    TERMS.lines(8),
    N_("Where something has to be looked into, somebody at Acme decides."),
)

CATALOGUE: Final = (WINDOW, CALLS, UNREACHABLE, WRONG_NUMBER, AMOUNT, ONCE, NO_SALE, PERSON)
