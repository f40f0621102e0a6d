"""Prescribers and partners are two policies of one plugin: a tenant enables either, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from graphql import get_introspection_query

from avoir.policies import Policy
from avoir_gateway.schema.ids import NodeKind, node_id
from avoir_gateway.schema.names import camel, door, prefix
from avoir_referral_broker.partner.policy import POLICY as PARTNER
from avoir_referral_broker.plugin import avoir_plugin
from avoir_referral_broker.prescriber.policy import POLICY as PRESCRIBER
from tests.gateway.stories.deal_story import TURNS, Story
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, BROKER, Town, Tree, enable, enrol
from tests.gateway.stories.test_access_over_http import NODE, same

POLICIES: Final = avoir_plugin().policies
PLUGIN: Final = PARTNER.plugin
OTHER: Final = {PRESCRIBER: PARTNER, PARTNER: PRESCRIBER}
ACCOUNTS: Final = {
    PRESCRIBER: f"prescriber:PR-1:balance@{PLUGIN}",
    PARTNER: f"partner:PT-1:balance@{PLUGIN}",
}
SHOWN: Final = """{
  tenant { plugins policies }
  policies { key }
  plugins { name policies { key } }
  cases { edges { node { id policy } } }
  accounts { edges { node { name } } }
}"""
LEFT: Final = """{
  cases { edges { node { id pluginStatus allowedActions decision { outcome } } } }
  accounts { edges { node { name } } }
}"""
ONE: Final = """
query ($key: String!, $case: ID!, $account: String!) {
  policy(key: $key) { key } case(id: $case) { policy } account(name: $account) { name }
}
"""

Cases = Mapping[Policy, str]
"""The id of the case that there is of each policy."""


def paid_contact(town: Town) -> str:
    """A contact from its attachment to the fee; gives its case."""
    team = town["team"]

    def do(action: str, **input: Any) -> Tree:
        return team.done(door(PRESCRIBER, action), **input)

    town.stand_at("2025-03-03T10:00:00+01:00")
    signed = {"kind": "REMUNERATED", "signedAt": "2025-01-10T10:00:00+01:00"}
    fee = {"amount": "400.00", "unit": "EUR"}
    do("sign_convention", prescriber="PR-1", convention={**signed, "fee": fee})
    contact = {"personId": "C-1", "knownBefore": False}
    case: str = do("attach", prescriber="PR-1", contact=contact)["case"]["id"]
    town.stand_at("2025-09-01T10:00:00+02:00")
    do("record_transformation", case=case, file={"stage": "G"})
    assert do("assess_remuneration", case=case)["decision"]["outcome"] == "APPROVED"
    assert do("pay", case=case)["case"]["state"] == "paid"
    return case


def paid_deal(town: Town) -> str:
    """A deal from a client found to the commission; gives its case."""
    story = Story(town)
    for turn in TURNS:
        story.take(turn)
    assert story.case is not None
    return story.case


@pytest.fixture(scope="module")
def town(gateway: Gateway) -> Town:
    """A broker who has enabled the whole plugin."""
    return enrol(gateway, PLUGIN, people=BROKER, zone="Europe/Paris", currency="EUR")


@pytest.fixture(scope="module")
def cases(town: Town) -> Cases:
    """A matter of each policy, with money on an account of each."""
    return {PRESCRIBER: paid_contact(town), PARTNER: paid_deal(town)}


@pytest.fixture(params=POLICIES, ids=lambda policy: policy.name)
def only(request: pytest.FixtureRequest, town: Town, cases: Cases) -> Iterator[Policy]:
    """The one policy that the broker has enabled for the time being; his matters stay."""
    policy: Policy = request.param
    enable(town["operator"], PLUGIN, enabled=False)
    enable(town["operator"], policy.key, enabled=True)
    yield policy
    enable(town["operator"], policy.key, enabled=False)
    enable(town["operator"], PLUGIN, enabled=True)


def doors(policy: Policy) -> set[str]:
    """The mutations of a policy."""
    return {door(policy, action.name) for action in policy.lifecycle.actions}


def shown_by(town: Town) -> tuple[set[str], set[str]]:
    """The types of the schema and the mutations, as introspection tells them."""
    schema = town["auditor"].ask(get_introspection_query())["__schema"]
    types = {one["name"]: one for one in schema["types"]}
    mutations = types[schema["mutationType"]["name"]]["fields"]
    return set(types), {field["name"] for field in mutations}


def test_the_schema_of_one_has_no_trace_of_the_other(only: Policy, town: Town) -> None:
    """In the SDL and in introspection there are the mutations and types of the enabled one, and
    nothing that has the name of the other."""
    other, sdl = OTHER[only], town["auditor"].sdl()
    types, mutations = shown_by(town)
    assert doors(only) == {name for name in mutations if name.startswith(camel(PLUGIN))}
    assert {name for name in types if name.startswith(prefix(only))}
    assert all(f"  {name}(input: " in sdl for name in doors(only))
    for shown in (sdl, " ".join(types), " ".join(mutations)):
        assert prefix(only).lower() in shown.lower()
        assert prefix(other).lower() not in shown.lower()
        assert other.key not in shown


def test_the_lists_of_one_are_without_the_other(only: Policy, town: Town, cases: Cases) -> None:
    """Policies, cases and accounts are those of the enabled one, to staff and party alike; but
    who looks after the business sees what the other has left behind, marked as disabled."""
    shown = town["team"].ask(SHOWN)
    assert shown["tenant"] == {"plugins": [PLUGIN], "policies": [only.key]}
    assert shown["policies"] == [{"key": only.key}]
    assert shown["plugins"] == [{"name": PLUGIN, "policies": [{"key": only.key}]}]
    case = {"id": cases[only], "policy": only.key}
    assert shown["cases"]["edges"] == [{"node": case}]
    assert shown["accounts"]["edges"] == [{"node": {"name": ACCOUNTS[only]}}]
    nobody: Tree = {"cases": {"edges": []}, "accounts": {"edges": []}}
    hidden = town[OTHER[only].party.value].ask(SHOWN)
    assert {name: hidden[name] for name in nobody} == nobody
    seen = town[only.party.value].ask(SHOWN)
    assert {name: seen[name] for name in nobody} == {name: shown[name] for name in nobody}
    for who in ("operator", "auditor"):
        left = town[who].ask(LEFT)
        marked = {edge["node"]["id"]: edge["node"] for edge in left["cases"]["edges"]}
        assert marked[cases[only]]["pluginStatus"] == "ENABLED"
        other = marked[cases[OTHER[only]]]
        assert (other["pluginStatus"], other["allowedActions"]) == ("DISABLED", [])
        assert other["decision"]["outcome"] == "RECORDED"
        names = {edge["node"]["name"] for edge in left["accounts"]["edges"]}
        assert names == set(ACCOUNTS.values())


def test_what_is_of_the_other_does_not_exist(only: Policy, town: Town, cases: Cases) -> None:
    """Policy, case and account of the other one are nothing by any id or name, to the byte."""
    other, staff = OTHER[only], town["team"]
    asked = {"key": other.key, "case": cases[other], "account": ACCOUNTS[other]}
    assert staff.ask(ONE, **asked) == {"policy": None, "case": None, "account": None}
    account = ACCOUNTS[other]
    hidden = {
        node_id(NodeKind.CASE, f"{other.key}:nothing"): cases[other],
        node_id(NodeKind.ACCOUNT, f"{other.party}:X-1:balance"): node_id(NodeKind.ACCOUNT, account),
        node_id(NodeKind.LINE, f"{other.party}:X-1:balance#1"): node_id(
            NodeKind.LINE, f"{account}#1"
        ),
        node_id(NodeKind.POLICY, f"{PLUGIN}.nothing"): node_id(NodeKind.POLICY, other.key),
    }
    for nothing, theirs in hidden.items():
        same(staff.post(NODE, id=theirs), staff.post(NODE, id=nothing), theirs, nothing)
    assert staff.ask(NODE, id=cases[only])["node"] == {"__typename": "Case", "id": cases[only]}


def test_nothing_is_done_to_the_other(only: Policy, town: Town, cases: Cases) -> None:
    """Its mutations are unknown, and by its name it is a policy that is not enabled."""
    other, team = OTHER[only], town["team"]
    mutation = f"""mutation ($case: ID!) {{
      {door(other, "pay")}(input: {{case: $case, idempotencyKey: "k"}}) {{ replayed }} }}"""
    assert team.code(mutation, case=cases[other]) == "BAD_REQUEST"
    asked = {"policy": other.key, "action": "pay", "case": cases[other], "facts": {}}
    payload = team.ask(ACT, input={**asked, "idempotencyKey": team.key()})["act"]
    assert [reason["code"] for reason in payload["userErrors"]] == ["PLUGIN_DISABLED"]


def test_the_whole_plugin_shows_both(town: Town, cases: Cases) -> None:
    """With the plugin enabled by its name there are the mutations, cases and accounts of both."""
    types, mutations = shown_by(town)
    sdl = town["auditor"].sdl()
    for policy in POLICIES:
        assert doors(policy) <= mutations
        assert any(name.startswith(prefix(policy)) for name in types)
        assert all(f"  {name}(input: " in sdl for name in doors(policy))
    shown = town["auditor"].ask(SHOWN)
    assert shown["tenant"] == {
        "plugins": [PLUGIN],
        "policies": sorted(policy.key for policy in POLICIES),
    }
    found = {edge["node"]["policy"]: edge["node"]["id"] for edge in shown["cases"]["edges"]}
    assert found == {policy.key: case for policy, case in cases.items()}
    accounts = {edge["node"]["name"] for edge in shown["accounts"]["edges"]}
    assert accounts == set(ACCOUNTS.values())
