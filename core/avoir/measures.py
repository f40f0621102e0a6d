"""Measures: values derived from facts by pure functions, each once in a situation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from avoir.conditions import Situation, Term
from avoir.messages import Plural

T = TypeVar("T")


class Unknown:
    """What a measure returns when facts are missing: the paths of exactly those it wants."""

    __slots__ = ("paths",)

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)


class Measure(Term[T]):
    """A value computed from terms by a pure function, once in a situation."""

    __slots__ = ("_returns", "function", "inputs", "name", "remedy", "tolerant")

    def __init__(
        self,
        function: Callable[..., T | Unknown | None],
        inputs: tuple[Term[Any], ...],
        label: str,
        remedy: Plural | None,
        *,
        tolerant: bool,
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.label = label
        self.remedy = remedy
        self.tolerant = tolerant
        self.name = getattr(function, "__name__", "measure")
        self._returns: frozenset[object] | None = None

    @property
    def returns(self) -> frozenset[object]:
        """The types that its function says it returns; ``Unknown`` is one, where it says nothing.

        A compiled table relies on them, as a type checker does.
        """
        if self._returns is None:
            try:
                stated = get_type_hints(self.function)["return"]
            except (KeyError, NameError, TypeError):  # not annotated, or with what is not in reach
                stated = Unknown
            is_union = get_origin(stated) in (Union, UnionType)
            self._returns = frozenset(get_args(stated) if is_union else (stated,))
        return self._returns

    def _measured(self, situation: Situation) -> T | Unknown | None:
        key = id(self)
        if key not in situation.measured:
            values = [term.value(situation) for term in self.inputs]
            known = self.tolerant or None not in values
            situation.measured[key] = self.function(*values) if known else None
        return situation.measured[key]  # type: ignore[return-value]

    def value(self, situation: Situation) -> T | None:
        measured = self._measured(situation)
        return None if isinstance(measured, Unknown) else measured

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        measured = self._measured(situation)
        if isinstance(measured, Unknown):
            return measured.paths
        wanted = [t.unknown(situation) for t in self.inputs if t.value(situation) is None]
        return tuple(dict.fromkeys(path for paths in wanted for path in paths))

    def parts(self) -> tuple[Term[Any], ...]:
        return self.inputs


class FirstKnown(Term[T]):
    """The first of several terms that is known; where none is, the last one is wanted."""

    __slots__ = ("terms",)

    def __init__(self, *terms: Term[T]) -> None:
        self.terms = terms
        self.label = terms[-1].label

    def value(self, situation: Situation) -> T | None:
        values = (term.value(situation) for term in self.terms)
        return next((value for value in values if value is not None), None)

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return self.terms[-1].unknown(situation)

    def parts(self) -> tuple[Term[Any], ...]:
        return self.terms


def first_known(*terms: Term[T]) -> Term[T]:
    """What is stated anew, else what was stated before: the first of these that is known."""
    return FirstKnown(*terms)


A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
E = TypeVar("E")
R = TypeVar("R")


@overload
def measure(
    a: Term[A], /, *, label: str, remedy: Plural | None = None
) -> Callable[[Callable[[A], R | Unknown | None]], Measure[R]]: ...
@overload
def measure(
    a: Term[A], b: Term[B], /, *, label: str, remedy: Plural | None = None
) -> Callable[[Callable[[A, B], R | Unknown | None]], Measure[R]]: ...
@overload
def measure(
    a: Term[A], b: Term[B], c: Term[C], /, *, label: str, remedy: Plural | None = None
) -> Callable[[Callable[[A, B, C], R | Unknown | None]], Measure[R]]: ...
@overload
def measure(
    a: Term[A], b: Term[B], c: Term[C], e: Term[E], /, *, label: str, remedy: Plural | None = None
) -> Callable[[Callable[[A, B, C, E], R | Unknown | None]], Measure[R]]: ...
def measure(
    *inputs: Term[Any], label: str, remedy: Plural | None = None
) -> Callable[[Callable[..., Any]], Measure[Any]]:
    """Make a measure of a function of known values; it is unknown while an input is unknown.

    The function may return ``Unknown(paths)`` to ask for facts by a computed path. ``remedy``
    says what raises the measure, with the shortfall as ``{n}``.
    """

    def make(function: Callable[..., Any]) -> Measure[Any]:
        return Measure(function, inputs, label, remedy, tolerant=False)

    return make


@overload
def tolerant_measure(
    a: Term[A], /, *, label: str
) -> Callable[[Callable[[A | None], R | Unknown | None]], Measure[R]]: ...
@overload
def tolerant_measure(
    a: Term[A], b: Term[B], /, *, label: str
) -> Callable[[Callable[[A | None, B | None], R | Unknown | None]], Measure[R]]: ...
@overload
def tolerant_measure(
    a: Term[A], b: Term[B], c: Term[C], /, *, label: str
) -> Callable[[Callable[[A | None, B | None, C | None], R | Unknown | None]], Measure[R]]: ...
def tolerant_measure(
    *inputs: Term[Any], label: str
) -> Callable[[Callable[..., Any]], Measure[Any]]:
    """Make a measure whose function is called with unknown inputs too, as None."""

    def make(function: Callable[..., Any]) -> Measure[Any]:
        return Measure(function, inputs, label, None, tolerant=True)

    return make
