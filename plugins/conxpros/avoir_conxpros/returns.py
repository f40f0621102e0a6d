"""What came of the leads that were delivered: requests, and credits less what was taken back."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Outcome
from avoir.messages import N_
from avoir.returns import Count, Events, Returns, Share, Total, Worth
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import Act
from avoir_conxpros.facts import USD
from avoir_conxpros.states import CREDITED, S

GRANTING: Final = (
    Act.REQUEST_CREDIT.value,
    Act.NEW_REQUEST.value,
    Act.VERIFICATION_FINDING.value,
    Act.RULE.value,
    Act.REVIEW_DECIDED.value,
)
"""The acts that may settle whether a lead is credited."""

GRANTED: Final = (Outcome.APPROVED, Outcome.PARTLY_APPROVED)

DELIVERED = Events((Act.DELIVER.value,), (Outcome.RECORDED,))
REQUESTED = Events(
    (Act.REQUEST_CREDIT.value, Act.NEW_REQUEST.value),
    (*GRANTED, Outcome.REFUSED, Outcome.MANUAL_REVIEW, Outcome.NEEDS_INFORMATION),
)
TAKEN_BACK = Events((Act.REVERSAL_DECIDED.value,), (Outcome.REVERSED,))
CREDITS = Events((*GRANTING, *TAKEN_BACK.actions), (*GRANTED, Outcome.REVERSED))

RETURNS: Final = Returns(
    clauses=(c.CREDIT_BALANCE, c.PARTIAL_DIFF, c.REVERSAL),
    figures=(
        Count("delivered", N_("leads delivered"), DELIVERED),
        Total("cost", N_("cost of the leads delivered"), DELIVERED, USD, Worth.DECIDED),
        Count("requests", N_("leads with a credit request"), REQUESTED),
        Count(
            "credited",
            N_("leads whose credit stands"),
            DELIVERED,
            in_states=(*CREDITED, S.FINAL_APPROVED),
        ),
        Count("taken_back", N_("leads whose credit was taken back"), TAKEN_BACK),
        Total("credits", N_("credits less what was taken back"), CREDITS, USD),
        Share("credited_share", N_("share of the leads credited"), "credited", "delivered"),
        Share("credits_share", N_("share of the cost credited"), "credits", "cost"),
    ),
    outcomes=Events(GRANTING, (*GRANTED, Outcome.REFUSED)),
)
