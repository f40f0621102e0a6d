"""A lead from its delivery to the end: what the records show decides what may come next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from avoir.cases import evaluate, merged
from avoir.decisions import Decision
from avoir.documents import tree
from avoir.lifecycles import Event, Founding, Role, Statement
from avoir_conxpros.policy import POLICY
from avoir_conxpros.records import related
from tests.plugins.conxpros.examples import (
    CALLS,
    Document,
    asking,
    at,
    dead,
    gutters,
    lead,
    steps,
    unreached,
)

EDITION = POLICY.edition()


class Matter:
    """A lead and all that is done to it, as a gateway would keep it."""

    def __init__(self) -> None:
        self.facts: Document = {"time_zone": "America/New_York"}
        self.events: list[Event] = []
        self.state: str | None = None
        self.net = 0
        self.do("deliver", "2025-04-07 10:00", {"lead": lead()})

    def do(self, name: str, moment: str, stated: Mapping[str, Any] | None = None) -> Decision:
        """Decide on an act, and record it unless it changes nothing."""
        action = POLICY.lifecycle.action(name)
        assert action is not None
        own = {fact.path for fact in action.inputs}
        assert not {path for path in _paths(stated or {}) if path not in own}, "not theirs to state"
        stamps = [_at_path(fact.path, at(moment)) for fact in action.stamps]
        by = () if action.signs is None else (_at_path(action.signs.path, "R-1"),)
        before = self.facts
        if action.statement is Statement.ANEW:
            before = _without(before, own)
        facts = merged(before, stated or {}, _at_path("event.type", name), *stamps, *by)
        known = merged(facts, POLICY.lifecycle.history(self.events))
        decision = evaluate(EDITION, name, known, stored=self.state)
        if decision.outcome not in ("blocked", "unchanged", "invalid"):
            self.facts, self.state = facts, decision.state or self.state
            self.events.append(_event(name, moment, decision, facts, self.state or ""))
            self.net += sum(_sign(p.source) * p.amount.smallest for p in decision.postings)
        return decision

    def ask(self, document: Document, name: str = "request_credit", asked: str = "") -> Decision:
        """File a request, at the moment that it names or at another."""
        request = {k: v for k, v in document["request"].items() if k != "submitted_at"}
        business = ("conxpros_verified_contact", "task_appropriate_for_category")
        private = (*business, "actual_category_cost")
        found = {k: v for k, v in document["findings"].items() if k not in private}
        stated = {"request": request, "findings": found}
        return self.do(name, asked or document["request"]["submitted_at"], stated)

    def standing(self, moment: str) -> str | None:
        """Where the lead stands at a moment, by its records alone."""
        known = merged(self.facts, POLICY.lifecycle.history(self.events), {"as_of": at(moment)})
        return evaluate(EDITION, "standing", known).state


def _sign(source: str) -> int:
    return 1 if source == "house:lead_revenue" else -1


def _paths(document: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in document.items():
        path = f"{prefix}{key}"
        known = path in POLICY.facts.by_path or not isinstance(value, Mapping)
        found += [path] if known else _paths(value, f"{path}.")
    return found


def _without(document: Mapping[str, Any], paths: set[str], prefix: str = "") -> Document:
    return {
        key: _without(value, paths, f"{prefix}{key}.") if isinstance(value, Mapping) else value
        for key, value in document.items()
        if f"{prefix}{key}" not in paths
    }


def _at_path(path: str, value: object) -> Document:
    for name in reversed(path.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


def _event(name: str, moment: str, decision: Decision, facts: Document, state: str) -> Event:
    amount = decision.amount
    return Event(
        name,
        datetime.fromisoformat(at(moment)),
        "R-1",
        Role.REVIEWER,
        state,
        decision.outcome.value,
        decision.takes_effect.value,
        None if amount is None else amount.amount,
        None if amount is None else amount.unit.code,
        tuple(clause.id for clause in decision.clauses),
        facts,
    )


def came(decision: Decision) -> tuple[str, str | None, str | None]:
    """What a decision came to: outcome, amount, state."""
    amount = None if decision.amount is None else decision.amount.amount
    return decision.outcome.value, amount, decision.state


MANAGER = {"event": {"via": "account_manager"}}
HOMEOWNER = {"event": {"source": "homeowner"}}
APPROVED = {"event": {"result": "approved"}}
DENIED = {"event": {"result": "denied"}}
RULED = {"ruling": {"decision": "approve", "reason": "The file was read."}}


def test_a_lead_goes_from_credit_to_reversal_to_a_final_review() -> None:
    """Credited, contradicted, taken back, reviewed and credited for good: net, its cost once."""
    matter = Matter()
    assert matter.net == -4500
    assert came(matter.ask(dead())) == ("approved", "45.00", "credited")
    assert matter.net == 0
    assert matter.ask(dead(), asked="2025-04-09 15:00").outcome == "unchanged"
    information = matter.do("contradicting_information", "2025-04-15 10:00", HOMEOWNER)
    assert came(information) == ("manual_review", None, "credited")
    assert came(matter.do("reversal_decided", "2025-04-16 10:00")) == (
        "reversed",
        "45.00",
        "reversed",
    )
    assert matter.net == -4500
    assert matter.do("reversal_decided", "2025-04-16 11:00").outcome == "unchanged"
    assert matter.ask(dead(), asked="2025-04-16 12:00").outcome == "blocked"
    assert matter.do("review_requested", "2025-04-17 10:00", MANAGER).outcome == "recorded"
    assert came(matter.do("review_decided", "2025-04-18 10:00", APPROVED)) == (
        "approved",
        "45.00",
        "final_approved",
    )
    assert matter.net == 0
    for name, stated in (
        ("contradicting_information", HOMEOWNER),
        ("reversal_decided", {}),
        ("review_requested", MANAGER),
        ("review_decided", DENIED),
    ):
        again = matter.do(name, "2025-04-20 10:00", stated)
        assert (again.outcome, again.clauses[0].id) == ("blocked", "CX-FINAL")
    assert (matter.state, matter.standing("2025-04-20 10:00")) == ("final_approved",) * 2


def test_an_early_request_is_filed_again_in_time() -> None:
    """Denied as early, filed again on day 3 with the last call: credited."""
    matter = Matter()
    early = matter.ask(unreached(CALLS[:3], asked="2025-04-08 12:00"))
    assert came(early) == ("refused", None, "denied_early")
    assert early.allowed_actions == ("new_request",)
    assert matter.do("review_requested", "2025-04-08 13:00", MANAGER).outcome == "blocked"
    matter.facts = merged(matter.facts, {"findings": {"conxpros_verified_contact": False}})
    again = matter.ask(unreached(), "new_request")
    assert came(again) == ("approved", "45.00", "credited")
    assert again.clauses[0].id == "CX-CRED-NON-CONTACT"


def test_an_early_request_filed_again_too_late_may_be_reviewed() -> None:
    """After day five the second request is late, and from there a review is open."""
    matter = Matter()
    matter.ask(unreached(CALLS[:3], asked="2025-04-08 12:00"))
    late = matter.ask(unreached(asked="2025-04-13 00:00"), "new_request")
    assert came(late) == ("refused", None, "denied_late")
    assert matter.do("review_requested", "2025-04-14 10:00", MANAGER).state == "under_review"
    assert came(matter.do("review_decided", "2025-04-15 10:00", DENIED)) == (
        "refused",
        None,
        "final_denied",
    )


def test_after_a_final_denial_only_another_ground_reaches_a_person() -> None:
    """The reason that was denied for good is closed; another one is ruled on, once."""
    matter = Matter()
    assert matter.ask(asking("non_working_phone", phone_working=True)).state == "denied"
    matter.do("review_requested", "2025-04-10 10:00", MANAGER)
    matter.do("review_decided", "2025-04-11 10:00", DENIED)
    same = matter.ask(dead(), "new_request", "2025-04-12 10:00")
    assert (same.outcome, same.clauses[0].id) == ("blocked", "CX-FINAL")
    heard = asking("no_request", spoke_with_homeowner=True, homeowner_denies_request=True)
    other = matter.ask(heard, "new_request", "2025-04-25 10:00")
    assert came(other) == ("manual_review", None, "submitted")
    assert {(d.kind, d.date.isoformat()) for d in other.deadlines} == {
        ("decision_early", "2025-04-29"),
        ("decision_target", "2025-04-30"),
    }
    assert came(matter.do("rule", "2025-04-28 10:00", RULED)) == ("approved", "45.00", "credited")
    assert matter.net == 0
    assert matter.ask(dead(), "new_request", "2025-04-29 10:00").outcome == "unchanged"


def test_what_only_the_team_can_say_is_ruled_on() -> None:
    """A non-contact request waits for a person until the team’s word is known."""
    matter = Matter()
    waiting = matter.ask(unreached())
    assert came(waiting) == ("manual_review", None, "submitted")
    assert matter.standing("2025-04-14 23:59:59") == "submitted"
    assert matter.standing("2025-04-15 00:00") == "submitted_overdue"
    unreasoned = {"ruling": {"decision": "approve", "reason": " "}}
    assert matter.do("rule", "2025-04-16 10:00", unreasoned).outcome == "blocked"
    assert came(matter.do("rule", "2025-04-16 10:00", RULED)) == ("approved", "45.00", "credited")
    rulings = POLICY.lifecycle.history(matter.events)["previous_rulings"]
    assert rulings == [{"by": "R-1", "decision": "approve"}]


def test_a_price_that_is_missing_is_supplied_with_the_ruling() -> None:
    """Where the price of the right category is wanted, a reviewer names it and credits the rest."""
    matter = Matter()
    matter.facts = merged(matter.facts, {"findings": {"task_appropriate_for_category": False}})
    wanting = matter.ask(gutters())
    assert wanting.missing == ("findings.actual_category_cost",)
    assert matter.state == "awaiting_information"
    price = {"findings": {"actual_category_cost": {"amount": "30.00", "unit": "USD"}}}
    ruling = matter.do("rule", "2025-04-10 10:00", {**RULED, **price})
    assert came(ruling) == ("partly_approved", "15.00", "partially_credited")


def test_a_partial_credit_is_made_whole_or_taken_back_as_it_was() -> None:
    """A review brings the rest of the cost; a reversal takes back the part and no more."""
    for reviewed in (True, False):
        matter = Matter()
        business = {"task_appropriate_for_category": False}
        price = {"actual_category_cost": {"amount": "30.00", "unit": "USD"}}
        matter.facts = merged(matter.facts, {"findings": {**business, **price}})
        assert came(matter.ask(gutters())) == ("partly_approved", "15.00", "partially_credited")
        if reviewed:
            asked = matter.do("review_requested", "2025-04-10 10:00", MANAGER)
            assert came(asked) == ("manual_review", None, "under_review")
            decided = matter.do("review_decided", "2025-04-11 10:00", APPROVED)
            assert came(decided) == ("approved", "30.00", "final_approved")
            assert matter.net == 0
        else:
            matter.do("contradicting_information", "2025-04-10 10:00", HOMEOWNER)
            taken = matter.do("reversal_decided", "2025-04-11 10:00")
            assert came(taken) == ("reversed", "15.00", "reversed")
            assert matter.net == -4500


def test_a_lead_credited_unasked_is_not_credited_again() -> None:
    """The team’s finding credits the lead; a later request and a later finding bring nothing."""
    matter = Matter()
    finding = {"event": {"finding": "non_working_phone"}}
    credit = matter.do("verification_finding", "2025-04-27 10:00", finding)
    assert came(credit) == ("approved", "45.00", "credited_proactively")
    again = matter.ask(dead(), asked="2025-04-28 10:00")
    assert (again.outcome, again.clauses[0].id) == ("unchanged", "CX-PRO-NOTIFY")
    assert matter.do("verification_finding", "2025-04-28 10:00", finding).outcome == "unchanged"
    matter.do("contradicting_information", "2025-05-01 10:00", HOMEOWNER)
    assert matter.do("reversal_decided", "2025-05-02 10:00").state == "reversed"
    assert matter.net == -4500


def test_information_from_a_competitor_takes_nothing_back() -> None:
    """A credit stands whatever a competitor says, and no reversal rests on it."""
    matter = Matter()
    matter.ask(dead())
    competitor = {"event": {"source": "competitor"}}
    assert (
        matter.do("contradicting_information", "2025-04-15 10:00", competitor).outcome
        == "unchanged"
    )
    assert matter.do("reversal_decided", "2025-04-15 10:00", competitor).outcome == "blocked"
    assert matter.net == 0


def test_a_request_by_another_channel_leaves_the_lead_as_it_is() -> None:
    """What comes by email is no request: the lead may still be reported in the dashboard."""
    matter = Matter()
    assert matter.ask(dead(channel="email")).outcome == "blocked"
    assert matter.state == "delivered"
    assert matter.ask(dead()).state == "credited"


# --- what earlier leads of the same homeowner show


def delivery(moment: str, professional: str | None = "P-1", **others: object) -> Event:
    """An earlier delivery to a professional."""
    facts = {"lead": lead(moment, **others), "professional": {"id": professional}}
    decision = evaluate(EDITION, "deliver", facts)
    return _event("deliver", moment, decision, facts, "delivered")


NOW: Document = {
    "lead": lead(),
    "homeowner": {"identity": "h-1"},
    "professional": {"id": "P-1"},
}


@pytest.mark.parametrize(
    ("title", "events", "now", "shown"),
    [
        ("nothing is known of the homeowner", [delivery("2025-04-01 10:00")], {"lead": lead()}, {}),
        ("there was none", [], NOW, {"by": "none"}),
        ("only later ones", [delivery("2025-04-07 10:00:01")], NOW, {"by": "none"}),
        (
            "one to the same professional",
            [delivery("2025-04-01 10:00", category="gutters")],
            NOW,
            {
                "by": "conxpros",
                "delivered_at": at("2025-04-01 10:00"),
                "category": "gutters",
                "to_same_professional": True,
            },
        ),
        (
            "his own before a later one of another",
            [delivery("2025-03-20 10:00"), delivery("2025-04-05 10:00", "P-2")],
            NOW,
            {
                "by": "conxpros",
                "delivered_at": at("2025-03-20 10:00"),
                "category": "roofing",
                "to_same_professional": True,
            },
        ),
        (
            "to whom is not known",
            [delivery("2025-04-05 10:00", None)],
            NOW,
            {
                "by": "conxpros",
                "delivered_at": at("2025-04-05 10:00"),
                "category": "roofing",
                "to_same_professional": None,
            },
        ),
    ],
)
def test_the_records_show_the_earlier_delivery(
    title: str, events: list[Event], now: Document, shown: Document
) -> None:
    """The latest earlier delivery counts, his own first; where there is none, it is said."""
    expected = {"findings": {"previous_delivery": shown}} if shown else {}
    assert related(events, now) == expected, title


def test_a_duplicate_is_found_by_its_homeowner() -> None:
    """What the records of an earlier lead show earns the credit that the professional claims."""
    claim = asking("duplicate")
    for events, outcome in (([delivery("2025-03-20 10:00")], "approved"), ([], "refused")):
        known = merged(claim, NOW, related(events, NOW))
        assert evaluate(EDITION, "request_credit", known).outcome == outcome


# --- who may do what, and when

ROLES = {
    "deliver": {Role.PLATFORM},
    "top_up": {Role.PLATFORM},
    "request_credit": {Role.PROFESSIONAL, Role.MANAGER},
    "new_request": {Role.PROFESSIONAL, Role.MANAGER},
    "verification_finding": {Role.REVIEWER},
    "contradicting_information": {Role.REVIEWER},
    "reversal_decided": {Role.REVIEWER},
    "review_requested": {Role.PROFESSIONAL, Role.MANAGER},
    "review_decided": {Role.MANAGER},
    "rule": {Role.REVIEWER},
}
CREDITED = {"credited", "partially_credited", "credited_proactively"}
FROM = {
    "request_credit": {"delivered"},
    "new_request": {"denied_early", "awaiting_information", "final_denied"},
    "verification_finding": {"delivered", "submitted"},
    "contradicting_information": CREDITED,
    "reversal_decided": CREDITED,
    "review_requested": {"denied", "denied_late", "reversed", "partially_credited"},
    "review_decided": {"under_review"},
    "rule": {"submitted", "awaiting_information"},
}


def test_everybody_does_his_own() -> None:
    """Each action has its actors, and those on a case the states it starts from."""
    actions = POLICY.lifecycle.actions
    assert {action.name: set(action.actors) for action in actions} == ROLES
    assert FROM == {
        action.name: set(action.from_states or ())
        for action in actions
        if action.founding is Founding.ON_A_CASE
    }


def test_a_state_that_does_not_allow_an_act_blocks_it() -> None:
    """A lead that is denied or waits for a person takes no request, and says by which clause."""
    for stored, clause in (("denied", "CX-REVIEW"), ("submitted", "CX-DECISION-3BD")):
        decision = evaluate(EDITION, "request_credit", dead(), stored=stored)
        assert decision.outcome == "blocked"
        assert clause in {cited.id for cited in decision.clauses}


def test_an_overdue_request_is_ruled_on_like_any_other() -> None:
    """Overdue is what time has made of a submitted request: a person may still rule."""
    facts = {
        **unreached(verified=None),
        "as_of": at("2025-05-01 10:00"),
        "event": {"type": "rule", "at": at("2025-05-01 10:00")},
        "ruling": {"by": "R-1", "decision": "refuse", "reason": "They spoke."},
    }
    decision = evaluate(EDITION, "rule", facts, stored="submitted")
    assert came(decision) == ("refused", None, "denied")


def test_only_the_staff_states_what_is_the_staffs() -> None:
    """No input of the professional is a fact of the business, of the record or of the clock."""
    for action in POLICY.lifecycle.actions:
        if Role.PROFESSIONAL in action.actors:
            assert {fact.source.value for fact in action.inputs} == {"party"}


def test_every_fact_of_the_team_may_be_stated_by_the_team() -> None:
    """What only the business can say is an input of one of its actions, or signs one."""
    stated = {fact.path for action in POLICY.lifecycle.actions for fact in action.inputs}
    signed = {action.signs.path for action in POLICY.lifecycle.actions if action.signs is not None}
    business = {
        path for path, fact in POLICY.facts.by_path.items() if fact.source.value == "business"
    }
    assert business - {"event.findings.conxpros_verified_contact"} <= stated | signed


def test_moments_are_the_clocks() -> None:
    """Every act on a case is stamped by the clock; a further request is the latest one too."""
    stamped = {a.name: [fact.path for fact in a.stamps] for a in POLICY.lifecycle.actions}
    assert stamped.pop("request_credit") == ["request.submitted_at"]
    assert stamped.pop("new_request") == ["event.at", "request.submitted_at"]
    assert [stamped.pop("deliver"), stamped.pop("top_up")] == [[], []]
    assert set(map(tuple, stamped.values())) == {("event.at",)}


@pytest.mark.parametrize(
    "name", ["contradicting_information", "review_requested", "review_decided", "rule"]
)
def test_nobody_inherits_the_word_of_another(name: str) -> None:
    """Sources, channels, results and rulings are stated anew each time."""
    action = POLICY.lifecycle.action(name)
    assert action is not None
    assert action.statement is Statement.ANEW


def test_another_action_in_the_document_is_an_error() -> None:
    """A facts document that says which act it is for is for no other."""
    facts = {**dead(), "event": {"type": "review_requested"}}
    decision = evaluate(EDITION, "request_credit", facts)
    assert [fault.path for fault in decision.faults] == ["event.type"]


def test_a_delivery_respects_the_balance_and_a_reversal_does_not() -> None:
    """Nobody buys a lead he cannot pay, but a credit is taken back all the same."""
    matter = Matter()
    bought = evaluate(EDITION, "deliver", {"lead": lead()})
    assert [posting.floor.value for posting in bought.postings] == ["respected"]
    matter.ask(dead())
    matter.do("contradicting_information", "2025-04-10 10:00", HOMEOWNER)
    (posting,) = matter.do("reversal_decided", "2025-04-11 10:00").postings
    assert posting.floor.value == "passed"
    assert posting.reverses == ("lead_credit", "proactive_lead_credit")


def test_states_are_codes_with_labels() -> None:
    """A decision’s document names the state by its code, and by its label beside it."""
    decision = evaluate(EDITION, "request_credit", dead())
    document = tree(decision, EDITION)
    assert (document["state"], type(document["state"])) == ("credited", str)


def test_a_step_counts_once_however_it_is_stated() -> None:
    """Calls that a further request states under ``event`` replace those stated before."""
    facts = unreached(CALLS[:2])
    facts["event"] = {
        "type": "new_request",
        "at": at("2025-04-09 12:00"),
        "reason": "non_contact",
        "findings": {"calls": steps()["calls"]},
    }
    assert evaluate(EDITION, "new_request", facts).outcome == "approved"
