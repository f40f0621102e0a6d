"""The record: what one decided command did, as one immutable document."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Final, cast

import msgspec
from msgspec.structs import asdict

from .documents import JSON, Document, builtins, moment, plain, storable
from .errors import NotStorable, Unreadable

SCHEMA = 1
"""The version of the record's form that this code writes, and the newest that it reads."""

HOUSE = "house:"
"""The prefix of the business's own accounts: they stand in postings, never in entries."""


ON_AN_ACCOUNT = "account:"
"""The prefix of the matters of one action on an account: they are no cases to list."""


MAY_BE_ABSENT: Final = ("claims", "references", "decided_on")
"""What is left out where it is empty: a unique index takes a missing array for null."""

DECIDED: Final = ("outcome", "takes_effect", "amount", "clauses")
"""What later actions on a case go by of its earlier decisions."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, by whom, under which idempotency key, and what was answered."""

    by: str
    key: str
    fingerprint: str
    answer: dict[str, JSON]


class EditionPin(msgspec.Struct, frozen=True, kw_only=True):
    """The edition that made the decision."""

    hash: str
    policy: str
    version: str
    effective_from: date


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """An amount, in the smallest unit, moved from a source to a destination account."""

    kind: str
    source: str
    destination: str
    amount: int
    unit: str
    reverses: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The net change of one party account, in the smallest unit, and its balance after it."""

    account: str
    seq: int
    amount: int
    balance: int
    unit: str


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A day by which something is due, the instant at which it ends, and the clause behind it."""

    kind: str
    date: date
    ends_at: datetime
    time_zone: str
    clause: str
    provisional: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message due to a party or a role."""

    kind: str
    to: str
    body: dict[str, JSON]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acted, and in which role."""

    id: str
    role: str
    name: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The door through which the command came, and the address it came from."""

    door: str
    address: str | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One decided command and everything it did; refusals are records too.

    ``facts`` are those that the case has since; ``decided_on`` those of an act that left it as it
    was, where they are others.
    """

    tenant: str
    command: Command
    policy: str
    action: str
    case: str
    revision: int
    state: str
    party: str
    facts: dict[str, JSON]
    decision: dict[str, JSON]
    edition: EditionPin
    actor: Actor
    credential: str
    origin: Origin
    at: datetime
    recommendation: dict[str, JSON] | None = None
    decided_on: dict[str, JSON] | None = None
    postings: tuple[Posting, ...] = ()
    entries: tuple[Entry, ...] = ()
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    notices: tuple[Notice, ...] = ()
    schema: int = SCHEMA


def to_json(record: Record) -> dict[str, JSON]:
    """The record as plain JSON, instants in UTC; what is empty and may be absent is left out.

    Raises `NotStorable` where two entries name one account, or one of the house.
    """
    _check(record)
    at = moment(record.at, "at")
    document = cast(dict[str, JSON], builtins(msgspec.structs.replace(record, at=at)))
    document["deadlines"] = [
        cast(JSON, builtins(msgspec.structs.replace(deadline, ends_at=ends_at)))
        for deadline, ends_at in _ends(record)
    ]
    for name in MAY_BE_ABSENT:
        if not document[name]:
            del document[name]
    return document


def to_document(record: Record) -> Document:
    """The record as the journal stores it: 64-bit integers, instants as dates.

    Raises `NotStorable` for a float, a key or a text that may not be stored, with its path.
    """
    _check(record)
    document = asdict(record)
    for name in ("command", "actor", "origin"):
        document[name] = asdict(document[name])
    for name in ("postings", "entries", "notices"):
        document[name] = [asdict(one) for one in document[name]]
    document["edition"] = _dated(record.edition, "effective_from")
    document["deadlines"] = [_dated(deadline, "date") for deadline in record.deadlines]
    for name in MAY_BE_ABSENT:
        if not document[name]:
            del document[name]
    return cast(Document, storable(document))


def _dated(part: EditionPin | Deadline, name: str) -> Document:
    """A part as a document, in which a day is a text: the store knows instants only."""
    document = asdict(part)
    document[name] = document[name].isoformat()
    return document


def from_document(document: Document) -> Record:
    """The record that a stored document holds. Raises `Unreadable`."""
    identity = str(document.get("_id"))
    schema = document.get("schema")
    if not isinstance(schema, int) or schema > SCHEMA:
        raise Unreadable("journal", identity, f"its form {schema} is newer than {SCHEMA}")
    fields = {name: plain(value) for name, value in document.items() if name != "_id"}
    try:
        return msgspec.convert(fields, Record)
    except msgspec.ValidationError as error:
        raise Unreadable("journal", identity, str(error)) from error


def canonical(record: Record) -> bytes:
    """The bytes of the record that its digest is taken of: JSON with its keys in order."""
    document = to_json(record)
    storable(document)
    return msgspec.json.encode(document, order="deterministic")


def digest(record: Record) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return sha256(canonical(record)).hexdigest()


def slim(record: Record) -> Record:
    """The record without what no later action on its case goes by: a tenth of it."""
    return msgspec.structs.replace(
        record,
        decision={name: record.decision[name] for name in DECIDED if name in record.decision},
        recommendation=None,
        decided_on=None,
        entries=(),
        deadlines=(),
        notices=(),
    )


def _ends(record: Record) -> list[tuple[Deadline, datetime]]:
    return [
        (deadline, moment(deadline.ends_at, f"deadlines[{number}].ends_at"))
        for number, deadline in enumerate(record.deadlines)
    ]


def _check(record: Record) -> None:
    """What no unique index sees: it does not reject a value twice within one document."""
    seen: set[str] = set()
    for number, entry in enumerate(record.entries):
        path = f"entries[{number}].account"
        if entry.account.startswith(HOUSE):
            raise NotStorable(path, "the house's side stands in the postings only")
        if entry.account in seen:
            raise NotStorable(path, f"{entry.account!r} stands in two entries of one record")
        seen.add(entry.account)
    for name, values in (("claims", record.claims), ("references", record.references)):
        if len(set(values)) != len(values):
            raise NotStorable(name, "one value stands twice")
