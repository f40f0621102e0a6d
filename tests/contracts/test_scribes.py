"""What a scribe writes of a decision is its document, rendered for the same reader."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avoir.cases import evaluate, perform
from avoir.conditions import Situation
from avoir.decisions import Decision
from avoir.documents import rendered, tree
from avoir.facts import Intake
from avoir.policies import Edition, Policy
from avoir.readers import Reader
from avoir.scribes import Scribe
from tests.contracts.agreement import situation
from tests.contracts.clauses import examples, host

KEYS = sorted(host().policies)
LANGUAGES = ("en", "fr", "ru")


@cache
def scribe(key: str, language: str) -> Scribe:
    """One scribe for each policy and language, so that what is kept is used again."""
    policy = host().policies[key]
    catalogs = host().catalogs
    return Scribe(Reader(language, "Europe/Paris", catalogs, policy.domain, policy.labels))


def decision_is_written(decision: Decision, edition: Edition, language: str) -> None:
    """Both what was decided and why come out as the rendered tree says."""
    writes = scribe(edition.policy.key, language)
    whole = plain(rendered(tree(decision, edition), writes.reader))
    assert plain_json(writes.explained(decision, edition)) == whole
    brief = plain_json(writes.decided(decision, edition))
    assert brief == {name: whole[name] for name in brief}
    left_out = set(whole) - set(brief)
    assert left_out == {
        *("label", "state_label", "missing_labels", "remedies", "findings", "cited", "notices")
    }
    assert plain_json(writes.explained(decision, edition, without=left_out)) == brief


def plain(document: object) -> Mapping[str, Any]:
    """A document as it comes out of JSON."""
    return plain_json(msgspec.json.encode(document))


def plain_json(content: bytes) -> Mapping[str, Any]:
    """The document in JSON."""
    found: Mapping[str, Any] = msgspec.json.decode(content)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_recorded_examples_are_written_as_they_are_rendered(key: str, language: str) -> None:
    """The decisions of every recorded example, one after another, in every language."""
    policy = host().policies[key]
    for example in recorded(policy):
        edition = policy.edition(example.parameters)
        decision_is_written(evaluate(edition, example.action, example.facts), edition, language)


def recorded(policy: Policy) -> Sequence[Any]:
    """Some of the recorded examples of a policy."""
    return list(examples(policy))[::5]


@pytest.mark.parametrize("key", KEYS)
@given(st.integers(0, 2**32), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_any_decision_is_written_as_it_is_rendered(key: str, seed: int, language: str) -> None:
    """Decisions on random facts, with unknowns and rules that fail."""
    policy, chance = host().policies[key], random.Random(seed)
    action = chance.choice(policy.lifecycle.actions)
    made = situation(policy, action.table, chance)
    edition, intake = policy.edition(), Intake(made.facts, (), policy.time_zone)
    here = Situation(made.facts, edition.values)
    decision_is_written(perform(edition, action, intake, here, stored=None), edition, language)


def test_yes_and_one_are_told_apart() -> None:
    """What is kept of a finding goes by what was read, and by what kind of value it is."""
    key = "conxpros.lead_credit"
    edition = host().policies[key].edition()
    facts = examples(host().policies[key])
    base: Mapping[str, Any] = next(iter(facts)).facts
    for said in (True, False, None, True):
        findings = {**base.get("findings", {}), "address_valid": said}
        decision = evaluate(edition, "request_credit", {**base, "findings": findings})
        decision_is_written(decision, edition, "en")


def test_the_hours_that_come_twice_are_told_apart() -> None:
    """What is kept of a finding goes by which of the two hours of one name was read."""
    policy = host().policies["conxpros.lead_credit"]
    edition = policy.edition()
    for example in recorded(policy):
        for offset in ("-04:00", "-05:00", "-04:00"):
            hired = {"hired_or_completed_at": f"2025-11-02T01:30:00{offset}"}
            findings = {**example.facts.get("findings", {}), **hired}
            facts = {**example.facts, "findings": findings}
            decision_is_written(evaluate(edition, example.action, facts), edition, "fr")
