"""A gateway that the stories share, each with a tenant of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, enrol


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for gateways that a module ends as it likes."""
    made = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """The gateway that stories share unless they mean to harm theirs."""
    made = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    with Gateway(made) as running:
        yield running
    shutil.rmtree(made)


Enrol = Callable[..., Town]


@pytest.fixture(scope="session")
def conxpros(gateway: Gateway) -> Enrol:
    """Makes a new tenant that has enabled conXpros."""
    return lambda **rest: enrol(gateway, "conxpros", zone="America/New_York", **rest)


@pytest.fixture(scope="session")
def xpertsource(gateway: Gateway) -> Enrol:
    """Makes a new tenant that has enabled XpertSource."""
    return lambda **rest: enrol(gateway, "xpertsource", **rest)
