"""Conditions written down: three-valued, each part looked at only where it may still matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from avoir.clauses import Table
from avoir.compiler.expressions import Side, Test, compared, joined, wrapped
from avoir.compiler.terms import (
    READ,
    TermWriter,
    Value,
    is_choice,
    is_flag,
    is_instant,
    is_no_instant,
)
from avoir.compiler.writing import Module, Source
from avoir.conditions import (
    ALWAYS,
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


class Arm(NamedTuple):
    """What follows from a test; which variables are known where it is true, and where it is not."""

    test: str
    body: Body
    known_so: tuple[str, ...] = ()
    known_else: tuple[str, ...] = ()


class ConditionWriter(TermWriter):
    """Writes conditions and what follows from them."""

    def __init__(self, module: Module, shared: Shared | None) -> None:
        super().__init__(module)
        self._shared = shared

    def branch(
        self,
        condition: Condition,
        yes: Callable[[], None],
        no: Body = None,
        unknown: Body = None,
        *,
        negated: bool = False,
    ) -> None:
        """Write what follows where a condition holds, does not, or is unknown."""
        only_yes = unknown is None and no is None
        if isinstance(condition, Not):
            self.branch(condition.condition, yes, no, unknown, negated=not negated)
        elif isinstance(condition, And | Or) and len(parts := _parts(condition)) == 1:
            self.branch(parts[0], yes, no, unknown, negated=negated)
        elif isinstance(condition, Always):
            following = no if negated else yes
            if following is not None:
                following()
        elif (
            only_yes
            and not negated
            and isinstance(condition, And)
            and not self._is_cheap(condition)
        ):
            function = None if self._is_plain(condition) else self._function(condition)
            if function is None:
                self._nested(self._cheap_first(condition), yes)
            else:
                self._either([Arm(f"{function}(s, fact, parameter)", yes)])
        elif self._is_plain(condition):
            test = self.test(condition, negated=negated)
            opened = Arm(test.unknown, unknown, (), test.known_else)
            if test.bare and unknown is not None:
                self._either([opened, Arm(test.bare, yes)], no)
            elif not test.unknown:
                self._either([Arm(test.holds, yes, test.known_so, test.known_else)], no)
            elif only_yes:
                self._either([Arm(test.holds, yes, test.known_so)], no)
            else:
                self._either([Arm(test.holds, yes, test.known_so), opened], no)
        else:
            held = self.truth(condition, negated=negated)
            arms = [Arm(held, yes), Arm(f"{held} is None", unknown)]
            self._either(arms[:1] if only_yes else arms, no)

    def _either(self, arms: Sequence[Arm], otherwise: Body = None) -> None:
        word, certain, lasting = "if", set[str](), set[str]()
        for test, body, known_so, known_else in arms:
            with self.block(f"{word} {test}:"):
                self.becomes_certain(*certain, *known_so)
                if body is not None:
                    body()
                    lasting.update(known_else if self.has_ended() else ())
            certain.update(known_else)
            word = "elif"
        if otherwise is not None:
            with self.block("else:"):
                self.becomes_certain(*certain)
                otherwise()
        self.becomes_certain(*lasting)

    def _nested(self, parts: Sequence[Condition], yes: Callable[[], None]) -> None:
        """What follows where all of these hold; each is looked at where those before it do."""
        first, *others = parts
        self.branch(first, lambda: self._nested(others, yes) if others else yes())

    def _cheap_first(self, condition: And | Or) -> Sequence[Condition]:
        """The operands: first, together, those that cost nothing and cannot fail."""
        parts = _parts(condition)
        cheap = [part for part in parts if self._is_cheap(part)]
        if not cheap:
            return parts
        return [type(condition)(tuple(cheap)), *(part for part in parts if part not in cheap)]

    def _is_cheap(self, condition: Condition) -> bool:
        for part in walk(condition):
            ordered = isinstance(part, Comparison) and part.comparator not in _EQUAL
            if ordered or not (part.conditions() or isinstance(part, _COMPARED)):
                return False
        return all(self.is_ready(term) for term in read_by(condition))

    def _function(self, condition: Condition) -> str | None:
        return None if self._shared is None else self._shared.function(condition)

    # -- as expressions ----------------------------------------------------------------------

    def _is_plain(self, condition: Condition) -> bool:
        """Whether nothing is to be computed for it, but what it looks at first in any case."""
        first, *others = (part for part in walk(condition) if not part.conditions())
        if any(not isinstance(part, _COMPARED) for part in (first, *others)):
            return False
        return all(self.is_ready(term) for part in others for term in part.terms())

    def test(self, condition: Condition, *, negated: bool = False) -> Test:
        """A condition as expressions; what it reads is written before."""
        match condition:
            case Not(condition=inner):
                return self.test(inner, negated=not negated)
            case Stated(condition=inner):
                test = self.test(inner)
                fails = f"not {wrapped(test.holds)}"
                if negated:
                    return Test(fails, test.holds, "", fails)
                value = f"not not {wrapped(test.holds)}"
                return Test(test.holds, fails, "", value, "", test.known_so)
            case And() | Or():
                tests = [self.test(part, negated=negated) for part in _parts(condition)]
                return joined(tests, all_of=isinstance(condition, And) is not negated)
            case Comparison():
                return self._comparison(condition, negated=negated)
            case Membership(term=term, values=values):
                one, among = self.term(term), self.term(values)
                # nothing is no member of a constant set
                is_safe = isinstance(values, Written)
                found = Side(f"{one.text} in {among.text}", is_safe)
                return compared(one, among, found, Side(f"{one.text} not in {among.text}"), negated)
            case Known(term=term):
                variable = self.term(term).text
                holds, fails = f"{variable} is not None", f"{variable} is None"
                if negated:
                    return Test(fails, holds, "", fails, known_else=(variable,))
                return Test(holds, fails, "", holds, known_so=(variable,))
            case _:
                return Test(str(not negated), str(negated), "", str(not negated))

    def _comparison(self, condition: Comparison, *, negated: bool) -> Test:
        left, comparator, right = condition.left, condition.comparator, condition.right
        one, other = self.term(left), self.term(right)
        if comparator is Comparator.NE:
            comparator, negated = Comparator.EQ, not negated
        constant = right.constant if isinstance(right, Written) else None
        if comparator in _EQUAL and constant is not None:
            if isinstance(constant, bool) and is_flag(left):
                is_no = f"{one.text} is False" if one.may_be_unknown else f"not {one.text}"
                sides = Side(one.text, is_safe=True), Side(is_no, is_safe=True)
                return compared(one, other, *sides, negated is constant)
            is_member = isinstance(constant, Enum) and is_choice(left, constant)
            same, unlike = ("is", "is not") if is_member else ("==", "!=")
            equal = Side(f"{one.text} {same} {other.text}", is_safe=True)
            return compared(one, other, equal, Side(f"{one.text} {unlike} {other.text}"), negated)
        holds = self._ordered(condition, one, _SYMBOLS[comparator], other)
        fails = self._ordered(condition, one, _SYMBOLS[INVERSE[comparator]], other)
        return compared(one, other, Side(holds), Side(fails), negated)

    def _ordered(self, condition: Comparison, one: Value, symbol: str, other: Value) -> str:
        left, right = condition.left, condition.right
        plain = f"{one.text} {symbol} {other.text}"
        in_utc = f"utc({one.text}) {symbol} utc({other.text})"
        if is_instant(left) or is_instant(right):
            # local times of one zone compare as they stand, but in the hour that comes twice
            return f"({in_utc} if {one.text}.fold or {other.text}.fold else {plain})"
        if is_no_instant(left) or is_no_instant(right):
            return plain
        return f"({in_utc} if {one.text}.__class__ is datetime else {plain})"

    # -- as variables ------------------------------------------------------------------------

    def truth(self, condition: Condition, *, negated: bool = False) -> str:
        """A condition as an expression that is true, false or None, and costs nothing."""
        match condition:
            case Not(condition=inner):
                return self.truth(inner, negated=not negated)
            case _ if self._is_plain(condition):
                value = self.test(condition, negated=negated).value
                return value if value.isidentifier() else self._kept(value)
            case And() | Or():
                function = self._function(condition)
                if function is not None:
                    return self._called(function, negated=negated)
                all_of = isinstance(condition, And) is not negated
                parts = self._cheap_first(condition)
                return self._joined(parts, negated=negated, all_of=all_of)
            case Stated(condition=inner):
                return self._kept(f"{self.truth(inner)} is {'not ' if negated else ''}True")
            case _:
                name = self.module.object(condition, f"{type(condition).__name__}_condition")
                held = self._kept(f"{name}.truth(s)")
                return self._kept(f"None if {held} is None else not {held}") if negated else held

    def _kept(self, value: str) -> str:
        result = self.temporary()
        self.line(f"{result} = {value}")
        return result

    def _called(self, function: str, *, negated: bool) -> str:
        result = self._kept(f"{function}(s, fact, parameter)")
        if negated:
            self.line(f"if {result} is not None: {result} = not {result}")
        return result

    def _joined(self, operands: Sequence[Condition], *, negated: bool, all_of: bool) -> str:
        """All of these, or any of them: each is looked at only where it may still matter."""
        first, *others = operands
        result = self.truth(first, negated=negated)
        if others and not result.startswith("_"):
            result = self._kept(result)
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


def truth(condition: Condition) -> Source:
    """The function that tells whether a condition holds: true, false or None."""
    writer = ConditionWriter(Module(READ), None)
    writer.line(f"return {writer.truth(condition)}")
    return writer.source("truth")


def value(term: Term[Any]) -> Source:
    """The function that finds the value of a term, None where it is unknown."""
    writer = TermWriter(Module(READ))
    writer.line(f"return {writer.term(term).text}")
    return writer.source("value")


def values(terms: Sequence[Term[Any]]) -> Source:
    """The function that finds the values of several terms, each None where it is unknown."""
    writer = TermWriter(Module(READ))
    found = "".join(f"{writer.term(term).text}, " for term in terms)
    writer.line(f"return ({found})")
    return writer.source("values")


_EQUAL: Final = (Comparator.EQ, Comparator.NE)
_COMPARED: Final = (Comparison, Membership, Known, Always)
"""Conditions that are written out; one of another class has code of its own."""


def _parts(condition: And | Or) -> list[Condition]:
    """The operands, with those of inner chains of the same kind, without what always holds."""
    found: list[Condition] = []
    for part in condition.operands:
        if isinstance(part, And | Or) and type(part) is type(condition):
            found += _parts(part)
        elif not (isinstance(part, Always) and isinstance(condition, And)):
            found.append(part)
    return found or [ALWAYS]


def read_by(condition: Condition) -> Iterator[Term[Any]]:
    """The terms that a condition compares, all of it."""
    return (term for part in walk(condition) for term in part.terms())
