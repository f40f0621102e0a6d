"""Who may do what, and when; what each states; and what the policy is made of."""

from __future__ import annotations

import pytest

from avoir.cases import evaluate
from avoir.facts import Source
from avoir.lifecycles import Action, Founding, Role, Statement
from avoir_referral_broker.partner.choices import Act
from avoir_referral_broker.partner.facts import F
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.referral_broker.partner.examples import acting, at

ANALYSED = {"team_analysis", "team_analysis_overdue"}
OFFERED = {"awaiting_client_agreement", "objections"}
COMPLETED = {"completed_awaiting_payment", "completed_awaiting_act"}
PARTNER, TEAM = {Role.PARTNER}, {Role.TEAM}

ACTIONS = {
    "find_client": (PARTNER, set()),
    "present_service": (PARTNER, {"found"}),
    "client_doubts": (PARTNER, {"found", "presented", *OFFERED}),
    "collect_documents": (PARTNER, {"presented"}),
    "preliminary_analysis": (PARTNER, {"documents_collected"}),
    "create_thread": (PARTNER, {"preliminary_passed"}),
    "upload_documents": (PARTNER, {"thread_open"}),
    "start_team_analysis": (TEAM, ANALYSED),
    "request_additional_documents": (TEAM, ANALYSED),
    "supply_additional_documents": (PARTNER, {"awaiting_additional_documents"}),
    "give_range": (TEAM, ANALYSED),
    "client_agreement": (PARTNER, OFFERED),
    "client_objections": (PARTNER, OFFERED),
    "collect_contract_data": (PARTNER, {"agreed"}),
    "send_contract": (TEAM, {"contract_data_collected"}),
    "contract_signed": (PARTNER, {"contract_sent"}),
    "start_support": (TEAM, {"contract_signed"}),
    "loan_approved": (TEAM, {"support"}),
    "loan_refused": (TEAM, {"support", "approved_awaiting_funds"}),
    "loan_received": (TEAM, {"approved_awaiting_funds"}),
    "complete": (TEAM, {"approved_awaiting_funds"}),
    "client_commission_paid": (TEAM, COMPLETED),
    "signed_act_provided": (TEAM, COMPLETED),
    "assess_partner_commission": (PARTNER | TEAM, COMPLETED | {"commission_due"}),
    "rule": ({Role.REVIEWER}, {"under_review"}),
    "pay": (TEAM, {"commission_due"}),
}


def test_everybody_does_his_own() -> None:
    """Each action has its actors and the states it starts from, in the order of the steps."""
    assert list(ACTIONS) == [action.name for action in POLICY.lifecycle.actions] == list(Act)
    for action in POLICY.lifecycle.actions:
        assert (set(action.actors), set(action.from_states or ())) == ACTIONS[action.name]


def test_a_deal_is_opened_by_its_partner() -> None:
    """Finding a client opens the deal, once for its id, and everything else acts on it."""
    opening = [a for a in POLICY.lifecycle.actions if a.founding is not Founding.ON_A_CASE]
    assert [action.name for action in opening] == ["find_client"]
    assert opening[0].identifies is F.deal.id
    assert [fact.path for fact in opening[0].stamps] == ["event.at", "deal.opened_at"]
    assert (POLICY.party, POLICY.party_id) == (Role.PARTNER, F.deal.partner_id)


def test_a_commission_is_paid_once() -> None:
    """Only the payment claims the commission of a deal."""
    claims = {a.name: [(k.prefix, k.fact) for k in a.claims] for a in POLICY.lifecycle.actions}
    assert claims.pop("pay") == [("commission", F.deal.id)]
    assert not any(claims.values())


@pytest.mark.parametrize("action", POLICY.lifecycle.actions, ids=lambda action: action.name)
def test_moments_are_the_clocks(action: Action) -> None:
    """Every act is stamped by the clock, and no actor states a moment of his own act."""
    assert F.event.at in action.stamps
    assert not {fact.path for fact in action.inputs} & {"event.at", "event.type", "as_of"}
    assert not any(fact.source is Source.CLOCK for fact in action.inputs)


