"""The hooks by which plugins come in. A plugin's module implements them with ``hookimpl``::

    from avoir.hookspecs import API, Plugin, hookimpl

    @hookimpl
    def avoir_plugin() -> Plugin:
        return Plugin("acme", API, policies=(POLICY,), catalogs=(Catalog("acme", FOLDER),))

The module is named by an entry point of the group ``avoir``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pluggy

from avoir.policies import Policy
from avoir.readers import Catalog

if TYPE_CHECKING:
    from click import Command

GROUP: Final = "avoir"
API: Final = 1
"""The version of the plugin contract; a plugin states the one it was written for."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a plugin brings: its name, the contract it was written for, policies and catalogs."""

    name: str
    api: int
    policies: tuple[Policy, ...] = ()
    catalogs: tuple[Catalog, ...] = ()
    version: str = ""


class Hooks:
    """The specifications; each is called once, when the host loads."""

    @hookspec
    def avoir_plugin(self) -> Plugin:
        """What the plugin brings."""
        raise NotImplementedError

    @hookspec
    def avoir_commands(self) -> Sequence[Command]:
        """Commands for ``avoir``; their modules import what is heavy only when they run."""
        raise NotImplementedError
