"""Turns: the actions of one party go one after another, as far as one process sees them.

The laws of the journal hold without turns. But actions that meet on one account would lose to
each other time and again, and each loss is read again and decided again.
"""

from __future__ import annotations

import asyncio
from typing import Final

from avoir_gateway.service.forms import Party

KEPT: Final = 10_000
"""Locks that are kept, as far as nobody has them."""


class Turns:
    """Gives each party of a tenant one turn at a time."""

    def __init__(self) -> None:
        self._locks: dict[tuple[str, Party], asyncio.Lock] = {}

    def is_taken(self, tenant: str, party: Party) -> bool:
        """Whether somebody has the turn, so that one would have to wait for it."""
        lock = self._locks.get((tenant, party))
        return lock is not None and lock.locked()

    def of(self, tenant: str, party: Party) -> asyncio.Lock:
        """The turn of a party; who holds it has it."""
        lock = self._locks.get((tenant, party))
        if lock is None:
            if len(self._locks) >= KEPT:
                self._locks = {key: one for key, one in self._locks.items() if one.locked()}
            lock = self._locks[tenant, party] = asyncio.Lock()
        return lock
