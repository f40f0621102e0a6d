"""Recorded examples of non-contact: the steps, the team that made contact, and too early."""

from __future__ import annotations

from tests.plugins.conxpros.examples import (
    CALLS,
    TOO_EARLY,
    Document,
    Example,
    asking,
    at,
    dead,
    steps,
    unreached,
)
from tests.plugins.conxpros.expected import (
    AIM,
    APPROVED,
    INVALID,
    PERSON,
    REFUSED,
    TOLD_NO,
    credited,
    denied,
    fails,
    faulty,
    holds,
    lacks,
    to_a_person,
)

HOLDS_BUT_SECOND = (CALLS[0], *CALLS[2:])

CONTACT = (
    holds("all steps in vain", "CRED-NON-CONTACT", unreached()),
    holds("a text message will do", "CRED-NON-CONTACT", unreached(written="text")),
    holds("all steps, on the last day", "CRED-NON-CONTACT", unreached(asked="2025-04-12 23:59:59")),
    holds(
        "59 minutes and 59 seconds to the first call",
        "CRED-NON-CONTACT",
        unreached(("2025-04-07 10:59:59", *CALLS[1:])),
    ),
    *(
        fails(f"no contact: {title}", "CRED-NON-CONTACT", unreached(calls))
        for title, calls in (
            ("an hour to the first call", ("2025-04-07 11:00", *CALLS[1:])),
            ("one call on the day of delivery", HOLDS_BUT_SECOND),
            ("the second call just after midnight", (CALLS[0], "2025-04-08 00:00", *CALLS[2:])),
            ("none on the next day", (*CALLS[:2], CALLS[3])),
            ("none on the third day", CALLS[:3]),
            ("the third day’s call after the request", (*CALLS[:3], "2025-04-09 12:00:01")),
            ("no call at all", ()),
        )
    ),
    holds(
        "a call at the very moment of the request",
        "CRED-NON-CONTACT",
        unreached((*CALLS[:3], "2025-04-09 12:00")),
    ),
    holds(
        "the first call in the hour that comes twice",
        "CRED-NON-CONTACT",
        asking(
            "non_contact",
            delivered="2025-11-02T01:50:00-04:00",
            asked="2025-11-04 12:00",
            findings=steps(
                (
                    "2025-11-02T01:20:00-05:00",
                    "2025-11-02 15:00",
                    "2025-11-03 10:00",
                    "2025-11-04 10:00",
                )
            )
            | {"messages": [{"type": "text", "at": at("2025-11-03 10:30")}]},
        ),
    ),
    fails("no message", "CRED-NON-CONTACT", unreached(written=None)),
    fails(
        "a message after the request",
        "CRED-NON-CONTACT",
        unreached() | {"findings": {**steps(), "messages": [{"at": at("2025-04-09 13:00")}]}},
    ),
    fails("contact was made", "CRED-NON-CONTACT", unreached(contact=True)),
    fails(
        "the spouse was reached: that is contact",
        "CRED-NON-CONTACT",
        unreached(person_reached="spouse", contact=None),
    ),
    fails(
        "they spoke: that is contact",
        "CRED-NON-CONTACT",
        unreached(spoke_with_homeowner=True, contact=None),
    ),
    lacks("the calls are unknown", "CRED-NON-CONTACT", unreached(None), "findings.calls"),
    lacks(
        "whether contact was made is unknown",
        "CRED-NON-CONTACT",
        unreached(contact=None),
        "findings.professional_established_contact",
    ),
    lacks(
        "when the message was sent is unknown",
        "CRED-NON-CONTACT",
        unreached() | {"findings": {**steps(), "messages": [{"type": "email"}]}},
        "findings.messages[0].at",
    ),
    Example(
        "a call before the delivery",
        unreached(("2025-04-07 10:04", "2025-04-07 09:59:59")),
        INVALID,
        "CRED-NON-CONTACT",
        more=faulty("findings.calls[1]"),
    ),
    Example(
        "a message before the delivery",
        unreached() | {"findings": {**steps(), "messages": [{"at": at("2025-04-07 09:00")}]}},
        INVALID,
        "CRED-NON-CONTACT",
        more=faulty("findings.messages[0].at"),
    ),
    Example(
        "all steps, but the team made contact",
        unreached(verified=True),
        REFUSED,
        "NONCONTACT-VERIFIED CRED-NON-CONTACT DEN-REASON-MISMATCH",
        more=denied(),
    ),
    Example(
        "the team made contact by phone",
        unreached(verification={"reached_homeowner_on_phone": True}),
        REFUSED,
        "NONCONTACT-VERIFIED",
        more=denied(),
    ),
    Example(
        "whether the team made contact, only the team can say",
        unreached(verified=None),
        PERSON,
        "NONCONTACT-VERIFIED CRED-NON-CONTACT GENUINE",
        more=to_a_person(deadlines=AIM),
    ),
    fails(
        "whether the team made contact does not matter where a step is missing",
        "CRED-NON-CONTACT",
        unreached(CALLS[:3], verified=None),
        cites_not="NONCONTACT-VERIFIED",
    ),
    Example(
        "the team made contact, and the phone is dead all the same",
        unreached(verified=True, phone_working=False),
        APPROVED,
        "CRED-BAD-PHONE",
        cites_not="NONCONTACT-VERIFIED",
        more=credited(),
    ),
    Example(
        "the team made contact, and the homeowner never asked",
        asking(
            "no_request",
            spoke_with_homeowner=True,
            homeowner_denies_request=True,
            conxpros_verified_contact=True,
        ),
        APPROVED,
        "CRED-NO-REQUEST",
        cites_not="NONCONTACT-VERIFIED",
    ),
)


