"""The values that a tenant set for the parameters of a policy, and since when they are in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

import msgspec
from bson.objectid import ObjectId
from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from .administration import Session
from .connection import Database, Patience, durable
from .documents import JSON, Document, builtins, encode, exactly, moment, plain, storable
from .errors import AlreadyThere, saying
from .layouts import COUNT, DATE, INSTANT, MAPPING, NAME, Layout, fields, lay, unique


class ParameterValues(msgspec.Struct, frozen=True, kw_only=True):
    """Values for the parameters of a policy from a day on; never changed, only superseded.

    ``number`` counts those of the policy in the order in which they were set: of two operators at
    once, one takes the next number, and the other looks again.
    """

    tenant: str
    policy: str
    effective_from: date
    values: dict[str, JSON]
    set_by: str
    at: datetime
    number: int | None = None


LAYOUT = Layout(
    name="parameters",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "policy": NAME,
                "effective_from": DATE,
                "values": MAPPING,
                "set_by": NAME,
                "at": INSTANT,
            },
            also={"number": COUNT},
        )
    },
    indexes=(
        unique(
            "values_have_one_order",
            ("tenant", 1),
            ("policy", 1),
            ("number", 1),
            where="number",
        ),
        unique(
            "values_are_set_once_at_a_moment",
            ("tenant", 1),
            ("policy", 1),
            ("effective_from", -1),
            ("at", -1),
        ),
    ),
)

# Dates are stored as ISO text, of which the order is that of the days.
_LATEST_FIRST = [("effective_from", DESCENDING), ("at", DESCENDING)]


class Parameters:
    """Keeps every set of values that was ever in force."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def set(self, values: ParameterValues, session: Session | None = None) -> None:
        """Set values; of two for one day, those set later hold.

        Raises `NotStorable`, and `AlreadyThere` where others were set for the day at the very
        moment, or have the number.
        """
        document = cast(Document, storable(builtins(values)))
        document["at"] = moment(values.at, "at")
        if values.number is None:
            # a unique index takes a missing number for null
            del document["number"]
        encode(document)
        with saying("setting parameters"):
            try:
                await self._collection.insert_one({"_id": ObjectId(), **document}, session=session)
            except DuplicateKeyError:
                identity = f"{values.policy} from {values.effective_from} set at {values.at}"
                raise AlreadyThere("parameters", identity) from None

    async def listing(
        self, tenant: str, policy: str, session: Session | None = None
    ) -> list[ParameterValues]:
        """All values ever set for a policy, those in force latest first."""
        query = exactly(tenant=tenant, policy=policy)
        with saying("listing parameters"):
            cursor = self._collection.find(query, session=session).sort(_LATEST_FIRST)
            return [_values(found) async for found in cursor]


def _values(document: Document) -> ParameterValues:
    fields = cast(Document, plain(document))
    del fields["_id"]
    return msgspec.convert(fields, ParameterValues)
