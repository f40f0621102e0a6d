"""Gateways and their store killed under load, and what the journal says afterwards.

``python -m tests.gateway.stories.kills [KILLS]`` has professionals buy and refund contacts through
two gateways on one store, kills the store and a gateway so many times each, and then holds every
answer that was given against the journal, the journal against its own laws, and the lists against
lists that are made anew.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
from pymongo import MongoClient
from pymongo.database import Database

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.opening import stores_in
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, LONG_AGO

POLICY: Final = "cronoshare.contact"
TENANT: Final = "under-load"
DATABASE: Final = "avoir"
PROFESSIONALS: Final = 12
EACH: Final = 2
"""Callers for each professional: they meet on one account."""
BETWEEN_SECONDS: Final = 1.5
"""From one kill to the next, once all is up again."""
LISTED_SECONDS: Final = 30.0
"""Within which a tailer must have mended the lists."""

Plain = Mapping[str, Any]


@dataclass
class Told:
    """What the callers were told: the record of each key that was acknowledged."""

    records: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    asked_again: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the journal and the lists say: all of these are nought where every law held."""

    acknowledged: int
    recorded: int
    lost: int
    doubled: int
    gaps: int
    balances: int
    floors: int
    refunds: int
    unlisted: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return (
            not any((self.lost, self.doubled, self.gaps, self.balances, self.floors, self.refunds))
            and not self.unlisted
        )


class Caller:
    """Somebody who buys contacts and refunds them, and asks again until he is answered."""

    def __init__(self, number: int, gateways: Sequence[Gateway], told: Told) -> None:
        self._number = number
        self._professional = number % PROFESSIONALS
        self._gateways = gateways
        self._told = told
        self._keys = count()

    async def run(self, ending: asyncio.Event) -> None:
        """Buy and refund until the end is called."""
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            while not ending.is_set():
                number = next(self._keys)
                offer = {
                    "offer": {"id": f"O-{self._number}-{number}", "commission": "80"},
                    "event": {"confirmed_on_site": True},
                }
                bought = await self._act(client, f"b-{number}", "buy_contact", offer)
                if bought["decision"]["outcome"] == "APPROVED":
                    ground = {"event": {"ground": "client_rejects_price"}}
                    await self._act(
                        client, f"r-{number}", "refund", ground, case=bought["case"]["id"]
                    )

    async def _act(
        self, client: httpx.AsyncClient, key: str, action: str, facts: Plain, **rest: Any
    ) -> Plain:
        key = f"{self._number}-{key}"
        asked = {"policy": POLICY, "action": action, "idempotencyKey": key, "facts": facts, **rest}
        body = {"query": ACT, "variables": {"input": asked}}
        headers = {"authorization": f"Bearer {token(self._professional)}"}
        for turn in count(self._number):
            gateway = self._gateways[turn % len(self._gateways)]
            try:
                answer = await client.post(f"{gateway.url}/graphql", json=body, headers=headers)
                payload = (answer.json().get("data") or {}).get("act") or {}
            except (httpx.HTTPError, ValueError):
                payload = {}
            if payload.get("record") is not None:
                actor = f"u-{self._professional}"
                record = (payload["case"] or {"id": ""})["id"], payload["record"]["revision"]
                self._told.records[actor, key] = record
                return dict(payload)
            self._told.asked_again += 1
            await asyncio.sleep(0.1)
        raise AssertionError("unreachable")


def token(professional: int) -> str:
    """The token of a professional."""
    return f"avoir_kills_{professional}_{'x' * 30}"


async def enrol(uri: str) -> None:
    """The tenant and its professionals."""
    async with store.connect(uri) as client:
        stores = stores_in(client[DATABASE])
        await stores.tenants.add(
            store.Tenant(
                id=TENANT,
                name=TENANT,
                language="fr_FR",
                time_zone="Europe/Paris",
                currency="EUR",
                plugins=("cronoshare",),
            )
        )
        for number in range(PROFESSIONALS):
            await stores.tokens.issue(
                TENANT,
                actor=f"u-{number}",
                role=Role.PROFESSIONAL.value,
                name=f"u-{number}",
                party=f"professional:P-{number}",
                at=LONG_AGO,
                secret=token(number),
            )


