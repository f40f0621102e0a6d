"""Keeping: what is told of an object again and again, made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

O = TypeVar("O")  # noqa: E741
T = TypeVar("T")


class Kept(Generic[O, T]):
    """Tells of an object what was told of that same one before; of equal ones each has its own.

    It is for objects that live long. Once there are ``most``, all are forgotten together.
    """

    __slots__ = ("_most", "_tell", "_told")

    def __init__(self, tell: Callable[[O], T], most: int) -> None:
        self._tell = tell
        self._most = most
        self._told: dict[int, tuple[O, T]] = {}

    def __call__(self, of: O, /) -> T:
        found = self._told.get(id(of))
        if found is None:
            if len(self._told) >= self._most:
                self._told.clear()
            # an id is one's own only while one is kept
            found = self._told[id(of)] = (of, self._tell(of))
        return found[1]
