"""A journal in memory: acts on contacts, each decided on what the records before it show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avoir.cases import merged, perform
from avoir.conditions import Situation
from avoir.decisions import Decision, deadlines
from avoir.facts import read
from avoir.lifecycles import Action, Event, Founding, Keyed, Statement
from avoir.policies import Edition
from avoir_referral_broker.prescriber.policy import POLICY
from tests.plugins.referral_broker.prescriber.examples import Document, at
from tests.plugins.referral_broker.prescriber.happenings import happened

LIFECYCLE = POLICY.lifecycle


def at_path(path: str, value: object) -> Document:
    """A document with one value in it."""
    for name in reversed(path.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


def paths(document: Mapping[str, Any], prefix: str = "") -> list[str]:
    """The paths of the facts that a document states."""
    found: list[str] = []
    for key, value in document.items():
        path = f"{prefix}{key}"
        whole = path in POLICY.facts.by_path or not isinstance(value, Mapping)
        found += [path] if whole else paths(value, f"{path}.")
    return found


def without(document: Mapping[str, Any], gone: Collection[str], prefix: str = "") -> Document:
    """A document without what it states at these paths."""
    return {
        key: without(value, gone, f"{prefix}{key}.") if isinstance(value, Mapping) else value
        for key, value in document.items()
        if f"{prefix}{key}" not in gone
    }


@dataclass
class Entry:
    """A record: the case it is on, the event, and the names it is found and held by."""

    case: str
    event: Event
    references: frozenset[str]
    claims: frozenset[str]
    pending: set[str]


@dataclass
class Journal:
    """All that was done; what somebody took, nobody takes again."""

    parameters: Mapping[str, object] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The edition that decides."""
        return POLICY.edition(self.parameters)

    def of(self, case: str) -> list[Event]:
        """What was done on a case."""
        return [entry.event for entry in self.entries if entry.case == case]

    def state(self, case: str) -> str | None:
        """The state that a case is kept in."""
        events = self.of(case)
        return events[-1].state if events else None

    def claimed(self) -> list[str]:
        """Everything that was taken."""
        return [claim for entry in self.entries for claim in entry.claims]

    def do(
        self,
        name: str,
        moment: str,
        stated: Mapping[str, Any] | None = None,
        *,
        of: str = "A",
        person: str = "X",
    ) -> Decision:
        """Decide on an act, and record it unless it cannot be."""
        action = LIFECYCLE.action(name)
        assert action is not None
        stated = dict(stated or {})
        if action.identifies is not None or action.concerns is not None:
            stated = merged({"contact": {"person_id": person}}, stated)
        own = {fact.path for fact in action.inputs}
        assert set(paths(stated)) <= own, "not theirs to state"
        case = f"{person}:{of}"
        if action.founding is Founding.ON_AN_ACCOUNT:
            case = f"account:{len(self.entries)}"
        assert action.founding is not Founding.ON_A_CASE or self.of(case), "no such case"
        facts = self._facts(action, case, moment, stated, of)
        whole = self._known(case, moment, facts)
        intake = read(whole, POLICY.facts, POLICY.time_zone)
        situation = Situation(intake.values, self.edition.values)
        stored = self.state(case)
        decision = perform(self.edition, action, intake, situation, stored=stored)
        outcome = decision.outcome.value
        if outcome != "invalid" and not (outcome == "needs_information" and not decision.state):
            self._record(action, case, moment, facts, decision, situation)
        return decision

    def pending(self, *, of: str = "A", person: str = "X") -> set[str]:
        """What the last record of a case says is due."""
        return self.entries[self._last(f"{person}:{of}")].pending

    def _last(self, case: str) -> int:
        return max(i for i, entry in enumerate(self.entries) if entry.case == case)

    def standing(self, moment: str, *, of: str = "A", person: str = "X") -> str | None:
        """Where a case stands at a moment."""
        case = f"{person}:{of}"
        whole = self._known(case, moment, dict(self.of(case)[-1].facts))
        intake = read(whole, POLICY.facts, POLICY.time_zone)
        stored = self.state(case)
        assert stored is not None
        derived = LIFECYCLE.derive(stored, Situation(intake.values, self.edition.values))
        return stored if derived is None else derived.state

    def _facts(
        self, action: Action, case: str, moment: str, stated: Mapping[str, Any], of: str
    ) -> Document:
        events = self.of(case)
        before: Mapping[str, Any] = events[-1].facts if events else {}
        if action.statement is Statement.ANEW:
            before = without(before, {fact.path for fact in action.inputs})
        set_in = [at_path(fact.path, at(moment)) for fact in action.stamps]
        set_in.append(at_path("event.type", action.name))
        if action.concerns is None:
            set_in.append(at_path("event.prescriber_id", of))
        if action.signs is not None:
            set_in.append(at_path(action.signs.path, "r-1"))
        return merged(before, stated, *set_in)

    def _known(self, case: str, moment: str, facts: Document) -> Document:
        known = [at_path("now", at(moment))]
        events = self.of(case)
        if events:
            known.append(dict(LIFECYCLE.history(events)))
        situation = Situation(read(facts, POLICY.facts, POLICY.time_zone).values, {})
        names = _names(LIFECYCLE.finds, situation, possible=True)
        others = [e.event for e in self.entries if e.case != case and e.references & names]
        assert LIFECYCLE.related is not None
        known.append(dict(LIFECYCLE.related(others[::-1], merged(facts, *known))))
        return merged(facts, *known)

    def _record(
        self,
        action: Action,
        case: str,
        moment: str,
        facts: Document,
        decision: Decision,
        situation: Situation,
    ) -> None:
        events, outcome = self.of(case), decision.outcome.value
        unchanged = outcome in ("blocked", "unchanged")
        stored = self.state(case)
        state = (stored if unchanged else decision.case_state or stored) or ""
        if state and LIFECYCLE.state(state).kept_as:
            state = LIFECYCLE.state(state).kept_as or state
        kept = facts if not unchanged or not events else dict(events[-1].facts)
        taken = frozenset() if unchanged else _names(action.claims, situation)
        assert not taken & {*self.claimed()}, "taken twice"
        amount = decision.amount
        event = happened(
            action.name,
            moment,
            kept,
            outcome,
            amount=None if amount is None else amount.amount,
            clauses=[clause.id for clause in decision.clauses],
            state=state,
        )
        found_by = _names(action.references, situation)
        if unchanged and not events and action.founding is Founding.OPENS_ONCE:
            case = f"account:{len(self.entries)}"
        due = [rule for rule in LIFECYCLE.deadlines if state in rule.stands_in]
        pending = {f"{d.kind} {d.date}" for d in deadlines(due, situation, POLICY.time_zone)}
        self.entries.append(Entry(case, event, found_by, taken, pending))


def _names(
    keyed: Sequence[Keyed], situation: Situation, *, possible: bool = False
) -> frozenset[str]:
    names = (one.possible(situation) if possible else one.name(situation) for one in keyed)
    return frozenset(name for name in names if name is not None)
