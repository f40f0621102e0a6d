"""Recorded examples of refunds: the five cases, the silence, the period, the remedy."""

from __future__ import annotations

from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    APPROVED,
    ASKED,
    CALLED,
    MANAGEABLE,
    NEEDLESS,
    POSTPONED,
    REFUSED,
    REVIEW,
    SILENT,
    WROTE,
    Example,
    account,
    back,
    call,
    email,
    nothing,
    refunding,
    silence,
    wants,
)

OTHER, PRICE, SCHEDULE = (
    "client_has_other_professional",
    "client_rejects_price",
    "client_rejects_schedule",
)
WHOLE: Final = "COMMISSION-ONLY FEE-20 WINDOW-60BD MANUAL"

GROUNDS: Final = (
    Example(
        "the client has another professional",
        refunding(OTHER),
        APPROVED,
        f"G1-OTHER-PRO {WHOLE}",
        more=back(),
    ),
    Example(
        "the client is not known to have confirmed another professional",
        refunding(OTHER, None),
        ASKED,
        "G1-OTHER-PRO",
        more=wants("client.confirmed_by_client"),
    ),
    Example(
        "the client did not confirm another professional",
        refunding(OTHER, False),
        REVIEW,
        "NOT-CHOSEN MANUAL",
        more=nothing(),
    ),
    Example(
        "the client has no need for now",
        refunding(NEEDLESS),
        APPROVED,
        f"G2-NO-NEED {WHOLE}",
        more=back(
            balances={"available": "80", "advance_outstanding": "0", "net": "80"},
            deadlines={"refund_window_closes 2025-05-30"},
        ),
    ),
    Example(
        "the client is not known to have confirmed that there is no need",
        refunding(NEEDLESS, None),
        ASKED,
        "G2-NO-NEED",
        more={**wants("client.confirmed_by_client"), "state": "manage"},
    ),
    Example(
        "the client did not confirm that there is no need",
        refunding(NEEDLESS, False),
        REVIEW,
        "NOT-CHOSEN MANUAL",
        more=nothing(),
    ),
    Example(
        "the price, whoever says so", refunding(PRICE, None), APPROVED, "G4-PRICE", more=back()
    ),
    Example("the schedule", refunding(SCHEDULE, None), APPROVED, "G5-SCHEDULE", more=back()),
    Example(
        "not chosen, and none of the five cases",
        refunding("not_chosen_unconfirmed", False),
        REVIEW,
        "NOT-CHOSEN MANUAL",
        more=nothing(allowed_actions=MANAGEABLE),
    ),
    Example(
        "the professional himself has no time",
        refunding("pro_not_available"),
        REFUSED,
        "MANUAL",
        more=nothing(),
    ),
    Example(
        "after it was put off",
        refunding(PRICE, before=[POSTPONED]),
        APPROVED,
        "G4-PRICE",
        more=back(),
    ),
    Example(
        "whatever is asked for, the commission comes back",
        refunding(requested_amount="100"),
        APPROVED,
        f"G2-NO-NEED {WHOLE}",
        more=back(),
    ),
    Example(
        "less is asked for than was paid",
        refunding(requested_amount="1"),
        APPROVED,
        "G2-NO-NEED COMMISSION-ONLY",
        more=back(),
    ),
    Example(
        "a dear contact", refunding(PRICE, commission="750"), APPROVED, "G4-PRICE", more=back(750)
    ),
)

