"""Checks: what a policy may not be, found when it is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from avoir.clauses import Clause, Row, Table, every_clause
from avoir.conditions import Always, Condition, Constant, Term
from avoir.decisions import Recommended
from avoir.errors import PolicyError
from avoir.measures import Measure
from avoir.returns import faults

if TYPE_CHECKING:
    from avoir.lifecycles import Lifecycle
    from avoir.policies import Policy

Wrong: TypeAlias = Callable[..., PolicyError]


def check(policy: Policy, taken: Collection[str]) -> None:
    """Raise ``PolicyError`` where something in a policy is wrong.

    No action may have a name that is ``taken``.
    """

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
    for name, n in Counter([*actions, *taken]).items():
        if n > 1:
            raise wrong("action_name_twice", action=name)
    for code, data in _faults_of_returns(policy):
        raise wrong(code, **data)
    for code, data in _faults_of_waiting(policy.lifecycle):
        raise wrong(code, **data)
    states = {state.name for state in policy.lifecycle.states}
    for state in _states_used(policy) - states:
        raise wrong("state_not_declared", state=state)
    read = _terms_read(policy)
    for name, parameter in policy.parameters.by_name.items():
        if parameter not in read:
            raise wrong("parameter_that_nothing_reads", parameter=name)
    looked_at = Read()
    for table in policy.tables:
        _check_table(table, looked_at, wrong)


def _faults_of_waiting(lifecycle: Lifecycle) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Acts that nobody has, or that are not for whom a case waits; deadlines that are not kept."""
    actors = {action.name: action.actors for action in lifecycle.actions}
    for waiting in lifecycle.waiting:
        for name in (*waiting.settled_by, *waiting.left_by):
            if name not in actors:
                yield "action_not_declared", {"action": name}
        for name in waiting.settled_by:
            if waiting.role not in actors[name]:
                yield "settled_by_another_role", {"action": name, "role": waiting.role.value}
        if waiting.due is not None and waiting.due not in lifecycle.deadlines:
            yield "deadline_not_declared", {"deadline": waiting.due.kind}


def _faults_of_returns(policy: Policy) -> Iterator[tuple[str, Mapping[str, object]]]:
    if policy.returns is not None:
        yield from faults(
            policy.returns,
            {action.name for action in policy.lifecycle.actions},
            {deadline.kind for deadline in policy.lifecycle.deadlines},
            {account.unit.code for account in policy.accounts},
            tuple(policy.parameters.by_name.values()),
        )


def _check_table(table: Table, read: Read, wrong: Wrong) -> None:
    if not table.rows or not _is_default(table.rows[-1]):
        raise wrong("table_without_default", table=table.name)
    for row in table.rows:
        clause = None if row.clause is None else row.clause.id
        for condition in _conditions(row):
            for term in read.condition(condition):
                if not term.label and not isinstance(term, Constant):
                    raise wrong("term_without_label", table=table.name, clause=clause)
        for term in read.latest():
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
    for waiting in lifecycle.waiting:
        used.update(waiting.states)
    for action in lifecycle.actions:
        used.update(action.from_states or (), action.refuses_in)
    used.update(state.kept_as for state in lifecycle.states if state.kept_as is not None)
    used.update(() if policy.returns is None else policy.returns.states_used)
    return used


class Read:
    """The terms that conditions and other terms read, each looked at once."""

    def __init__(self) -> None:
        # an id is one's own only while one is kept
        self._conditions: dict[int, Condition] = {}
        self._terms: dict[int, Term[Any]] = {}
        self._latest: list[Term[Any]] = []

    def __contains__(self, term: Term[Any]) -> bool:
        return id(term) in self._terms

    def latest(self) -> Sequence[Term[Any]]:
        """The terms that were found since this was last asked."""
        found, self._latest = self._latest, []
        return found

    def condition(self, condition: Condition) -> Sequence[Term[Any]]:
        """Read a condition; the terms that it compares itself, unless it was read before."""
        if id(condition) in self._conditions:
            return ()
        self._conditions[id(condition)] = condition
        compared = [*condition.terms()]
        for term in compared:
            self.term(term)
        for part in condition.conditions():
            compared += self.condition(part)
        return compared

    def term(self, term: Term[Any]) -> None:
        """Read a term, and all that it is made of."""
        if id(term) not in self._terms:
            self._terms[id(term)] = term
            self._latest.append(term)
            for part in term.parts():
                self.term(part)


def _terms_read(policy: Policy) -> Read:
    lifecycle, read = policy.lifecycle, Read()
    terms: list[Term[Any] | None] = []
    deadlines = [*lifecycle.deadlines]
    tables = [*policy.tables]
    for table in tables:
        for row in table.rows:
            for condition in _conditions(row):
                read.condition(condition)
            for when in row.whens:
                effect = when.effect
                terms += (effect.amount, effect.missing, effect.lacking)
                terms += [posting.amount for posting in effect.postings]
        # a table may read what another one comes to
        recommended = [term.table for term in read.latest() if isinstance(term, Recommended)]
        tables += [other for other in recommended if other not in tables]
        for check in table.impossible:
            terms.append(check.at)
            if check.condition is not None:
                read.condition(check.condition)
        deadlines += table.deadlines
    for derived in lifecycle.derived:
        read.condition(derived.when)
    for deadline in deadlines:
        terms += (deadline.on, deadline.calendar)
    for report in policy.reports:
        terms += report.metrics.values()
    terms += () if policy.returns is None else policy.returns.benchmarks
    for term in terms:
        if term is not None:
            read.term(term)
    return read
