"""Deciding: what a verdict comes to, with all that unknown facts may still change."""

from __future__ import annotations

from collections.abc import Sequence

from avoir.clauses import Clause, Effect, Impossible, Outcome, Table
from avoir.conditions import Situation
from avoir.decisions.consequences import due, lacked, once
from avoir.decisions.decision import INVALID, Decision
from avoir.facts import Fact, Facts, Source, UnitOf
from avoir.kinds import Fault
from avoir.messages import Message
from avoir.money import Money
from avoir.programs import Wrong, program
from avoir.verdicts import Open, Verdict


def decide(table: Table, situation: Situation, facts: type[Facts], time_zone: str) -> Decision:
    """Apply a table to a situation.

    ``facts`` says whose each unknown fact is: what only the business can supply leads to a
    person, not to a question.
    """
    verdict = program(table)(situation)
    if isinstance(verdict, list):
        faults, cited = _told(verdict)
        return Decision.plain(
            Outcome.INVALID, INVALID, situation, table, faults=faults, clauses=cited
        )
    course, amount = verdict.courses[0], verdict.amount
    effect = course.effect
    if verdict.opened or course.asks or (amount is None and effect.amount is not None):
        return _unsettled(verdict, facts, time_zone)
    cited = verdict.clauses()
    return Decision(effect.outcome, effect, situation, table, verdict, amount, time_zone, cited)


def _unsettled(verdict: Verdict, facts: type[Facts], time_zone: str) -> Decision:
    """What a verdict comes to that something unknown may still change, or that asks by itself."""
    table, situation = verdict.table, verdict.situation
    effect, amount = verdict.effect, verdict.amount
    differing = _deciding(verdict.open, effect, amount, situation)
    asked = once(path for o in differing for path in o.wants)
    if effect.missing is not None:
        asked = once((*asked, *(effect.missing.value(situation) or ())))
    rows = [(o.row, o.effect) for o in differing]
    if effect.amount is not None and amount is None:
        asked = once((*asked, *effect.amount.unknown(situation)))
        rows.append((verdict.decided, effect))
    elif rows and effect.missing is not None:
        rows.append((verdict.decided, effect))
    if rows:
        own = {fact.path for fact in table.asks}
        party = [p for p in asked if p in own or _source(facts, p) is not Source.BUSINESS]
        if party:
            return _asking(verdict, once(party), rows)
        review = table.review
        cited = once([*_row_clauses(table, rows), *review.cites])
        return Decision(review.outcome, review, situation, table, verdict, None, time_zone, cited)
    if effect.outcome is Outcome.NEEDS_INFORMATION:
        return _asking(verdict, asked, [(verdict.decided, effect)], verdict.clauses())
    cited = verdict.clauses()
    return Decision(effect.outcome, effect, situation, table, verdict, amount, time_zone, cited)


def _asking(
    verdict: Verdict,
    asked: tuple[str, ...],
    rows: Sequence[tuple[int, Effect]],
    clauses: tuple[Clause, ...] = (),
) -> Decision:
    table, situation = verdict.table, verdict.situation
    return Decision.plain(
        Outcome.NEEDS_INFORMATION,
        table.asking,
        situation,
        table,
        verdict,
        missing=asked,
        clauses=clauses or _row_clauses(table, rows),
        preconditions=once(lacked((effect for _, effect in rows), situation)),
        notices=due(table.notices, situation),
    )


def _row_clauses(table: Table, rows: Sequence[tuple[int, Effect]]) -> tuple[Clause, ...]:
    cited: list[Clause] = []
    for index, effect in rows:
        cited += [c for c in (table.rows[index].clause, effect.amount_clause) if c is not None]
    return once(cited)


def impossible_facts(
    checks: Sequence[Impossible], situation: Situation
) -> tuple[tuple[Fault, ...], tuple[Clause, ...]]:
    """The facts that cannot be together, and the clauses that say so."""
    wrong: Wrong = []
    for check in checks:
        if isinstance(check.at, Fact | UnitOf):
            if check.condition is not None and check.condition.truth(situation) is True:
                wrong.append((check, (check.at.path,)))
        else:
            wrong.append((check, check.at.value(situation) or ()))
    return _told([(check, paths) for check, paths in wrong if paths])


def _told(wrong: Wrong) -> tuple[tuple[Fault, ...], tuple[Clause, ...]]:
    """What is wrong with facts, path by path, and the clauses that say so."""
    faults = [
        Fault(path, Message(check.message, values=dict(check.values)))
        for check, paths in wrong
        for path in paths
    ]
    return tuple(faults), once([clause for check, _ in wrong for clause in check.cites])


def _amount(effect: Effect, situation: Situation) -> Money | None:
    return None if effect.amount is None else effect.amount.value(situation)


def _deciding(
    still_open: Sequence[Open], effect: Effect, amount: Money | None, situation: Situation
) -> list[Open]:
    """The open effects that matter: each differs from the decision, or from one open below it."""
    found: list[Open] = []
    below = [(effect, amount)]
    for possible in reversed(still_open):
        if any(_differs(possible.effect, *other, situation) for other in below):
            found.append(possible)
        below.append((possible.effect, _amount(possible.effect, situation)))
    return found[::-1]


def _differs(other: Effect, effect: Effect, amount: Money | None, situation: Situation) -> bool:
    if other.outcome is not effect.outcome:
        return True
    if other.amount is effect.amount:
        return False
    theirs = _amount(other, situation)
    return theirs is None or theirs != amount


def _source(facts: type[Facts], path: str) -> Source:
    fact = facts.by_path.get(path, facts.by_path.get(path.partition("[")[0]))
    return Source.PARTY if fact is None else fact.source
