"""A deal from its finding to its end: what the records show decides what may come next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from avoir.decisions import Decision
from avoir_referral_broker.partner.policy import POLICY
from avoir_referral_broker.partner.records import history
from tests.plugins.referral_broker.partner.examples import at, rub
from tests.plugins.referral_broker.partner.matters import WALK, Matter, event, walked

NAMES = [name for name, _, _ in WALK]
STATES = {
    "find_client": "found",
    "present_service": "presented",
    "collect_documents": "documents_collected",
    "preliminary_analysis": "preliminary_passed",
    "create_thread": "team_analysis",
    "give_range": "awaiting_client_agreement",
    "client_agreement": "agreed",
    "collect_contract_data": "contract_data_collected",
    "send_contract": "contract_sent",
    "contract_signed": "contract_signed",
    "start_support": "support",
    "loan_approved": "approved_awaiting_funds",
    "loan_received": "approved_awaiting_funds",
    "complete": "completed_awaiting_payment",
    "client_commission_paid": "completed_awaiting_act",
    "signed_act_provided": "commission_due",
    "assess_partner_commission": "commission_due",
    "pay": "commission_paid",
}
TAKES = {
    "find_client": 1,
    "present_service": 2,
    "collect_documents": 3,
    "preliminary_analysis": 4,
    "create_thread": 5,
    "give_range": 6,
    "client_agreement": 7,
    "collect_contract_data": 8,
    "contract_signed": 9,
    "loan_approved": 10,
    "complete": 11,
    "pay": 12,
}


def came(decision: Decision) -> tuple[str, str | None]:
    """What a decision came to: outcome and state."""
    return decision.outcome.value, decision.state


def wanting(decision: Decision) -> list[str]:
    """What a decision says is missing."""
    return list(decision.preconditions)


# --- the whole way


def test_a_deal_goes_through_twelve_steps() -> None:
    """Each act leads to its state, takes its step, and only the last of them moves money."""
    matter, steps = Matter(), []
    for name, moment, stated in WALK:
        decision = matter.do(name, moment, stated)
        assert decision.outcome in ("recorded", "approved"), name
        steps += [TAKES[name]] if name in TAKES else []
        assert (matter.state, matter.deal()["completed_steps"]) == (STATES[name], steps)
        assert (matter.paid == 18_750_000) is (name == "pay")
    assert steps == list(range(1, 13))
    assert matter.standing("2025-05-01 10:00").allowed_actions == ()


@pytest.mark.parametrize("name", NAMES[1:])
def test_nothing_is_done_before_its_time(name: str) -> None:
    """Every act further on is blocked, and says why; the act and the payment come as they come."""
    matter = walked(name)
    for other, _, stated in WALK[NAMES.index(name) + 1 :]:
        decision, _ = matter.would(other, "2025-04-10 10:00", stated)
        if (name, other) == ("client_commission_paid", "signed_act_provided"):
            assert decision.outcome == "recorded"
        else:
            assert decision.outcome == "blocked", other
            assert wanting(decision)


@pytest.mark.parametrize("name", NAMES[1:])
def test_nothing_is_done_twice(name: str) -> None:
    """A step that was taken leaves nothing to do, whoever tries it again."""
    matter = walked(name)
    for other, _, stated in WALK[1 : NAMES.index(name)]:
        decision, _ = matter.would(other, "2025-04-10 10:00", stated)
        if TAKES.get(other) in matter.deal()["completed_steps"]:
            assert decision.outcome == "unchanged", other


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_facts_of_a_deal_show_its_state(name: str) -> None:
    """What the records show is enough to say where a deal stands, but for what leaves no fact."""
    matter = walked(name)
    unseen = {"support": "contract_signed"}
    shown = matter.state_without_a_case("2025-03-06 10:00")
    assert shown == unseen.get(matter.state or "", matter.state)


def test_an_act_by_another_name_is_not_a_step() -> None:
    """Repeating the whole way from its end changes nothing that is on record."""
    matter = walked("")
    shown = matter.shown()
    for name, _, stated in WALK[1:]:
        matter.do(name, "2025-05-05 10:00", stated)
    assert matter.shown() == shown
    assert matter.paid == 18_750_000


# --- the ways that end, or wait, or go round


def test_a_collection_goes_on_until_it_is_complete() -> None:
    """What is missing is kept on record, and the deal goes on once the list is complete."""
    matter = walked("collect_documents", POLICY.edition({"required_documents": ["A", "B"]}))
    first = matter.do("collect_documents", "2025-03-04 09:00", {"event.documents": ["A"]})
    assert (*came(first), wanting(first)) == ("needs_information", "presented", ["B"])
    assert matter.deal()["documents_complete"] is False
    assert matter.do("preliminary_analysis", "2025-03-04 09:30").outcome == "blocked"
    again = matter.do("collect_documents", "2025-03-04 10:00", {"event.documents": ["A", "B"]})
    assert came(again) == ("recorded", "documents_collected")
    assert matter.deal()["documents_complete"] is True
    assert len(matter.events) == 4


@pytest.mark.parametrize(
    "stated",
    [
        {"event.criteria_met": False, "event.stop_factors": []},
        {"event.criteria_met": True, "event.stop_factors": ["x"]},
    ],
)
def test_a_client_who_does_not_pass_goes_no_further(stated: Mapping[str, object]) -> None:
    """After a failed analysis there is no thread, no second analysis, and nothing to pay."""
    matter = walked("preliminary_analysis")
    failed = matter.do("preliminary_analysis", "2025-03-04 12:00", stated)
    assert came(failed) == ("refused", "preliminary_failed")
    assert matter.deal()["completed_steps"] == [1, 2, 3]
    for name, _, said in WALK[3:]:
        decision = matter.do(name, "2025-03-05 10:00", said)
        assert decision.outcome == "blocked", name
        assert "step 4 passed" in wanting(decision) or name == "preliminary_analysis"
    assert matter.standing("2025-03-06 10:00").state == "preliminary_failed"
    assert matter.paid == 0


def test_a_thread_waits_for_all_documents() -> None:
    """An analysis does not begin, and has no last day, before the last document is uploaded."""
    matter = walked("create_thread")
    opened = matter.do("create_thread", "2025-03-04 13:00", {"event.documents": ["A"]})
    assert (*came(opened), opened.deadlines) == ("recorded", "thread_open", ())
    assert matter.deal()["thread"] == {"created": True, "documents_uploaded": False}
    early = matter.do("start_team_analysis", "2025-03-04 14:00")
    assert (early.outcome, wanting(early)) == ("blocked", ["step 5 done"])
    partly = matter.do("upload_documents", "2025-03-05 10:00", {"event.documents_uploaded": False})
    assert came(partly) == ("needs_information", "thread_open")
    rest = matter.do("upload_documents", "2025-03-06 10:00", {"event.documents_uploaded": True})
    assert came(rest) == ("recorded", "team_analysis")
    assert [due.date.isoformat() for due in rest.deadlines] == ["2025-03-10"]
    assert matter.deal()["thread"]["documents_uploaded_at"] == at("2025-03-06 10:00")
    assert came(matter.do("start_team_analysis", "2025-03-06 11:00"))[0] == "recorded"


def test_further_documents_are_asked_for_and_supplied() -> None:
    """What is missing of a request is kept; the last document closes it, and a second may come."""
    matter = walked("give_range")
    wanted = {"event.documents": ["Charter", "Tax return"]}
    asked = matter.do("request_additional_documents", "2025-03-05 10:00", wanted)
    assert came(asked) == ("recorded", "awaiting_additional_documents")
    assert asked.deadlines == ()
    assert matter.deal()["missing_documents"] == ["Charter", "Tax return"]
    blocked = matter.do("give_range", "2025-03-05 11:00", dict(WALK[5][2]))
    assert "the further documents that were asked for" in wanting(blocked)
    one = {"event.documents": ["charter"], "event.documents_uploaded": True}
    first = matter.do("supply_additional_documents", "2025-03-06 10:00", one)
    assert (first.outcome, wanting(first)) == ("needs_information", ["Tax return"])
    assert matter.deal()["missing_documents"] == ["Tax return"]
    assert matter.state == "awaiting_additional_documents"
    other = {"event.documents": ["Tax return"], "event.documents_uploaded": True}
    last = matter.do("supply_additional_documents", "2025-03-07 10:00", other)
    assert came(last) == ("recorded", "team_analysis")
    assert [due.date.isoformat() for due in last.deadlines] == ["2025-03-11"]
    assert matter.deal()["missing_documents"] == []
    assert matter.do("request_additional_documents", "2025-03-10 10:00").outcome == "recorded"
    said = {"event.documents_uploaded": True}
    assert matter.do("supply_additional_documents", "2025-03-11 10:00", said).outcome == "recorded"
    assert matter.deal()["additional_documents"] == {
        "requested_at": at("2025-03-10 10:00"),
        "supplied_at": at("2025-03-11 10:00"),
        "rounds": [
            {"requested_at": at("2025-03-05 10:00"), "supplied_at": at("2025-03-07 10:00")},
            {"requested_at": at("2025-03-10 10:00"), "supplied_at": at("2025-03-11 10:00")},
        ],
    }
    assert matter.do("give_range", "2025-03-12 10:00", dict(WALK[5][2])).outcome == "recorded"


def test_an_overdue_analysis_is_only_flagged() -> None:
    """After the last day the state says so, and the team may do all that it might before."""
    matter = walked("give_range")
    assert matter.standing("2025-03-06 23:59").state == "team_analysis"
    late = matter.standing("2025-03-07 00:00")
    assert (late.state, late.clauses[0].id) == ("team_analysis_overdue", "BP-06-2BD")
    for name in ("start_team_analysis", "request_additional_documents"):
        assert matter.would(name, "2025-03-12 10:00")[0].outcome == "recorded"
    given = matter.do("give_range", "2025-03-12 10:00", dict(WALK[5][2]))
    assert given.outcome == "recorded"
    assert "BP-06-2BD" in {clause.id for clause in given.clauses}


def test_objections_lead_back_to_the_range() -> None:
    """A client who declines or objects may be asked again, as often as it takes."""
    matter = walked("client_agreement")
    assert came(matter.do("client_agreement", "2025-03-07 10:00", {"event.agreed": False})) == (
        "recorded",
        "objections",
    )
    assert matter.deal()["completed_steps"] == [1, 2, 3, 4, 5, 6]
    assert matter.do("client_objections", "2025-03-07 11:00").state == "objections"
    doubts = matter.do("client_doubts", "2025-03-07 12:00", {"event.stage": "agreement"})
    assert doubts.outcome == "recorded"
    assert matter.state == "objections"
    # nobody inherits the answer that was given before
    assert matter.do("client_agreement", "2025-03-08 10:00").missing == ("event.agreed",)
    agreed = {"event.agreed": True, "event.agreed_sum": rub("6000000")}
    assert matter.do("client_agreement", "2025-03-10 10:00", agreed).state == "agreed"
    assert matter.do("client_objections", "2025-03-10 11:00").outcome == "blocked"


def test_a_refused_loan_ends_a_deal() -> None:
    """Before or after an approval: what the lender refused brings no commission."""
    for name in ("loan_approved", "loan_received"):
        matter = walked(name)
        assert came(matter.do("loan_refused", "2025-03-20 10:00")) == ("recorded", "loan_refused")
        assert matter.do("loan_refused", "2025-03-20 11:00").outcome == "unchanged"
        for other, _, stated in WALK[NAMES.index("loan_approved") :]:
            decision = matter.do(other, "2025-04-10 10:00", stated)
            assert decision.outcome in ("blocked", "unchanged"), other
        assert matter.standing("2025-04-10 10:00").state == "loan_refused"
        assert (matter.state, matter.paid) == ("loan_refused", 0)


def test_the_act_may_come_before_the_payment() -> None:
    """Either condition waits for the other, and the assessment names what is still missing."""
    matter = walked("client_commission_paid")
    both = matter.do("assess_partner_commission", "2025-04-01 09:00")
    assert wanting(both) == ["client commission paid", "signed act provided"]
    signed = {"deal.act.signed_copy_provided": True}
    assert matter.do("signed_act_provided", "2025-04-01 10:00", signed).state == (
        "completed_awaiting_payment"
    )
    part = {"deal.client_commission.paid": rub("499999.99")}
    assert matter.do("client_commission_paid", "2025-04-02 10:00", part).state == (
        "completed_awaiting_payment"
    )
    short = matter.do("assess_partner_commission", "2025-04-02 11:00")
    assert (short.outcome, wanting(short)) == ("blocked", ["client commission paid"])
    whole = {"deal.client_commission.paid": rub("500000")}
    assert matter.do("client_commission_paid", "2025-04-03 10:00", whole).state == "commission_due"
    assert matter.do("assess_partner_commission", "2025-04-03 11:00").outcome == "approved"


def test_an_invoice_may_be_stated_with_its_payment() -> None:
    """Without an invoice nobody can say what is paid in full, and it is asked for."""
    matter = walked("complete")
    matter.do("complete", "2025-03-26 10:00")
    paid = {"deal.client_commission.paid": rub("500000")}
    assert matter.do("client_commission_paid", "2025-04-01 10:00", paid).state == (
        "completed_awaiting_payment"
    )
    matter.do("signed_act_provided", "2025-04-01 11:00", {"deal.act.signed_copy_provided": True})
    unknown = matter.do("assess_partner_commission", "2025-04-01 12:00")
    assert unknown.missing == ("deal.client_commission.invoiced",)
    with_it = {**paid, "deal.client_commission.invoiced": rub("500000")}
    assert matter.do("client_commission_paid", "2025-04-02 10:00", with_it).state == (
        "commission_due"
    )


def test_nothing_is_paid_before_it_is_assessed() -> None:
    """Both conditions met make a commission due; its amount comes from an assessment alone."""
    matter = walked("assess_partner_commission")
    early = matter.do("pay", "2025-04-03 09:00")
    assert (early.outcome, wanting(early)) == ("blocked", ["an assessed commission"])
    assert matter.do("assess_partner_commission", "2025-04-03 10:00").outcome == "approved"
    assert matter.do("assess_partner_commission", "2025-04-03 11:00").outcome == "approved"
    assert matter.paid == 0
    paid = matter.do("pay", "2025-04-04 10:00")
    assert paid.amount is not None
    assert paid.amount.amount == "187500.00"
    assert matter.do("pay", "2025-04-05 10:00").outcome == "unchanged"
    assert matter.do("assess_partner_commission", "2025-04-05 10:00").outcome == "unchanged"
    assert matter.paid == 18_750_000


def ruled(decision: str) -> Matter:
    """A deal whose loan came out above its range, and was ruled on."""
    matter = Matter()
    for name, moment, stated in WALK[:-1]:
        above = {"deal.loan.received_amount": rub("9000000.40")}
        matter.do(name, moment, above if name == "loan_received" else stated)
    assert matter.state == "under_review"
    assert matter.do("pay", "2025-04-03 11:00").outcome == "blocked"
    assert matter.do("assess_partner_commission", "2025-04-03 12:00").outcome == "blocked"
    said = {"ruling.decision": decision, "ruling.reason": "Read with the bank."}
    matter.do("rule", "2025-04-03 13:00", said)
    return matter


def test_a_ruling_makes_a_commission_due() -> None:
    """What a person approves is proposed, and paid like any other."""
    matter = ruled("approve")
    assert (matter.state, matter.paid) == ("commission_due", 0)
    assert matter.do("pay", "2025-04-04 10:00").state == "commission_paid"
    assert matter.paid == 22_500_001


def test_a_ruling_ends_a_deal_without_a_commission() -> None:
    """What a person refuses is neither due nor assessed again."""
    matter = ruled("refuse")
    assert matter.state == "commission_refused"
    for name in ("assess_partner_commission", "pay", "rule"):
        assert matter.would(name, "2025-04-10 10:00")[0].outcome != "approved"
        assert matter.do(name, "2025-04-10 10:00").postings == ()
    assert (matter.state, matter.paid) == ("commission_refused", 0)


# --- the function itself


def test_no_events_show_nothing() -> None:
    """A deal that is not on record has no facts from it, least of all that it is."""
    assert history([]) == {}


def test_what_changed_nothing_leaves_nothing() -> None:
    """Acts that were blocked, or done before, are no part of what the records show."""
    matter = walked("give_range")
    shown = history(matter.events)
    decision, facts = matter.would("pay", "2025-03-05 10:00")
    blocked = event("pay", "2025-03-05 10:00", decision, facts, "team_analysis")
    decision, facts = matter.would("create_thread", "2025-03-05 10:00", dict(WALK[4][2]))
    repeated = event("create_thread", "2025-03-05 10:00", decision, facts, "team_analysis")
    assert [blocked.outcome, repeated.outcome] == ["blocked", "unchanged"]
    assert history([*matter.events, blocked, repeated]) == shown


def test_the_records_show_what_each_step_left() -> None:
    """At its end a deal has on record every step, and what was stated and decided in it."""
    shown: Mapping[str, Any] = walked("").shown()
    assert shown == {
        "deal": {
            "on_record": True,
            "completed_steps": list(range(1, 13)),
            "documents_complete": True,
            "preliminary": {"criteria_met": True, "stop_factors": []},
            "thread": {
                "created": True,
                "documents_uploaded": True,
                "documents_uploaded_at": at("2025-03-04 13:00"),
            },
            "range": {"minimum": rub("6000000"), "maximum": rub("9000000")},
            "has_edo": False,
            "contract": {"sent_at": at("2025-03-10 10:00")},
            "loan": {"bank_decision": "approved"},
            "partner_commission": {"paid": rub("187500"), "paid_at": at("2025-04-04 10:00")},
        },
        "commission": {"due": rub("187500")},
        "previous_rulings": [],
    }


def test_the_same_events_show_the_same() -> None:
    """The records are read by a pure function: it changes no event and remembers nothing."""
    matter = walked("pay")
    once, facts = history(matter.events), [dict(event.facts) for event in matter.events]
    assert history(matter.events) == once
    assert [dict(event.facts) for event in matter.events] == facts
    assert history(matter.events[:3]) != once
