"""The states of a lead at XpertSource."""

from __future__ import annotations

from enum import StrEnum


class S(StrEnum):
    """Where a lead and its request stand."""

    WAITING_PERIOD = "waiting_period"
    CLAIMABLE = "claimable"
    WINDOW_CLOSED = "window_closed"
    UNDER_EXAMINATION = "under_examination"
    OVERDUE = "overdue"
    AWAITING_INFORMATION = "awaiting_information"
    APPROVED = "approved"
    REFUSED = "refused"
    REFUSED_PREMATURE = "refused_premature"
    REFUSED_INCOMPLETE_STEPS = "refused_incomplete_steps"
    OUT_OF_TIME = "out_of_time"
    FORM_REQUIRED = "form_required"
    ALREADY_CREDITED = "already_credited"
