"""Sealing: whatever is recorded comes into the chain of its tenant once, whoever fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from bson.objectid import ObjectId

from avoir_gateway.store import Administration, Database, Journal, StoreUnavailable
from avoir_gateway.store.elements import as_bytes
from avoir_gateway.store.recorded import Recordings
from avoir_gateway.store.sealing import Sealing
from avoir_gateway.store.seals import MOST, Block, Seal, Seals, Source, hash_of, read
from tests.gateway.audit.conftest import Verify
from tests.gateway.audit.orders import order, write
from tests.gateway.store.specimens import append_all, record

LONGEST_SECONDS = 30


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealers that wait for little."""
    for name in ("EVERY_SECONDS", "PAUSE_SECONDS"):
        monkeypatch.setattr(f"avoir_gateway.store.sealing.{name}", 0.02)
    monkeypatch.setattr("avoir_gateway.store.sealing.LEASE_SECONDS", 1.0)


async def chain(database: Database, tenant: str = "t-1") -> list[Block]:
    """The blocks of a tenant, each of which is as it was made and follows the one before it."""
    blocks = [data async for data in Seals(database).blocks(tenant)]
    read_ = [read(data) for data in blocks]
    assert [hash_of(data) for data in blocks] == [block.hash for block in read_]
    assert [block.number for block in read_] == list(range(1, len(read_) + 1))
    hashes = ["0" * 64, *(block.hash for block in read_)]
    assert [block.previous for block in read_] == hashes[:-1]
    return read_


async def everything_is_sealed_once(database: Database, tenant: str = "t-1") -> list[Block]:
    """Every record of a tenant stands in one block once, with the digest of its bytes."""
    blocks = await chain(database, tenant)
    sealed = Counter((e.source, e.record, e.digest) for block in blocks for e in block.entries)
    stored: Counter[tuple[Source, ObjectId, str]] = Counter()
    for source in Source:
        async for found in as_bytes(database[source.value]).find({"tenant": tenant}):
            stored[source, found["_id"], sha256(found.raw).hexdigest()] += 1
    assert sealed == stored
    return blocks


@asynccontextmanager
async def at_work(*sealers: Sealing) -> AsyncIterator[None]:
    """These sealers, while this lasts."""
    for sealer in sealers:
        sealer.start()
    try:
        yield
    finally:
        for sealer in sealers:
            await sealer.stop()


async def until_sealed(database: Database, count: int, tenant: str = "t-1") -> None:
    """Wait until so many records of a tenant are sealed."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while sum(len(b.entries) for b in await chain(database, tenant)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_chain_for_each_tenant(
    database: Database, journal: Journal, administration: Administration, sealing: Sealing
) -> None:
    """Decisions and changes of the configuration come into the chain of their tenant, and into
    no other; where nothing is new no block is made."""
    assert await sealing.catch_up() == 0
    await append_all(journal, [record(tenant=f"t-{n % 2 + 1}") for n in range(7)])
    await write(administration, order(), order("t-2"), order("t-3"))
    assert await sealing.catch_up() == 10
    assert await sealing.catch_up() == 0
    assert len(await everything_is_sealed_once(database, "t-1")) == 1
    assert [e.source for b in await chain(database, "t-3") for e in b.entries] == ["administration"]
    await append_all(journal, [record()])
    assert await sealing.catch_up() == 1
    first, second = await everything_is_sealed_once(database, "t-1")
    assert second.sealed_at >= first.sealed_at
    assert await chain(database, "t-9") == []


async def test_the_chain_grows_behind_a_load(
    database: Database, journal: Journal, sealing: Sealing
) -> None:
    """While many write at once, everything comes into the chain before long, in small blocks."""
    async with at_work(sealing):
        for _ in range(10):
            await asyncio.gather(*(journal.append(record()) for _ in range(60)))
        await until_sealed(database, 600)
    assert len(await everything_is_sealed_once(database)) > 1


async def test_two_sealers_at_once(
    database: Database, journal: Journal, administration: Administration
) -> None:
    """Sealers of two processes seal under a load what is written, never twice and without gap;
    when the one that seals is told to stop, the other goes on."""
    one, other = Sealing(database), Sealing(database)
    await one.ensure()
    async with at_work(one, other):
        await asyncio.gather(*(journal.append(record()) for _ in range(200)))
        await until_sealed(database, 200)
        await one.stop()
        await asyncio.gather(*(journal.append(record()) for _ in range(200)))
        await write(administration, order())
        await until_sealed(database, 401)
    await everything_is_sealed_once(database)


async def test_the_lease_is_no_law(database: Database, journal: Journal, sealing: Sealing) -> None:
    """Where several seal the same at the same time, as those do who believe that they hold the
    lease, each record is sealed once all the same."""
    await sealing.catch_up()
    for _ in range(3):
        await append_all(journal, [record() for _ in range(30)])
        made = await asyncio.gather(*(Sealing(database).catch_up() for _ in range(4)))
        assert sum(made) == 30
    await everything_is_sealed_once(database)


async def test_blocks_are_bounded(database: Database, journal: Journal, sealing: Sealing) -> None:
    """More than fits into one block goes into several."""
    for _ in range(MOST // 50):
        await append_all(journal, [record() for _ in range(50)])
    await journal.append(record())
    await sealing.catch_up()
    blocks = await everything_is_sealed_once(database)
    assert [len(block.entries) for block in blocks] == [MOST, 1]


async def test_an_end_between_block_and_mark(
    database: Database, journal: Journal, sealing: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes again since the mark had not moved is found to be sealed, and new records beside
    it are sealed."""
    await sealing.catch_up()
    await append_all(journal, [record() for _ in range(5)])

    async def ends(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Recordings, "remember", ends)
        with pytest.raises(KeyboardInterrupt):
            await sealing.catch_up()
    assert len(await chain(database)) == 1
    await append_all(journal, [record() for _ in range(2)])
    assert await sealing.catch_up() == 2
    assert [len(b.entries) for b in await everything_is_sealed_once(database)] == [5, 2]


