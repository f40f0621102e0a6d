"""Nodes and lists: ids and cursors are opaque, and tell nothing of what is not one's own."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.lifecycles import Role
from avoir_gateway.errors import Code, GatewayError
from avoir_gateway.schema import Schema
from avoir_gateway.schema.ids import (
    AccountPosition,
    CasePosition,
    LinePosition,
    NodeKind,
    cursor,
    named,
    node_id,
    place,
)
from avoir_gateway.service import Service
from tests.gateway.schema.conftest import Ask, Asking, purchase, tenant

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
CASE = "query ($id: ID!) { case(id: $id) { id } }"
CASES = """query ($first: Int, $after: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, filter: $filter) {
    edges { cursor node { id party } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
STATEMENT = """query ($first: Int, $after: String) {
  account(name: "professional:P-1:balance") { statement(first: $first, after: $after) {
    edges { cursor node { id seq } } pageInfo { hasNextPage hasPreviousPage endCursor }
  } }
}"""
ACCOUNTS = """query ($party: String, $first: Int, $after: String) {
  accounts(party: $party, first: $first, after: $after) {
    edges { cursor node { id name unit seq balance { amount } } }
    pageInfo { hasNextPage endCursor }
  }
}"""


def opaque(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@given(st.sampled_from(NodeKind), st.text(min_size=1, max_size=200))
def test_an_id_names_what_it_was_made_for(kind: NodeKind, key: str) -> None:
    """An id leads back to the kind and the key that it was made for."""
    try:
        made = node_id(kind, key)
    except UnicodeEncodeError:
        return
    if "\0" not in key:
        assert named(made) == (kind, key)


@given(st.text(max_size=60) | st.binary(max_size=60).map(opaque))
def test_garbage_is_no_id_and_no_cursor(garbage: str) -> None:
    """Garbage is a coded error, neither an id nor a cursor of any list."""
    with pytest.raises(GatewayError, match="BAD_ID"):
        named(garbage)
    for kind in (CasePosition, AccountPosition, LinePosition):
        with pytest.raises(GatewayError, match="BAD_CURSOR"):
            place(garbage, kind)


@pytest.mark.parametrize(
    "id",
    ["", "=", "Q2FzZTp4\n", "Q2FzZTp4=", "Q2FzZTp5x", opaque(b"Case:"), opaque(b"Case"),
     opaque(b"case:x"), opaque(b"Decision:x"), opaque(b"Case:\0"), opaque(b"Case:\xed\xa0\x80"),
     opaque(b"Case:" + b"x" * 3000), "\ud800", "٣"],
)  # fmt: skip
async def test_what_is_no_id_is_said_to_be_none(professional: Asking, id: str) -> None:
    """Whatever is no id is a coded error wherever an id is asked for."""
    assert await professional.code(NODE, id=id) == Code.BAD_ID
    assert await professional.code(CASE, id=id) == Code.BAD_ID
    if id:
        account = "query ($id: ID) { account(id: $id) { id } }"
        assert await professional.code(account, id=id) == Code.BAD_ID
    act = """mutation ($i: XpertsourceLeadCreditRuleInput!) {
        xpertsourceLeadCreditRule(input: $i) { replayed }
    }"""
    ruling = {"decision": "APPROVE", "reason": "x"}
    input = {"idempotencyKey": "k", "case": id, "ruling": ruling}
    assert await professional.code(act, i=input) == Code.BAD_ID


async def test_nodes_are_read_again_by_their_ids(platform: Asking, professional: Asking) -> None:
    """Everything with an id is found again by it, and by no id of another kind."""
    await purchase(platform)
    data = await professional(
        """{ cases { edges { node { id } } }
             policies { id }
             account(name: "professional:P-1:balance") {
               id statement { edges { node { id seq } } } } }"""
    )
    ids = {
        "Case": data["cases"]["edges"][0]["node"]["id"],
        "Policy": data["policies"][0]["id"],
        "Account": data["account"]["id"],
        "StatementLine": data["account"]["statement"]["edges"][0]["node"]["id"],
    }
    for type_, id in ids.items():
        assert (await professional(NODE, id=id))["node"] == {"__typename": type_, "id": id}
    by_id = await professional("query ($id: ID) { account(id: $id) { name } }", id=ids["Account"])
    assert by_id["account"]["name"] == "professional:P-1:balance@xpertsource"
    assert (await professional(CASE, id=ids["Account"]))["case"] is None


async def test_what_is_not_ones_own_does_not_exist(
    service: Service,
    schema: Schema,
    platform: Asking,
    professional: Asking,
    stranger: Asking,
) -> None:
    """What belongs to others is answered exactly as what does not exist."""
    bought = await purchase(platform)
    other = Asking(service, schema, await tenant(service), Role.AUDITOR)
    nowhere = node_id(NodeKind.CASE, "xpertsource.lead_credit:L-404")
    account = node_id(NodeKind.ACCOUNT, "professional:P-1:balance@xpertsource")
    line = node_id(NodeKind.LINE, "professional:P-1:balance@xpertsource#1")
    assert (await professional(NODE, id=line))["node"] is not None
    by_name = '{ account(name: "professional:P-1:balance") { id } }'
    assert (await professional(by_name))["account"]["id"] == account
    for who in (stranger, other):
        for id in (bought["case"]["id"], account, line, nowhere):
            assert await who(NODE, id=id) == {"node": None}
        assert await who(CASE, id=bought["case"]["id"]) == await who(CASE, id=nowhere)
        assert await who(by_name) == {"account": None}
        assert (await who(CASES))["cases"]["edges"] == []
        assert (await who(CASES, filter={"party": "professional:P-1"}))["cases"]["edges"] == []
        assert (await who(ACCOUNTS, party="professional:P-1"))["accounts"]["edges"] == []
    evaluate = """query ($case: ID) {
        evaluate(input: {xpertsourceLeadCreditStanding: {case: $case}}) { outcome }
    }"""
    answers = [await stranger.result(evaluate, case=id) for id in (bought["case"]["id"], nowhere)]
    assert [str(answer.errors) for answer in answers] == [str(answers[0].errors)] * 2
    payloads = [
        await stranger.act(
            "xpertsourceLeadCreditRequestCredit", idempotencyKey=f"k{number}", case=id
        )
        for number, id in enumerate((bought["case"]["id"], nowhere, account))
    ]
    assert payloads[0] == payloads[1] == payloads[2]
    assert [error["code"] for error in payloads[0]["userErrors"]] == ["NOT_FOUND"]


async def test_an_action_on_an_account_is_no_case(platform: Asking, professional: Asking) -> None:
    """An action on an account is no case, not even for one who forges an id for it."""
    await platform.act(
        "xpertsourceLeadCreditTopUp",
        idempotencyKey="k",
        professional="P-1",
        topUp={"amount": "1.00", "unit": "CAD"},
    )
    lines = await platform.service.stores.journal.statement(
        platform.tenant.id, "professional:P-1:balance@xpertsource"
    )
    forged = node_id(NodeKind.CASE, lines[0].record.case)
    assert await professional(NODE, id=forged) == {"node": None}
    assert await professional(CASE, id=forged) == {"case": None}
    assert (await professional(CASES))["cases"]["edges"] == []
    payload = await professional.act(
        "xpertsourceLeadCreditRequestCredit", idempotencyKey="k2", case=forged
    )
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]


async def pages(who: Asking, query: str, *way: str, first: int) -> list[list[Any]]:
    """All pages of a list."""
    found: list[list[Any]] = []
    after: str | None = None
    while True:
        data: Any = await who(query, first=first, after=after)
        for step in way:
            data = data[step]
        info = data["pageInfo"]
        assert info.get("hasPreviousPage", bool(found)) is bool(found)
        found.append([edge["node"]["id"] for edge in data["edges"]])
        if not info["hasNextPage"]:
            return found
        after = info["endCursor"]
        assert after == data["edges"][-1]["cursor"]


async def test_lists_page_by_page(platform: Asking, professional: Asking, ask: Ask) -> None:
    """Whatever the size of its pages, a list gives every entry once and says when it ends."""
    ids = [(await purchase(platform, f"L-{n}", f"P-{n % 2 + 1}"))["case"]["id"] for n in range(7)]
    auditor = ask(Role.AUDITOR)
    for size, lengths in ((1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (100, [7])):
        found = await pages(auditor, CASES, "cases", first=size)
        assert [len(page) for page in found] == lengths
        assert sorted(id for page in found for id in page) == sorted(ids)
    mine = await pages(professional, CASES, "cases", first=2)
    assert [len(page) for page in mine] == [2, 2]
    lines = await pages(professional, STATEMENT, "account", "statement", first=3)
    assert [len(page) for page in lines] == [3, 1]
    accounts = await pages(auditor, ACCOUNTS, "accounts", first=1)
    assert [len(page) for page in accounts] == [1, 1]


async def test_a_new_entry_does_not_move_the_next_page(
    platform: Asking, professional: Asking
) -> None:
    """The next page goes on where the last one ended, whatever has been added since."""
    for number in range(3):
        await purchase(platform, f"L-{number}")
    data = await professional(STATEMENT, first=2)
    await purchase(platform, "L-9")
    after = data["account"]["statement"]["pageInfo"]["endCursor"]
    rest = await professional(STATEMENT, first=2, after=after)
    assert [edge["node"]["seq"] for edge in rest["account"]["statement"]["edges"]] == [1]


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_a_page_has_one_to_a_hundred_entries(
    platform: Asking, professional: Asking, first: int
) -> None:
    """A page of fewer than one or more than a hundred entries is a coded error."""
    await purchase(platform)
    for query in (CASES, ACCOUNTS, STATEMENT):
        assert await professional.code(query, first=first) == Code.BAD_REQUEST


async def test_without_a_size_a_page_has_twenty(platform: Asking, professional: Asking) -> None:
    """A page has twenty entries unless a size is asked for."""
    for number in range(21):
        await purchase(platform, f"L-{number}")
    assert len((await professional(CASES))["cases"]["edges"]) == 20
    assert len((await professional(CASES, first=None))["cases"]["edges"]) == 20


async def test_a_cursor_is_for_its_own_list(platform: Asking, professional: Asking) -> None:
    """A cursor of another list is a coded error, not a guess."""
    await purchase(platform)
    made = {
        CASES: cursor(CasePosition(datetime(2025, 1, 1, tzinfo=UTC), "x")),
        ACCOUNTS: cursor(AccountPosition("a")),
        STATEMENT: cursor(LinePosition(9)),
    }
    for query in made:
        for of, after in made.items():
            if of == query:
                await professional(query, after=after)
            else:
                assert await professional.code(query, after=after) == Code.BAD_CURSOR


@pytest.mark.parametrize(
    "content",
    [
        b'{"v":"cases2","at":"2025-01-01T00:00:00Z","case":"x"}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00","case":"x"}',
        b'{"v":"cases1","at":"0001-01-01T00:00:00Z","case":"x"}',
        b'{"v":"cases1","at":{"$ne":null},"case":"x"}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00Z","case":{"$gt":""}}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00Z","case":""}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00Z","case":"\\u0000"}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00Z","case":"\\ud800"}',
        b'{"v":"cases1","at":"2025-01-01T00:00:00Z"}',
        b"[]",
        b"null",
        b"",
        b"\xff",
        b"[" * 5000,
    ],
)
async def test_a_forged_cursor_is_no_cursor(professional: Asking, content: bytes) -> None:
    """A cursor that no list gave out is a coded error, however much it looks like one."""
    assert await professional.code(CASES, after=opaque(content) or "=") == Code.BAD_CURSOR


@pytest.mark.parametrize("seq", [0, -1, 2**63, "1", 1.5, None])
async def test_a_line_has_a_number(platform: Asking, professional: Asking, seq: object) -> None:
    """A cursor without the number of a possible line is a coded error."""
    await purchase(platform)
    after = opaque(json.dumps({"v": "lines1", "seq": seq}).encode())
    assert await professional.code(STATEMENT, after=after) == Code.BAD_CURSOR


async def test_filters(platform: Asking, professional: Asking, operator: Asking) -> None:
    """A list holds the cases that meet every filter, and a value unheard of is met by none."""
    await purchase(platform)
    await purchase(platform, "L-2", "P-2")
    for filter, count in (
        ({}, 2),
        ({"policy": "xpertsource.lead_credit"}, 2),
        ({"policy": "kinds.every_kind"}, 0),
        ({"state": "waiting_period"}, 2),
        ({"state": "approved"}, 0),
        ({"party": "professional:P-2"}, 1),
        ({"party": "professional:P-2", "state": "waiting_period"}, 1),
        ({"party": None}, 2),
        ({"party": "\ud800"}, 0),
        ({"state": "\0"}, 0),
        ({"policy": ""}, 0),
        ({"state": "$ne"}, 0),
    ):
        found = (await operator(CASES, filter=filter))["cases"]["edges"]
        assert len(found) == count, filter


async def test_a_list_reads_each_case_once_and_only_if_asked(
    platform: Asking, professional: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list reads a case in full only if the query needs it, and then once."""
    for number in range(3):
        await purchase(platform, f"L-{number}")
    loaded: list[str] = []
    load = professional.service.case

    async def counting(actor: Any, tenant: Any, case: str) -> Any:
        loaded.append(case)
        return await load(actor, tenant, case)

    monkeypatch.setattr(professional.service, "case", counting)
    await professional(
        "{ cases { edges { node { id policy plugin party revision openedAt updatedAt } } } }"
    )
    assert loaded == []
    await professional(
        """{ cases { edges { node { state stateLabel facts deadlines { kind } decision { label }
             history { action } allowedActions recommendation { label } } } } }"""
    )
    assert sorted(loaded) == [f"xpertsource.lead_credit:L-{number}" for number in range(3)]
