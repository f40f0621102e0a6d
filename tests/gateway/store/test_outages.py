"""The journal while connections break, callers leave and mongod is killed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from avoir_gateway.store import (
    Appended,
    Client,
    Database,
    Journal,
    KeyConflict,
    LocalMongod,
    Patience,
    Record,
    Repeated,
    StoreUnavailable,
    UnknownOutcome,
    connect,
)
from tests.gateway.store.relay import Fate, Relay, relay
from tests.gateway.store.specimens import entry, record

# The driver looks for a server it has lost every 500 ms: less patience than that is luck.
HURRIED = Patience(find_server_ms=1_500, connect_ms=1_000, answer_ms=2_000, resolve_ms=5_000)


@pytest.fixture
async def between(mongod: LocalMongod, short_folder: Path) -> AsyncIterator[Relay]:
    """A relay before the shared mongod."""
    async with relay(short_folder / "relay.sock", mongod.socket) as made:
        yield made


@pytest.fixture
async def through(between: Relay) -> AsyncIterator[Client]:
    """A client behind the relay, which the driver's own retries do not help."""
    async with connect(between.uri + "&retryWrites=false", HURRIED) as client:
        yield client


@pytest.fixture
def shaky(journal: Journal, database: Database, through: Client) -> Journal:
    """The same journal, reached through the relay."""
    return Journal(through[database.name], HURRIED)


async def test_a_lost_answer_is_resolved(journal: Journal, shaky: Journal, between: Relay) -> None:
    """An insert that took effect and whose answer was lost is found to be ours."""
    between.fates.append(Fate.LOSE_ANSWER)
    made = record(claims=("c",), entries=(entry(1),))
    assert await shaky.append(made) == Appended(made)
    assert await journal.count() == 1


async def test_a_lost_answer_is_resolved_behind_the_drivers_retry(
    journal: Journal, between: Relay, database: Database
) -> None:
    """The same where the driver asks again by itself, and loses that answer too."""
    between.fates.extend([Fate.LOSE_ANSWER, Fate.LOSE_ANSWER])
    made = record()
    async with connect(between.uri, HURRIED) as client:
        again = Journal(client[database.name], HURRIED)
        assert await again.append(made) == Appended(made)
    assert await journal.count() == 1


async def test_an_insert_that_lands_late_does_not_double(
    journal: Journal, shaky: Journal, between: Relay
) -> None:
    """An insert that arrives after the second attempt is refused by the index of keys."""
    between.fates.append(Fate.HOLD)
    made = record()
    assert await shaky.append(made) == Appended(made)
    (answer,) = await between.deliver()
    assert answer["writeErrors"][0]["code"] == 11000  # type: ignore[index]
    assert await journal.count() == 1


async def test_an_unknown_outcome_is_said_to_be_unknown(
    journal: Journal, between: Relay, through: Client, database: Database
) -> None:
    """When no attempt is answered in time the caller is told to ask again with the same key."""
    shaky = Journal(through[database.name], Patience(resolve_ms=300))
    between.fates.extend([Fate.HOLD] * 100)
    made = record(key="k")
    with pytest.raises(UnknownOutcome, match="same key") as unknown:
        await shaky.append(made)
    assert (unknown.value.tenant, unknown.value.key) == ("t-1", "k")
    between.fates.clear()
    assert await journal.by_key("t-1", made.command.by, "k") is None
    landed = await between.deliver()
    assert "writeErrors" not in landed[0]
    assert await shaky.append(record(key="k")) == Repeated(made)
    assert await shaky.append(record(key="k", fingerprint="g")) == KeyConflict(made)


async def test_an_unknown_outcome_stays_unknown_when_the_store_is_gone(
    journal: Journal, between: Relay, through: Client, database: Database
) -> None:
    """After an attempt that may have landed, a store that cannot be reached any more does not
    make it one that never was: the caller is not told that nothing was written."""
    between.fates.append(Fate.VANISH)
    shaky = Journal(through[database.name], Patience(resolve_ms=300))
    made = record()
    with pytest.raises(UnknownOutcome):
        await shaky.append(made)
    await between.deliver()
    assert await journal.append(made) == Repeated(made)


