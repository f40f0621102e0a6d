"""Pages of the issuer: read over HTTP by the standard library, and no further than is safe."""

from __future__ import annotations

import re
import time
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

LARGEST: Final = 262_144
"""Bytes of a page; the keys of a large issuer are a tenth of it."""
SILENT_SECONDS: Final = 3.0
"""For how long the issuer may say nothing."""
WHOLE_SECONDS: Final = 6.0
"""Within which a page must have been read."""
PIECE: Final = 65_536

LOCAL: Final = re.compile(r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(/[!-~]*)?")
REMOTE: Final = re.compile(r"https://[!-~]{1,2000}")


class UnusableError(Exception):
    """A page that cannot be had, or cannot be right; the text says why, for the log."""


def is_safe(address: str) -> bool:
    """Whether an address may be asked: by TLS, or without on this machine."""
    return bool(REMOTE.fullmatch(address) or LOCAL.fullmatch(address))


def is_local(address: str) -> bool:
    """Whether an address is this machine's, without TLS."""
    return LOCAL.fullmatch(address) is not None


def read(address: str) -> bytes:
    """The page at a safe address; blocks for at most ``WHOLE_SECONDS`` or so.

    Redirections are not followed: an issuer names its pages. Raises ``UnusableError``.
    """
    late = time.monotonic() + WHOLE_SECONDS
    request = Request(address, headers={"Accept": "application/json", "User-Agent": "avoir"})
    try:
        response: HTTPResponse
        with _opener(address).open(request, timeout=SILENT_SECONDS) as response:
            return _body(response, late)
    except HTTPError as refused:
        with refused:
            raise UnusableError(f"{address} answers {refused.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise UnusableError(f"{address} does not answer: {error}") from error


def _body(response: HTTPResponse, late: float) -> bytes:
    body = bytearray()
    while piece := response.read1(PIECE):
        body += piece
        if len(body) > LARGEST:
            raise ValueError(f"more than {LARGEST} bytes")
        if time.monotonic() > late:
            raise ValueError("too slow")
    return bytes(body)


def _opener(address: str) -> OpenerDirector:
    """One that knows HTTP and nothing else: no files, no redirections, no passwords."""
    opener = OpenerDirector()
    opener.add_handler(ProxyHandler({} if is_local(address) else None))
    for handler in (HTTPHandler, HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    return opener
