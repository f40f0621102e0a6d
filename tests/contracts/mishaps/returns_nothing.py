"""Forgets to return what it brings."""

from avoir.hookspecs import API, Plugin, hookimpl


@hookimpl
def avoir_plugin() -> None:
    """A plugin that is made and dropped."""
    Plugin("returns_nothing", API)
