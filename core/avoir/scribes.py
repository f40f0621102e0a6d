"""Scribes: decisions written to a reader as JSON, where what is said again and again is kept.

What a scribe writes of a decision is what ``rendered`` makes of its tree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from avoir.clauses import Clause
from avoir.decisions import Deadline, Decision
from avoir.documents import cited, decided, due, error, explained, rendered
from avoir.documents import finding as document
from avoir.findings import Standing, finding, standings
from avoir.keeping import Kept
from avoir.kinds import Fault
from avoir.messages import Message
from avoir.policies import Edition
from avoir.readers import Reader

KEPT: Final = 20_000
"""Clauses, sets of deadlines and findings that are kept, each of them so many."""


class Scribe:
    """Writes decisions to one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.word = reader.phrases.word
        self.clause = Kept(self._told_clause, KEPT)
        # those of the same days are one and the same in all decisions
        self.deadlines = Kept(self._told_deadlines, KEPT)
        # to a cache yes and 1 are the same, but for their types; and so are both times of an hour
        # that comes twice, so that what reads instants is asked for by their folds as well
        self._timed: set[Standing] = set()
        self._finding = lru_cache(maxsize=KEPT, typed=True)(self._told_finding)

    def decided(self, decision: Decision, edition: Edition) -> bytes:
        """What was decided, without why."""
        return msgspec.json.encode(decided(decision, edition, self))

    def explained(
        self, decision: Decision, edition: Edition, without: Collection[str] = ()
    ) -> bytes:
        """What was decided, and why; some of its parts may be left out."""
        document = explained(decision, edition, self)
        for name in without:
            del document[name]
        return msgspec.json.encode(document)

    def error(self, fault: Fault, /) -> object:
        """A fact that cannot be."""
        return rendered(error(fault), self.reader)

    def say(self, message: Message, /) -> str:
        """A message with its values."""
        return self.reader.say(message)

    def _told_clause(self, clause: Clause) -> msgspec.Raw:
        return self._written(cited(clause))

    def _told_deadlines(self, deadlines: tuple[Deadline, ...]) -> Sequence[msgspec.Raw]:
        return [self._written(due(deadline)) for deadline in deadlines]

    def findings(self, decision: Decision, /) -> Sequence[msgspec.Raw]:
        """The findings of a decision."""
        told, timed = standings(decision), self._timed
        try:
            return [
                self._finding(standing, _folds(values) if standing in timed else (), *values)
                for standing, values in told
            ]
        except TypeError:  # a plugin read what cannot be told apart from another
            return [self._told_finding(standing, (), *values) for standing, values in told]

    def _told_finding(self, standing: Standing, _: Sequence[int], *values: object) -> msgspec.Raw:
        if _folds(values):
            self._timed.add(standing)
        return self._written(document(finding(standing, values)))

    def _written(self, part: object) -> msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(rendered(part, self.reader)))


def _folds(values: Sequence[object]) -> Sequence[int]:
    """Of the instants among these, which time their clocks showed that hour."""
    return tuple([value.fold for value in values if isinstance(value, datetime)])
