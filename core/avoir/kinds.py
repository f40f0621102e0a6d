"""Kinds of facts: how a value of each kind is read from a document, and what is refused."""

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
    Generic,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from zoneinfo import ZoneInfo

import msgspec

from avoir.errors import AvoirError
from avoir.messages import N_, Message
from avoir.money import LARGEST, AmountError, Money, Unit, currency, decimal
from avoir.periods import FIRST_YEAR, LAST_YEAR, CalendarError, zone

T = TypeVar("T")
LONGEST_TEXT: Final = 20_000
LONGEST_LIST: Final = 1_000


class Fault(msgspec.Struct, frozen=True):
    """A fact that cannot be: where it stands in the document, and why."""

    path: str
    message: Message


class FactsError(AvoirError):
    """One or more values of a document cannot be facts; ``faults`` names every path."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("impossible_facts", paths=", ".join(f.path for f in faults))


def _refuse(path: str, text: str, **values: str | int) -> FactsError:
    return FactsError(Fault(path, Message(text, values=values)))


def within(path: str, name: object) -> str:
    """The path of an entry that a document named itself: cut short, and always plain text."""
    plain = str(name)[:200].encode(errors="replace").decode()
    return f"{path}.{plain}" if path else plain


class Kind(Generic[T]):
    """A kind of value: reads JSON-like data into a typed value."""

    __slots__ = ()

    def is_unknown(self, raw: object) -> bool:
        """Whether nothing is stated."""
        return raw is None

    def read(self, raw: object, path: str, local: ZoneInfo) -> T:
        """The typed value; raises ``FactsError`` with the paths at fault."""
        raise NotImplementedError


class Text(Kind[str]):
    """Text as it was typed: no NUL, no lone surrogates, at most 20,000 characters."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        if not isinstance(raw, str):
            raise _refuse(path, N_("must be text"))
        if len(raw) > LONGEST_TEXT:
            raise _refuse(path, N_("must have at most {n} characters"), n=LONGEST_TEXT)
        if not is_text(raw):
            raise _refuse(path, N_("has characters that are not text"))
        return raw


def is_text(said: str) -> bool:
    """Whether letters are text: no NUL, and no half of a surrogate pair."""
    if "\0" in said:
        return False
    if said.isascii():
        return True
    try:
        said.encode()
    except UnicodeEncodeError:
        return False
    return True


