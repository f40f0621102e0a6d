"""What stands before every door: the host that was called, and the headers of every answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avoir.messages import N_
from avoir_gateway import talk
from avoir_gateway.errors import Code
from avoir_gateway.gateway import Gateway
from avoir_gateway.http import RequestError, host_name, is_allowed

HEADERS: Final = {
    "vary": "Accept-Language, Authorization, Accept",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
"""What every answer says, unless it says otherwise."""

LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")
ANYWHERE: Final = frozenset({"0.0.0.0", "::"})
"""Addresses to listen on that are no name to be called by."""

OTHER_HOST: Final = N_("This gateway is not called by that host name: see AVOIR_ALLOWED_HOSTS.")
NO_SUCH_PLACE: Final = N_("There is nothing at this address.")
OTHER_METHOD: Final = N_("This address takes other methods.")


class Door:
    """Answers what was sent to another host with 400, and whatever goes wrong behind with 500."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self._app = app
        self._gateway = gateway
        host = gateway.settings.host
        own = () if host in ANYWHERE else (f"[{host}]" if ":" in host else host.lower(),)
        named = tuple(name.lower() for name in gateway.settings.allowed_hosts)
        self._hosts = (*LOCAL, *own, *named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def say(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        failed: Exception
        try:
            if is_allowed(host_name(scope["headers"]), self._hosts):
                await self._app(scope, receive, say)
                return
            failed = RequestError(HTTPStatus.BAD_REQUEST, Code.BAD_REQUEST, OTHER_HOST)
        except Exception as fault:
            if begun:
                raise
            failed = fault
        request = Request(scope, receive)
        await talk.of(self._gateway, request).failed(failed)(scope, receive, say)


def astray(gateway: Gateway, request: Request, error: HTTPException) -> Response:
    """The answer to a request for a place that is not there, or by a method it does not take."""
    status = HTTPStatus(error.status_code)
    wrong = RequestError(status, Code.BAD_REQUEST, headers=error.headers)
    if status is HTTPStatus.NOT_FOUND:
        wrong = RequestError(status, Code.NOT_FOUND, NO_SUCH_PLACE)
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        wrong = RequestError(status, Code.BAD_REQUEST, OTHER_METHOD, headers=error.headers)
    return talk.of(gateway, request).failed(wrong)
