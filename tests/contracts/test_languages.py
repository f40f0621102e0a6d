"""Languages: every message exists in French and in Russian, whole, in good type, and its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from avoir_locales.plugin import DOMAINS, FOLDER

LANGUAGES: Final = ("fr", "ru")
PLURALS: Final = {"fr": 2, "ru": 3}
CLICK: Final = "click"
OURS: Final = tuple(domain for domain in DOMAINS if domain != CLICK)
ROOT: Final = Path(__file__).parents[2]

Forms = tuple[str, ...]
"""A message: its text, or its singular and its plural; in a language, all of its forms."""

NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
STOPS: Final = (".", "?", "!", "…")
PERCENT: Final = re.compile(r"%\((\w+)\)[a-z]")


@dataclass(frozen=True)
class Entry:
    """A message of a catalog: its source, its translation, and whether that is uncertain."""

    source: Forms
    forms: Forms
    fuzzy: bool


def forms_of(text: str | Collection[str] | None) -> Forms:
    """The forms of a message, whichever way Babel holds them."""
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


@cache
def catalog(domain: str, language: str) -> Catalog:
    """The catalog of a domain in a language."""
    with (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def entries(domain: str, language: str) -> Mapping[Forms, Entry]:
    """The entries of a catalog, by their sources."""
    found = (
        Entry(forms_of(message.id), forms_of(message.string), message.fuzzy)
        for message in catalog(domain, language)
        if message.id
    )
    return {entry.source: entry for entry in found}


@cache
def said(domain: str) -> frozenset[Forms]:
    """The messages that the sources of a domain mark now."""
    package = find_spec(domain)
    assert package is not None
    assert package.submodule_search_locations is not None
    keywords = {"N_": None, "N_n": (1, 2), "_": None, "ngettext": (1, 2)}
    extracted = extract_from_dir(
        package.submodule_search_locations[0], [("**.py", "python")], keywords=keywords
    )
    return frozenset(forms_of(text) for _, _, text, _, _ in extracted)


def texts(domain: str, language: str) -> Iterator[tuple[Forms, str]]:
    """Every form of every translation, with its source."""
    for entry in entries(domain, language).values():
        for form in entry.forms:
            yield entry.source, form


def placeholders(text: str) -> list[str]:
    """What is set into a text: names with their conversions, in any order."""
    braces = Formatter().parse(text.replace("%", "%%"))
    named = [f"{name}!{how}:{spec}" for _, name, spec, how in braces if name is not None]
    return sorted([*named, *PERCENT.findall(text)])


def words(text: str) -> str:
    """A text with a figure for whatever is set into it."""
    return re.sub(r"\{[^{}]*\}|%\(\w+\)[a-z]", "0", text)


def is_symbol(text: str) -> bool:
    """Whether a text has no letters of its own, such as “{label}: {value}”."""
    return not any(letter.isalpha() for letter in words(text))


COINED = frozenset({"cronos"})
"""Words that a business made, and that English and French write alike."""

every_catalog = pytest.mark.parametrize("language", LANGUAGES)
every_domain = pytest.mark.parametrize("domain", DOMAINS)


def test_every_package_has_catalogs() -> None:
    """Each distribution of ours is a domain, and no other catalog lies about."""
    packages = {
        init.parent.name
        for folder in ("core", "gateway", "plugins/*")
        for project in ROOT.glob(f"{folder}/pyproject.toml")
        for init in project.parent.glob("*/__init__.py")
    }
    assert packages == set(OURS)
    for language in LANGUAGES:
        found = {path.stem for path in (FOLDER / language / "LC_MESSAGES").glob("*.po")}
        assert found == set(DOMAINS)
    found = {path.stem for path in (FOLDER / "en" / "LC_MESSAGES").glob("*.po")}
    assert found == set(OURS)


@pytest.mark.parametrize("domain", OURS)
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_catalogs_hold_what_the_sources_say(domain: str, language: str) -> None:
    """The messages of a catalog are those of the sources: ``make messages`` would change none."""
    held = set(entries(domain, language))
    assert sorted(said(domain) - held) == []
    assert sorted(held - said(domain)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_command_line_are_said(language: str) -> None:
    """The words of the command-line library are among those that it says, alike everywhere."""
    held = set(entries(CLICK, language))
    assert sorted(held - said(CLICK)) == []
    assert held == set(entries(CLICK, "fr"))
    for needed in ("Usage:", "Options", "Commands", "Error: {message}", "No such option {name!r}."):
        assert (needed,) in held


@every_domain
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_nothing_obsolete_is_kept(domain: str, language: str) -> None:
    """No catalog keeps messages that the sources no longer say."""
    if (domain, language) != (CLICK, "en"):
        assert list(catalog(domain, language).obsolete) == []


@pytest.mark.parametrize("domain", OURS)
def test_english_is_the_source(domain: str) -> None:
    """The English catalogs are empty: what people read is what the sources say."""
    assert [form for _, form in texts(domain, "en") if form] == []


@every_catalog
@every_domain
def test_every_message_is_translated(domain: str, language: str) -> None:
    """Every message has a translation that somebody stands by, in all of its plural forms."""
    assert catalog(domain, language).num_plurals == PLURALS[language]
    for entry in entries(domain, language).values():
        assert not entry.fuzzy, entry.source
        assert len(entry.forms) == (PLURALS[language] if len(entry.source) > 1 else 1), entry
        assert all(form.strip() for form in entry.forms), entry.source


@every_catalog
@every_domain
def test_translations_set_in_the_same_values(domain: str, language: str) -> None:
    """What is set into a message is set into its translation, and nothing else."""
    for entry in entries(domain, language).values():
        allowed = [placeholders(form) for form in entry.source]
        first, *others = entry.forms
        assert placeholders(first) in allowed, entry
        for form in others:
            assert placeholders(form) == allowed[-1], entry


@every_domain
def test_languages_differ(domain: str) -> None:
    """No translation repeats the source or the other language, unless it is symbols only."""
    french, russian = entries(domain, "fr"), entries(domain, "ru")
    for source, entry in french.items():
        if all(map(is_symbol, source)) or COINED.issuperset(source):
            continue
        other = russian[source].forms
        assert not {form.strip() for form in entry.forms} & {*source, *other}, entry
        assert not {form.strip() for form in other} & {*source}, russian[source]


@every_catalog
@every_domain
def test_beginnings_and_ends_agree(domain: str, language: str) -> None:
    """A sentence stays a sentence and a label a label: full stops are those of the source."""
    for source, form in texts(domain, language):
        wanted, found = (text.rstrip(")").endswith(STOPS) for text in (source[0], form))
        assert found == wanted or (found and domain == CLICK), form


@every_domain
def test_french_is_in_good_type(domain: str) -> None:
    """French as Quebec sets it: typographic apostrophes and quotes, no-break spaces, tight ; ? !"""
    for _, form in texts(domain, "fr"):
        text = words(form)
        assert not set(text) & set("'\"“”"), form
        assert not re.search(r"\s[;?!]", text), form
        assert "..." not in text, form
        assert not re.search(rf"(?<!{NO_BREAK_SPACE}):(?=\s|$)", text), form
        assert not re.search(rf"«(?!{NO_BREAK_SPACE})|(?<!{NO_BREAK_SPACE})»", text), form


@every_domain
def test_russian_is_in_good_type(domain: str) -> None:
    """Russian in Cyrillic letters alone, with its own quotes, dashes and tight punctuation."""
    for source, form in texts(domain, "ru"):
        text = words(form)
        assert not set(text) & set("'\"“”’"), form
        assert not re.search(r"\s[;:?!,.]", text), form
        assert "..." not in text, form
        assert " - " not in text, form
        assert not re.search(r"«\s|\s»", text), form
        assert not re.search(r"[А-Яа-яЁё][A-Za-z]|[A-Za-z][А-Яа-яЁё]", text), form
        assert re.search(r"[А-Яа-яЁё]", text) or all(map(is_symbol, source)), form


@pytest.mark.parametrize(
    ("language", "never"),
    [("en", r"refund|reimburs"), ("fr", r"rembours"), ("ru", r"возврат|возвращ|возмещ|вернут")],
)
def test_xpertsource_speaks_of_credit(language: str, never: str) -> None:
    """XpertSource gives credit: none of its messages speaks of money back."""
    forms = [" ".join(source) for source in said("avoir_xpertsource")]
    if language != "en":
        forms = [form for _, form in texts("avoir_xpertsource", language)]
    assert [form for form in forms if re.search(never, form, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_xpertsource_names_the_credit(language: str) -> None:
    """Where the source says credit, French says crédit and Russian says кредит на счёт."""
    other = re.compile(r"credit (file|history)|credit not checked", re.IGNORECASE)
    named = {
        "fr": re.compile(r"crédit", re.IGNORECASE),
        "ru": re.compile(r"кредит\w* на счёт", re.IGNORECASE),
    }
    for source, form in texts("avoir_xpertsource", language):
        if re.search(r"\bcredits?\b", other.sub("", source[0]), re.IGNORECASE):
            assert named[language].search(form), form
