"""``avoir evaluate --lines``: one request a line, one decision a line."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias

import msgspec

from avoir.batch import UNREADABLE, unreadable
from avoir.cases import evaluate_json
from avoir.cli.words import explained, reader, with_known_actions
from avoir.errors import AvoirError, UsageError
from avoir.kinds import Fault
from avoir.policies import Edition
from avoir.scribes import Scribe

if TYPE_CHECKING:
    from avoir.cli.main import Context

SIZE: Final = 400_000
"""How many bytes a portion has, or a line more."""

HIDDEN: Final = ("missing_labels", "notices", "cited")
"""Parts of a document that repeat others; the text for people uses them."""


class _Request(msgspec.Struct):
    """A line, whose facts are read when it is known what they are facts of."""

    policy: str
    facts: msgspec.Raw
    action: str | None = None
    parameters: msgspec.Raw = msgspec.Raw(b"{}")


class _Whole(msgspec.Struct):
    """The same, read at once: it says where a line goes wrong."""

    policy: str
    facts: dict[str, Any]
    action: str | None = None
    parameters: dict[str, Any] = {}


class _Stated(msgspec.Struct):
    """What facts say of their zone."""

    time_zone: object = None


class _Scribe(Scribe):
    """Writes what cannot be as a line of text."""

    def error(self, fault: Fault, /) -> str:
        """A fact that cannot be."""
        return f"{fault.path}: {self.say(fault.message)}"


def standard_input() -> BinaryIO:
    """What is read where no file is named."""
    if sys.stdin is None:  # it was closed before we began
        raise UsageError("facts_missing")
    return sys.stdin.buffer


def opened(name: str) -> AbstractContextManager[BinaryIO]:
    """A file of lines; ``-`` is the standard input, which stays open."""
    if name == "-":
        return nullcontext(standard_input())
    try:
        return Path(name).open("rb")
    except OSError as fault:
        raise UsageError("cannot_read", file=name, reason=fault.strerror) from fault


class Stretch(msgspec.Struct, frozen=True):
    """Where in an open file some lines stand, so that who answers them reads them himself."""

    file: int
    start: int
    size: int

    def read(self) -> bytes:
        """The lines."""
        return os.pread(self.file, self.size, self.start)


Portion: TypeAlias = tuple[int, bytes | Stretch]
"""Whole lines, and the number of the first of them."""


def portions(file: BinaryIO) -> Iterator[Portion]:
    """The lines of an open file, portion by portion."""
    try:
        if isinstance(file, BufferedReader) and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            yield from _stretches(file)
        else:
            yield from _contents(file)
    except OSError as fault:
        raise UsageError("cannot_read", file=file.name, reason=fault.strerror) from fault


def _stretches(file: BufferedReader) -> Iterator[Portion]:
    number, start, read = 1, file.tell(), bytearray(SIZE)
    while size := file.readinto(read):
        rest = file.readline()
        yield number, Stretch(file.fileno(), start, size + len(rest))
        number += read.count(b"\n", 0, size) + rest.count(b"\n")
        start += size + len(rest)


def _contents(file: BinaryIO) -> Iterator[Portion]:
    number = 1
    while content := file.read(SIZE) + file.readline():
        yield number, content
        number += content.count(b"\n")


class Lines:
    """Answers lines: with what was decided; if somebody is to read it, with why."""

    def __init__(self, context: Context, tag: str, *, is_explained: bool) -> None:
        self._context = context
        self._tag = tag
        self._is_explained = is_explained
        self._read: Callable[[bytes], _Request] = msgspec.json.Decoder(_Request).decode
        self._edition = lru_cache(maxsize=1_000)(self._made_edition)
        self._scribe = lru_cache(maxsize=1_000)(self._made_scribe)

    def __call__(self, portion: Portion) -> bytes:
        """The answers to a portion; an empty line has none."""
        number, lines = portion
        content = lines if isinstance(lines, bytes) else lines.read()
        answers = [
            self._answer(line, number + index)
            for index, line in enumerate(content.split(b"\n"))
            if line.strip()
        ]
        return b"\n".join([*answers, b""])

    def _answer(self, line: bytes, number: int) -> bytes:
        try:
            return self._decided(line)
        except UNREADABLE as fault:
            said = _where_it_goes_wrong(line) or str(fault)
        except AvoirError as fault:
            said = explained(fault, self._context.words)
        return msgspec.json.encode({**unreadable(said), "line": number})

    def _decided(self, line: bytes) -> bytes:
        asked = self._read(line)
        edition = self._edition(asked.policy, bytes(asked.parameters))
        policy, facts = edition.policy, bytes(asked.facts)
        if not facts.startswith(b"{"):
            raise msgspec.DecodeError("facts")
        try:
            decision = evaluate_json(edition, asked.action, facts)
        except UsageError as fault:
            raise with_known_actions(fault, policy) from None
        if not self._is_explained:
            return self._scribe(policy.key, policy.time_zone).decided(decision, edition)
        stated = msgspec.json.decode(facts, type=_Stated).time_zone
        zone = stated if isinstance(stated, str) and not decision.faults else policy.time_zone
        return self._scribe(policy.key, zone).explained(decision, edition, without=HIDDEN)

    def _made_edition(self, policy: str, parameters: bytes) -> Edition:
        stated = msgspec.json.decode(parameters, type=dict[str, Any])
        return self._context.host.policy(policy).edition(stated)

    def _made_scribe(self, policy: str, zone: str) -> Scribe:
        host = self._context.host
        return _Scribe(reader(host, self._tag, host.policy(policy), zone))


def _where_it_goes_wrong(line: bytes) -> str:
    try:
        msgspec.json.decode(line, type=_Whole)
    except UNREADABLE as fault:
        return str(fault)
    return ""
