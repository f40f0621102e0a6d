"""The referral broker as a plugin: two policies, which a tenant enables apart."""

from __future__ import annotations

from avoir.hookspecs import API, Plugin, hookimpl
from avoir_referral_broker.partner.policy import POLICY as PARTNER
from avoir_referral_broker.prescriber.policy import POLICY as PRESCRIBER


@hookimpl
def avoir_plugin() -> Plugin:
    """Both policies; their messages are in the catalogs of avoir-locales."""
    return Plugin("referral_broker", API, policies=(PRESCRIBER, PARTNER))