class Run:
    """One run: the store, two gateways, and whoever kills them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mongod = self._started()
        settings = {"AVOIR_MONGODB_URI": self.mongod.uri, "AVOIR_DATABASE": DATABASE}
        self.gateways = [
            Gateway(folder / f"g{number}", settings=settings).start() for number in range(2)
        ]
        self.told = Told()

    def _started(self) -> store.LocalMongod:
        return store.start(self.folder / "data", socket_folder=self.folder / "s")

    async def play(self, kills: int) -> None:
        """Load, and so many kills of the store and of a gateway in turn."""
        ending = asyncio.Event()
        callers = [
            asyncio.create_task(Caller(n, self.gateways, self.told).run(ending))
            for n in range(PROFESSIONALS * EACH)
        ]
        chance = random.Random(9)
        for number in range(kills):
            await asyncio.sleep(BETWEEN_SECONDS + chance.random())
            os.kill(self.mongod.pid, signal.SIGKILL)
            # by this thread: the store goes with the thread that started it
            self.mongod.stop(0)
            self.mongod = self._started()
            await asyncio.sleep(BETWEEN_SECONDS + chance.random())
            gateway = self.gateways[number % 2]
            await asyncio.to_thread(gateway.kill)
            await asyncio.to_thread(gateway.start)
            print(
                f"kill {number + 1:>2} of the store and of a gateway: "
                f"{len(self.told.records):,} acknowledged, asked again {self.told.asked_again:,}",
                flush=True,
            )
        await asyncio.sleep(BETWEEN_SECONDS)
        ending.set()
        await asyncio.gather(*callers)

    def end(self) -> None:
        """Stop everything."""
        for gateway in self.gateways:
            gateway.stop()
        self.mongod.stop()


def verdict(database: Database[dict[str, Any]], told: Told) -> Verdict:
    """Hold the answers against the journal, and the journal against its laws."""
    records = list(database["journal"].find({"tenant": TENANT}))
    by_key = Counter((r["command"]["by"], r["command"]["key"]) for r in records)
    revisions = {(r["command"]["by"], r["command"]["key"]): int(r["revision"]) for r in records}
    lost = sum(
        key not in by_key or revisions[key] != revision
        for key, (_, revision) in told.records.items()
    )
    accounts: dict[str, list[Plain]] = defaultdict(list)
    cases: dict[str, list[Plain]] = defaultdict(list)
    for record in records:
        cases[record["case"]].append(record)
        for entry in record["entries"]:
            accounts[entry["account"]].append(entry)
    gaps = balances = floors = refunds = 0
    for name, entries in accounts.items():
        running = 0
        for seq, entry in enumerate(sorted(entries, key=lambda e: int(e["seq"])), 1):
            running += int(entry["amount"])
            gaps += int(entry["seq"]) != seq
            balances += int(entry["balance"]) != running
            floors += ":cronos@" in name and running < 0
    for history in cases.values():
        numbers = sorted(int(r["revision"]) for r in history)
        gaps += numbers != list(range(1, len(numbers) + 1))
        moved = Counter(p["kind"] for r in history for p in r["postings"])
        refunds += moved["commission_refund"] > 1 or moved["contact_commission"] > 1
    return Verdict(
        acknowledged=len(told.records),
        recorded=len(records),
        lost=lost,
        doubled=sum(n > 1 for n in by_key.values()),
        gaps=gaps,
        balances=balances,
        floors=floors,
        refunds=refunds,
        unlisted=_unlisted(database, cases, accounts),
    )


def _unlisted(
    database: Database[dict[str, Any]],
    cases: Mapping[str, Sequence[Plain]],
    accounts: Mapping[str, Sequence[Plain]],
) -> int:
    """What the lists do not show as the journal has it; a tailer has its time to mend them."""
    give_up_at = time.monotonic() + LISTED_SECONDS
    while True:
        listed = {r["case"]: int(r["revision"]) for r in database["cases"].find()}
        wanted = {
            case: max(int(r["revision"]) for r in history)
            for case, history in cases.items()
            if not case.startswith(store.ON_AN_ACCOUNT)
        }
        seqs = {r["account"]: int(r["seq"]) for r in database["accounts"].find()}
        last = {name: max(int(e["seq"]) for e in entries) for name, entries in accounts.items()}
        behind = sum(listed.get(case) != n for case, n in wanted.items())
        behind += sum(seqs.get(name) != n for name, n in last.items())
        if not behind or time.monotonic() > give_up_at:
            return behind
        time.sleep(0.5)


def played(folder: Path, kills: int) -> Verdict:
    """One run, from an empty folder to its verdict."""
    run = Run(folder)
    try:
        asyncio.run(enrol(run.mongod.uri))
        asyncio.run(run.play(kills))
        with MongoClient[dict[str, Any]](run.mongod.uri) as client:
            return verdict(client[DATABASE], run.told)
    finally:
        run.end()


def main(arguments: Sequence[str]) -> int:
    """Play in a folder that is gone afterwards; 1 where a law was broken."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    try:
        found = played(folder, int((*arguments, "10")[0]))
    finally:
        shutil.rmtree(folder)
    print(
        f"acknowledged {found.acknowledged:,}, recorded {found.recorded:,}: lost {found.lost}, "
        f"doubled {found.doubled}, gaps {found.gaps}, wrong balances {found.balances}, "
        f"floors broken {found.floors}, refunded twice {found.refunds}, "
        f"missing in the lists {found.unlisted}"
    )
    return 0 if found.is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
