"""Recorded examples of steps 11 and 12: the loan received, the work completed, both conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    UNCHANGED,
    Document,
    Example,
    acting,
    at,
    lacks,
    leads_to,
    rub,
    wants,
)


def tranche(amount: str | None, received_at: str | None = None) -> Document:
    """A part of the loan."""
    return {"amount": amount, "received_at": received_at and at(received_at)}


IN_TWO: Final = [tranche("5000000.00", "2025-03-04 09:00"), tranche("2500000.00")]
AWAITED: Final = "approved_awaiting_funds"


def receiving(
    title: str,
    outcome: str,
    cites: str,
    cites_not: str = "",
    more: Mapping[str, object] = {},
    **loan: object,
) -> Example:
    """An example of a loan that comes in."""
    facts = {f"deal.loan.{name}": value for name, value in loan.items()}
    return Example(
        title,
        acting("loan_received", facts),
        outcome,
        cites,
        "loan_received",
        cites_not=cites_not,
        more=more,
    )


RECEIPT: Final = (
    receiving(
        "the loan comes in one sum",
        RECORDED,
        "11-NOTIFY 10-UNTIL-APPROVAL",
        "06-TO 06-FROM",
        leads_to(AWAITED),
        received_at=at("2025-03-04 12:00"),
    ),
    receiving(
        "the loan comes in tranches",
        RECORDED,
        "11-NOTIFY",
        "06-TO 06-FROM",
        leads_to(AWAITED),
        received_amount=None,
        tranches=IN_TWO,
    ),
    receiving(
        "a kopeck more than the range allows is noted",
        RECORDED,
        "11-NOTIFY 06-TO",
        "06-FROM",
        received_amount=rub("9000000.01"),
    ),
    receiving(
        "a kopeck less than the range is noted",
        RECORDED,
        "11-NOTIFY 06-FROM",
        "06-TO",
        received_amount=rub("5999999.99"),
    ),
    receiving(
        "nobody says how much came",
        ASKED,
        "11-NOTIFY",
        "10-UNTIL-APPROVAL",
        wants("deal.loan.received_amount"),
        received_amount=None,
    ),
    receiving(
        "nobody says how much came in a tranche",
        ASKED,
        "11-NOTIFY",
        "",
        wants("deal.loan.tranches[1].amount"),
        received_amount=None,
        tranches=[*IN_TWO[:1], tranche(None)],
    ),
    receiving(
        "no tranches are the loan in one sum",
        RECORDED,
        "11-NOTIFY",
        "06-TO 06-FROM",
        tranches=[],
    ),
)
TOLD: Final = ("partner:work_completed", "client:invoice")
COMPLETION: Final = (
    Example(
        "the work is completed, the partner told, the client invoiced",
        acting("complete", {"deal.act.drawn_up": True}),
        RECORDED,
        "11-NOTIFY 11-ACT 11-INVOICE 10-UNTIL-APPROVAL",
        "complete",
        more=leads_to("completed_awaiting_payment", *TOLD),
    ),
    Example(
        "the act and the invoice are made out with it",
        acting("complete"),
        RECORDED,
        "11-NOTIFY 11-ACT 11-INVOICE",
        "complete",
        more=leads_to("completed_awaiting_payment", *TOLD),
    ),
    Example(
        "the loan was approved, and not received",
        acting("complete", {"deal.loan.received_amount": None}),
        BLOCKED,
        "11-NOTIFY 10-UNTIL-APPROVAL",
        "complete",
        cites_not="11-INVOICE",
        more=lacks("loan received", state=AWAITED),
    ),
    Example(
        "the act was not drawn up",
        acting("complete", {"deal.act.drawn_up": False}),
        BLOCKED,
        "11-ACT",
        "complete",
        cites_not="11-INVOICE",
        more=lacks("act drawn up"),
    ),
)


def paying(title: str, state: str, paid: str, **stated: object) -> Example:
    """An example of what the client has paid of an invoice for 500,000.00."""
    facts = {
        "deal.client_commission.invoiced": rub("500000"),
        "deal.client_commission.paid": rub(paid),
        "deal.act.signed_copy_provided": None,
        **stated,
    }
    return Example(
        title,
        acting("client_commission_paid", facts),
        RECORDED,
        "12-CONDITIONS 11-NOTIFY",
        "client_commission_paid",
        more=leads_to(state),
    )


SIGNED: Final = {"deal.act.signed_copy_provided": True}
CONDITIONS: Final = (
    paying("a part of the invoice", "completed_awaiting_payment", "499999.99"),
    paying("all of the invoice", "completed_awaiting_act", "500000"),
    paying("more than the invoice", "completed_awaiting_act", "500000.01"),
    paying("all of it, and the act is there", "commission_due", "500000", **SIGNED),
    paying("a part of it, and the act is there", "completed_awaiting_payment", "1", **SIGNED),
    paying(
        "of an invoice that nobody knows",
        "completed_awaiting_payment",
        "500000",
        **{"deal.client_commission.invoiced": None},
    ),
    Example(
        "nobody says what was paid",
        acting("client_commission_paid", {"deal.client_commission.paid": None}),
        ASKED,
        "12-CONDITIONS",
        "client_commission_paid",
        more=wants("deal.client_commission.paid"),
    ),
    *(
        Example(
            title,
            acting("signed_act_provided", {"deal.client_commission.paid": rub(paid)}),
            RECORDED,
            "12-CONDITIONS",
            "signed_act_provided",
            more=leads_to(state),
        )
        for title, paid, state in (
            ("the act comes before the payment", "0", "completed_awaiting_payment"),
            ("the act comes after the payment", "500000", "commission_due"),
        )
    ),
    Example(
        "no act",
        acting("signed_act_provided", {"deal.act.signed_copy_provided": False}),
        BLOCKED,
        "12-CONDITIONS",
        "signed_act_provided",
        more=lacks("signed act provided", state="completed_awaiting_act"),
    ),
    Example(
        "nobody says whether the act is there",
        acting("signed_act_provided", {"deal.act.signed_copy_provided": None}),
        ASKED,
        "12-CONDITIONS",
        "signed_act_provided",
        more=wants("deal.act.signed_copy_provided"),
    ),
    *(
        Example(
            f"{action} after the partner was paid",
            acting(action, through=12),
            UNCHANGED,
            "COMMISSION",
            action,
            more=leads_to(None),
        )
        for action in ("client_commission_paid", "signed_act_provided")
    ),
)
CLOSING: Final = (*RECEIPT, *COMPLETION, *CONDITIONS)
