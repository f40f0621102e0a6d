"""The host: loads plugins from their entry points, one at a time and guarded.

A plugin that cannot be loaded, or that breaks the contract, is quarantined by name; the rest
serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final

import pluggy

from avoir.errors import AvoirError, UsageError
from avoir.hookspecs import API, GROUP, Hooks, Plugin
from avoir.policies import Policy
from avoir.readers import Catalog, Catalogs

if TYPE_CHECKING:
    from click import Command


HOOKS: Final = frozenset({"avoir_plugin", "avoir_commands"})


class PluginError(AvoirError):
    """A plugin that breaks the contract; names the plugin and what it did."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A plugin that is installed but not served, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin that is served."""

    name: str
    distribution: str
    version: str
    policies: tuple[Policy, ...]


class Host:
    """The installed plugins, with their policies, catalogs and commands."""

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(Hooks)
        self.plugins: list[Loaded] = []
        self.quarantined: list[Quarantined] = []
        self._loaded: dict[int, Loaded] = {}
        self._policies: dict[str, Policy] = {}
        self._catalogs: dict[str, Catalog] = {}
        found = entry_points(group=GROUP) if points is None else points
        for point in sorted(found, key=lambda point: point.name):
            try:
                self._load(point)
            except KeyboardInterrupt:
                raise
            except BaseException as fault:  # SystemExit of a plugin included
                self._quarantine(point.name, fault)

    def _load(self, point: EntryPoint) -> None:
        module = point.load()
        try:
            self._manager.register(module, point.name)
            self._admit(point, module)
        except BaseException:
            if self._manager.is_registered(module):
                self._manager.unregister(module)
            raise

    def _admit(self, point: EntryPoint, module: object) -> None:
        hooks = {caller.name for caller in self._manager.get_hookcallers(module) or ()}
        if not hooks & HOOKS:
            raise PluginError("no_hook", plugin=point.name)
        if "avoir_plugin" not in hooks:
            return
        brought = next(iter(self._call("avoir_plugin", module)), None)
        if not isinstance(brought, Plugin):
            raise PluginError("not_a_plugin", plugin=point.name, returned=type(brought).__name__)
        if brought.api != API:
            raise PluginError(
                "incompatible_api", plugin=point.name, written_for=brought.api, host=API
            )
        self._check_names(brought)
        self._policies.update({policy.key: policy for policy in brought.policies})
        self._catalogs.update({catalog.domain: catalog for catalog in brought.catalogs})
        dist = point.dist
        loaded = self._loaded[id(module)] = Loaded(
            brought.name,
            dist.name if dist is not None else "",
            brought.version or (dist.version if dist is not None else ""),
            brought.policies,
        )
        self.plugins.append(loaded)

    def _check_names(self, brought: Plugin) -> None:
        keys = set(self._policies)
        for policy in brought.policies:
            if policy.plugin != brought.name:
                raise PluginError(
                    "policy_of_another_plugin", plugin=brought.name, policy=policy.key
                )
            if policy.key in keys:
                raise PluginError("policy_twice", plugin=brought.name, policy=policy.key)
            keys.add(policy.key)
        for other in self.plugins:
            if other.name == brought.name:
                raise PluginError(
                    "name_twice", plugin=brought.name, distribution=other.distribution
                )
        domains = set(self._catalogs)
        for catalog in brought.catalogs:
            if catalog.domain in domains:
                raise PluginError("catalog_twice", plugin=brought.name, domain=catalog.domain)
            domains.add(catalog.domain)

    def _call(self, hook: str, module: object) -> Sequence[Any]:
        others = [plugin for plugin in self._manager.get_plugins() if plugin is not module]
        call: Callable[[], Sequence[Any]] = self._manager.subset_hook_caller(hook, others)
        return call()

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The policies served, by key."""
        return self._policies

    def policy(self, key: str) -> Policy:
        """The policy of that key; raises ``UsageError``."""
        try:
            return self._policies[key]
        except KeyError:
            raise UsageError(
                "unknown_policy", policy=key[:60], known=", ".join(self._policies)
            ) from None

    def enabled(self, names: Iterable[str]) -> frozenset[str]:
        """The keys of the policies that these names stand for: of a plugin, or of one policy.

        What is not installed stands for nothing.
        """
        chosen = frozenset(names)
        return frozenset(
            key for key, policy in self._policies.items() if chosen & {key, policy.plugin}
        )

    def parts(self, names: Iterable[str]) -> Sequence[Loaded]:
        """The plugins with the policies that these names stand for, each with at least one."""
        keys = self.enabled(names)
        chosen = (
            replace(plugin, policies=tuple(p for p in plugin.policies if p.key in keys))
            for plugin in self.plugins
        )
        return [plugin for plugin in chosen if plugin.policies]

    @cached_property
    def catalogs(self) -> Catalogs:
        """The catalogs of all plugins."""
        return Catalogs(tuple(self._catalogs.values()))

    def commands(self, own: Sequence[Command] = ()) -> Sequence[Command]:
        """The commands that plugins add to ``avoir``; a plugin that fails is quarantined.

        So is one whose command has the name of another; but a group may bring commands to a
        group of that name.
        """
        from click import Command

        found: list[Command] = []
        taken = {name for command in own for name in _names(command)}
        for module in list(self._manager.get_plugins()):
            hooks = {caller.name for caller in self._manager.get_hookcallers(module) or ()}
            if "avoir_commands" not in hooks:
                continue
            name = self._manager.get_name(module) or ""
            try:
                brought = [c for commands in self._call("avoir_commands", module) for c in commands]
                names: set[str] = set()
                for command in brought:
                    if not isinstance(command, Command):
                        returned = type(command).__name__
                        raise PluginError("not_a_command", plugin=name, returned=returned)
                    for one in _names(command):
                        if _is_taken(one, taken | names):
                            raise PluginError("command_twice", plugin=name, command=one)
                        names.add(one)
                found += brought
                taken |= names
            except KeyboardInterrupt:
                raise
            except BaseException as fault:
                self._quarantine(name, fault)
                self._withdraw(module)
        return found

    def _withdraw(self, module: object) -> None:
        """Serve nothing more of a plugin."""
        loaded = self._loaded.pop(id(module), None)
        if loaded is not None:
            self.plugins.remove(loaded)
            for policy in loaded.policies:
                del self._policies[policy.key]
        self._manager.unregister(module)

    def _quarantine(self, name: str, fault: BaseException) -> None:
        reason = str(fault) or type(fault).__name__
        if not isinstance(fault, AvoirError):
            reason = f"{type(fault).__name__}: {reason}"
        self.quarantined.append(Quarantined(name, reason))


def _names(command: Command) -> Iterator[str]:
    """What a command is called; of a group, what each of its commands is called within it."""
    from click import Group

    if not isinstance(command, Group):
        yield str(command.name)
        return
    for one in command.commands.values():
        yield from (f"{command.name} {name}" for name in _names(one))


def _is_taken(name: str, taken: Iterable[str]) -> bool:
    """Whether a command has that name, or a group that it would have to be, or to be in."""
    whole = f"{name} "
    return any(f"{one} ".startswith(whole) or whole.startswith(f"{one} ") for one in taken)
