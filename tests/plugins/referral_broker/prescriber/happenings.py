"""What happened to contacts, as a journal keeps it; X is the contact that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from avoir.cases import merged
from avoir.lifecycles import Event, Role
from tests.plugins.referral_broker.prescriber.examples import Document, at

X: Final = {"person_id": "X", "email": "x@example.org", "telephone": "06 12 34 56 78"}


def happened(
    action: str,
    moment: str,
    facts: Document,
    outcome: str = "recorded",
    *,
    amount: str | None = None,
    clauses: Sequence[str] = (),
    state: str = "",
) -> Event:
    """One earlier act, as a journal keeps it; ``facts`` have the moment it was decided at."""
    whole = merged({"event": {"at": at(moment), "prescriber_id": "A"}}, facts)
    unit = None if amount is None else "EUR"
    when = datetime.fromisoformat(at(moment))
    return Event(
        action,
        when,
        "t-1",
        Role.TEAM,
        state,
        outcome,
        "at_once",
        amount,
        unit,
        tuple(clauses),
        whole,
    )


def sent(moment: str, of: str = "A", contact: Document | None = None, **more: Any) -> Event:
    """A contact that was attached."""
    event = {"prescriber_id": of, "received_at": at(moment)}
    facts = {"contact": X if contact is None else contact, "event": event}
    return happened("attach", moment, facts, **more)


def known_as(**contact: object) -> Document:
    """What is known of a contact that is sent for the first time, or acted on."""
    event = {"prescriber_id": "A", "at": at("2024-06-01 10:00")}
    return {"contact": {**X, **contact}, "event": event}


def entry(of: str, moment: str, status: str = "active") -> Document:
    """An attachment as the records show it."""
    return {
        "prescriber_id": of,
        "attached_at": at(moment),
        "received_at": at(moment),
        "status": status,
    }
