"""Loading: all installed plugins with their policies, each time in a new process.

Their modules are kept as bytecode, as on any installation after its first start. The functions of
the tables are compiled when a table is first asked; what all of them cost is told beside it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.measuring import keeping_bytecode

PROCESSES: Final = 15
LOAD: Final = """
import time
from avoir.programs import program
from avoir.host import Host

begun = time.perf_counter()
policies = Host().policies.values()
loaded = time.perf_counter()
tables = [table for policy in policies for table in policy.tables]
for table in tables:
    program(table)
print(len(policies), len(tables), loaded - begun, time.perf_counter() - loaded)
"""


def run() -> Sequence[str]:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="avoir-bench-") as kept:
        environment = keeping_bytecode(Path(kept))
        # the first one writes the bytecode
        told = [_loaded(environment) for _ in range(1 + PROCESSES)][1:]
    policies, tables = told[0][:2]
    return [
        "### loading the installed plugins",
        "",
        "| what | median | least – most |",
        "|---|---|---|",
        _row(f"{policies} policies, checked and ready to decide", [float(one[2]) for one in told]),
        _row(f"the functions of their {tables} tables", [float(one[3]) for one in told]),
        "",
    ]


def _loaded(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", LOAD]
    return subprocess.check_output(command, env=environment, text=True).split()


def _row(what: str, seconds: Sequence[float]) -> str:
    least, most = min(seconds) * 1e3, max(seconds) * 1e3
    median = statistics.median(seconds) * 1e3
    return f"| {what} | {median:.0f} ms | {least:.0f} ms – {most:.0f} ms |"
