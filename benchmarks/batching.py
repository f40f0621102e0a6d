"""Batching: credit requests in a file, one a line, decided by the command and its processes.

The start of the command is in it. The answers of several processes are those of one, byte by byte.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.lines import requests
from benchmarks.measuring import keeping_bytecode

LINES: Final = 200_000
ROUNDS: Final = 3


class DifferenceError(Exception):
    """Several processes answer otherwise than one does."""


def run() -> Sequence[str]:
    """The table of this benchmark."""
    workers = sorted({1, os.cpu_count() or 1})
    rates: dict[int, list[float]] = {number: [] for number in workers}
    answers: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="avoir-bench-") as name:
        file, answered = Path(name, "lines"), Path(name, "answers")
        environment = keeping_bytecode(Path(name, "bytecode"))
        with file.open("wb") as lines:
            lines.writelines(requests(LINES))
        first = Path(name, "first")
        first.write_bytes(next(iter(requests(1))))
        _decide(first, answered, 1, environment)
        for _ in range(ROUNDS):
            for number in workers:
                begun = time.perf_counter()
                _decide(file, answered, number, environment)
                rates[number].append(LINES / (time.perf_counter() - begun))
                answers.add(_digest(answered))
        size = file.stat().st_size
    if len(answers) > 1:
        raise DifferenceError(sorted(answers))
    rows = [
        f"| {number} | {statistics.median(rates[number]):,.0f} "
        f"| {min(rates[number]):,.0f} – {max(rates[number]):,.0f} |"
        for number in workers
    ]
    return [
        f"### avoir evaluate --lines: {LINES:,} requests at conXpros, {size / 1e6:.0f} MB",
        "",
        "| processes | decisions a second | least – most |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _decide(file: Path, answers: Path, workers: int, environment: dict[str, str]) -> None:
    avoir = Path(sys.executable).with_name("avoir")
    command = [str(avoir), "evaluate", "--lines", str(file), "--workers", str(workers)]
    with answers.open("wb") as out:
        subprocess.run(command, stdout=out, env=environment, check=True)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
