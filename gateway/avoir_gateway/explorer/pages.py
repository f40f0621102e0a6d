"""The explorer's page, whole in itself, in every language; nothing of a request goes into it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Final

import msgspec
from starlette.responses import Response

from avoir.messages import N_, Language
from avoir_gateway.talk import Talk

WORDS: Final = {
    "answer": N_("Answer"),
    "failed": N_("The gateway does not answer."),
    "language": N_("Language"),
    "noscript": N_("This page needs JavaScript."),
    "paste": N_("Paste a token"),
    "query": N_("Query"),
    "run": N_("Run (Ctrl+Enter)"),
    "schema": N_("Show the schema"),
    "token": N_("Token"),
    "variables": N_("Variables (JSON)"),
    "waiting": N_("Waiting for the answer…"),
}
EXAMPLE: Final = """\
query Cases($first: Int = 10) {
  viewer { name roleLabel }
  cases(first: $first) {
    edges { node { id policy state updatedAt } }
  }
}
"""
MARK: Final = re.compile(r"@([a-z]+)@")


def page(talk: Talk) -> Response:
    """The page in the language of the one who opened it."""
    language = Language(talk.tag.partition("_")[0])
    words = {
        tag: {name: talk.gateway.reader(tag).word(text) for name, text in WORDS.items()}
        for tag in map(str, Language)
    }
    headers = {
        "content-security-policy": _policy(),
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
    }
    content = _filled(str(language), words).encode()
    return talk.reply(HTTPStatus.OK, content, "text/html; charset=utf-8", headers)


def _filled(language: str, words: Mapping[str, Mapping[str, str]]) -> str:
    texts = {name: html.escape(word) for name, word in words[language].items()}
    # Within a script element no entity is read, and nothing may look like its end.
    encoded = msgspec.json.encode(words).decode().replace("<", "\\u003c")
    parts = {
        **texts,
        "lang": language,
        "words": encoded,
        "style": _part("page.css"),
        "script": _part("page.js"),
        "example": html.escape(EXAMPLE),
    }
    return MARK.sub(lambda mark: parts[mark[1]], _part("page.html"))


@cache
def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """Only this very script and this very style run, and they reach this gateway only."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest('page.js')}'",
            f"style-src '{_digest('page.css')}'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _digest(name: str) -> str:
    digest = hashlib.sha256(_part(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
