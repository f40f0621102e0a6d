"""Has a French catalog that is none."""

from pathlib import Path

from avoir.hookspecs import API, Plugin, hookimpl
from avoir.readers import Catalog
from tests.contracts.mishaps.specimen import policy

FOLDER = Path(__file__).parent / "unreadable"


@hookimpl
def avoir_plugin() -> Plugin:
    """A policy that is right, and no words for it."""
    return Plugin(
        "unreadable_catalog",
        API,
        policies=(policy("unreadable_catalog.specimen"),),
        catalogs=(Catalog("specimen", FOLDER),),
    )
