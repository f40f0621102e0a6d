"""The laws of the broker, over random histories on the real store.

Whatever the order: one prescriber of a contact is first, and the earliest; nobody is paid twice;
no step of a deal is skipped; nothing is paid before the last; a commission is 2.5 % to the kopeck.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pytest
from bson.objectid import ObjectId
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from avoir_gateway import store
from avoir_gateway.matters import event
from avoir_gateway.service import Acted, Service
from avoir_gateway.store import LocalMongod
from tests.gateway.referral_broker.agency import (
    FEE,
    OPENED,
    PARTNER,
    PRESCRIBER,
    Agency,
    opened,
    serving,
)
from tests.gateway.referral_broker.deals import roubles

HISTORIES: Final = settings(
    max_examples=12,
    deadline=None,
    database=None,
    # a history takes a second: one that breaks a law is short enough to be read as it is
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
World: TypeAlias = tuple[asyncio.Runner, Service]


@pytest.fixture(scope="module")
def world(mongod: LocalMongod) -> Iterator[World]:
    """An event loop and a service that the histories of this module share."""
    with asyncio.Runner() as runner:
        name = f"laws_{ObjectId()}"

        async def begin() -> tuple[store.Client, Service]:
            client = store.connect(mongod.uri, store.Patience(connect_ms=1_800_000))
            return client, await serving(client[name])

        client, service = runner.run(begin())
        yield runner, service

        async def end() -> None:
            await client.drop_database(name)
            await client.close()

        runner.run(end())


# -- contacts --------------------------------------------------------------------------------

PRESCRIBERS: Final = ("A", "B", "C")
CONTACTS: Final = ("X", "Y")
WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "attach": {},
    "close_file": {},
    "reopen_file": {},
    "record_transformation": {"file": {"stage": "G"}},
    "assess_remuneration": {},
    "pay": {},
}
contact_acts = st.tuples(
    st.sampled_from(["attach", *WAYS, "record_transformation", "assess_remuneration", "pay"]),
    st.sampled_from(PRESCRIBERS),
    st.sampled_from(CONTACTS),
    st.integers(0, 200),
)


@given(st.lists(contact_acts, min_size=4, max_size=30), st.sets(st.sampled_from(PRESCRIBERS)))
@HISTORIES
def test_one_is_first_and_nobody_is_paid_twice(
    world: World, acts: Sequence[tuple[str, str, str, int]], signed: set[str]
) -> None:
    """Over any history, the earliest attachment is the one that is first, and pays at most once."""
    runner, service = world
    runner.run(_contacts(service, acts, signed))


async def _contacts(
    service: Service, acts: Sequence[tuple[str, str, str, int]], signed: set[str]
) -> None:
    agency = await opened(service)
    for prescriber in sorted(signed):
        await agency.sign(prescriber)
    now = OPENED
    for action, prescriber, contact, days in acts:
        now += timedelta(days=days / 10)
        await agency.stand_at(now)
        case = f"{PRESCRIBER}:{contact}:prescriber:{prescriber}"
        if action == "attach":
            await agency.attach(prescriber, contact, known_before=False)
        else:
            await agency.on(case, action, WAYS[action])
    records = await _records(agency)
    for contact in CONTACTS:
        of_contact = [r for r in records if r.case.startswith(f"{PRESCRIBER}:{contact}:")]
        attached = [
            r for r in of_contact if r.action == "attach" and r.decision["outcome"] == "recorded"
        ]
        firsts = [r for r in attached if f"referral_broker:first:{contact}" in r.claims]
        assert [r.at for r in firsts] == sorted(r.at for r in attached)[:1]
        paid = [r for r in of_contact if r.postings]
        assert len(paid) <= 1
        for payment in paid:
            assert payment.action == "pay"
            assert payment.party == firsts[0].party
            assert payment.party.removeprefix("prescriber:") in signed
            assert [p.amount for p in payment.postings] == [40_000]
            assert FEE["amount"] == "400.00"


async def _records(agency: Agency) -> list[store.Record]:
    every = agency.service.stores.journal.every()
    return [r async for batch in every for r in batch if r.tenant == agency.tenant.id]


# -- deals -----------------------------------------------------------------------------------

amounts = st.integers(1, 10**12).map(lambda kopecks: f"{kopecks // 100}.{kopecks % 100:02}")


@st.composite
def deal_acts(draw: st.DrawFn) -> list[tuple[str, Mapping[str, Any]]]:
    """Acts on a deal: those that lead on, in their order, with others strewn between them."""
    received = draw(amounts)
    low, high = "0.01", "10000000000.00"
    onward: list[tuple[str, Mapping[str, Any]]] = [
        ("present_service", {}),
        ("collect_documents", {"event": {"documents_complete": True}}),
        ("preliminary_analysis", {"event": {"criteria_met": True, "stop_factors": []}}),
        ("create_thread", {"event": {"documents_uploaded": True}}),
        ("give_range", {"event": {"range": {"minimum": roubles(low), "maximum": roubles(high)}}}),
        ("client_agreement", {"event": {"agreed": True}}),
        (
            "collect_contract_data",
            {"event": {"requisites": "1", "email": "a@b.ru", "phone": "1", "has_edo": True}},
        ),
        ("send_contract", {}),
        ("contract_signed", {}),
        ("start_support", {"event": {"actions": ["account"]}}),
        ("loan_approved", {"deal": {"loan": {"approved_amount": roubles(received)}}}),
        ("loan_received", {"deal": {"loan": {"received_amount": roubles(received)}}}),
        (
            "complete",
            {
                "deal": {
                    "client_commission": {"invoiced": roubles("5.00")},
                    "act": {"drawn_up": True},
                }
            },
        ),
        ("client_commission_paid", {"deal": {"client_commission": {"paid": roubles("5.00")}}}),
        ("signed_act_provided", {"deal": {"act": {"signed_copy_provided": True}}}),
        ("assess_partner_commission", {}),
        ("pay", {}),
    ]
    length = draw(st.integers(3, len(onward)))
    acts: list[tuple[str, Mapping[str, Any]]] = []
    for act in onward[:length]:
        acts += draw(st.lists(st.sampled_from(onward), max_size=1))
        if draw(st.integers(0, 19)):
            acts.append(act)
    return acts


@given(deal_acts())
@HISTORIES
def test_no_step_is_skipped_and_the_commission_is_exact(
    world: World, acts: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Over any history the steps follow one another, and only the last of them pays, once."""
    runner, service = world
    runner.run(_deal(service, acts))


