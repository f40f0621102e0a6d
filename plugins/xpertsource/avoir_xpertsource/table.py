"""The decision table of a credit request, and that of a ruling, in order of precedence."""

from __future__ import annotations

from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Effect,
    Mode,
    NoticeRule,
    Outcome,
    PostingRule,
    Table,
    When,
    ground,
    impossible,
    impossible_each,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import ALWAYS, Constant, is_false, is_true, known, stated
from avoir.decisions import Recommended, RecommendedMode
from avoir.facts import unit_of
from avoir.messages import N_
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.facts import (
    Channel,
    F,
    Ground,
    ProjectStatus,
    Remedy,
    RulingDecision,
)
from avoir_xpertsource.measures import (
    answer_due,
    asked_on,
    attempts_before_purchase,
    calls,
    concealed_items,
    contract_limit,
    credit,
    credits_granted,
    emails,
    first_day,
    first_moment,
    last_day,
    preferred_hours_ignored,
    proven_emails,
    reached,
    refusals_by_another,
    taxes_add_up,
    unproven_emails,
    voicemails,
)
from avoir_xpertsource.parameters import BankRefund, Cured, P, WaitCount
from avoir_xpertsource.states import S

request, evidence, claim = F.request, F.evidence, F.request.ground

RECEIVED = NoticeRule("request_received", "professional", N_("Your credit request was received."))
DECIDED = NoticeRule("decision", "professional", N_("Your credit request was decided."))
CREDIT_ONLY = NoticeRule(
    "credit_only", "professional", N_("XpertSource grants credits on your account, never payments.")
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
    S.REFUSED_INCOMPLETE_STEPS,
    notices=(CREDIT_ONLY,),
    cure=Cure.RESUBMIT,
    company=Company.ALONE,
    advice=N_("ask for a credit on your account instead"),
    at_once=is_true(P.auto_refuse_inadmissible),
    reserved=S.UNDER_EXAMINATION,
)
CREDITED_BEFORE = Effect(Outcome.REFUSED, S.ALREADY_CREDITED, company=Company.ALONE)

waited = ((P.wait_count == WaitCount.DATES) & (asked_on >= first_day)) | (
    (P.wait_count == WaitCount.HOURS) & (request.submitted_at >= first_moment)
)
steps_bind = claim.is_in(P.contact_steps_grounds)
confirms = is_true(evidence.account_manager_confirms_unreachable)
voicemails_made_up = Constant(Cured.VOICEMAILS).is_in(P.manager_confirmation_cures) & confirms
emails_made_up = Constant(Cured.EMAILS).is_in(P.manager_confirmation_cures) & confirms
bank_refund = stated(F.requested_remedy == Remedy.BANK_REFUND)
unreachable = claim == Ground.UNREACHABLE
signed_on = evidence.other_contract_signed_on
gone = evidence.project_status.one_of(ProjectStatus.ABANDONED, ProjectStatus.CHANGED)
concealed = is_true(evidence.openly_not_transparent) & (concealed_items >= P.undisclosed_min_items)
examples = claim.one_of(
    Ground.UNREACHABLE,
    Ground.WRONG_CONTACT_DETAILS,
    Ground.PROJECT_CHANGED,
    Ground.NOT_TRANSPARENT,
    Ground.PROJECT_POSTPONED,
    Ground.NO_SALE,
    Ground.LEAD_SHARED,
)
confirmation_settled = confirms | (
    is_false(P.manager_confirmation_required)
    & ~stated(is_false(evidence.account_manager_confirms_unreachable))
)

