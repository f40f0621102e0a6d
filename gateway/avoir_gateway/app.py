"""The gateway over HTTP: its doors, and who may come in by them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from graphql import ExecutionResult, OperationDefinitionNode, OperationType
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from avoir.messages import N_, Message
from avoir_gateway import explorer, store, talk
from avoir_gateway.access import Principal
from avoir_gateway.doors import Door, astray
from avoir_gateway.errors import Code, GatewayError, fault
from avoir_gateway.faults import shown
from avoir_gateway.gateway import Gateway
from avoir_gateway.http import (
    BY_POST,
    TOO_SLOW,
    Ask,
    Ended,
    Media,
    RequestError,
    accepted,
    bearer,
    check_content,
    from_body,
    from_query,
    unauthenticated,
    whole,
)
from avoir_gateway.operations import Document, Engine, Refusal, chosen
from avoir_gateway.schema.context import Context
from avoir_gateway.settings import Explorer
from avoir_gateway.talk import Talk

log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[Talk], Awaitable[Response]]

ORIGIN: Final = "graphql"
ROLE: Final = "avoir-role"
"""The header in which one who has several roles names one."""
BY_SOCKET = N_("Subscriptions are not run over HTTP.")


def create_app(gateway: Gateway) -> Starlette:
    """The ASGI application; its lifespan opens the gateway."""
    doors = _Doors(gateway)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with gateway.open():
            yield

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await doors.open(request, handler)

        return Route(path, endpoint, methods=list(methods))

    app = Starlette(
        routes=[
            route("/graphql", doors.graphql, "GET", "POST"),
            route("/schema.graphql", doors.schema, "GET"),
            route("/healthz", doors.alive, "GET"),
            route("/readyz", doors.ready, "GET"),
            route("/", doors.home, "GET"),
        ],
        middleware=[Middleware(Door, gateway=gateway)],
        exception_handlers={
            status: lambda request, error: astray(gateway, request, error)
            for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


class _Doors:
    """The handlers of requests."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._settings = gateway.settings
        self._shows_explorer = gateway.settings.explorer is Explorer.ON

    async def open(self, request: Request, handler: Handler) -> Response:
        """Answer a request, however it ends."""
        exchange = talk.of(self._gateway, request)
        try:
            return await handler(exchange)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:
            answer = exchange.failed(error)
            log.info("%s refused status=%d", exchange.place, answer.status_code)
            return answer

    async def alive(self, exchange: Talk) -> Response:
        """That this process is there."""
        return exchange.answer(HTTPStatus.OK, {"status": "ok"})

    async def ready(self, exchange: Talk) -> Response:
        """Whether requests can be served now, else why not."""
        reason = await self._gateway.unready()
        if reason is None:
            return exchange.answer(HTTPStatus.OK, {"status": "ok"})
        said = {"status": "unavailable", "reason": exchange.reader.word(reason)}
        return exchange.answer(HTTPStatus.SERVICE_UNAVAILABLE, said, talk.RETRY)

    async def home(self, exchange: Talk) -> Response:
        """The way to the explorer, where there is one."""
        if not self._shows_explorer:
            raise RequestError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND)
        there = {"location": "/graphql"}
        return exchange.reply(HTTPStatus.SEE_OTHER, b"", "text/plain; charset=utf-8", there)

    async def schema(self, exchange: Talk) -> Response:
        """The schema that the caller's tenant has."""
        _, tenant = await self._authenticated(exchange)
        engine = await self._gateway.engine(tenant)
        return exchange.reply(HTTPStatus.OK, engine.sdl, "text/plain; charset=utf-8")

    async def graphql(self, exchange: Talk) -> Response:
        """The answer to an operation, or the explorer."""
        request, raw = exchange.request, exchange.request.headers.raw
        get = request.method != "POST"
        page = get and self._shows_explorer and not request.url.query
        exchange.media = accepted(exchange.header("accept"), page=page)
        if exchange.media is Media.HTML:
            return explorer.page(exchange)
        if request.method == "HEAD":
            allow = {"allow": "GET, POST"}
            raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED, Code.BAD_REQUEST, headers=allow)
        if not get:
            check_content(raw, self._settings.max_body)
        who = await self._authenticated(exchange)
        ask = from_query(request.scope["query_string"]) if get else await self._asked(request)
        engine = await self._gateway.engine(who[1])
        begun = time.perf_counter()
        ended, answer = await self._run(exchange, engine, ask, who, get)
        status = ended.status(exchange.media)
        _note(who, ask, answer, status, time.perf_counter() - begun)
        return exchange.answer(status, answer)

    async def _authenticated(self, exchange: Talk) -> tuple[Principal, store.Tenant]:
        secret = bearer(exchange.request.headers.raw)
        if secret is None:
            raise unauthenticated(given=False)
        found = await self._gateway.principal(secret, exchange.header(ROLE))
        if found is None:
            raise unauthenticated(given=True)
        exchange.speak(found[1].language)
        return found

    async def _asked(self, request: Request) -> Ask:
        try:
            async with asyncio.timeout(self._settings.deadline):
                body = await whole(request.stream(), self._settings.max_body)
        except TimeoutError:
            raise RequestError(
                HTTPStatus.REQUEST_TIMEOUT,
                Code.BAD_REQUEST,
                TOO_SLOW,
                headers={"connection": "close"},
            ) from None
        return from_body(body)

    async def _run(
        self,
        exchange: Talk,
        engine: Engine,
        ask: Ask,
        who: tuple[Principal, store.Tenant],
        get: bool,
    ) -> tuple[Ended, dict[str, Any]]:
        document = engine.documents.get(ask.query)
        if document.refusals:
            return Ended.REFUSED, self._refused(exchange, *document.refusals)
        try:
            operation = chosen(document, ask.operation)
            if operation.operation is OperationType.SUBSCRIPTION:
                raise GatewayError(Code.BAD_REQUEST, Message(BY_SOCKET))
            if get and operation.operation is not OperationType.QUERY:
                allow = {"allow": "POST"}
                raise RequestError(
                    HTTPStatus.METHOD_NOT_ALLOWED, Code.BAD_REQUEST, BY_POST, headers=allow
                )
            cost = engine.cost(document, operation, ask.variables)
        except GatewayError as refused:
            return Ended.REFUSED, self._refused(exchange, refused)
        result = await self._executed(exchange, engine, document, operation, ask, who)
        if isinstance(result, GatewayError):
            return Ended.UNANSWERED, self._refused(exchange, result)
        errors = result.errors or []
        if result.data is None and errors and not any(error.path for error in errors):
            return Ended.REFUSED, self._refused(exchange, *errors)
        answer: dict[str, Any] = {"data": result.data}
        if errors:
            answer |= self._refused(exchange, *errors)
        allowed = self._settings.max_cost
        answer["extensions"] = {"cost": {"requested": cost, "allowed": allowed}}
        return Ended.ANSWERED, answer

    async def _executed(
        self,
        exchange: Talk,
        engine: Engine,
        document: Document,
        operation: OperationDefinitionNode,
        ask: Ask,
        who: tuple[Principal, store.Tenant],
    ) -> ExecutionResult | GatewayError:
        principal, tenant = who
        client = exchange.request.client
        origin = store.Origin(door=ORIGIN, address=client.host if client else None)
        context = Context(principal, tenant, self._gateway.service, exchange.tag, origin)
        try:
            async with asyncio.timeout(self._settings.deadline):
                return await engine.run(document, operation, ask.variables, context)
        except TimeoutError:
            # What a mutation has begun goes on: whether it took effect is not known here.
            changes = operation.operation is OperationType.MUTATION
            return fault(Code.UNKNOWN_OUTCOME if changes else Code.UNAVAILABLE)

    def _refused(self, exchange: Talk, *refusals: Refusal) -> dict[str, Any]:
        reader, incident = exchange.reader, exchange.incident
        return {"errors": [shown(refusal, reader, incident) for refusal in refusals]}


def _note(
    who: tuple[Principal, store.Tenant],
    ask: Ask,
    answer: dict[str, Any],
    status: HTTPStatus,
    seconds: float,
) -> None:
    """One line for each operation, without anything that was asked or answered."""
    codes = {error["extensions"].get("code") for error in answer.get("errors", ())}
    log.info(
        "tenant=%s actor=%s operation=%a status=%d ms=%.1f errors=%s",
        who[1].id,
        who[0].id,
        (ask.operation or "")[:60],
        status,
        seconds * 1_000,
        ",".join(sorted(map(str, codes))) or "-",
    )
