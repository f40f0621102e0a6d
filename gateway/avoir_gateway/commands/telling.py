"""Editions, their differences and trials, as documents and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from avoir.clauses import OUTCOMES, Outcome
from avoir.descriptions import parameter
from avoir.differences import differences
from avoir.documents import money
from avoir.messages import N_
from avoir.money import Money
from avoir.policies import Edition, Policy
from avoir.readers import Reader
from avoir_gateway.commands.terminal import say

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.administration.parameters import Dated, EditionMade
    from avoir_gateway.administration.retelling import Ending
    from avoir_gateway.administration.trials import Moved, Otherwise, Side, Trial

Told = dict[str, Any]

NAMED: Final = 20
"""Cases that are named on the terminal; as JSON there are up to a hundred."""

IN_FORCE = N_("{title}: edition {hash}, in force since {day}")
VALUE = N_("{name}: {shown} ({label})")
OTHER_VALUE = N_("{name}: {shown} ({label}; by default {default})")
SAME = N_("Nothing reads otherwise.")
SET_LINE = N_("{day}: edition {hash}, set by {who} on {moment}")
SUPERSEDED_LINE = N_("{day}: edition {hash}, set by {who} on {moment}; others were set later")
DEFAULT_LINE = N_("{day}: edition {hash}, the default")
LOOKED = N_("Cases opened since {moment}: {of}. Looked at: {looked}.")
OTHERWISE = N_("They would have gone another way: {n}.")
NO_OTHERWISE = N_("None of them would have gone another way.")
MOVED = N_("From the house to parties: {before} → {after} (change: {change})")
ENDING = N_("{outcome}, {state} ({clause})")
ENDING_ALONE = N_("{outcome}, {state}")
CASE = N_("{case}, {action} of {moment}: {before} → {after}")
FURTHER = N_("Further cases: {n}.")
UNKEPT = N_("Acts left as they were, since what was stated in them is not kept: {n}.")
UNREPEATED = N_("Acts left as they were, since their own values come to something else today: {n}.")


def edition(edition: Edition, reader: Reader) -> Told:
    """An edition with the values of its parameters."""
    declared = edition.policy.parameters.by_name.values()
    return {
        "policy": edition.policy.key,
        "edition": dict(edition.named),
        "parameters": [parameter(one, edition, reader) for one in declared],
    }


def edition_lines(context: Context, edition: Edition, reader: Reader) -> Iterator[str]:
    """An edition, a line for each parameter."""
    policy = edition.policy
    title = {"title": reader.word(policy.title), "hash": edition.hash}
    yield say(context, IN_FORCE, **title, day=edition.effective_from)
    for name, declared in policy.parameters.by_name.items():
        value = edition.values[name]
        told = {
            "name": name,
            "label": reader.word(declared.label),
            "shown": reader.value(value),
        }
        if value == declared.default:
            yield "  " + say(context, VALUE, **told)
        else:
            default = reader.value(declared.default)
            yield "  " + say(context, OTHER_VALUE, **told, default=default)


def change(before: Edition, after: Edition, reader: Reader) -> Told:
    """What reads otherwise in the second of two editions."""
    found = differences(before, after, reader)
    return {
        "policy": before.policy.key,
        "before": dict(before.named),
        "after": dict(after.named),
        "parameters": [msgspec.structs.asdict(one) for one in found.parameters],
        "rows": [msgspec.structs.asdict(one) for one in found.rows],
    }


def change_lines(
    context: Context, before: Edition, after: Edition, reader: Reader, *, rows: bool = False
) -> Iterator[str]:
    """What reads otherwise, a line for each parameter, and for each row if they are wanted."""
    found = differences(before, after, reader)
    if not found:
        yield say(context, SAME)
    yield from (one.message for one in found.parameters)
    if rows:
        for row in found.rows:
            yield ""
            yield row.clause or row.table
            yield f"- {row.before}"
            yield f"+ {row.after}"


def made(done: EditionMade, reader: Reader) -> Told:
    """An edition that was set."""
    return {
        "saved": True,
        "replayed": done.again,
        **change(done.before, done.after, reader),
        "later": [day.isoformat() for day in done.later],
    }


def later_lines(context: Context, later: Sequence[date]) -> Iterator[str]:
    """That values hold until others do, which were set before."""
    from avoir_gateway.administration.parameters import LATER

    if later:
        yield say(context, LATER, day=later[0])


def history(found: Sequence[Dated], reader: Reader) -> Told:
    """Every edition that was set, each with what it changed."""
    return {
        "editions": [
            {
                **one.edition.named,
                "set_by": one.set_by,
                "set_at": None if one.set_at is None else one.set_at.isoformat(),
                "superseded": one.superseded,
                "parameters": [
                    msgspec.structs.asdict(other)
                    for other in differences(before, one.edition, reader).parameters
                ],
            }
            for one, before in _with_former(found)
        ]
    }


def history_lines(context: Context, found: Sequence[Dated], reader: Reader) -> Iterator[str]:
    """Every edition that was set, and below it what it changed."""
    for one, before in _with_former(found):
        day, hash = one.edition.effective_from, one.edition.hash
        if one.set_by is None or one.set_at is None:
            yield say(context, DEFAULT_LINE, day=day, hash=hash)
            continue
        line = SUPERSEDED_LINE if one.superseded else SET_LINE
        moment = reader.moment(one.set_at)
        yield say(context, line, day=day, hash=hash, who=one.set_by, moment=moment)
        yield from (f"  {line}" for line in change_lines(context, before, one.edition, reader))


def _with_former(found: Sequence[Dated]) -> Iterator[tuple[Dated, Edition]]:
    """Each edition with the one behind it that was in force before; the default with itself."""
    for number, one in enumerate(found):
        former = (other for other in found[number + 1 :] if not other.superseded)
        yield one, next(former, one).edition


def trial(trial: Trial, in_force: Edition, reader: Reader) -> Told:
    """What a trial found, and what was tried."""
    return {
        **change(in_force, trial.edition, reader),
        "since": trial.since.isoformat(),
        "cases": trial.of,
        "looked_at": trial.looked,
        "otherwise": trial.otherwise,
        "money": [_moved(one) for one in trial.totals],
        "shifts": [
            {
                "before": msgspec.structs.asdict(one.shift.before),
                "after": msgspec.structs.asdict(one.shift.after),
                "count": one.count,
                "money": [_moved(moved) for moved in one.moved],
            }
            for one in trial.shifts
        ],
        "examples": [_example(one) for one in trial.cases],
        "unkept": trial.unkept,
        "unrepeated": trial.unrepeated,
    }


def trial_lines(context: Context, trial: Trial, reader: Reader) -> Iterator[str]:
    """What a trial found: counts, money, how cases would have gone, and the latest of them."""
    from avoir_gateway.administration.trials import side

    policy = trial.edition.policy
    looked = {"of": trial.of, "looked": trial.looked}
    yield say(context, LOOKED, moment=reader.moment(trial.since), **looked)
    if trial.otherwise:
        yield say(context, OTHERWISE, n=trial.otherwise)
        yield from (_money_line(context, one, reader) for one in trial.totals)
    else:
        yield say(context, NO_OTHERWISE)
    for shift in trial.shifts:
        before = _side(context, shift.shift.before, policy, reader)
        after = _side(context, shift.shift.after, policy, reader)
        yield ""
        yield f"{reader.value(shift.count)} × {before} → {after}"
        yield from (f"  {_money_line(context, one, reader)}" for one in shift.moved)
    if trial.cases:
        yield ""
    for found in trial.cases[:NAMED]:
        action = policy.lifecycle.action(found.action)
        told = {
            "case": found.case,
            "action": found.action if action is None else reader.word(action.label),
            "moment": reader.moment(found.at),
            "before": _side(context, side(found.before), policy, reader),
            "after": _side(context, side(found.after), policy, reader),
        }
        yield say(context, CASE, **told)
    if trial.otherwise > NAMED:
        yield say(context, FURTHER, n=trial.otherwise - NAMED)
    if trial.unkept:
        yield say(context, UNKEPT, n=trial.unkept)
    if trial.unrepeated:
        yield say(context, UNREPEATED, n=trial.unrepeated)


def _side(context: Context, ended: Side, policy: Policy, reader: Reader) -> str:
    labels: Mapping[str, str] = {state.name: state.label for state in policy.lifecycle.states}
    known = labels.get(ended.state or "")
    told = {
        "outcome": reader.word(OUTCOMES[Outcome(ended.outcome)]),
        "state": ended.state or "" if known is None else reader.word(known),
    }
    if ended.clause is None:
        return say(context, ENDING_ALONE, **told)
    return say(context, ENDING, **told, clause=ended.clause)


def _money_line(context: Context, moved: Moved, reader: Reader) -> str:
    told = {"before": moved.before, "after": moved.after, "change": moved.change}
    # a unit of the policy's own is called in the words of the policy
    return say(context, MOVED, **{name: reader.money(amount) for name, amount in told.items()})


def _moved(moved: Moved) -> Told:
    return {
        "unit": moved.before.unit.code,
        "before": moved.before.amount,
        "after": moved.after.amount,
        "change": moved.change.amount,
    }


def _example(found: Otherwise) -> Told:
    return {
        "case": found.case,
        "action": found.action,
        "revision": found.revision,
        "at": found.at.isoformat(),
        "before": _ending(found.before),
        "after": _ending(found.after),
    }


def _ending(ending: Ending) -> Told:
    return {
        "outcome": ending.outcome,
        "clause": ending.clause,
        "state": ending.state,
        "amount": _amount(ending.amount),
        "moved": _amount(ending.moved),
    }


def _amount(amount: Money | None) -> Told | None:
    return None if amount is None else money(amount)
