"""A sequence of acts on one professional's contacts, played one after another in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from avoir.clauses import FAVOURABLE
from avoir.decisions import Decision
from avoir.policies import Decide
from avoir_cronoshare.effects import ADVANCES, CRONOS
from avoir_cronoshare.facts import Act

Document = Mapping[str, Any]


def play(document: Document, decide: Decide) -> Sequence[Decision]:
    """What each of ``events`` comes to; balances and contacts follow from those before."""
    professional = dict(document.get("professional") or {})
    contacts: dict[str, dict[str, Any]] = {}
    made: list[Decision] = []
    for event in document.get("events") or ():
        action = str(event.get("type"))
        offer = str(event.get("offer_id"))
        facts: dict[str, Any] = {
            "unit": document.get("unit"),
            "time_zone": document.get("time_zone"),
            "professional": professional,
            "event": {k: v for k, v in event.items() if k in _EVENT},
        }
        match action:
            case Act.BUY_CONTACT:
                facts["offer"] = {
                    "id": offer,
                    "commission": event.get("commission"),
                    "management_fee": event.get("management_fee"),
                }
            case Act.TOP_UP | Act.SET_ADVANCE_LIMIT:
                facts |= {k: v for k, v in event.items() if k in _ACCOUNT}
            case _:
                facts["contact"] = contacts.get(offer)
                facts["client"] = {k: v for k, v in event.items() if k in _CLIENT}
        decision = decide(action, facts)
        made.append(decision)
        _follow(professional, decision)
        _keep(contacts, event, decision, professional)
    return made


_EVENT = ("type", "at", "by", "ground", "confirmed_on_site")
_CLIENT = ("confirmed_by_client", "attempts", "occurred_at")
_ACCOUNT = ("top_up", "new_advance_limit")


def _follow(professional: dict[str, Any], decision: Decision) -> None:
    """Move the balances by what a decision moves."""
    for name, account, sign in (
        ("cronos_balance", CRONOS, 1),
        ("advance_outstanding", ADVANCES, -1),
    ):
        change = sum(
            posting.amount.smallest
            * ((posting.destination == account) - (posting.source == account))
            for posting in decision.postings
        )
        professional[name] = str(int(professional.get(name) or 0) + sign * change)


def _keep(
    contacts: dict[str, dict[str, Any]],
    event: Document,
    decision: Decision,
    professional: dict[str, Any],
) -> None:
    """Remember what an act that was done leaves for those after it."""
    if decision.outcome not in FAVOURABLE:
        return
    offer, action = str(event.get("offer_id")), event.get("type")
    if action == Act.BUY_CONTACT:
        contacts[offer] = {
            "offer_id": offer,
            "purchased_by": professional.get("id"),
            "purchased_at": event.get("at"),
            "commission_paid": event.get("commission"),
            "client_chose_this_professional": False,
            "prior_events": [],
        }
    elif action == Act.SET_ADVANCE_LIMIT:
        professional["advance_limit"] = event.get("new_advance_limit")
    elif action == Act.CLIENT_CHOSE:
        contacts[offer]["client_chose_this_professional"] = True
    elif action != Act.TOP_UP:
        amount = None if decision.amount is None else decision.amount.amount
        entry = {"type": action, "at": event.get("at"), "amount": amount}
        contacts[offer]["prior_events"] = [*contacts[offer]["prior_events"], entry]
