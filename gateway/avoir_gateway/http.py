"""GraphQL over HTTP: what a request may look like, and with which status it is answered."""

from __future__ import annotations

import json
import math
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import Enum, StrEnum
from http import HTTPStatus
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

import msgspec

from avoir.messages import N_, Message, Value
from avoir_gateway.errors import MESSAGES, Code

DEEPEST: Final = 64
"""Levels of nesting in a request's JSON; the store takes 90, and facts need far fewer."""
LONGEST_NUMBER: Final = 100
"""Digits of a number."""
LONGEST_AUTHORIZATION: Final = 8_192 + 16
"""Characters of an ``Authorization`` header; no token of ours comes near, an issuer's may."""
PARAMETERS: Final = 10
"""Parameters of a GET request."""


class Media(StrEnum):
    """The media types of an answer."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    HTML = "text/html"


class Ended(Enum):
    """How an operation ended, and its status: of a GraphQL answer, and of a JSON one.

    The two differ by the specification: ``application/json`` is for clients that take any other
    status than 200 for the word of something between them and us.
    """

    ANSWERED = (HTTPStatus.OK, HTTPStatus.OK)
    REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.OK)
    """It was not run: its text, its size or its variables are not right."""
    UNANSWERED = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
    """It was begun and came to no end in time."""

    def status(self, media: Media) -> HTTPStatus:
        """The status under a media type."""
        return self.value[media is not Media.GRAPHQL]


class RequestError(Exception):
    """A request that gets no GraphQL answer: its status, and what is said of it."""

    def __init__(
        self,
        status: HTTPStatus,
        code: Code,
        text: str | None = None,
        *,
        values: Mapping[str, Value] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.message = Message(text or MESSAGES[code], values=values or {})
        self.headers = dict(headers or {})
        super().__init__(f"{status.value} {self.message.text}")


NOT_UTF8 = N_("The request is not UTF-8.")
NOT_JSON = N_("The request is not JSON.")
NOT_AN_OBJECT = N_("The request must be one JSON object; batches are not taken.")
TWICE = N_("A key stands twice in an object: {key}.")
TOO_DEEP = N_("The request is nested too deeply. Levels: at most {allowed}.")
NUMBER = N_("The request holds a number that is too long or too large.")
SURROGATE = N_("The request holds half a character: a lone surrogate.")
NO_QUERY = N_("The request has no query.")
NOT_TEXT = N_("This must be a text: {name}.")
NOT_A_MAP = N_("This must be an object: {name}.")
TOO_LARGE = N_("The request is too large. Bytes: at most {allowed}.")
SEND_JSON = N_("Send the request as application/json in UTF-8, not compressed.")
NOT_ACCEPTED = N_("The answer can be had as application/json or application/graphql-response+json.")
BY_POST = N_("By GET only queries are run: send this by POST.")
TOO_SLOW = N_("The request did not arrive in time.")


def _bad(text: str, **values: Value) -> RequestError:
    return RequestError(HTTPStatus.BAD_REQUEST, Code.BAD_REQUEST, text, values=values)


class Ask(msgspec.Struct, frozen=True):
    """What a request asks for."""

    query: str
    operation: str | None
    variables: dict[str, Any]


# -- media types ------------------------------------------------------------------------------


def accepted(header: str | None, *, page: bool = False) -> Media:
    """The media type of the answer, by an ``Accept`` header; ``page`` where HTML is offered too.

    The most specific range that covers a type decides for it; of types wanted alike, JSON is
    given to those who did not name GraphQL's own. Raises ``RequestError`` with 406.
    """
    ranges = dict(_ranges(header or "*/*"))
    offered = [Media.JSON, Media.GRAPHQL, *([Media.HTML] if page else [])]
    best, wanted = None, 0.0
    for media in offered:
        quality = _quality(ranges, media)
        named = media is Media.GRAPHQL and media.value in ranges
        if quality > wanted or (named and quality == wanted > 0):
            best, wanted = media, quality
    if best is None:
        raise RequestError(HTTPStatus.NOT_ACCEPTABLE, Code.BAD_REQUEST, NOT_ACCEPTED)
    return best


def _ranges(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header[:1_000].split(",")[:30]:
        name, *parameters = part.split(";")
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
            elif key.strip().lower() == "charset" and value.strip(' "').lower() != "utf-8":
                quality = 0.0
        if not 0 <= quality <= 1:
            quality = 0.0
        found.append((name.strip().lower(), quality))
    return found


def _quality(ranges: Mapping[str, float], media: Media) -> float:
    for name in (media.value, media.value.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def check_content(headers: Sequence[tuple[bytes, bytes]], largest: int) -> None:
    """Refuse a body that is not ours to read, before it is read: 415 and 413."""
    kinds = [value for name, value in headers if name == b"content-type"]
    encodings = [value for name, value in headers if name == b"content-encoding"]
    if (
        len(kinds) != 1
        or not _is_json(kinds[0])
        or any(e.lower() != b"identity" for e in encodings)
    ):
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            Code.BAD_REQUEST,
            SEND_JSON,
            headers={"accept-post": "application/json"},
        )
    for name, value in headers:
        if name == b"content-length" and (len(value) > 15 or int(value) > largest):
            raise _too_large(largest)


def _is_json(value: bytes) -> bool:
    kind, *parameters = value.decode("latin-1").lower().split(";")
    charsets = [p.partition("=")[2].strip(' "') for p in parameters if "charset" in p]
    return kind.strip() == "application/json" and all(c in ("utf-8", "utf8") for c in charsets)


def _too_large(largest: int) -> RequestError:
    # The connection stays: were it closed on what is still being sent, the answer would be lost.
    return RequestError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        Code.BAD_REQUEST,
        TOO_LARGE,
        values={"allowed": largest},
    )


async def whole(chunks: AsyncIterator[bytes], largest: int) -> bytes:
    """A body, read no further than it may be long. Raises ``RequestError`` with 413."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > largest:
            raise _too_large(largest)
    return bytes(body)