ROWS = (
    require(c.FORM, request.channel == Channel.PORTAL_FORM, NO_FORM),
    require(c.WINDOW_MONTH, asked_on <= last_day, CLOSED),
    rule(c.CREDIT_AMOUNT, When(credits_granted >= 1, CREDITED_BEFORE)),
    require(c.DELAY_MIN, waited, PREMATURE.citing(c.STEPS_BEFORE)),
    rule(
        c.CREDIT_NOT_REFUND,
        When(bank_refund & (P.bank_refund_request == BankRefund.REFUSE), NO_MONEY),
    ),
    note(c.CREDIT_NOT_REFUND, bank_refund),
    rule(c.GOOD_FAITH, When(known(evidence.integrity_flag), REVIEW)),
    ground(
        c.ALREADY_CONTRACT,
        When(signed_on <= contract_limit, COMMIT),
        When((signed_on > contract_limit) & (claim == Ground.ALREADY_UNDER_CONTRACT), REVIEW),
        claimed=claim == Ground.ALREADY_UNDER_CONTRACT,
    ),
    require(c.CONTACT_CALLS, calls >= P.min_calls, INCOMPLETE, only_if=steps_bind),
    require(
        c.CONTACT_CALLS,
        (voicemails >= P.min_voicemails) | voicemails_made_up,
        INCOMPLETE,
        only_if=steps_bind,
    ),
    require(
        c.CONTACT_EMAILS,
        (emails >= P.min_emails) | emails_made_up,
        INCOMPLETE,
        only_if=steps_bind,
    ),
    rule(
        c.REF_3_TOO_SOON,
        When(~waited & (calls < P.min_calls), PREMATURE),
        only_if=unreachable,
    ),
    rule(
        c.CONTACT_EMAILS,
        When((proven_emails < P.min_emails) & ~stated(emails_made_up), ASK.asking(unproven_emails)),
        only_if=steps_bind & is_true(P.email_proof_required),
    ),
    note(c.EXAMPLES_GUIDE, examples),
    ground(
        c.APP_1_UNREACHABLE,
        When(is_false(evidence.account_manager_confirms_unreachable), REFUSE),
        When(is_true(reached), REFUSE.citing(c.REF_1_MET)),
        When(is_true(preferred_hours_ignored), REVIEW),
        When(confirmation_settled, CREDIT),
        claimed=unreachable,
        only_if=unreachable,
    ),
    ground(
        c.APP_2_WRONG_CONTACT,
        When(is_false(evidence.phone_valid) & is_false(evidence.email_valid), CREDIT),
        When(
            (is_false(evidence.phone_valid) | is_false(evidence.email_valid))
            & (claim == Ground.WRONG_CONTACT_DETAILS),
            REVIEW,
        ),
        claimed=claim == Ground.WRONG_CONTACT_DETAILS,
    ),
    ground(
        c.APP_3_PROJECT_CHANGED,
        When(gone & is_true(evidence.client_openly_attested_intent), CREDIT),
        When(
            gone
            & is_false(evidence.client_openly_attested_intent)
            & (claim == Ground.PROJECT_CHANGED),
            REVIEW,
        ),
        claimed=claim == Ground.PROJECT_CHANGED,
    ),
    ground(
        c.APP_4_NOT_TRANSPARENT,
        When(concealed & is_true(evidence.project_impossible), CREDIT),
        When(
            concealed & is_false(evidence.project_impossible) & (claim == Ground.NOT_TRANSPARENT),
            REVIEW,
        ),
        claimed=claim == Ground.NOT_TRANSPARENT,
    ),
    rule(
        c.NO_CREDIT_CHECK,
        When(
            (claim == Ground.NOT_TRANSPARENT) & (concealed_items >= 1),
            REFUSE.citing(c.CLIENT_GOODWILL),
        ),
        When(
            claim.one_of(Ground.LEAD_NOT_CREDIT_CHECKED, Ground.NOT_TRANSPARENT),
            REFUSE.citing(c.LEAD_NOT_WIN),
        ),
    ),
    rule(
        c.REF_2_POSTPONED,
        When(
            (claim == Ground.PROJECT_POSTPONED)
            | (
                (claim == Ground.PROJECT_CHANGED)
                & stated(evidence.project_status == ProjectStatus.POSTPONED)
            ),
            REFUSE.advising(N_("follow up with the client when the time comes")),
        ),
    ),
    rule(c.REF_4_SHARED, When(claim == Ground.LEAD_SHARED, REFUSE)),
    rule(
        c.REF_1_MET,
        When(
            (claim == Ground.NO_SALE) & (stated(evidence.client_met) | is_true(reached)),
            REFUSE.citing(c.LEAD_NOT_WIN),
        ),
    ),
    otherwise(c.NO_AUTO_CREDIT, REFUSE.citing(c.LEAD_NOT_WIN, c.QUALIFICATION)),
)

IMPOSSIBLE = (
    impossible(
        unit_of(F.requested_credit) != unit_of(F.lead.price_paid),
        unit_of(F.requested_credit),
        N_("differs from {other}"),
        other="lead.price_paid.unit",
    ),
    impossible(
        request.submitted_at < F.lead.purchased_at,
        request.submitted_at,
        N_("is before {other}"),
        other="lead.purchased_at",
    ),
    impossible(
        signed_on > asked_on, signed_on, N_("is after {other}"), other="request.submitted_at"
    ),
    impossible_each(attempts_before_purchase, N_("is before the purchase of the lead")),
    impossible(
        is_false(taxes_add_up),
        F.tax_breakdown.net,
        N_("does not make {other} with the taxes"),
        other="lead.price_paid",
    ),
)

REQUEST = Table(
    "request",
    ROWS,
    moment=request.submitted_at,
    impossible=IMPOSSIBLE,
    deadlines=(ANSWER_DUE,),
    notices=(RECEIVED,),
    asking=ASK,
    review=REVIEW,
)

recommendation = Recommended(REQUEST, F, N_("recommendation"))
recommended_mode = RecommendedMode(recommendation, N_("kind of recommendation"))

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
SECOND_LOOK = Effect(Outcome.MANUAL_REVIEW, S.UNDER_EXAMINATION, cites=(c.DISCRETION,))

RULING = Table(
    "ruling",
    (
        rule(c.CREDIT_AMOUNT, When(credits_granted >= 1, CREDITED_BEFORE)),
        require(
            c.DISCRETION,
            F.ruling.reason != "",
            Effect(
                Outcome.BLOCKED,
                company=Company.ALONE,
                precondition=N_("a reason for the ruling"),
            ),
        ),
        rule(
            c.ALREADY_CONTRACT,
            When(
                (F.ruling.decision == RulingDecision.REFUSE)
                & stated(recommended_mode == Mode.COMMITMENT)
                & (refusals_by_another < 1),
                SECOND_LOOK,
            ),
        ),
        rule(
            c.DISCRETION,
            When(F.ruling.decision == RulingDecision.APPROVE, RULED_CREDIT),
            When(F.ruling.decision == RulingDecision.REFUSE, RULED_REFUSAL),
        ),
        otherwise(c.DISCRETION, REVIEW),
    ),
    moment=request.submitted_at,
    impossible=IMPOSSIBLE,
    deadlines=(ANSWER_DUE,),
    asks=(F.ruling.decision, F.ruling.reason),
    asking=ASK,
    review=REVIEW,
)
