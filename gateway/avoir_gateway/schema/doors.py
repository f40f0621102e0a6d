"""Doors: an action of a policy as a field of the schema, and how its input is read.

An input arrives as GraphQL read it, by the names of its fields; its ``Shape`` turns that into a
facts document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from avoir.policies import Policy
from avoir_gateway.schema import names
from avoir_gateway.service import Command

Given: TypeAlias = Mapping[str, object]
"""An input object by the names of its fields; its leaves as scalars and enums read them."""

Plain: TypeAlias = Callable[..., object]
"""From a value of an input to one of a facts document."""

KEY: Final = "idempotencyKey"
REVISION: Final = "expectedRevision"
CASE: Final = "case"
ZONE: Final = "timeZone"


@dataclass(frozen=True, slots=True)
class Shape:
    """Which fact each field of an input states; fields that are no facts are not in it."""

    facts: Mapping[str, tuple[str, Plain]]

    def document(self, given: Given) -> dict[str, object]:
        """The facts that an input states; what is left out and what is null are both unknown."""
        found: dict[str, object] = {}
        for name, value in given.items():
            if value is not None and name in self.facts:
                step, plain = self.facts[name]
                stated = plain(value)
                if stated != {}:
                    found[step] = stated
        return found


@dataclass(frozen=True, slots=True)
class Door:
    """An action of a policy as a field: its input, and how that is read."""

    policy: Policy
    action: str
    description: str
    input: type
    shape: Shape
    party: str
    case: str

    @property
    def field(self) -> str:
        """The name of the field."""
        return names.door(self.policy, self.action)

    def command(self, given: Given) -> Command:
        """What an input asks for."""
        revision = given.get(REVISION)
        return Command(
            policy=self.policy.key,
            action=self.action,
            key=str(given[KEY]),
            facts=self.shape.document(given),
            case=_text(given.get(self.case)),
            party=_text(given.get(self.party)),
            time_zone=_text(given.get(ZONE)),
            expected_revision=revision if isinstance(revision, int) else None,
        )

    def asked(self, given: Given) -> tuple[Mapping[str, object], str | None]:
        """The facts that an input of ``evaluate`` states, and the case it names."""
        return self.shape.document(given), _text(given.get(self.case))

    def where(self, path: str) -> list[str]:
        """Where in the input what a service names by a path is stated."""
        controls = {"case": self.case, "party": self.party, KEY: KEY, REVISION: REVISION}
        controls["command.key"] = KEY
        if path in controls and path not in self.policy.facts.by_path:
            return [controls[path]]
        return [names.camel(step) for step in names.steps(path.removeprefix("facts."))]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a plugin brings to a schema, and the names that it takes there."""

    plugin: str
    evaluations: tuple[Door, ...]
    actions: tuple[Door, ...]
    names: frozenset[str]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
