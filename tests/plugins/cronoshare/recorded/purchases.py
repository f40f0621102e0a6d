"""Recorded examples of purchases: the price in two parts, the advance and its limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    APPROVED,
    ASKED,
    BLOCKED,
    REVIEW,
    Example,
    bought,
    buying,
    nothing,
    wants,
)


def purchase(
    title: str,
    facts: Mapping[str, Any],
    outcome: str,
    cites: str,
    more: Mapping[str, object],
    cites_not: str = "",
    **parameters: object,
) -> Example:
    """An example of a purchase."""
    return Example(title, facts, outcome, cites, "buy_contact", parameters, cites_not, more)


def short(by: str, **more: object) -> Mapping[str, object]:
    """What is said of a purchase for which there are not enough cronos."""
    return nothing(
        "insufficient_cronos",
        again=True,
        remedies={by},
        missing_preconditions=["enough cronos"],
        notify={"professional:top_up_needed"},
        **more,
    )


WINDOW: Final = {"refund_window_closes 2025-05-30", "refund_window_warning 2025-05-25"}
PURCHASES: Final = (
    purchase(
        "the balance is enough to the crono",
        buying(100),
        APPROVED,
        "PRICE FEE-20",
        bought(),
        "ADVANCE RETRIES",
    ),
    purchase(
        "the period of the refund is named from the purchase",
        buying(100, contact={"purchased_at": "2025-03-03T10:00:00+01:00"}),
        APPROVED,
        "PRICE",
        bought(deadlines=WINDOW),
    ),
    purchase(
        "one crono short, advanced",
        buying(99),
        APPROVED,
        "PRICE ADVANCE FEE-20 RETRIES ADVANCE-CONFIRM",
        bought(advance=1, balances={"available": "0", "advance_outstanding": "1", "net": "-1"}),
    ),
    purchase(
        "what is missing is advanced up to the limit",
        buying(50),
        APPROVED,
        "PRICE ADVANCE",
        bought(advance=50),
    ),
    purchase("one crono above the limit", buying(49), BLOCKED, "ADVANCE", short("top up 1 crono")),
    purchase(
        "what is outstanding counts against the limit",
        buying(60, advanced=20),
        BLOCKED,
        "ADVANCE",
        short("top up 10 cronos"),
    ),
    purchase(
        "an advance beyond the limit leaves no room, and takes none of the balance",
        buying(90, advanced=70),
        BLOCKED,
        "ADVANCE",
        short("top up 10 cronos"),
    ),
    purchase(
        "beyond the limit, what one has may be spent",
        buying(100, advanced=70),
        APPROVED,
        "PRICE",
        bought(balances={"available": "0", "advance_outstanding": "70", "net": "-70"}),
    ),
    purchase(
        "an advance wants the purchase confirmed",
        buying(60, confirmed=False),
        BLOCKED,
        "ADVANCE-CONFIRM",
        nothing(
            "awaiting_confirmation",
            again=True,
            missing_preconditions=["confirmation on the site"],
            remedies={"confirm the offer on the site"},
        ),
    ),
    purchase(
        "an advance of which nobody knows whether it was confirmed",
        buying(60, confirmed=None),
        ASKED,
        "ADVANCE-CONFIRM",
        wants("event.confirmed_on_site"),
    ),
    purchase(
        "without an advance nothing is to be confirmed",
        buying(100, confirmed=None),
        APPROVED,
        "PRICE",
        bought(),
    ),
    purchase(
        "the limit is asked for before the confirmation",
        buying(10, confirmed=None),
        BLOCKED,
        "ADVANCE",
        short("top up 40 cronos"),
    ),
    purchase(
        "who has no limit of his own has that of the tenant",
        buying(0, limit=None),
        APPROVED,
        "PRICE ADVANCE",
        bought(advance=100),
    ),
    purchase(
        "a limit of nothing", buying(99, limit=0), BLOCKED, "ADVANCE", short("top up 1 crono")
    ),
    purchase(
        "the balance is not known",
        buying(None),
        ASKED,
        "ADVANCE",
        wants("professional.cronos_balance"),
    ),
    purchase(
        "what is outstanding is not known, and could decide",
        buying(60, advanced=None),
        ASKED,
        "ADVANCE",
        wants("professional.advance_outstanding"),
    ),
    purchase(
        "what is outstanding is not known, and nothing is advanced",
        buying(100, advanced=None),
        APPROVED,
        "PRICE",
        bought(),
    ),
    purchase(
        "the commission is not known",
        buying(100, None),
        ASKED,
        "PHASE-NOT-PERMITTED",
        wants("offer.commission"),
    ),
    purchase("the fee of the terms is stated", buying(fee="20"), APPROVED, "PRICE", bought()),
    purchase(
        "another fee than that of the terms",
        buying(fee="25"),
        REVIEW,
        "FEE-20",
        nothing(None),
    ),
    purchase(
        "an offer without a commission: the fee is paid, and nothing could come back",
        buying(100, "0"),
        APPROVED,
        "PHASE-NOT-PERMITTED PRICE FEE-20",
        bought(0, state="not_permitted", allowed_actions=[], deadlines=set()),
    ),
    purchase(
        "the fee alone may be advanced too",
        buying(5, "0"),
        APPROVED,
        "PHASE-NOT-PERMITTED FEE-20",
        bought(0, advance=15, state="not_permitted"),
    ),
    purchase(
        "nothing is to be paid",
        buying(0, "0"),
        APPROVED,
        "PHASE-NOT-PERMITTED",
        nothing("not_permitted", allowed_actions=[]),
        "FEE-20",
        management_fee=0,
    ),
)
