"""A deal and all that is done to it, as a gateway would keep it: in memory, by the same code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from avoir.cases import evaluate, merged
from avoir.decisions import Decision
from avoir.documents import money
from avoir.lifecycles import Event, Role, Statement
from avoir.policies import Edition
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.referral_broker.partner.examples import Document, at, rub, set_in

EDITION: Final = POLICY.edition()
FOUND: Final = {
    "deal.id": "C-1",
    "deal.client_id": "CL-1",
    "deal.requested_amount": rub("10000000"),
}
CHANGES_NOTHING: Final = ("blocked", "unchanged", "invalid")


class Matter:
    """A deal from its opening on; ``paid`` is what the ledger moved to the partner."""

    def __init__(self, edition: Edition = EDITION) -> None:
        self.edition = edition
        self.facts: Document = {"time_zone": "Europe/Moscow", "deal": {"partner_id": "PT-1"}}
        self.events: list[Event] = []
        self.state: str | None = None
        self.paid = 0

    def would(
        self, name: str, moment: str, stated: Mapping[str, object] | None = None
    ) -> tuple[Decision, Document]:
        """What an act would come to, and the facts that its actor would leave on the deal."""
        action = POLICY.lifecycle.action(name)
        assert action is not None
        own = {fact.path for fact in action.inputs}
        assert set(stated or {}) <= own, "not theirs to state"
        before = self.facts
        if action.statement is Statement.ANEW:
            before = _without(before, own)
        stamps = {fact.path: at(moment) for fact in action.stamps}
        signed = {} if action.signs is None else {action.signs.path: "R-1"}
        said = {**(stated or {}), "event.type": name, **stamps, **signed}
        facts = merged(before, set_in({}, said))
        whole = merged(facts, self.shown(), {"as_of": at(moment)})
        return evaluate(self.edition, name, whole, stored=self.state), facts

    def do(self, name: str, moment: str, stated: Mapping[str, object] | None = None) -> Decision:
        """Do an act, and record it unless it changes nothing."""
        decision, facts = self.would(name, moment, stated)
        outcome = decision.outcome.value
        if outcome not in CHANGES_NOTHING and (
            outcome != "needs_information" or decision.case_state is not None
        ):
            self.facts, self.state = facts, decision.case_state or self.state
            self.events.append(event(name, moment, decision, facts, self.state or ""))
            if decision.takes_effect == "at_once":
                self.paid += sum(posting.amount.smallest for posting in decision.postings)
        return decision

    def shown(self) -> Mapping[str, object]:
        """What the records show."""
        return POLICY.lifecycle.history(self.events)

    def deal(self) -> Mapping[str, Any]:
        """What the records show of the deal."""
        shown = self.shown()["deal"]
        assert isinstance(shown, Mapping)
        return shown

    def standing(self, moment: str) -> Decision:
        """Where the deal stands at a moment, by its stored state and its records."""
        known = merged(self.facts, self.shown(), {"as_of": at(moment)})
        return evaluate(self.edition, "standing", known, stored=self.state)

    def state_without_a_case(self, moment: str) -> str | None:
        """Where the deal stands by its facts alone."""
        known = merged(self.facts, self.shown(), {"as_of": at(moment)})
        return evaluate(self.edition, "standing", known).state


def event(name: str, moment: str, decision: Decision, facts: Document, state: str) -> Event:
    """What a record says of an act."""
    amount = None if decision.amount is None else money(decision.amount)
    return Event(
        name,
        datetime.fromisoformat(at(moment)),
        "PT-1",
        Role.PARTNER,
        state,
        decision.outcome.value,
        decision.takes_effect.value,
        None if amount is None else str(amount["amount"]),
        None if amount is None else str(amount["unit"]),
        tuple(clause.id for clause in decision.clauses),
        facts,
    )


def _without(document: Mapping[str, Any], paths: set[str], prefix: str = "") -> Document:
    return {
        key: _without(value, paths, f"{prefix}{key}.") if isinstance(value, Mapping) else value
        for key, value in document.items()
        if f"{prefix}{key}" not in paths
    }


Done = tuple[str, str, Mapping[str, object]]
"""An act, its moment, and what is stated with it."""

WALK: Final[Sequence[Done]] = (
    ("find_client", "2025-03-03 09:00", FOUND),
    ("present_service", "2025-03-03 09:30", {}),
    ("collect_documents", "2025-03-04 10:00", {"event.documents_complete": True}),
    (
        "preliminary_analysis",
        "2025-03-04 12:00",
        {"event.criteria_met": True, "event.stop_factors": []},
    ),
    ("create_thread", "2025-03-04 13:00", {"event.documents_uploaded": True}),
    (
        "give_range",
        "2025-03-06 17:00",
        {"event.range.minimum": rub("6000000"), "event.range.maximum": rub("9000000")},
    ),
    ("client_agreement", "2025-03-07 10:00", {"event.agreed": True}),
    (
        "collect_contract_data",
        "2025-03-07 11:00",
        {
            "event.requisites": "ООО «Ромашка»",
            "event.email": "client@example.ru",
            "event.phone": "+7 900 000-00-00",
            "event.has_edo": False,
        },
    ),
    ("send_contract", "2025-03-10 10:00", {}),
    ("contract_signed", "2025-03-11 10:00", {"deal.contract.scan_received": True}),
    ("start_support", "2025-03-12 10:00", {"event.actions": ["open an account"]}),
    ("loan_approved", "2025-03-20 10:00", {"deal.loan.approved_amount": rub("8000000")}),
    ("loan_received", "2025-03-25 10:00", {"deal.loan.received_amount": rub("7500000")}),
    (
        "complete",
        "2025-03-26 10:00",
        {"deal.client_commission.invoiced": rub("500000"), "deal.act.drawn_up": True},
    ),
    (
        "client_commission_paid",
        "2025-04-01 10:00",
        {"deal.client_commission.paid": rub("500000")},
    ),
    ("signed_act_provided", "2025-04-02 10:00", {"deal.act.signed_copy_provided": True}),
    ("assess_partner_commission", "2025-04-03 10:00", {}),
    ("pay", "2025-04-04 10:00", {}),
)
"""A deal that goes from one end to the other without a hitch."""


def walked(before: str, edition: Edition = EDITION) -> Matter:
    """A deal on its way, up to an act that is not done yet."""
    matter = Matter(edition)
    for name, moment, stated in WALK:
        if name == before:
            return matter
        assert matter.do(name, moment, stated).outcome in ("recorded", "approved"), name
    return matter
