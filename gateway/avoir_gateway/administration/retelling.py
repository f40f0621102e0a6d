"""Retelling: what a recorded act comes to again, from what was known then. Pure.

A record keeps what was stated; what the records knew beside it is made again of those before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from avoir.cases import merged, perform
from avoir.conditions import Situation
from avoir.decisions import Decision
from avoir.documents import unit
from avoir.facts import Intake, read
from avoir.ledger import HOUSE, Balance, resolve
from avoir.lifecycles import Action
from avoir.money import Money
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.matters import Case, recorded_facts
from avoir_gateway.service.preparing import read_accounts
from avoir_gateway.service.records import UNCHANGING, kept


class Ending(msgspec.Struct, frozen=True):
    """What an act came to: its outcome, the clause that decided it, the state it led to, and what
    it moved, as kinds, accounts and smallest units."""

    outcome: str
    clause: str | None
    state: str | None
    amount: Money | None
    postings: tuple[tuple[str, str, str, Money], ...]

    @property
    def moved(self) -> Money | None:
        """What goes from the house to the party, less what goes the other way."""
        total: Money | None = None
        for _, source, destination, amount in self.postings:
            sign = source.startswith(HOUSE) - destination.startswith(HOUSE)
            change = Money(sign * amount.smallest, amount.unit)
            total = change if total is None else total + change
        return total


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded act as it can be decided again: what was known, and the state of its case."""

    policy: Policy
    action: Action
    intake: Intake
    stored: str | None
    record: store.Record

    def came_to(self) -> Ending:
        """What the record says that the act came to."""
        decision: Mapping[str, Any] = self.record.decision
        clauses = decision.get("clauses") or (None,)
        postings = [
            (p["kind"], p["source"], p["destination"], _money(p, self.policy))
            for p in decision.get("postings") or ()
        ]
        amount = decision.get("amount")
        return Ending(
            str(decision.get("outcome")),
            clauses[0],
            self.record.state,
            None if amount is None else _money(amount, self.policy),
            _sorted(postings),
        )

    def comes_to(self, edition: Edition) -> Ending:
        """What the act comes to by an edition of the policy."""
        situation = Situation(self.intake.values, edition.values)
        decision = perform(edition, self.action, self.intake, situation, stored=self.stored)
        clauses = decision.clauses
        return Ending(
            str(decision.outcome),
            clauses[0].id if clauses else None,
            self._state(decision),
            decision.amount,
            _sorted([(p.kind, p.source, p.destination, p.amount) for p in decision.postings]),
        )

    def _state(self, decision: Decision) -> str:
        unchanged = decision.outcome in UNCHANGING
        led_to = None if unchanged else kept(self.policy, decision.case_state)
        return led_to or self.stored or "recorded"


def is_kept(record: store.Record) -> bool:
    """Whether what an act was decided on is kept: early records of acts that left their case as it
    was do not have it."""
    unchanging = {str(outcome) for outcome in UNCHANGING}
    founding, outcome = record.revision == 1, record.decision.get("outcome")
    return founding or outcome not in unchanging or record.decided_on is not None


def facts_of(record: store.Record) -> dict[str, Any]:
    """What an act was decided on, less what the records knew."""
    return record.facts if record.decided_on is None else record.decided_on


def told(
    policy: Policy,
    record: store.Record,
    before: Case | None,
    others: Sequence[store.Record],
    time_zone: str,
) -> Told | None:
    """An act with what was known when it was decided; None where its policy has it no more.

    ``before`` is the case as it stood, ``others`` the records of other cases that it rested on.
    """
    action = policy.lifecycle.action(record.action)
    if action is None:
        return None
    facts, balances = facts_of(record), _balances(policy, record)
    known = recorded_facts(policy, before, others, facts, balances, record.at)
    intake = read(merged(facts, known), policy.facts, time_zone)
    stored = None if before is None else before.latest.state
    return Told(policy, action, intake, stored, record)


def _balances(policy: Policy, record: store.Record) -> Mapping[str, Balance]:
    """Where the accounts of the party stood before a record, by their names in the policy."""
    entries = {entry.account: entry for entry in record.entries}
    found: dict[str, Balance] = {}
    for name in read_accounts(policy, record.party):
        entry = entries.get(resolve(name, record.party, policy.plugin))
        if entry is not None:
            found[name] = Balance(entry.seq - 1, entry.balance - entry.amount)
    return found


def _sorted(
    postings: Sequence[tuple[str, str, str, Money]],
) -> tuple[tuple[str, str, str, Money], ...]:
    return tuple(sorted(postings, key=lambda one: (*one[:3], one[3].smallest)))


def _money(stated: Mapping[str, Any], policy: Policy) -> Money:
    return Money.parse(str(stated["amount"]), unit(str(stated["unit"]), policy))
