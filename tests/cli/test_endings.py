"""How a run begins and ends: what it loads, what it leaves behind, and who hangs up on it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import File
from tests.cli.test_lines import request
from tests.contracts.command import AVOIR, environment
from tests.contracts.strangers import CASES, POLICY, facts

WEB = {"starlette", "uvicorn", "strawberry", "graphql", "anyio", "h11", "websockets"}
STORE = {"pymongo", "bson", "dns"}
LANGUAGE = {"babel"}
CALENDARS = {"holidays", "dateutil"}


def loaded(arguments: list[str | Path], path: Path, language: str) -> set[str]:
    """The packages that a run imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", AVOIR, *arguments],
        env=environment([path], language),
        input=facts("02"),
        capture_output=True,
        timeout=60,
        check=True,
    )
    names = re.findall(r"^import time:.*\| +(\w+)", done.stderr.decode(), re.MULTILINE)
    assert "avoir" in names
    return set(names)


@pytest.mark.parametrize(
    ("arguments", "language", "never"),
    [
        (["--help"], "en", WEB | STORE | LANGUAGE | CALENDARS),
        (["plugins"], "en", WEB | STORE | LANGUAGE | CALENDARS),
        (["policy", "list"], "en", WEB | STORE | LANGUAGE | CALENDARS),
        (["evaluate", POLICY, "-"], "en", WEB | STORE | CALENDARS),
        (["evaluate", POLICY, "-", "--text"], "ru", WEB | STORE | CALENDARS),
        (["check", CASES], "fr", WEB | STORE | CALENDARS),
    ],
    ids=lambda value: " ".join(map(str, value[:1])) if isinstance(value, list) else None,
)
def test_a_run_loads_only_what_it_needs(
    arguments: list[str | Path], language: str, never: set[str], stranger_path: Path
) -> None:
    """No command loads the web or the store; words and calendars come where they are read."""
    assert loaded(arguments, stranger_path, language) & never == set()


@pytest.mark.parametrize(
    "arguments",
    [["evaluate", "--lines", "lines"], ["policy", "show", "xpertsource.lead_credit", "--json"]],
)
def test_a_reader_who_hangs_up_hears_nothing_more(
    arguments: list[str], file: File, stranger_path: Path
) -> None:
    """``avoir … | head -1`` ends quietly, however much there was left to say."""
    folder = file("lines", (request("02") + b"\n") * 500).parent
    with subprocess.Popen(
        [AVOIR, *arguments],
        cwd=folder,
        env=environment([stranger_path]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode in (0, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [["evaluate", POLICY, "-"], ["evaluate", "--lines"]])
def test_a_full_disk_is_told_in_one_line(arguments: list[str], stranger_path: Path) -> None:
    """Where the answer cannot be written, one line says why."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [AVOIR, *arguments],
            env=environment([stranger_path]),
            input=facts("02") if "-" in arguments else request("02"),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"avoir: ")
    assert done.stderr.count(b"\n") == 1


def test_a_closed_standard_input_is_a_mistake(stranger_path: Path) -> None:
    """Where there is nothing to read from, the line says what to name."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" <&-', AVOIR, "evaluate", POLICY],
        env=environment([stranger_path]),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"avoir: ")
    assert done.stderr.count(b"\n") == 1


def test_nothing_is_left_behind(tmp_path: Path, stranger_path: Path) -> None:
    """What the command-line library reads its words from is gone when the run ends."""
    done = subprocess.run(
        [AVOIR, "--help"],
        env={**environment([stranger_path], "ru"), "TMPDIR": str(tmp_path)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout
    assert os.listdir(tmp_path) == []
