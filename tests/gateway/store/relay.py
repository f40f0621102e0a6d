"""A relay between a client and mongod that loses, holds, delays or doubts journal inserts."""

import asyncio
import struct
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from pathlib import Path

import bson

from avoir_gateway.store.documents import Document
from avoir_gateway.store.sockets import socket_uri

HEADER = 16


class Fate(Enum):
    """What becomes of an insert."""

    LOSE_ANSWER = auto()
    """It takes effect, and the connection ends before the answer."""
    HOLD = auto()
    """The connection ends, and the insert arrives when `deliver` is called."""
    VANISH = auto()
    """The same, and every connection ends with it, those to come too."""
    NO_MAJORITY = auto()
    """It takes effect, and the answer says that no majority has it in time."""
    WAIT = auto()
    """It goes on when `gate` is opened."""


class Relay:
    """Passes all messages on; the next inserts meet the fates in line."""

    def __init__(self, path: Path, behind: Path) -> None:
        self.path = path
        self.fates: deque[Fate] = deque()
        self.gone = asyncio.Event()
        self.seen = asyncio.Event()
        self.gate = asyncio.Event()
        self._behind = behind
        self._held: list[bytes] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def uri(self) -> str:
        """The way to mongod through this relay."""
        return socket_uri(self.path).partition("?")[0] + "?directConnection=true"

    async def deliver(self) -> list[Document]:
        """Send what was held, and say what mongod answered."""
        reader, writer = await asyncio.open_unix_connection(str(self._behind))
        answers = []
        for message in self._held:
            writer.write(message)
            answer = await _message(reader)
            # After the header come four bytes of flags and the kind of the one section.
            answers.append(bson.decode(answer[HEADER + 5 :]))
        self._held.clear()
        writer.close()
        await writer.wait_closed()
        return answers

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, question by question."""
        if self.gone.is_set():
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        upstream, behind = await asyncio.open_unix_connection(str(self._behind))
        answers = asyncio.create_task(_pump(upstream, writer))
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._carry(await _message(reader), upstream, behind, writer, answers):
                    pass
        finally:
            answers.cancel()
            behind.close()
            writer.close()
            self._tasks.discard(task)
        if self.gone.is_set():
            await self.close()

    async def _carry(
        self,
        message: bytes,
        upstream: asyncio.StreamReader,
        behind: asyncio.StreamWriter,
        before: asyncio.StreamWriter,
        answers: asyncio.Task[None],
    ) -> bool:
        """Carry one question, and say whether the connection lives on."""
        fate = self._fate(message)
        if fate in (Fate.HOLD, Fate.VANISH):
            self._held.append(message)
            if fate is Fate.VANISH:
                self.gone.set()
            return False
        if fate is Fate.WAIT:
            self.seen.set()
            await self.gate.wait()
        if fate in (Fate.LOSE_ANSWER, Fate.NO_MAJORITY):
            answers.cancel()
            await asyncio.wait([answers])
            behind.write(message)
            answer = await _message(upstream)
            if fate is Fate.NO_MAJORITY:
                before.write(_in_doubt(answer))
                await before.drain()
            return False
        behind.write(message)
        return True

    async def close(self) -> None:
        """End every connection."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _fate(self, message: bytes) -> Fate | None:
        if b"\x02insert\x00\x08\x00\x00\x00journal\x00" not in message:
            return None
        return self.fates.popleft() if self.fates else None


@asynccontextmanager
async def relay(path: Path, behind: Path) -> AsyncIterator[Relay]:
    """A relay at `path` before the mongod at `behind`."""
    made = Relay(path, behind)
    # A socket that an earlier relay left at the path is replaced.
    server = await asyncio.start_unix_server(made.serve, str(path))
    try:
        yield made
    finally:
        server.close()
        await made.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    header = await reader.readexactly(HEADER)
    (length,) = struct.unpack_from("<i", header)
    return header + await reader.readexactly(length - HEADER)


def _in_doubt(answer: bytes) -> bytes:
    """The same answer, with a write concern that was not met."""
    told = bson.decode(answer[HEADER + 5 :])
    told["writeConcernError"] = {
        "code": 64,
        "codeName": "WriteConcernTimeout",
        "errmsg": "waiting for replication timed out",
    }
    body = answer[HEADER : HEADER + 5] + bson.encode(told)
    return struct.pack("<i", HEADER + len(body)) + answer[4:HEADER] + body


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            writer.write(await _message(reader))
