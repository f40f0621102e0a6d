"""Formats: what is kept is what the locale writes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from avoir import formats

TAGS = st.sampled_from(["en", "fr", "ru", "fr_CA", "en_GB", "ru_KZ"])
ZONES = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "Europe/Moscow", "UTC"])
moments = st.datetimes(datetime(1950, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))


def plain_ordinal(tag: str, written: str) -> str:
    """What CLDR would write: it has no ordinal for the first of a month."""
    is_first = tag.startswith("fr") and written.startswith("1er ")
    return written.replace("1er ", "1 ", 1) if is_first else written


@given(TAGS, moments, ZONES)
def test_a_moment_is_written_as_its_locale_writes_it(tag: str, at: datetime, zone: str) -> None:
    """Put together from what is kept, a moment reads as if it were written at once."""
    local = at.astimezone(ZoneInfo(zone))
    whole = format_datetime(local, "long", tzinfo=ZoneInfo(zone), locale=tag)
    for _ in range(2):
        assert plain_ordinal(tag, formats.moment(tag, at, zone)) == whole


@given(TAGS, st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_is_written_as_its_locale_writes_it(tag: str, on: date) -> None:
    """So does a day; only the first of a month is an ordinal in French."""
    written = formats.day(tag, on)
    assert plain_ordinal(tag, written) == format_date(on, "long", locale=tag)
    assert written.startswith("1er ") is (on.day == 1 and tag.startswith("fr"))


@given(TAGS, st.decimals(-(10**9), 10**9, places=3))
def test_numbers_are_written_as_their_locale_writes_them(tag: str, number: Decimal) -> None:
    """Numbers keep their decimals, amounts and prices those of the locale."""
    digits = f"{number:f}"
    assert formats.number(tag, digits) == format_decimal(
        number, locale=tag, decimal_quantization=False
    )
    assert formats.amount(tag, digits) == format_decimal(number, locale=tag)
    assert formats.price(tag, digits, "EUR") == format_currency(number, "EUR", locale=tag)
