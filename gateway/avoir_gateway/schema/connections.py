"""Connections: lists page by page, forward, by cursors that stay where they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

import strawberry

from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.describing import shown

T = TypeVar("T")

FIRST: Final = 20
MOST: Final = 100


@shown
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether there is more behind it.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before it.")
    start_cursor: str | None = strawberry.field(description="The cursor of its first edge.")
    end_cursor: str | None = strawberry.field(description="The cursor of its last edge.")


@shown
class Edge(Generic[T]):
    """An entry of a list and its place there."""

    cursor: str = strawberry.field(description="The place: give it as `after` to go on from here.")
    node: T = strawberry.field(description="The entry.")


@shown
class Connection(Generic[T]):
    """A page of a list."""

    edges: list[Edge[T]] = strawberry.field(description="The entries of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def page_size(first: int | None) -> int:
    """How many entries are asked for; raises ``BAD_REQUEST`` beyond 1 to 100."""
    size = FIRST if first is None else first
    if not 1 <= size <= MOST:
        raise fault(Code.BAD_REQUEST)
    return size


def connected(nodes: Sequence[tuple[str, T]], *, more: bool, after: str | None) -> Connection[T]:
    """A page of nodes with their cursors."""
    edges = [Edge(cursor=cursor, node=node) for cursor, node in nodes]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )
