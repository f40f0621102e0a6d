"""A process that serves: started, shared, killed and stopped, with a store of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from avoir_gateway import store
from avoir_gateway.listening import listen
from tests.gateway.http.conftest import ANNA

AVOIR = Path(sys.executable).with_name("avoir")
ASK = {"query": "{ __typename }"}


class Process:
    """``avoir serve`` on a data folder, and what it wrote."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self.url = ""

    async def listening(self) -> None:
        """Wait until it says where it answers, and where the data lies."""
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while not self.lines or "data" not in self.lines[-1]:
                line = (await self.process.stdout.readline()).decode()
                assert line, await self.error()
                self.lines.append(line.strip())
        self.url = self.lines[0].split()[-1].removesuffix("/graphql")

    async def error(self) -> str:
        """What it wrote to the standard error, once it has ended."""
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(30):
            return await self.process.wait()


Serve = Callable[..., Coroutine[Any, Any, Process]]


@pytest.fixture
async def serve(tmp_path: Path, short_folder: Path) -> AsyncIterator[Serve]:
    """Starts ``avoir serve`` on one data folder, as often as a test likes."""
    begun: list[Process] = []
    environment = {key: value for key, value in os.environ.items() if key[:6] != "AVOIR_"}
    environment |= {
        "AVOIR_DATA": str(tmp_path / "data"),
        "AVOIR_LANG": "en",
        "AVOIR_LOG_LEVEL": "warning",
        "XDG_RUNTIME_DIR": str(short_folder),
    }

    async def start(*arguments: str, waits: bool = True, **also: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(str(AVOIR), "serve", "--port", "0", *arguments),
            env=environment | also,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        made = Process(process)
        begun.append(made)
        if waits:
            await made.listening()
        return made

    yield start
    for each in begun:
        await each.end(signal.SIGKILL)


async def let_in(folder: Path) -> None:
    """Give Anna a token of the store on a data folder."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    async with store.connect(store.attach(folder).uri) as client:
        await store.Tenants(client["avoir"]).add(
            store.Tenant(
                id="t", name="t", language="fr", time_zone="UTC", currency="EUR", plugins=()
            )
        )
        await store.Tokens(client["avoir"]).issue(
            "t", actor="anna", role="operator", name="Anna", at=at, secret=ANNA
        )


async def ask(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """Anna's question."""
    headers = {"authorization": f"Bearer {ANNA}"}
    return await client.post(f"{url}/graphql", json=ASK, headers=headers)


async def until(client: httpx.AsyncClient, url: str, status: int) -> None:
    """Ask whether it is ready until it answers so."""
    async with asyncio.timeout(20):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(f"{url}/readyz")).status_code == status:
                    return
            await asyncio.sleep(0.02)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as made:
        yield made


def mongod_of(folder: Path) -> int:
    """The process id of the mongod on a data folder."""
    return int((folder / "mongod" / "mongod.lock").read_text())


def runs(process: int) -> bool:
    """Whether a process has not ended; one that nobody has asked after yet has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def gone(process: int) -> None:
    """Wait until a process has ended."""
    async with asyncio.timeout(20):
        while True:
            if not runs(process):
                return
            await asyncio.sleep(0.02)


async def test_from_start_to_end(serve: Serve, tmp_path: Path, client: httpx.AsyncClient) -> None:
    """It says where it answers and where the data lies, answers in the tenant's language, mends
    its store when that is killed, finishes what is under way when it is told to end, and leaves
    nothing running."""
    folder = tmp_path / "data"
    served = await serve()
    assert served.lines[0].startswith("Avoir answers at http://127.0.0.1:")
    assert served.lines[1] == f"The data lies in {folder}."
    await let_in(folder)
    answer = await ask(client, served.url)
    assert answer.json()["data"] == {"__typename": "Query"}
    assert answer.headers["content-language"] == "fr"

    killed = mongod_of(folder)
    os.kill(killed, signal.SIGKILL)
    await gone(killed)
    await until(client, served.url, 200)
    mended = mongod_of(folder)
    assert mended != killed
    assert (await ask(client, served.url)).status_code == 200

    place = httpx.URL(served.url)
    body = json.dumps(ASK).encode()
    reader, writer = await asyncio.open_connection(place.host, place.port)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {ANNA}\r\n"
    )
    writer.write(f"{head}\r\n".encode())
    # It reads the body from here on, so the request is under way.
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    ending = asyncio.create_task(served.end())
    await until_refused(place)
    writer.write(body)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    assert await ending == 0
    assert "Traceback" not in await served.error()
    assert not runs(mended)
    with pytest.raises(store.NotRunning):
        store.attach(folder)


async def until_refused(place: httpx.URL) -> None:
    """Wait until nobody listens at a place any more."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(place.host, place.port)
            except ConnectionError:
                return
            writer.close()
            await asyncio.sleep(0.02)


async def test_two_on_one_folder(serve: Serve, tmp_path: Path, client: httpx.AsyncClient) -> None:
    """A second one shares the store of the first, and takes it over when the first is killed, with
    everything in it; none of its own is left when that ends."""
    folder = tmp_path / "data"
    first, second = await asyncio.gather(serve(), serve())
    if store.attach(folder).pid != first.process.pid:
        first, second = second, first
    assert second.lines[1] == f"The data lies in {folder}; another process runs its store."
    await let_in(folder)
    for served in (first, second):
        assert (await ask(client, served.url)).status_code == 200

    mongod = mongod_of(folder)
    await first.end(signal.SIGKILL)
    await gone(mongod)
    await until(client, second.url, 200)
    assert (await ask(client, second.url)).json()["data"] == {"__typename": "Query"}
    assert store.attach(folder).pid == second.process.pid
    mongod = mongod_of(folder)
    assert await second.end(signal.SIGINT) == 0
    await gone(mongod)


async def test_an_end_before_the_beginning(serve: Serve, tmp_path: Path) -> None:
    """Told to end while its store is only starting, it ends without a trace, and so does that."""
    served = await serve(waits=False)
    log = tmp_path / "data" / "mongod.log"
    async with asyncio.timeout(20):
        while True:
            if log.exists():
                break
            await asyncio.sleep(0.005)
    assert await served.end() == 0
    assert await served.error() == ""
    with pytest.raises(store.NotRunning):
        store.attach(tmp_path / "data")


def test_a_port_in_use(tmp_path: Path) -> None:
    """A port that is taken ends it at once with 2 and one line, and starts no store."""
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [AVOIR, "serve", "--port", port],
            env=os.environ | {"AVOIR_DATA": str(tmp_path / "data"), "AVOIR_LANG": "en"},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"avoir: 127.0.0.1:{port} is in use: stop what listens there, or name another port with "
        "--port.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--host", "nowhere.invalid"], {}, "avoir: nowhere.invalid:8000 is nowhere to listen: "),
        (["--port", "0"], {"AVOIR_DATA": "/proc/avoir"}, "avoir: the data folder /proc/avoir "),
        (["--port", "99999"], {}, "avoir: Invalid value for '--port'"),
    ],
)
def test_mistakes_at_the_start(
    arguments: list[str], environment: dict[str, str], told: str
) -> None:
    """What cannot be is said in one line, and ends with 2."""
    done = subprocess.run(
        [AVOIR, "serve", *arguments],
        env=os.environ | {"AVOIR_LANG": "en"} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert "Traceback" not in done.stderr


def test_two_cannot_listen() -> None:
    """A port is taken from the moment it is named, not only when the first request comes."""
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)
        with socket.create_connection(("127.0.0.1", port), 1):
            pass
