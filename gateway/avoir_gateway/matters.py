"""Matters: a case as its records tell it, and the facts document an action decides on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, TypeAlias, TypeGuard

import msgspec

from avoir.cases import merged
from avoir.clauses import Effective, Outcome
from avoir.conditions import Situation
from avoir.documents import money
from avoir.facts import Source
from avoir.kinds import Amount
from avoir.ledger import OPENING, Balance
from avoir.lifecycles import Action, Event, Role, Statement
from avoir.money import Money
from avoir.policies import Edition, Policy, Side
from avoir.rulings import RULING
from avoir_gateway.access import Principal
from avoir_gateway.store import Record

Document: TypeAlias = Mapping[str, Any]
"""A facts document: plain data by name."""


class Case(msgspec.Struct, frozen=True):
    """A case: its latest record, and all of them in order."""

    records: tuple[Record, ...]

    @property
    def latest(self) -> Record:
        """The record of the last action."""
        return self.records[-1]

    @property
    def founding(self) -> Record:
        """The record that opened the case."""
        return self.records[0]

    @property
    def recommending(self) -> Record:
        """The record of the decision that is left to a person: the latest one since the case came
        into its state, whatever was noted, tried in vain or ruled since; where there is none, the
        latest that is no ruling."""
        here = takewhile(lambda r: r.state == self.latest.state, reversed(self.records))
        open_to = [r for r in here if r.action != RULING and not _left_alone(r)]
        return next(
            (r for r in open_to if _is_left_to_a_person(r)), next(iter(open_to), self.latest)
        )

    @property
    def id(self) -> str:
        """The id of the case within its tenant."""
        return self.latest.case

    @property
    def events(self) -> tuple[Event, ...]:
        """The actions so far, as policies read them."""
        return tuple(event(record) for record in self.records)


def _left_alone(record: Record) -> bool:
    """Whether an act left its case as it was."""
    return record.decision.get("outcome") in (Outcome.BLOCKED, Outcome.UNCHANGED)


def _is_left_to_a_person(record: Record) -> bool:
    decision = record.decision
    waits = decision.get("takes_effect") == Effective.ON_RULING
    return waits or decision.get("outcome") == Outcome.MANUAL_REVIEW


def event(record: Record) -> Event:
    """What a record says of an action."""
    decision: Document = record.decision
    amount = decision.get("amount") or {}
    return Event(
        action=record.action,
        at=record.at,
        by=record.actor.id,
        role=Role(record.actor.role),
        state=record.state,
        outcome=str(decision.get("outcome")),
        effective=str(decision.get("takes_effect")),
        amount=amount.get("amount"),
        unit=amount.get("unit"),
        clauses=tuple(decision.get("clauses") or ()),
        facts=record.facts,
        posting=f"{record.case}#{record.revision}" if record.postings else None,
    )


def stated_paths(document: Document, policy: Policy, prefix: str = "") -> Iterator[str]:
    """The paths of the facts that a document states, unknown ones included."""
    for key, value in document.items():
        path = f"{prefix}{key}"
        if path in policy.facts.by_path or not _is_group(value):
            yield path
        else:
            yield from stated_paths(value, policy, f"{path}.")


def at_path(path: str, value: object) -> dict[str, Any]:
    """A document with one value in it."""
    return at_paths({path: value})


def at_paths(values: Mapping[str, object]) -> dict[str, Any]:
    """A document with these values in it, by their paths."""
    document: dict[str, Any] = {}
    for path, value in values.items():
        *groups, name = path.split(".")
        group = document
        for inner in groups:
            group = group.setdefault(inner, {})
        group[name] = value
    return document


def stated(document: Document, path: str) -> object:
    """What a document states at a path; None where it states nothing."""
    found: object = document
    for name in path.split("."):
        found = found.get(name) if _is_group(found) else None
    return found


def _is_group(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value holds others by name; of most values it is seen by their type alone."""
    kind = type(value)
    return kind is dict or (kind is not str and isinstance(value, Mapping))


def without(document: Document, paths: Collection[str]) -> dict[str, Any]:
    """A document without what it states at these paths."""

    def keep(node: Document, prefix: str) -> dict[str, Any]:
        return {
            key: keep(value, f"{prefix}{key}.") if _is_group(value) else value
            for key, value in node.items()
            if f"{prefix}{key}" not in paths
        }

    return keep(document, "")


def own_facts(
    policy: Policy,
    action: Action,
    case: Case | None,
    inputs: Document,
    actor: Principal,
    party: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The facts of a case once an action has stated its own; clock, actor and party set in.

    A party signs in full, ``professional:P-1``; staff, who are nobody's party, by their own id.
    Only who asks what would happen can state a moment of the clock's, and then it stands.
    """
    before: Document = {} if case is None else case.latest.facts
    if action.statement is Statement.ANEW:
        before = without(before, {fact.path for fact in action.inputs})
    unstamped = [fact.path for fact in action.stamps if stated(inputs, fact.path) is None]
    set_in: dict[str, object] = dict.fromkeys(unstamped, now.isoformat())
    if policy.stated_action is not None:
        set_in[policy.stated_action.path] = action.name
    role, _, party_id = (party or "").partition(":")
    if policy.party_id is not None and role == policy.party:
        set_in[policy.party_id.path] = party_id
    if action.signs is not None:
        set_in[action.signs.path] = actor.party or actor.id
    return merged(before, inputs, at_paths(set_in))


def recorded_facts(
    policy: Policy,
    case: Case | None,
    others: Sequence[Record],
    facts: Document,
    balances: Mapping[str, Balance],
    now: datetime,
) -> dict[str, Any]:
    """What the records and the clock know; none of it is anybody's to state in an action."""
    as_of = policy.lifecycle.as_of.path
    known: list[Document] = []
    if stated(facts, as_of) is None:
        known.append(at_path(as_of, now.isoformat()))
    if case is not None:
        known.append(policy.lifecycle.history(case.events))
    if policy.lifecycle.related is not None:
        events = [event(record) for record in others]
        known.append(policy.lifecycle.related(events, merged(facts, *known)))
    units = {account.name: account.unit for account in policy.accounts}
    stand: dict[str, object] = {}
    for shown in policy.balances:
        standing = balances.get(shown.account, OPENING)
        held = standing.amount if shown.side is Side.HELD else -standing.amount
        amount = Money(held, units[shown.account])
        plain = isinstance(shown.fact.kind, Amount) and shown.fact.kind.unit is not None
        stand[shown.fact.path] = amount.amount if plain else money(amount)
    return merged(*known, at_paths(stand))


def beside_records(policy: Policy, action: Action, case: Case, asked: Document) -> Document:
    """What somebody states who asks what would happen, less what the records of a case know."""
    shown = set(stated_paths(policy.lifecycle.history(case.events), policy))
    recorded = {
        path
        for path, fact in policy.facts.by_path.items()
        if fact.source is Source.RECORD and stated(case.latest.facts, path) is not None
    }
    return without(asked, (recorded | shown) - {fact.path for fact in action.inputs})


def references(edition: Edition, action: Action, situation: Situation) -> tuple[str, ...]:
    """The identities by which later cases find this one."""
    names = (keyed.name(situation) for keyed in action.references)
    return tuple(f"{edition.policy.plugin}:{name}" for name in names if name is not None)


def claims(edition: Edition, action: Action, situation: Situation) -> tuple[str, ...]:
    """What this action takes that may be taken once."""
    names = (keyed.name(situation) for keyed in action.claims)
    return tuple(f"{edition.policy.plugin}:{name}" for name in names if name is not None)
