"""The keys of the issuer: found by discovery, fetched anew as they age, and not too often."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

from avoir.messages import N_, Message
from avoir_gateway.errors import Code, GatewayError
from avoir_gateway.oidc.pages import UnusableError, is_local, is_safe, read

log = logging.getLogger(__name__)

T = TypeVar("T")

RENEW_SECONDS: Final = 300.0
"""Older keys are fetched again before they are used: those withdrawn are gone by then."""
KEPT_SECONDS: Final = 3_600.0
"""Older keys open nothing, even while the issuer cannot be asked for others."""
AGAIN_SECONDS: Final = 5.0
"""Pause between two fetches, whatever the tokens say."""
FETCH_SECONDS: Final = 15.0
MOST_KEYS: Final = 50
FEWEST_BITS: Final = 2_048
"""Of an RSA key."""

DISCOVERY: Final = "/.well-known/openid-configuration"
SILENT = N_("The issuer of this token does not answer: try again in a moment.")


class IssuerUnavailable(GatewayError):  # noqa: N818 - as StoreUnavailable
    """No keys are known, and the issuer cannot be asked for them."""

    def __init__(self) -> None:
        super().__init__(Code.UNAVAILABLE, Message(SILENT))


class Key(msgspec.Struct, frozen=True):
    """A published key, its id, and the algorithms it may be used with."""

    id: str | None
    algorithms: frozenset[str]
    key: RSAKey | ECKey


class Published(msgspec.Struct, frozen=True, eq=False):
    """The keys as they were published at a moment; each fetch makes another one."""

    keys: tuple[Key, ...]
    at: float

    def key(self, algorithm: str, key_id: str | None) -> Key | None:
        """The key of an id, or the only one that it can be where a token names none."""
        able = [key for key in self.keys if algorithm in key.algorithms]
        if key_id is not None:
            able = [key for key in able if key.id == key_id]
        return able[0] if len(able) == 1 else None


class Keys:
    """The published keys of an issuer; ``ticks`` gives seconds that never run backwards."""

    def __init__(
        self, issuer: str, registry: JWSRegistry, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._registry = registry
        self._ticks = ticks
        self._published: Published | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def current(self) -> Published:
        """The keys to use now. Raises ``IssuerUnavailable``."""
        if self._is_older_than(RENEW_SECONDS):
            await self._renew()
        if self._published is None or self._is_older_than(KEPT_SECONDS):
            raise IssuerUnavailable
        return self._published

    async def since(self, known: Published) -> Published | None:
        """Keys fetched after those known; None where it is too early to ask, or no use."""
        if self._published is known:
            await self._renew()
        return None if self._published is known else self._published

    async def close(self) -> None:
        """Give up a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _is_older_than(self, seconds: float) -> bool:
        return self._published is None or self._ticks() - self._published.at >= seconds

    async def _renew(self) -> None:
        """Fetch the keys, all who ask at once by one fetch; not again within the pause."""
        if self._fetching is None:
            now = self._ticks()
            if self._tried_at is not None and now - self._tried_at < AGAIN_SECONDS:
                return
            self._tried_at = now
            self._fetching = asyncio.create_task(self._fetch())
        # a caller that goes away takes the keys from nobody
        await asyncio.shield(self._fetching)

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                documents = await asyncio.to_thread(_fetched, self._issuer)
            keys = tuple(_usable(documents, self._registry))
            if not keys:
                raise UnusableError("it publishes no key for the algorithms allowed")
        except (UnusableError, TimeoutError) as error:
            log.warning("the issuer %s gives no keys: %s", self._issuer, str(error) or "too slow")
        else:
            self._published = Published(keys, self._ticks())
        finally:
            self._fetching = None


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _KeySet(msgspec.Struct):
    keys: list[dict[str, Any]]


def _fetched(issuer: str) -> Sequence[dict[str, Any]]:
    """The documents of an issuer's keys; blocks. Raises ``UnusableError``."""
    address = issuer.rstrip("/") + DISCOVERY
    found = _decoded(address, _Discovery)
    if found.issuer != issuer:
        raise UnusableError(f"{address} speaks of the issuer {found.issuer[:200]!r}")
    keys = found.jwks_uri
    if not is_safe(keys) or (is_local(keys) and not is_local(issuer)):
        raise UnusableError(f"{address} names an address that is not safe: {keys[:200]!r}")
    return _decoded(keys, _KeySet).keys[:MOST_KEYS]


def _decoded(address: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(read(address), type=kind)
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"{address} is not what it should be: {error}") from None


def _usable(documents: Sequence[dict[str, Any]], registry: JWSRegistry) -> Iterator[Key]:
    """The keys that may verify a signature; others are passed over, as RFC 7517 asks."""
    for document in documents:
        # what is told to all is no secret: a symmetric key is none of ours
        if document.get("kty") not in (RSAKey.key_type, ECKey.key_type):
            continue
        try:
            key = import_key(document)
        except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, RSAKey) and key.raw_value.key_size < FEWEST_BITS:
            continue
        if isinstance(key, RSAKey | ECKey):
            algorithms = frozenset(_algorithms(key, registry))
            if algorithms:
                yield Key(key.kid, algorithms, key)


def _algorithms(key: RSAKey | ECKey, registry: JWSRegistry) -> Iterator[str]:
    for name in registry.allowed or ():
        with suppress(JoseError):
            registry.get_alg(name).check_key(key)
            yield name