async def _deal(service: Service, acts: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    agency = await opened(service, zone="Europe/Moscow")
    found = {"deal": {"id": "D", "client_id": "C", "requested_amount": roubles("100.00")}}
    done = await agency.act("partner:PT", PARTNER, "find_client", found)
    assert isinstance(done, Acted)
    policy = done.policy
    for action, facts in acts:
        declared = policy.lifecycle.action(action)
        assert declared is not None
        who = "partner:PT" if "partner" in declared.actors else "team"
        await agency.on(done.record.case, action, facts, who=who, policy=PARTNER)
    records = [r for r in await _records(agency) if r.case == done.record.case]
    records.sort(key=lambda record: record.revision)
    taken = [
        policy.lifecycle.history([event(r) for r in records[:n]])["deal"]["completed_steps"]  # type: ignore[index]
        for n in range(1, len(records) + 1)
    ]
    for before, after in pairwise([[], *taken]):
        assert after == list(range(1, len(after) + 1))
        assert len(after) - len(before) in (0, 1)
    paid = [r for r in records if r.postings]
    assert len(paid) <= 1
    for payment in paid:
        assert (payment.action, payment.state) == ("pay", "commission_paid")
        assert payment.decision["outcome"] == "recorded"
        loan = payment.facts["deal"]["loan"]["received_amount"]["amount"]  # type: ignore[index, call-overload]
        kopecks = int(str(loan).replace(".", ""))
        # half up: twenty-five thousandths, by whole numbers alone
        assert [p.amount for p in payment.postings] == [(kopecks * 25 + 500) // 1000]
        assert await agency.balance("partner:PT") == payment.postings[0].amount
