"""``avoir settings``: what is in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import msgspec

from avoir.messages import N_
from avoir_gateway.commands.terminal import reader, settings_in_force

if TYPE_CHECKING:
    from avoir.cli.main import Context

SET, BY_DEFAULT = N_("set"), N_("default")


def settings_command() -> click.Command:
    """Show the settings."""

    @click.command("settings", help=N_("Show the settings in force, without secrets."))
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.pass_obj
    def command(context: Context, form: str | None) -> None:
        from avoir_gateway.settings import shown

        words = reader(context)
        rows = shown(settings_in_force(context), os.environ)
        if form == "json":
            said = {row.variable: row.value for row in rows}
            click.echo(msgspec.json.format(msgspec.json.encode(said)))
            return
        for row in rows:
            origin = words.word(SET if row.is_set else BY_DEFAULT)
            click.echo(f"{row.variable}={row.value}  ({origin})\n    {words.word(row.about)}")

    return command
