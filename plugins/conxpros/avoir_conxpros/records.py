"""What the records of a lead, and of earlier leads of the same homeowner, show as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from avoir.clauses import Outcome
from avoir.lifecycles import Event
from avoir.rulings import earlier_rulings
from avoir_conxpros.choices import Act, Channel, Deliverer, Past, Result

Plain = Mapping[str, object]

_REQUESTS: Final = (Act.REQUEST_CREDIT, Act.NEW_REQUEST, Act.RULE)
_DECIDING: Final = (Act.REQUEST_CREDIT, Act.NEW_REQUEST)
_RESULTS: Final = {
    Outcome.APPROVED: Result.APPROVED,
    Outcome.PARTLY_APPROVED: Result.APPROVED_PARTIAL,
    Outcome.REFUSED: Result.DENIED,
}


def history(events: Sequence[Event]) -> Plain:
    """What happened to a lead, and the rulings on it, as the records of its case show them."""
    past = [entry for event in events if (entry := _past(event)) is not None]
    return {"history": past, "previous_rulings": earlier_rulings(events, _DECIDING)}


def _past(event: Event) -> Plain | None:
    """The entry that an event leaves in the history, if it leaves one."""
    kind = _kind(event)
    if kind is None:
        return None
    entry: dict[str, object] = {"type": kind.value, "at": event.at.isoformat()}
    if kind is Past.REVIEW_REQUESTED:
        return {**entry, "via": _at(event.facts, "event", "via") or Channel.ACCOUNT_MANAGER.value}
    result = _RESULTS.get(Outcome(event.outcome))
    if kind in (Past.DECISION, Past.REVIEW_DECIDED) and result is not None:
        entry["result"] = result.value
    if kind is Past.DECISION:
        entry["reason"] = _at(event.facts, "request", "reason")
        entry["reason_clause"] = event.clauses[0] if event.clauses else None
    return {**entry, "amount": event.amount}


def _kind(event: Event) -> Past | None:
    decided = event.outcome in _RESULTS
    if event.action in _REQUESTS and decided:
        return Past.DECISION
    if event.action == Act.VERIFICATION_FINDING and event.outcome == Outcome.APPROVED:
        return Past.PROACTIVE_CREDIT
    if event.action == Act.REVERSAL_DECIDED and event.outcome == Outcome.REVERSED:
        return Past.REVERSAL
    if event.action == Act.REVIEW_REQUESTED and event.outcome in _TAKEN_UP:
        return Past.REVIEW_REQUESTED
    return Past.REVIEW_DECIDED if event.action == Act.REVIEW_DECIDED and decided else None


_TAKEN_UP: Final = (Outcome.RECORDED, Outcome.MANUAL_REVIEW)


def related(events: Sequence[Event], facts: Plain) -> Plain:
    """The latest earlier delivery of this homeowner, to the same professional if there is one.

    Where the records are complete and show none, they say so.
    """
    delivered = _moment(facts)
    if delivered is None or _at(facts, "homeowner", "identity") is None:
        return {}
    earlier = [
        (_same(event.facts, facts) is True, at, event.facts)
        for event in events
        if event.action == Act.DELIVER
        and (at := _moment(event.facts)) is not None
        and at <= delivered
    ]
    if not earlier:
        return {"findings": {"previous_delivery": {"by": Deliverer.NONE.value}}}
    _, _, before = max(earlier, key=lambda found: found[:2])
    shown = {
        "by": Deliverer.CONXPROS.value,
        "delivered_at": _at(before, "lead", "delivered_at"),
        "category": _at(before, "lead", "category"),
        "to_same_professional": _same(before, facts),
    }
    return {"findings": {"previous_delivery": shown}}


def _same(before: Plain, now: Plain) -> bool | None:
    """Whether two deliveries went to one professional; None where either is not named."""
    one, other = _at(before, "professional", "id"), _at(now, "professional", "id")
    return None if one is None or other is None else one == other


def _moment(facts: Plain) -> datetime | None:
    stated = _at(facts, "lead", "delivered_at")
    return datetime.fromisoformat(stated) if isinstance(stated, str) else None


def _at(facts: Plain, group: str, name: str) -> object:
    inner = facts.get(group)
    return inner.get(name) if isinstance(inner, Mapping) else None
