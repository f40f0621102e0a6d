"""Facts: what somebody stated or a record shows; typed, labelled, named by path, maybe unknown.

A policy declares its facts document as classes; ``F.lead.purchased_at`` is then a term::

    class Lead(Record):
        purchased_at = instant(N_("purchase of the lead"))

    class F(Facts):
        lead = group(Lead, Source.RECORD)
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import msgspec

from avoir.conditions import Situation, Term
from avoir.intake import Taker
from avoir.kinds import (
    Amount,
    Choice,
    Date,
    Exact,
    FactsError,
    Fault,
    Flag,
    Instant,
    Item,
    Kind,
    ListOf,
    SetOf,
    Sign,
    Text,
    Whole,
    ZoneName,
    entry,
    within,
)
from avoir.messages import N_, Message, Plural
from avoir.money import Money, Unit
from avoir.periods import zone

T = TypeVar("T")
R = TypeVar("R", bound="Record")
C = TypeVar("C", bound=StrEnum)
I = TypeVar("I", bound=Item)  # noqa: E741


class Source(StrEnum):
    """Who may state a fact: the party, a record, the staff of the business, or the clock."""

    PARTY = "party"
    RECORD = "record"
    BUSINESS = "business"
    CLOCK = "clock"


class Audience(StrEnum):
    """Who may read a fact of a case: everybody who may see the case, or only the staff."""

    EVERYBODY = "everybody"
    STAFF = "staff"


class Fact(Term[T]):
    """A fact, named by its path in the document; its value is unknown where nothing was stated."""

    __slots__ = ("audience", "kind", "own_source", "path", "remedy", "source")

    def __init__(
        self,
        kind: Kind[T],
        label: str,
        *,
        source: Source | None = None,
        name: str = "",
        remedy: Plural | None = None,
        audience: Audience = Audience.EVERYBODY,
    ) -> None:
        self.audience = audience
        self.kind = kind
        self.label = label
        self.own_source = source
        self.source = source or Source.PARTY
        self.path = name
        self.remedy = remedy

    def bound(self, path: str, source: Source) -> Fact[T]:
        """The same fact at a place in a document."""
        fact = copy(self)
        fact.path = path
        fact.source = self.own_source or source
        return fact

    def value(self, situation: Situation) -> T | None:
        return situation.facts.get(self.path)  # type: ignore[return-value]

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return (self.path,)


class UnitOf(Term[str]):
    """The code of the unit of an amount."""

    __slots__ = ("money", "path")

    def __init__(self, money: Fact[Money]) -> None:
        self.money = money
        self.label = money.label
        self.path = f"{money.path}.unit"

    def value(self, situation: Situation) -> str | None:
        money = self.money.value(situation)
        return None if money is None else money.unit.code

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.money.unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.money,)


def unit_of(money: Fact[Money]) -> UnitOf:
    """The code of the unit of an amount."""
    return UnitOf(money)


class Record:
    """A group of facts under one name; subclasses declare facts as class attributes."""

    def _bind(self, path: str, source: Source) -> None:
        for name in dir(type(self)):
            part = getattr(type(self), name)
            if isinstance(part, Fact):
                setattr(self, name, part.bound(f"{path}.{part.path or name}", source))
            elif isinstance(part, Record):
                nested = copy(part)
                nested._bind(f"{path}.{name}", part.__dict__.get("_source") or source)
                setattr(self, name, nested)

    def facts(self) -> tuple[Fact[Any], ...]:
        """The facts of the group, nested ones included, in the order of their paths."""
        found: list[Fact[Any]] = []
        for part in vars(self).values():
            if isinstance(part, Fact):
                found.append(part)
            elif isinstance(part, Record):
                found += part.facts()
        return tuple(sorted(found, key=lambda fact: fact.path))


class Facts:
    """The facts document of a policy: groups of facts and single facts, as class attributes."""

    by_path: ClassVar[Mapping[str, Fact[Any]]] = {}
    _taker: ClassVar[Taker | None] = None

    def __init_subclass__(cls) -> None:
        found: dict[str, Fact[Any]] = {}
        for name, part in list(vars(cls).items()):
            if isinstance(part, Fact):
                part = part.bound(part.path or name, Source.PARTY)
                setattr(cls, name, part)
                found[part.path] = part
            elif isinstance(part, Record):
                part._bind(name, part.__dict__.get("_source") or Source.PARTY)
                found.update({fact.path: fact for fact in part.facts()})
        cls.by_path = dict(sorted(found.items()))
        cls._taker = None

    @classmethod
    def taker(cls) -> Taker:
        """What takes in documents of these facts, made when the first of them comes."""
        if cls._taker is None:
            cls._taker = Taker({path: fact.kind for path, fact in cls.by_path.items()})
        return cls._taker


def group(record: type[R], source: Source | None = None) -> R:
    """A group of facts of a document, all from one source unless a fact says otherwise."""
    made = record()
    made.__dict__["_source"] = source
    return made


def text(
    label: str,
    *,
    source: Source | None = None,
    name: str = "",
    audience: Audience = Audience.EVERYBODY,
) -> Fact[str]:
    """Text; what the staff notes among themselves has the staff for its ``audience``."""
    return Fact(Text(), label, source=source, name=name, audience=audience)


def flag(
    label: str, *, source: Source | None = None, name: str = "", remedy: Plural | None = None
) -> Fact[bool]:
    """Yes or no; ``remedy`` says how a yes is obtained."""
    return Fact(Flag(), label, source=source, name=name, remedy=remedy)


def whole(
    label: str, *, low: int = 0, high: int = 10**9, source: Source | None = None, name: str = ""
) -> Fact[int]:
    """A whole number within bounds."""
    return Fact(Whole(low, high), label, source=source, name=name)


def wholes(
    label: str, *, low: int = 0, high: int = 10**9, source: Source | None = None, name: str = ""
) -> Fact[tuple[int, ...]]:
    """A list of whole numbers within bounds."""
    return Fact(ListOf(Whole(low, high)), label, source=source, name=name)


def exact(label: str, *, source: Source | None = None, name: str = "") -> Fact[Decimal]:
    """A decimal number, written as a string."""
    return Fact(Exact(), label, source=source, name=name)


def money(
    label: str,
    *,
    unit: Unit | None = None,
    sign: Sign = Sign.ZERO_OR_MORE,
    source: Source | None = None,
    name: str = "",
) -> Fact[Money]:
    """Money; a plain decimal string in the document where ``unit`` fixes the unit."""
    return Fact(Amount(unit, sign), label, source=source, name=name)


def instant(label: str, *, source: Source | None = None, name: str = "") -> Fact[datetime]:
    """An instant; in the document with its offset, in the decision in the local zone."""
    return Fact(Instant(), label, source=source, name=name)


def calendar_date(label: str, *, source: Source | None = None, name: str = "") -> Fact[date]:
    """A calendar date."""
    return Fact(Date(), label, source=source, name=name)


def choice(
    options: type[C], label: str, *, source: Source | None = None, name: str = ""
) -> Fact[C]:
    """One of a closed set."""
    return Fact(Choice(options), label, source=source, name=name)


def choices(
    options: type[C], label: str, *, source: Source | None = None, name: str = ""
) -> Fact[frozenset[C]]:
    """Any of a closed set, each at most once."""
    return Fact(SetOf(Choice(options)), label, source=source, name=name)


def items(
    item: type[I], label: str, *, source: Source | None = None, name: str = ""
) -> Fact[tuple[I, ...]]:
    """A list of objects."""
    return Fact(ListOf(entry(item)), label, source=source, name=name)


def instants(
    label: str, *, source: Source | None = None, name: str = ""
) -> Fact[tuple[datetime, ...]]:
    """A list of instants."""
    return Fact(ListOf(Instant()), label, source=source, name=name)


def texts(label: str, *, source: Source | None = None, name: str = "") -> Fact[tuple[str, ...]]:
    """A list of texts."""
    return Fact(ListOf(Text()), label, source=source, name=name)


def zone_name(label: str) -> Fact[str]:
    """The time zone of the matter, at the path ``time_zone``; stated only in an evaluation."""
    return Fact(ZoneName(), label, source=Source.CLOCK)


class Intake(msgspec.Struct, frozen=True):
    """A facts document read: what is known, by path, the faults, and the zone of its days."""

    values: Mapping[str, object]
    faults: tuple[Fault, ...]
    time_zone: str


def read(document: object, facts: type[Facts], default_zone: str) -> Intake:
    """Read a facts document; unknown paths and wrong types are faults, null is unknown."""
    if isinstance(document, Mapping):
        taken = facts.taker().plain(document, default_zone)
        if taken is not None:
            return Intake(taken[0], (), taken[1])
    return read_carefully(document, facts, default_zone)


def read_json(content: bytes, facts: type[Facts], default_zone: str) -> Intake:
    """Read a facts document in JSON; raises ``msgspec.DecodeError`` where it is no JSON."""
    taken = facts.taker().json(content, default_zone)
    if taken is not None:
        return Intake(taken[0], (), taken[1])
    return read_carefully(msgspec.json.decode(content), facts, default_zone)


def read_carefully(document: object, facts: type[Facts], default_zone: str) -> Intake:
    """Read a facts document value by value, and name every fault in it."""
    if not isinstance(document, Mapping):
        return Intake({}, (Fault("", Message(N_("must be an object"))),), default_zone)
    faults: list[Fault] = []
    values: dict[str, object] = {}
    name = document.get("time_zone")
    if name is not None and "time_zone" in facts.by_path:
        try:
            default_zone = ZoneName().read(name, "time_zone", zone(default_zone))
        except FactsError as refused:
            faults += refused.faults
    local = zone(default_zone)
    groups = _groups(facts)

    def visit(node: Mapping[object, object], prefix: str) -> None:
        for key, raw in node.items():
            path = f"{prefix}{key}"
            fact = facts.by_path.get(path)
            if "." in str(key) or (fact is None and path not in groups):
                faults.append(Fault(within(prefix[:-1], key), Message(N_("is no known fact"))))
            elif raw is None:
                continue
            elif fact is not None:
                try:
                    if not fact.kind.is_unknown(raw):
                        values[path] = fact.kind.read(raw, path, local)
                except FactsError as refused:
                    faults.extend(refused.faults)
            elif isinstance(raw, Mapping):
                visit(raw, f"{path}.")
            else:
                faults.append(Fault(path, Message(N_("must be an object"))))

    visit(document, "")
    unique = {fault.path: fault for fault in faults}
    return Intake(values, tuple(unique.values()), default_zone)


def _groups(facts: type[Facts]) -> frozenset[str]:
    found: set[str] = set()
    for path in facts.by_path:
        while "." in path:
            path = path.rpartition(".")[0]
            found.add(path)
    return frozenset(found)
