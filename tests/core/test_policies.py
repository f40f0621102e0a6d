"""Policies: what is checked when one is built, and the editions its values make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir import parameters
from avoir.clauses import (
    DeadlineRule,
    Effect,
    Outcome,
    PostingRule,
    Row,
    Table,
    When,
    impossible,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import ALWAYS, Constant, is_true, stated
from avoir.dates import days
from avoir.errors import PolicyError
from avoir.kinds import Amount
from avoir.lifecycles import Action, Derived, Lifecycle, Role, State, Waiting
from avoir.measures import measure
from avoir.money import Money
from avoir.parameters import Parameter, ParameterError, Parameters
from avoir.policies import Report, Window
from tests.core import toy
from tests.core.bits import cl
from tests.core.toy import ASK, LIFECYCLE, NOTHING, PAY, POLICY, REFUSE, RETURN, F, P, policy


def lifecycle(*rows: Row, **changes: Any) -> Lifecycle:
    """The toy's lifecycle with these rows above those of returns, and other changes."""
    return with_table(replace(RETURN, rows=(*rows, *RETURN.rows)), **changes)


def with_table(table: Table, **changes: Any) -> Lifecycle:
    """The toy's lifecycle with this table for returns, and other changes."""
    actions = tuple(
        replace(action, table=table) if action.table is RETURN else action
        for action in LIFECYCLE.actions
    )
    return replace(LIFECYCLE, **{"actions": actions, **changes})


def and_a_table(*rows: Row) -> Lifecycle:
    """The toy's lifecycle with one more action, whose table has these rows."""
    table = Table("more", rows, moment=F.as_of)
    more = Action("more", "more", frozenset({Role.TEAM}), table)
    return replace(LIFECYCLE, actions=(*LIFECYCLE.actions, more))


def and_parameters(**more: Parameter[Any]) -> type[Parameters]:
    """The toy's parameters and these."""
    return type("More", (Parameters,), {**P.by_name, **more})


def refused(**changes: Any) -> PolicyError:
    """The error that a policy with these changes is refused with."""
    with pytest.raises(PolicyError) as caught:
        policy(**changes)
    return caught.value


def names(error: PolicyError, code: str, **data: object) -> bool:
    """Whether an error has this code and names plugin, policy, and this."""
    expected = {"plugin": "umbrella", "policy": "umbrella.returns", **data}
    return (error.code, error.data) == (code, expected)


def test_a_sound_policy_is_built() -> None:
    """The toy is sound; its key is made of plugin and policy, its tables are those of actions."""
    assert (POLICY.plugin, POLICY.name) == ("umbrella", "returns")
    assert POLICY.tables == (RETURN, toy.SALE)
    assert POLICY.clause("U-WAIT") is toy.WAIT
    with pytest.raises(KeyError):
        POLICY.clause("U-NONE")


@pytest.mark.parametrize("key", ["umbrella", "umbrella.", ".returns", ""])
def test_a_key_is_plugin_dot_policy(key: str) -> None:
    """A key without plugin or without policy is refused."""
    assert refused(key=key).code == "key_is_not_plugin_dot_policy"


# --- clauses


def test_a_clause_in_no_row_is_named() -> None:
    """Every clause of the catalogue stands somewhere; one that does not is named."""
    error = refused(catalogue=(*toy.CATALOGUE, cl("U-LOST")))
    assert names(error, "clause_in_no_row", clause="U-LOST")


def test_two_clauses_with_one_id_are_named() -> None:
    """An id is given once."""
    error = refused(catalogue=(*toy.CATALOGUE, replace(toy.WAIT, text="Another text.")))
    assert names(error, "clause_id_twice", clause="U-WAIT")


