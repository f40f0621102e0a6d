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
    for number, row in enumerate(rows):
        if together and not _of_one_choice([*(other for _, other in together), row]):
            yield _stretch(together)
            together = []
        together.append((number, row))
    if together:
        yield _stretch(together)


def _stretch(together: Sequence[tuple[int, Row]]) -> Stretch:
    rows = [row for _, row in together]
    wanting = sum(len(row.whens) for row in rows)
    return Stretch(together, _any_of(map(_by_row, rows)) if wanting >= ENOUGH else None)


def _of_one_choice(rows: Sequence[Row]) -> bool:
    return _any_of(map(_by_row, rows)) is not None


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
