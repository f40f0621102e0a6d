"""Matters of XpertSource from the purchase of a lead to the ruling, and what the ledger says."""

from __future__ import annotations

from typing import Any

import pytest

from avoir.lifecycles import Role
from tests.gateway.schema.conftest import PRICE, Ask, Asking, lead, purchase, set_clock

FORM = {"channel": "PORTAL_FORM", "ground": "UNREACHABLE"}


def attempt(day: int, hour: int, **rest: Any) -> dict[str, Any]:
    return {"type": "CALL", "at": f"2025-03-{day:02}T{hour}:00:00-05:00", "answered": False, **rest}


ATTEMPTS = [
    attempt(4, 10, voicemailLeft=True),
    attempt(5, 17, voicemailLeft=False),
    attempt(6, 12, voicemailLeft=True),
    attempt(7, 18, voicemailLeft=False),
    {"type": "EMAIL", "at": "2025-03-04T11:00:00-05:00", "proofAttached": True},
    {"type": "EMAIL", "at": "2025-03-06T11:00:00-05:00", "proofAttached": True},
]
REQUEST = {"request": {**FORM, "contactAttempts": ATTEMPTS}}
LATER = "2025-03-11T10:00:00-04:00"


async def balance(who: Asking) -> tuple[str, int] | None:
    data = await who(
        '{ account(name: "professional:P-1:balance") { seq balance { amount unit } } }'
    )
    account = data["account"]
    return account and (account["balance"]["amount"], account["seq"])


async def requested(platform: Asking, professional: Asking) -> dict[str, Any]:
    """A request that the terms recommend to grant."""
    bought = await purchase(platform)
    await set_clock(platform_operator(platform), LATER)
    return await professional.act(
        "xpertsourceLeadCreditRequestCredit",
        idempotencyKey="request",
        case=bought["case"]["id"],
        expectedRevision=1,
        **REQUEST,
    )


def platform_operator(who: Asking) -> Asking:
    return Asking(who.service, who.schema, who.tenant, Role.OPERATOR)


