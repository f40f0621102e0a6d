"""Compiled tables beside the interpreter: the same verdicts and decisions on random facts.

``python -m tests.contracts.agreement [TRIES]`` tries so many random situations on every table of
every installed policy, and prints for each policy how many there were and on what they agreed.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from avoir.clauses import Table
from avoir.compiler import read_by
from avoir.conditions import Situation, Term
from avoir.decisions import decide, impossible_facts
from avoir.facts import read
from avoir.kinds import (
    Amount,
    Choice,
    Date,
    Entry,
    Exact,
    Flag,
    Instant,
    Kind,
    ListOf,
    SetOf,
    Sign,
    Whole,
    ZoneName,
)
from avoir.money import Money, Unit
from avoir.policies import Policy
from avoir.programs import program, readings, truth, value, values
from avoir.verdicts import Status
from tests.contracts.clauses import examples, host
from tests.core.interpreted import interpreted, walk

START: Final = datetime(2025, 2, 20, 23, 30, tzinfo=UTC)
WORDS: Final = ("", " ", "x", "A", "G", "L-1", "prescriber:A", "professional:P-1", "roofing")


@cache
def recorded(policy: Policy, table: Table) -> Sequence[Mapping[str, object]]:
    """The facts of the recorded examples that a table decides, as they are read."""
    found = []
    for example in examples(policy):
        action = policy.lifecycle.action(policy.verbs.get(example.action, example.action))
        if action is not None and action.table is table:
            found.append(read(example.facts, policy.facts, policy.time_zone).values)
    return found


def situation(policy: Policy, table: Table, chance: random.Random) -> Situation:
    """Random facts, some of them unknown, under random parameters.

    Most are those of a recorded example with a few of them changed or gone: facts that are all
    random seldom get further than the first rows.
    """
    zone = ZoneInfo(policy.time_zone)
    known = recorded(policy, table)
    facts: dict[str, object] = {}
    if known and chance.random() < 0.8:
        facts.update(chance.choice(known))
        for path in chance.sample(list(policy.facts.by_path), chance.randrange(6)):
            facts.pop(path, None)
            if chance.random() < 0.6:
                facts[path] = _value(policy.facts.by_path[path].kind, policy, chance, zone)
    else:
        density = chance.choice((0.3, 0.7, 0.9, 1.0))
        facts = {
            path: _value(fact.kind, policy, chance, zone)
            for path, fact in policy.facts.by_path.items()
            if chance.random() < density
        }
    values = dict(policy.edition().values)
    for name, parameter in policy.parameters.by_name.items():
        if chance.random() < 0.2:
            values[name] = _parameter(parameter.kind, values[name], chance)
    return Situation(facts, values)


def _value(kind: Kind[Any], policy: Policy, chance: random.Random, zone: ZoneInfo) -> object:
    def inner(of: Kind[Any]) -> object:
        return _value(of, policy, chance, zone)

    match kind:
        case Choice():
            return chance.choice(_options(kind))
        case Flag():
            return chance.random() < 0.5
        case Whole():
            low = max(kind.low, 0)
            return chance.randrange(low, min(kind.high, low + 6) + 1)
        case Exact():
            return Decimal(chance.choice(("0", "0.5", "20", "80", "-1")))
        case Amount():
            return Money(_smallest(kind, chance), kind.unit or _unit(policy, chance))
        case Instant():
            return _moment(chance).astimezone(zone)
        case Date():
            return _moment(chance).date()
        case ZoneName():
            return zone.key
        case Entry():
            known = {n: inner(k) for n, k in kind.fields.items() if chance.random() < 0.8}
            return kind.item(**known)
        case ListOf(kind=of):
            return tuple(inner(of) for _ in range(chance.randrange(4)))
        case SetOf(kind=of):
            return frozenset(inner(of) for _ in range(chance.randrange(3)))
        case _:
            return chance.choice(WORDS)


def _options(kind: Choice[Any]) -> Sequence[StrEnum]:
    return [option for option in kind.options]  # noqa: C416 - a class is no list to a type checker


def _smallest(kind: Amount, chance: random.Random) -> int:
    amount = chance.choice((0, 1, 80, 4_500, 100_000_020, 1_000_000_000))
    return amount + (kind.sign is Sign.MORE_THAN_ZERO)


def _unit(policy: Policy, chance: random.Random) -> Unit:
    units = [account.unit for account in policy.accounts]
    return Unit("XTS", 2) if chance.random() < 0.05 or not units else chance.choice(units)


def _moment(chance: random.Random) -> datetime:
    # days on both sides of a month, a year, and the nights in which the clocks change
    days = chance.choice((0, 0, 1, 3, 5, 7, 17, 28, 31, 60, 250, 366))
    return START + timedelta(days=days, minutes=chance.choice((0, 1, 59, 60, 390, 1439)))


def _parameter(kind: Kind[Any], value: object, chance: random.Random) -> object:
    match kind:
        case Choice():
            return chance.choice(_options(kind))
        case Flag():
            return chance.random() < 0.5
        case Whole():
            return chance.choice((kind.low, min(kind.high, kind.low + 3), value))
        case SetOf(kind=Choice() as of):
            return frozenset(option for option in of.options if chance.random() < 0.5)
        case _:
            return value


def disagreement(policy: Policy, table: Table, made: Situation) -> str | None:
    """Where the compiled table and the interpreter differ in a situation; None where nowhere."""

    def compiled() -> object:
        verdict = program(table)(made)
        if isinstance(verdict, list):
            return [path for _, paths in verdict for path in paths]
        return interpreted(verdict)

    def oracle() -> object:
        again = Situation(made.facts, made.parameters)
        faults, _ = impossible_facts(table.impossible, again)
        return [fault.path for fault in faults] or walk(table, again)

    one, other = _outcome(compiled), _outcome(oracle)
    if one != other:
        return f"{policy.key} {table.name}: compiled {one}, interpreted {other} of {made.facts}"
    return None


def _outcome(make: Callable[[], object]) -> object:
    try:
        return make()
    except Exception as raised:
        return type(raised)


def amounts_agree(policy: Policy, table: Table, made: Situation) -> bool:
    """Whether the amount of a compiled verdict is what its term says."""
    try:
        verdict = program(table)(made)
    except Exception:  # what one raises, the other must raise: that is a disagreement or none
        return True
    if isinstance(verdict, list) or verdict.effect.amount is None:
        return True
    return verdict.amount == verdict.effect.amount.value(Situation(made.facts, made.parameters))


def parts_disagree(policy: Policy, table: Table, made: Situation) -> Sequence[str]:
    """The terms and conditions that decisions bring with them whose programs say something else."""
    deadlines = (*policy.lifecycle.deadlines, *table.deadlines)
    effects = [when.effect for row in table.rows for when in row.whens]
    terms: list[Term[Any] | None] = [*(d.on for d in deadlines), *(d.calendar for d in deadlines)]
    terms += [
        term for e in effects for term in (e.amount, e.lacking, *(p.amount for p in e.postings))
    ]
    conditions = [n.only_if for n in (*table.notices, *(n for e in effects for n in e.notices))]
    conditions += [effect.at_once for effect in effects]
    again = Situation(made.facts, made.parameters)
    differing = [
        term.label
        for term in terms
        if term is not None
        and _outcome(partial(value, term, made)) != _outcome(partial(term.value, again))
    ]
    differing += [
        type(condition).__name__
        for condition in conditions
        if _outcome(partial(truth, condition, made)) != _outcome(partial(condition.truth, again))
    ]
    together = dates(policy, table)
    one = _outcome(lambda: tuple(values(together, made)))
    if one != _outcome(lambda: tuple(term.value(again) for term in together)):
        differing.append(f"{table.name}: dates read together")
    return differing


@cache
def dates(policy: Policy, table: Table) -> tuple[Term[Any], ...]:
    """The terms of all deadlines that a decision of a table may name."""
    return tuple(deadline.on for deadline in (*policy.lifecycle.deadlines, *table.deadlines))


def readings_disagree(table: Table, made: Situation) -> Sequence[str]:
    """The labels under which the program of a table's readings reads something else."""
    again = Situation(made.facts, made.parameters)
    differing = []
    for index, row in enumerate(table.rows):
        if row.clause is None:
            continue
        statuses = [Status.NOT_REACHED] * len(table.rows)
        statuses[index] = Status.MET
        one = _outcome(partial(readings, table, made, statuses))
        other = _outcome(partial(_read, index, read_by(row), again))
        if one != other:
            differing.append(f"{table.name} {index}: {row.clause.id} read something else")
    return differing


