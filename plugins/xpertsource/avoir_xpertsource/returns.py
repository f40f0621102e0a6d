"""What came of the leads that were bought: requests, credits, and leads that became revenue."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Effective, Outcome
from avoir.messages import N_
from avoir.returns import Count, Events, Returns, Share, Total, Worth
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.effects import CAD
from avoir_xpertsource.parameters import P

SETTLING: Final = ("request_credit", "give_information", "confirm_contact", "rule")
"""The acts that may settle a request."""

PURCHASED = Events(("purchase",), (Outcome.RECORDED,))
# what came by another way than the form is blocked, and is no request
REQUESTED = Events(
    ("request_credit",),
    (Outcome.APPROVED, Outcome.REFUSED, Outcome.MANUAL_REVIEW, Outcome.NEEDS_INFORMATION),
)
CREDITED = Events(SETTLING, (Outcome.APPROVED,), (Effective.AT_ONCE,))
SETTLED = Events(SETTLING, (Outcome.APPROVED, Outcome.REFUSED), (Effective.AT_ONCE,))
CONVERTED = Events(("record_conversion",), (Outcome.RECORDED,))

RETURNS: Final = Returns(
    clauses=(c.CONVERSION_1IN5, c.CREDIT_AMOUNT, c.DISCRETION),
    figures=(
        Count("bought", N_("leads bought"), PURCHASED),
        Total("paid", N_("price of the leads bought"), PURCHASED, CAD, Worth.DECIDED),
        Count("requests", N_("leads with a credit request"), REQUESTED),
        Count("credited", N_("leads credited"), CREDITED),
        Total("credits", N_("credits granted"), CREDITED, CAD),
        Share("credited_share", N_("share of the requests credited"), "credited", "requests"),
        Share("credits_share", N_("share of the price credited"), "credits", "paid"),
        Count("converted", N_("leads that became revenue"), CONVERTED),
        Share(
            "conversion_rate",
            N_("rate of conversion"),
            "converted",
            "bought",
            P.conversion_benchmark,
        ),
    ),
    outcomes=SETTLED,
)