@pytest.mark.parametrize(
    "changed",
    [
        lifecycle(note(cl("U-NEW"))),
        lifecycle(rule(None, When(~ALWAYS, REFUSE.citing(cl("U-NEW"))))),
        lifecycle(rule(None, When(~ALWAYS, replace(REFUSE, amount_clause=cl("U-NEW"))))),
        with_table(replace(RETURN, review=toy.REVIEW.citing(cl("U-NEW")))),
        with_table(replace(RETURN, asking=ASK.citing(cl("U-NEW")))),
        with_table(
            replace(RETURN, impossible=(replace(RETURN.impossible[0], cites=(cl("U-NEW"),)),))
        ),
        with_table(replace(RETURN, deadlines=(replace(toy.ANSWER_DUE, clause=cl("U-NEW")),))),
        lifecycle(states=(*LIFECYCLE.states, State("new", "new", (cl("U-NEW"),)))),
        lifecycle(derived=(replace(LIFECYCLE.derived[0], cites=(cl("U-NEW"),)),)),
        lifecycle(deadlines=(replace(toy.ANSWER_DUE, clause=cl("U-NEW")),)),
    ],
)
def test_a_clause_that_is_not_in_the_catalogue_is_named(changed: Lifecycle) -> None:
    """Wherever a clause is used, it must be one of the catalogue."""
    error = refused(lifecycle=changed)
    assert names(error, "clause_not_in_catalogue", clause="U-NEW")


# --- actions and states


def test_action_names_are_given_once() -> None:
    """Two actions of one name are refused, and so is one that takes the name of a question."""
    actions = LIFECYCLE.actions
    error = refused(lifecycle=replace(LIFECYCLE, actions=(*actions, actions[0])))
    assert names(error, "action_name_twice", action="bring_back")
    for verb in ("standing", "report"):
        taken = (*actions, replace(actions[0], name=verb))
        error = refused(lifecycle=replace(LIFECYCLE, actions=taken))
        assert names(error, "action_name_twice", action=verb)


@pytest.mark.parametrize(
    "changed",
    [
        lifecycle(rule(None, When(~ALWAYS, Effect(Outcome.REFUSED, "lost")))),
        lifecycle(rule(None, When(~ALWAYS, Effect(Outcome.APPROVED, reserved="lost")))),
        with_table(replace(RETURN, asking=replace(ASK, state="lost"))),
        with_table(replace(RETURN, review=replace(toy.REVIEW, state="lost"))),
        replace(LIFECYCLE, derived=(Derived("lost", frozenset({"sold"}), ALWAYS),)),
        replace(LIFECYCLE, derived=(Derived("sold", frozenset({"lost"}), ALWAYS),)),
        replace(
            LIFECYCLE,
            actions=(
                replace(LIFECYCLE.actions[0], from_states=frozenset({"lost"})),
                *LIFECYCLE.actions[1:],
            ),
        ),
        lifecycle(deadlines=(replace(toy.ANSWER_DUE, stands_in=frozenset({"lost"})),)),
        with_table(
            replace(RETURN, deadlines=(replace(toy.ANSWER_DUE, shown_in=frozenset({"lost"})),))
        ),
    ],
)
def test_a_state_that_is_not_declared_is_named(changed: Lifecycle) -> None:
    """Wherever a state is named, it must be one of the lifecycle."""
    assert names(refused(lifecycle=changed), "state_not_declared", state="lost")


def test_what_waits_for_a_person_is_settled_by_him() -> None:
    """Who is waited for can take the acts that settle it, and a deadline of the policy is due."""
    name = LIFECYCLE.actions[0].name
    waiting = Waiting(frozenset({"sold"}), Role.REVIEWER, settled_by=(name,))
    for changed, code, data in (
        (waiting, "settled_by_another_role", {"action": name, "role": "reviewer"}),
        (replace(waiting, settled_by=("lose",)), "action_not_declared", {"action": "lose"}),
        (
            replace(waiting, settled_by=(), left_by=frozenset({"lose"})),
            "action_not_declared",
            {"action": "lose"},
        ),
        (replace(waiting, settled_by=(), states=frozenset({"lost"})), "state_not_declared",
         {"state": "lost"}),
        (
            replace(waiting, settled_by=(), due=replace(toy.ANSWER_DUE, kind="never")),
            "deadline_not_declared",
            {"deadline": "never"},
        ),
    ):  # fmt: skip
        assert names(refused(lifecycle=replace(LIFECYCLE, waiting=(changed,))), code, **data)


