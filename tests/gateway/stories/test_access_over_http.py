"""Who may do what, over HTTP; and what is somebody else's answers as what does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest

from avoir.lifecycles import PARTIES, Action, Founding, Role
from avoir.policies import Policy
from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_gateway.schema.ids import NodeKind, node_id
from avoir_gateway.schema.names import door
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, CLOCK, EVERY_ROLE, RULE, Person, Town, enrol
from tests.gateway.stories.plays import EVALUATE

POLICIES: Final = (CONXPROS, XPERTSOURCE)
MOMENT: Final = "2025-04-07T10:00:00-04:00"
SIMPLY: Final = "userErrors { code path }"


def lead(policy: Policy, number: str) -> Mapping[str, Any]:
    """The facts of a lead that is delivered or bought."""
    if policy is CONXPROS:
        cost = {"amount": "45.00", "unit": "USD"}
        return {"lead": {"id": number, "delivered_at": MOMENT, "cost": cost}}
    price = {"amount": "120.00", "unit": "CAD"}
    return {"lead": {"id": number, "purchased_at": MOMENT, "price_paid": price}}


def opened(town: Town, policy: Policy, number: str, party: str = "P-1") -> str:
    """A matter of a party: its case."""
    town.stand_at(MOMENT)
    unit = "USD" if policy is CONXPROS else "CAD"
    top_up = {"top_up": {"amount": "500.00", "unit": unit}}
    paid = town["platform"].act(policy.key, "top_up", top_up, party=party)
    assert paid["userErrors"] == []
    (opening,) = (a for a in policy.lifecycle.actions if a.founding is Founding.OPENS)
    facts = lead(policy, number)
    payload = town["platform"].act(policy.key, opening.name, facts, party=party)
    assert payload["userErrors"] == []
    case: str = payload["case"]["id"]
    return case


@pytest.fixture(scope="module")
def town(gateway: Gateway) -> Town:
    """A tenant with somebody in every role."""
    return enrol(gateway, "conxpros", "xpertsource", people=EVERY_ROLE)


def expected(policy: Policy, action: Action, role: Role) -> str:
    """What the gate says to a role that asks for an action on a matter of a professional's."""
    on_a_case = action.founding is Founding.ON_A_CASE
    if on_a_case and role in PARTIES and role is not policy.party:
        return "NOT_FOUND"
    return "allowed" if role in action.actors else "FORBIDDEN"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
def test_every_role_and_every_action(policy: Policy, town: Town) -> None:
    """Each action is done for its actors, and for no other role."""
    case = opened(town, policy, "L-roles")
    said: dict[tuple[str, str], str] = {}
    wanted: dict[tuple[str, str], str] = {}
    for action in policy.lifecycle.actions:
        founds = action.founding is not Founding.ON_A_CASE
        on = {"party": "P-1"} if founds else {"case": case}
        for role in Role:
            payload = town[role.value].act(policy.key, action.name, {}, **on)
            codes = {reason["code"] for reason in payload["userErrors"]}
            gate = codes & {"FORBIDDEN", "NOT_FOUND"}
            pair = action.name, role.value
            said[pair] = gate.pop() if gate else "allowed"
            wanted[pair] = expected(policy, action, role)
    assert said == wanted
    assert "allowed" in wanted.values()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
def test_actions_that_are_offered_are_allowed(policy: Policy, town: Town) -> None:
    """A case offers each role what its policy lets that role do in this state, and nothing else."""
    case = opened(town, policy, "L-offers")
    query = "query ($id: ID!) { case(id: $id) { state allowedActions } }"
    for role in Role:
        shown = town[role.value].ask(query, id=case)["case"]
        if role in PARTIES and role is not policy.party:
            assert shown is None
        else:
            offered = policy.lifecycle.allowed(shown["state"], role)
            assert shown["allowedActions"] == list(offered)


def test_who_sets_the_clock(town: Town) -> None:
    """Only operators and administrators set the clock of a test tenant."""
    for role in Role:
        came = town[role.value].ask(CLOCK, at=MOMENT)["testClockSet"]["userErrors"]
        allowed = role in (Role.OPERATOR, Role.ADMINISTRATOR)
        assert [reason["code"] for reason in came] == ([] if allowed else ["FORBIDDEN"])


# -- what is somebody else's ------------------------------------------------------------------

NODE: Final = "query ($id: ID!) { node(id: $id) { __typename id } }"
CASE: Final = "query ($id: ID!) { case(id: $id) { state facts history { revision } } }"
ACCOUNT: Final = "query ($id: ID!) { account(id: $id) { name balance { amount } } }"
NAMED: Final = "query ($id: String!) { account(name: $id) { name balance { amount } } }"
CASES: Final = """
query ($id: String!) {
  cases(filter: {party: $id}) { edges { node { id } } pageInfo { endCursor } }
}
"""
ACCOUNTS: Final = """
query ($id: String!) {
  accounts(party: $id) { edges { node { id } } pageInfo { endCursor } }
}
"""


