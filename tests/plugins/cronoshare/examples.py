"""Examples of Cronoshare's conditions: how their facts are built, decided and compared.

An example is a contact bought for 80 cronos and the fee of 20 on Monday 3 March 2025 at 10:00 in
Paris, managed on Monday 10 March at 10:00 by who bought it, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from avoir_cronoshare.policy import POLICY
from tests.plugins import examples
from tests.plugins.examples import Deciding, remedies

Document: TypeAlias = dict[str, Any]
Said: TypeAlias = dict[str, object]
"""Names of a decision’s document, with what is said under them."""

PARIS: Final = ZoneInfo("Europe/Paris")
BOUGHT: Final = "2025-03-03 10:00"
MANAGED: Final = "2025-03-10 10:00"
HIMSELF: Final = "professional:P-1"
NEEDLESS: Final = "client_no_need_now"
SILENT: Final = "client_no_answer"

APPROVED, REFUSED, REVIEW = "approved", "refused", "manual_review"
ASKED, INVALID, BLOCKED = "needs_information", "invalid", "blocked"
STANDING, RECORDED = "standing", "recorded"


def at(moment: str) -> str:
    """A moment in Paris with its offset: ``2025-03-03 10:00``; one that has it, as it is."""
    stated = datetime.fromisoformat(moment)
    return (stated if stated.tzinfo else stated.replace(tzinfo=PARIS)).isoformat()


def account(balance: int | None = 0, advanced: int | None = 0, limit: int | None = 50) -> Document:
    """What a professional has, what was advanced to him, and up to how much."""
    amounts = {
        "cronos_balance": balance,
        "advance_outstanding": advanced,
        "advance_limit": limit,
    }
    known = {name: None if n is None else str(n) for name, n in amounts.items()}
    return {"id": "P-1", **known}


def buying(
    balance: int | None = 100,
    commission: str | None = "80",
    *,
    advanced: int | None = 0,
    limit: int | None = 50,
    confirmed: bool | None = True,
    fee: str | None = None,
    **others: object,
) -> Document:
    """The facts of a purchase; ``others`` stand at the top of the document."""
    return {
        "time_zone": "Europe/Paris",
        "unit": "CRONO",
        "professional": account(balance, advanced, limit),
        "offer": {"id": "O-1", "commission": commission, "management_fee": fee},
        "event": {"type": "buy_contact", "at": at(BOUGHT), "confirmed_on_site": confirmed},
        **others,
    }


def done(what: str, moment: str = "2025-03-06 10:00", amount: str | None = None) -> Document:
    """An earlier act on the contact."""
    return {"type": what, "at": at(moment), "amount": amount}


REFUND_DONE: Final = done("refund", amount="80")
RECTIFY_DONE: Final = done("rectify", "2025-03-08 10:00", "80")
SERVICE_DONE: Final = done("declare_service_done")
POSTPONED: Final = done("postpone")


def acting(
    action: str = "refund",
    *,
    moment: str | None = MANAGED,
    by: str | None = HIMSELF,
    bought: str | None = BOUGHT,
    commission: str | None = "80",
    chosen: bool | None = False,
    before: Sequence[Document] | None = (),
    professional: Document | None = None,
    event: Mapping[str, object] | None = None,
    client: Mapping[str, object] | None = None,
    **others: object,
) -> Document:
    """The facts of an act on a contact; ``others`` stand at the top of the document."""
    return {
        "time_zone": "Europe/Paris",
        "unit": "CRONO",
        "professional": account() if professional is None else professional,
        "contact": {
            "offer_id": "O-1",
            "purchased_by": "P-1",
            "purchased_at": None if bought is None else at(bought),
            "commission_paid": commission,
            "fee_paid": "20",
            "client_chose_this_professional": chosen,
            "prior_events": None if before is None else list(before),
        },
        "event": {
            "type": action,
            "at": None if moment is None else at(moment),
            "by": by,
            **(event or {}),
        },
        "client": dict(client or {}),
        **others,
    }


def refunding(
    ground: str | None = NEEDLESS, confirmed: bool | None = True, **more: Any
) -> Document:
    """The facts of a refund on a ground."""
    client = {"confirmed_by_client": confirmed, **more.pop("client", {})}
    return acting(event={"ground": ground}, client=client, **more)


def call(moment: str | None, *, answered: bool | None = False) -> Document:
    """A phone call."""
    return {"type": "call", "at": moment and at(moment), "answered": answered}


def email(moment: str | None, *, answered: bool | None = False) -> Document:
    """An email."""
    return {"type": "email", "at": moment and at(moment), "answered": answered}


CALLED, WROTE = call("2025-03-03 11:00"), email("2025-03-03 11:10")


def silence(*attempts: Document, **more: Any) -> Document:
    """The facts of a refund because the client does not answer."""
    return refunding(SILENT, None, client={"attempts": list(attempts)}, **more)


def moved(kind: str, source: str, destination: str, amount: int) -> Document:
    """A posting, by the short names of its accounts."""
    return {
        "kind": kind,
        "source": _ACCOUNTS[source],
        "destination": _ACCOUNTS[destination],
        "amount": str(amount),
        "unit": "CRONO",
    }


_ACCOUNTS: Final = {
    "cronos": "professional:cronos",
    "advances": "professional:advances",
    "commissions": "house:commission_revenue",
    "fees": "house:fee_revenue",
    "paid in": "house:top_ups",
}


def bought(commission: int = 80, advance: int = 0, fee: int = 20, **more: object) -> Said:
    """What is said of a purchase: advance, commission and fee, each booked apart."""
    movements = (
        moved("advance", "advances", "cronos", advance),
        moved("contact_commission", "cronos", "commissions", commission),
        moved("contact_management_fee", "cronos", "fees", fee),
    )
    return {
        "amount": str(commission + fee),
        "postings": [one for one in movements if one["amount"] != "0"],
        "state": "manage",
        **more,
    }


def back(amount: int = 80, recovered: int = 0, **more: object) -> Said:
    """What is said of a refund."""
    movements = (
        moved("commission_refund", "commissions", "cronos", amount),
        moved("advance_recovery", "cronos", "advances", recovered),
    )
    return {
        "amount": str(amount),
        "postings": [one for one in movements if one["amount"] != "0"],
        "state": "processed_refunded",
        "allowed_actions": ["rectify"],
        "notify": {"professional:refunded"},
        **more,
    }


MANAGEABLE: Final = ["refund", "postpone", "declare_service_done"]


def nothing(state: str | None = "manage", *, again: bool = False, **more: object) -> Said:
    """What is said where nothing moves."""
    return {"amount": None, "postings": [], "state": state, "resubmittable": again, **more}


def wants(*paths: str) -> Said:
    """What is said where facts are missing."""
    return {"missing": set(paths), "amount": None, "postings": []}


def faulty(*paths: str) -> Said:
    """What is said of facts that cannot be."""
    return {"errors": set(paths), "state": None, "amount": None, "postings": []}


@dataclass(frozen=True)
class Example(examples.Example):
    """Facts, and what comes of them: a refund, unless it says otherwise."""

    action: str = "refund"


DECIDING = Deciding(POLICY, "CS-", remedies=remedies)

edition, decided = DECIDING.edition, DECIDING.decided
answered, differences = DECIDING.answered, DECIDING.differences
