"""The very bytes of a stored document, field by field, before anybody makes values of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import pairwise
from struct import Struct
from typing import Final, TypeAlias

import bson
import msgspec
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from .connection import Collection
from .documents import CODEC, Document

_WHATEVER: Final = CODEC.with_options(
    datetime_conversion=DatetimeConversion.DATETIME_AUTO, unicode_decode_error_handler="replace"
)
"""For bytes that nobody of ours may have written: dates may lie anywhere, texts be none."""

RAW: Final[CodecOptions[RawBSONDocument]] = CodecOptions(
    document_class=RawBSONDocument,
    tz_aware=True,
    tzinfo=UTC,
    datetime_conversion=_WHATEVER.datetime_conversion,
    unicode_decode_error_handler=_WHATEVER.unicode_decode_error_handler,
)
"""How documents are read that are looked at byte by byte."""

RawCollection: TypeAlias = AsyncCollection[RawBSONDocument]

_LENGTH: Final = Struct("<i")
_FIXED: Final = {
    0x01: 8,  # double
    0x06: 0,  # undefined
    0x07: 12,  # object id
    0x08: 1,  # boolean
    0x09: 8,  # date
    0x0A: 0,  # null
    0x10: 4,  # 32-bit integer
    0x11: 8,  # timestamp
    0x12: 8,  # 64-bit integer
    0x13: 16,  # decimal
    0x7F: 0,  # largest key
    0xFF: 0,  # smallest key
}
_MEASURED: Final = {
    0x02: 4,  # string
    0x03: 0,  # document
    0x04: 0,  # array
    0x05: 5,  # binary
    0x0C: 16,  # pointer
    0x0D: 4,  # code
    0x0E: 4,  # symbol
    0x0F: 0,  # code with scope
}
"""What comes on top of the length that a value of such a type begins with."""
_EXPRESSION: Final = 0x0B
"""A regular expression: two texts that each end with a zero."""


class Element(msgspec.Struct, frozen=True):
    """A field of a document: its name, and its bytes from the one of its type to its last."""

    name: str
    data: bytes


def bounds(data: bytes) -> list[int]:
    """Where in a document as the store gave it its fields begin, and last where they end."""
    at, end = 4, len(data) - 1
    found = [at]
    # this runs for every field of every record that is sealed
    fixed, index, length = _FIXED.get, data.index, _LENGTH.unpack_from
    while at < end:
        kind, value = data[at], index(0, at + 1) + 1
        size = fixed(kind)
        if size is not None:
            at = value + size
        elif kind == _EXPRESSION:
            at = index(0, index(0, value) + 1) + 1
        else:
            at = value + _MEASURED[kind] + length(data, value)[0]
        found.append(at)
    return found


def elements(data: bytes) -> Iterator[Element]:
    """The fields of a document as the store gave it, in their order."""
    for begin, end in pairwise(bounds(data)):
        name = data[begin + 1 : data.index(0, begin + 1)]
        yield Element(name.decode(errors="replace"), data[begin:end])


def document_of(fields: Iterable[Element]) -> bytes:
    """The bytes of the document that has these fields."""
    content = b"".join(field.data for field in fields)
    return _LENGTH.pack(len(content) + 5) + content + b"\0"


def values_of(data: bytes) -> Document:
    """The values of a document, whoever wrote it; its dates in UTC, as far as there are such."""
    return bson.decode(data, _WHATEVER)


def as_bytes(collection: Collection) -> RawCollection:
    """The same collection, of which documents are read as bytes."""
    return collection.with_options(codec_options=RAW)
