"""The kit for testing a policy: decided cases as data, compared strictly with what is decided.

A case file is a list of objects ``{"id", "policy", "action", "title", "facts", "parameters",
"expect"}``; ``expect`` has the names of a decision's document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from avoir.cases import evaluate
from avoir.clauses import FAVOURABLE, Outcome
from avoir.decisions import Decision
from avoir.documents import tree
from avoir.errors import UsageError
from avoir.policies import Edition, Policy


class ExpectedAmount(msgspec.Struct, frozen=True):
    """An amount, or an amount that moves."""

    amount: str
    unit: str


class ExpectedPosting(msgspec.Struct, frozen=True):
    """A movement; its kind is advice."""

    source: str
    destination: str
    amount: str
    unit: str


class Expectation(msgspec.Struct, frozen=True):
    """What is compared strictly, where it is given; other names are advice and may be anything."""

    outcome: Outcome
    clauses: list[str] = []
    amount: ExpectedAmount | None = None
    postings: list[ExpectedPosting] = []
    deadline: dict[str, str] = {}
    missing: list[str] = []
    errors: list[str] = []


class Case(msgspec.Struct, frozen=True):
    """A decided case: the act, the facts, and what must come of it."""

    id: str
    policy: str
    expect: Mapping[str, Any]
    action: str | None = None
    title: str = ""
    facts: Mapping[str, Any] = {}
    parameters: Mapping[str, Any] | None = None
    why: str = ""
    confidence: str = ""
    reading: str = ""


class Difference(msgspec.Struct, frozen=True):
    """Where a decision differs from its case."""

    case: str
    name: str
    expected: object
    came: object


def load(content: bytes) -> Sequence[Case]:
    """The cases of a file; raises ``UsageError`` where it is no case file."""
    try:
        cases = msgspec.json.decode(content, type=list[Case])
        for case in cases:
            msgspec.convert(case.expect, Expectation)
        return cases
    except msgspec.DecodeError as fault:
        raise UsageError("not_a_case_file", reason=str(fault)) from fault


SEQUENCE = "sequence"
"""The verb of a case whose facts are ``events``, played one after another."""


def decide(case: Case, policy: Policy) -> tuple[Decision, Edition]:
    """What a policy makes of a case, and the edition that made it."""
    edition = policy.edition(case.parameters or {})
    return evaluate(edition, case.action, case.facts), edition


def document(case: Case, policy: Policy) -> Mapping[str, Any]:
    """The document of what a policy makes of a case; of a sequence, all of it together."""
    if case.action != SEQUENCE or policy.play is None:
        return tree(*decide(case, policy))
    edition = policy.edition(case.parameters or {})
    made = policy.play(case.facts, lambda action, facts: evaluate(edition, action, facts))
    if not made:
        raise UsageError("no_events", case=case.id)
    trees: list[dict[str, Any]] = [tree(decision, edition) for decision in made]
    done = all(decision.outcome in FAVOURABLE for decision in made)
    return {
        **trees[-1],
        "outcome": Outcome.RECORDED.value if done else made[-1].outcome.value,
        "clauses": [clause for one in trees for clause in one["clauses"]],
        "amount": None,
        "postings": [posting for one in trees for posting in one["postings"]],
    }


def differences(case: Case, policy: Policy) -> Iterator[Difference]:
    """Where the policy differs from the case: outcome, clauses, amount, postings, and the rest."""
    came = document(case, policy)
    for name, expected in case.expect.items():
        compare = _COMPARED.get(name)
        if name == "state" and (came["outcome"] == "invalid" or not _STATE_COUNTS & {*case.expect}):
            continue
        if compare is not None and not compare(expected, came):
            yield Difference(case.id, name, expected, came.get(_NAMES.get(name, name)))


_STATE_COUNTS = frozenset({"balances", "allowed_actions"})
"""Where a case names these, it is about a phase and an account, and the state counts as well."""


def _same(name: str) -> Any:
    return lambda expected, came: expected == came[name]


def _postings(expected: Sequence[Mapping[str, str]], came: Mapping[str, Any]) -> bool:
    keys = ("source", "destination", "amount", "unit")
    one = sorted([p[k] for k in keys] for p in expected)
    other = sorted([p[k] for k in keys] for p in came["postings"])
    return one == other


def _deadline(expected: Mapping[str, str], came: Mapping[str, Any]) -> bool:
    return any(
        all(deadline.get(key) == value for key, value in expected.items())
        for deadline in came["deadlines"]
    )


def _errors(expected: Sequence[str], came: Mapping[str, Any]) -> bool:
    return {text.partition(":")[0] for text in expected} <= {e["path"] for e in came["errors"]}


def _missing(expected: Sequence[str], came: Mapping[str, Any]) -> bool:
    return set(expected) == set(came["missing"])


def _clauses(expected: Sequence[str], came: Mapping[str, Any]) -> bool:
    return set(expected) <= set(came["clauses"])


def _balances(expected: Mapping[str, str], came: Mapping[str, Any]) -> bool:
    return all(came["balances"].get(name) == value for name, value in expected.items())


_NAMES = {"deadline": "deadlines"}
_COMPARED: Mapping[str, Any] = {
    "outcome": _same("outcome"),
    "clauses": _clauses,
    "amount": _same("amount"),
    "postings": _postings,
    "deadline": _deadline,
    "missing": _missing,
    "errors": _errors,
    "balances": _balances,
    "allowed_actions": _same("allowed_actions"),
    "state": _same("state"),
}
"""What is compared strictly; everything else in a case is advice."""
