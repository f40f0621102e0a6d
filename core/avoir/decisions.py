"""Decisions: a table of clauses applied to a situation. Pure: no clock, no records, no chance.

A table's program gives a status to every row it reaches; outcome, citations, findings and remedies
are all built from those statuses, so nothing is decided twice, and each of them only if somebody
looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Generic, Self, TypeVar, overload

import msgspec

from avoir.clauses import (
    Clause,
    DeadlineRule,
    Effect,
    Effective,
    Floor,
    Impossible,
    Mode,
    NoticeRule,
    Outcome,
    Table,
)
from avoir.conditions import ALWAYS, Situation, Term
from avoir.facts import Fact, Facts, Source, UnitOf
from avoir.kinds import Fault
from avoir.messages import Message
from avoir.money import Money
from avoir.periods import end_of_day, is_provisional, zone
from avoir.programs import Wrong, program, truth, value
from avoir.verdicts import Open, Verdict

X = TypeVar("X")


class Posting(msgspec.Struct, frozen=True):
    """An amount moved from a source account to a destination account."""

    kind: str
    source: str
    destination: str
    amount: Money
    floor: Floor = Floor.PASSED
    reverses: tuple[str, ...] = ()


class Deadline(msgspec.Struct, frozen=True):
    """A day that something is due on; it counts to the end of that local day."""

    kind: str
    label: str
    date: date
    ends_at: datetime
    time_zone: str
    clause: str
    provisional: bool


L = TypeVar("L")


class _Lazy(Generic[L]):
    """A value worked out when it is first looked at, and kept."""

    __slots__ = ("_make", "_name")

    def __init__(self, make: Callable[[Any], L]) -> None:
        self._make = make
        self._name = make.__name__

    @overload
    def __get__(self, decision: None, owner: type) -> Self: ...
    @overload
    def __get__(self, decision: object, owner: type) -> L: ...
    def __get__(self, decision: object | None, owner: type) -> L | Self:
        if decision is None:
            return self
        made = decision.__dict__[self._name] = self._make(decision)
        return made


class Decision(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What a table came to: outcome, cited clauses, amount, movements, what is missing.

    ``state`` is the state once the decision holds; ``case_state`` the one until then. What is no
    field is worked out from the verdict when it is first looked at, unless it is given.
    """

    outcome: Outcome
    effect: Effect
    situation: Situation
    table: Table | None = None
    verdict: Verdict | None = None
    amount: Money | None = None
    time_zone: str = "UTC"
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    allowed_actions: tuple[str, ...] = ()
    failure: Exception | None = None
    """What a plugin's own code raised: then nothing was decided, and a person must look."""
    metrics: Mapping[str, object] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"Decision({self.outcome.value!r})"

    @classmethod
    def plain(
        cls,
        outcome: Outcome,
        effect: Effect,
        situation: Situation,
        table: Table | None = None,
        verdict: Verdict | None = None,
        missing: tuple[str, ...] = (),
        faults: tuple[Fault, ...] = (),
        **given: object,
    ) -> Decision:
        """A decision of which nothing is worked out: what is not given is nothing."""
        decision = cls(outcome, effect, situation, table, verdict, missing=missing, faults=faults)
        return decision.but(**{**_NOTHING, **given})

    def but(self, **given: object) -> Decision:
        """The same decision, but for what is given."""
        fields = {name: given.pop(name) for name in _FIELDS & given.keys()}
        other = msgspec.structs.replace(self, **fields)
        other.__dict__.update(self.__dict__, **given)
        return other

    def complete(self) -> Decision:
        """The same decision with everything worked out: whatever a plugin raises, it raises now."""
        for name in _NOTHING:
            getattr(self, name)
        return self

    @_Lazy
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses cited, the deciding one first."""
        return () if self.verdict is None else self.verdict.clauses()

    @_Lazy
    def postings(self) -> tuple[Posting, ...]:
        """The movements of money that follow."""
        return _postings(self.effect, self.amount, self.situation)

    @_Lazy
    def preconditions(self) -> tuple[str, ...]:
        """What must come first."""
        effects = [e for e in self._effects if e.precondition or e.lacking is not None]
        if not effects:
            return ()
        own = [effect.precondition for effect in effects if effect.precondition]
        return _once([*own, *_lacked(effects, self.situation)])

    @_Lazy
    def advice(self) -> tuple[str, ...]:
        """A word on what would help, where the terms have one."""
        return _once([effect.advice for effect in self._effects if effect.advice])

    @_Lazy
    def takes_effect(self) -> Effective:
        """When the decision takes effect."""
        at_once = self.effect.at_once
        held = at_once is ALWAYS or truth(at_once, self.situation) is True
        return Effective.AT_ONCE if held else self.effect.waits_for

    @_Lazy
    def notices(self) -> tuple[NoticeRule, ...]:
        """The messages that become due."""
        rules = () if self.table is None else self.table.notices
        if self.takes_effect is Effective.AT_ONCE:
            rules = (*rules, *self.effect.notices)
        return _due(rules, self.situation)

    @_Lazy
    def deadlines(self) -> tuple[Deadline, ...]:
        """What is due by when in the state that the case is in now."""
        if self.table is None:
            return ()
        state = self.case_state
        shown = [d for d in self.table.deadlines if state in d.stands_in or state in d.shown_in]
        return deadlines(shown, self.situation, self.time_zone)

    @_Lazy
    def _effects(self) -> Sequence[Effect]:
        """The deciding effect, and those of further adverse rows."""
        if self.verdict is None or len(self.verdict.courses) == 1:
            return (self.effect,)
        return [self.effect, *[course.effect for course in self.verdict.courses[1:]]]

    @property
    def state(self) -> str | None:
        """The state of the case once the decision holds; None leaves it as it is."""
        return self.effect.state

    @property
    def case_state(self) -> str | None:
        """The state of the case now: the reserved one where a ruling or a payment is to come."""
        at_once = self.takes_effect is Effective.AT_ONCE
        return self.effect.state if at_once else self.effect.reserved

    @property
    def mode(self) -> Mode | None:
        """What the decision is worth before a person has ruled."""
        return self.effect.mode


_NOTHING: Final[Mapping[str, object]] = {
    "clauses": (),
    "postings": (),
    "preconditions": (),
    "advice": (),
    "notices": (),
    "deadlines": (),
    "takes_effect": Effective.AT_ONCE,
}


_FIELDS: Final = frozenset(Decision.__struct_fields__)

INVALID: Final = Effect(Outcome.INVALID)
"""What impossible facts come to."""


def decide(table: Table, situation: Situation, facts: type[Facts], time_zone: str) -> Decision:
    """Apply a table to a situation.

    ``facts`` says whose each unknown fact is: what only the business can supply leads to a
    person, not to a question.
    """
    verdict = program(table)(situation)
    if isinstance(verdict, list):
        faults, cited = _told(verdict)
        return Decision.plain(
            Outcome.INVALID, INVALID, situation, table, faults=faults, clauses=cited
        )
    course, amount = verdict.courses[0], verdict.amount
    effect = course.effect
    if verdict.opened or course.asks or (amount is None and effect.amount is not None):
        return _unsettled(verdict, facts, time_zone)
    return Decision(effect.outcome, effect, situation, table, verdict, amount, time_zone)


def _unsettled(verdict: Verdict, facts: type[Facts], time_zone: str) -> Decision:
    """What a verdict comes to that something unknown may still change, or that asks by itself."""
    table, situation = verdict.table, verdict.situation
    effect, amount = verdict.effect, verdict.amount
    differing = _deciding(verdict.open, effect, amount, situation)
    asked = _once(path for o in differing for path in o.wants)
    if effect.missing is not None:
        asked = _once((*asked, *(effect.missing.value(situation) or ())))
    rows = [(o.row, o.effect) for o in differing]
    if effect.amount is not None and amount is None:
        asked = _once((*asked, *effect.amount.unknown(situation)))
        rows.append((verdict.decided, effect))
    elif rows and effect.missing is not None:
        rows.append((verdict.decided, effect))
    if rows:
        own = {fact.path for fact in table.asks}
        party = [p for p in asked if p in own or _source(facts, p) is not Source.BUSINESS]
        if party:
            return _asking(verdict, _once(party), rows)
        clauses = _once([*_row_clauses(table, rows), *table.review.cites])
        review = table.review
        decision = Decision(review.outcome, review, situation, table, verdict, None, time_zone)
        return decision.but(clauses=clauses)
    if effect.outcome is Outcome.NEEDS_INFORMATION:
        return _asking(verdict, asked, [(verdict.decided, effect)], verdict.clauses())
    return Decision(effect.outcome, effect, situation, table, verdict, amount, time_zone)


def _asking(
    verdict: Verdict,
    asked: tuple[str, ...],
    rows: Sequence[tuple[int, Effect]],
    clauses: tuple[Clause, ...] = (),
) -> Decision:
    table, situation = verdict.table, verdict.situation
    return Decision.plain(
        Outcome.NEEDS_INFORMATION,
        table.asking,
        situation,
        table,
        verdict,
        asked,
        clauses=clauses or _row_clauses(table, rows),
        preconditions=_once(_lacked((effect for _, effect in rows), situation)),
        notices=_due(table.notices, situation),
    )


def _lacked(effects: Iterable[Effect], situation: Situation) -> list[str]:
    """What is lacking by names that are not the policy's own."""
    lacking = [effect.lacking for effect in effects if effect.lacking is not None]
    return [name for names in lacking for name in value(names, situation) or ()]


