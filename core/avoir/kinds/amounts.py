"""The kind of amounts of money."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from avoir.kinds.kind import FactsError, Fault, Kind, refuse, within
from avoir.messages import N_, Message
from avoir.money import AmountError, Money, Unit, currency


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
            raise refuse(path, N_("must be an amount with its unit"))
        faults = [
            Fault(within(path, name), Message(N_("is no known fact")))
            for name in raw
            if name not in ("amount", "unit")
        ]
        unit, amount = self._unit(raw.get("unit")), raw.get("amount")
        if unit is None:
            faults.append(Fault(f"{path}.unit", Message(N_("must be the code of a unit"))))
        try:
            money = None if unit is None else self._read(amount, f"{path}.amount", unit)
        except FactsError as refused:
            raise FactsError(*faults, *refused.faults) from refused
        if faults or money is None:
            raise FactsError(*faults)
        return money

    def money(self, amount: str, code: str) -> Money:
        """An amount with the code of its unit; raises ``AvoirError`` where anything is wrong."""
        unit = self._unit(code)
        if unit is None:
            raise AmountError("no_such_unit", unit=code[:20])
        return self._read(amount, "", unit)

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
            raise refuse(path, N_("must be a decimal string such as “120.00”"))
        try:
            money = Money.parse(raw, unit)
        except AmountError as fault:
            raise refuse(path, *_AMOUNTS[fault.code], n=unit.decimals) from fault
        if money.smallest <= 0 and self.sign is not Sign.ANY:
            if money.smallest < 0:
                raise refuse(path, N_("must be ≥ 0"))
            if self.sign is Sign.MORE_THAN_ZERO:
                raise refuse(path, N_("must be > 0"))
        return money


_AMOUNTS: Final = {
    "not_a_decimal": (N_("must be a decimal string such as “120.00”"),),
    "too_many_decimals": (N_("has more decimals than its unit ({n})"),),
    "too_large": (N_("is larger than any account holds"),),
}
