"""Reviews: the queue of what waits for a person, and who has taken which case of it.

The queue is read from the list of cases: the longest waiting first. Since when a case waits does
not change while it does, so a place in the queue stays where it is; not every policy says until
when. A claim holds for the revision it was made at: it lapses once its case has moved on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

import msgspec
from pymongo import ASCENDING, DeleteOne
from pymongo.errors import DuplicateKeyError

from .administration import Session
from .connection import Database, Patience, durable, hinted
from .documents import Document, exactly, plain, storable
from .errors import AlreadyThere, saying
from .laws import ACTOR
from .layouts import COUNT, INSTANT, NAME, Layout, fields, lay, listing, unique
from .listings import BY_WAITING, CASES, CaseSummary, Page, Position
from .records import Actor


class ReviewClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Who has taken a case, when, and at which revision of it; ``since`` is when it began to
    wait."""

    tenant: str
    case: str
    policy: str
    by: Actor
    at: datetime
    revision: int
    since: datetime

    def holds(self, revision: int) -> bool:
        """Whether it has not lapsed, where the case is known to be at a revision."""
        return revision <= self.revision


LAYOUT = Layout(
    name="reviews",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "case": NAME,
                "policy": NAME,
                "by": ACTOR,
                "at": INSTANT,
                "revision": COUNT,
                "since": INSTANT,
            }
        )
    },
    indexes=(
        unique("a_case_is_taken_once", ("tenant", 1), ("case", 1)),
        listing("by_waiting", ("tenant", 1), ("since", 1), ("case", 1)),
        listing("of_a_reviewer", ("tenant", 1), ("by.id", 1), ("since", 1), ("case", 1)),
    ),
)


