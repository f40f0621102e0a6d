"""A step of the demo: one action that somebody took before the demo begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One action of the demo, at a moment of its tenant."""

    tenant: str
    at: str
    person: str
    policy: str
    action: str
    facts: Mapping[str, Any]
    case: str | None = None
    party: str | None = None
