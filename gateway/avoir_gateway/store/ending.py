"""Ending: a task that follows the store, stopped for good.

The driver may take a cancellation for a connection that broke, and go on.
"""

from __future__ import annotations

import asyncio
from typing import Final

STOPPING_SECONDS: Final = 0.5
"""How long a task that was told to stop has before it is told again."""


async def ended(task: asyncio.Task[None] | None) -> None:
    """Cancel a task until it has ended."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=STOPPING_SECONDS)
