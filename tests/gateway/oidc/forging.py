"""Tokens signed by hand: as an issuer would, and as none does."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.gateway.oidc.conftest import STAFF

ANY = JWSRegistry(
    algorithms=["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"], strict_check_header=False
)


def claims_of(issuer: str, **changes: Any) -> dict[str, Any]:
    """Claims that open the gateway, with what is changed in them; None leaves a claim out."""
    now = int(time.time())
    made = {
        "iss": issuer,
        "aud": "avoir",
        "sub": "anna",
        "iat": now,
        "exp": now + 600,
        **STAFF,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def signed(
    key: RSAKey | ECKey, claims: Mapping[str, Any], algorithm: str = "RS256", **header: Any
) -> str:
    """A token that a key has signed."""
    return jwt.encode({"alg": algorithm, **header}, dict(claims), key, registry=ANY)


def public(key: RSAKey | ECKey, **more: str) -> dict[str, Any]:
    """The public half of a key, as an issuer publishes it."""
    return {**key.as_dict(private=False), **more}


def part(value: object) -> str:
    """A part of a token."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes = b"") -> str:
    """A token with a signature of one's own making, or none."""
    return f"{part(header)}.{part(claims)}.{part(signature)}"


def with_secret(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    """A token under HMAC: what a gateway that mistakes a public key for a secret would take."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def rs256(key: RSAKey, text: bytes) -> bytes:
    """A signature over what the library would not sign."""
    private = key.private_key
    assert private is not None
    return private.sign(text, PKCS1v15(), SHA256())
