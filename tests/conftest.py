"""What tests of every kind share: a plugin that is installed beside Avoir, not with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.command import install

STRANGER = Path(__file__).parent / "contracts" / "stranger"


@pytest.fixture(scope="session")
def stranger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the distribution ``acme-leads`` in it; only its tests put it on the path."""
    return install(STRANGER, tmp_path_factory.mktemp("stranger"))