def _due(notices: Sequence[NoticeRule], situation: Situation) -> tuple[NoticeRule, ...]:
    return tuple([n for n in notices if n.only_if is ALWAYS or truth(n.only_if, situation) is True])


def _row_clauses(table: Table, rows: Sequence[tuple[int, Effect]]) -> tuple[Clause, ...]:
    cited: list[Clause] = []
    for index, effect in rows:
        cited += [c for c in (table.rows[index].clause, effect.amount_clause) if c is not None]
    return _once(cited)


def impossible_facts(
    checks: Sequence[Impossible], situation: Situation
) -> tuple[tuple[Fault, ...], tuple[Clause, ...]]:
    """The facts that cannot be together, and the clauses that say so."""
    wrong: Wrong = []
    for check in checks:
        if isinstance(check.at, Fact | UnitOf):
            if check.condition is not None and check.condition.truth(situation) is True:
                wrong.append((check, (check.at.path,)))
        else:
            wrong.append((check, check.at.value(situation) or ()))
    return _told([(check, paths) for check, paths in wrong if paths])


def _told(wrong: Wrong) -> tuple[tuple[Fault, ...], tuple[Clause, ...]]:
    """What is wrong with facts, path by path, and the clauses that say so."""
    faults = [
        Fault(path, Message(check.message, values=dict(check.values)))
        for check, paths in wrong
        for path in paths
    ]
    return tuple(faults), _once([clause for check, _ in wrong for clause in check.cites])


