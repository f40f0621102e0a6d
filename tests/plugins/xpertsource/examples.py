"""Examples of XpertSource's conditions: how their facts are built, decided and compared.

An example is a lead bought on Monday 3 March 2025 at 10:00 in Montréal, of which a credit is asked
on Wednesday 12 March at 09:00, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from avoir_xpertsource.policy import POLICY
from tests.plugins import examples
from tests.plugins.examples import Deciding, remedies

Document = dict[str, Any]
MONTREAL = ZoneInfo("America/Toronto")
BOUGHT = "2025-03-03 10:00"
ASKED_ON = "2025-03-12 09:00"
UNREACHABLE = "unreachable"


def at(moment: str) -> str:
    """A moment in Montréal with its offset: ``2025-03-03 10:00``; one that has it, as it is."""
    stated = datetime.fromisoformat(moment)
    return (stated if stated.tzinfo else stated.replace(tzinfo=MONTREAL)).isoformat()


def call(moment: str, *, voicemail: bool | None = False, **more: object) -> Document:
    """A phone call, unanswered."""
    made = {"type": "call", "at": at(moment), "voicemail_left": voicemail, "answered": False}
    return {**made, **more}


def email(moment: str, *, proof: bool | None = True, **more: object) -> Document:
    """An email, without an answer."""
    sent = {"type": "email", "at": at(moment), "proof_attached": proof, "answered": False}
    return {**sent, **more}


CALLS = (
    call("2025-03-03 11:00", voicemail=True),
    call("2025-03-05 17:30"),
    call("2025-03-06 12:10", voicemail=True),
    call("2025-03-07 18:05"),
)
EMAILS = (email("2025-03-04 11:00"), email("2025-03-06 12:30"))
LOG = (*CALLS, *EMAILS)
"""Four calls with two voicemail messages, and two emails with their proof: all the steps."""


def cad(amount: str) -> Document:
    """An amount in Canadian dollars."""
    return {"amount": amount, "unit": "CAD"}


def asking(
    ground: str | None,
    *,
    bought: str | None = BOUGHT,
    asked: str | None = ASKED_ON,
    channel: str | None = "portal_form",
    attempts: Sequence[Document] | None = (),
    price: Document | None = None,
    evidence: Mapping[str, object] | None = None,
    **others: object,
) -> Document:
    """The facts of a request; ``others`` stand at the top of the document."""
    return {
        "time_zone": "America/Toronto",
        "lead": {
            "id": "L-1",
            "purchased_at": None if bought is None else at(bought),
            "price_paid": cad("120.00") if price is None else price,
        },
        "request": {
            "submitted_at": None if asked is None else at(asked),
            "channel": channel,
            "ground": ground,
            "contact_attempts": None if attempts is None else list(attempts),
        },
        "evidence": dict(evidence or {}),
        **others,
    }


def unreachable(
    confirmed: bool | None = True,
    *,
    attempts: Sequence[Document] | None = LOG,
    evidence: Mapping[str, object] | None = None,
    **more: Any,
) -> Document:
    """A request because the client cannot be reached, with all the steps made."""
    known = {"account_manager_confirms_unreachable": confirmed, **(evidence or {})}
    return asking(UNREACHABLE, attempts=attempts, evidence=known, **more)


def under_contract(signed: str | None, **more: Any) -> Document:
    """A request because the client had a contract with another professional."""
    evidence = {"other_contract_signed_on": signed}
    return asking("already_under_contract", evidence=evidence, **more)


def ruled(
    document: Mapping[str, Any],
    decision: str | None,
    *,
    by: str | None = "R-1",
    reason: str | None = "The file was read.",
    before: Sequence[tuple[str, str]] = (),
) -> Document:
    """The same facts with a ruling, and the rulings made before it: reviewer and decision."""
    return {
        **document,
        "ruling": {"by": by, "decision": decision, "reason": reason},
        "previous_rulings": [{"by": who, "decision": what} for who, what in before],
    }


@dataclass(frozen=True)
class Example(examples.Example):
    """Facts, and what comes of them: a request, unless it says otherwise."""

    action: str = "request_credit"


DECIDING = Deciding(POLICY, "XS-", remedies=remedies)

edition, decided = DECIDING.edition, DECIDING.decided
answered, differences = DECIDING.answered, DECIDING.differences
