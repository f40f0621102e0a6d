"""Deciding: what becomes of each kind of row, what is asked, what is cited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avoir.clauses import (
    Clause,
    Effect,
    Effective,
    Floor,
    Mode,
    NoticeRule,
    Outcome,
    PostingRule,
    Table,
    When,
    ground,
    impossible,
    impossible_each,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import Constant, Situation, known
from avoir.decisions import Recommended, RecommendedMode, decide
from avoir.errors import PolicyError
from avoir.facts import unit_of
from avoir.measures import Unknown, measure, tolerant_measure
from avoir.programs import program
from avoir.verdicts import Status, Verdict
from tests.core.bits import LOOK, NO, POUND, YES, B, bit, cl, fixed, ids, pounds, ruled, table

a, b, c, d, e = (bit(name) for name in "abcde")
staff = bit("staff")

NEEDS, REVIEW = Outcome.NEEDS_INFORMATION, Outcome.MANUAL_REVIEW
APPROVED, REFUSED = Outcome.APPROVED, Outcome.REFUSED

# --- rows in order of precedence


def test_the_first_row_that_holds_decides() -> None:
    """Rows are tried in their order; what stands below the deciding row is not reached."""
    rows = (rule(cl("R1"), When(a, YES)), rule(cl("R2"), When(b, NO)), otherwise(cl("R3"), LOOK))
    assert ids(ruled(*rows, a=True, b=True)) == ["R1"]
    assert ids(ruled(*rows, a=False, b=True)) == ["R2"]
    assert ids(ruled(*rows, a=False, b=False)) == ["R3"]
    decision = ruled(*rows, a=True, b=True)
    assert decision.verdict is not None
    assert decision.verdict.statuses == (Status.MET, Status.NOT_REACHED, Status.NOT_REACHED)


def test_within_a_row_the_first_condition_that_holds_decides() -> None:
    """A row may lead to several effects; the first of its conditions that holds decides."""
    rows = (rule(cl("R1"), When(a, YES), When(b, NO), When(c, LOOK)), otherwise(cl("R2"), LOOK))
    assert ruled(*rows, a=True, b=True, c=True).outcome is APPROVED
    assert ruled(*rows, a=False, b=True, c=True).outcome is REFUSED
    assert ruled(*rows, a=False, b=False, c=True).outcome is REVIEW


def test_a_requirement_that_fails_decides() -> None:
    """require() lets pass while its condition holds; where it does not, its effect decides."""
    rows = (require(cl("R1"), a, NO), otherwise(cl("R2"), YES))
    assert ruled(*rows, a=False).outcome is REFUSED
    assert ruled(*rows, a=True).outcome is APPROVED


def test_a_row_whose_guard_is_false_is_passed_over() -> None:
    """Where the guard is false, the row neither decides, nor asks, nor is cited."""
    rows = (require(cl("R1"), a, NO, only_if=b), otherwise(cl("R2"), YES))
    decision = ruled(*rows, b=False)
    assert (decision.outcome, ids(decision)) == (APPROVED, ["R2"])
    assert decision.verdict is not None
    assert decision.verdict.statuses[0] is Status.PASSED_OVER


def test_a_table_without_a_default_is_an_error() -> None:
    """A table that comes to nothing is a mistake in the policy, and is named."""
    with pytest.raises(PolicyError, match="table_without_default: table=bits"):
        ruled(rule(cl("R1"), When(a, YES)), a=False)


# --- what is unknown


def test_an_unknown_fact_that_would_decide_otherwise_is_asked_for() -> None:
    """A row that an unknown fact keeps open, with another outcome, asks for that fact."""
    rows = (require(cl("R1"), a & b, NO), otherwise(cl("R2"), YES))
    decision = ruled(*rows, b=True)
    assert (decision.outcome, decision.missing) == (NEEDS, ("a",))
    assert ids(decision) == ["R1"]


def test_an_unknown_fact_that_changes_nothing_is_not_asked_for() -> None:
    """A row that is open, but comes to the same outcome and amount, asks nothing."""
    rows = (require(cl("R1"), a, NO), otherwise(cl("R2"), NO))
    assert ruled(*rows).outcome is REFUSED


def test_rows_below_the_deciding_one_ask_nothing() -> None:
    """What stands below the row that decides is not asked about."""
    rows = (rule(cl("R1"), When(a, YES)), rule(cl("R2"), When(b, NO)), otherwise(None, LOOK))
    assert ruled(*rows, a=True).outcome is APPROVED


def test_every_row_that_could_change_the_outcome_asks() -> None:
    """All open rows above the deciding one ask together, in their order, each fact once."""
    rows = (
        require(cl("R1"), a & b, NO),
        rule(cl("R2"), When(b & c, LOOK)),
        otherwise(cl("R3"), YES),
    )
    decision = ruled(*rows)
    assert decision.missing == ("a", "b", "c")
    assert ids(decision) == ["R1", "R2"]


def test_an_open_row_with_another_amount_asks() -> None:
    """The same outcome with another amount is another decision."""
    ten, twenty = (Effect(APPROVED, amount=fixed(n)) for n in (10, 20))
    same = Effect(APPROVED, amount=fixed(20))
    assert ruled(rule(None, When(a, ten)), otherwise(None, twenty)).missing == ("a",)
    assert ruled(rule(None, When(a, same)), otherwise(None, twenty)).amount == pounds(20)
    assert ruled(rule(None, When(a, twenty)), otherwise(None, YES)).missing == ("a",)


def test_an_open_row_whose_amount_is_unknown_asks() -> None:
    """An amount that is not known yet may differ: with it known the other way, it does."""
    some = Effect(APPROVED, amount=B.x)
    for other in (YES, Effect(APPROVED, amount=fixed(10))):
        rows = (rule(cl("R1"), When(a, some)), otherwise(cl("R2"), other))
        assert ruled(*rows).missing == ("a",)
        assert ruled(*rows, a=True).missing == ("x",)
        assert ruled(*rows, a=True, x=pounds(3)).amount == pounds(3)
    assert ruled(rule(None, When(a, some)), otherwise(None, some)).missing == ("x",)


def test_rows_and_the_amount_are_asked_about_together() -> None:
    """Where the outcome may change and the amount is unknown too, one question asks for both."""
    pay = Effect(APPROVED, amount=B.x, amount_clause=cl("AMOUNT"))
    decision = ruled(require(cl("R1"), a, NO), otherwise(cl("R2"), pay))
    assert (decision.missing, ids(decision)) == (("a", "x"), ["R1", "R2", "AMOUNT"])


def test_a_row_that_differs_from_an_open_row_below_it_asks_too() -> None:
    """An open row that agrees with the default still matters where a row between them may not."""
    rows = (require(cl("R1"), a, NO), rule(cl("R2"), When(b, YES)), otherwise(cl("R3"), NO))
    decision = ruled(*rows)
    assert (decision.missing, ids(decision)) == (("a", "b"), ["R1", "R2"])
    assert ruled(*rows, b=False).outcome is REFUSED
    assert ruled(*rows, a=False).outcome is REFUSED
    assert ruled(*rows, b=True).missing == ("a",)


def test_an_unknown_amount_is_asked_for() -> None:
    """Where the outcome is certain and the amount is not, the amount's facts are asked for."""
    effect = Effect(APPROVED, amount=B.x, amount_clause=cl("AMOUNT"))
    decision = ruled(otherwise(cl("R1"), effect))
    assert (decision.outcome, decision.missing) == (NEEDS, ("x",))
    assert ids(decision) == ["R1", "AMOUNT"]


