"""A facts document with a fact of every kind, and keys that no document should have."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from avoir.facts import (
    Facts,
    Record,
    Source,
    calendar_date,
    choice,
    choices,
    exact,
    flag,
    group,
    instant,
    instants,
    items,
    money,
    text,
    texts,
    whole,
    zone_name,
)
from avoir.kinds import Item, Sign
from avoir.money import Money, Unit
from tests.core.bits import POUND

CRONO: Final = Unit("CRONO", 0)


class Colour(StrEnum):
    """Two colours."""

    RED = "red"
    GREEN = "green"


class Part(Item, frozen=True, kw_only=True):
    """An entry within an entry."""

    n: Annotated[int | None, "n"] = None


class Thing(Item, frozen=True, kw_only=True):
    """An entry with a field of every kind."""

    at: Annotated[datetime | None, "at"] = None
    on: date | None = None
    colour: Annotated[Colour | None, "colour"] = None
    fee: Money | None = None
    rate: Decimal | None = None
    parts: tuple[Part, ...] | None = None
    part: Part | None = None
    said: str | None = None
    sure: bool | None = None


class Inner(Record):
    """A group within a group."""

    deep = text("deep")


class Lead(Record):
    """A group."""

    id = text("id")
    inner = group(Inner, Source.BUSINESS)
    kind_ = text("kind", name="case", source=Source.PARTY)


class F(Facts):
    """A document with a fact of every kind."""

    time_zone = zone_name("zone")
    lead = group(Lead, Source.RECORD)
    at = instant("at", source=Source.CLOCK)
    on = calendar_date("on")
    said = text("said")
    sure = flag("sure")
    n = whole("n", low=1, high=9)
    rate = exact("rate")
    price = money("price", unit=POUND, sign=Sign.MORE_THAN_ZERO)
    fee = money("fee")
    points = money("points", unit=CRONO)
    colour = choice(Colour, "colour")
    colours = choices(Colour, "colours")
    things = items(Thing, "things")
    moments = instants("moments")
    words = texts("words")


HOSTILE: Final = (
    *(
        "$where",
        "$gt",
        "__class__",
        "__proto__",
        "constructor",
        "",
        " ",
        "lead ",
        "Lead",
        "lead[0]",
    ),
    *("things[0]", "said\0", "\ud800", "a" * 100_000, "é", "lead.id", "lead.inner.deep", "a.b"),
    *(".", "..", "lead.", ".id", "time_zone.x"),
)