class Reviews:
    """Keeps who has taken which case, and reads what waits."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._claims = durable(database, LAYOUT.name, self._patience)
        self._cases = hinted(database, CASES.name)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    # -- what waits ----------------------------------------------------------------------------

    async def waiting(
        self, tenant: str, policies: Sequence[str], *, after: Position | None = None, first: int
    ) -> Page[CaseSummary]:
        """The cases of these policies that wait, behind a place, the longest waiting first."""
        query = queue(tenant, policies, after)
        keys = [("waiting.since", ASCENDING), ("case", ASCENDING)]
        cursor = self._cases.find(query).sort(keys).limit(first + 1).hint(BY_WAITING)
        with saying("listing what waits"):
            rows = [_row(found) async for found in cursor.max_time_ms(self._patience.answer_ms)]
        return Page(tuple(rows[:first]), len(rows) > first)

    async def places(
        self, tenant: str, policies: Sequence[str], *, after: Position | None = None, first: int
    ) -> Sequence[tuple[Position, int]]:
        """The places of what waits behind one, each with the revision of its case; no more is read
        of them, which is quick where many are passed over."""
        keys = [("waiting.since", ASCENDING), ("case", ASCENDING)]
        wanted = {"_id": False, "case": True, "revision": True, "waiting.since": True}
        cursor = self._cases.find(queue(tenant, policies, after), wanted).sort(keys)
        with saying("listing what waits"):
            return [
                (
                    Position(
                        cast(datetime, cast(Document, found["waiting"])["since"]),
                        str(found["case"]),
                    ),
                    int(cast(int, found["revision"])),
                )
                async for found in cursor.limit(first).hint(BY_WAITING)
            ]

    async def taken(self, tenant: str, cases: Sequence[str]) -> Mapping[str, int]:
        """The revisions at which several cases were taken."""
        query = exactly(tenant=tenant) | {"case": {"$in": list(cases)}}
        wanted = {"_id": False, "case": True, "revision": True}
        with saying("reading claims for review"):
            return {
                str(found["case"]): int(cast(int, found["revision"]))
                async for found in self._claims.find(query, wanted)
            }

    async def rows(self, tenant: str, cases: Sequence[str]) -> Mapping[str, CaseSummary]:
        """Cases as the list has them, by their ids."""
        query = exactly(tenant=tenant) | {"case": {"$in": list(cases)}}
        with saying("reading what waits"):
            return {str(found["case"]): _row(found) async for found in self._cases.find(query)}

    # -- who has taken it ----------------------------------------------------------------------

    async def claim_of(
        self, tenant: str, case: str, session: Session | None = None
    ) -> ReviewClaim | None:
        """The claim on a case, one that has lapsed too."""
        with saying("reading a claim for review"):
            found = await self._claims.find_one(exactly(tenant=tenant, case=case), session=session)
        return None if found is None else _claim(found)

    async def claims_of(self, tenant: str, cases: Sequence[str]) -> Mapping[str, ReviewClaim]:
        """The claims on several cases, those that have lapsed too."""
        query = exactly(tenant=tenant) | {"case": {"$in": list(cases)}}
        with saying("reading claims for review"):
            return {str(found["case"]): _claim(found) async for found in self._claims.find(query)}

    async def claims(
        self, tenant: str, by: str | None = None, *, after: Position | None = None, first: int
    ) -> Sequence[ReviewClaim]:
        """The claims of a tenant or of one actor behind a place, those that have lapsed too."""
        query = exactly(tenant=tenant)
        if by is not None:
            query["by.id"] = {"$eq": by}
        if after is not None:
            query |= _behind("since", after)
        cursor = self._claims.find(query).sort([("since", ASCENDING), ("case", ASCENDING)])
        with saying("listing claims for review"):
            return [
                _claim(found)
                async for found in cursor.limit(first).max_time_ms(self._patience.answer_ms)
            ]

    async def take(self, claim: ReviewClaim, session: Session) -> None:
        """Put a claim in the place of the one before. Raises `AlreadyThere` where another was
        made meanwhile."""
        values = cast(Document, storable(msgspec.to_builtins(claim, builtin_types=(datetime,))))
        with saying("taking a case for review"):
            try:
                await self._claims.replace_one(
                    exactly(tenant=claim.tenant, case=claim.case),
                    values,
                    upsert=True,
                    session=session,
                )
            except DuplicateKeyError:
                raise AlreadyThere("claim", claim.case) from None

    async def release(self, tenant: str, case: str, session: Session) -> None:
        """Let a case be taken by others again."""
        with saying("releasing a case"):
            await self._claims.delete_one(exactly(tenant=tenant, case=case), session=session)

    async def forget(self, lapsed: Iterable[ReviewClaim]) -> None:
        """Remove claims that have lapsed: they are none, and nobody has given anything up."""
        deletions = [
            DeleteOne(exactly(tenant=one.tenant, case=one.case, revision=one.revision))
            for one in lapsed
        ]
        if deletions:
            with saying("forgetting claims that have lapsed"):
                await self._claims.bulk_write(deletions, ordered=False)


def queue(tenant: str, policies: Sequence[str], after: Position | None) -> Document:
    """The question for what waits: it needs no sorting, since each policy is a range of the index
    in the order of the queue, and they are merged."""
    query = exactly(tenant=tenant) | {"policy": {"$in": sorted(policies)}}
    query["waiting.since"] = {"$exists": True}
    if after is not None:
        behind = _behind("waiting.since", after)
        query["waiting.since"] = {"$exists": True, "$gte": after.at}
        query["$or"] = behind["$or"]
    return query


def _behind(field: str, after: Position) -> Document:
    # The bound narrows the scan of the index; the alternatives settle its first instant.
    return {
        field: {"$gte": after.at},
        "$or": [{field: {"$gt": after.at}}, {"case": {"$gt": after.case}}],
    }


def _row(document: Document) -> CaseSummary:
    return msgspec.convert(plain(document), CaseSummary)


def _claim(document: Document) -> ReviewClaim:
    return msgspec.convert(plain(document), ReviewClaim)
