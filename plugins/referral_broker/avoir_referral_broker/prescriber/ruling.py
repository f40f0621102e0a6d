"""The decision table of a ruling: a named person settles a remuneration that waits for one."""

from __future__ import annotations

from avoir.clauses import Table, When, otherwise, require, rule
from avoir.decisions import Recommended, RecommendedClauses
from avoir.messages import N_
from avoir.rulings import wants_a_second
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber import checks
from avoir_referral_broker.prescriber.choices import RulingDecision
from avoir_referral_broker.prescriber.effects import (
    ALREADY_PAID,
    REVIEW,
    RULED_FEE,
    RULED_REFUSAL,
    SECOND_RULING,
    WINDOW_ENDS,
    blocked,
)
from avoir_referral_broker.prescriber.facts import F
from avoir_referral_broker.prescriber.parameters import P
from avoir_referral_broker.prescriber.tables import ASSESSMENT, unpaid_yet

recommended = Recommended(ASSESSMENT, F, N_("what the policy came to"))
recommended_clauses = RecommendedClauses(recommended, N_("clauses that the policy came to"))
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
        require(c.CONVENTION, unpaid_yet, ALREADY_PAID),
        rule(None, When(F.ruling.reason == "", blocked(N_("a reason for the ruling")))),
        rule(
            None,
            When(second_ruling, SECOND_RULING),
            When(F.ruling.decision == RulingDecision.APPROVE, RULED_FEE),
            When(F.ruling.decision == RulingDecision.REFUSE, RULED_REFUSAL),
        ),
        otherwise(None, REVIEW),
    ),
    moment=F.event.at,
    impossible=checks.ASSESSING,
    deadlines=(WINDOW_ENDS,),
    asks=(F.ruling.decision, F.ruling.reason),
    review=REVIEW,
    besides=recommended_clauses,
)
