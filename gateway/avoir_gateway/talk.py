"""One request and its answer: the language, the media type, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from avoir.messages import Message
from avoir.readers import Reader
from avoir_gateway.errors import Code
from avoir_gateway.faults import Incident, masked, recognised
from avoir_gateway.gateway import Gateway, language
from avoir_gateway.http import Media, RequestError

STATUS: Final[Mapping[Code, HTTPStatus]] = {
    Code.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Code.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Code.UNKNOWN_OUTCOME: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of an error that ends a request before there is a GraphQL answer; others are 400."""

RETRY: Final = {"retry-after": "1"}


@dataclass(slots=True)
class Talk:
    """A request on its way to an answer."""

    gateway: Gateway
    request: Request
    tag: str
    media: Media = Media.JSON
    incident: Incident = field(default_factory=Incident)

    @property
    def reader(self) -> Reader:
        """The one who reads the answer."""
        return self.gateway.reader(self.tag)

    @property
    def place(self) -> str:
        """The method and the address, fit for a line of the log."""
        return f"{self.request.method} {self.request.url.path[:200]!a}"

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None where it is not given."""
        return ", ".join(self.request.headers.getlist(name)) or None

    def speak(self, default: str) -> None:
        """Take the language of the caller, where he names none the given one."""
        self.tag = language(self.header("accept-language"), default)

    def answer(
        self,
        status: HTTPStatus,
        body: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """An answer in JSON."""
        media = Media.JSON if self.media is Media.HTML else self.media
        return self.reply(
            status, msgspec.json.encode(body), f"{media.value}; charset=utf-8", headers
        )

    def reply(
        self,
        status: HTTPStatus,
        content: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """An answer of any kind, with its language."""
        spoken = {"content-language": self.tag.replace("_", "-"), "content-type": media_type}
        return Response(content, status, {**spoken, **(headers or {})})

    def errors(
        self,
        status: HTTPStatus,
        errors: Sequence[Mapping[str, Any]],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """An answer that holds nothing but errors."""
        return self.answer(status, {"errors": errors}, headers)

    def failed(self, error: Exception) -> Response:
        """The answer to a request that ended in an exception."""
        if isinstance(error, RequestError):
            return self._said(error.status, error.code, error.message, error.headers)
        known = recognised(error)
        if known is not None:
            status = STATUS.get(known.code, HTTPStatus.BAD_REQUEST)
            retry = RETRY if known.code is Code.UNAVAILABLE else None
            return self._said(status, known.code, known.message, retry)
        shown = masked(error, self.reader, self.incident, f"in {self.place}")
        return self.errors(HTTPStatus.INTERNAL_SERVER_ERROR, [shown])

    def _said(
        self, status: HTTPStatus, code: Code, message: Message, headers: Mapping[str, str] | None
    ) -> Response:
        shown = {"message": self.reader.say(message), "extensions": {"code": code.value}}
        return self.errors(status, [shown], headers)


def of(gateway: Gateway, request: Request) -> Talk:
    """A talk with somebody who is not known yet."""
    talk = Talk(gateway, request, language(None))
    talk.speak(talk.tag)
    return talk
