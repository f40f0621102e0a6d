"""The decision table of a ruling: a named person settles what the policy left to one."""

from __future__ import annotations

from avoir.clauses import Clause, Table, When, otherwise, require, rule
from avoir.conditions import is_true, stated
from avoir.decisions import Recommended, RecommendedClauses
from avoir.measures import measure
from avoir.messages import N_
from avoir.rulings import wants_a_second
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import RulingDecision
from avoir_conxpros.effects import (
    BEFORE_DELIVERY,
    BLOCK,
    NOTHING_TO_DO,
    REVIEW,
    RULED_CREDIT,
    RULED_DENIAL,
    RULED_PARTIAL,
    SECOND_RULING,
    unmoved,
)
from avoir_conxpros.facts import F
from avoir_conxpros.grounds import eligible, wrong_category
from avoir_conxpros.measures import filled
from avoir_conxpros.parameters import P
from avoir_conxpros.states import CREDITED, S
from avoir_conxpros.table import REQUEST

approve = F.ruling.decision == RulingDecision.APPROVE
second_ruling = wants_a_second(
    P.four_eyes,
    F.previous_rulings,
    F.ruling.by,
    F.ruling.decision,
    approve=RulingDecision.APPROVE,
    refuse=RulingDecision.REFUSE,
)
only_the_difference = stated(wrong_category) & stated(eligible)

recommendation = Recommended(REQUEST, F, N_("what the policy came to"))
recommended_clauses = RecommendedClauses(recommendation, N_("clauses that the policy came to"))


@measure(recommended_clauses, label=N_("clauses that are ruled on"))
def ruled_on(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """What the policy left to a person; whether an amount is due is for the ruling to say."""
    return tuple(clause for clause in clauses if clause not in (c.CREDIT_BALANCE, c.PARTIAL_DIFF))


RULING = Table(
    "ruling",
    (
        rule(None, *unmoved(NOTHING_TO_DO.citing(c.CREDIT_BALANCE), *CREDITED, S.FINAL_APPROVED)),
        require(
            c.DECISION_EMAIL,
            is_true(filled(F.ruling.by)) & is_true(filled(F.ruling.reason)),
            BLOCK.wanting(N_("a named reviewer and a reason for the ruling")),
        ),
        rule(
            c.DECISION_EMAIL,
            When(second_ruling, SECOND_RULING),
            When(approve & only_the_difference, RULED_PARTIAL),
            When(approve, RULED_CREDIT),
            When(F.ruling.decision == RulingDecision.REFUSE, RULED_DENIAL),
        ),
        otherwise(c.GENUINE, REVIEW),
    ),
    moment=F.event.at,
    impossible=(*REQUEST.impossible, BEFORE_DELIVERY),
    asks=(F.ruling.by, F.ruling.decision, F.ruling.reason, F.findings.actual_category_cost),
    review=REVIEW,
    besides=ruled_on,
)
