"""Random credit requests at XpertSource: complete facts, so that every peer can decide them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from avoir.facts import read
from avoir_xpertsource.facts import F, Ground

SEED = 20250217


def documents(count: int, seed: int = SEED) -> Iterator[Mapping[str, Any]]:
    """Facts documents, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        purchased = datetime(2025, 3, 3, 15, tzinfo=UTC) + timedelta(
            days=chance.randrange(200), minutes=chance.randrange(500)
        )
        submitted = purchased + timedelta(days=chance.randrange(4, 36), hours=1)
        yield {
            "time_zone": "America/Toronto",
            "lead": {
                "id": f"L-{number}",
                "purchased_at": purchased.isoformat(),
                "price_paid": {"amount": f"{chance.randrange(20, 300)}.50", "unit": "CAD"},
            },
            "request": {
                "submitted_at": submitted.isoformat(),
                "channel": chance.choice(["portal_form"] * 9 + ["account_manager_email"]),
                "ground": chance.choice([ground.value for ground in Ground]),
                "contact_attempts": [
                    _attempt(chance, purchased) for _ in range(chance.randrange(9))
                ],
            },
            "evidence": {
                "account_manager_confirms_unreachable": chance.random() < 0.7,
                "client_met": False,
                "client_openly_attested_intent": chance.random() < 0.5,
                "client_reached": chance.random() < 0.2,
                "email_valid": chance.random() < 0.5,
                "phone_valid": chance.random() < 0.5,
                "openly_not_transparent": chance.random() < 0.5,
                "other_contract_signed_on": (
                    (purchased + timedelta(days=chance.randrange(-5, 4))).date().isoformat()
                ),
                "project_impossible": chance.random() < 0.5,
                "project_status": chance.choice(["abandoned", "changed", "postponed", "ongoing"]),
                "undisclosed": ["credit_history"] if chance.random() < 0.6 else [],
            },
        }


def _attempt(chance: random.Random, purchased: datetime) -> Mapping[str, Any]:
    at = (purchased + timedelta(hours=chance.randrange(1, 90))).isoformat()
    if chance.random() < 0.4:
        return {"type": "email", "at": at, "proof_attached": True, "answered": False}
    return {
        "type": "call",
        "at": at,
        "voicemail_left": chance.random() < 0.5,
        "answered": False,
    }


def typed(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The typed facts of a document, by path."""
    intake = read(document, F, "America/Toronto")
    if intake.faults:
        raise ValueError(intake.faults)
    return intake.values
