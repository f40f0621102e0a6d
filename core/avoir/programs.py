"""Programs: tables compiled to plain functions, each once, and run."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from typing import Any, Final

from avoir import compiler
from avoir.clauses import Outcome, Table
from avoir.conditions import Situation
from avoir.verdicts import Status, Verdict


class Program:
    """A table as plain functions; the second of them is written where it is first needed."""

    __slots__ = ("_below", "_statuses", "files", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.files: list[str] = []
        """What its functions are called in tracebacks."""
        self._statuses = self._function(compiler.statuses(table))
        self._below: Callable[..., Sequence[tuple[int, int]]] | None = None

    def __call__(self, situation: Situation) -> Verdict | None:
        """What becomes of the rows in a situation; None where facts in it are impossible.

        Raises ``PolicyError`` for a table without a row that always decides.
        """
        found = self._statuses(situation, situation.facts.get, situation.parameters)
        if found is None:
            return None
        return Verdict(self.table, situation, self._look_below(situation), *found)

    def _look_below(self, situation: Situation) -> Callable[..., Sequence[tuple[int, int]]]:
        def look(start: int, outcome: Outcome, statuses: list[Status]) -> Sequence[tuple[int, int]]:
            if self._below is None:
                self._below = self._function(compiler.below(self.table))
            fact, parameter = situation.facts.get, situation.parameters
            return self._below(situation, fact, parameter, start, outcome, statuses)

        return look

    def _function(self, source: compiler.Source) -> Callable[..., Any]:
        file = f"<{source.name} #{id(self.table):x}>"
        names: dict[str, Any] = dict(source.names)
        exec(compile(source.text, file, "exec"), names)
        lines = source.text.splitlines(keepends=True)
        # so that a traceback shows the line at fault
        linecache.cache[file] = (len(source.text), None, lines, file)
        self.files.append(file)
        made: Callable[..., Any] = names[source.name]
        return made


def sources(table: Table) -> tuple[str, str]:
    """The functions of a table as text: that of the statuses, and the one that looks below."""
    return compiler.statuses(table).text, compiler.below(table).text


MOST: Final = 1_000
"""Programs kept: far more than the tables of any installation."""

_PROGRAMS: Final[dict[Table, Program]] = {}


def program(table: Table) -> Program:
    """The program of a table, compiled when it is first asked for."""
    found = _PROGRAMS.get(table)
    if found is None:
        if len(_PROGRAMS) >= MOST:
            _forget(next(iter(_PROGRAMS)))
        found = _PROGRAMS[table] = Program(table)
    return found


def _forget(table: Table) -> None:
    made = _PROGRAMS.pop(table)
    for file in made.files:
        linecache.cache.pop(file, None)
