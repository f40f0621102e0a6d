"""The schema of each set of our plugins, word for word, as files beside these tests.

A change to a schema is a change to what clients rely on: it shows in the snapshots. To write them
again, run ``UPDATE_SNAPSHOTS=1 python -m pytest tests/gateway/schema/test_snapshots.py`` and read
the difference.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from graphql import build_schema

from avoir.host import Host
from avoir_gateway.schema import Schema, build, sdl
from tests.gateway.schema.conftest import OURS, hosting

FOLDER = Path(__file__).parent / "snapshots"
INSTALLED = [point for point in entry_points(group="avoir") if point.name in OURS]
SERVED = tuple(plugin.name for plugin in Host(INSTALLED).plugins if plugin.policies)
SETS = ((), *((name,) for name in SERVED), *((SERVED,) if len(SERVED) > 1 else ()))


def name_of(plugins: tuple[str, ...]) -> str:
    return "+".join(plugins) or "core"


@pytest.mark.parametrize("plugins", SETS, ids=name_of)
def test_a_schema_is_what_its_snapshot_says(plugins: tuple[str, ...]) -> None:
    """A schema changes only together with its snapshot, and leaves out none of our plugins."""
    schema = build(Host(INSTALLED), frozenset(plugins))
    assert schema.left_out == ()
    text = sdl(schema)
    path = FOLDER / f"{name_of(plugins)}.graphql"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text)
    assert path.exists(), "no snapshot: see the top of this file"
    assert path.read_text() == text


def test_every_snapshot_is_of_a_set_that_is_served() -> None:
    """Each set that is served has a snapshot, and there are no others."""
    kept = {path.stem for path in FOLDER.glob("*.graphql")}
    assert kept == {name_of(plugins) for plugins in SETS}


def test_a_schema_can_be_read_back(wide_schema: Schema) -> None:
    """A schema as text can be read again, and has all the types it was written from."""
    read = build_schema(sdl(wide_schema))
    ours = {name for name in wide_schema._schema.type_map if not name.startswith("__")}
    assert ours == {name for name in read.type_map if not name.startswith("__")}


def test_everything_is_described(wide_schema: Schema) -> None:
    """Every type and every field of a schema has a description."""
    bare: list[str] = []
    for name, type_ in wide_schema._schema.type_map.items():
        if name.startswith("__"):
            continue
        if not type_.description:
            bare.append(name)
        for field, one in getattr(type_, "fields", {}).items():
            if not one.description:
                bare.append(f"{name}.{field}")
    assert bare == []


def test_building_twice_gives_the_same() -> None:
    """The same plugins always give the same schema, word for word."""
    host = hosting()
    plugins = frozenset({"xpertsource"})
    assert sdl(build(host, plugins)) == sdl(build(host, plugins))
