"""Recorded examples of standings: where a deal stands by its facts, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    STANDING,
    Example,
    at,
    known,
    leads_to,
    rub,
    wants,
)


def stands(
    state: str,
    through: int,
    cites: str,
    stated: Mapping[str, Any] | None = None,
    *,
    title: str = "",
    as_of: str = "2025-03-04 16:00",
    **more: object,
) -> Example:
    """An example of where a deal stands."""
    return Example(
        title or f"after step {through}: {state}",
        known(through, {"as_of": at(as_of), **(stated or {})}),
        STANDING,
        cites,
        "standing",
        more=leads_to(state, **more),
    )


ADDITIONAL: Final = "deal.additional_documents"
BOTH: Final = {
    "deal.client_commission.paid": rub("500000"),
    "deal.act.signed_copy_provided": True,
}
STATES: Final = (
    stands("new", 0, "01-FIND"),
    stands("found", 1, "01-FIND"),
    stands("presented", 2, "02-PRESENT"),
    stands("documents_collected", 3, "03-COLLECT"),
    stands("preliminary_passed", 4, "04-CRITERIA"),
    stands("preliminary_failed", 3, "04-CRITERIA", {"deal.preliminary.criteria_met": False}),
    stands(
        "preliminary_failed",
        3,
        "04-CRITERIA 04-STOPFACTORS",
        {"deal.preliminary": {"criteria_met": True, "stop_factors": ["x"]}},
        title="a stop factor ends a deal",
        allowed_actions=[],
    ),
    stands("thread_open", 4, "05-THREAD 05-UPLOAD", {"deal.thread.created": True}),
    stands("team_analysis", 5, "06-2BD", deadlines={"analysis_due 2025-03-05"}),
    stands(
        "team_analysis_overdue",
        5,
        "06-2BD",
        as_of="2025-03-06 00:00",
        deadlines={"analysis_due 2025-03-05"},
    ),
    stands(
        "awaiting_additional_documents",
        5,
        "06-EXTRA-DOCS",
        {f"{ADDITIONAL}.requested_at": at("2025-03-04 09:00")},
        as_of="2025-03-10 09:00",
        deadlines=set(),
        allowed_actions=["supply_additional_documents"],
    ),
    stands("awaiting_client_agreement", 6, "06-FORK 07-AGREEMENT", deadlines=set()),
    stands("agreed", 7, "07-AGREEMENT"),
    stands("contract_data_collected", 8, "08-DATA"),
    stands(
        "contract_sent",
        8,
        "09-CONTRACT 09-NOTIFY",
        {"deal.contract.sent_at": at("2025-03-04 10:00")},
    ),
    stands("contract_signed", 9, "09-CONTRACT"),
    stands("approved_awaiting_funds", 10, "10-UNTIL-APPROVAL 11-NOTIFY"),
    stands("loan_refused", 9, "10-UNTIL-APPROVAL", {"deal.loan.bank_decision": "refused"}),
    stands("completed_awaiting_payment", 11, "11-INVOICE 12-CONDITIONS"),
    stands(
        "completed_awaiting_payment",
        11,
        "11-INVOICE 12-CONDITIONS",
        {**BOTH, "deal.client_commission.invoiced": None},
        title="an invoice that nobody knows is not paid",
    ),
    stands(
        "completed_awaiting_act",
        11,
        "11-ACT 12-CONDITIONS",
        {"deal.client_commission.paid": rub("500000")},
    ),
    stands("commission_due", 11, "COMMISSION", BOTH),
    stands("commission_paid", 12, "COMMISSION", allowed_actions=[]),
    stands(
        "presented",
        2,
        "02-PRESENT",
        {"deal.completed_steps": [1, 2, 4, 5]},
        title="a step that is missing is waited for, whatever came after it",
    ),
    Example(
        "nobody knows what was done",
        known(0, {"deal.completed_steps": None, "as_of": at("2025-03-04 16:00")}),
        ASKED,
        "",
        "standing",
        more=wants("deal.completed_steps"),
    ),
)
