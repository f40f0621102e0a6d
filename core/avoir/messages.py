"""Messages: what people read, written in English, carried untranslated to a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from avoir.money import Money


def N_(text: str) -> str:  # noqa: N802 - the conventional name of the extraction marker
    """Mark a source message for extraction; it is returned as it is."""
    return text


class Language(StrEnum):
    """The languages every message exists in."""

    ENGLISH = "en"
    FRENCH = "fr"
    RUSSIAN = "ru"


class Name(msgspec.Struct, frozen=True):
    """A source message used as a value inside another message: translated before it is set in."""

    text: str


type_of_value = str | int | bool | Decimal | date | datetime | Money | Name
Value = type_of_value | Sequence[type_of_value]


class Message(msgspec.Struct, frozen=True):
    """A source message with the values that a reader's locale will format.

    ``plural`` is the English plural; with it, the value ``n`` chooses the form.
    """

    text: str
    plural: str = ""
    values: Mapping[str, Value] = {}


class Plural(msgspec.Struct, frozen=True):
    """A source message in its two English forms, chosen by the value ``n``."""

    singular: str
    plural: str

    def counted(self, n: int, /, **values: Value) -> Message:
        """The message for ``n`` things."""
        return Message(self.singular, self.plural, {**values, "n": n})


def N_n(singular: str, plural: str) -> Plural:  # noqa: N802 - see N_
    """Mark a message with a count for extraction."""
    return Plural(singular, plural)
