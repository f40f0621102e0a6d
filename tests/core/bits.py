"""The smallest material for tables: ten flags, two amounts, and what a table makes of them."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Clause, Document, Effect, Outcome, Row, Table
from avoir.conditions import Condition, Constant, Situation, Term, is_true
from avoir.decisions import Decision, decide
from avoir.facts import Facts, Source, calendar_date, flag, instant, money
from avoir.money import Money, Unit

POUND: Final = Unit("GBP", 2)
_TERMS: Final = Document("901", "Bits", "en", "GB")


class B(Facts):
    """Flags, of which the staff alone may state one; amounts; dates."""

    a = flag("a")
    b = flag("b")
    c = flag("c")
    d = flag("d")
    e = flag("e")
    f = flag("f")
    g = flag("g")
    h = flag("h")
    i = flag("i")
    j = flag("j")
    staff = flag("staff", source=Source.BUSINESS)
    x = money("x", unit=POUND)
    y = money("y", unit=POUND)
    fee = money("fee", unit=POUND, source=Source.BUSINESS)
    at = instant("at", source=Source.CLOCK)
    on = calendar_date("on")


FLAGS: Final = tuple("abcdefghij")


def bit(name: str) -> Condition:
    """Whether a flag is set."""
    return is_true(B.by_path[name])


def cl(id: str) -> Clause:
    """A clause of that id."""
    return Clause(id, _TERMS.lines(1), f"Clause {id}.")


def pounds(whole: int) -> Money:
    """So many pounds."""
    return Money(whole * 100, POUND)


def fixed(whole: int) -> Term[Money]:
    """So many pounds, as a term."""
    return Constant(pounds(whole), "amount")


YES: Final = Effect(Outcome.APPROVED)
NO: Final = Effect(Outcome.REFUSED)
LOOK: Final = Effect(Outcome.MANUAL_REVIEW)


def table(*rows: Row) -> Table:
    """A table of these rows."""
    return Table("bits", rows, moment=B.at)


def ruled(*rows: Row, **known: object) -> Decision:
    """What a table of these rows makes of what is known; None is unknown."""
    facts = {path: value for path, value in known.items() if value is not None}
    return decide(table(*rows), Situation(facts, {}), B, "UTC")


def ids(decision: Decision) -> list[str]:
    """The clauses that a decision cites, by id."""
    return [clause.id for clause in decision.clauses]
