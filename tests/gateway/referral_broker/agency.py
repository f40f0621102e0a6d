"""A broker's tenant on the real service: its team, its prescribers and partners, its clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from itertools import count
from typing import Any, Final

from bson.objectid import ObjectId

from avoir.host import Host
from avoir.lifecycles import PARTIES, Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.clock import system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Acted, CaseView, Command, Declined, Service

ORIGIN: Final = store.Origin(door="test")
PRESCRIBER: Final = "referral_broker.prescriber"
PARTNER: Final = "referral_broker.partner"
OPENED: Final = datetime(2025, 3, 3, 9, tzinfo=UTC)
FEE: Final = {"amount": "400.00", "unit": "EUR"}
STAFF: Final = {role.value for role in Role} - {role.value for role in PARTIES}


def hosting() -> Host:
    """A host with the broker's plugin, as its entry point brings it."""
    return Host([EntryPoint("referral_broker", "avoir_referral_broker.plugin", "avoir")])


async def serving(database: store.Database) -> Service:
    """The service on a database that is laid out."""
    service = Service(hosting(), stores_in(database), system_clock)
    await lay_out(service.stores)
    return service


@dataclass
class Agency:
    """One tenant, who acts in it, and the services that serve it."""

    services: Sequence[Service]
    tenant: store.Tenant
    keys: count[int] = field(default_factory=count)

    @property
    def service(self) -> Service:
        """The first of the services."""
        return self.services[0]

    def who(self, name: str) -> Principal:
        """Somebody by his role, or a party by its full name, ``prescriber:A``."""
        if name in STAFF:
            return Principal(self.tenant.id, name, Role(name), name, None, "token")
        role = Role(name.partition(":")[0])
        return Principal(self.tenant.id, f"u-{name}", role, name, name, "token")

    async def act(
        self,
        who: str,
        policy: str,
        action: str,
        facts: Mapping[str, Any] | None = None,
        *,
        case: str | None = None,
        party: str | None = None,
        key: str | None = None,
        by: int = 0,
    ) -> Acted | Declined:
        """Take an action through one of the services, under a new key unless one is given."""
        command = Command(
            policy=policy,
            action=action,
            key=key or f"k-{next(self.keys)}",
            facts=facts or {},
            case=case,
            party=party,
        )
        service = self.services[by % len(self.services)]
        return await service.act(self.who(who), self.tenant, command, ORIGIN)

    async def attach(
        self, prescriber: str, contact: str, *, by: int = 0, key: str | None = None, **facts: Any
    ) -> Acted | Declined:
        """Attach a contact to a prescriber; ``facts`` are further ones of the contact."""
        stated = {"contact": {"person_id": contact, **facts}}
        return await self.act(
            "team", PRESCRIBER, "attach", stated, party=prescriber, by=by, key=key
        )

    async def sign(self, prescriber: str, kind: str = "remunerated") -> None:
        """Record a convention of a prescriber, with its fee where it is a remunerated one."""
        convention: dict[str, Any] = {"kind": kind, "signed_at": "2025-01-10T10:00:00+01:00"}
        if kind == "remunerated":
            convention["fee"] = FEE
        done = await self.act(
            "team", PRESCRIBER, "sign_convention", {"convention": convention}, party=prescriber
        )
        assert outcome(done) == "recorded"

    async def on(
        self,
        case: str,
        action: str,
        facts: Mapping[str, Any] | None = None,
        *,
        who: str = "team",
        policy: str = PRESCRIBER,
        by: int = 0,
    ) -> Acted | Declined:
        """Take an action on a case."""
        return await self.act(who, policy, action, facts, case=case, by=by)

    async def view(self, case: str, who: str = "auditor") -> CaseView:
        """A case as it stands."""
        found = await self.service.case(self.who(who), self.tenant, case)
        assert isinstance(found, CaseView)
        return found

    async def balance(self, party: str) -> int:
        """Where the account of a party stands, in the smallest unit."""
        account = await self.service.account(self.who("auditor"), self.tenant, f"{party}:balance")
        return 0 if account is None else account.balance

    async def stand_at(self, moment: datetime) -> None:
        """Set the clock."""
        self.tenant = await self.service.stores.tenants.set_clock(self.tenant.id, moment)


async def opened(
    *services: Service,
    plugins: tuple[str, ...] = ("referral_broker",),
    at: datetime | None = OPENED,
    zone: str = "Europe/Paris",
) -> Agency:
    """A new tenant; its clock stands at a moment, or is the real one."""
    tenant = store.Tenant(
        id=f"agency-{ObjectId()}",
        name="Agency",
        language="fr_FR",
        time_zone=zone,
        currency="EUR",
        plugins=plugins,
        kind=store.TenantKind.TEST,
        clock=at,
    )
    await services[0].stores.tenants.add(tenant)
    return Agency(services, tenant)


def outcome(done: Acted | Declined) -> str | None:
    """What an action came to; None where it was declined."""
    return None if isinstance(done, Declined) else str(done.record.decision["outcome"])


def clauses(done: Acted | Declined) -> list[str]:
    """The clauses that a decision cites."""
    assert isinstance(done, Acted), done
    cited = done.record.decision["clauses"]
    assert isinstance(cited, list)
    return [str(clause) for clause in cited]


def case_of(done: Acted | Declined) -> str:
    """The id of the case that was acted on."""
    assert isinstance(done, Acted), done
    return done.record.case


def due(view: CaseView) -> list[str]:
    """The dates that something is due on, in a case as it stands."""
    deadlines = view.standing["deadlines"]
    assert isinstance(deadlines, list)
    return [str(deadline["date"]) for deadline in deadlines]
