"""Terms written down: facts and parameters where they are read, measures where first needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from avoir.compiler.writing import Module, Writer
from avoir.conditions import Constant, Named, Picked, Term
from avoir.dates import Day, MonthEnd, Shifted, SpanUnit
from avoir.facts import Fact, UnitOf
from avoir.kinds import Instant, Kind
from avoir.measures import Measure
from avoir.parameters import Parameter


class Value(msgspec.Struct, frozen=True):
    """A term as an expression that costs nothing to repeat, and whether it may be unknown."""

    text: str
    may_be_unknown: bool = True


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
                return self._read(term, f"p_{name}", f"parameter[{name!r}]", unknown=False)
            case Fact(path=path):
                return self._read(term, path.replace(".", "_"), f"fact({path!r})", unknown=True)
            case _:
                return self._computed(term)

    def _read(self, term: Term[Any], hint: str, text: str, *, unknown: bool) -> Value:
        variable = self.variable(term, hint)
        if not self.is_known(variable):
            self.line(f"{variable} = {text}")
            self.becomes_known(variable)
        return Value(variable, may_be_unknown=unknown)

    def _computed(self, term: Term[Any]) -> Value:
        """A term that takes more than a look: computed once, wherever it is needed first."""
        variable = self.variable(term, _hint(term))
        if not self.is_known(variable):
            if variable not in self._written:
                self._written.add(variable)
                self._compute(term, variable)
            else:
                if variable not in self.kept:
                    self.kept.append(variable)
                function = self.function(term)
                self.line(f"if {variable} is U: {variable} = {function}(s, fact, parameter)")
            self.becomes_known(variable)
        return Value(variable)

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
                self._derived(variable, self.term(instant), "{}.date()")
            case MonthEnd(start=start):
                self._derived(variable, self.term(start), "end_of_month({})")
            case UnitOf(money=money):
                self._derived(variable, self.term(money), "{}.unit.code")
            case Shifted():
                self._shifted(term, variable)
            case Picked(by=Parameter() as by, choices=choices):
                chosen = self.term(by).text
                word = "if"
                for key, choice in choices.items():
                    with self.block(f"{word} {chosen} == {self.module.literal(key)}:"):
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

    def _derived(self, variable: str, start: Value, text: str) -> None:
        made = text.format(start.text)
        known = f"None if {start.text} is None else {made}" if start.may_be_unknown else made
        self.line(f"{variable} = {known}")

    def _shifted(self, term: Shifted[Any], variable: str) -> None:
        span, number = term.span, term.span.number
        start = self.term(term.start)
        if span.unit is SpanUnit.DAYS and isinstance(number, Constant):
            later = self.module.literal(timedelta(days=number.constant))
            self._derived(variable, start, f"{{}} + {later}")
        elif span.unit is SpanUnit.DAYS and isinstance(number, Parameter):
            self._derived(variable, start, f"{{}} + timedelta({self.term(number).text})")
        else:
            name = self.module.object(span, f"{span.unit.value}_span")
            self._derived(variable, start, f"{name}.after({{}}, s)")

    def _measure(self, measure: Measure[Any], variable: str) -> None:
        inputs = [self.term(term) for term in measure.inputs]
        name = self.module.object(measure.function, f"measure_{measure.name}")
        call = f"{name}({', '.join(value.text for value in inputs)})"
        unknown = unknown_of(*inputs)
        if unknown and not measure.tolerant:
            wanting = " or ".join(f"{text} is None" for text in unknown)
            call = f"None if {wanting} else {call}"
        self.line(f"{variable} = {call}")
        self.line(f"if {variable}.__class__ is Unknown: {variable} = None")


def _hint(term: Term[Any]) -> str:
    """What a term may be called in code: by its measure, by its path, else by its label."""
    match term:
        case Measure(name=name):
            return name
        case Fact(path=path):
            return path
        case Named(term=inner):
            return _hint(inner)
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


def kind_of(term: Term[Any]) -> Kind[Any] | None:
    """The kind of a fact or a parameter."""
    while isinstance(term, Named):
        term = term.term
    return term.kind if isinstance(term, Fact | Parameter) else None


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
