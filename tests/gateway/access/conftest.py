"""A gateway for those who ask what they may."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.stories.gateways import Gateway


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for gateways with a path so short that sockets fit into it."""
    made = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def gateway(folder: Path, stranger_path: Path) -> Iterator[Gateway]:
    """A gateway that has a plugin beside ours, which is one more tenant's alone."""
    with Gateway(folder / "access", path=[stranger_path]) as running:
        yield running