def _read(index: int, terms: Sequence[Term[Any]], made: Situation) -> object:
    return [(index, tuple(term.value(made) for term in terms))]


def outcome(policy: Policy, table: Table, made: Situation) -> str:
    """What the decision comes to, all of it worked out."""
    try:
        return decide(table, made, policy.facts, policy.time_zone).complete().outcome.value
    except Exception as raised:
        return type(raised).__name__


def main(arguments: Sequence[str]) -> int:
    """Try, print what came of it; 1 where anything differed."""
    tries = int(arguments[0]) if arguments else 1_000
    differing = 0
    for policy in host().policies.values():
        chance = random.Random(policy.key)
        tables: Mapping[str, Table] = {table.name: table for table in policy.tables}
        found: Counter[str] = Counter()
        for table in tables.values():
            for _ in range(tries):
                made = situation(policy, table, chance)
                wrong = disagreement(policy, table, made)
                if wrong is not None:
                    differing += 1
                    print(wrong)
                for name in (*parts_disagree(policy, table, made), *readings_disagree(table, made)):
                    differing += 1
                    print(f"{policy.key} {table.name}: {name}, of {made.facts}")
                found[outcome(policy, table, made)] += 1
        counted = ", ".join(f"{name} {count:,}" for name, count in found.most_common())
        print(f"{policy.key}: {len(tables)} tables, {found.total():,} situations: {counted}")
    print(f"{differing} differing")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
