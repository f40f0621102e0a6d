"""Intake: a document of facts taken in at one go, where nothing in it is out of the ordinary.

Of the kinds of a document's facts a record type is made, once, which msgspec fills from JSON or
from plain data; a function written for it lays its values out by path, with instants in the local
zone. Whatever is off – a name that is no fact, a value of another kind, half a letter – is left
to the careful reader of ``avoir.facts``, who says what is wrong and where. Both read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from keyword import iskeyword
from typing import Annotated, Any, Final, NoReturn, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from avoir.errors import AvoirError
from avoir.kinds import (
    LONGEST_LIST,
    LONGEST_TEXT,
    Amount,
    Choice,
    Date,
    Entry,
    Flag,
    Instant,
    Item,
    Kind,
    ListOf,
    SetOf,
    Text,
    Whole,
    ZoneName,
    is_text,
)
from avoir.money import LARGEST
from avoir.periods import FIRST_YEAR, LAST_YEAR, zone

PRICES: Final = 10_000
"""Amounts of a fact that are kept: what is bought and sold has one of few prices."""

Taken: TypeAlias = tuple[dict[str, object], str]
"""What is known, by path, and the zone of its days."""

ZONE: Final = "time_zone"
"""The path at which a document may state its zone."""


class Unusual(AvoirError):  # noqa: N818 - nothing is wrong yet
    """Something in a document that takes a careful reader."""


OFF: Final = (msgspec.DecodeError, AvoirError, RecursionError, UnicodeError)
"""What is raised where something is off."""


def _unusual() -> NoReturn:
    raise Unusual("unusual")


class Taker:
    """Takes in documents with facts of these kinds, by path."""

    def __init__(self, kinds: Mapping[str, Kind[Any]]) -> None:
        writer = _Writer(kinds)
        self._record: Any = writer.record
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(writer.record).decode
        self._laid_out = writer.laid_out()
        self._texts = [path for path, kind in kinds.items() if _has_text(kind)]

    def json(self, content: bytes, time_zone: str) -> Taken | None:
        """What a document in JSON says; None where that takes a careful reader."""
        try:
            taken = self._taken(self._decode(content), time_zone)
        except OFF:
            return None
        # without a backslash there is no way to write what is no text
        return taken if b"\\" not in content or self._is_all_text(taken[0]) else None

    def plain(self, document: Mapping[Any, object], time_zone: str) -> Taken | None:
        """What a document of plain data says; None where that takes a careful reader."""
        try:
            taken = self._taken(msgspec.convert(document, self._record), time_zone)
        except OFF:
            return None
        return taken if self._is_all_text(taken[0]) else None

    def _taken(self, record: Any, time_zone: str) -> Taken:
        stated: str | None = getattr(record, ZONE, None)
        local = zone(time_zone if stated is None else stated)
        return self._laid_out(record, local), local.key

    def _is_all_text(self, values: Mapping[str, object]) -> bool:
        return all(is_text(said) for path in self._texts for said in _said(values.get(path)))


def _said(value: object) -> Iterator[str]:
    """Every text in a value."""
    if type(value) is str:
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _said(part)
    elif isinstance(value, Item):
        yield from _said(msgspec.structs.astuple(value))


class _Amount(msgspec.Struct, forbid_unknown_fields=True):
    """An amount as it stands in a document."""

    amount: str | None = None
    unit: str | None = None


_Tree: TypeAlias = "dict[str, _Tree | Kind[Any]]"
"""The names in a group of facts: kinds, and groups within it."""


class _Writer:
    """Makes the record of a document, and writes what lays its values out."""

    def __init__(self, kinds: Mapping[str, Kind[Any]]) -> None:
        self._names: dict[str, Any] = {"unusual": _unusual, "zone": zone}
        self._lines = ["def laid_out(d, local):", "    v = {}"]
        self.record: Any = self._group(_tree(kinds), "d", "", "    ")

    def laid_out(self) -> Callable[[Any, ZoneInfo], dict[str, object]]:
        """The function that lays out a record in a zone."""
        text = "\n".join([*self._lines, "    return v", ""])
        exec(compile(text, "<intake>", "exec"), self._names)
        made: Callable[[Any, ZoneInfo], dict[str, object]] = self._names["laid_out"]
        return made

    def _group(self, group: _Tree, variable: str, prefix: str, indent: str) -> type:
        fields: dict[str, Any] = {}
        for name, inside in group.items():
            path, place = prefix + name, f"{variable}.{_attribute(name)}"
            if isinstance(inside, dict):
                inner = self._named("group", None)
                self._lines += [f"{indent}{inner} = {place}", f"{indent}if {inner} is not None:"]
                fields[name] = self._group(inside, inner, f"{path}.", f"{indent}    ")
            else:
                fields[name], value = self._value(inside, "x", path)
                stated = self._stated(inside, "x")
                self._lines += [
                    f"{indent}x = {place}",
                    f"{indent}if {stated}: v[{path!r}] = {value}",
                ]
        return _record(fields)

    def _stated(self, kind: Kind[Any], variable: str) -> str:
        """Whether something is stated, as an expression."""
        if type(kind) is Amount and kind.unit is None:
            parts = (f"{variable}{part} is not None" for part in ("", ".amount", ".unit"))
            return " and ".join(parts)
        if type(kind) in _KNOWN or type(kind).is_unknown is Kind.is_unknown:
            return f"{variable} is not None"
        return f"not {self._named('kind', kind)}.is_unknown({variable})"

    def _value(self, kind: Kind[Any], variable: str, path: str) -> tuple[Any, str]:
        """The type that msgspec reads, and an expression of its value as a fact."""
        match kind if type(kind) in _KNOWN else None:
            case Text():
                return Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)], variable
            case Flag():
                return bool, variable
            case Whole(low=low, high=high) if low >= -LARGEST and high <= LARGEST:
                return Annotated[int, msgspec.Meta(ge=low, le=high)], variable
            case Choice(options=options):
                return options, variable
            case Instant():
                aware = Annotated[datetime, msgspec.Meta(tz=True)]
                return aware, _in_years(variable, f"{variable}.astimezone(local)")
            case Date():
                return date, _in_years(variable, variable)
            case ZoneName():
                return str, f"zone({variable}).key"
            case Amount(unit=None) as priced:
                money = self._named("money", lru_cache(maxsize=PRICES)(priced.money))
                return _Amount, f"{money}({variable}.amount, {variable}.unit)"
            case ListOf(kind=inner):
                return self._list(inner, variable, path)
            case SetOf(kind=inner):
                many, value = self._list(inner, variable, path)
                return many, f"frozenset({value})"
            case Entry(item=item, fields=fields) if all(
                field.default is None for field in msgspec.structs.fields(item)
            ):
                return self._entry(item, fields, variable, path)
            case _:
                return Any, f"{self._named('kind', kind)}.read({variable}, {path!r}, local)"

    def _list(self, inner: Kind[Any], variable: str, path: str) -> tuple[Any, str]:
        element, value = self._value(inner, "e", path)
        many: Any = tuple.__class_getitem__((element, ...))
        many = Annotated[many, msgspec.Meta(max_length=LONGEST_LIST)]
        return many, variable if value == "e" else f"tuple([{value} for e in {variable}])"

    def _entry(
        self, item: type[Item], kinds: Mapping[str, Kind[Any]], variable: str, path: str
    ) -> tuple[Any, str]:
        fields: dict[str, Any] = {}
        values = []
        for name, kind in kinds.items():
            place = f"{variable}.{name}"
            fields[name], value = self._value(kind, place, path)
            if value != place:
                value = f"{value} if {self._stated(kind, place)} else None"
            values.append(f"{name}={value}")
        return _record(fields), f"{self._named('item', item)}({', '.join(values)})"

    def _named(self, hint: str, value: object) -> str:
        name = f"{hint}_{len(self._names)}"
        self._names[name] = value
        return name


_KNOWN: Final = frozenset(
    {Amount, Choice, Date, Entry, Flag, Instant, ListOf, SetOf, Text, Whole, ZoneName}
)
"""Kinds that are read here; what a plugin makes of one of them is left to itself."""


def _tree(kinds: Mapping[str, Kind[Any]]) -> _Tree:
    root: _Tree = {}
    for path, kind in kinds.items():
        *groups, last = path.split(".")
        place = root
        for name in groups:
            inner = place.setdefault(name, {})
            assert isinstance(inner, dict), f"{path} is in no group"
            place = inner
        place[last] = kind
    return root


def _in_years(variable: str, value: str) -> str:
    within = f"{FIRST_YEAR} <= {variable}.year <= {LAST_YEAR}"
    return f"({value} if {within} else unusual())"


def _attribute(name: str) -> str:
    """What a name in a document is called as an attribute; some are no names to Python."""
    return name if name.isidentifier() and not iskeyword(name) else f"f_{name.encode().hex()}"


def _record(fields: Mapping[str, Any]) -> type:
    """A record of these fields, any of which may be unknown."""
    return msgspec.defstruct(
        "Stated",
        [(_attribute(name), stated | None, None) for name, stated in fields.items()],
        rename={_attribute(name): name for name in fields},
        forbid_unknown_fields=True,
        gc=False,
    )


def _has_text(kind: Kind[Any]) -> bool:
    match kind:
        case ListOf(kind=inner) | SetOf(kind=inner):
            return _has_text(inner)
        case Entry(fields=fields):
            return any(_has_text(field) for field in fields.values())
        case _:
            return isinstance(kind, Text)
