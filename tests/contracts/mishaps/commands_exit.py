"""Serves a policy, and tries to end the process when it is asked for its commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avoir.hookspecs import API, Plugin, hookimpl
from tests.contracts.mishaps.specimen import policy

if TYPE_CHECKING:
    from click import Command


@hookimpl
def avoir_plugin() -> Plugin:
    """A policy that is right."""
    return Plugin("commands_exit", API, policies=(policy("commands_exit.specimen"),))


@hookimpl
def avoir_commands() -> Sequence[Command]:
    """No answer."""
    raise SystemExit(4)
