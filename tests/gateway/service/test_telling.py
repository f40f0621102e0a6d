"""What a teller tells of a decision is its document, made plain; parts of it are kept encoded."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from operator import is_
from typing import Any, cast
from zoneinfo import ZoneInfo

import bson
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avoir.cases import evaluate, perform
from avoir.conditions import Situation
from avoir.decisions import Deadline, Decision
from avoir.documents import due, neutral, tree
from avoir.facts import Intake
from avoir.policies import Edition
from avoir_gateway.service.telling import Teller, is_told_by_equality
from avoir_gateway.store.documents import Document, storable
from tests.contracts.agreement import situation
from tests.contracts.clauses import examples, host

KEYS = sorted(host().policies)
TELLER = Teller()
"""One for all, so that what is kept is used again."""


def is_told(decision: Decision, edition: Edition) -> None:
    """The document is the tree made plain, and so is what goes to the store, byte for byte."""
    told, plain = TELLER.document(decision, edition), neutral(tree(decision, edition))
    assert msgspec.json.encode(told) == msgspec.json.encode(plain)
    assert _stored(told) == _stored(cast(Document, plain))


def _stored(document: Mapping[str, Any]) -> bytes:
    return bson.encode(cast(Document, storable(dict(document))))


@pytest.mark.parametrize("key", KEYS)
def test_recorded_examples_are_told_as_they_are(key: str) -> None:
    """The decisions of recorded examples, one after another."""
    policy = host().policies[key]
    for example in list(examples(policy))[::3]:
        edition = policy.edition(example.parameters)
        is_told(evaluate(edition, example.action, example.facts), edition)


@pytest.mark.parametrize("key", KEYS)
@given(st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_any_decision_is_told_as_it_is(key: str, seed: int) -> None:
    """Decisions on random facts, with unknowns and rules that fail."""
    policy, chance = host().policies[key], random.Random(seed)
    action = chance.choice(policy.lifecycle.actions)
    made = situation(policy, action.table, chance)
    edition, intake = policy.edition(), Intake(made.facts, (), policy.time_zone)
    here = Situation(made.facts, edition.values)
    is_told(perform(edition, action, intake, here, stored=None), edition)


def test_what_is_told_again_is_the_same_object() -> None:
    """A finding that read the same, and a clause, are made and encoded once."""
    policy = host().policies["cronoshare.contact"]
    edition = policy.edition()
    kept = 0
    for example in list(examples(policy))[:60]:
        first, again = (
            TELLER.document(evaluate(edition, example.action, example.facts), edition)
            for _ in range(2)
        )
        assert all(map(is_, _parts(first, "cited"), _parts(again, "cited")))
        pairs = zip(_parts(first, "findings"), _parts(again, "findings"), strict=True)
        kept += sum(one is other for one, other in pairs)
    assert kept > 20


def _parts(document: Mapping[str, object], name: str) -> list[object]:
    return cast(list[object], document[name])


def test_equals_that_are_told_otherwise_are_not_kept() -> None:
    """A moment equals itself in another zone, and 1 equals 1.0: only what is told alike is kept."""
    assert is_told_by_equality((None, True, 1, "x"))
    assert not is_told_by_equality((Decimal("1.0"),))
    assert not is_told_by_equality((1, datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Paris"))))
    assert not is_told_by_equality(((1, 2),))


def test_the_hour_that_comes_twice_has_two_deadlines() -> None:
    """Deadlines that are equal, and end an hour apart, are told apart."""
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))
    for end in (twice, twice.replace(fold=1)):
        deadline = Deadline("closes", "closing", end.date(), end, "Europe/Paris", "C-1", False)
        assert TELLER.deadlines((deadline,)) == [neutral(due(deadline))]
