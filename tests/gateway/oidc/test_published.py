"""Tokens and keys of an issuer whose private keys the tests hold: what its provider cannot sign."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from avoir.lifecycles import Role
from avoir_gateway.oidc import LONGEST
from avoir_gateway.settings import Algorithm
from tests.gateway.oidc.conftest import reading
from tests.gateway.oidc.forging import claims_of, part, public, rs256, signed, with_secret
from tests.gateway.oidc.pages import Pages


async def test_both_algorithms_of_the_default(pages: Pages, rsa: RSAKey, curve: ECKey) -> None:
    """RS256 and ES256 are taken by default, each under the key that it was published for."""
    pages.publish(public(rsa, kid="r"), public(curve, kid="e"))
    claims = claims_of(pages.issuer)
    async with reading(pages.issuer) as reader:
        for text in (
            signed(rsa, claims, kid="r"),
            signed(curve, claims, "ES256", kid="e"),
            # it can be no other
            signed(rsa, claims),
            signed(curve, claims, "ES256"),
        ):
            who = await reader.issuer.identify(text)
            assert who is not None
            assert who.role is Role.OPERATOR


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_algorithms_are_pinned(pages: Pages, rsa: RSAKey, algorithm: str) -> None:
    """Another algorithm is taken where the settings say so, and the default no longer."""
    pages.publish(public(rsa, kid="r"))
    claims = claims_of(pages.issuer)
    text, usual = signed(rsa, claims, algorithm, kid="r"), signed(rsa, claims, kid="r")
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(text) is None
        assert await reader.issuer.identify(usual) is not None
    async with reading(pages.issuer, algorithms=(Algorithm(algorithm),)) as reader:
        assert await reader.issuer.identify(text) is not None
        assert await reader.issuer.identify(usual) is None


async def test_a_key_for_something_else(pages: Pages, rsa: RSAKey, curve: ECKey) -> None:
    """A key published for encryption, for another algorithm or curve verifies nothing."""
    claims = claims_of(pages.issuer)
    text = signed(rsa, claims, kid="r")
    other = ECKey.generate_key("P-384")
    for unfit in (
        public(rsa, kid="r", use="enc"),
        public(rsa, kid="r", alg="RS384"),
        public(rsa, kid="r") | {"key_ops": ["encrypt"]},
        public(rsa, kid="R"),
    ):
        pages.publish(unfit, public(curve, kid="e"))
        async with reading(pages.issuer) as reader:
            assert await reader.issuer.identify(text) is None
    pages.publish(public(other, kid="p"), public(rsa, kid="r"))
    async with reading(pages.issuer) as reader:
        text = signed(other, claims, "ES384", kid="p")
        assert await reader.issuer.identify(text) is None


@pytest.mark.filterwarnings("ignore:Key size should be")
async def test_keys_that_are_none(pages: Pages, rsa: RSAKey) -> None:
    """Published keys that are secrets, too short or broken are passed over; the rest serves."""
    weak = RSAKey.generate_key(1_024)
    secret = b"a secret that everybody can read"
    pages.publish(
        {"kty": "oct", "kid": "s", "k": part(secret), "alg": "HS256"},
        public(weak, kid="w"),
        {"kty": "RSA", "kid": "b"},
        {"kty": "RSA", "kid": "b", "n": 5, "e": []},
        {"kty": "RSA", "kid": "b", "n": "!", "e": "AQAB"},
        {"kty": "EC", "kid": "b", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "kid": "b", "crv": "P-9", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        {"kty": "AKP", "kid": "q"},
        {},
        public(rsa, kid="r"),
    )
    claims = claims_of(pages.issuer)
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(signed(rsa, claims, kid="r")) is not None
        assert await reader.issuer.identify(signed(weak, claims, kid="w")) is None
        text = with_secret({"alg": "HS256", "kid": "s"}, claims, secret)
        assert await reader.issuer.identify(text) is None


async def test_an_id_must_say_which_of_several(pages: Pages, rsa: RSAKey, forger: RSAKey) -> None:
    """Where several keys are published, a token has to name its own; a name given twice is
    none."""
    claims = claims_of(pages.issuer)
    pages.publish(public(rsa, kid="r"), public(forger, kid="f"))
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(signed(rsa, claims)) is None
        assert await reader.issuer.identify(signed(rsa, claims, kid="f")) is None
        assert await reader.issuer.identify(signed(rsa, claims, kid="r")) is not None
    pages.publish(public(rsa, kid="r"), public(forger, kid="r"))
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(signed(rsa, claims, kid="r")) is None


@pytest.mark.parametrize(
    ("header", "comes"),
    [
        ({"typ": "JWT"}, True),
        ({"typ": "at+jwt"}, True),
        ({"typ": "application/at+JWT"}, True),
        ({"typ": "logout+jwt"}, False),
        ({"typ": "dpop+jwt"}, False),
        ({"typ": ""}, False),
        ({"crit": ["exp"], "exp": 1}, False),
        ({"crit": []}, False),
        ({"nonce": "ours to ignore"}, True),
    ],
    ids=str,
)
async def test_what_a_header_says_of_a_token(
    pages: Pages, rsa: RSAKey, header: dict[str, Any], comes: bool
) -> None:
    """Tokens of other types, and those with an extension that must be understood, open
    nothing."""
    pages.publish(public(rsa, kid="r"))
    kid = {"kid": "r"}
    if "crit" in header:
        # the library does not sign what it does not understand
        made = {"alg": "RS256", "typ": "JWT", **kid, **header}
        text = f"{part(made)}.{part(claims_of(pages.issuer))}"
        text += "." + part(rs256(rsa, text.encode()))
    else:
        text = signed(rsa, claims_of(pages.issuer), **kid, **header)
    async with reading(pages.issuer) as reader:
        assert (await reader.issuer.identify(text) is not None) is comes


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "avoir_tenant", "avoir_role"])
async def test_a_claim_that_is_lacking(pages: Pages, rsa: RSAKey, name: str) -> None:
    """Each of the claims that are needed is needed."""
    pages.publish(public(rsa, kid="r"))
    async with reading(pages.issuer) as reader:
        good = signed(rsa, claims_of(pages.issuer), kid="r")
        assert await reader.issuer.identify(good) is not None
        text = signed(rsa, claims_of(pages.issuer, **{name: None}), kid="r")
        assert await reader.issuer.identify(text) is None


@pytest.mark.parametrize(
    "payload",
    [b"", b"5", b"null", b"[]", b'"x"', b"{", b"\xff", b"[" * 5_000, b'{"exp": NaN}'],
    ids=lambda payload: repr(payload[:20]),
)
async def test_payloads_that_are_no_claims(pages: Pages, rsa: RSAKey, payload: bytes) -> None:
    """What the issuer signed and is no claims opens nothing."""
    pages.publish(public(rsa, kid="r"))
    text = f"{part({'alg': 'RS256', 'kid': 'r'})}.{part(payload)}"
    text += "." + part(rs256(rsa, text.encode()))
    assert len(text) <= LONGEST
    async with reading(pages.issuer) as reader:
        assert await reader.issuer.identify(text) is None
