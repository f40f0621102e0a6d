"""Measuring: repeated rounds in turn, medians and spreads, and the table they are shown in."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 7


@dataclass(frozen=True)
class Timing:
    """Seconds for one operation: the median of the rounds, the least and the most."""

    median: float
    least: float
    most: float


def in_turn(
    contenders: Mapping[str, Callable[[], object]], operations: int, rounds: int = ROUNDS
) -> Mapping[str, Timing]:
    """Time each contender's round of so many operations, one after another, round by round.

    Each goes through its round once untimed before: what it works on is then in the processor's
    cache, as what came in a moment ago is, and not what the contender before it left there.
    """
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    # what was prepared stays: no contender is to pay for looking through it again and again
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for name, contend in contenders.items():
            contend()
            begun = time.perf_counter()
            contend()
            spent[name].append((time.perf_counter() - begun) / operations)
    gc.unfreeze()
    return {
        name: Timing(statistics.median(times), min(times), max(times))
        for name, times in spent.items()
    }


def shown(title: str, timings: Mapping[str, Timing], against: str) -> Sequence[str]:
    """The lines of a table: time of one operation, spread, ratio to one of them."""
    basis = timings[against].median
    lines = [f"### {title}", "", "| what | median | least – most | ratio |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {_micro(t.median)} | {_micro(t.least)} – {_micro(t.most)} "
        f"| {t.median / basis:.2f} |"
        for name, t in timings.items()
    ]
    return [*lines, ""]


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs"


def keeping_bytecode(folder: Path) -> dict[str, str]:
    """The environment of a process that finds its modules compiled, as after a first start."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment
