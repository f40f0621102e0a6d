"""Seeding: tenants, tokens and matters, made once, whatever ended the start before."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.demo.marketplaces import conxpros, cronoshare, xpertsource
from avoir_gateway.demo.partners import partners
from avoir_gateway.demo.people import PEOPLE, TENANTS, Person
from avoir_gateway.demo.prescribers import prescribers
from avoir_gateway.demo.step import Step
from avoir_gateway.service import Command, Declined, Service

SECRETS: Final = "demo-tokens.json"
ORIGIN: Final = store.Origin(door="demo")


def steps() -> Sequence[Step]:
    """All that happened before the demo begins."""
    return (
        *xpertsource("xpertsource-demo"),
        *conxpros("conxpros-demo"),
        *cronoshare("cronoshare-demo"),
        *xpertsource("both-demo"),
        *conxpros("both-demo"),
        *prescribers("prescribers-demo"),
        *partners("partners-demo"),
    )


class DemoError(Exception):
    """A step of the demo was declined: the demo and the policies have parted."""


async def seed(
    service: Service, folder: Path, tenants: Iterable[store.Tenant] = TENANTS
) -> Mapping[tuple[str, str], str]:
    """Tenants, people and matters, made once; returns the tokens by tenant and person.

    What a start that was killed left undone, the next one does: every step has its key.
    """
    known = _secrets(folder)
    tokens: dict[tuple[str, str], str] = {}
    for tenant in tenants:
        people = PEOPLE[tenant.id]
        own = [step for step in steps() if step.tenant == tenant.id]
        with suppress(store.AlreadyThere):
            await service.stores.tenants.add(tenant)
        await asyncio.gather(*(_let_in(service, tenant, person, known) for person in people))
        last = await service.stores.journal.by_key(tenant.id, own[-1].person, _key(len(own) - 1))
        if last is None:
            await _play(service, tenant, own)
        tokens |= {(tenant.id, person.id): known[_secret(tenant, person)] for person in people}
    return tokens


def _secret(tenant: store.Tenant, person: Person) -> str:
    return f"{tenant.id}/{person.id}"


async def _let_in(
    service: Service, tenant: store.Tenant, person: Person, known: Mapping[str, str]
) -> None:
    with suppress(store.AlreadyThere):
        await service.stores.tokens.issue(
            tenant.id,
            actor=person.id,
            role=person.role.value,
            name=person.name,
            at=service.clock(),
            party=person.party,
            secret=known[_secret(tenant, person)],
        )


def _key(number: int) -> str:
    return f"demo-{number}"


async def _play(service: Service, tenant: store.Tenant, own: Sequence[Step]) -> None:
    people = {person.id: person for person in PEOPLE[tenant.id]}
    for number, step in enumerate(own):
        # The clock that the store keeps is not touched: it may be the user's by now.
        at = msgspec.structs.replace(tenant, clock=datetime.fromisoformat(step.at))
        who = people[step.person]
        actor = Principal(tenant.id, who.id, who.role, who.name, who.party, "demo")
        command = Command(
            policy=step.policy,
            action=step.action,
            key=_key(number),
            facts=step.facts,
            case=step.case,
            party=step.party,
        )
        done = await service.act(actor, at, command, ORIGIN)
        if isinstance(done, Declined):
            reasons = ", ".join(f"{e.code} {'.'.join(e.path)}" for e in done.errors)
            raise DemoError(f"{step.policy} {step.action} {step.case or ''}: {reasons}")


def _secrets(folder: Path) -> Mapping[str, str]:
    """The tokens of the demo: random, made at the first start, readable by their owner alone."""
    path = folder / SECRETS
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    wanted = [_secret(tenant, person) for tenant in TENANTS for person in PEOPLE[tenant.id]]
    if any(name not in known for name in wanted):
        known = {name: known.get(name) or f"demo-{secrets.token_urlsafe(32)}" for name in wanted}
        folder.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".new")
        made.touch(mode=0o600)
        made.write_text(json.dumps(known, indent=1))
        made.replace(path)
    return known
