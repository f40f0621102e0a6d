"""``avoir completion``: what a shell needs to complete commands, options and policies."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from avoir.messages import N_

VARIABLE = "_AVOIR_COMPLETE"
"""The variable by which a shell asks what may come next; click's own convention."""

SHELLS = ("bash", "zsh", "fish")


def completion_command() -> click.Command:
    """The script that a shell is to read."""

    @click.command("completion", help=N_("Write the completions of a shell, for it to read."))
    @click.argument("shell", type=click.Choice(SHELLS))
    @click.pass_context
    def command(context: click.Context, shell: str) -> None:
        found = get_completion_class(shell)
        assert found is not None
        click.echo(found(context.find_root().command, {}, "avoir", VARIABLE).source())

    return command
