"""Facts that cannot be: other units, moments to come, dates that somebody moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from avoir.clauses import Clause, Impossible, impossible, impossible_each
from avoir.dates import day
from avoir.facts import Fact, unit_of
from avoir.measures import tolerant_measure
from avoir.messages import N_
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber.facts import EUR, Attachment, Convention, F, Payment, Referred
from avoir_referral_broker.prescriber.measures import attached_at, in_order, known_otherwise

event, contact, file = F.event, F.contact, F.file
OTHER_UNIT: Final = N_("differs from the unit of the account ({unit})")
BEFORE: Final = N_("is before {other}")
AFTER: Final = N_("is after {other}")

# -- units -----------------------------------------------------------------------------------


@tolerant_measure(F.conventions, F.previous_payments, label=N_("amounts in other units"))
def in_other_units(
    conventions: Sequence[Convention] | None, payments: Sequence[Payment] | None
) -> tuple[str, ...]:
    """The paths of units that are not the account's."""
    fees = [
        f"{F.conventions.path}[{i}].fee.unit"
        for i, convention in enumerate(conventions or ())
        if convention.fee is not None and convention.fee.unit.code != EUR.code
    ]
    paid = [
        f"{F.previous_payments.path}[{i}].unit"
        for i, payment in enumerate(payments or ())
        if payment.unit not in (None, EUR.code)
    ]
    return (*fees, *paid)


@tolerant_measure(F.previous_payments, label=N_("payments of less than nothing"))
def negative_payments(payments: Sequence[Payment] | None) -> tuple[str, ...]:
    """The paths of payments below zero."""
    return tuple(
        f"{F.previous_payments.path}[{i}].amount"
        for i, payment in enumerate(payments or ())
        if payment.amount is not None and payment.amount < 0
    )


WRONG_UNIT = impossible(F.unit != EUR.code, F.unit, OTHER_UNIT, unit=EUR.code)
WRONG_FEE = impossible(
    unit_of(F.convention.fee) != EUR.code,
    unit_of(F.convention.fee),
    OTHER_UNIT,
    c.CONVENTION,
    unit=EUR.code,
)
WRONG_DUE = impossible(
    unit_of(F.remuneration.due) != EUR.code,
    unit_of(F.remuneration.due),
    OTHER_UNIT,
    c.CONVENTION,
    unit=EUR.code,
)
MONEY: Final = (
    WRONG_UNIT,
    Impossible(None, in_other_units, OTHER_UNIT, (("unit", EUR.code),)),
    impossible_each(negative_payments, N_("must be ≥ 0")),
)

# -- moments ---------------------------------------------------------------------------------


@tolerant_measure(F.attachments, F.event.at, label=N_("attachments still to come"))
def attachments_to_come(
    attachments: Sequence[Attachment] | None, now: datetime | None
) -> tuple[str, ...]:
    """The paths of attachments dated after the act."""
    return tuple(
        f"{F.attachments.path}[{i}].attached_at"
        for i, attachment in enumerate(attachments or ())
        if _is_after(attachment.attached_at, now)
    )


@tolerant_measure(F.attachments, label=N_("attachments dated back"))
def attachments_dated_back(attachments: Sequence[Attachment] | None) -> tuple[str, ...]:
    """The paths of attachments dated before their contact came in."""
    return tuple(
        f"{F.attachments.path}[{i}].attached_at"
        for i, attachment in enumerate(attachments or ())
        if _is_after(attachment.received_at, attachment.attached_at)
    )


@tolerant_measure(F.previous_payments, F.event.at, label=N_("payments still to come"))
def payments_to_come(payments: Sequence[Payment] | None, now: datetime | None) -> tuple[str, ...]:
    """The paths of payments dated after the act."""
    return tuple(
        f"{F.previous_payments.path}[{i}].paid_at"
        for i, payment in enumerate(payments or ())
        if _is_after(payment.paid_at, now)
    )


def _is_after(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and other is not None and in_order(moment) > in_order(other)


def _to_come(fact: Fact[datetime], *cites: Clause) -> Impossible:
    return impossible(fact > event.at, fact, AFTER, *cites, other=event.at.path)


MATTER: Final = (
    *MONEY,
    impossible_each(attachments_to_come, N_("is after the act"), c.CRM_DATE),
    impossible_each(attachments_dated_back, N_("is before the receipt of the contact"), c.CRM_DATE),
    impossible_each(payments_to_come, N_("is after the act")),
    _to_come(file.transformed_g_at, c.KPI_G),
    _to_come(file.closed_at, c.ATTACH_CLOSED),
    _to_come(file.reopened_at, c.ATTACH_CLOSED),
)
"""What no act on a contact can go with."""

ATTACHING: Final = (
    *MATTER,
    impossible(
        event.at < event.received_at, event.at, BEFORE, c.CRM_DATE, other=event.received_at.path
    ),
    impossible(event.at > F.now, event.at, AFTER, c.CRM_DATE, other=F.now.path),
    # the system dates what it attaches today; nobody attaches for another day
    impossible(day(event.at) < day(F.now), event.at, BEFORE, c.CRM_DATE, other=F.now.path),
    _to_come(contact.known_since, c.PRIOR_KNOWN),
)
ASSESSING: Final = (
    *MATTER,
    impossible(
        known_otherwise & (contact.known_since > attached_at),
        contact.known_since,
        N_("is after the attachment of the contact"),
        c.PRIOR_KNOWN,
    ),
)
PAYING: Final = (*ASSESSING, WRONG_DUE)
SIGNING: Final = (
    WRONG_UNIT,
    WRONG_FEE,
    _to_come(F.convention.signed_at, c.CONVENTION),
)
KNOWING: Final = (_to_come(contact.known_since, c.PRIOR_KNOWN),)

# -- reports ---------------------------------------------------------------------------------


@tolerant_measure(F.contacts, label=N_("places that there are not"))
def places_of_none(contacts: Sequence[Referred] | None) -> tuple[str, ...]:
    """The paths of places before the first."""
    return tuple(
        f"{F.contacts.path}[{i}].attachments[{n}].rank"
        for i, contact in enumerate(contacts or ())
        for n, ranked in enumerate(contact.attachments or ())
        if ranked.rank == 0
    )


REPORTING: Final = (impossible_each(places_of_none, N_("must be > 0")),)
