"""A plugin enabled through one gateway while two serve: when the other shows it, and what failed.

``python -m tests.gateway.stories.enabling [SECONDS]`` has callers buy contacts and ask what would
come of a refund, through two gateways on one store; half-way an operator enables another plugin
through the first, and the second is asked for it until it is there.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx

from avoir_gateway import store
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, EVERYBODY, Person, Town, enable, enrol

BUSY: Final = "cronoshare"
NEW: Final = "conxpros"
POLICY: Final = "cronoshare.contact"
CALLERS: Final = 6
"""For each gateway."""
PATIENCE: Final = 10.0
"""Seconds after which what has not come does not come any more."""
SECONDS: Final = 4.0
EVALUATE: Final = """query ($facts: JSON!) {
  evaluateFacts(policy: "cronoshare.contact", action: "buy_contact", facts: $facts) { outcome } }"""
SHOWN: Final = "{ tenant { plugins } policies { key } }"


@dataclass(frozen=True)
class Called:
    """One request of a caller: when it was answered, under which key, and how it came out."""

    at: float
    key: str | None
    outcome: str

    @property
    def failed(self) -> bool:
        """Whether it was neither done nor declined as something that is not enabled."""
        return self.outcome not in {"RECORDED", "EVALUATED", "PLUGIN_DISABLED"}


@dataclass
class Load:
    """Callers on several gateways, until the end is called."""

    who: list[Person]
    calls: list[Called] = field(default_factory=list)
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Call until the end."""
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            callers = (
                self._call(client, who, number) for number, who in enumerate(self.who * CALLERS)
            )
            await asyncio.gather(*callers)

    def end(self) -> None:
        """Call no more."""
        self._ending.set()

    def since(self, moment: float) -> list[Called]:
        """What was answered from a moment on."""
        return [one for one in self.calls if one.at >= moment]

    async def _call(self, client: httpx.AsyncClient, who: Person, number: int) -> None:
        for turn in count():
            if self._ending.is_set():
                return
            key = f"{number}-{turn}"
            offer = {"offer": {"id": f"O-{key}", "commission": "8"}}
            facts: Mapping[str, Any] = {**offer, "event": {"confirmed_on_site": True}}
            asked = {"policy": POLICY, "action": "buy_contact", "facts": facts}
            bought = await self._post(client, who, ACT, {"input": {**asked, "idempotencyKey": key}})
            self.calls.append(Called(time.monotonic(), key, bought))
            told = await self._post(client, who, EVALUATE, {"facts": facts})
            self.calls.append(Called(time.monotonic(), None, told))

    async def _post(
        self, client: httpx.AsyncClient, who: Person, query: str, variables: Mapping[str, Any]
    ) -> str:
        try:
            answer = await client.post(
                f"{who.gateway.url}/graphql",
                json={"query": query, "variables": variables},
                headers={"authorization": f"Bearer {who.token}"},
            )
            return outcome(answer)
        except httpx.HTTPError as error:
            return type(error).__name__


def outcome(answer: httpx.Response) -> str:
    """How a request came out: done, or the code that says why not."""
    told = answer.json()
    if "errors" in told:
        return str(told["errors"][0]["extensions"]["code"])
    if answer.status_code != 200:
        return str(answer.status_code)
    if "evaluateFacts" in told["data"]:
        return "EVALUATED"
    payload = told["data"]["act"]
    if payload["userErrors"]:
        return str(payload["userErrors"][0]["code"])
    return "RECORDED" if payload["record"] else "NOTHING"


@dataclass
class Pair:
    """Two gateways on one store."""

    folder: Path
    mongod: store.LocalMongod
    gateways: tuple[Gateway, Gateway]

    def restart_store(self) -> None:
        """The store ends, and begins anew on the same data."""
        self.mongod.stop()
        self.mongod = started(self.folder)

    def town(self) -> Town:
        """A new tenant, whose people come in by the first, with a buyer who can pay."""
        town = enrol(self.gateways[0], BUSY, people=EVERYBODY, kind=store.TenantKind.LIVE)
        paid = town["platform"].act(POLICY, "top_up", {"top_up": "100000"}, party="P-1")
        assert paid["userErrors"] == []
        return town

    def elsewhere(self, person: Person) -> Person:
        """The same person, who comes in by the second."""
        return replace(person, gateway=self.gateways[1])


def started(folder: Path) -> store.LocalMongod:
    """The store of two gateways."""
    return store.start(folder / "data", socket_folder=folder / "s")


@contextmanager
def pair() -> Iterator[Pair]:
    """Two gateways on one store while this lasts, in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    mongod = started(folder)
    settings = {"AVOIR_MONGODB_URI": mongod.uri}
    one, other = (Gateway(folder / name, settings=settings) for name in ("g0", "g1"))
    made = Pair(folder, mongod, (one, other))
    try:
        with one, other:
            yield made
    finally:
        made.mongod.stop()
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Figures:
    """What came of it: requests before and after the plugin was enabled, and those that failed."""

    before: int
    after: int
    failed: Mapping[str, int]
    seen_after: float
    """Seconds from the answer of the first gateway to that of the second which shows the plugin."""


async def enabled_under_load(pair: Pair, seconds: float = SECONDS) -> Figures:
    """Enable a plugin through one gateway while both serve, and wait for it at the other."""
    town = pair.town()
    buyer, operator = town["professional"], town["operator"]
    load = Load([buyer, pair.elsewhere(buyer)])
    running = asyncio.create_task(load.run())
    await asyncio.sleep(seconds / 2)
    assert await asyncio.to_thread(shows, pair.elsewhere(operator)) is False
    await asyncio.to_thread(lambda: enable(operator, NEW, enabled=True))
    enabled_at = time.monotonic()
    seen_after = await asyncio.to_thread(
        lambda: until_true(lambda: shows(pair.elsewhere(operator)), enabled_at)
    )
    await asyncio.sleep(seconds / 2)
    load.end()
    await running
    after = len(load.since(enabled_at))
    failed = Counter(one.outcome for one in load.calls if one.failed)
    return Figures(len(load.calls) - after, after, failed, seen_after)


def shows(person: Person) -> bool:
    """Whether somebody is shown the new plugin, in his answers and in his schema."""
    told = person.ask(SHOWN)
    listed = NEW in told["tenant"]["plugins"]
    policies = [policy["key"] for policy in told["policies"]]
    assert listed is any(key.startswith(f"{NEW}.") for key in policies)
    return listed and f"  {NEW}LeadCreditDeliver(" in person.sdl()


def until_true(met: Callable[[], bool], since: float) -> float:
    """Ask until something is so; gives the seconds since a moment, or raises."""
    while not met():
        if time.monotonic() - since > PATIENCE:
            raise AssertionError(f"it did not come within {PATIENCE:.0f} s")
    return time.monotonic() - since


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where a request failed, or the other gateway took over a second."""
    seconds = float((*arguments, str(SECONDS))[0])
    with pair() as both:
        found = asyncio.run(enabled_under_load(both, seconds))
    print(
        f"requests before {found.before:,}, after {found.after:,}, "
        f"failed {sum(found.failed.values())}; "
        f"the other gateway showed it after {found.seen_after:.3f} s"
    )
    for code, number in found.failed.items():
        print(f"  {code}: {number}")
    return 1 if found.failed or found.seen_after > 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
