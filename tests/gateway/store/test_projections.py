"""The lists and the figures: hints that are never ahead, and that the journal mends."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from bson.objectid import ObjectId

from avoir_gateway.store import (
    CaseSummary,
    Database,
    Journal,
    Lag,
    Listings,
    Projections,
    Record,
)
from avoir_gateway.store.documents import Document
from tests.gateway.store.specimens import NOON, append_all, entry, full_record, record


async def contents(database: Database) -> dict[str, list[Document]]:
    """All rows of the lists and the figures, without the ids that differ at each making."""
    return {
        name: [
            row
            async for row in database[name]
            .find({}, {"_id": False})
            .sort([("tenant", 1), ("case", 1), ("account", 1), ("revision", 1)])
        ]
        for name in ("cases", "accounts", "figures")
    }


def some_records() -> list[Record]:
    """Three tenants with four cases each, of which the records move two accounts."""
    made = []
    for tenant in ("t-1", "t-2", "t-3"):
        seqs = {"professional:P-1:balance": 0, "professional:P-2:balance": 0}
        for number in range(12):
            account = list(seqs)[number % 2]
            seqs[account] += 1
            made.append(
                record(
                    tenant=tenant,
                    case=f"c-{number % 4}",
                    revision=number // 4 + 1,
                    entries=(entry(seqs[account], account),),
                    at=NOON + timedelta(minutes=number),
                    state=f"s-{number}",
                )
            )
    return made


async def test_a_case_in_the_list(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A row says what the newest record says, and when the case was opened."""
    made = full_record()
    await journal.append(made)
    await projections.apply([made])
    later = record(case=made.case, revision=2, at=NOON + timedelta(hours=1), state="approved")
    await journal.append(later)
    await projections.apply([later])
    assert await listings.case("t-1", made.case) == CaseSummary(
        tenant="t-1",
        case=made.case,
        policy="xpertsource.lead_credit",
        plugin="xpertsource",
        party="professional:P-1",
        state="approved",
        revision=2,
        opened_at=NOON,
        updated_at=NOON + timedelta(hours=1),
        action="request_credit",
        outcome="approved",
        deadlines=(),
    )
    assert await listings.case("t-2", made.case) is None


