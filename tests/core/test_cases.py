"""Cases: what an action would do to a matter, where it stands, and what is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.cases import NOT_IN_STATE, evaluate, merged, state_now
from avoir.clauses import Effect, Effective, Outcome, Table, impossible, otherwise, require
from avoir.conditions import Situation, is_true
from avoir.decisions import Decision
from avoir.errors import UsageError
from avoir.facts import read
from avoir.lifecycles import Founding, Keyed, Role
from avoir.measures import measure
from avoir.money import Money
from avoir.policies import Report
from tests.core import toy
from tests.core.bits import ids
from tests.core.toy import COMPLETE, EDITION, LIFECYCLE, POLICY, SOLD, F, S


def told(document: object = COMPLETE, action: str | None = "bring_back", **more: Any) -> Decision:
    """What an action on a document of the toy comes to."""
    return evaluate(EDITION, action, document, **more)


def at(moment: str) -> dict[str, object]:
    """A sale of 1 March, asked about at a moment."""
    return {**SOLD, "as_of": moment}


# --- deciding


def test_a_return_is_paid_back() -> None:
    """The complete return is granted: outcome, amount, clauses, posting, state and notice."""
    decision = told()
    assert decision.outcome is Outcome.APPROVED
    assert decision.amount is not None
    assert decision.amount.amount == "20.01"
    assert ids(decision) == ["U-FAULTY", "U-PRICE", "U-WINDOW", "U-WAIT", "U-PHOTOS", "U-RECEIPT"]
    (posting,) = decision.postings
    assert (posting.source, posting.destination) == ("house:till", "client:balance")
    assert (decision.state, decision.case_state) == (S.REFUNDED, S.REFUNDED)
    assert decision.notices == (toy.TOLD,)


def test_half_is_paid_for_a_wrong_colour() -> None:
    """The share of the price is exact and rounded once."""
    decision = told(merged(COMPLETE, {"faulty": False, "wrong_colour": True}))
    assert decision.outcome is Outcome.PARTLY_APPROVED
    assert decision.amount is not None
    assert decision.amount.amount == "10.01"


def test_the_action_is_the_first_where_none_is_named() -> None:
    """Without an action, the policy's first is meant; an empty one is none."""
    for action in (None, "", "bring_back", "return"):
        assert told(action=action).outcome is Outcome.APPROVED


def test_verbs_are_other_words_for_actions() -> None:
    """A verb of the policy stands for its action, as the action asked for and as the one stated."""
    assert told({**COMPLETE, "action": "return"}, "return").outcome is Outcome.APPROVED
    assert told({**COMPLETE, "action": "bring_back"}, "return").outcome is Outcome.APPROVED
    assert told({**COMPLETE, "action": "return"}).outcome is Outcome.APPROVED


def test_a_stated_action_must_agree() -> None:
    """A document that says it is for another action is invalid, at the path that says so."""
    decision = told({**COMPLETE, "action": "sell"})
    assert decision.outcome is Outcome.INVALID
    (fault,) = decision.faults
    assert (fault.path, fault.message.values) == ("action", {"action": "bring_back"})
    assert decision.postings == ()


@pytest.mark.parametrize("action", ["nothing", "BRING_BACK", "__class__", "x" * 1000, "\ud800"])
def test_an_unknown_action_is_the_callers_mistake(action: str) -> None:
    """An action that the policy does not have is a UsageError that names the policy."""
    with pytest.raises(UsageError) as caught:
        told(action=action)
    assert caught.value.code == "unknown_action"
    assert caught.value.data == {"policy": "umbrella.returns", "action": action[:60]}


def test_faults_of_the_document_come_first() -> None:
    """An unreadable document is invalid whatever it would come to, and names every path."""
    decision = told({**COMPLETE, "nope": 1, "faulty": "yes", "action": "sell"})
    assert decision.outcome is Outcome.INVALID
    assert [fault.path for fault in decision.faults] == ["faulty", "nope", "action"]
    assert (decision.table, decision.clauses, decision.missing) == (None, (), ())


def test_impossible_facts_are_invalid() -> None:
    """Facts that cannot be together are invalid with the paths that the table names."""
    request = {"at": "2025-02-01T00:00:00Z", "reason": "faulty", "receipt": False}
    decision = told({**SOLD, "request": request, "faulty": True})
    assert decision.outcome is Outcome.INVALID
    assert [fault.path for fault in decision.faults] == ["request.at", "faulty"]


