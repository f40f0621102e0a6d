"""Recorded examples of facts that cannot be: nothing is decided, and every path is named."""

from __future__ import annotations

from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    CALLED,
    INVALID,
    REFUND_DONE,
    WROTE,
    Example,
    account,
    acting,
    at,
    buying,
    call,
    done,
    faulty,
    refunding,
    silence,
)
from tests.plugins.cronoshare.recorded.accounts import on_account

ON_A_CONTACT: Final = ("refund", "postpone", "declare_service_done", "client_chose", "rectify")


def refused(
    title: str, facts: dict[str, Any], *paths: str, action: str = "refund", cites: str = ""
) -> Example:
    """An example of facts that cannot be."""
    return Example(title, facts, INVALID, cites, action, more=faulty(*paths))


IMPOSSIBLE: Final = (
    *(
        example
        for action in ON_A_CONTACT
        for example in (
            refused(f"{action} in euros", acting(action, unit="EUR"), "unit", action=action),
            refused(
                f"{action} before the purchase",
                acting(action, moment="2025-03-03 09:59"),
                "event.at",
                action=action,
            ),
            refused(
                f"{action} after a refund of half a crono",
                acting(
                    action, before=[done("refund", amount="79.5"), done("rectify", amount="-1")]
                ),
                "contact.prior_events[0].amount",
                "contact.prior_events[1].amount",
                action=action,
            ),
        )
    ),
    refused("a purchase in euros", buying(unit="EUR"), "unit", action="buy_contact"),
    refused(
        "a top-up in euros", on_account(account(), top_up="5", unit="EUR"), "unit", action="top_up"
    ),
    refused(
        "a limit in euros",
        on_account(account(), new_advance_limit="5", unit="EUR"),
        "unit",
        action="set_advance_limit",
    ),
    refused("a negative commission", refunding(commission="-80"), "contact.commission_paid"),
    refused("half a crono paid", refunding(commission="80.5"), "contact.commission_paid"),
    refused(
        "an offer of half a crono",
        buying(commission="0.5"),
        "offer.commission",
        action="buy_contact",
    ),
    refused("a negative offer", buying(commission="-1"), "offer.commission", action="buy_contact"),
    refused("a negative fee", buying(fee="-20"), "offer.management_fee", action="buy_contact"),
    refused("a negative balance", buying(-1), "professional.cronos_balance", action="buy_contact"),
    refused("half a crono asked for", refunding(requested_amount="0.5"), "requested_amount"),
    refused("half a crono paid in", on_account(account(), top_up="0.5"), "top_up", action="top_up"),
    refused(
        "a commission in euros",
        refunding(commission={"amount": "80", "unit": "EUR"}),
        "contact.commission_paid",
    ),
    refused("another act than is asked for", acting("rectify"), "event.type"),
    refused(
        "a call before the contact was bought",
        silence(call("2025-03-03 09:59"), WROTE),
        "client.attempts[0].at",
        cites="G3-NO-ANSWER",
    ),
    refused(
        "an attempt still to come",
        silence(CALLED, WROTE, call("2025-03-10 10:01")),
        "client.attempts[2].at",
        cites="G3-NO-ANSWER",
    ),
    refused(
        "a case that is still to arise",
        refunding(client={"occurred_at": at("2025-03-10 10:01")}),
        "client.occurred_at",
    ),
    refused(
        "an attempt of no known kind",
        silence({**CALLED, "type": "visit"}),
        "client.attempts[0].type",
    ),
    refused("a fact that nobody knows", {**refunding(), "mood": "good"}, "mood"),
    refused(
        "an earlier act of no known kind",
        refunding(before=[{**REFUND_DONE, "type": "gift"}]),
        "contact.prior_events[0].type",
    ),
)
