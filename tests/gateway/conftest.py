"""A real mongod for the whole session, and a database of its own for each test."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from bson.objectid import ObjectId

from avoir_gateway.store import Client, Database, LocalMongod, Patience, connect, start


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder with a path so short that sockets fit into it."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def mongod(short_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMongod]:
    """The mongod that all tests share, unless they mean to harm theirs."""
    data_folder = tmp_path_factory.mktemp("mongod")
    with start(data_folder, socket_folder=short_folder / "shared") as running:
        yield running


@pytest.fixture(scope="session")
async def client(mongod: LocalMongod) -> AsyncIterator[Client]:
    """A client of the shared mongod."""
    # The event loop stands still while tests without one run, and a client that hears nothing for
    # as long as this takes the store for lost.
    patient = Patience(connect_ms=1_800_000)
    async with connect(mongod.uri, patient) as connected:
        yield connected


@pytest.fixture(scope="session")
async def drops(client: Client) -> AsyncIterator[set[asyncio.Task[None]]]:
    """Databases that are being dropped: each takes a tenth of a second, in which tests go on."""
    begun: set[asyncio.Task[None]] = set()
    yield begun
    await asyncio.gather(*begun)


@pytest.fixture
async def database(client: Client, drops: set[asyncio.Task[None]]) -> AsyncIterator[Database]:
    """A database that no other test sees."""
    name = f"test_{ObjectId()}"
    yield client[name]
    drops.add(asyncio.create_task(client.drop_database(name)))