def test_an_unknown_guard_asks_for_the_guards_facts_only() -> None:
    """While it is open whether a row applies at all, its own facts are not asked for yet."""
    rows = (require(cl("R1"), a, NO, only_if=b), otherwise(cl("R2"), YES))
    assert ruled(*rows).missing == ("b",)
    assert ruled(*rows, a=False).missing == ("b",)
    assert ruled(*rows, b=True).missing == ("a",)


def test_an_unknown_guard_is_not_asked_for_where_the_row_could_not_decide() -> None:
    """A row whose conditions are known to be false asks nothing, whatever its guard."""
    held = (require(cl("R1"), a, NO, only_if=b), otherwise(cl("R2"), YES))
    assert ruled(*held, a=True).outcome is APPROVED
    first = (
        rule(cl("R1"), When(a, YES), When(c, NO), only_if=b),
        otherwise(cl("R2"), YES),
    )
    assert ruled(*first, a=True).outcome is APPROVED
    unclaimed = (ground(cl("R1"), When(c, NO), claimed=a, only_if=b), otherwise(cl("R2"), YES))
    assert ruled(*unclaimed, a=False).outcome is APPROVED


def test_facts_are_asked_for_by_a_computed_path() -> None:
    """A measure may name the paths it wants, and a decision asks for them as they are."""

    @tolerant_measure(B.a, label="proofs")
    def proofs(_: bool | None) -> int | Unknown:
        return Unknown(["attempts[4].proof", "attempts[6].proof"])

    decision = ruled(require(cl("R1"), proofs >= 2, NO), otherwise(cl("R2"), YES))
    assert decision.missing == ("attempts[4].proof", "attempts[6].proof")


