"""Lifecycles: the states of a case and the actions that lead from one to another, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import msgspec

from avoir.clauses import Clause, DeadlineRule, NoticeRule, Outcome, Table
from avoir.conditions import ALWAYS, Condition, Situation, Term
from avoir.facts import Fact
from avoir.messages import N_


class Role(StrEnum):
    """In which role somebody acts."""

    PLATFORM = "platform"
    PROFESSIONAL = "professional"
    PRESCRIBER = "prescriber"
    PARTNER = "partner"
    CLIENT = "client"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    TEAM = "team"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


ROLES: Final = {
    Role.PLATFORM: N_("the marketplace’s systems"),
    Role.PROFESSIONAL: N_("professional"),
    Role.PRESCRIBER: N_("prescriber"),
    Role.PARTNER: N_("partner"),
    Role.CLIENT: N_("client"),
    Role.REVIEWER: N_("reviewer"),
    Role.MANAGER: N_("account manager"),
    Role.TEAM: N_("the broker’s team"),
    Role.OPERATOR: N_("operator"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.SYSTEM: N_("the system"),
}
"""How each role is called by people."""

PARTIES: Final = frozenset({Role.PROFESSIONAL, Role.PRESCRIBER, Role.PARTNER, Role.CLIENT})
"""Roles that see and act on their own matters only."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A state of a case: what it is called, and the clauses that explain it.

    ``step`` is the number of the step of a process that a case in this state has come to.
    ``kept_as`` is the state that a case keeps where this one is only shown in a decision.
    """

    name: str
    label: str
    cites: tuple[Clause, ...] = ()
    step: int | None = None
    kept_as: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A state that time alone brings about: read, not stored.

    A case stored in one of ``of`` is in ``state`` while ``when`` holds.
    """

    state: str
    of: frozenset[str]
    when: Condition
    cites: tuple[Clause, ...] = ()
    notices: tuple[NoticeRule, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Where a case waits for a person, for whom, and by which acts he settles it.

    A case waits while it is in one of ``states``; where ``left_by`` names acts, only if the last
    act that changed it was one of these and came to a manual review. ``due`` is the deadline by
    which the terms want it settled.
    """

    states: frozenset[str]
    role: Role
    settled_by: tuple[str, ...]
    left_by: frozenset[str] = frozenset()
    due: DeadlineRule | None = None

    def holds(self, state: str, action: str, outcome: str) -> bool:
        """Whether a case waits after an act that changed it, in the state it was left in."""
        if state not in self.states:
            return False
        left = action in self.left_by and outcome == Outcome.MANUAL_REVIEW
        return left if self.left_by else True


class Founding(StrEnum):
    """Whether an action opens a case, acts on one, or only on an account.

    One that ``OPENS_ONCE`` acts on the case that it opened before, where there is one: it may be
    taken any number of times, and the terms say what comes of it.
    """

    OPENS = "opens"
    OPENS_ONCE = "opens_once"
    ON_A_CASE = "on_a_case"
    ON_AN_ACCOUNT = "on_an_account"


OPENING: Final = frozenset({Founding.OPENS, Founding.OPENS_ONCE})
"""How an action may open a case."""


class Identity(StrEnum):
    """Among what the id of a case is one of a kind: a lead once, a contact once for each party."""

    OF_THE_POLICY = "of_the_policy"
    OF_THE_PARTY = "of_the_party"


class Statement(StrEnum):
    """Whether what an action states is added to what was stated before, or replaces it."""

    ADDS = "adds"
    ANEW = "anew"


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A name made from a fact: ``lead:L-1`` from the prefix ``lead`` and the id of the lead.

    Where ``only_if`` does not hold there is no name: a claim is not made, a reference not left.
    """

    prefix: str
    fact: Term[Any]
    only_if: Condition = ALWAYS

    def name(self, situation: Situation) -> str | None:
        """The name, or None where the fact is unknown or the condition does not hold."""
        if self.only_if.truth(situation) is not True:
            return None
        return self.possible(situation)

    def possible(self, situation: Situation) -> str | None:
        """The name that the condition may or may not allow; None where the fact is unknown."""
        value = self.fact.value(situation)
        return None if value is None else f"{self.prefix}:{value}"


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """What an actor does to a case.

    ``inputs`` are the facts that its actors may state, of which ``requires`` are those without
    which there is nothing to decide; ``stamps`` are those that the gateway's clock sets;
    ``signs`` the fact that names who acts. ``references`` are the identities by which later
    actions find this one, ``finds`` those by which it finds earlier ones (those of the lifecycle
    by default, else its references). ``concerns`` names whose matter it is where that is not the
    policy's party, ``client:C-1``: then nobody needs to be named. ``identifies`` is the fact
    whose value becomes the id of the case that a founding action opens, ``identity`` says among
    what it is one of a kind. ``refuses_in`` are the states in which it is not offered, but its own
    table says why not: its refusals stand there.
    """

    name: str
    label: str
    actors: frozenset[Role]
    table: Table
    inputs: tuple[Fact[Any], ...] = ()
    requires: tuple[Fact[Any], ...] = ()
    lasting: tuple[Fact[Any], ...] = ()
    founding: Founding = Founding.ON_A_CASE
    from_states: frozenset[str] | None = None
    refuses_in: frozenset[str] = frozenset()
    stamps: tuple[Fact[datetime], ...] = ()
    statement: Statement = Statement.ADDS
    signs: Fact[str] | None = None
    claims: tuple[Keyed, ...] = ()
    references: tuple[Keyed, ...] = ()
    finds: tuple[Keyed, ...] = ()
    identifies: Fact[str] | None = None
    identity: Identity = Identity.OF_THE_POLICY
    concerns: Keyed | None = None


class Event(msgspec.Struct, frozen=True):
    """What a journal record says of one earlier action on a case: the matter of its history."""

    action: str
    at: datetime
    by: str
    role: Role
    state: str
    outcome: str
    effective: str
    amount: str | None
    unit: str | None
    clauses: tuple[str, ...]
    facts: Mapping[str, object]
    posting: str | None = None


History = Callable[[Sequence[Event]], Mapping[str, object]]
"""From the events of a case to the facts that its records show (a part of a facts document)."""

Related = Callable[[Sequence[Event], Mapping[str, object]], Mapping[str, object]]
"""From events of other cases with a reference in common, and what is known of this one, to facts.

What is known is what was stated and what ``History`` made of this case's own events.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Lifecycle:
    """The states and actions of a policy.

    ``standing`` reads a state from a facts document that belongs to no case; ``history`` makes
    record facts from the events of a case; ``as_of`` is the moment a standing is asked for.
    ``finds`` are the identities by which records of other cases are found, whose events
    ``related`` makes facts of. ``waiting`` says which cases wait for a person.
    """

    states: tuple[State, ...]
    actions: tuple[Action, ...]
    derived: tuple[Derived, ...]
    standing: Term[str]
    history: History
    as_of: Fact[datetime]
    deadlines: tuple[DeadlineRule, ...] = ()
    related: Related | None = None
    finds: tuple[Keyed, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    def action(self, name: str) -> Action | None:
        """The action of that name."""
        for action in self.actions:
            if action.name == name:
                return action
        return None

    def state(self, name: str) -> State:
        """The state of that name; raises ``KeyError``."""
        return _by_name(self)[name]

    def derive(self, stored: str, situation: Situation) -> Derived | None:
        """The state that time has brought about since, if any."""
        for derived in self.derived:
            if stored in derived.of and derived.when.truth(situation) is True:
                return derived
        return None

    def waits(self, state: str, action: str, outcome: str) -> Waiting | None:
        """What a case waits for after an act that changed it; None where for nobody."""
        return next((w for w in self.waiting if w.holds(state, action, outcome)), None)

    def allowed(self, state: str, role: Role | None = None) -> tuple[str, ...]:
        """The actions that may be taken in a state, by a role or by anybody."""
        return _allowed(self, state, role)


@lru_cache(maxsize=1_000)
def _by_name(lifecycle: Lifecycle) -> Mapping[str, State]:
    return {state.name: state for state in reversed(lifecycle.states)}


@lru_cache(maxsize=10_000)
def _allowed(lifecycle: Lifecycle, state: str, role: Role | None) -> tuple[str, ...]:
    return tuple(
        action.name
        for action in lifecycle.actions
        if action.founding is Founding.ON_A_CASE
        and (action.from_states is None or state in action.from_states)
        and (role is None or role in action.actors)
    )
