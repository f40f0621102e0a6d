"""A desk at which what waits is looked at, on a real store."""

from __future__ import annotations

import pytest

from avoir.host import Host
from avoir_gateway.schema import Schema, build
from avoir_gateway.service import Service
from tests.gateway.reviews.desk import Desk, opened
from tests.gateway.schema.conftest import OURS, host, service

__all__ = ["host", "service"]


@pytest.fixture(scope="session")
def whole(host: Host) -> Schema:
    """The schema of all our policies."""
    return build(host, frozenset(OURS))


@pytest.fixture
async def desk(service: Service, whole: Schema) -> Desk:
    """A tenant of all five businesses."""
    return await opened(service, whole)