def test_an_effect_may_ask_by_itself() -> None:
    """A row that leads to a question names the paths that its measure gives."""

    @tolerant_measure(B.a, label="proofs")
    def proofs(_: bool | None) -> tuple[str, ...]:
        return ("attempts[4].proof",)

    ask = Effect(NEEDS).asking(proofs)
    rows = (rule(cl("R1"), When(b, ask.citing(cl("PROOF")))), otherwise(None, YES))
    decision = ruled(*rows, b=True)
    assert (decision.outcome, decision.missing) == (NEEDS, ("attempts[4].proof",))
    assert ids(decision) == ["R1", "PROOF"]


# --- what only the business can say


def test_what_only_the_business_knows_leads_to_a_person() -> None:
    """A party is not asked for the business's facts: a person rules, and the row is cited."""
    rows = (require(cl("R1"), staff, NO), otherwise(cl("R2"), YES))
    decision = ruled(*rows)
    assert (decision.outcome, decision.missing, ids(decision)) == (REVIEW, (), ["R1"])


def test_the_party_is_asked_first() -> None:
    """Where the party can say something too, it is asked, and only for what is its own."""
    rows = (require(cl("R1"), staff & a, NO), otherwise(cl("R2"), YES))
    assert ruled(*rows).missing == ("a",)
    assert ruled(*rows, a=True).outcome is REVIEW
    assert ruled(*rows, a=False).outcome is REFUSED


def test_staff_who_act_are_asked_for_their_own_facts() -> None:
    """A table names the business's facts that its own actors supply: those it asks for."""
    rows = (require(cl("R1"), staff, NO), otherwise(cl("R2"), YES))
    own = replace(table(*rows), asks=(B.staff,))
    assert decide(own, Situation({}, {}), B, "UTC").missing == ("staff",)


def test_an_amount_that_only_the_business_knows_leads_to_a_person() -> None:
    """An unknown amount follows the same rule: no party is asked what only the staff can say."""
    decision = ruled(otherwise(cl("R1"), Effect(APPROVED, amount=B.fee)))
    assert (decision.outcome, decision.missing, ids(decision)) == (REVIEW, (), ["R1"])


def test_an_amount_that_nobody_can_supply_leads_to_a_person() -> None:
    """Where no fact would make the amount known, there is nothing to ask."""

    @tolerant_measure(B.a, label="amount")
    def nothing(_: bool | None) -> Unknown:
        return Unknown([])

    assert ruled(otherwise(cl("R1"), Effect(APPROVED, amount=nothing))).outcome is REVIEW


# --- grounds


GROUND = (
    ground(cl("G"), When(a, YES), claimed=b),
    otherwise(cl("NOTHING"), NO),
)


def test_a_ground_on_record_counts_though_nobody_claims_it() -> None:
    """A ground that is true on record decides, claimed or not."""
    for claimed in (True, False, None):
        assert ruled(*GROUND, a=True, b=claimed).outcome is APPROVED


def test_only_a_claimed_ground_is_asked_about() -> None:
    """The unknown facts of a ground are asked for where it is claimed, and not otherwise."""
    assert ruled(*GROUND, b=True).missing == ("a",)
    assert ruled(*GROUND, b=False).outcome is REFUSED


