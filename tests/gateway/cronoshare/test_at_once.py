"""Acts that meet: two services on one store; whatever their order, limit and law hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from avoir_gateway import store
from avoir_gateway.store import LocalMongod
from tests.gateway.cronoshare.shop import (
    FEE,
    Shop,
    case_of,
    net_refunded,
    opened,
    outcome,
    serving,
)

MANY = 16
COMMISSION = 80
PRICE = COMMISSION + FEE


@pytest.fixture
async def shop(database: store.Database, mongod: LocalMongod) -> AsyncIterator[Shop]:
    """A tenant that two services serve, each with a client of its own."""
    async with store.connect(mongod.uri) as other:
        yield await opened(await serving(database), await serving(other[database.name]))


@pytest.mark.parametrize("times", [2, MANY])
@pytest.mark.parametrize("room", [1, 3])
async def test_purchases_at_once_never_pass_the_limit(shop: Shop, times: int, room: int) -> None:
    """However many are bought at once, no more is advanced than the limit allows."""
    await shop.set_limit("P-1", room * PRICE)
    done = await asyncio.gather(
        *(shop.buy("P-1", f"O-{n}", COMMISSION, by=n) for n in range(times))
    )
    came = Counter(map(outcome, done))
    fitting = min(room, times)
    assert came == Counter(approved=fitting, blocked=times - fitting)
    assert await shop.balances("P-1") == (0, fitting * PRICE)


async def test_a_lower_limit_meets_a_purchase(shop: Shop) -> None:
    """A limit that is taken away while a contact is bought holds before the purchase or after."""
    await shop.set_limit("P-1", PRICE)
    done, _ = await asyncio.gather(
        shop.buy("P-1", "O-1", COMMISSION, by=0),
        shop.act("operator", "set_advance_limit", {"new_advance_limit": "0"}, party="P-1", by=1),
    )
    lines = await shop.lines("P-1")
    bought, set_to = (
        next(i for i, line in enumerate(lines) if line.record.action == action)
        for action in ("buy_contact", "set_advance_limit")
    )
    lowered = len(lines) - 1 if lines[-1].record.action == "set_advance_limit" else set_to + 1
    assert outcome(done) == ("approved" if bought < lowered else "blocked")


async def bought(shop: Shop, balance: int = PRICE) -> str:
    """A contact that was bought out of what was paid in."""
    await shop.top_up("P-1", balance)
    return case_of(await shop.buy("P-1", "O-1", COMMISSION))


@pytest.mark.parametrize("times", [2, MANY])
async def test_the_same_refund_is_one(shop: Shop, times: int) -> None:
    """Of many refunds of one contact one takes effect, and the others are told that it did."""
    case = await bought(shop)
    done = await asyncio.gather(*(shop.refund("P-1", case, by=n) for n in range(times)))
    assert Counter(map(outcome, done)) == Counter(approved=1, refused=times - 1)
    assert net_refunded((await shop.seen(case)).case.records) == COMMISSION
    assert await shop.balances("P-1") == (COMMISSION, 0)


@pytest.mark.parametrize("times", [2, MANY])
async def test_the_same_refund_under_one_key_is_answered_alike(shop: Shop, times: int) -> None:
    """A refund that is sent again and again under its key is made once, and answered each time."""
    case = await bought(shop)
    done = await asyncio.gather(
        *(shop.refund("P-1", case, by=n, key="the-refund") for n in range(times))
    )
    assert Counter(map(outcome, done)) == Counter(approved=times)
    assert await shop.balances("P-1") == (COMMISSION, 0)


@pytest.mark.parametrize("times", [1, 8])
async def test_a_rectification_takes_effect_once(shop: Shop, times: int) -> None:
    """Refunds and rectifications at once: what came back is nothing, or the commission."""
    case = await bought(shop)
    acts = [
        act
        for n in range(times)
        for act in (
            shop.refund("P-1", case, by=n),
            shop.act("P-1", "rectify", case=case, by=n + 1),
        )
    ]
    came = Counter(map(outcome, await asyncio.gather(*acts)))
    records = (await shop.seen(case)).case.records
    effective = [record.action for record in records[1:] if record.postings]
    assert came["approved"] == 1
    assert effective in (["refund"], ["refund", "rectify"])
    assert came["recorded"] == len(effective) - 1
    assert net_refunded(records) == (COMMISSION if effective == ["refund"] else 0)
    assert sum(await shop.balances("P-1")) == net_refunded(records)


async def test_the_same_purchase_is_one(shop: Shop) -> None:
    """One offer is bought once by one professional, however often he asks at once."""
    await shop.top_up("P-1", 10 * PRICE)
    done = await asyncio.gather(*(shop.buy("P-1", "O-1", COMMISSION, by=n) for n in range(MANY)))
    assert Counter(map(outcome, done)) == Counter(approved=1, CONFLICT=MANY - 1)
    assert await shop.balances("P-1") == (9 * PRICE, 0)
