"""The decision table of a credit request, in order of precedence."""

from __future__ import annotations

from avoir.clauses import (
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
from avoir.conditions import Constant, is_false, is_true, known, stated
from avoir.facts import unit_of
from avoir.messages import N_
from avoir_xpertsource import catalogue as c
from avoir_xpertsource.effects import (
    ANSWER_DUE,
    ASK,
    CAD,
    CLOSED,
    COMMIT,
    CREDIT,
    CREDIT_ONLY,
    CREDITED_BEFORE,
    INCOMPLETE,
    NO_FORM,
    NO_MONEY,
    PREMATURE,
    RECEIVED,
    REFUSE,
    REVIEW,
    WINDOW_CLOSES,
    WINDOW_OPENS,
    bank_refund,
)
from avoir_xpertsource.facts import Channel, F, Ground, ProjectStatus
from avoir_xpertsource.measures import (
    asked_on,
    attempts_before_purchase,
    calls,
    concealed_items,
    contract_limit,
    credits_granted,
    doubted,
    emails,
    first_day,
    first_moment,
    last_day,
    net_is_part,
    preferred_hours_ignored,
    proven_emails,
    purchased_leads,
    reached,
    taxes_add_up,
    unproven_emails,
    voicemails,
)
from avoir_xpertsource.parameters import BankRefund, Cured, P, WaitCount

request, evidence, claim = F.request, F.evidence, F.request.ground

waited = ((P.wait_count == WaitCount.DATES) & (asked_on >= first_day)) | (
    (P.wait_count == WaitCount.HOURS) & (request.submitted_at >= first_moment)
)
steps_bind = claim.is_in(P.contact_steps_grounds)
confirms = is_true(evidence.account_manager_confirms_unreachable)
denies = stated(is_false(evidence.account_manager_confirms_unreachable))
manager_reached = known(evidence.account_manager_reached_client_at)
# the account manager's word makes up for messages, never for calls
enough_calls = calls >= P.min_calls
voicemails_made_up = (
    Constant(Cured.VOICEMAILS).is_in(P.manager_confirmation_cures) & confirms & enough_calls
)
emails_made_up = (
    Constant(Cured.EMAILS).is_in(P.manager_confirmation_cures) & confirms & enough_calls
)
unreachable = claim == Ground.UNREACHABLE
refuted = unreachable & (denies | manager_reached | is_true(reached))
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
confirmation_settled = confirms | (is_false(P.manager_confirmation_required) & ~denies)

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
    note(c.CONVERSION_1IN5, known(purchased_leads)),
    rule(c.GOOD_FAITH, When(is_true(doubted), REVIEW)),
    note(c.GOOD_FAITH, stated(is_false(evidence.evidence_attached))),
    ground(
        c.ALREADY_CONTRACT,
        When(signed_on <= contract_limit, COMMIT),
        When(
            (signed_on > contract_limit) & (claim == Ground.ALREADY_UNDER_CONTRACT),
            REVIEW.citing(c.REF_4_SHARED),
        ),
        claimed=claim == Ground.ALREADY_UNDER_CONTRACT,
    ),
    require(c.CONTACT_CALLS, enough_calls, INCOMPLETE, only_if=steps_bind),
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
        When(
            (emails >= P.min_emails) & (proven_emails < P.min_emails), ASK.asking(unproven_emails)
        ),
        only_if=steps_bind & is_true(P.email_proof_required) & ~refuted,
    ),
    note(c.EXAMPLES_GUIDE, examples),
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
        When(
            (evidence.project_status == ProjectStatus.UNCLEAR)
            & claim.one_of(Ground.PROJECT_CHANGED, Ground.PROJECT_POSTPONED),
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
    ground(
        c.APP_1_UNREACHABLE,
        When(manager_reached & stated(confirms), REVIEW),
        When(denies | manager_reached, REFUSE),
        When(is_true(reached), REFUSE.citing(c.REF_1_MET)),
        When(is_true(preferred_hours_ignored), REVIEW),
        When(confirmation_settled, CREDIT),
        claimed=unreachable,
        only_if=unreachable,
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

IMPOSSIBLE_PRICE = (
    impossible(
        unit_of(F.lead.price_paid) != CAD.code,
        unit_of(F.lead.price_paid),
        N_("differs from the unit of the account ({unit})"),
        c.CREDIT_AMOUNT,
        unit=CAD.code,
    ),
    impossible(
        is_false(net_is_part),
        F.tax_breakdown.net,
        N_("is no part of {other}"),
        c.CREDIT_AMOUNT,
        other="lead.price_paid",
    ),
    impossible(
        is_false(taxes_add_up),
        F.tax_breakdown.net,
        N_("does not make {other} with the taxes"),
        c.CREDIT_AMOUNT,
        other="lead.price_paid",
    ),
)
MORE_CONVERTED = impossible(
    F.stats.leads_converted > F.stats.leads_purchased,
    F.stats.leads_converted,
    N_("is more than {other}"),
    c.CONVERSION_1IN5,
    other="stats.leads_purchased",
)
IMPOSSIBLE = (
    *IMPOSSIBLE_PRICE,
    impossible(
        unit_of(F.requested_credit) != unit_of(F.lead.price_paid),
        unit_of(F.requested_credit),
        N_("differs from {other}"),
        c.CREDIT_AMOUNT,
        other="lead.price_paid.unit",
    ),
    impossible(
        request.submitted_at < F.lead.purchased_at,
        request.submitted_at,
        N_("is before {other}"),
        c.DELAY_MIN,
        other="lead.purchased_at",
    ),
    impossible(
        signed_on > asked_on,
        signed_on,
        N_("is after {other}"),
        c.ALREADY_CONTRACT,
        other="request.submitted_at",
    ),
    impossible_each(
        attempts_before_purchase,
        N_("is before the purchase of the lead"),
        c.STEPS_BEFORE,
        c.CONTACT_CALLS,
        c.CONTACT_EMAILS,
    ),
    MORE_CONVERTED,
)

REQUEST = Table(
    "request",
    ROWS,
    moment=request.submitted_at,
    impossible=IMPOSSIBLE,
    deadlines=(ANSWER_DUE, WINDOW_OPENS, WINDOW_CLOSES),
    notices=(RECEIVED, CREDIT_ONLY),
    asking=ASK,
    review=REVIEW,
)