async def test_from_purchase_to_ruling(
    platform: Asking, professional: Asking, ask: Ask, operator: Asking
) -> None:
    """The account changes only when money is due, and the history tells every step of a case."""
    topped = await platform.act(
        "xpertsourceLeadCreditTopUp",
        idempotencyKey="top-up",
        professional="P-1",
        topUp={"amount": "500.00", "unit": "CAD"},
    )
    assert topped["userErrors"] == []
    assert topped["case"] is None
    assert await balance(professional) == ("500.00", 1)

    bought = await purchase(platform)
    assert bought["record"]["revision"] == 1
    assert bought["case"]["state"] == "waiting_period"
    assert bought["decision"]["amount"] == dict(PRICE)
    assert await balance(professional) == ("380.00", 2)

    await set_clock(operator, LATER)
    asked = await professional.act(
        "xpertsourceLeadCreditRequestCredit",
        idempotencyKey="request",
        case=bought["case"]["id"],
        expectedRevision=1,
        **REQUEST,
    )
    assert asked["userErrors"] == []
    assert asked["case"]["state"] == "under_examination"
    assert await balance(professional) == ("380.00", 2)
    # The terms want the account manager's word before a client counts as out of reach.
    assert asked["decision"]["outcome"] == "MANUAL_REVIEW"
    confirmed = await ask(Role.MANAGER).act(
        "xpertsourceLeadCreditConfirmContact",
        idempotencyKey="confirm",
        case=bought["case"]["id"],
        evidence={"accountManagerConfirmsUnreachable": True},
    )
    assert confirmed["userErrors"] == []
    assert confirmed["decision"]["outcome"] == "APPROVED"
    assert await balance(professional) == ("380.00", 2)

    # What is noted meanwhile takes no recommendation's place.
    noted = await platform.act(
        "xpertsourceLeadCreditRecordConversion",
        idempotencyKey="sold",
        case=bought["case"]["id"],
    )
    assert noted["decision"]["outcome"] == "RECORDED"
    assert noted["case"]["state"] == "under_examination"

    ruled = await ask(Role.REVIEWER)(
        """mutation ($case: ID!) { rule(input: {
            case: $case, decision: "approve", reason: "Seen.", idempotencyKey: "rule"
        }) { case { state recommendation { outcome } } decision { outcome mode takesEffect }
             userErrors { code message path } } }""",
        case=bought["case"]["id"],
    )
    assert ruled["rule"]["userErrors"] == []
    assert ruled["rule"]["decision"] == {
        "outcome": "APPROVED",
        "mode": "RULING",
        "takesEffect": "AT_ONCE",
    }
    assert ruled["rule"]["case"] == {
        "state": "approved",
        "recommendation": {"outcome": "APPROVED"},
    }
    assert await balance(professional) == ("500.00", 3)

    data = await professional(
        """query ($id: ID!) {
          case(id: $id) {
            policy plugin party revision openedAt updatedAt state stateLabel allowedActions
            facts decision { outcome }
            history {
              revision action at state outcome actor { id name role roleLabel }
              decision { outcome label }
              postings { kind source destination reverses amount { amount unit formatted } }
              notices { kind to message }
            }
          }
          account(name: "professional:P-1:balance") {
            id name label party unit
            statement { edges { node {
              seq action at amount { amount } balance { amount } case { id }
              postings { kind source destination }
            } } }
          }
        }""",
        id=bought["case"]["id"],
    )
    case, account = data["case"], data["account"]
    assert case["policy"] == "xpertsource.lead_credit"
    assert (case["plugin"], case["party"]) == ("xpertsource", "professional:P-1")
    assert case["facts"]["request"]["ground"] == "unreachable"
    history = case["history"]
    assert [(event["revision"], event["action"]) for event in history] == [
        (1, "purchase"),
        (2, "request_credit"),
        (3, "confirm_contact"),
        (4, "record_conversion"),
        (5, "rule"),
    ]
    assert history[0]["postings"] == [
        {
            "kind": "lead_purchase",
            "source": "professional:P-1:balance@xpertsource",
            "destination": "house:lead_revenue",
            "reverses": None,
            "amount": {**PRICE, "formatted": "$120.00"},
        }
    ]
    assert history[-1]["postings"][0]["destination"] == "professional:P-1:balance@xpertsource"
    assert history[-1]["actor"] == {
        "id": "reviewer",
        "name": "The reviewer",
        "role": "REVIEWER",
        "roleLabel": "reviewer",
    }
    lines = [edge["node"] for edge in account["statement"]["edges"]]
    assert [
        (line["seq"], line["amount"]["amount"], line["balance"]["amount"]) for line in lines
    ] == [
        (3, "120.00", "500.00"),
        (2, "-120.00", "380.00"),
        (1, "500.00", "500.00"),
    ]
    assert [line["case"] and line["case"]["id"] for line in lines] == [
        bought["case"]["id"],
        bought["case"]["id"],
        None,
    ]


async def test_typed_and_generic_are_one_action(platform: Asking, professional: Asking) -> None:
    """An action is the same by its own field and by the generic one: the second is a replay."""
    facts = {
        "lead": {
            "id": "L-1",
            "purchased_at": "2025-03-03T10:00:00-05:00",
            "price_paid": dict(PRICE),
        }
    }
    act = """mutation ($input: ActInput!) { act(input: $input) {
          case { id } record { revision key } decision { outcome } userErrors { code path } replayed
        } }"""
    asked = {
        "policy": "xpertsource.lead_credit",
        "action": "purchase",
        "party": "P-1",
        "idempotencyKey": "purchase-L-1",
        "facts": facts,
    }
    generic = (await platform(act, input=asked))["act"]
    assert generic["userErrors"] == []
    assert generic["replayed"] is False
    typed = await purchase(platform)
    assert typed["replayed"] is True
    assert typed["case"]["id"] == generic["case"]["id"]
    assert typed["record"]["revision"] == 1


