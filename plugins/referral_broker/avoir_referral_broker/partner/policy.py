"""The policy ``referral_broker.partner``: its states, accounts, and all that is in the house."""

from __future__ import annotations

from datetime import date
from typing import Final

from avoir.ledger import Account
from avoir.lifecycles import Derived, Lifecycle, Role, State, Waiting
from avoir.messages import N_
from avoir.policies import Policy
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner import choices, parameters
from avoir_referral_broker.partner.actions import ACTIONS
from avoir_referral_broker.partner.choices import Act
from avoir_referral_broker.partner.clock import analysis_due, as_of_day
from avoir_referral_broker.partner.effects import ANALYSIS_DUE, BALANCE, COMMISSIONS
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.kinds import RUB
from avoir_referral_broker.partner.parameters import P
from avoir_referral_broker.partner.records import history
from avoir_referral_broker.partner.returns import RETURNS
from avoir_referral_broker.partner.standing import standing
from avoir_referral_broker.partner.states import S

STATES: Final = (
    State(S.NEW, N_("new"), (c.FIND,), step=1),
    State(S.FOUND, N_("client found"), (c.FIND,), step=1),
    State(S.PRESENTED, N_("service presented"), (c.PRESENT,), step=2),
    State(S.DOCUMENTS_COLLECTED, N_("documents collected"), (c.COLLECT,), step=3),
    State(S.PRELIMINARY_PASSED, N_("preliminary analysis passed"), (c.CRITERIA,), step=4),
    State(
        S.PRELIMINARY_FAILED,
        N_("preliminary analysis not passed"),
        (c.CRITERIA, c.STOPFACTORS),
        step=4,
    ),
    State(S.THREAD_OPEN, N_("thread open"), (c.THREAD, c.UPLOAD), step=5),
    State(S.TEAM_ANALYSIS, N_("analysed by the team"), (c.TWO_DAYS,), step=6),
    State(S.TEAM_ANALYSIS_OVERDUE, N_("analysis overdue"), (c.TWO_DAYS,), step=6),
    State(
        S.AWAITING_ADDITIONAL_DOCUMENTS,
        N_("waiting for further documents"),
        (c.EXTRA_DOCS,),
        step=6,
    ),
    State(
        S.AWAITING_CLIENT_AGREEMENT,
        N_("waiting for the client’s answer"),
        (c.FORK, c.AGREEMENT),
        step=7,
    ),
    State(S.OBJECTIONS, N_("the client objects"), (c.OBJECTIONS,), step=7),
    State(S.AGREED, N_("range agreed"), (c.AGREEMENT,), step=7),
    State(S.CONTRACT_DATA_COLLECTED, N_("details for the contract known"), (c.DATA,), step=8),
    State(S.CONTRACT_SENT, N_("contract sent"), (c.CONTRACT, c.NOTIFY_TO_SIGN), step=9),
    State(S.CONTRACT_SIGNED, N_("contract signed"), (c.CONTRACT,), step=9),
    State(S.SUPPORT, N_("on the way to a loan"), (c.ACTIONS, c.UNTIL_APPROVAL), step=10),
    State(
        S.APPROVED_AWAITING_FUNDS,
        N_("approved, waiting for the money"),
        (c.UNTIL_APPROVAL, c.NOTIFY_OF_END),
        step=11,
    ),
    State(S.LOAN_REFUSED, N_("loan refused"), (c.UNTIL_APPROVAL,), step=10),
    State(
        S.COMPLETED_AWAITING_PAYMENT,
        N_("completed, waiting for the client’s payment"),
        (c.INVOICE, c.CONDITIONS),
        step=12,
    ),
    State(
        S.COMPLETED_AWAITING_ACT,
        N_("completed, waiting for the signed act"),
        (c.ACT, c.CONDITIONS),
        step=12,
    ),
    State(S.UNDER_REVIEW, N_("under review"), (c.COMMISSION,), step=12),
    State(S.COMMISSION_DUE, N_("commission due"), (c.COMMISSION,), step=12),
    State(S.COMMISSION_REFUSED, N_("no commission due"), (c.COMMISSION,), step=12),
    State(S.COMMISSION_PAID, N_("commission paid"), (c.COMMISSION,), step=12),
)

LIFECYCLE: Final = Lifecycle(
    states=STATES,
    actions=ACTIONS,
    derived=(
        Derived(
            S.TEAM_ANALYSIS_OVERDUE,
            frozenset({S.TEAM_ANALYSIS}),
            as_of_day > analysis_due,
            (c.TWO_DAYS,),
        ),
    ),
    standing=standing,
    history=history,
    as_of=F.as_of,
    deadlines=(ANALYSIS_DUE,),
    waiting=(Waiting(frozenset({S.UNDER_REVIEW}), Role.REVIEWER, settled_by=(Act.RULE.value,)),),
)

POLICY = Policy(
    key="referral_broker.partner",
    title=N_("Deals of partners"),
    summary=N_("A client is led to a loan in twelve steps, and the partner has a share of it."),
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=c.CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account(BALANCE, N_("balance of the partner"), RUB),
        Account(COMMISSIONS, N_("commissions of partners"), RUB),
    ),
    party=Role.PARTNER,
    time_zone="Europe/Moscow",
    domain="avoir_referral_broker",
    labels={
        **{state.name: state.label for state in STATES},
        **choices.LABELS,
        **parameters.LABELS,
    },
    stated_action=F.event.type,
    returns=RETURNS,
    party_id=F.deal.partner_id,
    addressees={Role.CLIENT.value: F.deal.client_id},
)
