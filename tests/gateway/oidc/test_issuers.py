"""Issuers that cannot be relied on: they are taken for issuers that do not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from joserfc.jwk import RSAKey

from avoir_gateway.oidc import IssuerUnavailable
from avoir_gateway.oidc.pages import LARGEST
from tests.gateway.oidc.conftest import reading
from tests.gateway.oidc.forging import claims_of, public, signed
from tests.gateway.oidc.pages import DISCOVERY, Pages, answer, drip

Change = Callable[[Pages], None]


def _page(path: str, status: int, body: bytes, **headers: str) -> Change:
    def change(pages: Pages) -> None:
        pages.pages[path] = answer(status, body, **headers)

    return change


def _publishing(**changes: str) -> Change:
    def change(pages: Pages) -> None:
        key = RSAKey.generate_key(2_048)
        pages.publish(public(key, kid="r"), **changes)

    return change


def _too_long(pages: Pages) -> None:
    keys = json.dumps({"keys": [public(RSAKey.generate_key(2_048), kid="r")]})
    pages.pages["/keys"] = answer(200, keys.encode().ljust(LARGEST + 1))


@pytest.mark.parametrize(
    "change",
    [
        _page(DISCOVERY, 404, b""),
        _page(DISCOVERY, 500, b"{}"),
        _page(DISCOVERY, 204, b""),
        _page(DISCOVERY, 302, b"", location="/elsewhere"),
        _page(DISCOVERY, 200, b""),
        _page(DISCOVERY, 200, b"<html>"),
        _page(DISCOVERY, 200, b"\xff"),
        _page(DISCOVERY, 200, b"[" * 100_000),
        _page(DISCOVERY, 200, b'{"issuer": 5}'),
        _page("/keys", 404, b""),
        _page("/keys", 200, b'{"keys": []}'),
        _page("/keys", 200, b'{"keys": {}}'),
        _page("/keys", 200, b'{"keys": [5]}'),
        _page("/keys", 200, b'{"keys": [{"kty": "oct", "k": "AAAA"}]}'),
        _too_long,
        _publishing(issuer="https://issuer.example"),
        _publishing(at="file:///etc/passwd"),
        _publishing(at="http://issuer.example/keys"),
        _publishing(at="ftp://127.0.0.1/keys"),
        _publishing(at="http://127.0.0.1@issuer.example/keys"),
        _publishing(at="http://127.0.0.1:0/keys"),
        _publishing(at="/keys"),
    ],
)
async def test_what_it_publishes_is_not_right(pages: Pages, forger: RSAKey, change: Change) -> None:
    """Nobody is known by an issuer whose pages are not what they should be, and it is asked
    again no sooner than any other."""
    pages.publish(public(forger, kid="r"))
    pages.pages["/elsewhere"] = pages.pages[DISCOVERY]
    change(pages)
    text = signed(forger, claims_of(pages.issuer), kid="r")
    async with reading(pages.issuer) as reader:
        for _ in range(3):
            with pytest.raises(IssuerUnavailable):
                await reader.issuer.identify(text)
    assert len(pages.asked) <= 2
    assert "/elsewhere" not in pages.asked


async def test_a_long_page(pages: Pages, forger: RSAKey) -> None:
    """A page as long as one may be is read whole."""
    pages.publish()
    keys = json.dumps({"keys": [public(forger, kid="r")]})
    pages.pages["/keys"] = answer(200, keys.encode().ljust(LARGEST))
    async with reading(pages.issuer) as reader:
        text = signed(forger, claims_of(pages.issuer), kid="r")
        assert await reader.issuer.identify(text) is not None


async def test_a_flood(pages: Pages, forger: RSAKey) -> None:
    """A page without an end is read no further than a page may be long."""
    taken = threading.Event()
    pages.publish()
    pages.pages["/keys"] = drip(b" " * 65_536, 0, taken)
    async with reading(pages.issuer) as reader:
        with pytest.raises(IssuerUnavailable):
            await reader.issuer.identify(signed(forger, claims_of(pages.issuer), kid="r"))
    assert taken.wait(10)


async def test_one_that_dawdles(
    pages: Pages, forger: RSAKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that comes a byte at a time is given up, and its connection with it."""
    monkeypatch.setattr("avoir_gateway.oidc.pages.WHOLE_SECONDS", 0.2)
    taken = threading.Event()
    pages.publish()
    pages.pages["/keys"] = drip(b" ", 0.01, taken)
    async with reading(pages.issuer) as reader:
        with pytest.raises(IssuerUnavailable):
            await reader.issuer.identify(signed(forger, claims_of(pages.issuer), kid="r"))
    assert taken.wait(10)


async def test_a_mistake_of_a_moment(pages: Pages, forger: RSAKey) -> None:
    """Known keys go on serving where the issuer is mistaken for a while."""
    pages.publish(public(forger, kid="r"))
    text = signed(forger, claims_of(pages.issuer), kid="r")
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(text) is not None
        pages.publish(public(forger, kid="r"), issuer="https://issuer.example")
        reader.times.ticks += 1_000
        assert await reader.issuer.identify(text) is not None
