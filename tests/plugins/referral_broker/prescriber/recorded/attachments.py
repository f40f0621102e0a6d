"""Recorded examples of attachments: always made, and who will not be paid is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    ALREADY_KNOWN,
    ASKED,
    KNOWN,
    NOTHING_SIGNED,
    PTZ,
    RECORDED,
    SECOND,
    UNCHANGED,
    Example,
    attaching,
    attachment,
    convention,
    nothing,
    person,
    wants,
)


def attached(
    title: str,
    facts: Mapping[str, Any],
    cites: str,
    state: str = "attached",
    notify: set[str] | None = None,
    cites_not: str = "",
    **more: object,
) -> Example:
    """An example of a contact that is attached."""
    said = nothing(state, notify, **more)
    return Example(title, facts, RECORDED, cites, "attach", cites_not=cites_not, more=said)


UNTIL: Final = {"remuneration_window_ends 2025-03-15"}
OTHER: Final = attachment("B", "2024-03-10 10:00")
UNPAID: Final = "attached_not_remunerable"

ATTACHED_ALWAYS: Final = (
    attached(
        "a contact is attached, and its year begins",
        attaching(),
        "ALWAYS-ATTACH CRM-DATE LASTING",
        cites_not="ATTACH-ON-RECEIPT ATTACH-CLOSED FIRST-WINS PRIOR-KNOWN",
        deadlines=UNTIL,
    ),
    attached(
        "nobody has met the contact yet",
        attaching(met=False),
        "ALWAYS-ATTACH ATTACH-ON-RECEIPT",
        deadlines=UNTIL,
    ),
    attached(
        "whether anybody has met the contact is not known",
        attaching(met=None),
        "ALWAYS-ATTACH",
        cites_not="ATTACH-ON-RECEIPT",
    ),
    attached(
        "attached on the day after it came in",
        attaching(received="2024-03-14 23:59"),
        "ALWAYS-ATTACH ATTACH-ON-RECEIPT",
    ),
    attached(
        "attached late in the evening of the day it came in",
        attaching(received="2024-03-15 00:00", moment="2024-03-15 23:59"),
        "ALWAYS-ATTACH",
        cites_not="ATTACH-ON-RECEIPT",
    ),
    attached(
        "the day of receipt is that of Paris",
        attaching(received="2024-03-14T23:30:00+00:00", moment="2024-03-15T01:00:00+01:00"),
        "ALWAYS-ATTACH",
        cites_not="ATTACH-ON-RECEIPT",
    ),
    attached(
        "when it came in is not known",
        attaching(received=None),
        "ALWAYS-ATTACH",
        cites_not="ATTACH-ON-RECEIPT",
    ),
    attached(
        "the file is closed",
        attaching(file={"status": "closed_no_follow_up"}),
        "ALWAYS-ATTACH ATTACH-CLOSED",
    ),
    attached(
        "the file is open again",
        attaching(file={"status": "reopened"}),
        "ALWAYS-ATTACH",
        cites_not="ATTACH-CLOSED",
    ),
    attached(
        "there is no convention",
        attaching(conventions=[NOTHING_SIGNED]),
        "ATTACH-NO-CONVENTION ALWAYS-ATTACH CRM-DATE LASTING",
        "attached_no_convention",
        deadlines=UNTIL,
    ),
    attached(
        "no convention is on record",
        attaching(conventions=[]),
        "ATTACH-NO-CONVENTION",
        "attached_no_convention",
    ),
    attached(
        "the convention is another prescriber’s",
        attaching(conventions=[convention(of="B")]),
        "ATTACH-NO-CONVENTION",
        "attached_no_convention",
    ),
    attached(
        "the convention was signed a minute later",
        attaching(conventions=[convention(signed="2024-03-15 10:01")]),
        "ATTACH-NO-CONVENTION",
        "attached_no_convention",
    ),
    attached(
        "the convention was signed in that very moment",
        attaching(conventions=[convention(signed="2024-03-15 10:00")]),
        "ALWAYS-ATTACH",
    ),
    attached(
        "when the convention was signed is not known",
        attaching(conventions=[convention(signed=None)]),
        "ALWAYS-ATTACH",
    ),
    attached(
        "the convention has the PTZ",
        attaching(conventions=[PTZ]),
        "ATTACH-PTZ ALWAYS-ATTACH PARTNER-KINDS LASTING",
        "attached_ptz",
        deadlines=UNTIL,
    ),
    attached(
        "a convention with the PTZ, and later one with a fee",
        attaching(conventions=[convention(signed="2024-02-01 10:00"), PTZ]),
        "ALWAYS-ATTACH",
    ),
    attached(
        "a convention with the PTZ, and one with a fee that is still to be signed",
        attaching(conventions=[PTZ, convention(signed="2024-04-01 10:00")]),
        "ATTACH-PTZ",
        "attached_ptz",
    ),
    attached(
        "nothing is known but who and for whom",
        {
            "contact": {"person_id": "DUPONT-1"},
            "event": {"at": "2024-03-15T10:00:00+01:00", "prescriber_id": "A"},
        },
        "ALWAYS-ATTACH",
        deadlines=UNTIL,
    ),
    attached(
        "perhaps of another contact’s household",
        attaching(person(household_of="DUPONT-0")),
        "ALWAYS-ATTACH",
    ),
)

KNOWN_BEFORE: Final = (
    attached(
        "the contact was known before",
        attaching(KNOWN),
        "PRIOR-KNOWN INFORM-UPFRONT ALWAYS-ATTACH",
        UNPAID,
        ALREADY_KNOWN,
        deadlines=set(),
    ),
    attached(
        "since when the contact was known is not known",
        attaching(person(True)),
        "PRIOR-KNOWN INFORM-UPFRONT",
        UNPAID,
        ALREADY_KNOWN,
    ),
    attached(
        "whether the contact was known is not known",
        attaching(person(None)),
        "ALWAYS-ATTACH",
        cites_not="PRIOR-KNOWN INFORM-UPFRONT",
    ),
    attached(
        "the contact was not known, though somebody wrote since when",
        attaching(person(False, "2020-01-01 10:00", "self")),
        "ALWAYS-ATTACH",
        cites_not="PRIOR-KNOWN",
    ),
    attached(
        "the contact was known through a prescriber",
        attaching(person(True, "2024-02-20 10:00", "prescriber")),
        "ALWAYS-ATTACH",
        cites_not="PRIOR-KNOWN",
    ),
    attached(
        "the contact was known for a year to the day",
        attaching(person(True, "2023-03-16 00:00", "self")),
        "PRIOR-KNOWN",
        UNPAID,
        ALREADY_KNOWN,
    ),
    attached(
        "the contact was known so long ago that a person will have to say",
        attaching(person(True, "2023-03-15 23:59", "self")),
        "ALWAYS-ATTACH PRIOR-KNOWN",
        cites_not="INFORM-UPFRONT",
    ),
    attached(
        "the contact was known, and there is no convention",
        attaching(KNOWN, conventions=[]),
        "PRIOR-KNOWN",
        UNPAID,
        ALREADY_KNOWN,
        cites_not="ATTACH-NO-CONVENTION",
    ),
)

SECOND_TIMES: Final = (
    attached(
        "another prescriber was first",
        attaching(before=[OTHER]),
        "FIRST-WINS INFORM-UPFRONT ALWAYS-ATTACH CRM-DATE",
        UNPAID,
        SECOND,
        deadlines=set(),
    ),
    attached(
        "another prescriber was first, who earns nothing",
        attaching(before=[OTHER], conventions=[convention(), {**PTZ, "prescriber_id": "B"}]),
        "FIRST-WINS INFORM-UPFRONT",
        UNPAID,
        SECOND,
    ),
    attached(
        "another was first, and the contact was known: he is told of the other",
        attaching(KNOWN, before=[OTHER]),
        "FIRST-WINS",
        UNPAID,
        SECOND,
        cites_not="PRIOR-KNOWN",
    ),
    attached(
        "somebody was first who is not named",
        attaching(before=[attachment(None, "2024-03-10 10:00")]),
        "FIRST-WINS",
        UNPAID,
        SECOND,
    ),
    attached(
        "another was first, and the convention has the PTZ",
        attaching(before=[OTHER], conventions=[PTZ]),
        "FIRST-WINS",
        UNPAID,
        SECOND,
        cites_not="ATTACH-PTZ",
    ),
    Example(
        "the same prescriber sends the contact again",
        attaching(before=[attachment()], moment="2024-05-02 10:00", received="2024-05-02 09:00"),
        UNCHANGED,
        "CRM-DATE",
        "attach",
        cites_not="ALWAYS-ATTACH LASTING",
        more=nothing(),
    ),
    Example(
        "the second prescriber sends the contact again",
        attaching(
            before=[OTHER, attachment(status="second")],
            moment="2024-05-02 10:00",
            received="2024-05-02 09:00",
        ),
        UNCHANGED,
        "CRM-DATE",
        "attach",
        more=nothing(),
    ),
    Example(
        "who sends the contact is not known",
        attaching(of=None),
        ASKED,
        "CRM-DATE",
        "attach",
        more=wants("event.prescriber_id"),
    ),
    Example(
        "whom he sends is not known",
        attaching({"known_before": False}),
        ASKED,
        action="attach",
        more=wants("contact.person_id"),
    ),
)

ATTACHMENTS: Final = (*ATTACHED_ALWAYS, *KNOWN_BEFORE, *SECOND_TIMES)
