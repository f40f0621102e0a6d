"""What the demo tells when it starts: the tokens, a request to paste, and its answer."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Final

from avoir.cli.words import wanted_language
from avoir.host import Host
from avoir.messages import N_
from avoir.readers import Reader
from avoir_gateway.clock import system_clock
from avoir_gateway.demo.people import PEOPLE
from avoir_gateway.demo.seeding import ORIGIN, DemoError, seed
from avoir_gateway.schema.build import Schemas
from avoir_gateway.schema.context import Context
from avoir_gateway.service import Service, Stores
from avoir_gateway.settings import Settings

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
    lines = ["", reader.word(N_("Tokens of the demo:"))]
    for tenant, people in PEOPLE.items():
        for who in people:
            token = tokens[tenant, who.id]
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
