"""Recorded examples of requests: how they are admitted, and the same made as further requests."""

from __future__ import annotations

from tests.plugins.conxpros.examples import (
    CREDIT,
    DENIAL,
    DENIED_FOR_GOOD,
    FOR_GOOD,
    PART,
    REVIEW,
    TAKEN_BACK,
    TOO_EARLY,
    TOO_LATE,
    UNASKED,
    Example,
    asking,
    dead,
)
from tests.plugins.conxpros.expected import (
    AIM,
    APPROVED,
    ASKED,
    BLOCKED,
    INVALID,
    PERSON,
    REFUSED,
    UNCHANGED,
    credited,
    denied,
    faulty,
    to_a_person,
    unmoved,
    wants,
)
from tests.plugins.conxpros.grounds_recorded import GROUNDS

ADMISSION = (
    Example(
        "the phone is dead",
        dead(),
        APPROVED,
        "CRED-BAD-PHONE CREDIT-BALANCE CHANNELS WINDOW-5D ACK-EMAIL DECISION-EMAIL DECISION-3BD",
        cites_not="DEN-LATE DEN-NO-NOTES GENUINE PARTIAL-DIFF",
        more=credited(deadlines=AIM),
    ),
    Example(
        "through the account manager",
        dead(channel="account_manager"),
        APPROVED,
        "CRED-BAD-PHONE CHANNELS",
        more=credited(),
    ),
    *(
        Example(
            f"by {channel}: no request at all",
            dead(channel=channel),
            BLOCKED,
            "CHANNELS",
            cites_not="ACK-EMAIL DECISION-3BD DECISION-EMAIL CRED-BAD-PHONE",
            more={
                "state": None,
                "notify": set(),
                "missing_preconditions": [
                    "a request in the dashboard or through the account manager"
                ],
                "remedies": {"file the request in your dashboard or through your account manager"},
                "resubmittable": True,
            },
        )
        for channel in ("email", "telephone")
    ),
    Example(
        "the channel is asked for",
        dead(channel=None),
        ASKED,
        "CHANNELS",
        more=wants("request.channel"),
    ),
    Example(
        "the last second of day five",
        dead("2025-04-12 23:59:59"),
        APPROVED,
        "CRED-BAD-PHONE WINDOW-5D",
        cites_not="DEN-LATE",
    ),
    Example(
        "the first second of day six, whatever the merits",
        dead("2025-04-13 00:00", history=[TOO_EARLY]),
        REFUSED,
        "WINDOW-5D DEN-LATE DECISION-EMAIL",
        cites_not="CRED-BAD-PHONE DEN-REASON-MISMATCH CHANNELS",
        more=denied("denied_late"),
    ),
    Example(
        "late with empty notes: only the delay is said",
        asking("shopping", asked="2025-04-20 10:00", notes=""),
        REFUSED,
        "WINDOW-5D DEN-LATE",
        cites_not="DEN-NO-NOTES NE-SHOPPING",
        more=denied("denied_late"),
    ),
    Example(
        "five days are dates, across the change of the clocks",
        dead("2025-03-13 23:59:59", delivered="2025-03-08 00:30"),
        APPROVED,
        "CRED-BAD-PHONE",
    ),
    Example(
        "the day of the delivery is unknown",
        dead(delivered=None),
        ASKED,
        "WINDOW-5D",
        more=wants("lead.delivered_at"),
    ),
    Example(
        "the day of the request is unknown",
        dead() | {"request": {**dead()["request"], "submitted_at": None}},
        ASKED,
        "WINDOW-5D",
        more=wants("request.submitted_at"),
    ),
    Example(
        "the request is before the delivery",
        dead("2025-04-07 09:59:59"),
        INVALID,
        "WINDOW-5D",
        more=faulty("request.submitted_at"),
    ),
    Example(
        "empty notes",
        dead(notes=""),
        REFUSED,
        "DEN-NO-NOTES DECISION-EMAIL",
        cites_not="DEN-REASON-MISMATCH",
        more=denied(),
    ),
    Example("blank notes", dead(notes=" \n "), REFUSED, "DEN-NO-NOTES", more=denied()),
    Example(
        "empty notes and no ground: both are said",
        asking("shopping", notes=""),
        REFUSED,
        "DEN-NO-NOTES NE-SHOPPING DEN-REASON-MISMATCH",
        more=denied(),
    ),
    Example(
        "notes that say nothing, by the judgement of the team",
        dead(notes_uninformative=True),
        REFUSED,
        "DEN-NO-NOTES",
        more=denied(),
    ),
    Example(
        "notes that the team finds good enough",
        dead(notes_uninformative=False),
        APPROVED,
        "CRED-BAD-PHONE",
    ),
    Example(
        "notes not given yet",
        dead(notes=None),
        ASKED,
        "DEN-NO-NOTES",
        more=wants("request.notes"),
    ),
    Example(
        "no reason chosen, though one is true on record",
        asking(None, phone_working=False),
        ASKED,
        "DEN-REASON-MISMATCH DEN-NO-NOTES",
        cites_not="CRED-BAD-PHONE",
        more=wants("request.reason"),
    ),
    Example(
        "no reason chosen, and nothing known",
        asking(None),
        ASKED,
        "DEN-REASON-MISMATCH",
        more=wants("request.reason"),
    ),
    Example(
        "a reason of one’s own",
        asking("other"),
        REFUSED,
        "DEN-REASON-MISMATCH GENUINE",
        more=denied(),
    ),
    Example(
        "the cost of the lead is unknown",
        dead(cost={"amount": None, "unit": "USD"}),
        ASKED,
        "CRED-BAD-PHONE CREDIT-BALANCE",
        cites_not="DECISION-EMAIL",
        more=wants("lead.cost"),
    ),
    Example(
        "the cost of the lead is not asked for where nothing is due",
        asking("shopping", cost={"amount": None, "unit": "USD"}),
        REFUSED,
        "NE-SHOPPING",
    ),
    Example(
        "a lead that cost another currency",
        dead(cost={"amount": "45.00", "unit": "CAD"}),
        INVALID,
        "CREDIT-BALANCE",
        more=faulty("lead.cost.unit"),
    ),
)

