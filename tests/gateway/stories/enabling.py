"""What is changed through one gateway while two serve: when the other has it, and what failed.

``python -m tests.gateway.stories.enabling [SECONDS]`` has callers buy contacts and ask what would
come of it, through two gateways on one store. Half-way an operator enables another plugin through
the first, and the second is asked for it until it is there; then, of a second business, the plugin
that is called is disabled, what was answered is held against what an auditor reads, and a token is
revoked.
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
from tests.gateway.stories.people import ACT, EVERYBODY, PAYLOAD, Person, Town, Tree, enable, enrol

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
OWN: Final = "cronoshareContactBuyContact"
BUY: Final = f"""mutation ($input: CronoshareContactBuyContactInput!) {{
  {OWN}(input: $input) {{ {PAYLOAD} }} }}"""
AGAIN: Final = 40
"""How many of what was recorded, and of what was not, is asked for again."""
SHOWN: Final = "{ tenant { plugins } policies { key } }"


@dataclass(frozen=True)
class Called:
    """One request of a caller: when it was answered, under which key, and how it came out."""

    at: float
    key: str | None
    outcome: str
    query: str = ""
    input: Mapping[str, Any] = field(default_factory=dict)
    record: Tree | None = None
    """Of what was recorded its case, revision, moment and key, as it was answered."""

    @property
    def done(self) -> bool:
        """Whether it was answered as it is while the plugin is enabled."""
        return self.outcome in {"RECORDED", "EVALUATED"}

    @property
    def failed(self) -> bool:
        """Whether it was neither done nor declined as something that is not enabled."""
        return not self.done and self.outcome not in {"PLUGIN_DISABLED", "UNKNOWN_FIELD"}


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
            # every other round of callers comes by the mutation that is the policy's own
            if number // len(self.who) % 2:
                query, asked = BUY, {**typed(key), "idempotencyKey": key}
            else:
                query, asked = ACT, {**by_name(facts), "idempotencyKey": key}
            bought, record = await self._post(client, who, query, {"input": asked})
            self.calls.append(Called(time.monotonic(), key, bought, query, asked, record))
            told, _ = await self._post(client, who, EVALUATE, {"facts": facts})
            self.calls.append(Called(time.monotonic(), None, told))

    async def _post(
        self, client: httpx.AsyncClient, who: Person, query: str, variables: Mapping[str, Any]
    ) -> tuple[str, Tree | None]:
        try:
            answer = await client.post(
                f"{who.gateway.url}/graphql",
                json={"query": query, "variables": variables},
                headers={"authorization": f"Bearer {who.token}"},
            )
            return outcome(answer), recorded(answer)
        except (httpx.HTTPError, ValueError) as error:
            return type(error).__name__, None


def by_name(facts: Mapping[str, Any]) -> Tree:
    """A purchase as the door of all policies takes it."""
    return {"policy": POLICY, "action": "buy_contact", "facts": facts}


def typed(key: str) -> Tree:
    """The same purchase as the policy's own mutation takes it."""
    return {
        "offer": {"id": f"O-{key}", "commission": "8"},
        "event": {"confirmedOnSite": True},
    }


def outcome(answer: httpx.Response) -> str:
    """How a request came out: done, or the code that says why not."""
    told = answer.json()
    if "errors" in told:
        code, message = told["errors"][0]["extensions"]["code"], told["errors"][0]["message"]
        # its schema has no such mutation, or not the type of its input
        unknown = code == "BAD_REQUEST" and OWN[1:] in message
        return "UNKNOWN_FIELD" if unknown else str(code)
    if answer.status_code != 200:
        return str(answer.status_code)
    if "evaluateFacts" in told["data"]:
        return "EVALUATED"
    (payload,) = told["data"].values()
    if payload["userErrors"]:
        return str(payload["userErrors"][0]["code"])
    return "RECORDED" if payload["record"] else "NOTHING"


def recorded(answer: httpx.Response) -> Tree | None:
    """What an answer says of the record that was made, with its case."""
    for payload in (answer.json().get("data") or {}).values():
        if isinstance(payload, dict) and payload.get("record"):
            return {"case": payload["case"]["id"], **payload["record"]}
    return None


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
    failed = Counter(one.outcome for one in load.calls if not one.done)
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


@dataclass(frozen=True)
class Ended:
    """What came of a plugin disabled under load; all but the first three are nought if it held."""

    recorded: int
    declined: int
    seen_after: float
    """Seconds until the second gateway answered its operator without the plugin."""
    failed: Mapping[str, int]
    half: int
    """Records that were not answered, and answers without a record, as the auditor has them."""
    unread: int
    """Cases that an operator or the auditor does not read, or not as those of a disabled one."""
    changed: int
    """Keys that are answered otherwise once the plugin is enabled again."""

    @property
    def wrong(self) -> int:
        """How much did not hold."""
        return sum(self.failed.values()) + self.half + self.unread + self.changed


