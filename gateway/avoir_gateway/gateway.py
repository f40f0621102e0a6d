"""What one gateway process holds while it serves: the store, the service, the engines."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from pymongo.errors import PyMongoError

from avoir.host import Host
from avoir.messages import N_, Language
from avoir.readers import Reader, negotiate
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.clock import Clock, system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.operations import Engine
from avoir_gateway.service import Service
from avoir_gateway.settings import Settings

if TYPE_CHECKING:
    from strawberry import Schema

    from avoir_gateway.oidc import Issuer

log = logging.getLogger(__name__)

DOMAIN: Final = "avoir_gateway"
START_SECONDS: Final = 3.0
"""How long the start waits for a store that is slow to answer or to be prepared."""
RETRY_SECONDS: Final = 1.0
READY_SECONDS: Final = 1.0
"""Within which the store has to answer for this process to be called ready."""
ENGINES: Final = 32

PREPARING = N_("The store is being prepared.")
SILENT = N_("The store does not answer.")
REFUSED = N_("The store refuses to be prepared.")


class Schemas(Protocol):
    """Makes the schema of a set of policies; the same object for the same set while it is kept."""

    async def showing(self, names: frozenset[str]) -> Schema:
        """The schema of these plugins or policies."""
        ...


class Gateway:
    """The parts that requests share. ``prepared`` is told the service once the store is ready."""

    def __init__(
        self,
        settings: Settings,
        host: Host,
        schemas: Schemas,
        uri: str,
        *,
        clock: Clock = system_clock,
        patience: store.Patience | None = None,
        prepare: Callable[[Service], Awaitable[None]] | None = None,
    ) -> None:
        self.settings = settings
        self.host = host
        self.is_prepared = False
        self._schemas = schemas
        self._uri = uri
        self._clock = clock
        self._patience = patience
        self._prepare = prepare
        self._reason = PREPARING
        self._tailer: store.Tailer | None = None
        self._engines: OrderedDict[frozenset[str], Engine] = OrderedDict()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve while this lasts: one client of the store, in this event loop.

        A store that does not answer yet is asked again and again, and one that takes long to
        prepare goes on preparing; what it refuses at once is raised.
        """
        issuer = self._issuer
        self.client = store.connect(self._uri, self._patience)
        database = self.client[self.settings.database]
        self.service = Service(self.host, stores_in(database, self._patience), self._clock)
        self._watch = self.service.directory.watch(database)
        self._serves = False
        preparing = asyncio.create_task(self._keep_preparing())
        try:
            await asyncio.wait([preparing], timeout=START_SECONDS)
            if preparing.done():
                preparing.result()
            self._serves = True
            yield
        finally:
            preparing.cancel()
            await asyncio.wait([preparing])
            await self.service.drain()
            await self._watch.stop()
            if issuer is not None:
                await issuer.close()
            await self.service.stores.sealing.stop()
            if self._tailer is not None:
                await self._tailer.stop()
            await self.client.close()

    async def _keep_preparing(self) -> None:
        while True:
            try:
                await self._prepared()
            except store.StoreUnavailable as silent:
                log.warning("%s", silent)
                self._reason = SILENT
            except Exception:
                if not self._serves:
                    raise
                log.exception("the store cannot be prepared")
                self._reason = REFUSED
            else:
                self.is_prepared = True
                if self._serves:
                    log.warning("the store is ready now")
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def _prepared(self) -> None:
        stores = self.service.stores
        await lay_out(stores)
        # What a process that ended left out of the lists comes in; till then they are behind.
        await stores.projections.catch_up()
        if self._tailer is None:
            self._tailer = store.Tailer(stores.projections, self.service.notice)
            self._tailer.start()
        stores.sealing.start()
        self._watch.start()
        if self._prepare is not None:
            await self._prepare(self.service)

    async def unready(self) -> str | None:
        """Why this process cannot serve now, as a source message; None where it can."""
        if not self.is_prepared:
            return self._reason
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self.client.admin.command("ping")
        except (TimeoutError, PyMongoError):
            return SILENT
        return None

    async def principal(
        self, token: str, role: str | None
    ) -> tuple[Principal, store.Tenant] | None:
        """Who comes with a token of ours or of the issuer, the latter in the role he names if any.

        None where the token opens nothing. Raises ``GatewayError`` where the issuer is needed and
        does not answer.
        """
        if token.count(".") != 2:
            return await self.service.principal(token)
        who = None if self._issuer is None else await self._issuer.identify(token, role)
        tenant = None if who is None else await self.service.directory.served(who.tenant)
        return None if who is None or tenant is None else (who, tenant)

    @cached_property
    def _issuer(self) -> Issuer | None:
        expected = self.settings.expected
        if expected is None:
            return None
        # cryptography is a tenth of a second that those without an issuer need not wait
        from avoir_gateway.oidc import Issuer

        return Issuer(expected, self._clock)

    async def engine(self, tenant: store.Tenant) -> Engine:
        """The engine of the policies that are enabled for a tenant."""
        policies = self.host.enabled(tenant.plugins)
        schema = await self._schemas.showing(policies)
        engine = self._engines.get(policies)
        if engine is None or engine.schema is not schema:
            engine = self._engines[policies] = Engine(schema, self.settings.limits)
            if len(self._engines) > ENGINES:
                self._engines.popitem(last=False)
        self._engines.move_to_end(policies)
        return engine

    def reader(self, tag: str) -> Reader:
        """The reader of the gateway's own messages."""
        with suppress(KeyError):
            return self._readers[tag]
        made = Reader(tag, "UTC", self.host.catalogs, DOMAIN)
        if len(self._readers) < 200:
            self._readers[tag] = made
        return made

    @cached_property
    def _readers(self) -> dict[str, Reader]:
        return {}


@lru_cache(maxsize=512)
def _negotiated(accepted: str, default: str) -> str:
    return negotiate(accepted, default)


def language(accepted: str | None, default: str = Language.ENGLISH) -> str:
    """The locale of an answer, such as ``fr_CA``, by an ``Accept-Language`` header."""
    default = default.replace("-", "_")
    return _negotiated(accepted[:500], default) if accepted else default
