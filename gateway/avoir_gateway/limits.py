"""What a query may ask for: its size and its cost, each in one walk over the document.

Every definition is walked once, whatever spreads it; what a fragment holds is then added up along
the spreads, so a chain of fragments that doubles at every link costs no more than its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from avoir.messages import N_, Message
from avoir_gateway.errors import Code, GatewayError

PAGE_ARGUMENTS: Final = ("first", "last")
LARGEST_PAGE: Final = 100
"""What a list is taken for whose field has a page argument that neither query nor schema gives."""

_ENOUGH: Final = 10**9
"""Sums stop here: doubled at every link of a chain, they would not stop by themselves."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a query may ask for."""

    tokens: int = 1_000
    depth: int = 16
    aliases: int = 30
    root_fields: int = 20
    directives: int = 50
    fields: int = 1_000
    cost: int = 10_000


DEPTH = N_("The query is too deep. Levels: {asked}, at most {allowed}.")
ALIASES = N_("Too many aliases and repeated fields: {asked}, at most {allowed}.")
ROOT_FIELDS = N_("Too many fields on the first level: {asked}, at most {allowed}.")
DIRECTIVES = N_("Too many directives: {asked}, at most {allowed}.")
FIELDS = N_("Too many fields, fragments expanded: {asked}, at most {allowed}.")
TOKENS = N_("The query is too long. Tokens: at most {allowed}.")
COST = N_("The query costs too much: {asked}, at most {allowed}. Ask for smaller pages.")
CYCLE = N_("The fragment {name} contains itself.")


def too_complex(text: str, **values: int | str) -> GatewayError:
    """The refusal of a query."""
    return GatewayError(Code.QUERY_TOO_COMPLEX, Message(text, values=values))


@dataclass(slots=True)
class _Held:
    """What a definition holds: by itself, then with what it spreads."""

    fields: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)
    """The fragments spread, each with the level on which it stands: 0 is the first."""

    def add(self, spread: _Held, level: int) -> None:
        """Add what a fragment holds that is spread on a level."""
        self.fields = min(self.fields + spread.fields, _ENOUGH)
        self.aliases = min(self.aliases + spread.aliases, _ENOUGH)
        self.directives = min(self.directives + spread.directives, _ENOUGH)
        self.depth = max(self.depth, level + spread.depth)
        if level == 0:
            self.root_fields = min(self.root_fields + spread.root_fields, _ENOUGH)


