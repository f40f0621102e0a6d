"""Runs operations on one schema: each document is parsed and validated once, then kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    specified_rules,
    validate,
)
from graphql.execution import MiddlewareManager
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from avoir.messages import N_, Message
from avoir_gateway.errors import Code, GatewayError
from avoir_gateway.limits import (
    COST,
    TOKENS,
    Limits,
    Price,
    cost,
    examine,
    price,
    too_complex,
    variable_defaults,
)
from avoir_gateway.schema.build import sdl

if TYPE_CHECKING:
    from strawberry import Schema

RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""Built once: the kept validations rest on them."""

ENTRIES: Final = 500
WEIGHT: Final = 8 * 1024 * 1024
"""About how many bytes the documents of one schema may take."""
BYTES_A_TOKEN: Final = 400

Refusal: TypeAlias = GatewayError | GraphQLError

WHICH = N_("The document holds several operations: name the one to run.")
NO_SUCH = N_("The document holds no operation named {name}.")
NO_OPERATION = N_("The document holds no operation.")


class Counts(msgspec.Struct, frozen=True):
    """What was done so far: documents parsed, validated, and taken as they were kept."""

    parsed: int
    validated: int
    reused: int
    kept: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was found to be; with ``refusals`` it cannot be run."""

    node: DocumentNode | None
    refusals: tuple[Refusal, ...]
    weight: int
    prices: dict[str, tuple[Price, Mapping[str, int]]] = field(default_factory=dict)


class Documents:
    """The documents of one schema, the longest unused dropped first."""

    def __init__(
        self, schema: Schema, limits: Limits, entries: int = ENTRIES, weight: int = WEIGHT
    ) -> None:
        self._schema = schema._schema
        self._limits = limits
        self._entries = entries
        self._room = self._weight = weight
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._parsed = self._validated = self._reused = 0

    @property
    def counts(self) -> Counts:
        """What was done so far."""
        return Counts(self._parsed, self._validated, self._reused, len(self._kept))

    def get(self, source: str) -> Document:
        """The document of a text, parsed and validated unless it was before."""
        found = self._kept.get(source)
        if found is not None:
            self._reused += 1
            self._kept.move_to_end(source)
            return found
        made = self._made(source)
        self._keep(source, made)
        return made

    def _keep(self, source: str, document: Document) -> None:
        if document.weight > self._weight // 8:
            return
        self._kept[source] = document
        self._room -= document.weight
        while self._room < 0 or len(self._kept) > self._entries:
            _, dropped = self._kept.popitem(last=False)
            self._room += dropped.weight

    def _made(self, source: str) -> Document:
        limit = self._limits.tokens
        self._parsed += 1
        try:
            node = parse(source, max_lexical_tokens=limit, max_comments=limit)
        except GraphQLSyntaxError as error:
            refusal: Refusal = error.with_traceback(None)
            if error.description.startswith("Document contains more than"):
                refusal = too_complex(TOKENS, allowed=limit)
            return Document(None, (refusal,), _weight(source))
        except GraphQLError as error:
            return Document(None, (error.with_traceback(None),), _weight(source))
        try:
            examine(node, self._limits)
        except GatewayError as refused:
            return Document(None, (refused.with_traceback(None),), _weight(source))
        self._validated += 1
        refusals = tuple(validate(self._schema, node, RULES))
        return Document(node, refusals, _weight(source, getattr(node, "token_count", limit)))


def _weight(source: str, tokens: int = 0) -> int:
    return 1_000 + 4 * len(source) + BYTES_A_TOKEN * tokens


def chosen(document: Document, name: str | None) -> OperationDefinitionNode:
    """The operation of a document that is to be run. Raises ``GatewayError``."""
    assert document.node is not None
    operations = [
        node for node in document.node.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if name is None and len(operations) > 1:
        raise GatewayError(Code.BAD_REQUEST, Message(WHICH))
    for operation in operations:
        if name is None or (operation.name is not None and operation.name.value == name):
            return operation
    if name is None:
        raise GatewayError(Code.BAD_REQUEST, Message(NO_OPERATION))
    raise GatewayError(Code.BAD_REQUEST, Message(NO_SUCH, values={"name": name[:60]}))


class ExitError(Exception):
    """A resolver, or a plugin behind it, tried to end the process."""


def _contained(resolve: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
    """Resolve a field and let it not end the process: ``sys.exit`` in a plugin is its fault."""
    try:
        result = resolve(source, info, **arguments)
    except SystemExit as left:
        raise ExitError from left
    return _awaited(result) if optimized_is_awaitable(result) else result


async def _awaited(result: Awaitable[Any]) -> Any:
    try:
        return await result
    except SystemExit as left:
        raise ExitError from left


class Engine:
    """Runs the operations of one schema, by graphql-core itself.

    The extensions of a strawberry schema are not run: what they would do is done here, once for a
    document where that is enough.
    """

    def __init__(self, schema: Schema, limits: Limits) -> None:
        if schema.extensions:
            raise ValueError("the engine runs no extensions of a schema")
        self.schema = schema
        self.documents = Documents(schema, limits)
        self._limits = limits
        self._middleware = MiddlewareManager(_contained)

    @cached_property
    def sdl(self) -> bytes:
        """The schema in the schema definition language."""
        return sdl(self.schema).encode()

    def cost(
        self, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> int:
        """What an operation costs with these variables. Raises ``GatewayError`` for too much."""
        assert document.node is not None
        name = operation.name.value if operation.name else ""
        if name not in document.prices:
            made = price(self.schema._schema, document.node, operation)
            document.prices[name] = made, variable_defaults(operation)
        priced, defaults = document.prices[name]
        asked = cost(priced, variables, defaults)
        if asked > self._limits.cost:
            raise too_complex(COST, asked=asked, allowed=self._limits.cost)
        return asked

    async def run(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        context: object,
    ) -> ExecutionResult:
        """The answer to a query or a mutation."""
        assert document.node is not None
        assert operation.operation is not OperationType.SUBSCRIPTION
        result = execute(
            self.schema._schema,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            executor_class=self.schema.execution_context_class,
            middleware=self._middleware,
            operation_extensions=None,
        )
        return await result if isawaitable(result) else result
