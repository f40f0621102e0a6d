"""The closed sets of values that facts may have, and how people call them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_


class Act(StrEnum):
    """The actions of this policy, as a facts document may name the one it is for."""

    REQUEST_CREDIT = "request_credit"
    NEW_REQUEST = "new_request"
    VERIFICATION_FINDING = "verification_finding"
    CONTRADICTING_INFORMATION = "contradicting_information"
    REVERSAL_DECIDED = "reversal_decided"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"
    RULE = "rule"
    DELIVER = "deliver"
    TOP_UP = "top_up"


class Channel(StrEnum):
    """How a request reached conXpros; only the first two are open."""

    DASHBOARD = "dashboard"
    ACCOUNT_MANAGER = "account_manager"
    EMAIL = "email"
    TELEPHONE = "telephone"


class Reason(StrEnum):
    """The reason that a professional gives for a request."""

    INCORRECT_CONTACT = "incorrect_contact"
    NON_WORKING_PHONE = "non_working_phone"
    WRONG_CATEGORY = "wrong_category"
    WRONG_LOCATION = "wrong_location"
    DUPLICATE = "duplicate"
    TESTING_SOLICITATION = "testing_solicitation"
    LOOKING_FOR_WORK = "looking_for_work"
    NOT_AUTHORIZED = "not_authorized"
    ALREADY_HIRED = "already_hired"
    NO_REQUEST = "no_request"
    MISLEADING_AD = "misleading_ad"
    DO_NOT_CALL = "do_not_call"
    NON_CONTACT = "non_contact"
    ADDRESS_INVALID = "address_invalid"
    LOST_JOB = "lost_job"
    CHANGED_MIND = "changed_mind"
    SHOPPING = "shopping"
    AFFORDABILITY = "affordability"
    LANGUAGE_BARRIER = "language_barrier"
    OTHER_LEADGEN = "other_leadgen"
    IN_CRM = "in_crm"
    NOT_READY = "not_ready"
    OTHER = "other"


class Person(StrEnum):
    """Whom the contact details lead to; the first three are those listed on the lead."""

    INDIVIDUAL = "individual"
    CO_OWNER = "co_owner"
    SPOUSE = "spouse"
    UNRELATED = "unrelated"


class Writing(StrEnum):
    """How a professional wrote to the homeowner."""

    EMAIL = "email"
    TEXT = "text"


class Deliverer(StrEnum):
    """Who delivered the lead before; ``none`` where the records show no earlier delivery."""

    CONXPROS = "conxpros"
    OTHER_LEAD_COMPANY = "other_lead_company"
    NONE = "none"


class Finding(StrEnum):
    """What the verification team found; the first six are credited without a request."""

    INVALID_CONTACT_INFORMATION = "invalid_contact_information"
    NON_WORKING_PHONE = "non_working_phone"
    DENIES_REQUEST = "denies_request"
    SEEKING_EMPLOYMENT = "seeking_employment"
    DUPLICATE = "duplicate"
    TESTING_SOLICITATION = "testing_solicitation"
    WRONG_CATEGORY = "wrong_category"
    WRONG_LOCATION = "wrong_location"
    NOT_AUTHORIZED = "not_authorized"
    ALREADY_HIRED = "already_hired"
    MISLEADING_AD = "misleading_ad"
    DO_NOT_CALL = "do_not_call"
    NON_CONTACT = "non_contact"


class Basis(StrEnum):
    """What a reversal rests on; only information that contradicts the credit will do."""

    CONTRADICTING_INFORMATION = "contradicting_information"
    OTHER = "other"


class Informant(StrEnum):
    """Where contradicting information comes from; only the homeowner's counts (A-CX-09)."""

    HOMEOWNER = "homeowner"
    COMPETITOR = "competitor"


class ReviewResult(StrEnum):
    """How a review was decided."""

    APPROVED = "approved"
    DENIED = "denied"


class RulingDecision(StrEnum):
    """How a reviewer rules."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Past(StrEnum):
    """What happened to a lead before."""

    DECISION = "decision"
    PROACTIVE_CREDIT = "proactive_credit"
    REVERSAL = "reversal"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"


class Result(StrEnum):
    """How an earlier request or review ended."""

    APPROVED = "approved"
    APPROVED_PARTIAL = "approved_partial"
    DENIED = "denied"


LABELS: Final = {
    "request_credit": N_("credit request"),
    "new_request": N_("further request"),
    "verification_finding": N_("finding of the verification team"),
    "contradicting_information": N_("contradicting information"),
    "reversal_decided": N_("decision on a reversal"),
    "review_requested": N_("request for a review"),
    "review_decided": N_("decision of a review"),
    "rule": N_("ruling"),
    "deliver": N_("delivery"),
    "top_up": N_("payment into the account"),
    "dashboard": N_("dashboard"),
    "account_manager": N_("account manager"),
    "email": N_("email"),
    "telephone": N_("telephone"),
    "text": N_("text message"),
    "incorrect_contact": N_("wrong contact details"),
    "non_working_phone": N_("phone out of service"),
    "wrong_category": N_("wrong category"),
    "wrong_location": N_("wrong location"),
    "duplicate": N_("duplicate lead"),
    "testing_solicitation": N_("test or solicitation"),
    "looking_for_work": N_("looking for work"),
    "not_authorized": N_("not authorized to hire"),
    "already_hired": N_("hired or completed before"),
    "no_request": N_("no quote was asked for"),
    "misleading_ad": N_("misleading promotion"),
    "do_not_call": N_("asked not to be called"),
    "non_contact": N_("no contact made"),
    "address_invalid": N_("wrong street address"),
    "lost_job": N_("job lost"),
    "changed_mind": N_("homeowner changed their mind"),
    "shopping": N_("homeowner compares offers"),
    "affordability": N_("too expensive"),
    "language_barrier": N_("no common language"),
    "other_leadgen": N_("lead received from another company"),
    "in_crm": N_("homeowner already on record"),
    "not_ready": N_("not ready to start"),
    "other": N_("another one"),
    "individual": N_("person named on the lead"),
    "co_owner": N_("co-owner"),
    "spouse": N_("spouse"),
    "unrelated": N_("somebody else"),
    "conxpros": N_("conXpros"),
    "other_lead_company": N_("another lead company"),
    "none": N_("nobody"),
    "invalid_contact_information": N_("wrong contact details"),
    "denies_request": N_("no quote was asked for"),
    "seeking_employment": N_("looking for work"),
    "homeowner": N_("homeowner"),
    "competitor": N_("competitor"),
    "approved": N_("approved"),
    "approved_partial": N_("approved in part"),
    "denied": N_("denied"),
    "approve": N_("approve"),
    "refuse": N_("refuse"),
    "decision": N_("decision"),
    "proactive_credit": N_("credit without a request"),
    "reversal": N_("reversal"),
}
"""How the values of choices are called by people."""