def test_who_is_waited_for_is_read_from_the_last_act() -> None:
    """A case waits in its state, or only where one of the named acts left it to a person."""
    in_state = Waiting(frozenset({"sold"}), Role.REVIEWER, settled_by=())
    left = replace(in_state, left_by=frozenset({"bring_back"}))
    assert in_state.holds("sold", "anything", "recorded")
    assert not in_state.holds("returned", "anything", "manual_review")
    assert left.holds("sold", "bring_back", "manual_review")
    assert not left.holds("sold", "bring_back", "refused")
    assert not left.holds("sold", "anything", "manual_review")


# --- parameters and terms


def test_a_parameter_that_nothing_reads_is_named() -> None:
    """A parameter that changes nothing would mislead whoever tunes it."""
    idle = parameters.whole(1, "idle", low=0, high=9)
    error = refused(parameters=and_parameters(idle=idle))
    assert names(error, "parameter_that_nothing_reads", parameter="idle")


def _readers() -> Iterator[tuple[Parameter[Any], dict[str, Any]]]:
    """A parameter of its own for each place of a policy that may read one."""
    wait = parameters.whole(1, "wait", low=0, high=9)
    due = (toy.asked_on + days(wait)).named("due")
    yield wait, {"lifecycle": lifecycle(require(NOTHING, toy.asked_on >= due, REFUSE))}
    yield wait, {"lifecycle": lifecycle(note(NOTHING, toy.asked_on >= due))}
    yield wait, {"lifecycle": lifecycle(derived=(Derived("sold", frozenset(), wait > 1),))}
    deadline = DeadlineRule("due", "due", due, NOTHING)
    yield wait, {"lifecycle": lifecycle(deadlines=(*LIFECYCLE.deadlines, deadline))}
    yield wait, {"lifecycle": with_table(replace(RETURN, deadlines=(deadline,)))}
    check = impossible(wait > 1, F.request.at, "is wrong")
    yield wait, {"lifecycle": with_table(replace(RETURN, impossible=(check,)))}
    yield wait, {"reports": (Report("waits", "waits", {"wait": wait}, ()),)}
    calendar = parameters.calendar("FR", "calendar")
    counted = replace(deadline, on=toy.last_day, calendar=calendar)
    yield calendar, {"lifecycle": lifecycle(deadlines=(*LIFECYCLE.deadlines, counted))}
    at_once = parameters.yes_or_no(True, "at once")
    effect = replace(REFUSE, at_once=is_true(at_once))
    yield at_once, {"lifecycle": lifecycle(rule(NOTHING, When(~ALWAYS, effect)))}
    price = Parameter(Amount(toy.GBP), Money(1, toy.GBP), "price")
    paid = replace(REFUSE, postings=(PostingRule("fee", "house:till", "client:balance", price),))
    yield price, {"lifecycle": lifecycle(rule(NOTHING, When(~ALWAYS, paid)))}
    yield price, {"lifecycle": lifecycle(rule(NOTHING, When(~ALWAYS, replace(PAY, amount=price))))}


def test_a_parameter_may_be_read_anywhere() -> None:
    """Rows, notes, effects, deadlines, derived states, checks and reports read parameters."""
    for parameter, changes in _readers():
        policy(parameters=and_parameters(own=parameter), **changes)


