"""Policies as data: clauses, rows, parameters, facts, actions and states, in a reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, TypeAlias

from avoir.clauses import OUTCOMES, Clause, Row, RowKind, Table
from avoir.conditions import (
    Always,
    And,
    Comparison,
    Condition,
    Constant,
    Known,
    Membership,
    Not,
    Or,
    Situation,
    Stated,
    Term,
)
from avoir.facts import Fact, Source
from avoir.kinds import (
    Amount,
    Choice,
    Date,
    Entry,
    Exact,
    Flag,
    Instant,
    Kind,
    ListOf,
    SetOf,
    Text,
    Whole,
    ZoneName,
)
from avoir.lifecycles import OPENING, ROLES, Action, Role
from avoir.messages import N_, Message
from avoir.parameters import Calendar, Parameter
from avoir.policies import Edition, plain_value
from avoir.readers import Reader

Description: TypeAlias = dict[str, Any]
"""Plain data with the names below, its texts in a language."""


class KindName(StrEnum):
    """What a form must ask for."""

    TEXT = "text"
    YES_OR_NO = "yes_or_no"
    WHOLE_NUMBER = "whole_number"
    DECIMAL = "decimal"
    MONEY = "money"
    INSTANT = "instant"
    DATE = "date"
    TIME_ZONE = "time_zone"
    CHOICE = "choice"
    CALENDAR = "calendar"
    RECORD = "record"


_KINDS: Final = {
    Text: KindName.TEXT,
    Flag: KindName.YES_OR_NO,
    Whole: KindName.WHOLE_NUMBER,
    Exact: KindName.DECIMAL,
    Amount: KindName.MONEY,
    Instant: KindName.INSTANT,
    Date: KindName.DATE,
    ZoneName: KindName.TIME_ZONE,
    Choice: KindName.CHOICE,
    Calendar: KindName.CALENDAR,
    Entry: KindName.RECORD,
}


class Many(StrEnum):
    """How many values a fact has."""

    ONE = "one"
    LIST = "list"
    SET = "set"


SOURCES: Final = {
    Source.PARTY: N_("stated by the party"),
    Source.RECORD: N_("known from the records"),
    Source.BUSINESS: N_("stated by the business"),
    Source.CLOCK: N_("set by the clock"),
}

ALL_OF, ANY_OF, NOT_THAT = N_("{a} and {b}"), N_("{a} or {b}"), N_("not: {a}")
IS_KNOWN, ONE_OF, ALWAYS_SO = N_("{a} is known"), N_("{a} is among {b}"), N_("in every case")


def described(edition: Edition, reader: Reader) -> Description:
    """An edition of a policy as plain data, its texts in the reader's words."""
    policy = edition.policy
    return {
        "key": policy.key,
        "title": reader.word(policy.title),
        "summary": reader.word(policy.summary),
        "version": policy.version,
        "edition": {
            "hash": edition.hash,
            "policy": policy.key,
            "version": policy.version,
            "effective_from": edition.effective_from.isoformat(),
        },
        "party": policy.party.value,
        "time_zone": policy.time_zone,
        "clauses": [clause(c, reader) for c in policy.catalogue],
        "parameters": [parameter(p, edition, reader) for p in policy.parameters.by_name.values()],
        "facts": [fact(f, reader) for f in policy.facts.by_path.values()],
        "actions": [action(a, reader) for a in policy.lifecycle.actions],
        "states": [
            {
                "name": s.name,
                "label": reader.word(s.label),
                "clauses": [c.id for c in s.cites],
                "step": s.step,
            }
            for s in policy.lifecycle.states
        ],
        "tables": [
            {"name": table.name, "rows": list(rows(table, edition, reader))}
            for table in policy.tables
        ],
        "accounts": [
            {"name": a.name, "label": reader.word(a.label), "unit": a.unit.code, "floor": a.floor}
            for a in policy.accounts
        ],
        "sometimes_empty": [c.id for c in edition.sometimes_empty],
    }


def clause(clause: Clause, reader: Reader) -> Description:
    """A clause with its text and where it stands in the terms."""
    return {
        "id": clause.id,
        "text": reader.word(clause.text),
        "citation": {
            "document": clause.citation.document.id,
            "title": clause.citation.document.title,
            "lines": list(clause.citation.lines),
        },
    }


def kind_of(kind: Kind[Any]) -> tuple[KindName, Many, Kind[Any]]:
    """What a kind asks for, how many of them, and the kind of each."""
    many = Many.ONE
    if isinstance(kind, ListOf | SetOf):
        many = Many.LIST if isinstance(kind, ListOf) else Many.SET
        kind = kind.kind
    # a plugin may read values of a kind in its own way: an email address is a text
    known = next(known for known in type(kind).__mro__ if known in _KINDS)
    return _KINDS[known], many, kind


