"""The directory: who holds a token, which tenant he belongs to, and the values in force for it.

Every request asks all of that, and it hardly ever changes. So it is kept, and forgotten when the
store says that it was changed; where the store is silent, it is asked each time.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.clock import Clock

K = TypeVar("K")
V = TypeVar("V")

MOST: Final = 10_000
"""Answers kept of each kind."""
SOON: Final = 1.0
"""Seconds for which values of parameters hold unwatched: who set some waits no longer."""


class Kept(Generic[K, V]):
    """Answers of the store by key; whoever asks the same at once waits for the same answer."""

    def __init__(
        self,
        read: Callable[[K], Awaitable[V]],
        is_watched: Callable[[], bool],
        holds_unwatched: float = 0.0,
    ) -> None:
        self._read = read
        self._is_watched = is_watched
        self._holds_unwatched = holds_unwatched
        self._answers: OrderedDict[K, tuple[float, asyncio.Task[V]]] = OrderedDict()

    async def get(self, key: K) -> V:
        """The answer for a key; raises what the store raises."""
        since, answer = self._answers.get(key, (0.0, None))
        if answer is None or self._is_old(since) or _failed(answer):
            answer = asyncio.create_task(_asked(self._read(key)))
            # asked here, so that a failure nobody waits for makes no noise
            answer.add_done_callback(_failed)
            self._answers[key] = (time.monotonic(), answer)
            self._answers.move_to_end(key)
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)
        if answer.done():
            return answer.result()
        # one who goes away spoils the answer for nobody
        return await asyncio.shield(answer)

    def forget(self, key: K) -> None:
        """Ask again for a key, even where an answer is on its way: it may be an old one."""
        self._answers.pop(key, None)

    def forget_all(self) -> None:
        """Ask again for everything."""
        self._answers.clear()

    def _is_old(self, since: float) -> bool:
        return not self._is_watched() and time.monotonic() - since >= self._holds_unwatched


async def _asked(answer: Awaitable[V]) -> V:
    return await answer


def _failed(answer: asyncio.Task[V]) -> bool:
    return answer.done() and (answer.cancelled() or answer.exception() is not None)


class Directory:
    """Looks tokens, tenants and parameter values up, and keeps them while they are watched."""

    def __init__(
        self,
        tokens: store.Tokens,
        tenants: store.Tenants,
        parameters: store.Parameters,
        uses: store.Uses,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._uses = uses
        self._watch: store.Watch | None = None

        async def listing(key: tuple[str, str]) -> Sequence[store.ParameterValues]:
            return await parameters.listing(*key)

        self._tokens = Kept(tokens.by_hash, self._is_watched)
        self._tenants = Kept(tenants.get, self._is_watched)
        self._values = Kept(listing, self._is_watched, SOON)

    def watch(self, database: store.Database) -> store.Watch:
        """A watch by which this directory hears of changes, in whichever process."""
        self._watch = store.Watch(database, self.hear)
        return self._watch

    def _is_watched(self) -> bool:
        return self._watch is not None and self._watch.is_live

    def hear(self, changed: store.Changed | None) -> None:
        """Forget what was changed; everything, where something may have been missed."""
        match changed:
            case store.Changed(collection="tokens", key=str(key)):
                self._tokens.forget(key)
            case store.Changed(collection="tenants", key=str(key)):
                self._tenants.forget(key)
            case store.Changed(collection="parameters", tenant=str(tenant), policy=str(policy)):
                self._values.forget((tenant, policy))
            case _:
                self._tokens.forget_all()
                self._tenants.forget_all()
                self._values.forget_all()

    async def principal(self, secret: str) -> tuple[Principal, store.Tenant] | None:
        """Who holds a token, with his tenant; None where the token opens nothing."""
        key = store.hashed(secret)
        if key is None:
            return None
        token = await self._tokens.get(key)
        if token is None:
            # there is no end of secrets that nobody has
            self._tokens.forget(key)
            return None
        at = self._clock()
        if not token.is_valid(at):
            return None
        tenant = await self.served(token.tenant)
        if tenant is None:
            return None
        self._uses.note(token.tenant, token.id, at)
        who = Principal(
            token.tenant,
            token.actor,
            Role(token.role),
            token.name,
            token.party,
            token.id,
            frozenset(token.scopes),
        )
        return who, tenant

    async def served(self, tenant: str) -> store.Tenant | None:
        """A tenant that anybody may come in for."""
        found = await self.tenant(tenant)
        if found is None or found.status is store.TenantStatus.SUSPENDED:
            return None
        return found

    async def tenant(self, tenant: str) -> store.Tenant | None:
        """A tenant by its id."""
        return await self._tenants.get(tenant)

    async def values(self, tenant: str, policy: str) -> Sequence[store.ParameterValues]:
        """All values ever set for a policy, those in force latest first."""
        return await self._values.get((tenant, policy))

    def forget_tenant(self, tenant: str) -> None:
        """This process has changed a tenant: its next request sees it."""
        self._tenants.forget(tenant)

    def forget_values(self, tenant: str, policy: str) -> None:
        """This process has set parameters of a policy."""
        self._values.forget((tenant, policy))

    def forget_tokens(self) -> None:
        """This process has revoked a token."""
        self._tokens.forget_all()
