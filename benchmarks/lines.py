"""``python -m benchmarks.lines [NUMBER]``: random credit requests, one a line, for a batch.

How fast a batch is decided, on so many processors::

    python -m benchmarks.lines 300000 >lines
    time avoir evaluate --lines lines --workers 2 >decisions
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec

from avoir_conxpros.policy import POLICY
from benchmarks.doors import ACTION
from benchmarks.situations import documents

NUMBER = 300_000


def requests(number: int) -> Iterator[bytes]:
    """So many requests, each a line."""
    for document in documents(number):
        request = {"policy": POLICY.key, "action": ACTION, "facts": document}
        yield msgspec.json.encode(request) + b"\n"


def main() -> None:
    """Write the requests."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    sys.stdout.buffer.writelines(requests(number))


if __name__ == "__main__":
    main()
