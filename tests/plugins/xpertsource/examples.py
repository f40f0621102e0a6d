"""Examples of XpertSource's conditions: how their facts are built, decided and compared.

An example is a lead bought on Monday 3 March 2025 at 10:00 in Montréal, of which a credit is asked
on Wednesday 12 March at 09:00, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from avoir.cases import evaluate
from avoir.decisions import Decision
from avoir.documents import tree
from avoir.policies import Edition
from avoir_xpertsource.policy import POLICY

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
class Example:
    """Facts, and what comes of them.

    ``cites`` names clauses without their prefix: the first of them decides, the others are cited
    too; ``cites_not`` are not. ``more`` has further names of a decision's document.
    """

    title: str
    facts: Mapping[str, Any]
    outcome: str
    cites: str = ""
    action: str = "request_credit"
    parameters: Mapping[str, object] = field(default_factory=dict)
    cites_not: str = ""
    more: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.title


def clause_ids(short: str) -> list[str]:
    """The ids of clauses named without their prefix."""
    return [f"XS-{name}" for name in short.split()]


@cache
def _edition(stated: tuple[tuple[str, object], ...]) -> Edition:
    return POLICY.edition({k: list(v) if isinstance(v, tuple) else v for k, v in stated})


def edition(stated: Mapping[str, object]) -> Edition:
    """The edition with these parameter values."""
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in stated.items()}
    return _edition(tuple(sorted(plain.items())))


def decided(example: Example) -> Decision:
    """What the policy makes of an example."""
    return evaluate(edition(example.parameters), example.action, example.facts)


def answered(example: Example) -> dict[str, Any]:
    """The document of an example's decision."""
    return tree(decided(example), edition(example.parameters))


def differences(example: Example) -> Iterator[str]:
    """Where a decision is not what its example says."""
    came = answered(example)
    cited, expected = came["clauses"], clause_ids(example.cites)
    if came["outcome"] != example.outcome:
        yield f"outcome {came['outcome']}, not {example.outcome} ({cited}, {came['missing']})"
    if expected and cited[:1] != expected[:1]:
        yield f"decided by {cited[:1]}, not {expected[:1]}"
    if missing := set(expected) - set(cited):
        yield f"does not cite {sorted(missing)}, but {cited}"
    if needless := set(clause_ids(example.cites_not)) & set(cited):
        yield f"cites {sorted(needless)}"
    for name, value in example.more.items():
        if _plain(name, came) != value:
            yield f"{name} {_plain(name, came)!r}, not {value!r}"


def _plain(name: str, came: Mapping[str, Any]) -> object:
    match name:
        case "amount":
            return came["amount"] and came["amount"]["amount"]
        case "deadlines":
            return {f"{deadline['kind']} {deadline['date']}" for deadline in came["deadlines"]}
        case "errors":
            return {error["path"] for error in came["errors"]}
        case "missing" | "notify":
            return set(came[name])
        case "missing_preconditions":
            return [name.text for name in came["missing_preconditions"]]
        case "remedies":
            return {said(remedy) for remedy in came["remedies"]}
        case _:
            return came[name]


def said(remedy: Mapping[str, Any]) -> str:
    """A remedy in English, with its alternatives."""
    message = remedy["message"]
    text = message.plural if message.plural and message.values["n"] != 1 else message.text
    others = [said(other) for other in remedy["alternatives"]]
    return " or ".join([text.format(**message.values), *others])
