"""One schema for each set of plugins: what it shows, who is left out, and how it is kept."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest
from graphql import get_introspection_query

from avoir.facts import Facts, choice, text, zone_name
from avoir.facts import instant as instant_fact
from avoir.host import Host
from avoir.lifecycles import Role
from avoir.policies import Policy
from avoir_gateway.schema import Schema, Schemas, build, sdl
from avoir_gateway.schema import build as building
from avoir_gateway.service import Service
from tests.gateway.schema import kinds
from tests.gateway.schema.conftest import Asking, hosting, tenant

Hosting = Callable[..., Host]


@pytest.fixture
def host_of() -> Iterator[Hosting]:
    """Makes hosts of our plugins and of others."""
    known = set(sys.modules)

    def make(*modules: ModuleType) -> Host:
        return hosting(*modules)

    yield make
    for name in set(sys.modules) - known:
        if name.startswith("plugin_"):
            del sys.modules[name]


def with_facts(key: str, facts: type[Facts]) -> Policy:
    """A policy with other facts; its actions state none of them."""
    lifecycle = kinds.POLICY.lifecycle
    actions = tuple(
        replace(action, inputs=(), requires=(), claims=(), identifies=None)
        for action in lifecycle.actions
        if action.table is kinds.TELLING
    )
    return replace(
        kinds.POLICY, key=key, facts=facts, lifecycle=replace(lifecycle, actions=actions)
    )


def test_a_plugin_that_is_not_enabled_is_invisible(host: Host) -> None:
    """A schema shows no trace of a plugin that is not enabled."""
    core, one = build(host, frozenset()), build(host, frozenset({"xpertsource"}))
    for schema, hidden in ((core, "xpertsource"), (core, "everykind"), (one, "everykind")):
        text = sdl(schema).lower()
        result = schema.execute_sync(get_introspection_query())
        assert result.data is not None
        for shown in (text, str(result.data).lower()):
            assert hidden not in shown
    assert "evaluate(" not in sdl(core)
    assert "input EvaluateInput" not in sdl(core)
    assert one.policies == {"xpertsource.lead_credit"}


def test_plugins_that_are_not_installed_do_not_matter(host: Host) -> None:
    """A plugin that is enabled but not installed neither adds to a schema nor spoils it."""
    schema = build(host, frozenset({"xpertsource", "nobody"}))
    assert schema.policies == {"xpertsource.lead_credit"}
    assert schema.left_out == ()


def test_of_two_that_collide_the_second_is_left_out_and_named(host_of: Hosting) -> None:
    """Of two plugins that collide the second is left out, with a reason that names the first."""
    first = kinds.plugin("alpha", kinds.called("alpha.beta_gamma"))
    second = kinds.plugin("alpha_beta", kinds.called("alpha_beta.gamma"))
    host = host_of(first, second)
    schema = build(host, frozenset({"alpha", "alpha_beta", "xpertsource"}))
    assert schema.policies == {"alpha.beta_gamma", "xpertsource.lead_credit"}
    (out,) = schema.left_out
    assert out.name == "alpha_beta"
    assert "the plugin alpha" in out.reason
    assert "AlphaBetaGamma" in out.reason
    assert out in host.quarantined
    assert build(host, frozenset({"alpha", "alpha_beta"})).left_out == (out,)
    assert host.quarantined.count(out) == 1
    assert build(host, frozenset({"alpha_beta"})).policies == {"alpha_beta.gamma"}


async def test_one_that_is_left_out_is_not_served(host_of: Hosting, service: Service) -> None:
    """A plugin left out of the schema is not served by any other way either."""
    host = host_of(
        kinds.plugin("alpha", kinds.called("alpha.beta_gamma")),
        kinds.plugin("alpha_beta", kinds.called("alpha_beta.gamma")),
    )
    served = Service(host, service.stores, service.clock)
    theirs = await tenant(served, "alpha", "alpha_beta")
    schema = build(host, frozenset(theirs.plugins))
    who = Asking(served, schema, theirs, Role.PLATFORM)
    data = await who(
        """{ policies { key } tenant { plugins } plugins { name }
             policy(key: "alpha_beta.gamma") { key } }"""
    )
    assert data == {
        "policies": [{"key": "alpha.beta_gamma"}],
        "tenant": {"plugins": ["alpha"]},
        "plugins": [{"name": "alpha"}],
        "policy": None,
    }
    act = "mutation ($i: ActInput!) { act(input: $i) { userErrors { code path } } }"
    asked = {
        "policy": "alpha_beta.gamma",
        "action": "tell",
        "party": "P-1",
        "facts": {"thing": {"id": "T-1"}},
        "idempotencyKey": "k",
    }
    payload = await who(act, i=asked)
    assert payload["act"]["userErrors"] == [{"code": "PLUGIN_DISABLED", "path": ["policy"]}]
    evaluate = """query ($facts: JSON!) {
        evaluateFacts(policy: "alpha_beta.gamma", action: "tell", facts: $facts) { outcome }
    }"""
    assert await who.code(evaluate, facts={}) == "PLUGIN_DISABLED"


class Twice(Facts):
    """Two facts that would be one field."""

    time_zone = zone_name("time zone")
    as_of = instant_fact("moment asked about")
    some_thing = text("one")
    someThing = text("other")  # noqa: N815


class Strange(Facts):
    """A fact whose name is none in GraphQL."""

    time_zone = zone_name("time zone")
    as_of = instant_fact("moment asked about")
    odd = text("odd", name="ça")


class Same(StrEnum):
    """Two values of one name."""

    ONE = "a b"
    OTHER = "a-b"


class Alike(Facts):
    """A choice between two values of one name."""

    time_zone = zone_name("time zone")
    as_of = instant_fact("moment asked about")
    which = choice(Same, "which")


class SetPayload(StrEnum):
    """A choice whose type would have the name of one of the core's."""

    ONE = "one"