DUE: Final = {"resubmittable": True, "state": "manage", "postings": []}
SILENCE: Final = (
    Example(
        "silence for two days",
        silence(CALLED, WROTE, moment="2025-03-05 00:00"),
        APPROVED,
        f"G3-NO-ANSWER {WHOLE}",
        more=back(),
    ),
    Example(
        "silence for a day",
        silence(CALLED, WROTE, moment="2025-03-04 23:59"),
        REFUSED,
        "G3-NO-ANSWER",
        more={**DUE, "earliest": "2025-03-05", "allowed_actions": MANAGEABLE},
    ),
    Example(
        "silence counts from the day both channels were tried",
        silence(CALLED, email("2025-03-09 20:00")),
        REFUSED,
        "G3-NO-ANSWER",
        more={**DUE, "earliest": "2025-03-11"},
    ),
    Example(
        "calls, and no email",
        silence(CALLED, call("2025-03-05 11:00")),
        REFUSED,
        "G3-NO-ANSWER",
        more={**DUE, "remedies": {"write the client an email"}},
    ),
    Example(
        "emails, and no call",
        silence(WROTE),
        REFUSED,
        "G3-NO-ANSWER",
        more={**DUE, "remedies": {"call the client"}},
    ),
    Example(
        "neither called nor wrote",
        silence(),
        REFUSED,
        "G3-NO-ANSWER",
        more={**DUE, "remedies": {"call the client", "write the client an email"}},
    ),
    Example(
        "the client answered an email",
        silence(CALLED, email("2025-03-03 11:10", answered=True)),
        REFUSED,
        "G3-NO-ANSWER",
        more=nothing(),
    ),
    Example(
        "whether the client answered is not said",
        silence(call("2025-03-03 11:00", answered=None), WROTE),
        ASKED,
        "G3-NO-ANSWER",
        more=wants("client.attempts[0].answered"),
    ),
    Example(
        "whether the client answered does not matter yet",
        silence(call("2025-03-09 11:00", answered=None), email("2025-03-09 11:10")),
        REFUSED,
        "G3-NO-ANSWER",
        more={"state": "manage", "postings": []},
    ),
    Example(
        "the attempts are not known",
        refunding(SILENT, None),
        ASKED,
        "G3-NO-ANSWER",
        more=wants("client.attempts"),
    ),
    Example(
        "one attempt does not say what it was",
        silence(CALLED, {**WROTE, "type": None}),
        ASKED,
        "G3-NO-ANSWER",
        more=wants("client.attempts[1].type"),
    ),
    Example(
        "one attempt does not say when it was, and that decides",
        silence(CALLED, email(None)),
        APPROVED,
        "G3-NO-ANSWER",
        parameters={"no_answer_clock": "first_attempt"},
        more=back(),
    ),
    Example(
        "when the attempts were is not said",
        silence(call(None), email(None)),
        ASKED,
        "G3-NO-ANSWER",
        more=wants("client.attempts[0].at", "client.attempts[1].at"),
    ),
    Example(
        "an attempt without a moment could have opened the silence",
        silence(CALLED, email("2025-03-09 20:00"), email(None)),
        ASKED,
        "G3-NO-ANSWER",
        more=wants("client.attempts[2].at"),
    ),
    Example(
        "an attempt without a moment changes nothing",
        silence(CALLED, WROTE, email(None)),
        APPROVED,
        "G3-NO-ANSWER",
        more=back(),
    ),
)

SIXTY: Final[dict[str, Any]] = {"bought": "2025-01-15 10:00"}
WINDOW: Final = (
    Example(
        "the last minute of the sixtieth business day",
        refunding(**SIXTY, moment="2025-04-09 23:59"),
        APPROVED,
        "G2-NO-NEED WINDOW-60BD",
        more=back(deadlines={"refund_window_closes 2025-04-09"}),
    ),
    Example(
        "half past midnight of the next day, which is still the sixtieth in UTC",
        refunding(**SIXTY, moment="2025-04-09T22:30:00+00:00"),
        REFUSED,
        "WINDOW-60BD PHASE-EXPIRED",
        more=nothing("expired", allowed_actions=[]),
    ),
    Example(
        "the same moment in Lisbon, where the sixtieth day is not over",
        refunding(**SIXTY, moment="2025-04-09T22:30:00+00:00", time_zone="Europe/Lisbon"),
        APPROVED,
        "G2-NO-NEED",
        more=back(),
    ),
    Example(
        "the sixtieth day across four holidays",
        refunding(moment="2025-05-30 18:00"),
        APPROVED,
        "G2-NO-NEED WINDOW-60BD",
        more=back(deadlines={"refund_window_closes 2025-05-30"}),
    ),
    Example(
        "putting it off does not stop the clock",
        refunding(**SIXTY, moment="2025-04-10 09:00", before=[POSTPONED]),
        REFUSED,
        "WINDOW-60BD PHASE-EXPIRED",
        more=nothing("expired"),
    ),
    Example(
        "the purchase is not dated",
        refunding(bought=None),
        ASKED,
        "WINDOW-60BD",
        more={**wants("contact.purchased_at"), "state": "manage"},
    ),
)

