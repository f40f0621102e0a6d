"""The four laws of the journal as unique indexes, and the form its validator demands."""

from __future__ import annotations

from enum import StrEnum

from .documents import Document
from .layouts import (
    COUNT,
    DATE,
    FLAG,
    INSTANT,
    LONG,
    MAPPING,
    NAME,
    TEXT,
    Layout,
    fields,
    listing,
    optional,
    several,
    unique,
)

JOURNAL = "journal"


class Law(StrEnum):
    """A law of the journal; the value is the name of the unique index that keeps it."""

    COMMAND = "a_command_takes_effect_once"
    CASE = "a_case_has_one_history"
    ACCOUNT = "an_account_has_one_history"
    CLAIM = "a_claim_is_made_once"


REFERENCES = "found_by_reference"

_POSTING = fields(
    {
        "kind": TEXT,
        "source": NAME,
        "destination": NAME,
        "amount": LONG,
        "unit": NAME,
        "reverses": optional(TEXT),
    }
)
_ENTRY = fields({"account": NAME, "seq": COUNT, "amount": LONG, "balance": LONG, "unit": NAME})
_DEADLINE = fields(
    {
        "kind": TEXT,
        "date": DATE,
        "ends_at": INSTANT,
        "time_zone": TEXT,
        "clause": TEXT,
        "provisional": FLAG,
    }
)
ACTOR = fields({"id": NAME, "role": TEXT, "name": TEXT})
ORIGIN = fields({"door": TEXT, "address": optional(TEXT)})

_RECORD = fields(
    {
        "_id": {"bsonType": "objectId"},
        "schema": COUNT,
        "tenant": NAME,
        "command": fields({"by": NAME, "key": NAME, "fingerprint": NAME, "answer": MAPPING}),
        "policy": NAME,
        "action": NAME,
        "case": NAME,
        "revision": COUNT,
        "state": TEXT,
        "party": TEXT,
        "facts": MAPPING,
        "decision": MAPPING,
        "recommendation": optional(MAPPING),
        "edition": fields({"hash": TEXT, "policy": TEXT, "version": TEXT, "effective_from": DATE}),
        "postings": {"bsonType": "array", "items": _POSTING},
        "entries": several(_ENTRY),
        "deadlines": {"bsonType": "array", "items": _DEADLINE},
        "notices": {
            "bsonType": "array",
            "items": fields({"kind": TEXT, "to": TEXT, "body": MAPPING}),
        },
        "actor": ACTOR,
        "credential": TEXT,
        "origin": ORIGIN,
        "at": INSTANT,
    },
    also={
        "claims": several(NAME, at_least=1),
        "references": several(NAME, at_least=1),
        "decided_on": MAPPING,
    },
)

# An index over an array does not reject one account twice in one document, nor does the schema.
_ONE_ENTRY_AN_ACCOUNT: Document = {
    "$expr": {"$eq": [{"$size": "$entries"}, {"$size": {"$setUnion": ["$entries.account", []]}}]}
}

LAYOUT = Layout(
    name=JOURNAL,
    validator={"$and": [{"$jsonSchema": _RECORD}, _ONE_ENTRY_AN_ACCOUNT]},
    indexes=(
        unique(Law.COMMAND, ("tenant", 1), ("command.by", 1), ("command.key", 1)),
        unique(Law.CASE, ("tenant", 1), ("case", 1), ("revision", -1)),
        unique(
            Law.ACCOUNT,
            ("tenant", 1),
            ("entries.account", 1),
            ("entries.seq", -1),
            where="entries.account",
        ),
        unique(Law.CLAIM, ("tenant", 1), ("claims", 1), where="claims"),
        listing(REFERENCES, ("tenant", 1), ("references", 1), ("at", -1), where="references"),
    ),
)
