"""Tokens over GraphQL: issued once, good for what they say, revoked for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson.objectid import ObjectId

from avoir.lifecycles import PARTIES, Role
from avoir_gateway.access import Permission, Principal
from avoir_gateway.schema import Context
from avoir_gateway.store import Origin
from tests.gateway.schema.conftest import NOON, Ask, Asking

TOKEN = "id actor name role party scopes createdAt expiresAt revokedAt lastUsedAt"


async def issue(who: Asking, **input: Any) -> dict[str, Any]:
    """The payload of a token that is issued."""
    asked = {
        "idempotencyKey": str(ObjectId()),
        "actor": "robin",
        "name": "Robin",
        "role": "REVIEWER",
        **input,
    }
    data = await who(
        f"""mutation ($input: TokenIssueInput!) {{ tokenIssue(input: $input) {{
            token {{ {TOKEN} }} secret userErrors {{ code path }} replayed }} }}""",
        input=asked,
    )
    payload: dict[str, Any] = data["tokenIssue"]
    return payload


async def revoke(who: Asking, token: str, **other: Any) -> dict[str, Any]:
    """The payload of a token that is revoked."""
    asked = {"idempotencyKey": str(ObjectId()), "token": token, **other}
    data = await who(
        """mutation ($input: TokenRevokeInput!) { tokenRevoke(input: $input) {
           token { id revokedAt } userErrors { code path } replayed } }""",
        input=asked,
    )
    payload: dict[str, Any] = data["tokenRevoke"]
    return payload


def errors(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    """The codes and paths of what was refused."""
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def test_a_secret_is_shown_once(operator: Asking) -> None:
    """It opens the door as what was asked for; the same key shows no secret, and nothing keeps
    it."""
    service = operator.service
    made = await issue(operator, idempotencyKey="k")
    secret = made["secret"]
    known = await service.principal(secret)
    assert known is not None
    who, tenant = known
    assert (who.id, who.role, who.name, who.party) == ("robin", Role.REVIEWER, "Robin", None)
    assert (tenant.id, who.credential) == (operator.tenant.id, made["token"]["id"])
    again = await issue(operator, idempotencyKey="k")
    assert (again["token"], again["secret"], again["replayed"]) == (made["token"], None, True)
    (record,) = await service.stores.administration.listing(tenant.id)
    assert secret not in repr(record)
    assert record.subject == f"token:{made['token']['id']}"


async def test_its_use_is_noted(operator: Asking) -> None:
    """When a token was last used is listed, and those that were not are without it."""
    service = operator.service
    used, unused = await issue(operator), await issue(operator, actor="other")
    assert await service.principal(used["secret"]) is not None
    await service.stores.uses.drain()
    data = await operator("{ tokens { edges { node { id lastUsedAt } } } }")
    listed = {edge["node"]["id"]: edge["node"]["lastUsedAt"] for edge in data["tokens"]["edges"]}
    assert listed == {used["token"]["id"]: NOON.isoformat(), unused["token"]["id"]: None}


async def test_a_revoked_token_opens_nothing(operator: Asking) -> None:
    """From the next request on, and from the first moment it was revoked."""
    service = operator.service
    made = await issue(operator)
    token = made["token"]["id"]
    first = await revoke(operator, token)
    assert first["token"]["revokedAt"] == NOON.isoformat()
    assert await service.principal(made["secret"]) is None
    assert (await revoke(operator, token))["token"] == first["token"]
    assert errors(await revoke(operator, "token-of-nobody")) == [("NOT_FOUND", ["token"])]
    assert errors(await revoke(operator, "a\u0000")) == [("NOT_FOUND", ["token"])]


async def test_a_token_expires(operator: Asking) -> None:
    """Up to its end it opens the door, and not from then on."""
    service = operator.service
    end = NOON + timedelta(seconds=1)
    made = await issue(operator, expiresAt=end.isoformat())
    assert await service.principal(made["secret"]) is not None
    token = await service.stores.tokens.lookup(made["secret"])
    assert token is not None
    assert (token.is_valid(NOON), token.is_valid(end)) == (True, False)
    assert errors(await issue(operator, expiresAt=NOON.isoformat())) == [
        ("BAD_REQUEST", ["expiresAt"])
    ]


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_has_a_party_or_none(operator: Asking, role: Role) -> None:
    """Parties name theirs, the staff has none, and neither the system nor an administrator of the
    installation is made here."""
    party = f"{role.value}:X-1"
    alone = await issue(operator, role=role.name)
    named = await issue(operator, role=role.name, party=party)
    if role in (Role.SYSTEM, Role.ADMINISTRATOR):
        assert errors(alone) == errors(named) == [("BAD_REQUEST", ["role"])]
    elif role in PARTIES:
        assert errors(alone) == [("BAD_REQUEST", ["party"])]
        assert named["token"]["party"] == party
        for wrong in ("X-1", "reviewer:X-1", f"{role.value}:", f"{role.value}:a b", f"{party}:c"):
            refused = await issue(operator, role=role.name, party=wrong)
            assert errors(refused) == [("BAD_REQUEST", ["party"])]
    else:
        assert errors(named) == [("BAD_REQUEST", ["party"])]
        assert alone["token"]["party"] is None


@pytest.mark.parametrize("actor", ["", "a b", "ы", "a\u0000", "x" * 101, "oidc:robin"])
async def test_an_actor_has_a_plain_id(operator: Asking, actor: str) -> None:
    """An id that could be taken for another's, or cannot be written, is refused."""
    assert errors(await issue(operator, actor=actor)) == [("BAD_REQUEST", ["actor"])]