async def test_the_deadlines_of_a_case_are_in_the_list(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A row carries the deadlines of the newest record whole."""
    made = full_record()
    await journal.append(made)
    await projections.apply([made])
    row = await listings.case("t-1", made.case)
    assert row is not None
    assert row.deadlines == made.deadlines


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("batch", [1, 5])
async def test_the_order_of_writing_does_not_matter(
    database: Database, journal: Journal, projections: Projections, seed: int, batch: int
) -> None:
    """Records applied in any order, some twice and several at once, give what a rebuild gives."""
    records = some_records()
    await append_all(journal, records)
    chance = random.Random(seed)
    shuffled = records + chance.sample(records, 10)
    chance.shuffle(shuffled)
    parts = [shuffled[at : at + batch] for at in range(0, len(shuffled), batch)]
    for at in range(0, len(parts), 4):
        await asyncio.gather(*(projections.apply(part) for part in parts[at : at + 4]))
    incremental = await contents(database)
    await projections.rebuild()
    assert await contents(database) == incremental
    assert len(incremental["cases"]) == 12
    assert len(incremental["accounts"]) == 6
    assert len(incremental["figures"]) == 36
    assert {row["opened_at"] for row in incremental["cases"] if row["case"] == "c-1"} == {
        NOON + timedelta(minutes=1)
    }


async def test_a_late_write_does_not_set_a_list_back(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """An older record that is applied after a newer one changes nothing."""
    older = record(case="c", revision=1, entries=(entry(1),))
    newer = record(case="c", revision=2, entries=(entry(2),), state="approved")
    await append_all(journal, [older, newer])
    await projections.apply([newer])
    await projections.apply([older])
    row = await listings.case("t-1", "c")
    assert row is not None
    assert (row.revision, row.state) == (2, "approved")
    accounts = await listings.list_accounts("t-1")
    assert [(found.seq, found.balance) for found in accounts.rows] == [(2, 200)]


async def test_the_opening_of_a_case_is_that_of_its_first_record(
    database: Database, journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A later record that comes first looks the opening up; the first record sets it right."""
    first = record(case="c", at=NOON)
    second = record(case="c", revision=2, at=NOON + timedelta(hours=1))
    await append_all(journal, [first, second])
    await projections.apply([second])
    row = await listings.case("t-1", "c")
    assert row is not None
    assert (row.opened_at, row.updated_at) == (first.at, second.at)
    # As it stands where the process ended before it could look.
    await database["cases"].update_one({"case": "c"}, {"$set": {"opened_at": second.at}})
    await projections.apply([first])
    assert await listings.case("t-1", "c") == row


async def test_a_rebuild_mends_whatever_was_there(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """Rows that are wrong, missing, ahead or of nothing in the journal are gone after it."""
    records = some_records()
    await append_all(journal, records)
    await projections.apply(records)
    right = await contents(database)
    await database["cases"].update_one({"case": "c-0"}, {"$set": {"state": "wrong"}})
    await database["cases"].delete_one({"case": "c-1"})
    await database["accounts"].update_many({"tenant": "t-2"}, {"$inc": {"seq": 1, "balance": 5}})
    await database["figures"].update_one({"case": "c-2"}, {"$set": {"action": "wrong"}})
    await database["figures"].delete_one({"case": "c-3"})
    stray = await database["cases"].find_one({}, {"_id": False})
    assert stray is not None
    await database["cases"].insert_one({**stray, "case": "stray"})
    told: list[tuple[int, int]] = []
    assert await projections.rebuild(lambda done, total: told.append((done, total))) == 36
    assert await contents(database) == right
    assert told == [(36, 36)]
    await projections.rebuild()
    assert await contents(database) == right
    assert sorted(await database.list_collection_names()) == [
        "accounts",
        "cases",
        "figures",
        "journal",
        "marks",
    ]


async def test_a_rebuild_keeps_indexes_and_validators(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """What a rebuild puts in place has the indexes and the validator of what it replaces."""
    await append_all(journal, some_records())
    for name in ("cases", "accounts", "figures"):
        before = await database[name].index_information(), await database[name].options()
        await projections.rebuild()
        after = await database[name].index_information(), await database[name].options()
        assert after == before


async def test_a_rebuild_while_others_write_loses_nothing(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """What is decided during a rebuild stands in the lists after it."""
    await append_all(journal, some_records())
    done = asyncio.Event()

    async def write(number: int) -> None:
        revision = 0
        while not done.is_set():
            revision += 1
            account = f"professional:W-{number}:balance"
            made = record(
                case=f"w-{number}", revision=revision, entries=(entry(revision, account),)
            )
            await journal.append(made)
            await projections.apply([made])

    writers = [asyncio.create_task(write(number)) for number in range(4)]
    for _ in range(3):
        await projections.rebuild()
    done.set()
    await asyncio.gather(*writers)
    await projections.catch_up()
    shown = await contents(database)
    assert not await projections.behind()
    await projections.rebuild()
    assert await contents(database) == shown


async def test_what_is_decided_as_a_rebuild_ends_is_not_lost(
    database: Database, projections: Projections
) -> None:
    """A record that is applied to the old lists, after the new ones were filled, is in the new."""

    class LateComer(Journal):
        async def every(self, batch: int = 500) -> AsyncIterator[list[Record]]:
            async for records in super().every(batch):
                yield records
            await append_all(self, late)
            await projections.apply(late)

    late: list[Record] = []
    journal = LateComer(database)
    early = record(case="c", entries=(entry(1),))
    await append_all(journal, [early])
    await projections.apply([early])
    late.append(record(case="c", revision=2, entries=(entry(2),)))
    assert await Projections(database, journal).rebuild() == 1
    shown = await contents(database)
    assert [row["revision"] for row in shown["cases"]] == [2]
    assert [row["seq"] for row in shown["accounts"]] == [2]


async def test_a_long_rebuild_keeps_up_with_the_feed(
    database: Database, projections: Projections
) -> None:
    """A rebuild takes in what is decided meanwhile while it goes on: at its end the store need
    not have the feed from its beginning any more."""

    class Hasty(Projections):
        takes_in_after = 1

    class Slow(Journal):
        async def every(self, batch: int = 500) -> AsyncIterator[list[Record]]:
            async for records in super().every(1):
                if late and not taken_in:
                    # What came in while the first record was written is there before the second.
                    (name,) = [n for n in await database.list_collection_names() if "_figures" in n]
                    rows = database[name].find({"case": "late"})
                    taken_in.extend([one["case"] async for one in rows])
                if not late:
                    late.append(record(case="late"))
                    await append_all(self, late)
                yield records

    late: list[Record] = []
    taken_in: list[object] = []
    journal = Slow(database)
    await append_all(journal, some_records())
    await Hasty(database, journal).rebuild()
    assert taken_in == ["late"]
    shown = await contents(database)
    assert [row["case"] for row in shown["cases"] if row["tenant"] == "t-1"] == [
        "c-0", "c-1", "c-2", "c-3", "late"
    ]  # fmt: skip
    await projections.rebuild()
    assert await contents(database) == shown


async def test_nothing_is_behind_at_first(projections: Projections) -> None:
    """An empty journal has empty lists, and the first look sets the mark."""
    assert await projections.behind() == Lag()
    assert await projections.catch_up() == 0
    assert not await projections.behind()


async def test_lists_that_miss_records_are_behind(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """Records that were appended and not applied are counted, and catching up applies them."""
    await projections.catch_up()
    records = some_records()
    await append_all(journal, records)
    await projections.apply(records[:30])
    assert await projections.behind() == Lag(records=6)
    assert await projections.catch_up() == 36
    assert await projections.behind() == Lag()
    assert await projections.catch_up() == 0
    caught_up = await contents(database)
    await projections.rebuild()
    assert await contents(database) == caught_up


async def test_an_account_alone_can_be_behind(
    journal: Journal, projections: Projections, database: Database
) -> None:
    """A record of which only the account is missing from the lists is seen and mended."""
    await projections.catch_up()
    made = record(entries=(entry(1),))
    await journal.append(made)
    await projections.apply([made])
    await database["accounts"].delete_many({})
    assert await projections.behind() == Lag(records=1)
    await projections.catch_up()
    assert await projections.behind() == Lag()


async def test_a_figure_alone_can_be_behind(
    journal: Journal, projections: Projections, database: Database
) -> None:
    """A record of which only the figure is missing is seen and mended."""
    await projections.catch_up()
    made = [record(case="c", revision=number) for number in (1, 2, 3)]
    await append_all(journal, made)
    await projections.apply(made)
    await database["figures"].delete_one({"revision": 2})
    assert await projections.behind() == Lag(records=1)
    await projections.catch_up()
    assert await projections.behind() == Lag()
    assert len((await contents(database))["figures"]) == 3


async def test_lists_without_a_mark_are_rebuilt(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """A journal whose lists have no mark, or are gone, needs a rebuild, and catching up does it."""
    await append_all(journal, some_records())
    assert await projections.behind() == Lag(rebuild=True)
    told: list[tuple[int, int]] = []
    await projections.catch_up(lambda done, total: told.append((done, total)))
    assert told == [(36, 36)]
    assert await projections.behind() == Lag()
    for name in ("cases", "figures"):
        await database[name].delete_many({})
        assert await projections.behind() == Lag(rebuild=True)
        assert await projections.catch_up() == 36
        assert await projections.behind() == Lag()


async def test_a_mark_of_before_there_were_figures_means_a_rebuild(
    database: Database, journal: Journal, projections: Projections
) -> None:
    """An installation whose mark speaks for other lists than these is brought up at its start,
    whatever was written to the figures meanwhile."""
    records = some_records()
    await append_all(journal, records)
    await projections.catch_up()
    right = await contents(database)
    # As the version before left it: its lists, and a mark under its own name.
    kept = await database["marks"].find_one({})
    assert kept is not None
    await database["marks"].delete_many({})
    await database["marks"].insert_one({**kept, "_id": "projections"})
    await database["figures"].delete_many({})
    await projections.apply(records[-3:])
    assert await projections.behind() == Lag(rebuild=True)
    await projections.catch_up()
    assert await contents(database) == right
    assert await projections.behind() == Lag()


@pytest.mark.parametrize(
    "year",
    ["5F000000", "7F000000", "no time "],
    ids=["long gone", "still to come", "damaged"],
)
async def test_a_mark_that_is_lost_means_a_rebuild(
    database: Database, journal: Journal, projections: Projections, year: str
) -> None:
    """Where the store cannot take up the feed at the mark, the lists are made again."""
    async with await database["journal"].watch() as stream:
        await append_all(journal, some_records())
        await stream.next()
        assert stream.resume_token is not None
        recorded = str(stream.resume_token["_data"])
    await projections.catch_up()
    # The token of a record at another time: it is 82, eight digits of seconds, and the rest.
    token = {"_data": "82" + year + recorded[10:]}
    await database["marks"].update_one({}, {"$set": {"token": token}})
    await database["cases"].delete_many({"case": "c-1"})
    assert await projections.behind() == Lag(rebuild=True)
    assert await projections.catch_up() == 36
    assert await projections.behind() == Lag()
    assert await database["cases"].count_documents({}) == 12


async def test_what_a_rebuild_left_behind_is_dropped(
    database: Database, projections: Projections
) -> None:
    """The half-made collections of a rebuild that was killed an hour ago go with the next one."""
    old = ObjectId.from_datetime(NOON - timedelta(days=900))
    young = ObjectId()
    for name in (f"rebuilding_{old}_cases", f"rebuilding_{young}_cases", "rebuilding_not_ours"):
        await database.create_collection(name)
    await projections.rebuild()
    left = {name for name in await database.list_collection_names() if "rebuilding" in name}
    assert left == {f"rebuilding_{young}_cases", "rebuilding_not_ours"}
