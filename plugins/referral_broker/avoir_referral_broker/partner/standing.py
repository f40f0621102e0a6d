"""Where a deal stands by its facts alone: the last step taken, and what is begun or ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from avoir.measures import Unknown, tolerant_measure
from avoir.messages import N_
from avoir.money import Money
from avoir_referral_broker.partner.clock import awaits_documents
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.measures import (
    act_handed_in,
    paid_by_client,
    partner_paid,
    refused_by_bank,
)
from avoir_referral_broker.partner.states import S

deal = F.deal

AFTER: Final = (
    S.NEW,
    S.FOUND,
    S.PRESENTED,
    S.DOCUMENTS_COLLECTED,
    S.PRELIMINARY_PASSED,
    S.TEAM_ANALYSIS,
    S.AWAITING_CLIENT_AGREEMENT,
    S.AGREED,
    S.CONTRACT_DATA_COLLECTED,
    S.CONTRACT_SIGNED,
    S.APPROVED_AWAITING_FUNDS,
)
"""The state that each step leads to, from none to the tenth."""
BEGUN: Final[Mapping[S, S]] = {
    S.THREAD_OPEN: S.PRELIMINARY_PASSED,
    S.AWAITING_ADDITIONAL_DOCUMENTS: S.TEAM_ANALYSIS,
    S.CONTRACT_SENT: S.CONTRACT_DATA_COLLECTED,
}
"""States in the middle of a step, and the state that the step began in."""


@tolerant_measure(
    deal.thread.created, awaits_documents, deal.contract.sent_at, label=N_("steps begun")
)
def begun(created: bool | None, awaited: bool | None, sent: datetime | None) -> frozenset[S]:
    """What has begun and may not be over."""
    shown = {
        S.THREAD_OPEN: created,
        S.AWAITING_ADDITIONAL_DOCUMENTS: awaited,
        S.CONTRACT_SENT: sent is not None,
    }
    return frozenset(state for state, so in shown.items() if so)


@tolerant_measure(
    paid_by_client, deal.client_commission.invoiced, act_handed_in, label=N_("what is awaited")
)
def closing(paid: Money | None, invoiced: Money | None, handed_in: bool | None) -> S:
    """What a completed deal waits for."""
    if paid is None or invoiced is None or paid < invoiced:
        return S.COMPLETED_AWAITING_PAYMENT
    return S.COMMISSION_DUE if handed_in else S.COMPLETED_AWAITING_ACT


@tolerant_measure(
    deal.preliminary.criteria_met, deal.preliminary.stop_factors, label=N_("not passed")
)
def failed(criteria_met: bool | None, stop_factors: Sequence[str] | None) -> bool:
    """Whether the preliminary analysis is known to have failed."""
    return criteria_met is False or bool(stop_factors)


@tolerant_measure(partner_paid, refused_by_bank, failed, label=N_("end of the deal"))
def ended(paid: bool | None, refused: bool | None, not_passed: bool | None) -> S | None:
    """The end that a deal has come to, if it has."""
    if paid:
        return S.COMMISSION_PAID
    if refused:
        return S.LOAN_REFUSED
    return S.PRELIMINARY_FAILED if not_passed else None


@tolerant_measure(deal.completed_steps, begun, closing, label=N_("state of the deal under way"))
def under_way(
    steps: Sequence[int] | None, middle: frozenset[S] | None, completed: S | None
) -> S | Unknown | None:
    """The state after the steps taken without a gap, or in the middle of the next one."""
    if steps is None:
        return Unknown([deal.completed_steps.path])
    last = next(step for step in range(13) if step + 1 not in steps)
    if last >= len(AFTER):
        return completed
    state = AFTER[last]
    return next((one for one in middle or () if BEGUN[one] is state), state)


@tolerant_measure(ended, under_way, label=N_("state of the deal"))
def standing(end: S | None, state: S | None) -> str | Unknown:
    """The state that a facts document shows by itself."""
    return end or state or Unknown([deal.completed_steps.path])