def doors(policy: Policy, id: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Every operation that takes the id of a case, with its variables."""
    asked = {"policy": policy.key, "facts": {}, "case": id}
    found: list[tuple[str, Mapping[str, Any]]] = [(NODE, {"id": id}), (CASE, {"id": id})]
    ruling = {"case": id, "decision": "approve", "reason": "Seen.", "idempotencyKey": "k"}
    found.append((RULE, {"input": ruling}))
    for action in policy.lifecycle.actions:
        found.append((EVALUATE, {**asked, "action": action.name}))
        if action.founding is not Founding.ON_A_CASE:
            continue
        found.append((ACT, {"input": {**asked, "action": action.name, "idempotencyKey": "k"}}))
        if not action.requires:
            field = door(policy, action.name)
            name = f"{field[0].upper()}{field[1:]}Input"
            query = f"mutation ($i: {name}!) {{ {field}(input: $i) {{ case {{ id }} {SIMPLY} }} }}"
            found.append((query, {"i": {"case": id, "idempotencyKey": "k"}}))
    return found


def same(one: httpx.Response, other: httpx.Response, id: str, another: str) -> None:
    """Two answers are the same to the byte, apart from the id that was asked for.

    And they answer what was asked: a mistake in the question would be the same for both too.
    """
    answer = one.json()
    assert {error["extensions"]["code"] for error in answer.get("errors", ())} <= {"NOT_FOUND"}
    assert "data" in answer
    assert one.status_code == other.status_code
    headers = [dict(answer.headers) for answer in (one, other)]
    for shown in headers:
        shown.pop("date", None)
        shown.pop("content-length", None)
    assert headers[0] == headers[1]
    assert one.content.replace(id.encode(), b"ID") == other.content.replace(another.encode(), b"ID")


def blind(who: Person, policy: Policy, theirs: Mapping[str, str]) -> None:
    """To this person none of these ids exists."""
    nothing = {
        "case": node_id(NodeKind.CASE, f"{policy.key}:L-nothing"),
        "account": node_id(NodeKind.ACCOUNT, "professional:P-nobody:balance"),
        "line": node_id(NodeKind.LINE, "professional:P-nobody:balance#1"),
        "name": "professional:P-nobody:balance",
        "party": "professional:P-nobody",
    }
    pairs = list(zip(doors(policy, theirs["case"]), doors(policy, nothing["case"]), strict=True))
    for query, kind in (
        (NODE, "account"),
        (NODE, "line"),
        (ACCOUNT, "account"),
        (NAMED, "name"),
        (CASES, "party"),
        (ACCOUNTS, "party"),
    ):
        pairs.append(((query, {"id": theirs[kind]}), (query, {"id": nothing[kind]})))
    for (query, variables), (_, others) in pairs:
        named = next(kind for kind in theirs if theirs[kind] in _texts(variables))
        answers = who.post(query, **variables), who.post(query, **others)
        same(*answers, theirs[named], nothing[named])


def _texts(variables: Mapping[str, Any]) -> list[str]:
    inner = [value for value in variables.values() if isinstance(value, Mapping)]
    return [text for part in (variables, *inner) for text in part.values() if isinstance(text, str)]


def ids(town: Town, case: str) -> Mapping[str, str]:
    """The ids of the matter of P-1: its case, his account and a line of it."""
    query = """{ account(name: "professional:P-1:balance") {
        id name statement(first: 1) { edges { node { id } } } } }"""
    account = town["auditor"].ask(query)["account"]
    (line,) = account["statement"]["edges"]
    return {
        "case": case,
        "account": account["id"],
        "line": line["node"]["id"],
        "name": account["name"],
        "party": "professional:P-1",
    }


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
def test_another_professionals_matter(policy: Policy, gateway: Gateway) -> None:
    """To a professional another's case and account are what they would be if they did not exist."""
    theirs = enrol(gateway, policy.plugin)
    shown = ids(theirs, opened(theirs, policy, "L-1"))
    blind(theirs["neighbour"], policy, shown)
    lists = "{ cases { edges { node { id } } } accounts { edges { node { id } } } }"
    nothing: Mapping[str, Any] = {"edges": []}
    assert theirs["neighbour"].ask(lists) == {"cases": nothing, "accounts": nothing}
    assert all(part["edges"] for part in theirs["professional"].ask(lists).values())


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
def test_another_tenants_matter(policy: Policy, gateway: Gateway) -> None:
    """To everybody of a tenant the ids of another tenant are those of nothing."""
    theirs, ours = enrol(gateway, policy.plugin), enrol(gateway, policy.plugin)
    shown = ids(theirs, opened(theirs, policy, "L-theirs"))
    for who in ("professional", "reviewer", "manager", "operator"):
        blind(ours[who], policy, shown)


def test_tenants_do_not_meet(gateway: Gateway) -> None:
    """One id of a lead and one key are another lead and another key in another tenant."""
    towns = [enrol(gateway, "conxpros"), enrol(gateway, "conxpros")]
    cases = [opened(town, CONXPROS, "L-1") for town in towns]
    assert cases[0] == cases[1], "the id says nothing of the tenant"
    towns[0]["platform"].act(CONXPROS.key, "deliver", lead(CONXPROS, "L-2"), party="P-1")
    assert [town.balance() for town in towns] == ["410.00", "455.00"]
    query = "query ($id: ID!) { case(id: $id) { revision } cases { edges { node { id } } } }"
    counts = [len(t["auditor"].ask(query, id=cases[0])["cases"]["edges"]) for t in towns]
    assert counts == [2, 1]


def test_without_a_token(gateway: Gateway) -> None:
    """Who has no token, or one that opens nothing, learns nothing: 401, and the same for both."""
    query = {"query": "{ __typename }"}
    answers = [
        gateway.http.post("/graphql", json=query, headers=headers)
        for headers in (
            {"authorization": "Bearer avoir_nobodys"},
            {"authorization": "Bearer avoir_another-that-is-nobodys"},
        )
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert gateway.http.post("/graphql", json=query).status_code == 401
    assert gateway.http.get("/schema.graphql").status_code == 401
