"""Scalars: one spelling each, and nothing that could be read in two ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, Undefined, parse_value
from hypothesis import given
from hypothesis import strategies as st

from avoir_gateway.schema.scalars import (
    DEEPEST,
    JSON,
    SCALARS,
    Moment,
    TimeZone,
    read_date,
    read_decimal,
    read_instant,
    read_json,
    read_zone,
)


def scalar(of: object) -> GraphQLScalarType:
    made = SCALARS[of].implementation
    assert made is not None
    return made


def literal(of: object, source: str) -> object:
    read = scalar(of).coerce_input_literal
    assert read is not None
    return read(parse_value(source))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["0", "120.00", "-0.01", "9999999999999999999", "0." + "0" * 18])
def test_a_decimal_is_a_string_of_plain_digits(text: str) -> None:
    """A decimal is a string of plain digits, and every digit of it is kept."""
    value = read_decimal(text)
    assert value == Decimal(text)
    assert scalar(Decimal).coerce_output_value(value) == text
    assert literal(Decimal, f'"{text}"') == value


@pytest.mark.parametrize(
    "value",
    [
        1, 0, 1.5, True, None, [], {},
        "", " 1", "1 ", "+1", "1.", ".5", "01", "1e3", "1E3", "NaN", "Infinity", "-Infinity",
        "1_000", "1,000", "٣", "１", "1\n", "0x10", "1" * 20, "0." + "1" * 19, "1" * 200_000,
    ],
)  # fmt: skip
def test_anything_else_is_no_decimal(value: object) -> None:
    """A number, or any other spelling of a decimal, is refused."""
    with pytest.raises(GraphQLError):
        read_decimal(value)


@pytest.mark.parametrize("source", ["120", "120.00", "true", "null", "RED", "[1]", "{a: 1}"])
@pytest.mark.parametrize("of", [Decimal, datetime, date, TimeZone])
def test_a_literal_is_a_string(of: object, source: str) -> None:
    """Decimals, moments, dates and time zones are written in a query as strings only."""
    with pytest.raises(GraphQLError, match="written as a string"):
        literal(of, source)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2025-03-03T10:00:00-05:00", -5),
        ("2025-03-03T10:00:00.123456Z", 0),
        ("0001-01-01T00:00:00+14:00", 14),
        ("9999-12-31T23:59:59Z", 0),
    ],
)
def test_an_instant_keeps_its_offset(text: str, offset: int) -> None:
    """An instant keeps the offset it was written with, and comes back as the same moment."""
    value = read_instant(text)
    moved = value.utcoffset()
    assert moved is not None
    assert moved.total_seconds() == offset * 3600
    assert read_instant(scalar(datetime).coerce_output_value(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1741014000, 1.5, None, "",
        "2025-03-03T10:00:00", "2025-03-03 10:00:00Z", "2025-03-03T10:00Z", "2025-03-03",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2025-02-29T00:00:00Z",
        "2025-03-03T24:00:00Z", "2025-03-03T10:00:60Z", "2025-03-03T10:00:00+25:00",
        "2025-03-03T10:00:00z", "20250303T100000Z", "2025-03-03T10:00:00.1234567Z",
        "٢٠٢٥-03-03T10:00:00Z", "2025-03-03T10:00:00Z\n", "2025-W10-1T10:00:00Z",
    ],
)  # fmt: skip
def test_anything_else_is_no_instant(value: object) -> None:
    """An instant without an offset, or in any other spelling, is refused."""
    with pytest.raises(GraphQLError):
        read_instant(value)


@pytest.mark.parametrize(
    "value",
    [20250303, None, "", "20250303", "2025-3-3", "2025-02-29", "0000-01-01", "10000-01-01",
     "2025-W10-1", "2025-03-03T00:00:00Z", " 2025-03-03"],
)  # fmt: skip
def test_anything_else_is_no_date(value: object) -> None:
    """A date is a day there is, in one spelling, and anything else is refused."""
    assert read_date("2024-02-29") == date(2024, 2, 29)
    with pytest.raises(GraphQLError):
        read_date(value)


@pytest.mark.parametrize(
    "value", [None, 5, "", "Nowhere/City", "../etc/passwd", "UTC\0", "\ud800", "X" * 10_000, "/"]
)
def test_anything_else_is_no_time_zone(value: object) -> None:
    """A time zone is one that is known by its name, and anything else is refused."""
    assert read_zone("America/Toronto") == "America/Toronto"
    with pytest.raises(GraphQLError):
        read_zone(value)


def test_a_moment_is_only_given_out() -> None:
    """A moment is given out as it stands, and is never taken as an input."""
    with pytest.raises(GraphQLError):
        scalar(Moment).coerce_input_value("2025-03-03")
    assert scalar(Moment).coerce_output_value("2025-03-03") == "2025-03-03"


def test_plain_data_is_kept() -> None:
    """Plain data is kept as it was given, whatever its keys and texts look like."""
    data: object = {"a": [1, "x", None, True, {"$ne": None, "b.c": -(2**63) + 1}], "": "\0 \u202e"}
    assert read_json(data) == data
    assert literal(JSON, '{a: [1, "x", null, true], b: {c: "d"}}') == {
        "a": [1, "x", None, True],
        "b": {"c": "d"},
    }


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), float("inf"), [0.5], {"a": {"b": 1e9}}, 2**63, -(2**63) - 1, 10**400,
     "\ud800", {"\udfff": 1}, ["a", "b\ud83d"], object(), b"", {1: 2}],
)  # fmt: skip
def test_floats_and_lone_surrogates_are_no_plain_data(value: object) -> None:
    """What could not be kept exactly as plain data is refused."""
    with pytest.raises(GraphQLError):
        read_json(value)


def test_a_float_or_a_bare_word_is_no_plain_data() -> None:
    """Plain data in a query is held to the same rules, and a refusal shows the place."""
    for source in ("1.5", "[1.0]", "{a: 1e3}", "NO_SALE", "{a: [RED]}", "9" * 100, "9" * 20):
        with pytest.raises(GraphQLError, match="JSON must") as refused:
            literal(JSON, source)
        assert refused.value.nodes


def test_plain_data_has_an_end() -> None:
    """Plain data may be nested so deep and no deeper, and the deepest is still only refused."""
    deep: Any = None
    for _ in range(DEEPEST):
        deep = [deep]
    assert read_json(deep) == deep
    with pytest.raises(GraphQLError, match="nested"):
        read_json([deep])
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(GraphQLError, match="nested"):
        read_json(deep)


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("read", [read_decimal, read_instant, read_date, read_zone, read_json])
@given(value=garbage | st.from_regex(r"[-+0-9.:TZe_]{0,30}", fullmatch=True))
def test_garbage_is_read_or_refused_and_nothing_else(
    read: Callable[[object], object], value: object
) -> None:
    """Whatever is given to a scalar is read or refused, in words that can be sent."""
    try:
        found = read(value)
    except GraphQLError as refused:
        refused.message.encode()
    else:
        assert found is not Undefined


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**15))
def test_a_decimal_comes_back_as_it_was(value: Decimal) -> None:
    """A decimal that is read and given out again is the same text."""
    text = f"{value:f}"
    assert scalar(Decimal).coerce_output_value(read_decimal(text)) == text


@given(st.datetimes(timezones=st.timezones()))
def test_a_naive_instant_is_never_given_out(value: datetime) -> None:
    """An instant without an offset is never given out."""
    assert read_instant(value.replace(tzinfo=None).isoformat()[:19] + "Z").utcoffset() == timedelta(
        0
    )
    with pytest.raises(TypeError):
        scalar(datetime).coerce_output_value(value.replace(tzinfo=None))
