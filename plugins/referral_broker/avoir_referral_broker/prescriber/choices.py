"""What may be chosen from in the facts of a prescriber's contact, and what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from avoir.messages import N_
from avoir.rulings import LABELS as FOUR_EYES


class Act(StrEnum):
    """What is done about a contact."""

    ATTACH = "attach"
    SIGN_CONVENTION = "sign_convention"
    RECORD_KNOWN_BEFORE = "record_known_before"
    CLOSE_FILE = "close_file"
    REOPEN_FILE = "reopen_file"
    RECORD_TRANSFORMATION = "record_transformation"
    ASSESS_REMUNERATION = "assess_remuneration"
    PAY = "pay"
    RULE = "rule"


class Via(StrEnum):
    """Through whom a contact was known."""

    SELF = "self"
    PRESCRIBER = "prescriber"


class ConventionKind(StrEnum):
    """What a prescriber has signed."""

    REMUNERATED = "remunerated"
    PTZ = "ptz_csf_accession"
    NONE = "none"


class Standing(StrEnum):
    """How an attachment stands among those of one contact."""

    ACTIVE = "active"
    SECOND = "second"


class FileStatus(StrEnum):
    """What has become of a file."""

    OPEN = "open"
    CLOSED = "closed_no_follow_up"
    REOPENED = "reopened"


class Returns(StrEnum):
    """The reports on what the contacts of prescribers bring."""

    ONE = "prescriber_returns"
    ALL = "prescriber_returns_all"


class RulingDecision(StrEnum):
    """How a reviewer rules."""

    APPROVE = "approve"
    REFUSE = "refuse"


LABELS: Final[Mapping[str, str]] = {
    **FOUR_EYES,
    Via.SELF: N_("by itself"),
    Via.PRESCRIBER: N_("through a prescriber"),
    ConventionKind.REMUNERATED: N_("convention with a fee"),
    ConventionKind.PTZ: N_("PTZ CSF ACCESSION"),
    ConventionKind.NONE: N_("no convention"),
    Standing.ACTIVE: N_("first"),
    Standing.SECOND: N_("not the first"),
    FileStatus.OPEN: N_("open"),
    FileStatus.CLOSED: N_("closed without follow-up"),
    FileStatus.REOPENED: N_("opened again"),
    RulingDecision.APPROVE: N_("approve the remuneration"),
    RulingDecision.REFUSE: N_("refuse the remuneration"),
}
"""How the values of choices are called by people."""
