"""A decision: what a table came to, and what is worked out of it when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Generic, Self, TypeVar, overload

import msgspec

from avoir.clauses import Clause, DeadlineRule, Effect, Effective, Mode, NoticeRule, Outcome, Table
from avoir.conditions import ALWAYS, Situation
from avoir.decisions.consequences import (
    Deadline,
    Posting,
    deadlines,
    due,
    lacked,
    once,
    postings,
)
from avoir.kinds import Fault
from avoir.money import Money
from avoir.programs import truth
from avoir.verdicts import Verdict

L = TypeVar("L")


class _Lazy(Generic[L]):
    """A value worked out when it is first looked at, and kept.

    ``functools.cached_property`` without its lock, which makes ``decide()`` 6 % slower.
    """

    __slots__ = ("make", "name")

    def __init__(self, make: Callable[[Any], L]) -> None:
        self.make = make
        self.name = make.__name__

    @overload
    def __get__(self, decision: None, owner: type) -> Self: ...
    @overload
    def __get__(self, decision: object, owner: type) -> L: ...
    def __get__(self, decision: object | None, owner: type) -> L | Self:
        if decision is None:
            return self
        made = decision.__dict__[self.name] = self.make(decision)
        return made


class Decision(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What a table came to: outcome, cited clauses, amount, movements, what is missing.

    ``state`` is the state once the decision holds; ``case_state`` the one until then. What is no
    field is worked out from the verdict when it is first looked at, unless it is given.
    """

    outcome: Outcome
    effect: Effect
    situation: Situation
    table: Table | None = None
    verdict: Verdict | None = None
    amount: Money | None = None
    time_zone: str = "UTC"
    clauses: tuple[Clause, ...] = ()
    """The clauses cited, the deciding one first."""
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    failure: Exception | None = None
    """What a plugin's own code raised: then nothing was decided, and a person must look."""
    metrics: Mapping[str, object] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"Decision({self.outcome.value!r})"

    @classmethod
    def plain(
        cls,
        outcome: Outcome,
        effect: Effect,
        situation: Situation,
        table: Table | None = None,
        verdict: Verdict | None = None,
        **given: object,
    ) -> Decision:
        """A decision of which nothing is worked out: what is not given is nothing."""
        return cls(outcome, effect, situation, table, verdict).but(**{**_NOTHING, **given})

    def but(self, **given: object) -> Decision:
        """The same decision, but for what is given."""
        fields: dict[str, object] = {}
        if not _FIELDS.isdisjoint(given):
            fields = {name: given.pop(name) for name in _FIELDS & given.keys()}
        other = msgspec.structs.replace(self, **fields)
        other.__dict__.update(self.__dict__, **given)
        return other

    def allowing(self, actions: tuple[str, ...]) -> Decision:
        """This decision, which nobody has seen yet, with what may be done next."""
        self.__dict__["allowed_actions"] = actions
        return self

    def complete(self) -> Decision:
        """The same decision with everything worked out: whatever a plugin raises, it raises now."""
        known = self.__dict__
        for name, make in _WORKED_OUT:
            if name not in known:
                known[name] = make(self)
        return self

    @_Lazy
    def postings(self) -> tuple[Posting, ...]:
        """The movements of money that follow."""
        return postings(self.effect, self.amount, self.situation)

    @_Lazy
    def preconditions(self) -> tuple[str, ...]:
        """What must come first."""
        effects = self._telling()
        if not effects:
            return ()
        own = [effect.precondition for effect in effects if effect.precondition]
        return once([*own, *lacked(effects, self.situation)])

    @_Lazy
    def advice(self) -> tuple[str, ...]:
        """A word on what would help, where the terms have one."""
        effects = self._telling()
        return once([effect.advice for effect in effects if effect.advice]) if effects else ()

    @_Lazy
    def takes_effect(self) -> Effective:
        """When the decision takes effect."""
        at_once = self.effect.at_once
        held = at_once is ALWAYS or truth(at_once, self.situation) is True
        return Effective.AT_ONCE if held else self.effect.waits_for

    @_Lazy
    def notices(self) -> tuple[NoticeRule, ...]:
        """The messages that become due."""
        return due(_notices(self.table, self.effect, self.takes_effect), self.situation)

    @_Lazy
    def deadlines(self) -> tuple[Deadline, ...]:
        """What is due by when in the state that the case is in now."""
        shown = _shown(self.table, self.effect, self.takes_effect)
        return deadlines(shown, self.situation, self.time_zone)

    @_Lazy
    def allowed_actions(self) -> tuple[str, ...]:
        """What may be done next, where a lifecycle has given it."""
        return ()

    def _telling(self) -> Sequence[Effect]:
        """The effects that say what is missing or what would help, the deciding one first."""
        if self.verdict is None:
            return (self.effect,)
        courses = self.verdict.courses
        if len(courses) == 1 and not courses[0].tells:
            return ()
        return [course.effect for course in courses if course.tells]

    @property
    def state(self) -> str | None:
        """The state of the case once the decision holds; None leaves it as it is."""
        return self.effect.state

    @property
    def case_state(self) -> str | None:
        """The state of the case now: the reserved one where a ruling or a payment is to come."""
        return _until(self.effect, self.takes_effect)

    @property
    def mode(self) -> Mode | None:
        """What the decision is worth before a person has ruled."""
        return self.effect.mode


def _until(effect: Effect, takes: Effective) -> str | None:
    """The state of a case until an effect holds."""
    return effect.state if takes is Effective.AT_ONCE else effect.reserved


@lru_cache(maxsize=10_000)
def _notices(table: Table | None, effect: Effect, takes: Effective) -> tuple[NoticeRule, ...]:
    """The notices that an effect may bring in a table."""
    rules = () if table is None else table.notices
    return (*rules, *effect.notices) if takes is Effective.AT_ONCE else rules


@lru_cache(maxsize=10_000)
def _shown(table: Table | None, effect: Effect, takes: Effective) -> tuple[DeadlineRule, ...]:
    """The deadlines that are named in the state that an effect brings about in a table."""
    if table is None:
        return ()
    state = _until(effect, takes)
    return tuple(d for d in table.deadlines if state in d.stands_in or state in d.shown_in)


_NOTHING: Final[Mapping[str, object]] = {
    "postings": (),
    "preconditions": (),
    "advice": (),
    "notices": (),
    "deadlines": (),
    "allowed_actions": (),
    "takes_effect": Effective.AT_ONCE,
}


_WORKED_OUT: Final = [
    (name, lazy.make) for name, lazy in vars(Decision).items() if isinstance(lazy, _Lazy)
]
"""What of a decision is worked out when it is looked at, each after what it needs."""

_FIELDS: Final = frozenset(Decision.__struct_fields__)

INVALID: Final = Effect(Outcome.INVALID)
"""What impossible facts come to."""
