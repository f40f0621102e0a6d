"""The tables of the acts around a request: a purchase, a top-up, a sale, a word to the manager."""

from __future__ import annotations

from avoir.clauses import (
    Cure,
    Effect,
    NoticeRule,
    Outcome,
    PostingRule,
    Table,
    When,
    impossible,
    otherwise,
    require,
    rule,
)
from avoir.conditions import known, stated
from avoir.dates import day
from avoir.facts import unit_of
from avoir.messages import N_
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.effects import CAD, NO_FORM, WINDOW_CLOSES, WINDOW_OPENS
from avoir_xpertsource.facts import Channel, F
from avoir_xpertsource.measures import answer_due
from avoir_xpertsource.states import S
from avoir_xpertsource.table import IMPOSSIBLE_PRICE

as_of_day = day(F.as_of)
answered = stated(F.answer_received_at <= F.as_of)

MANAGER_CONTACTED = NoticeRule(
    "contact_account_manager",
    "manager",
    N_("A professional is waiting for an answer that is overdue."),
)
TOO_EARLY = Effect(
    Outcome.BLOCKED,
    cites=(c.ESCALATE_MANAGER,),
    cure=Cure.RESUBMIT,
    precondition=N_("the end of the time to answer"),
)
ANSWERED = Effect(
    Outcome.BLOCKED, cites=(c.ESCALATE_MANAGER,), precondition=N_("a request without an answer")
)

PURCHASE = Table(
    "purchase",
    (
        otherwise(
            None,
            Effect(
                Outcome.RECORDED,
                S.WAITING_PERIOD,
                amount=F.lead.price_paid,
                postings=(
                    PostingRule("lead_purchase", "professional:balance", "house:lead_revenue"),
                ),
            ),
        ),
    ),
    moment=F.lead.purchased_at,
    impossible=IMPOSSIBLE_PRICE,
    deadlines=(WINDOW_OPENS, WINDOW_CLOSES),
)
TOP_UP = Table(
    "top_up",
    (
        otherwise(
            None,
            Effect(
                Outcome.RECORDED,
                amount=F.top_up,
                postings=(PostingRule("top_up", "house:top_ups", "professional:balance"),),
            ),
        ),
    ),
    moment=F.as_of,
    impossible=(
        impossible(
            unit_of(F.top_up) != CAD.code,
            unit_of(F.top_up),
            N_("differs from the unit of the account ({unit})"),
            unit=CAD.code,
        ),
    ),
)
CONVERSION = Table(
    "conversion",
    (otherwise(c.CONVERSION_1IN5, Effect(Outcome.RECORDED)),),
    moment=F.as_of,
)
ESCALATION = Table(
    "escalation",
    (
        rule(
            c.FORM,
            When(
                ~known(F.request.submitted_at) | stated(F.request.channel != Channel.PORTAL_FORM),
                NO_FORM,
            ),
        ),
        require(c.RESPONSE_5BD, as_of_day > answer_due, TOO_EARLY),
        rule(c.RESPONSE_5BD, When(answered, ANSWERED)),
        otherwise(
            c.ESCALATE_MANAGER,
            Effect(Outcome.RECORDED, S.UNDER_EXAMINATION, notices=(MANAGER_CONTACTED,)),
        ),
    ),
    moment=F.as_of,
)
