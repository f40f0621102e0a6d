"""Issuers, the clocks that their tokens are read by, and the keys that tokens are forged with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey, RSAKey

from avoir_gateway.clock import system_clock
from avoir_gateway.oidc import Expected, Issuer
from avoir_gateway.settings import Settings
from tests.gateway.oidc.pages import Pages
from tests.gateway.oidc.provider import Provider

STAFF = {"avoir_tenant": "t-en", "avoir_role": "operator", "name": "Anna Roy"}
"""The claims of one who works for a tenant."""


@dataclass
class Times:
    """The gateway's clock, and the seconds by which keys age; both are set by hand."""

    off: timedelta = timedelta()
    ticks: float = 0.0

    def clock(self) -> datetime:
        """The present moment, but for what it is put off by."""
        return system_clock() + self.off

    def seconds(self) -> float:
        """Seconds, of which none pass by themselves."""
        return self.ticks


@dataclass
class Reader:
    """One who reads the tokens of an issuer, and the times he goes by."""

    issuer: Issuer
    times: Times = field(default_factory=Times)


def expected(issuer: str, **changes: Any) -> Expected:
    """What is expected of an issuer's tokens, by default of the settings."""
    made = Settings(oidc_issuer=issuer, oidc_audience=("avoir", "https://avoir.example")).expected
    assert made is not None
    return msgspec.structs.replace(made, **changes)


@asynccontextmanager
async def reading(issuer: str, **changes: Any) -> AsyncIterator[Reader]:
    """A reader of an issuer's tokens, who knows nothing yet."""
    times = Times()
    reader = Reader(Issuer(expected(issuer, **changes), times.clock, times.seconds), times)
    yield reader
    await reader.issuer.close()


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The provider that all tests share, unless they mean to stop theirs."""
    with Provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
async def reader(provider: Provider) -> AsyncIterator[Reader]:
    """A reader of the provider's tokens."""
    async with reading(provider.issuer) as made:
        yield made


@pytest.fixture
def pages() -> Iterator[Pages]:
    """An issuer that publishes whatever it is told to."""
    with Pages() as made:
        yield made


@pytest.fixture(scope="session")
def forger() -> RSAKey:
    """A key that no issuer has."""
    return RSAKey.generate_key(2_048)


@pytest.fixture(scope="session")
def rsa() -> RSAKey:
    """A key of the issuer that publishes what it is told to."""
    return RSAKey.generate_key(2_048)


@pytest.fixture(scope="session")
def curve() -> ECKey:
    """Another key of that issuer."""
    return ECKey.generate_key("P-256")