def test_whether_a_ground_is_claimed_is_asked_first() -> None:
    """Where it is open whether a ground is claimed, that is asked, and not yet its facts."""
    assert ruled(*GROUND).missing == ("b",)


def test_only_a_claimed_ground_that_fails_is_cited() -> None:
    """A refusal cites the claim that failed, and no ground that nobody claimed."""
    assert ids(ruled(*GROUND, a=False, b=True)) == ["NOTHING", "G"]
    assert ids(ruled(*GROUND, a=False, b=False)) == ["NOTHING"]
    assert ids(ruled(*GROUND, a=False)) == ["NOTHING"]


# --- impossible facts


def test_impossible_facts_come_first_and_all_are_named() -> None:
    """Whatever the rows say, impossible facts make the document invalid, at every path."""

    @measure(B.b, label="bad entries")
    def bad(_: bool) -> tuple[str, ...]:
        return ("entries[1].at", "entries[3].at")

    made = replace(
        table(otherwise(cl("R1"), YES)),
        impossible=(
            impossible(a & b, B.a, "cannot be with {other}", cl("I1"), other="b"),
            impossible(unit_of(B.x) != unit_of(B.y), unit_of(B.x), "differs", cl("I2")),
            impossible_each(bad, "is too early", cl("I3")),
            impossible(c, B.c, "cannot be"),
        ),
    )
    here = Situation({"a": True, "b": True, "x": pounds(1)}, {})
    decision = decide(made, here, B, "UTC")
    assert decision.outcome is Outcome.INVALID
    assert [f.path for f in decision.faults] == ["a", "entries[1].at", "entries[3].at"]
    assert decision.faults[0].message.values == {"other": "b"}
    assert ids(decision) == ["I1", "I3"]
    assert (decision.verdict, decision.postings, decision.missing) == (None, (), ())


def test_what_is_only_possibly_impossible_is_no_fault() -> None:
    """A check that an unknown fact keeps open finds nothing."""
    made = replace(
        table(otherwise(cl("R1"), YES)), impossible=(impossible(a & b, B.a, "cannot be"),)
    )
    assert decide(made, Situation({"a": True}, {}), B, "UTC").outcome is APPROVED


# --- what follows


def test_postings_move_the_amount_of_the_decision_or_their_own() -> None:
    """A posting moves the decision's amount, or the one it names; nothing and unknown move not."""
    rules = (
        PostingRule("all", "house:till", "client:balance", floor=Floor.RESPECTED),
        PostingRule("own", "house:till", "client:balance", B.x),
        PostingRule("none", "house:till", "client:balance", fixed(0)),
        PostingRule("unknown", "house:till", "client:balance", B.y),
    )
    decision = ruled(
        otherwise(None, Effect(APPROVED, amount=fixed(10), postings=rules)), x=pounds(2)
    )
    moved = [(p.kind, p.amount.amount, p.floor) for p in decision.postings]
    assert moved == [("all", "10.00", Floor.RESPECTED), ("own", "2.00", Floor.PASSED)]
    assert decision.postings[0].amount.unit == POUND


def test_a_decision_waits_for_a_ruling_unless_it_holds_at_once() -> None:
    """Until it takes effect, the case is in the reserved state, and nobody is told the decision."""
    told = NoticeRule("decided", "client", "Decided.")
    got = NoticeRule("received", "client", "Received.")
    effect = Effect(APPROVED, "paid", notices=(told,), at_once=a, reserved="examined")
    made = replace(table(otherwise(None, effect)), notices=(got,))
    at_once = decide(made, Situation({"a": True}, {}), B, "UTC")
    assert (at_once.takes_effect, at_once.case_state) == (Effective.AT_ONCE, "paid")
    assert at_once.notices == (got, told)
    for facts in ({}, {"a": False}):
        waiting = decide(made, Situation(facts, {}), B, "UTC")
        assert (waiting.takes_effect, waiting.case_state) == (Effective.ON_RULING, "examined")
        assert (waiting.state, waiting.notices) == ("paid", (got,))