REMEDY: Final = (
    Example(
        "a bank transfer is asked for",
        refunding(requested_remedy="bank_transfer"),
        REFUSED,
        "NO-BANK",
        more=nothing(again=True, remedies={"ask for the commission in cronos"}),
    ),
    Example(
        "a bank transfer is asked for, where cronos are given instead",
        refunding(requested_remedy="bank_transfer"),
        APPROVED,
        "G2-NO-NEED NO-BANK",
        parameters={"bank_refund_request": "grant_in_cronos"},
        more=back(),
    ),
    Example(
        "cronos are asked for",
        refunding(requested_remedy="cronos"),
        APPROVED,
        "G2-NO-NEED",
        cites_not="NO-BANK",
        more=back(),
    ),
)

UNKNOWN: Final = (
    Example(
        "no ground is named", refunding(None), ASKED, "G1-OTHER-PRO", more=wants("event.ground")
    ),
    Example(
        "who acts is not known",
        refunding(by=None),
        ASKED,
        "MANUAL",
        more=wants("event.by"),
    ),
    Example(
        "what was paid is not known",
        refunding(commission=None),
        ASKED,
        "PHASE-NOT-PERMITTED",
        more=wants("contact.commission_paid"),
    ),
    Example(
        "what happened before is not known",
        refunding(before=None),
        ASKED,
        "PHASE-PROCESSED",
        more=wants("contact.prior_events"),
    ),
    Example(
        "whether the client chose him is not known",
        refunding(chosen=None),
        ASKED,
        "NOT-CHOSEN",
        more=wants("contact.client_chose_this_professional"),
    ),
    Example(
        "when it was asked for is not known",
        refunding(moment=None),
        ASKED,
        "WINDOW-60BD",
        more=wants("event.at"),
    ),
)

ON_REFUND: Final = {"advance_recovery": "on_refund"}
RECOVERED: Final = (
    *(
        example
        for title, facts, clause in (
            ("another professional", refunding(OTHER, professional=account(0, 30)), "G1-OTHER-PRO"),
            ("no need", refunding(NEEDLESS, professional=account(0, 30)), "G2-NO-NEED"),
            ("silence", silence(CALLED, WROTE, professional=account(0, 30)), "G3-NO-ANSWER"),
            ("the price", refunding(PRICE, professional=account(0, 30)), "G4-PRICE"),
            ("the schedule", refunding(SCHEDULE, professional=account(0, 30)), "G5-SCHEDULE"),
        )
        for example in (
            Example(
                f"{title}: an advance is paid back out of the refund",
                facts,
                APPROVED,
                f"{clause} ADVANCE COMMISSION-ONLY FEE-20",
                parameters=ON_REFUND,
                more=back(
                    recovered=30,
                    balances={"available": "50", "advance_outstanding": "0", "net": "50"},
                ),
            ),
            Example(
                f"{title}: an advance stays outstanding",
                facts,
                APPROVED,
                clause,
                cites_not="ADVANCE",
                more=back(balances={"available": "80", "advance_outstanding": "30", "net": "50"}),
            ),
        )
    ),
    Example(
        "an advance larger than the refund takes all of it",
        refunding(professional=account(5, 200)),
        APPROVED,
        "G2-NO-NEED",
        parameters=ON_REFUND,
        more=back(
            recovered=80, balances={"available": "5", "advance_outstanding": "120", "net": "-115"}
        ),
    ),
    Example(
        "nothing is outstanding that could be paid back",
        refunding(),
        APPROVED,
        "G2-NO-NEED",
        parameters=ON_REFUND,
        cites_not="ADVANCE",
        more=back(),
    ),
)
