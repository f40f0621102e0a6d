"""Policies: one business's terms as code, checked when it is built; editions with their values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from avoir.checks import check
from avoir.clauses import Clause, Impossible, Table
from avoir.conditions import Situation, Term
from avoir.decisions import Decision
from avoir.errors import PolicyError
from avoir.facts import Fact, Facts
from avoir.ledger import Account
from avoir.lifecycles import Lifecycle, Role
from avoir.money import Money
from avoir.parameters import Parameters, values_in_force
from avoir.periods import end_of_day, zone
from avoir.returns import Returns

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
        check(self, taken=(STANDING, REPORT))
        self.edition()

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
        empty = {window.clause.id for window in self._windows_empty_on(all)}
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
    def named(self) -> Mapping[str, str]:
        """What a decision says of the edition that made it."""
        return {
            "hash": self.hash,
            "policy": self.policy.key,
            "version": self.policy.version,
            "effective_from": self.effective_from.isoformat(),
        }

    @cached_property
    def plain_values(self) -> Mapping[str, object]:
        """The values in force as plain data: decimals as strings, sets as sorted lists."""
        return {name: plain_value(value) for name, value in self.values.items()}

    @cached_property
    def sometimes_empty(self) -> tuple[Clause, ...]:
        """The clauses of windows that these values leave empty for some starting days."""
        return tuple(window.clause for window in self._windows_empty_on(any))

    def _windows_empty_on(self, judge: Callable[[Iterator[bool]], bool]) -> Iterator[Window]:
        """The windows that are empty on all, or any, of the days that may open them."""
        for window in self.policy.windows:
            if judge(self._is_empty(window, start) for start in _SAMPLE_DAYS):
                yield window

    def _is_empty(self, window: Window, start: date) -> bool:
        at = end_of_day(start, zone(self.policy.time_zone))
        situation = Situation({window.start.path: at}, self.values)
        opens, closes = window.opens.value(situation), window.closes.value(situation)
        return opens is not None and closes is not None and opens > closes


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