async def test_a_scope_narrows_and_never_widens(operator: Asking, ask: Ask) -> None:
    """A scoped token does what it names; what it issues is good for no more than it is."""
    made = await issue(operator, role="OPERATOR", scopes=["ISSUE_TOKENS", "READ_POLICY"])
    known = await operator.service.principal(made["secret"])
    assert known is not None
    narrow = Narrow(operator, known[0])
    assert await narrow.run("{ policies { key } }") is None
    assert await narrow.run("{ tokens { edges { node { id } } } }") == "FORBIDDEN"
    mutation = """mutation ($scopes: [Permission!]) { tokenIssue(input: {idempotencyKey: "k",
      actor: "a", name: "A", role: OPERATOR, scopes: $scopes}) { userErrors { path } } }"""
    wider = [None, [], ["READ_AUDIT"], ["READ_POLICY", "SET_CLOCK"]]
    for scopes in wider:
        data = await narrow.data(mutation, scopes=scopes)
        assert data["tokenIssue"]["userErrors"] == [{"path": ["scopes"]}]
    data = await narrow.data(mutation, scopes=["READ_POLICY"])
    assert data["tokenIssue"]["userErrors"] == []


class Narrow:
    """Somebody whose token is good for less than his role has."""

    def __init__(self, like: Asking, principal: Principal) -> None:
        self._like = like
        self._principal = principal

    async def run(self, query: str) -> object:
        """The code of the error of an operation, if there is one."""
        result = await self._execute(query)
        return (result.errors[0].extensions or {}).get("code") if result.errors else None

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that goes well."""
        result = await self._execute(query, **variables)
        assert result.errors is None, result.errors
        data: dict[str, Any] = result.data
        return data

    async def _execute(self, query: str, **variables: Any) -> Any:
        like = self._like
        context = Context(self._principal, like.tenant, like.service, "en", Origin(door="graphql"))
        return await like.schema.execute(query, variable_values=variables, context_value=context)


async def test_an_unknown_scope_grants_nothing(operator: Asking) -> None:
    """A token with a scope of a later version is good for nothing more because of it."""
    issued = await operator.service.stores.tokens.issue(
        operator.tenant.id,
        actor="late",
        role="operator",
        name="Late",
        at=datetime(2025, 1, 1, tzinfo=UTC),
        scopes=("a_permission_to_come",),
    )
    known = await operator.service.principal(issued.secret)
    assert known is not None
    narrow = Narrow(operator, known[0])
    assert await narrow.run("{ tokens { edges { node { id } } } }") == "FORBIDDEN"


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.REVIEWER, Role.AUDITOR, Role.MANAGER])
async def test_others_issue_nothing(ask: Ask, role: Role) -> None:
    """Only operators issue and revoke."""
    who = ask(role, "professional:P-1" if role in PARTIES else None)
    assert errors(await issue(who)) == [("FORBIDDEN", None)]
    assert errors(await revoke(who, "token-1")) == [("FORBIDDEN", None)]


async def test_another_tenant_does_not_exist(operator: Asking, ask: Ask) -> None:
    """To name a tenant that is not one's own is to name none, whether it is there or not."""
    other = f"tenant-{ObjectId()}"
    assert errors(await issue(operator, tenant=other)) == [("NOT_FOUND", ["tenant"])]
    own = await issue(operator, tenant=operator.tenant.id)
    assert own["userErrors"] == []
    for permission in Permission:
        assert permission.value == permission.name.lower()
