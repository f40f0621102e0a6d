"""A tenant of Cronoshare on the real service, and what its books and contacts show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import EntryPoint
from itertools import count
from typing import Any, Final

from bson.objectid import ObjectId

from avoir.host import Host
from avoir.lifecycles import PARTIES, Role
from avoir_cronoshare.effects import COMMISSIONS, FEES
from avoir_cronoshare.policy import POLICY
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Acted, CaseView, Command, Declined, Service

ORIGIN: Final = store.Origin(door="test")
OPENED: Final = datetime(2025, 3, 3, 9, tzinfo=UTC)
FEE: Final = 20
MOST: Final = 500
"""Lines of a statement that are read at once."""


def hosting() -> Host:
    """A host with Cronoshare's plugin, as its entry point brings it."""
    return Host([EntryPoint("cronoshare", "avoir_cronoshare.plugin", "avoir")])


async def serving(database: store.Database) -> Service:
    """The service on a database that is laid out."""
    service = Service(hosting(), stores_in(database), lambda: datetime.now(UTC))
    await lay_out(service.stores)
    return service


@dataclass
class Shop:
    """One tenant whose clock stands, and who acts in it; several services may serve it."""

    services: Sequence[Service]
    tenant: store.Tenant
    keys: count[int] = field(default_factory=count)

    @property
    def service(self) -> Service:
        """The first of the services."""
        return self.services[0]

    def who(self, name: str) -> Principal:
        """Somebody by his role, or a professional by his id, ``P-1``."""
        if name in {role.value for role in Role} - {role.value for role in PARTIES}:
            return Principal(self.tenant.id, name, Role(name), name, None, "token")
        party = f"professional:{name}"
        return Principal(self.tenant.id, f"u-{name}", Role.PROFESSIONAL, name, party, "token")

    async def act(
        self,
        who: str,
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
            policy=POLICY.key,
            action=action,
            key=key or f"k-{next(self.keys)}",
            facts=facts or {},
            case=case,
            party=party,
        )
        service = self.services[by % len(self.services)]
        return await service.act(self.who(who), self.tenant, command, ORIGIN)

    async def top_up(self, number: str, amount: int) -> None:
        """Pay cronos in for a professional."""
        done = await self.act("platform", "top_up", {"top_up": str(amount)}, party=number)
        assert outcome(done) == "recorded"

    async def set_limit(self, number: str, limit: int) -> None:
        """Set how much may be advanced to a professional."""
        facts = {"new_advance_limit": str(limit)}
        done = await self.act("operator", "set_advance_limit", facts, party=number)
        assert outcome(done) == "recorded"

    async def buy(
        self, number: str, offer: str, commission: int, *, by: int = 0, key: str | None = None
    ) -> Acted | Declined:
        """Buy a contact, confirmed on the site."""
        facts = {
            "offer": {"id": offer, "commission": str(commission)},
            "event": {"confirmed_on_site": True},
        }
        return await self.act(number, "buy_contact", facts, by=by, key=key)

    async def refund(
        self,
        number: str,
        case: str,
        ground: str = "client_rejects_price",
        *,
        by: int = 0,
        key: str | None = None,
    ) -> Acted | Declined:
        """Refund a contact."""
        facts = {"event": {"ground": ground}}
        return await self.act(number, "refund", facts, case=case, by=by, key=key)

    async def stand_at(self, moment: datetime) -> None:
        """Set the clock."""
        self.tenant = await self.service.stores.tenants.set_clock(self.tenant.id, moment)

    async def pass_days(self, number: int) -> None:
        """Let days go by."""
        assert self.tenant.clock is not None
        await self.stand_at(self.tenant.clock + timedelta(days=number))

    async def lines(self, number: str, account: str = "cronos") -> list[store.StatementLine]:
        """The entries of an account, the first one first, each with its record."""
        name = f"professional:{number}:{account}@cronoshare"
        found = await self.service.stores.journal.statement(self.tenant.id, name, None, MOST)
        return found[::-1]

    async def balances(self, number: str) -> tuple[int, int]:
        """What a professional has, and what of it was advanced."""
        cronos = await self.lines(number, "cronos")
        advances = await self.lines(number, "advances")
        return (
            cronos[-1].entry.balance if cronos else 0,
            -advances[-1].entry.balance if advances else 0,
        )

    async def seen(self, case: str) -> CaseView:
        """A contact as it stands, to who may see all."""
        view = await self.service.case(self.who("auditor"), self.tenant, case)
        assert isinstance(view, CaseView)
        return view


async def opened(*services: Service, **parameters: store.JSON) -> Shop:
    """A new tenant in Paris, with these values of the parameters."""
    tenant = store.Tenant(
        id=f"shop-{ObjectId()}",
        name="Un site",
        language="fr_FR",
        time_zone="Europe/Paris",
        currency="EUR",
        plugins=("cronoshare",),
        kind=store.TenantKind.TEST,
        clock=OPENED,
    )
    stores = services[0].stores
    await stores.tenants.add(tenant)
    if parameters:
        values = store.ParameterValues(
            tenant=tenant.id,
            policy=POLICY.key,
            effective_from=date(2025, 1, 1),
            values=parameters,
            set_by="operator",
            at=OPENED,
        )
        await stores.parameters.set(values)
    return Shop(services, tenant)


def outcome(done: Acted | Declined) -> str:
    """What came of an act: an outcome, or the code of why nothing was done."""
    if isinstance(done, Declined):
        return done.errors[0].code
    return str(done.record.decision["outcome"])


def case_of(done: Acted | Declined) -> str:
    """The case that an act was on."""
    assert isinstance(done, Acted), done
    return done.record.case


def house_side(record: store.Record) -> int:
    """What the house gained by a record."""
    return sum(
        posting.amount
        * (posting.destination.startswith("house:") - posting.source.startswith("house:"))
        for posting in record.postings
    )


def fees(records: Sequence[store.Record]) -> list[int]:
    """What each record did to the revenue from fees."""
    return [moved(record, FEES) for record in records]


def moved(record: store.Record, account: str) -> int:
    """What a record did to an account of the house."""
    return sum(
        posting.amount * ((posting.destination == account) - (posting.source == account))
        for posting in record.postings
    )


def net_refunded(records: Sequence[store.Record]) -> int:
    """What of the commission of a contact has come back, after what was taken back."""
    return -sum(moved(record, COMMISSIONS) for record in records if record.action != "buy_contact")
