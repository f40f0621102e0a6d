"""Recorded examples of other acts: conventions, earlier knowledge, the file, payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    REFUSED,
    UNCHANGED,
    Document,
    Example,
    assessing,
    at,
    doing,
    euros,
    moved,
    nothing,
    payment,
    wants,
)

NOTHING: Final = nothing()


def act(
    title: str,
    facts: Mapping[str, Any],
    outcome: str,
    cites: str,
    cites_not: str = "",
    said: Mapping[str, object] = NOTHING,
) -> Example:
    """An example of an act, which its facts name."""
    action = facts["event"]["type"]
    return Example(title, facts, outcome, cites, action, cites_not=cites_not, more=said)


def signing(
    kind: str | None, signed: str | None = "2024-09-01 10:00", fee: str | None = "400.00"
) -> Document:
    """The facts of a convention that is recorded."""
    stated = {"kind": kind, "signed_at": signed and at(signed), "fee": euros(fee)}
    return doing("sign_convention", convention=stated)


SIGNATURES: Final = (
    act(
        "a convention with a fee",
        signing("remunerated"),
        RECORDED,
        "CONVENTION PARTNER-KINDS",
        "ATTACH-NO-CONVENTION",
    ),
    act(
        "a convention whose fee and date are not known yet",
        signing("remunerated", None, None),
        RECORDED,
        "CONVENTION",
    ),
    act(
        "a convention that is signed as it is recorded",
        signing("remunerated", "2024-09-15 10:00"),
        RECORDED,
        "CONVENTION",
    ),
    act(
        "a convention with the PTZ",
        signing("ptz_csf_accession", fee=None),
        RECORDED,
        "PARTNER-KINDS",
        "CONVENTION",
    ),
    act(
        "no convention",
        signing("none", None, None),
        RECORDED,
        "ATTACH-NO-CONVENTION",
        "PARTNER-KINDS",
    ),
    act(
        "a convention of no known kind",
        signing(None),
        ASKED,
        "",
        said=wants("convention.kind"),
    ),
)


def knowing(known: bool | None, via: str | None = "self") -> Document:
    """The facts of what is recorded about earlier knowledge."""
    contact = {
        "person_id": "DUPONT-1",
        "known_before": known,
        "known_since": at("2024-02-20 10:00") if known else None,
        "known_via": via,
    }
    return doing("record_known_before", "2024-03-01 10:00", contact=contact)


KNOWLEDGE: Final = (
    act("it was known before", knowing(True), RECORDED, "PRIOR-KNOWN INFORM-UPFRONT"),
    act("it was not known", knowing(False, None), RECORDED, "PRIOR-KNOWN", "INFORM-UPFRONT"),
    act(
        "it was known through a prescriber",
        knowing(True, "prescriber"),
        RECORDED,
        "PRIOR-KNOWN",
        "INFORM-UPFRONT",
    ),
    act("nobody says", knowing(None), ASKED, "", said=wants("contact.known_before")),
)

STAGE: Final = "the status that stands for a transformation"
FILES: Final = (
    act(
        "an open file is closed",
        doing("close_file", file={"status": "open"}),
        RECORDED,
        "ATTACH-CLOSED",
    ),
    act("a file of which nothing is known is closed", doing("close_file"), RECORDED, ""),
    act(
        "a closed file is closed",
        doing("close_file", file={"status": "closed_no_follow_up"}),
        UNCHANGED,
        "ATTACH-CLOSED",
    ),
    act(
        "a closed file is opened again",
        doing("reopen_file", file={"status": "closed_no_follow_up"}),
        RECORDED,
        "ATTACH-CLOSED",
    ),
    act(
        "an open file is opened again",
        doing("reopen_file", file={"status": "open"}),
        UNCHANGED,
        "ATTACH-CLOSED",
    ),
    act(
        "a file opened again is opened again",
        doing("reopen_file", file={"status": "reopened"}),
        UNCHANGED,
        "",
    ),
    act(
        "a file reaches the status",
        doing("record_transformation", file={"stage": "G", "transformed": False}),
        RECORDED,
        "KPI-G",
    ),
    act(
        "a file reaches another status",
        doing("record_transformation", file={"stage": "F", "transformed": False}),
        BLOCKED,
        "KPI-G",
        said=nothing(None, missing_preconditions=[STAGE]),
    ),
    act(
        "a file that is transformed reaches the status",
        doing("record_transformation", file={"stage": "G", "transformed": True}),
        UNCHANGED,
        "KPI-G",
    ),
    act(
        "the status is not stated",
        doing("record_transformation", file={"transformed": False}),
        ASKED,
        "KPI-G",
        said=wants("file.stage"),
    ),
)


def paying(due: str | None = "400.00", **more: Any) -> Document:
    """The facts of a payment."""
    facts = assessing(action="pay", moment="2024-10-15 10:00", **more)
    return {**facts, "remuneration": {"due": euros(due)}}


PAYMENTS: Final = (
    act(
        "the fee is paid",
        paying(),
        RECORDED,
        "CONVENTION",
        said={
            "amount": "400.00",
            "postings": moved(),
            "state": "paid",
            "takes_effect": "at_once",
            "notify": {"prescriber:remunerated"},
        },
    ),
    act(
        "the fee was paid before",
        paying(previous_payments=[payment()]),
        REFUSED,
        "CONVENTION",
        said=nothing("already_paid"),
    ),
    act(
        "nobody knows what is due",
        paying(None),
        ASKED,
        "CONVENTION",
        said=wants("remuneration.due"),
    ),
)

ACTS: Final = (*SIGNATURES, *KNOWLEDGE, *FILES, *PAYMENTS)
