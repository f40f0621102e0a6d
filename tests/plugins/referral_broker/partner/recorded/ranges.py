"""Recorded examples of steps 6 and 7: the range, and what the client answers to it."""

from __future__ import annotations

from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    Example,
    acting,
    lacks,
    leads_to,
    rub,
    wants,
)
from tests.plugins.referral_broker.partner.recorded.analysis import OPEN


def given(
    title: str, minimum: str, maximum: str, cites: str, *notices: str, cites_not: str = ""
) -> Example:
    """An example of a range given to a client who asked for 10,000,000.00."""
    return Example(
        title,
        acting(
            "give_range",
            {"event.range.minimum": rub(minimum), "event.range.maximum": rub(maximum)},
        ),
        RECORDED,
        cites,
        "give_range",
        more=leads_to("awaiting_client_agreement", *notices),
        cites_not=cites_not,
    )


TO_AGREE: Final = "06-AGREE 06-FORK 06-FROM 06-TO"
NOTHING_TO_AGREE: Final = "06-FORK 06-FROM 06-TO"
RANGE: Final = (
    given("a lower end below the request", "6000000", "9000000", TO_AGREE, "partner:agree_sum"),
    given("a lower end above it", "10000000.01", "12000000", TO_AGREE, "partner:agree_sum"),
    given(
        "the lower end is what was asked for",
        "10000000",
        "12000000",
        NOTHING_TO_AGREE,
        cites_not="06-AGREE",
    ),
    given("both ends are the same", "10000000", "10000000", NOTHING_TO_AGREE),
    given("a lower end of nothing", "0", "9000000", TO_AGREE, "partner:agree_sum"),
    Example(
        "nobody knows what was asked for",
        acting("give_range", {"deal.requested_amount": None}),
        RECORDED,
        NOTHING_TO_AGREE,
        "give_range",
        cites_not="06-AGREE",
    ),
    Example(
        "a range on the last day of the analysis",
        acting("give_range", moment="2025-03-05 23:59"),
        RECORDED,
        TO_AGREE,
        "give_range",
        cites_not="06-2BD",
    ),
    Example(
        "a range the day after: late, and given all the same",
        acting("give_range", moment="2025-03-06 00:00"),
        RECORDED,
        f"{TO_AGREE} 06-2BD",
        "give_range",
        more=leads_to("awaiting_client_agreement", "partner:agree_sum"),
    ),
    Example(
        "a range with one end",
        acting("give_range", {"event.range.maximum": None}),
        ASKED,
        "06-FORK",
        "give_range",
        more=wants("event.range.maximum", state=None),
    ),
    Example(
        "a range whose ends have no amounts",
        acting(
            "give_range",
            {"event.range.minimum": rub(None), "event.range.maximum": rub(None)},
        ),
        ASKED,
        "06-FORK",
        "give_range",
        more=wants("event.range.minimum", "event.range.maximum"),
    ),
    Example(
        "a range while further documents are awaited",
        acting("give_range", OPEN),
        BLOCKED,
        "06-EXTRA-DOCS",
        "give_range",
        more=lacks("the further documents that were asked for"),
    ),
)


def agreeing(
    title: str, outcome: str, cites: str, more: dict[str, object], **stated: object
) -> Example:
    """An example of a client's answer to a range from 6,000,000.00 to 9,000,000.00."""
    facts = {f"event.{name}": value for name, value in stated.items()}
    return Example(
        title, acting("client_agreement", facts), outcome, cites, "client_agreement", more=more
    )


OUTSIDE: Final = lacks("a sum within the range", state=None)
AGREEMENT: Final = (
    agreeing("the client agrees", RECORDED, "07-AGREEMENT 06-AGREE", leads_to("agreed")),
    Example(
        "an agreement is needed even where the lower end is what was asked for",
        acting("client_agreement", {"deal.range.minimum": rub("10000000")}),
        RECORDED,
        "07-AGREEMENT",
        "client_agreement",
        cites_not="06-AGREE 07-OBJECTIONS",
        more=leads_to("agreed"),
    ),
    agreeing(
        "the client declines",
        RECORDED,
        "07-AGREEMENT 07-OBJECTIONS",
        leads_to(
            "objections",
            guidance=[
                "answer with the guide to objections to the range, then ask the client again"
            ],
            allowed_actions=["client_doubts", "client_agreement", "client_objections"],
        ),
        agreed=False,
    ),
    agreeing(
        "nobody says whether the client agrees",
        ASKED,
        "07-AGREEMENT",
        wants("event.agreed", state=None),
        agreed=None,
    ),
    agreeing(
        "the client agrees to the upper end",
        RECORDED,
        "07-AGREEMENT",
        leads_to("agreed"),
        agreed_sum=rub("9000000"),
    ),
    agreeing(
        "the client agrees to the lower end",
        RECORDED,
        "07-AGREEMENT",
        leads_to("agreed"),
        agreed_sum=rub("6000000"),
    ),
    agreeing(
        "a kopeck above the upper end",
        BLOCKED,
        "06-TO",
        OUTSIDE,
        agreed_sum=rub("9000000.01"),
    ),
    agreeing(
        "a kopeck below the lower end",
        BLOCKED,
        "06-FROM",
        OUTSIDE,
        agreed_sum=rub("5999999.99"),
    ),
    Example(
        "a sum agreed of a range that nobody knows",
        acting(
            "client_agreement",
            {"event.agreed_sum": rub("7000000"), "deal.range": {}},
        ),
        ASKED,
        "06-TO 06-FROM",
        "client_agreement",
        more=wants("deal.range.maximum", "deal.range.minimum"),
    ),
    Example(
        "the client objects",
        acting("client_objections"),
        RECORDED,
        "07-OBJECTIONS 07-AGREEMENT",
        "client_objections",
        more=leads_to("objections"),
    ),
    Example(
        "objections to a range that was agreed",
        acting("client_objections", through=7),
        BLOCKED,
        "07-AGREEMENT",
        "client_objections",
        cites_not="07-OBJECTIONS",
        more=lacks("a range not agreed yet"),
    ),
)
