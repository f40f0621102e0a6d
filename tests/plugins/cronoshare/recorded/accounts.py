"""Recorded examples of accounts and price lists: top-ups, limits, and what a budget costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    INVALID,
    MANAGED,
    RECORDED,
    STANDING,
    Document,
    Example,
    account,
    at,
    faulty,
    moved,
)

ON_TOPUP: Final = {"advance_recovery": "on_topup"}


def on_account(professional: Mapping[str, Any], **more: object) -> Document:
    """The facts of an act on an account."""
    return {"unit": "CRONO", "professional": professional, "event": {"at": at(MANAGED)}, **more}


def paid_in(amount: int, recovered: int = 0, **more: object) -> dict[str, object]:
    """What is said of cronos that were paid in."""
    movements = (
        moved("top_up", "paid in", "cronos", amount),
        moved("advance_recovery", "cronos", "advances", recovered),
    )
    return {
        "amount": str(amount),
        "postings": [one for one in movements if one["amount"] != "0"],
        **more,
    }


ACCOUNTS: Final = (
    Example(
        "cronos are paid in, and an advance stays",
        on_account(account(5, 30), top_up="50"),
        RECORDED,
        action="top_up",
        cites_not="ADVANCE",
        more=paid_in(50, balances={"available": "55", "advance_outstanding": "30", "net": "25"}),
    ),
    Example(
        "an advance is paid back out of what is paid in",
        on_account(account(5, 30), top_up="50"),
        RECORDED,
        "ADVANCE",
        "top_up",
        ON_TOPUP,
        more=paid_in(50, 30, balances={"available": "25", "advance_outstanding": "0", "net": "25"}),
    ),
    Example(
        "what is paid in does not cover the advance",
        on_account(account(0, 30), top_up="10"),
        RECORDED,
        "ADVANCE",
        "top_up",
        ON_TOPUP,
        more=paid_in(
            10, 10, balances={"available": "0", "advance_outstanding": "20", "net": "-20"}
        ),
    ),
    Example(
        "nothing is outstanding",
        on_account(account(0, 0), top_up="10"),
        RECORDED,
        action="top_up",
        parameters=ON_TOPUP,
        cites_not="ADVANCE",
        more=paid_in(10),
    ),
    Example(
        "advances are paid back out of refunds alone",
        on_account(account(0, 30), top_up="10"),
        RECORDED,
        action="top_up",
        parameters={"advance_recovery": "on_refund"},
        more=paid_in(10),
    ),
    Example(
        "nothing is paid in",
        on_account(account(), top_up="0"),
        INVALID,
        action="top_up",
        more=faulty("top_up"),
    ),
    Example(
        "a limit is set",
        on_account(account(), new_advance_limit="200"),
        RECORDED,
        "ADVANCE",
        "set_advance_limit",
        more={"amount": None, "postings": []},
    ),
)


def offer(name: str, budget: str | None, commission: str | None, unit: str = "EUR") -> Document:
    """An offer of a price list."""
    return {
        "id": name,
        "client_budget": budget and {"amount": budget, "unit": unit},
        "commission": commission,
        "management_fee": "20",
    }


def listed(title: str, offers: list[Document], *underpriced: str) -> Example:
    """An example of a price list, and the offers that cost too little."""
    facts = {"report": "offer_price_check", "offers": offers}
    figures = {"commission_never_falls": not underpriced, "underpriced": underpriced}
    said = {"metrics": figures}
    return Example(title, facts, STANDING, "COMMISSION-VARIABLE", "report", more=said)


CHEAP, FAIR, DEAR = (
    offer("O-1", "500", "40"),
    offer("O-2", "1000", "80"),
    offer("O-3", "4000", "150"),
)
REPORTS: Final = (
    listed("commissions grow with the budget", [DEAR, CHEAP, FAIR]),
    listed("equal commissions", [FAIR, offer("O-4", "2000", "80")]),
    listed("one budget at two prices", [FAIR, offer("O-4", "1000", "60")]),
    listed("a larger budget for less", [CHEAP, FAIR, offer("O-4", "4000", "79")], "O-4"),
    listed("only what is too cheap is named", [DEAR, offer("O-4", "5000", "100"), FAIR], "O-4"),
    listed("other currencies are not compared", [FAIR, offer("O-4", "9000", "10", "USD")]),
    listed(
        "what is not known is not compared",
        [FAIR, offer("O-4", None, "1"), offer("O-5", "9", None)],
    ),
    listed("no offers", []),
    Example(
        "half a crono",
        {"report": "offer_price_check", "offers": [FAIR, offer("O-4", "2000", "80.5")]},
        INVALID,
        action="report",
        cites_not="COMMISSION-VARIABLE",
        more=faulty("offers[1].commission"),
    ),
)
