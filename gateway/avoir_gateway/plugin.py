"""The gateway's commands, added to ``avoir`` through the entry-point door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avoir.hookspecs import hookimpl

if TYPE_CHECKING:
    from click import Command


@hookimpl
def avoir_commands() -> Sequence[Command]:
    """The commands that serve and look after a gateway."""
    from avoir_gateway import commands

    return (
        commands.serve_command(),
        commands.schema_command(),
        commands.settings_command(),
        commands.rebuild_command(),
        commands.tenants_command(),
        commands.plugins_command(),
        commands.tokens_command(),
        commands.report_command(),
        commands.parameters_command(),
        commands.audit_command(),
        commands.reviews_command(),
    )
