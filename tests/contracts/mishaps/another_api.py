"""Was written for another version of the plugin contract; has a command, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avoir.hookspecs import Plugin, hookimpl
from tests.contracts.mishaps.specimen import policy

if TYPE_CHECKING:
    from click import Command


@hookimpl
def avoir_plugin() -> Plugin:
    """A plugin of a contract to come."""
    return Plugin("another_api", 99, policies=(policy("another_api.specimen"),))


@hookimpl
def avoir_commands() -> Sequence[Command]:
    """A command of a plugin that is not served."""
    import click

    return [click.Command("haunt")]
