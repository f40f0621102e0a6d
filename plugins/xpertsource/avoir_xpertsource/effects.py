"""What rows lead to: effects, with the notices, deadlines and postings that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    Mode,
    NoticeRule,
    Outcome,
    PostingRule,
)
from avoir.conditions import ALWAYS, is_true, stated
from avoir.messages import N_
from avoir.money import Unit
from avoir.rulings import A_SECOND
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.facts import Channel, F, Remedy
from avoir_xpertsource.measures import answer_due, credit, last_day, opening_day
from avoir_xpertsource.parameters import P
from avoir_xpertsource.states import S

CAD: Final = Unit("CAD", 2)

bank_refund = stated(F.requested_remedy == Remedy.BANK_REFUND)

# a request that is looked at again, once more is known, was received before
comes_in = ~stated(F.request.channel != Channel.PORTAL_FORM) & ~stated(
    F.as_of > F.request.submitted_at
)

RECEIVED = NoticeRule(
    "request_received",
    "professional",
    N_("Your credit request was received."),
    comes_in,
)
DECIDED = NoticeRule("decision", "professional", N_("Your credit request was decided."))
CREDIT_ONLY = NoticeRule(
    "credit_only",
    "professional",
    N_("XpertSource grants credits on your account, never payments."),
    bank_refund & comes_in,
)
WINDOW_OPENS = DeadlineRule(
    "request_window_opens",
    N_("first day for a request"),
    opening_day,
    c.DELAY_MIN,
    frozenset({S.WAITING_PERIOD, S.REFUSED_PREMATURE}),
)
WINDOW_CLOSES = DeadlineRule(
    "request_window_closes",
    N_("last day for a request"),
    last_day,
    c.WINDOW_MONTH,
    frozenset({S.WAITING_PERIOD, S.CLAIMABLE, S.REFUSED_PREMATURE, S.REFUSED_INCOMPLETE_STEPS}),
    frozenset({S.FORM_REQUIRED}),
)
ANSWER_DUE = DeadlineRule(
    "answer_due",
    N_("answer due"),
    answer_due,
    c.RESPONSE_5BD,
    frozenset({S.UNDER_EXAMINATION}),
    calendar=P.calendar,
)
LEAD_CREDIT = PostingRule("lead_credit", "house:lead_credits", "professional:balance")

NEVER = ~ALWAYS

CREDIT = Effect(
    Outcome.APPROVED,
    S.APPROVED,
    amount=credit,
    amount_clause=c.CREDIT_AMOUNT,
    postings=(LEAD_CREDIT,),
    notices=(DECIDED,),
    mode=Mode.RECOMMENDATION,
    at_once=is_true(P.auto_approve),
    reserved=S.UNDER_EXAMINATION,
)
COMMIT = Effect(
    Outcome.APPROVED,
    S.APPROVED,
    amount=credit,
    amount_clause=c.CREDIT_AMOUNT,
    postings=(LEAD_CREDIT,),
    notices=(DECIDED,),
    mode=Mode.COMMITMENT,
    at_once=is_true(P.auto_approve),
    reserved=S.UNDER_EXAMINATION,
)
REFUSE = Effect(
    Outcome.REFUSED,
    S.REFUSED,
    notices=(DECIDED,),
    mode=Mode.RECOMMENDATION,
    at_once=NEVER,
    reserved=S.UNDER_EXAMINATION,
)
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.UNDER_EXAMINATION, cites=(c.DISCRETION,))
ASK = Effect(Outcome.NEEDS_INFORMATION, S.AWAITING_INFORMATION)
NO_FORM = Effect(
    Outcome.BLOCKED,
    S.FORM_REQUIRED,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    cites=(c.ESCALATE_MANAGER,),
    precondition=N_("the form in the portal"),
    advice=N_("fill in the credit request form in your portal"),
)
CLOSED = Effect(
    Outcome.REFUSED,
    S.OUT_OF_TIME,
    notices=(DECIDED,),
    company=Company.ALONE,
    at_once=is_true(P.auto_refuse_inadmissible),
    reserved=S.UNDER_EXAMINATION,
)
PREMATURE = Effect(
    Outcome.REFUSED,
    S.REFUSED_PREMATURE,
    notices=(DECIDED,),
    cure=Cure.RESUBMIT,
    at_once=is_true(P.auto_refuse_inadmissible),
    reserved=S.UNDER_EXAMINATION,
)
INCOMPLETE = Effect(
    Outcome.REFUSED,
    S.REFUSED_INCOMPLETE_STEPS,
    cites=(c.STEPS_BEFORE,),
    notices=(DECIDED,),
    cure=Cure.RESUBMIT,
    at_once=is_true(P.auto_refuse_inadmissible),
    reserved=S.UNDER_EXAMINATION,
)
NO_MONEY = Effect(
    Outcome.REFUSED,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    advice=N_("ask for a credit on your account instead"),
    at_once=is_true(P.auto_refuse_inadmissible),
    reserved=S.UNDER_EXAMINATION,
)
CREDITED_BEFORE = Effect(Outcome.REFUSED, S.ALREADY_CREDITED, company=Company.ALONE)
RULED_CREDIT = Effect(
    Outcome.APPROVED,
    S.APPROVED,
    amount=credit,
    amount_clause=c.CREDIT_AMOUNT,
    postings=(LEAD_CREDIT,),
    notices=(DECIDED,),
    mode=Mode.RULING,
)
RULED_REFUSAL = Effect(
    Outcome.REFUSED, S.REFUSED, notices=(DECIDED,), company=Company.ALONE, mode=Mode.RULING
)
RULED_PREMATURE = replace(RULED_REFUSAL, state=S.REFUSED_PREMATURE, cure=Cure.RESUBMIT)
RULED_INCOMPLETE = replace(RULED_REFUSAL, state=S.REFUSED_INCOMPLETE_STEPS, cure=Cure.RESUBMIT)
SECOND_LOOK = Effect(Outcome.MANUAL_REVIEW, S.UNDER_EXAMINATION, cites=(c.DISCRETION,))
SECOND_RULING = SECOND_LOOK.wanting(A_SECOND)
