"""Tries to end the process when it is asked what it brings."""

from avoir.hookspecs import Plugin, hookimpl


@hookimpl
def avoir_plugin() -> Plugin:
    """No answer."""
    raise SystemExit(3)
