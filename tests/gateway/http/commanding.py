"""The command ``avoir`` as a test runs it."""

import asyncio

from avoir.cli import main


async def run(*arguments: str) -> int:
    """Run a command, in a thread: it may have an event loop of its own."""

    def command() -> int:
        try:
            main(arguments)
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return await asyncio.to_thread(command)