def test_a_term_without_a_label_is_named() -> None:
    """What a condition compares is shown to people: it needs a label."""
    nameless = toy.photos.named("")
    unlabelled = lifecycle(require(NOTHING, nameless >= 1, REFUSE))
    assert names(
        refused(lifecycle=unlabelled), "term_without_label", table="return", clause="U-NOTHING"
    )
    guarded = lifecycle(note(NOTHING, stated(nameless >= 1)))
    assert refused(lifecycle=guarded).code == "term_without_label"


def test_a_measure_without_a_label_is_named() -> None:
    """A measure inside another term needs a label too; the error names its function."""

    @measure(F.sale.at, label="")
    def nameless(at: object) -> date:
        raise AssertionError("never computed")

    shifted = (nameless + days(1)).named("shown")
    error = refused(lifecycle=lifecycle(require(NOTHING, shifted >= date(2025, 1, 1), REFUSE)))
    assert names(error, "measure_without_label", measure="nameless", clause="U-NOTHING")


def test_a_constant_needs_no_label() -> None:
    """Constants are shown as they are."""
    policy(lifecycle=lifecycle(require(NOTHING, Constant(1) <= Constant(2), REFUSE)))


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (note(NOTHING),),
        (otherwise(NOTHING, REFUSE), note(NOTHING)),
        (replace(otherwise(NOTHING, REFUSE), only_if=is_true(F.faulty)),),
        (rule(NOTHING, When(P.photos >= 0, REFUSE)),),
        (rule(NOTHING, When(is_true(F.faulty), REFUSE)),),
        (require(NOTHING, ALWAYS, REFUSE),),
    ],
)
def test_a_table_ends_with_its_default(rows: tuple[Row, ...]) -> None:
    """The last row holds whatever facts and parameters are; a table without one is named."""
    error = refused(lifecycle=and_a_table(*rows))
    assert names(error, "table_without_default", table="more")


def test_otherwise_is_a_default() -> None:
    """A row that always holds is one, with a clause or without, also behind other conditions."""
    for row in (
        otherwise(NOTHING, REFUSE),
        otherwise(None, REFUSE),
        rule(NOTHING, When(is_true(F.faulty), ASK), When(ALWAYS, REFUSE)),
    ):
        policy(lifecycle=and_a_table(row))


# --- windows


def test_a_window_that_is_always_empty_is_refused() -> None:
    """Values that leave a window empty for every start are refused, and the clause is named."""
    with pytest.raises(PolicyError) as caught:
        POLICY.edition({"first_days": 31, "last_days": 30})
    assert names(caught.value, "window_always_empty", clause="U-WINDOW")
    assert POLICY.edition({"first_days": 30, "last_days": 30}).sometimes_empty == ()


def test_a_policy_whose_own_values_leave_a_window_empty_is_not_built() -> None:
    """The defaults are an edition like any other."""
    never = Window(toy.WINDOW, F.sale.at, toy.last_day + days(1), toy.last_day)
    assert names(refused(windows=(never,)), "window_always_empty", clause="U-WINDOW")


def test_a_window_that_is_sometimes_empty_is_flagged() -> None:
    """A window that some starting days leave empty is in force, and its clause is named."""

    @measure(toy.sold_on, label="last day of the month")
    def month_end(sold: date) -> date:
        following = sold.replace(day=28) + timedelta(days=4)
        return following - timedelta(days=following.day)

    own = policy(windows=(Window(toy.WINDOW, F.sale.at, toy.first_day, month_end),))
    assert own.edition().sometimes_empty == (toy.WINDOW,)
    assert own.edition({"first_days": 0}).sometimes_empty == ()
    assert toy.EDITION.sometimes_empty == ()
    with pytest.raises(PolicyError, match="window_always_empty"):
        own.edition({"first_days": 31})


# --- editions


def test_the_values_in_force_are_the_stated_ones_and_the_defaults() -> None:
    """An edition has every parameter: as stated where it is, by default elsewhere."""
    edition = POLICY.edition({"photos": 4, "half": None}, date(2026, 2, 1))
    assert edition.values["photos"] == 4
    assert edition.values["half"] == Decimal("0.5")
    assert edition.values.keys() == P.by_name.keys()
    assert edition.effective_from == date(2026, 2, 1)
    assert POLICY.edition().effective_from == POLICY.effective_from


