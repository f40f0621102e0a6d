"""The catalogs of our own distributions, as a plugin."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from avoir.hookspecs import API, Plugin, hookimpl
from avoir.readers import Catalog

FOLDER: Final = Path(__file__).parent
DOMAINS: Final = (
    "avoir",
    "avoir_gateway",
    "avoir_xpertsource",
    "avoir_conxpros",
    "avoir_cronoshare",
    "avoir_referral_broker",
    "click",
)


@hookimpl
def avoir_plugin() -> Plugin:
    """Messages in English, French and Russian; ``click`` are those of the command line."""
    return Plugin("locales", API, catalogs=tuple(Catalog(name, FOLDER) for name in DOMAINS))
