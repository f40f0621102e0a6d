"""Tenants and their plugins over GraphQL: who creates, changes, suspends, closes and enables."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from bson.objectid import ObjectId

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import PLATFORM
from avoir_gateway.administration.tenants import platform
from avoir_gateway.schema import Schema, build
from avoir_gateway.service import Service
from tests.gateway.schema.conftest import Ask, Asking, lead, purchase

TENANT = """tenant { id name language timeZone currency kind status enabled }
            userErrors { code path message } replayed"""


@pytest.fixture
async def administrator(service: Service) -> Asking:
    """An administrator of the installation."""
    return Asking(service, build(service.host, frozenset()), platform(), Role.ADMINISTRATOR)


async def order(who: Asking, field: str, type: str, **input: Any) -> dict[str, Any]:
    """What an order answers, under a key of its own unless one is given."""
    asked = {"idempotencyKey": str(ObjectId()), **input}
    data = await who(
        f"mutation ($input: {type}!) {{ {field}(input: $input) {{ {TENANT} }} }}", input=asked
    )
    payload: dict[str, Any] = data[field]
    return payload


def new(**other: Any) -> dict[str, Any]:
    """A tenant to be."""
    return {
        "id": f"t-{ObjectId()}",
        "name": "Plombiers réunis",
        "language": "fr-CA",
        "timeZone": "America/Toronto",
        "currency": "CAD",
        **other,
    }


def errors(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    """The codes and paths of what was refused."""
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def test_an_administrator_creates_a_tenant(administrator: Asking, service: Service) -> None:
    """It is there as it was asked for, under its key once, and its trail begins with that."""
    asked = new(plugins=["xpertsource", "xpertsource"], idempotencyKey="first")
    made = await order(administrator, "tenantCreate", "TenantCreateInput", **asked)
    assert made["userErrors"] == []
    assert made["tenant"] == {
        "id": asked["id"],
        "name": "Plombiers réunis",
        "language": "fr_CA",
        "timeZone": "America/Toronto",
        "currency": "CAD",
        "kind": "LIVE",
        "status": "ACTIVE",
        "enabled": ["xpertsource"],
    }
    again = await order(administrator, "tenantCreate", "TenantCreateInput", **asked)
    assert (again["tenant"], again["replayed"]) == (made["tenant"], True)
    other = await order(
        administrator, "tenantCreate", "TenantCreateInput", **{**asked, "name": "Other"}
    )
    assert errors(other) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]
    (record,) = await service.stores.administration.listing(asked["id"])
    assert (record.action, record.subject, record.before) == ("tenant.create", "tenant", None)
    assert record.after is not None
    assert record.after["name"] == "Plombiers réunis"
    assert (record.actor.role, record.command.tenant) == ("administrator", PLATFORM)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Acme"),
        ("id", ""),
        ("id", "a" * 64),
        ("id", "-a"),
        ("id", "platform"),
        ("id", "a\u0000"),
        ("id", "ы"),
        ("name", ""),
        ("name", " "),
        ("name", "a\u0000b"),
        ("name", "x" * 201),
        ("language", "de_DE"),
        ("language", "french"),
        ("timeZone", "Mars/Olympus"),
        ("timeZone", "../../etc/passwd"),
        ("currency", "XYZ"),
        ("currency", "cad"),
        ("plugins", ["nothing"]),
        ("idempotencyKey", ""),
        ("idempotencyKey", "a\u0000"),
        ("idempotencyKey", "k" * 201),
    ],
)
async def test_what_cannot_be_is_said(administrator: Asking, field: str, value: object) -> None:
    """Each value that no tenant can have is named by its field, and nothing is created."""
    made = await order(administrator, "tenantCreate", "TenantCreateInput", **new(**{field: value}))
    assert made["tenant"] is None
    ((code, path),) = errors(made)
    assert code in ("BAD_REQUEST", "NOT_FOUND")
    assert path == [field]


async def test_an_id_is_taken_once(administrator: Asking) -> None:
    """Of two who create one tenant at once, one does, and the other is told so."""
    asked = new()
    made = await asyncio.gather(
        *(order(administrator, "tenantCreate", "TenantCreateInput", **asked) for _ in range(4))
    )
    assert sorted(errors(one) for one in made) == [[], *([[("CONFLICT", ["id"])]] * 3)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
async def test_others_neither_create_nor_stand(ask: Ask, role: Role) -> None:
    """Whoever is of a tenant, an administrator by his role too, is no administrator of all."""
    who = ask(role)
    made = await order(who, "tenantCreate", "TenantCreateInput", **new())
    assert errors(made) == [("FORBIDDEN", None)]
    for field in ("tenantSuspend", "tenantResume", "tenantClose"):
        stood = await order(who, field, "TenantStatusInput", tenant=who.tenant.id)
        assert errors(stood) == [("FORBIDDEN", None)]
    assert await who.code("{ tenants { edges { node { id } } } }") == "FORBIDDEN"


async def test_an_operator_changes_his_own(operator: Asking) -> None:
    """Name, language, zone and currency; what is left out stays, and before and after are kept."""
    changed = await order(
        operator, "tenantChange", "TenantChangeInput", name="Renamed", language="ru-RU"
    )
    tenant = changed["tenant"]
    assert (tenant["name"], tenant["language"], tenant["timeZone"]) == (
        "Renamed",
        "ru_RU",
        "America/Toronto",
    )
    trail = await operator.service.stores.administration.listing(operator.tenant.id)
    before, after = trail[0].before, trail[0].after
    assert before is not None
    assert after is not None
    assert (before["name"], after["name"]) == ("A marketplace", "Renamed")
    wrong = await order(operator, "tenantChange", "TenantChangeInput", currency="???")
    assert errors(wrong) == [("BAD_REQUEST", ["currency"])]


async def test_a_closed_tenant_is_read_only(
    administrator: Asking, operator: Asking, platform: Asking, service: Service
) -> None:
    """What stands can be read; no action is taken and nothing is changed until it is resumed."""
    case = (await purchase(platform))["case"]["id"]
    closed = await order(
        administrator, "tenantClose", "TenantStatusInput", tenant=operator.tenant.id
    )
    assert closed["tenant"]["status"] == "CLOSED"
    read = await platform("query ($id: ID!) { case(id: $id) { state } }", id=case)
    assert read["case"]["state"]
    declined = await platform.act(
        "xpertsourceLeadCreditPurchase", idempotencyKey="k", professional="P-1", lead=lead("L-2")
    )
    assert [error["code"] for error in declined["userErrors"]] == ["FORBIDDEN"]
    changed = await order(operator, "pluginEnable", "PluginInput", plugin="conxpros")
    assert errors(changed) == [("FORBIDDEN", None)]
    await order(administrator, "tenantResume", "TenantStatusInput", tenant=operator.tenant.id)
    bought = await platform.act(
        "xpertsourceLeadCreditPurchase", idempotencyKey="k", professional="P-1", lead=lead("L-2")
    )
    assert bought["userErrors"] == []


async def test_plugins_and_single_policies(operator: Asking) -> None:
    """A policy alone, the whole plugin in its place, the others where one of them is disabled."""

    async def now(field: str, plugin: str) -> list[str]:
        payload = await order(operator, field, "PluginInput", plugin=plugin)
        assert payload["userErrors"] == []
        enabled: list[str] = payload["tenant"]["enabled"]
        return enabled

    partner, prescriber = "referral_broker.partner", "referral_broker.prescriber"
    assert await now("pluginEnable", partner) == [partner, "xpertsource"]
    assert await now("pluginEnable", partner) == [partner, "xpertsource"]
    assert await now("pluginEnable", "referral_broker") == ["referral_broker", "xpertsource"]
    assert await now("pluginEnable", prescriber) == ["referral_broker", "xpertsource"]
    assert await now("pluginDisable", prescriber) == [partner, "xpertsource"]
    assert await now("pluginDisable", "referral_broker") == ["xpertsource"]
    gone = await order(operator, "pluginDisable", "PluginInput", plugin="referral_broker")
    assert errors(gone) == [("NOT_FOUND", ["plugin"])]
    unknown = await order(operator, "pluginEnable", "PluginInput", plugin="nothing")
    assert errors(unknown) == [("NOT_FOUND", ["plugin"])]
    assert "xpertsource.lead_credit" in unknown["userErrors"][0]["message"]


async def test_two_operators_at_once(operator: Asking) -> None:
    """Each of them enables another plugin, and both are enabled."""
    plugins = ("conxpros", "cronoshare", "referral_broker.partner")
    done = await asyncio.gather(
        *(order(operator, "pluginEnable", "PluginInput", plugin=one) for one in plugins)
    )
    assert [errors(payload) for payload in done] == [[], [], []]
    found = await operator.service.stores.tenants.get(operator.tenant.id)
    assert found is not None
    assert found.plugins == (*plugins, "xpertsource")
    trail = await operator.service.stores.administration.listing(operator.tenant.id)
    assert {record.subject for record in trail} == {f"plugin:{one}" for one in plugins}


async def test_what_is_not_installed_can_be_disabled(operator: Asking) -> None:
    """The name of a plugin that is gone is still among those enabled, until it is taken out."""
    tenant = operator.tenant
    stores = operator.service.stores
    before = await stores.tenants.get(tenant.id)
    assert before is not None
    await stores.tenants.replace(
        store.Tenant(**{**_values(before), "plugins": ("gone", "xpertsource")})
    )
    seen = await operator("{ tenant { enabled plugins } }")
    assert seen["tenant"] == {"enabled": ["gone", "xpertsource"], "plugins": ["xpertsource"]}
    out = await order(operator, "pluginDisable", "PluginInput", plugin="gone")
    assert out["tenant"]["enabled"] == ["xpertsource"]


def _values(tenant: store.Tenant) -> dict[str, Any]:
    return {name: getattr(tenant, name) for name in tenant.__struct_fields__}


async def test_an_administrator_lists_all(administrator: Asking, theirs: store.Tenant) -> None:
    """Page by page, by their ids; what is on one page is not on the next."""
    query = """query ($after: String) { tenants(first: 2, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
    found: list[str] = []
    after = None
    while True:
        page = (await administrator(query, after=after))["tenants"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == sorted(set(found))
    assert theirs.id in found
    assert await administrator.code(query, after="bm9uZQ") == "BAD_CURSOR"


async def test_the_words_are_the_readers(schema: Schema, ask: Ask) -> None:
    """Why something is refused is said in the language of the one who asks."""
    said = []
    for tag in ("en_CA", "fr_CA", "ru_RU"):
        who = ask(Role.OPERATOR, tag=tag)
        wrong = await order(who, "tenantChange", "TenantChangeInput", currency="???")
        said.append(wrong["userErrors"][0]["message"])
    assert said == [
        "This is no currency: they are named as CAD and EUR are.",
        "Ce n’est pas une monnaie\u00a0: elles se nomment comme CAD ou EUR.",
        "Это не валюта: валюты обозначаются как RUB или EUR.",
    ]
