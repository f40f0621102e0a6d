"""The documents of every installed policy are taken in as the careful reader reads them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.clauses import examples, host
from tests.core.test_any_json import json_values
from tests.core.test_intake import taken_like_the_careful_reader

KEYS = sorted(host().policies)


@cache
def recorded(key: str) -> Sequence[Mapping[str, Any]]:
    """The documents of a policy's recorded examples."""
    return [example.facts for example in examples(host().policies[key])]


@pytest.mark.parametrize("key", KEYS)
def test_recorded_documents_are_taken_in_at_one_go(key: str) -> None:
    """The examples of a policy are ordinary: few take a careful reader, and none differs."""
    policy = host().policies[key]
    ordinary = 0
    for document in recorded(key):
        taken_like_the_careful_reader(document, policy.facts, policy.time_zone)
        ordinary += policy.facts.taker().plain(document, policy.time_zone) is not None
    assert ordinary > len(recorded(key)) * 0.8


@pytest.mark.parametrize("key", KEYS)
@given(st.integers(0, 2**32), json_values)
@settings(max_examples=150, deadline=None)
def test_an_example_with_something_odd_in_it_is_read_alike(key: str, seed: int, odd: Any) -> None:
    """Any JSON in the place of any fact, or beside it: both readers come to the same."""
    policy, chance = host().policies[key], random.Random(seed)
    path = chance.choice([*policy.facts.by_path, "nothing", "lead.nothing", "findings"])
    document = put(chance.choice(recorded(key)), path.split("."), odd)
    taken_like_the_careful_reader(document, policy.facts, policy.time_zone)


def put(document: Mapping[str, Any], names: list[str], value: Any) -> dict[str, Any]:
    """A document with a value at a path; what was no group there becomes one."""
    first, *others = names
    if not others:
        return {**document, first: value}
    inner = document.get(first)
    return {**document, first: put(inner if isinstance(inner, Mapping) else {}, others, value)}
