"""Programs: tables, terms and conditions compiled to plain functions, each once, and run."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from avoir import compiler
from avoir.clauses import Impossible, Table
from avoir.conditions import Condition, Situation, Term, Truth
from avoir.verdicts import Verdict

T = TypeVar("T")

Wrong: TypeAlias = list[tuple[Impossible, tuple[str, ...]]]
"""The checks that find facts that cannot be together, with the paths at fault."""

Program: TypeAlias = Callable[[Situation], Verdict | Wrong]
"""What becomes of the rows of a table in a situation, or what is wrong with the facts in it.

Raises ``PolicyError`` for a table without a row that always decides.
"""


def source(table: Table) -> str:
    """The function of a table, as text."""
    return compiler.verdict(table).text


MOST: Final = 10_000
"""Programs kept: far more than any installation has."""

_MADE: Final[dict[int, tuple[object, Callable[[Situation], Any]]]] = {}
"""Programs by what they are of, which is kept: an id is one's own only while one is."""


def program(table: Table) -> Program:
    """The program of a table, compiled when it is first asked for."""
    found = _MADE.get(id(table))
    return _make(table, compiler.verdict(table), table.name) if found is None else found[1]


def finder(term: Term[T]) -> Callable[[Situation], T | None]:
    """The program of a term: it finds its value."""
    found = _MADE.get(id(term))
    return _make(term, compiler.value(term), term.label) if found is None else found[1]


def value(term: Term[T], situation: Situation) -> T | None:
    """The value of a term, None where it is unknown."""
    return finder(term)(situation)


def truth(condition: Condition, situation: Situation) -> Truth:
    """Whether a condition holds, told by its program."""
    found = _MADE.get(id(condition))
    tell = _make(condition, compiler.truth(condition), "condition") if found is None else found[1]
    held: Truth = tell(situation)
    return held


def _make(of: object, source: compiler.Source, name: str) -> Callable[[Situation], Any]:
    if len(_MADE) >= MOST:
        _forget(next(iter(_MADE)))
    file = f"<{name} #{id(of):x}>"
    names: dict[str, Any] = dict(source.names)
    exec(compile(source.text, file, "exec"), names)
    lines = source.text.splitlines(keepends=True)
    # so that a traceback shows the line at fault
    linecache.cache[file] = (len(source.text), None, lines, file)
    made: Callable[[Situation], Any] = names[source.name]
    _MADE[id(of)] = (of, made)
    return made


def _forget(key: int) -> None:
    _, made = _MADE.pop(key)
    linecache.cache.pop(made.__code__.co_filename, None)
