"""The way to the store: the operator's own, or a local one that is run or attached to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from avoir_gateway import store
from avoir_gateway.service import Stores
from avoir_gateway.settings import Settings

PATIENCE_SECONDS = 15.0
"""How long to wait for another process that owns the folder and is only just starting or ending."""
POLL_SECONDS = 0.02
MENDING_SECONDS = 10.0
"""How long a process that serves may stand still for its store."""


class LocalStore:
    """The store of a data folder: ours to run, or another process's that serves us too.

    Made and looked after on the main thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mongod: store.LocalMongod | None = None
        self.uri = self._open()

    @property
    def is_ours(self) -> bool:
        """Whether this process runs the store, and others attach to it."""
        return self._mongod is not None

    def _open(self) -> str:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._mongod = store.start(self.folder)
                return self._mongod.uri
            except store.DataFolderInUse:
                try:
                    return store.attach(self.folder).uri
                except store.NotRunning:
                    if time.monotonic() > give_up_at:
                        raise
            time.sleep(POLL_SECONDS)

    def mend(self) -> bool:
        """Run the store where it has ended, whoever ran it; blocks. Whether anything was done."""
        if self._mongod is not None:
            if self._mongod.is_running():
                return False
            self._mongod.stop()
            self._mongod = None
        try:
            self._mongod = store.start(self.folder, seconds=MENDING_SECONDS)
        except store.DataFolderInUse:
            return False
        return True

    def close(self) -> None:
        """Stop the store if it is ours."""
        if self._mongod is not None:
            self._mongod.stop()
            self._mongod = None


@contextmanager
def opened(settings: Settings) -> Iterator[str]:
    """The address of the store while this lasts. Raises ``store.MongodError``."""
    if settings.mongodb_uri is not None:
        yield settings.mongodb_uri
        return
    local = LocalStore(settings.data)
    try:
        yield local.uri
    finally:
        local.close()


def stores_in(database: store.Database, patience: store.Patience | None = None) -> Stores:
    """The collections of a database."""
    journal = store.Journal(database, patience)
    projections = store.Projections(database, journal, patience)
    return Stores(
        journal=journal,
        projections=projections,
        lists=store.Coalescing(projections),
        listings=store.Listings(database, patience),
        figures=store.Figures(database, patience),
        tenants=store.Tenants(database, patience),
        tokens=store.Tokens(database, patience),
        parameters=store.Parameters(database, patience),
        past=store.Past(database, patience),
        uses=store.Uses(database, patience),
        administration=store.Administration(database, patience),
        reviews=store.Reviews(database, patience),
        sealing=store.Sealing(database, patience),
        trails=store.Trails(database, patience),
        verifier=store.Verifier(database, patience),
    )


async def lay_out(stores: Stores) -> None:
    """Make the collections with their validators and indexes, or bring them up to date."""
    await asyncio.gather(
        stores.journal.ensure(),
        stores.projections.ensure(),
        stores.tenants.ensure(),
        stores.tokens.ensure(),
        stores.parameters.ensure(),
        stores.uses.ensure(),
        stores.administration.ensure(),
        stores.reviews.ensure(),
        stores.sealing.ensure(),
    )
