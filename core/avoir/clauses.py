"""Clauses, their effects, and the rows of a table in order of precedence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from avoir.conditions import ALWAYS, Condition, Not, Term
from avoir.facts import Fact, UnitOf
from avoir.messages import N_
from avoir.money import Money


class Outcome(StrEnum):
    """What a decision comes to."""

    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REFUSED = "refused"
    MANUAL_REVIEW = "manual_review"
    NEEDS_INFORMATION = "needs_information"
    INVALID = "invalid"
    BLOCKED = "blocked"
    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REVERSED = "reversed"
    STANDING = "standing"


OUTCOMES: Final = {
    Outcome.APPROVED: N_("approved"),
    Outcome.PARTLY_APPROVED: N_("partly approved"),
    Outcome.REFUSED: N_("refused"),
    Outcome.MANUAL_REVIEW: N_("to be decided by a person"),
    Outcome.NEEDS_INFORMATION: N_("more information is needed"),
    Outcome.INVALID: N_("the facts cannot be right"),
    Outcome.BLOCKED: N_("not possible yet"),
    Outcome.RECORDED: N_("recorded"),
    Outcome.UNCHANGED: N_("nothing to do"),
    Outcome.REVERSED: N_("reversed"),
    Outcome.STANDING: N_("where the matter stands"),
}
"""How each outcome is called by people."""

FAVOURABLE: Final = frozenset(
    {Outcome.APPROVED, Outcome.PARTLY_APPROVED, Outcome.RECORDED, Outcome.REVERSED}
)
ADVERSE: Final = frozenset({Outcome.REFUSED, Outcome.BLOCKED})


class Document(msgspec.Struct, frozen=True):
    """A source document of terms: its number among the sources, title, language and place."""

    id: str
    title: str
    language: str
    place: str

    def lines(self, *lines: int) -> Citation:
        """A citation of one or more lines of this document."""
        return Citation(self, lines)


class Citation(msgspec.Struct, frozen=True):
    """Where in the terms a clause stands."""

    document: Document
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the terms: a stable id, where it stands, and a text in our own words."""

    id: str
    citation: Citation
    text: str


def clause(id: str, citation: Citation, text: str) -> Clause:
    """One rule of the terms."""
    return Clause(id, citation, text)


class Mode(StrEnum):
    """What a decision is worth before a person has ruled."""

    RECOMMENDATION = "recommendation"
    COMMITMENT = "commitment"
    RULING = "ruling"


class Cure(StrEnum):
    """Whether what was refused may be asked again."""

    RESUBMIT = "resubmit"
    NONE = "none"


class Company(StrEnum):
    """Whether an adverse effect is stated together with the others below it."""

    WITH_OTHERS = "with_others"
    ALONE = "alone"


class Effective(StrEnum):
    """When a decision takes effect: at once, by a ruling, or when what it proposes is paid."""

    AT_ONCE = "at_once"
    ON_RULING = "on_ruling"
    ON_PAYMENT = "on_payment"


class Floor(StrEnum):
    """Whether a posting respects the floor of the account it takes from."""

    RESPECTED = "respected"
    PASSED = "passed"


@dataclass(frozen=True, eq=False, slots=True)
class PostingRule:
    """A movement of money: the decision's amount where no other is named.

    ``reverses`` names the kinds of postings of which the latest on the case is taken back.
    """

    kind: str
    source: str
    destination: str
    amount: Term[Money] | None = None
    floor: Floor = Floor.PASSED
    reverses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A message due to a role once a decision takes effect, and its condition holds."""

    kind: str
    to: str
    text: str
    only_if: Condition = ALWAYS


@dataclass(frozen=True, eq=False, slots=True)
class DeadlineRule:
    """A date by which something is due.

    It is pending in the states of ``stands_in``, and named too in decisions that lead to
    ``shown_in``. ``calendar`` names the calendar that was counted on, if any.
    """

    kind: str
    label: str
    on: Term[date] | Term[datetime]
    clause: Clause
    stands_in: frozenset[str] = frozenset()
    shown_in: frozenset[str] = frozenset()
    calendar: Term[str] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Effect:
    """What a row does when it decides.

    ``state`` is the state of the case once the effect holds; where ``at_once`` is not true the
    effect waits for ``waits_for``, a ruling or a payment, and the case is in ``reserved`` until
    then. ``lacking`` names what is missing in words that are not the policy's own, such as the
    documents that a tenant requires.
    """

    outcome: Outcome
    state: str | None = None
    amount: Term[Money] | None = None
    amount_clause: Clause | None = None
    cites: tuple[Clause, ...] = ()
    postings: tuple[PostingRule, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    cure: Cure = Cure.NONE
    company: Company = Company.WITH_OTHERS
    mode: Mode | None = None
    at_once: Condition = ALWAYS
    waits_for: Effective = Effective.ON_RULING
    reserved: str | None = None
    precondition: str | None = None
    lacking: Term[tuple[str, ...]] | None = None
    missing: Term[tuple[str, ...]] | None = None
    advice: str | None = None

    def citing(self, *clauses: Clause) -> Effect:
        """The same effect, citing these clauses too."""
        return replace(self, cites=(*self.cites, *clauses))

    def wanting(self, precondition: str) -> Effect:
        """The same effect, naming the precondition that is missing."""
        return replace(self, precondition=precondition)

    def asking(self, missing: Term[tuple[str, ...]]) -> Effect:
        """The same effect, asking for facts by computed paths."""
        return replace(self, missing=missing)

    def advising(self, advice: str) -> Effect:
        """The same effect, with a word on what would help."""
        return replace(self, advice=advice)


@dataclass(frozen=True, eq=False, slots=True)
class When:
    """A condition and what it leads to."""

    condition: Condition
    effect: Effect


class RowKind(StrEnum):
    """How a row takes part."""

    REQUIREMENT = "requirement"
    RULE = "rule"
    GROUND = "ground"
    NOTE = "note"


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One line of a table: a clause, and under which conditions it has which effects.

    A row whose ``only_if`` is false is passed over. A ground counts whenever it is true on
    record; its unknown facts are asked for, and its failure is cited, only where it is claimed.
    """

    kind: RowKind
    clause: Clause | None
    whens: tuple[When, ...] = ()
    only_if: Condition | None = None
    claimed: Condition | None = None
    requirement: Condition | None = None


