"""What a serving process has before it serves: the socket it listens on, and its signals."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

CALLED_BY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""How to call, from this machine, what listens on every address."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an address. Raises ``OSError``.

    It listens from the start: two processes may both be bound to a port on which neither listens.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2_048)
    except OSError:
        made.close()
        raise
    return made


def address(host: str, listener: socket.socket) -> str:
    """Where a listener is found from this machine, as a URL."""
    port = listener.getsockname()[1]
    host = CALLED_BY.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class Stopped(BaseException):
    """A signal to end that came while nothing was served yet, or no longer."""


@contextmanager
def ended_by_signals() -> Iterator[Callable[[], None]]:
    """A signal to end leaves this block and what was begun in it is tidied up.

    Gives what is to be called when tidying begins: further signals do nothing then.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    def tidying() -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    for number in SIGNALS:
        signal.signal(number, stop)
    with suppress(Stopped):
        yield tidying