def test_a_recommendation_is_what_another_table_comes_to() -> None:
    """A ruling may read what the request's own table came to, and what that is worth."""
    own = table(
        rule(None, When(a, replace(YES, mode=Mode.COMMITMENT))),
        otherwise(None, NO),
    )
    came = Recommended(own, B, "recommendation")
    worth = RecommendedMode(came, "kind of recommendation")
    rows = (
        rule(cl("BOUND"), When((came == APPROVED) & (worth == Mode.COMMITMENT), LOOK)),
        rule(cl("ASKED"), When(came == NEEDS, LOOK)),
        otherwise(cl("FREE"), NO),
    )
    assert ids(ruled(*rows, a=True)) == ["BOUND"]
    assert ids(ruled(*rows)) == ["ASKED"]
    assert ids(ruled(*rows, a=False)) == ["FREE"]
    here = Situation({"a": True}, {})
    assert came.decision(here) is came.decision(here)
    assert worth.value(Situation({"a": False}, {})) is None


def test_statuses_say_what_became_of_each_row() -> None:
    """Every row above the deciding one has the status that findings are built from."""
    made: Table = table(
        require(cl("MET"), a, NO),
        require(cl("PASSED"), b, NO, only_if=~a),
        require(cl("OPEN"), b, NO),
        note(cl("NOTED"), a),
        note(cl("UNNOTED"), b),
        ground(cl("CLAIMED"), When(c, YES), claimed=a),
        ground(cl("UNCLAIMED"), When(c, YES), claimed=~a),
        rule(cl("FAILED"), When(c, YES)),
        otherwise(cl("DECIDES"), NO),
    )
    verdict = program(made)(Situation({"a": True, "c": False}, {}))
    assert isinstance(verdict, Verdict)
    assert verdict.statuses == (
        Status.MET,
        Status.PASSED_OVER,
        Status.OPEN,
        Status.NOTED,
        Status.PASSED_OVER,
        Status.UNMET,
        Status.PASSED_OVER,
        Status.UNMET,
        Status.MET,
    )
    assert (verdict.decided, verdict.when) == (8, 0)
    assert [(o.row, o.wants) for o in verdict.open] == [(2, ("b",))]


def test_a_table_may_cite_more_by_a_measure() -> None:
    """What a table cites besides is cited last, after what the rows gave."""
    more: Constant[tuple[Clause, ...]] = Constant((cl("MORE"), cl("R1")))
    made = replace(table(otherwise(cl("R1"), YES)), besides=more)
    assert ids(decide(made, Situation({}, {}), B, "UTC")) == ["R1", "MORE"]


def test_a_notice_is_due_only_where_its_condition_holds() -> None:
    """A notice with a condition that fails or is unknown is not due."""
    told = NoticeRule("told", "client", "Told.", only_if=a)
    rows = (otherwise(None, replace(YES, notices=(told,))),)
    assert ruled(*rows, a=True).notices == (told,)
    assert ruled(*rows, a=False).notices == ruled(*rows).notices == ()


def test_known_in_a_condition_asks_nothing() -> None:
    """A row about whether something is stated at all is never open."""
    rows = (rule(cl("R1"), When(known(B.on), LOOK)), otherwise(cl("R2"), YES))
    assert ruled(*rows).outcome is APPROVED


def test_what_an_effect_waits_for_is_said() -> None:
    """An approval that is not due at once waits for a ruling, or for a payment that is said."""
    waits = replace(YES, at_once=a, reserved="held", state="done")
    paid = replace(waits, waits_for=Effective.ON_PAYMENT)
    for effect, until in ((waits, Effective.ON_RULING), (paid, Effective.ON_PAYMENT)):
        row = otherwise(cl("R1"), effect)
        assert ruled(row, a=True).takes_effect is Effective.AT_ONCE
        assert ruled(row, a=True).case_state == "done"
        assert ruled(row, a=False).takes_effect is until
        assert ruled(row, a=False).case_state == "held"


def test_what_is_lacking_is_among_the_preconditions() -> None:
    """Names that are not the policy's own, such as those of documents, stand with what must come
    first, in their order, each once."""
    lacking: Constant[tuple[str, ...]] = Constant(("passport", "act", "passport"))
    refused = replace(NO, precondition="sign_first", lacking=lacking)
    decision = ruled(require(cl("R1"), a, refused), otherwise(cl("R2"), YES), a=False)
    assert decision.preconditions == ("sign_first", "passport", "act")
