"""The lists of cases and accounts, page by page; hints that the journal corrects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec
from pymongo import ASCENDING, DESCENDING

from .connection import Database, Patience, hinted
from .documents import Document, exactly, plain
from .errors import saying
from .layouts import (
    COUNT,
    DATE,
    FLAG,
    INSTANT,
    LONG,
    NAME,
    TEXT,
    Layout,
    fields,
    listing,
    optional,
    unique,
)
from .records import Deadline
from .waiting import Wait

MOST = 1_000
"""Rows in one page."""

BY_WAITING = "by_waiting"
"""The index of the queue: it has the cases that wait, and no others."""

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

CASES = Layout(
    name="cases",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "case": NAME,
                "policy": NAME,
                "plugin": NAME,
                "party": TEXT,
                "state": TEXT,
                "revision": COUNT,
                "opened_at": INSTANT,
                "updated_at": INSTANT,
                "action": NAME,
                "outcome": optional(TEXT),
                "deadlines": {"bsonType": "array", "items": _DEADLINE},
            },
            also={"waiting": optional(fields({"role": NAME, "since": INSTANT}))},
        )
    },
    indexes=(
        unique("a_case_stands_once", ("tenant", 1), ("case", 1)),
        listing("by_update", ("tenant", 1), ("updated_at", -1), ("case", -1)),
        listing("by_opening", ("tenant", 1), ("opened_at", -1), ("case", -1)),
        listing("by_party", ("tenant", 1), ("party", 1), ("updated_at", -1), ("case", -1)),
        listing(
            "by_state",
            ("tenant", 1),
            ("policy", 1),
            ("state", 1),
            ("updated_at", -1),
            ("case", -1),
        ),
        # The queue of what waits for a person, the longest waiting first; most cases do not.
        listing(
            BY_WAITING,
            ("tenant", 1),
            ("policy", 1),
            ("waiting.since", 1),
            ("case", 1),
            where="waiting.since",
        ),
        # All that returns want to know of a case: it is not read for them.
        listing(
            "for_returns",
            ("tenant", 1),
            ("policy", 1),
            ("opened_at", 1),
            ("case", 1),
            ("party", 1),
            ("state", 1),
        ),
    ),
)

ACCOUNTS = Layout(
    name="accounts",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "account": NAME,
                "party": TEXT,
                "seq": COUNT,
                "balance": LONG,
                "unit": NAME,
                "updated_at": INSTANT,
            }
        )
    },
    indexes=(
        unique("an_account_stands_once", ("tenant", 1), ("account", 1)),
        listing("by_party", ("tenant", 1), ("party", 1), ("account", 1)),
    ),
)


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it stands in a list."""

    tenant: str
    case: str
    policy: str
    plugin: str
    party: str
    state: str
    revision: int
    opened_at: datetime
    updated_at: datetime
    action: str
    outcome: str | None
    deadlines: tuple[Deadline, ...]
    waiting: Wait | None = None


class AccountBalance(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it stands in a list; the balance is in the smallest unit."""

    tenant: str
    account: str
    party: str
    seq: int
    balance: int
    unit: str
    updated_at: datetime


class Standing(msgspec.Struct, frozen=True):
    """Where an account stands: the sequence of its last entry and its running balance."""

    seq: int
    balance: int


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases to list; what is None does not matter."""

    policy: str | None = None
    state: str | None = None
    party: str | None = None
    policies: tuple[str, ...] | None = None
    """The cases of these policies only: those that are enabled."""


class CaseOrder(StrEnum):
    """The order of a list of cases: the latest first, by this field."""

    UPDATED = "updated_at"
    OPENED = "opened_at"


class Position(msgspec.Struct, frozen=True):
    """The place of a case in a list: the value of the field it is ordered by, and its id."""

    at: datetime
    case: str


Row = TypeVar("Row")


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a list, and whether there are further ones."""

    rows: tuple[Row, ...]
    more: bool


class Listings:
    """Reads the lists."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._longest_ms = (patience or Patience()).answer_ms
        self._cases = hinted(database, CASES.name)
        self._accounts = hinted(database, ACCOUNTS.name)

    async def case(self, tenant: str, case: str) -> CaseSummary | None:
        """One case as it stands in the lists."""
        with saying("reading a case in the list"):
            found = await self._cases.find_one(exactly(tenant=tenant, case=case))
        return None if found is None else _row(found, CaseSummary)

    async def standings(
        self, accounts: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], Standing]:
        """Where the list has several accounts, each given by tenant and full name."""
        query = {"$or": [exactly(tenant=tenant, account=name) for tenant, name in set(accounts)]}
        wanted = {"_id": False, "tenant": True, "account": True, "seq": True, "balance": True}
        found: dict[tuple[str, str], Standing] = {}
        with saying("reading accounts in the list"):
            async for row in self._accounts.find(query, wanted):
                standing = msgspec.convert(plain(row), Standing)
                found[str(row["tenant"]), str(row["account"])] = standing
        return found

    async def list_cases(
        self,
        tenant: str,
        which: CaseFilter | None = None,
        *,
        after: Position | None = None,
        first: int = 50,
        order: CaseOrder = CaseOrder.UPDATED,
    ) -> Page[CaseSummary]:
        """The cases of a tenant behind a position, the latest first."""
        which = which or CaseFilter()
        query = exactly(tenant=tenant)
        for name in ("state", "party"):
            value = getattr(which, name)
            if value is not None:
                query |= exactly(**{name: value})
        if which.policy is not None:
            if which.policies is not None and which.policy not in which.policies:
                return Page((), False)
            query |= exactly(policy=which.policy)
        elif which.policies is not None:
            query["policy"] = {"$in": list(which.policies)}
        if after is not None:
            # The bound narrows the scan of the index; the alternatives settle its first instant.
            query[order.value] = {"$lte": after.at}
            query["$or"] = [{order.value: {"$lt": after.at}}, {"case": {"$lt": after.case}}]
        keys = [(order.value, DESCENDING), ("case", DESCENDING)]
        cursor = self._cases.find(query).sort(keys).limit(_one_more(first))
        with saying("listing cases"):
            rows = [
                _row(found, CaseSummary) async for found in cursor.max_time_ms(self._longest_ms)
            ]
        return Page(tuple(rows[:first]), len(rows) > first)

    async def list_accounts(
        self, tenant: str, party: str | None = None, *, after: str | None = None, first: int = 50
    ) -> Page[AccountBalance]:
        """The accounts of a tenant, or of one party, behind an account, by their names."""
        query = exactly(tenant=tenant)
        if party is not None:
            query |= exactly(party=party)
        if after is not None:
            query["account"] = {"$gt": after}
        cursor = self._accounts.find(query).sort("account", ASCENDING).limit(_one_more(first))
        with saying("listing accounts"):
            rows = [
                _row(found, AccountBalance) async for found in cursor.max_time_ms(self._longest_ms)
            ]
        return Page(tuple(rows[:first]), len(rows) > first)


def _one_more(first: int) -> int:
    if not 1 <= first <= MOST:
        # The store takes a limit of nought for no limit at all.
        raise ValueError(f"a page has 1 to {MOST} rows, not {first}")
    return first + 1


def _row(document: Document, kind: type[Row]) -> Row:
    return msgspec.convert(plain(document), kind)
