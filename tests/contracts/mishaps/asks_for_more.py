"""Implements a hook with an argument that the hook does not have; has a command, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avoir.hookspecs import API, Plugin, hookimpl

if TYPE_CHECKING:
    from click import Command


@hookimpl
def avoir_plugin(database: object) -> Plugin:
    """A plugin that would like a database."""
    return Plugin("asks_for_more", API)


@hookimpl
def avoir_commands() -> Sequence[Command]:
    """A command of a plugin that is not served."""
    import click

    return [click.Command("haunt")]
