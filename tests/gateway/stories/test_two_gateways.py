"""Two gateways on one store: what is changed through one holds at the other within a second."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from bson.int64 import Int64
from pymongo import MongoClient

from avoir_gateway.store.watching import CONFIGURATION
from tests.gateway.access.administrators import administrator
from tests.gateway.stories.enabling import (
    BUSY,
    POLICY,
    Called,
    Load,
    Pair,
    enabled_under_load,
    pair,
    until_true,
)
from tests.gateway.stories.gateways import Gateway, until
from tests.gateway.stories.people import ACT, Person, Town, Tree, another_token, enable, enrol

SOON: Final = 10.0
"""Seconds by which it is heard of on a busy machine too; how soon it is on a quiet one is what
``python -m tests.gateway.stories.enabling`` prints."""
CUT: Final = 10.0
"""The same for one that hears of no changes, and asks the store anew after a second."""
QUERY: Final = "{ viewer { id } }"


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    """Two gateways on one store."""
    with pair() as made:
        yield made


def status(who: Person) -> int:
    """How the door answers somebody."""
    return who.post(QUERY).status_code


def token_id(town: Town, who: Person) -> str:
    """The id of the latest token of somebody who has several."""
    query = "{ tokens(first: 100) { edges { node { id actor createdAt lastUsedAt } } } }"
    held = [edge["node"] for edge in town["operator"].ask(query)["tokens"]["edges"]]
    (found,) = [one["id"] for one in held if one["actor"] == who.id]
    return str(found)


def revoke(town: Town, id: str) -> float:
    """Revoke a token through the first gateway; gives the moment at which that was answered."""
    query = """mutation ($i: TokenRevokeInput!) {
      tokenRevoke(input: $i) { token { revokedAt } userErrors { code } } }"""
    asked = {"token": id, "idempotencyKey": town["operator"].key()}
    told = town["operator"].ask(query, i=asked)["tokenRevoke"]
    assert told["userErrors"] == []
    return time.monotonic()


def stand(above: Person, verb: str, tenant: str) -> float:
    """An administrator suspends, resumes or closes a tenant through the first gateway."""
    query = f"""mutation ($i: TenantStatusInput!) {{
      tenant{verb}(input: $i) {{ userErrors {{ code }} }} }}"""
    told = above.ask(query, i={"tenant": tenant, "idempotencyKey": above.key()})
    assert told[f"tenant{verb}"]["userErrors"] == []
    return time.monotonic()


# -- plugins ------------------------------------------------------------------------------------


async def test_a_plugin_enabled_under_load(both: Pair) -> None:
    """A plugin that is enabled through one gateway is served by the other within a second, and of
    the requests that both answer meanwhile none fails."""
    found = await enabled_under_load(both, 2)
    assert found.failed == {}
    assert min(found.before, found.after) > 20
    assert found.seen_after < SOON


async def test_a_plugin_disabled_while_its_actions_run(both: Pair) -> None:
    """Every action on the way is either recorded whole or declined as that of a plugin that is not
    enabled; and what was recorded can still be read by who looks after the business."""
    town = both.town()
    buyer, operator = town["professional"], town["operator"]
    load = Load([buyer, both.elsewhere(buyer)])
    running = asyncio.create_task(load.run())

    def done() -> list[Called]:
        return [one for one in load.calls if one.outcome == "RECORDED"]

    def declined() -> list[Called]:
        return [one for one in load.calls if one.outcome == "PLUGIN_DISABLED"]

    async def wait(met: Callable[[], bool]) -> None:
        await asyncio.to_thread(until, met, "the callers come so far")

    await wait(lambda: len(done()) > 60)
    await asyncio.to_thread(lambda: enable(operator, BUSY, enabled=False))
    disabled_at = time.monotonic()
    await wait(lambda: len(declined()) > 60)
    load.end()
    await running
    assert [one for one in load.calls if one.failed] == []
    late = [one.at - disabled_at for one in load.calls if one.outcome == "EVALUATED"]
    assert max(late) < SOON
    bought_by = {"tenant": buyer.tenant, "action": "buy_contact"}
    with MongoClient[Tree](both.mongod.uri) as client:
        records = list(client["avoir"]["journal"].find(bought_by))
    keys = Counter(record["command"]["key"] for record in records)
    assert keys == Counter(one.key for one in done())
    cases = {record["case"] for record in records}
    assert len(cases) == len(records)
    await wait(lambda: len(listed(operator)) == len(cases))
    for who in (operator, town["auditor"], both.elsewhere(operator)):
        shown = listed(who)
        assert len(shown) == len(cases)
        assert {(node["pluginStatus"], node["policy"]) for node in shown} == {("DISABLED", POLICY)}
    for who in (buyer, both.elsewhere(buyer), town["manager"], town["reviewer"]):
        assert listed(who) == []


CASES: Final = """query ($after: String) { cases(first: 100, after: $after) {
  edges { node { id policy pluginStatus revision } } pageInfo { hasNextPage endCursor } } }"""


def listed(who: Person) -> list[Tree]:
    """All cases that somebody is shown."""
    found: list[Tree] = []
    after: str | None = None
    while True:
        page = who.ask(CASES, after=after)["cases"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


# -- tokens and tenants ---------------------------------------------------------------------------


def test_a_token_revoked_is_refused_elsewhere(both: Pair) -> None:
    """A token that is revoked through one gateway opens the other no more within a second; the
    other tokens of the same actor do."""
    town = both.town()
    manager = town["manager"]
    id = token_id(town, manager)
    second = both.elsewhere(another_token(manager))
    here, there = manager, both.elsewhere(manager)
    assert [status(one) for one in (here, there, second)] == [200, 200, 200]
    since = revoke(town, id)
    assert status(here) == 401
    assert until_true(lambda: status(there) == 401, since) < SOON
    assert status(second) == 200


def test_a_tenant_suspended_is_refused_elsewhere(both: Pair) -> None:
    """Of a tenant that is suspended through one gateway nobody comes in by the other within a
    second; resumed, all come in again."""
    town = both.town()
    above = administrator(both.gateways[0])
    there = both.elsewhere(town["operator"])
    assert status(there) == 200
    since = stand(above, "Suspend", there.tenant)
    assert until_true(lambda: status(there) == 401, since) < SOON
    for who in town.people.values():
        assert status(who) == status(both.elsewhere(who)) == 401
    since = stand(above, "Resume", there.tenant)
    assert until_true(lambda: status(there) == 200, since) < SOON


def test_a_tenant_closed_can_be_read_only(both: Pair) -> None:
    """A tenant that is closed through one gateway is changed by nobody at the other within a
    second, neither its matters nor its configuration, and all of it can be read."""
    town = both.town()
    buyer, operator = both.elsewhere(town["professional"]), both.elsewhere(town["operator"])
    assert [bought(buyer), bought(buyer)] == [[], []]
    since = stand(administrator(both.gateways[0]), "Close", buyer.tenant)
    assert until_true(lambda: bought(buyer) == ["FORBIDDEN"], since) < SOON
    name = "mutation ($i: TenantChangeInput!) { tenantChange(input: $i) { userErrors { code } } }"
    told = operator.ask(name, i={"name": "Open", "idempotencyKey": operator.key()})
    assert told["tenantChange"]["userErrors"] == [{"code": "FORBIDDEN"}]
    assert buyer.ask("{ tenant { status } }") == {"tenant": {"status": "CLOSED"}}
    assert len(listed(buyer)) >= 2
    assert listed(buyer) == listed(town["professional"])


def bought(buyer: Person) -> list[str]:
    """The codes with which a purchase is declined."""
    key = buyer.key()
    facts: Tree = {"offer": {"id": f"O-{key}", "commission": "8"}}
    facts["event"] = {"confirmed_on_site": True}
    asked = {"policy": POLICY, "action": "buy_contact", "facts": facts, "idempotencyKey": key}
    payload = buyer.ask(ACT, input=asked)["act"]
    return [reason["code"] for reason in payload["userErrors"]]


# -- a gateway that hears of nothing --------------------------------------------------------------


@contextmanager
def unheard(uri: str) -> Iterator[set[int]]:
    """Whatever follows the changes of the configuration is ended as soon as it has begun: the
    cursors that were."""
    ending = threading.Event()
    cut: set[int] = set()

    def go_on() -> None:
        with MongoClient[Tree](uri) as client:
            while not ending.is_set():
                for one in followers(client):
                    client["avoir"].command("killCursors", "$cmd.aggregate", cursors=[one])
                    cut.add(one)

    cutting = threading.Thread(target=go_on)
    cutting.start()
    try:
        yield cut
    finally:
        ending.set()
        cutting.join()


def followers(client: MongoClient[Tree]) -> list[Int64]:
    """The cursors of change streams over the configuration."""
    asked = {"$currentOp": {"idleCursors": True, "allUsers": True}}
    found = []
    for one in client["admin"].aggregate([asked]):
        cursor = one.get("cursor") or {}
        told = str(cursor.get("originatingCommand", {}).get("pipeline", ""))
        if "$changeStream" in told and CONFIGURATION[1] in told:
            found.append(Int64(cursor["cursorId"]))
    return found


def test_a_gateway_whose_stream_is_cut_serves_no_revoked_token(both: Pair) -> None:
    """A gateway whose change stream is ended again and again refuses a revoked token as soon, and
    goes on serving the others."""
    town = both.town()
    manager = town["manager"]
    id, there = token_id(town, manager), both.elsewhere(manager)
    assert status(there) == 200
    with unheard(both.mongod.uri) as cut:
        until(lambda: len(cut) > 4, "streams are cut")
        assert status(there) == 200
        since = revoke(town, id)
        assert until_true(lambda: status(there) == 401, since) < CUT
        assert status(both.elsewhere(town["operator"])) == 200
        before = len(cut)
        until(lambda: len(cut) > before, "streams are cut still")
    assert status(there) == 401


def test_a_store_that_begins_anew_opens_no_revoked_token(both: Pair) -> None:
    """While the store is away a gateway lets nobody in by what it has kept for more than about a
    second; back again, it refuses a token that was revoked meanwhile, and serves the others."""
    town = both.town()
    manager, operator = town["manager"], town["operator"]
    id, there = token_id(town, manager), both.elsewhere(manager)
    assert status(there) == status(both.elsewhere(operator)) == 200
    both.mongod.stop()
    gone = time.monotonic()
    asking = threading.Thread(target=lambda: said.append(status(there)))
    said: list[int] = []
    until(lambda: time.monotonic() - gone > CUT, "what was kept is old")
    asking.start()
    both.restart_store()
    asking.join()
    assert said[0] in {200, 503}
    with MongoClient[Tree](both.mongod.uri) as client:
        tokens = client["avoir"]["tokens"]
        at = tokens.find_one({"id": id}, {"created_at": True}) or {}
        tokens.update_one({"id": id}, {"$set": {"revoked_at": at["created_at"]}})
    since = time.monotonic()
    assert until_true(lambda: status(there) == 401, since) < CUT
    until(lambda: status(both.elsewhere(operator)) == 200, "the others are served")


# -- a plugin that is gone ------------------------------------------------------------------------


def test_a_plugin_that_is_not_installed_any_more(folder: Path, stranger_path: Path) -> None:
    """A gateway without the plugin of some of its cases starts and serves the rest; the cases are
    kept and marked, read by operators and auditors, and are nothing to everybody else."""
    moment = "2025-03-03T09:00:00+00:00"
    case_of = """query ($id: ID!) { case(id: $id) {
      policy plugin pluginStatus state stateLabel revision party allowedActions
      nextActions { name } } }"""
    with Gateway(folder / "gone", path=[stranger_path]) as gateway:
        town = enrol(gateway, "acme", "xpertsource")
        town.stand_at(moment)
        lead: Tree = {"id": "L-1", "deliveredAt": moment, "price": "12"}
        made = town["platform"].done("acmeLeadReturnDeliver", professional="P-1", lead=lead)
        id = made["case"]["id"]
        until(lambda: len(listed(town["professional"])) == 1, "the case is listed")
        whole = town["operator"].ask(case_of, id=id)["case"]
        assert (whole["pluginStatus"], whole["policy"]) == ("ENABLED", "acme.lead_return")
    with Gateway(folder / "gone") as gateway:
        people = {name: replace(who, gateway=gateway) for name, who in town.people.items()}
        kept = {**whole, "pluginStatus": "NOT_INSTALLED", "stateLabel": whole["state"]}
        kept |= {"allowedActions": [], "nextActions": []}
        for name, who in people.items():
            looks_after = name in {"operator", "auditor"}
            shown = who.ask(case_of, id=id)["case"]
            assert shown == (
                {**kept, "allowedActions": [], "nextActions": []} if looks_after else None
            )
            statuses = [node["pluginStatus"] for node in listed(who)]
            assert statuses == (["NOT_INSTALLED"] if looks_after else []), name
            assert who.ask("{ tenant { plugins } }") == {"tenant": {"plugins": ["xpertsource"]}}
            asked = {"policy": "acme.lead_return", "action": "deliver", "facts": {}, "case": id}
            told = who.ask(ACT, input={**asked, "idempotencyKey": who.key()})["act"]
            assert [error["code"] for error in told["userErrors"]] == ["PLUGIN_DISABLED"]
        assert "acme" in people["operator"].ask("{ tenant { enabled } }")["tenant"]["enabled"]
        lead = {"id": "L-2", "purchased_at": moment}
        lead["price_paid"] = {"amount": "9.00", "unit": "CAD"}
        top_up: Tree = {"top_up": {"amount": "50.00", "unit": "CAD"}}
        platform = people["platform"]
        for action, facts in (("top_up", top_up), ("purchase", {"lead": lead})):
            done = platform.act("xpertsource.lead_credit", action, facts, party="P-1")
            assert done["userErrors"] == []
    with Gateway(folder / "gone", path=[stranger_path]) as gateway:
        operator = replace(town["operator"], gateway=gateway)
        assert operator.ask(case_of, id=id)["case"] == whole
