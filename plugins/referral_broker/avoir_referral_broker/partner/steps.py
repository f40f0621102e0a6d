"""The order of steps: none is skipped, and an act names every earlier one that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from avoir.clauses import Clause, Row, When, impossible, require, rule
from avoir.conditions import Condition, is_false, is_true, known, stated
from avoir.measures import measure
from avoir.messages import N_
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.effects import BLOCK, DONE_BEFORE
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    refused_by_bank,
    steps_taken,
    stop_factors_on_record,
)
from avoir_referral_broker.partner.states import S

deal = F.deal


CALLED: Final = (
    N_("step 1 done"),
    N_("step 2 done"),
    N_("step 3 done"),
    N_("step 4 passed"),
    N_("step 5 done"),
    N_("step 6 done"),
    N_("step 7 done"),
    N_("step 8 done"),
    N_("step 9 done"),
    N_("step 10 done"),
    N_("step 11 done"),
)
"""How a step is called that others rest on; nothing rests on the twelfth."""


def _taken(step: int) -> Condition:
    @measure(steps_taken, label=CALLED[step - 1])
    def is_taken(steps: frozenset[int]) -> bool:
        return step in steps

    return is_true(is_taken)


_TAKEN: Final = {step: _taken(step) for step in range(1, len(CALLED) + 1)}


def taken(step: int) -> Condition:
    """Whether the records show that a step was taken."""
    return _TAKEN[step]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step that later ones rest on.

    ``unless`` is what undoes it, whatever the steps taken say; ``stands`` is the state in which a
    deal waits for it, where that is only one.
    """

    number: int
    clause: Clause
    stands: S | None = None
    unless: Condition | None = None
    cites: tuple[Clause, ...] = ()

    @property
    def done(self) -> Condition:
        """Whether the step is done."""
        step = taken(self.number)
        return step if self.unless is None else step & ~stated(self.unless)


STEPS: Final = (
    Step(1, c.FIND, S.NEW),
    Step(2, c.PRESENT, S.FOUND),
    Step(3, c.COLLECT, S.PRESENTED, unless=is_false(deal.documents_complete)),
    Step(4, c.CRITERIA, S.DOCUMENTS_COLLECTED),
    Step(5, c.THREAD, unless=is_false(deal.thread.documents_uploaded), cites=(c.UPLOAD,)),
    Step(6, c.FORK),
    Step(7, c.AGREEMENT),
    Step(8, c.DATA, S.AGREED),
    Step(9, c.CONTRACT),
    Step(10, c.UNTIL_APPROVAL, unless=is_true(refused_by_bank)),
    Step(11, c.NOTIFY_OF_END, S.APPROVED_AWAITING_FUNDS),
)

NOT_PASSED = replace(BLOCK, state=S.PRELIMINARY_FAILED, precondition=CALLED[3])


def before(number: int, own: Clause) -> tuple[Row, ...]:
    """What an act of a step rests on: every step before it, each cited beside the act's own."""
    return tuple(_before(number, own))


def _before(number: int, own: Clause) -> Iterator[Row]:
    analysis = deal.preliminary
    for step in STEPS[: number - 1]:
        if step.number == 4:
            yield require(
                c.CRITERIA,
                is_true(analysis.criteria_met),
                NOT_PASSED.citing(own),
                only_if=known(analysis.criteria_met),
            )
            yield require(
                c.STOPFACTORS,
                stop_factors_on_record == 0,
                NOT_PASSED.citing(own),
                only_if=known(analysis.stop_factors),
            )
        yield require(
            step.clause,
            step.done,
            replace(
                BLOCK,
                state=step.stands,
                precondition=CALLED[step.number - 1],
                cites=(*step.cites, own),
            ),
        )


def once(number: int, own: Clause) -> Row:
    """A step that was taken is not taken again."""
    return rule(own, When(stated(taken(number)), DONE_BEFORE))


BEFORE_OPENING = impossible(
    F.event.at < deal.opened_at, F.event.at, N_("is before {other}"), other="deal.opened_at"
)
"""No act comes before the deal that it is about."""
