"""The tables: which clause, under which condition, has which effect; in order of precedence."""

from __future__ import annotations

from acme_leads import catalogue as c
from acme_leads.facts import F, Ground, Verdict
from acme_leads.measures import answered, calls, given_back, last_day, returned_on
from acme_leads.parameters import P
from acme_leads.states import S
from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    NoticeRule,
    Outcome,
    PostingRule,
    Table,
    When,
    ground,
    impossible,
    otherwise,
    require,
    rule,
)
from avoir.conditions import is_false, stated
from avoir.messages import N_

WINDOW_CLOSES = DeadlineRule(
    "return_window_closes",
    N_("last day for a return"),
    last_day,
    c.WINDOW,
    stands_in=frozenset({S.DELIVERED, S.CALLS_MISSING}),
)
DECIDED = NoticeRule("decision", "professional", N_("Your return was decided."))

SOLD = Effect(
    Outcome.RECORDED,
    S.DELIVERED,
    amount=F.lead.price,
    postings=(PostingRule("lead_sale", "professional:tokens", "house:lead_sales"),),
)
TAKE_BACK = Effect(
    Outcome.APPROVED,
    S.RETURNED,
    amount=given_back,
    amount_clause=c.AMOUNT,
    postings=(PostingRule("lead_return", "house:lead_sales", "professional:tokens"),),
    notices=(DECIDED,),
)
REFUSE = Effect(Outcome.REFUSED, S.REFUSED, notices=(DECIDED,))
TOO_LATE = Effect(Outcome.REFUSED, S.REFUSED, notices=(DECIDED,), company=Company.ALONE)
CALL_AGAIN = Effect(Outcome.REFUSED, S.CALLS_MISSING, notices=(DECIDED,), cure=Cure.RESUBMIT)
SETTLED = Effect(Outcome.REFUSED, company=Company.ALONE)
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.UNDER_REVIEW, cites=(c.PERSON,))

claim = F.request.ground
unreachable = claim == Ground.UNREACHABLE
once = rule(c.ONCE, When(stated(F.lead.returned_before), SETTLED))

DELIVERY = Table(
    "delivery",
    (otherwise(None, SOLD),),
    moment=F.lead.delivered_at,
    deadlines=(WINDOW_CLOSES,),
)
RETURN = Table(
    "return",
    (
        once,
        require(c.WINDOW, returned_on <= last_day, TOO_LATE),
        ground(
            c.WRONG_NUMBER,
            When(is_false(F.check.number_works), TAKE_BACK),
            claimed=claim == Ground.WRONG_NUMBER,
        ),
        require(c.CALLS, calls >= P.min_calls, CALL_AGAIN, only_if=unreachable),
        ground(
            c.UNREACHABLE,
            When(is_false(answered), TAKE_BACK),
            claimed=unreachable,
            only_if=unreachable,
        ),
        otherwise(c.NO_SALE, REFUSE),
    ),
    moment=F.request.submitted_at,
    impossible=(
        impossible(
            F.request.submitted_at < F.lead.delivered_at,
            F.request.submitted_at,
            N_("is before {other}"),
            c.WINDOW,
            other="lead.delivered_at",
        ),
    ),
    deadlines=(WINDOW_CLOSES,),
    review=REVIEW,
)
RULING = Table(
    "ruling",
    (
        once,
        rule(c.PERSON, When(F.ruling.verdict == Verdict.TAKE_BACK, TAKE_BACK)),
        otherwise(c.PERSON, REFUSE),
    ),
    moment=F.request.submitted_at,
    asks=(F.ruling.verdict, F.ruling.reason),
    review=REVIEW,
)
