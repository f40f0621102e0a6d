"""The states of a lead at conXpros."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """Where a lead and its requests stand."""

    DELIVERED = "delivered"
    SUBMITTED = "submitted"
    SUBMITTED_OVERDUE = "submitted_overdue"
    AWAITING_INFORMATION = "awaiting_information"
    CREDITED = "credited"
    PARTIALLY_CREDITED = "partially_credited"
    CREDITED_PROACTIVELY = "credited_proactively"
    DENIED = "denied"
    DENIED_LATE = "denied_late"
    DENIED_EARLY = "denied_early"
    REVERSED = "reversed"
    UNDER_REVIEW = "under_review"
    FINAL_APPROVED = "final_approved"
    FINAL_DENIED = "final_denied"


CREDITED = (S.CREDITED, S.PARTIALLY_CREDITED, S.CREDITED_PROACTIVELY)
"""The states in which a credit stands that no review has made final."""

FINAL = (S.FINAL_APPROVED, S.FINAL_DENIED)
"""The states that a review has made final."""
