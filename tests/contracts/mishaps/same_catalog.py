"""Brings a catalog for the messages of another plugin."""

from pathlib import Path

from avoir.hookspecs import API, Plugin, hookimpl
from avoir.readers import Catalog


@hookimpl
def avoir_plugin() -> Plugin:
    """Other words for acme's messages."""
    return Plugin("same_catalog", API, catalogs=(Catalog("acme_leads", Path(__file__).parent),))
