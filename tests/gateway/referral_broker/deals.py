"""A deal from a client found to the commission paid: who does what, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


def roubles(amount: str) -> dict[str, str]:
    """An amount in roubles, as facts have it."""
    return {"amount": amount, "unit": "RUB"}


@dataclass(frozen=True)
class Step:
    """One act: who does it, with which facts, and the state and step that it leads to."""

    who: str
    action: str
    state: str
    number: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    notices: Sequence[str] = ()


PARTNER: Final = "partner:PT-1"
FOUND: Final = {
    "deal": {"id": "D-1", "client_id": "CL-1", "requested_amount": roubles("10000000.00")}
}
RANGE: Final = {"minimum": roubles("6000000.00"), "maximum": roubles("9000000.00")}
DETAILS: Final = {
    "requisites": "ИНН 7700000000",
    "email": "client@example.org",
    "phone": "+7 495 000-00-00",
    "has_edo": False,
}
DEAL: Final[Sequence[Step]] = (
    Step(PARTNER, "find_client", "found", 1, FOUND),
    Step(PARTNER, "present_service", "presented", 2),
    Step(PARTNER, "collect_documents", "documents_collected", 3,
         {"event": {"documents_complete": True}}),
    Step(PARTNER, "preliminary_analysis", "preliminary_passed", 4,
         {"event": {"criteria_met": True, "stop_factors": []}}),
    Step(PARTNER, "create_thread", "thread_open", 5),
    Step(PARTNER, "upload_documents", "team_analysis", 6,
         {"event": {"documents_uploaded": True}}),
    Step("team", "request_additional_documents", "awaiting_additional_documents", 6,
         {"event": {"documents": ["Выписка за год"]}},
         ("partner:additional_documents_requested",)),
    Step(PARTNER, "supply_additional_documents", "team_analysis", 6,
         {"event": {"documents_uploaded": True, "documents": ["Выписка за год"]}}),
    Step("team", "give_range", "awaiting_client_agreement", 7, {"event": {"range": RANGE}},
         ("partner:agree_sum",)),
    Step(PARTNER, "client_agreement", "objections", 7, {"event": {"agreed": False}}),
    Step(PARTNER, "client_agreement", "agreed", 7,
         {"event": {"agreed": True, "agreed_sum": roubles("8000000.00")}}),
    Step(PARTNER, "collect_contract_data", "contract_data_collected", 8, {"event": DETAILS}),
    Step("team", "send_contract", "contract_sent", 9, {}, ("client:sign_contract",)),
    Step(PARTNER, "contract_signed", "contract_signed", 9,
         {"deal": {"contract": {"scan_received": True}}}),
    Step("team", "start_support", "support", 10, {"event": {"actions": ["Открыть счёт"]}},
         ("client:actions_required",)),
    Step("team", "loan_approved", "approved_awaiting_funds", 11,
         {"deal": {"loan": {"approved_amount": roubles("8000000.00")}}}),
    Step("team", "loan_received", "approved_awaiting_funds", 11,
         {"deal": {"loan": {"received_amount": roubles("7500000.20")}}}),
    Step("team", "complete", "completed_awaiting_payment", 12,
         {"deal": {"client_commission": {"invoiced": roubles("500000.00")},
                   "act": {"drawn_up": True}}},
         ("partner:work_completed", "client:invoice")),
    Step("team", "client_commission_paid", "completed_awaiting_act", 12,
         {"deal": {"client_commission": {"paid": roubles("500000.00")}}}),
    Step("team", "signed_act_provided", "commission_due", 12,
         {"deal": {"act": {"signed_copy_provided": True}}}),
    Step(PARTNER, "assess_partner_commission", "commission_due", 12),
    Step("team", "pay", "commission_paid", 12, {}, ("partner:commission_paid",)),
)  # fmt: skip
COMMISSION: Final = 18_750_001
"""2.5 % of 7,500,000.20 roubles is 187,500.005, half up to the kopeck, in kopecks."""
