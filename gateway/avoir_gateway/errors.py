"""What the gateway says when it cannot do what was asked: codes, messages, and where."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from avoir.messages import N_, Message


class Code(StrEnum):
    """The codes of errors; a plugin's own are ``PLUGIN.CODE``."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    BAD_CURSOR = "BAD_CURSOR"
    BAD_ID = "BAD_ID"
    BAD_REQUEST = "BAD_REQUEST"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    PLUGIN_DISABLED = "PLUGIN_DISABLED"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"
    IMPOSSIBLE_FACT = "IMPOSSIBLE_FACT"
    MISSING_FACT = "MISSING_FACT"
    NOT_YOURS_TO_STATE = "NOT_YOURS_TO_STATE"
    FLOOR_REACHED = "FLOOR_REACHED"
    NOTHING_CHANGED = "NOTHING_CHANGED"


class UserError(msgspec.Struct, frozen=True):
    """An expected failure, answered as data: what is wrong, and where in the facts."""

    code: str
    message: Message
    path: tuple[str, ...] = ()


class GatewayError(Exception):
    """A fault that ends a request; ``code`` and ``message`` are shown, nothing else is."""

    def __init__(self, code: Code, message: Message) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message.text}")


MESSAGES: Final = {
    Code.UNAUTHENTICATED: N_("A valid token is needed."),
    Code.FORBIDDEN: N_("Your role does not allow this."),
    Code.NOT_FOUND: N_("There is nothing here by that id."),
    Code.BAD_CURSOR: N_("This cursor is none of ours: start again without it."),
    Code.BAD_ID: N_("This is no id of ours."),
    Code.BAD_REQUEST: N_("The request cannot be read."),
    Code.QUERY_TOO_COMPLEX: N_("The query asks for too much at once."),
    Code.RATE_LIMITED: N_("Too many requests: wait a moment."),
    Code.PLUGIN_DISABLED: N_("This policy is not enabled."),
    Code.CONFLICT: N_("The matter has moved on since: read it again."),
    Code.IDEMPOTENCY_CONFLICT: N_("This idempotency key was used for another request."),
    Code.UNKNOWN_OUTCOME: N_(
        "It is unknown whether this took effect: ask again with the same key."
    ),
    Code.UNAVAILABLE: N_("The store does not answer: try again in a moment."),
    Code.INTERNAL: N_("Something went wrong on our side."),
    Code.IMPOSSIBLE_FACT: N_("This fact cannot be right."),
    Code.MISSING_FACT: N_("This fact is needed."),
    Code.NOT_YOURS_TO_STATE: N_("This is not for you to state."),
    Code.FLOOR_REACHED: N_("The balance is short by {short}."),
    Code.NOTHING_CHANGED: N_("Nothing would change: it is so already."),
}


ALREADY_RECORDED: Final = N_("This was recorded before.")

CLOSED: Final = N_("This business is closed: it can be read, and nothing is changed.")

TAKEN: Final = N_("{name} has taken this case for review.")

OUR_OWN: Final = frozenset({*MESSAGES.values(), ALREADY_RECORDED, CLOSED, TAKEN})
"""The messages that are the gateway's and no policy's: their words are in its own catalog."""


def failure(code: Code, *path: str) -> UserError:
    """An expected failure with its standard message."""
    return UserError(code.value, Message(MESSAGES[code]), path)


def taken(name: str) -> UserError:
    """That somebody else has taken a case for review, and who."""
    return UserError(Code.CONFLICT.value, Message(TAKEN, values={"name": name}), ("case",))


def fault(code: Code) -> GatewayError:
    """A fault with its standard message."""
    return GatewayError(code, Message(MESSAGES[code]))