def _amount(effect: Effect, situation: Situation) -> Money | None:
    return None if effect.amount is None else effect.amount.value(situation)


def _deciding(
    still_open: Sequence[Open], effect: Effect, amount: Money | None, situation: Situation
) -> list[Open]:
    """The open effects that matter: each differs from the decision, or from one open below it."""
    found: list[Open] = []
    below = [(effect, amount)]
    for possible in reversed(still_open):
        if any(_differs(possible.effect, *other, situation) for other in below):
            found.append(possible)
        below.append((possible.effect, _amount(possible.effect, situation)))
    return found[::-1]


def _differs(other: Effect, effect: Effect, amount: Money | None, situation: Situation) -> bool:
    if other.outcome is not effect.outcome:
        return True
    if other.amount is effect.amount:
        return False
    theirs = _amount(other, situation)
    return theirs is None or theirs != amount


def _source(facts: type[Facts], path: str) -> Source:
    fact = facts.by_path.get(path, facts.by_path.get(path.partition("[")[0]))
    return Source.PARTY if fact is None else fact.source


def _postings(effect: Effect, amount: Money | None, situation: Situation) -> tuple[Posting, ...]:
    made: list[Posting] = []
    for planned in effect.postings:
        moved = amount if planned.amount is None else value(planned.amount, situation)
        if moved is not None and moved.smallest != 0:
            made.append(
                Posting(
                    planned.kind,
                    planned.source,
                    planned.destination,
                    moved,
                    planned.floor,
                    planned.reverses,
                )
            )
    return tuple(made)


class Recommended(Term[Outcome]):
    """What another table comes to in the same situation: what a ruling confirms or replaces."""

    __slots__ = ("facts", "table")

    def __init__(self, table: Table, facts: type[Facts], label: str) -> None:
        self.table = table
        self.facts = facts
        self.label = label

    def decision(self, situation: Situation) -> Decision:
        """The recommendation, made once in a situation."""
        made = situation.measured.get(id(self))
        if not isinstance(made, Decision):
            made = decide(self.table, situation, self.facts, "UTC")
            situation.measured[id(self)] = made
        return made

    def value(self, situation: Situation) -> Outcome:
        return self.decision(situation).outcome

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class RecommendedMode(Term[Mode]):
    """What a recommendation is worth; unknown where it is neither."""

    __slots__ = ("recommended",)

    def __init__(self, recommended: Recommended, label: str) -> None:
        self.recommended = recommended
        self.label = label

    def value(self, situation: Situation) -> Mode | None:
        return self.recommended.decision(situation).mode

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class RecommendedClauses(Term[tuple[Clause, ...]]):
    """The clauses that a recommendation cites."""

    __slots__ = ("recommended",)

    def __init__(self, recommended: Recommended, label: str) -> None:
        self.recommended = recommended
        self.label = label

    def value(self, situation: Situation) -> tuple[Clause, ...]:
        return self.recommended.decision(situation).clauses

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


def deadlines(
    rules: Iterable[DeadlineRule], situation: Situation, time_zone: str
) -> tuple[Deadline, ...]:
    """The deadlines whose dates are known."""
    found: list[Deadline] = []
    for planned in rules:
        on: Term[Any] = planned.on
        due = value(on, situation)
        if due is None:
            continue
        moment = last_moment(due, time_zone)
        day = moment.date()
        calendar = None if planned.calendar is None else value(planned.calendar, situation)
        provisional = calendar is not None and is_provisional(day, calendar)
        clause = planned.clause.id
        found.append(
            Deadline(planned.kind, planned.label, day, moment, time_zone, clause, provisional)
        )
    return tuple(found)


def last_moment(due: date | datetime, time_zone: str) -> datetime:
    """The last moment of a due day, or the due instant itself."""
    return due if isinstance(due, datetime) else end_of_day(due, zone(time_zone))


def _once(values: Iterable[X]) -> tuple[X, ...]:
    return tuple(dict.fromkeys(values))
