"""conXpros as a plugin."""

from __future__ import annotations

from avoir.hookspecs import API, Plugin, hookimpl
from avoir_conxpros.policy import POLICY


@hookimpl
def avoir_plugin() -> Plugin:
    """The lead credit policy; its messages are in the catalogs of avoir-locales."""
    return Plugin("conxpros", API, policies=(POLICY,))
