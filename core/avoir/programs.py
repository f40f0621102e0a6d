"""Programs: tables, terms and conditions compiled to plain functions, each once, and run."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from avoir import compiler
from avoir.clauses import Impossible, Table
from avoir.conditions import Condition, Situation, Term, Truth
from avoir.verdicts import Status, Verdict

T = TypeVar("T")

Wrong: TypeAlias = list[tuple[Impossible, tuple[str, ...]]]
"""The checks that find facts that cannot be together, with the paths at fault."""

Readings: TypeAlias = list[tuple[int, tuple[object, ...]]]
"""Numbers of rows, with the values of the terms that each compares."""

Program: TypeAlias = Callable[[Situation], Verdict | Wrong]
"""What becomes of the rows of a table in a situation, or what is wrong with the facts in it.

Raises ``PolicyError`` for a table without a row that always decides.
"""


def source(table: Table) -> str:
    """The function of a table, as text."""
    return compiler.verdict(table).text


MOST: Final = 10_000
"""Programs kept: far more than any installation has."""

_MADE: Final[dict[int, tuple[object, Callable[..., Any]]]] = {}
"""Programs by what they are of, which is kept: an id is one's own only while one is."""


def program(table: Table) -> Program:
    """The program of a table, compiled when it is first asked for."""
    found = _MADE.get(id(table))
    return _make(table, compiler.verdict(table), table.name) if found is None else found[1]


def readings(table: Table, situation: Situation, statuses: Sequence[Status]) -> Readings:
    """The rows of a table that have a standing, with the values of what they read."""
    # a table has a program of its own, so this one goes by its rows
    found = _MADE.get(id(table.rows))
    if found is None:
        read: Any = _make(table.rows, compiler.readings(table), f"{table.name}, read")
    else:
        read = found[1]
    made: Readings = read(situation, statuses)
    return made


def value(term: Term[T], situation: Situation) -> T | None:
    """The value of a term, None where it is unknown."""
    found = _MADE.get(id(term))
    find = _make(term, compiler.value(term), term.label) if found is None else found[1]
    made: T | None = find(situation)
    return made


def values(terms: tuple[Term[Any], ...], situation: Situation) -> Sequence[Any]:
    """The values of terms that are asked for together again and again: what they share is once."""
    found = _MADE.get(id(terms))
    find = _make(terms, compiler.values(terms), "values") if found is None else found[1]
    made: Sequence[Any] = find(situation)
    return made


def truth(condition: Condition, situation: Situation) -> Truth:
    """Whether a condition holds, told by its program."""
    found = _MADE.get(id(condition))
    tell = _make(condition, compiler.truth(condition), "condition") if found is None else found[1]
    held: Truth = tell(situation)
    return held


def _make(of: object, source: compiler.Source, name: str) -> Callable[..., Any]:
    if len(_MADE) >= MOST:
        _forget(next(iter(_MADE)))
    file = f"<{name} #{id(of):x}>"
    names: dict[str, Any] = dict(source.names)
    exec(compile(source.text, file, "exec"), names)
    lines = source.text.splitlines(keepends=True)
    # so that a traceback shows the line at fault
    linecache.cache[file] = (len(source.text), None, lines, file)
    made: Callable[..., Any] = names[source.name]
    _MADE[id(of)] = (of, made)
    return made


def _forget(key: int) -> None:
    _, made = _MADE.pop(key)
    linecache.cache.pop(made.__code__.co_filename, None)
