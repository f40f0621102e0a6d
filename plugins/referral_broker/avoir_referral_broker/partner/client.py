"""The tables of steps 1 to 4: the client is found, told, asked for documents and looked at."""

from __future__ import annotations

from avoir.clauses import Effect, Outcome, Table, When, impossible_each, otherwise, require, rule
from avoir.conditions import is_true, stated
from avoir.messages import N_
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.choices import Stage
from avoir_referral_broker.partner.effects import (
    ANSWERED,
    BLOCK,
    CRITERIA_NOT_MET,
    DOCUMENTS_MISSING,
    FOUND,
    PASSED,
    RANGE_EXPLAINED,
    STOPPED,
    recorded,
)
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    collected,
    stop_factors_found,
    unlisted_stop_factors,
)
from avoir_referral_broker.partner.states import S
from avoir_referral_broker.partner.steps import BEFORE_OPENING, before, once, taken

event = F.event
of_the_range = stated(event.stage == Stage.AGREEMENT)

FINDING = Table("finding", (once(1, c.FIND), otherwise(c.FIND, FOUND)), moment=event.at)
PRESENTING = Table(
    "presenting",
    (once(2, c.PRESENT), *before(2, c.PRESENT), otherwise(c.PRESENT, recorded(S.PRESENTED))),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
DOUBTING = Table(
    "doubts",
    (
        *before(2, c.DOUBTS),
        require(
            c.FORK,
            taken(6),
            BLOCK.wanting(N_("step 6 done")).citing(c.OBJECTIONS),
            only_if=of_the_range,
        ),
        rule(c.OBJECTIONS, When(of_the_range, RANGE_EXPLAINED)),
        otherwise(c.DOUBTS, ANSWERED.citing(c.PRESENT)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
COLLECTING = Table(
    "collecting",
    (
        once(3, c.COLLECT),
        *before(3, c.COLLECT),
        require(c.COLLECT, is_true(collected), DOCUMENTS_MISSING),
        otherwise(c.COLLECT, recorded(S.DOCUMENTS_COLLECTED)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    # what is not complete is kept all the same: the partner goes on collecting
    asking=Effect(Outcome.NEEDS_INFORMATION, S.PRESENTED),
)
PRELIMINARY = Table(
    "preliminary_analysis",
    (
        once(4, c.CRITERIA),
        *before(4, c.CRITERIA),
        require(c.CRITERIA, is_true(event.criteria_met), CRITERIA_NOT_MET),
        require(c.STOPFACTORS, stop_factors_found == 0, STOPPED),
        otherwise(c.CRITERIA, PASSED),
    ),
    moment=event.at,
    impossible=(
        BEFORE_OPENING,
        impossible_each(
            unlisted_stop_factors, N_("is none of the stop factors of this business"), c.STOPFACTORS
        ),
    ),
)
