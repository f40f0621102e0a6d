"""Health: what a process says of itself while its store comes and goes."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from avoir.host import Host
from avoir_gateway import gateway as module
from avoir_gateway import store
from avoir_gateway.gateway import Gateway
from avoir_gateway.service import Service
from avoir_gateway.settings import Settings
from avoir_gateway.store.sockets import socket_uri
from tests.gateway.http.conftest import ANNA, Site, people, served
from tests.gateway.http.specimen import Events, Specimens

HURRIED = store.Patience(find_server_ms=500, connect_ms=500, answer_ms=2_000, resolve_ms=2_000)


@pytest.fixture
def start_here(tmp_path: Path, short_folder: Path) -> Iterator[Callable[[], store.LocalMongod]]:
    """Starts a mongod on one data folder, again and again, and stops it in the end."""
    started: list[store.LocalMongod] = []

    def begin() -> store.LocalMongod:
        if started:
            started.pop().stop()
        started.append(store.start(tmp_path / "data", socket_folder=short_folder / "health"))
        return started[0]

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
async def anna() -> AsyncIterator[httpx.AsyncClient]:
    """Anna, who asks again and again."""
    headers = {"authorization": f"Bearer {ANNA}"}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=10) as client:
        yield client


async def until_ready(client: httpx.AsyncClient, site: Site) -> None:
    """Ask until it is ready, as a load balancer does."""
    async with asyncio.timeout(15):
        while True:
            if (await client.get(f"{site.url}/readyz")).status_code == 200:
                return
            await asyncio.sleep(0.02)


async def test_the_store_goes_and_comes(
    host: Host,
    start_here: Callable[[], store.LocalMongod],
    anna: httpx.AsyncClient,
    events: Events,
) -> None:
    """With the store killed the process lives, says within about a second that it is not ready and
    why, and answers soon that the store is away, under way or not; when it is back, so is the
    gateway."""
    mongod = start_here()
    specimens = Specimens()
    gateway = Gateway(Settings(), host, specimens, mongod.uri, patience=HURRIED)
    ask = {"query": "{ stored }"}
    async with served(gateway, specimens) as site:
        await people(gateway)
        assert (await anna.get(f"{site.url}/readyz")).status_code == 200
        assert (await anna.post(f"{site.url}/graphql", json=ask)).json()["data"] == {"stored": 0}

        watching = asyncio.create_task(
            anna.post(f"{site.url}/graphql", json={"query": "{ hello watched }"})
        )
        await events.begun.wait()
        os.kill(mongod.pid, signal.SIGKILL)
        begun = time.monotonic()
        ready = await anna.get(f"{site.url}/readyz", headers={"accept-language": "fr"})
        assert time.monotonic() - begun < 1.5
        assert ready.status_code == 503
        assert ready.headers["retry-after"]
        assert ready.json()["status"] == "unavailable"
        assert ready.json()["reason"] == gateway.reader("fr").word("The store does not answer.")
        assert (await anna.get(f"{site.url}/healthz")).status_code == 200

        watched = (await watching).json()
        assert watched["data"] == {"hello": "Hello, world!", "watched": None}
        assert watched["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}

        begun = time.monotonic()
        answer = await anna.post(f"{site.url}/graphql", json=ask)
        assert time.monotonic() - begun < 2
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "mongo" not in answer.text

        start_here()
        await until_ready(anna, site)
        assert (await anna.post(f"{site.url}/graphql", json=ask)).json()["data"] == {"stored": 0}


async def test_the_store_comes_late(
    host: Host,
    short_folder: Path,
    start_here: Callable[[], store.LocalMongod],
    anna: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that starts before its store serves as soon as that is there, and prepares it."""
    monkeypatch.setattr(module, "START_SECONDS", 0.1)
    uri = socket_uri(short_folder / "health" / "m.sock")
    prepared: list[Service] = []

    async def prepare(service: Service) -> None:
        prepared.append(service)

    specimens = Specimens()
    gateway = Gateway(Settings(), host, specimens, uri, patience=HURRIED, prepare=prepare)
    async with served(gateway, specimens) as site:
        ready = await anna.get(f"{site.url}/readyz")
        assert ready.status_code == 503
        assert prepared == []
        start_here()
        await until_ready(anna, site)
        assert prepared == [gateway.service]
        await people(gateway)
        answer = await anna.post(f"{site.url}/graphql", json={"query": "{ stored }"})
        assert answer.json()["data"] == {"stored": 0}


async def test_a_store_that_refuses(host: Host, mongod: store.LocalMongod) -> None:
    """A store that answers and refuses is a fault at the start, not a wait without an end."""
    settings = Settings(database="admin")
    wrong = mongod.uri.replace("mongodb://", "mongodb://nobody:wrong@", 1)
    gateway = Gateway(settings, host, Specimens(), wrong)
    with pytest.raises(store.StoreRefused):
        async with gateway.open():
            pass
