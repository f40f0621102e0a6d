"""The issuer's tokens: signed as allowed with a published key, for us, and in their time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact
from joserfc.jwt import JWTClaimsRegistry

from avoir_gateway.access import Principal
from avoir_gateway.clock import Clock
from avoir_gateway.oidc.claims import Expected, principal
from avoir_gateway.oidc.keys import Keys, Published

LONGEST: Final = 8_192
"""Characters of a token; a longer one is not looked at."""
LONGEST_ID: Final = 100
"""Characters of a token's own id that are recorded; a token without one is known by its digest."""
LEEWAY_SECONDS: Final = 30
"""By how much the issuer's clock and ours may differ."""
OPENED: Final = 1_000
"""Tokens whose signature need not be verified again while the keys are the same."""

TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Types of tokens that open a door; others of the issuer's, such as a logout, do not."""

CREDENTIAL: Final = "oidc:"

HOSTILE: Final = (JoseError, ValueError, TypeError, AttributeError, RecursionError)
"""What reading a text that is no token may raise."""


class Issuer:
    """One issuer of tokens, whose keys are found by discovery."""

    def __init__(
        self, expected: Expected, clock: Clock, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._expected = expected
        # A header that we do not know is no harm, unless it is said to be critical.
        self._registry = JWSRegistry(
            algorithms=[algorithm.value for algorithm in expected.algorithms],
            strict_check_header=False,
        )
        self._checks = JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": expected.issuer},
            aud={"essential": True, "values": list(expected.audience)},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._keys = Keys(expected.issuer, self._registry, ticks)
        self._opened: OrderedDict[bytes, tuple[dict[str, Any], Published]] = OrderedDict()

    async def identify(self, text: str, wanted: str | None = None) -> Principal | None:
        """Who comes with a token, in the role wanted if one is; None where it opens nothing.

        Raises ``IssuerUnavailable`` where no keys are known and none can be had.
        """
        if len(text) > LONGEST or not text.isascii():
            return None
        digest = sha256(text.encode("ascii")).digest()
        claims = await self._claims(text, digest)
        if claims is None:
            return None
        try:
            self._checks.validate(claims)
        except JoseError:
            return None
        return principal(claims, self._expected, wanted, _credential(digest, claims))

    async def close(self) -> None:
        """Ask the issuer nothing more."""
        await self._keys.close()

    def _read(self, text: str) -> CompactSignature | None:
        """The parts of a token, before anything in it is believed; None where it cannot be one."""
        try:
            signature = extract_compact(text.encode("ascii"), registry=self._registry)
            header = signature.headers()
            # We know no extension that could be critical.
            is_ours = (
                header.get("alg") in self._expected.algorithms
                and "crit" not in header
                and str(header.get("typ", "JWT")).lower() in TYPES
                and isinstance(header.get("kid"), str | None)
            )
        except HOSTILE:
            return None
        return signature if is_ours else None

    async def _claims(self, text: str, digest: bytes) -> dict[str, Any] | None:
        """The claims of a token that a published key has signed, whatever they say."""
        kept, opened_with = self._opened.get(digest, (None, None))
        signature = self._read(text) if kept is None else None
        if kept is None and signature is None:
            return None
        published = await self._keys.current()
        # What other keys have opened, these may not.
        if opened_with is published:
            return kept
        signature = signature or self._read(text)
        if signature is None:
            return None
        claims = self._verified(signature, published)
        if claims is None:
            newer = await self._keys.since(published)
            if newer is None:
                return None
            published, claims = newer, self._verified(signature, newer)
        if claims is not None:
            self._keep(digest, claims, published)
        return claims

    def _keep(self, digest: bytes, claims: dict[str, Any], published: Published) -> None:
        self._opened[digest] = claims, published
        self._opened.move_to_end(digest)
        if len(self._opened) > OPENED:
            self._opened.popitem(last=False)

    def _verified(self, signature: CompactSignature, published: Published) -> dict[str, Any] | None:
        header = signature.headers()
        key = published.key(header["alg"], header.get("kid"))
        if key is None:
            return None
        try:
            if not validate_compact(signature, key.key, registry=self._registry):
                return None
            return msgspec.json.decode(signature.payload, type=dict[str, Any])
        except HOSTILE:
            return None


def _credential(digest: bytes, claims: dict[str, Any]) -> str:
    """What a record calls the token: its own id, or a digest that opens nothing."""
    own = claims.get("jti", "")
    is_fit = 1 <= len(own) <= LONGEST_ID and own.isprintable()
    return CREDENTIAL + (own if is_fit else digest.hex()[:32])
