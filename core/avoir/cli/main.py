"""The group of commands, the language they speak, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from gettext import gettext
from importlib.metadata import entry_points

import click

from avoir.cli.words import explained, reader, speak, wanted_language
from avoir.errors import AvoirError
from avoir.hookspecs import GROUP
from avoir.host import Host
from avoir.messages import N_
from avoir.readers import CORE, Reader

USERS_MISTAKE = 2


@dataclass(frozen=True)
class Context:
    """What every command has: the host of plugins and the language of the terminal."""

    host: Host
    tag: str

    @property
    def words(self) -> Reader:
        """The reader at the terminal."""
        return reader(self.host, self.tag)


SUMMARY = N_("Turn a business’s written terms into decisions: queried, explained and booked.")


def build(context: Context) -> click.Group:
    """The command ``avoir`` with the commands of this package and of the plugins."""
    from avoir.cli.completion import completion_command
    from avoir.cli.evaluation import check_command, evaluate_command
    from avoir.cli.listing import plugins_group, policy_group

    word = context.words.word

    @click.group(
        name="avoir", help=word(SUMMARY), context_settings={"help_option_names": ["-h", "--help"]}
    )
    @click.version_option(package_name="avoir", message="avoir %(version)s")
    def avoir() -> None:
        pass

    own = (
        evaluate_command(word),
        check_command(word),
        policy_group(word),
        plugins_group(word),
        completion_command(),
    )
    for command in (*own, *context.host.commands(own)):
        _translate(command, context)
        _add(avoir, command)
    return avoir


def _add(group: click.Group, command: click.Command) -> None:
    """Add a command; one that is a group beside one of its name brings its commands to that."""
    there = group.commands.get(str(command.name))
    if isinstance(there, click.Group) and isinstance(command, click.Group):
        for one in command.commands.values():
            there.add_command(one)
    else:
        group.add_command(command)


def _translate(command: click.Command, context: Context) -> None:
    """Commands come with source messages; here they get the terminal's words.

    The domain of their messages is the name of the package they are from.
    """
    domain = getattr(command.callback, "__module__", CORE).partition(".")[0]
    say = replace(context.words, domain=domain).word
    command.help = None if command.help is None else say(command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = say(parameter.help)
    if isinstance(command, click.Group):
        for name in command.commands:
            _translate(command.commands[name], context)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; the user's mistakes end it with 2 and one line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    host = _host(given)
    context = Context(host, wanted_language(os.environ))
    speak(host, context.tag)
    try:
        ended = build(context).main(
            args=given,
            prog_name="avoir",
            obj=context,
            standalone_mode=False,
        )
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(USERS_MISTAKE)
    except click.ClickException as mistake:
        click.echo(f"avoir: {_said(mistake)}", err=True)
        sys.exit(USERS_MISTAKE)
    except AvoirError as fault:
        click.echo(f"avoir: {explained(fault, context.words)}", err=True)
        sys.exit(USERS_MISTAKE)
    except OSError as fault:
        # what is left of the answer has nowhere to go: its reader hung up, or the disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(fault, BrokenPipeError):
            click.echo(f"avoir: {fault}", err=True)
        sys.exit(1)
    if isinstance(ended, int):  # click hands on the code of its ``Exit``
        sys.exit(ended)


CATALOGS = "locales"
"""The entry point of the catalogs of our own distributions."""


def _host(arguments: Sequence[str]) -> Host:
    """The plugins that a command needs: one decision needs its own, and the words of the core.

    Loading them all takes longer than deciding.
    """
    asked = set(arguments)
    if (
        len(arguments) > 1
        and arguments[0] == "evaluate"
        and not asked & {"-h", "--help", "--lines"}
    ):
        key = arguments[1]
        names = {key.partition(".")[0], CATALOGS}
        host = Host([point for point in entry_points(group=GROUP) if point.name in names])
        if key in host.policies:
            return host
    return Host()


def _said(mistake: click.ClickException) -> str:
    """A mistake on the command line, in one line, with the way to the help."""
    said = mistake.format_message()
    context = mistake.ctx if isinstance(mistake, click.UsageError) else None
    if context is None:
        return said
    hint = gettext("Try '{command} {option}' for help.")  # a message of click
    return f"{said} {hint.format(command=context.command_path, option='--help')}"
