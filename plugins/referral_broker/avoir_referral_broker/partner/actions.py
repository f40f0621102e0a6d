"""What is done to a deal, by whom, from which states, and what is stated with it."""

from __future__ import annotations

from typing import Any, Final

from avoir.clauses import Table
from avoir.facts import Fact
from avoir.lifecycles import Action, Founding, Keyed, Role, Statement
from avoir.messages import N_
from avoir_referral_broker.partner import analysis, client, closing, contract
from avoir_referral_broker.partner.choices import Act
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.ruling import RULING
from avoir_referral_broker.partner.states import S

deal, event = F.deal, F.event
PARTNER: Final = frozenset({Role.PARTNER})
TEAM: Final = frozenset({Role.TEAM})
EITHER: Final = PARTNER | TEAM

ANALYSED: Final = (S.TEAM_ANALYSIS, S.TEAM_ANALYSIS_OVERDUE)
OFFERED: Final = (S.AWAITING_CLIENT_AGREEMENT, S.OBJECTIONS)
COMPLETED: Final = (S.COMPLETED_AWAITING_PAYMENT, S.COMPLETED_AWAITING_ACT)


def _act(
    name: Act,
    label: str,
    actors: frozenset[Role],
    table: Table,
    *from_states: S,
    stating: tuple[Fact[Any], ...] = (),
    statement: Statement = Statement.ANEW,
    claims: tuple[Keyed, ...] = (),
) -> Action:
    """An act on a deal; nobody inherits what another act stated under the same name."""
    return Action(
        name.value,
        label,
        actors,
        table,
        inputs=stating,
        from_states=frozenset(from_states),
        stamps=(event.at,),
        statement=statement,
        claims=claims,
    )


