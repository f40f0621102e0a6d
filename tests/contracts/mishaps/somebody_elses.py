"""Brings a policy under the name of another plugin."""

from avoir.hookspecs import API, Plugin, hookimpl
from tests.contracts.mishaps.specimen import policy


@hookimpl
def avoir_plugin() -> Plugin:
    """A policy of acme that acme knows nothing of."""
    return Plugin("somebody_elses", API, policies=(policy("acme.lead_gift"),))
