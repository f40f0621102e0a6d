"""What is asked wrongly is said to be, with its path, and nothing is written."""

from __future__ import annotations

from typing import Any, Final

import pytest

from avoir.lifecycles import Action, Founding
from avoir.policies import Policy
from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_gateway.store import TenantKind
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.gateway.stories import books
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Person, Town, Tree, enrol
from tests.gateway.stories.test_access_over_http import MOMENT, POLICIES, lead, opened

ACTIONS: Final = [(policy, action) for policy in POLICIES for action in policy.lifecycle.actions]
XS: Final = XPERTSOURCE.key


@pytest.fixture(scope="module")
def town(gateway: Gateway) -> Town:
    """A tenant of both businesses, with a matter of P-1 in each."""
    return enrol(gateway, "conxpros", "xpertsource", language="fr_CA")


@pytest.fixture(scope="module")
def cases(town: Town) -> dict[str, str]:
    """The matters of P-1, by policy."""
    return {policy.key: opened(town, policy, "L-1") for policy in POLICIES}


def actor(town: Town, action: Action) -> Person:
    """Somebody who may take an action."""
    return next(person for person in town.people.values() if person.role in action.actors)


def on(policy: Policy, action: Action, cases: dict[str, str]) -> Tree:
    """What an action is taken on: the matter of its policy, or the account of P-1."""
    founds = action.founding is not Founding.ON_A_CASE
    return {"party": "P-1"} if founds else {"case": cases[policy.key]}


def unstated(paths: set[str]) -> Tree:
    """A document that says of each of these facts that it is unknown."""
    document: Tree = {}
    for path in paths:
        *groups, last = path.split(".")
        place = document
        for name in groups:
            place = place.setdefault(name, {})
        place[last] = None
    return document


def unchanged(town: Town, cases: dict[str, str]) -> Tree:
    """All that could have been changed."""
    revisions = {key: books.history(town["auditor"], id)["revision"] for key, id in cases.items()}
    query = "{ accounts { edges { node { name seq } } } cases { edges { node { id } } } }"
    return {"revisions": revisions, **town["auditor"].ask(query)}


@pytest.mark.parametrize(
    ("policy", "action"), ACTIONS, ids=lambda part: getattr(part, "key", None) or part.name
)
def test_facts_that_are_not_ones_own_to_state(
    policy: Policy, action: Action, town: Town, cases: dict[str, str]
) -> None:
    """Each action takes the facts of its actor and no others, which it names, unknown ones too."""
    before = unchanged(town, cases)
    foreign = set(policy.facts.by_path) - {fact.path for fact in action.inputs}
    assert foreign
    payload = actor(town, action).act(
        policy.key, action.name, unstated(foreign), **on(policy, action, cases)
    )
    assert {reason["code"] for reason in payload["userErrors"]} == {"NOT_YOURS_TO_STATE"}
    named = {".".join(reason["path"]) for reason in payload["userErrors"]}
    assert {path for path in foreign if path != "time_zone"} <= named
    assert len(payload["userErrors"]) == len(foreign)
    assert (payload["case"], payload["decision"], payload["record"]) == (None, None, None)
    assert unchanged(town, cases) == before


