"""The tables of steps 8 to 10: details for a contract, its signature, the way to an approval."""

from __future__ import annotations

from avoir.clauses import Table, When, otherwise, require, rule
from avoir.conditions import is_false, is_true, known, stated
from avoir.messages import N_
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.effects import (
    APPROVED,
    ASK,
    BLOCK,
    DONE_BEFORE,
    REFUSED_BY_BANK,
    SENT_BY_EMAIL,
    SENT_ELECTRONICALLY,
    SUPPORTED,
    recorded,
)
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    NOTHING,
    actions_named,
    contract_sent,
    filled,
    received,
    refused_by_bank,
)
from avoir_referral_broker.partner.states import S
from avoir_referral_broker.partner.steps import BEFORE_OPENING, before, once

deal, event = F.deal, F.event

requisites, email, phone = filled(event.requisites), filled(event.email), filled(event.phone)

DETAILS = Table(
    "contract_data",
    (
        once(8, c.DATA),
        *before(8, c.DATA),
        require(c.DATA, is_true(requisites) & is_true(email) & is_true(phone), ASK),
        require(c.EDO, event.has_edo.one_of(True, False), ASK),
        otherwise(c.DATA, recorded(S.CONTRACT_DATA_COLLECTED)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
SENDING = Table(
    "contract_sent",
    (
        rule(c.CONTRACT, When(stated(contract_sent), DONE_BEFORE)),
        once(9, c.CONTRACT),
        *before(9, c.CONTRACT),
        rule(
            c.CONTRACT,
            When(is_true(deal.has_edo), SENT_ELECTRONICALLY),
            When(is_false(deal.has_edo), SENT_BY_EMAIL),
        ),
        otherwise(c.EDO, ASK),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
SIGNING = Table(
    "contract_signed",
    (
        once(9, c.CONTRACT),
        *before(9, c.CONTRACT),
        require(c.CONTRACT, is_true(contract_sent), BLOCK.wanting(N_("contract sent"))),
        require(
            c.NO_EDO,
            is_true(deal.contract.scan_received),
            BLOCK.wanting(N_("scan of the signed contract received")).citing(c.CONTRACT),
            only_if=is_false(deal.has_edo),
        ),
        otherwise(c.CONTRACT, recorded(S.CONTRACT_SIGNED)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
SUPPORTING = Table(
    "support",
    (
        once(10, c.ACTIONS),
        *before(10, c.ACTIONS),
        require(c.ACTIONS, is_true(actions_named), ASK),
        otherwise(c.ACTIONS, SUPPORTED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
APPROVING = Table(
    "loan_approved",
    (
        once(10, c.UNTIL_APPROVAL),
        *before(10, c.UNTIL_APPROVAL),
        require(
            c.UNTIL_APPROVAL,
            is_false(refused_by_bank),
            BLOCK.wanting(N_("a loan that the lender did not refuse")),
        ),
        require(c.UNTIL_APPROVAL, deal.loan.approved_amount > NOTHING, ASK),
        otherwise(c.UNTIL_APPROVAL, APPROVED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
REFUSING = Table(
    "loan_refused",
    (
        rule(c.UNTIL_APPROVAL, When(is_true(refused_by_bank), DONE_BEFORE)),
        *before(10, c.UNTIL_APPROVAL),
        rule(
            c.NOTIFY_OF_END,
            When(known(received), BLOCK.wanting(N_("a loan that was not received yet"))),
        ),
        otherwise(c.UNTIL_APPROVAL, REFUSED_BY_BANK),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