def test_missing_facts_are_asked_for() -> None:
    """Nothing but what could change the outcome is asked, and only of whom it may be asked."""
    asked = ("request.at", "sale.at", "request.photos", "request.receipt", "request.reason")
    assert told({}).missing == asked
    late = {"request": {"at": "2025-05-01T00:00:00Z"}, **SOLD}
    assert (told(late).outcome, told(late).missing) == (Outcome.REFUSED, ())


def test_what_the_staff_must_say_goes_to_a_person() -> None:
    """Without a receipt it is the shop's word that counts: a person looks, by the clause."""
    decision = toy.returned({"receipt": False, "reason": "colour"}, faulty=None, wrong_colour=True)
    assert decision.outcome is Outcome.MANUAL_REVIEW
    assert ids(decision) == ["U-RECEIPT", "U-DOUBT"]
    assert decision.state == S.ASKED
    (deadline,) = decision.deadlines
    assert (deadline.kind, deadline.date) == ("answer_due", date(2025, 3, 12))


def test_parameters_of_the_edition_decide() -> None:
    """The same facts under other values come to another decision."""
    tight = POLICY.edition({"photos": 3})
    assert evaluate(tight, "bring_back", COMPLETE).outcome is Outcome.REFUSED
    waits = POLICY.edition({"at_once": False})
    decision = evaluate(waits, "bring_back", COMPLETE)
    assert (decision.takes_effect, decision.case_state) == (Effective.ON_RULING, S.ASKED)
    assert decision.notices == ()
    assert [d.kind for d in decision.deadlines] == ["answer_due"]


def test_the_zone_is_the_stated_one_else_the_given_else_the_policys() -> None:
    """Days are counted in the zone of the document, else of the party, else of the policy."""
    late = {"at": "2025-03-31T23:30:00Z", "reason": "regret"}
    document = {**SOLD, "request": late}
    # 31 March, 23:30 in UTC is 1 April in London and in Tokyo, still 31 March in New York
    assert ids(told(document)) == ["U-WINDOW"]
    assert ids(told(document, time_zone="Asia/Tokyo")) == ["U-WINDOW"]
    assert ids(told(document, time_zone="America/New_York")) != ["U-WINDOW"]
    stated = {**document, "time_zone": "America/New_York"}
    assert ids(told(stated, time_zone="Asia/Tokyo")) != ["U-WINDOW"]


def test_a_rule_that_fails_decides_nothing() -> None:
    """What a plugin's own code raises is never a silent pass: a person looks, and nothing moves."""

    @measure(F.sale.price, label="broken")
    def broken(price: Money) -> bool:
        raise ZeroDivisionError

    rows = (require(toy.NOTHING, is_true(broken), toy.REFUSE), *toy.RETURN.rows)
    table = replace(toy.RETURN, rows=rows)
    actions = tuple(
        replace(a, table=table) if a.table is toy.RETURN else a for a in LIFECYCLE.actions
    )
    own = toy.policy(lifecycle=replace(LIFECYCLE, actions=actions))
    decision = evaluate(own.edition(), "bring_back", COMPLETE)
    assert decision.outcome is Outcome.MANUAL_REVIEW
    assert isinstance(decision.failure, ZeroDivisionError)
    assert (ids(decision), decision.state) == (["U-DOUBT"], S.ASKED)
    assert (decision.amount, decision.postings) == (None, ())
    assert told().failure is None


def test_nothing_is_changed() -> None:
    """Evaluating twice comes to the same, and leaves the document as it was."""
    before = merged(COMPLETE)
    one, other = told(), told()
    assert (one.outcome, one.amount, one.clauses) == (other.outcome, other.amount, other.clauses)
    assert before == COMPLETE


# --- states


def test_an_action_that_the_state_does_not_allow_is_blocked() -> None:
    """What was paid back cannot come back: blocked by the state's clauses, and nothing moves."""
    decision = told(stored=S.REFUNDED)
    assert decision.outcome is Outcome.BLOCKED
    assert ids(decision) == ["U-PRICE"]
    assert decision.preconditions == (NOT_IN_STATE,)
    assert (decision.amount, decision.postings, decision.state) == (None, (), None)
    assert (decision.deadlines, decision.notices, decision.missing) == ((), (), ())


