"""Conditions written down: three-valued, each part looked at only where it may still matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

from avoir.clauses import Table
from avoir.compiler.terms import TermWriter, is_instant, is_no_instant, kind_of, unknown_of
from avoir.compiler.writing import Module
from avoir.conditions import (
    INVERSE,
    Always,
    And,
    Comparator,
    Comparison,
    Condition,
    Known,
    Membership,
    Not,
    Or,
    Stated,
    Term,
    walk,
)
from avoir.conditions import Constant as Written
from avoir.kinds import Choice, Flag

Body: TypeAlias = Callable[[], None] | None
"""Writes what follows from a condition; None writes nothing."""

SMALL: Final = 3
"""Parts that a condition may have without being worth a function of its own."""

_SYMBOLS: Final = {
    Comparator.EQ: "==",
    Comparator.NE: "!=",
    Comparator.LT: "<",
    Comparator.LE: "<=",
    Comparator.GT: ">",
    Comparator.GE: ">=",
}


class Shared:
    """Conditions that stand in several places of a table: each is written once, as a function.

    The last place has it written out, since the rows that everybody comes to are the last.
    """

    def __init__(self, table: Table, module: Module) -> None:
        self.module = module
        self._left = Counter(
            id(part) for condition in _conditions(table) for part in walk(condition)
        )

    def function(self, condition: Condition) -> str | None:
        """The function that a condition is called by here; None where it is written out."""
        self._left[id(condition)] -= 1
        if not self._left[id(condition)] or sum(1 for _ in walk(condition)) <= SMALL:
            return None
        name, is_new = self.module.function(condition, "holds")
        if is_new:
            writer = ConditionWriter(self.module, None)
            writer.line(f"return {writer.truth(condition)}")
            self.module.functions.append(writer.text(f"{name}(s, fact, parameter)"))
        return name


def _conditions(table: Table) -> Iterator[Condition]:
    for row in table.rows:
        for condition in (row.only_if, row.claimed, *(when.condition for when in row.whens)):
            if condition is not None:
                yield condition


class ConditionWriter(TermWriter):
    """Writes conditions and what follows from them."""

    def __init__(self, module: Module, shared: Shared | None) -> None:
        super().__init__(module)
        self._shared = shared

    def branch(
        self, condition: Condition, yes: Body, no: Body = None, unknown: Body = None
    ) -> None:
        """Write what follows where a condition holds, does not, or is unknown."""
        negated = False
        while isinstance(condition, Not):
            condition, negated = condition.condition, not negated
        if isinstance(condition, Always):
            following = no if negated else yes
            if following is not None:
                following()
        elif isinstance(condition, And | Or):
            truth = self.truth(condition, negated=negated)
            tests = [(truth, yes)]
            if unknown is not None or no is not None:
                tests.append((f"{truth} is None", unknown))
            self._either(tests, no)
        elif isinstance(condition, Stated):
            held = self.truth(condition.condition)
            self._either([(f"{held} is {'not ' if negated else ''}True", yes)], no)
        else:
            wanting, test = self._leaf(condition, negated=negated)
            if unknown is None and no is None:
                known = [f"{variable} is not None" for variable in wanting]
                self._either([(" and ".join([*known, test]), yes)], None)
            elif wanting:
                self._either([(_any_unknown(wanting), unknown), (test, yes)], no)
            else:
                self._either([(test, yes)], no)

    def _either(self, tests: Sequence[tuple[str, Body]], otherwise: Body) -> None:
        word = "if"
        for test, body in tests:
            with self.block(f"{word} {test}:"):
                if body is not None:
                    body()
            word = "elif"
        if otherwise is not None:
            with self.block("else:"):
                otherwise()

    def truth(self, condition: Condition, *, negated: bool = False) -> str:
        """A condition as a variable that is true, false or None."""
        match condition:
            case Always():
                return str(not negated)
            case Not(condition=inner):
                return self.truth(inner, negated=not negated)
            case And(operands=operands) | Or(operands=operands):
                called = None if self._shared is None else self._shared.function(condition)
                if called is not None:
                    return self._called(called, negated=negated)
                all_of = isinstance(condition, And) is not negated
                return self._joined(_flat(condition, operands), negated=negated, all_of=all_of)
            case Stated(condition=inner):
                held = self.truth(inner)
                result = self.temporary()
                self.line(f"{result} = {held} is {'not ' if negated else ''}True")
                return result
            case _:
                wanting, test = self._leaf(condition, negated=negated)
                result = self.temporary()
                if wanting:
                    test = f"None if {_any_unknown(wanting)} else {test}"
                self.line(f"{result} = {test}")
                return result

    def _called(self, function: str, *, negated: bool) -> str:
        result = self.temporary()
        self.line(f"{result} = {function}(s, fact, parameter)")
        if negated:
            self.line(f"if {result} is not None: {result} = not {result}")
        return result

    def _joined(self, operands: Sequence[Condition], *, negated: bool, all_of: bool) -> str:
        """All of these, or any of them: each is looked at only where it may still matter."""
        if not operands:
            return str(all_of)
        first, *others = operands
        result = self.truth(first, negated=negated)
        if others and not result.startswith("_"):
            held, result = result, self.temporary()
            self.line(f"{result} = {held}")
        self._joined_on(result, others, negated=negated, all_of=all_of)
        return result

    def _joined_on(
        self, result: str, others: Sequence[Condition], *, negated: bool, all_of: bool
    ) -> None:
        if not others:
            return
        settles = "False" if all_of else "True"
        with self.block(f"if {result} is not {settles}:"):
            held = self.truth(others[0], negated=negated)
            neutral = result if all_of else f"{result} is False"
            self.line(f"{result} = {held} if {neutral} or {held} is {settles} else None")
            self._joined_on(result, others[1:], negated=negated, all_of=all_of)

    def _leaf(self, condition: Condition, *, negated: bool) -> tuple[list[str], str]:
        """The variables that must be known for a condition to be settled, and the test then."""
        match condition:
            case Comparison(left=left, comparator=comparator, right=right):
                return self._comparison(left, INVERSE[comparator] if negated else comparator, right)
            case Membership(term=term, values=values):
                one, among = self.term(term), self.term(values)
                test = f"{one.text} {'not ' if negated else ''}in {among.text}"
                return unknown_of(one, among), test
            case Known(term=term):
                return [], f"{self.term(term).text} is {'' if negated else 'not '}None"
            case _:
                name = self.module.object(condition, f"{type(condition).__name__}_condition")
                held = self.temporary()
                self.line(f"{held} = {name}.truth(s)")
                return [held], f"{'not ' if negated else ''}{held}"

    def _comparison(
        self, left: Term[Any], comparator: Comparator, right: Term[Any]
    ) -> tuple[list[str], str]:
        one, other = self.term(left), self.term(right)
        wanting = unknown_of(one, other)
        equal = comparator in (Comparator.EQ, Comparator.NE)
        kind, constant = kind_of(left), right.constant if isinstance(right, Written) else None
        if isinstance(kind, Flag) and isinstance(constant, bool) and equal:
            yes = (comparator is Comparator.EQ) is constant
            return wanting, one.text if yes else f"not {one.text}"
        if isinstance(kind, Choice) and isinstance(constant, Enum) and equal:
            same = "is" if comparator is Comparator.EQ else "is not"
            return wanting, f"{one.text} {same} {other.text}"
        symbol = _SYMBOLS[comparator]
        plain = f"{one.text} {symbol} {other.text}"
        in_utc = f"utc({one.text}) {symbol} utc({other.text})"
        if is_instant(left) or is_instant(right):
            # local times of one zone compare as they stand, but in the hour that comes twice
            return wanting, f"({in_utc} if {one.text}.fold or {other.text}.fold else {plain})"
        if is_no_instant(left) or is_no_instant(right):
            return wanting, plain
        return wanting, f"({in_utc} if {one.text}.__class__ is datetime else {plain})"


def _flat(condition: Condition, operands: Iterable[Condition]) -> list[Condition]:
    """The operands, with those of inner chains of the same kind, without what always holds."""
    found: list[Condition] = []
    for part in operands:
        if type(part) is type(condition) and isinstance(part, And | Or):
            found += _flat(part, part.operands)
        elif not (isinstance(part, Always) and isinstance(condition, And)):
            found.append(part)
    return found


def _any_unknown(variables: Iterable[str]) -> str:
    return " or ".join(f"{variable} is None" for variable in variables)