@pytest.mark.parametrize("how", ["gone", "damaged", "ahead"])
async def test_a_mark_that_is_lost(
    database: Database, journal: Journal, administration: Administration, sealing: Sealing, how: str
) -> None:
    """Without a usable mark what no block holds is looked for everywhere: records of before the
    first start too, whatever their ids say of their age."""
    await append_all(journal, [record() for _ in range(3)])
    await sealing.catch_up()
    await append_all(journal, [record() for _ in range(3)])
    await write(administration, order())
    document = await database["journal"].find_one({})
    assert document is not None
    old = ObjectId("0" * 24)
    await database["journal"].insert_one(
        {**document, "_id": old, "case": "old", "command": {**document["command"], "key": "old"}}  # type: ignore[dict-item]
    )
    marks = database["marks"]
    if how == "gone":
        await marks.delete_one({"_id": "seals"})
    else:
        token = {"damaged": "82", "ahead": "FF" + "0" * 60}[how]
        await marks.replace_one({"_id": "seals"}, {"token": {"_data": token}})
    assert await sealing.catch_up() == 5
    assert await sealing.catch_up() == 0
    _, last = await everything_is_sealed_once(database)
    assert last.entries[0].record == old


async def test_a_mark_that_is_lost_while_serving(
    database: Database, journal: Journal, sealing: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sealer at work whose feed ends walks through everything, and follows on."""
    async with at_work(sealing):
        await append_all(journal, [record() for _ in range(3)])
        await until_sealed(database, 3)
        await sealing.stop()
        await database["marks"].replace_one({"_id": "seals"}, {"token": {"_data": "82"}})
        await append_all(journal, [record()])
        again = Sealing(database)
        async with at_work(again):
            await until_sealed(database, 4)
            await append_all(journal, [record()])
            await until_sealed(database, 5)
    await everything_is_sealed_once(database)


async def test_what_cannot_be_sealed_holds_nothing_up(
    database: Database, journal: Journal, sealing: Sealing, verify: Verify
) -> None:
    """What was put beside the journal's validator without a sound id is passed over, and found."""
    await sealing.catch_up()
    await append_all(journal, [record()])
    await database.command(
        "insert",
        "journal",
        documents=[{"_id": "a text", "tenant": "t-1"}],
        bypassDocumentValidation=True,
    )
    await append_all(journal, [record()])
    assert await sealing.catch_up() == 2
    _, (finding,) = await verify()
    assert (finding.kind, finding.record) == ("record_unsealed", "a text")


async def test_who_is_always_overtaken_says_so(
    database: Database, sealing: Sealing, seals: Seals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every block meets another in its place, the attempts come to an end."""
    monkeypatch.setattr("avoir_gateway.store.seals.PAUSE_SECONDS", 0.0)

    async def never(*_: object) -> None:
        return None

    one = Seal(Source.JOURNAL, ObjectId(), "0" * 64, "0" * 8)
    await seals.append("t-1", [one])
    monkeypatch.setattr(Seals, "head", never)
    with pytest.raises(StoreUnavailable):
        await seals.append("t-1", [Seal(Source.JOURNAL, ObjectId(), "0" * 64, "0" * 8)])
