"""Acts that meet: two services on one store; whatever their order, limit and law hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

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


class Finds(CommandListener):
    """Counts what is read from the journal."""

    def __init__(self) -> None:
        self.number = 0

    def started(self, event: CommandStartedEvent) -> None:
        self.number += event.command.get("find") == "journal"

    def succeeded(self, event: object) -> None:
        pass

    def failed(self, event: object) -> None:
        pass


async def test_who_waits_for_a_turn_asks_with_the_others(
    database: store.Database, mongod: LocalMongod
) -> None:
    """Many purchases of one account at once read the journal a few times, not once each."""
    finds = Finds()
    async with AsyncMongoClient[dict[str, object]](
        mongod.uri, event_listeners=[finds], tz_aware=True
    ) as client:
        shop = await opened(await serving(client[database.name]))
        await shop.top_up("P-1", MANY * PRICE)
        finds.number = 0
        done = await asyncio.gather(*(shop.buy("P-1", f"O-{n}", COMMISSION) for n in range(MANY)))
    assert Counter(map(outcome, done)) == Counter(approved=MANY)
    assert finds.number <= MANY // 4


@pytest.mark.parametrize("by", [0, 1])
@pytest.mark.parametrize("first", ["buy_contact", "set_advance_limit"])
async def test_a_lower_limit_meets_a_purchase(shop: Shop, by: int, first: str) -> None:
    """A limit that is taken away while a contact is bought holds before the purchase or after,
    whether one service takes both acts or each takes one, and whichever comes first."""
    await shop.set_limit("P-1", PRICE)
    buying = shop.buy("P-1", "O-1", COMMISSION, by=0)
    lowering = shop.act(
        "operator", "set_advance_limit", {"new_advance_limit": "0"}, party="P-1", by=by
    )
    if first == "buy_contact":
        done, _ = await asyncio.gather(buying, lowering)
    else:
        _, done = await asyncio.gather(lowering, buying)
    before, after = [line.record.action for line in await shop.lines("P-1")][1:]
    assert {before, after} == {"buy_contact", "set_advance_limit"}
    assert outcome(done) == ("approved" if before == "buy_contact" else "blocked")


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
