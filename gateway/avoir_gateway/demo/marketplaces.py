"""Matters of the marketplaces: leads and contacts bought, credited, refused and refunded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from avoir_gateway.demo.step import Step

XPERTSOURCE: Final = "xpertsource.lead_credit"
CONXPROS: Final = "conxpros.lead_credit"
CRONOSHARE: Final = "cronoshare.contact"


def _cad(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "unit": "CAD"}


def _usd(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "unit": "USD"}


def _call(at: str, *, voicemail: bool) -> Mapping[str, Any]:
    return {"type": "call", "at": at, "voicemail_left": voicemail, "answered": False}


def _email(at: str) -> Mapping[str, Any]:
    return {"type": "email", "at": at, "proof_attached": True}


def _lead(number: str, purchased: str, price: str) -> Mapping[str, Any]:
    return {"lead": {"id": number, "purchased_at": purchased, "price_paid": _cad(price)}}


def _delivery(number: str, delivered: str, cost: str) -> Mapping[str, Any]:
    return {
        "lead": {
            "id": number,
            "delivered_at": delivered,
            "cost": _usd(cost),
            "category": "roofing",
            "submitted_zip": "10001",
        }
    }


def xpertsource(tenant: str) -> Sequence[Step]:
    """Leads bought, asked to be credited, and one ruled on."""

    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, XPERTSOURCE, action, facts, **rest)

    attempts = [
        _call("2026-03-03T11:00:00-05:00", voicemail=True),
        _email("2026-03-04T11:00:00-05:00"),
        _call("2026-03-05T17:30:00-05:00", voicemail=False),
        _call("2026-03-06T12:10:00-05:00", voicemail=True),
        _email("2026-03-06T12:30:00-05:00"),
        _call("2026-03-07T18:05:00-05:00", voicemail=False),
    ]
    unreachable = {
        "request": {
            "channel": "portal_form",
            "ground": "unreachable",
            "contact_attempts": attempts,
        }
    }
    contract = {
        "request": {"channel": "portal_form", "ground": "already_under_contract"},
        "evidence": {"other_contract_signed_on": "2026-02-20"},
    }
    shared = {"request": {"channel": "portal_form", "ground": "lead_shared"}}
    case = f"{XPERTSOURCE}:"
    return (
        step(
            "2026-03-01T09:00:00-05:00", "platform", "top_up", {"top_up": _cad("1000.00")},
            party="P-1",
        ),
        step(
            "2026-03-03T10:00:00-05:00", "platform", "purchase",
            _lead("L-1001", "2026-03-03T10:00:00-05:00", "120.00"), party="P-1",
        ),
        step(
            "2026-03-03T10:05:00-05:00", "platform", "purchase",
            _lead("L-1002", "2026-03-03T10:05:00-05:00", "95.00"), party="P-1",
        ),
        step(
            "2026-03-03T10:10:00-05:00", "platform", "purchase",
            _lead("L-1003", "2026-03-03T10:10:00-05:00", "114.98"), party="P-1",
        ),
        step(
            "2026-03-03T10:15:00-05:00", "platform", "purchase",
            _lead("L-1004", "2026-03-03T10:15:00-05:00", "80.00"), party="P-2",
        ),
        step(
            "2026-03-11T09:00:00-04:00", "professional", "request_credit", unreachable,
            case=f"{case}L-1002",
        ),
        step(
            "2026-03-11T09:10:00-04:00", "professional", "request_credit", contract,
            case=f"{case}L-1003",
        ),
        step(
            "2026-03-12T15:00:00-04:00", "reviewer", "rule",
            {"ruling": {"decision": "approve", "reason": "Contract seen, dated 20 February."}},
            case=f"{case}L-1003",
        ),
        step(
            "2026-03-13T11:00:00-04:00", "other-professional", "request_credit", shared,
            case=f"{case}L-1004",
        ),
    )  # fmt: skip


def conxpros(tenant: str) -> Sequence[Step]:
    """Leads delivered, one credited and one refused."""

    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, CONXPROS, action, facts, **rest)

    dead = {
        "request": {
            "channel": "dashboard",
            "reason": "non_working_phone",
            "notes": "The number is disconnected.",
        },
        "findings": {"phone_working": False},
    }
    shopping = {
        "request": {"channel": "dashboard", "reason": "shopping", "notes": "Just comparing."},
        "findings": {"spoke_with_homeowner": True},
    }
    case = f"{CONXPROS}:"
    return (
        step(
            "2026-03-10T09:00:00-04:00", "platform", "top_up", {"top_up": _usd("500.00")},
            party="P-1",
        ),
        step(
            "2026-03-12T10:00:00-04:00", "platform", "deliver",
            _delivery("L-2001", "2026-03-12T10:00:00-04:00", "45.00"), party="P-1",
        ),
        step(
            "2026-03-12T11:00:00-04:00", "platform", "deliver",
            _delivery("L-2002", "2026-03-12T11:00:00-04:00", "45.00"), party="P-1",
        ),
        step(
            "2026-03-12T12:00:00-04:00", "platform", "deliver",
            _delivery("L-2003", "2026-03-12T12:00:00-04:00", "60.00"), party="P-1",
        ),
        step(
            "2026-03-13T09:00:00-04:00", "professional", "request_credit", dead,
            case=f"{case}L-2001",
        ),
        step(
            "2026-03-13T09:30:00-04:00", "professional", "request_credit", shopping,
            case=f"{case}L-2002",
        ),
    )  # fmt: skip


def cronoshare(tenant: str) -> Sequence[Step]:
    """Contacts bought in cronos, one of them refunded."""

    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, CRONOSHARE, action, facts, **rest)

    def contact(number: str, commission: str) -> Mapping[str, Any]:
        return {
            "offer": {"id": number, "commission": commission},
            "event": {"confirmed_on_site": True},
        }

    needless = {
        "event": {"ground": "client_no_need_now"},
        "client": {"confirmed_by_client": True},
    }
    return (
        step(
            "2026-03-02T09:00:00+01:00", "platform", "top_up", {"top_up": "150"}, party="P-1",
        ),
        step(
            "2026-03-03T10:00:00+01:00", "professional", "buy_contact", contact("O-3001", "80"),
        ),
        step(
            "2026-03-03T10:30:00+01:00", "professional", "buy_contact", contact("O-3002", "60"),
        ),
        step(
            "2026-03-10T15:00:00+01:00", "professional", "refund", needless,
            case=f"{CRONOSHARE}:O-3001:professional:P-1",
        ),
    )  # fmt: skip
