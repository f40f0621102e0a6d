"""Every place of a schema into which a caller can write: found by walking the schema itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_list_type,
)

Values: TypeAlias = dict[str, Any]
"""The arguments of a field, by their names."""
Operation: TypeAlias = tuple[str, Values]
"""A document and its variables."""

TEXTS: Final = frozenset({"ID", "String"})
MOMENT: Final = "2025-04-07T10:00:00-04:00"
SCALARS: Final[Mapping[str, object]] = {
    "ID": "nothing",
    "String": "nothing",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "Decimal": "1",
    "DateTime": MOMENT,
    "Date": "2025-04-07",
    "TimeZone": "America/Toronto",
    "JSON": {},
}
"""What a required field is given where nothing better is known."""
DEEPEST: Final = 3
"""Levels of an answer that are asked for; an edge of a list counts as one with its node."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place for a value: a field, the way into its arguments, and what is taken there.

    ``owner`` and ``name`` name it in the schema: an input and its field, or a field and its
    argument.
    """

    root: str
    field: str
    route: tuple[str, ...]
    owner: str
    name: str
    type: str
    many: bool

    @property
    def coordinate(self) -> str:
        """How the schema names it, such as ``RuleInput.case`` or ``Query.node(id)``."""
        if "." in self.owner:
            return f"{self.owner}({self.name})"
        return f"{self.owner}.{self.name}"

    def __str__(self) -> str:
        return f"{self.root}.{self.field}({'.'.join(self.route)}: {self.type})"


def positions(schema: GraphQLSchema) -> Iterator[Position]:
    """Every place in the arguments of queries and mutations."""
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        for name, field in root.fields.items():
            owner = f"{root.name}.{name}"
            for argument, taken in field.args.items():
                yield from _within(
                    root.name, name, (argument,), owner, argument, taken.type, frozenset()
                )


def deeper(schema: GraphQLSchema) -> Iterator[Position]:
    """Every argument that takes a text on a field below queries and mutations."""
    roots = {schema.query_type, schema.mutation_type}
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_ in roots:
            continue
        if type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            owner = f"{type_.name}.{name}"
            for argument, taken in field.args.items():
                yield from _within(
                    type_.name, name, (argument,), owner, argument, taken.type, frozenset()
                )


def _within(
    root: str,
    field: str,
    route: tuple[str, ...],
    owner: str,
    name: str,
    taken: GraphQLInputType,
    seen: frozenset[str],
) -> Iterator[Position]:
    named = get_named_type(taken)
    if isinstance(named, GraphQLInputObjectType):
        if named.name in seen:
            return
        for step, part in named.fields.items():
            inner = (*route, step)
            yield from _within(root, field, inner, named.name, step, part.type, seen | {named.name})
    elif isinstance(named, GraphQLScalarType):
        bare = taken.of_type if isinstance(taken, GraphQLNonNull) else taken
        yield Position(root, field, route, owner, name, named.name, is_list_type(bare))


class Asking:
    """Makes operations out of a schema; ``samples`` has what a place is given by its coordinate."""

    def __init__(self, schema: GraphQLSchema, samples: Mapping[str, object]) -> None:
        self._schema = schema
        self._samples = samples

    def operation(
        self, position: Position, value: object, given: Mapping[str, object] | None = None
    ) -> Operation:
        """The field of a position with a value in its place, and all else that it must have.

        ``given`` are arguments that are known to do.
        """
        known = self._schema.get_root_type(_KINDS[position.root])
        assert known is not None
        field = known.fields[position.field]
        values = {
            name: self._filled(f"{known.name}.{position.field}({name})", taken)
            for name, taken in field.args.items()
            if _is_required(taken) and name != position.route[0]
        }
        first, *rest = position.route
        start = field.args[first]
        within = (given or {}).get(first)
        values |= {name: part for name, part in (given or {}).items() if name != first}
        values[first] = self._placed(start.type, rest, value, position.many, within)
        return self.written(known.name, position.field, values)

    def written(self, root: str, name: str, values: Values) -> Operation:
        """A field of a root with these arguments, and all that its answer tells."""
        known = self._schema.get_root_type(_KINDS[root])
        assert known is not None
        field = known.fields[name]
        told = self.told(field.type)
        declared = ", ".join(f"${one}: {field.args[one].type}" for one in values)
        passed = ", ".join(f"{one}: ${one}" for one in values)
        kind = _KINDS[root].value
        head = f"{kind} ({declared})" if values else kind
        call = f"{name}({passed})" if values else name
        return f"{head} {{ {call}{told} }}", values

    def told(self, type_: GraphQLOutputType, levels: int = DEEPEST) -> str:
        """What is asked of an answer of this type: all of it that needs no argument."""
        named = get_named_type(type_)
        if is_abstract_type(named):
            return self._told_of_any(self._schema.get_possible_types(named))
        if not isinstance(named, GraphQLObjectType):
            return ""
        edge = named.name.endswith(("Connection", "Edge"))
        parts = ["__typename"]
        for name, field in named.fields.items():
            if any(_is_required(argument) for argument in field.args.values()):
                continue
            inner = get_named_type(field.type)
            if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
                parts.append(name)
            elif levels > 1 or edge:
                parts.append(name + self.told(field.type, levels if edge else levels - 1))
        return f" {{ {' '.join(parts)} }}"

    def _told_of_any(self, kinds: Sequence[GraphQLObjectType]) -> str:
        """The plain fields of each of these types that no other has otherwise."""
        parts = []
        for kind in kinds:
            told = (
                name
                for name, field in kind.fields.items()
                if isinstance(get_named_type(field.type), GraphQLScalarType)
                and not field.args
                and {str(o.fields[name].type) for o in kinds if name in o.fields}
                == {str(field.type)}
            )
            parts.append(f"... on {kind.name} {{ {' '.join(told)} }}")
        return f" {{ __typename {' '.join(parts)} }}"

    def _placed(
        self,
        taken: GraphQLInputType,
        rest: list[str],
        value: object,
        many: bool,
        within: object = None,
    ) -> object:
        bare = taken.of_type if isinstance(taken, GraphQLNonNull) else taken
        if isinstance(bare, GraphQLList):
            # a list on the way is one of a single entry
            entry = within[0] if isinstance(within, list) and within else None
            return [self._placed(bare.of_type, rest, value, False, entry)]
        if not rest:
            return [value] if many else value
        assert isinstance(bare, GraphQLInputObjectType)
        step, *further = rest
        known = dict(within) if isinstance(within, Mapping) else {}
        inner = known.pop(step, None)
        needed = {
            name: self._filled(f"{bare.name}.{name}", part)
            for name, part in bare.fields.items()
            if _is_required(part) and name != step and name not in known
        }
        placed = self._placed(bare.fields[step].type, further, value, many, inner)
        return {**needed, **known, step: placed}

    def _filled(self, coordinate: str, taken: GraphQLArgument | GraphQLInputField) -> object:
        if coordinate in self._samples:
            return self._samples[coordinate]
        return self._some(taken.type)

    def _some(self, taken: GraphQLInputType) -> object:
        bare = taken.of_type if isinstance(taken, GraphQLNonNull) else taken
        if isinstance(bare, GraphQLList):
            return [self._some(bare.of_type)]
        if isinstance(bare, GraphQLEnumType):
            return next(iter(bare.values))
        if isinstance(bare, GraphQLInputObjectType):
            parts = bare.fields.items()
            needed = [one for one in parts if _is_required(one[1])] or list(parts)[:1]
            return {name: self._filled(f"{bare.name}.{name}", part) for name, part in needed}
        return SCALARS[bare.name]


def _is_required(taken: GraphQLArgument | GraphQLInputField) -> bool:
    from graphql import Undefined

    return isinstance(taken.type, GraphQLNonNull) and taken.default_value is Undefined


def _kinds() -> Mapping[str, Any]:
    from graphql import OperationType

    return {"Query": OperationType.QUERY, "Mutation": OperationType.MUTATION}


_KINDS: Final = _kinds()
