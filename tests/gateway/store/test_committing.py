"""Group commit: records that go to the journal together, and what becomes of each."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace
from pymongo.errors import PyMongoError

from avoir_gateway.store import (
    JSON,
    Appended,
    Claimed,
    Database,
    Journal,
    LocalMongod,
    NotStorable,
    Patience,
    Record,
    Repeated,
    Stale,
    connect,
)
from avoir_gateway.store.committing import Committer, Lane, Outcome, Overtaken
from avoir_gateway.store.records import slim
from tests.gateway.store.relay import Fate, relay
from tests.gateway.store.specimens import entry, record

PARTY = "professional:P-1"


@pytest.fixture
def committer(journal: Journal) -> Committer:
    """A committer of that journal."""
    return Committer(journal)


async def _all(committer: Committer, records: list[Record]) -> list[Outcome]:
    """Submit records at once, each in the lane of its party, and wait for the outcomes."""
    told = [committer.submit(r, committer.lane(r.tenant, r.party)) for r in records]
    return list(await asyncio.gather(*told))


async def _seqs(journal: Journal) -> list[int]:
    lines = await journal.statement("t-1", "professional:P-1:balance")
    return [line.entry.seq for line in lines]


def _chain(long: int) -> list[Record]:
    return [record(entries=(entry(seq),)) for seq in range(1, long + 1)]


async def test_many_lanes_go_together(committer: Committer, journal: Journal) -> None:
    """Records of many parties at once all stand in the journal, each with an outcome."""
    made = [record(party=f"professional:P-{n}") for n in range(200)]
    assert await _all(committer, made) == [Appended(one) for one in made]
    assert await journal.count() == 200


async def test_a_lane_keeps_its_order(committer: Committer, journal: Journal) -> None:
    """Sixty-four entries of one account, submitted at once, follow one another."""
    made = _chain(64)
    assert await _all(committer, made) == [Appended(one) for one in made]
    assert await _seqs(journal) == list(range(64, 0, -1))


async def test_what_stands_behind_a_failure_is_overtaken(
    committer: Committer, journal: Journal
) -> None:
    """In a lane, a command that took effect before is told its answer; those decided on top of it
    are told to decide again, and the account has no gap."""
    before = record(key="once")
    await journal.append(before)
    made = _chain(20)
    again = record(key="once", entries=(entry(10),))
    made[9] = again
    found = await _all(committer, made)
    assert found[:9] == [Appended(one) for one in made[:9]]
    assert found[9] == Repeated(before)
    assert found[10:] == [Overtaken()] * 10
    assert await _seqs(journal) == list(range(9, 0, -1))


async def test_a_broken_lane_takes_nothing(committer: Committer, journal: Journal) -> None:
    """Whoever still holds a lane that broke is told to decide again, and a new lane serves."""
    await journal.append(record(claims=("lead:L-1",)))
    lane = committer.lane("t-1", PARTY)
    found = await committer.submit(record(claims=("lead:L-1",)), lane)
    assert isinstance(found, Claimed)
    assert await committer.submit(record(), lane) == Overtaken()
    fresh = committer.lane("t-1", PARTY)
    assert fresh is not lane
    assert fresh.after_a_break
    assert isinstance(await committer.submit(record(), fresh), Appended)


async def test_a_failure_among_lanes_harms_no_other(committer: Committer, journal: Journal) -> None:
    """Of records of many parties, those that stand against something fail, and only they."""
    await journal.append(record(claims=("lead:L-1",)))
    holder = record(case="taken")
    await journal.append(holder)
    made = [record(party=f"professional:P-{n}") for n in range(60)]
    made[7] = record(party="professional:P-7", claims=("lead:L-1",))
    made[40] = record(party="professional:P-40", case="taken")
    found = await _all(committer, made)
    assert isinstance(found[7], Claimed)
    assert isinstance(found[40], Stale)
    assert found[40].holder == holder
    others = [one for n, one in enumerate(found) if n not in (7, 40)]
    assert others == [Appended(one) for n, one in enumerate(made) if n not in (7, 40)]
    assert await journal.count() == 60


async def test_one_command_in_two_lanes_takes_effect_once(
    committer: Committer, journal: Journal
) -> None:
    """The same key in one batch, by way of two lanes: one is written, the other is told of it."""
    made = [
        record(key="once", party="professional:P-1"),
        record(key="once", party="professional:P-2"),
    ]
    found = await _all(committer, made)
    assert found == [Appended(made[0]), Repeated(made[0])]
    assert await journal.count() == 1


async def test_what_cannot_be_stored_harms_no_batch(committer: Committer, journal: Journal) -> None:
    """A value that cannot be encoded is refused before it is queued, and breaks no lane."""
    lane = committer.lane("t-1", PARTY)
    first = committer.submit(record(), lane)
    with pytest.raises(NotStorable):
        _ = committer.submit(record(facts={"n": 2**70}), lane)
    assert isinstance(await first, Appended)
    assert committer.lane("t-1", PARTY) is lane
    assert await journal.count() == 1


async def test_a_caller_that_goes_away_cancels_nobody(
    committer: Committer, journal: Journal
) -> None:
    """Callers that are cancelled leave their records on the way, and those of others too."""
    made = _chain(12)
    lane = committer.lane("t-1", PARTY)
    told = [committer.submit(one, lane) for one in made]
    for gone in told[::2]:
        gone.cancel()
    assert await asyncio.gather(*told[1::2]) == [Appended(one) for one in made[1::2]]
    await committer.drain()
    assert await _seqs(journal) == list(range(12, 0, -1))


async def test_a_stop_waits_for_what_is_on_its_way(committer: Committer, journal: Journal) -> None:
    """After `drain` every record that was submitted has its outcome."""
    told = [
        committer.submit(one, committer.lane("t-1", one.party))
        for one in [record(party=f"professional:P-{n}") for n in range(150)]
    ]
    await committer.drain()
    assert all(one.done() for one in told)
    assert await journal.count() == 150


async def test_a_lane_knows_what_is_on_its_way(committer: Committer) -> None:
    """What is submitted is what the next decision of that party rests on, before any answer."""
    lane = committer.lane("t-1", PARTY)
    first = record(case="c", entries=(entry(1),))
    told = committer.submit(first, lane)
    balance = lane.balance("professional:P-1:balance")
    assert balance is not None
    assert balance.seq == 1
    assert lane.case("c") == (slim(first),)
    await lane.at_rest()
    assert told.done()


async def test_a_lane_keeps_of_a_case_what_was_known_and_decided(committer: Committer) -> None:
    """What a decision says to people is not kept in a lane, nor the entries it made, whether it was
    written or read there; the matter of an account is no case and is not kept at all."""
    decision: dict[str, JSON] = {"outcome": "approved", "amount": None, "clauses": ["C-1"]}
    said: dict[str, JSON] = {"findings": [{"status": "met"}], "cited": [{"id": "C-1"}]}
    written = replace(record(case="written", entries=(entry(1),)), decision=decision | said)
    read = replace(record(case="read"), decision=decision | said)
    lane = committer.lane("t-1", PARTY)
    told = [committer.submit(written, lane), committer.submit(record(case="account:1"), lane)]
    lane.learn_case("read", (read,))
    for one in (written, read):
        assert lane.case(one.case) == (replace(one, decision=decision, entries=()),)
    assert lane.case("account:1") is None
    await asyncio.gather(*told)


async def test_news_of_another_process_ends_what_a_lane_knew(committer: Committer) -> None:
    """Once the feed tells of a later entry than the lane knows, the lane begins anew; its own
    records coming back by the feed change nothing."""
    lane = committer.lane("t-1", PARTY)
    own = record(entries=(entry(1),))
    await committer.submit(own, lane)
    committer.notice(own)
    assert committer.lane("t-1", PARTY) is lane
    committer.notice(record(entries=(entry(2),)))
    assert committer.lane("t-1", PARTY) is not lane


async def test_beginning_anew_lets_the_lane_finish(committer: Committer, journal: Journal) -> None:
    """Beginning anew overtakes nothing that is already on its way."""
    lane = committer.lane("t-1", PARTY)
    told = [committer.submit(one, lane) for one in _chain(30)]
    await committer.begin_anew(lane)
    assert {type(one.result()) for one in told} == {Appended}
    assert committer.lane("t-1", PARTY) is not lane
    assert await journal.count() == 30


def test_lanes_are_kept_to_a_number(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more parties than are kept, the one that was quiet longest is forgotten."""
    monkeypatch.setattr("avoir_gateway.store.committing.LANES", 2)
    committer = Committer(journal)
    lanes: list[Lane] = [committer.lane("t-1", f"professional:P-{n}") for n in range(3)]
    assert committer.lane("t-1", "professional:P-2") is lanes[2]
    assert committer.lane("t-1", "professional:P-0") is not lanes[0]