def test_a_typed_input_has_no_place_for_them(town: Town, cases: dict[str, str]) -> None:
    """In the mutation of an action a fact that is another's to state is no field at all."""
    query = """mutation ($case: ID!) { xpertsourceLeadCreditRequestCredit(input: {
        idempotencyKey: "k", case: $case, lead: {pricePaid: {amount: "1.00", unit: "CAD"}}
    }) { replayed } }"""
    assert town["professional"].code(query, case=cases[XS]) == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"request": [1]}, "request"),
        ({"request": "yes"}, "request"),
        ({"request": {"channel": "fax"}}, "request.channel"),
        ({"request": {"channel": 5}}, "request.channel"),
        ({"request": {"contact_attempts": {}}}, "request.contact_attempts"),
        ({"request": {"contact_attempts": [5]}}, "request.contact_attempts.0"),
        (
            {"request": {"contact_attempts": [{}, {"at": "2025-03-05T10:00:00"}]}},
            "request.contact_attempts.1.at",
        ),
        ({"evidence": {"client_preferred_hours": 9}}, "evidence.client_preferred_hours"),
        ({"evidence": {"client_reached": "yes"}}, "evidence.client_reached"),
        ({"requested_credit": "120.00"}, "requested_credit"),
        ({"requested_credit": {"amount": "-1.00", "unit": "CAD"}}, "requested_credit.amount"),
        ({"requested_credit": {"amount": "1e3", "unit": "CAD"}}, "requested_credit.amount"),
        ({"requested_credit": {"amount": "120.00", "unit": "EUR"}}, "requested_credit.unit"),
        ({"colour": "red"}, "colour"),
        ({"request": {"channel": "portal_form", "colour": None}}, "request.colour"),
        ({"$where": {"$ne": None}}, "$where"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be(facts: Tree, path: str, town: Town, cases: dict[str, str]) -> None:
    """Wrong types, unknown paths and impossible values are declined by their path."""
    before = unchanged(town, cases)
    payload = town["professional"].act(XS, "request_credit", facts, case=cases[XS])
    (reason,) = payload["userErrors"]
    assert (reason["code"], ".".join(reason["path"])) == ("IMPOSSIBLE_FACT", path)
    assert reason["message"]
    assert unchanged(town, cases) == before


@pytest.mark.parametrize(
    "amount",
    ["0.00", "-1.00", "1.001", "1e9", "99999999999999999.99", "٣", "", " 5", "NaN", "Infinity", 5],
)
def test_amounts_that_cannot_be(amount: object, town: Town, cases: dict[str, str]) -> None:
    """No amount is paid in that is none, or that no account could hold."""
    before = unchanged(town, cases)
    top_up: dict[str, Any] = {"top_up": {"amount": amount, "unit": "CAD"}}
    payload = town["platform"].act(XS, "top_up", top_up, party="P-1")
    (reason,) = payload["userErrors"]
    assert reason["code"] == "IMPOSSIBLE_FACT"
    assert reason["path"][0] == "top_up"
    assert unchanged(town, cases) == before


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
def test_a_moment_to_come(policy: Policy, town: Town, cases: dict[str, str]) -> None:
    """What has not happened yet is not recorded, but what would come of it may be asked."""
    before = unchanged(town, cases)
    later = "2025-04-07T10:00:01-04:00"
    (opening,) = (a for a in policy.lifecycle.actions if a.founding is Founding.OPENS)
    moment = "delivered_at" if policy is CONXPROS else "purchased_at"
    facts = lead(policy, "L-later")
    stated = {"lead": {**facts["lead"], moment: later}}
    town.stand_at(MOMENT)
    payload = town["platform"].act(policy.key, opening.name, stated, party="P-1")
    (reason,) = payload["userErrors"]
    assert (reason["code"], reason["path"]) == ("IMPOSSIBLE_FACT", ["lead", moment])
    assert unchanged(town, cases) == before
    town.stand_at(later)
    payload = town["platform"].act(policy.key, opening.name, stated, party="P-1")
    assert payload["userErrors"] == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
@pytest.mark.parametrize("number", ["", " ", "x" * 201], ids=["none", "blank", "long"])
def test_a_name_that_nobody_could_ask_by(
    policy: Policy, number: str, town: Town, cases: dict[str, str]
) -> None:
    """A case is not opened under a name that is none, or too long for an id."""
    before = unchanged(town, cases)
    (opening,) = (a for a in policy.lifecycle.actions if a.founding is Founding.OPENS)
    facts = lead(policy, number)
    payload = town["platform"].act(policy.key, opening.name, facts, party="P-1")
    (reason,) = payload["userErrors"]
    assert (reason["code"], reason["path"]) == ("IMPOSSIBLE_FACT", ["lead", "id"])
    assert unchanged(town, cases) == before


@pytest.mark.parametrize("number", ["x" * 200, "Ж" * 200, "a/b:c#d@e %", "🏠" * 200])
def test_whatever_a_lead_is_called_its_case_is_found(gateway: Gateway, number: str) -> None:
    """Under any other name a case is opened, listed, and found again by its id."""
    town = enrol(gateway, "conxpros")
    case = opened(town, CONXPROS, number)
    query = "query ($id: ID!) { node(id: $id) { id } cases { edges { node { id } } } }"
    shown = town["professional"].ask(query, id=case)
    assert shown == {"node": {"id": case}, "cases": {"edges": [{"node": {"id": case}}]}}
    account = books.account(town["professional"], "professional:P-1:balance")
    books.check(account)


@pytest.mark.parametrize(
    ("asked", "code", "path"),
    [
        ({"policy": "no.such"}, "PLUGIN_DISABLED", ["policy"]),
        ({"policy": ""}, "PLUGIN_DISABLED", ["policy"]),
        ({"action": "dance"}, "NOT_FOUND", ["action"]),
        ({"action": "standing"}, "NOT_FOUND", ["action"]),
        ({"case": None}, "NOT_FOUND", ["case"]),
        ({"idempotencyKey": ""}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"idempotencyKey": "x" * 201}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"idempotencyKey": "a\0b"}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"expectedRevision": 99}, "CONFLICT", ["expectedRevision"]),
    ],
)
def test_what_there_is_not(
    asked: Tree, code: str, path: list[str], town: Town, cases: dict[str, str]
) -> None:
    """An unknown policy, action, case or revision is said to be, as data."""
    before = unchanged(town, cases)
    wanted = {"policy": XS, "action": "request_credit", "case": cases[XS], **asked}
    payload = town["professional"].act(**wanted)
    (reason,) = payload["userErrors"]
    assert (reason["code"], reason["path"]) == (code, path)
    assert unchanged(town, cases) == before