class Core(Facts):
    """A choice by that name."""

    time_zone = zone_name("time zone")
    as_of = instant_fact("moment asked about")
    which = choice(SetPayload, "which")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [(Twice, "would be two things"), (Strange, "no name in GraphQL"), (Alike, "names differ")],
)
def test_a_plugin_with_names_that_do_not_do_is_left_out(
    host_of: Hosting, facts: type[Facts], reason: str
) -> None:
    """A plugin with names that cannot be in a schema is left out alone, and the reason is given."""
    host = host_of(kinds.plugin("odd", with_facts("odd.odd", facts)))
    schema = build(host, frozenset({"odd", "xpertsource"}))
    assert schema.policies == {"xpertsource.lead_credit"}
    assert [out.name for out in schema.left_out] == ["odd"]
    assert reason in schema.left_out[0].reason


def test_no_plugin_takes_a_name_of_the_core(host_of: Hosting) -> None:
    """No plugin takes a name that the gateway itself uses, be it of a type or of a field."""
    type_ = with_facts("test.clock", Core)
    (first, *_), lifecycle = kinds.POLICY.lifecycle.actions, kinds.POLICY.lifecycle
    setting = replace(lifecycle, actions=(replace(first, name="set"),))
    field = replace(kinds.called("test.clock"), lifecycle=setting)
    for policy, name in ((type_, "TestClockSetPayload"), (field, "Mutation.testClockSet")):
        schema = build(host_of(kinds.plugin("test", policy)), frozenset({"test"}))
        assert [out.reason for out in schema.left_out] == [f"{name} is a name of the gateway too"]


def test_a_plugin_that_breaks_the_schema_is_left_out(
    host_of: Hosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that breaks the schema is left out with its reason, and the others are served."""
    broken = kinds.plugin("broken", kinds.called("broken.kind"))
    host = host_of(broken)
    made = building.__globals__["_made"]

    def failing(contributions: Any) -> Schema:
        contributions = tuple(contributions)
        if any(one.plugin == "broken" for one in contributions):
            raise TypeError("a broken type")
        schema: Schema = made(contributions)
        return schema

    monkeypatch.setitem(building.__globals__, "_made", failing)
    schema = build(host, frozenset({"broken", "xpertsource"}))
    assert schema.policies == {"xpertsource.lead_credit"}
    assert [(out.name, out.reason) for out in schema.left_out] == [
        ("broken", "TypeError: a broken type")
    ]


async def test_a_schema_is_built_once_off_the_event_loop(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema that many ask for at once is built once, and not on the event loop."""
    schemas = Schemas(host)
    threads: list[str] = []
    made = building.__globals__["_made"]

    def watched(contributions: Any) -> Schema:
        threads.append(threading.current_thread().name)
        schema: Schema = made(contributions)
        return schema

    monkeypatch.setitem(building.__globals__, "_made", watched)
    wanted = frozenset({"xpertsource"})
    waiting = [asyncio.create_task(schemas.showing(wanted)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting.pop().cancel()
    first, *others = await asyncio.gather(*waiting)
    assert all(other is first for other in others)
    assert await schemas.showing(wanted | {"nobody"}) is first
    assert len(threads) == 1
    assert threads[0] != threading.main_thread().name


async def test_a_build_that_failed_is_tried_again(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that failed is not remembered: the next who asks gets a schema."""
    schemas = Schemas(host)
    wanted = frozenset({"xpertsource"})
    with monkeypatch.context() as patch:

        def failing(*_: object) -> Schema:
            raise MemoryError

        patch.setitem(Schemas.showing.__globals__, "build", failing)
        with pytest.raises(MemoryError):
            await schemas.showing(wanted)
    assert (await schemas.showing(wanted)).policies == {"xpertsource.lead_credit"}


async def test_schemas_that_were_not_asked_for_lately_are_dropped(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many schemas are kept, and the one not asked for longest goes first."""
    monkeypatch.setitem(Schemas.showing.__globals__, "MOST", 2)
    schemas = Schemas(host)
    sets = [frozenset({"xpertsource"}), frozenset({"kinds"}), frozenset[str]()]
    first, second, _ = [await schemas.showing(plugins) for plugins in sets]
    assert await schemas.showing(sets[1]) is second
    assert await schemas.showing(sets[0]) is not first


def test_schemas_built_at_once_do_not_get_in_each_others_way(host: Host) -> None:
    """A schema is the same whether it is built alone or while others are being built."""
    sets = [frozenset({"xpertsource"}), frozenset({"kinds"}), frozenset({"xpertsource", "kinds"})]
    alone = [sdl(build(host, plugins)) for plugins in sets]
    found: dict[int, str] = {}

    def make(number: int) -> None:
        found[number] = sdl(build(host, sets[number % 3]))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[number] == alone[number % 3] for number in range(9))
