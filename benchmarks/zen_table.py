"""The same request as a decision table of zen-engine, with the static loader.

It gives the outcome and the first clause; the amount, and what else is cited, it leaves aside. As
what it reads is ready made, and as it need not collect the reasons of a denial, it does less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import zen

from benchmarks.ready_made import Plain

KEY: Final = "request"

Rule: TypeAlias = tuple[str, str, str]
"""A condition, and the outcome and the first clause where it is the first that holds."""

GROUNDS: Final = (
    ("incorrect_contact", "CX-CRED-WRONG-CONTACT", "person == 'unrelated'"),
    ("non_working_phone", "CX-CRED-BAD-PHONE", "not phone_working and not reached_on_phone"),
    (
        "wrong_category",
        "CX-CRED-WRONG-CATEGORY",
        "not eligible and not appropriate and other_category",
    ),
    ("wrong_location", "CX-CRED-WRONG-LOCATION", "other_zip and not in_area"),
    (
        "duplicate",
        "CX-CRED-DUPLICATE",
        "before_by == 'conxpros' and before_to_same and within_look_back and same_category",
    ),
    ("testing_solicitation", "CX-CRED-TESTING", "solicitation"),
    ("looking_for_work", "CX-CRED-JOB-SEEKER", "seeking_work"),
    ("not_authorized", "CX-CRED-NOT-AUTHORIZED", "needs_owner and (not owner or minor)"),
    ("already_hired", "CX-CRED-ALREADY-HIRED", "spoke and hired_before"),
    ("no_request", "CX-CRED-NO-REQUEST", "spoke and denies"),
    ("misleading_ad", "CX-CRED-MISLEADING-AD", "spoke and incentive"),
    ("do_not_call", "CX-CRED-DNC", "asked_not_to_call == 1"),
)
PARTLY: Final = "eligible and not appropriate and other_category"
UNREACHED: Final = (
    "not in_touch and not verified and messages >= 1 and calls_day_one >= 2 and first_call < 60 "
    "and calls_day_two >= 1 and not early and calls_day_three >= 1"
)
ANY_GROUND: Final = " or ".join(f"({holds})" for holds in (PARTLY, *(g[2] for g in GROUNDS)))
DENIED_BEFORE: Final = "state == 'denied' and last_clause != null"


def rules() -> Iterator[Rule]:
    """The rules in order of precedence; the last one always holds."""
    yield "no_amounts", "invalid", "CX-CREDIT-BALANCE"
    yield "asked_before_delivery", "invalid", "CX-WINDOW-5D"
    yield "contacted_before_delivery", "invalid", "CX-CRED-NON-CONTACT"
    yield "delivered_again_later", "invalid", "CX-CRED-DUPLICATE"
    yield "units_differ", "invalid", "CX-PARTIAL-DIFF"
    yield "channel not in ['dashboard', 'account_manager']", "blocked", "CX-CHANNELS"
    yield "state == 'credited_proactively'", "unchanged", "CX-PRO-NOTIFY"
    yield "state in ['credited', 'partially_credited']", "unchanged", "CX-CREDIT-BALANCE"
    yield "state == 'final_approved'", "unchanged", "CX-FINAL"
    yield "state == 'final_denied' and asked_before", "blocked", "CX-FINAL"
    yield "state == 'final_denied'", "manual_review", "CX-FINAL"
    closed = f"state in ['under_review', 'reversed'] or ({DENIED_BEFORE})"
    yield closed, "blocked", "CX-REVIEW"
    yield "late", "refused", "CX-WINDOW-5D"
    yield "not notes or uninformative", "refused", "CX-DEN-NO-NOTES"
    yield "claim == 'non_contact' and early", "refused", "CX-DEN-EARLY-NONCONTACT"
    spoken_with = f"claim == 'non_contact' and verified and not ({ANY_GROUND})"
    yield spoken_with, "refused", "CX-NONCONTACT-VERIFIED"
    contradicted = "contradicted or (claim == 'non_working_phone' and reached_on_phone)"
    yield contradicted, "refused", "CX-DEN-CONTRADICTED"
    yield "claim == 'wrong_category' and appropriate", "refused", "CX-DEN-TASK-APPROPRIATE"
    for reason, clause, holds in GROUNDS:
        yield f"claim == '{reason}' and {holds}", "approved", clause
    yield f"claim == 'non_contact' and {UNREACHED}", "approved", "CX-CRED-NON-CONTACT"
    for _, clause, holds in GROUNDS:
        yield holds, "approved", clause
    yield UNREACHED, "approved", "CX-CRED-NON-CONTACT"
    yield PARTLY, "partly_approved", "CX-CRED-WRONG-CATEGORY"
    only_the_address = (
        "claim == 'address_invalid' or "
        "(claim in ['wrong_location', 'incorrect_contact'] and not address_valid)"
    )
    yield only_the_address, "refused", "CX-DEN-ADDRESS-ONLY"
    lost = "claim == 'lost_job' or hired_other or (claim == 'already_hired' and not hired_before)"
    yield lost, "refused", "CX-NE-LOST"
    yield "claim == 'changed_mind'", "refused", "CX-NE-CHANGED-MIND"
    yield "claim == 'shopping'", "refused", "CX-NE-SHOPPING"
    yield "claim == 'affordability' or affordability", "refused", "CX-NE-AFFORDABILITY"
    yield "claim == 'language_barrier'", "refused", "CX-NE-LANGUAGE"
    elsewhere = "claim == 'other_leadgen' or before_by == 'other_lead_company'"
    yield elsewhere, "refused", "CX-NE-OTHER-LEADGEN"
    yield "claim == 'in_crm' or in_crm", "refused", "CX-NE-IN-CRM"
    yield "claim == 'not_ready'", "refused", "CX-NE-NOT-READY"
    yield "true", "refused", "CX-DEN-REASON-MISMATCH"


def engine() -> zen.ZenEngine:
    """An engine that holds the table; loading is no part of what is measured."""
    content = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "name": "table",
                "type": "decisionTableNode",
                "position": {"x": 1, "y": 0},
                "content": {
                    "hitPolicy": "first",
                    "inputs": [{"id": "when", "name": "when", "type": "expression", "field": ""}],
                    "outputs": [
                        {"id": name, "name": name, "type": "expression", "field": name}
                        for name in ("outcome", "clause")
                    ],
                    "rules": [
                        {"_id": str(n), "when": when, "outcome": f"'{o}'", "clause": f"'{c}'"}
                        for n, (when, o, c) in enumerate(rules())
                    ],
                },
            },
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})


def decide(engine: zen.ZenEngine, measures: dict[str, Plain]) -> tuple[str, str]:
    """The outcome and the first clause of a request, by its measures."""
    result: dict[str, str] = engine.evaluate(KEY, measures)["result"]
    return result["outcome"], result["clause"]
