"""Brings two policies under one key."""

from avoir.hookspecs import API, Plugin, hookimpl
from tests.contracts.mishaps.specimen import policy

KEY = "same_policy_twice.specimen"


@hookimpl
def avoir_plugin() -> Plugin:
    """Two policies, one key."""
    return Plugin("same_policy_twice", API, policies=(policy(KEY), policy(KEY)))
