"""Kinds of facts that only partners' deals have: roubles, and electronic exchange or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from avoir.facts import Fact, Source
from avoir.kinds import Amount, FactsError, Fault, Flag, Sign, Text
from avoir.messages import N_, Message
from avoir.money import Money, Unit

RUB: Final = Unit("RUB", 2)
ANOTHER_UNIT: Final = Message(
    N_("differs from the unit of the account ({unit})"), values={"unit": RUB.code}
)


class Roubles(Amount):
    """Money in roubles, written with its unit; another currency is a fault of the unit."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> Money:
        stated = raw.get("unit") if isinstance(raw, Mapping) else None
        faults = []
        if isinstance(stated, str) and stated != RUB.code:
            faults.append(Fault(f"{path}.unit", ANOTHER_UNIT))
        try:
            money = super().read(raw, path, local)
        except FactsError as refused:
            faults += [fault for fault in refused.faults if fault.path != f"{path}.unit"]
            raise FactsError(*(faults or refused.faults)) from refused
        if faults:
            raise FactsError(*faults)
        return money


class AccountUnit(Text):
    """The unit of a whole document: that of the account, and no other."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        unit = super().read(raw, path, local)
        if unit != RUB.code:
            raise FactsError(Fault(path, ANOTHER_UNIT))
        return unit


class YesNoUnknown(Flag):
    """Yes or no; the word “unknown” is another way to say nothing."""

    __slots__ = ()

    def is_unknown(self, raw: object) -> bool:
        return raw is None or raw == "unknown"


def roubles(
    label: str, *, sign: Sign = Sign.ZERO_OR_MORE, source: Source | None = None
) -> Fact[Money]:
    """An amount in roubles."""
    return Fact(Roubles(sign=sign), label, source=source)
