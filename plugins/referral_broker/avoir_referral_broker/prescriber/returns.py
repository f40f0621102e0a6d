"""What the contacts of prescribers bring: figures over attached contacts, each for its first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from avoir.measures import measure, tolerant_measure
from avoir.messages import N_
from avoir_referral_broker.prescriber.facts import F, Prescriber, Ranked, Referred

Contacts = Sequence[Referred] | None


def _is_attached(contact: Referred) -> bool | None:
    """Whether a contact is attached, as is said or as its prescribers show; None: nobody says."""
    if contact.attached is None and contact.attachments is not None:
        return bool(contact.attachments)
    return contact.attached


def _in_order(contact: Referred) -> list[str | None]:
    """The prescribers of a contact by their places; who has none stands where he is listed."""

    def place(entry: tuple[int, Ranked]) -> tuple[int, int]:
        index, ranked = entry
        return (index + 1 if ranked.rank is None else ranked.rank), index

    entries = sorted(enumerate(contact.attachments or ()), key=place)
    return list(dict.fromkeys(ranked.prescriber_id for _, ranked in entries))


def _counted(contacts: Contacts, prescriber: str | None) -> list[Referred]:
    """The attached contacts that count for a prescriber: those he was first to send.

    A contact that does not say who sent it is his whose report it is; without a prescriber every
    attached contact counts.
    """
    found = []
    for contact in contacts or ():
        senders = _in_order(contact)
        his = prescriber is None or not senders or senders[0] == prescriber
        if _is_attached(contact) and his:
            found.append(contact)
    return found


def _transformed(contacts: Sequence[Referred]) -> int:
    return sum(contact.transformed_g is True for contact in contacts)


def _rate(transformed: int, counted: int) -> Decimal | None:
    """The share that was transformed, to the hundredth; none of none is no rate."""
    if counted == 0:
        return None
    return (Decimal(transformed) / counted).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _later(contacts: Contacts, prescriber: str | None = None) -> int:
    """How often a contact was sent by somebody who was not its first."""
    return sum(
        prescriber in (None, sender)
        for contact in contacts or ()
        for sender in _in_order(contact)[1:]
    )


# -- of one prescriber -----------------------------------------------------------------------


@tolerant_measure(F.contacts, F.prescriber_id, label=N_("contacts attached"))
def attached(contacts: Contacts, prescriber: str | None) -> int:
    """The contacts that count for the prescriber."""
    return len(_counted(contacts, prescriber))


@tolerant_measure(F.contacts, F.prescriber_id, label=N_("files transformed"))
def transformed(contacts: Contacts, prescriber: str | None) -> int:
    """Those of them whose file was transformed."""
    return _transformed(_counted(contacts, prescriber))


@measure(transformed, attached, label=N_("rate of transformation"))
def conversion_rate(reached: int, counted: int) -> Decimal | None:
    """The share of the prescriber's contacts that were transformed."""
    return _rate(reached, counted)


@tolerant_measure(F.contacts, label=N_("contacts that are not attached"))
def unattached(contacts: Contacts) -> int:
    """The contacts that no figure shows, because nobody attached them."""
    return sum(_is_attached(contact) is False for contact in contacts or ())


# -- of all prescribers ----------------------------------------------------------------------


@tolerant_measure(F.contacts, label=N_("contacts attached"))
def all_attached(contacts: Contacts) -> int:
    """All attached contacts, each once."""
    return len(_counted(contacts, None))


@tolerant_measure(F.contacts, label=N_("files transformed"))
def all_transformed(contacts: Contacts) -> int:
    """Those of them whose file was transformed."""
    return _transformed(_counted(contacts, None))


@measure(all_transformed, all_attached, label=N_("rate of transformation"))
def overall_rate(reached: int, counted: int) -> Decimal | None:
    """The share of all attached contacts that were transformed."""
    return _rate(reached, counted)


@tolerant_measure(F.contacts, label=N_("contacts sent after another prescriber"))
def second_prescriptions(contacts: Contacts) -> int:
    """What later prescribers sent: attached for the record, and counted for nobody."""
    return _later(contacts)


@tolerant_measure(F.contacts, F.prescribers, label=N_("figures of each prescriber"))
def by_prescriber(
    contacts: Contacts, prescribers: Sequence[Prescriber] | None
) -> tuple[Mapping[str, object], ...]:
    """The figures of every prescriber who is listed or has sent a contact."""
    kinds = {one.id: one.kind for one in prescribers or () if one.id is not None}
    ids = dict.fromkeys((*kinds, *_senders(contacts)))
    return tuple({**_figures(contacts, one), "kind": _plain(kinds.get(one))} for one in ids)


def _senders(contacts: Contacts) -> Iterator[str]:
    for contact in contacts or ():
        yield from (sender for sender in _in_order(contact) if sender is not None)


def _figures(contacts: Contacts, prescriber: str) -> Mapping[str, object]:
    named = [contact for contact in contacts or () if contact.attachments]
    counted = _counted(named, prescriber)
    rate = _rate(_transformed(counted), len(counted))
    return {
        "prescriber_id": prescriber,
        "attached": len(counted),
        "transformed_g": _transformed(counted),
        "conversion_rate": None if rate is None else str(rate),
        "second_prescriptions": _later(named, prescriber),
    }


def _plain(kind: str | None) -> str | None:
    return None if kind is None else str(kind)
