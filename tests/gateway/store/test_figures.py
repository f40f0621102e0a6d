"""Figures: what each record leaves to be counted, and nothing that is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from bson.int64 import Int64
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import WriteError

from avoir.documents import money
from avoir.money import Money, Unit
from avoir_gateway.store import ON_AN_ACCOUNT, Database, Entry, Journal, Projections, Record
from avoir_gateway.store.documents import Document
from avoir_gateway.store.figures import figure
from tests.gateway.store.specimens import NOON, append_all, entry, record

DECISION: Mapping[str, Any] = {
    "outcome": "approved",
    "takes_effect": "on_ruling",
    "clauses": ["C-1", "C-2"],
    "amount": {"amount": "120.05", "unit": "CAD"},
}


def deciding(*entries: Entry, **decision: Any) -> Record:
    """A record with this decision, and these entries."""
    made = record(case="c", revision=2, at=NOON + timedelta(hours=1), entries=entries)
    return msgspec.structs.replace(made, decision={**DECISION, **decision})


def test_a_figure_says_what_its_record_says() -> None:
    """A figure has what is counted of a record, its amounts in the smallest unit, and the opening
    of its case."""
    assert figure(deciding(entry(1, amount=-30)), NOON) == {
        "tenant": "t-1",
        "policy": "xpertsource.lead_credit",
        "case": "c",
        "revision": 2,
        "opened_at": NOON,
        "at": NOON + timedelta(hours=1),
        "action": "request_credit",
        "party": "professional:P-1",
        "state": "claimable",
        "outcome": "approved",
        "effective": "on_ruling",
        "clause": "C-1",
        "amount": 12005,
        "booked": -30,
        "unit": "CAD",
    }


def test_numbers_are_64_bits_wide() -> None:
    """Every number of a figure goes to the store as the store keeps it."""
    made = figure(deciding(entry(1)), NOON)
    numbers = ("revision", "amount", "booked")
    assert [type(made[name]) for name in numbers] == [Int64] * 3


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 18))
def test_an_amount_is_read_as_it_was_written(smallest: int, decimals: int) -> None:
    """Whatever the decimals of its unit, an amount comes back in the smallest unit."""
    amount = money(Money(smallest, Unit("UNIT", decimals)))
    assert figure(deciding(amount=amount), NOON)["amount"] == smallest


@pytest.mark.parametrize(
    "amount",
    [None, {}, 5, "5", {"amount": "5"}, {"amount": 5, "unit": "CAD"}, {"unit": "CAD"},
     {"amount": "1e5", "unit": "CAD"}, {"amount": "", "unit": "CAD"},
     {"amount": "5", "unit": ""}, {"amount": "٣", "unit": "CAD"}],
)  # fmt: skip
def test_what_is_no_amount_is_none(amount: object) -> None:
    """A record whose amount cannot be read is counted without one, and stops no rebuild."""
    made = figure(deciding(amount=amount), NOON)
    assert (made["amount"], made["booked"], made["unit"]) == (None, None, None)


def test_an_amount_beyond_64_bits_is_none() -> None:
    """What the store could not hold is left out, decided or booked."""
    huge = {"amount": str(2**63), "unit": "CAD"}
    most = 2**63 - 1
    both = (entry(1, "professional:P-1:a", most, 0), entry(1, "professional:P-1:b", most, 0))
    made = figure(deciding(*both, amount=huge), NOON)
    assert (made["amount"], made["booked"], made["unit"]) == (None, None, "CAD")


@pytest.mark.parametrize(
    ("entries", "amount", "booked", "unit"),
    [
        ((), None, None, None),
        ((), "CAD", None, "CAD"),
        ((("a", 0, "CAD"),), None, 0, "CAD"),
        ((("a", 50, "CAD"), ("b", -20, "CAD")), None, 30, "CAD"),
        ((("a", 50, "CAD"), ("b", 7, "USD")), "USD", 7, "USD"),
        ((("a", 50, "CAD"), ("b", 7, "USD")), None, 50, "CAD"),
        ((("a", 50, "CAD"),), "USD", None, "USD"),
    ],
)
def test_what_was_booked(
    entries: tuple[tuple[str, int, str], ...],
    amount: str | None,
    booked: int | None,
    unit: str | None,
) -> None:
    """What was booked is the net of the party's accounts in one unit: that of the decision, or of
    the first entry; amounts of two units are never added."""
    own = tuple(
        msgspec.structs.replace(entry(1, f"professional:P-1:{name}", n, 0), unit=code)
        for name, n, code in entries
    )
    decided = None if amount is None else {"amount": "1.00", "unit": amount}
    made = figure(deciding(*own, amount=decided), NOON)
    assert (made["booked"], made["unit"]) == (booked, unit)


@pytest.mark.parametrize(
    ("clauses", "recommended", "clause"),
    [
        (["C-1"], None, "C-1"),
        ([], None, None),
        (["C-1"], {"outcome": "approved", "clauses": ["C-9", "C-1"]}, "C-9"),
        (["C-1"], {"outcome": "refused", "clauses": ["C-9"]}, "C-1"),
        (["C-1"], {"outcome": "approved", "clauses": []}, "C-1"),
        (["C-1"], {}, "C-1"),
    ],
)
def test_the_deciding_clause(
    clauses: list[str], recommended: dict[str, Any] | None, clause: str | None
) -> None:
    """A decision is counted under its first clause; a ruling that confirms what was recommended
    under that of the recommendation, which says why, and one that does not under its own."""
    ruled = msgspec.structs.replace(deciding(clauses=clauses), recommendation=recommended)
    assert figure(ruled, NOON)["clause"] == clause


async def test_an_action_on_an_account_has_no_figure(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """Only what was done on a case is counted."""
    made = [record(case=f"{ON_AN_ACCOUNT}x:top_up:1", entries=(entry(1),)), record(case="c")]
    await append_all(journal, made)
    await projections.apply(made)
    assert [one["case"] async for one in database["figures"].find({})] == ["c"]
    await database["figures"].delete_many({})
    await projections.rebuild()
    assert [one["case"] async for one in database["figures"].find({})] == ["c"]


async def test_a_figure_is_written_once(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """A figure never changes: one that is there already is left as it is."""
    made = record(case="c")
    await append_all(journal, [made])
    await projections.apply([made])
    before = await database["figures"].find_one({})
    await projections.apply([msgspec.structs.replace(made, action="another")])
    await projections.apply([made, made])
    assert [one async for one in database["figures"].find({})] == [before]


async def test_the_opening_is_looked_up_where_it_is_not_known(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """A later record that comes before the first one takes the opening from the journal."""
    first = record(case="c")
    later = [record(case="c", revision=n, at=NOON + timedelta(days=n)) for n in (2, 3)]
    await append_all(journal, [first, *later])
    await projections.apply(later[1:])
    await projections.apply(later[:1])
    rows = [one async for one in database["figures"].find({}).sort("revision")]
    assert [(one["revision"], one["opened_at"]) for one in rows] == [(2, NOON), (3, NOON)]


@pytest.mark.parametrize(
    "changed",
    [{"amount": 1.5}, {"amount": 1}, {"booked": "1"}, {"opened_at": "2026"}, {"more": 1},
     {"action": ""}, {"tenant": None}, {"revision": Int64(0)}],
    ids=str,
)  # fmt: skip
async def test_the_validator_refuses_what_is_no_figure(
    database: Database, projections: Projections, changed: Document
) -> None:
    """Floats, narrow numbers, missing and further fields are refused by the store itself."""
    sound = figure(deciding(entry(1)), NOON)
    await database["figures"].insert_one(dict(sound))
    with pytest.raises(WriteError, match="Document failed validation"):
        await database["figures"].insert_one({**sound, "case": "other", **changed})
