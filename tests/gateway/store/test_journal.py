"""Appending to the journal and reading it back."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from avoir_gateway.store import (
    Appended,
    Claimed,
    Database,
    Entry,
    Journal,
    KeyConflict,
    Law,
    LocalMongod,
    Record,
    Repeated,
    Stale,
)
from avoir_gateway.store.documents import Document
from tests.gateway.store.specimens import BALANCE, NOON, entry, full_record, record

AT_ONCE = 16


async def test_a_command_takes_effect_once(journal: Journal) -> None:
    """The same key with the same input gives the first answer, and writes nothing."""
    first = record(key="k", case="c", claims=("lead:L",))
    again = msgspec.structs.replace(record(key="k"), case="other", claims=("lead:M",))
    assert await journal.append(first) == Appended(first)
    assert await journal.append(again) == Repeated(first)
    assert await journal.append(first) == Repeated(first)
    assert await journal.count() == 1


async def test_a_key_is_not_used_for_two_inputs(journal: Journal) -> None:
    """The same key with another input is a conflict, and writes nothing."""
    first = record(key="k")
    assert await journal.append(first) == Appended(first)
    assert await journal.append(record(key="k", fingerprint="g")) == KeyConflict(first)
    assert await journal.count() == 1


async def test_a_key_belongs_to_an_actor_of_a_tenant(journal: Journal) -> None:
    """The same key of another actor, or in another tenant, is independent."""
    for made in (record(key="k"), record(key="k", by="other"), record(key="k", tenant="t-2")):
        assert await journal.append(made) == Appended(made)


async def test_a_key_that_was_used_is_found_first(journal: Journal) -> None:
    """A repeated command is told its answer though its case, account and claim are taken too."""
    first = record(key="k", case="c", claims=("x",), entries=(entry(1),))
    await journal.append(first)
    await journal.append(record(case="c", revision=2))
    assert await journal.append(first) == Repeated(first)


async def test_a_refusal_is_found_by_its_key(journal: Journal) -> None:
    """What was decided is found by key, refusals too, and what was not is not."""
    refused = record(key="k", state="refused")
    await journal.append(refused)
    assert await journal.by_key("t-1", refused.command.by, "k") == refused
    assert await journal.by_key("t-1", refused.command.by, "l") is None
    assert await journal.by_key("t-2", refused.command.by, "k") is None


async def test_a_case_that_moved_on_is_stale(journal: Journal) -> None:
    """A record of a revision that is taken is refused, with the record that took it."""
    first = record(case="c")
    await journal.append(first)
    assert await journal.append(record(case="c")) == Stale(Law.CASE, first)


async def test_an_account_that_moved_on_is_stale(journal: Journal) -> None:
    """A record with a sequence that is taken is refused, with the record that took it."""
    first = record(entries=(entry(7, "professional:P-2:balance"), entry(1)))
    await journal.append(first)
    second = record(entries=(entry(1), entry(1, "professional:P-3:balance")))
    assert await journal.append(second) == Stale(Law.ACCOUNT, first)


async def test_a_claim_is_refused_with_who_made_it(journal: Journal) -> None:
    """A record with a claim that was made is refused, with the claim and its record."""
    first = record(claims=("lead:A", "lead:B"))
    await journal.append(first)
    second = record(claims=("lead:C", "lead:B"))
    assert await journal.append(second) == Claimed("lead:B", first)
    assert await journal.claimed("t-1", "lead:C") is None


async def test_records_without_claims_or_entries_do_not_strike(journal: Journal) -> None:
    """Any number of records without claims, entries and references stand beside each other."""
    for _ in range(3):
        made = record()
        assert await journal.append(made) == Appended(made)


def _same_key(_: int) -> Record:
    return record(key="k")


def _same_case(_: int) -> Record:
    return record(case="c")


def _same_account(_: int) -> Record:
    return record(entries=(entry(1),))


def _same_claim(_: int) -> Record:
    return record(claims=("lead:L",))


@pytest.mark.parametrize(
    ("made", "others"),
    [
        (_same_key, Repeated),
        (_same_case, Stale),
        (_same_account, Stale),
        (_same_claim, Claimed),
    ],
)
async def test_of_many_at_once_one_takes_effect(journal: Journal, made: Any, others: type) -> None:
    """Of sixteen at once on one key, case, account or claim exactly one takes effect."""
    outcomes = await asyncio.gather(*(journal.append(made(n)) for n in range(AT_ONCE)))
    assert sum(isinstance(outcome, Appended) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, others) for outcome in outcomes) == AT_ONCE - 1
    assert await journal.count() == 1


async def test_losers_are_shown_the_winner(journal: Journal) -> None:
    """Each of the refused can read what stands against it at once, at majority."""
    outcomes = await asyncio.gather(*(journal.append(_same_case(n)) for n in range(AT_ONCE)))
    won = next(outcome.record for outcome in outcomes if isinstance(outcome, Appended))
    assert all(outcome.holder == won for outcome in outcomes if isinstance(outcome, Stale))


async def test_writers_on_one_account_leave_no_gap(journal: Journal) -> None:
    """Eight writers that read, decide and append again lose nothing and number without gaps."""

    async def pay_in() -> None:
        while True:
            last = await journal.balance("t-1", BALANCE)
            seq = last.seq + 1 if last else 1
            outcome = await journal.append(record(entries=(entry(seq),)))
            if isinstance(outcome, Appended):
                return

    await asyncio.gather(*(pay_in() for _ in range(8)))
    lines = await journal.statement("t-1", BALANCE)
    assert [line.entry.seq for line in lines] == list(range(8, 0, -1))
    assert await journal.balance("t-1", BALANCE) == entry(8)


async def test_a_case_is_read_in_its_order(journal: Journal) -> None:
    """The latest record, one at a revision and the whole history come as they were appended."""
    made = [record(case="c", revision=number) for number in (1, 2, 3)]
    for each in (made[1], made[0], made[2]):
        await journal.append(each)
    await journal.append(record(case="d", revision=9))
    assert await journal.latest("t-1", "c") == made[2]
    assert await journal.at_revision("t-1", "c", 2) == made[1]
    assert await journal.history("t-1", "c") == made
    assert await journal.latest("t-2", "c") is None
    assert await journal.history("t-2", "c") == []


async def test_the_balance_is_that_of_the_account_asked_for(journal: Journal) -> None:
    """A higher sequence of another account in an older record does not pass for the latest."""
    other = "professional:P-2:balance"
    await journal.append(record(entries=(entry(1), entry(100, other))))
    await journal.append(record(entries=(entry(2),)))
    await journal.append(record(entries=(entry(3),)))
    assert await journal.balance("t-1", BALANCE) == entry(3)
    assert await journal.balance("t-1", other) == entry(100, other)
    assert await journal.balance("t-2", BALANCE) is None


async def test_a_statement_goes_back_page_by_page(journal: Journal) -> None:
    """The entries of an account come latest first, below a sequence, as many as asked for."""
    other = "professional:P-2:balance"
    made = [record(entries=(entry(50 - n, other), entry(n))) for n in range(1, 8)]
    for each in made:
        await journal.append(each)
    page = await journal.statement("t-1", BALANCE, limit=3)
    assert [line.entry for line in page] == [entry(7), entry(6), entry(5)]
    assert page[0].record == made[6]
    page = await journal.statement("t-1", BALANCE, before_seq=5, limit=3)
    assert [line.entry for line in page] == [entry(4), entry(3), entry(2)]
    page = await journal.statement("t-1", BALANCE, before_seq=2, limit=3)
    assert [line.entry for line in page] == [entry(1)]


async def test_reading_an_account_walks_its_own_entries_only(
    database: Database, journal: Journal
) -> None:
    """A balance reads one record, and a page of a statement no more than it gives."""
    for tenant in ("t-1", "t-2"):
        for number in range(1, 31):
            entries = (entry(number), entry(number, "professional:P-0:balance"))
            await journal.append(record(tenant=tenant, entries=entries))
    await database.command("profile", 2)
    await journal.balance("t-2", BALANCE)
    await journal.statement("t-2", BALANCE, before_seq=20, limit=5)
    await database.command("profile", 0)
    reads = database["system.profile"].find({"op": "query"}).sort("ts")
    walked = [(found["keysExamined"], found["docsExamined"]) async for found in reads]
    assert walked == [(1, 1), (5, 5)]


async def test_records_are_found_by_reference(journal: Journal) -> None:
    """What carries an identity is found by it, the latest first, in its tenant only."""
    home = "homeowner:H-1"
    made = [
        record(references=(home, f"lead:L-{n}"), at=NOON + timedelta(minutes=n)) for n in range(4)
    ]
    for each in (made[2], made[0], made[3], made[1]):
        await journal.append(each)
    await journal.append(record(references=("homeowner:H-2",)))
    await journal.append(record(tenant="t-2", references=(home,)))
    other = ("t-1", "lead:L-1")
    found = await journal.carrying([("t-1", home), other, ("t-1", "lead:L-9")])
    assert found == {("t-1", home): made[::-1], other: [made[1]]}


@pytest.mark.parametrize("limit", [0, -1, 1_000_000])
async def test_no_limit_means_everything(journal: Journal, limit: int) -> None:
    """Nought and less, which the store takes for no limit at all, are refused."""
    with pytest.raises(ValueError, match="between 1 and"):
        await journal.statement("t-1", BALANCE, limit=limit)


async def test_every_record_is_read_in_batches(journal: Journal) -> None:
    """Reading the whole journal gives every record once, of all tenants."""
    made = [record(tenant=f"t-{number % 2}") for number in range(7)]
    for each in made:
        await journal.append(each)
    batches = [batch async for batch in journal.every(batch=3)]
    assert [len(batch) for batch in batches] == [3, 3, 1]
    read = {each.command.key for batch in batches for each in batch}
    assert read == {each.command.key for each in made}
    assert not await journal.is_empty()


class _Commands(CommandListener):
    def __init__(self) -> None:
        self.seen: list[CommandStartedEvent] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.seen.append(event)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


async def test_writes_wait_for_a_majority_and_reads_are_of_one(
    mongod: LocalMongod, database: Database, journal: Journal
) -> None:
    """Each insert asks for majority and journal with a limit, each read for majority."""
    commands = _Commands()
    # A client whose own options say the opposite: what the journal asks for does not depend on it.
    lax: AsyncMongoClient[Document] = AsyncMongoClient(
        mongod.uri, event_listeners=[commands], w=1, journal=False, readConcernLevel="local",
        readPreference="secondaryPreferred",
    )  # fmt: skip
    async with lax:
        asked = Journal(lax[database.name])
        made = full_record()
        await asked.append(made)
        await asked.append(made)
        await asked.append(msgspec.structs.replace(made, command=record().command))
        await asked.latest("t-1", made.case)
        await asked.at_revision("t-1", made.case, 1)
        await asked.history("t-1", made.case)
        await asked.balance("t-1", BALANCE)
        await asked.claimed("t-1", "lead:L-1")
        await asked.carrying([("t-1", "homeowner:H-1")])
        [batch async for batch in asked.every()]
    inserts = [event.command for event in commands.seen if event.command_name == "insert"]
    finds = [event.command for event in commands.seen if event.command_name == "find"]
    assert len(inserts) == 3
    assert len(finds) >= 9
    for command in inserts:
        assert command["writeConcern"]["w"] == "majority"
        assert command["writeConcern"]["j"] is True
        assert command["writeConcern"]["wtimeout"] > 0
    for command in finds:
        assert command["readConcern"]["level"] == "majority"
        assert command.get("$readPreference", {"mode": "primary"})["mode"] == "primary"


async def test_making_the_journal_again_changes_nothing(
    database: Database, journal: Journal
) -> None:
    """Making collection and indexes is idempotent, also for several processes at once."""
    made = record()
    await journal.append(made)
    await asyncio.gather(*(Journal(database).ensure() for _ in range(4)))
    assert await journal.latest("t-1", made.case) == made


async def test_an_old_validator_is_brought_up_to_date(database: Database) -> None:
    """A collection made with a laxer validator gets the one of this version."""
    await database.create_collection("journal", validator={"tenant": {"$exists": True}})
    journal = Journal(database)
    await journal.ensure()
    with pytest.raises(Exception, match="failed validation"):
        await database["journal"].insert_one({"tenant": "t-1"})


async def test_an_entry_of_nothing_advances_an_account(journal: Journal) -> None:
    """A decision that only read an account advances it, by an entry of nought."""
    await journal.append(record(entries=(entry(1),)))
    nought = Entry(account=BALANCE, seq=2, amount=0, balance=100, unit="CAD")
    made = record(entries=(nought,))
    assert await journal.append(made) == Appended(made)
    assert isinstance(await journal.append(record(entries=(entry(2),))), Stale)
