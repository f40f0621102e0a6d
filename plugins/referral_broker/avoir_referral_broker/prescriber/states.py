"""The states of a contact for one prescriber."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """Where a contact stands for the prescriber who sent it."""

    ATTACHED = "attached"
    ATTACHED_NOT_REMUNERABLE = "attached_not_remunerable"
    ATTACHED_NO_CONVENTION = "attached_no_convention"
    ATTACHED_PTZ = "attached_ptz"
    NOT_ATTACHED = "not_attached"
    REMUNERABLE = "remunerable"
    NOT_REMUNERABLE = "not_remunerable"
    WINDOW_EXPIRED = "window_expired"
    UNDER_REVIEW = "under_review"
    PAID = "paid"
    ALREADY_PAID = "already_paid"
