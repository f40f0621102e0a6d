"""Looking up: what several actions want to know in one turn of the event loop is asked at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from strawberry.dataloader import DataLoader

from .journal import Journal
from .listings import Listings, Standing
from .records import Record

Key: TypeAlias = tuple[str, str]
"""A tenant, and the name of an account or the id of a case."""

MOST: Final = 100
"""Questions in one look-up."""


class LookUps:
    """Reads cases and balances for actions; those of one turn of the loop together."""

    def __init__(self, journal: Journal, listings: Listings) -> None:
        self._journal = journal
        self._listings = listings
        self._cases = DataLoader(load_fn=self._read_cases, cache=False, max_batch_size=MOST)
        self._references = DataLoader(
            load_fn=self._read_references, cache=False, max_batch_size=MOST
        )
        self._balances = DataLoader(load_fn=self._read_balances, cache=False, max_batch_size=MOST)

    async def case(self, tenant: str, case: str) -> tuple[Record, ...]:
        """All records of a case, read at majority; none where there is no such case."""
        return await self._cases.load((tenant, case))

    async def referenced(self, tenant: str, references: Sequence[str]) -> list[Record]:
        """The records that carry any of these references, each once, read at majority."""
        loaded = await self._references.load_many([(tenant, name) for name in references])
        found = {(r.case, r.revision): r for records in loaded for r in records}
        return list(found.values())

    async def listed(self, tenant: str, account: str) -> Standing | None:
        """Where the list has an account: never ahead of the journal, and perhaps behind it."""
        return await self._balances.load((tenant, account))

    async def _read_cases(self, keys: Sequence[Key]) -> list[tuple[Record, ...]]:
        found = await self._journal.histories(keys)
        return [tuple(found.get(key, ())) for key in keys]

    async def _read_references(self, keys: Sequence[Key]) -> list[Sequence[Record]]:
        found = await self._journal.carrying(keys)
        return [found.get(key, ()) for key in keys]

    async def _read_balances(self, keys: Sequence[Key]) -> list[Standing | None]:
        found = await self._listings.standings(keys)
        return [found.get(key) for key in keys]
