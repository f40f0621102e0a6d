"""Administration: what operators changed, each change one immutable record beside what it changed.

A change of the configuration and its record are written in one transaction: administration is
rare, so it may cost what the journal may not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias, cast

import msgspec
import pymongo
from bson.objectid import ObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from .connection import Database, Patience, durable, majority
from .documents import JSON, Document, builtins, encode, exactly, moment, plain, storable
from .errors import (
    TO_BE_REPEATED,
    StoreUnavailable,
    UnknownOutcome,
    Unreadable,
    brief,
    saying,
)
from .laws import ACTOR, ORIGIN
from .layouts import COUNT, INSTANT, MAPPING, NAME, Layout, fields, lay, listing, optional, unique
from .records import Actor, Origin

Session: TypeAlias = AsyncClientSession
"""A transaction under way: what is read and written with it happens together, or not at all."""

SCHEMA = 1
"""The version of the record's form that this code writes, and the newest that it reads."""

DOING = "administering"
UNKNOWN_COMMIT = "UnknownTransactionCommitResult"


class AdministrativeCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, by which actor of which tenant, under which idempotency key."""

    tenant: str
    by: str
    key: str
    fingerprint: str


class AdministrativeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the configuration of a tenant: what it was before, and what it is since.

    ``action`` is a name such as ``plugin.enable``, ``subject`` what was changed: ``tenant``,
    ``plugin:conxpros``, ``token:token-1f…``.
    """

    tenant: str
    command: AdministrativeCommand
    action: str
    subject: str
    before: dict[str, JSON] | None
    after: dict[str, JSON] | None
    actor: Actor
    credential: str
    origin: Origin
    at: datetime
    schema: int = SCHEMA


class Written(msgspec.Struct, frozen=True):
    """What became of a change: its record; `again` is that of an earlier one with the same key."""

    record: AdministrativeRecord
    again: bool


ADMINISTRATION = "administration"

LAYOUT = Layout(
    name=ADMINISTRATION,
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "schema": COUNT,
                "tenant": NAME,
                "command": fields({"tenant": NAME, "by": NAME, "key": NAME, "fingerprint": NAME}),
                "action": NAME,
                "subject": NAME,
                "before": optional(MAPPING),
                "after": optional(MAPPING),
                "actor": ACTOR,
                "credential": NAME,
                "origin": ORIGIN,
                "at": INSTANT,
            }
        )
    },
    indexes=(
        # Idempotency belongs to the actor, and an administrator is one of another tenant.
        unique(
            "an_order_takes_effect_once",
            ("command.tenant", 1),
            ("command.by", 1),
            ("command.key", 1),
        ),
        listing("by_tenant", ("tenant", 1), ("at", -1), ("_id", -1)),
    ),
)


class Administration:
    """Writes changes of the configuration with their records, and reads those."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def by_key(self, tenant: str, by: str, key: str) -> AdministrativeRecord | None:
        """The record of an order by its idempotency key."""
        named = {"command.tenant": tenant, "command.by": by, "command.key": key}
        with saying("reading an administrative record"):
            found = await self._collection.find_one(
                {name: {"$eq": value} for name, value in named.items()}
            )
        return None if found is None else from_document(found)

    async def listing(self, tenant: str) -> list[AdministrativeRecord]:
        """The records of a tenant, the latest first."""
        with saying("listing administrative records"):
            cursor = self._collection.find(exactly(tenant=tenant)).sort([("at", -1), ("_id", -1)])
            return [from_document(found) async for found in cursor]

    async def write(
        self,
        command: AdministrativeCommand,
        change: Callable[[Session], Awaitable[AdministrativeRecord]],
    ) -> Written:
        """Change something and record it, both or neither; a key that was used changes nothing.

        `change` reads and writes with the session it is given, may run more than once, and
        returns the record; whatever it raises ends the transaction and comes out, unless the key
        turns out to have been used meanwhile. Raises `UnknownOutcome`, `StoreUnavailable`.
        """
        before = await self.by_key(command.tenant, command.by, command.key)
        if before is not None:
            return Written(before, again=True)
        try:
            return Written(await self._written(command, change), again=False)
        except (UnknownOutcome, StoreUnavailable):
            raise
        except Exception:
            # What can no longer be done may be what the same order has done in between.
            before = await self.by_key(command.tenant, command.by, command.key)
            if before is None:
                raise
            return Written(before, again=True)

    async def _written(
        self,
        command: AdministrativeCommand,
        change: Callable[[Session], Awaitable[AdministrativeRecord]],
    ) -> AdministrativeRecord:
        async def both(session: Session) -> AdministrativeRecord:
            record = await change(session)
            document = to_document(record)
            encode(document)
            await self._collection.insert_one({"_id": ObjectId(), **document}, session=session)
            return record

        with saying(DOING):
            try:
                with pymongo.timeout(self._patience.resolve_ms / 1_000):
                    async with self._database.client.start_session() as session:
                        return await session.with_transaction(
                            both,
                            read_concern=ReadConcern("snapshot"),
                            write_concern=majority(self._patience),
                        )
            except DuplicateKeyError:
                raise _UsedError from None
            except PyMongoError as error:
                if error.has_error_label(UNKNOWN_COMMIT):
                    raise UnknownOutcome(command.tenant, command.by, command.key) from error
                if error.has_error_label(TO_BE_REPEATED):
                    raise StoreUnavailable(DOING, brief(error)) from error
                raise


class _UsedError(Exception):
    """The key of an order was used while the order was carried out."""


def to_document(record: AdministrativeRecord) -> Document:
    """The record as the store keeps it. Raises `NotStorable`."""
    document = cast(Document, storable(builtins(record)))
    document["at"] = moment(record.at, "at")
    return document


def from_document(document: Document) -> AdministrativeRecord:
    """The record that a stored document holds. Raises `Unreadable`."""
    identity = str(document.get("_id"))
    values = {name: plain(value) for name, value in document.items() if name != "_id"}
    try:
        return msgspec.convert(values, AdministrativeRecord)
    except msgspec.ValidationError as error:
        raise Unreadable(ADMINISTRATION, identity, str(error)) from error
