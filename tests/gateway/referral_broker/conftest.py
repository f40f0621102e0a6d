"""Agencies on the shared mongod, each served by two services with a client of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from avoir_gateway import store
from avoir_gateway.store import LocalMongod
from tests.gateway.referral_broker.agency import Agency, opened, serving


@pytest.fixture
async def agency(database: store.Database, mongod: LocalMongod) -> AsyncIterator[Agency]:
    """A tenant of the broker whose clock stands."""
    async with store.connect(mongod.uri) as other:
        yield await opened(await serving(database), await serving(other[database.name]))


@pytest.fixture
async def live(database: store.Database, mongod: LocalMongod) -> AsyncIterator[Agency]:
    """A tenant of the broker in which time goes by."""
    async with store.connect(mongod.uri) as other:
        yield await opened(await serving(database), await serving(other[database.name]), at=None)
