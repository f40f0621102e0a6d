"""Changes: what a record changes in the lists of cases and accounts, each guarded by its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from bson.int64 import Int64
from pymongo import UpdateOne

from .documents import Document, exactly
from .records import ON_AN_ACCOUNT, Entry, Record
from .waiting import Key, Wait


class Change(msgspec.Struct, frozen=True):
    """One guarded write: to the document with this identity, if its number is lower."""

    identity: Document
    counter: str
    number: int
    values: Document
    founded_at: datetime | None = None


def case_changes(records: Iterable[Record], waited: Mapping[Key, Wait]) -> list[Change]:
    """One change for each case: its newest record, and the opening if that is among them.

    ``waited`` says what the cases wait for after that record.
    """
    newest: dict[tuple[str, str], Record] = {}
    opened: dict[tuple[str, str], datetime] = {}
    for record in records:
        if record.case.startswith(ON_AN_ACCOUNT):
            continue
        key = (record.tenant, record.case)
        if record.revision == 1:
            opened[key] = record.at
        if key not in newest or newest[key].revision < record.revision:
            newest[key] = record
    return [
        Change(
            {"tenant": tenant, "case": case},
            "revision",
            record.revision,
            _case_values(record, waited.get((tenant, case))),
            opened.get((tenant, case)),
        )
        for (tenant, case), record in newest.items()
    ]


def _case_values(record: Record, wait: Wait | None) -> Document:
    outcome = record.decision.get("outcome")
    deadlines = [
        {**msgspec.structs.asdict(deadline), "date": deadline.date.isoformat()}
        for deadline in record.deadlines
    ]
    return {
        "policy": record.policy,
        "plugin": record.policy.partition(".")[0],
        "party": record.party,
        "state": record.state,
        "updated_at": record.at,
        "action": record.action,
        "outcome": outcome if isinstance(outcome, str) else None,
        "deadlines": deadlines,
        "waiting": None if wait is None else msgspec.structs.asdict(wait),
    }


def account_changes(records: Iterable[Record]) -> list[Change]:
    """One change for each account: its newest entry."""
    newest: dict[tuple[str, str], tuple[Entry, Record]] = {}
    for record in records:
        for entry in record.entries:
            key = (record.tenant, entry.account)
            if key not in newest or newest[key][0].seq < entry.seq:
                newest[key] = (entry, record)
    return [
        Change(
            {"tenant": tenant, "account": account},
            "seq",
            entry.seq,
            {
                # An account is named PARTY:NAME, and the party may hold colons.
                "party": account.rpartition(":")[0],
                "balance": Int64(entry.balance),
                "unit": entry.unit,
                "updated_at": record.at,
            },
        )
        for (tenant, account), (entry, record) in newest.items()
    ]


def update(change: Change, upsert: bool) -> UpdateOne:
    """The change as the store takes it; with ``upsert`` it makes the row where there is none."""
    number = Int64(change.number)
    values = {**change.values, change.counter: number}
    made: dict[str, Any] = {"$set": values}
    if change.founded_at is not None:
        values["opened_at"] = change.founded_at
    elif change.counter == "revision":
        made["$setOnInsert"] = {"opened_at": values["updated_at"]}
    guarded = {**exactly(**change.identity), change.counter: {"$lt": number}}
    return UpdateOne(guarded, made, upsert=upsert)
