"""Recording: purchases and refunds at Cronoshare, beside a bare majority insert of one document.

The service is called directly and over HTTP. The insert goes through the same driver, with the
same durability, into a collection of its own, in turn with the rest. A gateway runs only while it
is asked over HTTP: beside the service called directly it would follow every record, on the same
processors. So the insert is measured twice, each time in the company of what it is held against.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
from bson.objectid import ObjectId
from pymongo import WriteConcern

from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Acted, Command, Service
from avoir_gateway.serving import settle_down

INSERT: Final = "insert of one document"
POLICY: Final = "cronoshare.contact"
ORIGIN: Final = store.Origin(door="benchmark")
PAIRS: Final = 192
"""Purchases, each followed by its refund, in one round."""
ROUNDS: Final = 3
MANY: Final = (16, 64)
CLIENTS: Final = max(MANY)
PATIENCE_SECONDS: Final = 30.0
TOKEN: Final = "benchmark-{}"
MUTATION: Final = (
    "mutation ($input: ActInput!) { act(input: $input)"
    " { case { id } decision { outcome } userErrors { code } } }"
)

Act = Callable[[int, int], Awaitable[None]]
"""One operation: the client that makes it, and its number."""


class NotRecordedError(Exception):
    """An operation did not come to what it should."""


@dataclass
class Row:
    """A contender: its name, how many clients, and what its operations and rounds took."""

    name: str
    clients: int
    act: Act
    operations: int = PAIRS
    each: int = 1
    """How many records one operation makes."""
    times: list[float] | None = None
    rates: list[float] | None = None


async def _round(row: Row) -> None:
    """Every client makes its share, one operation after another."""
    times: list[float] = []

    async def client(number: int) -> None:
        for one in range(number, row.operations, row.clients):
            begun = time.perf_counter()
            await row.act(number, one)
            times.append((time.perf_counter() - begun) / row.each)

    begun = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(row.clients)))
    spent = time.perf_counter() - begun
    row.times = [*(row.times or ()), *times]
    row.rates = [*(row.rates or ()), row.operations * row.each / spent]


class Direct:
    """Purchases and refunds by the service, in this process."""

    def __init__(self, service: Service, tenant: store.Tenant) -> None:
        self._service = service
        self._tenant = tenant
        self._offers = count()

    def _who(self, number: str) -> Principal:
        party = f"professional:{number}"
        return Principal(self._tenant.id, party, Role.PROFESSIONAL, number, party, "benchmark")

    async def act(self, actor: Principal, action: str, facts: Any, **rest: Any) -> Acted:
        """An action under a key of its own, which must be done."""
        command = Command(policy=POLICY, action=action, key=str(ObjectId()), facts=facts, **rest)
        done = await self._service.act(actor, self._tenant, command, ORIGIN)
        if not isinstance(done, Acted):
            raise NotRecordedError(f"{action}: {done.errors}")
        return done

    async def pair(self, number: str) -> None:
        """A contact bought out of an advance as far as that goes, and refunded."""
        who = self._who(number)
        bought = await self.act(who, "buy_contact", _offer(f"O-{next(self._offers)}"))
        if bought.record.decision["outcome"] == "approved":
            await self.act(who, "refund", REFUND, case=bought.record.case)
        else:
            await self.top_up(number)

    async def top_up(self, number: str, amount: str = "100") -> None:
        """Cronos paid in."""
        platform = Principal(self._tenant.id, "platform", Role.PLATFORM, "platform", None, "b")
        await self.act(platform, "top_up", {"top_up": amount}, party=number)

    async def people(self, run: str) -> None:
        """A token for each client of a run."""
        for client in range(CLIENTS):
            await self._service.stores.tokens.issue(
                self._tenant.id,
                actor=f"u-{client}",
                role=Role.PROFESSIONAL.value,
                name=f"u-{client}",
                party=f"professional:H-{client}",
                at=datetime(2020, 1, 1, tzinfo=UTC),
                secret=_token(run, client),
            )


REFUND: Final = {"event": {"ground": "client_rejects_price"}}


def _offer(number: str) -> Mapping[str, Any]:
    return {
        "offer": {"id": number, "commission": "80"},
        "event": {"confirmed_on_site": True},
    }


async def _tenant(service: Service) -> store.Tenant:
    tenant = store.Tenant(
        id=f"bench-{ObjectId()}",
        name="Benchmark",
        language="fr_FR",
        time_zone="Europe/Paris",
        currency="EUR",
        plugins=("cronoshare",),
        kind=store.TenantKind.TEST,
        clock=datetime(2026, 3, 16, 9, tzinfo=UTC),
    )
    await service.stores.tenants.add(tenant)
    return tenant


class OverHttp:
    """Purchases and refunds through the gateway's door, one token for each client."""

    def __init__(self, client: httpx.AsyncClient, run: str) -> None:
        self._client = client
        self._run = run
        self._offers = count()

    async def _act(self, token: str, action: str, facts: Any, **rest: Any) -> Mapping[str, Any]:
        asked = {
            "policy": POLICY,
            "action": action,
            "idempotencyKey": str(ObjectId()),
            "facts": facts,
            **rest,
        }
        body = {"query": MUTATION, "variables": {"input": asked}}
        headers = {"Authorization": f"Bearer {token}"}
        answer = (await self._client.post("/graphql", json=body, headers=headers)).json()
        payload: Mapping[str, Any] = (answer.get("data") or {}).get("act") or {}
        if payload.get("userErrors") != []:
            raise NotRecordedError(json.dumps(answer))
        return payload

    async def pair(self, client: int) -> None:
        """A contact bought and refunded."""
        token = _token(self._run, client)
        bought = await self._act(token, "buy_contact", _offer(f"O-{next(self._offers)}"))
        await self._act(token, "refund", REFUND, case=bought["case"]["id"])


