"""Decisions as documents: plain data with the names of the contract, in a language or in none.

``tree`` builds the document with messages still in it; ``neutral`` makes it storable without a
language, ``restored`` reads that back, and ``rendered`` puts it into a reader's words. Where
nothing needs to be stored, a ``Voice`` tells it all at once: see ``avoir.scribes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, Protocol, TypeAlias, Union

from avoir.clauses import OUTCOMES, Clause, Effect, Effective, Outcome
from avoir.decisions import Deadline, Decision, Posting
from avoir.findings import Finding, FindingStatus, findings
from avoir.kinds import Fault
from avoir.messages import N_, Message, Name
from avoir.money import Money, Unit, currency
from avoir.policies import Edition, Policy, Side
from avoir.readers import Reader
from avoir.remedies import Bounds, Remedy, remedies, time_left

JSON: TypeAlias = Union[bool, int, str, Sequence["JSON"], Mapping[str, "JSON"], None]  # noqa: UP007
Tree = object

STATUSES = {
    FindingStatus.MET: N_("met"),
    FindingStatus.UNMET: N_("not met"),
    FindingStatus.UNKNOWN: N_("not known yet"),
}


class Voice(Protocol):
    """How texts and values get into a document."""

    def word(self, text: str, /) -> Tree:
        """A source message without values."""

    def error(self, fault: Fault, /) -> Tree:
        """A fact that cannot be."""

    def say(self, message: Message, /) -> Tree:
        """A message with its values."""

    def clause(self, clause: Clause, /) -> Tree:
        """A clause with its text and where it stands in the terms."""

    def deadlines(self, deadlines: tuple[Deadline, ...], /) -> Sequence[Tree]:
        """The days that something is due on."""

    def findings(self, decision: Decision, /) -> Sequence[Tree]:
        """The findings of a decision."""


class _Unsaid:
    """Everything as it is, to be put into words later."""

    word = staticmethod(Name)

    def error(self, fault: Fault, /) -> Tree:
        return error(fault)

    def say(self, message: Message, /) -> Tree:
        return message

    def clause(self, clause: Clause, /) -> Tree:
        return cited(clause)

    def deadlines(self, deadlines: tuple[Deadline, ...], /) -> Sequence[Tree]:
        return [due(deadline) for deadline in deadlines]

    def findings(self, decision: Decision, /) -> Sequence[Tree]:
        return [finding(found) for found in findings(decision)]


_UNSAID: Final = _Unsaid()


def tree(decision: Decision, edition: Edition) -> dict[str, Tree]:
    """The document of a decision, with messages and typed values in it."""
    return explained(decision, edition, _UNSAID)


def explained(decision: Decision, edition: Edition, voice: Voice) -> dict[str, Tree]:
    """The document of a decision, told by a voice."""
    policy, state, word = edition.policy, decision.state, voice.word
    window = time_left(decision)
    document = _decided(decision, edition, voice, window)
    document.update(
        label=word(OUTCOMES[decision.outcome]),
        state_label=None if state is None else word(policy.lifecycle.state(state).label),
        missing_labels=[word(label(policy, path)) for path in decision.missing],
        remedies=[_remedy(remedy, voice) for remedy in remedies(decision, window)],
        findings=voice.findings(decision),
        cited=list(map(voice.clause, decision.clauses)),
        notices=[
            {"kind": notice.kind, "to": notice.to, "message": word(notice.text)}
            for notice in decision.notices
        ],
    )
    return document


def decided(decision: Decision, edition: Edition, voice: Voice) -> dict[str, Tree]:
    """What was decided, without why: the document of a decision but for what explains it."""
    return _decided(decision, edition, voice, time_left(decision))


def _decided(
    decision: Decision, edition: Edition, voice: Voice, window: Bounds | None
) -> dict[str, Tree]:
    outcome, effect, takes = decision.outcome, decision.effect, decision.takes_effect
    document = _empty(edition, effect, outcome, takes).copy()
    document["clauses"] = [clause.id for clause in decision.clauses]
    if decision.amount is not None:
        document["amount"] = money(decision.amount)
    if decision.postings:
        document["postings"] = list(map(_posting, decision.postings))
    if edition.policy.balances:
        document["balances"] = _balances(decision, edition.policy)
    if decision.deadlines:
        document["deadlines"] = voice.deadlines(decision.deadlines)
    if decision.missing:
        document["missing"] = list(decision.missing)
    if decision.faults:
        document["errors"] = list(map(voice.error, decision.faults))
    if decision.preconditions:
        document["missing_preconditions"] = list(map(voice.word, decision.preconditions))
    if decision.notices:
        document["notify"] = [f"{notice.to}:{notice.kind}" for notice in decision.notices]
    if decision.allowed_actions:
        document["allowed_actions"] = list(decision.allowed_actions)
    if decision.metrics:
        document["metrics"] = dict(decision.metrics)
    if window is not None:
        document["earliest"] = _iso(window.earliest)
        document["latest"] = _iso(window.latest)
        document["resubmittable"] = True
    elif decision.advice:
        document["guidance"] = list(map(voice.word, decision.advice))
    return document


@lru_cache(maxsize=10_000)
def _empty(edition: Edition, effect: Effect, outcome: Outcome, takes: Effective) -> dict[str, Tree]:
    """The document of any decision that comes to an effect: in order, and no more.

    Its parts are in many documents: they are to be read, and not changed.
    """
    return {
        "policy": edition.policy.key,
        "outcome": str(outcome),
        # the code, never the label that its choice may have
        "state": None if effect.state is None else str(effect.state),
        "decision_mode": None if effect.mode is None else str(effect.mode),
        "takes_effect": str(takes),
        "clauses": [],
        "amount": None,
        "postings": [],
        "balances": {},
        "deadlines": [],
        "missing": [],
        "errors": [],
        "missing_preconditions": [],
        "guidance": [],
        "earliest": None,
        "latest": None,
        "resubmittable": False,
        "notify": [],
        "allowed_actions": [],
        "metrics": {},
        "edition": edition.named,
    }


def _posting(posting: Posting) -> dict[str, Tree]:
    return {
        "kind": posting.kind,
        "source": posting.source,
        "destination": posting.destination,
        **money(posting.amount),
    }


def _balances(decision: Decision, policy: Policy) -> dict[str, JSON]:
    """Where the balances that the facts name would stand; ``net`` is held less owed."""
    found: dict[str, JSON] = {}
    net: Money | None = None
    for shown in policy.balances:
        before = shown.fact.value(decision.situation)
        if before is None:
            return {}
        change = sum(
            posting.amount.smallest
            * ((posting.destination == shown.account) - (posting.source == shown.account))
            for posting in decision.postings
        )
        sign = 1 if shown.side is Side.HELD else -1
        after = Money(before.smallest + sign * change, before.unit)
        found[shown.name] = after.amount
        held = after if shown.side is Side.HELD else -after
        net = held if net is None else net + held
    if net is not None and len(found) > 1:
        found["net"] = net.amount
    return found


def label(policy: Policy, path: str) -> str:
    """What a fact is called, by its path; the path itself where it is none."""
    fact = policy.facts.by_path.get(path, policy.facts.by_path.get(path.partition("[")[0]))
    return path if fact is None else fact.label


def money(amount: Money) -> dict[str, JSON]:
    """Money as ``{amount, unit}``."""
    return {"amount": amount.amount, "unit": amount.unit.code}


def cited(clause: Clause) -> dict[str, Tree]:
    """A clause with its text and where it stands in the terms."""
    return {
        "id": clause.id,
        "text": Name(clause.text),
        "citation": {
            "document": clause.citation.document.id,
            "title": clause.citation.document.title,
            "lines": list(clause.citation.lines),
        },
    }


def due(deadline: Deadline) -> dict[str, Tree]:
    """A deadline with the day that it is on, and the last moment of it."""
    return {
        "kind": deadline.kind,
        "label": Name(deadline.label),
        "date": deadline.date.isoformat(),
        "ends_at": deadline.ends_at.isoformat(),
        "time_zone": deadline.time_zone,
        "clause": deadline.clause,
        "provisional": deadline.provisional,
    }


def error(fault: Fault) -> dict[str, Tree]:
    """A fact that cannot be: where it stands, and why."""
    return {"path": fault.path, "message": fault.message}


def finding(finding: Finding) -> dict[str, Tree]:
    """A finding with what it read."""
    return {"clause": cited(finding.clause), **judged(finding)}


def judged(finding: Finding) -> dict[str, Tree]:
    """How a clause stands in a decision, and what it read."""
    return {
        "status": str(finding.status),
        "label": Name(STATUSES[finding.status]),
        "reads": [
            {"label": Name(reading.label), "value": reading.value} for reading in finding.reads
        ],
    }


def _remedy(remedy: Remedy, voice: Voice) -> dict[str, Tree]:
    return {
        "message": voice.say(remedy.message),
        "clause": remedy.clause,
        "earliest": _iso(remedy.earliest),
        "latest": _iso(remedy.latest),
        "alternatives": [_remedy(other, voice) for other in remedy.alternatives],
    }


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def neutral(node: Tree) -> JSON:
    """A tree as plain data in no language: messages and typed values under a ``type``."""
    # what most of a tree is made of comes first: every recorded decision is walked once
    kind = type(node)
    if kind is str or node is None or kind is bool or kind is int:
        return node  # type: ignore[return-value]
    if kind is dict:
        return {str(key): neutral(v) for key, v in node.items()}  # type: ignore[attr-defined]
    if kind is list:
        return [neutral(value) for value in node]  # type: ignore[attr-defined]
    match node:
        case Name():
            return {"type": "name", "text": node.text}
        case Enum():
            return {"type": "choice", "value": str(node.value)}
        case str() | int():
            return node
        case Decimal():
            return {"type": "decimal", "value": str(node)}
        case Money():
            return {"type": "money", **money(node), "decimals": node.unit.decimals}
        case datetime():
            return {"type": "instant", "value": node.isoformat()}
        case date():
            return {"type": "date", "value": node.isoformat()}
        case Message():
            values = {key: neutral(value) for key, value in node.values.items()}
            return {"type": "message", "text": node.text, "plural": node.plural, "values": values}
        case tuple():
            return [neutral(value) for value in node]
        case frozenset():
            return sorted((neutral(value) for value in node), key=str)
        case Mapping():
            return {str(key): neutral(value) for key, value in node.items()}
        case _:
            return {"type": "record", "text": type(node).__name__}


def restored(node: JSON) -> Tree:
    """What ``neutral`` made plain, with its messages and values again."""
    if isinstance(node, Mapping):
        match node.get("type"):
            case "name":
                return Name(str(node["text"]))
            case "message":
                values = node["values"]
                assert isinstance(values, Mapping)
                return Message(
                    str(node["text"]),
                    str(node["plural"]),
                    {key: restored(value) for key, value in values.items()},  # type: ignore[misc]
                )
            case "money":
                decimals = node["decimals"]
                assert isinstance(decimals, int)
                return Money.parse(str(node["amount"]), Unit(str(node["unit"]), decimals))
            case "decimal":
                return Decimal(str(node["value"]))
            case "date":
                return date.fromisoformat(str(node["value"]))
            case "instant":
                return datetime.fromisoformat(str(node["value"]))
            case "choice":
                return _Choice(str(node["value"]))
            case "record":
                return None
        return {key: restored(value) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [restored(value) for value in node]
    return node


class _Choice(str):
    """The stored value of a choice; the reader looks up its label."""

    __slots__ = ()


def rendered(node: Tree, reader: Reader) -> JSON:
    """A tree in a reader's words: every message and typed value becomes text."""
    match node:
        case None | bool() | int():
            return node
        case _Choice():
            return reader.choice(node)
        case str() if not isinstance(node, Enum):
            return node
        case Mapping():
            if set(node) == {"label", "value"}:
                return {
                    "label": rendered(node["label"], reader),
                    "value": _value(node["value"], reader),
                }
            return {str(key): rendered(value, reader) for key, value in node.items()}
        case list() | tuple():
            return [rendered(value, reader) for value in node]
        case _:
            return reader.value(node)


def _value(node: Tree, reader: Reader) -> str:
    if isinstance(node, _Choice):
        return reader.choice(node)
    if isinstance(node, list | tuple):
        return reader.enumeration([_value(value, reader) for value in node])
    return reader.value(node)


def unit(code: str, policy: Policy) -> Unit:
    """The unit of that code: one of the policy's accounts, else an ISO 4217 currency."""
    for account in policy.accounts:
        if account.unit.code == code:
            return account.unit
    return currency(code)
