"""What came of the contacts that were attached: how many, transformed, second, and at what fees.

A second prescription is attached for the record and counts for nobody; so does what only the first
prescriber brought about.
"""

from __future__ import annotations

from typing import Final

from avoir.clauses import Outcome
from avoir.messages import N_
from avoir.returns import Count, Events, Returns, Share, Total
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber.choices import Act
from avoir_referral_broker.prescriber.facts import EUR

RECORDED: Final = (Outcome.RECORDED,)
ATTACHED = Events((Act.ATTACH.value,), RECORDED, not_decided_by=(c.FIRST_WINS,))
SECOND = Events((Act.ATTACH.value,), RECORDED, decided_by=(c.FIRST_WINS,))
TRANSFORMED = Events((Act.RECORD_TRANSFORMATION.value,), RECORDED)
PAID = Events((Act.PAY.value,), RECORDED)

RETURNS: Final = Returns(
    clauses=(c.MEASURE, c.KPI_G),
    figures=(
        Count("attached", N_("contacts attached"), ATTACHED),
        Count("transformed", N_("contacts transformed"), TRANSFORMED, among="attached"),
        Share("transformation_rate", N_("rate of transformation"), "transformed", "attached"),
        Count("second_prescriptions", N_("second prescriptions"), SECOND),
        Count("paid", N_("contacts paid for"), PAID),
        Total("fees", N_("fees paid"), PAID, EUR),
    ),
    outcomes=Events(
        (Act.ASSESS_REMUNERATION.value, Act.RULE.value), (Outcome.APPROVED, Outcome.REFUSED)
    ),
)
