"""Two answers held beside each other, apart from what must differ between two tenants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from tests.gateway.access.strangers import NOBODYS, THEIRS, opened

VOLATILE: Final = frozenset({"date", "content-length"})
"""Headers that differ between two answers to the same question."""
_OPAQUE: Final = re.compile(r"(?<=\")[A-Za-z0-9_-]{8,}(?=\")")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_DRAWN: Final = re.compile(r"token-[0-9a-f]{16}|town-[0-9a-f]{12}|avoir_[A-Za-z0-9_-]{43}")
"""What is drawn by lot when it is made."""


def whole(answer: httpx.Response, *asked: str) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """An answer as it may be held beside another: status, headers and body.

    What was asked for is replaced, within opaque ids too, and so is what lots and clocks decide.
    """
    headers = sorted((n, v) for n, v in answer.headers.items() if n not in VOLATILE)
    return answer.status_code, tuple(headers), _plain(answer.text, asked)


def _plain(text: str, asked: Iterable[str]) -> str:
    text = _OPAQUE.sub(lambda found: opened(found[0]) or found[0], text)
    plainly = [opened(one) or one for one in asked]
    for one in sorted({*asked, *plainly}, key=len, reverse=True):
        text = text.replace(one, "ASKED")
    # what was asked before is remembered, and told again
    text = _DRAWN.sub("DRAWN", text).replace(NOBODYS, THEIRS)
    return _MOMENT.sub(_now, text)


def _now(found: re.Match[str]) -> str:
    moment = datetime.fromisoformat(found[0].replace("Z", "+00:00"))
    return "NOW" if abs(datetime.now(UTC) - moment) < timedelta(days=1) else found[0]


def codes(answer: httpx.Response) -> set[str]:
    """Every code of an answer, of errors and of user errors alike."""
    return set(re.findall(r'"code":\s*"([A-Z_.a-z]+)"', answer.text))


def difference(one: str, other: str) -> str:
    """Where two texts part, each with what is about that place."""
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return f"{one[max(0, place - 60) : place + 90]!r} or {other[place : place + 90]!r}"
