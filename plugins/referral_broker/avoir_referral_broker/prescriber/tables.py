"""The decision tables of a contact: attaching, signing, the file, assessing, paying."""

from __future__ import annotations

from avoir.clauses import Clause, Table, When, note, otherwise, require, rule
from avoir.conditions import Condition, is_false, is_true, known, stated
from avoir.messages import N_
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber import checks
from avoir_referral_broker.prescriber.choices import ConventionKind, FileStatus, RulingDecision
from avoir_referral_broker.prescriber.effects import (
    ALREADY_PAID,
    ATTACHED,
    EXPIRED,
    NEVER_ATTACHED,
    NO_CONVENTION,
    NOT_YET,
    NOTHING_TO_DO,
    PAY,
    PTZ_ONLY,
    RECORDED,
    REFUSE,
    REFUSE_KNOWN,
    REFUSE_SECOND,
    REMUNERATE,
    REVIEW,
    UNPAID_KNOWN,
    UNPAID_SECOND,
    WINDOW_ENDS,
    WINDOW_OF_THE_ATTACHED,
    WITH_PTZ,
    WITHOUT_CONVENTION,
    blocked,
)
from avoir_referral_broker.prescriber.facts import F
from avoir_referral_broker.prescriber.measures import (
    acted_on,
    another,
    attached,
    attached_at,
    attached_on,
    fee_named,
    first,
    first_signed_at,
    fresh_until,
    household,
    kind,
    kind_when_attached,
    known_otherwise,
    out_of_order,
    payments,
    received_by,
    resent,
    signed_at,
    transformed_at,
    transformed_on,
    window_ends,
)
from avoir_referral_broker.prescriber.parameters import P

event, contact, file = F.event, F.contact, F.file

# -- attaching -------------------------------------------------------------------------------
# whatever comes of it, a contact is attached: what is not known is never asked for

old_knowledge = stated(acted_on > fresh_until)

ATTACHMENT = Table(
    "attachment",
    (
        rule(c.CRM_DATE, When(is_true(resent), NOTHING_TO_DO)),
        note(c.ATTACH_ON_RECEIPT, is_false(file.appointment_held) | (acted_on > received_by)),
        note(c.ATTACH_CLOSED, file.status == FileStatus.CLOSED),
        rule(c.FIRST_WINS, When(is_true(another), UNPAID_SECOND)),
        rule(c.PRIOR_KNOWN, When(known_otherwise & ~old_knowledge, UNPAID_KNOWN)),
        # a person will have to say whether what was known so long ago still counts
        note(c.PRIOR_KNOWN, known_otherwise & old_knowledge),
        rule(
            c.ATTACH_NO_CONVENTION,
            When(kind_when_attached == ConventionKind.NONE, WITHOUT_CONVENTION),
        ),
        rule(c.ATTACH_PTZ, When(kind_when_attached == ConventionKind.PTZ, WITH_PTZ)),
        otherwise(c.ALWAYS_ATTACH, ATTACHED),
    ),
    moment=event.at,
    impossible=checks.ATTACHING,
    deadlines=(WINDOW_OF_THE_ATTACHED,),
)

# -- conventions and earlier knowledge -------------------------------------------------------

SIGNATURE = Table(
    "signature",
    (
        rule(
            c.CONVENTION,
            When(F.convention.kind == ConventionKind.REMUNERATED, RECORDED.citing(c.PARTNER_KINDS)),
        ),
        rule(c.PARTNER_KINDS, When(F.convention.kind == ConventionKind.PTZ, RECORDED)),
        otherwise(c.ATTACH_NO_CONVENTION, RECORDED),
    ),
    moment=event.at,
    impossible=checks.SIGNING,
)

EARLIER_KNOWLEDGE = Table(
    "earlier_knowledge",
    (
        note(c.INFORM_UPFRONT, known_otherwise),
        otherwise(c.PRIOR_KNOWN, RECORDED),
    ),
    moment=event.at,
    impossible=checks.KNOWING,
)

# -- the file --------------------------------------------------------------------------------

closed = stated(file.status == FileStatus.CLOSED)

