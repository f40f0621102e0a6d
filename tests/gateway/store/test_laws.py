"""The four unique indexes: each alone keeps its law, and without it the law is broken."""

from collections.abc import Callable

import pytest

from avoir_gateway.store import Appended, Database, Journal, Law, Record, StoreRefused
from tests.gateway.store.specimens import entry, record


def _one_key() -> Record:
    return record(key="k")


def _one_case() -> Record:
    return record(case="c", revision=4)


def _one_account() -> Record:
    return record(entries=(entry(4),))


def _one_claim() -> Record:
    return record(claims=("lead:L",))


LAWS = [
    (Law.COMMAND, _one_key),
    (Law.CASE, _one_case),
    (Law.ACCOUNT, _one_account),
    (Law.CLAIM, _one_claim),
]


@pytest.mark.parametrize(("law", "made"), LAWS)
async def test_each_index_alone_keeps_its_law(
    database: Database, journal: Journal, law: Law, made: Callable[[], Record]
) -> None:
    """Of two records against one law, one is refused while its index stands, none without it."""
    await journal.append(made())
    assert not isinstance(await journal.append(made()), Appended)
    assert await journal.count() == 1
    await database["journal"].drop_index(law.value)
    assert isinstance(await journal.append(made()), Appended)
    assert await journal.count() == 2


@pytest.mark.parametrize(("law", "made"), LAWS)
async def test_no_other_index_keeps_the_law(
    database: Database, journal: Journal, law: Law, made: Callable[[], Record]
) -> None:
    """With only the other three indexes gone, the law is still kept."""
    for other in set(Law) - {law}:
        await database["journal"].drop_index(other.value)
    await journal.append(made())
    assert not isinstance(await journal.append(made()), Appended)


@pytest.mark.parametrize(("law", "made"), LAWS)
async def test_a_journal_against_a_law_is_not_served(
    database: Database, journal: Journal, law: Law, made: Callable[[], Record]
) -> None:
    """Where an index is missing and the journal breaks its law, the start says so."""
    await database["journal"].drop_index(law.value)
    await journal.append(made())
    await journal.append(made())
    with pytest.raises(StoreRefused, match=law.value):
        await journal.ensure()


async def test_the_indexes_are_those_of_the_design(database: Database, journal: Journal) -> None:
    """The journal has the four unique indexes, key by key, and each begins with the tenant."""
    found = await database["journal"].index_information()
    keys = {name: index["key"] for name, index in found.items() if index.get("unique")}
    assert keys == {
        Law.COMMAND: [("tenant", 1), ("command.by", 1), ("command.key", 1)],
        Law.CASE: [("tenant", 1), ("case", 1), ("revision", -1)],
        Law.ACCOUNT: [("tenant", 1), ("entries.account", 1), ("entries.seq", -1)],
        Law.CLAIM: [("tenant", 1), ("claims", 1)],
    }
    partial = {name: index.get("partialFilterExpression") for name, index in found.items()}
    assert partial[Law.ACCOUNT] == {"entries.account": {"$exists": True}}
    assert partial[Law.CLAIM] == {"claims": {"$exists": True}}
    assert all(index["key"][0][0] == "tenant" for name, index in found.items() if name != "_id_")
