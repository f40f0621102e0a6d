"""Brings two catalogs for one domain."""

from pathlib import Path

from avoir.hookspecs import API, Plugin, hookimpl
from avoir.readers import Catalog

FOLDER = Path(__file__).parent


@hookimpl
def avoir_plugin() -> Plugin:
    """Two folders, one domain."""
    catalogs = (Catalog("specimen", FOLDER), Catalog("specimen", FOLDER.parent))
    return Plugin("same_catalog_twice", API, catalogs=catalogs)
