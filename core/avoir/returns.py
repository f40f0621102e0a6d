"""Returns: what came of a business's matters, as figures over its records, declared as data.

The word is that of the terms: what an action brought in, or gave back. A figure counts cases or
records, or adds amounts up; its cases are those that were opened in the period asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

from avoir.clauses import Clause, Effective, Outcome
from avoir.money import Unit
from avoir.parameters import Parameter

KEYS: Final = frozenset({"period", "party"})
"""What the rows of returns go by; no figure may take these names."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Records of these actions; where it matters, with these outcomes, or decided by these clauses.

    What is None does not matter. ``takes_effect`` says when the decision took effect: one that
    waits for a ruling has given nothing yet. The deciding clause of a ruling that only confirms
    what was recommended is that of the recommendation.
    """

    actions: tuple[str, ...]
    outcomes: tuple[Outcome, ...] | None = None
    takes_effect: tuple[Effective, ...] | None = None
    decided_by: tuple[Clause, ...] | None = None
    not_decided_by: tuple[Clause, ...] | None = None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that are told apart."""
        return (*(self.decided_by or ()), *(self.not_decided_by or ()))


class Counted(StrEnum):
    """Whether a case counts once, or each of its records."""

    CASES = "cases"
    EVENTS = "events"


class Worth(StrEnum):
    """Which amounts add up: what was booked on the party's accounts, or what was decided.

    ``LATEST`` takes of each case the amount of the last such decision: what was assessed again
    does not add up.
    """

    BOOKED = "booked"
    DECIDED = "decided"
    LATEST = "latest"


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """How many cases have such records, or how many such records there are.

    ``among`` names an earlier count of cases: only what counts there counts here. ``in_states``
    keeps the cases that are in one of these states now.
    """

    name: str
    label: str
    of: Events
    counted: Counted = Counted.CASES
    among: str | None = None
    in_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """How much such records come to, in one unit of the policy's accounts."""

    name: str
    label: str
    of: Events
    unit: Unit
    worth: Worth = Worth.BOOKED
    among: str | None = None
    in_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """One count of another, or one total of another; unknown where the whole is nothing.

    ``benchmark`` is the parameter that it is held against.
    """

    name: str
    label: str
    part: str
    whole: str
    benchmark: Parameter[Decimal] | None = None


Measured: TypeAlias = Count | Total
"""A figure that is read from records."""

Figure: TypeAlias = Measured | Share


class FigureKind(StrEnum):
    """What a figure is: a number, an amount of money, or a share of one figure in another."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"


def kind_of(figure: Figure) -> FigureKind:
    """What a figure is."""
    if isinstance(figure, Count):
        return FigureKind.COUNT
    return FigureKind.MONEY if isinstance(figure, Total) else FigureKind.SHARE


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """The cases that stand in each of these states now, in the order of the process.

    ``due`` is the kind of the deadline by which a case there is overdue.
    """

    label: str
    states: tuple[str, ...]
    due: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """The returns of a policy: its figures, what its matters came to, and where they stand.

    ``outcomes`` are the records that are counted by outcome and deciding clause. ``clauses`` are
    those that the returns rest on.
    """

    clauses: tuple[Clause, ...]
    figures: tuple[Figure, ...]
    outcomes: Events | None = None
    pipeline: Pipeline | None = None

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The figures that are read from records; the others follow from them."""
        return tuple(figure for figure in self.figures if not isinstance(figure, Share))

    @property
    def shares(self) -> tuple[Share, ...]:
        """The figures that follow from others."""
        return tuple(figure for figure in self.figures if isinstance(figure, Share))

    @property
    def events(self) -> tuple[Events, ...]:
        """Every selection of records."""
        selections = tuple(figure.of for figure in self.measured)
        return selections if self.outcomes is None else (*selections, self.outcomes)

    @property
    def clauses_used(self) -> Iterator[Clause]:
        """Every clause that stands somewhere here."""
        yield from self.clauses
        for events in self.events:
            yield from events.clauses

    @property
    def states_used(self) -> Iterator[str]:
        """Every state that is named somewhere here."""
        for figure in self.measured:
            yield from figure.in_states
        yield from () if self.pipeline is None else self.pipeline.states

    @property
    def benchmarks(self) -> tuple[Parameter[Decimal], ...]:
        """The parameters that shares are held against."""
        return tuple(s.benchmark for s in self.shares if s.benchmark is not None)


Fault: TypeAlias = tuple[str, Mapping[str, object]]
"""What is wrong with returns: a code, and what is at fault."""


def faults(
    returns: Returns,
    actions: Collection[str],
    deadlines: Collection[str],
    units: Collection[str],
    parameters: Collection[Parameter[Any]],
) -> Iterator[Fault]:
    """What is wrong with the returns of a policy that has these; states and clauses aside."""
    for events in returns.events:
        for action in events.actions:
            if action not in actions:
                yield "action_not_declared", {"action": action}
    before: dict[str, Figure] = {}
    for figure in returns.figures:
        name = figure.name
        if name in before:
            yield "figure_name_twice", {"figure": name}
        if not name.isidentifier() or name in KEYS:
            yield "figure_name_is_no_name", {"figure": name}
        if isinstance(figure, Share):
            yield from _faults_of_a_share(figure, before)
        else:
            among = None if figure.among is None else before.get(figure.among)
            if figure.among is not None and not _counts_cases(among):
                yield "figure_not_declared", {"figure": name, "named": figure.among}
            if isinstance(figure, Total) and figure.unit.code not in units:
                yield "unit_without_account", {"figure": name, "unit": figure.unit.code}
        before[name] = figure
    known = {id(parameter) for parameter in parameters}
    for benchmark in returns.benchmarks:
        if id(benchmark) not in known:
            yield "parameter_not_declared", {"parameter": benchmark.label}
    due = None if returns.pipeline is None else returns.pipeline.due
    if due is not None and due not in deadlines:
        yield "deadline_not_declared", {"deadline": due}


def _counts_cases(figure: Figure | None) -> bool:
    return isinstance(figure, Count) and figure.counted is Counted.CASES


def _faults_of_a_share(share: Share, before: Mapping[str, Figure]) -> Iterator[Fault]:
    parts = []
    for named in (share.part, share.whole):
        figure = before.get(named)
        if figure is None or isinstance(figure, Share):
            yield "figure_not_declared", {"figure": share.name, "named": named}
            return
        parts.append(figure.unit.code if isinstance(figure, Total) else None)
    if parts[0] != parts[1]:
        yield "share_of_unlike_figures", {"figure": share.name}
