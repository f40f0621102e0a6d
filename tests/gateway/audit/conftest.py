"""A journal, an administration, and what seals and verifies both, on a fresh database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from avoir_gateway.store import Administration, Database, Journal
from avoir_gateway.store.sealing import Sealing
from avoir_gateway.store.seals import Seals
from avoir_gateway.store.verifying import Finding, Kept, Verification, Verifier


@pytest.fixture
async def journal(database: Database) -> Journal:
    """An empty journal."""
    made = Journal(database)
    await made.ensure()
    return made


@pytest.fixture
async def administration(database: Database) -> Administration:
    """An empty administration."""
    made = Administration(database)
    await made.ensure()
    return made


@pytest.fixture
async def sealing(database: Database, journal: Journal, administration: Administration) -> Sealing:
    """What seals them, when it is told to."""
    made = Sealing(database)
    await made.ensure()
    return made


@pytest.fixture
def seals(database: Database) -> Seals:
    """The chains."""
    return Seals(database)


Verify = Callable[..., Awaitable[tuple[Verification, list[Finding]]]]


@pytest.fixture
def verify(database: Database) -> Verify:
    """Verifies the chain of a tenant: what it came to, and what was found."""

    async def verified(
        tenant: str = "t-1", kept: Kept | None = None
    ) -> tuple[Verification, list[Finding]]:
        verification = Verifier(database).verify(tenant, kept)
        findings = [finding async for finding in verification.findings()]
        assert verification.is_whole == (not findings)
        return verification, findings

    return verified
