"""The past: cases by the moment they were opened, and records with their place among the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

import msgspec
from bson.objectid import ObjectId
from pymongo import DESCENDING

from .connection import Database, Patience, durable, hinted
from .documents import Document, exactly
from .errors import saying
from .laws import JOURNAL
from .listings import CASES, Position
from .records import Record, from_document

_LATEST_FIRST = [("opened_at", DESCENDING), ("case", DESCENDING)]

BY_OPENING: Final = "for_returns"
"""The index of cases by policy and opening: the cases themselves are not read."""

_EXPLAINING = ("cited", "deadlines", "errors", "findings", "guidance", "missing_labels", "notices")
_SLIM: Final[Mapping[str, bool]] = {
    **{f"decision.{name}": False for name in (*_EXPLAINING, "remedies")},
    "recommendation": False,
    "notices": False,
    "deadlines": False,
}
"""Of a record most is said to people: where only what was known and decided counts, reading it
takes four times as long as deciding again."""


class Placed(msgspec.Struct, frozen=True, eq=False):
    """A record, without what explains its decision, and the id it was written under.

    In one process, ids follow the writing.
    """

    record: Record
    id: ObjectId


class Past:
    """Reads cases and records from a moment on: what is known of them now, or was known then."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._journal = durable(database, JOURNAL, self._patience)
        self._cases = hinted(database, CASES.name)

    async def count(self, tenant: str, policy: str, since: datetime) -> int:
        """How many cases of a policy were opened since a moment, as the lists have it."""
        with saying("counting cases"):
            return await self._cases.count_documents(
                _opened(tenant, policy, since),
                hint=BY_OPENING,
                maxTimeMS=self._patience.answer_ms,
            )

    async def opened(
        self,
        tenant: str,
        policy: str,
        since: datetime,
        *,
        after: Position | None = None,
        first: int = 100,
    ) -> list[Position]:
        """Cases of a policy opened since a moment, behind a position, the latest first."""
        query = _opened(tenant, policy, since)
        if after is not None:
            query["opened_at"] = {"$gte": since, "$lte": after.at}
            query["$or"] = [{"opened_at": {"$lt": after.at}}, {"case": {"$lt": after.case}}]
        wanted = {"_id": False, "opened_at": True, "case": True}
        cursor = self._cases.find(query, wanted).hint(BY_OPENING).sort(_LATEST_FIRST).limit(first)
        with saying("listing cases by their opening"):
            return [
                Position(cast(datetime, found["opened_at"]), str(found["case"]))
                async for found in cursor.max_time_ms(self._patience.answer_ms)
            ]

    async def histories(self, tenant: str, cases: Sequence[str]) -> dict[str, list[Placed]]:
        """All records of cases by the id of the case, the first revision first."""
        found: dict[str, list[Placed]] = {}
        query = exactly(tenant=tenant) | {"case": {"$in": list(cases)}}
        with saying("reading the histories of cases"):
            async for document in self._journal.find(query, _SLIM):
                one = _placed(document)
                found.setdefault(one.record.case, []).append(one)
        for records in found.values():
            records.sort(key=lambda one: one.record.revision)
        return found

    async def carrying(self, tenant: str, references: Sequence[str]) -> dict[str, list[Placed]]:
        """The records that carry each of these references, the latest first."""
        found: dict[str, list[Placed]] = {}
        if not references:
            return found
        wanted = set(references)
        query = exactly(tenant=tenant) | {"references": {"$in": list(wanted)}}
        latest_first = [("at", DESCENDING), ("_id", DESCENDING)]
        with saying("reading by references"):
            async for document in self._journal.find(query, _SLIM).sort(latest_first):
                one = _placed(document)
                for name in one.record.references:
                    if name in wanted:
                        found.setdefault(name, []).append(one)
        return found


def _opened(tenant: str, policy: str, since: datetime) -> Document:
    return exactly(tenant=tenant, policy=policy) | {"opened_at": {"$gte": since}}


def _placed(document: Document) -> Placed:
    return Placed(from_document(document), cast(ObjectId, document["_id"]))
