"""The decision table of a ruling: a named person settles a refund that waits for one."""

from __future__ import annotations

from dataclasses import replace

from avoir.clauses import Mode, Table, When, otherwise, require, rule
from avoir.conditions import is_true
from avoir.messages import N_
from avoir.rulings import A_SECOND, wants_a_second
from avoir_cronoshare import catalogue as c
from avoir_cronoshare.effects import ASK, REFUSE, REVIEW, blocked
from avoir_cronoshare.facts import F, RulingDecision
from avoir_cronoshare.parameters import P
from avoir_cronoshare.states import S
from avoir_cronoshare.tables import DEADLINES, granted

TO_A_PERSON = replace(REVIEW, state=S.MANAGE)
SECOND_RULING = TO_A_PERSON.citing(c.MANUAL).wanting(A_SECOND)

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
        require(
            c.NOT_CHOSEN,
            is_true(F.contact.awaits_ruling),
            blocked(N_("a refund that waits for a person")),
        ),
        require(c.MANUAL, F.ruling.reason != "", blocked(N_("a reason for the ruling"))),
        rule(
            c.NOT_CHOSEN,
            When(second_ruling, SECOND_RULING),
            *granted(F.ruling.decision == RulingDecision.APPROVE),
            When(F.ruling.decision == RulingDecision.REFUSE, replace(REFUSE, mode=Mode.RULING)),
        ),
        otherwise(c.NOT_CHOSEN, TO_A_PERSON),
    ),
    moment=F.event.at,
    deadlines=DEADLINES,
    asks=(F.ruling.decision, F.ruling.reason),
    asking=ASK,
    review=TO_A_PERSON,
)
