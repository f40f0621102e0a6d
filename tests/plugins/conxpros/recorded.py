"""All recorded examples."""

from __future__ import annotations

from tests.plugins.conxpros.findings_recorded import DELIVERIES, FINDINGS
from tests.plugins.conxpros.requests_recorded import FURTHER, REQUESTS
from tests.plugins.conxpros.reversals_recorded import CONTRADICTIONS, REVERSALS
from tests.plugins.conxpros.reviews_recorded import APPEALS, REVIEWS, RULINGS
from tests.plugins.conxpros.standings_recorded import STANDINGS

ACTS = (
    *FINDINGS,
    *DELIVERIES,
    *CONTRADICTIONS,
    *REVERSALS,
    *APPEALS,
    *REVIEWS,
    *RULINGS,
    *STANDINGS,
)
RECORDED = (*REQUESTS, *FURTHER, *ACTS)
