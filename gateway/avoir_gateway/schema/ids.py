"""Ids of nodes and cursors of lists: opaque to those who hold them, checked when they come back."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

import msgspec
import strawberry

from avoir_gateway import store
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.scalars import is_text

LONGEST: Final = 2_000
"""Characters of an id or a cursor."""

_RECORD: Final = re.compile(r"[0-9a-f]{24}", re.ASCII)
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class NodeKind(StrEnum):
    """What an id names."""

    CASE = "Case"
    ACCOUNT = "Account"
    LINE = "StatementLine"
    POLICY = "Policy"


def is_plain(text: str, longest: int = 200) -> bool:
    """Whether a short text may go to the store: not empty, no NUL, no lone surrogate."""
    return 0 < len(text) <= longest and "\0" not in text and is_text(text)


def _opaque(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _content(opaque: str) -> bytes | None:
    """What an opaque text carries; None for what was never made here."""
    if len(opaque) > LONGEST or not _OPAQUE.fullmatch(opaque):
        return None
    try:
        content = base64.urlsafe_b64decode(opaque + "=" * (-len(opaque) % 4))
    except binascii.Error:
        return None
    return content if _opaque(content) == opaque else None


def node_id(kind: NodeKind, key: str) -> strawberry.ID:
    """The id of a node."""
    return strawberry.ID(_opaque(f"{kind.value}:{key}".encode()))


def named(id: str) -> tuple[NodeKind, str]:
    """What an id names; raises ``BAD_ID`` for what is none of ours."""
    content = _content(id)
    try:
        kind, _, key = (content or b"").decode().partition(":")
        if is_plain(key, LONGEST):
            return NodeKind(kind), key
    except ValueError:
        pass
    raise fault(Code.BAD_ID)


def key_of(id: str, kind: NodeKind) -> str | None:
    """The key of a node of this kind, None where the id names another kind."""
    found, key = named(id)
    return key if found is kind else None


def case_key(id: str) -> str | None:
    """The key of a case; None where the id names something else, a matter of an account too."""
    key = key_of(id, NodeKind.CASE)
    return None if key is None or key.startswith(store.ON_AN_ACCOUNT) else key


class CasePosition(msgspec.Struct, frozen=True, tag_field="v", tag="cases1"):
    """Behind which case a list goes on."""

    at: datetime
    case: str


class AccountPosition(msgspec.Struct, frozen=True, tag_field="v", tag="accounts1"):
    """Behind which account a list goes on."""

    name: str


class LinePosition(msgspec.Struct, frozen=True, tag_field="v", tag="lines1"):
    """Below which entry a statement goes on."""

    seq: int


class TenantPosition(msgspec.Struct, frozen=True, tag_field="v", tag="tenants1"):
    """Behind which tenant a list goes on."""

    id: str


class TokenPosition(msgspec.Struct, frozen=True, tag_field="v", tag="tokens1"):
    """Behind which token a list goes on."""

    id: str


class AuditPosition(msgspec.Struct, frozen=True, tag_field="v", tag="audit1"):
    """Behind which record a trail goes on."""

    record: str


class ReviewPosition(msgspec.Struct, frozen=True, tag_field="v", tag="reviews1"):
    """Behind which case of the queue it goes on: since when that waits, and its id."""

    at: datetime
    case: str


AnyPosition: TypeAlias = (
    CasePosition
    | AccountPosition
    | LinePosition
    | TenantPosition
    | TokenPosition
    | AuditPosition
    | ReviewPosition
)
Place = TypeVar("Place", bound=AnyPosition)


def cursor(place: AnyPosition) -> str:
    """The cursor of a place in a list; its form carries a version."""
    return _opaque(msgspec.json.encode(place))


def place(after: str, kind: type[Place]) -> Place:
    """The place of a cursor; raises ``BAD_CURSOR`` for that of another list, or none of ours."""
    try:
        found = msgspec.json.decode(_content(after) or b"", type=kind)
    except (msgspec.DecodeError, UnicodeError):
        raise fault(Code.BAD_CURSOR) from None
    if not _is_sound(found):
        raise fault(Code.BAD_CURSOR)
    return found


def _is_sound(place: AnyPosition) -> bool:
    match place:
        case CasePosition(at=at, case=case) | ReviewPosition(at=at, case=case):
            return at.utcoffset() is not None and 1 < at.year < 9999 and is_plain(case, LONGEST)
        case AccountPosition(name=name):
            return is_plain(name, LONGEST)
        case LinePosition(seq=seq):
            return 0 < seq < 2**63
        case AuditPosition(record=record):
            return _RECORD.fullmatch(record) is not None
        case TenantPosition(id=id) | TokenPosition(id=id):
            return is_plain(id)


def position(
    after: str, kind: type[CasePosition] | type[ReviewPosition] = CasePosition
) -> store.Position:
    """The place in a list of cases as the store takes it."""
    found: CasePosition | ReviewPosition = place(after, kind)
    return store.Position(found.at.astimezone(UTC), found.case)
