"""The decision table of a ruling: a named person settles a commission that waits for one."""

from __future__ import annotations

from avoir.clauses import Outcome, Table, When, otherwise, require, rule
from avoir.conditions import is_true
from avoir.decisions import Recommended, RecommendedClauses
from avoir.messages import N_
from avoir.rulings import wants_a_second
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.choices import RulingDecision
from avoir_referral_broker.partner.closing import ASSESSING, IMPOSSIBLE_LOAN, PAID_BEFORE
from avoir_referral_broker.partner.effects import (
    BLOCK,
    REVIEW,
    RULED_DUE,
    RULED_REFUSAL,
    SECOND_RULING,
)
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import filled
from avoir_referral_broker.partner.parameters import P

assessment = Recommended(ASSESSING, F, N_("what the assessment came to"))
assessed_clauses = RecommendedClauses(assessment, N_("clauses that the assessment came to"))
second_ruling = wants_a_second(
    P.four_eyes,
    F.previous_rulings,
    F.ruling.by,
    F.ruling.decision,
    approve=RulingDecision.APPROVE,
    refuse=RulingDecision.REFUSE,
)

RULING = Table(
    "ruling",
    (
        PAID_BEFORE,
        require(
            c.COMMISSION,
            assessment == Outcome.MANUAL_REVIEW,
            BLOCK.wanting(N_("a commission that waits for a person")),
        ),
        require(
            c.COMMISSION,
            is_true(filled(F.ruling.by)) & is_true(filled(F.ruling.reason)),
            BLOCK.wanting(N_("a named reviewer and a reason for the ruling")),
        ),
        rule(
            c.COMMISSION,
            When(second_ruling, SECOND_RULING),
            When(F.ruling.decision == RulingDecision.APPROVE, RULED_DUE),
            When(F.ruling.decision == RulingDecision.REFUSE, RULED_REFUSAL),
        ),
        otherwise(c.COMMISSION, REVIEW),
    ),
    moment=F.event.at,
    impossible=IMPOSSIBLE_LOAN,
    asks=(F.ruling.by, F.ruling.decision, F.ruling.reason),
    review=REVIEW,
    # what was assessed stands beside the ruling: which end of the range was passed, or what lacks
    besides=assessed_clauses,
)
