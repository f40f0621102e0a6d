"""What a document may hold: JSON without floats, checked before it goes to the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import bson
import msgspec
from bson.codec_options import CodecOptions
from bson.errors import InvalidDocument
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument

from .errors import NotStorable

if TYPE_CHECKING:
    JSON: TypeAlias = bool | int | str | list["JSON"] | dict[str, "JSON"] | None
else:
    # msgspec resolves the annotations of a struct, and no union may name itself there.
    JSON = Any

Document: TypeAlias = dict[str, object]
"""A document as the driver takes and gives it."""

CODEC: CodecOptions[Document] = CodecOptions(document_class=dict, tz_aware=True, tzinfo=UTC)
"""How documents are read: dates come back aware, in UTC."""

SMALLEST = -(2**63)
LARGEST = 2**63 - 1
DEEPEST = 90
"""Levels of nesting; the store itself stops at 180."""
TOO_DEEP = f"nested deeper than {DEEPEST} levels"

LARGEST_DOCUMENT = 16 * 1024 * 1024 - 16 * 1024
"""Bytes; the store's limit, less room for what it adds."""


class Lasting(dict[str, JSON]):
    """A part that is one object in many documents: it is read, and never changed.

    Such parts are most of what is recorded, so each is looked at and encoded only once. Raises
    `NotStorable`.
    """

    __slots__ = ("encoded",)

    def __init__(self, part: Mapping[str, JSON]) -> None:
        super().__init__(part)
        self.encoded = RawBSONDocument(encode(cast(Document, storable(dict(part)))))


def storable(value: object, path: str = "") -> object:
    """The same value as the store takes it: every integer 64 bits wide, no floats.

    Raises `NotStorable` with the path of the first value or key that may not be stored.
    """
    try:
        return _storable(value, 0)
    except _RefusedError as refusal:
        # The parts were gathered on the way out, so that a path costs nothing where all is well.
        inner = "".join(reversed(refusal.parts))
        raise NotStorable(path + inner if path else inner.lstrip("."), refusal.reason) from None


class _RefusedError(Exception):
    """A value that may not be stored, and the parts of its path, the innermost first."""

    def __init__(self, reason: str, *, is_of_a_key: bool = False) -> None:
        self.reason = reason
        self.is_of_a_key = is_of_a_key
        self.parts: list[str] = []


def _storable(value: object, depth: int) -> object:
    return _STORES.get(type(value), _of_another_type)(value, depth)


def _mapping(value: dict[object, object], depth: int) -> Document:
    if depth == DEEPEST:
        raise _RefusedError(TOO_DEEP)
    stored: Document = {}
    name = ""
    try:
        # every record is walked once, and whole: what most values are comes first
        for key, item in value.items():
            name = key if key in _KNOWN else _key(key)  # type: ignore[assignment]
            if item is None or (type(item) is str and item.isascii()):
                stored[name] = item
            else:
                stored[name] = _STORES.get(type(item), _of_another_type)(item, depth + 1)
    except _RefusedError as refusal:
        if refusal.is_of_a_key:
            refusal.is_of_a_key = False  # its place is that of the object that has it
        else:
            refusal.parts.append(f".{name}")
        raise
    return stored


def _array(value: Sequence[object], depth: int) -> list[object]:
    if depth == DEEPEST:
        raise _RefusedError(TOO_DEEP)
    stored: list[object] = []
    try:
        for item in value:
            stored.append(_storable(item, depth + 1))  # noqa: PERF401 - how far it came is said
    except _RefusedError as refusal:
        refusal.parts.append(f"[{len(stored)}]")
        raise
    return stored


def _text(value: str, _: int) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _RefusedError("the text holds a lone surrogate") from None
    return value


def _whole(value: int, _: int) -> Int64:
    if not SMALLEST <= value <= LARGEST:
        raise _RefusedError("the number does not fit into 64 bits")
    return Int64(value)


def _same(value: object, _: int) -> object:
    return value


def _once(value: Lasting, _: int) -> RawBSONDocument:
    return value.encoded


def _instant(value: datetime, _: int) -> datetime:
    try:
        return moment(value, "")
    except NotStorable as error:
        raise _RefusedError(error.reason) from None


def _of_another_type(value: object, depth: int) -> object:
    for kind, store in _STORES.items():
        if isinstance(value, kind):
            return store(value, depth)
    if isinstance(value, float):
        raise _RefusedError("a float: give a whole number, or a decimal as text")
    raise _RefusedError(f"a {type(value).__name__} is no JSON")


_STORES: Final[Mapping[type, Callable[[Any, int], object]]] = {
    Lasting: _once,
    str: _text,
    dict: _mapping,
    list: _array,
    tuple: _array,
    int: _whole,
    bool: _same,
    type(None): _same,
    datetime: _instant,
}


_KNOWN: Final[set[object]] = set()
"""Keys that were looked at before: the names of fields, which stand in every record."""
_MOST_KNOWN: Final = 5_000


def _key(key: object) -> str:
    reason = _against_key(key)
    if reason is not None or not isinstance(key, str):
        raise _RefusedError(reason or "a key is no text", is_of_a_key=True)
    if len(_KNOWN) < _MOST_KNOWN and len(key) < 60:
        _KNOWN.add(key)
    return key


def _against_key(key: object) -> str | None:
    """Why a key may not be stored; None where it may."""
    if not isinstance(key, str):
        return f"a key is a {type(key).__name__}, not a text"
    if key.startswith("$"):
        return f"the key {key!r} begins with a dollar sign"
    if "\0" in key:
        return f"the key {key!r} holds a NUL"
    if not key.isascii():
        try:
            key.encode()
        except UnicodeEncodeError:
            return f"the key {key!r} holds a lone surrogate"
    return None


def moment(value: datetime, path: str) -> datetime:
    """The instant in UTC. Refuses one without a zone, or finer than the store's millisecond."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise NotStorable(path, "the instant has no time zone")
    if value.microsecond % 1000:
        raise NotStorable(path, "the instant is finer than a millisecond")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise NotStorable(path, "the instant lies outside the years 1 to 9999") from None


def to_milliseconds(instant: datetime) -> datetime:
    """The instant cut to the milliseconds that the store keeps."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def builtins(value: object) -> object:
    """Structs, enums and dates as JSON; raises `NotStorable` for what has no such form."""
    try:
        return msgspec.to_builtins(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotStorable("", str(error)) from error


def encode(document: Mapping[str, object]) -> bytes:
    """The bytes of a document, made before anything is sent. Raises `NotStorable`."""
    try:
        data = bson.encode(document)
    except (InvalidDocument, OverflowError, RecursionError, UnicodeError) as error:
        raise NotStorable("", str(error)) from error
    if len(data) > LARGEST_DOCUMENT:
        raise NotStorable("", f"{len(data)} bytes, at most {LARGEST_DOCUMENT} fit")
    return data


def plain(value: object) -> object:
    """A stored value with Python's own integers in the place of the store's."""
    if isinstance(value, Int64):
        return int(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def exactly(**fields: object) -> Document:
    """A filter in which every value is taken literally, whatever its shape."""
    return {name.replace("__", "."): {"$eq": value} for name, value in fields.items()}