def test_nobody_inherits_the_word_of_another() -> None:
    """What an act states is stated anew each time, but for the invoice that was made out before."""
    adds = {a.name for a in POLICY.lifecycle.actions if a.statement is Statement.ADDS}
    assert adds == {"find_client", "client_commission_paid"}


def test_a_partner_states_what_is_the_partners() -> None:
    """Nothing that a partner states is a fact of the business or of the record."""
    for action in POLICY.lifecycle.actions:
        if Role.PARTNER in action.actors:
            assert {fact.source for fact in action.inputs} <= {Source.PARTY}, action.name


def test_everything_may_be_stated_or_is_on_record() -> None:
    """Each fact is stated by an act, set by the clock, or made of the records of the deal."""
    stated = {fact.path for action in POLICY.lifecycle.actions for fact in action.inputs}
    unstated = {
        path for path, fact in POLICY.facts.by_path.items() if fact.source is Source.PARTY
    } - stated
    assert unstated == {"event.type"}


def test_what_nobody_stated_is_nobodys_moment() -> None:
    """An act without its moment has no deadline to count, and is decided all the same."""
    decision = evaluate(POLICY.edition(), "create_thread", acting("create_thread", moment=None))
    assert (decision.outcome, decision.deadlines) == ("recorded", ())


def test_an_act_that_names_itself_counts_from_itself() -> None:
    """Without the name of the act, an upload that is complete still has its last day."""
    facts = acting("create_thread", {"event.type": None})
    decision = evaluate(POLICY.edition(), "create_thread", facts)
    assert [due.date.isoformat() for due in decision.deadlines] == ["2025-03-06"]


def test_a_state_that_does_not_allow_an_act_blocks_it() -> None:
    """What the steps would allow and the state does not is blocked, by the clauses of the state."""
    decision = evaluate(
        POLICY.edition(), "loan_approved", acting("loan_approved"), stored="contract_signed"
    )
    assert decision.outcome == "blocked"
    assert "BP-09-CONTRACT" in {clause.id for clause in decision.clauses}


STATES = {
    "new": 1,
    "found": 1,
    "presented": 2,
    "documents_collected": 3,
    "preliminary_passed": 4,
    "preliminary_failed": 4,
    "thread_open": 5,
    "team_analysis": 6,
    "team_analysis_overdue": 6,
    "awaiting_additional_documents": 6,
    "awaiting_client_agreement": 7,
    "objections": 7,
    "agreed": 7,
    "contract_data_collected": 8,
    "contract_sent": 9,
    "contract_signed": 9,
    "support": 10,
    "approved_awaiting_funds": 11,
    "loan_refused": 10,
    "completed_awaiting_payment": 12,
    "completed_awaiting_act": 12,
    "under_review": 12,
    "commission_due": 12,
    "commission_refused": 12,
    "commission_paid": 12,
}


def test_every_state_has_come_to_a_step() -> None:
    """A state is of the step that it ends, or of the one in which it waits."""
    assert {state.name: state.step for state in POLICY.lifecycle.states} == STATES
    for state in POLICY.lifecycle.states:
        assert state.cites, state.name


OVER = {"preliminary_failed", "loan_refused", "commission_paid", "commission_refused"}


def test_what_is_over_allows_nothing() -> None:
    """From every state but the last ones somebody may go on."""
    for state in STATES:
        allowed = POLICY.lifecycle.allowed(state)
        assert bool(allowed) is (state not in OVER | {"new"}), (state, allowed)


def test_what_is_asked_of_a_deal_is_in_its_own_unit() -> None:
    """The accounts are in roubles, and a document in roubles is read."""
    assert {account.unit.code for account in POLICY.accounts} == {"RUB"}
    assert {account.name for account in POLICY.accounts} == {
        "partner:balance",
        "house:partner_commissions",
    }
    facts = {**acting("give_range"), "as_of": at("2025-03-04 16:00"), "unit": "RUB"}
    assert evaluate(POLICY.edition(), "give_range", facts).outcome == "recorded"
