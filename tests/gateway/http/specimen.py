"""A small schema with a field for each way in which a request may end."""

import asyncio
from collections.abc import AsyncGenerator
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from avoir_gateway import store
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.context import Context

SECRET = "a text that must not be told"
Info = strawberry.Info[Context, None]
Even = NewType("Even", int)
Broken = NewType("Broken", str)


class Events:
    """What resolvers have done, and when those that wait go on."""

    def __init__(self) -> None:
        self.booked: list[str] = []
        self.begun = asyncio.Event()
        self.going_on = asyncio.Event()


EVENTS = Events()


def read_even(value: object) -> int:
    """Refuses what is not even, as a scalar does; falls over a list, as a scalar must not."""
    if isinstance(value, list):
        raise KeyError(SECRET)
    if not isinstance(value, int) or value % 2:
        raise ValueError("an even number is wanted")
    return value


def write_broken(value: object) -> str:
    """Cannot write anything."""
    raise TypeError(SECRET)


@strawberry.type
class Item:
    """An entry of a list that has a list again."""

    number: int

    @strawberry.field
    def items(self, first: int = 2) -> list["Item"]:
        return [Item(number=number) for number in range(min(first, 3))]


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello, {name}!"

    @strawberry.field
    def who(self, info: Info) -> str:
        context = info.context
        return f"{context.principal.id} of {context.tenant.id} in {context.tag}"

    @strawberry.field
    def origin(self, info: Info) -> str:
        return f"{info.context.origin.door} {info.context.origin.address}"

    @strawberry.field
    def items(self, first: int = 2) -> list[Item]:
        return [Item(number=number) for number in range(min(first, 3))]

    @strawberry.field
    def related(self, first: int | None = None) -> list[Item]:
        return []

    @strawberry.field
    def even(self, number: Even) -> int:
        return number

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def needed(self) -> str:
        raise RuntimeError(SECRET)

    @strawberry.field
    def empty(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    def unwritable(self) -> Broken | None:
        return Broken("")

    @strawberry.field
    def large(self) -> int | None:
        return 2**40

    @strawberry.field
    def refused(self) -> str | None:
        raise fault(Code.BAD_CURSOR)

    @strawberry.field
    def silent(self) -> str | None:
        raise store.StoreUnavailable("reading", SECRET)

    @strawberry.field
    def unknown(self) -> str | None:
        raise store.UnknownOutcome("t", "a", SECRET)

    @strawberry.field
    def coded(self) -> str | None:
        raise GraphQLError("It is so.", extensions={"code": "PLUGIN.SO", "more": 1})

    @strawberry.field
    def exits(self) -> str | None:
        raise SystemExit(3)

    @strawberry.field
    async def leaves(self) -> str | None:
        await asyncio.sleep(0)
        raise SystemExit(3)

    @strawberry.field
    async def waits(self) -> str:
        EVENTS.begun.set()
        await EVENTS.going_on.wait()
        return "done"

    @strawberry.field
    async def stored(self, info: Info) -> int:
        return await info.context.service.stores.journal.count()

    @strawberry.field
    async def watched(self, info: Info) -> int | None:
        """Asks the store again and again, until it is no more."""
        while True:
            await info.context.service.stores.journal.count()
            EVENTS.begun.set()


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def book(self, note: str = "") -> str:
        EVENTS.booked.append(note)
        return note

    @strawberry.mutation
    async def wait(self) -> str:
        await asyncio.Event().wait()
        return ""


@strawberry.type
class Subscription:
    """What can be listened to."""

    @strawberry.subscription
    async def count(self) -> AsyncGenerator[int, None]:
        yield 1


def schema() -> strawberry.Schema:
    """A new schema of these types."""
    config = StrawberryConfig(
        scalar_map={
            Even: strawberry.scalar(name="Even", parse_value=read_even),
            Broken: strawberry.scalar(name="Broken", serialize=write_broken),
        }
    )
    return strawberry.Schema(Query, Mutation, Subscription, config=config)


class Specimens:
    """Gives the same small schema for every set of policies, and remembers for which."""

    def __init__(self) -> None:
        self.schema = schema()
        self.asked: list[frozenset[str]] = []

    async def showing(self, names: frozenset[str]) -> strawberry.Schema:
        """The schema."""
        self.asked.append(names)
        return self.schema
