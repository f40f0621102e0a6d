"""The enums of the schema: those of the core and the gateway, under their names in the schema."""

from __future__ import annotations

from typing import Final

from avoir.clauses import OUTCOMES, Effective, Mode, Outcome, RowKind
from avoir.descriptions import SOURCES, KindName, Many
from avoir.documents import STATUSES
from avoir.facts import Source
from avoir.findings import FindingStatus
from avoir.lifecycles import ROLES, Founding, Role
from avoir.returns import FigureKind
from avoir_gateway.access import Permission
from avoir_gateway.schema.describing import enumerated
from avoir_gateway.service import PluginStatus
from avoir_gateway.store import Period, TenantKind, TenantStatus
from avoir_gateway.store import Source as AuditSource

ENUMS: Final = (
    enumerated(Outcome, "Outcome", OUTCOMES),
    enumerated(Mode, "DecisionMode"),
    enumerated(Effective, "TakesEffect"),
    enumerated(FindingStatus, "FindingStatus", STATUSES),
    enumerated(RowKind, "RowKind"),
    enumerated(Source, "FactSource", SOURCES),
    enumerated(KindName, "FactKind"),
    enumerated(Many, "FactCount"),
    enumerated(Founding, "Founding"),
    enumerated(Role, "Role", ROLES),
    enumerated(TenantKind, "TenantKind"),
    enumerated(TenantStatus, "TenantStatus"),
    enumerated(Permission, "Permission"),
    enumerated(PluginStatus, "PluginStatus"),
    enumerated(FigureKind, "ReturnsKind"),
    enumerated(Period, "ReturnsPeriod"),
    enumerated(AuditSource, "AuditSource"),
)

__all__ = [
    "ENUMS",
    "AuditSource",
    "Effective",
    "FigureKind",
    "FindingStatus",
    "Founding",
    "KindName",
    "Many",
    "Mode",
    "Outcome",
    "Period",
    "Permission",
    "PluginStatus",
    "Role",
    "RowKind",
    "Source",
    "TenantKind",
    "TenantStatus",
]