@pytest.mark.parametrize("state", S)
def test_an_action_is_allowed_from_its_states_only(state: S) -> None:
    """An action acts from the states it names; an action that names none, from any."""
    allowed = state in (S.SOLD, S.REFUSED, S.WAITING)
    assert (told(stored=state).outcome is not Outcome.BLOCKED) is allowed
    assert told(SOLD, "sell", stored=state).outcome is Outcome.RECORDED


def test_a_state_that_time_has_brought_about_counts_beside_the_stored_one() -> None:
    """A case is in its stored state and in the one derived from it: either may allow an action."""
    only_closed = replace(LIFECYCLE.actions[0], from_states=frozenset({S.CLOSED}))
    own = toy.policy(lifecycle=replace(LIFECYCLE, actions=(only_closed, *LIFECYCLE.actions[1:])))
    closed = {**COMPLETE, "as_of": "2025-06-01T00:00:00Z"}
    edition = own.edition()
    assert evaluate(edition, "bring_back", closed, stored=S.SOLD).outcome is Outcome.APPROVED
    assert evaluate(edition, "bring_back", COMPLETE, stored=S.SOLD).outcome is Outcome.BLOCKED
    assert evaluate(EDITION, "bring_back", closed, stored=S.SOLD).outcome is Outcome.APPROVED
    assert ids(evaluate(edition, "bring_back", closed, stored=S.ASKED)) == ["U-ANSWER"]


def test_impossible_facts_are_told_before_the_state() -> None:
    """A document that cannot be is invalid in any state."""
    assert told({"faulty": "yes"}, stored=S.REFUNDED).outcome is Outcome.INVALID
    early = toy.returned({"at": "2025-02-01T00:00:00Z"})
    assert early.outcome is Outcome.INVALID


def test_a_decision_says_what_the_party_may_do_next() -> None:
    """The actions of the state the decision leads to, and only those of the party."""
    assert toy.returned({"photos": []}).allowed_actions == ("bring_back",)
    assert told().allowed_actions == ()
    assert told({"request": {}}).allowed_actions == ("bring_back",)
    assert LIFECYCLE.allowed(S.ASKED) == ("look_up",)
    assert LIFECYCLE.allowed(S.ASKED, Role.CLIENT) == ()
    assert LIFECYCLE.allowed(S.ASKED, Role.TEAM) == ("look_up",)


def test_facts_without_which_there_is_nothing_to_decide_are_asked_for() -> None:
    """An action asks for the facts it requires, even where the rows could decide without them."""
    requires = replace(LIFECYCLE.actions[2], requires=(F.sale.id, F.sale.price))
    own = toy.policy(lifecycle=replace(LIFECYCLE, actions=(*LIFECYCLE.actions[:2], requires)))
    edition = own.edition()
    asked = evaluate(edition, "sell", {"sale": {"price": "1.00"}})
    assert (asked.outcome, asked.missing) == (Outcome.NEEDS_INFORMATION, ("sale.id",))
    assert (asked.postings, asked.state) == ((), None)
    assert evaluate(edition, "sell", SOLD).outcome is Outcome.RECORDED
    assert evaluate(edition, "sell", {"sale": {"id": 1}}).outcome is Outcome.INVALID


def test_nothing_is_asked_for_an_action_that_the_state_does_not_allow() -> None:
    """Where the state blocks an action, its missing facts are beside the point."""
    assert told({}, stored=S.REFUNDED).outcome is Outcome.BLOCKED
    requires = replace(LIFECYCLE.actions[0], requires=(F.request.reason,))
    own = toy.policy(lifecycle=replace(LIFECYCLE, actions=(requires, *LIFECYCLE.actions[1:])))
    late = {**SOLD, "request": {"at": "2025-05-01T00:00:00Z"}}
    asked = evaluate(own.edition(), "bring_back", late, stored=S.SOLD)
    assert asked.missing == ("request.reason",)
    assert evaluate(own.edition(), "bring_back", late, stored=S.REFUNDED).missing == ()


# --- standing