def evening(delivered: str, *, written: bool = True) -> Document:
    """No contact after a delivery in the evening, with one call on that day."""
    calls = ("2025-04-07 20:40", "2025-04-08 11:00", "2025-04-09 11:00")
    messages = [{"at": at("2025-04-08 10:30")}] if written else []
    found = {**steps(calls), "messages": messages}
    return asking("non_contact", delivered=delivered, findings=found)


EARLY_ON = {
    "state": "denied_early",
    "resubmittable": True,
    "earliest": "2025-04-09",
    "latest": "2025-04-12",
    "notify": TOLD_NO,
    "amount": None,
    "postings": [],
    "allowed_actions": ["new_request"],
}

EARLY = (
    Example(
        "the last second before day 3",
        unreached(CALLS[:3], asked="2025-04-08 23:59:59"),
        REFUSED,
        "DEN-EARLY-NONCONTACT DECISION-EMAIL",
        cites_not="CRED-NON-CONTACT DEN-REASON-MISMATCH",
        more=EARLY_ON
        | {
            "deadlines": {
                "decision_target 2025-04-11",
                "decision_early 2025-04-10",
                "non_contact_opens 2025-04-09",
                "request_window_closes 2025-04-12",
            },
            "remedies": {"ask again on or after 2025-04-09"},
        },
    ),
    Example(
        "too early, dead phone or not",
        unreached(CALLS[:3], asked="2025-04-08 12:00", phone_working=False),
        REFUSED,
        "DEN-EARLY-NONCONTACT",
        cites_not="CRED-BAD-PHONE DEN-REASON-MISMATCH",
        more=EARLY_ON,
    ),
    Example(
        "too early: nothing else is asked for",
        unreached(None, asked="2025-04-08 12:00", verified=None),
        REFUSED,
        "DEN-EARLY-NONCONTACT",
        more=EARLY_ON,
    ),
    Example(
        "too early, and what is amiss already is said too",
        unreached(CALLS[:1], asked="2025-04-08 12:00", contradicted_reason=True, verified=True),
        REFUSED,
        "DEN-EARLY-NONCONTACT NONCONTACT-VERIFIED DEN-CONTRADICTED CRED-NON-CONTACT",
        more=EARLY_ON,
    ),
    Example(
        "the first second of day 3",
        unreached(CALLS[:3], asked="2025-04-09 00:00"),
        REFUSED,
        "DEN-REASON-MISMATCH CRED-NON-CONTACT",
        cites_not="DEN-EARLY-NONCONTACT",
        more=denied(),
    ),
    Example(
        "another reason is never too early",
        dead("2025-04-07 10:30"),
        APPROVED,
        "CRED-BAD-PHONE",
        cites_not="DEN-EARLY-NONCONTACT",
    ),
    Example(
        "after an early denial, filed again in time",
        unreached() | {"history": [TOO_EARLY]},
        APPROVED,
        "CRED-NON-CONTACT DEN-EARLY-NONCONTACT",
        more=credited(),
    ),
    Example(
        "after an early denial, filed again too late",
        unreached(asked="2025-04-13 00:00") | {"history": [TOO_EARLY]},
        REFUSED,
        "WINDOW-5D DEN-LATE",
        more=denied("denied_late"),
    ),
)
