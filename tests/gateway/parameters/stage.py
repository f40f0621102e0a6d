"""Tenants of the real service on which decided cases and random histories are played."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final, TypeVar

import msgspec
from bson.objectid import ObjectId

from avoir.lifecycles import Role
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.administration.trials import Bounds, Subject, Trial, tried
from avoir_gateway.matters import Case
from avoir_gateway.service import Acted, Command, Declined, Service

T = TypeVar("T")
ORIGIN: Final = store.Origin(door="test")
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
PARTIES: Final = {
    "professional": Role.PROFESSIONAL,
    "prescriber": Role.PRESCRIBER,
    "partner": Role.PARTNER,
}
Tree = dict[str, Any]


@dataclass
class Stage:
    """One tenant, driven from a test without a loop of its own; it remembers every record.

    It speaks as the towns of the stories do, so that what is played there is played here. Of an
    act that was declined there is no record.
    """

    runner: asyncio.Runner
    service: Service
    tenant: store.Tenant
    records: list[store.Record | None] = field(default_factory=list)
    keys: count[int] = field(default_factory=count)

    def run(self, coming: Coroutine[Any, Any, T]) -> T:
        """What comes of something asynchronous."""
        return self.runner.run(coming)

    def stand_at(self, moment: str | None) -> None:
        """Set the clock of the tenant."""
        clock = None if moment is None else datetime.fromisoformat(moment)
        self.tenant = msgspec.structs.replace(self.tenant, clock=clock)

    def __getitem__(self, id: str) -> Actor:
        return Actor(self, id)

    def trial(
        self, policy: Policy, values: Mapping[str, Any], bounds: Bounds | None = None
    ) -> Trial:
        """What values would have come to, laid over the defaults, on every case there is."""
        return self.run(self._trial(policy, values, bounds))

    async def _trial(
        self, policy: Policy, values: Mapping[str, Any], bounds: Bounds | None
    ) -> Trial:
        await self.service.stores.lists.flush()

        async def pinned(case: Case) -> Edition:
            return await self.service.pinned(self.tenant, policy, case)

        subject = Subject(self.tenant, policy.edition(values), LONG_AGO)
        return await tried(self.service.stores.past, subject, pinned, bounds=bounds)


@dataclass(frozen=True)
class Actor:
    """Somebody of the tenant, by his id as the stories know him, or by his party."""

    stage: Stage
    id: str

    def principal(self) -> Principal:
        """Who acts."""
        tenant, id = self.stage.tenant.id, self.id
        role, _, party_id = id.partition(":")
        if role in PARTIES:
            party = id if party_id else f"{id}:P-1"
            return Principal(tenant, id, PARTIES[role], id, party, "token")
        return Principal(tenant, id, Role(id.rpartition("-")[2]), id, None, "token")

    def act(
        self, policy: str, action: str, facts: Mapping[str, Any] | None = None, **rest: Any
    ) -> Tree:
        """The payload of an action, as far as the plays read it."""
        stage = self.stage
        command = Command(
            policy=policy,
            action=action,
            key=f"k-{next(stage.keys)}",
            facts=facts or {},
            case=rest.get("case"),
            party=rest.get("party"),
            time_zone=rest.get("timeZone"),
        )
        done = stage.run(stage.service.act(self.principal(), stage.tenant, command, ORIGIN))
        if isinstance(done, Declined):
            stage.records.append(None)
            return {"userErrors": list(done.errors), "decision": None, "case": None}
        assert isinstance(done, Acted)
        stage.records.append(done.record)
        opened = not done.record.case.startswith(store.ON_AN_ACCOUNT)
        return {
            "userErrors": [],
            "decision": {"outcome": str(done.record.decision["outcome"]).upper()},
            "case": {"id": done.record.case} if opened else None,
        }


def enrolled(
    runner: asyncio.Runner,
    service: Service,
    *plugins: str,
    zone: str = "Europe/Paris",
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    at: datetime = LONG_AGO,
) -> Stage:
    """A new tenant with values of its own for the parameters of policies, from long ago on."""
    tenant = store.Tenant(
        id=f"stage-{ObjectId()}",
        name="A stage",
        language="en_CA",
        time_zone=zone,
        currency="CAD",
        plugins=plugins,
        kind=store.TenantKind.TEST,
        clock=at,
    )

    async def add() -> None:
        await service.stores.tenants.add(tenant)
        for policy, values in (parameters or {}).items():
            await service.stores.parameters.set(
                store.ParameterValues(
                    tenant=tenant.id,
                    policy=policy,
                    effective_from=date(2000, 1, 1),
                    values=dict(values),
                    set_by="operator",
                    at=LONG_AGO,
                )
            )

    runner.run(add())
    return Stage(runner, service, tenant)


Act = tuple[str, str, str, Mapping[str, Any], Mapping[str, Any]]
"""A moment, who acts, the action, its facts, and what it is done on."""


def played(stage: Stage, policy: str, acts: Sequence[Act]) -> None:
    """Take acts one after another, each at its moment."""
    for at, who, action, facts, rest in acts:
        stage.stand_at(at)
        stage[who].act(policy, action, facts, **rest)