async def test_a_key_is_for_one_request(platform: Asking, professional: Asking) -> None:
    """A key belongs to one request, and a lead to one purchase: another is a conflict."""
    await purchase(platform)
    other = await platform.act(
        "xpertsourceLeadCreditPurchase",
        idempotencyKey="purchase-L-1",
        professional="P-2",
        lead=lead(),
    )
    assert [(e["code"], e["path"]) for e in other["userErrors"]] == [
        ("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])
    ]
    again = await platform.act(
        "xpertsourceLeadCreditPurchase",
        idempotencyKey="another",
        professional="P-2",
        lead=lead(),
    )
    assert [(e["code"], e["path"]) for e in again["userErrors"]] == [("CONFLICT", ["lead", "id"])]


async def test_what_is_refused_is_decided_and_no_error(
    platform: Asking, professional: Asking
) -> None:
    """A refusal is a decision that is recorded and gives its reasons, not an error."""
    bought = await purchase(platform)
    payload = await professional.act(
        "xpertsourceLeadCreditRequestCredit",
        idempotencyKey="too-early",
        case=bought["case"]["id"],
        **REQUEST,
    )
    assert payload["userErrors"] == []
    assert payload["decision"]["outcome"] == "REFUSED"
    assert payload["record"]["revision"] == 2
    data = await professional(
        """query ($id: ID!) { case(id: $id) { decision {
            label clauses { id text citation { document title lines } }
            findings { clause { id } status label message reads { label value } }
            remedies { message clause earliest latest alternatives { message } }
            earliest latest resubmittable notices { kind to message } preconditions
            deadlines { kind label date endsAt timeZone clause provisional }
        } } }""",
        id=bought["case"]["id"],
    )
    decision = data["case"]["decision"]
    assert decision["label"] == "refused"
    assert decision["resubmittable"] is True
    assert decision["earliest"].startswith("2025-03-10")
    assert decision["clauses"][0]["citation"]["document"] == "000"
    assert any(found["status"] == "UNMET" for found in decision["findings"])


async def test_no_revision_but_the_expected_one(platform: Asking, professional: Asking) -> None:
    """An action that expects another revision of its case is a conflict and is not recorded."""
    bought = await purchase(platform)
    payload = await professional.act(
        "xpertsourceLeadCreditRequestCredit",
        idempotencyKey="k",
        case=bought["case"]["id"],
        expectedRevision=9,
        **REQUEST,
    )
    assert payload["record"] is None
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("CONFLICT", ["expectedRevision"])
    ]


async def test_nobody_states_what_is_not_his_to_state(
    platform: Asking, professional: Asking
) -> None:
    """A fact that is not for the caller to state is an error that names it."""
    bought = await purchase(platform)
    data = await professional(
        """mutation ($case: ID!, $facts: JSON!) { act(input: {
            policy: "xpertsource.lead_credit", action: "request_credit", case: $case,
            idempotencyKey: "k", facts: $facts
        }) { case { id } userErrors { code path message } } }""",
        case=bought["case"]["id"],
        facts={"lead": {"price_paid": {"amount": "1.00", "unit": "CAD"}}},
    )
    assert data["act"]["userErrors"] == [
        {
            "code": "NOT_YOURS_TO_STATE",
            "path": ["lead", "price_paid"],
            "message": "This is not for you to state.",
        }
    ]


@pytest.mark.parametrize(
    ("input", "code", "path"),
    [
        ({"policy": "nobody.nothing"}, "PLUGIN_DISABLED", ["policy"]),
        ({"policy": "kinds.every_kind"}, "PLUGIN_DISABLED", ["policy"]),
        ({"policy": "\ud800"}, "PLUGIN_DISABLED", ["policy"]),
        ({"action": "explode"}, "NOT_FOUND", ["action"]),
        ({"action": "standing"}, "NOT_FOUND", ["action"]),
        ({"party": None}, "MISSING_FACT", ["party"]),
        ({"party": ""}, "BAD_REQUEST", ["party"]),
        ({"party": "\ud800"}, "BAD_REQUEST", ["party"]),
        ({"idempotencyKey": ""}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"idempotencyKey": "\0"}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"idempotencyKey": "k" * 201}, "BAD_REQUEST", ["idempotencyKey"]),
        ({"facts": []}, "BAD_REQUEST", ["facts"]),
        ({"facts": None}, None, None),
        ({"facts": {"lead": {"$ne": 1}}}, "IMPOSSIBLE_FACT", ["lead", "$ne"]),
        ({"facts": {"lead": {"id": 5}}}, "IMPOSSIBLE_FACT", ["lead", "id"]),
        ({"facts": {}}, "MISSING_FACT", ["lead", "id"]),
    ],
)
async def test_what_act_declines(
    platform: Asking, input: dict[str, Any], code: str | None, path: list[str] | None
) -> None:
    """A generic action with a wrong input is not recorded, and what is wrong is named."""
    asked = {
        "policy": "xpertsource.lead_credit",
        "action": "purchase",
        "party": "P-1",
        "idempotencyKey": "k",
        "facts": {},
    }
    query = (
        "mutation ($i: ActInput!) { act(input: $i) { record { key } userErrors { code path } } }"
    )
    result = await platform.result(query, i={**asked, **input})
    if code is None:
        assert result.data is None
        return
    assert result.data is not None
    payload = result.data["act"]
    assert payload["record"] is None
    assert payload["userErrors"][0] == {"code": code, "path": path}


