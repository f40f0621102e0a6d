"""What the rows of a table read, written down: looked at only where somebody asks why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from avoir.clauses import Row, Table
from avoir.compiler.terms import READ, TermWriter
from avoir.compiler.writing import Module, Source, identifier
from avoir.conditions import Condition, Constant, Term, walk
from avoir.verdicts import Status


def readings(table: Table) -> Source:
    """The function that tells what each row read that has a standing in a decision.

    It takes the statuses of the rows, and returns the numbers of such rows with the values of the
    terms that they compare.
    """
    silent = {status.name: status for status in (Status.PASSED_OVER, Status.NOT_REACHED)}
    writer = TermWriter(Module({**READ, **silent}))
    for index, row in enumerate(table.rows):
        if row.clause is None:
            continue
        writer.line(f"# {index}: {row.clause.id}")
        with writer.block(f"if st[{index}] is not PASSED_OVER and st[{index}] is not NOT_REACHED:"):
            values = "".join(f"{writer.term(term).text}, " for term in read_by(row))
            writer.line(f"found.append(({index}, ({values})))")
    writer.line("return found")
    return writer.source(f"readings_of_{identifier(table.name)}", ["found = []"], "s, st")


def read_by(row: Row) -> Sequence[Term[Any]]:
    """The labelled terms that the conditions of a row compare, each label once."""
    own = [when.condition for when in row.whens] if row.requirement is None else [row.requirement]
    conditions = own if row.only_if is None else [*own, row.only_if]
    found: dict[str, Term[Any]] = {}
    for condition in conditions:
        for term in compared(condition):
            found.setdefault(term.label, term)
    return list(found.values())


def compared(condition: Condition) -> Iterator[Term[Any]]:
    """The labelled terms that a condition compares."""
    for part in walk(condition):
        for term in part.terms():
            if term.label and not isinstance(term, Constant):
                yield term
