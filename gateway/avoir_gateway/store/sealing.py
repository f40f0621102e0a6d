"""Sealing: follows what is recorded, and seals it in blocks, behind the journal.

Any number of processes run it. One seals at a time, by a lease; the unique indexes of the chain
make two at once harmless. A mark says up to where everything in the feed is sealed; it moves only
when a majority has the blocks, so what comes again after a crash is found to be sealed already.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final, cast

from bson.objectid import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.change_stream import AsyncChangeStream
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from .connection import Database, Patience, durable
from .elements import RAW, as_bytes
from .errors import MarkLost, StoreError, saying
from .feed import INSERTS, NOTHING, TOKEN_LOST, WAIT_MS, Feed, Mark
from .leases import Lease
from .seals import Seal, Seals, Source, seal

log = logging.getLogger(__name__)

READER: Final = "seals"
"""Under which name the mark of what is sealed is stored."""
EVERY_SECONDS: Final = 1.0
"""For how long records are gathered before they are sealed together."""
LEASE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 1.0
"""How long one waits who does not hold the lease, or whose store does not answer."""
IDLE_SECONDS: Final = 60.0
"""How often the mark moves where nothing is recorded: the store keeps the feed for so long only."""
STOPPING_SECONDS: Final = 0.5
"""How long a sealer that was told to stop has before it is told again."""

MOST: Final = 5_000
"""Records that are gathered at most; their seals are kept, not they themselves."""
BATCH: Final = 100
"""Records that the store sends at once; between two such batches others have their turn."""

RECORDED: Final = [
    {
        "$match": {
            **INSERTS[0]["$match"],  # type: ignore[dict-item]
            "ns.coll": {"$in": [source.value for source in Source]},
        }
    }
]