def require(
    clause: Clause, condition: Condition, otherwise: Effect, *, only_if: Condition | None = None
) -> Row:
    """What must hold; where it does not, ``otherwise`` decides."""
    whens = (When(Not(condition), otherwise),)
    return Row(RowKind.REQUIREMENT, clause, whens, only_if, requirement=condition)


def rule(clause: Clause | None, *whens: When, only_if: Condition | None = None) -> Row:
    """The first condition that holds decides."""
    return Row(RowKind.RULE, clause, whens, only_if)


def ground(
    clause: Clause, *whens: When, claimed: Condition, only_if: Condition | None = None
) -> Row:
    """A ground that a party may claim."""
    return Row(RowKind.GROUND, clause, whens, only_if, claimed)


def note(clause: Clause, only_if: Condition = ALWAYS) -> Row:
    """A clause that informs: it is cited where its guard holds, and decides nothing."""
    return Row(RowKind.NOTE, clause, (), only_if)


def otherwise(clause: Clause | None, effect: Effect) -> Row:
    """The last row: what holds where nothing above decided."""
    return Row(RowKind.RULE, clause, (When(ALWAYS, effect),))


@dataclass(frozen=True, eq=False, slots=True)
class Impossible:
    """Facts that cannot be together: the path at fault, and why."""

    condition: Condition | None
    at: Fact[Any] | UnitOf | Term[tuple[str, ...]]
    message: str
    values: tuple[tuple[str, str], ...] = ()
    cites: tuple[Clause, ...] = ()


def impossible(
    condition: Condition, at: Fact[Any] | UnitOf, message: str, *cites: Clause, **values: str
) -> Impossible:
    """Facts that cannot be together, and the path to name."""
    return Impossible(condition, at, message, tuple(values.items()), cites)


def impossible_each(paths: Term[tuple[str, ...]], message: str, *cites: Clause) -> Impossible:
    """Entries that cannot be; the measure gives their paths."""
    return Impossible(None, paths, message, (), cites)


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Rows in order of precedence; the last one is the default.

    ``moment`` is the fact that holds when the act took place: remedies give their earliest and
    last moments on its day. ``deadlines`` are those the decision names.
    """

    name: str
    rows: tuple[Row, ...]
    moment: Fact[datetime]
    impossible: tuple[Impossible, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    asks: tuple[Fact[Any], ...] = ()
    """Facts of the business that the actors of this table supply, and may be asked for."""
    besides: Term[tuple[Clause, ...]] | None = None
    """Clauses that its decisions cite as well, such as those of what is ruled on."""
    asking: Effect = field(default=Effect(Outcome.NEEDS_INFORMATION))
    review: Effect = field(default=Effect(Outcome.MANUAL_REVIEW))


def every_clause(rows: Sequence[Row]) -> frozenset[Clause]:
    """Every clause that stands in these rows, cited or deciding."""
    found: set[Clause] = set()
    for row in rows:
        found.update(c for c in (row.clause,) if c is not None)
        for when in row.whens:
            found.update(when.effect.cites)
            if when.effect.amount_clause is not None:
                found.add(when.effect.amount_clause)
    return frozenset(found)
