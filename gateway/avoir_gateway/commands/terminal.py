"""What commands share: the words of the terminal, the settings, and how a mistake ends one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final

import click

from avoir.messages import N_, Message, Value
from avoir.readers import Reader

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway import store
    from avoir_gateway.settings import Settings

DOMAIN: Final = "avoir_gateway"

NO_TENANT = N_("There is no tenant {tenant}.")
NO_DATE = N_("“{value}” is no date: write it as 2026-03-31.")
NO_STORE = N_("The store does not do it: {reason}.")


_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Mistake(click.ClickException):
    """A mistake of the user's: one line, and the exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"avoir: {self.message}", err=True)


def reader(context: Context) -> Reader:
    """The one who reads at the terminal."""
    return Reader(context.tag, "UTC", context.host.catalogs, DOMAIN)


def say(context: Context, text: str, **values: Value) -> str:
    """A message of the gateway in the terminal's words."""
    return reader(context).say(Message(text, values=values))


def settings_in_force(context: Context, **given: object) -> Settings:
    """The settings of the environment, and before them those given to the command."""
    from avoir_gateway.settings import SettingsError, read_settings, variable

    stated = {variable(name): str(value) for name, value in given.items() if value is not None}
    try:
        return read_settings({**os.environ, **stated})
    except SettingsError as error:
        raise Mistake(reader(context).say(error.message)) from None


def day(context: Context, value: str) -> date:
    """The day that somebody wrote; a mistake where it is none."""
    with suppress(ValueError):
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    raise Mistake(say(context, NO_DATE, value=value[:60]))


async def tenant_named(context: Context, tenants: store.Tenants, name: str) -> store.Tenant:
    """The tenant of that name; a name that nobody can have been given is a mistake too."""
    # What the shell hands on need not be text.
    found = None if any("\ud800" <= c <= "\udfff" for c in name) else await tenants.get(name)
    if found is None:
        shown = name[:60].encode("ascii", "backslashreplace").decode()
        raise Mistake(say(context, NO_TENANT, tenant=shown))
    return found


@contextmanager
def explained(context: Context) -> Iterator[None]:
    """Say in one line what the store cannot do."""
    from avoir_gateway import store

    try:
        yield
    except store.MongodError as error:
        raise Mistake(str(error)) from None
    except store.StoreError as error:
        raise Mistake(say(context, NO_STORE, reason=str(error))) from None


@contextmanager
def bar(context: Context, label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar beside the answer, at a terminal only; it is told how much is done, of how
    much."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    with click.progressbar(length=1, label=say(context, label), file=sys.stderr) as shown:
        so_far = 0

        def progress(done: int, of: int) -> None:
            nonlocal so_far
            shown.length = max(of, 1)
            shown.update(done - so_far)
            so_far = done

        yield progress
