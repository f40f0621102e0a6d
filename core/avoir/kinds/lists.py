"""Kinds of several values: lists, sets, and objects with fields of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from zoneinfo import ZoneInfo

import msgspec

from avoir.kinds.amounts import Amount
from avoir.kinds.kind import FactsError, Fault, Kind, refuse, within
from avoir.kinds.plain import Choice, Date, Exact, Flag, Instant, Text, Whole
from avoir.messages import N_, Message
from avoir.money import Money

T = TypeVar("T")
LONGEST_LIST: Final = 1_000


class ListOf(Kind[tuple[T, ...]]):
    """Values of one kind, in order."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind[T]) -> None:
        self.kind = kind

    def read(self, raw: object, path: str, local: ZoneInfo) -> tuple[T, ...]:
        if not isinstance(raw, list | tuple):
            raise refuse(path, N_("must be a list"))
        if len(raw) > LONGEST_LIST:
            raise refuse(path, N_("must have at most {n} entries"), n=LONGEST_LIST)
        faults: list[Fault] = []
        values: list[T] = []
        for index, element in enumerate(raw):
            try:
                values.append(self.kind.read(element, f"{path}[{index}]", local))
            except FactsError as refused:
                faults += refused.faults
        if faults:
            raise FactsError(*faults)
        return tuple(values)


class SetOf(Kind[frozenset[T]]):
    """Distinct values of one kind."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind[T]) -> None:
        self.kind = kind

    def read(self, raw: object, path: str, local: ZoneInfo) -> frozenset[T]:
        return frozenset(ListOf(self.kind).read(raw, path, local))


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list of facts: fields ``name: Annotated[type | None, N_(label)] = None``."""


I = TypeVar("I", bound=Item)  # noqa: E741


class Entry(Kind[I]):
    """An object with known fields, each of them possibly unknown."""

    __slots__ = ("fields", "item", "labels")

    def __init__(self, item: type[I], fields: Mapping[str, Kind[Any]], labels: Mapping[str, str]):
        self.item = item
        self.fields = fields
        self.labels = labels

    def read(self, raw: object, path: str, local: ZoneInfo) -> I:
        if not isinstance(raw, Mapping):
            raise refuse(path, N_("must be an object"))
        faults = [
            Fault(within(path, name), Message(N_("is no known fact")))
            for name in raw
            if name not in self.fields
        ]
        values: dict[str, object] = {}
        for name, kind in self.fields.items():
            if kind.is_unknown(raw.get(name)):
                continue
            try:
                values[name] = kind.read(raw[name], f"{path}.{name}", local)
            except FactsError as refused:
                faults += refused.faults
        if faults:
            raise FactsError(*faults)
        return self.item(**values)


@cache
def entry(item: type[I]) -> Entry[I]:
    """The kind of an item, read from its annotations."""
    fields: dict[str, Kind[Any]] = {}
    labels: dict[str, str] = {}
    for name, hint in get_type_hints(item, include_extras=True).items():
        stated, label = hint, name
        if get_origin(hint) is Annotated:
            stated, label = get_args(hint)[:2]
        if get_origin(stated) in (Union, UnionType):
            stated = next(a for a in get_args(stated) if a is not NoneType)
        fields[name] = kind_of(stated)
        labels[name] = label
    return Entry(item, fields, labels)


_SIMPLE: Final[Mapping[object, Callable[[], Kind[Any]]]] = {
    str: Text,
    bool: Flag,
    int: Whole,
    Decimal: Exact,
    Money: Amount,
    datetime: Instant,
    date: Date,
}


def kind_of(stated: Any) -> Kind[Any]:
    """The kind that reads values of a type."""
    if stated in _SIMPLE:
        return _SIMPLE[stated]()
    if get_origin(stated) is tuple:
        return ListOf(kind_of(get_args(stated)[0]))
    if isinstance(stated, type) and issubclass(stated, Item):
        return entry(stated)
    if isinstance(stated, type) and issubclass(stated, StrEnum):
        return Choice(stated)
    raise TypeError(f"no kind of fact reads {stated!r}")
