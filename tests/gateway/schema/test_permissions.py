"""Who may do what: every role, through every door, is answered by the one gate."""

from __future__ import annotations

import msgspec
import pytest

from avoir.host import Host
from avoir.lifecycles import PARTIES, Founding, Role
from avoir_gateway.schema import Schema
from avoir_gateway.service import Service
from avoir_gateway.store import TenantKind
from tests.gateway.schema.conftest import Ask, Asking, lead, purchase, tenant

CLOCK = """mutation ($at: DateTime) { testClockSet(moment: $at) {
    tenant { clock now } userErrors { code path message }
} }"""
ACT = """mutation ($i: ActInput!) { act(input: $i) { record { revision } userErrors { code } } }"""


def party_of(role: Role) -> str | None:
    return f"{role.value}:P-1" if role in PARTIES else None


@pytest.mark.parametrize("role", list(Role))
async def test_only_its_actors_take_an_action(
    host: Host, platform: Asking, ask: Ask, role: Role
) -> None:
    """Nobody but its actors takes an action, and whoever may not see the case learns nothing."""
    bought = await purchase(platform)
    policy = host.policies["xpertsource.lead_credit"]
    for action in policy.lifecycle.actions:
        if role in action.actors:
            continue
        on_a_case = action.founding is Founding.ON_A_CASE
        payload = await ask(role, party_of(role))(
            ACT,
            i={
                "policy": policy.key,
                "action": action.name,
                "idempotencyKey": f"{role}-{action.name}",
                "facts": {},
                "case": bought["case"]["id"] if on_a_case else None,
                "party": None if on_a_case else "P-1",
            },
        )
        errors = [error["code"] for error in payload["act"]["userErrors"]]
        # Another party's matter does not exist for one.
        hidden = on_a_case and role in PARTIES - {Role.PROFESSIONAL}
        assert errors == ["NOT_FOUND" if hidden else "FORBIDDEN"], action.name
        assert payload["act"]["record"] is None


@pytest.mark.parametrize("role", list(Role))
async def test_what_each_role_sees(platform: Asking, ask: Ask, role: Role) -> None:
    """The staff and the party of a matter see it, and parties of other roles see none of it."""
    bought = await purchase(platform)
    who = ask(role, party_of(role))
    data = await who(
        """query ($id: ID!) { case(id: $id) { id } cases { edges { node { id } } }
           accounts { edges { node { name } } } policies { key } viewer { role } }""",
        id=bought["case"]["id"],
    )
    sees = role not in PARTIES or role is Role.PROFESSIONAL
    assert (data["case"] is not None) is sees
    assert len(data["cases"]["edges"]) == len(data["accounts"]["edges"]) == int(sees)
    assert data["policies"] == [{"key": "xpertsource.lead_credit"}]
    assert data["viewer"] == {"role": role.name}


@pytest.mark.parametrize("role", list(Role))
async def test_the_clock_is_for_operators(ask: Ask, role: Role) -> None:
    """Operators and administrators set the clock, and nobody else."""
    data = (await ask(role, party_of(role))(CLOCK, at="2025-04-01T12:00:00.123456-04:00"))[
        "testClockSet"
    ]
    if role in (Role.OPERATOR, Role.ADMINISTRATOR):
        moment = "2025-04-01T16:00:00.123000+00:00"
        assert data == {"tenant": {"clock": moment, "now": moment}, "userErrors": []}
    else:
        assert data["tenant"] is None
        assert [error["code"] for error in data["userErrors"]] == ["FORBIDDEN"]


async def test_the_clock_of_a_live_tenant_is_not_to_be_set(
    service: Service, schema: Schema
) -> None:
    """The clock of a live tenant is not even for an operator to set."""
    live = await tenant(service, kind=TenantKind.LIVE)
    who = Asking(service, schema, live, Role.OPERATOR)
    data = (await who(CLOCK, at="2025-04-01T12:00:00Z"))["testClockSet"]
    assert data["tenant"] is None
    assert data["userErrors"][0]["code"] == "FORBIDDEN"
    assert "test tenant" in data["userErrors"][0]["message"]


async def test_the_clock_may_go_back_to_the_real_one(operator: Asking) -> None:
    """A test clock can be given up for the real one, and cannot be set out of range."""
    data = (await operator(CLOCK, at=None))["testClockSet"]
    assert data["userErrors"] == []
    assert data["tenant"] == {"clock": None, "now": "2025-03-03T17:00:00+00:00"}
    for at in ("1900-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"):
        data = (await operator(CLOCK, at=at))["testClockSet"]
        assert [(e["code"], e["path"]) for e in data["userErrors"]] == [("BAD_REQUEST", ["moment"])]


async def test_the_clock_holds_from_then_on(platform: Asking, operator: Asking) -> None:
    """Once the clock is set, all that is asked afterwards goes by it."""
    bought = await purchase(platform)
    moved = await operator(
        """mutation { testClockSet(moment: "2025-03-12T12:00:00Z") { tenant { now } } }"""
    )
    assert moved["testClockSet"]["tenant"]["now"] == "2025-03-12T12:00:00+00:00"
    data = await operator("query ($id: ID!) { case(id: $id) { state } }", id=bought["case"]["id"])
    assert data["case"]["state"] == "claimable"


async def test_a_professional_acts_for_nobody_else(service: Service, wide_schema: Schema) -> None:
    """What a professional does is done for that professional, without anyone being named."""
    theirs = await tenant(service, "kinds")
    who = Asking(service, wide_schema, theirs, Role.PROFESSIONAL, "professional:P-1")
    payload = await who.act("kindsEveryKindTell", idempotencyKey="k", thing={"id": "T-1"})
    assert payload["case"]["party"] == "professional:P-1"
    points = await who.act("kindsEveryKindClaimPoints", idempotencyKey="p", thing={"points": "5"})
    assert points["userErrors"] == []
    data = await who(
        '{ account(name: "professional:P-1:points") { balance { amount formatted } } }'
    )
    assert data["account"]["balance"] == {"amount": "5", "formatted": "5 points"}


async def test_a_plugin_that_is_disabled_meanwhile(
    service: Service, platform: Asking, professional: Asking
) -> None:
    """Once a plugin is disabled, nothing of it is shown, evaluated or carried out."""
    bought = await purchase(platform)
    none = msgspec.structs.replace(platform.tenant, plugins=())
    await service.stores.tenants.replace(none)
    id = bought["case"]["id"]
    data = await professional(
        """query ($id: ID!) { node(id: $id) { id } case(id: $id) { id } policies { key }
           cases { edges { node { id } } } accounts { edges { node { id } } }
           account(name: "professional:P-1:balance") { id } tenant { plugins } }""",
        id=id,
    )
    assert data == {
        "node": None,
        "case": None,
        "policies": [],
        "cases": {"edges": []},
        "accounts": {"edges": []},
        "account": None,
        "tenant": {"plugins": []},
    }
    payload = await platform.act(
        "xpertsourceLeadCreditPurchase", idempotencyKey="k", professional="P-1", lead=lead("L-2")
    )
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("PLUGIN_DISABLED", ["policy"])
    ]
    evaluate = "{ evaluate(input: {xpertsourceLeadCreditStanding: {}}) { outcome } }"
    assert await professional.code(evaluate) == "PLUGIN_DISABLED"
