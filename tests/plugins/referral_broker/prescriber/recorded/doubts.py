"""Recorded examples of doubts: what a person is asked about, and what comes of the ruling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    ALREADY_KNOWN,
    APPROVED,
    ASKED,
    BLOCKED,
    KNOWN,
    REFUSED,
    REVIEW,
    SECOND,
    Document,
    Example,
    assessing,
    attachment,
    convention,
    nothing,
    payment,
    person,
    proposed,
    wants,
)

OLD: Final = person(True, "2023-03-15 23:59", "self")
LATE: Final = {**KNOWN, "known_recorded_at": "2024-03-15T10:00:01+01:00"}
CROSSED: Final = [
    attachment("A", "2024-03-15 10:00", "2024-03-15 09:00"),
    attachment("B", "2024-04-02 10:00", "2024-03-14 09:00"),
]

DOUBTS: Final[Mapping[str, tuple[Document, str]]] = {
    "what was known is old": (assessing(OLD), "PRIOR-KNOWN INFORM-UPFRONT"),
    "it was known, and recorded after the attachment": (
        assessing(LATE),
        "PRIOR-KNOWN INFORM-UPFRONT",
    ),
    "recorded late, and since when it was known is not known": (
        assessing({**LATE, "known_since": None}),
        "PRIOR-KNOWN",
    ),
    "first attached, and another’s had come in before": (
        assessing(attachments=CROSSED),
        "FIRST-WINS ATTACH-ON-RECEIPT CRM-DATE",
    ),
    "the other’s had come in in the hour that comes twice, the first time": (
        assessing(
            attachments=[
                attachment("A", "2024-10-28 10:00", "2024-10-27T02:15:00+01:00"),
                attachment("B", "2024-10-29 10:00", "2024-10-27T02:45:00+02:00"),
            ],
            transformed="2024-12-01 10:00",
        ),
        "FIRST-WINS",
    ),
    "second, and his had come in first": (
        assessing(of="B", attachments=CROSSED, conventions=[convention(of="B")]),
        "FIRST-WINS ATTACH-ON-RECEIPT CRM-DATE",
    ),
    "of another contact’s household": (assessing(person(household_of="DUPONT-0")), "FIRST-WINS"),
    "with the telephone of another contact": (
        assessing(person(shares_telephone_with="DUPONT-0")),
        "FIRST-WINS",
    ),
    "attached after the transformation": (
        assessing(
            attachments=[attachment("A", "2024-09-15 10:01")],
            transformed="2024-09-15 10:00",
            moment="2024-10-01 10:00",
        ),
        "CRM-DATE ATTACH-ON-RECEIPT",
    ),
    "signed after the transformation": (
        assessing(conventions=[convention(signed="2024-09-15 10:01")], moment="2024-12-10 10:00"),
        "CONVENTION ONE-YEAR ATTACH-NO-CONVENTION",
    ),
    "the convention has the PTZ, and names a fee": (
        assessing(conventions=[convention("ptz_csf_accession")]),
        "PARTNER-KINDS CONVENTION",
    ),
}
"""Facts that leave a doubt, and the clauses it is about."""

REFUSED_BY_A_PERSON: Final[Document] = {
    "ruling": {"by": "r-1", "decision": "refuse", "reason": "Seen."}
}


def _each_doubt() -> Iterator[Example]:
    for title, (facts, cites) in DOUBTS.items():
        yield Example(title, facts, REVIEW, cites, more=nothing("under_review"))
        yield Example(
            f"{title}: a person has refused it",
            {**facts, **REFUSED_BY_A_PERSON},
            REFUSED,
            cites,
            more=nothing("not_remunerable"),
        )


NO_DOUBT: Final = (
    Example(
        "of a household, and second: that is certain",
        assessing(
            person(household_of="DUPONT-0"),
            attachments=[attachment("B", "2024-03-10 10:00"), attachment()],
        ),
        REFUSED,
        "FIRST-WINS",
        more=nothing("not_remunerable", SECOND),
    ),
    Example(
        "of a household, and not transformed yet",
        assessing(
            person(household_of="DUPONT-0"),
            transformed=None,
            moment="2024-09-15 10:00",
            file={"transformed": False},
        ),
        BLOCKED,
        "ONE-YEAR",
    ),
    Example(
        "both had come in at one moment: the order of attachment stands",
        assessing(
            attachments=[
                attachment("A", "2024-03-15 10:00", "2024-03-15 09:00"),
                attachment("B", "2024-04-02 10:00", "2024-03-15 09:00"),
            ]
        ),
        APPROVED,
        "CONVENTION",
        more=proposed(),
    ),
    Example(
        "when the other’s had come in is not known",
        assessing(
            of="B",
            attachments=[
                attachment("A", "2024-03-15 10:00"),
                attachment("B", "2024-04-02 10:00", "2024-03-14 09:00"),
            ],
            conventions=[convention(of="B")],
        ),
        REFUSED,
        "FIRST-WINS",
        more=nothing("not_remunerable", SECOND),
    ),
    Example(
        "attached in the moment of the transformation",
        assessing(
            attachments=[attachment("A", "2024-09-15 10:00")],
            transformed="2024-09-15 10:00",
        ),
        APPROVED,
        "CONVENTION",
        more=proposed(),
    ),
    Example(
        "a person has refused, and there is no doubt any more",
        assessing(**REFUSED_BY_A_PERSON),
        APPROVED,
        "CONVENTION",
        more=proposed(),
    ),
)


def ruling(
    facts: Document, decision: str | None, reason: str = "Seen.", **more: object
) -> Document:
    """The facts of a ruling on what waits for a person."""
    stated = {"by": "r-1", "decision": decision, "reason": reason}
    event = {**facts["event"], "type": "rule"}
    return {**facts, "event": event, "ruling": stated, **more}


def ruled(
    title: str, facts: Document, outcome: str, cites: str, more: Mapping[str, Any]
) -> Example:
    """An example of a ruling."""
    return Example(title, facts, outcome, cites, "rule", more=more)


HOUSEHOLD: Final = DOUBTS["of another contact’s household"][0]
RULINGS: Final = (
    ruled(
        "a reviewer lets it be paid",
        ruling(HOUSEHOLD, "approve"),
        APPROVED,
        "CONVENTION FIRST-WINS",
        proposed(decision_mode="ruling"),
    ),
    ruled(
        "a reviewer lets the fee of a convention with the PTZ be paid",
        ruling(DOUBTS["the convention has the PTZ, and names a fee"][0], "approve"),
        APPROVED,
        "CONVENTION PARTNER-KINDS",
        proposed(),
    ),
    ruled(
        "a reviewer refuses it for the household",
        ruling(HOUSEHOLD, "refuse"),
        REFUSED,
        "FIRST-WINS",
        nothing("not_remunerable", SECOND),
    ),
    ruled(
        "a reviewer refuses it for the order of receipt",
        ruling(assessing(attachments=CROSSED), "refuse"),
        REFUSED,
        "FIRST-WINS ATTACH-ON-RECEIPT",
        nothing("not_remunerable", SECOND),
    ),
    ruled(
        "a reviewer refuses it for what was known, though of a household",
        ruling(assessing({**OLD, "household_of": "DUPONT-0"}), "refuse"),
        REFUSED,
        "PRIOR-KNOWN INFORM-UPFRONT",
        nothing("not_remunerable", ALREADY_KNOWN),
    ),
    ruled(
        "a reviewer refuses it for the signature",
        ruling(DOUBTS["signed after the transformation"][0], "refuse"),
        REFUSED,
        "CONVENTION ONE-YEAR",
        nothing("not_remunerable"),
    ),
    Example(
        "a reviewer lets it be paid, and every ruling needs a second reviewer",
        ruling(HOUSEHOLD, "approve"),
        REVIEW,
        "CONVENTION FIRST-WINS",
        "rule",
        {"four_eyes": "always"},
        more=nothing("under_review", missing_preconditions=["the same ruling by another reviewer"]),
    ),
    ruled(
        "a ruling without a reason",
        ruling(HOUSEHOLD, "approve", ""),
        BLOCKED,
        "FIRST-WINS",
        nothing(None, missing_preconditions=["a reason for the ruling"]),
    ),
    ruled(
        "a ruling that does not say how",
        ruling(HOUSEHOLD, None),
        ASKED,
        "",
        wants("ruling.decision"),
    ),
    ruled(
        "a ruling for a fee that nobody knows",
        ruling(assessing(OLD, conventions=[convention(fee=None)]), "approve"),
        ASKED,
        "CONVENTION",
        wants("conventions[0].fee"),
    ),
    ruled(
        "a ruling on what was paid meanwhile",
        ruling(HOUSEHOLD, "approve", previous_payments=[payment("2024-09-15 09:00")]),
        REFUSED,
        "CONVENTION",
        nothing("already_paid"),
    ),
)

REVIEWED: Final = (*_each_doubt(), *NO_DOUBT)
