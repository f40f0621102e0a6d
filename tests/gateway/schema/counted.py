"""A policy whose things are looked at in two days: returns of every sort, with a pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import DeadlineRule, Outcome
from avoir.dates import day, days
from avoir.lifecycles import State
from avoir.returns import Count, Counted, Events, Pipeline, Returns, Total, Worth
from tests.gateway.schema import kinds
from tests.gateway.schema.kinds import ALL, POINT, F

LOOK_DUE: Final = DeadlineRule(
    "look_due",
    "look at the thing",
    (day(F.thing.seen_at) + days(2)).named("last day to look"),
    ALL,
    frozenset({"told"}),
)
TOLD: Final = Events(("tell", "tell_again"), (Outcome.RECORDED,))
RETURNS: Final = Returns(
    clauses=(ALL,),
    figures=(
        Count("things", "things told of", TOLD),
        Count("tellings", "times they were told of", TOLD, Counted.EVENTS),
        Count("standing", "things that stand", TOLD, in_states=("told",)),
        Total("points", "points decided", TOLD, POINT, Worth.DECIDED),
    ),
    outcomes=TOLD,
    pipeline=Pipeline("things by state", ("lost", "told"), "look_due"),
)
POLICY: Final = replace(
    kinds.POLICY,
    key="counted.things",
    lifecycle=replace(
        kinds.POLICY.lifecycle,
        states=(State("told", "told of", (ALL,), step=1), State("lost", "lost", step=2)),
        deadlines=(LOOK_DUE,),
    ),
    returns=RETURNS,
)
