"""Terms written down: facts and parameters where they are read, measures where first needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, Final

import msgspec

from avoir.compiler.writing import Module, Writer
from avoir.conditions import Constant, Named, Picked, Term
from avoir.dates import Day, MonthEnd, Shifted, SpanUnit
from avoir.facts import Fact, UnitOf
from avoir.kinds import Choice, Date, Flag, Instant
from avoir.measures import FirstKnown, Measure, Unknown
from avoir.parameters import Parameter
from avoir.periods import add_business_days, add_months, elapsed, end_of_month


class Value(msgspec.Struct, frozen=True):
    """A term as an expression that costs nothing to repeat, and whether it may be unknown."""

    text: str
    may_be_unknown: bool = True


def utc(instant: datetime) -> datetime:
    """An instant that compares rightly even in the hour that comes twice a year."""
    return instant.astimezone(UTC)


@lru_cache(maxsize=1_000)
def in_days(number: int) -> timedelta:
    """So many days; a parameter has few values, and making one anew takes several times as long."""
    return timedelta(days=number)


READ: Final[Mapping[str, object]] = {
    "U": object(),
    "Unknown": Unknown,
    "datetime": datetime,
    "timedelta": timedelta,
    "add_business_days": add_business_days,
    "add_months": add_months,
    "elapsed": elapsed,
    "end_of_month": end_of_month,
    "in_days": in_days,
    "utc": utc,
}
"""What is read wherever terms are written down."""


class TermWriter(Writer):
    """Writes what computes terms."""

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self._written: set[str] = set()

    def term(self, term: Term[Any]) -> Value:
        """A term as an expression; what computes it is written before."""
        match term:
            case Constant(constant=value):
                return Value(self.module.literal(value), may_be_unknown=value is None)
            case Named(term=inner):
                return self.term(inner)
            case Parameter(name=name):
                variable = self._read(term, f"p_{name}", f"parameter[{name!r}]")
                self.becomes_certain(variable)
            case Fact(path=path):
                variable = self._read(term, path.replace(".", "_"), f"fact({path!r})")
            case _:
                variable = self._computed(term)
        return Value(variable, may_be_unknown=not self.is_certain(variable))

    def _read(self, term: Term[Any], hint: str, text: str) -> str:
        variable = self.variable(term, hint)
        if not self.is_known(variable):
            self.line(f"{variable} = {text}")
            self.becomes_known(variable)
        return variable

    def is_ready(self, term: Term[Any]) -> bool:
        """Whether a term takes no more than a look, or has been computed before."""
        match term:
            case Constant() | Parameter() | Fact():
                return True
            case Named(term=inner) | Day(instant=inner) | UnitOf(money=inner):
                return self.is_ready(inner)
            case FirstKnown(terms=terms):
                return all(self.is_ready(one) for one in terms)
            case _:
                return self.is_known(self.variable(term, _hint(term)))

    def _computed(self, term: Term[Any]) -> str:
        """A term that takes more than a look: computed once, wherever it is needed first."""
        variable = self.variable(term, _hint(term))
        if not self.is_known(variable):
            if variable not in self._written or self.is_ready(term):
                self._written.add(variable)
                self._compute(term, variable)
            else:
                if variable not in self.kept:
                    self.kept.append(variable)
                function = self.function(term)
                self.line(f"if {variable} is U: {variable} = {function}(s, fact, parameter)")
            self.becomes_known(variable)
        return variable

    def function(self, term: Term[Any]) -> str:
        """A function that computes a term, for where it may have been computed or not."""
        name, is_new = self.module.function(term, f"find_{_hint(term)}")
        if is_new:
            writer = TermWriter(self.module)
            writer.line(f"return {writer.term(term).text}")
            self.module.functions.append(writer.text(f"{name}(s, fact, parameter)"))
        return name

    def _compute(self, term: Term[Any], variable: str) -> None:
        match term:
            case Measure():
                self._measure(term, variable)
            case Day(instant=instant):
                start = self.term(instant)
                self._derived(variable, start, f"{start.text}.date()")
            case MonthEnd(start=day):
                start = self.term(day)
                self._derived(variable, start, f"end_of_month({start.text})")
            case UnitOf(money=money):
                start = self.term(money)
                self._derived(variable, start, f"{start.text}.unit.code")
            case Shifted():
                self._shifted(term, variable)
            case FirstKnown(terms=terms):
                *others, last = [self.term(one) for one in terms]
                firsts = [f"{one.text} if {one.text} is not None else " for one in others]
                self.line(f"{variable} = {''.join(firsts)}{last.text}")
                if not last.may_be_unknown:
                    self.becomes_certain(variable)
            case Picked(by=Parameter() as by, choices=choices):
                chosen = self.term(by).text
                word = "if"
                for key, choice in choices.items():
                    same = "is" if isinstance(key, Enum) and is_choice(by, key) else "=="
                    with self.block(f"{word} {chosen} {same} {self.module.literal(key)}:"):
                        self.line(f"{variable} = {self.term(choice).text}")
                    word = "elif"
                with self.block("else:"):
                    self._left_to_itself(term, variable)
            case _:
                self._left_to_itself(term, variable)

    def _left_to_itself(self, term: Term[Any], variable: str) -> None:
        """A term of another kind has code of its own."""
        name = self.module.object(term, f"{type(term).__name__}_term")
        self.line(f"{variable} = {name}.value(s)")

    def _derived(self, variable: str, start: Value, made: str) -> None:
        if start.may_be_unknown:
            made = f"None if {start.text} is None else {made}"
        else:
            self.becomes_certain(variable)
        self.line(f"{variable} = {made}")

    def _shifted(self, term: Shifted[Any], variable: str) -> None:
        span, start = term.span, self.term(term.start)
        parts = [self.term(part) for part in span.parts()]
        number = parts[0].text
        if any(part.may_be_unknown for part in parts):
            made = ""
        elif span.unit is SpanUnit.DAYS and isinstance(span.number, Constant):
            later = self.module.literal(timedelta(days=span.number.constant))
            made = f"{start.text} + {later}"
        elif span.unit is SpanUnit.DAYS:
            made = f"{start.text} + in_days({number})"
        elif (
            span.unit is SpanUnit.BUSINESS_DAYS and span.calendar is not None and is_day(term.start)
        ):
            counted = ", ".join(part.text for part in parts)
            made = f"add_business_days({start.text}, {counted})"
        elif span.unit is SpanUnit.MONTHS and is_day(term.start):
            made = f"add_months({start.text}, {number})"
        elif span.unit is SpanUnit.ELAPSED_DAYS and is_instant(term.start):
            made = f"elapsed({start.text}, in_days({number}))"
        elif span.unit is SpanUnit.ELAPSED_MINUTES and is_instant(term.start):
            made = f"elapsed({start.text}, timedelta(minutes={number}))"
        else:
            made = ""
        if made:
            self._derived(variable, start, made)
            return
        name = self.module.object(span, f"{span.unit.value}_span")
        made = f"{name}.after({start.text}, s)"
        known = f"None if {start.text} is None else {made}" if start.may_be_unknown else made
        self.line(f"{variable} = {known}")

    def _measure(self, measure: Measure[Any], variable: str) -> None:
        inputs = [self.term(term) for term in measure.inputs]
        name = self.module.object(measure.function, f"measure_{measure.name}")
        call = f"{name}({', '.join(value.text for value in inputs)})"
        unknown = [] if measure.tolerant else unknown_of(*inputs)
        if unknown:
            wanting = " or ".join(f"{text} is None" for text in unknown)
            call = f"None if {wanting} else {call}"
        self.line(f"{variable} = {call}")
        if Unknown in measure.returns:
            self.line(f"if {variable}.__class__ is Unknown: {variable} = None")
        elif not unknown and NoneType not in measure.returns:
            self.becomes_certain(variable)


def _hint(term: Term[Any]) -> str:
    """What a term may be called in code: by its measure, by its path, else by its label."""
    match term:
        case Measure(name=name):
            return name
        case Fact(path=path):
            return path
        case Named(term=inner):
            return _hint(inner)
        case FirstKnown(terms=terms):
            return f"known_{_hint(terms[-1])}"
        case Day(instant=instant):
            return f"day_of_{_hint(instant)}"
        case UnitOf(path=path):
            return path
        case Shifted(start=start):
            return f"{_hint(start)}_later"
        case _:
            return term.label or type(term).__name__


def unknown_of(*values: Value) -> list[str]:
    """The variables among these that may be unknown, each once."""
    return list(dict.fromkeys(value.text for value in values if value.may_be_unknown))


def is_flag(term: Term[Any]) -> bool:
    """Whether a term is yes or no for certain, where it is known."""
    return _is_of(term, bool)


def is_choice(term: Term[Any], option: Enum) -> bool:
    """Whether a term is one of the same closed set for certain, where it is known."""
    return _is_of(term, type(option))


def _is_of(term: Term[Any], wanted: type) -> bool:
    match term:
        case Named(term=inner):
            return _is_of(inner, wanted)
        case FirstKnown(terms=terms):
            return all(_is_of(one, wanted) for one in terms)
        case Fact(kind=kind) | Parameter(kind=kind):
            return wanted is (kind.options if isinstance(kind, Choice) else _PLAIN.get(type(kind)))
        case Measure():
            return term.returns - {Unknown, NoneType} == {wanted}
        case _:
            return False


_PLAIN: Final[Mapping[type, type]] = {Flag: bool}


def is_day(term: Term[Any]) -> bool:
    """Whether a term is a calendar day for certain, with no time in it."""
    match term:
        case Named(term=inner):
            return is_day(inner)
        case Shifted(start=start):
            return is_day(start)
        case Fact(kind=kind):
            return type(kind) is Date
        case _:
            return isinstance(term, Day | MonthEnd)


def is_instant(term: Term[Any]) -> bool:
    """Whether a term is an instant for certain."""
    match term:
        case Named(term=inner):
            return is_instant(inner)
        case Fact(kind=kind):
            return isinstance(kind, Instant)
        case Shifted(start=start):
            return is_instant(start)
        case Constant(constant=value):
            return isinstance(value, datetime)
        case _:
            return False


def is_no_instant(term: Term[Any]) -> bool:
    """Whether a term is no instant for certain."""
    match term:
        case Named(term=inner):
            return is_no_instant(inner)
        case Shifted(start=start):
            return is_no_instant(start)
        case Fact() | Constant():
            return not is_instant(term)
        case Parameter() | Day() | MonthEnd() | UnitOf():
            return True
        case _:
            return False
