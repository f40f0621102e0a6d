"""Audit: who did what to a tenant's matters and to its configuration, and whether it still says so.

The trail is the tenant's records, of decisions and of changes, in the order of its chain.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, cast

import msgspec
from bson.objectid import ObjectId

from avoir.messages import N_, Message, Value
from avoir.periods import zone
from avoir_gateway import store
from avoir_gateway.access import Permission, Principal
from avoir_gateway.administration.recording import demand
from avoir_gateway.errors import Code, fault
from avoir_gateway.service import Service
from avoir_gateway.store import JSON, Broken, Source
from avoir_gateway.store.documents import Document

DECISION_CHANGED = N_(
    "Block {block}: case {case}, revision {revision} (record {record} of the journal) was changed "
    "since it was sealed."
)
ORDER_CHANGED = N_(
    "Block {block}: {action} of {subject} (record {record} of the administration) was changed "
    "since it was sealed."
)
FIELDS = N_("Changed or put in: {fields}.")
FIELDS_GONE = N_("Taken out: {fields}.")
FIELDS_UNTOLD = N_("A field was taken out, or the fields stand in another order.")
MISSING = N_("Block {block}: record {record} ({source}) is missing.")
DECISION_UNSEALED = N_(
    "No block holds case {case}, revision {revision} (record {record} of the journal), "
    "though what is of its time is sealed."
)
ORDER_UNSEALED = N_(
    "No block holds {action} of {subject} (record {record} of the administration), "
    "though what is of its time is sealed."
)
BLOCK_CHANGED = N_("Block {block} was changed since it was made.")
BLOCK_MISSING = N_("Block {block} is missing.")
BLOCKS_MISSING = N_("Blocks {block} to {last} are missing.")
OUT_OF_PLACE = N_("Block {block} does not follow the block before it.")
HEAD_GONE = N_("The chain does not hold the block {block} that was kept elsewhere.")

UNTOLD: Final = "?"
_HEAD: Final = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did: of a case its policy, id and revision; what was before, and what is since.

    ``block`` is the number of the block that holds it, None before it is sealed. The case of an
    action on an account is None.
    """

    source: Source
    record: str
    at: datetime
    action: str
    subject: str
    policy: str | None
    case: str | None
    revision: int | None
    actor: store.Actor
    credential: str
    origin: store.Origin
    before: JSON
    after: JSON
    block: int | None


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail; whether there may be more of it, and behind which record."""

    deeds: tuple[Deed, ...]
    more: bool
    last: str | None


async def trail(
    service: Service,
    actor: Principal,
    tenant: store.Tenant,
    which: store.TrailFilter,
    *,
    after: str | None = None,
    first: int = 20,
) -> Trail:
    """The trail of a tenant behind a record, the latest first.

    What a filter lets through rarely may take several pages to be found: a page may hold fewer
    than asked, or none, and still say that there may be more. Raises ``GatewayError``.
    """
    demand(actor, tenant, Permission.READ_AUDIT)
    behind = None if after is None else _record(after)
    page = await service.stores.trails.page(tenant.id, which, behind, first)
    if page is None:
        raise fault(Code.BAD_CURSOR)
    earlier = await service.stores.trails.revisions(
        tenant.id, [at for row in page.rows for at in _revision_before(row)]
    )
    deeds = tuple(_deed(row, earlier) for row in page.rows)
    return Trail(deeds, page.more, None if page.last is None else str(page.last))


async def head(service: Service, actor: Principal, tenant: store.Tenant) -> store.Head | None:
    """The last block of the tenant's chain, None before there is one. Raises ``GatewayError``."""
    demand(actor, tenant, Permission.READ_AUDIT)
    return await service.stores.trails.head(tenant.id)


def verification(
    service: Service,
    actor: Principal,
    tenant: store.Tenant,
    kept: store.Kept | None = None,
    progress: store.Progress = lambda done, of: None,
) -> store.Verification:
    """The verification of the tenant's chain; nothing is read yet. Raises ``GatewayError``."""
    demand(actor, tenant, Permission.READ_AUDIT)
    return service.stores.verifier.verify(tenant.id, kept, progress)


async def export(service: Service, actor: Principal, tenant: store.Tenant) -> AsyncIterator[bytes]:
    """Everything that is recorded of a tenant as lines of JSON, the oldest first.

    A record that is gone is null. Raises ``GatewayError``.
    """
    demand(actor, tenant, Permission.READ_AUDIT)
    async for row in service.stores.trails.every(tenant.id):
        line = {
            "source": row.source.value,
            "id": str(row.record),
            "block": row.block,
            "digest": row.digest,
            "record": as_json(row.values) or None,
        }
        yield msgspec.json.encode(line) + b"\n"


def kept(text: str) -> store.Kept | None:
    """A block as NUMBER:HASH; None where it is not written so."""
    found = _HEAD.fullmatch(text)
    return None if found is None else store.Kept(int(found[1]), found[2])


def named(block: store.Head) -> str:
    """A block as NUMBER:HASH."""
    return f"{block.number}:{block.hash}"


def day_begins(day: date, time_zone: str) -> datetime:
    """The instant at which a day begins in a time zone."""
    return datetime.combine(day, time(), zone(time_zone)).astimezone(UTC)


