"""Money: whole numbers of the smallest unit; decimal strings at the edges; floats nowhere."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import cache
from typing import Final

import msgspec

from avoir.errors import AvoirError

LARGEST: Final = 2**63 - 1
"""The largest amount, in the smallest unit: what a 64-bit store holds."""

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,18})?", re.ASCII)


class AmountError(AvoirError):
    """An amount that cannot be read, or that leaves 64 bits."""


class UnitError(AvoirError):
    """Two amounts in different units were compared or combined; no policy converts."""


class Rounding(StrEnum):
    """How a fraction of the smallest unit is rounded."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


_MODES: Final = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}


_EXACT: Final = Context(prec=100)
"""More digits than a product of an amount and a rate has: nothing is rounded twice."""


def decimal(text: str) -> Decimal:
    """Read a decimal string; raises ``AmountError`` for anything but plain digits."""
    if not _PLAIN.fullmatch(text):
        raise AmountError("not_a_decimal", amount=text[:40])
    return Decimal(text)


class Unit(msgspec.Struct, frozen=True):
    """A unit of account: an ISO 4217 code, or a policy's own such as ``CRONO``."""

    code: str
    decimals: int


class Money(msgspec.Struct, frozen=True, order=False):
    """An amount in the smallest unit (``smallest=12000`` of a unit with 2 decimals is 120.00)."""

    smallest: int
    unit: Unit

    @classmethod
    def parse(cls, amount: str, unit: Unit) -> Money:
        """Read a decimal string; raises ``AmountError`` for anything but plain digits that fit."""
        if not _PLAIN.fullmatch(amount):
            raise AmountError("not_a_decimal", amount=amount[:40])
        whole, _, fraction = amount.partition(".")
        if len(fraction) != unit.decimals:
            if fraction[unit.decimals :].strip("0"):
                raise AmountError("too_many_decimals", amount=amount[:40], unit=unit.code)
            fraction = fraction[: unit.decimals].ljust(unit.decimals, "0")
        smallest = int(whole + fraction)
        if not -LARGEST <= smallest <= LARGEST:
            raise AmountError("too_large", amount=amount[:40], unit=unit.code)
        return cls(smallest, unit)

    @classmethod
    def exactly(cls, amount: Decimal, unit: Unit) -> Money:
        """A decimal number as an amount; raises ``AmountError`` where it does not fit."""
        scaled = amount.scaleb(unit.decimals, _EXACT)
        smallest = int(scaled)
        if scaled != smallest:
            raise AmountError("too_many_decimals", amount=f"{amount:f}"[:40], unit=unit.code)
        if not -LARGEST <= smallest <= LARGEST:
            raise AmountError("too_large", amount=f"{amount:f}"[:40], unit=unit.code)
        return cls(smallest, unit)

    @property
    def amount(self) -> str:
        """The amount as a decimal string with the unit's decimals."""
        return f"{Decimal(self.smallest).scaleb(-self.unit.decimals, _EXACT):f}"

    def _same(self, other: Money) -> int:
        if other.unit.code != self.unit.code:
            raise UnitError("different_units", left=self.unit.code, right=other.unit.code)
        return other.smallest

    def __add__(self, other: Money) -> Money:
        return Money(self.smallest + self._same(other), self.unit)

    def __sub__(self, other: Money) -> Money:
        return Money(self.smallest - self._same(other), self.unit)

    def __neg__(self) -> Money:
        return Money(-self.smallest, self.unit)

    def __lt__(self, other: Money) -> bool:
        return self.smallest < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.smallest <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.smallest > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.smallest >= self._same(other)

    def share(self, rate: Decimal, rounding: Rounding) -> Money:
        """``rate`` of the amount, rounded to the smallest unit."""
        exact = _EXACT.multiply(Decimal(self.smallest), rate)
        return Money(int(exact.quantize(Decimal(1), _MODES[rounding], _EXACT)), self.unit)


@cache
def currency(code: str) -> Unit:
    """The ISO 4217 currency of that code, with its decimals; raises ``AmountError``."""
    # CLDR is heavy: most policies name their own unit and never come here
    from babel.core import get_global

    if not re.fullmatch("[A-Z]{3}", code) or code not in _currencies():
        raise AmountError("no_such_unit", unit=code[:20])
    fractions = get_global("currency_fractions")
    return Unit(code, int(fractions.get(code, fractions["DEFAULT"])[0]))


@cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies("en"))
