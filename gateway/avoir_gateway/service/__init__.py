"""The use cases of the gateway."""

from avoir_gateway.service.forms import (
    AccountView,
    Acted,
    Answer,
    BareCase,
    CaseView,
    Command,
    Declined,
    NextAction,
    PluginStatus,
    Stores,
)
from avoir_gateway.service.service import Service

__all__ = [
    "AccountView",
    "Acted",
    "Answer",
    "BareCase",
    "CaseView",
    "Command",
    "Declined",
    "NextAction",
    "PluginStatus",
    "Service",
    "Stores",
]
