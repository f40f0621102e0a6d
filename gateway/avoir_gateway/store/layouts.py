"""What a collection is made of: its validator, its indexes, and the making of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError, OperationFailure

from .connection import Database, Patience, durable, majority
from .documents import Document
from .errors import StoreRefused, brief, saying

NAMESPACE_EXISTS = 48

Schema: TypeAlias = dict[str, object]
Direction: TypeAlias = tuple[str, int]


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a collection, its validator and its indexes."""

    name: str
    validator: Document
    indexes: tuple[IndexModel, ...]


def unique(name: str, *keys: Direction, where: str | None = None) -> IndexModel:
    """A unique index, over the documents that have the field `where` if one is named."""
    return _index(name, keys, where, {"unique": True})


def listing(name: str, *keys: Direction, where: str | None = None) -> IndexModel:
    """An index for finding and listing."""
    return _index(name, keys, where, {})


def _index(
    name: str, keys: Sequence[Direction], where: str | None, options: Mapping[str, bool]
) -> IndexModel:
    if where is None:
        return IndexModel(list(keys), name=name, **options)
    partial = {where: {"$exists": True}}
    return IndexModel(list(keys), name=name, partialFilterExpression=partial, **options)


TEXT: Schema = {"bsonType": "string"}
NAME: Schema = {"bsonType": "string", "minLength": 1}
LONG: Schema = {"bsonType": "long"}
COUNT: Schema = {"bsonType": "long", "minimum": 1}
DATE: Schema = {"bsonType": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
INSTANT: Schema = {"bsonType": "date"}
FLAG: Schema = {"bsonType": "bool"}
MAPPING: Schema = {"bsonType": "object"}


def optional(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"bsonType": [schema["bsonType"], "null"]}


def one_of(*values: str) -> Schema:
    """One of these texts."""
    return {"bsonType": "string", "enum": list(values)}


def fields(required: Mapping[str, Schema], also: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these fields and no others; those in `also` may be absent."""
    return {
        "bsonType": "object",
        "required": list(required),
        "properties": {**required, **(also or {})},
        "additionalProperties": False,
    }


def several(items: Schema, at_least: int = 0) -> Schema:
    """An array of these, no two alike."""
    return {"bsonType": "array", "items": items, "minItems": at_least, "uniqueItems": True}


async def lay(database: Database, layout: Layout, patience: Patience) -> None:
    """Make the collection, or bring its validator and its indexes up to date.

    Raises `StoreRefused` where an index exists with other properties, or where what is stored
    breaks a unique one.
    """
    concern = majority(patience).document
    doing = f"laying out {layout.name}"
    with saying(doing):
        try:
            await database.command(
                "create", layout.name, validator=layout.validator, writeConcern=concern
            )
        except OperationFailure as error:
            if error.code != NAMESPACE_EXISTS:
                raise
            if await _validator(database, layout.name) != layout.validator:
                await database.command(
                    "collMod", layout.name, validator=layout.validator, writeConcern=concern
                )
        if not layout.indexes:
            return
        try:
            await durable(database, layout.name, patience).create_indexes(list(layout.indexes))
        except DuplicateKeyError as error:
            raise StoreRefused(doing, error.code, brief(error)) from error


async def _validator(database: Database, name: str) -> Document:
    async with await database.list_collections(filter={"name": name}) as found:
        async for information in found:
            options = cast(Document, information.get("options", {}))
            return cast(Document, options.get("validator", {}))
    return {}
