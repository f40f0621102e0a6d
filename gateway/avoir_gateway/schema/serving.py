"""The schema as it is served: which policies it shows, and how the caller's mistakes are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry
from graphql import GraphQLError
from strawberry.types import ExecutionContext

from avoir.errors import UsageError
from avoir.host import Quarantined
from avoir.messages import Message
from avoir_gateway import store
from avoir_gateway.errors import MESSAGES, Code, GatewayError
from avoir_gateway.schema.context import Context

if TYPE_CHECKING:
    from avoir_gateway.schema.describing import Info


class Schema(strawberry.Schema):
    """A schema for one set of policies: those it shows, and the plugins that were left out."""

    policies: frozenset[str] = frozenset()
    left_out: tuple[Quarantined, ...] = ()

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Say errors of ours in the reader's words, each with its code.

        A fault that is not expected stays as it is: the door masks it.
        """
        context = None if execution_context is None else execution_context.context
        unexpected = []
        for error in errors:
            ours = _ours(error.original_error)
            if ours is not None:
                code, message = ours
                error.message = _said(message, context)
                error.extensions = {**(error.extensions or {}), "code": code.value}
                if isinstance(error.original_error, UsageError):
                    error.extensions["detail"] = str(error.original_error)
            elif error.original_error is not None:
                unexpected.append(error)
        super().process_errors(unexpected, execution_context)


def _ours(error: BaseException | None) -> tuple[Code, Message] | None:
    match error:
        case GatewayError(code=code, message=message):
            return code, message
        case UsageError():
            return Code.BAD_REQUEST, Message(MESSAGES[Code.BAD_REQUEST])
        case store.StoreUnavailable():
            return Code.UNAVAILABLE, Message(MESSAGES[Code.UNAVAILABLE])
        case _:
            return None


def _said(message: Message, context: object) -> str:
    return context.reader().say(message) if isinstance(context, Context) else message.text


def served(info: Info, policy: str) -> bool:
    """Whether the schema that is asked shows the policy of that key."""
    return isinstance(info.schema, Schema) and policy in info.schema.policies


def seen(info: Info, policy: str) -> bool:
    """Whether the one who asks sees the matters of a policy: served, or no longer enabled."""
    context = info.context
    return served(info, policy) or context.service.sees_disabled(context.principal, context.tenant)
