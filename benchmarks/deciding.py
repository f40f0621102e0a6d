"""Deciding: the kernel beside hand-written if-chains and a rules engine, answers equal first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zen

from avoir.cases import evaluate
from avoir.clauses import Outcome
from avoir.conditions import Situation
from avoir.decisions import decide
from avoir.documents import tree
from avoir.programs import program
from avoir_xpertsource.facts import F
from avoir_xpertsource.policy import POLICY
from benchmarks import handwritten, zen_table
from benchmarks.measuring import in_turn, shown
from benchmarks.situations import documents, typed

COMPARED = 2_000
TIMED = 500
ZONE = "America/Toronto"


class DisagreementError(Exception):
    """Two contenders do not come to the same: their times mean nothing."""


def run() -> Sequence[str]:
    """The table of this benchmark."""
    edition = POLICY.edition()
    table = POLICY.lifecycle.actions[0].table
    sources = list(documents(COMPARED))
    facts = [typed(document) for document in sources]
    engine = zen_table.engine()
    agreed = sum(_agree(f, table, edition.values, engine) for f in facts)
    inputs = facts[:TIMED]
    features = [zen_table.features(f) for f in inputs]
    raw = sources[:TIMED]
    decisions = [evaluate(edition, None, document) for document in raw]

    def kernel() -> None:
        for f in inputs:
            decide(table, Situation(f, edition.values), F, ZONE)

    def statuses() -> None:
        for f in inputs:
            program(table)(Situation(f, edition.values))

    def chains() -> None:
        for f in inputs:
            handwritten.decide(f)

    def peer() -> None:
        for f in features:
            engine.evaluate(zen_table.KEY, f)

    def documents_in() -> None:
        for document in raw:
            evaluate(edition, None, document)

    def documents_out() -> None:
        for decision in decisions:
            tree(decision, edition)

    timings = in_turn(
        {
            "hand-written if-chains": chains,
            "statuses of the rows": statuses,
            "decide(): statuses, citations, amount": kernel,
            "zen-engine, static loader, measures ready made": peer,
            "evaluate(): from a document of facts": documents_in,
            "findings and remedies of a decision": documents_out,
        },
        TIMED,
    )
    lines = shown("One credit request at XpertSource", timings, "hand-written if-chains")
    return [*lines, f"Outcome, clause and amount agreed on {agreed} random requests.", ""]


def _agree(f: Any, table: Any, values: Any, engine: zen.ZenEngine) -> bool:
    decision = decide(table, Situation(f, values), F, ZONE)
    clause = decision.clauses[0].id
    mine = (decision.outcome.value, clause, decision.amount)
    hand = handwritten.decide(f)
    result = engine.evaluate(zen_table.KEY, zen_table.features(f))["result"]
    theirs = (result["outcome"], result["clause"])
    if mine != hand or (theirs != mine[:2] and decision.outcome is not Outcome.NEEDS_INFORMATION):
        raise DisagreementError(json.dumps([str(mine), str(hand), str(theirs), str(f)]))
    return True
