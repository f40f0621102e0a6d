"""Kinds of facts: how a value of each kind is read from a document, and what is refused."""

from .amounts import Amount, Sign
from .kind import FactsError, Fault, Kind, refuse, within
from .lists import LONGEST_LIST, Entry, Item, ListOf, SetOf, entry, kind_of
from .plain import (
    LONGEST_TEXT,
    Choice,
    Date,
    Exact,
    Flag,
    Instant,
    Text,
    Whole,
    ZoneName,
    is_text,
)

__all__ = [
    "LONGEST_LIST",
    "LONGEST_TEXT",
    "Amount",
    "Choice",
    "Date",
    "Entry",
    "Exact",
    "FactsError",
    "Fault",
    "Flag",
    "Instant",
    "Item",
    "Kind",
    "ListOf",
    "SetOf",
    "Sign",
    "Text",
    "Whole",
    "ZoneName",
    "entry",
    "is_text",
    "kind_of",
    "refuse",
    "within",
]
