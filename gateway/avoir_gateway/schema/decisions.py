"""Decisions: each part is put into the reader's words when it is asked for, and not before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

import msgspec
import strawberry

from avoir.documents import JSON, Tree, rendered, restored
from avoir.policies import Policy
from avoir_gateway import store
from avoir_gateway.schema.context import Context
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.enums import Effective, FindingStatus, Mode, Outcome
from avoir_gateway.schema.scalars import Moment
from avoir_gateway.schema.types import (
    Clause,
    Deadline,
    Edition,
    Finding,
    ImpossibleFact,
    Metric,
    Missing,
    Money,
    Notice,
    Posting,
    Reading,
    Remedy,
    money_of,
)
from avoir_gateway.service import Answer

T = TypeVar("T")


class _Posted(msgspec.Struct):
    kind: str
    source: str
    destination: str
    amount: str
    unit: str


class _Found(msgspec.Struct):
    clause: Clause
    status: FindingStatus
    label: str
    reads: list[Reading]

    @property
    def message(self) -> str:
        read = "; ".join(f"{reading.label}: {reading.value}" for reading in self.reads)
        return f"{self.label} ({read})" if read else self.label


class _Amount(msgspec.Struct):
    amount: str
    unit: str


@shown
class Decision:
    """What an action comes to: the outcome, the clauses it rests on, and what follows from it."""

    policy: strawberry.Private[Policy]
    document: strawberry.Private[Mapping[str, Tree]]
    """The document of the decision, with its messages still in it or stored without a language."""
    is_stored: strawberry.Private[bool]

    def part(self, name: str, context: Context, kind: type[T]) -> T:
        """A part of the decision in the reader's words, as this type."""
        return msgspec.convert(self.told(name, context), kind)

    def told(self, name: str, context: Context) -> JSON:
        """A part of the decision in the reader's words, as plain data."""
        return told(self.document.get(name), self.is_stored, context, self.policy)

    @resolved
    def outcome(self) -> Outcome:
        """What the decision comes to."""
        return Outcome(str(self.document["outcome"]))

    @resolved
    def label(self, info: Info) -> str:
        """The outcome in the reader's words."""
        return self.part("label", info.context, str)

    @resolved
    def state(self) -> str | None:
        """The state that the case is in once the decision holds."""
        state = self.document.get("state")
        return None if state is None else str(state)

    @resolved
    def state_label(self, info: Info) -> str | None:
        """That state in the reader's words."""
        if self.document.get("state_label") is None:
            return None
        return self.part("state_label", info.context, str)

    @resolved
    def mode(self) -> Mode | None:
        """What the decision is worth before a person has ruled."""
        mode = self.document.get("decision_mode")
        return None if mode is None else Mode(str(mode))

    @resolved
    def takes_effect(self) -> Effective:
        """Whether it takes effect at once, or waits for a ruling."""
        return Effective(str(self.document["takes_effect"]))

    @resolved
    def amount(self, info: Info) -> Money | None:
        """The amount that is decided on."""
        if self.document.get("amount") is None:
            return None
        amount = self.part("amount", info.context, _Amount)
        return money_of(amount.amount, amount.unit, self.policy)

    @resolved
    def clauses(self, info: Info) -> list[Clause]:
        """The clauses that the decision rests on, the deciding one first."""
        return self.part("cited", info.context, list[Clause])

    @resolved
    def findings(self, info: Info) -> list[Finding]:
        """Every clause that was looked at: met, unmet or unknown, with the values it read."""
        return [
            Finding(
                clause=found.clause,
                status=found.status,
                label=found.label,
                reads=found.reads,
                message=found.message,
            )
            for found in self.part("findings", info.context, list[_Found])
        ]

    @resolved
    def remedies(self, info: Info) -> list[Remedy]:
        """What would help, where something would."""
        return self.part("remedies", info.context, list[Remedy])

    @resolved
    def deadlines(self, info: Info) -> list[Deadline]:
        """What is due, and by when."""
        return self.part("deadlines", info.context, list[Deadline])

    @resolved
    def postings(self, info: Info) -> list[Posting]:
        """The movements of money that the decision leads to, on the accounts of the policy."""
        return [
            Posting(
                kind=posted.kind,
                source=posted.source,
                destination=posted.destination,
                amount=money_of(posted.amount, posted.unit, self.policy),
                reverses=None,
            )
            for posted in self.part("postings", info.context, list[_Posted])
        ]

    @resolved
    def missing(self, info: Info) -> list[Missing]:
        """The facts that are wanted and unknown."""
        paths = self.part("missing", info.context, list[str])
        labels = self.part("missing_labels", info.context, list[str])
        return [Missing(path=path, label=label) for path, label in zip(paths, labels, strict=True)]

    @resolved
    def errors(self, info: Info) -> list[ImpossibleFact]:
        """The facts that cannot be right."""
        return self.part("errors", info.context, list[ImpossibleFact])

    @resolved
    def preconditions(self, info: Info) -> list[str]:
        """What must be the case first."""
        return self.part("missing_preconditions", info.context, list[str])

    @resolved
    def earliest(self, info: Info) -> Moment | None:
        """From when on it may be asked again."""
        return self._moment("earliest")

    @resolved
    def latest(self, info: Info) -> Moment | None:
        """Until when it may be asked again."""
        return self._moment("latest")

    def _moment(self, name: str) -> Moment | None:
        moment = self.document.get(name)
        return None if moment is None else Moment(str(moment))

    @resolved
    def resubmittable(self) -> bool:
        """Whether it may be asked again."""
        return self.document.get("resubmittable") is True

    @resolved
    def allowed_actions(self, info: Info) -> list[str]:
        """What the party may do next."""
        return self.part("allowed_actions", info.context, list[str])

    @resolved
    def metrics(self, info: Info) -> list[Metric]:
        """The figures of a report; what is neither text nor a number is written as JSON."""
        figures = self.told("metrics", info.context)
        return [
            Metric(name=name, value=_figure(value))
            for name, value in (figures if isinstance(figures, Mapping) else {}).items()
        ]

    @resolved
    def notices(self, info: Info) -> list[Notice]:
        """The messages that are due once it takes effect."""
        return self.part("notices", info.context, list[Notice])

    @resolved
    def edition(self, info: Info) -> Edition:
        """The edition of the policy that decided."""
        return self.part("edition", info.context, Edition)


def told(part: Tree, is_stored: bool, context: Context, policy: Policy) -> JSON:
    """A part of a document in the reader's words; a stored one is in no language yet."""
    if is_stored:
        part = restored(part)  # type: ignore[arg-type]
    return rendered(part, context.reader(policy))


def answered(answer: Answer) -> Decision:
    """The decision that an evaluation came to."""
    return Decision(policy=answer.policy, document=answer.decision, is_stored=False)


def stored(policy: Policy, document: Mapping[str, store.JSON]) -> Decision:
    """A decision as a record keeps it."""
    return Decision(policy=policy, document=document, is_stored=True)


def _figure(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
