"""Scalars that take one spelling each: what another reader could read otherwise is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NewType

from graphql import (
    BooleanValueNode,
    GraphQLError,
    GraphQLScalarType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    print_ast,
)
from strawberry.types.scalar import ScalarDefinition

from avoir.money import AmountError, decimal
from avoir.periods import CalendarError, zone

JSON = NewType("JSON", object)
"""Plain data without floats."""

TimeZone = NewType("TimeZone", str)
"""The name of an IANA time zone."""

Moment = NewType("Moment", str)
"""A calendar date, or an instant with its offset: it is only ever given out."""

DEEPEST: Final = 32
"""Levels of nesting of plain data."""

LARGEST: Final = 2**63 - 1

_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LONGEST: Final = 64
"""Characters of any scalar that is written as a string."""


def is_text(text: str) -> bool:
    """Whether a text can be written down: a lone surrogate cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _shown(value: object) -> str:
    """What was given, cut short, and always plain text."""
    return repr(value)[:60].encode("ascii", "backslashreplace").decode()


def _refused(name: str, wanted: str, value: object) -> GraphQLError:
    return GraphQLError(f"{name} must be {wanted}, not {_shown(value)}.")


def read_decimal(value: object) -> Decimal:
    """A decimal string such as ``120.00``; no number, exponent, sign of plus, or underscore."""
    wanted = 'a decimal string such as "120.00"'
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _refused("Decimal", wanted, value)
    try:
        return decimal(value)
    except AmountError:
        raise _refused("Decimal", wanted, value) from None


def read_instant(value: object) -> datetime:
    """An instant with its offset, ``2025-03-03T10:00:00-05:00``."""
    wanted = 'a moment with its offset such as "2025-03-03T10:00:00-05:00"'
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise _refused("DateTime", wanted, value)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise _refused("DateTime", wanted, value) from None


def read_date(value: object) -> date:
    """A calendar date, ``2025-03-03``."""
    wanted = 'a date such as "2025-03-03"'
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _refused("Date", wanted, value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _refused("Date", wanted, value) from None


def read_zone(value: object) -> TimeZone:
    """The name of an IANA time zone, ``America/Toronto``."""
    wanted = 'the name of a time zone such as "America/Toronto"'
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _refused("TimeZone", wanted, value)
    try:
        return TimeZone(zone(value).key)
    except CalendarError:
        raise _refused("TimeZone", wanted, value) from None


def read_json(value: object) -> JSON:
    """Plain data: text, whole numbers of 64 bits, true, false, null, lists and objects of them."""
    return JSON(_plain(value, 0))


def _plain(value: object, depth: int) -> object:
    if depth > DEEPEST:
        raise GraphQLError(f"JSON must not be nested deeper than {DEEPEST} levels.")
    match value:
        case None | bool():
            return value
        case str():
            return _text(value)
        case int() if abs(value) <= LARGEST:
            return value
        case int():
            raise GraphQLError("JSON must have no number beyond 64 bits: write it as a string.")
        case float():
            raise _refused("JSON", "without floats: write a decimal as a string", value)
        case list() | tuple():
            return [_plain(item, depth + 1) for item in value]
        case dict():
            return {_text(key): _plain(item, depth + 1) for key, item in value.items()}
        case _:
            raise _refused("JSON", "plain data", value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not is_text(value):
        raise _refused("JSON", "of text without lone surrogates", value)
    return value


def _string(node: ValueNode) -> object:
    """What a literal says to a scalar that is written as a string."""
    if not isinstance(node, StringValueNode):
        raise GraphQLError(f"must be written as a string, not {print_ast(node)[:60]}.")
    return node.value


def _data(node: ValueNode) -> object:
    """What a literal says as plain data."""
    match node:
        case NullValueNode():
            return None
        case StringValueNode() | BooleanValueNode():
            return node.value
        case IntValueNode() if len(node.value) < 21:
            return int(node.value)
        case ListValueNode():
            return [_data(value) for value in node.values]
        case ObjectValueNode():
            return {field.name.value: _data(field.value) for field in node.fields}
        case _:
            raise GraphQLError(f"must have {print_ast(node)[:60]} written as a string.")


def _literal(
    name: str, said: Callable[[ValueNode], object], read: Callable[[object], object]
) -> Callable[[ValueNode], object]:
    """How a literal is read; what is refused is shown where it stands."""

    def literal(node: ValueNode) -> object:
        try:
            value = said(node)
        except GraphQLError as refused:
            raise GraphQLError(f"{name} {refused.message}", node) from None
        try:
            return read(value)
        except GraphQLError as refused:
            raise GraphQLError(refused.message, node) from None

    return literal


def _iso(value: object) -> str:
    if not isinstance(value, date):
        raise TypeError(f"{type(value).__name__} is no date")
    return value.isoformat()


def _aware(value: object) -> str:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise TypeError("an instant has an offset")
    return value.isoformat()


def _digits(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is no decimal")
    return f"{value:f}"


def _no_input(value: object) -> object:
    raise _refused("Moment", "given out only", value)


def _scalar(
    name: str,
    description: str,
    read: Callable[[object], object],
    write: Callable[[object], object],
    said: Callable[[ValueNode], object] = _string,
) -> ScalarDefinition:
    definition = ScalarDefinition(name, description, None, write, read, None)
    definition.implementation = GraphQLScalarType(
        name,
        coerce_output_value=write,
        coerce_input_value=read,
        coerce_input_literal=_literal(name, said, read),
        description=description,
        extensions={"strawberry-definition": definition},
    )
    return definition


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Decimal: _scalar(
        "Decimal",
        'A decimal number as a string such as "120.00": plain digits, at most 19 before the point '
        "and 18 after it. Never a number, never an exponent.",
        read_decimal,
        _digits,
    ),
    datetime: _scalar(
        "DateTime",
        'An instant as a string with its offset, such as "2025-03-03T10:00:00-05:00" or '
        '"2025-03-03T15:00:00Z" (RFC 3339).',
        read_instant,
        _aware,
    ),
    date: _scalar("Date", 'A calendar date such as "2025-03-03".', read_date, _iso),
    TimeZone: _scalar(
        "TimeZone", 'The name of an IANA time zone such as "America/Toronto".', read_zone, str
    ),
    Moment: _scalar(
        "Moment",
        "A calendar date, or an instant with its offset where the time of the day counts.",
        _no_input,
        str,
    ),
    JSON: _scalar(
        "JSON",
        "Plain data: text, whole numbers, true, false, null, lists and objects. Decimals, dates "
        "and instants are written as strings; floats are refused.",
        read_json,
        lambda value: value,
        _data,
    ),
}
"""What each Python type is in the schema."""
