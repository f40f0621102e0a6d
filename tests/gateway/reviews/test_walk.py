"""The queue is what a walk over all cases says waits, whatever was done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bson.objectid import ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avoir.host import Host
from avoir_conxpros.states import CREDITED
from avoir_cronoshare.policy import POLICY as CONTACTS
from avoir_gateway import store
from avoir_gateway.administration import reviews
from avoir_gateway.administration.reviews import Which
from avoir_gateway.clock import system_clock
from avoir_gateway.matters import Case
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.schema import Schema
from avoir_gateway.service import Service
from avoir_gateway.store import LocalMongod, connect
from tests.gateway.reviews.desk import (
    CONXPROS,
    CRONOSHARE,
    PARTNER,
    POLICIES,
    PRESCRIBER,
    WAITING,
    XPERTSOURCE,
    Desk,
    asked_for,
    attached,
    completed,
    contact,
    delivered,
    lead,
    not_contacted,
    opened,
    unconfirmed,
)

RUNS: Final = 15
Opens = Callable[[Desk, int], Awaitable[str]]
Does = Callable[[Desk, str], Awaitable[object]]


def act(who: str, policy: str, action: str, **facts: object) -> Does:
    """An action on a case."""
    return lambda desk, case: desk.act(who, policy, action, facts, case=case)


def ruling(who: str, policy: str, decision: str, reason: str = "Seen.") -> Does:
    """A ruling on a case."""
    return lambda desk, case: desk.rule(who, policy, case, decision, reason)


def rulings(policy: str) -> tuple[Does, ...]:
    """Rulings by two reviewers, and one in vain."""
    said = [ruling(who, policy, how) for who in ("R-1", "R-2") for how in ("approve", "refuse")]
    return (*said, ruling("R-1", policy, "approve", " "))


PROFESSIONAL: Final = "professional:P-1"
OPENS: Final[Mapping[str, Opens]] = {
    XPERTSOURCE: lead,
    CONXPROS: delivered,
    CRONOSHARE: contact,
    PRESCRIBER: lambda desk, number: attached(desk, number, household_of="X-0"),
    PARTNER: completed,
}
DOES: Final[Mapping[str, tuple[Does, ...]]] = {
    XPERTSOURCE: (
        asked_for,
        act(PROFESSIONAL, XPERTSOURCE, "request_credit",
            request={"channel": "portal_form", "ground": "no_sale"}),
        act("manager", XPERTSOURCE, "confirm_contact", evidence={"integrity_flag": "Odd."}),
        act("platform", XPERTSOURCE, "record_conversion"),
        *rulings(XPERTSOURCE),
    ),
    CONXPROS: (
        not_contacted,
        act("R-1", CONXPROS, "contradicting_information", event={"source": "homeowner"}),
        act("R-1", CONXPROS, "contradicting_information", event={"source": "competitor"}),
        act("R-1", CONXPROS, "reversal_decided",
            event={"source": "homeowner", "basis": "contradicting_information"}),
        act(PROFESSIONAL, CONXPROS, "review_requested", event={"via": "account_manager"}),
        act("manager", CONXPROS, "review_decided", event={"result": "denied"}),
        act("manager", CONXPROS, "review_decided", event={"result": "approved"}),
        act("R-1", CONXPROS, "verification_finding", event={"finding": "wrong_location"}),
        *rulings(CONXPROS),
    ),
    CRONOSHARE: (
        unconfirmed,
        act(PROFESSIONAL, CRONOSHARE, "refund", event={"ground": "pro_not_available"}),
        act(PROFESSIONAL, CRONOSHARE, "postpone"),
        act(PROFESSIONAL, CRONOSHARE, "rectify"),
        act("platform", CRONOSHARE, "client_chose"),
        *rulings(CRONOSHARE),
    ),
    PRESCRIBER: (
        act("team", PRESCRIBER, "assess_remuneration"),
        act("team", PRESCRIBER, "close_file"),
        act("team", PRESCRIBER, "pay"),
        *rulings(PRESCRIBER),
    ),
    PARTNER: (
        act("team", PARTNER, "assess_partner_commission"),
        act("team", PARTNER, "signed_act_provided",
            deal={"act": {"signed_copy_provided": True}}),
        act("team", PARTNER, "pay"),
        *rulings(PARTNER),
    ),
}  # fmt: skip
"""What may be done to a case of each policy; most of it is not possible most of the time."""


def waited_for(records: Sequence[store.Record]) -> str | None:
    """Whom a case waits for, told from its records without the policies' own word for it."""
    latest = records[-1]
    changing = [r for r in records if r.decision["outcome"] not in ("blocked", "unchanged")]
    match latest.policy, latest.state:
        case ("xpertsource.lead_credit", "under_examination"):
            return "reviewer"
        case ("conxpros.lead_credit", "submitted"):
            return "reviewer"
        case ("conxpros.lead_credit", "under_review"):
            return "manager"
        case ("conxpros.lead_credit", state) if state in CREDITED:
            contradicted = changing[-1].action == "contradicting_information"
            return "reviewer" if contradicted else None
        case ("cronoshare.contact", "manage"):
            known = CONTACTS.lifecycle.history(Case(tuple(records)).events)
            group = known["contact"]
            assert isinstance(group, dict)
            return "reviewer" if group["awaits_ruling"] else None
        case (_, "under_review"):
            return "reviewer"
    return None