ACTIONS: Final = (
    # step 1
    Action(
        Act.FIND_CLIENT.value,
        N_("record a client found"),
        PARTNER,
        client.FINDING,
        inputs=(deal.id, deal.client_id, deal.requested_amount),
        requires=(deal.id, deal.client_id, deal.requested_amount),
        founding=Founding.OPENS,
        stamps=(event.at, deal.opened_at),
        identifies=deal.id,
    ),
    # step 2
    _act(
        Act.PRESENT_SERVICE,
        N_("record that the service was presented"),
        PARTNER,
        client.PRESENTING,
        S.FOUND,
    ),
    _act(
        Act.CLIENT_DOUBTS,
        N_("record doubts of the client"),
        PARTNER,
        client.DOUBTING,
        S.FOUND,
        S.PRESENTED,
        *OFFERED,
        stating=(event.stage,),
    ),
    # step 3
    _act(
        Act.COLLECT_DOCUMENTS,
        N_("record the documents collected"),
        PARTNER,
        client.COLLECTING,
        S.PRESENTED,
        stating=(event.documents_complete, event.documents),
    ),
    # step 4
    _act(
        Act.PRELIMINARY_ANALYSIS,
        N_("record the preliminary analysis"),
        PARTNER,
        client.PRELIMINARY,
        S.DOCUMENTS_COLLECTED,
        stating=(event.criteria_met, event.stop_factors),
    ),
    # step 5
    _act(
        Act.CREATE_THREAD,
        N_("open a thread in the work group"),
        PARTNER,
        analysis.THREAD,
        S.PRELIMINARY_PASSED,
        stating=(event.documents_uploaded, event.documents),
    ),
    _act(
        Act.UPLOAD_DOCUMENTS,
        N_("upload the documents to the thread"),
        PARTNER,
        analysis.UPLOAD,
        S.THREAD_OPEN,
        stating=(event.documents_uploaded, event.documents),
    ),
    # step 6
    _act(
        Act.START_TEAM_ANALYSIS,
        N_("begin the team’s analysis"),
        TEAM,
        analysis.STARTING,
        *ANALYSED,
    ),
    _act(
        Act.REQUEST_ADDITIONAL_DOCUMENTS,
        N_("ask for further documents"),
        TEAM,
        analysis.REQUESTING,
        *ANALYSED,
        stating=(event.documents,),
    ),
    _act(
        Act.SUPPLY_ADDITIONAL_DOCUMENTS,
        N_("supply the further documents"),
        PARTNER,
        analysis.SUPPLYING,
        S.AWAITING_ADDITIONAL_DOCUMENTS,
        stating=(event.documents_uploaded, event.documents),
    ),
    _act(
        Act.GIVE_RANGE,
        N_("give the range"),
        TEAM,
        analysis.GIVING,
        *ANALYSED,
        stating=(event.range.minimum, event.range.maximum),
    ),
    # step 7
    _act(
        Act.CLIENT_AGREEMENT,
        N_("record the client’s answer to the range"),
        PARTNER,
        analysis.ANSWERING,
        *OFFERED,
        stating=(event.agreed, event.agreed_sum),
    ),
    _act(
        Act.CLIENT_OBJECTIONS,
        N_("record objections of the client"),
        PARTNER,
        analysis.OBJECTING_TO_IT,
        *OFFERED,
    ),
    # step 8
    _act(
        Act.COLLECT_CONTRACT_DATA,
        N_("record the details for the contract"),
        PARTNER,
        contract.DETAILS,
        S.AGREED,
        stating=(event.requisites, event.email, event.phone, event.has_edo),
    ),
    # step 9
    _act(
        Act.SEND_CONTRACT,
        N_("send the contract"),
        TEAM,
        contract.SENDING,
        S.CONTRACT_DATA_COLLECTED,
    ),
    _act(
        Act.CONTRACT_SIGNED,
        N_("record that the contract was signed"),
        PARTNER,
        contract.SIGNING,
        S.CONTRACT_SENT,
        stating=(deal.contract.scan_received,),
    ),
    # step 10
    _act(
        Act.START_SUPPORT,
        N_("tell the client what to do"),
        TEAM,
        contract.SUPPORTING,
        S.CONTRACT_SIGNED,
        stating=(event.actions,),
    ),
    _act(
        Act.LOAN_APPROVED,
        N_("record that the loan was approved"),
        TEAM,
        contract.APPROVING,
        S.SUPPORT,
        stating=(deal.loan.approved_amount,),
    ),
    _act(
        Act.LOAN_REFUSED,
        N_("record that the loan was refused"),
        TEAM,
        contract.REFUSING,
        S.SUPPORT,
        S.APPROVED_AWAITING_FUNDS,
    ),
    # step 11
    _act(
        Act.LOAN_RECEIVED,
        N_("record that the loan was received"),
        TEAM,
        closing.RECEIVING,
        S.APPROVED_AWAITING_FUNDS,
        stating=(deal.loan.received_amount, deal.loan.tranches, deal.loan.received_at),
    ),
    _act(
        Act.COMPLETE,
        N_("complete the work"),
        TEAM,
        closing.COMPLETING,
        S.APPROVED_AWAITING_FUNDS,
        stating=(deal.client_commission.invoiced, deal.act.drawn_up),
    ),
    # step 12
    _act(
        Act.CLIENT_COMMISSION_PAID,
        N_("record what the client has paid so far"),
        TEAM,
        closing.CLIENT_PAYING,
        *COMPLETED,
        stating=(deal.client_commission.paid, deal.client_commission.invoiced),
        # the invoice stands as it was made out, unless it is stated again
        statement=Statement.ADDS,
    ),
    _act(
        Act.SIGNED_ACT_PROVIDED,
        N_("record that the signed act was handed in"),
        TEAM,
        closing.HANDING_IN,
        *COMPLETED,
        stating=(deal.act.signed_copy_provided,),
    ),
    _act(
        Act.ASSESS,
        N_("assess the partner’s commission"),
        EITHER,
        closing.ASSESSING,
        *COMPLETED,
        S.COMMISSION_DUE,
    ),
    Action(
        Act.RULE.value,
        N_("rule on the partner’s commission"),
        frozenset({Role.REVIEWER}),
        RULING,
        inputs=(F.ruling.decision, F.ruling.reason),
        requires=(F.ruling.decision, F.ruling.reason),
        from_states=frozenset({S.UNDER_REVIEW}),
        stamps=(event.at,),
        statement=Statement.ANEW,
        signs=F.ruling.by,
    ),
    _act(
        Act.PAY,
        N_("pay the partner’s commission"),
        TEAM,
        closing.PAYING,
        S.COMMISSION_DUE,
        claims=(Keyed("commission", deal.id),),
    ),
)
