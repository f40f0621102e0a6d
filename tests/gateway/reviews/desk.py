"""A tenant of all five businesses: who acts in it, and matters that come to wait for a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final

from bson.objectid import ObjectId
from strawberry.types import ExecutionResult

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.schema import Context, Schema
from avoir_gateway.service import Acted, Command, Declined, Service
from tests.gateway.referral_broker.deals import DEAL, roubles
from tests.plugins.conxpros.examples import unreached

Facts = Mapping[str, Any]

XPERTSOURCE: Final = "xpertsource.lead_credit"
CONXPROS: Final = "conxpros.lead_credit"
CRONOSHARE: Final = "cronoshare.contact"
PRESCRIBER: Final = "referral_broker.prescriber"
PARTNER: Final = "referral_broker.partner"
POLICIES: Final = (XPERTSOURCE, CONXPROS, CRONOSHARE, PRESCRIBER, PARTNER)

NOON: Final = datetime(2025, 3, 3, 17, tzinfo=UTC)
ORIGIN: Final = store.Origin(door="graphql")
STAFF: Final = {role.value: role for role in Role}


@dataclass
class Desk:
    """One test tenant, whose clock stands until it is set."""

    service: Service
    schema: Schema
    tenant: store.Tenant
    keys: count[int] = field(default_factory=count)

    def who(self, name: str) -> Principal:
        """Somebody by his role, a party by its full name, or a reviewer by his id, ``R-1``."""
        if name.startswith("R-"):
            return Principal(self.tenant.id, name, Role.REVIEWER, f"Reviewer {name}", None, "token")
        if name in STAFF and ":" not in name:
            return Principal(self.tenant.id, name, STAFF[name], name, None, "token")
        role = Role(name.partition(":")[0])
        return Principal(self.tenant.id, f"u-{name}", role, name, name, "token")

    async def act(
        self,
        who: str,
        policy: str,
        action: str,
        facts: Facts | None = None,
        *,
        case: str | None = None,
        party: str | None = None,
        key: str | None = None,
    ) -> Acted | Declined:
        """Take an action, under a new key unless one is given."""
        command = Command(
            policy=policy,
            action=action,
            key=key or f"k-{next(self.keys)}",
            facts=facts or {},
            case=case,
            party=party,
        )
        return await self.service.act(self.who(who), self.tenant, command, ORIGIN)

    async def result(
        self, who: str, query: str, tag: str = "en_CA", **given: Any
    ) -> ExecutionResult:
        """What comes of an operation."""
        context = Context(self.who(who), self.tenant, self.service, tag, ORIGIN)
        return await self.schema.execute(query, variable_values=given, context_value=context)

    async def ask(self, who: str, query: str, tag: str = "en_CA", **given: Any) -> dict[str, Any]:
        """The data of an operation that goes well."""
        result = await self.result(who, query, tag, **given)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    async def code(self, who: str, query: str, **given: Any) -> object:
        """The code of the one error of an operation."""
        result = await self.result(who, query, **given)
        assert result.errors is not None, result.data
        (error,) = result.errors
        return (error.extensions or {}).get("code")

    async def stand_at(self, moment: datetime) -> None:
        """Set the clock."""
        self.tenant = await self.service.stores.tenants.set_clock(self.tenant.id, moment)

    async def wait(self, **time: float) -> None:
        """Let time go by."""
        assert self.tenant.clock is not None
        await self.stand_at(self.tenant.clock + timedelta(**time))

    async def tune(self, policy: str, **values: store.JSON) -> None:
        """Have values of parameters in force from the first."""
        await self.service.stores.parameters.set(
            store.ParameterValues(
                tenant=self.tenant.id,
                policy=policy,
                effective_from=date(2024, 1, 1),
                values=values,
                set_by="operator",
                at=NOON,
            )
        )
        self.service.directory.forget_values(self.tenant.id, policy)

    async def rule(
        self, who: str, policy: str, case: str, decision: str = "approve", reason: str = "Seen."
    ) -> Acted | Declined:
        """Rule on a case."""
        facts = {"ruling": {"decision": decision, "reason": reason}}
        return await self.act(who, policy, "rule", facts, case=case)

    async def record(self, case: str) -> store.Record:
        """The latest record of a case."""
        found = await self.service.stores.journal.latest(self.tenant.id, case)
        assert found is not None
        return found

    async def waits(self, policy: str, number: int = 1) -> str:
        """A new case of a policy that waits for a reviewer."""
        return await WAITING[policy](self, number)

    def now(self, **later: float) -> str:
        """The moment of the tenant, or so much later, as facts have it."""
        assert self.tenant.clock is not None
        return (self.tenant.clock + timedelta(**later)).isoformat()


async def opened(service: Service, schema: Schema, *plugins: str) -> Desk:
    """A new tenant; its clock stands at noon of 3 March 2025, in Toronto."""
    tenant = store.Tenant(
        id=f"desk-{ObjectId()}",
        name="A marketplace",
        language="en_CA",
        time_zone="America/Toronto",
        currency="CAD",
        plugins=plugins or ("conxpros", "cronoshare", "referral_broker", "xpertsource"),
        kind=store.TenantKind.TEST,
        clock=NOON,
    )
    await service.stores.tenants.add(tenant)
    return Desk(service, schema, tenant)


def outcome(done: Acted | Declined) -> str:
    """What came of an act: an outcome, or the code of why nothing was done."""
    if isinstance(done, Declined):
        return done.errors[0].code
    return str(done.record.decision["outcome"])


def case_of(done: Acted | Declined) -> str:
    """The case that an act was on."""
    assert isinstance(done, Acted), done
    return done.record.case


# -- matters that come to wait -------------------------------------------------------------------


async def lead(desk: Desk, number: int) -> str:
    """A lead that was bought ten days ago."""
    facts = {
        "lead": {
            "id": f"L-{number}",
            "purchased_at": desk.now(days=-10),
            "price_paid": {"amount": "120.00", "unit": "CAD"},
        }
    }
    return case_of(await desk.act("platform", XPERTSOURCE, "purchase", facts, party="P-1"))


async def asked_for(desk: Desk, case: str, **evidence: Any) -> Acted | Declined:
    """A credit is asked for, which the terms commit to: the client had signed elsewhere."""
    facts = {
        "request": {"channel": "portal_form", "ground": "already_under_contract"},
        "evidence": {"other_contract_signed_on": "2025-01-10", **evidence},
    }
    return await desk.act("professional:P-1", XPERTSOURCE, "request_credit", facts, case=case)


async def _xpertsource(desk: Desk, number: int) -> str:
    case = await lead(desk, number)
    assert outcome(await asked_for(desk, case)) == "approved"
    return case


async def delivered(desk: Desk, number: int) -> str:
    """A lead that was delivered four days ago, and paid for."""
    paid = {"top_up": {"amount": "45.00", "unit": "USD"}}
    await desk.act("platform", CONXPROS, "top_up", paid, party="P-1")
    facts = {
        "lead": {
            "id": f"C-{number}",
            "delivered_at": desk.now(days=-4),
            "cost": {"amount": "45.00", "unit": "USD"},
            "category": "roofing",
        }
    }
    return case_of(await desk.act("platform", CONXPROS, "deliver", facts, party="P-1"))


async def not_contacted(desk: Desk, case: str) -> Acted | Declined:
    """A non-contact request, of which only the team can say whether it made contact itself."""
    known = unreached(verified=None)
    found = known["findings"]
    calls = [desk.now(days=-4, minutes=4), desk.now(days=-4, hours=3), desk.now(days=-3)]
    calls.append(desk.now(days=-2))
    messages = [
        {"type": "email", "at": desk.now(days=-3)},
        {"type": "text", "at": desk.now(days=-2)},
    ]
    facts = {
        "request": {k: v for k, v in known["request"].items() if k != "submitted_at"},
        "findings": {
            **{k: v for k, v in found.items() if k in ("professional_established_contact",)},
            "calls": calls,
            "messages": messages,
        },
    }
    return await desk.act("professional:P-1", CONXPROS, "request_credit", facts, case=case)


async def _conxpros(desk: Desk, number: int) -> str:
    case = await delivered(desk, number)
    assert outcome(await not_contacted(desk, case)) == "manual_review"
    return case


async def contact(desk: Desk, number: int) -> str:
    """A contact that was bought."""
    await desk.act("platform", CRONOSHARE, "top_up", {"top_up": "100"}, party="P-1")
    facts = {
        "offer": {"id": f"O-{number}", "commission": "80"},
        "event": {"confirmed_on_site": True},
    }
    return case_of(await desk.act("professional:P-1", CRONOSHARE, "buy_contact", facts))


async def unconfirmed(desk: Desk, case: str) -> Acted | Declined:
    """A refund for a ground that the terms do not name: a person has to say."""
    facts = {"event": {"ground": "not_chosen_unconfirmed"}}
    return await desk.act("professional:P-1", CRONOSHARE, "refund", facts, case=case)


async def _cronoshare(desk: Desk, number: int) -> str:
    case = await contact(desk, number)
    assert outcome(await unconfirmed(desk, case)) == "manual_review"
    return case


async def attached(desk: Desk, number: int, **known: Any) -> str:
    """A contact attached to a prescriber with a convention, and transformed."""
    convention = {
        "kind": "remunerated",
        "signed_at": "2024-01-10T10:00:00+01:00",
        "fee": {"amount": "400.00", "unit": "EUR"},
    }
    await desk.act("team", PRESCRIBER, "sign_convention", {"convention": convention}, party="A")
    person = {"person_id": f"X-{number}", "known_before": False, **known}
    case = case_of(await desk.act("team", PRESCRIBER, "attach", {"contact": person}, party="A"))
    await desk.wait(minutes=1)
    facts = {"file": {"stage": "G"}}
    await desk.act("team", PRESCRIBER, "record_transformation", facts, case=case)
    return case


async def _prescriber(desk: Desk, number: int) -> str:
    case = await attached(desk, number, household_of="X-0")
    assessed = await desk.act("team", PRESCRIBER, "assess_remuneration", case=case)
    assert outcome(assessed) == "manual_review"
    return case


async def completed(desk: Desk, number: int, received: str = "9500000.00") -> str:
    """A deal completed and paid for, of a loan for more than the range allowed."""
    case: str | None = None
    for step in DEAL[:-2]:
        facts: Facts = step.facts
        if step.action == "find_client":
            facts = {"deal": {**facts["deal"], "id": f"D-{number}"}}
        if step.action == "loan_received":
            facts = {"deal": {"loan": {"received_amount": roubles(received)}}}
        case = case_of(await desk.act(step.who, PARTNER, step.action, facts, case=case))
        await desk.wait(minutes=1)
    assert case is not None
    return case


async def _partner(desk: Desk, number: int) -> str:
    case = await completed(desk, number)
    assessed = await desk.act("team", PARTNER, "assess_partner_commission", case=case)
    assert outcome(assessed) == "manual_review"
    return case


WAITING: Final[Mapping[str, Callable[[Desk, int], Awaitable[str]]]] = {
    XPERTSOURCE: _xpertsource,
    CONXPROS: _conxpros,
    CRONOSHARE: _cronoshare,
    PRESCRIBER: _prescriber,
    PARTNER: _partner,
}
"""How a case of each policy comes to wait for a reviewer."""