class Flag(Kind[bool]):
    """Yes or no."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> bool:
        if not isinstance(raw, bool):
            raise _refuse(path, N_("must be true or false"))
        return raw


class Whole(Kind[int]):
    """A whole number within bounds."""

    __slots__ = ("high", "low")

    def __init__(self, low: int = 0, high: int = LARGEST) -> None:
        self.low = low
        self.high = high

    def read(self, raw: object, path: str, local: ZoneInfo) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise _refuse(path, N_("must be a whole number"))
        if not self.low <= raw <= self.high:
            raise _refuse(
                path, N_("must be between {low} and {high}"), low=str(self.low), high=str(self.high)
            )
        return raw


class Exact(Kind[Decimal]):
    """A decimal number, written as a string and never as a float."""

    __slots__ = ("high", "low")

    def __init__(self, low: Decimal | None = None, high: Decimal | None = None) -> None:
        self.low = low
        self.high = high

    def read(self, raw: object, path: str, local: ZoneInfo) -> Decimal:
        if not isinstance(raw, str):
            raise _refuse(path, N_("must be a decimal string such as “120.00”"))
        try:
            value = decimal(raw)
        except AmountError as fault:
            raise _refuse(path, N_("must be a decimal string such as “120.00”")) from fault
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            raise _refuse(
                path, N_("must be between {low} and {high}"), low=f"{self.low}", high=f"{self.high}"
            )
        return value


class Sign(StrEnum):
    """Which amounts a fact may have; a balance may have any."""

    ANY = "any"
    ZERO_OR_MORE = "zero_or_more"
    MORE_THAN_ZERO = "more_than_zero"


class Amount(Kind[Money]):
    """Money as ``{amount, unit}``; or a decimal string, where the policy fixes the unit."""

    __slots__ = ("sign", "unit", "units")

    def __init__(
        self,
        unit: Unit | None = None,
        sign: Sign = Sign.ZERO_OR_MORE,
        units: tuple[Unit, ...] = (),
    ) -> None:
        self.unit = unit
        self.sign = sign
        self.units = units

    def is_unknown(self, raw: object) -> bool:
        """An amount of which a part is unknown is itself unknown."""
        if raw is None or self.unit is not None or not isinstance(raw, Mapping):
            return raw is None
        parts = (raw.get("amount"), raw.get("unit"))
        plain = all(part is None or isinstance(part, str) for part in parts)
        return plain and None in parts and set(raw) <= {"amount", "unit"}

    def read(self, raw: object, path: str, local: ZoneInfo) -> Money:
        if self.unit is not None:
            return self._read(raw, path, self.unit)
        if not isinstance(raw, Mapping):
            raise _refuse(path, N_("must be an amount with its unit"))
        faults = [
            Fault(within(path, name), Message(N_("is no known fact")))
            for name in raw
            if name not in ("amount", "unit")
        ]
        try:
            money = self.money(raw.get("amount"), raw.get("unit"), path)
        except FactsError as refused:
            raise FactsError(*faults, *refused.faults) from refused
        if faults:
            raise FactsError(*faults)
        return money

    def money(self, amount: object, code: object, path: str) -> Money:
        """An amount with the code of its unit; raises ``FactsError`` with the path at fault."""
        unit = self._unit(code)
        if unit is None:
            raise _refuse(f"{path}.unit", N_("must be the code of a unit"))
        return self._read(amount, f"{path}.amount", unit)

    def _unit(self, code: object) -> Unit | None:
        if not isinstance(code, str):
            return None
        for unit in self.units:
            if unit.code == code:
                return unit
        try:
            return currency(code)
        except AmountError:
            return None

    def _read(self, raw: object, path: str, unit: Unit) -> Money:
        if not isinstance(raw, str):
            raise _refuse(path, N_("must be a decimal string such as “120.00”"))
        try:
            money = Money.parse(raw, unit)
        except AmountError as fault:
            raise _refuse(path, *_AMOUNTS[fault.code], n=unit.decimals) from fault
        if money.smallest < 0 and self.sign is not Sign.ANY:
            raise _refuse(path, N_("must be ≥ 0"))
        if money.smallest == 0 and self.sign is Sign.MORE_THAN_ZERO:
            raise _refuse(path, N_("must be > 0"))
        return money


_AMOUNTS: Final = {
    "not_a_decimal": (N_("must be a decimal string such as “120.00”"),),
    "too_many_decimals": (N_("has more decimals than its unit ({n})"),),
    "too_large": (N_("is larger than any account holds"),),
}


_AWARE: Final[type[datetime]] = Annotated[datetime, msgspec.Meta(tz=True)]  # type: ignore[assignment]


class Instant(Kind[datetime]):
    """An instant with its offset, brought to the local zone."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> datetime:
        if isinstance(raw, str):
            instant: datetime | None
            try:
                instant = msgspec.convert(raw, _AWARE)
            except (msgspec.ValidationError, UnicodeError):
                instant = None
            if instant is not None:
                if not FIRST_YEAR <= instant.year <= LAST_YEAR:
                    raise _refuse(
                        path,
                        N_("must be between {low} and {high}"),
                        low=str(FIRST_YEAR),
                        high=str(LAST_YEAR),
                    )
                return instant.astimezone(local)
        raise _refuse(path, N_("must be a moment with its offset (2025-03-03T10:00:00-05:00)"))


class Date(Kind[date]):
    """A calendar date."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> date:
        try:
            day = msgspec.convert(raw if isinstance(raw, str) else None, date)
        except (msgspec.ValidationError, UnicodeError) as fault:
            raise _refuse(path, N_("must be a date such as 2025-03-03")) from fault
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _refuse(
                path,
                N_("must be between {low} and {high}"),
                low=str(FIRST_YEAR),
                high=str(LAST_YEAR),
            )
        return day


class ZoneName(Kind[str]):
    """The name of an IANA time zone."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        try:
            if isinstance(raw, str):
                return zone(raw).key
        except CalendarError as fault:
            raise _refuse(path, N_("must be the name of a time zone")) from fault
        raise _refuse(path, N_("must be the name of a time zone"))


C = TypeVar("C", bound=StrEnum)


class Choice(Kind[C]):
    """One of a closed set."""

    __slots__ = ("options",)

    def __init__(self, options: type[C]) -> None:
        self.options = options

    def read(self, raw: object, path: str, local: ZoneInfo) -> C:
        try:
            if isinstance(raw, str):
                return self.options(raw)
        except ValueError:
            pass
        raise _refuse(path, N_("must be one of: {options}"), options=", ".join(self.options))


class ListOf(Kind[tuple[T, ...]]):
    """Values of one kind, in order."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind[T]) -> None:
        self.kind = kind

    def read(self, raw: object, path: str, local: ZoneInfo) -> tuple[T, ...]:
        if not isinstance(raw, list | tuple):
            raise _refuse(path, N_("must be a list"))
        if len(raw) > LONGEST_LIST:
            raise _refuse(path, N_("must have at most {n} entries"), n=LONGEST_LIST)
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
            raise _refuse(path, N_("must be an object"))
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
