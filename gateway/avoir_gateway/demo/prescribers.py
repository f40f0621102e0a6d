"""Matters of the broker's prescribers: contacts attached, one of them assessed and paid for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from avoir_gateway.demo.step import Step

PRESCRIBER: Final = "referral_broker.prescriber"
NOTHING_MORE: Final[Mapping[str, Any]] = {}


def prescribers(tenant: str) -> Sequence[Step]:
    """What PR-1, who is paid a fee, and PR-2, who has the PTZ, have sent."""

    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, PRESCRIBER, action, facts, **rest)

    def sign(at: str, prescriber: str, **convention: object) -> Step:
        facts = {"convention": convention}
        return step(at, "team", "sign_convention", facts, party=prescriber)

    def attach(at: str, prescriber: str, contact: str, **more: object) -> Step:
        facts = {"contact": {"person_id": contact, **more}, "event": {"received_at": at}}
        return step(at, "team", "attach", facts, party=prescriber)

    def case(contact: str, prescriber: str) -> str:
        return f"{PRESCRIBER}:{contact}:prescriber:{prescriber}"

    fee = {"amount": "400.00", "unit": "EUR"}
    paid = case("C-4004", "PR-1")
    known = {
        "contact": {
            "person_id": "C-4003",
            "email": "luc.martin@example.org",
            "known_before": True,
            "known_since": "2025-06-12T14:00:00+02:00",
            "known_via": "self",
        }
    }
    return (
        sign(
            "2025-01-15T09:00:00+01:00", "PR-1",
            kind="remunerated", signed_at="2025-01-10T10:00:00+01:00", fee=fee,
        ),
        sign(
            "2025-01-20T09:00:00+01:00", "PR-2",
            kind="ptz_csf_accession", signed_at="2025-01-17T16:00:00+01:00",
        ),
        # its year is over by now
        attach("2025-03-10T09:30:00+01:00", "PR-1", "C-4001", known_before=False),
        # two prescribers sent the same contact
        attach(
            "2025-09-01T11:00:00+02:00", "PR-1", "C-4002",
            email="anne.durand@example.org", known_before=False,
        ),
        attach(
            "2025-09-08T15:20:00+02:00", "PR-2", "C-4002", email="anne.durand@example.org",
        ),
        # one that the broker knew before
        step("2025-09-15T10:00:00+02:00", "team", "record_known_before", known),
        attach(
            "2025-10-01T10:00:00+02:00", "PR-1", "C-4003", email="luc.martin@example.org",
        ),
        # from the attachment to the fee
        attach("2025-10-06T09:00:00+02:00", "PR-1", "C-4004", known_before=False),
        attach("2025-11-18T17:45:00+01:00", "PR-2", "C-4005", known_before=False),
        step(
            "2026-02-02T11:30:00+01:00", "team", "record_transformation",
            {"file": {"stage": "G"}}, case=paid,
        ),
        step(
            "2026-02-03T09:15:00+01:00", "prescriber", "assess_remuneration", NOTHING_MORE,
            case=paid,
        ),
        step("2026-02-05T16:00:00+01:00", "team", "pay", NOTHING_MORE, case=paid),
        # transformed, and to be assessed by whoever asks
        step(
            "2026-03-12T14:00:00+01:00", "team", "record_transformation",
            {"file": {"stage": "G"}}, case=case("C-4002", "PR-1"),
        ),
    )  # fmt: skip