def said(finding: store.Finding) -> Sequence[Message]:
    """A finding in words, of a record that was changed with what of it."""
    values: dict[str, Value] = {
        "block": str(finding.block),
        "last": str(finding.last_block),
        "source": finding.source or UNTOLD,
        "record": finding.record or UNTOLD,
        "case": finding.case or UNTOLD,
        "revision": UNTOLD if finding.revision is None else str(finding.revision),
        "action": finding.action or UNTOLD,
        "subject": finding.subject or UNTOLD,
    }
    text = _texts(finding)
    message = Message(text, values=values)
    if finding.kind is not Broken.RECORD_CHANGED:
        return (message,)
    what = []
    if finding.fields:
        what.append(Message(FIELDS, values={"fields": ", ".join(finding.fields)}))
    if finding.removed:
        what.append(Message(FIELDS_GONE, values={"fields": ", ".join(finding.removed)}))
    return message, *(what or [Message(FIELDS_UNTOLD)])


def _texts(finding: store.Finding) -> str:
    is_decision = finding.source is not Source.ADMINISTRATION
    match finding.kind:
        case Broken.RECORD_CHANGED:
            return DECISION_CHANGED if is_decision else ORDER_CHANGED
        case Broken.RECORD_MISSING:
            return MISSING
        case Broken.RECORD_UNSEALED:
            return DECISION_UNSEALED if is_decision else ORDER_UNSEALED
        case Broken.BLOCK_CHANGED:
            return BLOCK_CHANGED
        case Broken.BLOCK_MISSING:
            return BLOCK_MISSING if finding.block == finding.last_block else BLOCKS_MISSING
        case Broken.BLOCK_OUT_OF_PLACE:
            return OUT_OF_PLACE
        case Broken.HEAD_GONE:
            return HEAD_GONE


def as_json(value: object) -> JSON:
    """A stored value as plain JSON: instants in ISO 8601, ids as text, integers as they are."""
    match value:
        case dict():
            return {str(name): as_json(one) for name, one in value.items()}
        case list():
            return [as_json(one) for one in value]
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case bool() | None | str():
            return value
        case int():
            return int(value)
        case _:
            # ids; and whatever nobody of ours has stored
            return str(value)


def _record(text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise fault(Code.BAD_CURSOR)
    return ObjectId(text)


def _revision_before(row: store.TrailEntry) -> Sequence[tuple[str, int]]:
    case, revision = row.values.get("case"), row.values.get("revision")
    if not isinstance(case, str) or not isinstance(revision, int) or revision < 2:
        return ()
    return ((case, revision - 1),)


def _deed(row: store.TrailEntry, earlier: Mapping[tuple[str, int], Document]) -> Deed:
    # A record is shown though it may have been changed since, and lack what it had.
    values = row.values
    actor, origin = _mapping(values, "actor"), _mapping(values, "origin")
    case, revision = _text(values, "case"), values.get("revision")
    at = values.get("at")
    is_order = row.source is Source.ADMINISTRATION
    before: JSON = as_json(values.get("before"))
    after: JSON = as_json(values.get("after"))
    if not is_order:
        was = next((earlier[one] for one in _revision_before(row) if one in earlier), None)
        state = {} if was is None else _state(was)
        before = state | _balances(values, was=True) or None
        after = _state(values) | _balances(values, was=False)
    return Deed(
        source=row.source,
        record=str(row.record),
        at=at if isinstance(at, datetime) else row.record.generation_time,
        action=_text(values, "action") or UNTOLD,
        subject=(_text(values, "subject") if is_order else _subject(case)) or UNTOLD,
        policy=_text(values, "policy"),
        case=None if case is None or case.startswith(store.ON_AN_ACCOUNT) else case,
        revision=revision if isinstance(revision, int) else None,
        actor=store.Actor(
            id=_text(actor, "id") or UNTOLD,
            role=_text(actor, "role") or UNTOLD,
            name=_text(actor, "name") or UNTOLD,
        ),
        credential=_text(values, "credential") or "",
        origin=store.Origin(door=_text(origin, "door") or UNTOLD, address=_text(origin, "address")),
        before=before,
        after=after,
        block=row.block,
    )


def _subject(case: str | None) -> str | None:
    if case is None or case.startswith(store.ON_AN_ACCOUNT):
        return case
    return f"case:{case}"


def _state(values: Document) -> dict[str, JSON]:
    decision = _mapping(values, "decision")
    return {
        "state": as_json(values.get("state")),
        "outcome": as_json(decision.get("outcome")),
        "facts": as_json(values.get("facts")),
    }


def _balances(values: Document, *, was: bool) -> dict[str, JSON]:
    """What the accounts that a decision moved held before or after it, in the smallest unit."""
    entries = values.get("entries")
    found: dict[str, JSON] = {}
    for entry in entries if isinstance(entries, list) else ():
        account, balance, amount = (entry.get(name) for name in ("account", "balance", "amount"))
        if isinstance(balance, int) and isinstance(amount, int):
            found[str(account)] = balance - amount if was else balance
    return {"balances": found} if found else {}


def _mapping(values: Document, name: str) -> Document:
    value = values.get(name)
    return cast(Document, value) if isinstance(value, dict) else {}


def _text(values: Document, name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
