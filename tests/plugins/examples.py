"""Recorded examples of a policy: facts, what comes of them, and where that is not so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeAlias

from avoir.cases import evaluate
from avoir.decisions import Decision
from avoir.documents import tree
from avoir.policies import Edition, Policy

Plain: TypeAlias = Callable[[Any], object]
"""From a part of a decision's document to how examples write it."""


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
    action: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    cites_not: str = ""
    more: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Flip:
    """A parameter and another value, with what the same facts come to under either."""

    parameter: str
    value: object
    default: Example
    tuned: Example

    @property
    def tells(self) -> bool:
        """Whether the two values are recorded to come to different things."""
        one, other = self.default, self.tuned
        return (one.outcome, one.more) != (other.outcome, other.more)

    def __str__(self) -> str:
        return f"{self.parameter}: {self.default.title}"


def shown(decision: Decision) -> tuple[object, ...]:
    """What a decision comes to, but for the state of the case until then and who is told."""
    return (
        decision.outcome,
        {clause.id for clause in decision.clauses},
        decision.amount,
        decision.postings,
        decision.missing,
        {fault.path for fault in decision.faults},
        decision.state,
        decision.mode,
        decision.preconditions,
        decision.advice,
    )


def seen(decision: Decision) -> tuple[object, ...]:
    """All of a decision that anybody sees."""
    return (*shown(decision), decision.case_state, decision.notices)


def texts(messages: Any) -> list[str]:
    """The source messages of names."""
    return [message.text for message in messages]


def said(remedy: Mapping[str, Any]) -> str:
    """A remedy in English, with its alternatives."""
    message = remedy["message"]
    text = message.plural if message.plural and message.values["n"] != 1 else message.text
    others = [said(other) for other in remedy["alternatives"]]
    return " or ".join([text.format(**message.values), *others])


def remedies(said_of: Any) -> set[str]:
    """Remedies in English."""
    return {said(remedy) for remedy in said_of}


def postings(moved: Any) -> list[str]:
    """Movements, each in one line."""
    keys = ("kind", "source", "destination", "amount")
    return [" ".join(posting[key] for key in keys) for posting in moved]


PLAIN: Final[Mapping[str, Plain]] = {
    "amount": lambda amount: amount and amount["amount"],
    "deadlines": lambda due: {f"{deadline['kind']} {deadline['date']}" for deadline in due},
    "errors": lambda errors: {error["path"] for error in errors},
    "missing": set,
    "notify": set,
    "missing_preconditions": texts,
    "guidance": texts,
}
"""How every policy's examples write parts of a decision; the other parts stand as they are."""


class Deciding:
    """Decides on the examples of a policy, whose clauses have a prefix.

    ``plain`` has parts of a decision that this policy's examples write in a way of their own.
    """

    def __init__(self, policy: Policy, prefix: str, **plain: Plain) -> None:
        self.policy = policy
        self._prefix = prefix
        self._plain = {**PLAIN, **plain}
        self._edition = cache(self._made)

    def edition(self, stated: Mapping[str, object]) -> Edition:
        """The edition with these parameter values."""
        hashable = {k: tuple(v) if isinstance(v, list) else v for k, v in stated.items()}
        return self._edition(tuple(sorted(hashable.items())))

    def _made(self, stated: tuple[tuple[str, object], ...]) -> Edition:
        return self.policy.edition({k: list(v) if isinstance(v, tuple) else v for k, v in stated})

    def decided(self, example: Example) -> Decision:
        """What the policy makes of an example."""
        return evaluate(self.edition(example.parameters), example.action, example.facts)

    def answered(self, example: Example) -> dict[str, Any]:
        """The document of an example's decision."""
        return tree(self.decided(example), self.edition(example.parameters))

    def differences(self, example: Example) -> Iterator[str]:
        """Where a decision is not what its example says."""
        came = self.answered(example)
        cited, expected = came["clauses"], self._ids(example.cites)
        if came["outcome"] != example.outcome:
            wanting = (cited, came["missing"], came["errors"])
            yield f"outcome {came['outcome']}, not {example.outcome} {wanting}"
        if expected and cited[:1] != expected[:1]:
            yield f"decided by {cited[:1]}, not {expected[:1]}"
        if missing := set(expected) - set(cited):
            yield f"does not cite {sorted(missing)}, but {cited}"
        if needless := set(self._ids(example.cites_not)) & set(cited):
            yield f"cites {sorted(needless)}"
        for name, value in example.more.items():
            plain = self._plain[name](came[name]) if name in self._plain else came[name]
            if plain != value:
                yield f"{name} {plain!r}, not {value!r}"

    def _ids(self, short: str) -> list[str]:
        return [f"{self._prefix}{name}" for name in short.split()]
