"""Deciding: the kernel beside hand-written if-chains and two rules engines, answers equal first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from avoir.conditions import Situation
from benchmarks import handwritten, zen_table
from benchmarks.datalogic_rules import Rules
from benchmarks.doors import (
    EDITION,
    as_decided,
    as_json,
    explained,
    on_document,
    on_typed_facts,
    scribe,
)
from benchmarks.measured_by_hand import measures as by_hand
from benchmarks.measuring import Timing, in_turn, shown
from benchmarks.ready_made import measures
from benchmarks.situations import documents, typed

COMPARED: Final = 3_000
TIMED: Final = 100
"""So few that their facts stay in the processor's cache, as those just read from a request do."""
ROUNDS: Final = 25

BY_HAND: Final = "hand-written if-chains"
KERNEL: Final = "decide(): typed facts to outcome, clause ids, amount"
ZEN: Final = "zen-engine, static loader: ready measures to outcome, first clause"
DATALOGIC: Final = "datalogic-py, compiled once: ready measures to outcome, first clause"
ZEN_MEASURED: Final = "zen-engine: typed facts, measured by hand, to outcome, first clause"
DATALOGIC_MEASURED: Final = "datalogic-py: typed facts, measured by hand, to outcome, first clause"


class DisagreementError(Exception):
    """Two contenders do not come to the same: their times mean nothing."""


def run() -> Sequence[str]:
    """The table of this benchmark."""
    zen, rules = zen_table.engine(), Rules()
    for document in documents(COMPARED):
        _agree(typed(document), lambda m: zen_table.decide(zen, m), rules.decide)

    sources = list(documents(TIMED))
    raw = [msgspec.json.encode(document) for document in sources]
    facts = [typed(document) for document in sources]
    ready = [measures(Situation(f, EDITION.values)) for f in facts]
    words = scribe("fr")

    def each(door: Callable[[Any], object], inputs: Sequence[Any]) -> Callable[[], None]:
        def contend() -> None:
            for one in inputs:
                door(one)

        return contend

    timings = in_turn(
        {
            BY_HAND: each(handwritten.decide, facts),
            KERNEL: each(on_typed_facts, facts),
            ZEN: each(lambda m: zen.evaluate(zen_table.KEY, m), ready),
            DATALOGIC: each(rules.decide, ready),
            ZEN_MEASURED: each(lambda f: zen.evaluate(zen_table.KEY, by_hand(f)), facts),
            DATALOGIC_MEASURED: each(lambda f: rules.decide(by_hand(f)), facts),
            "evaluate(): document of facts to complete decision": each(on_document, sources),
            "JSON to JSON, with citations": each(lambda r: as_json(r, words), raw),
            "JSON to JSON, as a line of a batch": each(lambda r: as_decided(r, words), raw),
            "JSON to JSON, explained in French": each(lambda r: explained(r, words), raw),
        },
        TIMED,
        ROUNDS,
    )
    return [*shown("One credit request at conXpros", timings, BY_HAND), *_compared(timings)]


def _compared(timings: Mapping[str, Timing]) -> Sequence[str]:
    kernel = timings[KERNEL].median
    return [
        f"decide() takes {kernel / timings[BY_HAND].median:.1f} times as long as the if-chains; "
        f"zen-engine takes {timings[ZEN_MEASURED].median / kernel:.1f} times as long as decide() "
        f"from the same facts, {timings[ZEN].median / kernel:.1f} times where they were measured "
        f"before; datalogic-py {timings[DATALOGIC_MEASURED].median / kernel:.1f} and "
        f"{timings[DATALOGIC].median / kernel:.1f} times.",
        f"On {COMPARED:,} random requests decide() and the if-chains agreed on outcome, clause ids "
        "and amount, and the engines with them on outcome and first clause.",
        "",
    ]


def _agree(f: Mapping[str, Any], *engines: Callable[[dict[str, Any]], Sequence[str]]) -> None:
    """Raise ``DisagreementError`` unless all come to the same on these facts."""
    mine, hand = on_typed_facts(f), handwritten.decide(f)
    if mine != hand:
        raise DisagreementError(json.dumps([str(mine), str(hand), str(f)]))
    ready = measures(Situation(f, EDITION.values))
    if by_hand(f) != ready:
        raise DisagreementError(json.dumps([str(by_hand(f)), str(ready), str(f)]))
    for decide in engines:
        theirs = decide(ready)
        if (mine[0], mine[1][0]) != tuple(theirs):
            raise DisagreementError(json.dumps([str(mine), str(theirs), str(f)]))
