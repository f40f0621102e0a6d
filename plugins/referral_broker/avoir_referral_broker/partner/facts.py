"""The facts document of a deal that a partner brings to the broker."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from avoir.facts import (
    Fact,
    Facts,
    Record,
    Source,
    choice,
    flag,
    group,
    instant,
    items,
    text,
    texts,
    wholes,
    zone_name,
)
from avoir.kinds import Item, Sign
from avoir.messages import N_
from avoir_referral_broker.partner.choices import Act, BankDecision, RulingDecision, Stage
from avoir_referral_broker.partner.kinds import AccountUnit, YesNoUnknown, roubles


class Round(Item, frozen=True, kw_only=True):
    """Further documents that the team asked for, and when the last of them came."""

    requested_at: Annotated[datetime | None, N_("further documents asked for")] = None
    supplied_at: Annotated[datetime | None, N_("further documents supplied")] = None


class PreviousRuling(Item, frozen=True, kw_only=True):
    """An earlier ruling on the same commission."""

    by: Annotated[str | None, N_("reviewer")] = None
    decision: Annotated[RulingDecision | None, N_("ruling")] = None


class Tranche(Item, frozen=True, kw_only=True):
    """A part of the loan, in roubles, and when it was received."""

    amount: Annotated[Decimal | None, N_("amount of the tranche")] = None
    received_at: Annotated[datetime | None, N_("receipt of the tranche")] = None


class Preliminary(Record):
    """What the partner's own analysis found."""

    criteria_met = flag(N_("client meets the criteria"))
    stop_factors = texts(N_("stop factors found"))


class Thread(Record):
    """The thread of the deal in the work group."""

    created = flag(N_("thread opened"))
    documents_uploaded = flag(N_("all documents uploaded"))
    documents_uploaded_at = instant(N_("upload of the documents complete"))


class AdditionalDocuments(Record):
    """Further documents: the latest request and all of them."""

    requested_at = instant(N_("further documents asked for"))
    supplied_at = instant(N_("further documents supplied"))
    rounds = items(Round, N_("requests for further documents"))


class Range(Record):
    """What the client may count on, from one sum to another."""

    minimum = roubles(N_("lower end of the range"))
    maximum = roubles(N_("upper end of the range"))


class Contract(Record):
    """The contract between the broker and the client."""

    sent_at = instant(N_("contract sent"))
    scan_received = flag(N_("scan of the signed contract received"), source=Source.PARTY)


class Loan(Record):
    """The loan, as the lender decided and paid it."""

    approved_amount = roubles(N_("loan approved"), sign=Sign.MORE_THAN_ZERO)
    received_amount = roubles(N_("loan received"), sign=Sign.MORE_THAN_ZERO)
    received_at = instant(N_("receipt of the loan"))
    tranches = items(Tranche, N_("tranches of the loan"))
    bank_decision = choice(BankDecision, N_("decision of the lender"))


class ClientCommission(Record):
    """What the client owes the broker, and has paid so far."""

    invoiced = roubles(N_("commission invoiced to the client"))
    paid = roubles(N_("commission paid by the client so far"))


class CompletionAct(Record):
    """The act of completion."""

    drawn_up = flag(N_("act of completion drawn up"))
    signed_copy_provided = flag(N_("signed act handed in"))


class PartnerCommission(Record):
    """What the partner was paid."""

    paid = roubles(N_("commission paid to the partner"))
    paid_at = instant(N_("payment to the partner"))


class Deal(Record):
    """The deal: who it is about, and what its records show of every step."""

    id = text(N_("deal"), source=Source.PARTY)
    partner_id = text(N_("partner"))
    client_id = text(N_("client"), source=Source.PARTY)
    opened_at = instant(N_("deal opened"))
    requested_amount = roubles(N_("loan asked for"), sign=Sign.MORE_THAN_ZERO, source=Source.PARTY)
    on_record = flag(N_("every act of the deal is on record"))
    completed_steps = wholes(N_("steps taken"), low=1, high=12)
    documents_complete = flag(N_("documents complete"))
    missing_documents = texts(N_("documents still missing"))
    preliminary = group(Preliminary)
    thread = group(Thread)
    additional_documents = group(AdditionalDocuments)
    range = group(Range)
    has_edo = flag(N_("client has electronic document exchange"))
    contract = group(Contract)
    loan = group(Loan)
    client_commission = group(ClientCommission)
    act = group(CompletionAct)
    partner_commission = group(PartnerCommission)


class Event(Record):
    """The act that is decided on, and what is stated with it."""

    type = choice(Act, N_("act"))
    at = instant(N_("moment of the act"), source=Source.CLOCK)
    stage = choice(Stage, N_("talk at which the client has doubts"))
    documents = texts(N_("documents named"))
    documents_complete = flag(N_("documents complete"))
    documents_uploaded = flag(N_("all documents uploaded"))
    criteria_met = flag(N_("client meets the criteria"))
    stop_factors = texts(N_("stop factors found"))
    range = group(Range)
    agreed = flag(N_("client agrees"))
    agreed_sum = roubles(N_("sum agreed"))
    requisites = text(N_("legal details of the client"))
    email = text(N_("email address of the client"))
    phone = text(N_("phone number of the client"))
    has_edo = Fact(YesNoUnknown(), N_("client has electronic document exchange"))
    actions = texts(N_("what the client has to do"))


class Commission(Record):
    """What the partner is due by the latest assessment."""

    due = roubles(N_("commission due to the partner"))


class Ruling(Record):
    """A reviewer's ruling on a commission that waits for one."""

    by = text(N_("reviewer"))
    decision = choice(RulingDecision, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    as_of = instant(N_("moment asked about"), source=Source.CLOCK)
    unit = Fact(AccountUnit(), N_("unit"), source=Source.RECORD)
    deal = group(Deal, Source.RECORD)
    event = group(Event)
    commission = group(Commission, Source.RECORD)
    ruling = group(Ruling, Source.BUSINESS)
    previous_rulings = items(
        PreviousRuling, N_("earlier rulings on this commission"), source=Source.RECORD
    )
