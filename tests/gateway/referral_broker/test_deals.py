"""Deals on the real store: twelve steps, none of them skipped, and one commission."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from avoir_gateway import store
from avoir_gateway.service import Acted, Declined
from avoir_gateway.store import LocalMongod
from tests.gateway.referral_broker.agency import (
    PARTNER as POLICY,
)
from tests.gateway.referral_broker.agency import (
    Agency,
    case_of,
    clauses,
    due,
    opened,
    outcome,
    serving,
)
from tests.gateway.referral_broker.deals import COMMISSION, DEAL, FOUND, PARTNER, Step, roubles

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)


@pytest.fixture
async def agency(database: store.Database, mongod: LocalMongod) -> AsyncIterator[Agency]:
    """A tenant in Moscow that two services serve; its clock stands."""
    async with store.connect(mongod.uri) as other:
        yield await opened(
            await serving(database),
            await serving(other[database.name]),
            at=MONDAY,
            zone="Europe/Moscow",
        )


CASE = f"{POLICY}:D-1"


async def take(agency: Agency, step: Step, *, by: int = 0) -> Acted | Declined:
    """Take a step of the deal."""
    case = None if step.action == "find_client" else CASE
    return await agency.act(step.who, POLICY, step.action, step.facts, case=case, by=by)


async def lead_to(agency: Agency, action: str) -> None:
    """Take every step before an action."""
    for step in DEAL:
        if step.action == action:
            return
        done = await take(agency, step)
        assert isinstance(done, Acted), (step, done)


async def test_a_deal_goes_from_a_client_to_a_commission(agency: Agency) -> None:
    """Each step leads to its state and its notices; the commission is booked once, at the end."""
    for step in DEAL:
        assert await agency.balance(PARTNER) == 0
        done = await take(agency, step)
        assert isinstance(done, Acted), (step, done)
        view = await agency.view(CASE)
        assert (view.state, view.policy.lifecycle.state(view.state).step) == (
            step.state,
            step.number,
        )
        assert [f"{n.to.partition(':')[0]}:{n.kind}" for n in done.record.notices] == list(
            step.notices
        )
    assert await agency.balance(PARTNER) == COMMISSION
    again = await take(agency, DEAL[-1])
    assert outcome(again) == "unchanged"
    assert await agency.balance(PARTNER) == COMMISSION


@pytest.mark.parametrize("step", DEAL[2:], ids=lambda step: f"{step.action}-{step.state}")
async def test_no_step_comes_before_its_turn(agency: Agency, step: Step) -> None:
    """Tried right after a client was found, a later step only says what is missing."""
    await take(agency, DEAL[0])
    done = await take(agency, step)
    assert isinstance(done, Acted)
    assert outcome(done) == "blocked"
    assert done.record.decision["missing_preconditions"]
    assert done.record.postings == ()
    assert (await agency.view(CASE)).state == "found"


async def test_what_stands_in_the_way_is_listed(agency: Agency) -> None:
    """The payment and the signed act are both named while both are missing, and who may bring
    them."""
    await lead_to(agency, "client_commission_paid")
    done = await agency.on(CASE, "assess_partner_commission", who=PARTNER, policy=POLICY)
    assert isinstance(done, Acted)
    named = done.record.decision["missing_preconditions"]
    assert [one["text"] for one in named] == [  # type: ignore[union-attr, call-overload, index]
        "client commission paid",
        "signed act provided",
    ]
    view = await agency.view(CASE)
    following = {
        one.action.name: one
        for one in await agency.service.next_actions(agency.who("auditor"), agency.tenant, view)
    }
    assert following["assess_partner_commission"].preconditions == (
        "client commission paid",
        "signed act provided",
    )
    assert following["client_commission_paid"].missing == ("deal.client_commission.paid",)
    assert {role.value for role in following["signed_act_provided"].action.actors} == {"team"}


async def test_a_kopeck_short_is_not_paid(agency: Agency) -> None:
    """A client's payment that is one kopeck short leaves the commission waiting for it."""
    await lead_to(agency, "client_commission_paid")
    short = {"deal": {"client_commission": {"paid": roubles("499999.99")}}}
    done = await agency.on(CASE, "client_commission_paid", short, policy=POLICY)
    assert outcome(done) == "recorded"
    await agency.on(
        CASE, "signed_act_provided", {"deal": {"act": {"signed_copy_provided": True}}},
        policy=POLICY,
    )  # fmt: skip
    assessed = await agency.on(CASE, "assess_partner_commission", policy=POLICY)
    assert (outcome(assessed), clauses(assessed)[0]) == ("blocked", "BP-12-CONDITIONS")
    assert (await agency.view(CASE)).state == "completed_awaiting_payment"
    whole = {"deal": {"client_commission": {"paid": roubles("500000.00")}}}
    await agency.on(CASE, "client_commission_paid", whole, policy=POLICY)
    assert (await agency.view(CASE)).state == "commission_due"


