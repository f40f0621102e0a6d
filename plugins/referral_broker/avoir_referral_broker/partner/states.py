"""Where a partner's deal stands."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """The states of a deal, in the order of its steps."""

    NEW = "new"
    FOUND = "found"
    PRESENTED = "presented"
    DOCUMENTS_COLLECTED = "documents_collected"
    PRELIMINARY_PASSED = "preliminary_passed"
    PRELIMINARY_FAILED = "preliminary_failed"
    THREAD_OPEN = "thread_open"
    TEAM_ANALYSIS = "team_analysis"
    TEAM_ANALYSIS_OVERDUE = "team_analysis_overdue"
    AWAITING_ADDITIONAL_DOCUMENTS = "awaiting_additional_documents"
    AWAITING_CLIENT_AGREEMENT = "awaiting_client_agreement"
    OBJECTIONS = "objections"
    AGREED = "agreed"
    CONTRACT_DATA_COLLECTED = "contract_data_collected"
    CONTRACT_SENT = "contract_sent"
    CONTRACT_SIGNED = "contract_signed"
    SUPPORT = "support"
    APPROVED_AWAITING_FUNDS = "approved_awaiting_funds"
    LOAN_REFUSED = "loan_refused"
    COMPLETED_AWAITING_PAYMENT = "completed_awaiting_payment"
    COMPLETED_AWAITING_ACT = "completed_awaiting_act"
    UNDER_REVIEW = "under_review"
    COMMISSION_DUE = "commission_due"
    COMMISSION_REFUSED = "commission_refused"
    COMMISSION_PAID = "commission_paid"
