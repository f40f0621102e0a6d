"""What a caller is told of an error: its code and its message, and never an exception's text."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from graphql import FieldNode, GraphQLError

from avoir.errors import UsageError
from avoir.readers import Reader
from avoir_gateway import store
from avoir_gateway.errors import Code, GatewayError, fault

log = logging.getLogger(__name__)

Shown: TypeAlias = dict[str, Any]
"""An error as it stands in an answer."""

LOGGED: Final = 5
"""How many faults of one request are logged with their traceback: a list may hold many alike."""


class Incident:
    """The faults of one request: logged under one correlation id, which the caller is told."""

    def __init__(self) -> None:
        self._id = ""
        self._seen = 0

    def report(self, error: BaseException, what: str) -> str:
        """Log a fault of ours with its traceback; returns the correlation id."""
        self._id = self._id or secrets.token_hex(8)
        self._seen += 1
        if self._seen <= LOGGED:
            log.error("incident %s: %s", self._id, what, exc_info=error)
        return self._id


def recognised(error: BaseException) -> GatewayError | None:
    """What is to be said of an exception that is no fault of ours; None where it is one."""
    match error:
        case GatewayError():
            return error
        case store.UnknownOutcome():
            return fault(Code.UNKNOWN_OUTCOME)
        case store.StoreUnavailable():
            return fault(Code.UNAVAILABLE)
        case store.NotStorable() | UsageError():
            return fault(Code.BAD_REQUEST)
        case _:
            return None


def shown(error: GraphQLError | GatewayError, reader: Reader, incident: Incident) -> Shown:
    """An error as the caller reads it, in his language."""
    if isinstance(error, GatewayError):
        return _said(error, reader)
    cause = _cause(error)
    known = None if cause is None else recognised(cause)
    if known is not None:
        said = _said(known, reader) | _where(error)
        if isinstance(cause, UsageError):
            said["extensions"]["detail"] = str(cause)
        return said
    if _is_the_callers(error, cause):
        return {"message": error.message, **_where(error), "extensions": _extensions(error)}
    return masked(cause or error, reader, incident, _place(error)) | _where(error)


def masked(error: BaseException, reader: Reader, incident: Incident, what: str) -> Shown:
    """A fault of ours: its text goes to the log, its correlation id to the caller."""
    said = _said(fault(Code.INTERNAL), reader)
    said["extensions"]["correlationId"] = incident.report(error, what)
    return said


def _said(error: GatewayError, reader: Reader) -> Shown:
    return {"message": reader.say(error.message), "extensions": {"code": error.code.value}}


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception behind an error, behind those that only say where it happened."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _chain(error: GraphQLError) -> Iterator[GraphQLError]:
    link: BaseException | None = error
    while isinstance(link, GraphQLError):
        yield link
        link = link.original_error


def _is_the_callers(error: GraphQLError, cause: BaseException | None) -> bool:
    """Whether an error speaks of the query or its variables, or was meant for the caller."""
    if any("code" in (link.extensions or {}) for link in _chain(error)):
        return True
    if error.path:
        # What is wrong with an argument points at it; what fails in a field points at the field.
        nodes = error.nodes or []
        return cause is None and not all(isinstance(node, FieldNode) for node in nodes)
    # A scalar refuses a value with a ValueError; another exception in it is a mistake of ours.
    return cause is None or isinstance(cause, ValueError)


def _extensions(error: GraphQLError) -> dict[str, Any]:
    for link in _chain(error):
        if "code" in (link.extensions or {}):
            return dict(link.extensions or {})
    return {"code": Code.BAD_REQUEST.value}


def _where(error: GraphQLError) -> Shown:
    where: Shown = {}
    if error.locations:
        where["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        where["path"] = error.path
    return where


def _place(error: GraphQLError) -> str:
    return "at " + ".".join(map(str, error.path)) if error.path else "in a request"
