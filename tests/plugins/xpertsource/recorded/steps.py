"""Recorded examples of the steps before a request, their proof, and the account manager's word."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import (
    ASKED_ON,
    CALLS,
    EMAILS,
    LOG,
    Document,
    Example,
    asking,
    at,
    call,
    email,
    unreachable,
)
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    ATTEMPTS,
    CONFIRMED,
    DENIED,
    NOT_SAID,
    REFUSED,
    REVIEW,
    REVIEWED,
    again,
    credited,
    final,
    wants,
    with_evidence,
)

CALL_AGAIN = "call the client 1 more time"
LEAVE_ONE = "leave 1 more voicemail message"
SEND_ONE = "send the client 1 more email"
CONFIRM = "have your account manager confirm that the client cannot be reached"


def without_one(attempts: tuple[Document, ...], kind: str) -> tuple[Document, ...]:
    """The same attempts without the last of a kind."""
    last = max(i for i, attempt in enumerate(attempts) if attempt["type"] == kind)
    return attempts[:last] + attempts[last + 1 :]


ONE_VOICEMAIL = (CALLS[0], CALLS[1], call("2025-03-06 12:10"), CALLS[3], *EMAILS)
ONE_EMAIL = without_one(LOG, "email")
THREE_CALLS = without_one(LOG, "call")
UNSURE = (CALLS[0], CALLS[1], call("2025-03-06 12:10", voicemail=None), CALLS[3], *EMAILS)

STEPS = (
    Example(
        "all the steps made and confirmed",
        unreachable(CONFIRMED),
        APPROVED,
        "APP-1-UNREACHABLE CREDIT-AMOUNT FORM WINDOW-MONTH DELAY-MIN CONTACT-CALLS CONTACT-EMAILS"
        " EXAMPLES-GUIDE",
        more=credited(deadlines={"answer_due 2025-03-19"}),
    ),
    Example(
        "more calls and emails than required",
        unreachable(attempts=(*LOG, call("2025-03-08 10:00"), email("2025-03-08 11:00"))),
        APPROVED,
        "APP-1-UNREACHABLE",
    ),
    Example(
        "the approved example to the letter: one voicemail message, one email, confirmed",
        unreachable(
            attempts=[
                call("2025-03-03 11:00", voicemail=True, within_client_preferred_hours=True),
                email("2025-03-04 11:00"),
                *(
                    call(f"2025-03-0{day} 11:00", within_client_preferred_hours=True)
                    for day in (5, 6, 7)
                ),
            ]
        ),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-CALLS CONTACT-EMAILS",
    ),
    Example(
        "three calls: nobody makes up for a call",
        unreachable(CONFIRMED, attempts=THREE_CALLS),
        REFUSED,
        "CONTACT-CALLS STEPS-BEFORE",
        more=again(
            state="refused_incomplete_steps",
            remedies={CALL_AGAIN},
            latest="2025-04-03",
            deadlines={"request_window_closes 2025-04-03"},
        ),
    ),
    Example(
        "two calls with a voicemail message each are two calls, not four",
        unreachable(NOT_SAID, attempts=[CALLS[0], CALLS[2], *EMAILS]),
        REFUSED,
        "CONTACT-CALLS",
        more=again(remedies={"call the client 2 more times"}),
    ),
    Example(
        "no attempt at all: every step is named",
        unreachable(NOT_SAID, attempts=[]),
        REFUSED,
        "CONTACT-CALLS CONTACT-EMAILS STEPS-BEFORE",
        more=again(
            remedies={
                "call the client 4 more times",
                "leave 2 more voicemail messages",
                "send the client 2 more emails",
            }
        ),
    ),
    Example(
        "the fourth call came after the request",
        unreachable(attempts=(*THREE_CALLS, call("2025-03-12 09:00:01"))),
        REFUSED,
        "CONTACT-CALLS STEPS-BEFORE",
        more=again(remedies={CALL_AGAIN}),
    ),
    Example(
        "the fourth call was made at the moment of the request",
        unreachable(attempts=(*THREE_CALLS, call(ASKED_ON))),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-CALLS",
    ),
    Example(
        "the fourth call was made in the first of two hours from one to two, the request after it",
        unreachable(
            bought="2025-10-20 10:00",
            asked="2025-11-02 01:30:00-05:00",
            attempts=[
                *(call(f"2025-10-2{day} 10:00", voicemail=True) for day in (1, 2, 3)),
                {**call("2025-10-24 10:00"), "at": "2025-11-02T01:45:00-04:00"},
                *(email(f"2025-10-2{day} 11:00") for day in (1, 2)),
            ],
        ),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-CALLS",
    ),
    Example(
        "one voicemail message, confirmed",
        unreachable(CONFIRMED, attempts=ONE_VOICEMAIL),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-CALLS",
    ),
    Example(
        "one voicemail message, not confirmed yet",
        unreachable(NOT_SAID, attempts=ONE_VOICEMAIL),
        REVIEW,
        "CONTACT-CALLS APP-1-UNREACHABLE DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "one voicemail message, denied",
        unreachable(DENIED, attempts=ONE_VOICEMAIL),
        REFUSED,
        "CONTACT-CALLS STEPS-BEFORE APP-1-UNREACHABLE",
        more=again(remedies={f"{LEAVE_ONE} or {CONFIRM}"}),
    ),
    Example(
        "one email, confirmed",
        unreachable(CONFIRMED, attempts=ONE_EMAIL),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-EMAILS",
    ),
    Example(
        "one email, not confirmed yet",
        unreachable(NOT_SAID, attempts=ONE_EMAIL),
        REVIEW,
        "CONTACT-EMAILS APP-1-UNREACHABLE DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "one email, denied",
        unreachable(DENIED, attempts=ONE_EMAIL),
        REFUSED,
        "CONTACT-EMAILS STEPS-BEFORE APP-1-UNREACHABLE",
        more=again(remedies={f"{SEND_ONE} or {CONFIRM}"}),
    ),
    Example(
        "an email left a voicemail: it is no call",
        unreachable(
            DENIED, attempts=(*ONE_VOICEMAIL, email("2025-03-08 10:00", voicemail_left=True))
        ),
        REFUSED,
        "CONTACT-CALLS",
    ),
    Example(
        "the log of attempts is asked for",
        unreachable(CONFIRMED, attempts=None),
        ASKED,
        "CONTACT-CALLS CONTACT-EMAILS",
        more=wants(ATTEMPTS),
    ),
    Example(
        "the log of attempts is asked for before the account manager is",
        unreachable(NOT_SAID, attempts=None),
        ASKED,
        "CONTACT-CALLS CONTACT-EMAILS",
        more=wants(ATTEMPTS),
    ),
    Example(
        "a voicemail message of which nothing is said is asked for, where it decides",
        unreachable(NOT_SAID, attempts=UNSURE),
        ASKED,
        "CONTACT-CALLS",
        more=wants(f"{ATTEMPTS}[2].voicemail_left"),
    ),
    Example(
        "a voicemail message of which nothing is said is not asked for, where it is made up for",
        unreachable(CONFIRMED, attempts=UNSURE),
        APPROVED,
        "APP-1-UNREACHABLE",
    ),
    Example(
        "the kind and the moment of a fourth attempt are asked for, where they decide",
        unreachable(attempts=(*THREE_CALLS, {"answered": False})),
        ASKED,
        "CONTACT-CALLS",
        more=wants(f"{ATTEMPTS}[5].type", f"{ATTEMPTS}[5].at"),
    ),
    Example(
        "the moment of a fifth call is not asked for",
        unreachable(attempts=(*LOG, {"type": "call"})),
        APPROVED,
        "APP-1-UNREACHABLE",
    ),
    Example(
        "the steps bind who claims that the client cannot be reached, and nobody else",
        with_evidence("wrong_contact_details", phone_valid=False, email_valid=False),
        APPROVED,
        "APP-2-WRONG-CONTACT",
        cites_not="CONTACT-CALLS CONTACT-EMAILS STEPS-BEFORE",
    ),
    Example(
        "the account manager said nothing, and nothing else is known",
        asking("unreachable", attempts=LOG, evidence=None),
        REVIEW,
        "APP-1-UNREACHABLE DISCRETION",
        more=REVIEWED,
    ),
)


def proofs(*attached: bool | None) -> tuple[Document, ...]:
    """All the calls, and an email for each proof: attached, not attached, or not said."""
    return (*CALLS, *(email(f"2025-03-0{4 + i} 10:00", proof=p) for i, p in enumerate(attached)))


PROOF = (
    *(
        Example(
            f"a proof that is not attached is asked for: {title}",
            unreachable(confirmed, attempts=attempts),
            ASKED,
            "CONTACT-EMAILS",
            cites_not="APP-1-UNREACHABLE",
            more=wants(*(f"{ATTEMPTS}[{i}].proof_attached" for i in wanted)),
        )
        for title, confirmed, attempts, wanted in (
            ("the second", CONFIRMED, proofs(True, False), [5]),
            ("the first, before the account manager is asked", NOT_SAID, proofs(False, True), [4]),
            ("both", CONFIRMED, proofs(False, False), [4, 5]),
            ("one of which nothing is said", CONFIRMED, proofs(True, None), [5]),
            ("two of three", CONFIRMED, proofs(False, True, False), [4, 6]),
        )
    ),
    Example(
        "two proofs of three emails are enough",
        unreachable(attempts=proofs(True, False, True)),
        APPROVED,
        "APP-1-UNREACHABLE CONTACT-EMAILS",
    ),
    Example(
        "no proof is asked for where the account manager denies: it would change nothing",
        unreachable(DENIED, attempts=proofs(True, False)),
        REFUSED,
        "APP-1-UNREACHABLE",
        more=final(missing=set()),
    ),
    Example(
        "no proof is asked for where the client answered: it would change nothing",
        unreachable(attempts=(*proofs(True, False), call("2025-03-08 09:00", answered=True))),
        REFUSED,
        "APP-1-UNREACHABLE REF-1-MET",
        more=final(missing=set()),
    ),
    Example(
        "an email sent after the request is not sent yet: its proof is not asked for",
        unreachable(DENIED, attempts=(*proofs(True), email("2025-03-12 09:01", proof=False))),
        REFUSED,
        "CONTACT-EMAILS",
        more=again(missing=set()),
    ),
)

OFF_HOURS = tuple({**attempt, "within_client_preferred_hours": False} for attempt in CALLS)
MANAGER_REACHED = {"account_manager_reached_client_at": at("2025-03-11 15:00")}

MANAGER = (
    Example(
        "not confirmed yet",
        unreachable(NOT_SAID),
        REVIEW,
        "APP-1-UNREACHABLE DISCRETION",
        more={**REVIEWED, "missing": set(), "deadlines": {"answer_due 2025-03-19"}},
    ),
    Example(
        "denied",
        unreachable(DENIED),
        REFUSED,
        "APP-1-UNREACHABLE NO-AUTO-CREDIT",
        more=final(decision_mode="recommendation", takes_effect="on_ruling"),
    ),
    Example(
        "the account manager reached the client",
        unreachable(NOT_SAID, evidence=MANAGER_REACHED),
        REFUSED,
        "APP-1-UNREACHABLE",
    ),
    Example(
        "the account manager confirms, and reached the client",
        unreachable(CONFIRMED, evidence=MANAGER_REACHED),
        REVIEW,
        "APP-1-UNREACHABLE DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "the client answered a call",
        unreachable(attempts=(*LOG, call("2025-03-08 09:00", answered=True))),
        REFUSED,
        "APP-1-UNREACHABLE REF-1-MET",
    ),
    Example(
        "the client answered an email",
        unreachable(attempts=(*LOG, email("2025-03-08 09:00", answered=True))),
        REFUSED,
        "APP-1-UNREACHABLE REF-1-MET",
    ),
    Example(
        "the client was met",
        unreachable(evidence={"client_met": True}),
        REFUSED,
        "APP-1-UNREACHABLE REF-1-MET",
    ),
    Example(
        "no call respected the client’s preferred hours; emails have none",
        unreachable(attempts=(*OFF_HOURS, *EMAILS)),
        REVIEW,
        "APP-1-UNREACHABLE DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "one call respected the client’s preferred hours",
        unreachable(
            attempts=(
                *OFF_HOURS,
                call("2025-03-08 09:00", within_client_preferred_hours=True),
                *EMAILS,
            )
        ),
        APPROVED,
        "APP-1-UNREACHABLE",
    ),
    Example(
        "of one call the hours are not known",
        unreachable(attempts=(*OFF_HOURS[:3], CALLS[3], *EMAILS)),
        APPROVED,
        "APP-1-UNREACHABLE",
    ),
)
