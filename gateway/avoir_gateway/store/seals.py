"""Seals: what was recorded for a tenant, chained block by block, so that a change of it shows.

A block holds the digests of records and the hash of the block before it. Blocks are made behind
the journal, never in its path; a record is sealed once, and no block is ever changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Final, cast

import bson
import msgspec
from bson.objectid import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from .administration import ADMINISTRATION
from .connection import Database, Patience, durable
from .documents import Document, exactly, plain, storable, to_milliseconds
from .elements import as_bytes, bounds, document_of, elements, values_of
from .errors import StoreUnavailable, Unreadable, saying
from .laws import JOURNAL
from .layouts import COUNT, INSTANT, NAME, Layout, Schema, fields, lay, one_of, several, unique

MOST: Final = 500
"""Records in one block."""
FIRST: Final = "0" * 64
"""What stands for the hash of the block before the first."""
PART_BYTES: Final = 4
"""Of the digest of each field so much is kept: it only tells which of them was changed."""

ATTEMPTS: Final = 50
PAUSE_SECONDS: Final = 0.05
"""Between attempts to put a block at the end of a chain that others write to."""

ONCE: Final = "a_record_is_sealed_once"
_ID: Final = b"\x07_id\0"
_TENANT: Final = b"\x02tenant\0"
_HASH: Final[Schema] = {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"}


class Source(StrEnum):
    """Where a record stands: what was decided, or what was configured."""

    JOURNAL = JOURNAL
    ADMINISTRATION = ADMINISTRATION


LAYOUT = Layout(
    name="seals",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "number": COUNT,
                "previous": _HASH,
                "sealed_at": INSTANT,
                "entries": several(
                    fields(
                        {
                            "source": one_of(*Source),
                            "record": {"bsonType": "objectId"},
                            "digest": _HASH,
                            "parts": {"bsonType": "string", "pattern": "^([0-9a-f]{8})+$"},
                        }
                    ),
                    at_least=1,
                )
                | {"maxItems": MOST},
                "hash": _HASH,
            }
        )
    },
    indexes=(
        unique("a_tenant_has_one_chain", ("tenant", 1), ("number", -1)),
        unique(ONCE, ("tenant", 1), ("entries.record", 1)),
    ),
)


class Seal(msgspec.Struct, frozen=True):
    """A record in a block: SHA-256 of its bytes, and the beginnings of that of each field."""

    source: Source
    record: ObjectId
    digest: str
    parts: str


class Head(msgspec.Struct, frozen=True):
    """A block by its number and its hash, and when it was made."""

    number: int
    hash: str
    sealed_at: datetime


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the chain of a tenant."""

    tenant: str
    number: int
    previous: str
    sealed_at: datetime
    entries: tuple[Seal, ...]
    hash: str

    @property
    def head(self) -> Head:
        """The block by its number and its hash."""
        return Head(self.number, self.hash, self.sealed_at)


class Place(msgspec.Struct, frozen=True):
    """Where a record stands in a chain: the block, and which of its entries, from 0 on."""

    number: int
    entry: int


def seal(source: Source, data: bytes) -> tuple[str, Seal] | None:
    """The seal of a record as it is stored, and its tenant; None where it has no such things."""
    parts: list[bytes] = []
    tenant: str | None = None
    record: ObjectId | None = None
    for begin, end in pairwise(bounds(data)):
        field = data[begin:end]
        parts.append(sha256(field).digest()[:PART_BYTES])
        if field.startswith(_ID):
            record = ObjectId(field[len(_ID) :])
        elif field.startswith(_TENANT):
            tenant = field[len(_TENANT) + 4 : -1].decode(errors="replace")
    if tenant is None or record is None:
        return None
    return tenant, Seal(source, record, sha256(data).hexdigest(), b"".join(parts).hex())


def part(data: bytes) -> str:
    """The beginning of the digest of a field's bytes, in hexadecimal."""
    return sha256(data).digest()[:PART_BYTES].hex()


def hash_of(block: bytes) -> str:
    """SHA-256 of the bytes of a block without those of its id and of its hash."""
    rest = (field for field in elements(block) if field.name not in ("_id", "hash"))
    return sha256(document_of(rest)).hexdigest()


def read(block: bytes) -> Block:
    """The block that a stored document holds. Raises `msgspec.ValidationError`."""
    values = cast(Document, plain(values_of(block)))
    values.pop("_id", None)
    return msgspec.convert(values, Block)


