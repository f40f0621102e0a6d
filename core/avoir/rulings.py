"""Four eyes: which rulings of a person take effect only once another one rules the same.

A first ruling under four eyes is recorded and moves nothing; the matter goes on waiting. Everybody
who rules has one voice, his last, and what two voices agree on is settled. So nobody is his own
second; two who differ settle nothing, and a third settles it by agreeing with either. Who rules
otherwise than he did before takes his first word back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from avoir.clauses import Outcome
from avoir.conditions import Condition, Term
from avoir.facts import Fact
from avoir.lifecycles import Event
from avoir.measures import Measure, Unknown, tolerant_measure
from avoir.messages import N_
from avoir.parameters import Parameter, one_of

C = TypeVar("C", bound=StrEnum)

RULING: Final = "rule"
"""The action by which a person settles what a policy left to one."""


class FourEyes(StrEnum):
    """Which rulings need a second reviewer."""

    NEVER = "never"
    APPROVALS = "approvals"
    REFUSALS = "refusals"
    ALWAYS = "always"


LABELS: Final[Mapping[str, str]] = {
    FourEyes.NEVER: N_("no ruling"),
    FourEyes.APPROVALS: N_("rulings that approve"),
    FourEyes.REFUSALS: N_("rulings that refuse"),
    FourEyes.ALWAYS: N_("every ruling"),
}
"""How people call the values; a policy sets them among its own labels."""

A_SECOND: Final = N_("the same ruling by another reviewer")
"""What a ruling under four eyes still wants."""

AGREEING: Final = N_("other reviewers who rule the same")
DIFFERING: Final = N_("other reviewers who rule otherwise")


def four_eyes() -> Parameter[FourEyes]:
    """The parameter, off by default."""
    return one_of(FourEyes.NEVER, N_("rulings that need a second reviewer"))


def wants_a_second(
    demanded: Parameter[FourEyes],
    earlier: Term[Any],
    by: Term[str],
    decision: Fact[C],
    *,
    approve: C,
    refuse: C,
) -> Condition:
    """Whether a ruling does not settle the matter before another reviewer rules the same.

    ``earlier`` are the rulings since the matter began to wait, items with ``by`` and ``decision``,
    the first one first. Where four eyes are demanded of some rulings, one that differs from
    another reviewer's does not settle the matter either.
    """
    agreeing = _others(earlier, by, decision, AGREEING, lambda said, now: said == now)
    differing = _others(earlier, by, decision, DIFFERING, lambda said, now: said != now)
    of_this_one = (
        (demanded == FourEyes.ALWAYS)
        | ((demanded == FourEyes.APPROVALS) & (decision == approve))
        | ((demanded == FourEyes.REFUSALS) & (decision == refuse))
        | ((demanded != FourEyes.NEVER) & (differing >= 1))
    )
    return of_this_one & (agreeing < 1)


def earlier_rulings(events: Sequence[Event], decided_by: Collection[str]) -> list[object]:
    """The rulings since one of these acts last decided the matter, as facts: who, and how.

    A ruling is the act ``rule``, which states ``ruling.decision``. What was ruled before the
    matter was decided again was ruled on other facts.
    """
    rulings: list[object] = []
    for event in events:
        if event.outcome in (Outcome.BLOCKED, Outcome.UNCHANGED):
            continue
        if event.action in decided_by:
            rulings = []
        elif event.action == RULING:
            stated = event.facts.get("ruling")
            said = stated.get("decision") if isinstance(stated, Mapping) else None
            rulings.append({"by": event.by, "decision": said})
    return rulings


def _others(
    earlier: Term[Any],
    by: Term[str],
    decision: Fact[C],
    label: str,
    counts: Callable[[object, object], bool],
) -> Measure[int]:
    """How many others there are whose last ruling counts beside the one that is made now."""

    @tolerant_measure(earlier, by, decision, label=label)
    def others(rulings: Sequence[object] | None, who: str | None, now: C | None) -> int | Unknown:
        if now is None:
            return Unknown((decision.path,))
        voices: dict[str, object] = {}
        for ruling in rulings or ():
            name = getattr(ruling, "by", None)
            # a ruling by nobody is nobody's voice, and nobody agrees with it
            if name is not None and who is not None and name != who:
                voices[name] = getattr(ruling, "decision", None)
        return sum(counts(said, now) for said in voices.values() if said is not None)

    return others
