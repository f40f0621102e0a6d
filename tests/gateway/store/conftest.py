"""The parts of the store on a fresh database, and a mongod that a test may kill."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from avoir_gateway.store import Database, Journal, Listings, LocalMongod, Projections, start


@pytest.fixture
async def journal(database: Database) -> Journal:
    """An empty journal."""
    made = Journal(database)
    await made.ensure()
    return made


@pytest.fixture
async def projections(database: Database, journal: Journal) -> Projections:
    """The lists of that journal."""
    made = Projections(database, journal)
    await made.ensure()
    return made


@pytest.fixture
def listings(database: Database) -> Listings:
    """The reader of those lists."""
    return Listings(database)


@pytest.fixture
def start_here(tmp_path: Path, short_folder: Path) -> Iterator[Callable[[], LocalMongod]]:
    """Starts a mongod on one data folder, again and again, and stops it in the end."""
    started: list[LocalMongod] = []

    def begin() -> LocalMongod:
        if started:
            started.pop().stop()
        started.append(start(tmp_path / "data", socket_folder=short_folder / "own"))
        return started[0]

    yield begin
    for running in started:
        running.stop()
