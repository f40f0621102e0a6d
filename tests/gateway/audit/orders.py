"""Administrative records to write, valid and as small as may be."""

from __future__ import annotations

from itertools import count

from avoir_gateway.store import (
    JSON,
    Actor,
    Administration,
    AdministrativeCommand,
    AdministrativeRecord,
    Origin,
    Session,
)
from tests.gateway.store.specimens import NOON

_numbers = count(1)


def order(
    tenant: str = "t-1",
    action: str = "plugin.enable",
    subject: str = "plugin:conxpros",
    after: dict[str, JSON] | None = None,
) -> AdministrativeRecord:
    """A change under a key of its own."""
    return AdministrativeRecord(
        tenant=tenant,
        command=AdministrativeCommand(
            tenant=tenant, by="olga", key=f"order-{next(_numbers)}", fingerprint="f"
        ),
        action=action,
        subject=subject,
        before={"plugins": ["xpertsource"]},
        after={"plugins": ["conxpros", "xpertsource"]} if after is None else after,
        actor=Actor(id="olga", role="operator", name="Olga"),
        credential="token-2",
        origin=Origin(door="cli"),
        at=NOON,
    )


async def write(administration: Administration, *records: AdministrativeRecord) -> None:
    """Write records, each as a change of nothing else."""
    for record in records:

        async def change(_: Session, made: AdministrativeRecord = record) -> AdministrativeRecord:
            return made

        await administration.write(record.command, change)
