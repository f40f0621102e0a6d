"""What rows lead to: effects, with the notices, deadlines and postings that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    Floor,
    Mode,
    NoticeRule,
    Outcome,
    PostingRule,
    When,
    impossible,
    impossible_each,
)
from avoir.conditions import ALWAYS, Condition, stated
from avoir.facts import unit_of
from avoir.messages import N_
from avoir.rulings import A_SECOND
from avoir_conxpros import catalogue as c
from avoir_conxpros.asked import FIRST
from avoir_conxpros.choices import Channel
from avoir_conxpros.facts import USD, F
from avoir_conxpros.measures import (
    channel,
    credited_so_far,
    day_three,
    impossible_amounts,
    partial_credit,
    recorded,
    remaining,
    restored_credit,
    window_closes,
)
from avoir_conxpros.parameters import P
from avoir_conxpros.states import S

BALANCE: Final = "professional:balance"
REVENUE: Final = "house:lead_revenue"

RECEIVED = NoticeRule(
    "request_received",
    "professional",
    N_("Your credit request was received."),
    ~stated(channel.one_of(Channel.EMAIL, Channel.TELEPHONE)),
)
ACCEPTED = NoticeRule("decision_accepted", "professional", N_("Your credit request was accepted."))
REJECTED = NoticeRule(
    "decision_denied",
    "professional",
    N_("Your credit request was denied; the decision gives every reason."),
)
PROACTIVE = NoticeRule(
    "proactive_credit", "professional", N_("A lead was credited before you reported it.")
)
TAKEN_BACK = NoticeRule("reversed", "professional", N_("A credit was taken back."))
REVIEWED = NoticeRule(
    "review_decided", "professional", N_("The review of your credit request was decided.")
)

LEAD_DELIVERY = PostingRule("lead_delivery", BALANCE, REVENUE, floor=Floor.RESPECTED)
LEAD_CREDIT = PostingRule("lead_credit", REVENUE, BALANCE)
PROACTIVE_CREDIT = PostingRule("proactive_lead_credit", REVENUE, BALANCE)
CREDIT_REVERSAL = PostingRule(
    "credit_reversal", BALANCE, REVENUE, reverses=(LEAD_CREDIT.kind, PROACTIVE_CREDIT.kind)
)

WINDOW_CLOSES = DeadlineRule(
    "request_window_closes",
    N_("last day for a request"),
    window_closes,
    c.WINDOW_5D,
    frozenset({S.DELIVERED, S.DENIED_EARLY, S.AWAITING_INFORMATION}),
)
NON_CONTACT_OPENS = DeadlineRule(
    "non_contact_opens",
    N_("first day for a non-contact request"),
    day_three,
    c.DEN_EARLY_NONCONTACT,
    frozenset({S.DELIVERED, S.DENIED_EARLY}),
)
DECISION_TARGET = DeadlineRule(
    "decision_target",
    N_("decision aimed at"),
    FIRST.target,
    c.DECISION_3BD,
    frozenset({S.SUBMITTED}),
    calendar=P.calendar,
)
DECISION_EARLY = DeadlineRule(
    "decision_early",
    N_("decision possible from"),
    FIRST.early_target,
    c.DECISION_3BD,
    frozenset({S.SUBMITTED}),
    calendar=P.calendar,
)

CREDIT = Effect(
    Outcome.APPROVED,
    S.CREDITED,
    amount=remaining,
    amount_clause=c.CREDIT_BALANCE,
    cites=(c.DECISION_EMAIL,),
    postings=(LEAD_CREDIT,),
    notices=(ACCEPTED,),
)
PARTIAL = Effect(
    Outcome.PARTLY_APPROVED,
    S.PARTIALLY_CREDITED,
    amount=partial_credit,
    amount_clause=c.PARTIAL_DIFF,
    cites=(c.DECISION_EMAIL,),
    postings=(LEAD_CREDIT,),
    notices=(ACCEPTED,),
)
DENY = Effect(Outcome.REFUSED, S.DENIED, cites=(c.DECISION_EMAIL,), notices=(REJECTED,))
LATE = Effect(
    Outcome.REFUSED,
    S.DENIED_LATE,
    cites=(c.DEN_LATE, c.DECISION_EMAIL),
    notices=(REJECTED,),
    company=Company.ALONE,
)
EARLY = Effect(
    Outcome.REFUSED,
    S.DENIED_EARLY,
    cites=(c.DECISION_EMAIL,),
    notices=(REJECTED,),
    cure=Cure.RESUBMIT,
)
NO_CHANNEL = Effect(
    Outcome.BLOCKED,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    precondition=N_("a request in the dashboard or through the account manager"),
    advice=N_("file the request in your dashboard or through your account manager"),
)
ASK = Effect(Outcome.NEEDS_INFORMATION, S.AWAITING_INFORMATION)
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.SUBMITTED, cites=(c.GENUINE,))
SECOND_RULING = REVIEW.wanting(A_SECOND)
NO_SECOND_CREDIT = Effect(
    Outcome.UNCHANGED, cites=(c.CREDIT_BALANCE, c.DECISION_EMAIL), notices=(REJECTED,)
)
NOTHING_TO_DO = Effect(Outcome.UNCHANGED)
BLOCK = Effect(Outcome.BLOCKED, company=Company.ALONE)
CLOSED = replace(BLOCK, cites=(c.DECISION_EMAIL,), notices=(REJECTED,))
NOT_FINAL = N_("a decision that no review has made final")
IS_FINAL = BLOCK.wanting(NOT_FINAL)

PROACTIVELY_CREDITED = Effect(
    Outcome.APPROVED,
    S.CREDITED_PROACTIVELY,
    amount=remaining,
    amount_clause=c.CREDIT_BALANCE,
    cites=(c.PRO_NOTIFY,),
    postings=(PROACTIVE_CREDIT,),
    notices=(PROACTIVE,),
)
REVERSE = Effect(
    Outcome.REVERSED,
    S.REVERSED,
    amount=credited_so_far,
    postings=(CREDIT_REVERSAL,),
    notices=(TAKEN_BACK,),
)
UNDER_REVIEW = Effect(Outcome.RECORDED, S.UNDER_REVIEW)
FINAL_CREDIT = Effect(
    Outcome.APPROVED,
    S.FINAL_APPROVED,
    amount=restored_credit,
    amount_clause=c.CREDIT_BALANCE,
    cites=(c.REVIEW,),
    postings=(LEAD_CREDIT,),
    notices=(REVIEWED,),
)
FINAL_DENIAL = Effect(Outcome.REFUSED, S.FINAL_DENIED, cites=(c.REVIEW,), notices=(REVIEWED,))

RULED_CREDIT = replace(CREDIT, mode=Mode.RULING)
RULED_PARTIAL = replace(PARTIAL, mode=Mode.RULING)
RULED_DENIAL = replace(DENY, company=Company.ALONE, mode=Mode.RULING)


def unmoved(effect: Effect, *states: S, when: Condition = ALWAYS) -> tuple[When, ...]:
    """The effect in each of these states, which it leaves as it is."""
    return tuple(When((recorded == state) & when, replace(effect, state=state)) for state in states)


NOT_USD = impossible(
    unit_of(F.lead.cost) != USD.code,
    unit_of(F.lead.cost),
    N_("differs from the unit of the account ({unit})"),
    c.CREDIT_BALANCE,
    unit=USD.code,
)
IMPOSSIBLE_MATTER = (
    NOT_USD,
    impossible_each(impossible_amounts, N_("is no amount of the account"), c.CREDIT_BALANCE),
)
BEFORE_DELIVERY = impossible(
    F.event.at < F.lead.delivered_at, F.event.at, N_("is before {other}"), other="lead.delivered_at"
)
IMPOSSIBLE_EVENT = (*IMPOSSIBLE_MATTER, BEFORE_DELIVERY)
