"""Recorded examples: what is decided, by which clauses, and what is said of it."""

from __future__ import annotations

from tests.plugins.cronoshare.examples import Example
from tests.plugins.cronoshare.recorded import (
    accounts,
    impossible,
    phases,
    purchases,
    refunds,
    rulings,
)

REFUNDS: tuple[Example, ...] = (
    *refunds.GROUNDS,
    *refunds.SILENCE,
    *refunds.WINDOW,
    *refunds.REMEDY,
    *refunds.UNKNOWN,
    *refunds.RECOVERED,
)
PURCHASES = purchases.PURCHASES
PHASES: tuple[Example, ...] = (*phases.PHASES, *phases.PERSONS, *phases.DONE, *phases.RECTIFIED)
STANDINGS = phases.STANDINGS
RULINGS = rulings.RULINGS
ACCOUNTS = accounts.ACCOUNTS
REPORTS = accounts.REPORTS
IMPOSSIBLE = impossible.IMPOSSIBLE
RECORDED: tuple[Example, ...] = (
    *REFUNDS,
    *PURCHASES,
    *PHASES,
    *STANDINGS,
    *RULINGS,
    *ACCOUNTS,
    *REPORTS,
    *IMPOSSIBLE,
)
