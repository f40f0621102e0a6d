"""The facts document of a contact bought at Cronoshare. All amounts are whole cronos."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
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
from avoir.money import Money, Unit

CRONO: Final = Unit("CRONO", 0)


class Act(StrEnum):
    """What happens to a contact; ``show_phase`` only asks."""

    BUY_CONTACT = "buy_contact"
    REFUND = "refund"
    POSTPONE = "postpone"
    DECLARE_SERVICE_DONE = "declare_service_done"
    RECTIFY = "rectify"
    CLIENT_CHOSE = "client_chose"
    TOP_UP = "top_up"
    SET_ADVANCE_LIMIT = "set_advance_limit"
    SHOW_PHASE = "show_phase"
    RULE = "rule"


class Ground(StrEnum):
    """Why a professional asks for his commission back."""

    CLIENT_HAS_OTHER_PROFESSIONAL = "client_has_other_professional"
    CLIENT_NO_NEED_NOW = "client_no_need_now"
    CLIENT_NO_ANSWER = "client_no_answer"
    CLIENT_REJECTS_PRICE = "client_rejects_price"
    CLIENT_REJECTS_SCHEDULE = "client_rejects_schedule"
    NOT_CHOSEN_UNCONFIRMED = "not_chosen_unconfirmed"
    PRO_NOT_AVAILABLE = "pro_not_available"


class AttemptKind(StrEnum):
    """How a professional tried to reach a client."""

    CALL = "call"
    EMAIL = "email"


class Remedy(StrEnum):
    """What a professional asks for."""

    CRONOS = "cronos"
    BANK_TRANSFER = "bank_transfer"


class Past(StrEnum):
    """What has happened to a contact since it was bought."""

    REFUND = "refund"
    POSTPONE = "postpone"
    RECTIFY = "rectify"
    DECLARE_SERVICE_DONE = "declare_service_done"


class RulingDecision(StrEnum):
    """How a reviewer rules."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Attempt(Item, frozen=True, kw_only=True):
    """One attempt to reach the client."""

    type: Annotated[AttemptKind | None, N_("kind of attempt")] = None
    at: Annotated[datetime | None, N_("moment of the attempt")] = None
    answered: Annotated[bool | None, N_("answered")] = None


class PriorEvent(Item, frozen=True, kw_only=True):
    """An earlier act on the contact."""

    type: Annotated[Past | None, N_("earlier act")] = None
    at: Annotated[datetime | None, N_("moment of the earlier act")] = None
    amount: Annotated[Decimal | None, N_("cronos moved")] = None


class PreviousRuling(Item, frozen=True, kw_only=True):
    """An earlier ruling on the same refund."""

    by: Annotated[str | None, N_("reviewer")] = None
    decision: Annotated[RulingDecision | None, N_("ruling")] = None


class PricedOffer(Item, frozen=True, kw_only=True):
    """An offer in a price list."""

    id: Annotated[str | None, N_("offer")] = None
    client_budget: Annotated[Money | None, N_("budget of the client")] = None
    commission: Annotated[Decimal | None, N_("commission of the offer")] = None
    management_fee: Annotated[Decimal | None, N_("management fee of the offer")] = None


class Professional(Record):
    """The professional's accounts."""

    id = text(N_("professional"))
    cronos_balance = money(N_("cronos available"), unit=CRONO)
    advance_outstanding = money(N_("cronos advanced and outstanding"), unit=CRONO)
    advance_limit = money(N_("limit of advances"), unit=CRONO)


class Offer(Record):
    """The offer of a client, as it is priced."""

    id = text(N_("offer"))
    commission = money(N_("commission of the offer"), unit=CRONO)
    management_fee = money(N_("management fee of the offer"), unit=CRONO)


class Contact(Record):
    """The contact, as its purchase recorded it."""

    offer_id = text(N_("offer of the contact"))
    purchased_by = text(N_("professional who paid for the contact"))
    purchased_at = instant(N_("purchase of the contact"))
    commission_paid = money(N_("commission paid"), unit=CRONO)
    fee_paid = money(N_("management fee paid"), unit=CRONO)
    client_chose_this_professional = flag(N_("client chose this professional"))
    awaits_ruling = flag(N_("refund waits for a person"))
    prior_events = items(PriorEvent, N_("earlier acts on the contact"))


class Event(Record):
    """The act that is decided on."""

    type = choice(Act, N_("act"))
    at = instant(N_("moment of the act"), source=Source.CLOCK)
    by = text(N_("who acts"), source=Source.RECORD)
    ground = choice(Ground, N_("ground of the refund"))
    confirmed_on_site = flag(N_("purchase confirmed on the site"))


class Client(Record):
    """What the professional says of the client."""

    confirmed_by_client = flag(N_("client confirmed it"))
    attempts = items(Attempt, N_("attempts to reach the client"))
    occurred_at = instant(N_("moment the case arose"))


class Ruling(Record):
    """A reviewer's ruling on a refund that waits for a person."""

    by = text(N_("reviewer"))
    decision = choice(RulingDecision, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    unit = text(N_("unit"), source=Source.RECORD)
    professional = group(Professional, Source.RECORD)
    offer = group(Offer)
    contact = group(Contact, Source.RECORD)
    event = group(Event)
    client = group(Client)
    ruling = group(Ruling, Source.BUSINESS)
    previous_rulings = items(
        PreviousRuling, N_("earlier rulings on this refund"), source=Source.RECORD
    )
    offers = items(PricedOffer, N_("offers"))
    requested_amount = money(N_("amount asked for"), unit=CRONO)
    requested_remedy = choice(Remedy, N_("remedy asked for"))
    report = text(N_("report asked for"))
    top_up = money(N_("cronos paid in"), unit=CRONO, sign=Sign.MORE_THAN_ZERO)
    new_advance_limit = money(N_("new limit of advances"), unit=CRONO)


LABELS: Final = {
    "CRONO": N_("cronos"),
    "client_has_other_professional": N_("client has another professional"),
    "client_no_need_now": N_("client has no need now"),
    "client_no_answer": N_("client does not answer"),
    "client_rejects_price": N_("client does not accept the price"),
    "client_rejects_schedule": N_("client does not accept the schedule"),
    "not_chosen_unconfirmed": N_("not chosen, without the client’s word"),
    "pro_not_available": N_("professional is not available"),
    "call": N_("phone call"),
    "email": N_("email"),
    "cronos": N_("cronos on the account"),
    "approve": N_("approve the refund"),
    "bank_transfer": N_("transfer to a bank account"),
}
"""How the values of choices are called by people."""
