"""A real store, the real service, and one who asks it questions in GraphQL."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pytest
from bson.objectid import ObjectId
from strawberry.types import ExecutionResult

from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.schema import Context, Schema, build
from avoir_gateway.service import Service
from avoir_gateway.store import Client
from tests.gateway.schema import kinds

OURS = ("conxpros", "cronoshare", "locales", "referral_broker", "xpertsource")
NOON = datetime(2025, 3, 3, 17, tzinfo=UTC)


def hosting(*modules: ModuleType) -> Host:
    """A host of our own plugins and of these modules, each as an entry point would bring it."""
    installed = [point for point in entry_points(group="avoir") if point.name in OURS]
    for module in modules:
        sys.modules[module.__name__] = module
    strangers = [EntryPoint(m.__name__, m.__name__, "avoir") for m in modules]
    return Host([*installed, *strangers])


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """Our plugins, and one with a fact of every kind."""
    module = kinds.plugin("kinds", kinds.POLICY)
    yield hosting(module)
    # where two folders of tests have this fixture, each of them makes one
    sys.modules.pop(module.__name__, None)


@pytest.fixture(scope="session")
def schema(host: Host) -> Schema:
    """The schema of XpertSource."""
    return build(host, frozenset({"xpertsource"}))


@pytest.fixture(scope="session")
def wide_schema(host: Host) -> Schema:
    """The schema of XpertSource, and of the plugin with a fact of every kind."""
    return build(host, frozenset({"xpertsource", "kinds"}))


@pytest.fixture(scope="session")
async def service(client: Client, host: Host) -> AsyncIterator[Service]:
    """The service on one store: each test has a tenant of its own, and sees no other."""
    database = client[f"schema_{ObjectId()}"]
    stores = stores_in(database)
    await lay_out(stores)
    made = Service(host, stores, lambda: NOON)
    yield made
    await made.drain()
    await client.drop_database(database.name)


@pytest.fixture
async def theirs(service: Service) -> store.Tenant:
    """A tenant that has enabled XpertSource; its clock stands at noon of 3 March 2025."""
    return await tenant(service)


async def tenant(
    service: Service, *plugins: str, kind: store.TenantKind = store.TenantKind.TEST
) -> store.Tenant:
    """A new tenant in Toronto."""
    made = store.Tenant(
        id=f"tenant-{ObjectId()}",
        name="A marketplace",
        language="en_CA",
        time_zone="America/Toronto",
        currency="CAD",
        plugins=plugins or ("xpertsource",),
        kind=kind,
        clock=NOON if kind is store.TenantKind.TEST else None,
    )
    await service.stores.tenants.add(made)
    return made


@dataclass
class Asking:
    """Somebody who asks: each operation has a context of its own, as behind the door."""

    service: Service
    schema: Schema
    tenant: store.Tenant
    role: Role
    party: str | None = None
    tag: str = "en_CA"
    contexts: list[Context] = field(default_factory=list)

    async def result(self, query: str, **variables: Any) -> ExecutionResult:
        """What comes of an operation."""
        known = await self.service.stores.tenants.get(self.tenant.id)
        name = self.party or self.role.value
        who = Principal(
            self.tenant.id, name, self.role, f"The {self.role.value}", self.party, "token"
        )
        context = Context(
            who, known or self.tenant, self.service, self.tag, store.Origin(door="graphql")
        )
        self.contexts.append(context)
        return await self.schema.execute(query, variable_values=variables, context_value=context)

    async def __call__(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that goes well."""
        result = await self.result(query, **variables)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    async def code(self, query: str, **variables: Any) -> object:
        """The code of the one error of an operation."""
        result = await self.result(query, **variables)
        assert result.errors is not None, result.data
        (error,) = result.errors
        return (error.extensions or {}).get("code")

    async def act(self, field: str, **input: Any) -> dict[str, Any]:
        """What a mutation of an action answers."""
        type_ = f"{field[0].upper()}{field[1:]}Input"
        data = await self(
            f"mutation ($input: {type_}!) {{ {field}(input: $input) {{ {PAYLOAD} }} }}",
            input=input,
        )
        payload: dict[str, Any] = data[field]
        return payload


PAYLOAD = """
  case { id state stateLabel revision party allowedActions deadlines { kind date } }
  decision { outcome label state amount { amount unit } postings { kind amount { amount } } }
  record { revision key at }
  userErrors { code message path }
  replayed
"""

Ask = Callable[..., Asking]


@pytest.fixture
def ask(service: Service, schema: Schema, theirs: store.Tenant) -> Ask:
    """Makes people of the tenant."""

    def make(role: Role, party: str | None = None, **other: Any) -> Asking:
        return Asking(service, other.pop("schema", schema), theirs, role, party, **other)

    return make


@pytest.fixture
def platform(ask: Ask) -> Asking:
    """The marketplace's systems."""
    return ask(Role.PLATFORM)


@pytest.fixture
def professional(ask: Ask) -> Asking:
    """The professional P-1."""
    return ask(Role.PROFESSIONAL, "professional:P-1")


@pytest.fixture
def stranger(ask: Ask) -> Asking:
    """Another professional, P-2."""
    return ask(Role.PROFESSIONAL, "professional:P-2")


@pytest.fixture
def reviewer(ask: Ask) -> Asking:
    """A reviewer."""
    return ask(Role.REVIEWER)


@pytest.fixture
def operator(ask: Ask) -> Asking:
    """An operator."""
    return ask(Role.OPERATOR)


PRICE: Mapping[str, str] = {"amount": "120.00", "unit": "CAD"}


def lead(id: str = "L-1", at: str = "2025-03-03T10:00:00-05:00") -> dict[str, Any]:
    """A lead that was bought."""
    return {"id": id, "purchasedAt": at, "pricePaid": dict(PRICE)}


async def purchase(who: Asking, id: str = "L-1", party: str = "P-1") -> dict[str, Any]:
    """The purchase of a lead at the moment of the tenant."""
    payload = await who.act(
        "xpertsourceLeadCreditPurchase",
        idempotencyKey=f"purchase-{id}",
        professional=party,
        lead=lead(id),
    )
    assert payload["userErrors"] == []
    return payload


async def set_clock(who: Asking, moment: str) -> None:
    """Set the clock of the tenant."""
    data = await who(
        "mutation ($at: DateTime) { testClockSet(moment: $at) { userErrors { code } } }", at=moment
    )
    assert data["testClockSet"]["userErrors"] == []
