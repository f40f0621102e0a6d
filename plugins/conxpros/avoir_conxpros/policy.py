"""The policy ``conxpros.lead_credit``: lifecycle, accounts, and all that is in the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from avoir.conditions import known
from avoir.dates import day
from avoir.ledger import Account
from avoir.lifecycles import (
    Action,
    Derived,
    Founding,
    Keyed,
    Lifecycle,
    Role,
    State,
    Statement,
    Waiting,
)
from avoir.measures import tolerant_measure
from avoir.messages import N_
from avoir.policies import BalanceFact, Policy, Window
from avoir_conxpros import catalogue as c
from avoir_conxpros import choices, measures, parameters
from avoir_conxpros.asked import FIRST
from avoir_conxpros.choices import Act
from avoir_conxpros.effects import (
    DECISION_EARLY,
    DECISION_TARGET,
    NON_CONTACT_OPENS,
    WINDOW_CLOSES,
)
from avoir_conxpros.facts import USD, F
from avoir_conxpros.parameters import P
from avoir_conxpros.proactive import DELIVERY, TOP_UP, VERIFICATION
from avoir_conxpros.records import history, related
from avoir_conxpros.returns import RETURNS
from avoir_conxpros.reversal import CONTRADICTION, REVERSAL
from avoir_conxpros.review import REVIEW_DECISION, REVIEW_REQUEST
from avoir_conxpros.ruling import RULING
from avoir_conxpros.states import CREDITED, S
from avoir_conxpros.table import FURTHER_REQUEST, REQUEST

as_of_day = day(F.as_of)


@tolerant_measure(measures.recorded, F.request.submitted_at, F.lead.delivered_at, label=N_("state"))
def standing(
    recorded: S | None, submitted: datetime | None, delivered: datetime | None
) -> str | None:
    """The state that a facts document shows by itself."""
    if recorded is not S.DELIVERED:
        return recorded
    if submitted is not None:
        return S.SUBMITTED
    return None if delivered is None else S.DELIVERED


BUSINESS: Final = (
    F.findings.actual_category_cost,
    F.findings.contradicted_reason,
    F.findings.conxpros_verified_contact,
    F.findings.notes_uninformative,
    F.findings.task_appropriate_for_category,
    F.findings.verification.reached_homeowner_on_phone,
)
"""What only conXpros's staff can say."""

REQUEST_INPUTS: Final = (
    F.request.channel,
    F.request.reason,
    F.request.notes,
    F.findings.actual_category,
    F.findings.actual_zip,
    F.findings.address_valid,
    F.findings.affordability_concern,
    F.findings.calls,
    F.findings.dnc_requested_on_contact_number,
    F.findings.hired_different_company,
    F.findings.hired_or_completed_at,
    F.findings.homeowner_denies_request,
    F.findings.in_professional_crm,
    F.findings.in_targeted_service_area,
    F.findings.incentive,
    F.findings.lead_is_solicitation,
    F.findings.messages,
    F.findings.person_reached,
    F.findings.phone_working,
    F.findings.professional_eligible_for_actual_category,
    F.findings.professional_established_contact,
    F.findings.project_requires_owner_approval,
    F.findings.seeking_employment,
    F.findings.spoke_with_homeowner,
    F.findings.submitter_is_minor,
    F.findings.submitter_owns_property,
)

STATES: Final = (
    State(S.DELIVERED, N_("delivered"), (c.WINDOW_5D,)),
    State(S.SUBMITTED, N_("request submitted"), (c.ACK_EMAIL, c.DECISION_3BD)),
    State(S.SUBMITTED_OVERDUE, N_("decision overdue"), (c.DECISION_3BD,)),
    State(S.AWAITING_INFORMATION, N_("waiting for information")),
    State(S.CREDITED, N_("credited"), (c.CREDIT_BALANCE,)),
    State(S.PARTIALLY_CREDITED, N_("credited in part"), (c.PARTIAL_DIFF,)),
    State(S.CREDITED_PROACTIVELY, N_("credited without a request"), (c.PRO_NOTIFY,)),
    State(S.DENIED, N_("denied"), (c.REVIEW,)),
    State(S.DENIED_LATE, N_("denied: too late"), (c.DEN_LATE, c.REVIEW)),
    State(S.DENIED_EARLY, N_("denied: too early"), (c.DEN_EARLY_NONCONTACT,)),
    State(S.REVERSED, N_("credit taken back"), (c.REVERSAL, c.REVIEW)),
    State(S.UNDER_REVIEW, N_("under review"), (c.REVIEW,)),
    State(S.FINAL_APPROVED, N_("credited for good"), (c.FINAL,)),
    State(S.FINAL_DENIED, N_("denied for good"), (c.FINAL,)),
)

REQUESTERS: Final = frozenset({Role.PROFESSIONAL, Role.MANAGER})

