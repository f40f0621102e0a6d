"""Building: one schema for each set of enabled policies, made once and off the event loop."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import strawberry
from strawberry.schema.config import StrawberryConfig

from avoir.host import Host, Loaded, Quarantined
from avoir_gateway.schema.doors import Contribution
from avoir_gateway.schema.inputs import CORE, SchemaError, contribution, mutation, query
from avoir_gateway.schema.scalars import SCALARS
from avoir_gateway.schema.serving import Schema
from avoir_gateway.schema.types import CommonError

log = logging.getLogger(__name__)

MOST: Final = 64
"""Schemas kept built; one takes about 2 MB."""

_ONE_OF: Final = "directive @oneOf on INPUT_OBJECT"
_ONE_OF_TOLD: Final = "Of the fields of such an input exactly one is given."
"""The one thing in the language that would stand there without a description."""

_BUILDING: Final = threading.Lock()
"""The types that all schemas share settle themselves when they are first used."""


def build(host: Host, names: frozenset[str]) -> Schema:
    """The schema of a set of plugins, or of some of their policies, by name.

    Those that are not installed do not matter.

    A plugin that has no place beside the others is left out, and named by ``left_out`` and in
    the host's quarantine; the rest is served.
    """
    with _BUILDING:
        schema = _build(host.parts(names))
    for out in schema.left_out:
        log.warning("plugin %s is left out of the schema: %s", out.name, out.reason)
        if out not in host.quarantined:
            host.quarantined.append(out)
    return schema


def sdl(schema: strawberry.Schema) -> str:
    """The schema in the schema definition language."""
    text = schema.as_str().replace(_ONE_OF, f'"""{_ONE_OF_TOLD}"""\n{_ONE_OF}', 1)
    return f"{text}\n"


def _build(plugins: Sequence[Loaded]) -> Schema:
    taken = dict.fromkeys(_names_of_the_core(), CORE)
    brought: list[Contribution] = []
    left_out: list[Quarantined] = []
    for plugin in plugins:
        try:
            one = contribution(plugin, taken)
        except Exception as fault:
            left_out.append(_quarantined(plugin.name, fault))
        else:
            brought.append(one)
            taken |= dict.fromkeys(one.names, f"the plugin {one.plugin}")
    try:
        schema = _made(brought)
    except Exception:
        brought, failing = _each_alone(brought)
        left_out += failing
        schema = _made(brought)
    out = {one.name for one in left_out}
    served = [plugin for plugin in plugins if plugin.name not in out]
    schema.policies = frozenset(policy.key for plugin in served for policy in plugin.policies)
    schema.left_out = tuple(left_out)
    return schema


def _each_alone(
    contributions: Iterable[Contribution],
) -> tuple[list[Contribution], list[Quarantined]]:
    """Those that a schema can be made of, and those that it cannot, and why."""
    sound: list[Contribution] = []
    failing: list[Quarantined] = []
    for one in contributions:
        try:
            _made([one])
        except Exception as fault:
            failing.append(_quarantined(one.plugin, fault))
        else:
            sound.append(one)
    return sound, failing


def _quarantined(plugin: str, fault: Exception) -> Quarantined:
    reason = str(fault) if isinstance(fault, SchemaError) else f"{type(fault).__name__}: {fault}"
    return Quarantined(plugin, reason)


def _made(contributions: Iterable[Contribution]) -> Schema:
    contributions = tuple(contributions)
    return Schema(
        query=query(contributions),
        mutation=mutation(contributions),
        types=[CommonError],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


@cache
def _names_of_the_core() -> frozenset[str]:
    """The names that no plugin may take: types, and the fields of ``Mutation``."""
    made = _made(())._schema
    assert made.mutation_type is not None
    fields = {f"Mutation.{name}" for name in made.mutation_type.fields}
    return frozenset({*made.type_map, "EvaluateInput", "MoneyInput", *fields})


class Schemas:
    """Keeps the schemas that were asked for lately; each is built once, whoever waits for it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._built: OrderedDict[frozenset[str], Schema] = OrderedDict()
        self._building: dict[frozenset[str], asyncio.Task[Schema]] = {}

    async def showing(self, names: frozenset[str]) -> Schema:
        """The schema of what is enabled: plugins, or some of their policies, by name."""
        wanted = self._host.enabled(names)
        schema = self._built.get(wanted)
        if schema is not None:
            self._built.move_to_end(wanted)
            return schema
        task = self._building.get(wanted)
        if task is None:
            task = asyncio.create_task(self._build(wanted))
            self._building[wanted] = task
            task.add_done_callback(lambda done: self._finished(wanted, done))
        # One who goes away cancels nobody's schema.
        return await asyncio.shield(task)

    def _finished(self, policies: frozenset[str], task: asyncio.Task[Schema]) -> None:
        del self._building[policies]
        if not task.cancelled():
            # Where everyone has gone away, nobody hears of a failure: asking keeps asyncio quiet.
            task.exception()

    async def _build(self, policies: frozenset[str]) -> Schema:
        schema = await asyncio.to_thread(build, self._host, policies)
        self._built[policies] = schema
        while len(self._built) > MOST:
            self._built.popitem(last=False)
        return schema
