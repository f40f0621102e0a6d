"""The arithmetic of the terms: who was first, the year, earlier knowledge, the convention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from avoir.conditions import is_true, stated
from avoir.dates import day, days, years
from avoir.measures import Unknown, measure, tolerant_measure
from avoir.messages import N_
from avoir.money import Money
from avoir_referral_broker.prescriber.choices import Act, ConventionKind, Standing, Via
from avoir_referral_broker.prescriber.facts import Attachment, Convention, F, Payment
from avoir_referral_broker.prescriber.parameters import P

ATTACHMENTS: Final = F.attachments.path
CONVENTIONS: Final = F.conventions.path
NOWHERE: Final = -1
"""The index of a convention that there is not."""

NEVER: Final = datetime.min.replace(tzinfo=UTC)

Place = tuple[datetime, bool, int]
"""Where an attachment stands in order: by its moment; of two at one moment, as the record says."""

acted_on = day(F.event.at)
transformed_at = F.file.transformed_g_at
transformed_on = day(transformed_at)


def in_order(moment: datetime) -> datetime:
    """An instant as it is compared: local clocks show one hour of the year twice."""
    return moment.astimezone(UTC)


def _place(index: int, attachment: Attachment) -> Place | None:
    at = attachment.attached_at
    return None if at is None else (in_order(at), attachment.status is Standing.SECOND, index)


def _own(attachments: Sequence[Attachment], prescriber: str) -> list[int]:
    return [i for i, attachment in enumerate(attachments) if attachment.prescriber_id == prescriber]


# -- attaching -------------------------------------------------------------------------------


@tolerant_measure(
    F.attachments, F.event.prescriber_id, label=N_("contact was attached to this prescriber before")
)
def resent(attachments: Sequence[Attachment] | None, prescriber: str | None) -> bool | Unknown:
    """Whether the same prescriber sent the contact before; whom nothing is recorded of has not."""
    if prescriber is None:
        return Unknown([F.event.prescriber_id.path])
    return bool(_own(attachments or (), prescriber))


@measure(
    F.attachments, F.event.prescriber_id, label=N_("contact is attached to another prescriber")
)
def another(attachments: Sequence[Attachment], prescriber: str) -> bool:
    """Whether somebody else has attached the contact; whoever has was there before."""
    return any(attachment.prescriber_id != prescriber for attachment in attachments)


received_by = (day(F.event.received_at) + days(P.late_attachment_after_days)).named(
    N_("last day on which an attachment is in time")
)


@measure(
    F.conventions,
    F.event.prescriber_id,
    F.event.at,
    label=N_("convention at the attachment"),
)
def kind_when_attached(
    conventions: Sequence[Convention], prescriber: str, at: datetime
) -> ConventionKind | None:
    """What the prescriber had signed when the contact was attached."""
    index = _applying(conventions, prescriber, at, lambda c: not _signed_after(c, at))
    return ConventionKind.NONE if index == NOWHERE else conventions[index].kind


# -- the first of several --------------------------------------------------------------------


@measure(F.attachments, F.event.prescriber_id, label=N_("contact is attached to this prescriber"))
def attached(attachments: Sequence[Attachment], prescriber: str) -> bool | Unknown:
    """Whether the contact is attached to the prescriber; an entry that names none is asked for."""
    if _own(attachments, prescriber):
        return True
    unsure = [i for i, a in enumerate(attachments) if a.prescriber_id is None]
    return Unknown([f"{ATTACHMENTS}[{i}].prescriber_id" for i in unsure]) if unsure else False


@measure(F.attachments, F.event.prescriber_id, label=N_("attachment to this prescriber"))
def attached_at(attachments: Sequence[Attachment], prescriber: str) -> datetime | Unknown | None:
    """When the prescriber's contact was attached; of several times, the first."""
    own = [(index, attachments[index].attached_at) for index in _own(attachments, prescriber)]
    unsure = [f"{ATTACHMENTS}[{index}].attached_at" for index, at in own if at is None]
    if unsure:
        return Unknown(unsure)
    return min((at for _, at in own if at is not None), key=in_order, default=None)


@measure(
    F.attachments,
    F.event.prescriber_id,
    attached_at,
    label=N_("attached before every other prescriber"),
)
def first(attachments: Sequence[Attachment], prescriber: str, _: datetime) -> bool | Unknown:
    """Whether nobody else's attachment comes before; asks only for what could decide that."""
    own = _first_place(attachments, prescriber)
    unsure: list[str] = []
    for index, attachment in enumerate(attachments):
        place = _place(index, attachment)
        if attachment.prescriber_id == prescriber:
            continue
        if place is None:
            unsure.append(f"{ATTACHMENTS}[{index}].attached_at")
        elif place < own and attachment.prescriber_id is None:
            unsure.append(f"{ATTACHMENTS}[{index}].prescriber_id")
        elif place < own:
            return False
    return Unknown(unsure) if unsure else True


def _first_place(attachments: Sequence[Attachment], prescriber: str) -> Place:
    places = (_place(index, attachments[index]) for index in _own(attachments, prescriber))
    return min(place for place in places if place is not None)


@measure(
    F.attachments,
    F.event.prescriber_id,
    first,
    label=N_("order of receipt differs from the order of attachment"),
)
def out_of_order(attachments: Sequence[Attachment], prescriber: str, is_first: bool) -> bool:
    """Whether the order of receipt, as far as it is stated, would name another first."""
    own = _first_place(attachments, prescriber)
    received = attachments[own[2]].received_at
    beaten = any(
        _came_before(attachment, _place(index, attachment), received, own)
        for index, attachment in enumerate(attachments)
        if attachment.prescriber_id != prescriber
    )
    return is_first == beaten