async def test_approved_is_not_received(agency: Agency) -> None:
    """A loan that is approved and not received completes nothing."""
    await lead_to(agency, "loan_received")
    done = await agency.on(CASE, "complete", policy=POLICY)
    assert (outcome(done), clauses(done)[:1]) == ("blocked", ["BP-11-NOTIFY"])
    assert (await agency.view(CASE)).state == "approved_awaiting_funds"


@pytest.mark.parametrize(
    ("action", "facts", "path"),
    [
        ("give_range",
         {"event": {"range": {"minimum": roubles("9.00"), "maximum": roubles("6.00")}}},
         "event.range"),
        ("give_range",
         {"event": {"range": {"minimum": {"amount": "1.00", "unit": "USD"},
                              "maximum": {"amount": "6.00", "unit": "USD"}}}},
         "event.range.minimum.unit"),
        ("loan_approved", {"deal": {"loan": {"approved_amount": roubles("-1.00")}}},
         "deal.loan.approved_amount.amount"),
        ("loan_received", {"deal": {"loan": {"received_amount": roubles("0.00")}}},
         "deal.loan.received_amount.amount"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_declined_with_its_path(
    agency: Agency, action: str, facts: dict[str, Any], path: str
) -> None:
    """From above to, another currency, nothing received: declined by its path, and nothing done."""
    await lead_to(agency, action)
    before = await agency.view(CASE)
    done = await agency.on(CASE, action, facts, policy=POLICY)
    assert isinstance(done, Declined)
    assert (path,) in [error.path for error in done.errors]
    assert len((await agency.view(CASE)).case.records) == len(before.case.records)


async def test_what_lies_outside_the_range_goes_to_a_person(agency: Agency) -> None:
    """A loan above the upper end is ruled on before anything is paid."""
    await lead_to(agency, "loan_received")
    more = {"deal": {"loan": {"received_amount": roubles("9000000.01")}}}
    await agency.on(CASE, "loan_received", more, policy=POLICY)
    for step in DEAL[-5:-1]:
        await take(agency, step)
    assert (await agency.view(CASE)).state == "under_review"
    assert outcome(await agency.on(CASE, "pay", policy=POLICY)) == "blocked"
    ruling = {"ruling": {"decision": "approve", "reason": "Банк изменил сумму."}}
    ruled = await agency.on(CASE, "rule", ruling, who="reviewer", policy=POLICY)
    assert outcome(ruled) == "approved"
    await agency.on(CASE, "pay", policy=POLICY)
    assert await agency.balance(PARTNER) == 22_500_000


async def test_a_commission_is_paid_once(agency: Agency) -> None:
    """However many pay at once, the commission is booked once."""
    await lead_to(agency, "pay")
    done = await asyncio.gather(*(take(agency, DEAL[-1], by=n) for n in range(8)))
    assert Counter(map(outcome, done))["recorded"] == 1
    assert await agency.balance(PARTNER) == COMMISSION


async def test_the_analysis_is_due_in_two_days_that_are_worked(agency: Agency) -> None:
    """Uploaded on the Friday before a Sunday holiday: due on Tuesday, overdue from Wednesday."""
    await agency.stand_at(datetime(2025, 2, 21, 8, tzinfo=UTC))
    await lead_to(agency, "request_additional_documents")
    view = await agency.view(CASE)
    assert due(view) == ["2025-02-25"]
    await agency.stand_at(datetime(2025, 2, 25, 20, 59, tzinfo=UTC))
    assert (await agency.view(CASE)).state == "team_analysis"
    await agency.stand_at(datetime(2025, 2, 25, 21, 0, tzinfo=UTC))
    assert (await agency.view(CASE)).state == "team_analysis_overdue"


async def test_a_deal_is_found_once(agency: Agency) -> None:
    """Two partners who record one deal at once: one has it, the other is told it is taken."""
    found = await asyncio.gather(
        agency.act("partner:PT-1", POLICY, "find_client", FOUND, by=0),
        agency.act("partner:PT-2", POLICY, "find_client", FOUND, by=1),
    )
    (declined,) = [one for one in found if isinstance(one, Declined)]
    assert declined.errors[0].code == "CONFLICT"
    owner = next(one for one in found if isinstance(one, Acted))
    assert case_of(owner) == CASE
    other = "partner:PT-2" if owner.record.party == "partner:PT-1" else "partner:PT-1"
    assert await agency.service.case(agency.who(other), agency.tenant, CASE) is None
