"""What the rows of the tables do: outcomes, states, the fee, deadlines, notices."""

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
from avoir.conditions import ALWAYS, is_true, stated
from avoir.dates import day, years
from avoir.messages import N_
from avoir.rulings import A_SECOND
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber.facts import F
from avoir_referral_broker.prescriber.measures import (
    attaching_at,
    fee,
    household,
    known_otherwise,
    out_of_order,
    recorded_at,
    window_ends,
)
from avoir_referral_broker.prescriber.parameters import P
from avoir_referral_broker.prescriber.states import S

BALANCE, FEES = "prescriber:balance", "house:prescriber_fees"

KNOWN_NOTICE = NoticeRule(
    "not_remunerable_known",
    "prescriber",
    N_("The contact was known before you sent it: you will not be paid for it."),
)
SECOND_NOTICE = NoticeRule(
    "not_remunerable_second",
    "prescriber",
    N_("Another prescriber sent the contact before you: you will not be paid for it."),
)
PAID_NOTICE = NoticeRule("remunerated", "prescriber", N_("You were paid for a contact you sent."))

RUNNING: Final = frozenset({S.ATTACHED, S.ATTACHED_NO_CONVENTION, S.ATTACHED_PTZ})
"""States in which a transformation may still come to be paid."""

WINDOW_ENDS = DeadlineRule(
    "remuneration_window_ends",
    N_("last day for a transformation that pays"),
    window_ends,
    c.ONE_YEAR,
    RUNNING,
    frozenset({S.REMUNERABLE, S.WINDOW_EXPIRED, S.UNDER_REVIEW}),
)
WINDOW_OF_THE_ATTACHED = replace(WINDOW_ENDS, on=day(attaching_at) + years(P.window_years))
"""The same in the table of the act that attaches, which is on no record yet."""
WINDOW_ON_RECORD = replace(WINDOW_ENDS, on=day(recorded_at) + years(P.window_years))
"""The same in whichever act leaves a record."""

# -- attaching -------------------------------------------------------------------------------

ATTACHED = Effect(Outcome.RECORDED, S.ATTACHED, cites=(c.CRM_DATE, c.LASTING))
WITHOUT_CONVENTION = replace(
    ATTACHED, state=S.ATTACHED_NO_CONVENTION, cites=(c.ALWAYS_ATTACH, *ATTACHED.cites)
)
WITH_PTZ = replace(
    ATTACHED,
    state=S.ATTACHED_PTZ,
    cites=(c.ALWAYS_ATTACH, c.PARTNER_KINDS, *ATTACHED.cites),
)
UNPAID_KNOWN = Effect(
    Outcome.RECORDED,
    S.ATTACHED_NOT_REMUNERABLE,
    cites=(c.INFORM_UPFRONT, c.ALWAYS_ATTACH),
    notices=(KNOWN_NOTICE,),
)
UNPAID_SECOND = replace(
    UNPAID_KNOWN,
    cites=(c.INFORM_UPFRONT, c.ALWAYS_ATTACH, c.CRM_DATE),
    notices=(SECOND_NOTICE,),
)
NOTHING_TO_DO = Effect(Outcome.UNCHANGED)
RECORDED = Effect(Outcome.RECORDED)


def blocked(precondition: str) -> Effect:
    """Not possible: a precondition is missing, and nothing changes."""
    return Effect(Outcome.BLOCKED, company=Company.ALONE, precondition=precondition)


# -- assessing -------------------------------------------------------------------------------

REFUSE = Effect(Outcome.REFUSED, S.NOT_REMUNERABLE)
REFUSE_KNOWN = replace(REFUSE, cites=(c.INFORM_UPFRONT,), notices=(KNOWN_NOTICE,))
REFUSE_SECOND = replace(REFUSE, cites=(c.CRM_DATE, c.INFORM_UPFRONT), notices=(SECOND_NOTICE,))
NEVER_ATTACHED = Effect(
    Outcome.REFUSED, S.NOT_ATTACHED, cites=(c.ALWAYS_ATTACH,), company=Company.ALONE
)
NO_CONVENTION = Effect(
    Outcome.REFUSED,
    S.ATTACHED_NO_CONVENTION,
    cites=(c.ATTACH_NO_CONVENTION,),
    cure=Cure.RESUBMIT,
    advice=N_("sign a convention with a fee"),
)
PTZ_ONLY = replace(NO_CONVENTION, state=S.ATTACHED_PTZ, cites=(c.CONVENTION, c.ATTACH_PTZ))
EXPIRED = Effect(Outcome.REFUSED, S.WINDOW_EXPIRED, cites=(c.CRM_DATE,))
NOT_YET = Effect(
    Outcome.BLOCKED,
    S.ATTACHED,
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    cites=(c.CRM_DATE,),
    precondition=N_("a transformation of the file on record"),
)
ALREADY_PAID = Effect(Outcome.REFUSED, S.ALREADY_PAID, company=Company.ALONE)
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.UNDER_REVIEW)
SECOND_RULING = REVIEW.citing(c.CONVENTION).wanting(A_SECOND)

REMUNERATE = Effect(
    Outcome.APPROVED,
    S.REMUNERABLE,
    amount=fee,
    amount_clause=c.CONVENTION,
    postings=(PostingRule("prescriber_remuneration", FEES, BALANCE),),
    at_once=~ALWAYS,
    waits_for=Effective.ON_PAYMENT,
    reserved=S.REMUNERABLE,
)
"""The fee is proposed; it is booked when it is paid."""

PAY = Effect(
    Outcome.RECORDED,
    S.PAID,
    amount=F.remuneration.due,
    amount_clause=c.CONVENTION,
    postings=REMUNERATE.postings,
    notices=(PAID_NOTICE,),
)

RULED_FEE = replace(REMUNERATE, mode=Mode.RULING)
RULED_REFUSAL = replace(
    REFUSE,
    company=Company.ALONE,
    mode=Mode.RULING,
    notices=(
        replace(KNOWN_NOTICE, only_if=stated(known_otherwise)),
        replace(
            SECOND_NOTICE,
            only_if=~stated(known_otherwise) & (stated(out_of_order) | is_true(household)),
        ),
    ),
)
"""Refused by a person; the prescriber is told why, where the terms have a word for it."""
