"""Telling: the document of a decision as it is recorded, in no language.

What a teller tells is what ``neutral`` makes of the tree of a decision. But what is told again
and again, a clause with its text or a finding that read the same before, is one object in all
records: it is made once, and encoded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, Final, cast

from avoir.clauses import Clause
from avoir.decisions import Deadline, Decision
from avoir.documents import JSON, cited, due, error, explained, neutral
from avoir.documents import finding as document
from avoir.findings import Standing, finding, standings
from avoir.keeping import Kept
from avoir.kinds import Fault
from avoir.messages import Message, Name
from avoir.money import Money
from avoir.policies import Edition
from avoir_gateway import store

KEPT: Final = 20_000
"""Words, clauses, sets of deadlines and findings that are kept, each of them so many."""


class Teller:
    """The voice that records are told by."""

    def __init__(self) -> None:
        self.word = lru_cache(maxsize=KEPT)(_word)
        self.clause = Kept(_clause, KEPT)
        # those of the same days are one and the same in all decisions
        self.deadlines = Kept(_deadlines, KEPT)
        # to a cache yes and 1 are the same, but for their types
        self._finding = lru_cache(maxsize=KEPT, typed=True)(self._told_finding)

    def document(self, decision: Decision, edition: Edition) -> dict[str, store.JSON]:
        """The document of a decision; parts of it are in others too, and never to be changed."""
        told = explained(decision, edition, self)
        told["metrics"] = neutral(told["metrics"])
        return cast(dict[str, store.JSON], told)

    def error(self, fault: Fault, /) -> JSON:
        """A fact that cannot be."""
        return neutral(error(fault))

    def say(self, message: Message, /) -> JSON:
        """A message with its values."""
        return neutral(message)

    def findings(self, decision: Decision, /) -> Sequence[store.Lasting]:
        """The findings of a decision."""
        return [
            self._finding(standing, *values)
            if is_told_by_equality(values)
            else self._told_finding(standing, *values)
            for standing, values in standings(decision)
        ]

    def _told_finding(self, standing: Standing, *values: object) -> store.Lasting:
        told = cast(dict[str, store.JSON], neutral(document(finding(standing, values))))
        return store.Lasting({**told, "clause": self.clause(standing.clause)})


def _clause(clause: Clause) -> store.Lasting:
    return _lasting(cited(clause))


def _deadlines(deadlines: tuple[Deadline, ...]) -> Sequence[store.Lasting]:
    return [_lasting(due(deadline)) for deadline in deadlines]


def _word(text: str) -> store.Lasting:
    return _lasting(Name(text))


def _lasting(part: object) -> store.Lasting:
    return store.Lasting(cast(Mapping[str, store.JSON], neutral(part)))


_PLAIN: Final = frozenset({type(None), bool, int, str, date, Money})


def is_told_by_equality(values: Sequence[Any]) -> bool:
    """Whether values of which each equals another are told alike; a moment is not, nor 1.0."""
    kinds = set(map(type, values))
    return kinds <= _PLAIN or all(issubclass(kind, Enum) for kind in kinds - _PLAIN)
