"""Returns something else than a plugin."""

from avoir.hookspecs import hookimpl


@hookimpl
def avoir_plugin() -> str:
    """A name is no plugin."""
    return "returns_rubbish"
