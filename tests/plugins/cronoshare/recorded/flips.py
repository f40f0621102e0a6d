"""Recorded examples of parameters: the same facts under the default and under another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    APPROVED,
    ASKED,
    BLOCKED,
    CALLED,
    RECORDED,
    REFUSED,
    REVIEW,
    STANDING,
    Example,
    account,
    acting,
    at,
    back,
    bought,
    buying,
    email,
    nothing,
    refunding,
    silence,
    wants,
)
from tests.plugins.cronoshare.recorded.accounts import on_account, paid_in
from tests.plugins.cronoshare.recorded.rulings import ruling
from tests.plugins.examples import Flip

Outcome = tuple[str, str, Mapping[str, object]]


def flip(
    parameter: str,
    value: object,
    title: str,
    facts: Mapping[str, Any],
    before: Outcome,
    after: Outcome,
    action: str = "refund",
    **others: object,
) -> Flip:
    """Facts, and what comes of them before and after: outcome, clauses, and what else is said."""
    (outcome, cites, more), (other, citing, said) = before, after
    return Flip(
        parameter,
        value,
        Example(title, facts, outcome, cites, action, others, more=more),
        Example(title, facts, other, citing, action, {**others, parameter: value}, more=said),
    )


GRANTED: Final[Outcome] = (APPROVED, "G2-NO-NEED WINDOW-60BD", back())
EXPIRED: Final[Outcome] = (REFUSED, "WINDOW-60BD PHASE-EXPIRED", nothing("expired"))
BUYS: Final = "buy_contact"
SHORT: Final = nothing("insufficient_cronos", again=True)


def granted_until(day: str) -> Outcome:
    """A refund within the period, and its last day."""
    return APPROVED, "G2-NO-NEED", back(deadlines={f"refund_window_closes {day}"})


FLIPS: Final = (
    flip(
        "management_fee",
        25,
        "the fee of an offer",
        buying(200),
        (APPROVED, "PRICE FEE-20", bought()),
        (APPROVED, "PRICE FEE-20", bought(fee=25)),
        BUYS,
    ),
    flip(
        "management_fee",
        25,
        "a fee that is stated",
        buying(200, fee="25"),
        (REVIEW, "FEE-20", nothing(None)),
        (APPROVED, "PRICE", bought(fee=25)),
        BUYS,
    ),
    flip(
        "advance_enabled",
        False,
        "cronos are missing",
        buying(60),
        (APPROVED, "PRICE ADVANCE", bought(advance=40)),
        (BLOCKED, "ADVANCE", {**SHORT, "remedies": {"top up 40 cronos"}}),
        BUYS,
    ),
    flip(
        "default_advance_limit",
        39,
        "who has no limit of his own",
        buying(60, limit=None),
        (APPROVED, "PRICE ADVANCE", bought(advance=40)),
        (BLOCKED, "ADVANCE", {**SHORT, "remedies": {"top up 1 crono"}}),
        BUYS,
    ),
    flip(
        "advance_recovery",
        "on_refund",
        "a refund with an advance outstanding",
        refunding(professional=account(0, 30)),
        (APPROVED, "G2-NO-NEED", back()),
        (APPROVED, "G2-NO-NEED ADVANCE", back(recovered=30)),
    ),
    flip(
        "advance_recovery",
        "on_topup",
        "a top-up with an advance outstanding",
        on_account(account(0, 30), top_up="50"),
        (RECORDED, "", paid_in(50)),
        (RECORDED, "ADVANCE", paid_in(50, 30)),
        "top_up",
    ),
    flip(
        "no_answer_min_days",
        3,
        "two days of silence",
        silence(CALLED, email("2025-03-03 11:10"), moment="2025-03-05 10:00"),
        (APPROVED, "G3-NO-ANSWER", back()),
        (REFUSED, "G3-NO-ANSWER", nothing(again=True, earliest="2025-03-06")),
    ),
    flip(
        "no_answer_min_days",
        0,
        "silence on the same day",
        silence(CALLED, email("2025-03-03 11:10"), moment="2025-03-03 12:00"),
        (REFUSED, "G3-NO-ANSWER", nothing(again=True, earliest="2025-03-05")),
        (APPROVED, "G3-NO-ANSWER", back()),
    ),
    flip(
        "no_answer_clock",
        "first_attempt",
        "called days ago, wrote today",
        silence(CALLED, email("2025-03-10 09:00")),
        (REFUSED, "G3-NO-ANSWER", nothing(again=True, earliest="2025-03-12")),
        (APPROVED, "G3-NO-ANSWER", back()),
    ),
    flip(
        "window_days",
        59,
        "on the sixtieth day",
        refunding(moment="2025-05-30 18:00"),
        granted_until("2025-05-30"),
        EXPIRED,
    ),
    flip(
        "window_unit",
        "calendar",
        "the sixtieth day by the calendar",
        refunding(moment="2025-05-02 23:00"),
        granted_until("2025-05-30"),
        granted_until("2025-05-02"),
    ),
    flip(
        "window_unit",
        "calendar",
        "the day after the sixtieth by the calendar",
        refunding(moment="2025-05-03 09:00"),
        GRANTED,
        EXPIRED,
    ),
    flip(
        "window_start",
        "event",
        "the case arose weeks after the purchase",
        refunding(moment="2025-06-10 10:00", client={"occurred_at": at("2025-04-01 10:00")}),
        EXPIRED,
        granted_until("2025-07-01"),
    ),
    flip(
        "window_start",
        "event",
        "nobody says when the case arose",
        refunding(),
        GRANTED,
        (ASKED, "WINDOW-60BD", wants("client.occurred_at")),
    ),
    flip(
        "calendar",
        "ES",
        "in Spain it is over on 28 May",
        refunding(moment="2025-05-29 10:00"),
        granted_until("2025-05-30"),
        EXPIRED,
    ),
    flip(
        "week",
        "mon_sat",
        "with Saturdays it is over on 15 May",
        refunding(moment="2025-05-15 10:00"),
        granted_until("2025-05-30"),
        granted_until("2025-05-15"),
    ),
    flip(
        "week",
        "mon_sat",
        "the day after, with Saturdays",
        refunding(moment="2025-05-16 10:00"),
        GRANTED,
        EXPIRED,
    ),
    flip(
        "warning_days",
        10,
        "ten days before the end",
        acting("show_phase", moment="2025-05-20 10:00"),
        (STANDING, "PHASE-MANAGE", nothing(notify=set())),
        (STANDING, "PHASE-MANAGE", nothing(notify={"professional:window_closing"})),
        "standing",
    ),
    flip(
        "bank_refund_request",
        "grant_in_cronos",
        "a bank transfer is asked for",
        refunding(requested_remedy="bank_transfer"),
        (REFUSED, "NO-BANK", nothing(again=True)),
        (APPROVED, "G2-NO-NEED NO-BANK", back()),
    ),
    flip(
        "four_eyes",
        "refusals",
        "one reviewer refuses",
        ruling("refuse"),
        (REFUSED, "NOT-CHOSEN", nothing()),
        (REVIEW, "NOT-CHOSEN MANUAL", nothing()),
        "rule",
    ),
)