@pytest.mark.parametrize(
    ("document", "stored", "state", "clauses"),
    [
        (SOLD, None, S.SOLD, ["U-WAIT"]),
        (COMPLETE, None, S.ASKED, ["U-ANSWER"]),
        (SOLD, S.REFUSED, S.REFUSED, ["U-NOTHING"]),
        (at("2025-03-31T22:00:00Z"), S.SOLD, S.SOLD, ["U-WAIT"]),
        (at("2025-03-31T23:30:00Z"), S.SOLD, S.CLOSED, ["U-WINDOW"]),
        (at("2025-06-01T00:00:00Z"), S.REFUSED, S.CLOSED, ["U-WINDOW"]),
        (at("2025-06-01T00:00:00Z"), S.REFUNDED, S.REFUNDED, ["U-PRICE"]),
        (at("2025-06-01T00:00:00Z"), None, S.CLOSED, ["U-WINDOW"]),
    ],
)
def test_where_a_matter_stands(
    document: Mapping[str, object], stored: str | None, state: str, clauses: list[str]
) -> None:
    """A standing is the stored state, or what the document shows, or what time has made of it."""
    standing = told(document, "standing", stored=stored)
    assert (standing.outcome, standing.state) == (Outcome.STANDING, state)
    assert ids(standing) == clauses
    assert standing.allowed_actions == LIFECYCLE.allowed(state, Role.CLIENT)


def test_a_standing_names_what_is_due() -> None:
    """The deadlines of the state, with their last moment, are part of where a matter stands."""
    standing = told(COMPLETE, "standing")
    (answer,) = standing.deadlines
    assert answer.ends_at.isoformat() == "2025-03-12T23:59:59+00:00"
    (closes,) = told(SOLD, "standing").deadlines
    assert closes.ends_at.isoformat() == "2025-03-31T23:59:59+01:00"
    assert told(SOLD, "standing", stored=S.REFUNDED).deadlines == ()


def test_a_standing_previews_the_notices_of_a_derived_state() -> None:
    """What time has brought about may owe a notice."""
    assert told(at("2025-06-01T00:00:00Z"), "standing", stored=S.SOLD).notices == (toy.TOLD,)
    assert told(at("2025-03-02T00:00:00Z"), "standing", stored=S.SOLD).notices == ()


def test_a_standing_of_nothing_asks_what_it_needs() -> None:
    """A document that shows no state is asked for the facts that would."""
    standing = told({}, "standing")
    assert standing.outcome is Outcome.NEEDS_INFORMATION
    assert standing.missing == ("request.at", "sale.at")
    assert told({"nope": 1}, "standing").outcome is Outcome.INVALID


def test_the_state_of_a_case_at_a_moment() -> None:
    """state_now() reads the stored state, or the one that time has made of it."""
    for moment, state in (("2025-03-05T00:00:00Z", S.SOLD), ("2025-04-05T00:00:00Z", S.CLOSED)):
        here = Situation(read(at(moment), F, "Europe/London").values, EDITION.values)
        assert state_now(LIFECYCLE, S.SOLD, here) == state


# --- reports


def test_a_report_gives_its_figures() -> None:
    """The figures of a report are plain data, and unknown ones are None."""
    assert told(SOLD, "report").metrics == {"half": "0.5", "paid": "10.01"}
    assert told({"report": "sharpness"}, "report").metrics == {"half": "0.5", "paid": None}
    assert told({"nope": 1}, "report").outcome is Outcome.INVALID


def test_a_figure_is_written_without_exponents() -> None:
    """A small share is written as plain digits."""
    small = POLICY.edition({"half": "0.0000001"})
    assert evaluate(small, "report", {}).metrics["half"] == "0.0000001"


def test_an_unknown_report_is_the_callers_mistake() -> None:
    """A report that the policy does not have is a UsageError."""
    with pytest.raises(UsageError, match=r"unknown_report: policy=umbrella\.returns, report=other"):
        told({"report": "other"}, "report")


def test_a_report_on_impossible_facts_is_invalid() -> None:
    """A report may have checks of its own; facts that fail them are named."""
    check = impossible(F.sale.price < F.sale.price, F.sale.price, "never")
    wrong = impossible(F.request.at < F.sale.at, F.request.at, "is before", toy.WINDOW)
    report = Report("r", "r", {}, (), impossible=(check, wrong))
    own = toy.policy(reports=(report,)).edition()
    early = {**SOLD, "request": {"at": "2025-02-01T00:00:00Z"}}
    decision = evaluate(own, "report", early)
    assert (decision.outcome, ids(decision)) == (Outcome.INVALID, ["U-WINDOW"])
    assert evaluate(own, "report", SOLD).outcome is Outcome.STANDING


# --- documents laid over each other


def test_later_facts_win() -> None:
    """Laid over each other, later documents win, group by group; lists are replaced whole."""
    stored = {"sale": {"id": "S", "price": "1"}, "tags": ["a", "b"], "faulty": True}
    stated = {"sale": {"price": "2"}, "tags": ["c"], "extra": {"x": 1}}
    assert merged(stored, stated) == {
        "sale": {"id": "S", "price": "2"},
        "tags": ["c"],
        "faulty": True,
        "extra": {"x": 1},
    }


