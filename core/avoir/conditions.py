"""Terms and conditions: what a policy may compare, as values that can be read back.

A condition is true, false or unknown (``None``). The decision, the findings, the remedies, the
boundaries and the text shown to people all come from the same values; nothing is evaluated while
a policy is being written, so ``bool(condition)`` is an error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, Generic, NoReturn, TypeVar

import msgspec

from avoir.errors import PolicyError

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
D = TypeVar("D", bound=date)

Truth = bool | None
"""True, false, or unknown."""


class Situation(msgspec.Struct, eq=False):
    """The facts and parameters one decision rests on; measures are computed once in it.

    ``facts`` holds only what is known, by path; ``parameters`` the values in force, by name.
    """

    facts: Mapping[str, object]
    parameters: Mapping[str, object]
    measured: dict[int, object] = {}


class Term(Generic[T]):
    """Something with a value: a fact, a parameter, a measure, a date derived from them."""

    __slots__ = ("label",)
    label: str

    def value(self, situation: Situation) -> T | None:
        """The value, or None where it is unknown."""
        raise NotImplementedError

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        """The paths of the facts that are wanted, when the value is unknown."""
        raise NotImplementedError

    def parts(self) -> tuple[Term[Any], ...]:
        """The terms this one is made of."""
        return ()

    def __eq__(self, other: T | Term[T]) -> Condition:  # type: ignore[override]
        return Comparison(self, Comparator.EQ, _term(other))

    def __ne__(self, other: T | Term[T]) -> Condition:  # type: ignore[override]
        return Comparison(self, Comparator.NE, _term(other))

    def __lt__(self, other: T | Term[T]) -> Condition:
        return Comparison(self, Comparator.LT, _term(other))

    def __le__(self, other: T | Term[T]) -> Condition:
        return Comparison(self, Comparator.LE, _term(other))

    def __gt__(self, other: T | Term[T]) -> Condition:
        return Comparison(self, Comparator.GT, _term(other))

    def __ge__(self, other: T | Term[T]) -> Condition:
        return Comparison(self, Comparator.GE, _term(other))

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise PolicyError("term_is_no_bool", term=self.label)

    def one_of(self, *values: T) -> Condition:
        """Whether the value is one of these."""
        return Membership(self, Constant(frozenset(values)))

    def is_in(self, values: Term[frozenset[T]]) -> Condition:
        """Whether the value is in a set that is itself a term, such as a parameter."""
        return Membership(self, values)

    def named(self, label: str) -> Term[T]:
        """The same term under a label of its own."""
        return Named(self, label)


def _term(value: T | Term[T]) -> Term[T]:
    return value if isinstance(value, Term) else Constant(value)


class Constant(Term[T]):
    """A value written into the policy."""

    __slots__ = ("constant",)

    def __init__(self, constant: T, label: str = "") -> None:
        self.constant = constant
        self.label = label

    def value(self, situation: Situation) -> T:
        return self.constant

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class Named(Term[T]):
    """A term under another label."""

    __slots__ = ("term",)

    def __init__(self, term: Term[T], label: str) -> None:
        self.term = term
        self.label = label

    def value(self, situation: Situation) -> T | None:
        return self.term.value(situation)

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.term.unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.term,)


class Picked(Term[T], Generic[K, T]):
    """One of several terms, chosen by a parameter."""

    __slots__ = ("by", "choices")

    def __init__(self, by: Term[K], choices: Mapping[K, Term[T]]) -> None:
        self.by = by
        self.choices = choices
        self.label = next(iter(choices.values())).label

    def chosen(self, situation: Situation) -> Term[T]:
        """The term in force."""
        key = self.by.value(situation)
        if key is None:
            raise PolicyError("choice_without_value", parameter=self.by.label)
        return self.choices[key]

    def value(self, situation: Situation) -> T | None:
        return self.chosen(situation).value(situation)

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.chosen(situation).unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return (self.by, *self.choices.values())


def pick(by: Term[K], choices: Mapping[K, Term[T]]) -> Term[T]:
    """One of several terms, chosen by the value of a parameter."""
    return Picked(by, choices)


class Condition:
    """A comparison, or conditions combined with ``&``, ``|`` and ``~``: true, false or unknown."""

    __slots__ = ()

    def truth(self, situation: Situation) -> Truth:
        """True, false, or None where an unknown fact decides."""
        raise NotImplementedError

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        """The paths of the unknown facts that keep the condition from being settled."""
        raise NotImplementedError

    def conditions(self) -> tuple[Condition, ...]:
        """The conditions this one is made of."""
        return ()

    def terms(self) -> tuple[Term[Any], ...]:
        """The terms this condition compares itself."""
        return ()

    def __and__(self, other: Condition) -> Condition:
        return And((self, other))

    def __or__(self, other: Condition) -> Condition:
        return Or((self, other))

    def __invert__(self) -> Condition:
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise PolicyError("condition_is_no_bool", hint="combine conditions with &, | and ~")


class Comparator(StrEnum):
    """How two terms are compared."""

    EQ = "="
    NE = "≠"
    LT = "<"
    LE = "≤"
    GT = ">"
    GE = "≥"


_COMPARE: Final[Mapping[Comparator, Callable[[Any, Any], bool]]] = {
    Comparator.EQ: operator.eq,
    Comparator.NE: operator.ne,
    Comparator.LT: operator.lt,
    Comparator.LE: operator.le,
    Comparator.GT: operator.gt,
    Comparator.GE: operator.ge,
}

INVERSE: Final = {
    Comparator.EQ: Comparator.NE,
    Comparator.NE: Comparator.EQ,
    Comparator.LT: Comparator.GE,
    Comparator.GE: Comparator.LT,
    Comparator.GT: Comparator.LE,
    Comparator.LE: Comparator.GT,
}


def _comparable(value: Any) -> Any:
    """A value as it is compared: instants in UTC, since a zone has one hour twice a year."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def wanted(situation: Situation, terms: Sequence[Term[Any]]) -> tuple[str, ...]:
    """The paths of the facts that the unknown ones among these terms want."""
    paths = [t.unknown(situation) for t in terms if t.value(situation) is None]
    return tuple(dict.fromkeys(path for some in paths for path in some))


