"""Trying: what a trial costs for each case, and how long others wait while it runs.

The cases are played through the service: a lead is bought, and a credit asked for ten days later.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from avoir.host import Host
from avoir.lifecycles import Role
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.administration.trials import Subject, Trial, tried
from avoir_gateway.matters import Case
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Acted, Command, Service

KEY: Final = "xpertsource.lead_credit"
CASES: Final = 3_000
AT_ONCE: Final = 64
PARTIES: Final = 200
BOUGHT: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORIGIN: Final = store.Origin(door="benchmark")
TENANT: Final = store.Tenant(
    id="trying",
    name="Trying",
    language="en_CA",
    time_zone="America/Toronto",
    currency="CAD",
    plugins=("xpertsource",),
    kind=store.TenantKind.TEST,
    clock=BOUGHT,
)
CHANGE: Final = {"min_calls": 6, "auto_approve": True}


def run() -> Sequence[str]:
    """Play the cases, try on them, and tell the figures."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    with store.start(folder / "data", socket_folder=folder / "s") as mongod:
        return asyncio.run(_run(mongod.uri))


async def _run(uri: str) -> Sequence[str]:
    async with store.connect(uri) as client:
        service = Service(Host(), stores_in(client["trying"]), lambda: datetime.now(UTC))
        await lay_out(service.stores)
        await service.stores.tenants.add(TENANT)
        await _play(service)
        policy = service.host.policies[KEY]
        lines = [f"## Trying, {CASES} cases of two acts", ""]
        lines += ["| trial | cases otherwise | a case | all |", "|---|---|---|---|"]
        for name, values in (("values in force", {}), ("other values", CHANGE)):
            begun = time.perf_counter()
            trial = await _try(service, policy, values)
            spent = time.perf_counter() - begun
            each = f"{1e3 * spent / trial.looked:.2f} ms"
            lines.append(
                f"| {name} | {trial.otherwise} of {trial.looked} | {each} | {spent:.1f} s |"
            )
        alone = await _waits(service, None)
        beside = await _waits(service, asyncio.create_task(_try(service, policy, CHANGE)))
        lines += ["", "| an evaluation | median | 99 % | longest |", "|---|---|---|---|"]
        lines += [_row("alone", alone), _row("beside a trial", beside), ""]
        await service.drain()
        return lines


async def _try(service: Service, policy: Policy, values: Mapping[str, object]) -> Trial:
    async def pinned(case: Case) -> Edition:
        return await service.pinned(TENANT, policy, case)

    await service.stores.lists.flush()
    subject = Subject(TENANT, policy.edition(values), BOUGHT - timedelta(days=1))
    return await tried(service.stores.past, subject, pinned)


async def _waits(service: Service, trial: asyncio.Task[Trial] | None) -> list[float]:
    """Seconds that evaluations take, one after another, beside a trial as long as it lasts."""
    who, facts = _who(Role.AUDITOR, 0), {"request": _request(BOUGHT, 4)}
    waits: list[float] = []
    while len(waits) < 300 if trial is None else not trial.done():
        begun = time.perf_counter()
        await service.evaluate(who, TENANT, KEY, "request_credit", facts)
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(0.002)
    return waits


def _row(name: str, waits: Sequence[float]) -> str:
    ranked = sorted(waits)
    figures = (statistics.median(ranked), ranked[int(0.99 * len(ranked))], ranked[-1])
    return f"| {name} | " + " | ".join(f"{1e3 * wait:.1f} ms" for wait in figures) + " |"


async def _play(service: Service) -> None:
    later = msgspec.structs.replace(TENANT, clock=BOUGHT + timedelta(days=10))
    for tenant, acts in ((TENANT, _purchases()), (later, _requests())):
        for batch in _batches(list(acts)):
            done = await asyncio.gather(
                *(service.act(who, tenant, command, ORIGIN) for who, command in batch)
            )
            assert all(isinstance(one, Acted) for one in done), done
    await service.drain()


def _batches(acts: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(acts), AT_ONCE):
        yield acts[first : first + AT_ONCE]


def _purchases() -> Iterator[tuple[Principal, Command]]:
    for number in range(CASES):
        price = {"amount": f"{80 + number % 60}.00", "unit": "CAD"}
        lead = {"id": f"L-{number}", "purchased_at": BOUGHT.isoformat(), "price_paid": price}
        yield (
            _who(Role.PLATFORM, number),
            Command(
                policy=KEY,
                action="purchase",
                key=f"purchase-{number}",
                facts={"lead": lead},
                party=f"P-{number % PARTIES}",
            ),
        )


def _requests() -> Iterator[tuple[Principal, Command]]:
    for number in range(CASES):
        yield (
            _who(Role.PROFESSIONAL, number),
            Command(
                policy=KEY,
                action="request_credit",
                key=f"request-{number}",
                facts={"request": _request(BOUGHT, 3 + number % 5)},
                case=f"{KEY}:L-{number}",
            ),
        )


def _request(since: datetime, calls: int) -> Mapping[str, object]:
    tried_at = [(since + timedelta(days=1, hours=hour)).isoformat() for hour in range(calls + 2)]
    called = [
        {"type": "call", "at": at, "voicemail_left": True, "answered": False}
        for at in tried_at[:calls]
    ]
    written = [
        {"type": "email", "at": at, "proof_attached": True, "answered": False}
        for at in tried_at[calls:]
    ]
    return {
        "channel": "portal_form",
        "ground": "unreachable",
        "contact_attempts": [*called, *written],
    }


def _who(role: Role, number: int) -> Principal:
    party = f"professional:P-{number % PARTIES}" if role is Role.PROFESSIONAL else None
    return Principal(TENANT.id, f"{role.value}-{number}", role, role.value, party, "benchmark")
