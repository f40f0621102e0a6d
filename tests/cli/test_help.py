"""``avoir --help``: in the user's language, for every command that is installed."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from avoir.cli.main import SUMMARY, Context, build
from avoir.host import Host
from tests.cli.conftest import Run, word


def commands(group: click.Group, path: str = "avoir") -> Iterator[tuple[str, click.Command]]:
    """Every command, by the words it is called with."""
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def helps(tag: str) -> dict[str, str]:
    """Every text of help, by where it stands."""
    found: dict[str, str] = {}
    for path, command in commands(build(Context(Host(), tag))):
        found[path] = command.help or ""
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                found[f"{path} {parameter.opts[0]}"] = parameter.help or ""
    return found


def flat(text: str) -> str:
    """A text without its lines."""
    return " ".join(text.split())


def test_every_command_and_option_has_a_help() -> None:
    """No command and no option of ours or of a plugin is left unexplained."""
    assert [where for where, text in helps("en").items() if not text] == []


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_every_help_is_translated(language: str) -> None:
    """No help in French or Russian is the English one, plugins' commands among them."""
    english, other = helps("en"), helps(language)
    assert set(english) == set(other)
    assert [where for where, text in other.items() if text == english[where]] == []


@pytest.mark.parametrize(
    ("language", "usage"), [("en", "Usage:"), ("fr", "Utilisation"), ("ru", "Использование")]
)
def test_help_speaks_the_users_language(run: Run, language: str, usage: str) -> None:
    """Our words and those of the command-line library are one text in one language."""
    ran = run("--help", language=language)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(usage)
    assert flat(word(SUMMARY, language)) in flat(ran.out)
    for command in ("check", "evaluate", "plugins", "policy"):
        assert f"\n  {command} " in ran.out
    assert ("Show this message and exit." in ran.out) is (language == "en")
    assert ("Options:" in ran.out) is (language == "en")


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_a_commands_help_says_what_it_takes(run: Run, language: str) -> None:
    """``avoir evaluate -h`` names its arguments and explains its options."""
    ran = run("evaluate", "-h", language=language)
    assert ran.code == 0
    assert "avoir evaluate [OPTIONS] [POLICY] [FACTS]" in ran.out
    for option in ("--action", "--lang", "--parameters", "--text", "--lines"):
        assert option in ran.out
    said = word("The language of the answer: en, fr or ru.", language)
    assert flat(said) in flat(ran.out)