def test_null_takes_nothing_back() -> None:
    """An unknown fact does not wipe out a known one."""
    assert merged({"a": 1, "g": {"b": 2}}, {"a": None, "g": None}) == {"a": 1, "g": {"b": 2}}
    assert merged({"a": 1}, {"b": None}) == {"a": 1, "b": None}
    assert merged({"a": None}, {"a": 0}) == {"a": 0}


def test_what_is_laid_over_stays_as_it_was() -> None:
    """Merging changes none of the documents."""
    one: dict[str, Any] = {"g": {"a": 1}}
    other: dict[str, Any] = {"g": {"b": 2}}
    merged(one, other)["g"]["c"] = 3  # type: ignore[index]
    assert (one, other) == ({"g": {"a": 1}}, {"g": {"b": 2}})


leaf = st.none() | st.integers() | st.lists(st.integers(), max_size=2)
group = st.none() | st.fixed_dictionaries({}, optional={"x": leaf, "y": leaf})
trees = st.fixed_dictionaries({}, optional={"a": leaf, "b": leaf, "g": group, "h": group})


@given(trees, trees, trees)
def test_merging_has_the_laws_one_expects(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    """Merging with nothing or with itself changes nothing, and grouping does not matter."""
    assert merged(one) == merged(one, {}) == merged({}, one) == merged(one, one) == one
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, two, three) == merged(merged(one, two), three)


# --- names


def test_a_key_is_made_from_a_fact() -> None:
    """A claim is named by its prefix and the value of its fact; unknown facts name none."""
    key = Keyed("sale", F.sale.id)
    assert key.name(Situation({"sale.id": "S-1"}, {})) == "sale:S-1"
    assert key.name(Situation({}, {})) is None


def test_a_key_may_depend_on_a_condition() -> None:
    """A conditional name is given where its condition holds; what it may be is given anyway."""
    key = Keyed("sale", F.sale.id, only_if=is_true(F.faulty))
    for faulty, name in ((True, "sale:S-1"), (False, None), (None, None)):
        known = {} if faulty is None else {"faulty": faulty}
        situation = Situation({"sale.id": "S-1", **known}, {})
        assert key.name(situation) == name
        assert key.possible(situation) == "sale:S-1"
    assert key.possible(Situation({"faulty": True}, {})) is None


def test_states_and_actions_are_found_by_name() -> None:
    """A lifecycle finds its states and actions; an unknown state is an error."""
    assert LIFECYCLE.state(S.SOLD).label == "sold"
    assert LIFECYCLE.action("nothing") is None
    action = LIFECYCLE.action("sell")
    assert action is not None
    assert action.founding is Founding.OPENS
    with pytest.raises(KeyError):
        LIFECYCLE.state("nowhere")


def test_a_decision_without_a_state_leaves_the_case_as_it_is() -> None:
    """What has no state of its own offers what the stored state offers."""
    table = Table("noted", (otherwise(None, Effect(Outcome.RECORDED)),), moment=F.as_of)
    noted = replace(LIFECYCLE.actions[1], table=table, name="note", from_states=None)
    own = toy.policy(lifecycle=replace(LIFECYCLE, actions=(*LIFECYCLE.actions, noted)))
    decision = evaluate(own.edition(), "note", {}, stored=S.SOLD)
    assert (decision.state, decision.allowed_actions) == (None, ("bring_back",))
    assert evaluate(own.edition(), "note", {}).allowed_actions == ()


def test_instants_in_the_hour_that_comes_twice_are_told_apart() -> None:
    """In the hour that the clocks repeat, the later moment is later though its clock shows less."""
    sale = {"id": "S", "at": "2025-10-26T00:50:00Z", "price": "1.00"}
    request = {"at": "2025-10-26T01:10:00Z", "reason": "regret"}
    document = {"sale": sale, "request": request, "time_zone": "Europe/London"}
    assert told(document).outcome is not Outcome.INVALID
    swapped = {
        **document,
        "sale": {**sale, "at": request["at"]},
        "request": {**request, "at": sale["at"]},
    }
    assert told(swapped).outcome is Outcome.INVALID
    moment = read(document, F, "UTC").values["request.at"]
    assert isinstance(moment, datetime)
    assert moment.isoformat() == "2025-10-26T01:10:00+00:00"
