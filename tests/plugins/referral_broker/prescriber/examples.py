"""Examples of the terms of prescribers: how their facts are built, decided and compared.

An example is a contact that prescriber A sent on Friday 15 March 2024 at 9:00 in Paris and that was
attached at 10:00, under a convention of 10 January that pays 400 euros, and whose file was
transformed on 15 September, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from avoir_referral_broker.prescriber.policy import POLICY
from tests.plugins import examples
from tests.plugins.examples import Deciding

Document: TypeAlias = dict[str, Any]
Said: TypeAlias = dict[str, object]
"""Names of a decision’s document, with what is said under them."""

PARIS: Final = ZoneInfo("Europe/Paris")
SIGNED: Final = "2024-01-10 10:00"
RECEIVED: Final = "2024-03-15 09:00"
ATTACHED: Final = "2024-03-15 10:00"
TRANSFORMED: Final = "2024-09-15 10:00"

APPROVED, REFUSED, REVIEW = "approved", "refused", "manual_review"
ASKED, INVALID, BLOCKED = "needs_information", "invalid", "blocked"
STANDING, RECORDED, UNCHANGED = "standing", "recorded", "unchanged"


def at(moment: str) -> str:
    """A moment in Paris with its offset: ``2024-03-15 10:00``; one that has it, as it is."""
    stated = datetime.fromisoformat(moment)
    return (stated if stated.tzinfo else stated.replace(tzinfo=PARIS)).isoformat()


def when(moment: str | None) -> str | None:
    """A moment, or that it is not known."""
    return None if moment is None else at(moment)


def euros(amount: str | None, unit: str = "EUR") -> Document | None:
    """An amount of money."""
    return None if amount is None else {"amount": amount, "unit": unit}


def convention(
    kind: str | None = "remunerated",
    signed: str | None = SIGNED,
    fee: str | None = "400.00",
    *,
    of: str | None = "A",
    unit: str = "EUR",
) -> Document:
    """A convention that a prescriber has signed."""
    return {
        "prescriber_id": of,
        "kind": kind,
        "signed_at": when(signed),
        "fee": euros(fee, unit),
    }


PTZ: Final = convention("ptz_csf_accession", fee=None)
NOTHING_SIGNED: Final = convention("none", None, None)


def attachment(
    of: str | None = "A",
    moment: str | None = ATTACHED,
    received: str | None = None,
    status: str | None = "active",
) -> Document:
    """An attachment of the contact."""
    return {
        "prescriber_id": of,
        "attached_at": when(moment),
        "received_at": when(received),
        "status": status,
    }


def payment(
    moment: str = "2024-10-01 10:00", amount: str = "400.00", unit: str = "EUR", of: str = "A"
) -> Document:
    """A payment made before."""
    return {"prescriber_id": of, "amount": amount, "unit": unit, "paid_at": at(moment)}


def person(
    known: bool | None = False, since: str | None = None, via: str | None = None, **more: object
) -> Document:
    """The contact, and what was known of him before."""
    return {
        "person_id": "DUPONT-1",
        "known_before": known,
        "known_since": when(since),
        "known_via": via,
        **more,
    }


KNOWN: Final = person(True, "2024-02-20 10:00", "self")


def attaching(
    contact: Document | None = None,
    *,
    of: str | None = "A",
    moment: str | None = ATTACHED,
    received: str | None = RECEIVED,
    met: bool | None = True,
    now: str | None = None,
    conventions: Sequence[Document] | None = (convention(),),
    before: Sequence[Document] | None = (),
    file: Mapping[str, object] | None = None,
    **others: object,
) -> Document:
    """The facts of an attachment; ``others`` stand at the top of the document."""
    return {
        "time_zone": "Europe/Paris",
        "contact": person() if contact is None else contact,
        "conventions": None if conventions is None else list(conventions),
        "attachments": None if before is None else list(before),
        "file": {"status": "open", "appointment_held": met, **(file or {})},
        "event": {
            "type": "attach",
            "at": when(moment),
            "prescriber_id": of,
            "received_at": when(received),
        },
        "now": when(now),
        **others,
    }


def assessing(
    contact: Document | None = None,
    *,
    of: str | None = "A",
    moment: str | None = None,
    transformed: str | None = TRANSFORMED,
    conventions: Sequence[Document] | None = (convention(),),
    attachments: Sequence[Document] | None = (attachment(),),
    file: Mapping[str, object] | None = None,
    action: str = "assess_remuneration",
    **others: object,
) -> Document:
    """The facts of an assessment, made when the file was transformed or at another moment."""
    return {
        "time_zone": "Europe/Paris",
        "contact": person() if contact is None else contact,
        "conventions": None if conventions is None else list(conventions),
        "attachments": None if attachments is None else list(attachments),
        "file": {"status": "open", "transformed_g_at": when(transformed), **(file or {})},
        "event": {"type": action, "at": when(moment or transformed), "prescriber_id": of},
        **others,
    }


def doing(action: str, moment: str = TRANSFORMED, **groups: object) -> Document:
    """The facts of an act that needs few of them."""
    event = {"type": action, "at": at(moment), "prescriber_id": "A"}
    return {"time_zone": "Europe/Paris", "event": event, **groups}


def moved(amount: str = "400.00") -> list[Document]:
    """The posting of a remuneration."""
    return [
        {
            "kind": "prescriber_remuneration",
            "source": "house:prescriber_fees",
            "destination": "prescriber:balance",
            "amount": amount,
            "unit": "EUR",
        }
    ]


SECOND: Final = {"prescriber:not_remunerable_second"}
ALREADY_KNOWN: Final = {"prescriber:not_remunerable_known"}


def proposed(amount: str = "400.00", **more: object) -> Said:
    """What is said of a fee that is to be paid."""
    return {
        "amount": amount,
        "postings": moved(amount),
        "state": "remunerable",
        "takes_effect": "on_payment",
        "notify": set(),
        **more,
    }


def nothing(state: str | None = None, notify: set[str] | None = None, **more: object) -> Said:
    """What is said where nothing moves."""
    return {
        "amount": None,
        "postings": [],
        "state": state,
        "notify": set() if notify is None else notify,
        **more,
    }


def wants(*paths: str) -> Said:
    """What is said where facts are missing."""
    return {"missing": set(paths), "amount": None, "postings": [], "state": None}


def faulty(*paths: str) -> Said:
    """What is said of facts that cannot be."""
    return {"errors": set(paths), "state": None, "amount": None, "postings": []}


@dataclass(frozen=True)
class Example(examples.Example):
    """Facts, and what comes of them: an assessment, unless it says otherwise."""

    action: str = "assess_remuneration"


DECIDING = Deciding(POLICY, "PR-", remedies=lambda of: {remedy["message"].text for remedy in of})

edition, decided = DECIDING.edition, DECIDING.decided
answered, differences = DECIDING.answered, DECIDING.differences
