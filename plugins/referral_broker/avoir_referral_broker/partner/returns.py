"""What came of the deals that were found: where they stand, what is overdue, due and paid."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Outcome
from avoir.messages import N_
from avoir.returns import Count, Events, Pipeline, Returns, Share, Total, Worth
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.choices import Act
from avoir_referral_broker.partner.effects import ANALYSIS_DUE
from avoir_referral_broker.partner.kinds import RUB
from avoir_referral_broker.partner.states import S

RECORDED: Final = (Outcome.RECORDED,)
FOUND = Events((Act.FIND_CLIENT.value,), RECORDED)
COMPLETED = Events((Act.COMPLETE.value,), RECORDED)
ASSESSED = Events((Act.ASSESS.value, Act.RULE.value), (Outcome.APPROVED,))
PAID = Events((Act.PAY.value,), RECORDED)
DERIVED: Final = frozenset({S.NEW, S.TEAM_ANALYSIS_OVERDUE})
"""States that are shown and never kept: no deal is listed under them."""

RETURNS: Final = Returns(
    clauses=(c.TWO_DAYS, c.CONDITIONS, c.COMMISSION),
    figures=(
        Count("found", N_("deals found"), FOUND),
        Count("completed", N_("deals completed"), COMPLETED),
        Share("completion_rate", N_("share of the deals completed"), "completed", "found"),
        Total(
            "commission_due",
            N_("commissions due"),
            ASSESSED,
            RUB,
            Worth.LATEST,
            in_states=(S.COMMISSION_DUE,),
        ),
        Count("paid", N_("deals whose commission is paid"), PAID),
        Total("commission_paid", N_("commissions paid"), PAID, RUB),
    ),
    outcomes=Events((Act.ASSESS.value, Act.RULE.value), (Outcome.APPROVED, Outcome.REFUSED)),
    pipeline=Pipeline(
        N_("deals by step"),
        tuple(state for state in S if state not in DERIVED),
        due=ANALYSIS_DUE.kind,
    ),
)
