"""Recorded examples of refusals: what certainly stands in the way of a remuneration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    ALREADY_KNOWN,
    BLOCKED,
    KNOWN,
    NOTHING_SIGNED,
    PTZ,
    REFUSED,
    SECOND,
    Example,
    assessing,
    attachment,
    convention,
    nothing,
    payment,
    person,
)

EARLIER: Final = attachment("B", "2024-03-10 10:00")
SIGN: Final = "sign a convention with a fee"
TRANSFORM: Final = "a transformation of the file on record"


def refused(
    title: str,
    facts: Mapping[str, Any],
    cites: str,
    state: str = "not_remunerable",
    notify: set[str] | None = None,
    cites_not: str = "",
    **more: object,
) -> Example:
    """An example of a contact that is not paid for."""
    return Example(
        title, facts, REFUSED, cites, cites_not=cites_not, more=nothing(state, notify, **more)
    )


CERTAINLY_NOT: Final = (
    refused(
        "known before",
        assessing(KNOWN),
        "PRIOR-KNOWN INFORM-UPFRONT",
        notify=ALREADY_KNOWN,
        cites_not="FIRST-WINS",
    ),
    refused(
        "known for a year to the day",
        assessing(person(True, "2023-03-16 00:00", "self")),
        "PRIOR-KNOWN",
        notify=ALREADY_KNOWN,
    ),
    refused(
        "known in the moment of the attachment",
        assessing(person(True, "2024-03-15 10:00")),
        "PRIOR-KNOWN",
        notify=ALREADY_KNOWN,
    ),
    refused(
        "known, through whom is not said",
        assessing(person(True, "2024-02-20 10:00")),
        "PRIOR-KNOWN",
        notify=ALREADY_KNOWN,
    ),
    refused(
        "knowledge that was on record at the attachment",
        assessing({**KNOWN, "known_recorded_at": "2024-03-15T10:00:00+01:00"}),
        "PRIOR-KNOWN",
        notify=ALREADY_KNOWN,
    ),
    refused(
        "known before, and second, and without a convention: all of it is said",
        assessing(KNOWN, attachments=[EARLIER, attachment()], conventions=[]),
        "PRIOR-KNOWN FIRST-WINS CONVENTION",
        notify=ALREADY_KNOWN,
    ),
    refused(
        "second to another prescriber",
        assessing(attachments=[EARLIER, attachment(status="second")]),
        "FIRST-WINS CRM-DATE INFORM-UPFRONT",
        notify=SECOND,
        cites_not="PRIOR-KNOWN CONVENTION",
    ),
    refused(
        "second by five minutes",
        assessing(attachments=[attachment("B", "2024-03-15 09:55"), attachment()]),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "second to who earns nothing",
        assessing(
            attachments=[EARLIER, attachment()],
            conventions=[convention(), {**PTZ, "prescriber_id": "B"}],
        ),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "second, and perhaps known before: that would change nothing",
        assessing(person(None), attachments=[EARLIER, attachment()]),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "at one moment with another, and the record calls him second",
        assessing(attachments=[attachment(status="second"), attachment("B")]),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "at one moment with another who is on record before him",
        assessing(attachments=[attachment("B"), attachment()]),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "in the hour that comes twice, the second time",
        assessing(
            attachments=[
                attachment("B", "2024-10-27T02:45:00+02:00"),
                attachment("A", "2024-10-27T02:15:00+01:00"),
            ],
            transformed="2024-12-01 10:00",
        ),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "third in either order",
        assessing(
            attachments=[
                attachment("B", "2024-03-10 10:00", "2024-03-10 09:00"),
                attachment("C", "2024-03-11 10:00", "2024-03-09 09:00"),
                attachment("A", "2024-03-15 10:00", "2024-03-15 09:00"),
            ]
        ),
        "FIRST-WINS",
        notify=SECOND,
    ),
    refused(
        "sent twice, and transformed within a year of the second time: the first date stands",
        assessing(
            attachments=[attachment("A", "2024-05-01 10:00"), attachment()],
            transformed="2025-03-16 10:00",
        ),
        "ONE-YEAR CRM-DATE",
        "window_expired",
    ),
    refused(
        "never attached",
        assessing(attachments=[EARLIER]),
        "CRM-DATE ALWAYS-ATTACH",
        "not_attached",
    ),
    refused("attached to nobody", assessing(attachments=[]), "CRM-DATE", "not_attached"),
    refused(
        "without a convention",
        assessing(conventions=[NOTHING_SIGNED]),
        "CONVENTION ATTACH-NO-CONVENTION",
        "attached_no_convention",
        remedies={SIGN},
        resubmittable=True,
    ),
    refused(
        "no convention is on record",
        assessing(conventions=[convention(of="B")]),
        "CONVENTION",
        "attached_no_convention",
    ),
    refused(
        "without a convention, and the year is over as well",
        assessing(conventions=[], transformed="2025-03-16 10:00"),
        "CONVENTION ONE-YEAR",
        "attached_no_convention",
    ),
    refused(
        "the convention has the PTZ",
        assessing(conventions=[PTZ]),
        "PARTNER-KINDS CONVENTION ATTACH-PTZ",
        "attached_ptz",
        remedies={SIGN},
    ),
    refused(
        "the convention has the PTZ, and a fee of nothing",
        assessing(conventions=[convention("ptz_csf_accession", fee="0.00")]),
        "PARTNER-KINDS",
        "attached_ptz",
    ),
    refused(
        "paid already",
        assessing(previous_payments=[payment()], moment="2024-11-01 10:00"),
        "CONVENTION",
        "already_paid",
    ),
    refused(
        "paid already, and in whose name is no matter",
        assessing(previous_payments=[payment(of="B")], moment="2024-11-01 10:00"),
        "CONVENTION",
        "already_paid",
    ),
    refused(
        "paid already: no person is asked whether knowledge is old",
        assessing(
            person(True, "2020-01-01 10:00", "self"),
            previous_payments=[payment()],
            moment="2024-11-01 10:00",
        ),
        "CONVENTION",
        "already_paid",
    ),
)

NOT_YET: Final = (
    Example(
        "not transformed, and the year runs",
        assessing(transformed=None, moment="2025-03-15 23:59", file={"transformed": False}),
        BLOCKED,
        "ONE-YEAR CRM-DATE",
        more=nothing(
            "attached",
            missing_preconditions=[TRANSFORM],
            deadlines={"remuneration_window_ends 2025-03-15"},
            resubmittable=True,
        ),
    ),
    refused(
        "not transformed, and the year is over",
        assessing(transformed=None, moment="2025-03-16 00:00", file={"transformed": False}),
        "ONE-YEAR CRM-DATE",
        "window_expired",
        deadlines={"remuneration_window_ends 2025-03-15"},
    ),
    refused(
        "not transformed, and without a convention",
        assessing(
            transformed=None,
            moment="2024-09-15 10:00",
            file={"transformed": False},
            conventions=[],
        ),
        "CONVENTION",
        "attached_no_convention",
        cites_not="ONE-YEAR",
    ),
)

REFUSALS: Final = (*CERTAINLY_NOT, *NOT_YET)
