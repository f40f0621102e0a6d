"""The stranger's decided cases and his messages, as tests read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).parent / "stranger"
CASES: Final = FOLDER / "cases.json"
POLICY: Final = "acme.lead_return"
LANGUAGES: Final = ("en", "fr", "ru")


def case(id: str) -> Mapping[str, Any]:
    """A decided case, by its number."""
    found: Mapping[str, Any] = {
        case["id"]: case for case in msgspec.json.decode(CASES.read_bytes())
    }[f"ACME-{id}"]
    return found


def facts(id: str) -> bytes:
    """The facts of a decided case, as a document."""
    return msgspec.json.encode(case(id)["facts"])


def catalog(language: str) -> Catalog:
    """The stranger's catalog in a language."""
    path = FOLDER / "acme_leads" / "locales" / language / "LC_MESSAGES" / "acme_leads.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="acme_leads")


def messages() -> set[str | tuple[str, str]]:
    """Every message in the stranger's sources."""
    keywords = {"N_": None, "N_n": (1, 2)}
    return {
        message if isinstance(message, str) else (message[0], message[1])
        for _, _, message, _, _ in extract_from_dir(FOLDER / "acme_leads", keywords=keywords)
    }


def translated(text: str, language: str) -> str:
    """One of the stranger's messages without a number, in a language."""
    if language == "en":
        return text
    message = catalog(language).get(text)
    assert message is not None, f"no {language} for {text!r}"
    assert isinstance(message.string, str)
    return message.string
