"""Recorded examples of facts that cannot be: nothing is decided, and every path is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.plugins.referral_broker.partner.examples import (
    INVALID,
    STEP,
    Example,
    acting,
    at,
    faulty,
    known,
    rub,
    ruling,
)
from tests.plugins.referral_broker.partner.recorded.closing import tranche


def refused(
    title: str, action: str, facts: dict[str, Any], *paths: str, cites: str = "", **parameters: Any
) -> Example:
    """An example of facts that cannot be."""
    return Example(title, facts, INVALID, cites, action, parameters, more=faulty(*paths))


def stated(
    title: str, action: str, path: str, value: object, *paths: str, cites: str = ""
) -> Example:
    """An example of one fact that cannot be, among those that can."""
    return refused(title, action, acting(action, {path: value}), *(paths or (path,)), cites=cites)


def _before_opening() -> Iterator[Example]:
    for action in STEP:
        if action != "find_client":
            facts = acting(action, moment="2025-03-01 09:59")
            yield refused(f"{action} before the deal was opened", action, facts, "event.at")
    facts = ruling(stated={"event.at": at("2025-03-01 09:59")})
    yield refused("a ruling before the deal was opened", "rule", facts, "event.at")


LOAN: Final = "deal.loan"
OF_A_LOAN: Final = (
    (
        "tranches of nothing, of less, of half a kopeck and of too much",
        {
            f"{LOAN}.received_amount": None,
            f"{LOAN}.tranches": [
                tranche("0.00"),
                tranche("-1.00"),
                tranche("0.005"),
                tranche("9999999999999999999"),
            ],
        },
        [f"{LOAN}.tranches[{i}].amount" for i in range(4)],
    ),
    (
        "tranches that are together too much",
        {
            f"{LOAN}.received_amount": None,
            f"{LOAN}.tranches": [tranche("92233720368547758.07"), tranche("0.01")],
        },
        [f"{LOAN}.tranches"],
    ),
    (
        "tranches of another sum than the loan",
        {f"{LOAN}.tranches": [tranche("7500000.00"), tranche("0.01")]},
        [f"{LOAN}.tranches"],
    ),
    (
        "tranches of which one is unknown, and the others are too much",
        {f"{LOAN}.tranches": [tranche("7500000.01"), tranche(None)]},
        [f"{LOAN}.tranches"],
    ),
    (
        "a tranche that is still to come",
        {f"{LOAN}.tranches": [tranche("7500000.00", "2025-03-04 16:01")]},
        [f"{LOAN}.tranches[0].received_at"],
    ),
    (
        "a loan that is still to come",
        {f"{LOAN}.received_at": at("2025-03-04 16:01")},
        [f"{LOAN}.received_at"],
    ),
)


def _of_a_loan() -> Iterator[Example]:
    for title, facts, paths in OF_A_LOAN:
        for action in ("loan_received", "complete", "assess_partner_commission"):
            yield refused(f"{action}: {title}", action, acting(action, facts), *paths)
        more = {f"{LOAN}.received_amount": rub("7500000"), **facts}
        yield refused(f"rule: {title}", "rule", ruling(stated=more), *paths)


MONEY: Final = (
    ("find_client", "deal.requested_amount"),
    ("give_range", "event.range.minimum"),
    ("give_range", "event.range.maximum"),
    ("client_agreement", "event.agreed_sum"),
    ("client_agreement", "deal.range.minimum"),
    ("client_agreement", "deal.range.maximum"),
    ("loan_approved", "deal.loan.approved_amount"),
    ("loan_received", "deal.loan.received_amount"),
    ("assess_partner_commission", "deal.client_commission.invoiced"),
    ("assess_partner_commission", "deal.client_commission.paid"),
    ("assess_partner_commission", "deal.partner_commission.paid"),
    ("pay", "commission.due"),
)
"""Every amount, and an act that reads it."""
ABOVE_NOTHING: Final = (
    "deal.requested_amount",
    "deal.loan.approved_amount",
    "deal.loan.received_amount",
)


def _amounts() -> Iterator[Example]:
    for action, path in MONEY:
        dollars = rub("5000000", "USD")
        yield stated(f"{path} in dollars", action, path, dollars, f"{path}.unit")
        yield stated(f"{path} below nothing", action, path, rub("-0.01"), f"{path}.amount")
        if path in ABOVE_NOTHING:
            yield stated(f"{path} of nothing", action, path, rub("0"), f"{path}.amount")
    both = rub("-5000000", "USD")
    path = "deal.loan.received_amount"
    yield stated(
        "an amount below nothing in dollars",
        "loan_received",
        path,
        both,
        f"{path}.amount",
        f"{path}.unit",
    )


IMPOSSIBLE: Final = (
    *_before_opening(),
    *_of_a_loan(),
    *_amounts(),
    stated("a document in dollars", "assess_partner_commission", "unit", "USD"),
    refused("a standing in dollars", "standing", known(5, {"unit": "USD"}), "unit"),
    stated("an amount that is none", "pay", "commission.due", "187500.00"),
    stated(
        "a unit that is none", "pay", "commission.due", rub("1", "RUBLE"), "commission.due.unit"
    ),
    stated(
        "a lower end above the upper end",
        "give_range",
        "event.range.minimum",
        rub("9000000.01"),
        "event.range",
        cites="06-FORK",
    ),
    refused(
        "stop factors that the business does not list",
        "preliminary_analysis",
        acting(
            "preliminary_analysis", {"event.stop_factors": ["insolvency", "bad luck", "arrears"]}
        ),
        "event.stop_factors[1]",
        cites="04-STOPFACTORS",
        stop_factors=["insolvency", "arrears"],
    ),
    stated(
        "a step that there is none of",
        "pay",
        "deal.completed_steps",
        [1, 13],
        "deal.completed_steps[1]",
    ),
    stated("a stage of no talk", "client_doubts", "event.stage", "lunch"),
    stated("electronic exchange or not", "collect_contract_data", "event.has_edo", "perhaps"),
    stated("another act than is asked for", "give_range", "event.type", "pay"),
    stated("a fact that nobody knows", "give_range", "event.mood", "good"),
)
