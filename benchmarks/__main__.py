"""``python -m benchmarks [deciding …] [--save]``: run and print, or keep as a dated file."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = (
    "loading",
    "deciding",
    "batching",
    "serving",
    "admitting",
    "recording",
    "returning",
    "trying",
    "reviewing",
)
VERSIONS = (
    "avoir",
    "avoir-gateway",
    "msgspec",
    "strawberry-graphql",
    "pymongo",
    "zen-engine",
    "datalogic-py",
)


def main() -> None:
    """Run the benchmarks that are named, all of them by default."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which to run")
    parser.add_argument("--save", action="store_true", help="keep the table in results/")
    arguments = parser.parse_args()
    lines = [
        f"# {datetime.now(UTC):%Y-%m-%d}",
        "",
        f"Python {platform.python_version()}, {platform.machine()}; "
        + ", ".join(f"{name} {version(name)}" for name in VERSIONS),
        "",
    ]
    _told(lines)
    for name in arguments.names or NAMES:
        table = _benchmark(name)()
        # each as soon as it is there: some take minutes
        _told(table)
        lines += table
    if arguments.save:
        (RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.md").write_text("\n".join([*lines, ""]))


def _told(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


def _benchmark(name: str) -> Callable[[], Sequence[str]]:
    # each has its own needs, which the others need not wait for
    run: Callable[[], Sequence[str]] = import_module(f"benchmarks.{name}").run
    return run


main()