DAYS = tuple(
    Example(
        f"the aim: {title}",
        dead(asked, delivered=delivered),
        APPROVED,
        "CRED-BAD-PHONE DECISION-3BD",
        more={"deadlines": {f"decision_target {target}", f"decision_early {early}"}},
    )
    for title, delivered, asked, early, target in (
        ("Friday", "2025-04-10 10:00", "2025-04-11 10:00", "2025-04-15", "2025-04-16"),
        ("Saturday", "2025-04-10 10:00", "2025-04-12 10:00", "2025-04-15", "2025-04-16"),
        ("the last second", "2025-04-09 10:00", "2025-04-09 23:59:59", "2025-04-11", "2025-04-14"),
        ("Independence Day", "2025-07-01 10:00", "2025-07-02 10:00", "2025-07-07", "2025-07-08"),
        (
            "a holiday kept on Friday",
            "2026-07-01 10:00",
            "2026-07-02 10:00",
            "2026-07-07",
            "2026-07-08",
        ),
        ("Columbus Day", "2025-10-09 10:00", "2025-10-10 10:00", "2025-10-15", "2025-10-16"),
        ("Veterans Day", "2025-11-10 10:00", "2025-11-10 12:00", "2025-11-13", "2025-11-14"),
        ("24 and 26 December", "2025-12-22 10:00", "2025-12-23 10:00", "2025-12-26", "2025-12-29"),
    )
)

AGAIN = [past | {"reason": "non_working_phone"} for past in (DENIAL,)]