async def test_a_duplicate_that_nobody_can_show_settles_nothing(
    journal: Journal, database: Database
) -> None:
    """A duplicate is reported, but no majority shows a record that stands against it: the insert
    is tried again until it is settled, or said to be unknown."""
    await database["journal"].create_index("state", unique=True, name="no_law")
    await journal.append(record(state="s"))
    with pytest.raises(UnknownOutcome):
        await Journal(database, Patience(resolve_ms=100)).append(record(state="s"))
    made = record(state="s")
    waiting = asyncio.create_task(journal.append(made))
    await asyncio.sleep(0)
    await database["journal"].drop_index("no_law")
    assert await waiting == Appended(made)


async def test_a_caller_that_goes_away_cancels_nothing(
    journal: Journal, shaky: Journal, between: Relay
) -> None:
    """A caller cancelled while its insert is under way leaves a record, and draining waits."""
    between.fates.append(Fate.WAIT)
    made = record()
    caller = asyncio.create_task(shaky.append(made))
    await between.seen.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await journal.latest("t-1", made.case) is None
    between.gate.set()
    await shaky.drain()
    assert await journal.latest("t-1", made.case) == made


async def test_a_store_that_is_down_is_said_to_be_down(
    start_here: Callable[[], LocalMongod],
) -> None:
    """Without a store every question ends within seconds in a clear error; the same client
    serves again when the store is back."""
    mongod = start_here()
    async with connect(mongod.uri, HURRIED) as client:
        journal = Journal(client["avoir"], HURRIED)
        await journal.ensure()
        first, second = record(), record()
        await journal.append(first)
        os.kill(mongod.pid, signal.SIGKILL)

        begun = time.monotonic()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            await journal.latest("t-1", first.case)
        with pytest.raises(StoreUnavailable, match="does not answer"):
            await journal.append(second)
        assert time.monotonic() - begun < 10

        start_here()
        assert await journal.latest("t-1", first.case) == first
        assert await journal.latest("t-1", second.case) is None
        assert await journal.append(second) == Appended(second)


async def test_nothing_acknowledged_is_lost_when_mongod_is_killed(
    start_here: Callable[[], LocalMongod],
) -> None:
    """Under kill -9 amid eight writers all that was acknowledged stands, once, without a gap."""
    mongod = start_here()
    acknowledged: list[Record] = []
    enough, again = asyncio.Event(), asyncio.Event()

    async def write(number: int) -> None:
        account = f"professional:P-{number}:balance"
        seq = 0
        while not again.is_set() or seq < 5:
            seq += 1
            made = record(case=f"c-{number}", revision=seq, entries=(entry(seq, account),))
            outcome = await journal.append(made)
            assert outcome == Appended(made)
            acknowledged.append(made)
            if len(acknowledged) >= 100:
                enough.set()

    async with connect(mongod.uri, HURRIED) as client:
        journal = Journal(client["avoir"])
        await journal.ensure()
        writers = [asyncio.create_task(write(number)) for number in range(8)]
        await enough.wait()
        os.kill(mongod.pid, signal.SIGKILL)
        before = len(acknowledged)
        start_here()
        again.set()
        await asyncio.gather(*writers)
        assert len(acknowledged) > before

        assert await journal.count() == len(acknowledged)
        for number in range(8):
            history = await journal.history("t-1", f"c-{number}")
            assert history == [made for made in acknowledged if made.case == f"c-{number}"]
            lines = await journal.statement("t-1", f"professional:P-{number}:balance", limit=1_000)
            seqs = [line.entry.seq for line in lines]
            assert seqs == list(range(len(history), 0, -1))