@pytest.mark.parametrize(
    ("policy", "action", "code"),
    [("no.such", "rule", "PLUGIN_DISABLED"), (XS, "dance", "BAD_REQUEST")],
)
def test_asking_about_what_there_is_not(policy: str, action: str, code: str, town: Town) -> None:
    """To ask about an unknown policy or action is a mistake with a code."""
    query = """query ($policy: String!, $action: String!) {
      evaluateFacts(policy: $policy, action: $action, facts: {}) { outcome } }"""
    assert town["professional"].code(query, policy=policy, action=action) == code


def test_a_live_tenant_has_no_clock_to_set(gateway: Gateway) -> None:
    """Only the clock of a test tenant can be set."""
    live = enrol(gateway, "xpertsource", kind=TenantKind.LIVE)
    query = "mutation { testClockSet(moment: null) { userErrors { code } tenant { now } } }"
    came = live["operator"].ask(query)["testClockSet"]
    assert came == {"userErrors": [{"code": "FORBIDDEN"}], "tenant": None}


def test_it_is_said_in_the_readers_language(town: Town, cases: dict[str, str]) -> None:
    """Why nothing was done is said in the reader's language, and the code is the same."""
    query = """mutation ($case: ID!) { act(input: {
        policy: "xpertsource.lead_credit", action: "dance", idempotencyKey: "k", case: $case,
        facts: {}
    }) { userErrors { code message } } }"""
    said = [
        town["professional"].ask(query, language, case=cases[XS])["act"]["userErrors"][0]
        for language in ("en", "fr", "ru", None)
    ]
    assert {reason["code"] for reason in said} == {"NOT_FOUND"}
    assert len({reason["message"] for reason in said}) == 3
    assert said[1] == said[3], "the tenant's language is French"
