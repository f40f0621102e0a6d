"""Differences between two editions of a policy: which parameters and which rows read otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from avoir import formats
from avoir.clauses import Table
from avoir.descriptions import Description, rows
from avoir.messages import N_, Message
from avoir.policies import Edition
from avoir.readers import Reader

CHANGED: Final = N_("{label}: {before} → {after}")
NOTHING: Final = N_("none")
ONLY_IF: Final = N_("{condition}, only if {guard}")


class ParameterDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter that has another value; all but its name is in the reader's words."""

    name: str
    label: str
    before: str
    after: str
    message: str


class RowDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table whose condition reads otherwise, with its clause if it has one."""

    table: str
    clause: str | None
    before: str
    after: str


class Differences(msgspec.Struct, frozen=True):
    """What reads otherwise in a second edition of a policy than in a first one."""

    parameters: tuple[ParameterDifference, ...]
    rows: tuple[RowDifference, ...]

    def __bool__(self) -> bool:
        """Whether anything reads otherwise."""
        return bool(self.parameters or self.rows)


def differences(before: Edition, after: Edition, reader: Reader) -> Differences:
    """What reads otherwise in the second of two editions of one policy, in the reader's words.

    Raises ``ValueError`` for editions of two policies.
    """
    if before.policy is not after.policy:
        raise ValueError(f"{before.policy.key} and {after.policy.key} are two policies")
    return Differences(
        tuple(_parameters(before, after, reader)),
        tuple(row for table in before.policy.tables for row in _rows(table, before, after, reader)),
    )


def _parameters(before: Edition, after: Edition, reader: Reader) -> Iterator[ParameterDifference]:
    for name, parameter in before.policy.parameters.by_name.items():
        first, second = before.values[name], after.values[name]
        if first == second:
            continue
        label = reader.word(parameter.label)
        shown = {"before": spelled(first, reader), "after": spelled(second, reader)}
        capital = f"{label[:1].upper()}{label[1:]}"
        message = reader.say(Message(CHANGED, values={"label": capital, **shown}))
        yield ParameterDifference(name=name, label=label, message=message, **shown)


def spelled(value: object, reader: Reader) -> str:
    """A value as it is read, its parts one by one however many there are."""
    if not isinstance(value, tuple | frozenset):
        return reader.value(value)
    parts = [reader.value(part) for part in value]
    if isinstance(value, frozenset):
        parts.sort()
    return formats.listed(reader.tag, parts, "standard") if parts else reader.word(NOTHING)


def _rows(table: Table, before: Edition, after: Edition, reader: Reader) -> Iterator[RowDifference]:
    # a row that leads to several ends for one condition is told once for each of them
    told: set[RowDifference] = set()
    pairs = zip(rows(table, before, reader), rows(table, after, reader), strict=True)
    for first, second in pairs:
        read = _read(first, reader), _read(second, reader)
        if read[0] == read[1]:
            continue
        found = RowDifference(
            table=table.name, clause=first["clause"], before=read[0], after=read[1]
        )
        if found not in told:
            told.add(found)
            yield found


def _read(row: Description, reader: Reader) -> str:
    """The condition of a row with its guard, as text."""
    condition, guard = row["condition"], row["only_if"]
    if guard is None:
        return condition or ""
    if condition is None:
        return str(guard)
    return reader.say(Message(ONLY_IF, values={"condition": condition, "guard": guard}))
