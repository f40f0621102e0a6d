"""Tokens that open nothing, over HTTP: one answer for whatever is wrong, no secret in the log."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
import pytest

from avoir_gateway import store
from avoir_gateway.opening import stores_in
from tests.gateway.access.administrators import administrator
from tests.gateway.stories.gateways import Gateway, until
from tests.gateway.stories.people import LONG_AGO, apart, enrol

VOLATILE: Final = frozenset({"date"})
QUERY: Final = {"query": "{ viewer { id } }"}
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Door:
    """A gateway that writes all that it can to its log, and tokens that are no good, by what is
    wrong with them; ``good`` opens it."""

    gateway: Gateway
    tenant: str
    good: str
    tokens: Mapping[str, str]

    def knock(self, *headers: tuple[str, str], path: str = "/graphql") -> httpx.Response:
        """What is answered to a request with these headers."""
        if path == "/graphql":
            return self.gateway.http.post(path, json=QUERY, headers=list(headers))
        return self.gateway.http.get(path, headers=list(headers))


async def _issued(gateway: Gateway, tenant: str, shut: str) -> Mapping[str, str]:
    made = {name: store.new_secret() for name in ("expired", "revoked", "suspended", "homeless")}
    async with store.connect(gateway.store) as client:
        stores = stores_in(client[gateway.database])
        for name, secret in made.items():
            issued = await stores.tokens.issue(
                {"suspended": shut, "homeless": "nowhere"}.get(name, tenant),
                actor=name,
                role="operator",
                name=name,
                at=LONG_AGO,
                expires_at=LONG_AGO + timedelta(days=1) if name == "expired" else None,
                secret=secret,
            )
            if name == "revoked":
                await stores.tokens.revoke(tenant, issued.token.id, LONG_AGO)
    return made


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[Door]:
    """The gateway of these tests."""
    settings = {"AVOIR_LOG_LEVEL": "debug"}
    with Gateway(folder / "tokens", settings=settings) as gateway:
        town, shut = (enrol(gateway, "xpertsource") for _ in range(2))
        tenant = town["operator"].tenant
        closed = shut["operator"].tenant
        made = apart(lambda: asyncio.run(_issued(gateway, tenant, closed)))
        suspend = """mutation ($i: TenantStatusInput!) {
          tenantSuspend(input: $i) { userErrors { code } } }"""
        asked = {"tenant": closed, "idempotencyKey": "suspend"}
        told = administrator(gateway).ask(suspend, i=asked)["tenantSuspend"]
        assert told["userErrors"] == []
        good = town["operator"].token
        tokens = {
            **made,
            "nobody's": store.new_secret(),
            "nearly a good one": good[:-1] + ("A" if good[-1] != "A" else "B"),
            "a good one and more": good + "x",
            "its hash": sha256(good.encode()).hexdigest(),
            "of 512": "avoir_" + secrets.token_hex(253),
            "of 8 KB": "avoir_" + secrets.token_hex(4_093),
            "of more than 8 KB": "avoir_" + secrets.token_hex(4_200),
            "of 40 KB": "avoir_" + secrets.token_hex(20_000),
            "three parts": ".".join(secrets.token_hex(16) for _ in range(3)),
            "three empty parts": "..",
            "an injection": '{"$ne":null}',
            "not ASCII": "avoir_é" + secrets.token_hex(16),
            "two words": "avoir_" + secrets.token_hex(16) + " " + secrets.token_hex(16),
            "nothing": "",
        }
        yield Door(gateway, tenant, good, tokens)


def plain(answer: httpx.Response) -> tuple[int, Headers, bytes]:
    """An answer as it may be held beside another."""
    headers = sorted((n, v) for n, v in answer.headers.items() if n not in VOLATILE)
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("path", ["/graphql", "/schema.graphql"])
def test_whatever_is_wrong_is_answered_alike(path: str, door: Door) -> None:
    """Expired, revoked, malformed, too long, of a tenant that is suspended or gone: the answer is
    the same 401 to the byte, headers and all, and the good token opens the same door."""
    good = ("authorization", f"Bearer {door.good}")
    assert door.knock(good, path=path).status_code == 200
    wanted = plain(door.knock(("authorization", f"Bearer {store.new_secret()}"), path=path))
    assert wanted[0] == 401
    for wrong, token in door.tokens.items():
        # a header has no bytes but those of Latin-1
        header = ("authorization", f"Bearer {token}".rstrip())
        assert plain(_raw(door, header, path)) == wanted, wrong
    assert door.knock(good, path=path).status_code == 200


def _raw(door: Door, header: tuple[str, str], path: str) -> httpx.Response:
    name, value = header
    headers = [(name.encode(), value.encode("latin-1"))]
    if path == "/graphql":
        return door.gateway.http.post(path, json=QUERY, headers=headers)
    return door.gateway.http.get(path, headers=headers)


def test_a_wrong_scheme_is_answered_alike(door: Door) -> None:
    """A good token under another scheme, under none or beside another one opens nothing."""
    wanted = plain(door.knock(("authorization", f"Bearer {store.new_secret()}")))
    good = door.good
    for headers in (
        [f"Basic {good}"],
        [f"Token {good}"],
        [f"Bearer: {good}"],
        [f"Bearer {good}, Bearer {good}"],
        [f"Bearer Bearer {good}"],
        [f"Bearer={good}"],
        [f'Bearer "{good}"'],
        [good],
        [f"Bearer {good}", f"Bearer {good}"],
        [f"Bearer {good}", "Basic YTpi"],
        ["Bearer"],
        [""],
    ):
        answer = door.knock(*(("authorization", value) for value in headers))
        assert plain(answer) == wanted, headers


def test_a_token_stands_in_the_header_alone(door: Door) -> None:
    """In the address, in a cookie or in a body it is nothing; the body is that of every 401."""
    wanted = door.knock(("authorization", f"Bearer {store.new_secret()}"))
    query = {"query": "{ viewer { id } }", "access_token": door.good, "token": door.good}
    http = door.gateway.http
    for answer in (
        http.get("/graphql", params=query),
        http.post("/graphql", json={**query, "extensions": {"authorization": door.good}}),
        door.knock(("cookie", f"authorization=Bearer {door.good}")),
        door.knock(("x-authorization", f"Bearer {door.good}")),
        door.knock(("proxy-authorization", f"Bearer {door.good}")),
        door.knock(),
    ):
        assert (answer.status_code, answer.content) == (401, wanted.content)
        assert "invalid_token" not in answer.headers["www-authenticate"]


def test_the_scheme_may_be_written_as_one_likes(door: Door) -> None:
    """The name of the scheme is not a matter of capitals."""
    for scheme in ("bearer", "BEARER", "bEaReR"):
        assert door.knock(("authorization", f"{scheme} {door.good}")).status_code == 200


def test_a_token_ends_while_it_is_used(door: Door) -> None:
    """A token that is known already opens the door until its moment, and not beyond."""
    gateway = door.gateway
    secret = store.new_secret()
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)

    async def issue() -> None:
        async with store.connect(gateway.store) as client:
            stores = stores_in(client[gateway.database])
            await stores.tokens.issue(
                door.tenant,
                actor="brief",
                role="operator",
                name="brief",
                at=LONG_AGO,
                expires_at=ends,
                secret=secret,
            )

    apart(lambda: asyncio.run(issue()))
    header = ("authorization", f"Bearer {secret}")

    def ended() -> bool:
        before = datetime.now(UTC)
        code = door.knock(header).status_code
        after = datetime.now(UTC)
        assert code == 200 or after >= ends
        assert code == 401 or before < ends
        return code == 401

    assert not ended()
    until(ended, "the token ends", 10)


def test_the_log_has_no_secret(door: Door) -> None:
    """Whatever was tried, neither a token nor its hash stands in the log, even of the finest
    level; what was refused does."""
    header = ("authorization", f"Bearer {door.good}")
    assert door.knock(header).status_code == 200
    for token in door.tokens.values():
        _raw(door, ("authorization", f"Bearer {token}".rstrip()), "/graphql")
    log = door.gateway.log
    assert "status=401" in log
    assert "DEBUG" in log
    for token in (door.good, *door.tokens.values()):
        for part in token.removeprefix("avoir_").split():
            if len(part) > 8 and part.isascii() and part.isprintable():
                assert part[:24] not in log
        assert sha256(token.encode()).hexdigest() not in log