DECIDED_BEFORE = (
    Example(
        "credited before it was asked for",
        dead(history=[UNASKED]),
        UNCHANGED,
        "PRO-NOTIFY",
        more=unmoved("credited_proactively"),
    ),
    Example(
        "credited already",
        dead(history=[CREDIT]),
        UNCHANGED,
        "CREDIT-BALANCE",
        cites_not="PRO-NOTIFY CRED-BAD-PHONE",
        more=unmoved("credited"),
    ),
    Example(
        "credited already, and late: still nothing to do",
        dead("2025-04-30 10:00", history=[CREDIT]),
        UNCHANGED,
        "CREDIT-BALANCE",
        cites_not="DEN-LATE",
    ),
    Example(
        "credited in part already",
        dead(history=[PART]),
        UNCHANGED,
        "CREDIT-BALANCE",
        more=unmoved("partially_credited"),
    ),
    Example(
        "credited for good",
        dead(history=[DENIAL, REVIEW, FOR_GOOD]),
        UNCHANGED,
        "FINAL",
        more=unmoved("final_approved"),
    ),
    Example(
        "denied for good, and the same reason again",
        dead("2025-04-25 10:00", history=[*AGAIN, REVIEW, DENIED_FOR_GOOD]),
        BLOCKED,
        "FINAL DECISION-EMAIL",
        cites_not="DEN-LATE",
        more=unmoved(
            "final_denied",
            missing_preconditions=["a decision that no review has made final"],
        ),
    ),
    Example(
        "denied for good, and another reason",
        dead("2025-04-25 10:00", history=[DENIAL, REVIEW, DENIED_FOR_GOOD]),
        PERSON,
        "FINAL GENUINE",
        cites_not="DEN-LATE",
        more=to_a_person(),
    ),
    Example(
        "denied for good, and no reason",
        asking(None, asked="2025-04-10 10:00", history=[DENIAL, REVIEW, DENIED_FOR_GOOD]),
        ASKED,
        "FINAL",
        more=wants("request.reason"),
    ),
    Example(
        "under review",
        dead(history=[DENIAL, REVIEW]),
        BLOCKED,
        "REVIEW",
        more=unmoved("under_review", missing_preconditions=["the decision of the review"]),
    ),
    Example(
        "taken back: only a review is left",
        dead(history=[CREDIT, TAKEN_BACK]),
        BLOCKED,
        "REVIEW",
        more=unmoved("reversed", missing_preconditions=["a review through the account manager"]),
    ),
    Example(
        "denied on the merits: only a review is left",
        dead(history=[DENIAL]),
        BLOCKED,
        "REVIEW",
        more=unmoved("denied", missing_preconditions=["a review through the account manager"]),
    ),
    Example(
        "denied as late: late again",
        dead("2025-04-14 10:00", history=[TOO_LATE]),
        REFUSED,
        "WINDOW-5D DEN-LATE",
    ),
    Example(
        "the result of the earlier decision is unknown",
        dead(history=[{"type": "decision"}]),
        ASKED,
        more=wants("history[0].result"),
    ),
    Example(
        "an amount that no account has moved",
        dead(history=[CREDIT | {"amount": "45.001"}, TAKEN_BACK | {"amount": "-1"}]),
        INVALID,
        "CREDIT-BALANCE",
        more=faulty("history[0].amount", "history[1].amount"),
    ),
)

REQUESTS = (
    *ADMISSION,
    *DAYS,
    *GROUNDS,
    *DECIDED_BEFORE,
)

MOVED = (
    "calls",
    "messages",
    "conxpros_verified_contact",
    "professional_established_contact",
    "homeowner_denies_request",
    "spoke_with_homeowner",
)
"""What a further request may state anew under ``event``."""


def further(example: Example) -> Example:
    """The same request, made as a further one: all that it states stands under ``event``."""
    first = dict(example.facts["request"])
    found = dict(example.facts["findings"])
    delivered = example.facts["lead"]["delivered_at"]
    event = {
        "type": "new_request",
        "at": first["submitted_at"],
        "via": first["channel"],
        "reason": first["reason"],
        "notes": first["notes"],
        "findings": {name: found.pop(name) for name in MOVED if name in found},
    }
    facts = {
        **example.facts,
        "request": {"submitted_at": delivered},
        "findings": found,
        "event": event,
    }
    more = dict(example.more)
    for name in ("missing", "errors"):
        paths = more.get(name, set())
        assert isinstance(paths, set)
        more[name] = {_moved(path, stated=name == "errors") for path in paths}
    return Example(
        f"further: {example.title}",
        facts,
        example.outcome,
        example.cites,
        "new_request",
        example.parameters,
        example.cites_not,
        more,
    )


def _moved(path: str, *, stated: bool) -> str:
    if path == "request.submitted_at":
        return "event.at"
    name = path.removeprefix("findings.").partition("[")[0]
    entry = "[" in path and name in MOVED
    return f"event.{path}" if entry and (stated or path.endswith(".at")) else path


FURTHER = tuple(further(example) for example in REQUESTS)
