"""What rows lead to: effects, with the notices, deadlines and postings that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    Effective,
    Mode,
    NoticeRule,
    Outcome,
    PostingRule,
)
from avoir.conditions import ALWAYS, Constant
from avoir.messages import N_
from avoir.rulings import A_SECOND
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.clock import analysis_due
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    commission,
    documents_to_collect,
    documents_to_supply,
    range_ends_wanting,
    stop_factors_to_look_for,
)
from avoir_referral_broker.partner.parameters import P
from avoir_referral_broker.partner.states import S

BALANCE: Final = "partner:balance"
COMMISSIONS: Final = "house:partner_commissions"

DOCUMENTS_WANTED = NoticeRule(
    "additional_documents_requested",
    "partner",
    N_("The team needs further documents for its analysis."),
)
AGREE_SUM = NoticeRule(
    "agree_sum", "partner", N_("Agree the lower end of the range with your client.")
)
SIGN_ELECTRONICALLY = NoticeRule(
    "sign_contract",
    "client",
    N_("Your contract was sent by electronic document exchange: please sign it there."),
)
SIGN_ON_PAPER = NoticeRule(
    "sign_contract",
    "client",
    N_("Your contract was emailed: print it, sign it and email the scan back in reply."),
)
ACTIONS_REQUIRED = NoticeRule(
    "actions_required", "client", N_("The team tells you what to do next for your loan.")
)
WORK_COMPLETED = NoticeRule(
    "work_completed", "partner", N_("Your client received the loan: the work is completed.")
)
INVOICED = NoticeRule("invoice", "client", N_("The broker’s commission was invoiced to you."))
COMMISSION_PAID = NoticeRule("commission_paid", "partner", N_("Your commission was paid."))

ANALYSIS_DUE = DeadlineRule(
    "analysis_due",
    N_("end of the team’s analysis"),
    analysis_due,
    c.TWO_DAYS,
    # while documents are awaited there is no such day, unless the clock runs on
    frozenset({S.TEAM_ANALYSIS, S.AWAITING_ADDITIONAL_DOCUMENTS}),
    frozenset({S.TEAM_ANALYSIS_OVERDUE}),
    calendar=P.calendar,
)
PARTNER_COMMISSION = PostingRule("partner_commission", COMMISSIONS, BALANCE)

NEVER = ~ALWAYS

BLOCK = Effect(Outcome.BLOCKED, cure=Cure.RESUBMIT)
"""Not possible yet; once what is missing is done, the act may be tried again."""
DONE_BEFORE = Effect(Outcome.UNCHANGED)
ASK = Effect(Outcome.NEEDS_INFORMATION)
THE_DOCUMENTS = ASK.asking(Constant((F.event.documents.path,)))
"""Nothing is unknown, but documents are missing: they are asked for."""


def recorded(state: S | None = None) -> Effect:
    """An act accepted, and the state that it leads to."""
    return Effect(Outcome.RECORDED, state)


# -- the client ------------------------------------------------------------------------------

FOUND = recorded(S.FOUND).citing(c.DATE, c.SUPPORT)
ANSWERED = recorded().advising(N_("answer with the guide to questions about the service"))
DOCUMENTS_MISSING = replace(THE_DOCUMENTS, state=S.PRESENTED, lacking=documents_to_collect)
CRITERIA_NOT_MET = Effect(Outcome.REFUSED, S.PRELIMINARY_FAILED, lacking=P.criteria)
STOPPED = Effect(Outcome.REFUSED, S.PRELIMINARY_FAILED, lacking=stop_factors_to_look_for)
PASSED = recorded(S.PRELIMINARY_PASSED)

# -- the analysis and the range --------------------------------------------------------------

THREAD_OPEN = recorded(S.THREAD_OPEN).citing(c.UPLOAD)
UPLOADED = recorded(S.TEAM_ANALYSIS).citing(c.THREAD, c.TWO_DAYS)
UPLOADS_MISSING = replace(THE_DOCUMENTS, state=S.THREAD_OPEN)
ANALYSED = recorded(S.TEAM_ANALYSIS)
DOCUMENTS_REQUESTED = replace(
    recorded(S.AWAITING_ADDITIONAL_DOCUMENTS), notices=(DOCUMENTS_WANTED,)
)
SUPPLIED = recorded(S.TEAM_ANALYSIS).citing(c.TWO_DAYS)
STILL_AWAITED = replace(
    THE_DOCUMENTS, state=S.AWAITING_ADDITIONAL_DOCUMENTS, lacking=documents_to_supply
)
RANGE_WANTED = ASK.asking(range_ends_wanting)
RANGE_GIVEN = recorded(S.AWAITING_CLIENT_AGREEMENT).citing(c.FROM, c.TO)
RANGE_TO_AGREE = replace(RANGE_GIVEN.citing(c.FORK), notices=(AGREE_SUM,))
OBJECTING = recorded(S.OBJECTIONS).advising(
    N_("answer with the guide to objections to the range, then ask the client again")
)
RANGE_EXPLAINED = replace(OBJECTING, state=None)
AGREED = recorded(S.AGREED)

# -- the contract and the loan ---------------------------------------------------------------

SENT_ELECTRONICALLY = replace(
    recorded(S.CONTRACT_SENT).citing(c.EDO, c.NOTIFY_TO_SIGN), notices=(SIGN_ELECTRONICALLY,)
)
SENT_BY_EMAIL = replace(
    recorded(S.CONTRACT_SENT).citing(c.EDO, c.NOTIFY_TO_SIGN, c.NO_EDO), notices=(SIGN_ON_PAPER,)
)
SUPPORTED = replace(recorded(S.SUPPORT).citing(c.UNTIL_APPROVAL), notices=(ACTIONS_REQUIRED,))
APPROVED = recorded(S.APPROVED_AWAITING_FUNDS)
REFUSED_BY_BANK = recorded(S.LOAN_REFUSED).advising(
    N_("the deal ends here, and without a commission")
)
NOT_RECEIVED = replace(
    BLOCK.citing(c.UNTIL_APPROVAL),
    state=S.APPROVED_AWAITING_FUNDS,
    precondition=N_("loan received"),
)
COMPLETED = replace(
    recorded(S.COMPLETED_AWAITING_PAYMENT).citing(c.ACT, c.INVOICE),
    notices=(WORK_COMPLETED, INVOICED),
)

# -- the commission --------------------------------------------------------------------------

NOT_PAID = replace(
    BLOCK, state=S.COMPLETED_AWAITING_PAYMENT, precondition=N_("client commission paid")
)
NOT_HANDED_IN = replace(
    BLOCK, state=S.COMPLETED_AWAITING_ACT, precondition=N_("signed act provided")
)
DUE = Effect(
    Outcome.APPROVED,
    S.COMMISSION_DUE,
    amount=commission,
    amount_clause=c.COMMISSION,
    postings=(PARTNER_COMMISSION,),
    at_once=NEVER,
    waits_for=Effective.ON_PAYMENT,
    reserved=S.COMMISSION_DUE,
)
"""A proposal: nothing is booked before it is paid."""
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.UNDER_REVIEW, cites=(c.COMMISSION,))
SECOND_RULING = REVIEW.wanting(A_SECOND)
RULED_DUE = replace(DUE, mode=Mode.RULING)
RULED_REFUSAL = Effect(
    Outcome.REFUSED, S.COMMISSION_REFUSED, company=Company.ALONE, mode=Mode.RULING
)
PAID = Effect(
    Outcome.RECORDED,
    S.COMMISSION_PAID,
    amount=F.commission.due,
    amount_clause=c.COMMISSION,
    postings=(PARTNER_COMMISSION,),
    notices=(COMMISSION_PAID,),
)
