"""The same request as a decision table of zen-engine, with the static loader.

The table gets the measures ready made (days, counts, who answered), which flatters it: the
kernel and the if-chains compute them from the facts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import zen

from avoir.periods import add_months
from avoir_xpertsource.facts import AttemptKind

KEY = "request"

RULES: Sequence[tuple[str, str, str]] = (
    ("channel != 'portal_form'", "blocked", "XS-FORM"),
    ("too_late", "refused", "XS-WINDOW-MONTH"),
    ("too_early", "refused", "XS-DELAY-MIN"),
    ("signed_before", "approved", "XS-ALREADY-CONTRACT"),
    ("ground == 'already_under_contract'", "manual_review", "XS-ALREADY-CONTRACT"),
    (
        "ground == 'unreachable' and (calls < 4 or (voicemails < 2 and not confirmed))",
        "refused",
        "XS-CONTACT-CALLS",
    ),
    (
        "ground == 'unreachable' and emails < 2 and not confirmed",
        "refused",
        "XS-CONTACT-EMAILS",
    ),
    ("not phone and not email", "approved", "XS-APP-2-WRONG-CONTACT"),
    (
        "ground == 'wrong_contact_details' and (not phone or not email)",
        "manual_review",
        "XS-APP-2-WRONG-CONTACT",
    ),
    ("gone and attested", "approved", "XS-APP-3-PROJECT-CHANGED"),
    ("gone and ground == 'project_changed'", "manual_review", "XS-APP-3-PROJECT-CHANGED"),
    ("hidden and impossible", "approved", "XS-APP-4-NOT-TRANSPARENT"),
    ("hidden and ground == 'not_transparent'", "manual_review", "XS-APP-4-NOT-TRANSPARENT"),
    (
        "ground == 'unreachable' and (not confirmed or answered)",
        "refused",
        "XS-APP-1-UNREACHABLE",
    ),
    ("ground == 'unreachable'", "approved", "XS-APP-1-UNREACHABLE"),
    (
        "ground == 'not_transparent' or ground == 'lead_not_credit_checked'",
        "refused",
        "XS-NO-CREDIT-CHECK",
    ),
    (
        "ground == 'project_postponed' or (ground == 'project_changed' and status == 'postponed')",
        "refused",
        "XS-REF-2-POSTPONED",
    ),
    ("ground == 'lead_shared'", "refused", "XS-REF-4-SHARED"),
    ("ground == 'no_sale' and (met or answered)", "refused", "XS-REF-1-MET"),
    ("true", "refused", "XS-NO-AUTO-CREDIT"),
)


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
                        {
                            "id": "outcome",
                            "name": "outcome",
                            "type": "expression",
                            "field": "outcome",
                        },
                        {"id": "clause", "name": "clause", "type": "expression", "field": "clause"},
                    ],
                    "rules": [
                        {"_id": str(n), "when": when, "outcome": f"'{o}'", "clause": f"'{c}'"}
                        for n, (when, o, c) in enumerate(RULES)
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


def features(f: Mapping[str, Any]) -> bytes:
    """What the table reads, computed beforehand, as the JSON that the engine takes."""
    asked, bought = f["request.submitted_at"].date(), f["lead.purchased_at"].date()
    made = [a for a in f["request.contact_attempts"] if a.at <= f["request.submitted_at"]]
    placed = [a for a in made if a.type is AttemptKind.CALL]
    status = f["evidence.project_status"].value
    concealed = bool(f["evidence.undisclosed"])
    return json.dumps(
        {
            "channel": f["request.channel"].value,
            "ground": f["request.ground"].value,
            "too_late": asked > add_months(bought, 1),
            "too_early": asked < bought + timedelta(days=7),
            "signed_before": f["evidence.other_contract_signed_on"] <= bought,
            "calls": len(placed),
            "voicemails": sum(bool(a.voicemail_left) for a in placed),
            "emails": len(made) - len(placed),
            "confirmed": f["evidence.account_manager_confirms_unreachable"],
            "answered": f["evidence.client_reached"] or any(a.answered for a in made),
            "phone": f["evidence.phone_valid"],
            "email": f["evidence.email_valid"],
            "status": status,
            "gone": status in ("abandoned", "changed"),
            "attested": f["evidence.client_openly_attested_intent"],
            "hidden": f["evidence.openly_not_transparent"] and concealed,
            "impossible": f["evidence.project_impossible"],
            "met": f["evidence.client_met"],
        }
    ).encode()
