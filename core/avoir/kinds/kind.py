"""What every kind has, and how a value is refused."""

from __future__ import annotations

from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from avoir.errors import AvoirError
from avoir.messages import Message

T = TypeVar("T")


class Fault(msgspec.Struct, frozen=True):
    """A fact that cannot be: where it stands in the document, and why."""

    path: str
    message: Message


class FactsError(AvoirError):
    """One or more values of a document cannot be facts; ``faults`` names every path."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("impossible_facts", paths=", ".join(f.path for f in faults))


def refuse(path: str, text: str, **values: str | int) -> FactsError:
    """What a value is refused with: where it stands, and why."""
    return FactsError(Fault(path, Message(text, values=values)))


def within(path: str, name: object) -> str:
    """The path of an entry that a document named itself: cut short, and always plain text."""
    plain = str(name)[:200].encode(errors="replace").decode()
    return f"{path}.{plain}" if path else plain


class Kind(Generic[T]):
    """A kind of value: reads JSON-like data into a typed value."""

    __slots__ = ()

    def is_unknown(self, raw: object) -> bool:
        """Whether nothing is stated."""
        return raw is None

    def read(self, raw: object, path: str, local: ZoneInfo) -> T:
        """The typed value; raises ``FactsError`` with the paths at fault."""
        raise NotImplementedError
