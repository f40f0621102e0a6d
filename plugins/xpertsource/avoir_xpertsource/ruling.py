"""The decision table of a ruling: a named person confirms the recommendation or replaces it."""

from __future__ import annotations

from avoir.clauses import Company, Effect, Mode, Outcome, Table, When, otherwise, require, rule
from avoir.conditions import Situation, Term, is_true, known, stated
from avoir.decisions import Recommended, RecommendedClauses, RecommendedMode
from avoir.messages import N_
from avoir.rulings import wants_a_second
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.effects import (
    ANSWER_DUE,
    CREDITED_BEFORE,
    NO_FORM,
    REVIEW,
    RULED_CREDIT,
    RULED_INCOMPLETE,
    RULED_PREMATURE,
    RULED_REFUSAL,
    SECOND_LOOK,
    SECOND_RULING,
)
from avoir_xpertsource.facts import Channel, F, RulingDecision
from avoir_xpertsource.measures import credits_granted, refusals_by_another, signed_and_reasoned
from avoir_xpertsource.parameters import P
from avoir_xpertsource.states import S
from avoir_xpertsource.table import IMPOSSIBLE, REQUEST

recommendation = Recommended(REQUEST, F, N_("recommendation"))
recommended_mode = RecommendedMode(recommendation, N_("kind of recommendation"))
recommended_clauses = RecommendedClauses(recommendation, N_("clauses of the recommendation"))


class RecommendedState(Term[str]):
    """The state that the recommendation leads to."""

    __slots__ = ()
    label = N_("state that the recommendation leads to")

    def value(self, situation: Situation) -> str | None:
        return recommendation.decision(situation).state

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


recommended_state = RecommendedState()
approves = F.ruling.decision == RulingDecision.APPROVE
refuses = F.ruling.decision == RulingDecision.REFUSE
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
        rule(c.FORM, When(stated(F.request.channel != Channel.PORTAL_FORM), NO_FORM)),
        rule(c.CREDIT_AMOUNT, When(credits_granted >= 1, CREDITED_BEFORE)),
        require(
            c.DISCRETION,
            is_true(signed_and_reasoned),
            Effect(
                Outcome.BLOCKED,
                company=Company.ALONE,
                precondition=N_("a named reviewer and a reason for the ruling"),
            ),
        ),
        rule(
            c.ALREADY_CONTRACT,
            When(
                refuses & stated(recommended_mode == Mode.COMMITMENT) & (refusals_by_another < 1),
                SECOND_LOOK,
            ),
        ),
        rule(
            c.DISCRETION,
            When(second_ruling, SECOND_RULING),
            When(approves, RULED_CREDIT),
            # what is refused without prejudice stays so when a person confirms it
            When(refuses & stated(recommended_state == S.REFUSED_PREMATURE), RULED_PREMATURE),
            When(
                refuses & stated(recommended_state == S.REFUSED_INCOMPLETE_STEPS), RULED_INCOMPLETE
            ),
            When(refuses, RULED_REFUSAL),
            # always so: the record keeps the recommendation beside the ruling
            only_if=known(recommendation),
        ),
        otherwise(c.DISCRETION, REVIEW),
    ),
    moment=F.request.submitted_at,
    impossible=IMPOSSIBLE,
    deadlines=(ANSWER_DUE,),
    asks=(F.ruling.by, F.ruling.decision, F.ruling.reason),
    review=REVIEW,
    besides=recommended_clauses,
)
