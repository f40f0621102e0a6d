"""What a directory keeps, and when it forgets it: two of them on one store, as two processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
from pymongo.monitoring import CommandListener, CommandStartedEvent

from avoir_gateway import store
from avoir_gateway.directory import Directory, Kept
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Stores
from avoir_gateway.store import Database, LocalMongod, TenantStatus, connect, watching

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
SOON = 5.0
"""Seconds within which a test gives up; how soon it is in fact is said where it matters."""


def directory(stores: Stores) -> Directory:
    """A directory as a process has one."""
    return Directory(stores.tokens, stores.tenants, stores.parameters, stores.uses, lambda: NOON)


def tenant(**other: object) -> store.Tenant:
    """A tenant as it is added."""
    return store.Tenant(
        **{  # type: ignore[arg-type]
            "id": "t-1",
            "name": "A marketplace",
            "language": "en",
            "time_zone": "UTC",
            "currency": "EUR",
            **other,
        }
    )


@asynccontextmanager
async def watched(database: Database) -> AsyncIterator[tuple[Directory, Stores]]:
    """A directory that hears of changes."""
    stores = stores_in(database)
    made = directory(stores)
    watch = made.watch(database)
    watch.start()
    await until(lambda: watch.is_live)
    yield made, stores
    await watch.stop()
    await stores.uses.drain()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition, and give up in the end."""
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - what is waited for is in a thread of its own
            await asyncio.sleep(0.005)


class Finds(CommandListener):
    """Counts what is read from the configuration."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.read.append(str(event.command["find"]))

    def succeeded(self, event: object) -> None:
        pass

    def failed(self, event: object) -> None:
        pass


async def test_what_another_process_changes_is_heard_of(database: Database) -> None:
    """A token that is revoked, a tenant that is suspended, values that are set: soon, by a
    directory that keeps what it read."""
    await lay_out(stores_in(database))
    async with watched(database) as (mine, _), watched(database) as (_, others):
        await others.tenants.add(tenant())
        issued = await others.tokens.issue("t-1", actor="a", role="operator", name="A", at=NOON)
        assert await mine.principal(issued.secret) is not None
        assert await mine.values("t-1", "p.q") == []
        values = store.ParameterValues(
            tenant="t-1",
            policy="p.q",
            effective_from=date(2026, 3, 17),
            values={"days": 3},
            set_by="a",
            at=NOON,
        )
        await others.parameters.set(values)
        await heard(lambda: mine.values("t-1", "p.q"), [values])
        suspended = tenant(status=TenantStatus.SUSPENDED)
        await others.tenants.replace(suspended)
        await heard(lambda: mine.principal(issued.secret), None)
        await others.tenants.replace(tenant())
        await heard(lambda: mine.tenant("t-1"), tenant())
        assert await mine.principal(issued.secret) is not None
        await others.tokens.revoke("t-1", issued.token.id, NOON)
        await heard(lambda: mine.principal(issued.secret), None)


async def heard(ask: Callable[[], Awaitable[object]], wanted: object) -> None:
    """The answer is this one before long."""
    async with asyncio.timeout(SOON):
        while await ask() != wanted:  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.005)


async def test_it_is_read_once_while_it_is_watched(
    mongod: LocalMongod, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand requests with one token read the store twice: the token and its tenant."""
    # a machine that is slow for a second is no store that is silent for one
    monkeypatch.setattr(watching, "LIVE_SECONDS", 60.0)
    await lay_out(stores_in(database))
    finds = Finds()
    async with connect(mongod.uri) as client:
        own = client.__class__(mongod.uri, event_listeners=[finds], tz_aware=True)
        async with own, watched(own[database.name]) as (mine, stores):
            await stores.tenants.add(tenant())
            issued = await stores.tokens.issue("t-1", actor="a", role="operator", name="A", at=NOON)
            finds.read.clear()
            await asyncio.gather(*(mine.principal(issued.secret) for _ in range(1_000)))
            assert finds.read == ["tokens", "tenants"]


async def test_unwatched_it_keeps_nothing(database: Database) -> None:
    """Without a watch, or where the store is silent, every request asks the store."""
    stores = stores_in(database)
    await lay_out(stores)
    mine = directory(stores)
    await stores.tenants.add(tenant())
    issued = await stores.tokens.issue("t-1", actor="a", role="operator", name="A", at=NOON)
    assert await mine.principal(issued.secret) is not None
    await stores.tokens.revoke("t-1", issued.token.id, NOON)
    assert await mine.principal(issued.secret) is None
    await stores.uses.drain()


async def test_a_watch_that_has_stopped_is_not_believed(database: Database) -> None:
    """Soon after it heard the last, what is kept is asked for again."""
    await lay_out(stores_in(database))
    async with watched(database) as (mine, stores):
        await stores.tenants.add(tenant())
        issued = await stores.tokens.issue("t-1", actor="a", role="operator", name="A", at=NOON)
        assert await mine.principal(issued.secret) is not None
    await stores.tokens.revoke("t-1", issued.token.id, NOON)
    await heard(lambda: mine.principal(issued.secret), None)


async def test_an_answer_on_its_way_is_not_kept_once_forgotten() -> None:
    """What was read before a change, and came after it, is the answer of those who had asked."""
    came, answers = asyncio.Event(), iter(["old", "new"])

    async def read(_: str) -> str:
        answer = next(answers)
        if answer == "old":
            await came.wait()
        return answer

    kept: Kept[str, str] = Kept(read, lambda: True)
    before = asyncio.create_task(kept.get("k"))
    await asyncio.sleep(0)
    kept.forget("k")
    assert await kept.get("k") == "new"
    came.set()
    assert await before == "old"
    assert await kept.get("k") == "new"


async def test_a_failure_is_not_kept() -> None:
    """Where the store does not answer, the next one asks again; who goes away spoils nothing."""
    answers = iter([None, "answer"])

    async def read(_: str) -> str:
        answer = next(answers)
        if answer is None:
            raise store.StoreUnavailable("asking", "silence")
        return answer

    kept: Kept[str, str] = Kept(read, lambda: True)
    with pytest.raises(store.StoreUnavailable):
        await kept.get("k")
    gone = asyncio.create_task(kept.get("k"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await kept.get("k") == "answer"
