"""Readers: messages, money, dates and counts as somebody reads them in a language and a zone.

Catalogs are ``.po`` files, compiled in memory when first read: no build step stands between a
translator and the result.
"""

from __future__ import annotations

import gettext
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from avoir import formats
from avoir.formats import KEPT
from avoir.messages import N_, Language, Message, Name
from avoir.money import Money

if TYPE_CHECKING:
    from babel import Locale

log = logging.getLogger(__name__)

CORE: Final = "avoir"
"""The domain of the messages of this package."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """A domain of messages and the folder of its ``LANGUAGE/LC_MESSAGES/DOMAIN.po`` files."""

    domain: str
    folder: Path

    def path(self, language: str) -> Path:
        """The file of a language."""
        return self.folder / language / "LC_MESSAGES" / f"{self.domain}.po"


class Phrases:
    """The messages of a domain in a language, each looked up once.

    ``made`` keeps what others made of them, such as clauses as they are sent, by what it is of.
    """

    def __init__(self, translations: gettext.NullTranslations) -> None:
        @lru_cache(maxsize=KEPT)
        def word(text: str) -> str:
            return translations.gettext(text) if text else ""

        self.word: Callable[[str], str] = word
        self.counted = translations.ngettext
        self.made: dict[int, tuple[object, msgspec.Raw]] = {}


class Catalogs:
    """The catalogs of all domains, each compiled when it is first read."""

    def __init__(self, catalogs: Sequence[Catalog]) -> None:
        self.by_domain: Mapping[str, Catalog] = {c.domain: c for c in catalogs}
        self._compiled: dict[tuple[str, str], gettext.NullTranslations] = {}
        self._phrases: dict[tuple[str, str], Phrases] = {}

    def phrases(self, domain: str, language: str) -> Phrases:
        """The messages of a domain in a language, as they are read again and again."""
        key = (domain, language)
        if key not in self._phrases:
            self._phrases[key] = Phrases(self.translations(domain, language))
        return self._phrases[key]

    def translations(self, domain: str, language: str) -> gettext.NullTranslations:
        """The messages of a domain in a language; those of the package where it has none."""
        key = (domain, language)
        if key not in self._compiled:
            compiled = self._compile(domain, language)
            if domain != CORE:
                compiled.add_fallback(self.translations(CORE, language))
            self._compiled[key] = compiled
        return self._compiled[key]

    def _compile(self, domain: str, language: str) -> gettext.NullTranslations:
        catalog = self.by_domain.get(domain)
        if catalog is None or language == Language.ENGLISH:
            return gettext.NullTranslations()
        path = catalog.path(language)
        if not path.is_file():
            return gettext.NullTranslations()
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import PoFileError, read_po

        compiled = io.BytesIO()
        try:
            with path.open("rb") as file:
                write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
        except (OSError, ValueError, PoFileError) as fault:
            # its readers get the source messages; nobody else loses anything
            log.warning("the catalog %s in %s cannot be read: %s", domain, language, fault)
            return gettext.NullTranslations()
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)


LARGEST_FORMATTED: Final = 10**28
"""Beyond this a number is no amount of anything, and the decimals of CLDR end."""

YES: Final = N_("yes")
NO: Final = N_("no")
UNKNOWN: Final = N_("unknown")


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: a locale such as ``fr_CA``, a time zone, and the catalogs.

    ``labels`` says how the values of choices are called, ``domain`` where their words are.
    """

    tag: str
    time_zone: str
    catalogs: Catalogs
    domain: str = CORE
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the messages."""
        return self.tag.partition("_")[0]

    @property
    def locale(self) -> Locale:
        """The locale of numbers, dates and money."""
        return formats.locale_of(self.tag)

    @cached_property
    def phrases(self) -> Phrases:
        """The messages of the domain in the language."""
        return self.catalogs.phrases(self.domain, self.language)

    def word(self, text: str) -> str:
        """A source message without values, translated."""
        return self.phrases.word(text)

    def say(self, message: Message) -> str:
        """A message, translated and with its values formatted."""
        counted = message.values.get("n")
        if message.plural and isinstance(counted, int):
            text = self.phrases.counted(message.text, message.plural, counted)
        else:
            text = self.word(message.text)
        if not message.values:
            return text
        return text.format_map({key: self.value(value) for key, value in message.values.items()})

    def value(self, value: object) -> str:
        """A value as it is read: money, dates and counts of the locale, labels of choices."""
        match value:
            case None:
                return self.word(UNKNOWN)
            case bool():
                return self.word(YES if value else NO)
            case StrEnum():
                return self.choice(value)
            case str():
                return value
            case Name():
                return self.word(value.text)
            case Message():
                return self.say(value)
            case int() if abs(value) >= LARGEST_FORMATTED:
                return str(value)
            case int() | Decimal():
                return formats.number(self.tag, str(value))
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case Money():
                return self.money(value)
            case list() | tuple() | frozenset():
                return self.enumeration(value)
            case Enum():
                return self.choice(str(value.value))
            case _:
                return str(value)

    def choice(self, value: str) -> str:
        """The value of a choice, by its label."""
        label = self.labels.get(value)
        return str(value) if label is None else self.phrases.word(label)

    def enumeration(self, values: Sequence[object] | frozenset[object]) -> str:
        """Values joined as a sentence joins them; long lists by their number."""
        return self._joined(values, "standard")

    def either(self, values: frozenset[object]) -> str:
        """Values of which one is meant, joined as a sentence joins them."""
        return self._joined(values, "or")

    def _joined(
        self, values: Sequence[object] | frozenset[object], style: Literal["standard", "or"]
    ) -> str:
        shown = [self.value(value) for value in values]
        if isinstance(values, frozenset):
            shown.sort()
        if not shown or len(shown) > 6 or any(len(text) > 60 for text in shown):
            return self.value(len(shown))
        return formats.listed(self.tag, shown, style)

    def money(self, money: Money) -> str:
        """An amount with its unit."""
        code = money.unit.code
        if len(code) == 3:
            return formats.price(self.tag, money.amount, code)
        return f"{formats.amount(self.tag, money.amount)} {self.choice(code)}"

    def day(self, day: date) -> str:
        """A calendar date."""
        return formats.day(self.tag, day)

    def moment(self, moment: datetime) -> str:
        """An instant, in the reader's time zone."""
        return formats.moment(self.tag, moment, self.time_zone)


def negotiate(accepted: str | None, default: str) -> str:
    """The locale that suits an ``Accept-Language`` header best, else ``default``."""
    from babel import Locale, UnknownLocaleError

    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate((accepted or "")[:500].split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        quality = 1.0
        name, _, number = parameters.strip().partition("=")
        if name.strip() == "q":
            try:
                quality = float(number)
            except ValueError:
                continue
        if quality > 0:
            ranked.append((-quality, position, tag.strip()))
    for _, _, tag in sorted(ranked):
        if tag == "*":
            return default
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        if locale.language in set(Language):
            return f"{locale.language}_{locale.territory}" if locale.territory else locale.language
    return default