async def disabled_under_load(pair: Pair, seconds: float = SECONDS) -> Ended:
    """Disable a plugin through one gateway while both do its actions; hold the answers against
    what the auditor reads, and ask for some of them again once it is enabled."""
    town = pair.town()
    buyer, operator, auditor = town["professional"], town["operator"], town["auditor"]
    load = Load([buyer, pair.elsewhere(buyer)])
    running = asyncio.create_task(load.run())
    await asyncio.sleep(seconds / 2)
    too_early = [one for one in load.calls if not one.done]
    await asyncio.to_thread(lambda: enable(operator, BUSY, enabled=False))
    disabled_at = time.monotonic()
    there = pair.elsewhere(operator)
    seen_after = await asyncio.to_thread(
        lambda: until_true(lambda: BUSY not in there.ask(SHOWN)["tenant"]["plugins"], disabled_at)
    )
    await asyncio.sleep(seconds / 2)
    load.end()
    await running
    done = [one for one in load.calls if one.outcome == "RECORDED"]
    not_done = [one for one in load.calls if one.key and not one.done]
    cases = {one.record["case"] for one in done if one.record}
    answered = {(one.record["case"], one.record["revision"]) for one in done if one.record}

    def held() -> tuple[int, int, int]:
        half = len(answered ^ bought(auditor)) + len(done) - len(answered)
        until_true(lambda: cases <= disabled_cases(auditor), time.monotonic())
        readers = (operator, auditor, there, pair.elsewhere(auditor))
        unread = sum(len(cases ^ disabled_cases(one)) for one in readers)
        enable(there, BUSY, enabled=True)
        until_true(lambda: BUSY in operator.ask(SHOWN)["tenant"]["plugins"], time.monotonic())
        again = [*done[-AGAIN:], *not_done[:AGAIN]]
        changed = sum(not answers_alike(buyer, one) for one in again)
        return half, unread, changed

    half, unread, changed = await asyncio.to_thread(held)
    failed = Counter(one.outcome for one in load.calls if one.failed or one in too_early)
    return Ended(len(done), len(not_done), seen_after, failed, half, unread, changed)


def answers_alike(buyer: Person, called: Called) -> bool:
    """Whether a key that was recorded is answered with its record, and any other is new."""
    answer = buyer.post(called.query, input=called.input)
    (payload,) = answer.json()["data"].values()
    if called.record is None:
        return outcome(answer) == "RECORDED" and payload["replayed"] is False
    return payload["replayed"] is True and recorded(answer) == called.record


def bought(auditor: Person) -> set[tuple[str, int]]:
    """Case and revision of every purchase in the trail that an auditor reads."""
    query = """query ($after: String) {
      page: auditTrail(filter: { action: "buy_contact" }, first: 100, after: $after) {
        edges { node { case revision } } pageInfo { hasNextPage endCursor } } }"""
    return {(node["case"], node["revision"]) for node in paged(auditor, query)}


def disabled_cases(who: Person) -> set[str]:
    """The cases that somebody reads as those of a plugin that is disabled."""
    query = """query ($after: String) {
      page: cases(first: 100, after: $after) {
        edges { node { id pluginStatus } } pageInfo { hasNextPage endCursor } } }"""
    return {node["id"] for node in paged(who, query) if node["pluginStatus"] == "DISABLED"}


def paged(who: Person, query: str) -> Iterator[Tree]:
    """The nodes of all pages of a query."""
    after: str | None = None
    while True:
        page = who.ask(query, after=after)["page"]
        yield from (edge["node"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def revoked_elsewhere(pair: Pair) -> float:
    """Revoke a token through one gateway; gives the seconds until the other refuses it."""
    town = pair.town()
    operator, there = town["operator"], pair.elsewhere(town["manager"])
    there.ask("{ viewer { id } }")
    held = operator.ask("{ tokens(first: 100) { edges { node { id actor } } } }")["tokens"]["edges"]
    (id,) = [edge["node"]["id"] for edge in held if edge["node"]["actor"] == there.id]
    told = operator.ask(
        "mutation ($i: TokenRevokeInput!) { tokenRevoke(input: $i) { userErrors { code } } }",
        i={"token": id, "idempotencyKey": operator.key()},
    )
    assert told["tokenRevoke"]["userErrors"] == []
    since = time.monotonic()
    return until_true(lambda: there.post("{ viewer { id } }").status_code == 401, since)


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where anything failed, or the other gateway took over a second."""
    seconds = float((*arguments, str(SECONDS))[0])
    with pair() as both:
        found = asyncio.run(enabled_under_load(both, seconds))
        ended = asyncio.run(disabled_under_load(both, seconds))
        refused_after = revoked_elsewhere(both)
    print(
        f"enabled: requests before {found.before:,}, after {found.after:,}, "
        f"failed {sum(found.failed.values())}; "
        f"the other gateway showed it after {found.seen_after:.3f} s"
    )
    print(
        f"disabled: recorded {ended.recorded:,}, declined {ended.declined:,}, "
        f"failed {sum(ended.failed.values())}, half {ended.half}, unread {ended.unread}, "
        f"answered otherwise {ended.changed}; "
        f"the other gateway was without it after {ended.seen_after:.3f} s"
    )
    print(f"revoked: the other gateway refused the token after {refused_after:.3f} s")
    for code, number in (*found.failed.items(), *ended.failed.items()):
        print(f"  {code}: {number}")
    slowest = max(found.seen_after, ended.seen_after, refused_after)
    return 1 if found.failed or ended.wrong or slowest > 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
