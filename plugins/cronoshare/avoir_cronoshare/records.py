"""What the records of a contact show as facts, and a whole sequence of acts played in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from avoir.clauses import Outcome
from avoir.lifecycles import Event
from avoir.rulings import earlier_rulings
from avoir_cronoshare.facts import Act, Past

Plain = Mapping[str, object]

_KEPT: Final[Mapping[str, tuple[Past, Outcome]]] = {
    Act.REFUND: (Past.REFUND, Outcome.APPROVED),
    Act.RULE: (Past.REFUND, Outcome.APPROVED),
    Act.POSTPONE: (Past.POSTPONE, Outcome.RECORDED),
    Act.RECTIFY: (Past.RECTIFY, Outcome.RECORDED),
    Act.DECLARE_SERVICE_DONE: (Past.DECLARE_SERVICE_DONE, Outcome.RECORDED),
}


LEFT_TO_A_PERSON: Final = (Act.REFUND, Act.RULE)
"""The acts that may leave a refund to a person."""


def history(events: Sequence[Event]) -> Plain:
    """The contact as it was bought, what was done with it since, and whether he was chosen."""
    contact: dict[str, object] = {
        "client_chose_this_professional": False,
        "awaits_ruling": _waits(events),
    }
    prior: list[Plain] = []
    for event in events:
        if event.action == Act.BUY_CONTACT and event.outcome == Outcome.APPROVED:
            offer = _group(event.facts, "offer")
            contact |= {
                "offer_id": offer.get("id"),
                "purchased_by": _group(event.facts, "professional").get("id"),
                "purchased_at": _group(event.facts, "event").get("at"),
                "commission_paid": offer.get("commission"),
                "fee_paid": _fee(event.amount, offer.get("commission")),
            }
        if event.action == Act.CLIENT_CHOSE and event.outcome == Outcome.RECORDED:
            contact["client_chose_this_professional"] = True
        kept = _KEPT.get(event.action)
        if kept is not None and event.outcome == kept[1]:
            prior.append({"type": kept[0], "at": event.at.isoformat(), "amount": event.amount})
    return {
        "contact": {**contact, "prior_events": prior},
        "previous_rulings": earlier_rulings(events, (Act.REFUND,)),
    }


def _waits(events: Sequence[Event]) -> bool:
    """Whether a refund waits for a person; an act that was not possible leaves it waiting."""
    for event in reversed(events):
        if event.outcome not in (Outcome.BLOCKED, Outcome.UNCHANGED):
            return event.action in LEFT_TO_A_PERSON and event.outcome == Outcome.MANUAL_REVIEW
    return False


def related(events: Sequence[Event], facts: Plain) -> Plain:
    """The professional's own limit of advances, where an operator has set one."""
    limits = [event for event in events if event.action == Act.SET_ADVANCE_LIMIT]
    if not limits:
        return {}
    # of several at one moment the first: they come in with the latest first
    latest = max(limits, key=_moment)
    return {"professional": {"advance_limit": latest.facts.get("new_advance_limit")}}


def _moment(event: Event) -> datetime:
    return event.at


def _fee(price: str | None, commission: object) -> str:
    """What of the price of a contact was not its commission."""
    return str(int(price or 0) - int(str(commission or 0)))


def _group(facts: Plain, name: str) -> Plain:
    inner = facts.get(name)
    return inner if isinstance(inner, Mapping) else {}
