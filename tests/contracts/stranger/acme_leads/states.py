"""The states of a lead at Acme."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """Where a lead stands."""

    DELIVERED = "delivered"
    KEPT = "kept"
    CALLS_MISSING = "calls_missing"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    REFUSED = "refused"
