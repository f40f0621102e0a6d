"""Recorded examples of standings and reports: where a contact stands, what contacts bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    ASKED,
    INVALID,
    KNOWN,
    NOTHING_SIGNED,
    PTZ,
    STANDING,
    Document,
    Example,
    assessing,
    at,
    attachment,
    convention,
    faulty,
    nothing,
    payment,
    person,
)

UNTIL: Final = {"remuneration_window_ends 2025-03-15"}


def standing(
    title: str,
    facts: Document,
    cites: str,
    state: str,
    now: str = "2024-06-15 10:00",
    deadlines: set[str] | None = None,
) -> Example:
    """An example of where a contact stands; its file is not transformed unless it says so."""
    stated = {**facts, "now": at(now)}
    said = nothing(state, deadlines=deadlines or set())
    return Example(title, stated, STANDING, cites, "standing", more=said)


def sent(**more: Any) -> Document:
    """The facts of a contact whose file is not transformed."""
    facts = assessing(transformed=None, moment="2024-06-15 10:00", **more)
    return {**facts, "event": {"prescriber_id": "A"}}


STANDINGS: Final = (
    standing("attached", sent(), "ALWAYS-ATTACH ONE-YEAR", "attached", deadlines=UNTIL),
    standing(
        "attached, on the last day",
        sent(),
        "ALWAYS-ATTACH",
        "attached",
        "2025-03-15 23:59",
        UNTIL,
    ),
    standing(
        "the year is over", sent(), "ONE-YEAR CRM-DATE", "window_expired", "2025-03-16 00:00", UNTIL
    ),
    standing(
        "the year is over, and there was no convention",
        sent(conventions=[]),
        "ONE-YEAR",
        "window_expired",
        "2025-03-16 00:00",
        UNTIL,
    ),
    standing(
        "the year is over, and the file was transformed within it",
        assessing(),
        "ALWAYS-ATTACH",
        "attached",
        "2025-03-16 00:00",
        UNTIL,
    ),
    standing(
        "the year is over, and the file is on record as transformed",
        sent(file={"transformed": True}),
        "ALWAYS-ATTACH",
        "attached",
        "2025-03-16 00:00",
        UNTIL,
    ),
    standing(
        "without a convention",
        sent(conventions=[NOTHING_SIGNED]),
        "ATTACH-NO-CONVENTION",
        "attached_no_convention",
        deadlines=UNTIL,
    ),
    standing(
        "with the PTZ", sent(conventions=[PTZ]), "ATTACH-PTZ", "attached_ptz", deadlines=UNTIL
    ),
    standing("known before", sent(contact=KNOWN), "ALWAYS-ATTACH", "attached_not_remunerable"),
    standing(
        "known through a prescriber",
        sent(contact=person(True, via="prescriber")),
        "ALWAYS-ATTACH",
        "attached",
        deadlines=UNTIL,
    ),
    standing(
        "second, and the year is over",
        sent(attachments=[attachment("B", "2024-03-10 10:00"), attachment()]),
        "ALWAYS-ATTACH INFORM-UPFRONT",
        "attached_not_remunerable",
        "2025-06-01 10:00",
    ),
    standing("not attached", sent(attachments=[]), "ALWAYS-ATTACH", "not_attached"),
    standing("paid", assessing(previous_payments=[payment()]), "CONVENTION", "paid"),
    Example(
        "nothing is known of attachments",
        sent(attachments=None),
        ASKED,
        action="standing",
        more={"missing": {"attachments"}},
    ),
    standing(
        "a convention that is not known",
        sent(conventions=[convention(None)]),
        "ALWAYS-ATTACH",
        "attached",
        deadlines=UNTIL,
    ),
)


def contact(
    *senders: str,
    attached: bool | None = True,
    transformed: bool | None = False,
    ranks: Sequence[int | None] | None = None,
) -> Document:
    """A contact as a report counts it, with those who sent it in their order."""
    places = ranks or range(1, len(senders) + 1)
    named = [
        {"prescriber_id": sender, "rank": rank}
        for sender, rank in zip(senders, places, strict=True)
    ]
    return {"attached": attached, "transformed_g": transformed, "attachments": named or None}


def returns(
    title: str, contacts: Sequence[Document] | None, figures: Mapping[str, object]
) -> Example:
    """An example of what the contacts of prescriber A bring."""
    facts = {"report": "prescriber_returns", "prescriber_id": "A", "contacts": contacts}
    names = ("attached", "transformed_g", "conversion_rate", "unattached_warning")
    said = {"metrics": dict(zip(names, figures.values(), strict=True))}
    return Example(title, facts, STANDING, "MEASURE KPI-G", "report", more=said)


def figures(
    attached: int, transformed: int, rate: str | None, unattached: int = 0
) -> Mapping[str, object]:
    """The figures of a report on one prescriber."""
    return {"a": attached, "t": transformed, "r": rate, "u": unattached}


DONE: Final = contact("A", transformed=True)
RETURNS: Final = (
    returns("no contacts", [], figures(0, 0, None)),
    returns("nothing is known of contacts", None, figures(0, 0, None)),
    returns(
        "one of three is transformed", [DONE, contact("A"), contact("A")], figures(3, 1, "0.33")
    ),
    returns("two of three are transformed", [DONE, DONE, contact("A")], figures(3, 2, "0.67")),
    returns(
        "what is not attached is not counted, transformed or not",
        [DONE, contact(attached=False, transformed=True)],
        figures(1, 1, "1.00", 1),
    ),
    returns("nothing is attached", [contact(attached=False)], figures(0, 0, None, 1)),
    returns(
        "whether it is attached is not known: it has no prescriber",
        [{"attached": None, "transformed_g": True, "attachments": []}],
        figures(0, 0, None, 1),
    ),
    returns(
        "whether it is attached is not known: it has one",
        [{**DONE, "attached": None}],
        figures(1, 1, "1.00"),
    ),
    returns(
        "nothing is known of a contact",
        [{"attached": None, "transformed_g": True}],
        figures(0, 0, None),
    ),
    returns(
        "whether it is transformed is not known",
        [contact("A", transformed=None)],
        figures(1, 0, "0.00"),
    ),
    returns(
        "what he was second to send does not count for him",
        [contact("B", "A", transformed=True), contact("A")],
        figures(1, 0, "0.00"),
    ),
    returns(
        "places decide, not the order they stand in",
        [contact("B", "A", transformed=True, ranks=(2, 1))],
        figures(1, 1, "1.00"),
    ),
    returns(
        "without places, the order they stand in decides",
        [contact("A", "B", ranks=(None, None)), contact("B", "A", ranks=(None, None))],
        figures(1, 0, "0.00"),
    ),
    returns("what another sent is no matter", [contact("B")], figures(0, 0, None)),
    returns(
        "a closed file counts",
        [{**contact("A"), "status": "closed_no_follow_up"}],
        figures(1, 0, "0.00"),
    ),
)

ALL: Final = {
    "report": "prescriber_returns_all",
    "prescribers": [{"id": "A", "kind": "remunerated"}, {"id": "C", "kind": "none"}],
    "contacts": [
        DONE,
        contact("A", "B", transformed=True),
        contact("B", "A", "B"),
        contact("A"),
        contact(attached=False, transformed=True),
        {"attached": True, "transformed_g": False},
    ],
}
REPORTS: Final = (
    *RETURNS,
    Example(
        "all prescribers, and each of them",
        ALL,
        STANDING,
        "MEASURE KPI-G FIRST-WINS",
        "report",
        more={
            "metrics": {
                "attached": 5,
                "transformed_g": 2,
                "conversion_rate": "0.40",
                "second_prescriptions": 2,
                "unattached_warning": 1,
                "by_prescriber": (
                    _of := {
                        "prescriber_id": "A",
                        "attached": 3,
                        "transformed_g": 2,
                        "conversion_rate": "0.67",
                        "second_prescriptions": 1,
                        "kind": "remunerated",
                    },
                    {
                        **dict.fromkeys(_of, 0),
                        "prescriber_id": "C",
                        "conversion_rate": None,
                        "kind": "none",
                    },
                    {
                        "prescriber_id": "B",
                        "attached": 1,
                        "transformed_g": 0,
                        "conversion_rate": "0.00",
                        "second_prescriptions": 1,
                        "kind": None,
                    },
                ),
            }
        },
    ),
    Example(
        "all prescribers, of whom there is none",
        {"report": "prescriber_returns_all"},
        STANDING,
        "MEASURE",
        "report",
        more={
            "metrics": {
                "attached": 0,
                "transformed_g": 0,
                "conversion_rate": None,
                "second_prescriptions": 0,
                "unattached_warning": 0,
                "by_prescriber": (),
            }
        },
    ),
    *(
        Example(
            f"{name}: a place before the first",
            {"report": name, "contacts": [DONE, contact("A", "B", ranks=(1, 0))]},
            INVALID,
            action="report",
            cites_not="MEASURE KPI-G",
            more=faulty("contacts[1].attachments[1].rank"),
        )
        for name in ("prescriber_returns", "prescriber_returns_all")
    ),
)
