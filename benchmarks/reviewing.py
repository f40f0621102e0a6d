"""Reviewing: the queue of a tenant with a hundred thousand cases, of which few or all wait.

Real cases of four policies are brought to wait once and copied into the journal; the list is made
from it by a rebuild. What is timed is what a caller waits for: a page of the queue with who has
taken what, and the same asked in GraphQL with the recommended decisions and their findings.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from pymongo import WriteConcern

from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.administration import reviews
from avoir_gateway.administration.reviews import Taken, Which
from avoir_gateway.clock import system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.schema import Context, Schema, build
from avoir_gateway.service import Service
from avoir_gateway.store.records import to_document
from avoir_gateway.store.reviews import queue
from tests.gateway.reviews.desk import CONXPROS, CRONOSHARE, PRESCRIBER, XPERTSOURCE, opened

CASES: Final = 100_000
WAITING: Final = {"few": 2_000, "all": CASES}
"""How many of the cases of each tenant wait."""
CLAIMS: Final = 100
RUNS: Final = 15
BATCH: Final = 1_000
POLICIES: Final = (XPERTSOURCE, CONXPROS, CRONOSHARE, PRESCRIBER)
BEGUN: Final = datetime(2025, 1, 1, tzinfo=UTC)
PLUGINS: Final = ("conxpros", "cronoshare", "referral_broker", "xpertsource")
ORIGIN: Final = store.Origin(door="benchmark")

ASKED: Final = """
query ($first: Int) { reviews(first: $first) { edges { cursor node {
  case { id } policy party since waitsForLabel due { date label clause } claimedBy { name at }
  recommendation { outcome label amount { formatted }
    findings { clause { id text } status message } postings { kind amount { amount } } }
} } pageInfo { hasNextPage endCursor } } }
"""


def _copy(record: store.Record, tenant: str, number: int, at: datetime) -> store.Record:
    """The same record of another case."""
    return msgspec.structs.replace(
        record,
        tenant=tenant,
        case=f"{record.policy}:C-{number:06}",
        command=msgspec.structs.replace(record.command, key=f"{number}-{record.revision}"),
        party=f"{record.party.partition(':')[0]}:P-{number % 200}",
        at=at + timedelta(minutes=record.revision),
        entries=(),
        claims=(),
        references=(),
    )


def _records(models: Sequence[Sequence[store.Record]], tenant: str) -> Iterator[store.Record]:
    """The cases of a tenant: those that wait lie among all the others."""
    chance = random.Random(tenant)
    waiting = set(chance.sample(range(CASES), WAITING[tenant]))
    for number in range(CASES):
        model = models[number % len(models)]
        at = BEGUN + timedelta(seconds=chance.randrange(300 * 86_400))
        for record in model if number in waiting else model[:1]:
            yield _copy(record, tenant, number, at)


async def _seed(database: store.Database, service: Service, schema: Schema) -> int:
    desk = await opened(service, schema)
    models = []
    for policy in POLICIES:
        case = await desk.waits(policy)
        models.append(await service.stores.journal.history(desk.tenant.id, case))
    await service.drain()
    journal = database.get_collection("journal", write_concern=WriteConcern(w=1))
    batch: list[dict[str, object]] = []
    count = 0
    for tenant in WAITING:
        await service.stores.tenants.add(_tenant(tenant))
        for record in _records(models, tenant):
            batch.append(to_document(record))
            count += 1
            if len(batch) == BATCH:
                await journal.insert_many(batch, ordered=False)
                batch = []
    if batch:
        await journal.insert_many(batch, ordered=False)
    await service.stores.projections.rebuild()
    return count


def _tenant(name: str) -> store.Tenant:
    return store.Tenant(
        id=name,
        name=name,
        language="en_CA",
        time_zone="America/Toronto",
        currency="CAD",
        plugins=PLUGINS,
    )


async def _claim(service: Service, tenant: str) -> None:
    """The first cases of the queue are taken, by ten reviewers in turn."""
    page = await reviews.queue(service, _who(tenant), _tenant(tenant), Which(), None, CLAIMS)
    assert isinstance(page, store.Page)
    client = service.stores.projections._database.client
    for number, row in enumerate(page.rows):
        claim = store.ReviewClaim(
            tenant=tenant,
            case=row.case,
            policy=row.policy.key,
            by=store.Actor(id=f"R-{number % 10}", role="reviewer", name="Reviewer"),
            at=BEGUN,
            revision=row.revision,
            since=row.since,
        )
        async with client.start_session() as session:
            await service.stores.reviews.take(claim, session)


def _who(tenant: str) -> Principal:
    return Principal(tenant, "R-1", Role.REVIEWER, "Reviewer", None, "token")


@dataclass(frozen=True)
class Row:
    """What was asked of which tenant: how many rows came, and milliseconds."""

    tenant: str
    name: str
    rows: int
    times: Sequence[float]

    def __str__(self) -> str:
        median, least, most = statistics.median(self.times), min(self.times), max(self.times)
        return (
            f"| {self.name} | {WAITING[self.tenant]:,} | {self.rows} | {median:.1f} ms "
            f"| {least:.1f} – {most:.1f} ms |"
        )


async def _timed(ask: Callable[[], Awaitable[int]]) -> tuple[int, list[float]]:
    """How many rows there are, and what each run took in milliseconds; the first is not counted."""
    rows = await ask()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return rows, times


async def _measured(service: Service, schema: Schema, tenant: str) -> list[Row]:
    who, whose = _who(tenant), _tenant(tenant)
    middle = await _place(service, tenant, WAITING[tenant] // 2)
    asked: dict[str, tuple[Which, store.Position | None, int]] = {
        "the first 20": (Which(), None, 20),
        "the first 100": (Which(), None, 100),
        "20 from the middle": (Which(), middle, 20),
        "the first 20 of one policy": (Which(policies={CRONOSHARE}), None, 20),
        "20 that nobody has taken, behind 100 taken": (Which(taken=Taken.UNCLAIMED), None, 20),
        "20 that somebody has taken": (Which(taken=Taken.CLAIMED), None, 20),
        "20 of one's own": (Which(taken=Taken.MINE), None, 20),
    }
    found = []
    for name, (which, after, first) in asked.items():

        async def ask(
            which: Which = which, after: store.Position | None = after, first: int = first
        ) -> int:
            page = await reviews.queue(service, who, whose, which, after, first)
            assert isinstance(page, store.Page)
            return len(page.rows)

        found.append(Row(tenant, name, *await _timed(ask)))

    async def in_graphql() -> int:
        context = Context(who, whose, service, "fr_CA", ORIGIN)
        result = await schema.execute(ASKED, variable_values={"first": 20}, context_value=context)
        assert result.errors is None, result.errors
        assert result.data is not None
        return len(result.data["reviews"]["edges"])

    found.append(Row(tenant, "the first 20 in GraphQL, explained in French",
                     *await _timed(in_graphql)))  # fmt: skip
    return found


async def _place(service: Service, tenant: str, number: int) -> store.Position:
    """The place of that number in the queue."""
    cases = service.stores.projections._database["cases"]
    query = queue(tenant, POLICIES, None)
    cursor = cases.find(query).sort([("waiting.since", 1), ("case", 1)]).skip(number).limit(1)
    async for row in cursor:
        waiting: Any = row["waiting"]
        return store.Position(waiting["since"].replace(tzinfo=UTC), str(row["case"]))
    raise AssertionError(number)


async def _explained(service: Service, tenant: str, after: store.Position | None) -> str:
    """The index of a page of the queue, and what its scan looked at."""
    database = service.stores.projections._database
    find = {
        "find": "cases",
        "filter": queue(tenant, POLICIES, after),
        "sort": {"waiting.since": 1, "case": 1},
        "limit": 21,
        "hint": store.BY_WAITING,
    }
    explained: Any = await database.command({"explain": find, "verbosity": "executionStats"})
    stages, indexes = [], set()
    plan = explained["queryPlanner"]["winningPlan"]
    open_to = [plan.get("queryPlan", plan)]
    while open_to:
        stage = open_to.pop()
        stages.append(stage["stage"])
        indexes |= {stage["indexName"]} if "indexName" in stage else set()
        open_to += stage.get("inputStages", [stage["inputStage"]] if "inputStage" in stage else [])
    stats = explained["executionStats"]
    where = "first page" if after is None else "page from the middle"
    return (
        f"| {WAITING[tenant]:,} | {where} | `{', '.join(sorted(indexes))}` "
        f"| {' ← '.join(dict.fromkeys(stages))} | {stats['totalKeysExamined']} "
        f"| {stats['totalDocsExamined']} | {stats['executionTimeMillis']} ms |"
    )


async def _all(uri: str) -> tuple[int, list[str]]:
    host = Host()
    schema = build(host, frozenset(PLUGINS))
    async with store.connect(uri, store.Patience(answer_ms=60_000)) as client:
        database = client["avoir"]
        service = Service(host, stores_in(database), system_clock)
        await lay_out(service.stores)
        count = await _seed(database, service, schema)
        lines, plans = [], []
        for tenant in WAITING:
            await _claim(service, tenant)
            lines += [str(row) for row in await _measured(service, schema, tenant)]
            middle = await _place(service, tenant, WAITING[tenant] // 2)
            plans += [await _explained(service, tenant, after) for after in (None, middle)]
        await service.drain()
    return count, [
        "| what | of 100,000 cases wait | rows | median | least – most |",
        "|---|---|---|---|---|",
        *lines,
        "",
        "| waiting | what | index | plan | keys | documents | in mongod |",
        "|---|---|---|---|---|---|---|",
        *plans,
    ]


def run() -> Sequence[str]:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="avoir-bench-", dir="/tmp") as name:
        folder = Path(name)
        with store.start(folder / "data", socket_folder=folder / "s") as mongod:
            count, lines = asyncio.run(_all(mongod.uri))
    return [f"### reviewing: the queue of what waits, of {count:,} records in all", "", *lines, ""]
