"""The same request decided by hand-written if-chains: outcome, deciding clause, amount.

Default parameters, complete facts, no explanation: the floor that a general kernel is held to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from avoir.money import Money
from avoir.periods import add_months
from avoir_xpertsource.facts import AttemptKind, Channel, Ground, ProjectStatus

Answer = tuple[str, str, Money | None]


def decide(f: Mapping[str, Any]) -> Answer:
    """One request."""
    price: Money = f["lead.price_paid"]
    if f["request.channel"] is not Channel.PORTAL_FORM:
        return "blocked", "XS-FORM", None
    asked = f["request.submitted_at"].date()
    bought = f["lead.purchased_at"].date()
    if asked > add_months(bought, 1):
        return "refused", "XS-WINDOW-MONTH", None
    if asked < bought + timedelta(days=7):
        return "refused", "XS-DELAY-MIN", None
    ground: Ground = f["request.ground"]
    if f["evidence.other_contract_signed_on"] <= bought:
        return "approved", "XS-ALREADY-CONTRACT", price
    if ground is Ground.ALREADY_UNDER_CONTRACT:
        return "manual_review", "XS-ALREADY-CONTRACT", None
    attempts = f["request.contact_attempts"]
    confirmed = f["evidence.account_manager_confirms_unreachable"]
    answered = f["evidence.client_reached"] or any(a.answered for a in attempts)
    if ground is Ground.UNREACHABLE:
        calls = voicemails = emails = proven = 0
        submitted = f["request.submitted_at"]
        for attempt in attempts:
            if attempt.at <= submitted:
                if attempt.type is AttemptKind.CALL:
                    calls += 1
                    voicemails += attempt.voicemail_left
                else:
                    emails += 1
                    proven += attempt.proof_attached
        if calls < 4 or (voicemails < 2 and not confirmed):
            return "refused", "XS-CONTACT-CALLS", None
        if emails < 2 and not confirmed:
            return "refused", "XS-CONTACT-EMAILS", None
        if emails >= 2 > proven and confirmed and not answered:
            return "needs_information", "XS-CONTACT-EMAILS", None
    phone, email = f["evidence.phone_valid"], f["evidence.email_valid"]
    if not phone and not email:
        return "approved", "XS-APP-2-WRONG-CONTACT", price
    if ground is Ground.WRONG_CONTACT_DETAILS and (not phone or not email):
        return "manual_review", "XS-APP-2-WRONG-CONTACT", None
    status = f["evidence.project_status"]
    if status is ProjectStatus.ABANDONED or status is ProjectStatus.CHANGED:
        if f["evidence.client_openly_attested_intent"]:
            return "approved", "XS-APP-3-PROJECT-CHANGED", price
        if ground is Ground.PROJECT_CHANGED:
            return "manual_review", "XS-APP-3-PROJECT-CHANGED", None
    concealed = len(f["evidence.undisclosed"])
    if f["evidence.openly_not_transparent"] and concealed >= 1:
        if f["evidence.project_impossible"]:
            return "approved", "XS-APP-4-NOT-TRANSPARENT", price
        if ground is Ground.NOT_TRANSPARENT:
            return "manual_review", "XS-APP-4-NOT-TRANSPARENT", None
    if ground is Ground.UNREACHABLE:
        if not confirmed or answered:
            return "refused", "XS-APP-1-UNREACHABLE", None
        return "approved", "XS-APP-1-UNREACHABLE", price
    if ground is Ground.NOT_TRANSPARENT or ground is Ground.LEAD_NOT_CREDIT_CHECKED:
        return "refused", "XS-NO-CREDIT-CHECK", None
    if ground is Ground.PROJECT_POSTPONED or (
        ground is Ground.PROJECT_CHANGED and status is ProjectStatus.POSTPONED
    ):
        return "refused", "XS-REF-2-POSTPONED", None
    if ground is Ground.LEAD_SHARED:
        return "refused", "XS-REF-4-SHARED", None
    if ground is Ground.NO_SALE and (f["evidence.client_met"] or answered):
        return "refused", "XS-REF-1-MET", None
    return "refused", "XS-NO-AUTO-CREDIT", None