# -- what is asked ----------------------------------------------------------------------------


def from_body(body: bytes) -> Ask:
    """What the body of a POST asks for. Raises ``RequestError`` with 400."""
    return _ask(strict_json(body))


def from_query(query: bytes) -> Ask:
    """What the parameters of a GET ask for. Raises ``RequestError`` with 400."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS,
        )
    except UnicodeDecodeError:
        raise _bad(NOT_UTF8) from None
    except ValueError:
        raise RequestError(HTTPStatus.BAD_REQUEST, Code.BAD_REQUEST) from None
    parameters: dict[str, Any] = dict(_once(pairs))
    for name in ("variables", "extensions"):
        text = parameters.pop(name, "")
        if text:
            parameters[name] = strict_json(text.encode())
    return _ask(parameters)


def _ask(parameters: object) -> Ask:
    if not isinstance(parameters, dict):
        raise _bad(NOT_AN_OBJECT)
    query, operation = parameters.get("query"), parameters.get("operationName")
    if query is None:
        raise _bad(NO_QUERY)
    for name, text in (("query", query), ("operationName", operation)):
        if text is not None and not isinstance(text, str):
            raise _bad(NOT_TEXT, name=name)
    for name in ("variables", "extensions"):
        if not isinstance(parameters.get(name), dict | None):
            raise _bad(NOT_A_MAP, name=name)
    return Ask(query, operation or None, parameters.get("variables") or {})


def strict_json(data: bytes) -> object:
    """A JSON value without what two readers may read differently: keys that stand twice, NaN,
    numbers beyond all measure, lone surrogates. Raises ``RequestError`` with 400."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise _bad(NOT_UTF8) from None
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _bad(TOO_DEEP, allowed=DEEPEST) from None
    except ValueError:
        raise _bad(NOT_JSON) from None
    _check(value)
    return value


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        key = next(name for name in names if names.count(name) > 1)
        raise _bad(TWICE, key=_printable(key)[:60])
    return found


def _printable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _bad(NUMBER)
    return int(text)


def _number(text: str) -> float:
    number = float(text) if len(text) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise _bad(NUMBER)
    return number


def _constant(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def _check(value: object) -> None:
    """Refuse what is nested too deeply, and lone surrogates, which can be written nowhere."""
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        below: list[object] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                for key in item:
                    _check_text(key)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return
        level = below
    raise _bad(TOO_DEEP, allowed=DEEPEST)


def _check_text(text: str) -> None:
    if not text.isascii() and _SURROGATES.search(text):
        raise _bad(SURROGATE)


# -- headers ----------------------------------------------------------------------------------


def bearer(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """The token of a request; None where it gives none. Raises ``RequestError`` with 401."""
    given = [value for name, value in headers if name == b"authorization"]
    if not given:
        return None
    if len(given) == 1 and len(given[0]) <= LONGEST_AUTHORIZATION:
        found = _BEARER.fullmatch(given[0])
        if found:
            return found[1].decode("ascii")
    raise unauthenticated(given=True)


_BEARER: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*) *")


def unauthenticated(*, given: bool) -> RequestError:
    """The answer to a request without a token, or with one that opens nothing."""
    challenge = 'Bearer realm="avoir"' + (', error="invalid_token"' if given else "")
    return RequestError(
        HTTPStatus.UNAUTHORIZED, Code.UNAUTHENTICATED, headers={"www-authenticate": challenge}
    )


def host_name(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """The host that a request was sent to, without its port; None where that cannot be read."""
    given = [value for name, value in headers if name == b"host"]
    found = _HOST.fullmatch(given[0].decode("latin-1")) if len(given) == 1 else None
    return found[1].lower().rstrip(".") if found else None


_HOST: Final = re.compile(r"([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def is_allowed(host: str | None, allowed: Sequence[str]) -> bool:
    """Whether a host is one of those allowed: by name, or by ``*.`` and the end of its name."""
    if host is None:
        return False
    return any(
        name == "*" or name == host or (name.startswith("*.") and host.endswith(name[1:]))
        for name in allowed
    )