class Comparison(Condition):
    """Two terms compared."""

    __slots__ = ("comparator", "left", "right")

    def __init__(self, left: Term[Any], comparator: Comparator, right: Term[Any]) -> None:
        self.left = left
        self.comparator = comparator
        self.right = right

    def truth(self, situation: Situation) -> Truth:
        left = self.left.value(situation)
        if left is None:
            return None
        right = self.right.value(situation)
        if right is None:
            return None
        return _COMPARE[self.comparator](_comparable(left), _comparable(right))

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return wanted(situation, (self.left, self.right))

    def terms(self) -> tuple[Term[Any], ...]:
        return (self.left, self.right)


class Membership(Condition):
    """Whether a value is in a set."""

    __slots__ = ("term", "values")

    def __init__(self, term: Term[Any], values: Term[Any]) -> None:
        self.term = term
        self.values = values

    def truth(self, situation: Situation) -> Truth:
        value = self.term.value(situation)
        values: Collection[object] | None = self.values.value(situation)
        return None if value is None or values is None else value in values

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return wanted(situation, (self.term, self.values))

    def terms(self) -> tuple[Term[Any], ...]:
        return (self.term, self.values)


class Known(Condition):
    """Whether a term has a value; never unknown itself."""

    __slots__ = ("term",)

    def __init__(self, term: Term[Any]) -> None:
        self.term = term

    def truth(self, situation: Situation) -> bool:
        return self.term.value(situation) is not None

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()

    def terms(self) -> tuple[Term[Any], ...]:
        return (self.term,)


class Stated(Condition):
    """A condition of which unknown counts as false."""

    __slots__ = ("condition",)

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    def truth(self, situation: Situation) -> bool:
        return self.condition.truth(situation) is True

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()

    def conditions(self) -> tuple[Condition, ...]:
        return (self.condition,)


class And(Condition):
    """All of these."""

    __slots__ = ("operands",)

    def __init__(self, operands: tuple[Condition, ...]) -> None:
        self.operands = operands

    def truth(self, situation: Situation) -> Truth:
        result: Truth = True
        for operand in self.operands:
            truth = operand.truth(situation)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return _open(situation, self.operands)

    def conditions(self) -> tuple[Condition, ...]:
        return self.operands


class Or(Condition):
    """Any of these."""

    __slots__ = ("operands",)

    def __init__(self, operands: tuple[Condition, ...]) -> None:
        self.operands = operands

    def truth(self, situation: Situation) -> Truth:
        result: Truth = False
        for operand in self.operands:
            truth = operand.truth(situation)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return _open(situation, self.operands)

    def conditions(self) -> tuple[Condition, ...]:
        return self.operands


class Not(Condition):
    """The opposite; unknown stays unknown."""

    __slots__ = ("condition",)

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    def truth(self, situation: Situation) -> Truth:
        truth = self.condition.truth(situation)
        return None if truth is None else not truth

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.condition.unknown(situation)

    def conditions(self) -> tuple[Condition, ...]:
        return (self.condition,)


class Always(Condition):
    """What holds without reading anything."""

    __slots__ = ()

    def truth(self, situation: Situation) -> bool:
        return True

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


ALWAYS: Final = Always()


def _open(situation: Situation, operands: Sequence[Condition]) -> tuple[str, ...]:
    paths = [c.unknown(situation) for c in operands if c.truth(situation) is None]
    return tuple(dict.fromkeys(path for some in paths for path in some))


def known(term: Term[Any]) -> Condition:
    """Whether a term has a value."""
    return Known(term)


def stated(condition: Condition | Term[bool]) -> Condition:
    """A condition of which unknown counts as false."""
    return Stated(condition if isinstance(condition, Condition) else condition == True)  # noqa: E712


def is_true(term: Term[bool]) -> Condition:
    """Whether a yes-or-no term is yes."""
    return term == True  # noqa: E712


def is_false(term: Term[bool]) -> Condition:
    """Whether a yes-or-no term is no."""
    return term == False  # noqa: E712


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all it is made of."""
    yield condition
    for part in condition.conditions():
        yield from walk(part)


def leaves(term: Term[Any]) -> Iterator[Term[Any]]:
    """The term and all it is made of."""
    yield term
    for part in term.parts():
        yield from leaves(part)


def terms_of(condition: Condition) -> Iterator[Term[Any]]:
    """Every term that a condition reads, with the terms those are made of."""
    for part in walk(condition):
        for term in part.terms():
            yield from leaves(term)
