"""Tokens of an issuer at the gateway's own door: who comes in, and the one answer to all others."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from bson.objectid import ObjectId
from joserfc.jwk import RSAKey

from avoir.host import Host
from avoir_gateway import store
from avoir_gateway.gateway import Gateway
from avoir_gateway.http import LONGEST_AUTHORIZATION
from avoir_gateway.oidc import LONGEST
from avoir_gateway.schema import Schemas
from avoir_gateway.settings import Settings
from tests.gateway.http.conftest import ANNA, PATIENT, Site, people, served
from tests.gateway.http.specimen import Specimens
from tests.gateway.oidc.conftest import STAFF, Times
from tests.gateway.oidc.forging import claims_of, signed, unsigned, with_secret
from tests.gateway.oidc.provider import Provider, free_port

WHO = "{ viewer { id name role party } }"
TOP_UP = """mutation ($key: String!) {
  xpertsourceLeadCreditTopUp(
    input: {idempotencyKey: $key, professional: "P-1", topUp: {amount: "10.00", unit: "CAD"}}
  ) { replayed userErrors { code } record { key } }
}"""

TIMES = Times()


@pytest.fixture(scope="session")
def host() -> Host:
    """The host of the installed plugins."""
    return Host()


def gateway_of(mongod: store.LocalMongod, host: Host, issuer: str | None) -> Gateway:
    """A gateway on a database of its own that takes the tokens of an issuer."""
    settings = Settings(database=f"test_{ObjectId()}", oidc_issuer=issuer, oidc_audience=("avoir",))
    return Gateway(settings, host, Schemas(host), mongod.uri, clock=TIMES.clock, patience=PATIENT)


@pytest.fixture(scope="session")
async def site(mongod: store.LocalMongod, host: Host, provider: Provider) -> AsyncIterator[Site]:
    """The gateway that takes the provider's tokens; its tenants are those of the other door's."""
    gateway = gateway_of(mongod, host, provider.issuer)
    async with served(gateway, Specimens()) as made:
        await people(gateway)
        yield made
        await gateway.client.drop_database(gateway.settings.database)


async def ask(
    site: Site, token: str, query: str = WHO, role: str | None = None, **variables: str
) -> httpx.Response:
    """What is answered to the bearer of a token."""
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    if role is not None:
        headers["avoir-role"] = role
    async with httpx.AsyncClient(base_url=site.url, trust_env=False, timeout=30) as http:
        body = {"query": query, "variables": variables}
        return await http.post("/graphql", json=body, headers=headers)


async def viewer(site: Site, token: str, role: str | None = None) -> Any:
    """Whom the gateway takes the bearer of a token for."""
    answer = await ask(site, token, role=role)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["viewer"]


async def test_staff_comes_in(site: Site, provider: Provider) -> None:
    """Who has logged in with the issuer is known by name and role, in his tenant."""
    text = provider.token("anna@example.org", STAFF)
    assert await viewer(site, text) == {
        "id": "oidc:anna@example.org",
        "name": "Anna Roy",
        "role": "OPERATOR",
        "party": None,
    }


async def test_a_party_comes_in(site: Site, provider: Provider) -> None:
    """A professional comes for the party that his token names."""
    claims = {**STAFF, "avoir_role": "professional", "avoir_party": "professional:P-1"}
    who = await viewer(site, provider.token("pro", claims))
    assert (who["role"], who["party"]) == ("PROFESSIONAL", "professional:P-1")


async def test_the_header_names_the_role(site: Site, provider: Provider) -> None:
    """Who has several roles takes the first, or names one of them; any other is none of his."""
    text = provider.token("two", {**STAFF, "avoir_role": ["reviewer", "auditor"]})
    assert (await viewer(site, text))["role"] == "REVIEWER"
    assert (await viewer(site, text, "auditor"))["role"] == "AUDITOR"
    for role in ("operator", "system", "AUDITOR", "reviewer, auditor", "x" * 500):
        assert (await ask(site, text, role=role)).status_code == 401
    # a token of ours has one role, whatever is asked for
    assert (await viewer(site, ANNA, "auditor"))["role"] == "OPERATOR"


async def test_commands_belong_to_the_actor(site: Site, provider: Provider) -> None:
    """The same key of the same subject is the same command by whichever token he sends it; an
    actor of our own tokens with that very id has keys of his own."""
    claims = {**STAFF, "avoir_role": "platform"}
    first, second = (provider.token("shop", {**claims, "jti": jti}) for jti in ("A", "B"))
    ours = await site.gateway.service.stores.tokens.issue(
        "t-en", actor="shop", role="platform", name="Shop", at=TIMES.clock()
    )
    key, replayed = secrets.token_hex(8), []
    for token in (first, second, ours.secret):
        answer = await ask(site, token, TOP_UP, key=key)
        done = answer.json()["data"]["xpertsourceLeadCreditTopUp"]
        assert not done["userErrors"]
        replayed.append(done["replayed"])
    assert replayed == [False, True, False]
    found = site.gateway.client[site.gateway.settings.database]["journal"].find(
        {"tenant": "t-en", "command.key": key}, sort=[("_id", 1)]
    )
    records: list[Any] = [one async for one in found]
    recorded = [(one["actor"]["id"], one["credential"]) for one in records]
    assert recorded == [("oidc:shop", "oidc:A"), ("shop", ours.token.id)]


async def test_one_answer_for_all_who_are_not_let_in(
    site: Site, provider: Provider, forger: RSAKey
) -> None:
    """Whatever is wrong with a token, the answer is the same to the last byte."""
    document = provider.keys()[0]
    known, claims = document["kid"], claims_of(provider.issuer)
    pem = RSAKey.import_key(document).as_pem()
    texts = {
        "an unknown token of ours": "avoir_nobody",
        "no signature": unsigned({"alg": "none", "kid": known}, claims),
        "the public key as a secret": with_secret({"alg": "HS256", "kid": known}, claims, pem),
        "an unknown key": signed(forger, claims, kid="unknown"),
        "another key": signed(forger, claims, kid=known),
        "another audience": provider.token("anna", STAFF, audience="shop"),
        "another issuer": provider.token("anna", STAFF, host="localhost"),
        "no claims of ours": provider.token("anna", {}),
        "a claim of another type": provider.token("anna", {**STAFF, "avoir_tenant": 5}),
        "no party": provider.token("anna", {**STAFF, "avoir_role": "professional"}),
        "a role that no token gives": provider.token("anna", {**STAFF, "avoir_role": "system"}),
        "an administrator": provider.token("anna", {**STAFF, "avoir_role": "administrator"}),
        "no such tenant": provider.token("anna", {**STAFF, "avoir_tenant": "nowhere"}),
        "a suspended tenant": provider.token("anna", {**STAFF, "avoir_tenant": "t-shut"}),
        "too long": provider.token("anna", {**STAFF, "pad": "x" * 7_000}),
        "longer than any header": "a.b." + "x" * LONGEST_AUTHORIZATION,
        "longer than the server reads": "a.b." + "x" * 60_000,
        "garbage": "a.b.c",
        "dots": "..",
    }
    answers = {name: await ask(site, text) for name, text in texts.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        texts, 401
    )
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({answer.headers["www-authenticate"] for answer in answers.values()}) == 1
    assert answers["dots"].json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize("off", [timedelta(hours=2), -timedelta(minutes=2)], ids=str)
async def test_not_at_this_time(site: Site, provider: Provider, off: timedelta) -> None:
    """A token that has expired, or is from the future, is refused by the gateway's clock."""
    text = provider.token("anna", STAFF)
    assert (await ask(site, text)).status_code == 200
    TIMES.off = off
    try:
        assert (await ask(site, text)).status_code == 401
    finally:
        TIMES.off = timedelta()


