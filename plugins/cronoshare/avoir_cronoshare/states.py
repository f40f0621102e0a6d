"""The phases of a contact at Cronoshare, and what stands before a purchase."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """Where a contact stands."""

    INSUFFICIENT_CRONOS = "insufficient_cronos"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    NOT_PERMITTED = "not_permitted"
    MANAGE = "manage"
    PROCESSED_REFUNDED = "processed_refunded"
    PROCESSED_CHOSEN = "processed_chosen"
    EXPIRED = "expired"