def _came_before(
    other: Attachment, place: Place | None, received: datetime | None, own: Place
) -> bool:
    """Whether another's contact came in before; by the order of attachment where nobody says."""
    one = other.received_at
    if one is None or received is None or in_order(one) == in_order(received):
        return place is not None and place < own
    return in_order(one) < in_order(received)


# -- who the contact is ----------------------------------------------------------------------


@tolerant_measure(
    F.contact.household_of,
    F.contact.shares_telephone_with,
    label=N_("contact is perhaps of another contact’s household"),
)
def household(stated: str | None, shared: str | None) -> bool:
    """Whether somebody else of one household may have been attached before."""
    return stated is not None or shared is not None


known_otherwise = is_true(F.contact.known_before) & ~stated(F.contact.known_via == Via.PRESCRIBER)
"""Whether the contact was known, and through no prescriber."""

fresh_until = (day(F.contact.known_since) + days(P.prior_knowledge_stale_days)).named(
    N_("last day on which earlier knowledge is not old")
)

# -- the year --------------------------------------------------------------------------------

attached_on = day(attached_at)
window_ends = (attached_on + years(P.window_years)).named(
    N_("last day on which a transformation pays")
)


@tolerant_measure(attached_at, F.event.at, label=N_("attachment to this prescriber"))
def attaching_at(before: datetime | None, now: datetime | None) -> datetime | None:
    """When a contact that is being attached is attached: now, unless it was before."""
    return now if before is None else before


@tolerant_measure(attached_at, F.event.at, F.event.type, label=N_("attachment to this prescriber"))
def recorded_at(before: datetime | None, now: datetime | None, act: Act | None) -> datetime | None:
    """When a contact was attached, also in the very act that attaches it."""
    return now if before is None and act is Act.ATTACH else before


# -- the convention --------------------------------------------------------------------------


def _signed_after(convention: Convention, moment: datetime | None) -> bool:
    signed = convention.signed_at
    return signed is not None and moment is not None and in_order(signed) > in_order(moment)


def _applying(
    conventions: Sequence[Convention],
    prescriber: str,
    until: datetime | None,
    counts: Callable[[Convention], bool] = lambda _: True,
) -> int:
    """The convention that applies: the latest that pays and was signed by then, else the latest."""

    def weight(index: int) -> tuple[bool, datetime, int]:
        one = conventions[index]
        signed = one.signed_at
        pays = one.kind is ConventionKind.REMUNERATED and signed is not None
        at = NEVER if signed is None else in_order(signed)
        return pays and not _signed_after(one, until), at, index

    own = (i for i, c in enumerate(conventions) if c.prescriber_id == prescriber and counts(c))
    return max(own, key=weight, default=NOWHERE)


@tolerant_measure(
    F.conventions, F.event.prescriber_id, transformed_at, label=N_("convention that applies")
)
def applying(
    conventions: Sequence[Convention] | None, prescriber: str | None, at: datetime | None
) -> int | Unknown:
    """The index of the convention that applies; an entry that names nobody is asked for."""
    if conventions is None or prescriber is None:
        wanted = (F.conventions, conventions), (F.event.prescriber_id, prescriber)
        return Unknown([fact.path for fact, value in wanted if value is None])
    index = _applying(conventions, prescriber, at)
    unsure = [i for i, c in enumerate(conventions) if c.prescriber_id is None]
    if index == NOWHERE and unsure:
        return Unknown([f"{CONVENTIONS}[{i}].prescriber_id" for i in unsure])
    return index


@measure(F.conventions, applying, label=N_("kind of convention"))
def kind(conventions: Sequence[Convention], index: int) -> ConventionKind | Unknown:
    """What the prescriber has signed."""
    if index == NOWHERE:
        return ConventionKind.NONE
    return conventions[index].kind or Unknown([f"{CONVENTIONS}[{index}].kind"])


@measure(F.conventions, applying, label=N_("signature of the convention"))
def signed_at(conventions: Sequence[Convention], index: int) -> datetime | Unknown | None:
    """When the convention that applies was signed."""
    if index == NOWHERE:
        return None
    return conventions[index].signed_at or Unknown([f"{CONVENTIONS}[{index}].signed_at"])


@measure(F.conventions, F.event.prescriber_id, label=N_("first signature of any convention"))
def first_signed_at(conventions: Sequence[Convention], prescriber: str) -> datetime | None:
    """When the prescriber first signed anything."""
    signed = [c.signed_at for c in conventions if c.prescriber_id == prescriber and c.signed_at]
    return min(signed, key=in_order, default=None)


@measure(F.conventions, applying, label=N_("fee of the convention"))
def fee(conventions: Sequence[Convention], index: int) -> Money | Unknown | None:
    """What the convention pays for a contact."""
    if index == NOWHERE:
        return None
    return conventions[index].fee or Unknown([f"{CONVENTIONS}[{index}].fee"])


@tolerant_measure(fee, label=N_("the convention names a fee"))
def fee_named(named: Money | None) -> bool:
    """Whether a convention that is no paying one names a fee all the same."""
    return named is not None and named.smallest > 0


# -- payments --------------------------------------------------------------------------------


@tolerant_measure(F.previous_payments, label=N_("payments made for the contact"))
def payments(made: Sequence[Payment] | None) -> int:
    """How often the contact was paid for; without a record, never."""
    return len(made or ())


@measure(F.contact.person_id, payments, label=N_("further payment for the contact"))
def further_payment(person: str, made: int) -> str:
    """A name for the second payment and those after it, each of which is made once."""
    return f"{made + 1}:{person}"
