"""Looking up: what several actions want to know in one turn of the event loop is asked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeAlias, TypeVar

from .journal import Journal
from .listings import Listings, Standing
from .records import Record

Q = TypeVar("Q")
A = TypeVar("A")

Key: TypeAlias = tuple[str, str]
"""A tenant, and the name of an account or the id of a case."""

Names: TypeAlias = tuple[str, tuple[str, ...]]
"""A tenant, and references of which any will do."""

MOST: Final = 100
"""Questions in one look-up."""

AT_ONCE: Final = 2
"""Look-ups of one kind under way at once."""


class LookUps:
    """Reads cases and balances for actions; those of one turn of the loop together."""

    def __init__(self, journal: Journal, listings: Listings) -> None:
        self._journal = journal
        self._listings = listings
        self._cases = Questions(self._read_cases)
        self._references = Questions(self._read_references)
        self._balances = Questions(self._read_balances)

    async def case(self, tenant: str, case: str) -> tuple[Record, ...]:
        """All records of a case, read at majority; none where there is no such case."""
        return await self._cases.ask((tenant, case))

    async def referenced(self, tenant: str, references: Sequence[str]) -> list[Record]:
        """The records that carry any of these references, each once, read at majority."""
        return await self._references.ask((tenant, tuple(references)))

    async def listed(self, tenant: str, account: str) -> Standing | None:
        """Where the list has an account: never ahead of the journal, and perhaps behind it."""
        return await self._balances.ask((tenant, account))

    async def _read_cases(self, keys: Sequence[Key]) -> list[tuple[Record, ...]]:
        found = await self._journal.histories(keys)
        return [tuple(found.get(key, ())) for key in keys]

    async def _read_references(self, keys: Sequence[Names]) -> list[list[Record]]:
        found = await self._journal.carrying(
            [(tenant, name) for tenant, names in keys for name in names]
        )
        answers = []
        for tenant, names in keys:
            carrying = (record for name in names for record in found.get((tenant, name), ()))
            once = {(record.case, record.revision): record for record in carrying}
            answers.append(list(once.values()))
        return answers

    async def _read_balances(self, keys: Sequence[Key]) -> list[Standing | None]:
        found = await self._listings.standings(keys)
        return [found.get(key) for key in keys]


class Questions(Generic[Q, A]):
    """Gathers the questions of one turn of the loop, and tells each who asked the answer.

    What is asked while something is read is read next, together.
    """

    def __init__(self, read: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._read = read
        self._asked: list[tuple[Q, asyncio.Future[A]]] = []
        self._reading: set[asyncio.Task[None]] = set()

    def ask(self, question: Q) -> asyncio.Future[A]:
        """The answer, once it is read; each who asks has one of his own to give up."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[A] = loop.create_future()
        if not self._asked and len(self._reading) < AT_ONCE:
            loop.call_soon(self._begin)
        self._asked.append((question, told))
        return told

    def _begin(self) -> None:
        waiting = [(question, told) for question, told in self._asked if not told.done()]
        now, self._asked = waiting[:MOST], waiting[MOST:]
        if now:
            task = asyncio.get_running_loop().create_task(self._answer(now))
            self._reading.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._reading.discard(task)
        if self._asked:
            self._begin()

    async def _answer(self, waiting: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._read([question for question, _ in waiting])
        except Exception as fault:
            for _, told in waiting:
                if not told.done():
                    told.set_exception(fault)
            return
        for (_, told), answer in zip(waiting, answers, strict=True):
            if not told.done():
                told.set_result(answer)
