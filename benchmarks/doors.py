"""The doors of deciding that are measured, one function each: from what comes in to what goes out.

A policy, its table and its edition are loaded once, and so are a reader's catalogs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec

from avoir.cases import evaluate, evaluate_json
from avoir.conditions import Situation
from avoir.decisions import Decision, decide
from avoir.documents import money
from avoir.host import Host
from avoir.money import Money
from avoir.readers import Reader
from avoir.scribes import Scribe
from avoir_conxpros.choices import Act
from avoir_conxpros.facts import F
from avoir_conxpros.policy import POLICY
from avoir_conxpros.table import REQUEST
from benchmarks.situations import ZONE

Answer: TypeAlias = tuple[str, tuple[str, ...], Money | None]
"""Outcome, clause ids in order, amount."""

ACTION: Final = Act.REQUEST_CREDIT.value
EDITION: Final = POLICY.edition()


def scribe(language: str) -> Scribe:
    """Who writes to somebody who reads that language."""
    return Scribe(Reader(language, ZONE, Host().catalogs, POLICY.domain, POLICY.labels))


def on_typed_facts(facts: Mapping[str, Any]) -> Answer:
    """From typed facts by path to outcome, clause ids and amount."""
    decision = decide(REQUEST, Situation(facts, EDITION.values), F, ZONE)
    return decision.outcome, tuple([clause.id for clause in decision.clauses]), decision.amount


def on_document(document: Mapping[str, Any]) -> Decision:
    """From a document of facts to a decision, complete with deadlines, notices and postings."""
    return evaluate(EDITION, ACTION, document)


def as_json(document: bytes, words: Scribe) -> bytes:
    """From JSON to JSON: what was decided, with the clauses cited and where they stand."""
    decision = evaluate_json(EDITION, ACTION, document)
    answer = {
        "outcome": decision.outcome,
        "state": decision.state,
        "amount": None if decision.amount is None else money(decision.amount),
        "clauses": [clause.id for clause in decision.clauses],
        "cited": [words.clause(clause) for clause in decision.clauses],
        "missing": decision.missing,
    }
    return msgspec.json.encode(answer)


def as_decided(document: bytes, words: Scribe) -> bytes:
    """From JSON to JSON, as a line of a batch is answered: all that was decided, without why."""
    return words.decided(evaluate_json(EDITION, ACTION, document), EDITION)


def explained(document: bytes, words: Scribe) -> bytes:
    """From JSON to JSON with the full explanation, in the words of a reader."""
    return words.explained(evaluate_json(EDITION, ACTION, document), EDITION)
