"""The facts document of a contact that a prescriber sent. All money is in euros."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from avoir.facts import (
    Audience,
    Fact,
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
from avoir.kinds import Item
from avoir.messages import N_
from avoir.money import Money, Unit
from avoir_referral_broker.contacts import EmailAddress, Telephone
from avoir_referral_broker.prescriber.choices import (
    Act,
    ConventionKind,
    FileStatus,
    Returns,
    RulingDecision,
    Standing,
    Via,
)

EUR: Final = Unit("EUR", 2)


class Convention(Item, frozen=True, kw_only=True):
    """A convention that a prescriber has signed, or that he has none."""

    prescriber_id: Annotated[str | None, N_("prescriber")] = None
    kind: Annotated[ConventionKind | None, N_("kind of convention")] = None
    signed_at: Annotated[datetime | None, N_("signature of the convention")] = None
    fee: Annotated[Money | None, N_("fee of the convention")] = None


class Attachment(Item, frozen=True, kw_only=True):
    """An attachment of the contact to a prescriber."""

    prescriber_id: Annotated[str | None, N_("prescriber")] = None
    attached_at: Annotated[datetime | None, N_("moment of the attachment")] = None
    received_at: Annotated[datetime | None, N_("receipt of the contact")] = None
    status: Annotated[Standing | None, N_("standing of the attachment")] = None


class Payment(Item, frozen=True, kw_only=True):
    """A payment already made for the contact."""

    prescriber_id: Annotated[str | None, N_("prescriber")] = None
    amount: Annotated[Decimal | None, N_("amount paid")] = None
    unit: Annotated[str | None, N_("unit")] = None
    paid_at: Annotated[datetime | None, N_("moment of the payment")] = None


class PreviousRuling(Item, frozen=True, kw_only=True):
    """An earlier ruling on the same remuneration."""

    by: Annotated[str | None, N_("reviewer")] = None
    decision: Annotated[RulingDecision | None, N_("ruling")] = None


class Ranked(Item, frozen=True, kw_only=True):
    """A prescriber of a contact, and his place among all who sent it."""

    prescriber_id: Annotated[str | None, N_("prescriber")] = None
    rank: Annotated[int | None, N_("place among the prescribers")] = None


class Referred(Item, frozen=True, kw_only=True):
    """A contact as a report counts it."""

    attached: Annotated[bool | None, N_("contact is attached")] = None
    attachments: Annotated[tuple[Ranked, ...] | None, N_("prescribers of the contact")] = None
    status: Annotated[FileStatus | None, N_("status of the file")] = None
    transformed_g: Annotated[bool | None, N_("file is transformed")] = None


class Prescriber(Item, frozen=True, kw_only=True):
    """A prescriber as a report names him."""

    id: Annotated[str | None, N_("prescriber")] = None
    kind: Annotated[ConventionKind | None, N_("kind of convention")] = None


class Contact(Record):
    """The person whom a prescriber sent, and what was known of him before."""

    person_id = text(N_("contact"))
    email = Fact(EmailAddress(), N_("email address of the contact"))
    telephone = Fact(Telephone(), N_("telephone number of the contact"))
    household_of = text(N_("contact whose household this is"), audience=Audience.STAFF)
    shares_telephone_with = text(
        N_("contact with the same telephone number"),
        source=Source.RECORD,
        audience=Audience.STAFF,
    )
    known_before = flag(N_("contact was known before"), source=Source.BUSINESS)
    known_since = instant(N_("contact known since"), source=Source.BUSINESS)
    known_via = choice(Via, N_("through whom the contact was known"), source=Source.BUSINESS)
    known_recorded_at = instant(N_("earlier knowledge recorded"), source=Source.RECORD)


class File(Record):
    """The contact's file."""

    status = choice(FileStatus, N_("status of the file"), source=Source.RECORD)
    stage = text(N_("stage that the file has reached"), source=Source.BUSINESS)
    appointment_held = flag(N_("an appointment was held"), source=Source.BUSINESS)
    closed_at = instant(N_("file closed"), source=Source.RECORD)
    reopened_at = instant(N_("file opened again"), source=Source.RECORD)
    transformed = flag(N_("transformation is on record"), source=Source.RECORD)
    transformed_g_at = instant(N_("transformation of the file"), source=Source.RECORD)


class Event(Record):
    """The act that is decided on."""

    type = choice(Act, N_("act"))
    at = instant(N_("moment of the act"), source=Source.CLOCK)
    prescriber_id = text(N_("prescriber"), source=Source.RECORD)
    received_at = instant(N_("receipt of the contact"), source=Source.BUSINESS)


class Signature(Record):
    """A convention that a prescriber signs."""

    kind = choice(ConventionKind, N_("kind of convention"))
    signed_at = instant(N_("signature of the convention"))
    fee = money(N_("fee of the convention"))


class Remuneration(Record):
    """What an assessment proposed to pay."""

    due = money(N_("remuneration due"))


class Ruling(Record):
    """A reviewer's ruling on a remuneration that waits for a person."""

    by = text(N_("reviewer"))
    decision = choice(RulingDecision, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    now = instant(N_("present moment"), source=Source.CLOCK)
    unit = text(N_("unit"), source=Source.RECORD)
    contact = group(Contact)
    file = group(File)
    event = group(Event)
    conventions = items(Convention, N_("conventions of prescribers"), source=Source.RECORD)
    attachments = items(Attachment, N_("attachments of the contact"), source=Source.RECORD)
    previous_payments = items(Payment, N_("payments made before"), source=Source.RECORD)
    convention = group(Signature, Source.BUSINESS)
    remuneration = group(Remuneration, Source.RECORD)
    ruling = group(Ruling, Source.BUSINESS)
    previous_rulings = items(
        PreviousRuling, N_("earlier rulings on this remuneration"), source=Source.RECORD
    )
    report = choice(Returns, N_("report asked for"))
    prescriber_id = text(N_("prescriber of the report"))
    prescribers = items(Prescriber, N_("prescribers"), source=Source.RECORD)
    contacts = items(Referred, N_("contacts of the report"), source=Source.RECORD)