values = st.fixed_dictionaries(
    {},
    optional={
        "first_days": st.integers(0, 5),
        "last_days": st.integers(20, 40),
        "photos": st.integers(0, 9),
        "half": st.sampled_from(["0", "0.5", "0.50", "0.500", "0.25", "1", "1.0"]),
        "calendar": st.sampled_from(["GB-ENG", "FR"]),
        "shop_may_vouch": st.booleans(),
    },
)


@given(values, values)
def test_editions_have_one_hash_exactly_where_their_values_are_equal(
    one: Mapping[str, object], other: Mapping[str, object]
) -> None:
    """The same values make the same hash, however they are written; another value another."""
    a, b = POLICY.edition(one), POLICY.edition(other)
    assert (a.hash == b.hash) is (a.values == b.values)


def test_the_hash_depends_on_the_policy_and_its_version() -> None:
    """Another version or another policy decides differently, and has another hash."""
    hashes = {
        toy.EDITION.hash,
        policy(version="2").edition().hash,
        policy(key="umbrella.repairs").edition().hash,
    }
    assert len(hashes) == 3
    assert policy(title="Another title").edition().hash == toy.EDITION.hash
    assert POLICY.edition({}, date(2030, 1, 1)).hash == toy.EDITION.hash


def test_plain_values_are_plain() -> None:
    """Values in force are written as plain data: decimals as strings without exponents."""
    edition = POLICY.edition({"half": "0.0000001"})
    assert edition.plain_values["half"] == "0.0000001"
    assert edition.plain_values["photos"] == 2
    assert toy.EDITION.plain_values["half"] == "0.5"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("photos", (-1, 10, "2", 2.0, True, [2], 10**30)),
        ("half", (0.5, "1.1", "-0.1", "1e-1", "NaN", 1)),
        ("calendar", ("XX", "", 1, "registry", "__class__", "x" * 1000, "\ud800")),
        ("shop_may_vouch", (1, "yes", [])),
        ("unknown", (1, None, "x")),
        ("", (1,)),
        ("__class__", (1,)),
    ],
)
def test_values_that_cannot_be_in_force_are_named(name: str, wrong: tuple[object, ...]) -> None:
    """A value of another kind or out of bounds, or an unknown name, is a fault at its name."""
    for value in wrong:
        with pytest.raises(ParameterError) as caught:
            POLICY.edition({name: value})
        assert [fault.path for fault in caught.value.faults] == [name]


def test_every_wrong_value_is_named_at_once() -> None:
    """All faults are named together."""
    with pytest.raises(ParameterError) as caught:
        POLICY.edition({"photos": -1, "half": 2, "what": 1, "last_days": 30})
    assert {fault.path for fault in caught.value.faults} == {"photos", "half", "what"}


def test_choices_and_sets_are_parameters_too() -> None:
    """A choice and a set of choices are read like facts, and stored as sorted plain data."""

    class Own(Parameters):
        one = parameters.one_of(toy.Reason.FAULTY, "one")
        some = parameters.some_of(toy.Reason, frozenset(toy.Reason), "some")
        word = parameters.text("w", "word")

    stated_values = {"one": "colour", "some": ["regret", "faulty"], "word": ""}
    found = parameters.values_in_force(Own, stated_values)
    assert found == {
        "one": toy.Reason.COLOUR,
        "some": frozenset({toy.Reason.REGRET, toy.Reason.FAULTY}),
        "word": "",
    }
    for name, value in (("one", "blue"), ("some", "colour"), ("some", ["blue"]), ("word", 1)):
        with pytest.raises(ParameterError):
            parameters.values_in_force(Own, {name: value})
