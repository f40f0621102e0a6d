"""Tables written down: every row in its order, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from avoir.clauses import ADVERSE, Company, Effect, Outcome, Row, RowKind, Table, When
from avoir.compiler.conditions import Body, ConditionWriter, Shared
from avoir.compiler.writing import Module, Source, identifier
from avoir.conditions import Situation, Term
from avoir.errors import PolicyError
from avoir.measures import Unknown
from avoir.periods import end_of_month
from avoir.verdicts import GUARD, Status, possible

CERTAIN = "True"
"""A ground that is claimed for certain, or a row that nobody has to claim."""


def utc(instant: datetime) -> datetime:
    """An instant that compares rightly even in the hour that comes twice a year."""
    return instant.astimezone(UTC)


def statuses(table: Table) -> Source:
    """The function that gives the rows their statuses, down to the one that decides.

    It returns None where facts are impossible, else the row, its condition, the statuses, what is
    open, and the amount.
    """
    writer, name = RowWriter(table), f"statuses_of_{identifier(table.name)}"
    writer.impossible()
    for index, row in enumerate(table.rows):
        writer.row(index, row)
    # a policy is checked for this when it is built; a table by itself is not
    writer.line(f"raise PolicyError('table_without_default', table={table.name!r})")
    first = ["st = DEFAULTS[:]", "opened = []"]
    return writer.source(name, writer.text(f"{name}(s, fact, parameter)", first))


def below(table: Table) -> Source:
    """The function that finds the adverse rows below one that decided, up to one that might not.

    It goes on writing the statuses; it returns rows with their conditions.
    """
    writer, name = RowWriter(table), f"below_in_{identifier(table.name)}"
    for index, row in enumerate(table.rows):
        if index and row.kind is not RowKind.NOTE:
            writer.row_below(index, row)
    writer.line("return also")
    head = f"{name}(s, fact, parameter, start, outcome, st)"
    return writer.source(name, writer.text(head, ["also = []"]))


class RowWriter(ConditionWriter):
    """Writes the rows of one table."""

    def __init__(self, table: Table) -> None:
        module = Module(
            {
                "U": object(),
                "PolicyError": PolicyError,
                "Unknown": Unknown,
                "DEFAULTS": [_default(row) for row in table.rows],
                "datetime": datetime,
                "timedelta": timedelta,
                "end_of_month": end_of_month,
                "utc": utc,
                **{status.name: status for status in Status},
            }
        )
        shared = Shared(table, module)
        super().__init__(module, shared)
        self._table = table

    def source(self, name: str, text: str) -> Source:
        """The function, with those it calls before it."""
        return Source(name, "\n\n".join([*self.module.functions, text]), self.module.values)

    def impossible(self) -> None:
        """Return at once where facts cannot be together: which, the checks themselves say."""
        for check in self._table.impossible:
            if check.condition is not None:
                self.branch(check.condition, lambda: self.line("return None"))
            elif isinstance(check.at, Term):
                self.line(f"if {self.term(check.at).text}: return None")

    def row(self, index: int, row: Row) -> None:
        """A row above the one that decides, or that one."""
        self.line(f"# {index}: {_said(row)}")
        if row.kind is RowKind.NOTE:
            if row.only_if is not None:
                self.branch(row.only_if, lambda: self.line(f"st[{index}] = NOTED"))
        elif row.only_if is None:
            self._settle(index, row)
        else:
            self.branch(
                row.only_if,
                lambda: self._settle(index, row),
                unknown=lambda: self.line(f"opened.append(({index}, {GUARD}))"),
            )

    def _settle(self, index: int, row: Row) -> None:
        may_claim = self._claimed(index, row)
        if row.kind is not RowKind.GROUND and row.only_if is not None:
            self.line(f"st[{index}] = {_past(row).name}")
        for position, when in enumerate(row.whens):
            self.branch(
                when.condition,
                self._deciding(index, position, row, when.effect),
                unknown=self._opening(index, position, may_claim),
            )

    def _claimed(self, index: int, row: Row) -> str:
        """Whether a ground is claimed, or may be; what fails then is a claim that failed."""
        if row.claimed is None:
            return CERTAIN
        if row.claimed is row.only_if:
            self.line(f"st[{index}] = UNMET")
            return CERTAIN
        claimed = self.truth(row.claimed)
        self.line(f"if {claimed}: st[{index}] = UNMET")
        return claimed

    def _opening(self, index: int, position: int, may_claim: str) -> Body:
        def write() -> None:
            self.line(f"opened.append(({index}, {position})); st[{index}] = OPEN")

        def write_where_claimed() -> None:
            with self.block(f"if {may_claim} is not False:"):
                write()

        return write if may_claim == CERTAIN else write_where_claimed

    def _deciding(self, index: int, position: int, row: Row, effect: Effect) -> Body:
        def write() -> None:
            amount = "None"
            if effect.amount is not None:
                amount = f"{self.function(effect.amount)}(s, fact, parameter)"
            self.line(f"st[{index}] = {_decided(row)}")
            self.line(f"return {index}, {position}, st, opened, {amount}")

        return write

    # -- below the row that decided ----------------------------------------------------------

    def row_below(self, index: int, row: Row) -> None:
        """A row below the one that decided."""
        self.line(f"# {index}: {_said(row)}")
        with self.block(f"if start < {index}:"):
            if row.only_if is None:
                self._settle_below(index, row)
                return
            guarded = self.module.object(_Guarded(row), f"row_{index}")

            def unknown() -> None:
                with self.block(f"if {guarded}.may_differ(s, outcome):"):
                    self.line(f"st[{index}] = OPEN")
                    self.line("return also")

            self.branch(
                row.only_if,
                lambda: self._settle_below(index, row),
                lambda: self.line(f"st[{index}] = PASSED_OVER"),
                unknown,
            )

    def _settle_below(self, index: int, row: Row) -> None:
        self.line(f"st[{index}] = {_past(row).name}")
        may_claim = self._claimed(index, row)
        if len(row.whens) == 1:
            self._when_below(index, row.whens[0], may_claim, self._adding(index, 0, row))
            return
        self.line("hit = -1")
        for position, when in enumerate(row.whens):
            with self.block("if hit < 0:"):
                self._when_below(index, when, may_claim, self._hitting(position))
        for position in range(len(row.whens)):
            with self.block(f"if hit == {position}:"):
                self._add(index, position, row)

    def _when_below(self, index: int, when: When, may_claim: str, found: Body) -> None:
        outcome = self.module.literal(when.effect.outcome)

        def opened() -> None:
            with self.block(f"if {may_claim} is not False:"):
                self.line(f"st[{index}] = OPEN")
                self.line(f"if outcome is not {outcome}: return also")

        self.branch(when.condition, found, unknown=opened)

    def _hitting(self, position: int) -> Body:
        return lambda: self.line(f"hit = {position}")

    def _adding(self, index: int, position: int, row: Row) -> Body:
        return lambda: self._add(index, position, row)

    def _add(self, index: int, position: int, row: Row) -> None:
        """Another adverse row, or the end of them."""
        effect = row.whens[position].effect
        if effect.outcome not in ADVERSE or effect.company is Company.ALONE:
            self.line(f"st[{index}] = NOT_REACHED")
            self.line("return also")
            return
        with self.block(f"if outcome is not {self.module.literal(effect.outcome)}:"):
            self.line(f"st[{index}] = NOT_REACHED")
            self.line("return also")
        self.line(f"st[{index}] = {_decided(row)}; also.append(({index}, {position}))")


class _Guarded(msgspec.Struct, frozen=True):
    """A row whose guard may be unknown, for the function that looks below."""

    row: Row

    def may_differ(self, situation: Situation, outcome: Outcome) -> bool:
        """Whether it may bring about another outcome than this."""
        return any(when.effect.outcome is not outcome for when in possible(self.row, situation))


def _default(row: Row) -> Status:
    """The status of a row where nothing is written about it."""
    if row.kind is RowKind.NOTE:
        return Status.NOTED if row.only_if is None else Status.PASSED_OVER
    return Status.PASSED_OVER if row.only_if is not None else _past(row)


def _past(row: Row) -> Status:
    """The status of a row that applies and does not decide; of a ground, where none claims it."""
    if row.kind is RowKind.GROUND:
        return Status.PASSED_OVER
    return Status.MET if row.kind is RowKind.REQUIREMENT else Status.UNMET


def _decided(row: Row) -> str:
    """The status of a row that decides, by name."""
    return (Status.UNMET if row.kind is RowKind.REQUIREMENT else Status.MET).name


def _said(row: Row) -> str:
    """What a row is called in a comment."""
    return row.kind.value if row.clause is None else f"{row.clause.id} ({row.kind.value})"
