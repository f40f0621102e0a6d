"""Types of the schema whose descriptions are their docstrings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from inspect import cleandoc
from typing import TypeAlias, TypeVar, dataclass_transform

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from avoir_gateway.schema.context import Context

Info: TypeAlias = strawberry.Info[Context, None]

T = TypeVar("T", bound=type)
E = TypeVar("E", bound=Enum)


def _told(thing: object) -> str:
    return " ".join(cleandoc(thing.__doc__ or "").split())


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def shown(cls: T) -> T:
    """An object type."""
    return strawberry.type(cls, description=_told(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def given(cls: T) -> T:
    """An input type."""
    return strawberry.input(cls, description=_told(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def common(cls: T) -> T:
    """An interface."""
    return strawberry.interface(cls, description=_told(cls))


def resolved(resolver: Callable[..., object]) -> StrawberryField:
    """A field with a resolver."""
    return strawberry.field(resolver, description=_told(resolver))


def enumerated(cls: type[E], name: str, labels: Mapping[E, str] | None = None) -> type[E]:
    """An enum of the core as one of the schema, with what its values are called."""
    made = strawberry.enum(cls, name=name, description=_told(cls))
    definition: StrawberryEnumDefinition = getattr(made, "__strawberry_definition__")  # noqa: B009
    for value in definition.values:
        value.description = (labels or {}).get(cls(value.value))
    return made
