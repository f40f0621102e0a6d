"""Choices: where rows can be passed by at once, since none of them wants what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

from avoir.clauses import Row
from avoir.compiler.terms import is_choice
from avoir.conditions import And, Comparator, Comparison, Condition, Constant, Membership, Or, Term

ENOUGH: Final = 3
"""Conditions that want something of a choice, for which it is worth being looked at first."""


class Wanted(NamedTuple):
    """The options of which a choice must be one: where it is known to be another, nothing holds."""

    term: Term[Any]
    options: frozenset[Enum]


class Stretch(NamedTuple):
    """Rows one after another, with their numbers; ``wanted`` is what they all want, if anything."""

    rows: Sequence[tuple[int, Row]]
    wanted: Wanted | None


def stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    """The rows of a table: those together that many want something of one choice in."""
    together: list[tuple[int, Row]] = []
    by_all: Wanted | None = None
    for number, row in enumerate(rows):
        by_this = _by_row(row)
        by_both = _any_of((by_all, by_this))
        if together and by_both is None:
            yield _stretch(together, by_all)
            together = []
        by_all = by_both if together else by_this
        together.append((number, row))
    if together:
        yield _stretch(together, by_all)


def _stretch(together: Sequence[tuple[int, Row]], wanted: Wanted | None) -> Stretch:
    conditions = sum(len(row.whens) for _, row in together)
    return Stretch(together, wanted if conditions >= ENOUGH else None)


def _by_row(row: Row) -> Wanted | None:
    """What every condition of a row wants; a row with a guard is looked at by itself."""
    if row.only_if is not None or row.claimed is not None:
        return None
    return _any_of(wanted(when.condition) for when in row.whens)


def wanted(condition: Condition) -> Wanted | None:
    """What a condition wants of the first choice that it cannot do without."""
    match condition:
        case Comparison(
            left=term, comparator=Comparator.EQ, right=Constant(constant=Enum() as option)
        ) if is_choice(term, option):
            return Wanted(term, frozenset({option}))
        case Membership(term=term, values=Constant(constant=frozenset() as options)) if all(
            isinstance(option, Enum) and is_choice(term, option) for option in options
        ):
            return Wanted(term, options)
        case And(operands=parts):
            return next((found for part in parts if (found := wanted(part)) is not None), None)
        case Or(operands=parts):
            return _any_of(map(wanted, parts))
        case _:
            return None


def _any_of(every: Iterable[Wanted | None]) -> Wanted | None:
    """What all of these want together, where that is of one choice."""
    term, options = None, frozenset[Enum]()
    for one in every:
        if one is None or (term is not None and one.term is not term):
            return None
        term, options = one.term, options | one.options
    return None if term is None else Wanted(term, options)
