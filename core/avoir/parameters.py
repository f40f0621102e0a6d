"""Parameters: the numbers, choices and calendars of the terms that an operator may tune."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from avoir.conditions import Situation, Term
from avoir.errors import AvoirError
from avoir.kinds import (
    Choice,
    Exact,
    FactsError,
    Fault,
    Flag,
    Kind,
    ListOf,
    SetOf,
    Text,
    Whole,
    refuse,
)
from avoir.messages import N_, Message
from avoir.periods import CalendarError, check_calendar

T = TypeVar("T")
C = TypeVar("C", bound=StrEnum)
_UTC = ZoneInfo("UTC")


class ParameterError(AvoirError):
    """Parameter values that cannot be in force; ``faults`` names each by its name."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("bad_parameters", parameters=", ".join(f.path for f in faults))


class Parameter(Term[T]):
    """A parameter: its kind with its bounds, its default, and its name."""

    __slots__ = ("default", "kind", "name")

    def __init__(self, kind: Kind[T], default: T, label: str) -> None:
        self.kind = kind
        self.default = default
        self.label = label
        self.name = ""

    def value(self, situation: Situation) -> T:
        return situation.parameters[self.name]  # type: ignore[return-value]

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class Parameters:
    """The parameters of a policy, as class attributes."""

    by_name: ClassVar[Mapping[str, Parameter[Any]]] = {}

    def __init_subclass__(cls) -> None:
        found = {n: p for n, p in vars(cls).items() if isinstance(p, Parameter)}
        for name, parameter in found.items():
            parameter.name = name
        cls.by_name = dict(sorted(found.items()))


class Calendar(Kind[str]):
    """The name of a holiday calendar, ``COUNTRY`` or ``COUNTRY-SUBDIVISION``."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        if isinstance(raw, str) and len(raw) <= 12:
            try:
                check_calendar(raw)
            except CalendarError as fault:
                raise refuse(path, N_("must be the name of a calendar such as CA-QC")) from fault
            return raw
        raise refuse(path, N_("must be the name of a calendar such as CA-QC"))


def whole(default: int, label: str, *, low: int, high: int) -> Parameter[int]:
    """A whole number within bounds."""
    return Parameter(Whole(low, high), default, label)


def share(default: str, label: str) -> Parameter[Decimal]:
    """A share between 0 and 1, exact."""
    return Parameter(Exact(Decimal(0), Decimal(1)), Decimal(default), label)


def yes_or_no(default: bool, label: str) -> Parameter[bool]:
    """Yes or no."""
    return Parameter(Flag(), default, label)


def one_of(default: C, label: str) -> Parameter[C]:
    """One of a closed set."""
    return Parameter(Choice(type(default)), default, label)


def some_of(options: type[C], default: frozenset[C], label: str) -> Parameter[frozenset[C]]:
    """Any of a closed set."""
    return Parameter(SetOf(Choice(options)), default, label)


def text(default: str, label: str) -> Parameter[str]:
    """A text."""
    return Parameter(Text(), default, label)


def texts(label: str) -> Parameter[tuple[str, ...]]:
    """A list of texts of the tenant's own, empty by default."""
    return Parameter(ListOf(Text()), (), label)


def calendar(default: str, label: str) -> Parameter[str]:
    """A holiday calendar."""
    return Parameter(Calendar(), default, label)


def values_in_force(
    parameters: type[Parameters], stated: Mapping[str, object]
) -> Mapping[str, object]:
    """The defaults with the stated values set in; raises ``ParameterError`` naming each fault."""
    faults = [
        Fault(name[:60], Message(N_("is no known parameter")))
        for name in stated
        if name not in parameters.by_name
    ]
    values: dict[str, object] = {}
    for name, parameter in parameters.by_name.items():
        raw = stated.get(name)
        try:
            values[name] = (
                parameter.default if raw is None else parameter.kind.read(raw, name, _UTC)
            )
        except FactsError as refused:
            faults += refused.faults
    if faults:
        raise ParameterError(tuple(faults))
    return values
