"""The laws of trials, on histories that were really played, of all five policies.

A trial with the values in force finds nothing otherwise; and what a trial with other values finds
first is what really comes of the same acts where those values are in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import pytest
from bson.objectid import ObjectId
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from avoir.errors import PolicyError
from avoir.policies import Policy
from avoir.rulings import RULING
from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Service
from avoir_gateway.store import LocalMongod
from tests.gateway.parameters.acts import POLICIES, Story, decided, stories, values
from tests.gateway.parameters.stage import Stage, enrolled
from tests.gateway.schema.conftest import NOON, hosting

World: TypeAlias = tuple[asyncio.Runner, Service]
HISTORIES: Final = settings(
    max_examples=20,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NAMED: Final = [pytest.param(policy, id=policy.key) for policy in POLICIES]


@pytest.fixture(scope="module")
def world(mongod: LocalMongod) -> Iterator[World]:
    """An event loop and a service that the histories of this module share."""
    with asyncio.Runner() as runner:
        name = f"trials_{ObjectId()}"

        async def begin() -> tuple[store.Client, Service]:
            client = store.connect(mongod.uri, store.Patience(connect_ms=1_800_000))
            service = Service(hosting(), stores_in(client[name]), lambda: NOON)
            await lay_out(service.stores)
            return client, service

        client, service = runner.run(begin())
        yield runner, service

        async def end() -> None:
            await service.drain()
            await client.drop_database(name)
            await client.close()

        runner.run(end())


def staged(world: World, story: Story, values: dict[str, Any]) -> Stage:
    """A story as it came about where these values are in force."""
    parameters = {story.policy.key: values} if values else None
    stage = enrolled(*world, story.policy.plugin, parameters=parameters)
    story.on(stage)
    return stage


@pytest.mark.parametrize("policy", [p for p in NAMED if "lead_credit" in str(p.id)])
def test_nothing_of_what_was_decided_is_otherwise(world: World, policy: Policy) -> None:
    """Every decided case, played and tried with the values in force, comes to what it came to."""
    for story in decided(policy):
        trial = staged(world, story, {}).trial(policy, {})
        assert (trial.otherwise, trial.unrepeated, trial.unkept) == (0, 0, 0), story
        assert trial.is_complete


@pytest.mark.parametrize("policy", NAMED)
@given(data=st.data())
@HISTORIES
def test_the_values_in_force_find_nothing(
    world: World, policy: Policy, data: st.DataObject
) -> None:
    """Whatever the history and the values in force, a trial with those finds nothing otherwise,
    and every act that is kept can be told again."""
    story = data.draw(stories(policy), "story")
    chosen = data.draw(values(policy), "values")
    assume(possible(policy, chosen))
    trial = staged(world, story, chosen).trial(policy, chosen)
    assert (trial.otherwise, trial.unrepeated, trial.unkept) == (0, 0, 0)
    assert trial.looked == trial.of


@pytest.mark.parametrize("policy", NAMED)
@given(data=st.data())
@HISTORIES
def test_a_trial_foretells_what_comes(world: World, policy: Policy, data: st.DataObject) -> None:
    """The first act that a trial finds otherwise is the first that comes to something else where
    the values are in force, and it comes to what the trial says."""
    story = data.draw(stories(policy), "story")
    chosen = data.draw(values(policy), "values")
    assume(possible(policy, chosen))
    before, after = staged(world, story, {}), staged(world, story, chosen)
    trial = before.trial(policy, chosen)
    assert (trial.unrepeated, trial.unkept) == (0, 0)
    places = {
        (record.case, record.revision): place
        for place, record in enumerate(before.records)
        if record is not None
    }
    found = {places[one.case, one.revision]: one for one in trial.cases}
    parts = first_difference(before, after)
    if parts is None:
        assert not found
        return
    was, came = before.records[parts], after.records[parts]
    if was is None or not is_tried(was):
        assert all(place > parts for place in found)
        return
    assert min(found, default=None) == parts
    if came is not None:
        told = found[parts].after
        postings = sorted((*one[:3], one[3].amount) for one in told.postings)
        assert (told.outcome, told.clause, told.state, postings) == ending(came)


def possible(policy: Policy, chosen: dict[str, Any]) -> bool:
    """Whether an edition can be made of values: some leave a window empty."""
    try:
        policy.edition(chosen)
    except PolicyError:
        return False
    return True


def is_tried(record: store.Record) -> bool:
    """Whether a trial looks at a record at all."""
    on_a_case = not record.case.startswith(store.ON_AN_ACCOUNT)
    return on_a_case and record.action != RULING


def first_difference(before: Stage, after: Stage) -> int | None:
    """The first act that came to something else on the second of two stages."""
    for place, (one, other) in enumerate(zip(before.records, after.records, strict=False)):
        if one is None and other is None:
            continue
        if one is None or other is None or ending(one) != ending(other):
            return place
    return None


def ending(record: store.Record) -> tuple[object, ...]:
    """What a record says an act came to."""
    decision: Any = record.decision
    postings = sorted(
        (p["kind"], p["source"], p["destination"], p["amount"]) for p in decision["postings"]
    )
    clause = next(iter(decision["clauses"]), None)
    return decision["outcome"], clause, record.state, postings
