"""The clock: the gateway's own, or the moment that a test tenant stands at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from avoir.periods import zone
from avoir_gateway.store import Tenant

Clock = Callable[[], datetime]
"""Gives the present moment, aware."""


def system_clock() -> datetime:
    """The present moment in UTC, to the millisecond, as the store keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def moment(tenant: Tenant, clock: Clock) -> datetime:
    """The moment of a tenant: a test tenant's set clock, else the gateway's."""
    return clock() if tenant.clock is None else tenant.clock


def day_of(tenant: Tenant, moment: datetime) -> date:
    """The calendar day that a moment is on where a tenant is."""
    return moment.astimezone(zone(tenant.time_zone)).date()