def walked(records: Sequence[store.Record]) -> tuple[str, datetime] | None:
    """Whom a case waits for, and since when: the first act since which it always did."""
    told = [waited_for(records[: number + 1]) for number in range(len(records))]
    if told[-1] is None:
        return None
    first = len(told) - 1
    while first and told[first - 1] == told[-1]:
        first -= 1
    return told[-1], records[first].at


async def queued(desk: Desk) -> dict[str, tuple[str, datetime]]:
    """What the queue says, page by page."""
    found: dict[str, tuple[str, datetime]] = {}
    after: store.Position | None = None
    order: list[tuple[datetime, str]] = []
    while True:
        page = await reviews.queue(
            desk.service, desk.who("auditor"), desk.tenant, Which(), after, 2
        )
        assert isinstance(page, store.Page)
        for row in page.rows:
            found[row.case] = (row.declared.role.value, row.since)
            order.append((row.since, row.case))
        if not page.more:
            assert order == sorted(order)
            return found
        after = page.rows[-1].place


async def all_cases(desk: Desk) -> dict[str, list[store.Record]]:
    """Every case of the tenant with its records."""
    page = await desk.service.stores.listings.list_cases(desk.tenant.id, first=1_000)
    return {
        row.case: await desk.service.stores.journal.history(desk.tenant.id, row.case)
        for row in page.rows
    }


Step = tuple[str, int, int]
"""A policy, which of its cases, and what is done to it."""

STEPS: Final = st.lists(
    st.tuples(st.sampled_from(POLICIES), st.integers(0, 2), st.integers(0, 99)),
    min_size=8,
    max_size=30,
)


async def lived(service: Service, schema: Schema, steps: Sequence[Step], demanded: str) -> None:
    """Do all that, and hold the queue to the walk; then once more after a rebuild."""
    desk = await opened(service, schema)
    for policy in POLICIES:
        await desk.tune(policy, four_eyes=demanded)
    cases: dict[str, list[str]] = {policy: [] for policy in POLICIES}
    for policy, which, what in steps:
        mine = cases[policy]
        if which >= len(mine):
            if policy == PARTNER and mine:
                continue
            opens = OPENS[policy] if what % 3 == 0 else WAITING[policy]
            mine.append(await opens(desk, len(mine)))
        else:
            await DOES[policy][what % len(DOES[policy])](desk, mine[which])
        await desk.wait(minutes=7)
    said = await queued(desk)
    known = {case: walked(records) for case, records in (await all_cases(desk)).items()}
    assert said == {case: told for case, told in known.items() if told is not None}


def test_the_queue_is_what_a_walk_says(mongod: LocalMongod, host: Host, whole: Schema) -> None:
    """After any history of cases of all five policies, whoever waits is in the queue, in its
    order, for the role and since the moment that their records show, and nobody else is."""
    with asyncio.Runner() as runner:
        client_at = connect(mongod.uri)
        client = runner.run(client_at.__aenter__())
        database = client[f"walk_{ObjectId()}"]
        service = Service(host, stores_in(database), system_clock)
        runner.run(lay_out(service.stores))

        @settings(
            max_examples=RUNS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(STEPS, st.sampled_from(("never", "approvals", "refusals", "always")))
        def holds(steps: Sequence[Step], demanded: str) -> None:
            runner.run(lived(service, whole, steps, demanded))

        try:
            holds()
        finally:
            runner.run(service.drain())
            runner.run(client.drop_database(database.name))
            runner.run(client_at.__aexit__(None, None, None))


async def test_a_rebuild_restores_it(service: Service, desk: Desk) -> None:
    """Lists that are made again say the same of what waits; so do those of records that were
    written before anybody asked, and rows that do not say it yet."""
    for number, policy in enumerate(POLICIES):
        await desk.waits(policy, number)
        await desk.wait(minutes=1)
    before = await queued(desk)
    assert len(before) == len(POLICIES)
    database = service.stores.projections._database
    forgotten = await database["cases"].update_many(
        {"tenant": desk.tenant.id}, {"$unset": {"waiting": ""}}
    )
    assert forgotten.modified_count == len(POLICIES)
    assert await queued(desk) == {}
    await service.stores.projections.rebuild()
    assert await queued(desk) == before


async def test_a_mark_of_before_means_a_rebuild(service: Service, desk: Desk) -> None:
    """Lists of before anything was known to wait are made again at the next start."""
    await desk.waits(CRONOSHARE)
    before = await queued(desk)
    database = service.stores.projections._database
    await database["cases"].update_many({"tenant": desk.tenant.id}, {"$unset": {"waiting": ""}})
    await database["marks"].delete_many({"_id": {"$regex": "waiting$"}})
    await service.stores.projections.catch_up()
    assert await queued(desk) == before