async def test_a_long_token_comes_in(site: Site, provider: Provider) -> None:
    """Issuers put a lot into a token: nearly 8 KB are taken."""
    text = provider.token("anna", {**STAFF, "pad": "x" * 5_600})
    assert LONGEST - 300 < len(text) <= LONGEST
    assert (await ask(site, text)).status_code == 200


async def test_a_tenant_is_suspended_while_his_people_work(site: Site, provider: Provider) -> None:
    """The tokens of a tenant open nothing while it is suspended, and open it again afterwards."""
    tenants = site.gateway.service.stores.tenants
    text = provider.token("felix", {**STAFF, "avoir_tenant": "t-fr"})
    directory = site.gateway.service.directory
    for status, code in (
        (store.TenantStatus.ACTIVE, 200),
        (store.TenantStatus.SUSPENDED, 401),
        (store.TenantStatus.ACTIVE, 200),
    ):
        found = await tenants.get("t-fr")
        assert found is not None
        await tenants.replace(msgspec.structs.replace(found, status=status))
        directory.forget_tenant("t-fr")
        assert (await ask(site, text)).status_code == code


async def test_the_schema_has_the_same_door(site: Site, provider: Provider) -> None:
    """The schema is told to those whom the issuer knows, and to nobody else."""
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as http:
        for token, status in ((provider.token("anna", STAFF), 200), ("a.b.c", 401)):
            headers = {"authorization": f"Bearer {token}"}
            assert (await http.get("/schema.graphql", headers=headers)).status_code == status


async def test_the_issuer_is_away(
    mongod: store.LocalMongod, host: Host, tmp_path: Path, forger: RSAKey
) -> None:
    """While no keys are known and none can be had, those who come with the issuer's tokens are
    asked to come again; those with our own, and those with garbage, get their answers."""
    issuer = f"http://127.0.0.1:{free_port()}"
    gateway = gateway_of(mongod, host, issuer)
    async with served(gateway, Specimens()) as site:
        await people(gateway)
        answer = await ask(site, signed(forger, claims_of(issuer)))
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        error = answer.json()["errors"][0]
        assert error["extensions"] == {"code": "UNAVAILABLE"}
        assert "issuer" in error["message"]
        assert (await ask(site, "a.b.c")).status_code == 401
        assert (await ask(site, ANNA)).status_code == 200
        await gateway.client.drop_database(gateway.settings.database)


async def test_without_an_issuer(mongod: store.LocalMongod, host: Host, provider: Provider) -> None:
    """A gateway that was told of no issuer takes no token of any."""
    gateway = gateway_of(mongod, host, None)
    async with served(gateway, Specimens()) as site:
        await people(gateway)
        assert (await ask(site, provider.token("anna", STAFF))).status_code == 401
        assert (await ask(site, ANNA)).status_code == 200
        await gateway.client.drop_database(gateway.settings.database)
