"""Formats: numbers, money, days and moments as a locale writes them, each kept once written.

CLDR is heavy, so it is imported where something is first written, and asked once for the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from avoir.messages import Language
from avoir.periods import zone

if TYPE_CHECKING:
    from babel import Locale

KEPT: Final = 20_000
"""Texts kept of each form; the least recently used go first."""


@lru_cache(maxsize=1_000)
def locale_of(tag: str) -> Locale:
    """The locale of a tag such as ``fr_CA``."""
    from babel import Locale

    return Locale.parse(tag)


@lru_cache(maxsize=KEPT)
def number(tag: str, digits: str) -> str:
    """A number, from its plain digits."""
    from babel.numbers import format_decimal

    return format_decimal(Decimal(digits), locale=locale_of(tag), decimal_quantization=False)


@lru_cache(maxsize=KEPT)
def amount(tag: str, digits: str) -> str:
    """An amount in a unit of a policy's own, without the unit."""
    from babel.numbers import format_decimal

    return format_decimal(Decimal(digits), locale=locale_of(tag))


@lru_cache(maxsize=KEPT)
def price(tag: str, digits: str, code: str) -> str:
    """An amount in a currency."""
    from babel.numbers import format_currency

    return format_currency(Decimal(digits), code, locale=locale_of(tag))


@lru_cache(maxsize=KEPT)
def day(tag: str, day: date) -> str:
    """A calendar date."""
    from babel.dates import format_date

    return _first(tag, day, format_date(day, "long", locale=locale_of(tag)))


def moment(tag: str, moment: datetime, time_zone: str) -> str:
    """An instant, in a time zone."""
    local = moment.astimezone(zone(time_zone))
    written = (
        _together(tag).replace("{0}", _clock(tag, local)).replace("{1}", day(tag, local.date()))
    )
    return _first(tag, local, written)


@lru_cache(maxsize=1_000)
def _together(tag: str) -> str:
    """How a time and a day are put together."""
    from babel.dates import get_datetime_format

    return str(get_datetime_format("long", locale=locale_of(tag))).replace("'", "")


_CLOCKS: Final[dict[tuple[object, ...], str]] = {}
"""Times of day with their zone, by all that is in them."""


def _clock(tag: str, local: datetime) -> str:
    seconds = (local.hour, local.minute, local.second)
    key = (tag, local.tzinfo, seconds, local.utcoffset(), bool(local.dst()))
    found = _CLOCKS.get(key)
    if found is None:
        from babel.dates import format_time

        if len(_CLOCKS) >= KEPT:
            _CLOCKS.clear()
        found = _CLOCKS[key] = format_time(local, "long", locale=locale_of(tag))
    return found


def _first(tag: str, day: date, written: str) -> str:
    # CLDR has no pattern for the first of a month, which French writes as an ordinal
    is_first = day.day == 1 and tag.partition("_")[0] == Language.FRENCH
    return written.replace("1 ", "1er ", 1) if is_first and written.startswith("1 ") else written


def listed(tag: str, texts: Sequence[str], style: Literal["standard", "or"]) -> str:
    """Texts joined as a sentence joins them."""
    from babel.lists import format_list

    return format_list(texts, style, locale_of(tag))
