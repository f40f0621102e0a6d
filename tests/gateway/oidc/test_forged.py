"""Tokens forged against a real provider, whose keys all can read: nobody comes, nothing falls."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from avoir_gateway.oidc import AGAIN_SECONDS
from tests.gateway.oidc.conftest import STAFF, Reader, reading
from tests.gateway.oidc.forging import claims_of, part, public, signed, unsigned, with_secret
from tests.gateway.oidc.provider import Provider


@pytest.fixture
async def reader(provider: Provider, reader: Reader) -> Reader:
    """A reader who knows the keys."""
    good = provider.token("anna", STAFF)
    assert await reader.issuer.identify(good) is not None
    reader.times.ticks += AGAIN_SECONDS
    return reader


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
async def test_without_a_signature(provider: Provider, reader: Reader, algorithm: str) -> None:
    """A token that says it needs no signature opens nothing."""
    claims = claims_of(provider.issuer)
    for signature in (b"", b"x" * 256):
        header = {"alg": algorithm, "kid": provider.keys()[0]["kid"]}
        assert await reader.issuer.identify(unsigned(header, claims, signature)) is None


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
async def test_the_public_key_as_a_secret(
    provider: Provider, reader: Reader, algorithm: str
) -> None:
    """A token under HMAC with the public key for a secret opens nothing, in any spelling."""
    document = provider.keys()[0]
    key = RSAKey.import_key(document)
    header = {"alg": algorithm, "kid": document["kid"]}
    secrets = [
        key.as_pem(),
        key.as_pem().strip(),
        key.as_der(),
        json.dumps(document).encode(),
        document["n"].encode(),
        b"",
    ]
    for secret in secrets:
        text = with_secret(header, claims_of(provider.issuer), secret)
        assert await reader.issuer.identify(text) is None


async def test_another_key(provider: Provider, reader: Reader, forger: RSAKey) -> None:
    """A token under another key opens nothing: with the right id, with an unknown one, without
    any, or with the key itself in its header."""
    known = provider.keys()[0]["kid"]
    headers: list[dict[str, Any]] = [
        {"kid": known},
        {"kid": "unknown"},
        {"kid": ""},
        {},
        {"jwk": public(forger)},
        {"kid": known, "jwk": public(forger)},
        {"kid": known, "jku": "https://forger.example/keys"},
        {"kid": known, "x5u": "https://forger.example/chain"},
        {"kid": "../../../dev/null"},
    ]
    for header in headers:
        text = signed(forger, claims_of(provider.issuer), **header)
        assert await reader.issuer.identify(text) is None


async def test_what_was_signed_is_what_counts(provider: Provider, reader: Reader) -> None:
    """A token of which a part was changed opens nothing, nor one put together of two."""
    ann = provider.token("ann", STAFF).split(".")
    bob = provider.token("bob", STAFF).split(".")
    forged = part(claims_of(provider.issuer, sub="root"))
    texts = [
        [ann[0], bob[1], ann[2]],
        [ann[0], ann[1], bob[2]],
        [ann[0], forged, ann[2]],
        [part({"alg": "RS256"}), ann[1], ann[2]],
        [ann[0], ann[1], ann[2][:-2]],
        [ann[0], ann[1], ann[2] + "AAAA"],
        [ann[0], ann[1], ""],
        [ann[0], "", ann[2]],
        ["", ann[1], ann[2]],
        [ann[0] + "=", ann[1], ann[2]],
        [ann[0], ann[1] + "\n", ann[2]],
    ]
    for parts in texts:
        assert await reader.issuer.identify(".".join(parts)) is None
    assert await reader.issuer.identify(".".join(ann)) is not None


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60) | st.from_regex(r"[\w+/=-]*\.[\w+/=-]*\.[\w+/=-]*"))
async def test_any_text(provider: Provider, text: str) -> None:
    """No text makes the issuer fall, and none opens anything."""
    async with reading(provider.issuer) as reader:
        assert await reader.issuer.identify(text) is None


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"5",
        b"null",
        b'"alg"',
        b'["alg"]',
        b"[" * 300,
        b"{}",
        b'{"alg": null}',
        b'{"alg": ["RS256"]}',
        b'{"alg": {"RS256": 1}}',
        b'{"alg": "RS256", "kid": 5}',
        b'{"alg": "RS256", "kid": {"$ne": null}}',
        b'{"alg": "RS256", "typ": 5}',
        b'{"alg": "RS256", "crit": 5}',
        b'{"alg": "RS256", "crit": [[]]}',
        b'{"alg": "RS256", "b64": false}',
        b'{"alg": "RS256", "b64": false, "crit": ["b64"]}',
        b'{"alg": "RS256", "jku": 5, "x5c": 5}',
        b'{"alg": "none", "alg": "RS256"}',
        b'{"alg": "RS256", "kid": "\\ud800"}',
        b"\xff\xfe",
        b'{"alg": "RS256", "pad": "' + b"x" * 3_000 + b'"}',
    ],
    ids=lambda header: repr(header[:40]),
)
async def test_headers_that_are_not_right(
    provider: Provider, reader: Reader, header: bytes
) -> None:
    """A header of whatever form makes nothing fall, and opens nothing."""
    encoded = urlsafe_b64encode(header).rstrip(b"=").decode()
    for signature in ("", part(b"x" * 256)):
        text = f"{encoded}.{part(claims_of(provider.issuer))}.{signature}"
        assert await reader.issuer.identify(text) is None
