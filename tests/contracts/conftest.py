"""The stranger's plugin, brought into this process for one test at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from avoir.hookspecs import GROUP

collect_ignore = ["stranger"]


@pytest.fixture
def stranger_points(
    stranger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[EntryPoint]]:
    """The entry points of the stranger, which can be imported during one test."""
    monkeypatch.syspath_prepend(str(stranger_path))
    yield [
        point
        for distribution in distributions(path=[str(stranger_path)])
        for point in distribution.entry_points
        if point.group == GROUP
    ]
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme_leads"]:
        del sys.modules[name]