def _token(run: str, client: int) -> str:
    return f"{TOKEN.format(run)}-{client}"


@contextmanager
def _gateway(folder: Path) -> Iterator[str]:
    """A gateway on a folder: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("avoir")), "serve", "--port", str(port)]
    environment = {**os.environ, "AVOIR_DATA": str(folder)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{address}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if time.perf_counter() - begun > PATIENCE_SECONDS or process.poll() is not None:
                raise NotRecordedError(f"no gateway at {address}")
            time.sleep(0.02)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@asynccontextmanager
async def _service(database: store.Database) -> AsyncIterator[Direct]:
    """The service on a store, with a tenant of its own."""
    service = Service(Host(), stores_in(database), lambda: datetime.now(UTC))
    await lay_out(service.stores)
    tenant = await _tenant(service)
    await service.stores.projections.catch_up()
    yield Direct(service, tenant)
    await service.drain()


def _inserts(database: store.Database) -> list[Row]:
    bare = database.get_collection("bare", write_concern=WriteConcern(w="majority", j=True))
    filling = "x" * 1500

    async def insert(client: int, number: int) -> None:
        await bare.insert_one({"_id": ObjectId(), "number": number, "filling": filling})

    return [
        Row(INSERT, 1, insert),
        *(Row(INSERT, many, insert, PAIRS * 8) for many in MANY),
    ]


async def _in_turn(rows: Sequence[Row]) -> Sequence[Row]:
    for row in rows:
        await row.act(0, 0)
    settle_down()
    for _ in range(ROUNDS):
        for row in rows:
            await _round(row)
    return rows


async def _directly(uri: str) -> Sequence[Row]:
    """The service in this process, which nobody else follows."""
    async with store.connect(uri) as mongo, _service(mongo["avoir"]) as direct:
        for number in range(CLIENTS):
            await direct.top_up(f"P-{number}", "100000")

        async def on_many(client: int, number: int) -> None:
            await direct.pair(f"P-{client}")

        async def on_one(client: int, number: int) -> None:
            await direct.pair("P-one")

        name = "service, many professionals"
        return await _in_turn(
            [
                *_inserts(mongo["avoir"]),
                Row(name, 1, on_many, each=2),
                *(Row(name, many, on_many, PAIRS * 4, 2) for many in MANY),
                Row("service, one professional", CLIENTS, on_one, PAIRS * 4, 2),
            ]
        )


async def _over_http(uri: str, address: str) -> Sequence[Row]:
    """A gateway, asked over HTTP."""
    async with (
        store.connect(uri) as mongo,
        httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as http,
    ):
        run = str(ObjectId())
        async with _service(mongo["avoir"]) as direct:
            await direct.people(run)
            for number in range(CLIENTS):
                await direct.top_up(f"H-{number}", "100000")
        over_http = OverHttp(http, run)

        async def by_http(client: int, number: int) -> None:
            await over_http.pair(client)

        name = "HTTP, many professionals"
        return await _in_turn(
            [
                *_inserts(mongo["avoir"]),
                Row(name, 1, by_http, each=2),
                *(Row(name, many, by_http, each=2) for many in MANY),
            ]
        )


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    bare = {row.clients: _rate(row) for row in rows if row.name == INSERT}
    for row in rows:
        times = row.times or ()
        yield (
            f"| {row.name} | {row.clients} | {_rate(row):,.0f} "
            f"| {_rate(row) / bare[row.clients]:.2f} "
            f"| {statistics.median(times) * 1e3:.1f} ms "
            f"| {statistics.quantiles(times, n=100)[98] * 1e3:.1f} ms |"
        )


def _rate(row: Row) -> float:
    return statistics.median(row.rates or ())


def run() -> Sequence[str]:
    """The table of this benchmark."""
    with (
        tempfile.TemporaryDirectory(prefix="avoir-bench-", dir="/tmp") as name,
        store.start(Path(name)) as mongod,
    ):
        directly = asyncio.run(_directly(mongod.uri))
        with _gateway(Path(name)) as address:
            over_http = asyncio.run(_over_http(mongod.uri, address))
    return [
        "### recording: purchases and refunds at Cronoshare, for each record",
        "",
        "| what | clients | records a second | of the insert | median | p99 |",
        "|---|---|---|---|---|---|",
        *_lines(directly),
        "| *beside a gateway:* | | | | | |",
        *_lines(over_http),
        "",
        "One professional buys within his advance limit; what passes it is blocked and topped up.",
        "",
    ]