def examine(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document of which an operation holds too much, or a fragment itself.

    Raises ``GatewayError`` with ``QUERY_TOO_COMPLEX``.
    """
    held = {
        node.name.value: _held(node)
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    _sum(held)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            operation = _held(node)
            for name, level in operation.spreads:
                if name in held:
                    operation.add(held[name], level)
            for text, asked, allowed in (
                (FIELDS, operation.fields, limits.fields),
                (DEPTH, operation.depth, limits.depth),
                (ALIASES, operation.aliases, limits.aliases),
                (ROOT_FIELDS, operation.root_fields, limits.root_fields),
                (DIRECTIVES, operation.directives, limits.directives),
            ):
                if asked > allowed:
                    raise too_complex(text, asked=asked, allowed=allowed)


def _held(definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Held:
    held = _Held(directives=len(definition.directives or ()))
    for declared in definition.variable_definitions or ():
        held.directives += len(declared.directives or ())
    levels: list[tuple[SelectionSetNode, int]] = [(definition.selection_set, 0)]
    while levels:
        selection_set, level = levels.pop()
        names: set[str] = set()
        for node in selection_set.selections:
            held.directives += len(node.directives or ())
            if isinstance(node, FragmentSpreadNode):
                held.spreads.append((node.name.value, level))
            elif isinstance(node, InlineFragmentNode):
                levels.append((node.selection_set, level))
            elif isinstance(node, FieldNode):
                held.fields += 1
                held.root_fields += level == 0
                held.depth = max(held.depth, level + 1)
                name = (node.alias or node.name).value
                # Merging the fields of one name is quadratic in their number.
                held.aliases += node.alias is not None or name in names
                names.add(name)
                if node.selection_set is not None:
                    levels.append((node.selection_set, level + 1))
    return held


def _sum(held: Mapping[str, _Held]) -> None:
    """Add to every fragment what it spreads, the innermost first."""
    for name in _innermost_first(held):
        for inner, level in held[name].spreads:
            if inner in held:
                held[name].add(held[inner], level)


def _innermost_first(held: Mapping[str, _Held]) -> list[str]:
    order: list[str] = []
    done: set[str] = set()
    for first in held:
        if first in done:
            continue
        path: dict[str, Iterator[tuple[str, int]]] = {first: iter(held[first].spreads)}
        while path:
            name = next(reversed(path))
            for inner, _ in path[name]:
                if inner in path:
                    raise too_complex(CYCLE, name=inner)
                if inner in held and inner not in done:
                    path[inner] = iter(held[inner].spreads)
                    break
            else:
                del path[name]
                done.add(name)
                order.append(name)
    return order


Price: TypeAlias = Counter[tuple[str, ...]]
"""What an operation costs before its variables are known: so many objects for each product of
variables, the empty product for those that depend on none."""


def cost(price: Price, variables: Mapping[str, object], defaults: Mapping[str, int]) -> int:
    """How many objects an operation may bring, at most, with these variables."""
    total = 0
    for names, count in price.items():
        for name in names:
            value = variables.get(name, defaults.get(name))
            # What is no whole number is refused when the variables are read.
            count *= max(value, 0) if isinstance(value, int) else LARGEST_PAGE
        total += count
    return min(total, _ENOUGH)


def variable_defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """The whole numbers that stand in for variables not given."""
    return {
        declared.variable.name.value: _whole(declared.default_value)
        for declared in operation.variable_definitions or ()
        if isinstance(declared.default_value, IntValueNode)
    }


def price(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Price:
    """What a valid operation costs: one for each object, times the page that it stands on."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    root = schema.get_root_type(operation.operation)
    return _Pricing(schema, fragments).of(operation.selection_set, root)


class _Pricing:
    """Adds up prices; each fragment's once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._known: dict[str, Price] = {}

    def of(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> Price:
        total: Price = Counter()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                total += self._field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                total += self.of(node.selection_set, inner)
            elif isinstance(node, FragmentSpreadNode):
                total += self._fragment(node.name.value)
        return total

    def _fragment(self, name: str) -> Price:
        if name not in self._known:
            fragment = self._fragments[name]
            condition = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = self.of(fragment.selection_set, condition)
        return self._known[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Price:
        if node.selection_set is None or parent is None or not is_composite_type(parent):
            return Counter()
        definition = self._schema.get_field(parent, node.name.value)
        if definition is None:
            return Counter()
        children = self.of(node.selection_set, get_named_type(definition.type))
        times, variables = _page(node, definition)
        paged: Price = Counter(
            {tuple(sorted((*names, *variables))): n * times for names, n in children.items()}
        )
        paged[()] += 1
        return paged


def _page(node: FieldNode, definition: GraphQLField) -> tuple[int, tuple[str, ...]]:
    """How many children a field has: a number, or one times a variable."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name in PAGE_ARGUMENTS:
        value = given.get(name)
        if isinstance(value, VariableNode):
            return 1, (value.name.value,)
        if isinstance(value, IntValueNode):
            return max(_whole(value), 0), ()
    declared = [definition.args[name] for name in PAGE_ARGUMENTS if name in definition.args]
    return max(map(_default, declared), default=1), ()


def _whole(node: IntValueNode) -> int:
    return int(node.value) if len(node.value) < 19 else _ENOUGH


def _default(argument: GraphQLArgument) -> int:
    value: Any = argument.default_value
    if argument.default is not None:
        literal = argument.default.literal
        value = _whole(literal) if isinstance(literal, IntValueNode) else argument.default.value
    return value if isinstance(value, int) else LARGEST_PAGE
