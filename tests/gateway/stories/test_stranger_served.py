"""The stranger's plugin behind a running gateway: served where it is enabled, else not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from avoir.testing import load
from tests.contracts.command import avoir
from tests.contracts.strangers import CASES, case, translated
from tests.gateway.stories import books
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, Person, Town, Tree, enable, enrol
from tests.gateway.stories.plays import compared, evaluated

POLICY: Final = "acme.lead_return"
DELIVER: Final = "acmeLeadReturnDeliver"
RETURN: Final = "acmeLeadReturnReturnLead"
TOKENS: Final = "professional:P-1:tokens"
DELIVERED: Final = "2025-03-03T09:00:00+00:00"
RETURNED: Final = "2025-03-06T15:00:00+00:00"
NO_ANSWER: Final = {"answered": False}
LEFT: Final = """query ($id: ID!) {
  case(id: $id) { pluginStatus allowedActions }
  account(name: "professional:P-1:tokens") { id }
  policy(key: "acme.lead_return") { key }
}"""


@pytest.fixture(scope="module")
def served(folder: Path, stranger_path: Path) -> Iterator[Gateway]:
    """A gateway that has the stranger's folder on its path, and nothing else of his."""
    with Gateway(folder / "stranger", path=[stranger_path]) as running:
        yield running


@pytest.fixture
def town(served: Gateway) -> Town:
    """A tenant that has enabled the stranger's plugin beside one of ours."""
    return enrol(served, "acme", "xpertsource", zone="Europe/London", language="en_GB")


def delivered(town: Town) -> str:
    """A lead delivered to P-1 for twelve tokens; its case."""
    town.stand_at(DELIVERED)
    lead = {"id": "L-1", "deliveredAt": DELIVERED, "price": "12"}
    payload = town["platform"].done(DELIVER, professional="P-1", lead=lead)
    case: str = payload["case"]["id"]
    return case


def given_back(town: Town, case: str, calls: int) -> Tree:
    """The lead is returned after so many calls that nobody answered."""
    town.stand_at(RETURNED)
    request = {"ground": "UNREACHABLE", "calls": [NO_ANSWER] * calls}
    return town["professional"].done(RETURN, case=case, request=request)


def test_its_types_and_mutations_are_in_the_schema(town: Town, stranger_path: Path) -> None:
    """The schema has each of its actions, and is the one that ``avoir schema`` writes."""
    shown = town["professional"].sdl()
    for action in ("Deliver", "ReturnLead", "Rule"):
        field = f"acmeLeadReturn{action}"
        assert f"{field}(input: AcmeLeadReturn{action}Input!): ActPayload!" in shown
        assert f"{field}: AcmeLeadReturnEvaluateInput" in shown
    assert "enum AcmeLeadReturnGround {" in shown
    assert "xpertsourceLeadCreditPurchase" in shown
    assert "conxpros" not in shown
    written = avoir("schema", "--plugins", "acme,xpertsource", path=[stranger_path]).out
    assert shown == written


def test_a_case_of_his_from_end_to_end(town: Town) -> None:
    """Delivered, returned too early, returned again, and the tokens are back less the fee."""
    id = delivered(town)
    one_short = given_back(town, id, 1)
    assert one_short["case"]["state"] == case("03")["expect"]["state"]
    assert [clause["id"] for clause in one_short["decision"]["clauses"]] == ["ACME-CALLS"]
    returned = given_back(town, id, 2)
    expected = case("02")["expect"]
    assert returned["decision"]["outcome"] == expected["outcome"].upper()
    assert returned["decision"]["amount"] == expected["amount"]
    assert returned["case"]["state"] == expected["state"]
    account = books.account(town["professional"], TOKENS)
    books.check(account)
    assert (account.balance, account.unit) == (Decimal(-1), "TOKEN")
    assert books.net_credited(town["auditor"], id) == 11
    told = books.history(town["professional"], id)["history"]
    assert [event["outcome"] for event in told] == ["RECORDED", "REFUSED", "APPROVED"]


@pytest.mark.parametrize(
    ("language", "help", "balance"),
    [
        ("en", "call the client 1 more time", "tokens of the professional"),
        ("fr", "appelez le client encore 1 fois", None),
        ("ru", "позвоните клиенту ещё 1 раз", None),
    ],
)
def test_it_speaks_the_readers_language(
    town: Town, language: str, help: str, balance: str | None
) -> None:
    """Labels, clauses, remedies and notices of his are in the language asked for."""
    id = delivered(town)
    given_back(town, id, 1)
    query = """query ($id: ID!) {
      viewer { locale }
      policy(key: "acme.lead_return") { title }
      case(id: $id) { stateLabel decision {
        stateLabel clauses { text } remedies { message } notices { message } } }
      account(name: "professional:P-1:tokens") { label }
    }"""
    shown = town["professional"].ask(query, language, id=id)
    assert shown["viewer"]["locale"].partition("-")[0] == language
    assert shown["policy"]["title"] == translated("Returning a lead to Acme", language)
    calls_missing = translated("calls missing", language)
    assert shown["case"]["stateLabel"] == calls_missing
    decision = shown["case"]["decision"]
    assert decision["stateLabel"] == calls_missing
    calls = "Before you return a lead as unreachable, call the client as often as the terms ask."
    assert decision["clauses"] == [{"text": translated(calls, language)}]
    assert decision["remedies"] == [{"message": help}]
    notice = translated("Your return was decided.", language)
    assert decision["notices"] == [{"message": notice}]
    label = translated("tokens of the professional", language)
    assert shown["account"]["label"] == label
    assert label == (balance or label)


