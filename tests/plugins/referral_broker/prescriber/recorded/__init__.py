"""Recorded examples: what is decided, by which clauses, and what is said of it."""

from __future__ import annotations

from tests.plugins.referral_broker.prescriber.examples import Example
from tests.plugins.referral_broker.prescriber.recorded import (
    acts,
    assessments,
    attachments,
    doubts,
    impossible,
    refusals,
    standings,
    years,
)

RECORDED: tuple[Example, ...] = (
    *attachments.ATTACHMENTS,
    *assessments.ASSESSMENTS,
    *refusals.REFUSALS,
    *years.WINDOWS,
    *doubts.REVIEWED,
    *doubts.RULINGS,
    *acts.ACTS,
    *standings.STANDINGS,
    *standings.REPORTS,
    *impossible.IMPOSSIBLE,
    *impossible.POSSIBLE,
)
