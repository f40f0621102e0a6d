"""Cronoshare as a plugin."""

from __future__ import annotations

from avoir.hookspecs import API, Plugin, hookimpl
from avoir_cronoshare.policy import POLICY


@hookimpl
def avoir_plugin() -> Plugin:
    """The contact policy; its messages are in the catalogs of avoir-locales."""
    return Plugin("cronoshare", API, policies=(POLICY,))
