"""The facts document of a lead credit request at XpertSource."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from avoir.facts import (
    Audience,
    Facts,
    Record,
    Source,
    calendar_date,
    choice,
    choices,
    exact,
    flag,
    group,
    instant,
    items,
    money,
    text,
    whole,
    zone_name,
)
from avoir.kinds import Item, Sign
from avoir.messages import N_, N_n


class Channel(StrEnum):
    """How a request reached XpertSource."""

    PORTAL_FORM = "portal_form"
    ACCOUNT_MANAGER_EMAIL = "account_manager_email"
    TELEPHONE = "telephone"


class Ground(StrEnum):
    """The ground that a professional claims."""

    UNREACHABLE = "unreachable"
    WRONG_CONTACT_DETAILS = "wrong_contact_details"
    PROJECT_CHANGED = "project_changed"
    NOT_TRANSPARENT = "not_transparent"
    ALREADY_UNDER_CONTRACT = "already_under_contract"
    PROJECT_POSTPONED = "project_postponed"
    NO_SALE = "no_sale"
    LEAD_SHARED = "lead_shared"
    LEAD_NOT_CREDIT_CHECKED = "lead_not_credit_checked"


class AttemptKind(StrEnum):
    """How a professional tried to reach a client."""

    CALL = "call"
    EMAIL = "email"


class ProjectStatus(StrEnum):
    """What became of the client's project."""

    ABANDONED = "abandoned"
    CHANGED = "changed"
    POSTPONED = "postponed"
    ONGOING = "ongoing"
    UNCLEAR = "unclear"


class Undisclosed(StrEnum):
    """What a client may have concealed."""

    FINANCIAL_SITUATION = "financial_situation"
    CREDIT_HISTORY = "credit_history"
    DOWN_PAYMENT = "down_payment"
    FAMILY_SITUATION = "family_situation"


class Remedy(StrEnum):
    """What a professional asks for."""

    CREDIT = "credit"
    BANK_REFUND = "bank_refund"


class RulingDecision(StrEnum):
    """How a reviewer rules."""

    APPROVE = "approve"
    REFUSE = "refuse"


class PreviousOutcome(StrEnum):
    """How an earlier request for the same lead ended."""

    APPROVED = "approved"
    REFUSED = "refused"


class Attempt(Item, frozen=True, kw_only=True):
    """One attempt to reach the client."""

    type: Annotated[AttemptKind | None, N_("kind of attempt")] = None
    at: Annotated[datetime | None, N_("moment of the attempt")] = None
    voicemail_left: Annotated[bool | None, N_("voicemail message left")] = None
    proof_attached: Annotated[bool | None, N_("proof attached")] = None
    answered: Annotated[bool | None, N_("answered")] = None
    within_client_preferred_hours: Annotated[bool | None, N_("in the client’s preferred hours")] = (
        None
    )


class PreviousRequest(Item, frozen=True, kw_only=True):
    """An earlier request for the same lead."""

    submitted_at: Annotated[datetime | None, N_("submission of the earlier request")] = None
    outcome: Annotated[PreviousOutcome | None, N_("outcome of the earlier request")] = None
    credited: Annotated[Decimal | None, N_("amount credited")] = None


class PreviousRuling(Item, frozen=True, kw_only=True):
    """An earlier ruling on the same request."""

    by: Annotated[str | None, N_("reviewer")] = None
    decision: Annotated[RulingDecision | None, N_("ruling")] = None


class Lead(Record):
    """The lead, as the purchase recorded it."""

    id = text(N_("lead"))
    purchased_at = instant(N_("purchase of the lead"))
    price_paid = money(N_("price paid for the lead"), sign=Sign.MORE_THAN_ZERO)


class Request(Record):
    """The request for a credit."""

    submitted_at = instant(N_("submission of the request"), source=Source.CLOCK)
    channel = choice(Channel, N_("channel of the request"))
    ground = choice(Ground, N_("ground claimed"))
    contact_attempts = items(Attempt, N_("attempts to reach the client"))


