"""What the records show of a contact: its own case, and all that concerns the same person.

The same person has the same id or the same email address. Who only has the same telephone number
is perhaps of the same household, and that is for a person to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Final, NamedTuple

from avoir.clauses import Outcome
from avoir.lifecycles import Event
from avoir.rulings import earlier_rulings
from avoir_referral_broker.contacts import email_address, telephone
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber.choices import Act, FileStatus, Standing, Via

Plain = Mapping[str, object]

_DUE: Final = (Act.ASSESS_REMUNERATION, Act.RULE)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


class Person(NamedTuple):
    """Whom a document is about, each identity in its one form."""

    id: object
    email: str | None
    telephone: str | None

    def is_same(self, other: Person) -> bool:
        """Whether two documents are about one person."""
        by_id = self.id is not None and self.id == other.id
        return by_id or (self.email is not None and self.email == other.email)

    def may_live_with(self, other: Person) -> bool:
        """Whether two people share a telephone, and nothing says that they are one."""
        shared = self.telephone is not None and self.telephone == other.telephone
        return shared and not self.is_same(other)


# -- the case itself -------------------------------------------------------------------------


def history(events: Sequence[Event]) -> Plain:
    """The attachment, the file, what was paid and is due, as the records of the case show it."""
    attached = next((event for event in events if _attaches(event)), None)
    known = attached is not None and _at(attached.facts, "contact", "known_before") is True
    return {
        "attachments": [] if attached is None else [_attachment(attached)],
        "contact": {"known_recorded_at": _moment(attached) if attached and known else None},
        "file": _file(events, {"status": FileStatus.OPEN.value, "transformed": False}),
        "previous_payments": [_payment(event) for event in events if _pays(event)],
        "remuneration": {"due": _due(events)},
        "previous_rulings": earlier_rulings(events, (Act.ASSESS_REMUNERATION,)),
    }


def _due(events: Sequence[Event]) -> Plain | None:
    """What was proposed last, and has not been paid since."""
    due: Plain | None = None
    for event in events:
        if event.action in _DUE and event.outcome == Outcome.APPROVED:
            due = {"amount": event.amount, "unit": event.unit}
        elif _pays(event):
            due = None
    return due


def _attaches(event: Event) -> bool:
    return event.action == Act.ATTACH and event.outcome == Outcome.RECORDED


def _pays(event: Event) -> bool:
    return event.action == Act.PAY and event.outcome == Outcome.RECORDED


def _attachment(event: Event) -> Plain:
    second = c.FIRST_WINS.id in event.clauses
    return {
        "prescriber_id": _at(event.facts, "event", "prescriber_id"),
        "attached_at": _moment(event),
        "received_at": _at(event.facts, "event", "received_at"),
        "status": (Standing.SECOND if second else Standing.ACTIVE).value,
    }


def _payment(event: Event) -> Plain:
    return {
        "prescriber_id": _at(event.facts, "event", "prescriber_id"),
        "amount": event.amount,
        "unit": event.unit,
        "paid_at": _moment(event),
    }


def _file(events: Sequence[Event], before: Plain) -> dict[str, object]:
    """The file after these events, the earliest of them first."""
    file = dict(before)
    for event in sorted(events, key=_order):
        if event.outcome != Outcome.RECORDED:
            continue
        match event.action:
            case Act.CLOSE_FILE:
                file |= {"status": FileStatus.CLOSED.value, "closed_at": _moment(event)}
            case Act.REOPEN_FILE:
                file |= {"status": FileStatus.REOPENED.value, "reopened_at": _moment(event)}
            case Act.RECORD_TRANSFORMATION if file.get("transformed_g_at") is None:
                file |= {"transformed": True, "transformed_g_at": _moment(event)}
    return file


# -- other cases -----------------------------------------------------------------------------


def related(events: Sequence[Event], known: Plain) -> Plain:
    """What the records of other cases add to what is known of this one."""
    me, prescriber = _person(known), _at(known, "event", "prescriber_id")
    same = [event for event in events if _person(event.facts).is_same(me)]
    own = _entries(known, "attachments")
    mine = [entry for entry in own if entry.get("prescriber_id") == prescriber]
    since = min((at for e in mine if (at := _read(e.get("attached_at")))), default=None)
    return {
        "attachments": _in_order([*own, *(_attachment(e) for e in same if _shows_attachment(e))]),
        "conventions": _conventions(events, prescriber),
        "contact": {**_knowledge(same, known, since), **_household(events, me, since)},
        "file": _file_of_all(same, known),
        "previous_payments": [
            *_entries(known, "previous_payments"),
            *(_payment(event) for event in same if _pays(event)),
        ],
    }


def _shows_attachment(event: Event) -> bool:
    """Whether an event attaches, or found that the prescriber was attached already."""
    done = event.outcome in (Outcome.RECORDED, Outcome.UNCHANGED)
    return event.action == Act.ATTACH and done


def _in_order(attachments: Sequence[Plain]) -> list[Plain]:
    """The attachments by their moments, each prescriber once: the first date stands."""
    found: dict[str, Plain] = {}
    for entry in sorted(attachments, key=lambda a: _read(a.get("attached_at")) or _LATEST):
        # what is stated as an id may be anything yet
        found.setdefault(repr(entry.get("prescriber_id")), entry)
    return list(found.values())


def _conventions(events: Sequence[Event], prescriber: object) -> list[Plain]:
    """What the prescriber has signed, as it was recorded."""
    signed = [
        event
        for event in sorted(events, key=_order)
        if event.action == Act.SIGN_CONVENTION
        and event.outcome == Outcome.RECORDED
        and prescriber is not None
        and _at(event.facts, "event", "prescriber_id") == prescriber
    ]
    names = ("kind", "signed_at", "fee")
    return [
        {
            "prescriber_id": prescriber,
            **{name: _at(event.facts, "convention", name) for name in names},
        }
        for event in signed
    ]


def _knowledge(same: Sequence[Event], known: Plain, attached: datetime | None) -> Plain:
    """Whether the contact was known before, as was recorded last, and since when it is on record.

    What was learned of the contact after its attachment is no earlier knowledge.
    """
    recorded = [
        (_order(event), event.facts)
        for event in same
        if event.action == Act.RECORD_KNOWN_BEFORE and event.outcome == Outcome.RECORDED
    ]
    said = [
        (at, facts)
        for at, facts in recorded
        if not _is_after(_at(facts, "contact", "known_since"), attached)
    ]
    if not said:
        return {}
    when_attached = _read(_at(known, "contact", "known_recorded_at"))
    if when_attached is not None:
        said.append((when_attached, known))
    said.sort(key=lambda one: one[0])
    run = list(takewhile(lambda one: _is_known(one[1]), reversed(said)))
    if not run:
        _, last = said[-1]
        return {name: _at(last, "contact", name) for name in ("known_before", "known_via")}
    dated = (_at(facts, "contact", "known_since") for _, facts in run)
    return {
        "known_before": True,
        "known_since": next((one for one in dated if one is not None), None),
        "known_via": Via.SELF.value,
        "known_recorded_at": run[-1][0].isoformat(),
    }


def _is_known(facts: Plain) -> bool:
    """Whether a document says that the contact was known, and through no prescriber."""
    contact = _group(facts, "contact")
    via_prescriber = contact.get("known_via") == Via.PRESCRIBER
    return contact.get("known_before") is True and not via_prescriber


def _household(events: Sequence[Event], me: Person, attached: datetime | None) -> Plain:
    """Somebody else with the same telephone number who was there before this contact."""
    for event in sorted(events, key=_order):
        other = _person(event.facts)
        was_known = event.action == Act.RECORD_KNOWN_BEFORE and _is_known(event.facts)
        before = attached is None or _order(event) < attached
        if (_shows_attachment(event) or was_known) and before and me.may_live_with(other):
            return {"shares_telephone_with": other.id}
    return {}


def _file_of_all(same: Sequence[Event], known: Plain) -> Plain:
    """The file of one person in several cases: its latest status, its first transformation."""
    own, others = _group(known, "file"), _file(same, {})
    found: dict[str, object] = {}
    if _changed(others) > _changed(own):
        found |= {k: others[k] for k in ("status", "closed_at", "reopened_at") if k in others}
    reached = others.get("transformed_g_at")
    if reached is not None and not _is_after(reached, _read(own.get("transformed_g_at"))):
        found |= {"transformed": True, "transformed_g_at": reached}
    return found


def _changed(file: Plain) -> datetime:
    """When a file was last closed or opened again."""
    moments = (_read(file.get(name)) for name in ("closed_at", "reopened_at"))
    return max((moment for moment in moments if moment is not None), default=_EARLIEST)


# -- reading documents -----------------------------------------------------------------------


def _person(facts: Plain) -> Person:
    contact = _group(facts, "contact")
    return Person(
        contact.get("person_id"),
        email_address(contact.get("email")),
        telephone(contact.get("telephone")),
    )


def _moment(event: Event) -> str:
    """When an act was done: the moment it was decided at, which later acts cannot move."""
    stated = _at(event.facts, "event", "at")
    return stated if isinstance(stated, str) and _read(stated) else event.at.isoformat()


def _order(event: Event) -> datetime:
    return _read(_moment(event)) or event.at


def _read(moment: object) -> datetime | None:
    """A moment of a document; None where there is none, or none with an offset."""
    try:
        read = datetime.fromisoformat(moment) if isinstance(moment, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def _is_after(moment: object, other: datetime | None) -> bool:
    one = _read(moment)
    return one is not None and other is not None and one > other


def _entries(facts: Plain, name: str) -> list[Plain]:
    found = facts.get(name)
    entries = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _group(facts: Plain, name: str) -> Plain:
    inner = facts.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _at(facts: Plain, group: str, name: str) -> object:
    return _group(facts, group).get(name)
