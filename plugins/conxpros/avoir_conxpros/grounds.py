"""The situations that earn a credit, and those that are no ground for one."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from avoir.clauses import Clause, Row, When, ground, rule
from avoir.conditions import Condition, Constant, is_false, is_true, stated
from avoir.dates import day, days
from avoir.messages import N_
from avoir_conxpros import catalogue as c
from avoir_conxpros.asked import Asked
from avoir_conxpros.choices import Deliverer, Person, Reason
from avoir_conxpros.effects import ASK, CREDIT, DENY, PARTIAL, REVIEW
from avoir_conxpros.facts import F
from avoir_conxpros.measures import (
    claim,
    costs_no_less,
    delivered_late,
    delivered_on,
    denies,
    established,
    filled,
    other_category,
    other_zip,
    same_category,
    spoke,
    verified_contact,
)
from avoir_conxpros.parameters import LateEvening, NegativeDifference, NotSpoken, P

findings, previous = F.findings, F.findings.previous_delivery

LISTED: Final = (Person.INDIVIDUAL, Person.CO_OWNER, Person.SPOUSE)
WHETHER_SPOKEN: Final = Constant[tuple[str, ...]]((F.findings.spoke_with_homeowner.path,))

hired_at = findings.hired_or_completed_at
reached_on_phone = stated(findings.verification.reached_homeowner_on_phone)
verified = is_true(verified_contact) | reached_on_phone
in_touch = is_true(established) | stated(findings.person_reached.one_of(*LISTED)) | stated(spoke)
within_look_back = delivered_on <= (day(previous.delivered_at) + days(P.duplicate_days)).named(
    N_("last day of the look-back period")
)
another_category = is_true(other_category) & is_false(findings.task_appropriate_for_category)
eligible = is_true(findings.professional_eligible_for_actual_category)


class Earns(NamedTuple):
    """A situation that earns the full cost, by the reason that claims it.

    ``claimed`` are further effects where it is claimed; it is passed over where ``unless`` holds.
    """

    clause: Clause
    reason: Reason
    condition: Condition
    claimed: tuple[When, ...] = ()
    unless: Condition | None = None

    def row_if_claimed(self) -> Row:
        """The ground of somebody who claims it."""
        claims = claim == self.reason
        only_if = claims if self.unless is None else claims & ~self.unless
        whens = (When(self.condition, CREDIT), *self.claimed)
        return ground(self.clause, *whens, claimed=claims, only_if=only_if)

    def row_on_record(self) -> Row:
        """The ground that is true on record though something else is claimed (A-CX-16)."""
        only_if = claim != self.reason
        when = When(self.condition, CREDIT)
        return ground(self.clause, when, claimed=claim == self.reason, only_if=only_if)


def _heard(clause: Clause, reason: Reason, said: Condition) -> Earns:
    """What holds only where the professional spoke with the homeowner (A-CX-22)."""
    unheard = (P.not_spoken == NotSpoken.ASK) & is_false(spoke) & said
    asking = When(unheard, ASK.asking(WHETHER_SPOKEN))
    return Earns(clause, reason, is_true(spoke) & said, (asking,))


GROUNDS: Final = (
    Earns(
        c.CRED_WRONG_CONTACT,
        Reason.INCORRECT_CONTACT,
        ~findings.person_reached.one_of(*LISTED),
    ),
    Earns(
        c.CRED_BAD_PHONE,
        Reason.NON_WORKING_PHONE,
        is_false(findings.phone_working) & ~reached_on_phone,
    ),
    Earns(
        c.CRED_WRONG_CATEGORY,
        Reason.WRONG_CATEGORY,
        another_category & is_false(findings.professional_eligible_for_actual_category),
        unless=stated(eligible),
    ),
    Earns(
        c.CRED_WRONG_LOCATION,
        Reason.WRONG_LOCATION,
        is_true(other_zip) & is_false(findings.in_targeted_service_area),
    ),
    Earns(
        c.CRED_DUPLICATE,
        Reason.DUPLICATE,
        (previous.by == Deliverer.CONXPROS)
        & is_true(previous.to_same_professional)
        & within_look_back
        & (is_false(P.duplicate_same_category) | is_true(same_category)),
    ),
    Earns(c.CRED_TESTING, Reason.TESTING_SOLICITATION, is_true(findings.lead_is_solicitation)),
    Earns(c.CRED_JOB_SEEKER, Reason.LOOKING_FOR_WORK, is_true(findings.seeking_employment)),
    Earns(
        c.CRED_NOT_AUTHORIZED,
        Reason.NOT_AUTHORIZED,
        is_true(findings.project_requires_owner_approval)
        & (is_false(findings.submitter_owns_property) | is_true(findings.submitter_is_minor)),
    ),
    _heard(c.CRED_ALREADY_HIRED, Reason.ALREADY_HIRED, hired_at < F.lead.delivered_at),
    _heard(c.CRED_NO_REQUEST, Reason.NO_REQUEST, is_true(denies)),
    _heard(c.CRED_MISLEADING_AD, Reason.MISLEADING_AD, is_true(filled(findings.incentive))),
    Earns(c.CRED_DNC, Reason.DO_NOT_CALL, findings.dnc_requested_on_contact_number == 1),
)
"""What earns the full cost whenever the request was made: all but non-contact."""


def non_contact(asked: Asked) -> Earns:
    """Non-contact: the steps, all of them made by the moment of the request."""
    but_second_call = (
        (asked.minutes_to_first_call < P.first_call_max_minutes)
        & (asked.calls_on_day_two >= 1)
        & (asked.calls_on_day_three >= 1)
        & (asked.messages >= 1)
        & ~in_touch
        & ~verified
    )
    hard_to_call = (P.late_evening_second_call == LateEvening.REVIEW) & is_true(delivered_late)
    return Earns(
        c.CRED_NON_CONTACT,
        Reason.NON_CONTACT,
        (asked.calls_on_delivery_day >= 2) & but_second_call,
        (When(hard_to_call & but_second_call, REVIEW),),
    )


partial = another_category & eligible
no_difference = (P.negative_difference == NegativeDifference.REFUSE) & is_true(costs_no_less)
wrong_category = claim == Reason.WRONG_CATEGORY

PARTLY_EARNED: Final = ground(
    c.CRED_WRONG_CATEGORY,
    When(partial & ~no_difference, PARTIAL),
    When(partial & no_difference & wrong_category, DENY.citing(c.PARTIAL_DIFF)),
    claimed=wrong_category,
)
"""Less than the full cost, and so below every ground that earns it."""

other_ground = reduce(or_, (stated(earns.condition) for earns in GROUNDS), stated(partial))
"""Whether anything but non-contact earns a credit on record."""


def _no_ground(clause: Clause, reason: Reason, *circumstances: Condition) -> Row:
    return rule(clause, When(reduce(or_, circumstances, claim == reason), DENY))


NOT_ELIGIBLE: Final = (
    _no_ground(
        c.NE_LOST,
        Reason.LOST_JOB,
        stated(findings.hired_different_company),
        (claim == Reason.ALREADY_HIRED) & stated(hired_at >= F.lead.delivered_at),
    ),
    _no_ground(c.NE_CHANGED_MIND, Reason.CHANGED_MIND),
    _no_ground(c.NE_SHOPPING, Reason.SHOPPING),
    _no_ground(c.NE_AFFORDABILITY, Reason.AFFORDABILITY, stated(findings.affordability_concern)),
    _no_ground(c.NE_LANGUAGE, Reason.LANGUAGE_BARRIER),
    _no_ground(
        c.NE_OTHER_LEADGEN,
        Reason.OTHER_LEADGEN,
        stated(previous.by == Deliverer.OTHER_LEAD_COMPANY),
    ),
    _no_ground(c.NE_IN_CRM, Reason.IN_CRM, stated(findings.in_professional_crm)),
    _no_ground(c.NE_NOT_READY, Reason.NOT_READY),
)
