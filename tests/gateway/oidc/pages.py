"""Pages at an address, for what no honest provider does: to lie, to flood, to dawdle."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

DISCOVERY: Final = "/.well-known/openid-configuration"
LIMIT_SECONDS: Final = 60.0

Writer = Callable[[BaseHTTPRequestHandler], None]


class Pages:
    """What is answered at each path; the paths that were asked for, in their order."""

    def __init__(self) -> None:
        self.pages: dict[str, Writer] = {}
        self.asked: list[str] = []
        pages, asked = self.pages, self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                pages.get(self.path, answer(404, b""))(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def publish(self, *keys: Mapping[str, object], issuer: str = "", at: str = "") -> None:
        """Publish these keys, as an issuer does."""
        found = {"issuer": issuer or self.issuer, "jwks_uri": at or f"{self.issuer}/keys"}
        self.pages[DISCOVERY] = answer(200, json.dumps(found).encode())
        self.pages["/keys"] = answer(200, json.dumps({"keys": keys}).encode())


def answer(status: int, body: bytes, **headers: str) -> Writer:
    """One that answers with a status and a body."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


def drip(piece: bytes, pause: float, taken: threading.Event) -> Writer:
    """One that answers without an end, a piece at a time, until nobody reads any more."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        end = time.monotonic() + LIMIT_SECONDS
        try:
            while time.monotonic() < end:
                handler.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            taken.set()

    return write
