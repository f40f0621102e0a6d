"""The way to the store: one client for each event loop, quick to say that nobody answers."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from pymongo import AsyncMongoClient, ReadPreference, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from .documents import CODEC, Document

Client: TypeAlias = AsyncMongoClient[Document]
Database: TypeAlias = AsyncDatabase[Document]
Collection: TypeAlias = AsyncCollection[Document]


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait, in milliseconds."""

    find_server_ms: int = 2_000
    connect_ms: int = 2_000
    answer_ms: int = 10_000
    """Longer than `majority_ms`, so that the store's own word on a slow write arrives."""
    majority_ms: int = 5_000
    resolve_ms: int = 15_000
    """For how long an unknown outcome is asked after before the caller is told."""


def connect(uri: str, patience: Patience | None = None) -> Client:
    """A client of the store; it connects at the first question and heals by itself."""
    patience = patience or Patience()
    return AsyncMongoClient(
        uri,
        appname="avoir",
        tz_aware=True,
        tzinfo=CODEC.tzinfo,
        serverSelectionTimeoutMS=patience.find_server_ms,
        connectTimeoutMS=patience.connect_ms,
        socketTimeoutMS=patience.answer_ms,
        waitQueueTimeoutMS=patience.find_server_ms,
    )


def majority(patience: Patience) -> WriteConcern:
    """What every write that counts waits for: a majority, and its journal."""
    return WriteConcern(w="majority", j=True, wtimeout=patience.majority_ms)


def durable(database: Database, name: str, patience: Patience) -> Collection:
    """A collection written with majority and journal, read at majority from the primary."""
    return database.get_collection(
        name,
        codec_options=CODEC,
        read_preference=ReadPreference.PRIMARY,
        write_concern=majority(patience),
        read_concern=ReadConcern("majority"),
    )


def hinted(database: Database, name: str) -> Collection:
    """A collection of hints: written and read as the primary alone has it, which is quick.

    What a crash takes from it the journal brings back.
    """
    return database.get_collection(
        name,
        codec_options=CODEC,
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern(w=1),
        read_concern=ReadConcern("local"),
    )
