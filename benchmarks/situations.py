"""Random credit requests at conXpros: complete facts, so that every peer can decide them.

Little is in favour of a lead; what the reason of its request needs is then made true in three
requests of five, and something else in one of seven. Some requests are late, some come too early,
some cannot be; some leads have a history. Only the person reached is unknown where nobody was.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from avoir.facts import read
from avoir_conxpros.choices import Reason
from avoir_conxpros.facts import F

SEED: Final = 20250407
ZONE: Final = "America/New_York"
NEW_YORK: Final = ZoneInfo(ZONE)
REASONS: Final = tuple(reason.value for reason in Reason)
CLOCKS_CHANGE: Final = (datetime(2025, 3, 9, 5, tzinfo=UTC), datetime(2025, 11, 2, 4, tzinfo=UTC))

Document: TypeAlias = dict[str, Any]
Turn: TypeAlias = Callable[[random.Random, datetime], Document]
"""Makes findings that are in favour of a request, from the moment of delivery."""


def documents(count: int, seed: int = SEED) -> Iterator[Mapping[str, Any]]:
    """Facts documents, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        yield _document(chance, number)


def typed(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The typed facts of a document, by path."""
    intake = read(document, F, ZONE)
    if intake.faults:
        raise ValueError(intake.faults)
    return intake.values


def _document(chance: random.Random, number: int) -> Document:
    delivered = _delivered(chance)
    reason = chance.choice(REASONS)
    findings = _nothing_in_favour(chance, delivered)
    for turn in _turns(chance, reason):
        findings |= turn(chance, delivered)
    if reason == Reason.INCORRECT_CONTACT:
        findings["person_reached"] = findings["person_reached"] or "unrelated"
    history = _history(chance, delivered, reason) if chance.random() < 0.2 else []
    document: Document = {
        "time_zone": ZONE,
        "lead": {
            "id": f"L-{number}",
            "delivered_at": _at(delivered),
            "cost": _usd(chance.randrange(2_000, 15_000)),
            "category": "roofing",
            "submitted_zip": "10001-1234",
        },
        "request": {
            "submitted_at": _at(_asked(chance, delivered)),
            "channel": _mostly(chance, 0.97, "dashboard", "email"),
            "reason": reason,
            "notes": _mostly(chance, 0.95, "Called and wrote; see the findings.", "  "),
        },
        "findings": findings,
        "history": history,
    }
    if not history and chance.random() < 0.03:
        document["decision"] = chance.choice(["approved", "approved_partial", "denied", "pending"])
    return document


def _at(moment: datetime) -> str:
    return moment.astimezone(NEW_YORK).isoformat()


def _usd(cents: int) -> Document:
    return {"amount": f"{cents // 100}.{cents % 100:02}", "unit": "USD"}


def _mostly(chance: random.Random, share: float, value: str, other: str) -> str:
    return value if chance.random() < share else other


def _delivered(chance: random.Random) -> datetime:
    """Any minute of the year; now and then one of the nights in which the clocks change."""
    if chance.random() < 0.03:
        return chance.choice(CLOCKS_CHANGE) + timedelta(minutes=chance.randrange(180))
    return datetime(2025, 1, 6, tzinfo=UTC) + timedelta(minutes=chance.randrange(350 * 1440))


def _asked(chance: random.Random, delivered: datetime) -> datetime:
    """Mostly in time, seldom before the delivery, which cannot be."""
    if chance.random() < 0.005:
        return delivered - timedelta(minutes=5)
    on = delivered + timedelta(days=chance.choice((0, 1, 2, 2, 3, 3, 4, 4, 5, 6)))
    return on + timedelta(minutes=chance.randrange(1, 600))


def _nothing_in_favour(chance: random.Random, delivered: datetime) -> Document:
    return {
        "actual_category": "Roofing ",
        "actual_category_cost": {
            "amount": f"{chance.randrange(10, 120)}.50",
            "unit": _mostly(chance, 0.995, "USD", "EUR"),
        },
        "actual_zip": "10001",
        "address_valid": chance.random() < 0.9,
        "affordability_concern": chance.random() < 0.05,
        "calls": _calls(chance, delivered),
        "contradicted_reason": chance.random() < 0.05,
        "conxpros_verified_contact": chance.random() < 0.2,
        "dnc_requested_on_contact_number": chance.randrange(2, 5),
        "hired_different_company": chance.random() < 0.05,
        "hired_or_completed_at": _at(delivered + timedelta(hours=chance.randrange(50))),
        "homeowner_denies_request": False,
        "in_professional_crm": chance.random() < 0.05,
        "in_targeted_service_area": chance.random() < 0.5,
        "incentive": chance.choice(("", " ")),
        "lead_is_solicitation": False,
        "messages": _messages(chance, delivered),
        "notes_uninformative": chance.random() < 0.02,
        "person_reached": chance.choice(("individual", "co_owner", "spouse")),
        "phone_working": True,
        "previous_delivery": {
            "by": chance.choice(("none", "none", "none", "other_lead_company", "conxpros")),
            "category": "roofing",
            "delivered_at": _at(delivered - timedelta(hours=_mostly_after(chance, 24, 1_440))),
            "to_same_professional": False,
        },
        "professional_eligible_for_actual_category": chance.random() < 0.5,
        "professional_established_contact": chance.random() < 0.2,
        "project_requires_owner_approval": chance.random() < 0.5,
        "seeking_employment": False,
        "spoke_with_homeowner": chance.random() < 0.5,
        "submitter_is_minor": False,
        "submitter_owns_property": True,
        "task_appropriate_for_category": chance.random() < 0.2,
        "verification": {"reached_homeowner_on_phone": chance.random() < 0.1},
    }


def _mostly_after(chance: random.Random, least: int, most: int) -> int:
    """A number of hours; seldom one that lies on the other side of the delivery."""
    return chance.randrange(least, most) if chance.random() < 0.995 else -2


def _calls(chance: random.Random, delivered: datetime) -> Sequence[str]:
    hours = (_mostly_after(chance, 1, 80) for _ in range(chance.randrange(5)))
    return [_at(delivered + timedelta(hours=after)) for after in hours]


def _messages(chance: random.Random, delivered: datetime) -> Sequence[Document]:
    hours = (_mostly_after(chance, 1, 100) for _ in range(chance.randrange(3)))
    return [
        {
            "type": _mostly(chance, 0.5, "email", "text"),
            "at": _at(delivered + timedelta(hours=after)),
        }
        for after in hours
    ]


def _turns(chance: random.Random, reason: str) -> Iterator[Turn]:
    """What turns the findings in favour: of the reason mostly, of something else seldom."""
    if reason in IN_FAVOUR and chance.random() < 0.6:
        yield IN_FAVOUR[reason]
    if chance.random() < 0.15:
        yield chance.choice(tuple(IN_FAVOUR.values()))


def _another_category(chance: random.Random, delivered: datetime) -> Document:
    return {
        "actual_category": "gutters",
        "task_appropriate_for_category": chance.random() < 0.1,
    }


def _duplicate(chance: random.Random, delivered: datetime) -> Document:
    return {
        "previous_delivery": {
            "by": "conxpros",
            "category": _mostly(chance, 0.8, "Roofing", "gutters"),
            "delivered_at": _at(delivered - timedelta(days=chance.randrange(1, 40))),
            "to_same_professional": True,
        }
    }


def _not_authorized(chance: random.Random, delivered: datetime) -> Document:
    minor = chance.random() < 0.5
    return {"submitter_is_minor": minor, "submitter_owns_property": minor}


def _hired(chance: random.Random, delivered: datetime) -> Document:
    before = delivered + timedelta(minutes=chance.randrange(-600, 60))
    return {"spoke_with_homeowner": True, "hired_or_completed_at": _at(before)}


def _unreached(chance: random.Random, delivered: datetime) -> Document:
    """The steps of the contact process: all of them, or all but one call."""
    first = delivered + timedelta(minutes=chance.randrange(1, 64))
    morning = delivered.astimezone(NEW_YORK).replace(hour=9, minute=0)
    later = [morning + timedelta(days=days, hours=chance.randrange(8)) for days in (1, 2)]
    calls = [first, first + timedelta(minutes=chance.randrange(1, 300)), *later]
    if chance.random() < 0.2:
        calls.pop(chance.randrange(4))
    return {
        "calls": [_at(call) for call in calls],
        "conxpros_verified_contact": chance.random() < 0.2,
        "messages": [
            {"type": "email", "at": _at(delivered + timedelta(hours=chance.randrange(30)))}
        ],
        "person_reached": None,
        "professional_established_contact": False,
        "spoke_with_homeowner": False,
        "verification": {"reached_homeowner_on_phone": False},
    }


IN_FAVOUR: Final[Mapping[str, Turn]] = {
    "incorrect_contact": lambda chance, delivered: {"person_reached": "unrelated"},
    "non_working_phone": lambda chance, delivered: {"phone_working": False},
    "wrong_category": _another_category,
    "wrong_location": lambda chance, delivered: {"actual_zip": "10002"},
    "duplicate": _duplicate,
    "testing_solicitation": lambda chance, delivered: {"lead_is_solicitation": True},
    "looking_for_work": lambda chance, delivered: {"seeking_employment": True},
    "not_authorized": _not_authorized,
    "already_hired": _hired,
    "no_request": lambda chance, delivered: {"homeowner_denies_request": True},
    "misleading_ad": lambda chance, delivered: {"incentive": "a free roof"},
    "do_not_call": lambda chance, delivered: {"dnc_requested_on_contact_number": 1},
    "non_contact": _unreached,
}


def _history(chance: random.Random, delivered: datetime, reason: str) -> Sequence[Document]:
    """What happened to the lead before; one in five stands in another order than it happened."""
    entries = chance.choice(HISTORIES)
    history = [
        {
            **entry,
            "at": _at(delivered + timedelta(hours=hours)),
            "reason": _mostly(chance, 0.5, reason, chance.choice(REASONS)),
        }
        for hours, entry in enumerate(entries, 1)
    ]
    if chance.random() < 0.01:
        history[0] = {**history[0], "amount": chance.choice(("-1.00", "12.345"))}
    if chance.random() < 0.2:
        chance.shuffle(history)
    return history


CREDITED: Final = {"type": "decision", "result": "approved", "amount": "60.00"}
IN_PART: Final = {"type": "decision", "result": "approved_partial", "amount": "12.50"}
PROACTIVE: Final = {"type": "proactive_credit", "amount": "60.000"}
TAKEN_BACK: Final = {"type": "reversal", "amount": "47.50"}
DENIED: Final = {"type": "decision", "result": "denied"}
LATE: Final = {**DENIED, "reason_clause": "CX-WINDOW-5D"}
EARLY: Final = {**DENIED, "reason_clause": "CX-DEN-EARLY-NONCONTACT"}
ON_MERITS: Final = {**DENIED, "reason_clause": "CX-DEN-TASK-APPROPRIATE"}
REVIEW: Final = {"type": "review_requested", "via": "account_manager"}
UPHELD: Final = {"type": "review_decided", "result": "denied"}
OVERTURNED: Final = {"type": "review_decided", "result": "approved", "amount": "60.00"}
NOTED: Final = {"via": "account_manager"}

HISTORIES: Final[Sequence[Sequence[Document]]] = (
    (CREDITED,),
    (IN_PART,),
    (PROACTIVE,),
    (CREDITED, TAKEN_BACK),
    (ON_MERITS,),
    (ON_MERITS, REVIEW),
    (ON_MERITS, REVIEW, UPHELD),
    (LATE, REVIEW, OVERTURNED),
    (NOTED,),
    (DENIED,),
    (LATE,),
    (EARLY, NOTED),
    (EARLY, EARLY),
    (PROACTIVE, TAKEN_BACK, EARLY),
    (IN_PART, DENIED),
)
