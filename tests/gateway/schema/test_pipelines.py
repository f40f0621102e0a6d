"""Pipelines over GraphQL: how many cases stand in each state, and how many of them too long."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway.schema import build
from avoir_gateway.service import Service
from tests.gateway.schema import counted, kinds
from tests.gateway.schema.conftest import Asking, hosting, set_clock, tenant

PIPELINE: Final = """{ returns(policy: "counted.things") {
  pipeline { label at due stages { state label step count overdue oldest } }
  figures { totals { name count amount { amount unit } share } }
} }"""


@pytest.fixture
def counting() -> Iterator[Host]:
    """A host with a policy whose cases are due in two days."""
    module = kinds.plugin("counted", counted.POLICY)
    yield hosting(module)
    del sys.modules[module.__name__]


@pytest.fixture
async def teller(service: Service, counting: Host) -> Asking:
    """The platform of a tenant that has enabled that policy."""
    theirs = await tenant(service, "counted")
    served = Service(counting, service.stores, service.clock)
    return Asking(served, build(counting, frozenset({"counted"})), theirs, Role.PLATFORM)


async def test_where_cases_stand(teller: Asking) -> None:
    """The pipeline counts by state, with the steps of the process, and ages against what is due at
    the tenant's moment."""
    operator = Asking(teller.service, teller.schema, teller.tenant, Role.OPERATOR)
    for number, seen in enumerate(("2025-03-01", "2025-03-02"), 1):
        payload = await teller.act(
            "countedThingsTell",
            idempotencyKey=f"k{number}",
            professionalId="P-1",
            thing={"id": f"T-{number}", "seenAt": f"{seen}T12:00:00-05:00", "points": "7"},
        )
        assert payload["userErrors"] == []
    told, lost = {"state": "told", "label": "told of", "step": 1}, {"state": "lost", "step": 2}
    nothing = {**lost, "label": "lost", "count": 0, "overdue": 0, "oldest": None}
    for moment, overdue in (
        ("2025-03-03T17:00:00+00:00", 0),
        ("2025-03-04T04:59:59+00:00", 0),
        ("2025-03-04T05:00:00+00:00", 1),
        ("2025-03-06T05:00:00+00:00", 2),
    ):
        await set_clock(operator, moment)
        returns = (await teller(PIPELINE))["returns"]
        assert returns["pipeline"] == {
            "label": "things by state",
            "at": moment,
            "due": "look at the thing",
            "stages": [
                nothing,
                {**told, "count": 2, "overdue": overdue, "oldest": "2025-03-03T17:00:00+00:00"},
            ],
        }
    stranger = Asking(
        teller.service, teller.schema, teller.tenant, Role.PROFESSIONAL, "professional:P-2"
    )
    stages = (await stranger(PIPELINE))["returns"]["pipeline"]["stages"]
    assert [stage["count"] for stage in stages] == [0, 0]


async def test_parts_are_read_when_they_are_asked_for(teller: Asking) -> None:
    """Several questions in one operation are answered each for itself."""
    query = """{
      a: returns(policy: "counted.things", period: DAY) { figures { rows { start } } }
      b: returns(policy: "counted.things", from: "2025-03-03") { from figures { totals { count } } }
    }"""
    first, second = await asyncio.gather(teller(query), teller(query))
    assert first == second
    assert first["b"]["from"] == "2025-03-03"
