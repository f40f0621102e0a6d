"""The interpreter: a table applied row by row, the oracle of compiled tables."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from avoir.clauses import ADVERSE, Company, Row, RowKind, Table, When
from avoir.conditions import Condition, Situation, Truth
from avoir.errors import PolicyError
from avoir.verdicts import Open, Status, Verdict


class Interpreted(msgspec.Struct, frozen=True):
    """The statuses of a table's rows: which row decided, what is open, what else is adverse."""

    decided: int
    when: int
    statuses: tuple[Status, ...]
    open: tuple[Open, ...]
    also: tuple[tuple[int, int], ...]


def interpreted(verdict: Verdict) -> Interpreted:
    """A verdict of a compiled table, all of it, as the interpreter puts it."""
    return Interpreted(verdict.decided, verdict.when, verdict.statuses, verdict.open, verdict.also)


def walk(table: Table, situation: Situation) -> Interpreted:
    """Give every row its status, down to the one that decides and the adverse ones below it."""
    statuses = [Status.NOT_REACHED] * len(table.rows)
    still_open: list[Open] = []
    for index, row in enumerate(table.rows):
        applies = _truth(row.only_if, situation)
        if applies is False:
            statuses[index] = Status.PASSED_OVER
            continue
        if row.kind is RowKind.NOTE:
            statuses[index] = Status.NOTED if applies else Status.PASSED_OVER
            continue
        if applies is None:
            wants = _unknown(row.only_if, situation)
            possible = [when.effect for _, when, _ in _possible(row, situation)]
            still_open += [Open(index, effect, wants) for effect in possible]
            statuses[index] = Status.OPEN if possible else Status.PASSED_OVER
            continue
        statuses[index], decided = _settle(index, row, situation, still_open)
        if decided is not None:
            also = _also_adverse(table, situation, index, decided, statuses)
            return Interpreted(index, decided, tuple(statuses), tuple(still_open), also)
    raise PolicyError("table_without_default", table=table.name)


def _possible(row: Row, situation: Situation) -> Iterator[tuple[int, When, Truth]]:
    """The effects that a row may have: down to the first that holds, and none known not to.

    The unknown facts of a ground count only where the party may claim it.
    """
    claimed = _truth(row.claimed, situation)
    for position, when in enumerate(row.whens):
        truth = when.condition.truth(situation)
        if truth is True or (truth is None and claimed is not False):
            yield position, when, truth
        if truth is True:
            return


def _settle(
    index: int, row: Row, situation: Situation, still_open: list[Open]
) -> tuple[Status, int | None]:
    """The status of a row that applies, and which of its conditions decides, if one does."""
    claimed = _truth(row.claimed, situation)
    status = Status.MET if row.kind is RowKind.REQUIREMENT else Status.UNMET
    if claimed is not True:
        status = Status.PASSED_OVER
    for position, when, truth in _possible(row, situation):
        if truth is True:
            return (Status.UNMET if row.kind is RowKind.REQUIREMENT else Status.MET), position
        asked = when.condition if claimed else row.claimed
        still_open.append(Open(index, when.effect, _unknown(asked, situation)))
        status = Status.OPEN
    return status, None


def _also_adverse(
    table: Table, situation: Situation, decided: int, position: int, statuses: list[Status]
) -> tuple[tuple[int, int], ...]:
    """The rows below an adverse one that come to the same, up to one that might not."""
    effect = table.rows[decided].whens[position].effect
    if effect.outcome not in ADVERSE or effect.company is Company.ALONE:
        return ()
    also: list[tuple[int, int]] = []
    for index in range(decided + 1, len(table.rows)):
        row = table.rows[index]
        if row.kind is RowKind.NOTE:
            continue
        applies = _truth(row.only_if, situation)
        if applies is False:
            statuses[index] = Status.PASSED_OVER
            continue
        opened: list[Open] = []
        found: int | None = None
        if applies is None:
            opened = [Open(index, when.effect, ()) for _, when, _ in _possible(row, situation)]
        else:
            statuses[index], found = _settle(index, row, situation, opened)
        if any(o.effect.outcome is not effect.outcome for o in opened):
            statuses[index] = Status.OPEN
            break
        if found is not None:
            lower = row.whens[found].effect
            if lower.outcome is not effect.outcome or lower.company is Company.ALONE:
                statuses[index] = Status.NOT_REACHED
                break
            also.append((index, found))
    return tuple(also)


def _truth(condition: Condition | None, situation: Situation) -> Truth:
    return True if condition is None else condition.truth(situation)


def _unknown(condition: Condition | None, situation: Situation) -> tuple[str, ...]:
    return () if condition is None else condition.unknown(situation)
