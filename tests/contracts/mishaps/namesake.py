"""Takes the name of another plugin."""

from avoir.hookspecs import API, Plugin, hookimpl


@hookimpl
def avoir_plugin() -> Plugin:
    """Another plugin that calls itself acme."""
    return Plugin("acme", API)
