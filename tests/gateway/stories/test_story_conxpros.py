"""A lead at conXpros from its delivery to a final review; the gateway ends in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.command import environment
from tests.gateway.stories import books
from tests.gateway.stories.conftest import Enrol
from tests.gateway.stories.conxpros_story import BALANCE, COST, STEPS, Step, Story
from tests.gateway.stories.gateways import Gateway, is_alive, until
from tests.gateway.stories.people import Town, Tree, at_once, enrol

ROOT = Path(__file__).parents[3]
BY_ACTION = {step.action: step for step in STEPS}


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[Gateway]:
    """A gateway that these tests end as they like, and start again."""
    with Gateway(folder / "own") as running:
        yield running


def check(step: Step, payload: Tree, town: Town, story: Story) -> None:
    """What was answered is what the step must come to, and the books say the same."""
    decision = payload["decision"]
    came = decision["outcome"], payload["case"] and payload["case"]["state"]
    assert came == (step.outcome, step.state)
    assert step.clauses <= {clause["id"] for clause in decision["clauses"]}
    assert step.notices == {notice["kind"] for notice in decision["notices"]}
    check_books(step, town, story)


def check_books(step: Step, town: Town, story: Story) -> None:
    """The account is where the step leaves it, and all sides sum to zero."""
    for reader in (town["professional"], town["auditor"]):
        account = books.account(reader, BALANCE)
        books.check(account)
        assert account.balance == step.balance
        assert len(account.entries) == STEPS.index(step) + 1
    if story.case is not None:
        credited = books.net_credited(town["professional"], story.case)
        assert credited == step.credited
        assert 0 <= credited <= COST


def test_from_the_delivery_to_a_final_review(conxpros: Enrol) -> None:
    """Each step comes to what the terms say, and after each the books sum to zero."""
    town = conxpros()
    story = Story(town)
    for step in STEPS:
        check(step, story.take(step), town, story)
    assert story.case is not None
    case = books.history(town["professional"], story.case)
    on_the_case = [step for step in STEPS if step.action != "top_up"]
    told = [(e["action"], e["outcome"], e["state"], e["actor"]["id"]) for e in case["history"]]
    assert told == [(step.action, step.outcome, step.state, step.who) for step in on_the_case]
    assert [event["revision"] for event in case["history"]] == [*range(1, len(on_the_case) + 1)]
    for step, event in zip(on_the_case, case["history"], strict=True):
        assert event["decision"]["outcome"] == step.outcome
        assert step.clauses <= {clause["id"] for clause in event["decision"]["clauses"]}
        assert {notice["kind"] for notice in event["notices"]} == step.notices
    reversal = case["history"][3]["postings"][0]
    assert reversal["reverses"] == "conxpros.lead_credit:L-1#2:lead_credit"


def test_nothing_is_lost_when_everything_stops(own: Gateway) -> None:
    """Gateway and store end by SIGTERM between two steps; the next start goes on from there."""
    town = enrol(own, "conxpros", zone="America/New_York")
    story = Story(town)
    for step in STEPS:
        payload = story.take(step)
        check(step, payload, town, story)
        if step.action == "request_credit":
            mongod = own.mongod
            assert own.stop() == 0
            assert not is_alive(mongod)
            own.start()
            check_books(step, town, story)
            again = story.take(step)
            assert again == payload | {"replayed": True}
    assert story.case is not None
    assert len(books.history(town["auditor"], story.case)["history"]) == len(STEPS) - 1


@pytest.mark.parametrize("mongod_too", [False, True], ids=["gateway", "gateway and store"])
def test_nothing_is_lost_or_doubled_by_a_kill(own: Gateway, mongod_too: bool) -> None:
    """Killed with an action on its way, what was acknowledged stands, and the key settles it."""
    town = enrol(own, "conxpros", zone="America/New_York")
    story = Story(town)
    for step in STEPS[:4]:
        check(step, story.take(step), town, story)
    reversal = BY_ACTION["reversal_decided"]
    town.stand_at(reversal.at)
    mongod = own.mongod

    def take() -> None:
        try:
            story.take(reversal)
        except Exception:
            return  # it was killed before it answered

    at_once(take, lambda: own.kill(mongod=mongod_too))
    until(lambda: not is_alive(mongod), "the store has ended with its gateway")
    own.start()
    check(reversal, story.take(reversal), town, story)
    for step in STEPS[5:]:
        check(step, story.take(step), town, story)
    assert story.case is not None
    case = books.history(town["auditor"], story.case)
    assert [event["action"] for event in case["history"]] == [step.action for step in STEPS[1:]]


def test_the_ledger_can_be_printed() -> None:
    """``python -m tests.gateway.stories.ledger`` plays the story and prints the books."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.gateway.stories.ledger"],
        capture_output=True,
        cwd=ROOT,
        env=environment(),
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("sums to zero") == len(STEPS)
    for step in STEPS:
        assert f"{step.who}: {step.action}" in ran.stdout
        assert f"balance   {step.balance:>8} USD" in ran.stdout
