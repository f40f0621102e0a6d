"""What the rows of Cronoshare's tables do: outcomes, phases, movements of cronos, notices."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    Floor,
    NoticeRule,
    Outcome,
    PostingRule,
)
from avoir.conditions import Condition
from avoir.messages import N_
from avoir_cronoshare import catalogue as c
from avoir_cronoshare.facts import F
from avoir_cronoshare.measures import (
    cronos,
    fee,
    last_day,
    price,
    recovered_from_refund,
    recovered_from_top_up,
    rectification_shortfall,
    refunded,
    shortfall,
    warning_day,
)
from avoir_cronoshare.parameters import P, Recovery
from avoir_cronoshare.states import S

CRONOS, ADVANCES = "professional:cronos", "professional:advances"
COMMISSIONS, FEES = "house:commission_revenue", "house:fee_revenue"

REFUNDED = NoticeRule("refunded", "professional", N_("Your commission came back in cronos."))
RECTIFIED = NoticeRule(
    "rectified", "professional", N_("Your refund was rectified: the commission was taken back.")
)
WINDOW_CLOSING = NoticeRule(
    "window_closing", "professional", N_("The refund period of a contact is about to end.")
)
TOP_UP_NEEDED = NoticeRule("top_up_needed", "professional", N_("You lack cronos for this contact."))

AFTER_A_PURCHASE: Final = frozenset({S.PROCESSED_REFUNDED, S.PROCESSED_CHOSEN, S.EXPIRED})
WINDOW_CLOSES = DeadlineRule(
    "refund_window_closes",
    N_("last day for a refund"),
    last_day,
    c.WINDOW_60BD,
    frozenset({S.MANAGE}),
    AFTER_A_PURCHASE,
    calendar=P.calendar,
)
WINDOW_WARNING = DeadlineRule(
    "refund_window_warning",
    N_("warning before the refund period ends"),
    warning_day,
    c.WINDOW_60BD,
    frozenset({S.MANAGE}),
    calendar=P.calendar,
)


BOUGHT = Effect(
    Outcome.APPROVED,
    S.MANAGE,
    amount=price,
    amount_clause=c.PRICE,
    cites=(c.FEE_20,),
    postings=(
        PostingRule("advance", ADVANCES, CRONOS, shortfall),
        PostingRule("contact_commission", CRONOS, COMMISSIONS, F.offer.commission, Floor.RESPECTED),
        PostingRule("contact_management_fee", CRONOS, FEES, fee, Floor.RESPECTED),
    ),
)
BOUGHT_FOR_THE_FEE = replace(BOUGHT, state=S.NOT_PERMITTED, cites=(c.FEE_20, c.PHASE_NOT_PERMITTED))
"""Without a commission there is nothing that could ever come back."""
NOTHING_PAID = Effect(Outcome.APPROVED, S.NOT_PERMITTED)
SHORT = Effect(
    Outcome.BLOCKED,
    S.INSUFFICIENT_CRONOS,
    notices=(TOP_UP_NEEDED,),
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    precondition=N_("enough cronos"),
)
UNCONFIRMED = Effect(
    Outcome.BLOCKED,
    S.AWAITING_CONFIRMATION,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    precondition=N_("confirmation on the site"),
    advice=N_("confirm the offer on the site"),
)
REVIEW = Effect(Outcome.MANUAL_REVIEW)
ASK = Effect(Outcome.NEEDS_INFORMATION, S.MANAGE)

REFUND = Effect(
    Outcome.APPROVED,
    S.PROCESSED_REFUNDED,
    amount=F.contact.commission_paid,
    amount_clause=c.COMMISSION_ONLY,
    cites=(c.FEE_20,),
    postings=(PostingRule("commission_refund", COMMISSIONS, CRONOS),),
    notices=(REFUNDED,),
)
REFUND_RECOVERING = replace(
    REFUND,
    cites=(*REFUND.cites, c.ADVANCE),
    postings=(
        *REFUND.postings,
        PostingRule("advance_recovery", CRONOS, ADVANCES, recovered_from_refund),
    ),
)

REFUSE = Effect(Outcome.REFUSED, S.MANAGE)
"""Refused, and the contact may still be managed."""
TOO_SOON = Effect(Outcome.REFUSED, S.MANAGE, cure=Cure.RESUBMIT)
NO_BANK = Effect(
    Outcome.REFUSED,
    S.MANAGE,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    advice=N_("ask for the commission in cronos"),
)


def over(state: S) -> Effect:
    """Refused for good: the phase allows no refund."""
    return Effect(Outcome.REFUSED, state, company=Company.ALONE)


def blocked(precondition: str, state: S | None = S.MANAGE) -> Effect:
    """Not possible: a precondition is missing, and nothing changes."""
    return Effect(Outcome.BLOCKED, state, company=Company.ALONE, precondition=precondition)


RECTIFY = Effect(
    Outcome.RECORDED,
    S.PROCESSED_CHOSEN,
    amount=refunded,
    cites=(c.FEE_20,),
    postings=(
        PostingRule("advance", ADVANCES, CRONOS, rectification_shortfall),
        PostingRule("commission_rectified", CRONOS, COMMISSIONS, reverses=("commission_refund",)),
    ),
    notices=(RECTIFIED,),
)
POSTPONED = Effect(Outcome.RECORDED, S.MANAGE)
DONE = Effect(Outcome.RECORDED, S.PROCESSED_CHOSEN)
PAID_IN = Effect(
    Outcome.RECORDED,
    amount=F.top_up,
    postings=(PostingRule("top_up", "house:top_ups", CRONOS),),
)
PAID_IN_RECOVERING = replace(
    PAID_IN,
    postings=(
        *PAID_IN.postings,
        PostingRule("advance_recovery", CRONOS, ADVANCES, recovered_from_top_up),
    ),
)
LIMIT_SET = Effect(Outcome.RECORDED)


def recovers(when: Recovery) -> Condition:
    """Whether an advance is outstanding that is paid back out of what comes in."""
    return (P.advance_recovery == when) & (F.professional.advance_outstanding > cronos(0))
