"""A gateway on a small schema, reached over real HTTP, and people who may come in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import httpx
import pytest
from bson.objectid import ObjectId

from avoir.host import Host
from avoir_gateway import store
from avoir_gateway.app import create_app
from avoir_gateway.gateway import Gateway
from avoir_gateway.listening import listen
from avoir_gateway.serving import Server, configuration
from avoir_gateway.settings import Explorer, Settings
from tests.gateway.http.specimen import EVENTS, Events, Specimens

# The event loop stands still while tests without one run, and a client that hears nothing for as
# long as this takes the store for lost.
PATIENT = store.Patience(connect_ms=1_800_000)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


class Quiet(Server):
    """A server that leaves the signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Site(NamedTuple):
    """A gateway that answers at an address."""

    gateway: Gateway
    schemas: Specimens
    url: str


@asynccontextmanager
async def served(gateway: Gateway, schemas: Specimens) -> AsyncIterator[Site]:
    """Serve a gateway while this lasts."""
    listener = listen("127.0.0.1", 0)
    listening = asyncio.Event()
    server = Quiet(configuration(create_app(gateway)), listening.set)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await listening.wait()
    yield Site(gateway, schemas, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    await task


@pytest.fixture
def at_home(mongod: store.LocalMongod, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own on the shared store, and English."""
    name = f"test_{ObjectId()}"
    monkeypatch.setenv("AVOIR_MONGODB_URI", mongod.uri)
    monkeypatch.setenv("AVOIR_DATABASE", name)
    monkeypatch.setenv("AVOIR_LANG", "en")
    return name


@pytest.fixture(scope="session")
def host() -> Host:
    """The host of the installed plugins."""
    return Host()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings with the explorer."""
    return Settings(explorer=Explorer.ON, database=f"test_{ObjectId()}")


@pytest.fixture(scope="session")
async def site(mongod: store.LocalMongod, host: Host, settings: Settings) -> AsyncIterator[Site]:
    """The gateway that most tests share."""
    schemas = Specimens()
    gateway = Gateway(settings, host, schemas, mongod.uri, patience=PATIENT)
    async with served(gateway, schemas) as made:
        await people(gateway)
        yield made
        await gateway.client.drop_database(settings.database)


ANNA = "avoir_anna"
FELIX = "avoir_felix"
GONE = "avoir_gone"
EXPIRED = "avoir_expired"
SHUT = "avoir_shut"


async def people(gateway: Gateway) -> None:
    """Anna works for a tenant in English, Félix for one in French; the others may not come in."""
    stores = gateway.service.stores
    for name, language, status in (
        ("t-en", "en", store.TenantStatus.ACTIVE),
        ("t-fr", "fr_CA", store.TenantStatus.ACTIVE),
        ("t-shut", "en", store.TenantStatus.SUSPENDED),
    ):
        await stores.tenants.add(
            store.Tenant(
                id=name,
                name=name,
                language=language,
                time_zone="America/Toronto",
                currency="CAD",
                plugins=("xpertsource", "nowhere-installed"),
                status=status,
            )
        )
    for secret, tenant, expires in (
        (ANNA, "t-en", None),
        (FELIX, "t-fr", None),
        (GONE, "t-en", None),
        (EXPIRED, "t-en", BEGUN),
        (SHUT, "t-shut", None),
    ):
        issued = await stores.tokens.issue(
            tenant,
            actor=secret.removeprefix("avoir_"),
            role="operator",
            name=secret,
            at=BEGUN,
            expires_at=expires,
            secret=secret,
        )
        if secret == GONE:
            await stores.tokens.revoke(tenant, issued.token.id, BEGUN)


@pytest.fixture(scope="session")
async def http(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shared gateway, with Anna's token."""
    headers = {"authorization": f"Bearer {ANNA}"}
    async with httpx.AsyncClient(
        base_url=site.url, headers=headers, trust_env=False, timeout=30
    ) as client:
        # What the client would say by itself is left to the tests.
        del client.headers["accept"]
        yield client


@pytest.fixture
def events() -> Events:
    """What the resolvers of this test have done."""
    EVENTS.__init__()  # type: ignore[misc]
    return EVENTS
