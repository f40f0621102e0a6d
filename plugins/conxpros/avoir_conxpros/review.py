"""The tables of a review: a denied request is looked at once more, and then it is final."""

from __future__ import annotations

from dataclasses import replace

from avoir.clauses import Cure, Effect, Outcome, Table, When, otherwise, rule
from avoir.conditions import ALWAYS
from avoir.messages import N_
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import Channel, ReviewResult
from avoir_conxpros.effects import (
    BLOCK,
    FINAL_CREDIT,
    FINAL_DENIAL,
    IMPOSSIBLE_EVENT,
    IS_FINAL,
    NOTHING_TO_DO,
    UNDER_REVIEW,
    unmoved,
)
from avoir_conxpros.facts import F
from avoir_conxpros.measures import recorded
from avoir_conxpros.parameters import P, ReviewOfPartial
from avoir_conxpros.states import FINAL, S

partially = recorded == S.PARTIALLY_CREDITED
under_review = recorded == S.UNDER_REVIEW

NOT_DENIED = BLOCK.wanting(N_("a denied decision"))
NOT_BY_MANAGER = replace(
    BLOCK,
    cure=Cure.RESUBMIT,
    precondition=N_("a request through the account manager"),
    advice=N_("contact your account manager"),
)
TO_A_PERSON = Effect(Outcome.MANUAL_REVIEW, S.UNDER_REVIEW, cites=(c.GENUINE,))

REVIEW_REQUEST = Table(
    "review_request",
    (
        rule(c.FINAL, *unmoved(IS_FINAL.citing(c.REVIEW), *FINAL)),
        rule(
            c.REVIEW,
            *unmoved(NOTHING_TO_DO, S.UNDER_REVIEW),
            *unmoved(
                NOT_DENIED.citing(c.PARTIAL_DIFF),
                S.PARTIALLY_CREDITED,
                when=P.review_of_partial == ReviewOfPartial.REFUSE,
            ),
            *unmoved(
                NOT_BY_MANAGER,
                S.DENIED,
                S.DENIED_LATE,
                S.REVERSED,
                S.PARTIALLY_CREDITED,
                when=F.event.via != Channel.ACCOUNT_MANAGER,
            ),
            When(recorded.one_of(S.DENIED, S.DENIED_LATE), UNDER_REVIEW),
            When(recorded == S.REVERSED, UNDER_REVIEW.citing(c.REVERSAL)),
            When(
                partially & (P.review_of_partial == ReviewOfPartial.ALLOW),
                UNDER_REVIEW.citing(c.PARTIAL_DIFF),
            ),
            When(partially, TO_A_PERSON.citing(c.PARTIAL_DIFF)),
            *unmoved(NOT_DENIED, S.CREDITED, S.CREDITED_PROACTIVELY),
            *unmoved(NOT_DENIED.citing(c.DEN_EARLY_NONCONTACT), S.DENIED_EARLY),
            When(ALWAYS, NOT_DENIED),
        ),
    ),
    moment=F.event.at,
    impossible=IMPOSSIBLE_EVENT,
)
REVIEW_DECISION = Table(
    "review_decision",
    (
        rule(
            c.FINAL,
            *unmoved(IS_FINAL.citing(c.REVIEW), *FINAL),
            When(under_review & (F.event.result == ReviewResult.APPROVED), FINAL_CREDIT),
            When(under_review & (F.event.result == ReviewResult.DENIED), FINAL_DENIAL),
        ),
        otherwise(c.REVIEW, BLOCK.wanting(N_("a review that was asked for"))),
    ),
    moment=F.event.at,
    impossible=IMPOSSIBLE_EVENT,
    asks=(F.event.result,),
)
