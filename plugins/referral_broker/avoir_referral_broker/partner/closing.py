"""The tables of steps 11 and 12: the loan received, the work completed, the commission paid."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Table, When, impossible, impossible_each, note, otherwise, require, rule
from avoir.conditions import is_true, known
from avoir.messages import N_
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.effects import (
    ASK,
    BLOCK,
    COMPLETED,
    DONE_BEFORE,
    DUE,
    NOT_HANDED_IN,
    NOT_PAID,
    NOT_RECEIVED,
    PAID,
    REVIEW,
    recorded,
)
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    NOTHING,
    act_handed_in,
    impossible_tranches,
    paid_by_client,
    partner_paid,
    received,
    tranches_of_another_sum,
    tranches_to_come,
)
from avoir_referral_broker.partner.states import S
from avoir_referral_broker.partner.steps import BEFORE_OPENING, before, once

deal, event = F.deal, F.event

IMPOSSIBLE_LOAN: Final = (
    BEFORE_OPENING,
    impossible_each(impossible_tranches, N_("must be above zero, in roubles and kopecks")),
    impossible_each(tranches_of_another_sum, N_("do not add up to the loan received")),
    impossible_each(tranches_to_come, N_("is after the act"), c.NOTIFY_OF_END),
    impossible(
        deal.loan.received_at > event.at,
        deal.loan.received_at,
        N_("is after {other}"),
        c.NOTIFY_OF_END,
        other="event.at",
    ),
)

# -- step 11 ---------------------------------------------------------------------------------

RECEIVING = Table(
    "loan_received",
    (
        once(11, c.NOTIFY_OF_END),
        *before(11, c.NOTIFY_OF_END),
        require(c.NOTIFY_OF_END, received > NOTHING, ASK),
        note(c.TO, received > deal.range.maximum),
        note(c.FROM, received < deal.range.minimum),
        otherwise(c.NOTIFY_OF_END, recorded(S.APPROVED_AWAITING_FUNDS)),
    ),
    moment=event.at,
    impossible=IMPOSSIBLE_LOAN,
)
COMPLETING = Table(
    "completion",
    (
        once(11, c.NOTIFY_OF_END),
        *before(11, c.NOTIFY_OF_END),
        require(c.NOTIFY_OF_END, known(received), NOT_RECEIVED),
        require(
            c.ACT,
            is_true(deal.act.drawn_up),
            BLOCK.wanting(N_("act drawn up")),
            only_if=known(deal.act.drawn_up),
        ),
        otherwise(c.NOTIFY_OF_END, COMPLETED),
    ),
    moment=event.at,
    impossible=IMPOSSIBLE_LOAN,
)

# -- step 12 ---------------------------------------------------------------------------------

paid_in_full = paid_by_client >= deal.client_commission.invoiced
PAID_BEFORE: Final = rule(c.COMMISSION, When(is_true(partner_paid), DONE_BEFORE))

CLIENT_PAYING = Table(
    "client_commission",
    (
        PAID_BEFORE,
        *before(12, c.CONDITIONS),
        require(c.CONDITIONS, deal.client_commission.paid >= NOTHING, ASK),
        rule(
            c.CONDITIONS,
            When(paid_in_full & is_true(act_handed_in), recorded(S.COMMISSION_DUE)),
            When(paid_in_full, recorded(S.COMPLETED_AWAITING_ACT)),
        ),
        otherwise(c.CONDITIONS, recorded(S.COMPLETED_AWAITING_PAYMENT)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
HANDING_IN = Table(
    "signed_act",
    (
        PAID_BEFORE,
        *before(12, c.CONDITIONS),
        require(c.CONDITIONS, is_true(deal.act.signed_copy_provided), NOT_HANDED_IN),
        rule(c.CONDITIONS, When(paid_in_full, recorded(S.COMMISSION_DUE))),
        otherwise(c.CONDITIONS, recorded(S.COMPLETED_AWAITING_PAYMENT)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
BOTH: Final = (
    require(c.CONDITIONS, paid_in_full, NOT_PAID),
    require(c.CONDITIONS, is_true(act_handed_in), NOT_HANDED_IN),
)
"""What the commission waits for; of what is missing, both are named."""
ASSESSING = Table(
    "assessment",
    (
        PAID_BEFORE,
        *before(12, c.CONDITIONS),
        *BOTH,
        require(c.TO, received <= deal.range.maximum, REVIEW),
        require(c.FROM, received >= deal.range.minimum, REVIEW),
        otherwise(c.CONDITIONS, DUE),
    ),
    moment=event.at,
    impossible=IMPOSSIBLE_LOAN,
    review=REVIEW,
)
PAYING = Table(
    "payment",
    (
        PAID_BEFORE,
        *before(12, c.CONDITIONS),
        *BOTH,
        require(c.COMMISSION, known(F.commission.due), BLOCK.wanting(N_("an assessed commission"))),
        otherwise(c.CONDITIONS, PAID),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
