"""Recorded examples of the order of steps: what is missing is named, what is done stays done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    READY,
    STEP,
    UNCHANGED,
    Example,
    acting,
    lacks,
    leads_to,
    wants,
)

CLAUSES: Final = (
    "01-FIND",
    "02-PRESENT",
    "03-COLLECT",
    "04-CRITERIA",
    "05-THREAD",
    "06-FORK",
    "07-AGREEMENT",
    "08-DATA",
    "09-CONTRACT",
    "10-UNTIL-APPROVAL",
    "11-NOTIFY",
)
"""The clause that each step rests on."""
STANDS: Final[Mapping[int, str]] = {
    1: "new",
    2: "found",
    3: "presented",
    4: "documents_collected",
    8: "agreed",
    11: "approved_awaiting_funds",
}
"""The state in which a deal waits for a step, where that is only one."""
OWN: Final[Mapping[str, str]] = {
    "present_service": "02-PRESENT",
    "client_doubts": "02-DOUBTS",
    "collect_documents": "03-COLLECT",
    "preliminary_analysis": "04-CRITERIA",
    "create_thread": "05-THREAD",
    "upload_documents": "05-UPLOAD",
    "start_team_analysis": "06-2BD",
    "request_additional_documents": "06-EXTRA-DOCS",
    "supply_additional_documents": "06-EXTRA-DOCS",
    "give_range": "06-FORK",
    "client_agreement": "07-AGREEMENT",
    "client_objections": "07-OBJECTIONS",
    "collect_contract_data": "08-DATA",
    "send_contract": "09-CONTRACT",
    "contract_signed": "09-CONTRACT",
    "start_support": "10-ACTIONS",
    "loan_approved": "10-UNTIL-APPROVAL",
    "loan_refused": "10-UNTIL-APPROVAL",
    "loan_received": "11-NOTIFY",
    "complete": "11-NOTIFY",
    "client_commission_paid": "12-CONDITIONS",
    "signed_act_provided": "12-CONDITIONS",
    "assess_partner_commission": "12-CONDITIONS",
    "pay": "12-CONDITIONS",
}
"""The clause that each act itself rests on."""


def wanting(step: int) -> str:
    """How a step that is missing is called."""
    return "step 4 passed" if step == 4 else f"step {step} done"


def without(action: str, *steps: int) -> dict[str, object]:
    """The facts of an act with these of the steps before it missing."""
    taken = [step for step in range(1, STEP[action]) if step not in steps]
    return acting(action, {**READY.get(action, {}), "deal.completed_steps": taken})


def _missing() -> Iterator[Example]:
    for action, own in OWN.items():
        before = range(1, STEP[action])
        for step in before:
            yield Example(
                f"{action} without step {step}",
                without(action, step),
                BLOCKED,
                f"{CLAUSES[step - 1]} {own}",
                action,
                more=lacks(wanting(step), state=STANDS.get(step)),
            )
        yield Example(
            f"{action} before anything",
            without(action, *before),
            BLOCKED,
            " ".join([*CLAUSES[: STEP[action] - 1], own]),
            action,
            more=lacks(*map(wanting, before), state="new"),
        )
        yield Example(
            f"{action} when nobody knows what was done",
            acting(action, {"deal.completed_steps": None}),
            ASKED,
            "01-FIND",
            action,
            more=wants("deal.completed_steps"),
        )


def _not_passed() -> Iterator[Example]:
    for action, own in OWN.items():
        if STEP[action] < 5:
            continue
        failed = lacks("step 4 passed", state="preliminary_failed")
        for what, path, value, clause in (
            ("criteria not met", "criteria_met", False, "04-CRITERIA"),
            ("a stop factor", "stop_factors", ["x"], "04-STOPFACTORS"),
        ):
            yield Example(
                f"{action} after {what}, whatever the steps say",
                acting(action, {f"deal.preliminary.{path}": value}),
                BLOCKED,
                f"{clause} {own}",
                action,
                more=failed,
            )


ONCE: Final[Mapping[str, int]] = {
    action: step
    for action, step in STEP.items()
    if action
    not in ("client_doubts", "client_objections", "client_commission_paid", "signed_act_provided")
    and action not in ("request_additional_documents", "supply_additional_documents")
    and action not in ("loan_refused", "send_contract")
}
"""Acts that a step taken leaves nothing to do for."""
FIRST: Final[Mapping[str, str]] = {
    **OWN,
    "find_client": "01-FIND",
    "assess_partner_commission": "COMMISSION",
    "pay": "COMMISSION",
}


def _again() -> Iterator[Example]:
    for action, step in ONCE.items():
        yield Example(
            f"{action} once more",
            acting(action, through=step),
            UNCHANGED,
            FIRST[action],
            action,
            more=leads_to(None, resubmittable=False),
        )


CONTRADICTED: Final = (
    Example(
        "documents that are known to be incomplete undo step 3",
        acting("preliminary_analysis", {"deal.documents_complete": False}),
        BLOCKED,
        "03-COLLECT 04-CRITERIA",
        "preliminary_analysis",
        more=lacks("step 3 done", state="presented"),
    ),
    Example(
        "documents that are known not to be uploaded undo step 5",
        acting("give_range", {"deal.thread.documents_uploaded": False}),
        BLOCKED,
        "05-THREAD 05-UPLOAD 06-FORK",
        "give_range",
        more=lacks("step 5 done", state=None),
    ),
    Example(
        "a loan that is known to be refused undoes step 10",
        acting("assess_partner_commission", {"deal.loan.bank_decision": "refused"}),
        BLOCKED,
        "10-UNTIL-APPROVAL 12-CONDITIONS",
        more=lacks("step 10 done", state=None),
    ),
)
MISSING: Final = tuple(_missing())
NOT_PASSED: Final = tuple(_not_passed())
AGAIN: Final = tuple(_again())
ORDER: Final = (*MISSING, *NOT_PASSED, *AGAIN, *CONTRADICTED)
