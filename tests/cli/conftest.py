"""A user with a folder of files, and the stranger's plugin installed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from avoir.cli import main
from avoir.host import Host
from avoir.readers import CORE
from tests.contracts.command import Ran, avoir

Run: TypeAlias = Callable[..., Ran]
File: TypeAlias = Callable[[str, bytes], Path]


def word(text: str, language: str, domain: str = CORE) -> str:
    """A message of ours in a language; it is not the English one in another."""
    said = Host().catalogs.translations(domain, language).gettext(text)
    assert language == "en" or said != text, f"no {language} for {text!r}"
    return said


def is_one_line(ran: Ran) -> bool:
    """Whether a run told a mistake as it should: one line, no answer, no traceback."""
    said = ran.err.removesuffix("\n")
    return said.startswith("avoir: ") and "\n" not in said and ran.out == ""


@pytest.fixture(scope="session")
def run(stranger_path: Path) -> Run:
    """Runs ``avoir`` with the stranger's plugin beside the installed ones."""

    def command(*arguments: str | bytes | Path, language: str = "", stdin: bytes = b"") -> Ran:
        return avoir(*arguments, path=[stranger_path], language=language, stdin=stdin)

    return command


@pytest.fixture
def inside(
    stranger_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The same in this process and in English: quicker, for all the ways to be wrong."""
    monkeypatch.syspath_prepend(str(stranger_path))
    monkeypatch.setenv("AVOIR_LANG", "en")

    def command(*arguments: str | bytes | Path, stdin: bytes = b"") -> Ran:
        given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", given)
        code: object = 0
        try:
            main([os.fsdecode(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code or 0
        sys.stdout.flush()
        out, err = capfd.readouterr()
        assert isinstance(code, int)
        return Ran(code, out, err)

    yield command
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme_leads"]:
        del sys.modules[name]


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Writes a file of that name; returns its path."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
