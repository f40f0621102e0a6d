"""The facts that Acme's terms turn on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from avoir.facts import (
    Facts,
    Record,
    Source,
    choice,
    flag,
    group,
    instant,
    items,
    money,
    text,
    zone_name,
)
from avoir.kinds import Item, Sign
from avoir.messages import N_
from avoir.money import Unit

TOKEN: Final = Unit("TOKEN", decimals=0)


class Ground(StrEnum):
    """Why a professional returns a lead."""

    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    NO_SALE = "no_sale"


class Verdict(StrEnum):
    """How a reviewer rules."""

    TAKE_BACK = "take_back"
    LEAVE = "leave"


class Call(Item, frozen=True, kw_only=True):
    """A call to the client."""

    answered: Annotated[bool | None, N_("client answered")] = None


class Lead(Record):
    """The lead, as its delivery recorded it."""

    id = text(N_("lead"))
    delivered_at = instant(N_("delivery of the lead"))
    price = money(N_("price of the lead"), unit=TOKEN, sign=Sign.MORE_THAN_ZERO)
    returned_before = flag(N_("lead returned before"))


class Request(Record):
    """What the professional states when he returns the lead."""

    submitted_at = instant(N_("return of the lead"), source=Source.CLOCK)
    ground = choice(Ground, N_("reason of the return"))
    calls = items(Call, N_("calls to the client"))


class Check(Record):
    """What Acme's people found out."""

    number_works = flag(N_("phone number works"))


class Ruling(Record):
    """A reviewer's ruling."""

    by = text(N_("reviewer"))
    verdict = choice(Verdict, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    as_of = instant(N_("moment asked about"), source=Source.CLOCK)
    lead = group(Lead, Source.RECORD)
    request = group(Request)
    check = group(Check, Source.BUSINESS)
    ruling = group(Ruling, Source.BUSINESS)


LABELS: Final = {
    "unreachable": N_("client not reached"),
    "wrong_number": N_("wrong phone number"),
    "no_sale": N_("no sale"),
    "take_back": N_("take the lead back"),
    "leave": N_("leave the lead with the professional"),
    "TOKEN": N_("tokens"),
}
"""How people call the values of the choices, and the unit."""
