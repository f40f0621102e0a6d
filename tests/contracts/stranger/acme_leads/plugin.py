"""Acme as a plugin of Avoir."""

from __future__ import annotations

from pathlib import Path

from acme_leads.policy import POLICY
from avoir.hookspecs import API, Plugin, hookimpl
from avoir.readers import Catalog

LOCALES = Path(__file__).parent / "locales"


@hookimpl
def avoir_plugin() -> Plugin:
    """The policy, and the catalogs of its messages in French and Russian."""
    return Plugin("acme", API, policies=(POLICY,), catalogs=(Catalog("acme_leads", LOCALES),))