class Seals:
    """Appends blocks to the chains of tenants, and reads them, at majority and from the primary."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def head(self, tenant: str) -> Head | None:
        """The last block of a chain."""
        wanted = {"number": True, "hash": True, "sealed_at": True}
        with saying("reading the head of a chain"):
            found = await self._collection.find_one(
                exactly(tenant=tenant), wanted, sort=[("number", DESCENDING)]
            )
        return None if found is None else msgspec.convert(plain(found), Head)

    async def append(self, tenant: str, seals: Iterable[Seal]) -> int:
        """Seal records of a tenant, those that no block holds yet, in as many blocks as it takes.

        Others may do the same at once. Returns how many were sealed. Raises `StoreUnavailable`.
        """
        waiting = list({one.record: one for one in seals}.values())
        sealed, attempts = 0, ATTEMPTS
        while waiting:
            head = await self.head(tenant)
            if await self._put(tenant, head, waiting[:MOST]):
                sealed += len(waiting[:MOST])
                waiting = waiting[MOST:]
                continue
            # Another has put his block there, or has sealed some of these before.
            before = await self.sealed(tenant, [one.record for one in waiting])
            waiting = [one for one in waiting if one.record not in before]
            attempts -= 1
            if attempts == 0:
                raise StoreUnavailable("sealing", "others were always quicker")
            if attempts < ATTEMPTS - 1:
                await asyncio.sleep(PAUSE_SECONDS)
        return sealed

    async def _put(self, tenant: str, head: Head | None, seals: Sequence[Seal]) -> bool:
        """Put a block at the end; False where something in the chain is against it."""
        block = _after(tenant, head, seals)
        with saying("sealing"):
            try:
                await self._collection.insert_one(block)
            except DuplicateKeyError:
                return False
        return True

    async def sealed(self, tenant: str, records: Collection[ObjectId]) -> set[ObjectId]:
        """Which of these records a block of the tenant holds."""
        return set(await self.places(tenant, records))

    async def places(self, tenant: str, records: Collection[ObjectId]) -> Mapping[ObjectId, Place]:
        """Where in the chain these records stand, those that stand there."""
        if not records:
            return {}
        wanted = list(records)
        among: Document = {"$in": wanted}
        pipeline: list[Mapping[str, object]] = [
            {"$match": exactly(tenant=tenant) | {"entries.record": among}},
            {"$project": {"number": True, "records": "$entries.record"}},
        ]
        found: dict[ObjectId, Place] = {}
        asked = set(wanted)
        with saying("reading what is sealed"):
            async for block in await self._collection.aggregate(pipeline, hint=ONCE):
                number = cast(int, block["number"])
                for entry, record in enumerate(cast(list[ObjectId], block["records"])):
                    if record in asked:
                        found[record] = Place(int(number), entry)
        return found

    async def blocks(self, tenant: str) -> AsyncIterator[bytes]:
        """The blocks of a chain as they are stored, the first one first."""
        cursor = as_bytes(self._collection).find(
            exactly(tenant=tenant), batch_size=8, sort=[("number", ASCENDING)]
        )
        with saying("reading a chain"):
            async for found in cursor:
                yield bytes(found.raw)

    async def up(self, tenant: str) -> AsyncIterator[Block]:
        """The blocks of a chain, the first one first. Raises `Unreadable`."""
        async for data in self.blocks(tenant):
            yield _readable(data)

    async def down(self, tenant: str, number: int | None = None) -> AsyncIterator[Block]:
        """The blocks of a chain from that one down, or from the last. Raises `Unreadable`."""
        query = exactly(tenant=tenant)
        if number is not None:
            query["number"] = {"$lte": storable(number)}
        cursor = as_bytes(self._collection).find(query, batch_size=2, sort=[("number", DESCENDING)])
        with saying("reading a chain"):
            async for found in cursor:
                yield _readable(bytes(found.raw))


def _readable(data: bytes) -> Block:
    try:
        return read(data)
    except msgspec.ValidationError as error:
        identity = str(values_of(data).get("_id"))
        raise Unreadable(LAYOUT.name, identity, str(error)) from error


def _after(tenant: str, head: Head | None, seals: Sequence[Seal]) -> Document:
    """The block of these seals behind that one, with a new id."""
    now = to_milliseconds(datetime.now(UTC))
    entries = [
        {"source": one.source.value, "record": one.record, "digest": one.digest, "parts": one.parts}
        for one in seals
    ]
    block: Document = {
        "tenant": tenant,
        "number": storable(1 if head is None else head.number + 1),
        "previous": FIRST if head is None else head.hash,
        "sealed_at": now if head is None else max(now, head.sealed_at),
        "entries": entries,
    }
    return {"_id": ObjectId(), **block, "hash": hash_of(bson.encode(block))}
