"""Has commands that are none."""

from collections.abc import Sequence

from avoir.hookspecs import API, Plugin, hookimpl


@hookimpl
def avoir_plugin() -> Plugin:
    """Nothing but commands."""
    return Plugin("commands_rubbish", API)


@hookimpl
def avoir_commands() -> Sequence[object]:
    """Names are no commands."""
    return ["serve", "schema"]
