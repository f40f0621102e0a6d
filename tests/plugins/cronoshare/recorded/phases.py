"""Recorded examples of phases: what each allows and to whom, rectifications, standings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.plugins.cronoshare.examples import (
    ASKED,
    BLOCKED,
    MANAGEABLE,
    POSTPONED,
    RECORDED,
    RECTIFY_DONE,
    REFUND_DONE,
    REFUSED,
    SERVICE_DONE,
    STANDING,
    Example,
    account,
    acting,
    moved,
    nothing,
    refunding,
    wants,
)

LATE: Final = "2025-07-01 10:00"
NO_REFUND: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "nothing was paid": ({"commission": "0"}, "PHASE-NOT-PERMITTED", "not_permitted"),
    "nothing was paid, long ago": (
        {"commission": "0", "moment": LATE},
        "PHASE-NOT-PERMITTED",
        "not_permitted",
    ),
    "it was refunded": ({"before": [REFUND_DONE]}, "PHASE-PROCESSED", "processed_refunded"),
    "it was refunded, long ago": (
        {"before": [REFUND_DONE], "moment": LATE},
        "PHASE-PROCESSED",
        "processed_refunded",
    ),
    "the service was done": ({"before": [SERVICE_DONE]}, "PHASE-PROCESSED", "processed_chosen"),
    "it was rectified": (
        {"before": [REFUND_DONE, RECTIFY_DONE]},
        "PHASE-PROCESSED",
        "processed_chosen",
    ),
    "the client chose him": (
        {"chosen": True},
        "NOT-CHOSEN PHASE-PROCESSED",
        "processed_chosen",
    ),
    "the client chose him, and he said so": (
        {"chosen": True, "before": [SERVICE_DONE]},
        "NOT-CHOSEN PHASE-PROCESSED",
        "processed_chosen",
    ),
    "the client chose him, long ago": (
        {"chosen": True, "moment": LATE},
        "NOT-CHOSEN PHASE-PROCESSED",
        "processed_chosen",
    ),
    "the period is over": ({"moment": LATE}, "WINDOW-60BD PHASE-EXPIRED", "expired"),
}
"""Contacts that allow no refund: what makes them so, the clauses, and the phase."""

MANAGING: Final = ("postpone", "declare_service_done", "client_chose")


def _in_each_phase() -> Iterator[Example]:
    for title, (facts, cites, state) in NO_REFUND.items():
        offered = ["rectify"] if state == "processed_refunded" else []
        said = nothing(state, allowed_actions=offered)
        yield Example(f"refund: {title}", refunding(**facts), REFUSED, cites, more=said)
        for action in MANAGING:
            yield Example(
                f"{action}: {title}",
                acting(action, **facts),
                BLOCKED,
                cites,
                action,
                more={**said, "missing_preconditions": ["a contact that can be managed"]},
            )


PHASES: Final = tuple(_in_each_phase())

HIS_OWN: Final = ("refund", "postpone", "declare_service_done", "rectify")


def _by(action: str, by: str | None, **more: Any) -> dict[str, Any]:
    before = [REFUND_DONE] if action == "rectify" else []
    make = refunding if action == "refund" else acting
    rest: dict[str, Any] = {} if action == "refund" else {"action": action}
    return make(by=by, before=before, **rest, **more)


def _by_others() -> Iterator[Example]:
    for action in HIS_OWN:
        yield Example(
            f"{action} by support",
            _by(action, "support:S-1"),
            BLOCKED,
            "MANUAL NO-CONTACT-NEEDED HOWTO",
            action,
            more=nothing(missing_preconditions=["the professional himself"]),
        )
        yield Example(
            f"{action} by another professional",
            _by(action, "professional:P-2"),
            BLOCKED,
            "NOT-CHOSEN",
            action,
            more=nothing(
                missing_preconditions=["the professional who paid for the contact"],
            ),
        )
        yield Example(
            f"{action} by nobody knows whom",
            _by(action, None),
            ASKED,
            "MANUAL",
            action,
            more=wants("event.by"),
        )


PERSONS: Final = (
    *_by_others(),
    Example(
        "the phase comes before the person",
        refunding(before=[REFUND_DONE], by="professional:P-2"),
        REFUSED,
        "PHASE-PROCESSED",
        cites_not="NOT-CHOSEN",
        more=nothing("processed_refunded"),
    ),
)

DONE: Final = (
    Example(
        "a refund is put off",
        acting("postpone"),
        RECORDED,
        "PHASE-MANAGE",
        "postpone",
        more=nothing(
            allowed_actions=MANAGEABLE,
            deadlines={"refund_window_closes 2025-05-30", "refund_window_warning 2025-05-25"},
        ),
    ),
    Example(
        "a refund is put off again",
        acting("postpone", before=[POSTPONED, POSTPONED]),
        RECORDED,
        "PHASE-MANAGE",
        "postpone",
        more=nothing(),
    ),
    Example(
        "the service was done",
        acting("declare_service_done"),
        RECORDED,
        "PHASE-MANAGE PHASE-PROCESSED",
        "declare_service_done",
        more=nothing("processed_chosen", allowed_actions=[]),
    ),
    Example(
        "the client chose this professional, as the platform knows",
        acting("client_chose", by=None),
        RECORDED,
        "NOT-CHOSEN PHASE-PROCESSED",
        "client_chose",
        more=nothing("processed_chosen", allowed_actions=[]),
    ),
    *(
        Example(
            f"{action} without knowing {what}",
            acting(action, **unknown),
            ASKED,
            cites,
            action,
            more=wants(path),
        )
        for action in MANAGING
        for what, unknown, cites, path in (
            (
                "what was paid",
                {"commission": None},
                "PHASE-NOT-PERMITTED",
                "contact.commission_paid",
            ),
            ("what came before", {"before": None}, "PHASE-PROCESSED", "contact.prior_events"),
            ("the purchase", {"bought": None}, "WINDOW-60BD", "contact.purchased_at"),
        )
    ),
)


def taken_back(advance: int = 0, **more: object) -> dict[str, object]:
    """What is said of a rectification."""
    movements = (
        moved("advance", "advances", "cronos", advance),
        moved("commission_rectified", "cronos", "commissions", 80),
    )
    return {
        "amount": "80",
        "postings": [one for one in movements if one["amount"] != "0"],
        "state": "processed_chosen",
        "allowed_actions": [],
        "notify": {"professional:rectified"},
        **more,
    }


def rectifying(balance: int = 80, advanced: int = 0, **more: Any) -> dict[str, Any]:
    """The facts of a rectification."""
    facts = {"before": [REFUND_DONE], "professional": account(balance, advanced), **more}
    return acting("rectify", **facts)


NONE_TO_RECTIFY: Final[dict[str, Any]] = {"missing_preconditions": ["a refund to rectify"]}
RECTIFIED: Final = (
    Example(
        "the commission is taken back, the fee is left alone",
        rectifying(),
        RECORDED,
        "PHASE-RECTIFY FEE-20",
        "rectify",
        more=taken_back(balances={"available": "0", "advance_outstanding": "0", "net": "0"}),
    ),
    Example(
        "long after the period",
        rectifying(moment=LATE),
        RECORDED,
        "PHASE-RECTIFY",
        "rectify",
        more=taken_back(),
    ),
    Example(
        "one crono is missing, and advanced",
        rectifying(79),
        RECORDED,
        "PHASE-RECTIFY",
        "rectify",
        more=taken_back(1, balances={"available": "0", "advance_outstanding": "1", "net": "-1"}),
    ),
    Example(
        "an advance beyond every limit",
        rectifying(0, 50),
        RECORDED,
        "PHASE-RECTIFY",
        "rectify",
        more=taken_back(
            80, balances={"available": "0", "advance_outstanding": "130", "net": "-130"}
        ),
    ),
    Example(
        "what the refund brought is taken back, whatever was paid",
        rectifying(commission="500"),
        RECORDED,
        "PHASE-RECTIFY",
        "rectify",
        more=taken_back(),
    ),
    Example(
        "a refund that does not say what it brought",
        rectifying(before=[{**REFUND_DONE, "amount": None}]),
        RECORDED,
        "PHASE-RECTIFY",
        "rectify",
        more=taken_back(),
    ),
    Example(
        "not twice",
        rectifying(before=[REFUND_DONE, RECTIFY_DONE]),
        BLOCKED,
        "PHASE-RECTIFY PHASE-PROCESSED",
        "rectify",
        more=nothing("processed_chosen", **NONE_TO_RECTIFY),
    ),
    Example(
        "not before a refund",
        rectifying(before=[POSTPONED]),
        BLOCKED,
        "PHASE-RECTIFY",
        "rectify",
        cites_not="PHASE-PROCESSED",
        more=nothing(None, **NONE_TO_RECTIFY),
    ),
    Example(
        "nothing was paid",
        rectifying(before=[], commission="0"),
        BLOCKED,
        "PHASE-RECTIFY",
        "rectify",
        more=nothing(None, **NONE_TO_RECTIFY),
    ),
    Example(
        "what happened before is not known",
        rectifying(before=None),
        ASKED,
        "PHASE-RECTIFY",
        "rectify",
        more=wants("contact.prior_events"),
    ),
)


def standing(
    title: str,
    state: str,
    cites: str,
    offered: list[str],
    facts: dict[str, Any],
    notify: frozenset[str] = frozenset(),
    **more: Any,
) -> Example:
    """An example of where a contact stands."""
    said = nothing(state, allowed_actions=offered, notify=set(notify), **more)
    return Example(title, acting("show_phase", **facts), STANDING, cites, "standing", more=said)


CLOSING: Final = frozenset({"professional:window_closing"})
STANDINGS: Final = (
    standing(
        "to manage",
        "manage",
        "PHASE-MANAGE WINDOW-60BD",
        MANAGEABLE,
        {},
        deadlines={"refund_window_closes 2025-05-30", "refund_window_warning 2025-05-25"},
    ),
    standing(
        "the day before the warning",
        "manage",
        "PHASE-MANAGE",
        MANAGEABLE,
        {"moment": "2025-05-24 23:59"},
    ),
    standing(
        "the day of the warning",
        "manage",
        "PHASE-MANAGE WINDOW-60BD",
        MANAGEABLE,
        {"moment": "2025-05-25 00:00"},
        CLOSING,
    ),
    standing(
        "the last day",
        "manage",
        "PHASE-MANAGE",
        MANAGEABLE,
        {"moment": "2025-05-30 23:59"},
        CLOSING,
    ),
    standing("expired", "expired", "PHASE-EXPIRED", [], {"moment": "2025-05-31 00:00"}),
    standing(
        "refunded, and never expired",
        "processed_refunded",
        "PHASE-PROCESSED PHASE-RECTIFY",
        ["rectify"],
        {"before": [REFUND_DONE], "moment": LATE},
    ),
    standing(
        "rectified, and never expired",
        "processed_chosen",
        "PHASE-PROCESSED",
        [],
        {"before": [REFUND_DONE, RECTIFY_DONE], "moment": LATE},
    ),
    standing(
        "chosen, and never expired",
        "processed_chosen",
        "PHASE-PROCESSED",
        [],
        {"chosen": True, "moment": LATE},
    ),
    standing(
        "not permitted, and never expired",
        "not_permitted",
        "PHASE-NOT-PERMITTED",
        [],
        {"commission": "0", "before": None, "moment": LATE},
    ),
    Example(
        "where it stands depends on what came before",
        acting("show_phase", before=None),
        ASKED,
        action="standing",
        more=wants("contact.prior_events"),
    ),
)
