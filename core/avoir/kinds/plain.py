"""Kinds of single values: text, numbers, dates, choices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from avoir.kinds.kind import Kind, refuse
from avoir.messages import N_
from avoir.money import LARGEST, AmountError, decimal
from avoir.periods import FIRST_YEAR, LAST_YEAR, CalendarError, zone

LONGEST_TEXT: Final = 20_000


class Text(Kind[str]):
    """Text as it was typed: no NUL, no lone surrogates, at most 20,000 characters."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        if not isinstance(raw, str):
            raise refuse(path, N_("must be text"))
        if len(raw) > LONGEST_TEXT:
            raise refuse(path, N_("must have at most {n} characters"), n=LONGEST_TEXT)
        if not is_text(raw):
            raise refuse(path, N_("has characters that are not text"))
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
            raise refuse(path, N_("must be true or false"))
        return raw


class Whole(Kind[int]):
    """A whole number within bounds."""

    __slots__ = ("high", "low")

    def __init__(self, low: int = 0, high: int = LARGEST) -> None:
        self.low = low
        self.high = high

    def read(self, raw: object, path: str, local: ZoneInfo) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise refuse(path, N_("must be a whole number"))
        if not self.low <= raw <= self.high:
            raise refuse(
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
            raise refuse(path, N_("must be a decimal string such as “120.00”"))
        try:
            value = decimal(raw)
        except AmountError as fault:
            raise refuse(path, N_("must be a decimal string such as “120.00”")) from fault
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            raise refuse(
                path, N_("must be between {low} and {high}"), low=f"{self.low}", high=f"{self.high}"
            )
        return value


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
                    raise refuse(
                        path,
                        N_("must be between {low} and {high}"),
                        low=str(FIRST_YEAR),
                        high=str(LAST_YEAR),
                    )
                return instant.astimezone(local)
        raise refuse(path, N_("must be a moment with its offset (2025-03-03T10:00:00-05:00)"))


class Date(Kind[date]):
    """A calendar date."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> date:
        try:
            day = msgspec.convert(raw if isinstance(raw, str) else None, date)
        except (msgspec.ValidationError, UnicodeError) as fault:
            raise refuse(path, N_("must be a date such as 2025-03-03")) from fault
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise refuse(
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
            raise refuse(path, N_("must be the name of a time zone")) from fault
        raise refuse(path, N_("must be the name of a time zone"))


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
        raise refuse(path, N_("must be one of: {options}"), options=", ".join(self.options))
