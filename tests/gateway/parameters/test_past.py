"""The past as trials read it: cases by their opening, records in the order they were written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.store import Database, Position
from avoir_gateway.store.past import BY_OPENING
from tests.gateway.store.specimens import record

POLICY = "xpertsource.lead_credit"
OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def opening(number: int, *, policy: str = POLICY, tenant: str = "tenant-1") -> store.Record:
    """The record that opens a case; several cases are opened at one moment."""
    one = record(case=f"case-{number}", revision=1, policy=policy, key=f"key-{number}-{policy}")
    at = OPENED + timedelta(minutes=number // 4)
    return msgspec.structs.replace(one, at=at, tenant=tenant, references=("shared",))


async def test_cases_are_read_by_their_opening(database: Database) -> None:
    """Page by page every case of the policy opened since a moment is read once, latest first."""
    stores = stores_in(database)
    await lay_out(stores)
    cases = [opening(number) for number in range(30)]
    others = [opening(50, policy="conxpros.lead_credit"), opening(51, tenant="tenant-2")]
    await stores.projections.apply([*cases, *others])
    since = OPENED + timedelta(minutes=2)
    tenant = cases[0].tenant
    found: list[Position] = []
    after: Position | None = None
    while page := await stores.past.opened(tenant, POLICY, since, after=after, first=7):
        found += page
        after = page[-1]
    wanted = sorted(((c.at, c.case) for c in cases if c.at >= since), reverse=True)
    assert [(one.at, one.case) for one in found] == wanted
    assert await stores.past.count(tenant, POLICY, since) == len(wanted)


async def test_cases_are_read_from_an_index(database: Database) -> None:
    """The index that trials name is one of the list, and begins with tenant, policy and opening."""
    stores = stores_in(database)
    await lay_out(stores)
    information = await database["cases"].index_information()
    keys = [name for name, _ in information[BY_OPENING]["key"]]
    assert keys[:4] == ["tenant", "policy", "opened_at", "case"]


async def test_records_have_their_place(database: Database) -> None:
    """Records come with what tells which was written first, without what only explains them."""
    stores = stores_in(database)
    await lay_out(stores)
    for number in range(6):
        await stores.journal.append(opening(number))
        await asyncio.sleep(0)
    tenant = opening(0).tenant
    histories = await stores.past.histories(tenant, ["case-0", "case-3", "case-99"])
    assert {case: len(placed) for case, placed in histories.items()} == {"case-0": 1, "case-3": 1}
    (placed,) = histories["case-3"]
    assert placed.record.facts == opening(3).facts
    assert placed.record.notices == ()
    carrying = (await stores.past.carrying(tenant, ["shared", "nobody"]))["shared"]
    assert [one.record.case for one in carrying] == [f"case-{n}" for n in (5, 4, 3, 2, 1, 0)]
    assert sorted(carrying, key=lambda one: one.id) == carrying[::-1]
    assert await stores.past.carrying(tenant, []) == {}
