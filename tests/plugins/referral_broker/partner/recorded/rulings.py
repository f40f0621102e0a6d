"""Recorded examples of rulings: a person settles what lies outside the range."""

from __future__ import annotations

from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    APPROVED,
    ASKED,
    BLOCKED,
    REFUSED,
    REVIEW,
    UNCHANGED,
    Document,
    Example,
    due,
    lacks,
    leads_to,
    rub,
    ruling,
    wants,
)


def ruled(
    title: str,
    facts: Document,
    outcome: str,
    cites: str,
    more: dict[str, object],
    cites_not: str = "",
) -> Example:
    """An example of a ruling."""
    return Example(title, facts, outcome, cites, "rule", cites_not=cites_not, more=more)


WAITING: Final = "a commission that waits for a person"
SIGNED: Final = "a named reviewer and a reason for the ruling"
RULINGS: Final = (
    ruled(
        "a commission for more than the range allows, approved",
        ruling(),
        APPROVED,
        "COMMISSION 06-TO",
        due("225000.00", decision_mode="ruling"),
        "06-FROM",
    ),
    ruled(
        "a commission for less than the range, approved",
        ruling(stated={"deal.loan.received_amount": rub("1000000")}),
        APPROVED,
        "COMMISSION 06-FROM",
        due("25000.00", decision_mode="ruling"),
        "06-TO",
    ),
    ruled(
        "no commission, by a ruling",
        ruling("refuse"),
        REFUSED,
        "COMMISSION 06-TO",
        leads_to("commission_refused", decision_mode="ruling", resubmittable=False),
    ),
    Example(
        "a commission approved, and every ruling needs a second reviewer",
        ruling(),
        REVIEW,
        "COMMISSION 06-TO",
        "rule",
        {"four_eyes": "always"},
        more=leads_to(
            "under_review", missing_preconditions=["the same ruling by another reviewer"]
        ),
    ),
    ruled(
        "nobody says how it is ruled",
        ruling(None),
        ASKED,
        "COMMISSION",
        wants("ruling.decision"),
    ),
    *(
        ruled(f"a ruling without {what}", facts, ASKED, "COMMISSION", wants(path))
        for what, path, facts in (
            ("a reason", "ruling.reason", ruling(reason=None)),
            ("a reason but a blank one", "ruling.reason", ruling(reason=" ")),
            ("a name", "ruling.by", ruling(by=None)),
        )
    ),
    ruled(
        "a ruling on a loan within the range",
        ruling(stated={"deal.loan.received_amount": rub("9000000")}),
        BLOCKED,
        "COMMISSION 12-CONDITIONS",
        lacks(WAITING),
    ),
    ruled(
        "a ruling while the signed act is missing",
        ruling(stated={"deal.act.signed_copy_provided": False}),
        BLOCKED,
        "COMMISSION 12-CONDITIONS",
        lacks(WAITING),
        "06-TO",
    ),
    ruled(
        "a ruling on a commission that was paid",
        ruling(stated={"deal.partner_commission.paid": rub("225000")}),
        UNCHANGED,
        "COMMISSION",
        leads_to(None),
    ),
)