def test_what_needs_a_person_is_ruled_on(town: Town) -> None:
    """A return that only a person can decide is ruled on in the plugin's own words."""
    id = delivered(town)
    town.stand_at(RETURNED)
    asked = town["professional"].done(RETURN, case=id, request={"ground": "WRONG_NUMBER"})
    assert (asked["decision"]["outcome"], asked["case"]["state"]) == (
        "MANUAL_REVIEW",
        "under_review",
    )
    general = town["reviewer"].rule(id, "take_back")
    assert general["userErrors"], "his ruling is no decision but a verdict"
    ruling = {"verdict": "TAKE_BACK", "reason": "The number is cut off."}
    ruled = town["reviewer"].done("acmeLeadReturnRule", case=id, ruling=ruling)
    assert (ruled["decision"]["outcome"], ruled["case"]["state"]) == ("APPROVED", "returned")


def invisible(who: Person, shown: Tree) -> None:
    """Nothing of the stranger's is there: each id answers as one that does not exist."""
    for name in ("case", "account", "line", "policy"):
        query = "query ($id: ID!) { node(id: $id) { __typename id } }"
        assert who.ask(query, id=shown[name]) == {"node": None}
    query = """query ($id: ID!) {
      case(id: $id) { id } account(name: "professional:P-1:tokens") { id }
      cases { edges { node { id } } } accounts { edges { node { id } } }
      plugins { name } policies { key } policy(key: "acme.lead_return") { key }
      tenant { plugins }
    }"""
    nothing: Tree = {"edges": []}
    assert who.ask(query, id=shown["case"]) == {
        "case": None,
        "account": None,
        "cases": nothing,
        "accounts": nothing,
        "plugins": [{"name": "xpertsource"}],
        "policies": [{"key": "xpertsource.lead_credit"}],
        "policy": None,
        "tenant": {"plugins": ["xpertsource"]},
    }


def test_disabled_it_is_not_there(town: Town) -> None:
    """Disabled, it is in no schema, no list, no answer and no act, but for who looks after the
    business and reads what it has left; enabled again, all is back."""
    id = delivered(town)
    who, operator = town["professional"], town["operator"]
    query = """query ($id: ID!) { case(id: $id) { id state } policy(key: "acme.lead_return") { id }
      account(name: "professional:P-1:tokens") { id statement { edges { node { id } } } } }"""
    before = who.ask(query, id=id)
    (line,) = before["account"]["statement"]["edges"]
    shown = {
        "case": id,
        "account": before["account"]["id"],
        "line": line["node"]["id"],
        "policy": before["policy"]["id"],
    }
    schema = who.sdl()
    enable(operator, "acme", enabled=False)
    assert "acme" not in who.sdl().lower()
    assert "xpertsourceLeadCreditPurchase" in who.sdl()
    for person in (who, town["platform"]):
        invisible(person, shown)
    for person in (operator, town["auditor"]):
        assert "acme" not in person.sdl().lower()
        left = person.ask(LEFT, id=id)
        assert left["case"] == {"pluginStatus": "DISABLED", "allowedActions": []}
        assert left["account"] == {"id": shown["account"]}
        assert left["policy"] is None
    facts: dict[str, Any] = {"request": {"ground": "unreachable"}}
    answer = who.post(
        """query ($facts: JSON!) { evaluateFacts(
             policy: "acme.lead_return", action: "return_lead", facts: $facts) { outcome } }""",
        facts=facts,
    ).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["PLUGIN_DISABLED"]
    act = {"policy": POLICY, "action": "return_lead", "idempotencyKey": "k", "case": id}
    payload = who.ask(ACT, input={**act, "facts": facts})["act"]
    assert [error["code"] for error in payload["userErrors"]] == ["PLUGIN_DISABLED"]
    unknown = {"policy": "nobody.knows", **{k: v for k, v in act.items() if k != "policy"}}
    same = who.ask(ACT, input={**unknown, "facts": facts})["act"]
    assert same == payload, "as if there were no such plugin"
    general = town["reviewer"].rule(id, "approve")
    assert [error["code"] for error in general["userErrors"]] == ["NOT_FOUND"]
    typed = who.post(f"mutation {{ {RETURN}(input: {{}}) {{ replayed }} }}").json()
    assert "data" not in typed
    enable(operator, "acme", enabled=True)
    assert who.ask(query, id=id) == before
    assert who.sdl() == schema


def test_who_has_not_enabled_it_never_sees_it(served: Gateway) -> None:
    """To another tenant of the same gateway the plugin is unknown, in the schema and in answers."""
    without = enrol(served, "xpertsource")
    assert "acme" not in without["operator"].sdl().lower()
    introspected = without["operator"].ask("{ __schema { types { name } } }")
    assert "acme" not in json.dumps(introspected).lower()
    query = '{ evaluateFacts(policy: "acme.lead_return", action: "rule", facts: {}) { outcome } }'
    assert without["operator"].code(query) == "PLUGIN_DISABLED"


def test_his_decided_cases_over_http(town: Town) -> None:
    """His decided cases come out over HTTP as they do in his own tests, strictly."""
    for his in load(CASES.read_bytes()):
        if not his.parameters:
            came = evaluated(town["auditor"], POLICY, his.action or "", his.facts)
            assert compared(his, came) == {}
