"""Lists while processes serve: brought up a few times a second, and mended from the feed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from avoir_gateway.store import Database, Journal, Lag, Listings, Projections, Record
from avoir_gateway.store.coalescing import Coalescing
from avoir_gateway.store.tailing import Tailer
from tests.gateway.store.specimens import entry, record

LONGEST_SECONDS = 20


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tailer that gives others little time."""
    monkeypatch.setattr("avoir_gateway.store.tailing.GRACE_SECONDS", 0.05)
    monkeypatch.setattr("avoir_gateway.store.tailing.PAUSE_SECONDS", 0.05)


@asynccontextmanager
async def _tailing(projections: Projections) -> AsyncIterator[list[Record]]:
    """A tailer at work, and the records of which it told."""
    told: list[Record] = []
    tailer = Tailer(projections, told.append)
    tailer.start()
    try:
        yield told
    finally:
        await tailer.stop()


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        while not await holds():  # noqa: ASYNC110 - a store answers to no event
            await asyncio.sleep(0.02)


async def test_what_a_killed_process_left_out_is_mended(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A record that its process wrote and never listed comes into the lists while another
    process serves, and into its mark."""

    async def listed() -> bool:
        return await listings.case("t-1", "left") is not None

    async def up_to_date() -> bool:
        return await projections.behind() == Lag()

    async with _tailing(projections):
        await _until(up_to_date)
        await journal.append(record(case="left", entries=(entry(1),)))
        await _until(listed)
        await _until(up_to_date)


async def test_every_record_is_told_of(journal: Journal, projections: Projections) -> None:
    """Whoever follows hears of each record once, in the order in which they were written."""
    async with _tailing(projections) as told:

        async def follows() -> bool:
            await journal.append(record())
            await asyncio.sleep(0.05)
            return bool(told)

        await _until(follows)
        made = [record(case="c", revision=n) for n in range(1, 20)]
        for one in made:
            await journal.append(one)

        async def heard() -> bool:
            return bool(told) and told[-1] == made[-1]

        await _until(heard)
        assert [one for one in told if one.case == "c"] == made


async def test_lists_that_are_lost_while_a_process_serves_are_made_again(
    database: Database, journal: Journal, projections: Projections, listings: Listings
) -> None:
    """Where the journal's feed ends under a tailer, it makes the lists anew from the journal and
    goes on following."""

    async def listed() -> bool:
        return await listings.case("t-1", "before") is not None

    async with _tailing(projections) as told:
        await journal.append(record(case="before"))
        await _until(listed)
        await database.drop_collection("journal")
        await journal.ensure()
        told.clear()

        number = 0

        async def follows_on() -> bool:
            nonlocal number
            number += 1
            await journal.append(record(case=f"after-{number}"))
            await asyncio.sleep(0.1)
            return bool(told)

        await _until(follows_on)

        async def all_listed() -> bool:
            return await listings.case("t-1", f"after-{number}") is not None

        await _until(all_listed)


async def test_lists_may_be_ahead_of_the_feed(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A list that already shows a later record is not set back by the feed's earlier one."""
    older = record(case="c", revision=1)
    newer = record(case="c", revision=2, state="approved")
    await projections.catch_up()
    await journal.append(older)
    await journal.append(newer)
    await projections.apply([newer])
    async with _tailing(projections):

        async def caught_up() -> bool:
            return await projections.behind() == Lag()

        await _until(caught_up)
    row = await listings.case("t-1", "c")
    assert row is not None
    assert (row.revision, row.state) == (2, "approved")


async def test_lists_are_brought_up_before_long(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """An acknowledged record comes into the lists by itself, without anybody asking."""
    lists = Coalescing(projections)
    made = record(case="soon")
    await journal.append(made)
    lists.add(made)
    assert await listings.case("t-1", "soon") is None

    async def listed() -> bool:
        return await listings.case("t-1", "soon") is not None

    await _until(listed)


async def test_whoever_asks_sees_what_was_acknowledged(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """After `flush` the lists show every record that this process had acknowledged, also those
    that somebody else was just writing."""
    lists = Coalescing(projections)
    made = [record(case=f"c-{n}") for n in range(50)]
    for one in made:
        await journal.append(one)
        lists.add(one)
    await asyncio.gather(lists.flush(), lists.flush())
    assert all([await listings.case("t-1", one.case) for one in made])
    await lists.drain()
