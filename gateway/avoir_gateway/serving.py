"""One process that serves: its socket, its signals, and the local store that it looks after."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from avoir_gateway import store
from avoir_gateway.gateway import Gateway
from avoir_gateway.listening import SIGNALS, Stopped
from avoir_gateway.opening import LocalStore
from avoir_gateway.settings import LogLevel

log = logging.getLogger(__name__)

LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a request line and its headers, of which the parser knows no end by itself."""
NEW_OBJECTS: Final = 10_000
"""So many more objects than before are looked through for garbage."""
GRACE_SECONDS: Final = 20
"""For how long requests under way may go on once the end was asked for."""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 with an end to everything that is not a body: heads, trailers, what stands beside
    the lengths of chunks. The parser by itself keeps of these whatever is sent."""

    _unread = 0
    """Bytes that brought neither a head to its end nor a piece of a body."""

    def data_received(self, data: bytes) -> None:
        if self._unread > LARGEST_HEAD:
            self.send_400_response("The head of the request is too large.")
            return
        self._unread += len(data)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()


class Server(uvicorn.Server):
    """A server that says when it listens, and that returns when a signal has ended it."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        with super().capture_signals():
            try:
                yield
            finally:
                # They were obeyed; raised again, they would end us before the store is stopped.
                self._captured_signals.clear()


class Keeper:
    """Runs a local store again where it has ended; asked every second, on the main thread."""

    def __init__(self, local: LocalStore | None) -> None:
        self._local = local

    async def look(self) -> None:
        """Mend the store if it has ended. Blocks while it does: nothing can be served meanwhile."""
        if self._local is None:
            return
        try:
            if self._local.mend():
                log.warning("the local store had ended: it runs again")
        except store.MongodError as error:
            log.error("the local store has ended: %s", error)


def configuration(
    app: Starlette, look: Callable[[], Awaitable[None]] | None = None, *, lifespan: bool = True
) -> uvicorn.Config:
    """How the application is served; ``look`` is asked every second."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="on" if lifespan else "off",
        log_config=None,
        access_log=False,
        server_header=False,
        # The address that is recorded is that of the connection, and no header's word.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        callback_notify=look,
        timeout_notify=1,
    )


def serve(
    app: Starlette,
    gateway: Gateway,
    listener: socket.socket,
    local: LocalStore | None,
    listening: Callable[[], None],
) -> None:
    """Serve until a signal. Raises ``store.StoreError`` where the store refuses to be prepared."""
    # The gateway is opened here and not by the application, so that what it raises comes out.
    config = configuration(app, Keeper(local).look, lifespan=False)
    server = Server(config, listening)

    async def run() -> None:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        for number in SIGNALS:
            # Until the server takes them over, and after it.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(task.cancel))
        async with gateway.open():
            settle_down()
            await server.serve(sockets=[listener])

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        try:
            runner.run(run())
        except asyncio.CancelledError:
            raise Stopped from None


def settle_down() -> None:
    """Have the collector of garbage pass by what is loaded by now, and look more seldom.

    A decision is made of hundreds of objects that are gone a moment later, and of no cycle: with
    the collector's own threshold every few of them cost a look through those that are kept.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def log_to_stderr(level: LogLevel) -> None:
    """Write the log to the standard error, a line each; the libraries' only where it warns.

    What the store is sent and answers is not written on any level: people's data stand in it.
    """
    logging.basicConfig(
        level=level.value.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,
    )
    if level is not LogLevel.DEBUG:
        for name in ("uvicorn", "pymongo", "asyncio"):
            logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("pymongo.command").setLevel(logging.WARNING)
