"""Examples of conXpros's policy: how their facts are built, decided and compared.

An example is a roofing lead of 45.00 delivered on Monday 7 April 2025 at 10:00 in New York, of
which a credit is asked on Wednesday 9 April at 12:00 in the dashboard, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from avoir_conxpros.policy import POLICY
from tests.plugins import examples
from tests.plugins.examples import Deciding, postings, remedies

Document = dict[str, Any]
NEW_YORK = ZoneInfo("America/New_York")
DELIVERED = "2025-04-07 10:00"
ASKED_ON = "2025-04-09 12:00"
DISCONNECTED = "The phone is disconnected."


def at(moment: str) -> str:
    """A moment in New York with its offset: ``2025-04-07 10:00``; one that has it, as it is."""
    stated = datetime.fromisoformat(moment)
    return (stated if stated.tzinfo else stated.replace(tzinfo=NEW_YORK)).isoformat()


def usd(amount: str) -> Document:
    """An amount in US dollars."""
    return {"amount": amount, "unit": "USD"}


def lead(delivered: str | None = DELIVERED, **others: object) -> Document:
    """A lead of 45.00 for roofing."""
    return {
        "id": "L-1",
        "delivered_at": None if delivered is None else at(delivered),
        "cost": usd("45.00"),
        "category": "roofing",
        "submitted_zip": "10001",
        **others,
    }


def asking(
    reason: str | None,
    *,
    delivered: str | None = DELIVERED,
    asked: str | None = ASKED_ON,
    channel: str | None = "dashboard",
    notes: str | None = DISCONNECTED,
    cost: object = None,
    history: Sequence[Document] = (),
    findings: Mapping[str, object] | None = None,
    **found: object,
) -> Document:
    """The facts of a request; ``found`` is what is known of the lead beside ``findings``."""
    known = lead(delivered) if cost is None else lead(delivered, cost=cost)
    return {
        "time_zone": "America/New_York",
        "lead": known,
        "request": {
            "submitted_at": None if asked is None else at(asked),
            "channel": channel,
            "reason": reason,
            "notes": notes,
        },
        "findings": {**(findings or {}), **found},
        "history": list(history),
    }


CALLS = ("2025-04-07 10:04", "2025-04-07 15:00", "2025-04-08 11:00", "2025-04-09 11:00")
"""Two calls on the day of delivery, one on the next, one on the day after."""


def steps(
    calls: Sequence[str] | None = CALLS,
    *,
    written: str | None = "email",
    contact: bool | None = False,
    verified: bool | None = False,
    **others: object,
) -> Document:
    """The steps of the contact process, all of them made and all of them in vain."""
    sent = [] if written is None else [{"type": written, "at": at("2025-04-07 10:30")}]
    return {
        "calls": None if calls is None else [at(call) for call in calls],
        "messages": sent,
        "professional_established_contact": contact,
        "conxpros_verified_contact": verified,
        **others,
    }


def unreached(calls: Sequence[str] | None = CALLS, asked: str = ASKED_ON, **more: Any) -> Document:
    """A request because no contact was made."""
    return asking("non_contact", asked=asked, findings=steps(calls, **more))


def gutters(**others: object) -> Document:
    """A request because the project is about gutters, not roofing."""
    found = {
        "actual_category": "gutters",
        "task_appropriate_for_category": False,
        "professional_eligible_for_actual_category": True,
        "actual_category_cost": usd("30.00"),
        **others,
    }
    return asking("wrong_category", findings=found)


def dead(asked: str = "2025-04-09 12:00", **more: Any) -> Document:
    """A request because the phone is out of service, as it is."""
    return asking("non_working_phone", asked=asked, phone_working=False, **more)


def before(delivered: str = "2025-03-20 10:00", **others: object) -> Document:
    """An earlier delivery of the lead by conXpros, to the same professional."""
    return {
        "by": "conxpros",
        "to_same_professional": True,
        "delivered_at": at(delivered),
        "category": "roofing",
        **others,
    }


def past(kind: str, moment: str = "2025-04-11 10:00", **others: object) -> Document:
    """One entry of the history."""
    return {"type": kind, "at": at(moment), **others}


CREDIT = past("decision", result="approved", amount="45.00")
PART = past("decision", result="approved_partial", amount="15.00")
DENIAL = past("decision", result="denied", reason="shopping", reason_clause="CX-NE-SHOPPING")
TOO_LATE = past("decision", result="denied", reason_clause="CX-DEN-LATE")
TOO_EARLY = past("decision", result="denied", reason_clause="CX-DEN-EARLY-NONCONTACT")
UNASKED = past("proactive_credit", amount="45.00")
TAKEN_BACK = past("reversal", "2025-04-20 10:00", amount="45.00")
REVIEW = past("review_requested", "2025-04-21 10:00", via="account_manager")
FOR_GOOD = past("review_decided", "2025-04-22 10:00", result="approved", amount="45.00")
DENIED_FOR_GOOD = past("review_decided", "2025-04-22 10:00", result="denied")
"""Entries of a history, in the order of their moments."""


def happening(kind: str, history: Sequence[Document] = (), **others: object) -> Document:
    """An event on 23 April, after a history."""
    return {
        "time_zone": "America/New_York",
        "lead": lead(),
        "history": list(history),
        "event": {"type": kind, "at": at("2025-04-23 10:00"), **others},
    }


@dataclass(frozen=True)
class Example(examples.Example):
    """Facts, and what comes of them: a request, unless it says otherwise."""

    action: str = "request_credit"


DECIDING = Deciding(POLICY, "CX-", postings=postings, remedies=remedies)

edition, decided = DECIDING.edition, DECIDING.decided
answered, differences = DECIDING.answered, DECIDING.differences
