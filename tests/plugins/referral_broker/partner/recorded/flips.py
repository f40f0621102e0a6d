"""Recorded examples of parameters: the same facts under the default and under another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.plugins.examples import Flip
from tests.plugins.referral_broker.partner.examples import (
    APPROVED,
    ASKED,
    INVALID,
    RECORDED,
    REFUSED,
    REVIEW,
    STANDING,
    Example,
    acting,
    at,
    due,
    faulty,
    known,
    leads_to,
    rub,
    ruling,
    wants,
)

Outcome = tuple[str, str, Mapping[str, object]]


def flip(
    parameter: str,
    value: object,
    title: str,
    facts: Mapping[str, Any],
    before: Outcome,
    after: Outcome,
    action: str = "assess_partner_commission",
    **others: object,
) -> Flip:
    """Facts, and what comes of them before and after: outcome, clauses, and what else is said."""
    (outcome, cites, more), (other, citing, said) = before, after
    return Flip(
        parameter,
        value,
        Example(title, facts, outcome, cites, action, others, more=more),
        Example(title, facts, other, citing, action, {**others, parameter: value}, more=said),
    )


def assessed(**stated: str | None) -> Mapping[str, Any]:
    """The facts of an assessment with other sums of the loan."""
    sums = {f"deal.loan.{name}": None if s is None else rub(s) for name, s in stated.items()}
    return acting("assess_partner_commission", sums)


def owed(amount: str) -> Outcome:
    """A commission that is due."""
    return APPROVED, "12-CONDITIONS COMMISSION", due(amount)


def analysed(
    *rounds: Mapping[str, object], as_of: str, uploaded: str = "2025-03-03 11:00"
) -> Mapping[str, Any]:
    """The facts of a standing while the team analyses."""
    facts = {
        "deal.thread.documents_uploaded_at": at(uploaded),
        "deal.additional_documents.rounds": list(rounds),
        "as_of": at(as_of),
    }
    return known(5, facts)


def asked(requested: str, supplied: str | None = None) -> Mapping[str, object]:
    """A request for further documents, and when they came."""
    return {"requested_at": at(requested), "supplied_at": supplied and at(supplied)}


def until(day: str, state: str = "team_analysis") -> Outcome:
    """An analysis and its last day."""
    return STANDING, "06-2BD", leads_to(state, deadlines={f"analysis_due {day}"})


OVERDUE: Final = "team_analysis_overdue"
ONE_ROUND: Final = asked("2025-03-04 10:00", "2025-03-07 10:00")
"""From Tuesday to Friday: three business days."""
GIVEN: Final = acting(
    "give_range", {"event.range.minimum": rub("11000000"), "event.range.maximum": rub("12000000")}
)
CRITERIA: Final = ["a year in business", "no losses"]
FLIPS: Final = (
    flip(
        "commission_rate",
        "0.03",
        "a larger share",
        assessed(),
        owed("187500.00"),
        owed("225000.00"),
    ),
    flip(
        "commission_rate",
        "0",
        "no share",
        assessed(),
        owed("187500.00"),
        (APPROVED, "12-CONDITIONS COMMISSION", due("0.00", postings=[])),
    ),
    flip(
        "commission_rate", "1", "the whole loan", assessed(), owed("187500.00"), owed("7500000.00")
    ),
    flip(
        "base",
        "approved",
        "a share of what was approved",
        assessed(),
        owed("187500.00"),
        owed("200000.00"),
    ),
    flip(
        "base",
        "approved",
        "nobody knows what was approved",
        assessed(approved_amount=None),
        owed("187500.00"),
        (ASKED, "12-CONDITIONS COMMISSION", wants("deal.loan.approved_amount")),
    ),
    flip(
        "rounding",
        "half_even",
        "half a kopeck to the even one",
        assessed(received_amount="6000000.20"),
        owed("150000.01"),
        owed("150000.00"),
    ),
    flip(
        "rounding",
        "down",
        "half a kopeck falls away",
        assessed(received_amount="6000000.20"),
        owed("150000.01"),
        owed("150000.00"),
    ),
    flip(
        "rounding",
        "down",
        "and so does most of one",
        assessed(received_amount="6000000.39"),
        owed("150000.01"),
        owed("150000.00"),
    ),
    flip(
        "analysis_business_days",
        1,
        "the day after the upload",
        analysed(as_of="2025-03-05 09:00"),
        until("2025-03-05"),
        until("2025-03-04", OVERDUE),
        "standing",
    ),
    flip(
        "extra_documents_clock",
        "run",
        "further documents change nothing",
        analysed(ONE_ROUND, as_of="2025-03-10 09:00"),
        until("2025-03-11"),
        until("2025-03-05", OVERDUE),
        "standing",
    ),
    flip(
        "extra_documents_clock",
        "pause",
        "the days they took are added",
        analysed(ONE_ROUND, as_of="2025-03-10 09:00"),
        until("2025-03-11"),
        until("2025-03-10"),
        "standing",
    ),
    flip(
        "extra_documents_clock",
        "run",
        "time runs on while documents are awaited",
        analysed(asked("2025-03-04 10:00"), as_of="2025-03-05 09:00"),
        (STANDING, "06-EXTRA-DOCS", leads_to("awaiting_additional_documents", deadlines=set())),
        (
            STANDING,
            "06-EXTRA-DOCS",
            leads_to("awaiting_additional_documents", deadlines={"analysis_due 2025-03-05"}),
        ),
        "standing",
    ),
    flip(
        "agree_when",
        "below",
        "a lower end above the request",
        GIVEN,
        (
            RECORDED,
            "06-AGREE 06-FORK",
            leads_to("awaiting_client_agreement", "partner:agree_sum"),
        ),
        (RECORDED, "06-FORK", leads_to("awaiting_client_agreement")),
        "give_range",
    ),
    flip(
        "required_documents",
        ["Bank statement"],
        "a list of documents to go through",
        acting("collect_documents", {"event.documents": ["Passport"]}),
        (RECORDED, "03-COLLECT", leads_to("documents_collected")),
        (
            ASKED,
            "03-COLLECT",
            wants("event.documents", state="presented", missing_preconditions=["Bank statement"]),
        ),
        "collect_documents",
    ),
    flip(
        "criteria",
        CRITERIA,
        "the criteria are named to whom they refuse",
        acting("preliminary_analysis", {"event.criteria_met": False}),
        (REFUSED, "04-CRITERIA", leads_to("preliminary_failed", missing_preconditions=[])),
        (REFUSED, "04-CRITERIA", leads_to("preliminary_failed", missing_preconditions=CRITERIA)),
        "preliminary_analysis",
    ),
    flip(
        "criteria",
        CRITERIA,
        "the criteria are named to who has not said",
        acting("preliminary_analysis", {"event.criteria_met": None}),
        (ASKED, "04-CRITERIA", wants("event.criteria_met", missing_preconditions=[])),
        (ASKED, "04-CRITERIA", wants("event.criteria_met", missing_preconditions=CRITERIA)),
        "preliminary_analysis",
    ),
    flip(
        "stop_factors",
        ["arrears"],
        "a stop factor that is not on the list",
        acting("preliminary_analysis", {"event.stop_factors": ["insolvency"]}),
        (REFUSED, "04-STOPFACTORS", leads_to("preliminary_failed")),
        (INVALID, "04-STOPFACTORS", faulty("event.stop_factors[0]")),
        "preliminary_analysis",
    ),
    flip(
        "stop_factors",
        ["arrears"],
        "the stop factors are named to who has not said",
        acting("preliminary_analysis", {"event.stop_factors": None}),
        (ASKED, "04-STOPFACTORS", wants("event.stop_factors", missing_preconditions=[])),
        (ASKED, "04-STOPFACTORS", wants("event.stop_factors", missing_preconditions=["arrears"])),
        "preliminary_analysis",
    ),
    flip(
        "four_eyes",
        "approvals",
        "one reviewer approves",
        ruling(),
        (APPROVED, "COMMISSION 06-TO", due("225000.00")),
        (REVIEW, "COMMISSION 06-TO", leads_to("under_review")),
        "rule",
    ),
    flip(
        "calendar",
        "US",
        "the first days of May are worked elsewhere",
        analysed(as_of="2025-05-02 12:00", uploaded="2025-04-30 12:00"),
        until("2025-05-06"),
        until("2025-05-02"),
        "standing",
    ),
)
