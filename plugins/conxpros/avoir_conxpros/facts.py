"""The facts document of a lead credit matter at conXpros."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from avoir.facts import (
    Facts,
    Record,
    Source,
    choice,
    flag,
    group,
    instant,
    instants,
    items,
    money,
    text,
    whole,
    zone_name,
)
from avoir.kinds import Item, Sign
from avoir.messages import N_
from avoir.money import Unit
from avoir_conxpros.choices import (
    Act,
    Basis,
    Channel,
    Deliverer,
    Finding,
    Informant,
    Past,
    Person,
    Reason,
    Result,
    ReviewResult,
    RulingDecision,
    Writing,
)

USD: Final = Unit("USD", 2)


class Sent(Item, frozen=True, kw_only=True):
    """An email or a text message to the homeowner."""

    type: Annotated[Writing | None, N_("kind of message")] = None
    at: Annotated[datetime | None, N_("moment of the message")] = None


class PastEvent(Item, frozen=True, kw_only=True):
    """One thing that happened to the lead before."""

    type: Annotated[Past | None, N_("what happened")] = None
    at: Annotated[datetime | None, N_("moment of the event")] = None
    result: Annotated[Result | None, N_("result")] = None
    amount: Annotated[Decimal | None, N_("amount moved")] = None
    reason: Annotated[Reason | None, N_("reason of the request")] = None
    reason_clause: Annotated[str | None, N_("clause of the decision")] = None
    via: Annotated[Channel | None, N_("channel")] = None


class PreviousRuling(Item, frozen=True, kw_only=True):
    """An earlier ruling on this lead."""

    by: Annotated[str | None, N_("reviewer")] = None
    decision: Annotated[RulingDecision | None, N_("ruling")] = None


class Lead(Record):
    """The lead, as its delivery recorded it."""

    id = text(N_("lead"))
    delivered_at = instant(N_("delivery of the lead"))
    cost = money(N_("cost of the lead"))
    category = text(N_("category of the lead"))
    submitted_zip = text(N_("ZIP code given with the lead"))


class Homeowner(Record):
    """Who asked for quotes."""

    identity = text(N_("homeowner"))


class Professional(Record):
    """Who received the lead."""

    id = text(N_("professional"))
    balance = money(N_("balance of the professional"), sign=Sign.ANY)


class Request(Record):
    """The request for a credit."""

    submitted_at = instant(N_("submission of the request"), source=Source.CLOCK)
    channel = choice(Channel, N_("channel of the request"))
    reason = choice(Reason, N_("reason of the request"))
    notes = text(N_("notes on the request"))


class Verification(Record):
    """What the verification team learned."""

    reached_homeowner_on_phone = flag(N_("verification team reached the homeowner on this phone"))


class PreviousDelivery(Record):
    """An earlier delivery of the same lead."""

    by = choice(Deliverer, N_("who delivered the lead before"))
    category = text(N_("category of the earlier delivery"))
    delivered_at = instant(N_("earlier delivery of the lead"))
    to_same_professional = flag(N_("earlier delivery was to the same professional"))


class Findings(Record):
    """What is known of the lead, the homeowner and the attempts to reach him."""

    actual_category = text(N_("category of the actual project"))
    actual_category_cost = money(N_("price of the right category"), source=Source.BUSINESS)
    actual_zip = text(N_("ZIP code of the actual project"))
    address_valid = flag(N_("street address is right"))
    affordability_concern = flag(N_("homeowner finds it too expensive"))
    calls = instants(N_("calls to the homeowner"))
    contradicted_reason = flag(
        N_("homeowner told the verification team otherwise"), source=Source.BUSINESS
    )
    conxpros_verified_contact = flag(
        N_("verification team made contact with the homeowner"), source=Source.BUSINESS
    )
    dnc_requested_on_contact_number = whole(
        N_("contact at which not to be called was asked"), low=1
    )
    hired_different_company = flag(N_("homeowner hired another company"))
    hired_or_completed_at = instant(N_("work was hired or completed"))
    homeowner_denies_request = flag(N_("homeowner says that no quote was asked for"))
    in_professional_crm = flag(N_("homeowner was in the professional’s own records"))
    in_targeted_service_area = flag(N_("project lies in the targeted service area"))
    incentive = text(N_("promotion that prompted the request"))
    lead_is_solicitation = flag(N_("lead is a test or a solicitation"))
    messages = items(Sent, N_("messages to the homeowner"))
    notes_uninformative = flag(N_("notes say nothing"), source=Source.BUSINESS)
    person_reached = choice(Person, N_("person whom the contact details lead to"))
    phone_working = flag(N_("phone number works"))
    previous_delivery = group(PreviousDelivery, Source.RECORD)
    professional_eligible_for_actual_category = flag(
        N_("professional may receive leads in the right category")
    )
    professional_established_contact = flag(N_("professional made contact with the homeowner"))
    project_requires_owner_approval = flag(N_("project needs the owner’s consent"))
    seeking_employment = flag(N_("person was looking for work"))
    spoke_with_homeowner = flag(N_("professional spoke with the homeowner"))
    submitter_is_minor = flag(N_("person is a minor"))
    submitter_owns_property = flag(N_("person owns the property"))
    task_appropriate_for_category = flag(
        N_("task belongs in the category of the lead"), source=Source.BUSINESS
    )
    verification = group(Verification, Source.BUSINESS)


class EventFindings(Record):
    """What a further request states anew."""

    calls = instants(N_("calls to the homeowner"))
    conxpros_verified_contact = flag(
        N_("verification team made contact with the homeowner"), source=Source.BUSINESS
    )
    homeowner_denies_request = flag(N_("homeowner says that no quote was asked for"))
    messages = items(Sent, N_("messages to the homeowner"))
    professional_established_contact = flag(N_("professional made contact with the homeowner"))
    spoke_with_homeowner = flag(N_("professional spoke with the homeowner"))


class Happening(Record):
    """What is happening now, where it is no first request."""

    type = choice(Act, N_("action"), source=Source.CLOCK)
    at = instant(N_("moment of the event"), source=Source.CLOCK)
    by = text(N_("who decides"), source=Source.BUSINESS)
    basis = choice(Basis, N_("basis of the reversal"), source=Source.BUSINESS)
    source = choice(Informant, N_("source of the information"), source=Source.BUSINESS)
    finding = choice(Finding, N_("finding of the verification team"), source=Source.BUSINESS)
    previous_delivered_at = instant(N_("earlier delivery of the lead"), source=Source.BUSINESS)
    result = choice(ReviewResult, N_("result of the review"), source=Source.BUSINESS)
    via = choice(Channel, N_("channel of the request"))
    reason = choice(Reason, N_("reason of the request"))
    notes = text(N_("notes on the request"))
    findings = group(EventFindings)


class Ruling(Record):
    """A reviewer's ruling."""

    by = text(N_("reviewer"))
    decision = choice(RulingDecision, N_("ruling"))
    reason = text(N_("reason of the ruling"))


class F(Facts):
    """Every fact that a document of this policy may carry."""

    time_zone = zone_name(N_("time zone"))
    as_of = instant(N_("moment asked about"), source=Source.CLOCK)
    lead = group(Lead, Source.RECORD)
    homeowner = group(Homeowner, Source.RECORD)
    professional = group(Professional, Source.RECORD)
    request = group(Request)
    findings = group(Findings)
    event = group(Happening)
    decision = text(N_("decision taken"), source=Source.RECORD)
    history = items(PastEvent, N_("history of the lead"), source=Source.RECORD)
    ruling = group(Ruling, Source.BUSINESS)
    previous_rulings = items(
        PreviousRuling, N_("earlier rulings on this lead"), source=Source.RECORD
    )
    top_up = money(N_("amount paid in"), sign=Sign.MORE_THAN_ZERO)
