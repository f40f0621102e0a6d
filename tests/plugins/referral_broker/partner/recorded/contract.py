"""Recorded examples of steps 8 to 10: details, contract, signature, the way to an approval."""

from __future__ import annotations

from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    UNCHANGED,
    Example,
    acting,
    lacks,
    leads_to,
    rub,
    wants,
)

ON_PAPER: Final = {"deal.has_edo": False}


def detailed(
    title: str, wanted: set[str], cites: str, cites_not: str = "", **facts: object
) -> Example:
    """An example of details that are not all there."""
    stated = {f"event.{name}": value for name, value in facts.items()}
    return Example(
        title,
        acting("collect_contract_data", stated),
        ASKED,
        cites,
        "collect_contract_data",
        cites_not=cites_not,
        more=wants(*(f"event.{name}" for name in wanted), state=None),
    )


DETAILS: Final = (
    *(
        Example(
            f"all details, {how} electronic exchange",
            acting("collect_contract_data", {"event.has_edo": has_edo}),
            RECORDED,
            "08-DATA 08-EDO",
            "collect_contract_data",
            more=leads_to("contract_data_collected"),
        )
        for how, has_edo in (("with", True), ("without", False))
    ),
    *(
        detailed(f"no {name}", {name}, "08-DATA", "08-EDO", **{name: None})
        for name in ("requisites", "email", "phone")
    ),
    detailed("a blank is no phone number", {"phone"}, "08-DATA", phone="  "),
    detailed(
        "nobody says whether there is electronic exchange",
        {"has_edo"},
        "08-EDO",
        "08-DATA",
        has_edo=None,
    ),
    detailed("it is said to be unknown", {"has_edo"}, "08-EDO", has_edo="unknown"),
    detailed(
        "nothing at all",
        {"requisites", "email", "phone", "has_edo"},
        "08-DATA 08-EDO",
        requisites=None,
        email=None,
        phone=None,
        has_edo=None,
    ),
)
CONTRACT: Final = (
    Example(
        "a contract goes by electronic exchange",
        acting("send_contract"),
        RECORDED,
        "09-CONTRACT 08-EDO 09-NOTIFY",
        "send_contract",
        cites_not="09-NO-EDO",
        more=leads_to("contract_sent", "client:sign_contract", allowed_actions=["contract_signed"]),
    ),
    Example(
        "a contract goes by email, to be printed, signed and scanned",
        acting("send_contract", ON_PAPER),
        RECORDED,
        "09-CONTRACT 08-EDO 09-NOTIFY 09-NO-EDO",
        "send_contract",
        more=leads_to("contract_sent", "client:sign_contract"),
    ),
    Example(
        "nobody knows how to send the contract",
        acting("send_contract", {"deal.has_edo": None}),
        ASKED,
        "09-CONTRACT",
        "send_contract",
        more=wants("deal.has_edo"),
    ),
    Example(
        "a contract that was sent",
        acting("send_contract", {"deal.contract.sent_at": "2025-03-04T10:00:00+03:00"}),
        UNCHANGED,
        "09-CONTRACT",
        "send_contract",
        more=leads_to(None),
    ),
    Example(
        "a contract that was signed",
        acting("send_contract", {"deal.contract.sent_at": None}, through=9),
        UNCHANGED,
        "09-CONTRACT",
        "send_contract",
        more=leads_to(None),
    ),
    Example(
        "signed electronically, no scan is needed",
        acting("contract_signed", {"deal.contract.scan_received": False}),
        RECORDED,
        "09-CONTRACT",
        "contract_signed",
        cites_not="09-NO-EDO",
        more=leads_to("contract_signed"),
    ),
    Example(
        "signed on paper, with the scan",
        acting("contract_signed", {**ON_PAPER, "deal.contract.scan_received": True}),
        RECORDED,
        "09-CONTRACT 09-NO-EDO",
        "contract_signed",
        more=leads_to("contract_signed"),
    ),
    Example(
        "signed on paper, without the scan",
        acting("contract_signed", {**ON_PAPER, "deal.contract.scan_received": False}),
        BLOCKED,
        "09-NO-EDO 09-CONTRACT",
        "contract_signed",
        more=lacks("scan of the signed contract received"),
    ),
    Example(
        "nobody knows whether the scan came",
        acting("contract_signed", ON_PAPER),
        ASKED,
        "09-NO-EDO",
        "contract_signed",
        more=wants("deal.contract.scan_received"),
    ),
    Example(
        "nobody knows how it was to be signed, and the scan is not there",
        acting("contract_signed", {"deal.has_edo": None, "deal.contract.scan_received": False}),
        ASKED,
        "09-NO-EDO",
        "contract_signed",
        more=wants("deal.has_edo"),
    ),
    Example(
        "nobody knows how it was to be signed, and the scan is there",
        acting("contract_signed", {"deal.has_edo": None, "deal.contract.scan_received": True}),
        RECORDED,
        "09-CONTRACT",
        "contract_signed",
        more=leads_to("contract_signed"),
    ),
    Example(
        "a contract that was not sent, by the records",
        acting("contract_signed", {"deal.contract.sent_at": None, "deal.on_record": True}),
        BLOCKED,
        "09-CONTRACT",
        "contract_signed",
        more=lacks("contract sent"),
    ),
    Example(
        "a contract of which nobody knows whether it was sent",
        acting("contract_signed", {"deal.contract.sent_at": None}),
        ASKED,
        "09-CONTRACT",
        "contract_signed",
        more=wants("deal.contract.sent_at"),
    ),
)
LOAN: Final = (
    Example(
        "the client is told what to do",
        acting("start_support"),
        RECORDED,
        "10-ACTIONS 10-UNTIL-APPROVAL",
        "start_support",
        more=leads_to("support", "client:actions_required"),
    ),
    Example(
        "nothing to do is nothing to tell",
        acting("start_support", {"event.actions": []}),
        ASKED,
        "10-ACTIONS",
        "start_support",
        cites_not="10-UNTIL-APPROVAL",
        more=wants("event.actions"),
    ),
    Example(
        "the loan is approved, and not received",
        acting("loan_approved"),
        RECORDED,
        "10-UNTIL-APPROVAL",
        "loan_approved",
        more=leads_to("approved_awaiting_funds"),
    ),
    Example(
        "a loan approved for nobody knows how much",
        acting("loan_approved", {"deal.loan.approved_amount": None}),
        ASKED,
        "10-UNTIL-APPROVAL",
        "loan_approved",
        more=wants("deal.loan.approved_amount"),
    ),
    Example(
        "a loan that was refused is not approved",
        acting("loan_approved", {"deal.loan.bank_decision": "refused"}),
        BLOCKED,
        "10-UNTIL-APPROVAL",
        "loan_approved",
        more=lacks("a loan that the lender did not refuse"),
    ),
    Example(
        "the loan is refused, and the deal ends",
        acting("loan_refused"),
        RECORDED,
        "10-UNTIL-APPROVAL",
        "loan_refused",
        more=leads_to(
            "loan_refused",
            guidance=["the deal ends here, and without a commission"],
            allowed_actions=[],
        ),
    ),
    Example(
        "a loan is refused after its approval",
        acting("loan_refused", through=10),
        RECORDED,
        "10-UNTIL-APPROVAL",
        "loan_refused",
        more=leads_to("loan_refused"),
    ),
    Example(
        "a loan that was refused before",
        acting("loan_refused", {"deal.loan.bank_decision": "refused"}),
        UNCHANGED,
        "10-UNTIL-APPROVAL",
        "loan_refused",
        more=leads_to(None),
    ),
    Example(
        "a loan that was received is not refused",
        acting("loan_refused", {"deal.loan.received_amount": rub("7500000")}, through=10),
        BLOCKED,
        "11-NOTIFY",
        "loan_refused",
        more=lacks("a loan that was not received yet"),
    ),
)
CONTRACTS: Final = (*DETAILS, *CONTRACT, *LOAN)
