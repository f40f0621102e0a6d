"""Implements a hook that does not exist."""

from avoir.hookspecs import API, Plugin, hookimpl


@hookimpl
def avoir_plugins() -> Plugin:
    """One letter too many: nobody asks."""
    return Plugin("misspelt", API)
