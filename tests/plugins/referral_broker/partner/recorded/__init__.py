"""Recorded examples: what is decided, by which clauses, and what is said of it."""

from __future__ import annotations

from tests.plugins.referral_broker.partner.examples import Example
from tests.plugins.referral_broker.partner.recorded import (
    analysis,
    client,
    closing,
    commission,
    contract,
    impossible,
    order,
    ranges,
    rulings,
    standings,
)

STEPS: tuple[Example, ...] = (
    *client.CLIENT,
    *analysis.THREAD,
    *analysis.ANALYSIS,
    *ranges.RANGE,
    *ranges.AGREEMENT,
    *contract.CONTRACTS,
    *closing.CLOSING,
    *commission.COMMISSION,
)
ORDER = order.ORDER
RULINGS = rulings.RULINGS
STANDINGS = standings.STATES
IMPOSSIBLE = impossible.IMPOSSIBLE
RECORDED: tuple[Example, ...] = (*STEPS, *ORDER, *RULINGS, *STANDINGS, *IMPOSSIBLE)
