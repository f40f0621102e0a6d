"""Policies: one business's terms as code, checked when it is built; editions with their values."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from avoir.clauses import Clause, DeadlineRule, Impossible, Row, Table, every_clause
from avoir.conditions import Always, Condition, Constant, Situation, Term, leaves, terms_of
from avoir.decisions import Decision, Recommended
from avoir.errors import PolicyError
from avoir.facts import Fact, Facts
from avoir.ledger import Account
from avoir.lifecycles import Lifecycle, Role
from avoir.measures import Measure
from avoir.money import Money
from avoir.parameters import Parameters, values_in_force
from avoir.periods import end_of_day, zone
from avoir.returns import Returns, faults

STANDING: Final = "standing"
REPORT: Final = "report"
"""Verbs that ask and change nothing; no action may take their names."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A figure over records: the terms it consists of, by name, and the clauses it rests on."""

    name: str
    label: str
    metrics: Mapping[str, Term[Any]]
    clauses: tuple[Clause, ...]
    impossible: tuple[Impossible, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A window that parameters could leave empty: from when until when, and what opens it."""

    clause: Clause
    start: Fact[datetime]
    opens: Term[date]
    closes: Term[date]


class Side(StrEnum):
    """Whether a balance is what a party holds, or what it owes: the negative of its account."""

    HELD = "held"
    OWED = "owed"


@dataclass(frozen=True, slots=True, eq=False)
class BalanceFact:
    """A fact that is the balance of an account of the party, and the name it is shown under."""

    name: str
    fact: Fact[Money]
    account: str
    side: Side = Side.HELD


Decide = Callable[[str, Mapping[str, object]], Decision]
"""What an action comes to on a facts document."""

Play = Callable[[Mapping[str, Any], Decide], Sequence[Decision]]
"""Plays the ``events`` of a document one after another."""


@dataclass(frozen=True, eq=False, repr=False)
class Policy:
    """One business's terms as code; raises ``PolicyError`` where something in it is wrong.

    ``key`` is ``plugin.policy``; ``domain`` the catalog of its messages; ``party`` the role whose
    matters these are; ``time_zone`` holds where neither the party nor the tenant has one.
    """

    key: str
    title: str
    summary: str
    version: str
    effective_from: date
    facts: type[Facts]
    parameters: type[Parameters]
    catalogue: tuple[Clause, ...]
    lifecycle: Lifecycle
    accounts: tuple[Account, ...]
    party: Role
    time_zone: str
    domain: str
    labels: Mapping[str, str] = field(default_factory=dict)
    """How the values of the policy's own choices are called by people, by value."""
    windows: tuple[Window, ...] = ()
    reports: tuple[Report, ...] = ()
    stated_action: Fact[Any] | None = None
    verbs: Mapping[str, str] = field(default_factory=dict)
    """Other words that a facts document may use for an action."""
    party_id: Fact[str] | None = None
    """The fact that says whose matter it is: the party's id, without its role."""
    addressees: Mapping[str, Fact[str]] = field(default_factory=dict)
    """The facts that say who of a role notices go to, where that is not the party itself."""
    balances: tuple[BalanceFact, ...] = ()
    """The facts that are balances; every action that may read one advances its account."""
    play: Play | None = None
    """How a sequence of acts is played in memory, for the case files."""
    returns: Returns | None = None
    """What came of the matters of this policy, as figures over their records."""

    def __post_init__(self) -> None:
        _check(self)

    def __repr__(self) -> str:
        return f"Policy({self.key!r})"

    @property
    def plugin(self) -> str:
        """The name of the plugin."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the policy within its plugin."""
        return self.key.partition(".")[2]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all actions, each once."""
        return tuple(dict.fromkeys(action.table for action in self.lifecycle.actions))

    def clause(self, id: str) -> Clause:
        """The clause of that id; raises ``KeyError``."""
        return self._by_id[id]

    @cached_property
    def _unchanged(self) -> Edition:
        """The edition with the defaults, which most decisions are made by: built once."""
        return Edition(self, values_in_force(self.parameters, {}), self.effective_from)

    @cached_property
    def _by_id(self) -> Mapping[str, Clause]:
        return {clause.id: clause for clause in self.catalogue}

    def edition(
        self, stated: Mapping[str, object] | None = None, effective_from: date | None = None
    ) -> Edition:
        """The edition with these parameter values; raises ``ParameterError`` or ``PolicyError``."""
        if not stated and effective_from is None:
            return self._unchanged
        values = values_in_force(self.parameters, stated or {})
        return Edition(self, values, effective_from or self.effective_from)


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One dated version of a policy with the parameter values in force."""

    policy: Policy
    values: Mapping[str, object]
    effective_from: date

    def __repr__(self) -> str:
        return f"Edition({self.policy.key!r}, {self.hash!r})"

    def __post_init__(self) -> None:
        empty = {window.clause.id for window in self._windows_empty_from(all)}
        if empty:
            raise PolicyError(
                "window_always_empty",
                plugin=self.policy.plugin,
                policy=self.policy.key,
                clause=", ".join(sorted(empty)),
            )

    @cached_property
    def hash(self) -> str:
        """A digest of what decides: the policy, its version, and the values in force."""
        values = {name: _canonical(value) for name, value in self.values.items()}
        text = json.dumps(
            [self.policy.key, self.policy.version, values],
            sort_keys=True,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @cached_property
    def plain_values(self) -> Mapping[str, object]:
        """The values in force as plain data: decimals as strings, sets as sorted lists."""
        return {name: plain_value(value) for name, value in self.values.items()}

    @cached_property
    def sometimes_empty(self) -> tuple[Clause, ...]:
        """The clauses of windows that these values leave empty for some starting days."""
        return tuple(window.clause for window in self._windows_empty_from(any))

    def _windows_empty_from(self, judge: Any) -> Iterator[Window]:
        for window in self.policy.windows:
            emptiness = []
            for start in _SAMPLE_DAYS:
                at = end_of_day(start, zone(self.policy.time_zone))
                situation = Situation({window.start.path: at}, self.values)
                opens, closes = window.opens.value(situation), window.closes.value(situation)
                emptiness.append(opens is not None and closes is not None and opens > closes)
            if judge(emptiness):
                yield window


_SAMPLE_DAYS: Final = tuple(date(2027, 1, 1) + timedelta(days=n) for n in range(366))


def plain_value(value: object) -> object:
    """A parameter's value as plain data: decimals as strings, sets as sorted lists."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, frozenset):
        return sorted(str(v) for v in value)
    return list(value) if isinstance(value, tuple) else value


def _canonical(value: object) -> object:
    """A value as plain data, the same for equal values: 0.2 and 0.20 are one number."""
    return value.as_integer_ratio() if isinstance(value, Decimal) else plain_value(value)


def _check(policy: Policy) -> None:
    def wrong(code: str, **data: object) -> PolicyError:
        return PolicyError(code, plugin=policy.plugin, policy=policy.key, **data)

    if not policy.plugin or not policy.name:
        raise wrong("key_is_not_plugin_dot_policy")
    repeated = [i for i, n in Counter(c.id for c in policy.catalogue).items() if n > 1]
    if repeated:
        raise wrong("clause_id_twice", clause=repeated[0])
    used = set(_clauses_used(policy))
    for clause in policy.catalogue:
        if clause not in used:
            raise wrong("clause_in_no_row", clause=clause.id)
    for clause in used - set(policy.catalogue):
        raise wrong("clause_not_in_catalogue", clause=clause.id)
    actions = [action.name for action in policy.lifecycle.actions]
    for name, n in Counter([*actions, STANDING, REPORT]).items():
        if n > 1:
            raise wrong("action_name_twice", action=name)
    for code, data in _faults_of_returns(policy):
        raise wrong(code, **data)
    states = {state.name for state in policy.lifecycle.states}
    for state in _states_used(policy) - states:
        raise wrong("state_not_declared", state=state)
    read = {id(term) for term in _terms_read(policy)}
    for name, parameter in policy.parameters.by_name.items():
        if id(parameter) not in read:
            raise wrong("parameter_that_nothing_reads", parameter=name)
    for table in policy.tables:
        _check_table(table, wrong)
    policy.edition()


def _faults_of_returns(policy: Policy) -> Iterator[tuple[str, Mapping[str, object]]]:
    if policy.returns is not None:
        yield from faults(
            policy.returns,
            {action.name for action in policy.lifecycle.actions},
            {deadline.kind for deadline in policy.lifecycle.deadlines},
            {account.unit.code for account in policy.accounts},
            tuple(policy.parameters.by_name.values()),
        )


def _check_table(table: Table, wrong: Any) -> None:
    if not table.rows or not _is_default(table.rows[-1]):
        raise wrong("table_without_default", table=table.name)
    for row in table.rows:
        clause = None if row.clause is None else row.clause.id
        for condition in _conditions(row):
            for term in _compared(condition):
                if not term.label and not isinstance(term, Constant):
                    raise wrong("term_without_label", table=table.name, clause=clause)
            for term in terms_of(condition):
                if isinstance(term, Measure) and not term.label:
                    raise wrong("measure_without_label", measure=term.name, clause=clause)


def _is_default(row: Row) -> bool:
    return row.only_if is None and any(isinstance(w.condition, Always) for w in row.whens)


def _conditions(row: Row) -> Iterator[Condition]:
    for when in row.whens:
        yield when.condition
        yield when.effect.at_once
    for condition in (row.only_if, row.claimed):
        if condition is not None:
            yield condition


def _compared(condition: Condition) -> Iterator[Term[Any]]:
    yield from condition.terms()
    for part in condition.conditions():
        yield from _compared(part)


def _clauses_used(policy: Policy) -> Iterator[Clause]:
    lifecycle = policy.lifecycle
    for table in policy.tables:
        yield from every_clause(table.rows)
        yield from table.review.cites
        yield from table.asking.cites
        for check in table.impossible:
            yield from check.cites
        yield from (deadline.clause for deadline in table.deadlines)
    for state in lifecycle.states:
        yield from state.cites
    for derived in lifecycle.derived:
        yield from derived.cites
    yield from (deadline.clause for deadline in lifecycle.deadlines)
    for report in policy.reports:
        yield from report.clauses
    yield from (window.clause for window in policy.windows)
    if policy.returns is not None:
        yield from policy.returns.clauses_used


def _states_used(policy: Policy) -> set[str]:
    lifecycle = policy.lifecycle
    used: set[str] = set()
    for table in policy.tables:
        for effect in (
            table.asking,
            table.review,
            *(w.effect for r in table.rows for w in r.whens),
        ):
            used.update(s for s in (effect.state, effect.reserved) if s is not None)
    for deadline in (*lifecycle.deadlines, *(d for t in policy.tables for d in t.deadlines)):
        used.update((*deadline.stands_in, *deadline.shown_in))
    for derived in lifecycle.derived:
        used.update((derived.state, *derived.of))
    for action in lifecycle.actions:
        used.update(action.from_states or (), action.refuses_in)
    used.update(state.kept_as for state in lifecycle.states if state.kept_as is not None)
    used.update(() if policy.returns is None else policy.returns.states_used)
    return used


def _terms_read(policy: Policy) -> Iterator[Term[Any]]:
    lifecycle = policy.lifecycle
    for table in _with_recommended(policy.tables):
        for row in table.rows:
            for condition in _conditions(row):
                yield from terms_of(condition)
            for when in row.whens:
                effect = when.effect
                amounts = (effect.amount, *(p.amount for p in effect.postings))
                for term in (*amounts, effect.missing, effect.lacking):
                    if term is not None:
                        yield from leaves(term)
        for check in table.impossible:
            yield from _terms_of_check(check)
        for deadline in table.deadlines:
            yield from _terms_of_deadline(deadline)
    for derived in lifecycle.derived:
        yield from terms_of(derived.when)
    for deadline in lifecycle.deadlines:
        yield from _terms_of_deadline(deadline)
    for report in policy.reports:
        for term in report.metrics.values():
            yield from leaves(term)
    yield from () if policy.returns is None else policy.returns.benchmarks


def _terms_of_check(check: Impossible) -> Iterator[Term[Any]]:
    yield from leaves(check.at)
    if check.condition is not None:
        yield from terms_of(check.condition)


def _terms_of_deadline(deadline: DeadlineRule) -> Iterator[Term[Any]]:
    yield from leaves(deadline.on)
    if deadline.calendar is not None:
        yield deadline.calendar


def _with_recommended(tables: tuple[Table, ...]) -> Iterator[Table]:
    """The tables, and those whose outcome they read."""
    for table in tables:
        yield table
        for row in table.rows:
            for condition in _conditions(row):
                for term in terms_of(condition):
                    if isinstance(term, Recommended) and term.table not in tables:
                        yield term.table
