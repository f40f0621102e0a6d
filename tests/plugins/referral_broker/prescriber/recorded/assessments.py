"""Recorded examples of assessments: the fee, and what must be known for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    APPROVED,
    ASKED,
    PTZ,
    Example,
    assessing,
    attachment,
    convention,
    person,
    proposed,
    wants,
)

WHOLE: Final = "CONVENTION FIRST-WINS CRM-DATE ONE-YEAR"
LATER: Final = attachment("B", "2024-04-02 09:30", status="second")


def paid(title: str, facts: Mapping[str, Any], cites: str = WHOLE, **more: Any) -> Example:
    """An example of a fee that is to be paid."""
    return Example(title, facts, APPROVED, cites, more=proposed(**more))


def asked(title: str, facts: Mapping[str, Any], cites: str, *paths: str) -> Example:
    """An example of facts that are missing."""
    return Example(title, facts, ASKED, cites, more=wants(*paths))


PAID: Final = (
    paid(
        "transformed within the year",
        assessing(),
        deadlines={"remuneration_window_ends 2025-03-15"},
    ),
    paid("before a second prescriber", assessing(attachments=[attachment(), LATER])),
    paid(
        "sent twice, with another in between: the first date stands",
        assessing(attachments=[attachment("A", "2024-05-01 10:00"), LATER, attachment()]),
    ),
    paid(
        "known, but through a prescriber",
        assessing(person(True, "2024-02-20 10:00", "prescriber")),
    ),
    paid(
        "the convention was signed after the attachment",
        assessing(conventions=[convention(signed="2024-06-01 10:00")]),
        f"{WHOLE} ATTACH-NO-CONVENTION",
    ),
    paid(
        "the convention was signed as the file was transformed",
        assessing(conventions=[convention(signed="2024-09-15 10:00")]),
    ),
    Example(
        "the convention was signed in the moment of the attachment",
        assessing(conventions=[convention(signed="2024-03-15 10:00")]),
        APPROVED,
        WHOLE,
        cites_not="ATTACH-NO-CONVENTION",
        more=proposed(),
    ),
    Example(
        "another fee was agreed after the attachment: there was a convention before",
        assessing(conventions=[convention(), convention(signed="2024-06-01 10:00", fee="450.00")]),
        APPROVED,
        WHOLE,
        cites_not="ATTACH-NO-CONVENTION",
        more=proposed("450.00"),
    ),
    paid(
        "another fee was agreed after the transformation: the earlier convention applies",
        assessing(
            conventions=[convention(signed="2024-12-01 10:00", fee="450.00"), convention()],
            moment="2024-12-10 10:00",
        ),
    ),
    paid(
        "a convention with the PTZ came later: the one with a fee applies",
        assessing(conventions=[convention(), {**PTZ, "signed_at": "2024-06-01T10:00:00+02:00"}]),
    ),
    paid(
        "of two conventions of one day, the one recorded last",
        assessing(conventions=[convention(), convention(fee="450.00")]),
        amount="450.00",
    ),
    paid(
        "another prescriber’s convention is no matter",
        assessing(conventions=[convention(of="B", fee="900.00"), convention()]),
    ),
    paid(
        "asked for years later",
        assessing(moment="2027-01-01 10:00"),
    ),
    paid(
        "the file was closed and opened again",
        assessing(
            file={
                "status": "reopened",
                "closed_at": "2024-04-01T10:00:00+02:00",
                "reopened_at": "2024-05-01T10:00:00+02:00",
                "transformed": True,
            }
        ),
    ),
    Example(
        "a fee of nothing",
        assessing(conventions=[convention(fee="0.00")]),
        APPROVED,
        WHOLE,
        more={"amount": "0.00", "postings": [], "state": "remunerable"},
    ),
    paid(
        "at one moment with another, whom the record calls second",
        assessing(attachments=[attachment("B", status="second"), attachment()]),
    ),
    paid(
        "in the hour that comes twice, the first time",
        assessing(
            attachments=[
                attachment("A", "2024-10-27T02:45:00+02:00"),
                attachment("B", "2024-10-27T02:15:00+01:00"),
            ],
            transformed="2024-12-01 10:00",
        ),
    ),
)

UNKNOWN: Final = (
    asked(
        "whether it was transformed is not known",
        assessing(transformed=None, moment="2024-09-15 10:00"),
        "ONE-YEAR",
        "file.transformed_g_at",
    ),
    asked(
        "it was transformed, nobody knows when",
        assessing(transformed=None, moment="2024-09-15 10:00", file={"transformed": True}),
        "ONE-YEAR",
        "file.transformed_g_at",
    ),
    asked(
        "whether it was known before is not known",
        assessing(person(None)),
        "PRIOR-KNOWN",
        "contact.known_before",
    ),
    asked(
        "since when it was known is not known",
        assessing(person(True)),
        "PRIOR-KNOWN",
        "contact.known_since",
    ),
    asked(
        "whether it was known, and whether it was transformed",
        assessing(person(None), transformed=None, moment="2024-09-15 10:00"),
        "PRIOR-KNOWN ONE-YEAR",
        "contact.known_before",
        "file.transformed_g_at",
    ),
    asked(
        "for whom is not known",
        assessing(of=None),
        "CRM-DATE",
        "event.prescriber_id",
    ),
    asked(
        "nothing is known of attachments",
        assessing(attachments=None),
        "CRM-DATE",
        "attachments",
    ),
    asked(
        "to whom it was attached is not known",
        assessing(attachments=[attachment(None)]),
        "CRM-DATE",
        "attachments[0].prescriber_id",
    ),
    asked(
        "when it was attached is not known",
        assessing(attachments=[attachment(moment=None)]),
        "FIRST-WINS ONE-YEAR",
        "attachments[0].attached_at",
    ),
    asked(
        "when another attached it is not known",
        assessing(attachments=[attachment(), attachment("B", None)]),
        "FIRST-WINS",
        "attachments[1].attached_at",
    ),
    asked(
        "who attached it before is not known",
        assessing(attachments=[attachment(None, "2024-03-10 10:00"), attachment()]),
        "FIRST-WINS",
        "attachments[0].prescriber_id",
    ),
    paid(
        "who attached it later is not known, and is no matter",
        assessing(attachments=[attachment(), attachment(None, "2024-03-20 10:00")]),
    ),
    asked(
        "the fee is not known",
        assessing(conventions=[convention(fee=None)]),
        "CONVENTION",
        "conventions[0].fee",
    ),
    asked(
        "when the convention was signed is not known",
        assessing(conventions=[convention(of="B"), convention(signed=None)]),
        "CONVENTION",
        "conventions[1].signed_at",
    ),
    asked(
        "of which kind the convention is, is not known",
        assessing(conventions=[convention(None)]),
        "CONVENTION PARTNER-KINDS",
        "conventions[0].kind",
    ),
    asked(
        "whose convention it is, is not known",
        assessing(conventions=[convention(of=None)]),
        "PARTNER-KINDS CONVENTION",
        "conventions[0].prescriber_id",
    ),
    asked(
        "nothing is known of conventions",
        assessing(conventions=None),
        "PARTNER-KINDS CONVENTION",
        "conventions",
    ),
)

ASSESSMENTS: Final = (*PAID, *UNKNOWN)