async def test_a_moment_to_come_is_no_purchase(platform: Asking) -> None:
    """A purchase at a moment still to come is an impossible fact."""
    payload = await platform.act(
        "xpertsourceLeadCreditPurchase",
        idempotencyKey="k",
        professional="P-1",
        lead=lead(at="2025-03-04T10:00:00-05:00"),
    )
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("IMPOSSIBLE_FACT", ["lead", "purchasedAt"])
    ]


async def test_ruling_needs_a_case_and_a_decision(
    platform: Asking, reviewer: Asking, professional: Asking
) -> None:
    """A ruling must be on a case and be a decision there is, or it is a coded error."""
    asked = await requested(platform, professional)
    rule = """mutation ($case: ID!, $decision: String!) { rule(input: {
            case: $case, decision: $decision, reason: "Seen.", idempotencyKey: "k"
        }) { record { revision } userErrors { code path } } }"""
    wrong = await reviewer(rule, case=asked["case"]["id"], decision="perhaps")
    assert wrong["rule"]["userErrors"] == [{"code": "IMPOSSIBLE_FACT", "path": ["decision"]}]
    account = await reviewer("{ accounts { edges { node { id } } } }")
    other = account["accounts"]["edges"][0]["node"]["id"]
    nowhere = await reviewer(rule, case=other, decision="approve")
    assert nowhere["rule"]["userErrors"] == [{"code": "NOT_FOUND", "path": ["case"]}]


async def test_two_actions_in_one_operation_see_each_other(platform: Asking) -> None:
    """Two purchases in one operation are both carried out, each as a case of its own."""
    data = await platform(
        """mutation ($at: DateTime!) {
          one: xpertsourceLeadCreditPurchase(input: {idempotencyKey: "1", professional: "P-1",
            lead: {id: "L-1", purchasedAt: $at, pricePaid: {amount: "1.00", unit: "CAD"}}})
            { case { id revision } record { revision } }
          two: xpertsourceLeadCreditPurchase(input: {idempotencyKey: "2", professional: "P-1",
            lead: {id: "L-2", purchasedAt: $at, pricePaid: {amount: "1.00", unit: "CAD"}}})
            { case { id revision state } record { revision } }
        }""",
        at="2025-03-03T10:00:00-05:00",
    )
    assert data["one"]["case"]["id"] != data["two"]["case"]["id"]
    assert data["two"]["case"]["revision"] == 1


async def test_a_doubt_of_the_staff_is_not_shown_to_the_party(
    platform: Asking, professional: Asking, ask: Ask, reviewer: Asking
) -> None:
    """What the account manager notes among the staff stands in the case, but not for the party."""
    asked = await requested(platform, professional)
    manager = ask(Role.MANAGER)
    noted = await manager.act(
        "xpertsourceLeadCreditConfirmContact",
        idempotencyKey="doubt",
        case=asked["case"]["id"],
        evidence={"integrityFlag": "The log repeats another one's."},
    )
    assert noted["userErrors"] == []
    facts = "query ($id: ID!) { case(id: $id) { facts } }"
    seen = (await reviewer(facts, id=asked["case"]["id"]))["case"]["facts"]
    assert seen["evidence"]["integrity_flag"] == "The log repeats another one's."
    shown = (await professional(facts, id=asked["case"]["id"]))["case"]["facts"]
    assert "integrity_flag" not in shown["evidence"]


@pytest.mark.parametrize("party", ["P 1", "P-1\n", "P:1", "P-1@conxpros"])
async def test_the_id_of_a_party_is_plain(platform: Asking, party: str) -> None:
    """An id that could be read as another account's name opens nothing."""
    done = await platform.act(
        "xpertsourceLeadCreditPurchase", idempotencyKey="odd", professional=party, lead=lead()
    )
    assert [error["code"] for error in done["userErrors"]] == ["IMPOSSIBLE_FACT"]
    assert done["case"] is None
