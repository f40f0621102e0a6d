"""The command ``avoir`` as a test runs it."""

import asyncio
import gettext
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from avoir.cli import main
from tests.contracts.command import Ran

Here = Callable[..., Ran]
"""Runs a command in this process: its arguments, and what else its environment says."""


async def run(*arguments: str) -> int:
    """Run a command, in a thread: it may have an event loop of its own."""
    return await asyncio.to_thread(_ended, *arguments)


def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Runs commands in this process, a second sooner than in one of its own."""

    def command(*arguments: str, settings: Mapping[str, str]) -> Ran:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(_ended, *arguments).result()
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return command


def _ended(*arguments: str) -> int:
    domain, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        # a process speaks one language to its end, and this one is not at its end
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE", None)
        if language is not None:
            os.environ["LANGUAGE"] = language
    return 0
