"""The tables by which a credit may be taken back: information that contradicts it, a decision."""

from __future__ import annotations

from avoir.clauses import Effect, Outcome, Table, When, rule
from avoir.conditions import ALWAYS, stated
from avoir.messages import N_
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import Basis, Informant
from avoir_conxpros.effects import (
    BLOCK,
    IMPOSSIBLE_EVENT,
    IS_FINAL,
    NOTHING_TO_DO,
    REVERSE,
    unmoved,
)
from avoir_conxpros.facts import F
from avoir_conxpros.measures import recorded
from avoir_conxpros.states import CREDITED, FINAL, S

from_homeowner = F.event.source == Informant.HOMEOWNER
another_basis = stated(F.event.basis == Basis.OTHER)

TO_A_PERSON = Effect(Outcome.MANUAL_REVIEW)
NO_CREDIT = BLOCK.wanting(N_("a credit that was granted"))
NO_BASIS = BLOCK.wanting(N_("information from the homeowner that contradicts the credit"))

CONTRADICTION = Table(
    "contradiction",
    (
        rule(c.FINAL, *unmoved(IS_FINAL.citing(c.REVERSAL), *FINAL)),
        rule(
            c.REVERSAL,
            *unmoved(NOTHING_TO_DO, *CREDITED, when=~from_homeowner),
            *unmoved(TO_A_PERSON, *CREDITED),
            When(ALWAYS, NO_CREDIT),
        ),
    ),
    moment=F.event.at,
    impossible=IMPOSSIBLE_EVENT,
    asks=(F.event.source,),
)
REVERSAL = Table(
    "reversal",
    (
        rule(c.FINAL, *unmoved(IS_FINAL.citing(c.REVERSAL), *FINAL)),
        rule(
            c.REVERSAL,
            *unmoved(NOTHING_TO_DO, S.REVERSED),
            *unmoved(NO_BASIS, *CREDITED, when=~from_homeowner | another_basis),
            When(recorded.one_of(*CREDITED), REVERSE),
            When(ALWAYS, NO_CREDIT),
        ),
    ),
    moment=F.event.at,
    impossible=IMPOSSIBLE_EVENT,
    asks=(F.event.source, F.event.basis),
)
