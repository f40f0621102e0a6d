"""``python -m benchmarks [deciding …] [--save]``: run and print, or keep as a dated file."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = ("deciding", "serving", "admitting", "recording", "returning", "trying", "reviewing")
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
    for name in arguments.names or NAMES:
        lines += _benchmark(name)()
    text = "\n".join(lines)
    sys.stdout.write(text + "\n")
    if arguments.save:
        (RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.md").write_text(text + "\n")


def _benchmark(name: str) -> Callable[[], Sequence[str]]:
    if name == "deciding":
        from benchmarks import deciding

        return deciding.run
    if name == "admitting":
        from benchmarks import admitting

        return admitting.run
    if name == "recording":
        from benchmarks import recording

        return recording.run
    if name == "returning":
        from benchmarks import returning

        return returning.run
    if name == "reviewing":
        from benchmarks import reviewing

        return reviewing.run
    if name == "trying":
        from benchmarks import trying

        return trying.run
    from benchmarks import serving

    return serving.run


main()
