"""Recorded examples of step 12: the assessment of the commission, and its payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.partner.examples import (
    APPROVED,
    ASKED,
    BLOCKED,
    RECORDED,
    REVIEW,
    UNCHANGED,
    Example,
    acting,
    at,
    due,
    lacks,
    leads_to,
    rub,
    wants,
)
from tests.plugins.referral_broker.partner.recorded.closing import IN_TWO


def assessing(
    title: str,
    outcome: str,
    cites: str,
    more: Mapping[str, object],
    stated: Mapping[str, Any] = {},
    **parameters: object,
) -> Example:
    """An example of an assessment of the partner's commission."""
    return Example(
        title,
        acting("assess_partner_commission", stated),
        outcome,
        cites,
        "assess_partner_commission",
        parameters,
        more=more,
    )


PAID, HANDED_IN = "client commission paid", "signed act provided"
UNPAID: Final = {"deal.client_commission.paid": rub("499999.99")}
UNSIGNED: Final = {"deal.act.signed_copy_provided": False}
UNKNOWN: Final = {"deal.client_commission.paid": None, "deal.act.signed_copy_provided": None}
TO_A_PERSON: Final = leads_to("under_review", takes_effect="at_once")
ASSESSMENT: Final = (
    assessing(
        "2.5 % of what was received",
        APPROVED,
        "12-CONDITIONS COMMISSION 06-FROM 06-TO 11-NOTIFY",
        due("187500.00"),
    ),
    assessing(
        "tranches are summed",
        APPROVED,
        "12-CONDITIONS COMMISSION",
        due("187500.00"),
        {"deal.loan.received_amount": None, "deal.loan.tranches": IN_TWO},
    ),
    assessing(
        "tranches that add up to the sum",
        APPROVED,
        "12-CONDITIONS COMMISSION",
        due("187500.00"),
        {"deal.loan.tranches": IN_TWO},
    ),
    assessing(
        "the client paid more than the invoice",
        APPROVED,
        "12-CONDITIONS",
        due("187500.00"),
        {"deal.client_commission.paid": rub("500000.01")},
    ),
    assessing(
        "a kopeck of the client’s payment is missing",
        BLOCKED,
        "12-CONDITIONS",
        lacks(PAID, state="completed_awaiting_payment"),
        UNPAID,
    ),
    assessing(
        "the signed act is missing",
        BLOCKED,
        "12-CONDITIONS",
        lacks(HANDED_IN, state="completed_awaiting_act"),
        UNSIGNED,
    ),
    assessing(
        "both are missing, and named",
        BLOCKED,
        "12-CONDITIONS",
        lacks(PAID, HANDED_IN, state="completed_awaiting_payment"),
        {**UNPAID, **UNSIGNED},
    ),
    assessing(
        "neither is on record: both are missing",
        BLOCKED,
        "12-CONDITIONS",
        lacks(PAID, HANDED_IN, state="completed_awaiting_payment"),
        {**UNKNOWN, "deal.on_record": True},
    ),
    assessing(
        "nobody knows of either",
        ASKED,
        "12-CONDITIONS",
        wants("deal.client_commission.paid", "deal.act.signed_copy_provided"),
        UNKNOWN,
    ),
    assessing(
        "nobody knows what was invoiced",
        ASKED,
        "12-CONDITIONS",
        wants("deal.client_commission.invoiced"),
        {"deal.client_commission.invoiced": None},
    ),
    assessing(
        "nobody knows what was invoiced, and without the act it does not matter",
        BLOCKED,
        "12-CONDITIONS",
        lacks(HANDED_IN),
        {"deal.client_commission.invoiced": None, **UNSIGNED},
    ),
    assessing(
        "nobody knows what was received",
        ASKED,
        "06-TO COMMISSION",
        wants("deal.loan.received_amount"),
        {"deal.loan.received_amount": None},
    ),
    assessing(
        "nobody knows the range",
        ASKED,
        "06-TO 06-FROM",
        wants("deal.range.minimum", "deal.range.maximum"),
        {"deal.range": {}},
    ),
    assessing(
        "the upper end of the range is within it",
        APPROVED,
        "12-CONDITIONS",
        due("225000.00"),
        {"deal.loan.received_amount": rub("9000000")},
    ),
    assessing(
        "a kopeck above the range",
        REVIEW,
        "06-TO COMMISSION",
        TO_A_PERSON,
        {"deal.loan.received_amount": rub("9000000.01")},
    ),
    assessing(
        "the lower end of the range is within it",
        APPROVED,
        "12-CONDITIONS",
        due("150000.00"),
        {"deal.loan.received_amount": rub("6000000")},
    ),
    assessing(
        "a kopeck below the range",
        REVIEW,
        "06-FROM COMMISSION",
        TO_A_PERSON,
        {"deal.loan.received_amount": rub("5999999.99")},
    ),
    assessing(
        "both conditions come before the range",
        BLOCKED,
        "12-CONDITIONS",
        lacks(PAID),
        {**UNPAID, "deal.loan.received_amount": rub("9000000.01")},
    ),
    *(
        Example(
            f"the partner was paid: {title}",
            acting("assess_partner_commission", {**UNPAID, **paid}),
            UNCHANGED,
            "COMMISSION",
            more=leads_to(None),
        )
        for title, paid in (
            ("an amount is on record", {"deal.partner_commission.paid": rub("0.01")}),
            ("a moment is on record", {"deal.partner_commission.paid_at": at("2025-03-04 10:00")}),
        )
    ),
    assessing(
        "a payment of nothing is no payment",
        APPROVED,
        "12-CONDITIONS",
        due("187500.00"),
        {"deal.partner_commission.paid": rub("0")},
    ),
)
PAYMENT: Final = (
    Example(
        "the commission is paid, as it was assessed",
        acting("pay", {"commission.due": rub("200000")}),
        RECORDED,
        "12-CONDITIONS COMMISSION",
        "pay",
        more=due(
            "200000.00",
            state="commission_paid",
            takes_effect="at_once",
            notify={"partner:commission_paid"},
            allowed_actions=[],
        ),
    ),
    Example(
        "nothing is paid before it is assessed",
        acting("pay", {"commission.due": None}),
        BLOCKED,
        "COMMISSION",
        "pay",
        cites_not="12-CONDITIONS",
        more=lacks("an assessed commission"),
    ),
    *(
        Example(
            f"nothing is paid without the {title}",
            acting("pay", stated),
            BLOCKED,
            "12-CONDITIONS",
            "pay",
            more=lacks(wanting),
        )
        for title, stated, wanting in (
            ("client’s payment", UNPAID, PAID),
            ("signed act", UNSIGNED, HANDED_IN),
        )
    ),
)
COMMISSION: Final = (*ASSESSMENT, *PAYMENT)
