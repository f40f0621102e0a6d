"""Tenants, their tokens and the parameters they set."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import cast

import msgspec
import pytest
from pymongo.errors import WriteError

from avoir_gateway.store import (
    JSON,
    AlreadyThere,
    Database,
    NotStorable,
    NotThere,
    Parameters,
    ParameterValues,
    Tenant,
    TenantKind,
    Tenants,
    TenantStatus,
    Tokens,
)
from tests.gateway.store.specimens import NOON

POLICY = "xpertsource.lead_credit"


@dataclass
class Keepers:
    """The three collections beside the journal."""

    tenants: Tenants
    tokens: Tokens
    parameters: Parameters


@pytest.fixture
async def kept(database: Database) -> Keepers:
    """Empty collections, made twice as at a second start."""
    made = Keepers(Tenants(database), Tokens(database), Parameters(database))
    for _ in range(2):
        for each in (made.tenants, made.tokens, made.parameters):
            await each.ensure()
    return made


def tenant(identity: str = "t-1", kind: TenantKind = TenantKind.LIVE) -> Tenant:
    """A tenant in Montreal."""
    return Tenant(
        id=identity,
        name="XpertSource",
        language="fr",
        time_zone="America/Montreal",
        currency="CAD",
        kind=kind,
    )


async def test_a_tenant_is_kept(kept: Keepers) -> None:
    """A tenant comes back as it was added, and is added once."""
    await kept.tenants.add(tenant("t-2"))
    await kept.tenants.add(tenant())
    assert await kept.tenants.get("t-1") == tenant()
    assert await kept.tenants.get("t-3") is None
    assert await kept.tenants.get(cast(str, {"$ne": None})) is None
    assert await kept.tenants.all() == [tenant(), tenant("t-2")]
    with pytest.raises(AlreadyThere, match="t-1"):
        await kept.tenants.add(tenant())


async def test_a_tenant_is_replaced(kept: Keepers) -> None:
    """All but its clock, which is set by itself; what is not there is not made."""
    await kept.tenants.add(tenant(kind=TenantKind.TEST))
    await kept.tenants.set_clock("t-1", NOON)
    other = msgspec.structs.replace(
        tenant(kind=TenantKind.TEST),
        plugins=("conxpros", "xpertsource"),
        status=TenantStatus.SUSPENDED,
    )
    await kept.tenants.replace(other)
    assert await kept.tenants.get("t-1") == msgspec.structs.replace(other, clock=NOON)
    with pytest.raises(NotThere):
        await kept.tenants.replace(tenant("t-2"))


async def test_only_a_test_tenant_has_a_clock(kept: Keepers) -> None:
    """The clock of a test tenant can be set and given back, that of a live one cannot."""
    await kept.tenants.add(tenant("t-1"))
    await kept.tenants.add(tenant("t-2", TenantKind.TEST))
    moved = await kept.tenants.set_clock("t-2", NOON)
    assert moved.clock == NOON
    assert moved.clock.tzinfo is UTC
    assert (await kept.tenants.set_clock("t-2", None)).clock is None
    with pytest.raises(NotThere, match="test tenant"):
        await kept.tenants.set_clock("t-1", NOON)
    with pytest.raises(NotStorable):
        await kept.tenants.set_clock("t-2", datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="only a test tenant"):
        await kept.tenants.add(msgspec.structs.replace(tenant("t-3"), clock=NOON))
    kept_clock = msgspec.structs.replace(tenant("t-4", TenantKind.TEST), clock=NOON)
    await kept.tenants.add(kept_clock)
    assert await kept.tenants.get("t-4") == kept_clock


async def test_the_store_knows_the_hash_of_a_token_only(database: Database, kept: Keepers) -> None:
    """The secret opens the door and stands in no document, nor in what is printed."""
    issued = await kept.tokens.issue(
        "t-1", actor="P-1", role="professional", name="Anne", party="professional:P-1", at=NOON
    )
    assert await kept.tokens.lookup(issued.secret) == issued.token
    (stored,) = [found async for found in database["tokens"].find({})]
    assert stored["_id"] == sha256(issued.secret.encode()).hexdigest()
    assert issued.secret not in str(stored)
    assert issued.secret not in repr(issued)
    assert len(issued.secret) >= 40
    other = await kept.tokens.issue("t-1", actor="P-1", role="professional", name="Anne", at=NOON)
    assert other.secret != issued.secret
    assert other.token.id != issued.token.id


@pytest.mark.parametrize("secret", ["", "avoir_x", "x" * 10_000, "\ud800", "\0"])
async def test_a_wrong_token_is_no_token(kept: Keepers, secret: str) -> None:
    """Texts that were never issued, however odd or long, are not found."""
    assert await kept.tokens.lookup(secret) is None


async def test_a_token_ends(kept: Keepers) -> None:
    """A token is valid until the moment it expires at, and never after it was revoked."""
    issued = await kept.tokens.issue(
        "t-1", actor="a", role="auditor", name="B", at=NOON, expires_at=NOON + timedelta(days=1)
    )
    token = await kept.tokens.lookup(issued.secret)
    assert token is not None
    assert token.is_valid(NOON)
    assert not token.is_valid(NOON + timedelta(days=1))
    revoked = await kept.tokens.revoke("t-1", token.id, NOON + timedelta(hours=1))
    assert revoked.revoked_at == NOON + timedelta(hours=1)
    again = await kept.tokens.revoke("t-1", token.id, NOON + timedelta(hours=2))
    assert again == revoked
    found = await kept.tokens.lookup(issued.secret)
    assert found == revoked
    assert not revoked.is_valid(NOON)
    with pytest.raises(NotThere):
        await kept.tokens.revoke("t-2", token.id, NOON)


async def test_a_given_secret_is_issued_once(kept: Keepers) -> None:
    """A secret that stays the same over restarts can be given, for one token only."""
    secret = "demo-secret-of-a-professional"
    issued = await kept.tokens.issue("t-1", actor="a", role="r", name="n", at=NOON, secret=secret)
    assert await kept.tokens.lookup(secret) == issued.token
    with pytest.raises(AlreadyThere):
        await kept.tokens.issue("t-2", actor="b", role="r", name="n", at=NOON, secret=secret)
    with pytest.raises(ValueError, match="a secret has"):
        await kept.tokens.issue("t-2", actor="b", role="r", name="n", at=NOON, secret="")
    assert await kept.tokens.listing("t-1") == [issued.token]
    assert await kept.tokens.listing("t-2") == []


def values(effective_from: date, number: int, at: datetime = NOON) -> ParameterValues:
    """Values of one parameter from a day on."""
    return ParameterValues(
        tenant="t-1",
        policy=POLICY,
        effective_from=effective_from,
        values={"min_calls": number, "benchmark": "0.20", "calendar": "CA-QC"},
        set_by="operator:O-1",
        at=at,
    )


async def test_values_are_listed_by_the_day_from_which_they_hold(kept: Keepers) -> None:
    """The latest day comes first, whenever it was set, and of one tenant and policy only."""
    march, june = values(date(2026, 3, 1), 5), values(date(2026, 6, 1), 6)
    await kept.parameters.set(june)
    await kept.parameters.set(march)
    assert await kept.parameters.listing("t-1", POLICY) == [june, march]
    assert await kept.parameters.listing("t-2", POLICY) == []
    assert await kept.parameters.listing("t-1", "other.policy") == []


async def test_values_set_later_for_a_day_hold(kept: Keepers) -> None:
    """A correction for the same day supersedes, and what it superseded stays on record."""
    day = date(2026, 3, 1)
    first, second = values(day, 5), values(day, 6, NOON + timedelta(hours=1))
    await kept.parameters.set(second)
    await kept.parameters.set(first)
    assert await kept.parameters.listing("t-1", POLICY) == [second, first]
    with pytest.raises(AlreadyThere):
        await kept.parameters.set(first)


async def test_parameters_hold_no_floats(kept: Keepers) -> None:
    """A float in the values is refused with its path, a decimal as text is not."""
    wrong = cast(dict[str, JSON], {"conversion_benchmark": 0.2})
    with pytest.raises(NotStorable) as refusal:
        await kept.parameters.set(msgspec.structs.replace(values(NOON.date(), 1), values=wrong))
    assert refusal.value.path == "values.conversion_benchmark"


@pytest.mark.parametrize(
    ("collection", "document"),
    [
        ("tenants", {"_id": "t-9", "name": "half a tenant"}),
        ("tokens", {"_id": "the token itself", "tenant": "t-1"}),
        ("parameters", {"tenant": "t-1", "policy": POLICY, "effective_from": NOON}),
    ],
)
async def test_validators_refuse_half_documents(
    database: Database, kept: Keepers, collection: str, document: dict[str, object]
) -> None:
    """What is written past this code meets a validator here too."""
    with pytest.raises(WriteError):
        await database[collection].insert_one(document)