def _kind(kind: Kind[Any], reader: Reader) -> Description:
    name, many, one = kind_of(kind)
    described: Description = {"kind": name.value, "many": many.value, "options": [], "fields": []}
    described["low"] = described["high"] = None
    if isinstance(one, Choice):
        described["options"] = [
            {"value": option.value, "label": reader.choice(option.value)} for option in one.options
        ]
    if isinstance(one, Whole | Exact):
        described["low"] = None if one.low is None else str(one.low)
        described["high"] = None if one.high is None else str(one.high)
    if isinstance(one, Entry):
        described["fields"] = [
            {"path": name, "label": reader.word(one.labels[name]), **_kind(field, reader)}
            for name, field in one.fields.items()
        ]
    return described


def fact(fact: Fact[Any], reader: Reader) -> Description:
    """A fact: its path, label, kind, and who may state it."""
    return {
        "path": fact.path,
        "label": reader.word(fact.label),
        "source": fact.source.value,
        "source_label": reader.word(SOURCES[fact.source]),
        **_kind(fact.kind, reader),
    }


def parameter(parameter: Parameter[Any], edition: Edition, reader: Reader) -> Description:
    """A parameter: its bounds, its default, and the value in force."""
    value = edition.values[parameter.name]
    return {
        "name": parameter.name,
        "label": reader.word(parameter.label),
        "value": edition.plain_values[parameter.name],
        "default": plain_value(parameter.default),
        "shown": reader.value(value),
        **_kind(parameter.kind, reader),
    }


def action(action: Action, reader: Reader) -> Description:
    """An action: who may take it, from which states, and the facts it takes."""
    return {
        "name": action.name,
        "label": reader.word(action.label),
        "actors": [{"role": r.value, "label": role(r, reader)} for r in sorted(action.actors)],
        "opens_case": action.founding in OPENING,
        "from_states": sorted(action.from_states or ()),
        "facts": [fact(f, reader) for f in action.inputs],
    }


def role(role: Role, reader: Reader) -> str:
    """What a role is called."""
    return reader.word(ROLES[role])


def rows(table: Table, edition: Edition, reader: Reader) -> Iterator[Description]:
    """The rows of a table in order: the clause, its condition, and what it leads to."""
    situation = Situation({}, edition.values)
    for row in table.rows:
        yield from _row(row, situation, reader)


def _row(row: Row, situation: Situation, reader: Reader) -> Iterator[Description]:
    shared = {
        "clause": None if row.clause is None else row.clause.id,
        "kind": row.kind.value,
        "only_if": None if row.only_if is None else said(row.only_if, situation, reader),
    }
    if row.kind is RowKind.NOTE:
        yield {**shared, "condition": None, "outcome": None}
    for when in row.whens:
        condition = row.requirement if row.requirement is not None else when.condition
        yield {
            **shared,
            "condition": said(condition, situation, reader),
            "outcome": reader.word(OUTCOMES[when.effect.outcome]),
        }


def said(condition: Condition, situation: Situation, reader: Reader) -> str:
    """A condition as text: what is compared with what, with the parameter values in force."""
    match condition:
        case Always():
            return reader.word(ALWAYS_SO)
        case Comparison(left=left, comparator=comparator, right=right):
            one, other = _term(left, situation, reader), _term(right, situation, reader)
            return f"{one} {comparator.value} {other}"
        case Membership(term=term, values=values):
            one, other = _term(term, situation, reader), _term(values, situation, reader)
            return reader.say(Message(ONE_OF, values={"a": one, "b": other}))
        case Known(term=term):
            return reader.say(Message(IS_KNOWN, values={"a": _term(term, situation, reader)}))
        case Stated(condition=inner):
            return said(inner, situation, reader)
        case Not(condition=inner):
            return reader.say(Message(NOT_THAT, values={"a": _nested(inner, situation, reader)}))
        case And() | Or():
            text = ALL_OF if isinstance(condition, And) else ANY_OF
            parts = [_nested(part, situation, reader) for part in _flat(condition)]
            first, *others = parts or [reader.word(ALWAYS_SO)]
            for part in others:
                first = reader.say(Message(text, values={"a": first, "b": part}))
            return first
        case _:
            return type(condition).__name__


def _flat(condition: And | Or) -> Iterator[Condition]:
    """The operands of a chain of one kind, without what always holds."""
    for part in condition.operands:
        if isinstance(part, And | Or) and type(part) is type(condition):
            yield from _flat(part)
        elif not isinstance(part, Always):
            yield part


def _nested(condition: Condition, situation: Situation, reader: Reader) -> str:
    while isinstance(condition, Stated):
        condition = condition.condition
    text = said(condition, situation, reader)
    return f"({text})" if isinstance(condition, And | Or) else text


def _term(term: Term[Any], situation: Situation, reader: Reader) -> str:
    if isinstance(term, Constant):
        value = term.constant
        return reader.either(value) if isinstance(value, frozenset) else reader.value(value)
    if isinstance(term, Parameter) and isinstance(term.default, frozenset):
        return f"{reader.word(term.label)} ({reader.either(term.value(situation))})"
    if isinstance(term, Parameter):
        return f"{reader.word(term.label)} ({reader.value(term.value(situation))})"
    return reader.word(term.label)