CLOSING = Table(
    "closing",
    (
        rule(c.ATTACH_CLOSED, When(closed, NOTHING_TO_DO)),
        otherwise(c.ATTACH_CLOSED, RECORDED),
    ),
    moment=event.at,
)
REOPENING = Table(
    "reopening",
    (
        rule(c.ATTACH_CLOSED, When(~closed, NOTHING_TO_DO)),
        otherwise(c.ATTACH_CLOSED, RECORDED),
    ),
    moment=event.at,
)
TRANSFORMATION = Table(
    "transformation",
    (
        rule(c.KPI_G, When(stated(file.transformed), NOTHING_TO_DO)),
        require(
            c.KPI_G,
            file.stage == P.transformed_status,
            blocked(N_("the status that stands for a transformation")),
        ),
        otherwise(c.KPI_G, RECORDED),
    ),
    moment=event.at,
    asks=(file.stage,),
)

# -- assessing -------------------------------------------------------------------------------
# What is certain is said first, in the order of the terms; a person is asked only where the
# answer to a doubt would decide whether the contact is paid for.

late_knowledge = stated(contact.known_recorded_at > attached_at)
doubtful_knowledge = late_knowledge | (attached_on > fresh_until)
untransformed = ~known(transformed_at) & stated(is_false(file.transformed))
ptz = kind == ConventionKind.PTZ
unpaid_yet = payments < P.payments_per_contact
ruled_out = stated(F.ruling.decision == RulingDecision.REFUSE)


def doubt(condition: Condition, *cites: Clause) -> tuple[When, When]:
    """What a person is asked about, once: who was refused then is refused for the same again."""
    return (
        When(condition & ruled_out, REFUSE.citing(*cites)),
        When(condition, REVIEW.citing(*cites)),
    )


ASSESSMENT = Table(
    "assessment",
    (
        require(c.CRM_DATE, is_true(attached), NEVER_ATTACHED),
        note(c.ATTACH_NO_CONVENTION, first_signed_at > attached_at),
        rule(c.PRIOR_KNOWN, When(~doubtful_knowledge, REFUSE_KNOWN), only_if=known_otherwise),
        require(c.FIRST_WINS, is_true(first) | is_true(out_of_order), REFUSE_SECOND),
        rule(c.PARTNER_KINDS, When(ptz & is_false(fee_named), PTZ_ONLY)),
        require(c.CONVENTION, kind != ConventionKind.NONE, NO_CONVENTION),
        rule(
            c.ONE_YEAR,
            When(untransformed & (acted_on > window_ends), EXPIRED),
            When(untransformed, NOT_YET),
        ),
        require(c.ONE_YEAR, transformed_on <= window_ends, EXPIRED),
        require(c.CONVENTION, unpaid_yet, ALREADY_PAID),
        rule(
            c.PRIOR_KNOWN,
            *doubt(doubtful_knowledge, c.INFORM_UPFRONT),
            only_if=known_otherwise,
        ),
        rule(c.FIRST_WINS, *doubt(is_true(out_of_order), c.ATTACH_ON_RECEIPT, c.CRM_DATE)),
        rule(c.FIRST_WINS, *doubt(is_true(household))),
        rule(c.CRM_DATE, *doubt(attached_at > transformed_at, c.ATTACH_ON_RECEIPT)),
        rule(c.CONVENTION, *doubt(signed_at > transformed_at, c.ONE_YEAR)),
        rule(c.PARTNER_KINDS, *doubt(ptz, c.CONVENTION)),
        otherwise(c.CONVENTION, REMUNERATE),
    ),
    moment=event.at,
    impossible=checks.ASSESSING,
    deadlines=(WINDOW_ENDS,),
    asks=(contact.known_before, contact.known_since),
    review=REVIEW,
)

# -- paying ----------------------------------------------------------------------------------

PAYMENT = Table(
    "payment",
    (
        require(c.CONVENTION, unpaid_yet, ALREADY_PAID),
        otherwise(c.CONVENTION, PAY),
    ),
    moment=event.at,
    impossible=checks.PAYING,
)
