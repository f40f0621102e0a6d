"""The use cases of the gateway."""

from avoir_gateway.service.forms import (
    AccountView,
    Acted,
    Answer,
    CaseView,
    Command,
    Declined,
    NextAction,
    Stores,
)
from avoir_gateway.service.service import Service

__all__ = [
    "AccountView",
    "Acted",
    "Answer",
    "CaseView",
    "Command",
    "Declined",
    "NextAction",
    "Service",
    "Stores",
]
