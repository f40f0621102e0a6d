"""The closed sets that facts of a partner's deal come from, and how people call their values."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_


class Act(StrEnum):
    """What is done to a deal, in the order of its steps."""

    FIND_CLIENT = "find_client"
    PRESENT_SERVICE = "present_service"
    CLIENT_DOUBTS = "client_doubts"
    COLLECT_DOCUMENTS = "collect_documents"
    PRELIMINARY_ANALYSIS = "preliminary_analysis"
    CREATE_THREAD = "create_thread"
    UPLOAD_DOCUMENTS = "upload_documents"
    START_TEAM_ANALYSIS = "start_team_analysis"
    REQUEST_ADDITIONAL_DOCUMENTS = "request_additional_documents"
    SUPPLY_ADDITIONAL_DOCUMENTS = "supply_additional_documents"
    GIVE_RANGE = "give_range"
    CLIENT_AGREEMENT = "client_agreement"
    CLIENT_OBJECTIONS = "client_objections"
    COLLECT_CONTRACT_DATA = "collect_contract_data"
    SEND_CONTRACT = "send_contract"
    CONTRACT_SIGNED = "contract_signed"
    START_SUPPORT = "start_support"
    LOAN_APPROVED = "loan_approved"
    LOAN_REFUSED = "loan_refused"
    LOAN_RECEIVED = "loan_received"
    COMPLETE = "complete"
    CLIENT_COMMISSION_PAID = "client_commission_paid"
    SIGNED_ACT_PROVIDED = "signed_act_provided"
    ASSESS = "assess_partner_commission"
    RULE = "rule"
    PAY = "pay"


class Stage(StrEnum):
    """At which talk a client has doubts; those about the range have a guide of their own."""

    PRESENTATION = "presentation"
    AGREEMENT = "agreement"


class BankDecision(StrEnum):
    """What the lender said."""

    APPROVED = "approved"
    REFUSED = "refused"


class RulingDecision(StrEnum):
    """How a reviewer rules."""

    APPROVE = "approve"
    REFUSE = "refuse"


LABELS: Final = {
    "find_client": N_("client found"),
    "present_service": N_("service presented"),
    "client_doubts": N_("doubts of the client"),
    "collect_documents": N_("documents collected"),
    "preliminary_analysis": N_("preliminary analysis"),
    "create_thread": N_("thread opened"),
    "upload_documents": N_("documents uploaded"),
    "start_team_analysis": N_("analysis begun"),
    "request_additional_documents": N_("further documents asked for"),
    "supply_additional_documents": N_("further documents supplied"),
    "give_range": N_("range given"),
    "client_agreement": N_("answer of the client to the range"),
    "client_objections": N_("objections of the client"),
    "collect_contract_data": N_("details for the contract"),
    "send_contract": N_("contract sent"),
    "contract_signed": N_("contract signed"),
    "start_support": N_("support begun"),
    "loan_approved": N_("loan approved"),
    "loan_refused": N_("loan refused"),
    "loan_received": N_("loan received"),
    "complete": N_("work completed"),
    "client_commission_paid": N_("payment by the client"),
    "signed_act_provided": N_("signed act handed in"),
    "assess_partner_commission": N_("assessment of the commission"),
    "rule": N_("ruling"),
    "pay": N_("payment of the commission"),
    "presentation": N_("when the service is presented"),
    "agreement": N_("when the range is agreed"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "approve": N_("approve"),
    "refuse": N_("refuse"),
    "manual_review": N_("to be decided by a person"),
    "needs_information": N_("more information is needed"),
    "blocked": N_("not possible yet"),
    "unchanged": N_("nothing to do"),
}
"""How the values of choices are called by people."""