class Evidence(Record):
    """What is known of the client and the project."""

    account_manager_confirms_unreachable = flag(
        N_("account manager confirms that the client cannot be reached"),
        source=Source.BUSINESS,
        remedy=N_n(
            "have your account manager confirm that the client cannot be reached",
            "have your account manager confirm that the client cannot be reached",
        ),
    )
    account_manager_reached_client_at = instant(
        N_("account manager reached the client"), source=Source.BUSINESS
    )
    integrity_flag = text(
        N_("doubt about the request"), source=Source.BUSINESS, audience=Audience.STAFF
    )
    client_met = flag(N_("client met"))
    client_openly_attested_intent = flag(N_("client had clearly declared an intention"))
    client_preferred_hours = text(N_("client’s preferred hours"))
    client_reached = flag(N_("client reached"))
    email_valid = flag(N_("email address is right"))
    phone_valid = flag(N_("phone number is right"))
    evidence_attached = flag(N_("evidence attached"))
    openly_not_transparent = flag(N_("client plainly concealed facts"))
    other_contract_signed_on = calendar_date(N_("contract with another professional signed"))
    other_professionals_contacted = whole(N_("other professionals who received the lead"))
    postponed_months = whole(N_("months the project is put off"))
    project_impossible = flag(N_("project cannot go ahead"))
    project_status = choice(ProjectStatus, N_("status of the project"))
    property_value = money(N_("value of the property"))
    undisclosed = choices(Undisclosed, N_("what the client concealed"))


class Ruling(Record):
    """A reviewer's ruling."""

    by = text(N_("reviewer"))
    decision = choice(RulingDecision, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class Stats(Record):
    """The professional's record of leads."""

    leads_purchased = whole(N_("leads purchased"))
    leads_converted = whole(N_("leads that became revenue"))


class Taxes(Record):
    """The price paid, taken apart."""

    net = exact(N_("price before taxes"))
    gst = exact(N_("GST"))
    qst = exact(N_("QST"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    as_of = instant(N_("moment asked about"), source=Source.CLOCK)
    answer_received_at = instant(N_("answer received"), source=Source.RECORD)
    lead = group(Lead, Source.RECORD)
    request = group(Request)
    evidence = group(Evidence)
    requested_credit = money(N_("credit asked for"))
    requested_remedy = choice(Remedy, N_("remedy asked for"))
    ruling = group(Ruling, Source.BUSINESS)
    previous_requests = items(
        PreviousRequest, N_("earlier requests for this lead"), source=Source.RECORD
    )
    previous_rulings = items(
        PreviousRuling, N_("earlier rulings on this request"), source=Source.RECORD
    )
    stats = group(Stats, Source.RECORD)
    leads_purchased = whole(N_("leads purchased"), source=Source.RECORD)
    leads_converted = whole(N_("leads that became revenue"), source=Source.RECORD)
    tax_breakdown = group(Taxes, Source.RECORD)
    report = text(N_("report asked for"))
    top_up = money(N_("amount paid in"), sign=Sign.MORE_THAN_ZERO)


LABELS: Final = {
    "portal_form": N_("form in the portal"),
    "account_manager_email": N_("email to the account manager"),
    "telephone": N_("telephone"),
    "unreachable": N_("client cannot be reached"),
    "wrong_contact_details": N_("wrong contact details"),
    "project_changed": N_("project dropped or changed"),
    "not_transparent": N_("client not transparent"),
    "already_under_contract": N_("already under contract"),
    "project_postponed": N_("project postponed"),
    "no_sale": N_("no sale"),
    "lead_shared": N_("lead shared with others"),
    "lead_not_credit_checked": N_("client’s credit not checked"),
    "call": N_("phone call"),
    "email": N_("email"),
    "abandoned": N_("abandoned"),
    "changed": N_("changed"),
    "postponed": N_("postponed"),
    "ongoing": N_("ongoing"),
    "unclear": N_("unclear"),
    "financial_situation": N_("financial situation"),
    "credit_history": N_("credit history"),
    "down_payment": N_("down payment"),
    "family_situation": N_("family situation"),
    "credit": N_("credit on the account"),
    "bank_refund": N_("payment to a bank account"),
    "approve": N_("approve"),
    "refuse": N_("refuse"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "blocked": N_("not possible yet"),
    "manual_review": N_("to be decided by a person"),
    "needs_information": N_("more information is needed"),
    "recommendation": N_("recommendation"),
    "commitment": N_("firm commitment"),
}
"""How the values of choices are called by people."""
