"""Bytes as no client would send them."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from tests.gateway.http.conftest import ANNA

HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nAuthorization: Bearer " + ANNA.encode() + b"\r\n"
)


async def raw(url: str, *parts: bytes) -> bytes:
    """The head of what is answered to bytes that no client would send."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    answered = asyncio.create_task(reader.read(4_096))
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
    with suppress(ConnectionError):
        await asyncio.wait_for(answered, 10)
        writer.close()
        await writer.wait_closed()
    return b"" if answered.exception() else answered.result()


async def cut(url: str, *parts: bytes) -> bool:
    """Whether the connection ends before all of this could be sent."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    ended = asyncio.create_task(reader.read())
    for part in parts:
        if ended.done():
            break
        with suppress(ConnectionError):
            writer.write(part)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    done = ended.done()
    ended.cancel()
    await asyncio.wait([ended])
    return done
