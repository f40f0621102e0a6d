"""Tables written down: every row in its order, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from avoir.clauses import ADVERSE, Company, Effect, Outcome, Row, RowKind, Table
from avoir.compiler.choices import Stretch, stretches
from avoir.compiler.conditions import Body, ConditionWriter, Shared, read_by
from avoir.compiler.terms import READ
from avoir.compiler.writing import Module, Source, identifier
from avoir.conditions import (
    ALWAYS,
    INVERSE,
    And,
    Comparison,
    Condition,
    Constant,
    Not,
    Situation,
    Term,
)
from avoir.errors import PolicyError
from avoir.facts import Fact, UnitOf
from avoir.verdicts import GUARD, Status, Verdict, course, possible

EVERYWHERE: Final = "True"
NOWHERE: Final = "False"
"""Whether a ground may be claimed, where its guard says so; as an expression where it does not."""


MANY: Final = 3
"""Rows that still look at something, for which it is worth being looked at before them."""


def verdict(table: Table) -> Source:
    """The function that gives the rows their statuses, down to the one that decides.

    It returns the verdict, or the facts that cannot be together. Below an adverse row it goes on,
    and collects what else is adverse, up to a row that is not or might not be.
    """
    writer, name = RowWriter(table), f"verdict_of_{identifier(table.name)}"
    writer.impossible()
    for stretch in stretches(table.rows):
        writer.stretch(stretch)
    writer.end()
    first = ["st = DEFAULTS[:]", "opened = []", "failed = []"]
    if writer.collected:
        first += ["adverse = []", "amount = None"]
    return writer.source(name, first)


class RowWriter(ConditionWriter):
    """Writes the rows of one table."""

    def __init__(self, table: Table) -> None:
        module = Module(
            {
                **READ,
                "PolicyError": PolicyError,
                "Verdict": Verdict,
                "TABLE": table,
                "DEFAULTS": [_default(row) for row in table.rows],
                **{status.name: status for status in Status},
            }
        )
        super().__init__(module, Shared(table, module))
        self._table = table
        self._readers = Counter(id(term) for row in table.rows for term in _looked_at(row))
        self.collected: set[Outcome] = set()
        """What the rows so far may have come to, with others below them still to be collected."""

    def impossible(self) -> None:
        """Return where facts cannot be together: with every check that finds some."""
        checks = self._table.impossible
        if not checks:
            return
        self.line("wrong = []")
        for index, check in enumerate(checks):
            name = self.module.object(check, f"check_{index}")
            if not isinstance(check.at, Fact | UnitOf):
                paths = self.term(check.at).text
                self.line(f"if {paths}: wrong.append(({name}, {paths}))")
            elif check.condition is not None:
                found = f"wrong.append(({name}, ({check.at.path!r},)))"
                self.branch(check.condition, partial(self.line, found))
        self.line("if wrong: return wrong")

    def stretch(self, stretch: Stretch) -> None:
        """Rows one after another; passed by where a choice is known, and none of them wants it."""
        if stretch.wanted is None:
            self._rows(stretch.rows)
            return
        choice, options = self.term(stretch.wanted.term), stretch.wanted.options
        unknown = f"{choice.text} is None or " if choice.may_be_unknown else ""
        self.line(f"# {', '.join(sorted(str(option.value) for option in options))}")
        with self.block(f"if {unknown}{choice.text} in {self.module.literal(options)}:"):
            self._rows(stretch.rows)

    def _rows(self, rows: Sequence[tuple[int, Row]]) -> None:
        for index, row in rows:
            self._row(index, row)

    def _row(self, index: int, row: Row) -> None:
        """A row above the one that decides, or that one; or below it, where that is adverse."""
        self.line(f"# {index}: {_said(row)}")
        self._read_ahead(row)
        if row.kind is RowKind.NOTE:
            if row.only_if is not None and row.only_if is not ALWAYS:
                self._note(index, row.only_if)
        elif row.only_if is None:
            self._settle(index, row)
        else:
            self.branch(
                row.only_if,
                lambda: self._settle(index, row),
                unknown=lambda: self._guard_is_open(index, row),
            )

    def _read_ahead(self, row: Row) -> None:
        """Look at what many rows below look at too here, and not in each of them."""
        for term in _looked_at(row):
            self._readers[id(term)] -= 1
            if self._readers[id(term)] >= MANY and self.is_ready(term):
                self.term(term)

    def end(self) -> None:
        """Below the last row: what is adverse has been collected, or something decided above."""
        # a policy is checked for a default when it is built; a table by itself is not
        if self.collected:
            self.line(f"if adverse: {self._adverse(len(self._table.rows))}")
        self.line(f"raise PolicyError('table_without_default', table={self._table.name!r})")

    def _note(self, index: int, condition: Condition) -> None:
        def write() -> None:
            self.branch(condition, lambda: self.line(f"st[{index}] = NOTED"))

        if self.collected:
            with self.block("if not adverse:"):
                write()
        else:
            write()

    def _guard_is_open(self, index: int, row: Row) -> None:
        opened = f"opened.append(({index}, {GUARD}))"
        if not self.collected:
            self.line(opened)
            return
        self.line(f"if not adverse: {opened}")
        guarded = self.module.object(_Guarded(row), f"row_{index}")
        with self.block(f"elif {guarded}.may_differ(s, adverse[0].effect.outcome):"):
            self.line(f"st[{index}] = OPEN")
            self.line(self._adverse(index + 1))
        self.line(f"else: st[{index}] = NOT_REACHED")

    def _settle(self, index: int, row: Row) -> None:
        may_claim = self._claimed(index, row)
        if row.kind is not RowKind.GROUND and row.only_if is not None:
            self.line(f"st[{index}] = {_past(row).name}")
        if any(_collects(when.effect) for when in row.whens[:-1]):
            # what is collected goes on with the next row
            with self.block("while True:"):
                self._whens(index, row, may_claim)
                self.line("break")
        else:
            self._whens(index, row, may_claim)
        if row.kind is RowKind.GROUND and row.clause is not None and may_claim != NOWHERE:
            clause = self.module.object(row.clause, row.clause.id)
            self.line(f"if st[{index}] is UNMET: failed.append({clause})")

    def _whens(self, index: int, row: Row, may_claim: str) -> None:
        for position, when in enumerate(row.whens):
            self.branch(
                when.condition,
                self._deciding(index, position, row),
                unknown=self._opening(index, position, row, may_claim),
            )

    def _claimed(self, index: int, row: Row) -> str:
        """Where the unknown facts of a row count; what fails is, if it is claimed, a claim.

        Nobody has to claim what is no ground. Where the guard of a ground says whether it is
        claimed, nothing more needs to be said.
        """
        if row.claimed is None:
            return EVERYWHERE
        if row.only_if is not None and _includes(row.only_if, row.claimed):
            self.line(f"st[{index}] = UNMET")
            return EVERYWHERE
        if row.only_if is not None and _excludes(row.only_if, row.claimed):
            return NOWHERE
        claimed = self.truth(row.claimed)
        self.line(f"if {claimed}: st[{index}] = UNMET")
        return f"{claimed} is not False"

    def _opening(self, index: int, position: int, row: Row, may_claim: str) -> Body:
        outcome = row.whens[position].effect.outcome

        def write() -> None:
            self.line(f"st[{index}] = OPEN")
            opened = f"opened.append(({index}, {position}))"
            if not self.collected:
                self.line(opened)
                return
            self.line(f"if not adverse: {opened}")
            if self.collected != {outcome}:
                self.line(f"elif {self._differs(outcome)}: {self._adverse(index + 1)}")

        def write_where_claimed() -> None:
            with self.block(f"if {may_claim}:"):
                write()

        if may_claim == NOWHERE:
            return None
        return write if may_claim == EVERYWHERE else write_where_claimed

    def _deciding(self, index: int, position: int, row: Row) -> Callable[[], None]:
        effect = row.whens[position].effect
        by = self.module.object(course(self._table, index, position), f"by_{index}_{position}")

        def amount() -> str:
            if effect.amount is None:
                return "None"
            return f"{self.function(effect.amount)}(s, fact, parameter)"

        def write() -> None:
            if self.collected:
                self.line(f"if adverse: {self._adverse(index)}")
            self.line(f"st[{index}] = {_decided(row)}")
            found = f"({by},), st, {index + 1}, opened, failed, {amount()}"
            self.line(f"return Verdict(TABLE, s, {found})")

        def collect() -> None:
            if self.collected - {effect.outcome}:
                differs = self._differs(effect.outcome)
                self.line(f"if adverse and {differs}: {self._adverse(index)}")
            self.collected.add(effect.outcome)
            if effect.amount is not None:
                self.line(f"if not adverse: amount = {amount()}")
            self.line(f"st[{index}] = {_decided(row)}; adverse.append({by})")
            if position + 1 < len(row.whens):
                self.line("break")

        return collect if _collects(effect) else write

    def _adverse(self, reached: int) -> str:
        return f"return Verdict(TABLE, s, adverse, st, {reached}, opened, failed, amount)"

    def _differs(self, outcome: Outcome) -> str:
        return f"adverse[0].effect.outcome is not {self.module.literal(outcome)}"


class _Guarded(msgspec.Struct, frozen=True):
    """A row whose guard may be unknown, below one that is adverse."""

    row: Row

    def may_differ(self, situation: Situation, outcome: Outcome) -> bool:
        """Whether it may bring about another outcome than this."""
        return any(when.effect.outcome is not outcome for when in possible(self.row, situation))


def _includes(guard: Condition, claim: Condition) -> bool:
    """Whether a claim is made wherever a guard holds."""
    if isinstance(guard, And):
        return any(_includes(part, claim) for part in guard.operands)
    return guard is claim or _alike(guard, claim)


def _excludes(guard: Condition, claim: Condition) -> bool:
    """Whether a claim is not made wherever a guard holds."""
    if isinstance(guard, And):
        return any(_excludes(part, claim) for part in guard.operands)
    if isinstance(guard, Not):
        return _includes(guard.condition, claim)
    if not isinstance(claim, Comparison):
        return False
    return _alike(guard, Comparison(claim.left, INVERSE[claim.comparator], claim.right))


def _alike(one: Condition, other: Condition) -> bool:
    """Whether two comparisons are the same: of the same term, with the same constant."""
    if not isinstance(one, Comparison) or not isinstance(other, Comparison):
        return False
    right, same = one.right, other.right
    return (
        one.left is other.left
        and one.comparator is other.comparator
        and isinstance(right, Constant)
        and isinstance(same, Constant)
        and right.constant is same.constant
    )


def _looked_at(row: Row) -> Sequence[Term[Any]]:
    """The terms that the conditions of a row compare, each once."""
    conditions = (row.only_if, row.claimed, *(when.condition for when in row.whens))
    found = (term for c in conditions if c is not None for term in read_by(c))
    return list({id(term): term for term in found}.values())


def _collects(effect: Effect) -> bool:
    """Whether an effect is stated together with the adverse ones below it."""
    return effect.outcome in ADVERSE and effect.company is not Company.ALONE


def _default(row: Row) -> Status:
    """The status of a row where nothing is written about it."""
    if row.kind is RowKind.NOTE:
        return Status.NOTED if row.only_if in (None, ALWAYS) else Status.PASSED_OVER
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
