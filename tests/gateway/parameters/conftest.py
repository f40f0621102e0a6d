"""Operators of tenants who set parameters, and those whose cases they set them for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.schema import Schema, build
from avoir_gateway.service import Service
from tests.gateway.schema.conftest import OURS, Asking, host, service, tenant

__all__ = ["host", "service"]

SET = """
mutation ($input: ParametersSetInput!) { parametersSet(input: $input) {
  edition { hash effectiveFrom } later note replayed
  differences { parameters { name message } rows { clause before after } }
  userErrors { code message path }
} }
"""
TRY = """
query ($policy: String!, $values: JSON!, $days: Int!, $on: Date) {
  parametersTrial(policy: $policy, values: $values, days: $days, on: $on) {
    cases lookedAt complete otherwise unkept unrepeated reached
    differences { parameters { message } }
    money { before { amount unit } after { amount } change { amount formatted } }
    shifts { count before { outcome clause state stateLabel } after { outcome clause state } }
    examples { case { id } action actionLabel revision movedAfter { amount }
               before { outcomeLabel } after { outcomeLabel } }
    userErrors { code message path }
  }
}
"""


@pytest.fixture(scope="session")
def whole(host: Host) -> Schema:
    """The schema of all our policies."""
    return build(host, frozenset(OURS))


Enrol = Callable[..., Any]


@pytest.fixture
async def theirs(service: Service) -> store.Tenant:
    """A tenant that has enabled all our policies; its clock stands at noon of 3 March 2025."""
    return await tenant(service, "xpertsource", "conxpros", "cronoshare", "referral_broker")


@pytest.fixture
def ask(service: Service, whole: Schema, theirs: store.Tenant) -> Enrol:
    """Makes people of the tenant."""

    def make(role: Role, party: str | None = None, **other: Any) -> Asking:
        return Asking(service, whole, theirs, role, party, **other)

    return make


@pytest.fixture
def operator(ask: Enrol) -> Asking:
    """An operator."""
    made: Asking = ask(Role.OPERATOR)
    return made


@pytest.fixture
def platform(ask: Enrol) -> Asking:
    """The marketplace's systems."""
    made: Asking = ask(Role.PLATFORM)
    return made


@pytest.fixture
def professional(ask: Enrol) -> Asking:
    """The professional P-1."""
    made: Asking = ask(Role.PROFESSIONAL, "professional:P-1")
    return made


async def put(
    who: Asking,
    policy: str = "xpertsource.lead_credit",
    *,
    key: str = "k-1",
    start: str = "2025-03-10",
    values: Any,
    **rest: Any,
) -> dict[str, Any]:
    """The payload of setting values from a day on."""
    asked = {"idempotencyKey": key, "policy": policy, "effectiveFrom": start, "values": values}
    payload: dict[str, Any] = (await who(SET, input={**asked, **rest}))["parametersSet"]
    return payload


async def done(who: Asking, **asked: Any) -> dict[str, Any]:
    """The payload of values that were set."""
    payload = await put(who, **asked)
    assert payload["userErrors"] == []
    return payload


async def refused(who: Asking, **asked: Any) -> list[tuple[str, list[str] | None]]:
    """Why values were not set: codes and paths."""
    payload = await put(who, **asked)
    assert payload["edition"] is None
    assert payload["differences"] is None
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def tried(
    who: Asking,
    policy: str = "xpertsource.lead_credit",
    *,
    values: Any,
    days: int = 90,
    on: str | None = None,
) -> dict[str, Any]:
    """What a trial found."""
    data = await who(TRY, policy=policy, values=values, days=days, on=on)
    found: dict[str, Any] = data["parametersTrial"]
    return found
