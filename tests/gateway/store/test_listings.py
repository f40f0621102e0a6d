"""The lists page by page, filtered, and read from indexes that begin with the tenant."""

from datetime import timedelta

import pytest

from avoir_gateway.store import (
    CaseFilter,
    CaseOrder,
    Database,
    Journal,
    Listings,
    Position,
    Projections,
    Record,
)
from tests.gateway.store.specimens import BALANCE, NOON, append_all, entry, record

BROKER = "referral_broker.prescriber"


async def listed(projections: Projections, journal: Journal) -> list[Record]:
    """Nine cases: two policies, three parties, and three that moved at one moment."""
    made = [
        record(
            case=f"c-{number}",
            policy=BROKER if number % 3 == 0 else "xpertsource.lead_credit",
            party=f"professional:P-{number % 2}",
            state="approved" if number > 5 else "claimable",
            at=NOON + timedelta(minutes=number // 3),
        )
        for number in range(9)
    ]
    await append_all(journal, made)
    await projections.apply(made)
    return made


@pytest.mark.parametrize("first", [1, 2, 4, 9, 50])
@pytest.mark.parametrize("order", CaseOrder)
async def test_pages_give_each_case_once(
    journal: Journal,
    projections: Projections,
    listings: Listings,
    first: int,
    order: CaseOrder,
) -> None:
    """Going from page to page gives every case once, the latest first, and then ends."""
    made = await listed(projections, journal)
    seen: list[str] = []
    after: Position | None = None
    while len(seen) < 2 * len(made):
        page = await listings.list_cases("t-1", after=after, first=first, order=order)
        assert len(page.rows) <= first
        seen += [row.case for row in page.rows]
        if not page.more:
            break
        after = Position(page.rows[-1].updated_at, page.rows[-1].case)
    assert seen == sorted((each.case for each in made), reverse=True)


@pytest.mark.parametrize(
    ("which", "cases"),
    [
        (CaseFilter(policy=BROKER), "630"),
        (CaseFilter(party="professional:P-1"), "7531"),
        (CaseFilter(state="approved"), "876"),
        (CaseFilter(policy=BROKER, state="claimable", party="professional:P-0"), "0"),
        (CaseFilter(policies=(BROKER,)), "630"),
        (CaseFilter(policies=()), ""),
        (CaseFilter(policy="$ne"), ""),
    ],
)
async def test_cases_are_filtered(
    journal: Journal,
    projections: Projections,
    listings: Listings,
    which: CaseFilter,
    cases: str,
) -> None:
    """A filter leaves what it names; the cases of a disabled plugin can be left out."""
    await listed(projections, journal)
    page = await listings.list_cases("t-1", which)
    assert [row.case for row in page.rows] == [f"c-{number}" for number in cases]
    assert (await listings.list_cases("t-2", which)).rows == ()


async def test_a_list_walks_its_page_only(
    database: Database, journal: Journal, projections: Projections, listings: Listings
) -> None:
    """A page of a list is read from an index that begins with the tenant, without sorting."""
    made = [record(tenant=f"t-{n % 2}", case=f"c-{n:03}") for n in range(120)]
    await append_all(journal, made)
    await projections.apply(made)
    await database.command("profile", 2)
    await listings.list_cases("t-1", first=5)
    await listings.list_cases("t-1", first=5, order=CaseOrder.OPENED)
    await listings.list_cases("t-1", CaseFilter(party="professional:P-1"), first=5)
    await listings.list_cases(
        "t-1", CaseFilter(policy="xpertsource.lead_credit", state="claimable"), first=5
    )
    await database.command("profile", 0)
    reads = [found async for found in database["system.profile"].find({"op": "query"})]
    assert len(reads) == 4
    for found in reads:
        assert (found["keysExamined"], found["docsExamined"]) == (6, 6)
        assert not found.get("hasSortStage")


async def test_every_index_begins_with_the_tenant(
    database: Database, projections: Projections
) -> None:
    """On a sharded cluster every list is found by its tenant."""
    for name in ("cases", "accounts", "figures"):
        for index, found in (await database[name].index_information()).items():
            assert index == "_id_" or found["key"][0] == ("tenant", 1)


async def test_accounts_are_listed(
    journal: Journal, projections: Projections, listings: Listings
) -> None:
    """Accounts come by their names, of one party or of all, page by page."""
    accounts = ["prescriber:Q:balance", BALANCE, "professional:P-1:advances"]
    made = record(entries=tuple(entry(1, account) for account in accounts))
    await journal.append(made)
    await projections.apply([made])
    page = await listings.list_accounts("t-1", first=2)
    assert [row.account for row in page.rows] == sorted(accounts)[:2]
    assert page.more
    page = await listings.list_accounts("t-1", after=page.rows[-1].account)
    assert [row.account for row in page.rows] == [BALANCE]
    assert not page.more
    page = await listings.list_accounts("t-1", "professional:P-1")
    assert [row.account for row in page.rows] == ["professional:P-1:advances", BALANCE]
    assert (await listings.list_accounts("t-2")).rows == ()


@pytest.mark.parametrize("first", [0, -5, 100_000])
async def test_a_page_has_a_size(listings: Listings, first: int) -> None:
    """A page of nought rows, which the store takes for all of them, is refused."""
    with pytest.raises(ValueError, match="a page has"):
        await listings.list_cases("t-1", first=first)
    with pytest.raises(ValueError, match="a page has"):
        await listings.list_accounts("t-1", first=first)