@pytest.mark.parametrize("fate", [Fate.LOSE_ANSWER, Fate.HOLD])
@pytest.mark.parametrize("lanes", [1, 30], ids=["a chain", "many lanes"])
async def test_a_batch_without_an_answer_takes_effect_once(
    journal: Journal,
    database: Database,
    mongod: LocalMongod,
    short_folder: Path,
    fate: Fate,
    lanes: int,
) -> None:
    """Where the answer to a batch is lost, or the batch itself arrives late, each of its records
    is settled by itself: all stand in the journal once, and nothing lands behind them."""
    hurried = Patience(find_server_ms=1_500, connect_ms=1_000, answer_ms=2_000, resolve_ms=8_000)
    async with relay(short_folder / "batch.sock", mongod.socket) as between:
        async with connect(between.uri + "&retryWrites=false", hurried) as client:
            committer = Committer(Journal(client[database.name], hurried))
            between.fates.append(fate)
            made = (
                _chain(30)
                if lanes == 1
                else [record(party=f"professional:P-{n}") for n in range(lanes)]
            )
            assert await _all(committer, made) == [Appended(one) for one in made]
        await between.deliver()
    assert await journal.count() == 30


async def test_without_a_majority_nothing_is_taken_for_written(
    journal: Journal, database: Database, mongod: LocalMongod, short_folder: Path
) -> None:
    """Where a batch comes back with a duplicate and with a majority that was not reached in time,
    the duplicate is told and each of the others is settled before it counts."""
    before = record(key="once")
    await journal.append(before)
    made = [record(party=f"professional:P-{n}") for n in range(20)]
    made[5] = record(key="once", party="professional:P-5", by=before.command.by)
    async with (
        relay(short_folder / "doubt.sock", mongod.socket) as between,
        connect(between.uri + "&retryWrites=false") as client,
    ):
        committer = Committer(Journal(client[database.name]))
        between.fates.append(Fate.NO_MAJORITY)
        found = await _all(committer, made)
        assert not between.fates
    assert found.pop(5) == Repeated(before)
    del made[5]
    assert found == [Appended(one) for one in made]
    assert await journal.count() == 20


async def test_a_primary_that_steps_down_amid_batches_loses_nothing(
    start_here: Callable[[], LocalMongod],
) -> None:
    """While the primary steps down and comes back, every record of many lanes and of one long lane
    gets in once, in its order."""
    mongod = start_here()
    async with connect(mongod.uri) as client:
        journal = Journal(client["avoir"])
        await journal.ensure()
        committer = Committer(journal)

        async def one_after_another(number: int) -> None:
            for _ in range(20):
                made = record(party=f"professional:P-{number}")
                lane = committer.lane("t-1", made.party)
                assert await committer.submit(made, lane) == Appended(made)

        chain = [committer.submit(one, committer.lane("t-1", PARTY)) for one in _chain(200)]
        others = [asyncio.create_task(one_after_another(n)) for n in range(2, 12)]
        await chain[0]
        with suppress(PyMongoError):
            await client.admin.command({"replSetStepDown": 1, "force": True})
        await asyncio.gather(*others)
        assert {type(await one) for one in chain} == {Appended}
        assert await journal.count() == 200 + 10 * 20
        lines = await journal.statement("t-1", "professional:P-1:balance", limit=1_000)
        assert [line.entry.seq for line in lines] == list(range(200, 0, -1))
