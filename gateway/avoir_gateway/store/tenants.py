"""The tenants: whose data it is, and which plugins, language, zone and currency they chose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import cast

import msgspec
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from .administration import Session
from .connection import Database, Patience, durable
from .documents import Document, builtins, exactly, moment, plain, storable
from .errors import AlreadyThere, NotThere, saying
from .layouts import INSTANT, NAME, TEXT, Layout, fields, lay, one_of, optional, several


class TenantKind(StrEnum):
    """A live business, a test in which the clock can be set, or the installation itself.

    The platform has no business: it is where the administrators of the installation belong.
    """

    LIVE = "live"
    TEST = "test"
    PLATFORM = "platform"


class TenantStatus(StrEnum):
    """Whether a tenant is served: whole, not at all for now, or for reading only."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant. `clock` is the moment that a test tenant stands at, None for the real one."""

    id: str
    name: str
    language: str
    time_zone: str
    currency: str
    plugins: tuple[str, ...] = ()
    status: TenantStatus = TenantStatus.ACTIVE
    kind: TenantKind = TenantKind.LIVE
    clock: datetime | None = None


LAYOUT = Layout(
    name="tenants",
    validator={
        "$jsonSchema": fields(
            {
                "_id": NAME,
                "name": TEXT,
                "language": NAME,
                "time_zone": NAME,
                "currency": NAME,
                "plugins": several(NAME),
                "status": one_of(*TenantStatus),
                "kind": one_of(*TenantKind),
                "clock": optional(INSTANT),
            }
        )
    },
    indexes=(),
)


class Tenants:
    """Keeps the tenants."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def add(self, tenant: Tenant, session: Session | None = None) -> None:
        """Add a tenant. Raises `AlreadyThere`, and `ValueError` for a live one with a clock."""
        _check_clock(tenant.kind, tenant.clock)
        with saying("adding a tenant"):
            try:
                await self._collection.insert_one(
                    {"_id": tenant.id, **_values(tenant)}, session=session
                )
            except DuplicateKeyError:
                raise AlreadyThere("tenant", tenant.id) from None

    async def get(self, tenant: str, session: Session | None = None) -> Tenant | None:
        """One tenant."""
        with saying("reading a tenant"):
            found = await self._collection.find_one(exactly(_id=tenant), session=session)
        return None if found is None else _tenant(found)

    async def all(self) -> list[Tenant]:
        """All tenants, by their ids."""
        with saying("listing the tenants"):
            return [_tenant(found) async for found in self._collection.find({}).sort("_id")]

    async def page(self, after: str | None, first: int) -> list[Tenant]:
        """So many tenants behind one, by their ids."""
        behind: Document = {} if after is None else {"_id": {"$gt": after}}
        with saying("listing the tenants"):
            cursor = self._collection.find(behind).sort("_id").limit(first)
            return [_tenant(found) async for found in cursor]

    async def replace(self, tenant: Tenant, session: Session | None = None) -> None:
        """Put a tenant in the place of what it was; its clock stays. Raises `NotThere`."""
        values = _values(tenant)
        del values["clock"]
        await self._change(tenant.id, {"$set": values}, session=session)

    async def set_clock(self, tenant: str, clock: datetime | None) -> Tenant:
        """Set the moment that a test tenant stands at, None for the real one.

        Raises `NotThere` where there is no such test tenant: a live one has no clock to set.
        """
        value = None if clock is None else moment(clock, "clock")
        return await self._change(
            tenant, {"$set": {"clock": value}}, exactly(kind=TenantKind.TEST.value)
        )

    async def _change(
        self,
        tenant: str,
        update: Document,
        only: Document | None = None,
        session: Session | None = None,
    ) -> Tenant:
        with saying("changing a tenant"):
            found = await self._collection.find_one_and_update(
                exactly(_id=tenant) | (only or {}),
                update,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        if found is None:
            raise NotThere("test tenant" if only else "tenant", tenant)
        return _tenant(found)


def _check_clock(kind: TenantKind, clock: datetime | None) -> None:
    if clock is not None and kind is not TenantKind.TEST:
        raise ValueError("only a test tenant has a clock that can be set")


def _values(tenant: Tenant) -> Document:
    values = cast(Document, storable(builtins(tenant)))
    del values["id"]
    values["clock"] = None if tenant.clock is None else moment(tenant.clock, "clock")
    return values


def _tenant(document: Document) -> Tenant:
    values = cast(Document, plain(document))
    return msgspec.convert({**values, "id": values.pop("_id")}, Tenant)
