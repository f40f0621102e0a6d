"""Examples of a partner's deal: how their facts are built, decided and compared.

An example is a deal for a loan of 10,000,000.00 roubles, opened on Saturday 1 March 2025. Its
documents were uploaded on Monday 3 March at 11:00 in Moscow, its range is 6 to 9 million, and
7,500,000.00 were received; acts take place on Tuesday 4 March at 16:00 unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from avoir_referral_broker.partner.policy import POLICY
from tests.plugins import examples
from tests.plugins.examples import Deciding, postings

Document: TypeAlias = dict[str, Any]
Said: TypeAlias = dict[str, object]
"""Names of a decision’s document, with what is said under them."""

MOSCOW: Final = ZoneInfo("Europe/Moscow")
OPENED: Final = "2025-03-01 10:00"
UPLOADED: Final = "2025-03-03 11:00"
ACTED: Final = "2025-03-04 16:00"

APPROVED, REFUSED, REVIEW = "approved", "refused", "manual_review"
ASKED, INVALID, BLOCKED = "needs_information", "invalid", "blocked"
STANDING, RECORDED, UNCHANGED = "standing", "recorded", "unchanged"


def at(moment: str) -> str:
    """A moment in Moscow with its offset: ``2025-03-03 11:00``."""
    return datetime.fromisoformat(moment).replace(tzinfo=MOSCOW).isoformat()


def rub(amount: str | None, unit: str | None = "RUB") -> Document:
    """An amount of roubles: ``7500000`` is 7,500,000.00."""
    whole = amount if amount is None or "." in amount else f"{amount}.00"
    return {"amount": whole, "unit": unit}


def set_in(document: Document, facts: Mapping[str, object]) -> Document:
    """The document with these facts at their paths; None makes one unknown."""
    for path, value in facts.items():
        *groups, name = path.split(".")
        inner = document
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[name] = value
    return document


_LEFT: Final[Mapping[int, Mapping[str, object]]] = {
    0: {
        "id": "C-1",
        "partner_id": "PT-1",
        "client_id": "CL-1",
        "opened_at": at(OPENED),
        "requested_amount": rub("10000000"),
    },
    3: {"documents_complete": True},
    4: {"preliminary": {"criteria_met": True, "stop_factors": []}},
    5: {
        "thread": {
            "created": True,
            "documents_uploaded": True,
            "documents_uploaded_at": at(UPLOADED),
        }
    },
    6: {"range": {"minimum": rub("6000000"), "maximum": rub("9000000")}},
    8: {"has_edo": True},
    9: {"contract": {"sent_at": at("2025-03-04 10:00")}},
    10: {"loan": {"approved_amount": rub("8000000"), "bank_decision": "approved"}},
    11: {
        "loan": {
            "approved_amount": rub("8000000"),
            "received_amount": rub("7500000"),
            "bank_decision": "approved",
        },
        "client_commission": {"invoiced": rub("500000"), "paid": rub("0")},
        "act": {"drawn_up": True, "signed_copy_provided": False},
    },
}
"""What each step leaves on record, beside that it was taken."""


def known(through: int, stated: Mapping[str, object] | None = None) -> Document:
    """The facts of a deal on which so many steps were taken, with others set in by path."""
    deal: Document = {"completed_steps": list(range(1, through + 1))}
    for step, left in _LEFT.items():
        if step <= through:
            # each time anew: what is set in by path must not reach the next example
            deal |= {k: dict(v) if isinstance(v, Mapping) else v for k, v in left.items()}
    if through >= 12:
        deal["partner_commission"] = {"paid": rub("187500"), "paid_at": at(ACTED)}
    document = {"time_zone": "Europe/Moscow", "unit": "RUB", "deal": deal}
    return set_in(document, stated or {})


STEP: Final[Mapping[str, int]] = {
    "find_client": 1,
    "present_service": 2,
    "client_doubts": 2,
    "collect_documents": 3,
    "preliminary_analysis": 4,
    "create_thread": 5,
    "upload_documents": 5,
    "start_team_analysis": 6,
    "request_additional_documents": 6,
    "supply_additional_documents": 6,
    "give_range": 6,
    "client_agreement": 7,
    "client_objections": 7,
    "collect_contract_data": 8,
    "send_contract": 9,
    "contract_signed": 9,
    "start_support": 10,
    "loan_approved": 10,
    "loan_refused": 10,
    "loan_received": 11,
    "complete": 11,
    "client_commission_paid": 12,
    "signed_act_provided": 12,
    "assess_partner_commission": 12,
    "pay": 12,
}
"""The step that each act belongs to."""

BOTH: Final = {
    "deal.client_commission.paid": rub("500000"),
    "deal.act.signed_copy_provided": True,
}
"""What the commission waits for."""

READY: Final[Mapping[str, Mapping[str, object]]] = {
    "collect_documents": {"event.documents_complete": True},
    "preliminary_analysis": {"event.criteria_met": True, "event.stop_factors": []},
    "create_thread": {"event.documents_uploaded": True},
    "upload_documents": {"deal.thread.created": True, "event.documents_uploaded": True},
    "supply_additional_documents": {
        "deal.additional_documents.requested_at": at("2025-03-04 09:00"),
        "event.documents_uploaded": True,
    },
    "give_range": {
        "event.range.minimum": rub("6000000"),
        "event.range.maximum": rub("9000000"),
    },
    "client_agreement": {"event.agreed": True},
    "collect_contract_data": {
        "event.requisites": "ООО «Ромашка»",
        "event.email": "client@example.ru",
        "event.phone": "+7 900 000-00-00",
        "event.has_edo": True,
    },
    "send_contract": {"deal.has_edo": True},
    "contract_signed": {
        "deal.has_edo": True,
        "deal.contract.sent_at": at("2025-03-04 10:00"),
    },
    "start_support": {"event.actions": ["open an account"]},
    "loan_approved": {"deal.loan.approved_amount": rub("8000000")},
    "loan_received": {"deal.loan.received_amount": rub("7500000")},
    "complete": {"deal.loan.received_amount": rub("7500000")},
    "client_commission_paid": {"deal.client_commission.paid": rub("500000")},
    "signed_act_provided": {"deal.act.signed_copy_provided": True},
    "assess_partner_commission": BOTH,
    "pay": {**BOTH, "commission.due": rub("187500")},
}
"""What each act needs beside the steps before it."""


def acting(
    action: str,
    stated: Mapping[str, object] | None = None,
    *,
    through: int | None = None,
    moment: str | None = ACTED,
) -> Document:
    """The facts of an act that nothing stands in the way of, with others set in by path."""
    steps = STEP[action] - 1 if through is None else through
    event = {"event.type": action, "event.at": None if moment is None else at(moment)}
    return known(steps, {**event, **READY.get(action, {}), **(stated or {})})


def ruling(
    decision: str | None = "approve",
    stated: Mapping[str, object] | None = None,
    *,
    reason: str | None = "The bank confirmed it.",
    by: str | None = "R-1",
) -> Document:
    """The facts of a ruling on a commission for more than the range allows."""
    above = {
        "event.type": "rule",
        "event.at": at(ACTED),
        **BOTH,
        "deal.loan.received_amount": rub("9000000.01"),
    }
    said = {"ruling.by": by, "ruling.decision": decision, "ruling.reason": reason}
    return known(11, {**above, **said, **(stated or {})})


def leads_to(state: str | None, *notices: str, **more: object) -> Said:
    """What is said of an act accepted."""
    return {"state": state, "notify": set(notices), "amount": None, "postings": [], **more}


def due(amount: str, **more: object) -> Said:
    """What is said of a commission that is due, and not booked."""
    postings = [f"partner_commission house:partner_commissions partner:balance {amount}"]
    return {
        "amount": amount,
        "postings": postings,
        "state": "commission_due",
        "takes_effect": "on_payment",
        "notify": set(),
        **more,
    }


def wants(*paths: str, **more: object) -> Said:
    """What is said where facts are missing."""
    return {"missing": set(paths), "amount": None, "postings": [], **more}


def lacks(*preconditions: str, **more: object) -> Said:
    """What is said of an act that comes too soon."""
    return {
        "missing_preconditions": list(preconditions),
        "amount": None,
        "postings": [],
        "notify": set(),
        "resubmittable": True,
        **more,
    }


def faulty(*paths: str) -> Said:
    """What is said of facts that cannot be."""
    return {"errors": set(paths), "state": None, "amount": None, "postings": []}


@dataclass(frozen=True)
class Example(examples.Example):
    """Facts, and what comes of them: an assessment, unless it says otherwise."""

    action: str = "assess_partner_commission"


DECIDING = Deciding(POLICY, "BP-", postings=postings)

edition, decided = DECIDING.edition, DECIDING.decided
answered, differences = DECIDING.answered, DECIDING.differences
