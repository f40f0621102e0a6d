"""The demo: tenants, people and matters of the businesses, in a folder of its own.

Every step is an action through the service under a fixed key, so that a second start does
nothing again. The demo's tenants are test tenants: their clocks stand still.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from avoir.cli.words import wanted_language
from avoir.host import Host
from avoir.lifecycles import Role
from avoir.messages import N_
from avoir.readers import Reader
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.clock import system_clock
from avoir_gateway.schema.build import Schemas
from avoir_gateway.schema.context import Context
from avoir_gateway.service import Command, Declined, Service, Stores
from avoir_gateway.settings import Settings

SECRETS: Final = "demo-tokens.json"
ORIGIN: Final = store.Origin(door="demo")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token: an id that stays, a role, and the party he is."""

    id: str
    role: Role
    name: str
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One action of the demo, at a moment of its tenant."""

    tenant: str
    at: str
    person: str
    policy: str
    action: str
    facts: Mapping[str, Any]
    case: str | None = None
    party: str | None = None


XPERTSOURCE: Final = "xpertsource.lead_credit"
CONXPROS: Final = "conxpros.lead_credit"
CRONOSHARE: Final = "cronoshare.contact"

PEOPLE: Final = (
    Person("platform", Role.PLATFORM, "Marketplace systems"),
    Person("professional", Role.PROFESSIONAL, "Camille Roy", "professional:P-1"),
    Person("other-professional", Role.PROFESSIONAL, "Alexei Volkov", "professional:P-2"),
    Person("manager", Role.MANAGER, "Dominique Gagnon"),
    Person("reviewer", Role.REVIEWER, "Robin Tremblay"),
    Person("second-reviewer", Role.REVIEWER, "Sasha Miller"),
    Person("operator", Role.OPERATOR, "Alex Martin"),
    Person("auditor", Role.AUDITOR, "Morgan Bell"),
)


def _tenant(
    name: str, title: str, language: str, zone: str, unit: str, plugins: tuple[str, ...], at: str
) -> store.Tenant:
    return store.Tenant(
        id=name,
        name=title,
        language=language,
        time_zone=zone,
        currency=unit,
        plugins=plugins,
        kind=store.TenantKind.TEST,
        clock=datetime.fromisoformat(at),
    )


TENANTS: Final = (
    _tenant(
        "xpertsource-demo",
        "XpertSource (demo)",
        "fr_CA",
        "America/Toronto",
        "CAD",
        ("xpertsource",),
        "2026-03-16T10:00:00-04:00",
    ),
    _tenant(
        "conxpros-demo",
        "conXpros (demo)",
        "en_US",
        "America/New_York",
        "USD",
        ("conxpros",),
        "2026-03-16T10:00:00-04:00",
    ),
    _tenant(
        "cronoshare-demo",
        "Cronoshare (demo)",
        "fr_FR",
        "Europe/Paris",
        "EUR",
        ("cronoshare",),
        "2026-03-16T10:00:00+01:00",
    ),
    _tenant(
        "both-demo",
        "Both businesses (demo)",
        "en_CA",
        "America/Toronto",
        "CAD",
        ("xpertsource", "conxpros"),
        "2026-03-16T10:00:00-04:00",
    ),
)


def _cad(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "unit": "CAD"}


def _usd(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "unit": "USD"}


def _call(at: str, *, voicemail: bool) -> Mapping[str, Any]:
    return {"type": "call", "at": at, "voicemail_left": voicemail, "answered": False}


def _email(at: str) -> Mapping[str, Any]:
    return {"type": "email", "at": at, "proof_attached": True}


def _lead(number: str, purchased: str, price: str) -> Mapping[str, Any]:
    return {"lead": {"id": number, "purchased_at": purchased, "price_paid": _cad(price)}}


def _delivery(number: str, delivered: str, cost: str) -> Mapping[str, Any]:
    return {
        "lead": {
            "id": number,
            "delivered_at": delivered,
            "cost": _usd(cost),
            "category": "roofing",
            "submitted_zip": "10001",
        }
    }


def _xpertsource(tenant: str) -> Sequence[Step]:
    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, XPERTSOURCE, action, facts, **rest)

    attempts = [
        _call("2026-03-03T11:00:00-05:00", voicemail=True),
        _email("2026-03-04T11:00:00-05:00"),
        _call("2026-03-05T17:30:00-05:00", voicemail=False),
        _call("2026-03-06T12:10:00-05:00", voicemail=True),
        _email("2026-03-06T12:30:00-05:00"),
        _call("2026-03-07T18:05:00-05:00", voicemail=False),
    ]
    unreachable = {
        "request": {
            "channel": "portal_form",
            "ground": "unreachable",
            "contact_attempts": attempts,
        }
    }
    contract = {
        "request": {"channel": "portal_form", "ground": "already_under_contract"},
        "evidence": {"other_contract_signed_on": "2026-02-20"},
    }
    shared = {"request": {"channel": "portal_form", "ground": "lead_shared"}}
    case = f"{XPERTSOURCE}:"
    return (
        step(
            "2026-03-01T09:00:00-05:00", "platform", "top_up", {"top_up": _cad("1000.00")},
            party="P-1",
        ),
        step(
            "2026-03-03T10:00:00-05:00", "platform", "purchase",
            _lead("L-1001", "2026-03-03T10:00:00-05:00", "120.00"), party="P-1",
        ),
        step(
            "2026-03-03T10:05:00-05:00", "platform", "purchase",
            _lead("L-1002", "2026-03-03T10:05:00-05:00", "95.00"), party="P-1",
        ),
        step(
            "2026-03-03T10:10:00-05:00", "platform", "purchase",
            _lead("L-1003", "2026-03-03T10:10:00-05:00", "114.98"), party="P-1",
        ),
        step(
            "2026-03-03T10:15:00-05:00", "platform", "purchase",
            _lead("L-1004", "2026-03-03T10:15:00-05:00", "80.00"), party="P-2",
        ),
        step(
            "2026-03-11T09:00:00-04:00", "professional", "request_credit", unreachable,
            case=f"{case}L-1002",
        ),
        step(
            "2026-03-11T09:10:00-04:00", "professional", "request_credit", contract,
            case=f"{case}L-1003",
        ),
        step(
            "2026-03-12T15:00:00-04:00", "reviewer", "rule",
            {"ruling": {"decision": "approve", "reason": "Contract seen, dated 20 February."}},
            case=f"{case}L-1003",
        ),
        step(
            "2026-03-13T11:00:00-04:00", "other-professional", "request_credit", shared,
            case=f"{case}L-1004",
        ),
    )  # fmt: skip


def _conxpros(tenant: str) -> Sequence[Step]:
    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, CONXPROS, action, facts, **rest)

    dead = {
        "request": {
            "channel": "dashboard",
            "reason": "non_working_phone",
            "notes": "The number is disconnected.",
        },
        "findings": {"phone_working": False},
    }
    shopping = {
        "request": {"channel": "dashboard", "reason": "shopping", "notes": "Just comparing."},
        "findings": {"spoke_with_homeowner": True},
    }
    case = f"{CONXPROS}:"
    return (
        step(
            "2026-03-10T09:00:00-04:00", "platform", "top_up", {"top_up": _usd("500.00")},
            party="P-1",
        ),
        step(
            "2026-03-12T10:00:00-04:00", "platform", "deliver",
            _delivery("L-2001", "2026-03-12T10:00:00-04:00", "45.00"), party="P-1",
        ),
        step(
            "2026-03-12T11:00:00-04:00", "platform", "deliver",
            _delivery("L-2002", "2026-03-12T11:00:00-04:00", "45.00"), party="P-1",
        ),
        step(
            "2026-03-12T12:00:00-04:00", "platform", "deliver",
            _delivery("L-2003", "2026-03-12T12:00:00-04:00", "60.00"), party="P-1",
        ),
        step(
            "2026-03-13T09:00:00-04:00", "professional", "request_credit", dead,
            case=f"{case}L-2001",
        ),
        step(
            "2026-03-13T09:30:00-04:00", "professional", "request_credit", shopping,
            case=f"{case}L-2002",
        ),
    )  # fmt: skip


def _cronoshare(tenant: str) -> Sequence[Step]:
    def step(at: str, person: str, action: str, facts: Mapping[str, Any], **rest: str) -> Step:
        return Step(tenant, at, person, CRONOSHARE, action, facts, **rest)

    def contact(number: str, commission: str) -> Mapping[str, Any]:
        return {
            "offer": {"id": number, "commission": commission},
            "event": {"confirmed_on_site": True},
        }

    needless = {
        "event": {"ground": "client_no_need_now"},
        "client": {"confirmed_by_client": True},
    }
    return (
        step(
            "2026-03-02T09:00:00+01:00", "platform", "top_up", {"top_up": "150"}, party="P-1",
        ),
        step(
            "2026-03-03T10:00:00+01:00", "professional", "buy_contact", contact("O-3001", "80"),
        ),
        step(
            "2026-03-03T10:30:00+01:00", "professional", "buy_contact", contact("O-3002", "60"),
        ),
        step(
            "2026-03-10T15:00:00+01:00", "professional", "refund", needless,
            case=f"{CRONOSHARE}:O-3001:professional:P-1",
        ),
    )  # fmt: skip


def steps() -> Sequence[Step]:
    """All that happened before the demo begins."""
    return (
        *_xpertsource("xpertsource-demo"),
        *_conxpros("conxpros-demo"),
        *_cronoshare("cronoshare-demo"),
        *_xpertsource("both-demo"),
        *_conxpros("both-demo"),
    )


class DemoError(Exception):
    """A step of the demo was declined: the demo and the policies have parted."""


async def seed(service: Service, folder: Path) -> Mapping[tuple[str, str], str]:
    """Tenants, people and matters, made once; returns the tokens by tenant and person.

    What a start that was killed left undone, the next one does: every step has its key.
    """
    known = _secrets(folder)
    for tenant in TENANTS:
        own = [step for step in steps() if step.tenant == tenant.id]
        with suppress(store.AlreadyThere):
            await service.stores.tenants.add(tenant)
        await asyncio.gather(*(_let_in(service, tenant, person, known) for person in PEOPLE))
        last = await service.stores.journal.by_key(tenant.id, own[-1].person, _key(len(own) - 1))
        if last is None:
            await _play(service, tenant, own)
    return {
        (tenant.id, person.id): known[f"{tenant.id}/{person.id}"]
        for tenant in TENANTS
        for person in PEOPLE
    }


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
            secret=known[f"{tenant.id}/{person.id}"],
        )


def _key(number: int) -> str:
    return f"demo-{number}"


async def _play(service: Service, tenant: store.Tenant, own: Sequence[Step]) -> None:
    people = {person.id: person for person in PEOPLE}
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
    wanted = [f"{tenant.id}/{person.id}" for tenant in TENANTS for person in PEOPLE]
    if any(name not in known for name in wanted):
        known = {name: known.get(name) or f"demo-{secrets.token_urlsafe(32)}" for name in wanted}
        folder.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".new")
        made.touch(mode=0o600)
        made.write_text(json.dumps(known, indent=1))
        made.replace(path)
    return known


REQUEST: Final = (
    "{ evaluate(input: {xpertsourceLeadCreditRequestCredit: {"
    ' lead: {id: "L-1001", purchasedAt: "2026-03-03T10:00:00-05:00",'
    ' pricePaid: {amount: "120.00", unit: "CAD"}},'
    ' request: {submittedAt: "2026-03-16T10:00:00-04:00",'
    " channel: PORTAL_FORM, ground: UNREACHABLE, contactAttempts: ["
    ' {type: CALL, at: "2026-03-03T11:00:00-05:00", voicemailLeft: true, answered: false},'
    ' {type: CALL, at: "2026-03-05T17:30:00-05:00", voicemailLeft: true, answered: false},'
    ' {type: EMAIL, at: "2026-03-04T11:00:00-05:00", proofAttached: true, answered: false}]}}})'
    " { outcome stateLabel clauses { id text } remedies { message clause earliest latest } } }"
)
"""A question to paste: fixed lead, fixed dates, and so the same answer every time."""

ASKER: Final = ("xpertsource-demo", "professional")
TO_PASTE = N_("A request to paste:")
GIVES = N_("It gives:")


async def prepare(stores: Stores, host: Host, settings: Settings, address: str) -> Sequence[str]:
    """Seed the demo; returns what to tell: the tokens, a request to paste, and its answer."""
    service = Service(host, stores, system_clock)
    tokens = await seed(service, settings.data)
    reader = Reader(wanted_language(os.environ), "UTC", host.catalogs, "avoir_gateway")
    people = {person.id: person for person in PEOPLE}
    lines = ["", reader.word(N_("Tokens of the demo:"))]
    for (tenant, person), token in tokens.items():
        who = people[person]
        lines.append(f"{tenant:<16}  {who.role.value:<12}  {who.name:<20}  {token}")
    body = json.dumps({"query": REQUEST}, ensure_ascii=False)
    return [
        *lines,
        "",
        reader.word(TO_PASTE),
        f"curl -s {address}/graphql \\",
        f"  -H 'Authorization: Bearer {tokens[ASKER]}' \\",
        "  -H 'Content-Type: application/json' -H 'Accept-Language: fr-CA' \\",
        f"  -d '{body}'",
        "",
        reader.word(GIVES),
        await _answer(service, tokens[ASKER]),
    ]


async def _answer(service: Service, token: str) -> str:
    """What the request to paste gives, asked of the schema itself."""
    known = await service.principal(token)
    assert known is not None
    principal, tenant = known
    schema = await Schemas(service.host).showing(frozenset(tenant.plugins))
    context = Context(principal, tenant, service, "fr_CA", ORIGIN)
    result = await schema.execute(REQUEST, context_value=context)
    if result.errors:
        raise DemoError(str(result.errors[0]))
    return json.dumps({"data": result.data}, ensure_ascii=False, indent=2)