ACTIONS: Final = (
    Action(
        Act.REQUEST_CREDIT.value,
        N_("request a credit"),
        REQUESTERS,
        REQUEST,
        inputs=REQUEST_INPUTS,
        from_states=frozenset({S.DELIVERED}),
        stamps=(F.request.submitted_at,),
        statement=Statement.ANEW,
    ),
    Action(
        Act.NEW_REQUEST.value,
        N_("file another request"),
        REQUESTERS,
        FURTHER_REQUEST,
        inputs=REQUEST_INPUTS,
        from_states=frozenset({S.DENIED_EARLY, S.AWAITING_INFORMATION, S.FINAL_DENIED}),
        stamps=(F.event.at, F.request.submitted_at),
    ),
    Action(
        Act.VERIFICATION_FINDING.value,
        N_("record a finding of the verification team"),
        frozenset({Role.REVIEWER}),
        VERIFICATION,
        inputs=(F.event.finding, F.event.previous_delivered_at, *BUSINESS),
        lasting=BUSINESS,
        from_states=frozenset({S.DELIVERED, S.SUBMITTED}),
        stamps=(F.event.at,),
    ),
    Action(
        Act.CONTRADICTING_INFORMATION.value,
        N_("record information that contradicts a credit"),
        frozenset({Role.REVIEWER}),
        CONTRADICTION,
        inputs=(F.event.source,),
        from_states=frozenset(CREDITED),
        stamps=(F.event.at,),
        statement=Statement.ANEW,
    ),
    Action(
        Act.REVERSAL_DECIDED.value,
        N_("take a credit back"),
        frozenset({Role.REVIEWER}),
        REVERSAL,
        inputs=(F.event.source, F.event.basis),
        from_states=frozenset(CREDITED),
        stamps=(F.event.at,),
        signs=F.event.by,
    ),
    Action(
        Act.REVIEW_REQUESTED.value,
        N_("ask for a review"),
        REQUESTERS,
        REVIEW_REQUEST,
        inputs=(F.event.via,),
        from_states=frozenset({S.DENIED, S.DENIED_LATE, S.REVERSED, S.PARTIALLY_CREDITED}),
        stamps=(F.event.at,),
        statement=Statement.ANEW,
    ),
    Action(
        Act.REVIEW_DECIDED.value,
        N_("decide a review"),
        frozenset({Role.MANAGER}),
        REVIEW_DECISION,
        inputs=(F.event.result,),
        from_states=frozenset({S.UNDER_REVIEW}),
        stamps=(F.event.at,),
        statement=Statement.ANEW,
        signs=F.event.by,
    ),
    Action(
        Act.RULE.value,
        N_("rule on the request"),
        frozenset({Role.REVIEWER}),
        RULING,
        inputs=(F.ruling.decision, F.ruling.reason, F.findings.actual_category_cost),
        requires=(F.ruling.decision, F.ruling.reason),
        statement=Statement.ANEW,
        from_states=frozenset({S.SUBMITTED, S.AWAITING_INFORMATION}),
        stamps=(F.event.at,),
        signs=F.ruling.by,
    ),
    Action(
        Act.DELIVER.value,
        N_("record the delivery of a lead"),
        frozenset({Role.PLATFORM}),
        DELIVERY,
        inputs=(*F.lead.facts(), F.homeowner.identity),
        requires=(F.lead.id, F.lead.delivered_at, F.lead.cost),
        founding=Founding.OPENS,
        claims=(Keyed("lead", F.lead.id),),
        references=(Keyed("homeowner", F.homeowner.identity),),
        identifies=F.lead.id,
    ),
    Action(
        Act.TOP_UP.value,
        N_("record an amount paid in"),
        frozenset({Role.PLATFORM}),
        TOP_UP,
        inputs=(F.top_up,),
        requires=(F.top_up,),
        founding=Founding.ON_AN_ACCOUNT,
    ),
)

LIFECYCLE: Final = Lifecycle(
    states=STATES,
    actions=ACTIONS,
    derived=(
        Derived(
            S.SUBMITTED_OVERDUE,
            frozenset({S.SUBMITTED}),
            (as_of_day > FIRST.target) & ~known(F.decision),
            (c.DECISION_3BD,),
        ),
    ),
    standing=standing,
    history=history,
    as_of=F.as_of,
    deadlines=(WINDOW_CLOSES, NON_CONTACT_OPENS, DECISION_EARLY, DECISION_TARGET),
    related=related,
    waiting=(
        Waiting(
            frozenset({S.SUBMITTED}),
            Role.REVIEWER,
            settled_by=(Act.RULE.value,),
            due=DECISION_TARGET,
        ),
        Waiting(frozenset({S.UNDER_REVIEW}), Role.MANAGER, settled_by=(Act.REVIEW_DECIDED.value,)),
        # a credit that stands waits only once something speaks against it
        Waiting(
            frozenset(CREDITED),
            Role.REVIEWER,
            settled_by=(Act.REVERSAL_DECIDED.value,),
            left_by=frozenset({Act.CONTRADICTING_INFORMATION.value}),
        ),
    ),
)

LABELS: Final[Mapping[str, str]] = {
    **{state.name: state.label for state in STATES},
    **choices.LABELS,
    **parameters.LABELS,
}

POLICY = Policy(
    key="conxpros.lead_credit",
    title=N_("conXpros lead credits"),
    summary=N_("When the cost of a lead is returned to the professional who received it."),
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=c.CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account("professional:balance", N_("balance of the professional"), USD, floor=0),
        Account("house:lead_revenue", N_("revenue from leads"), USD),
        Account("house:top_ups", N_("amounts paid in"), USD),
    ),
    party=Role.PROFESSIONAL,
    time_zone="America/New_York",
    domain="avoir_conxpros",
    labels=LABELS,
    windows=(
        Window(c.DEN_EARLY_NONCONTACT, F.lead.delivered_at, measures.day_three, measures.last_day),
    ),
    stated_action=F.event.type,
    party_id=F.professional.id,
    balances=(BalanceFact("client_account", F.professional.balance, "professional:balance"),),
    returns=RETURNS,
)
