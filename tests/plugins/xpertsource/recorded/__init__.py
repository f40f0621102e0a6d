"""Recorded examples: what is decided, by which clauses, and what is said of it."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import Example
from tests.plugins.xpertsource.recorded import (
    acts,
    admission,
    amounts,
    grounds,
    rulings,
    standings,
    steps,
)

REQUESTS: tuple[Example, ...] = (
    *admission.FORM,
    *admission.WAIT,
    *admission.WINDOW,
    *steps.STEPS,
    *steps.PROOF,
    *steps.MANAGER,
    *grounds.DETAILS,
    *grounds.PROJECT,
    *grounds.TRANSPARENCY,
    *grounds.REFUSALS,
    *grounds.COMMITMENT,
    *grounds.GOOD_FAITH,
    *amounts.MONEY,
    *amounts.UNKNOWN,
    *amounts.IMPOSSIBLE_FACTS,
)
RULINGS = rulings.RULINGS
STANDINGS = standings.STANDINGS
ESCALATIONS = standings.ESCALATIONS
REPORTS = acts.REPORTS
OTHER_ACTS: tuple[Example, ...] = (*acts.MOVEMENTS, *acts.SALES, *acts.AGAIN)
RECORDED: tuple[Example, ...] = (
    *REQUESTS,
    *RULINGS,
    *STANDINGS,
    *REPORTS,
    *ESCALATIONS,
    *OTHER_ACTS,
)
