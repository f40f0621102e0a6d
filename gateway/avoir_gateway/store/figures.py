"""The figures: one slim document for each record of a case, from which returns are counted.

A figure says what its record says, and no more than is counted. It never changes, so it may be
written in any order and any number of times. It carries the moment at which its case was opened:
the cases of a period are then one range of an index, whatever happened to them later.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from bson.int64 import Int64

from .connection import Collection
from .documents import LARGEST, Document, exactly
from .errors import saying
from .journal import Journal
from .layouts import (
    COUNT,
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
from .records import ON_AN_ACCOUNT, Record

COVERING = "for_returns"
"""The index that has all that is counted: returns are read from it without the documents."""
OF_A_PARTY = "by_party"

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

FIGURES = Layout(
    name="figures",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "objectId"},
                "tenant": NAME,
                "policy": NAME,
                "case": NAME,
                "revision": COUNT,
                "opened_at": INSTANT,
                "at": INSTANT,
                "action": NAME,
                "party": TEXT,
                "state": TEXT,
                "outcome": optional(TEXT),
                "effective": optional(TEXT),
                "clause": optional(TEXT),
                "amount": optional(LONG),
                "booked": optional(LONG),
                "unit": optional(NAME),
            }
        )
    },
    indexes=(
        unique("a_record_has_one_figure", ("tenant", 1), ("case", 1), ("revision", 1)),
        # The action before the moment: what an action that is not counted did is not walked.
        listing(
            COVERING,
            ("tenant", 1),
            ("policy", 1),
            ("action", 1),
            ("opened_at", 1),
            ("case", 1),
            ("revision", 1),
            ("party", 1),
            ("state", 1),
            ("outcome", 1),
            ("effective", 1),
            ("clause", 1),
            ("amount", 1),
            ("booked", 1),
            ("unit", 1),
        ),
        listing(OF_A_PARTY, ("tenant", 1), ("policy", 1), ("party", 1), ("opened_at", 1)),
    ),
)

Key: TypeAlias = tuple[str, str]
"""A tenant and a case of it."""


def figure(record: Record, opened_at: datetime) -> Document:
    """The figure of a record, of a case that was opened at that moment."""
    decision: Mapping[str, Any] = record.decision
    amount, unit = _amount(decision.get("amount"))
    if unit is None and record.entries:
        unit = record.entries[0].unit
    own = [entry.amount for entry in record.entries if entry.unit == unit]
    booked = _bounded(sum(own)) if own else None
    return {
        "tenant": record.tenant,
        "policy": record.policy,
        "case": record.case,
        "revision": Int64(record.revision),
        "opened_at": opened_at,
        "at": record.at,
        "action": record.action,
        "party": record.party,
        "state": record.state,
        "outcome": _text(decision.get("outcome")),
        "effective": _text(decision.get("takes_effect")),
        "clause": _deciding(record),
        "amount": amount,
        "booked": booked,
        "unit": unit,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _deciding(record: Record) -> str | None:
    """The first clause of the decision; of a ruling that confirms what was recommended, the first
    of the recommendation, which says why."""
    recommended: Mapping[str, Any] = record.recommendation or {}
    confirms = recommended.get("outcome") == record.decision.get("outcome")
    return (_first(recommended) if confirms else None) or _first(record.decision)


def _first(decision: Mapping[str, Any]) -> str | None:
    clauses = decision.get("clauses")
    return _text(clauses[0]) if isinstance(clauses, list) and clauses else None


def _amount(stated: object) -> tuple[Int64 | None, str | None]:
    """An amount in the smallest unit, and its unit: it is written with all decimals of that."""
    found = stated if isinstance(stated, Mapping) else {}
    amount, unit = found.get("amount"), _text(found.get("unit"))
    if not unit or not isinstance(amount, str) or not _PLAIN.fullmatch(amount):
        return None, None
    return _bounded(int(amount.replace(".", ""))), unit


def _bounded(amount: int) -> Int64 | None:
    """An amount that the store can hold; a list is made again whatever a record says."""
    return Int64(amount) if abs(amount) <= LARGEST else None


async def figures_of(
    records: Iterable[Record], figures: Collection, journal: Journal
) -> list[Document]:
    """The figures of records; what only an account tells is none of a case.

    When a case was opened its first record says: among these, in the figures, or in the journal.
    """
    counted = [record for record in records if not record.case.startswith(ON_AN_ACCOUNT)]
    opened = {_key(record): record.at for record in counted if record.revision == 1}
    opened |= await _known({_key(record) for record in counted} - opened.keys(), figures)
    for tenant, case in {_key(record) for record in counted} - opened.keys():
        founding = await journal.at_revision(tenant, case, 1)
        if founding is not None:
            opened[tenant, case] = founding.at
    return [figure(record, opened.get(_key(record), record.at)) for record in counted]


async def uncounted(records: Sequence[Record], figures: Collection) -> set[tuple[str, str, int]]:
    """Which of these records, by tenant, case and revision, have no figure."""
    wanted = {
        (record.tenant, record.case, record.revision)
        for record in records
        if not record.case.startswith(ON_AN_ACCOUNT)
    }
    cases = {(tenant, case) for tenant, case, _ in wanted}
    found = {
        (*key, int(cast(int, one["revision"])))
        async for key, one in _of_cases(cases, figures, "revision")
    }
    return wanted - found


async def _known(cases: set[Key], figures: Collection) -> dict[Key, datetime]:
    """When cases were opened, as far as the figures know."""
    return {
        key: cast(datetime, one["opened_at"])
        async for key, one in _of_cases(cases, figures, "opened_at", revision=1)
    }


async def _of_cases(
    cases: set[Key], figures: Collection, field: str, **more: object
) -> AsyncIterator[tuple[Key, Document]]:
    """The figures of cases, each with its case and no more than one field."""
    for tenant in {tenant for tenant, _ in cases}:
        query = exactly(tenant=tenant, **more) | {
            "case": {"$in": [case for of, case in cases if of == tenant]}
        }
        cursor = figures.find(query, {"_id": False, "case": True, field: True})
        with saying("reading the figures"):
            async for one in cursor:
                yield (tenant, str(one["case"])), one


def _key(record: Record) -> Key:
    return record.tenant, record.case
