"""Returning: the returns of a year of contacts and of leads, and how they grow with the year.

The records go straight into the journal, the figures are made from it by a rebuild. What is timed
is what a caller waits for: the question to the store, the answer read, and the totals.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from pymongo import WriteConcern

from avoir.clauses import Effective, Outcome
from avoir.returns import Returns
from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Stores
from avoir_gateway.store.counting import (
    counting_figures,
    counting_outcomes,
    counting_states,
    index_for,
)
from avoir_gateway.store.records import to_document
from avoir_referral_broker.partner.returns import RETURNS as DEALS
from avoir_referral_broker.prescriber.outcomes import RETURNS as CONTACTS
from avoir_xpertsource.returns import RETURNS as LEADS

SIZES: Final = (10_000, 100_000)
"""Contacts in a year; of leads and deals there are the first of them."""
RUNS: Final = 7
BATCH: Final = 2_000
PARTIES: Final = 200
YEAR: Final = 2025
SPAN: Final = {"start": date(YEAR, 1, 1), "end": date(YEAR + 1, 1, 1), "time_zone": "Europe/Paris"}
ORIGIN: Final = store.Origin(door="benchmark")

STEPS: Final = (
    ("find_client", "found"),
    ("present_service", "presented"),
    ("collect_documents", "documents_collected"),
    ("preliminary_analysis", "preliminary_passed"),
    ("create_thread", "thread_open"),
    ("upload_documents", "team_analysis"),
    ("give_range", "awaiting_client_agreement"),
    ("client_agreement", "agreed"),
    ("collect_contract_data", "contract_data_collected"),
    ("send_contract", "contract_sent"),
    ("contract_signed", "contract_signed"),
    ("start_support", "support"),
    ("loan_approved", "approved_awaiting_funds"),
    ("loan_received", "approved_awaiting_funds"),
    ("complete", "completed_awaiting_payment"),
    ("client_commission_paid", "completed_awaiting_act"),
    ("signed_act_provided", "commission_due"),
)


class Deed(msgspec.Struct, frozen=True):
    """What one record says of itself, so long after the opening of its case."""

    action: str
    outcome: Outcome
    state: str
    clause: str
    amount: int | None = None
    booked: int | None = None
    effective: Effective = Effective.AT_ONCE
    days: int = 0


def contact(chance: random.Random) -> Iterator[Deed]:
    """What becomes of a contact that a prescriber sends."""
    recorded, second = Outcome.RECORDED, chance.random() < 0.15
    state = "attached_not_remunerable" if second else "attached"
    yield Deed("attach", recorded, state, "PR-FIRST-WINS" if second else "PR-ALWAYS-ATTACH")
    if chance.random() < 0.7:
        yield Deed("close_file", recorded, state, "PR-ATTACH-CLOSED", days=30)
    if chance.random() > 0.6:
        refused = "PR-PRIOR-KNOWN" if chance.random() < 0.5 else "PR-ONE-YEAR"
        yield Deed("assess_remuneration", Outcome.REFUSED, "not_remunerable", refused, days=90)
        return
    yield Deed("record_transformation", recorded, state, "PR-KPI-G", days=60)
    if second:
        refusal = Outcome.REFUSED, "not_remunerable", "PR-FIRST-WINS"
        yield Deed("assess_remuneration", *refusal, days=61)
        return
    fee = chance.randrange(10_000, 60_000)
    due = Outcome.APPROVED, "remunerable", "PR-CONVENTION", fee, None, Effective.ON_PAYMENT
    yield Deed("assess_remuneration", *due, days=61)
    yield Deed("pay", recorded, "paid", "PR-CONVENTION", fee, fee, days=75)


def deal(chance: random.Random) -> Iterator[Deed]:
    """How far a partner comes with a deal: two of five to the end."""
    reached = len(STEPS) if chance.random() < 0.4 else chance.randrange(1, len(STEPS))
    for days, (action, state) in enumerate(STEPS[:reached]):
        yield Deed(action, Outcome.RECORDED, state, "BP-STEP", days=days)
    if reached == len(STEPS):
        share = chance.randrange(1_000_000, 10_000_000)
        due = Outcome.APPROVED, "commission_due", "BP-12-CONDITIONS", share, None
        yield Deed("assess_partner_commission", *due, Effective.ON_PAYMENT, days=30)
        if chance.random() < 0.9:
            paid = Outcome.RECORDED, "commission_paid", "BP-12-CONDITIONS", share, share
            yield Deed("pay", *paid, days=31)


def lead(chance: random.Random) -> Iterator[Deed]:
    """What becomes of a lead that a professional buys."""
    price = chance.randrange(5_000, 20_000)
    yield Deed("purchase", Outcome.RECORDED, "waiting_period", "", price, -price)
    if chance.random() < 0.5:
        yield Deed("request_credit", Outcome.REFUSED, "refused_premature", "XS-DELAY-MIN", days=2)
    state = "refused_premature"
    if chance.random() < 0.8:
        recommended = Outcome.APPROVED, "under_examination", "XS-ALREADY-CONTRACT", price
        yield Deed("request_credit", *recommended, effective=Effective.ON_RULING, days=9)
        if chance.random() < 0.6:
            state = "approved"
            yield Deed("rule", Outcome.APPROVED, state, "XS-DISCRETION", price, price, days=12)
        else:
            state = "refused"
            yield Deed("rule", Outcome.REFUSED, state, "XS-DISCRETION", days=12)
    if chance.random() < 0.2:
        yield Deed("record_conversion", Outcome.RECORDED, state, "XS-CONVERSION-1IN5", days=40)


@dataclass(frozen=True)
class Business:
    """What is counted of a policy, and how its matters go."""

    policy: str
    role: str
    unit: str
    returns: Returns
    lives: Callable[[random.Random], Iterator[Deed]]
    sizes: Sequence[int]


BUSINESSES: Final = {
    "contacts": Business(
        "referral_broker.prescriber", "prescriber", "EUR", CONTACTS, contact, SIZES
    ),
    "deals": Business("referral_broker.partner", "partner", "RUB", DEALS, deal, SIZES[:1]),
    "leads": Business("xpertsource.lead_credit", "professional", "CAD", LEADS, lead, SIZES[:1]),
}


def _records(business: Business, tenant: str, size: int) -> Iterator[store.Record]:
    chance = random.Random(size)
    begun = datetime(YEAR, 1, 1, tzinfo=UTC)
    seqs: dict[str, int] = {}
    edition = store.EditionPin(
        hash="e", policy=business.policy, version="1", effective_from=date(YEAR, 1, 1)
    )
    actor = store.Actor(id="A-1", role="team", name="Anne")
    for number in range(size):
        opened = begun + timedelta(seconds=chance.randrange(365 * 86_400))
        party = f"{business.role}:P-{chance.randrange(PARTIES)}"
        for revision, deed in enumerate(business.lives(chance), 1):
            entries: tuple[store.Entry, ...] = ()
            if deed.booked is not None:
                seqs[party] = seqs.get(party, 0) + 1
                account = f"{party}:balance@bench"
                entries = (
                    store.Entry(
                        account=account,
                        seq=seqs[party],
                        amount=deed.booked,
                        balance=0,
                        unit=business.unit,
                    ),
                )
            yield store.Record(
                tenant=tenant,
                command=store.Command(
                    by="A-1",
                    key=f"{business.policy}-{number}-{revision}",
                    fingerprint="f",
                    answer={"revision": revision},
                ),
                policy=business.policy,
                action=deed.action,
                case=f"{business.policy}:C-{number}:{party}",
                revision=revision,
                state=deed.state,
                party=party,
                facts={"contact": {"person_id": f"C-{number}"}},
                decision=_decision(deed, business.unit),
                edition=edition,
                actor=actor,
                credential="benchmark",
                origin=ORIGIN,
                at=opened + timedelta(days=deed.days),
                entries=entries,
            )


def _decision(deed: Deed, unit: str) -> dict[str, Any]:
    amount = None
    if deed.amount is not None:
        amount = {"amount": f"{deed.amount // 100}.{deed.amount % 100:02}", "unit": unit}
    return {
        "outcome": deed.outcome.value,
        "takes_effect": deed.effective.value,
        "clauses": [deed.clause] if deed.clause else [],
        "amount": amount,
    }


async def _seed(database: store.Database, stores: Stores) -> int:
    """A year of every size for every business, each with a tenant of its own."""
    journal = database.get_collection("journal", write_concern=WriteConcern(w=1))
    batch: list[dict[str, object]] = []
    count = 0
    for name, business in BUSINESSES.items():
        for size in business.sizes:
            for record in _records(business, f"{name}-{size}", size):
                batch.append(to_document(record))
                count += 1
                if len(batch) == BATCH:
                    await journal.insert_many(batch, ordered=False)
                    batch = []
    if batch:
        await journal.insert_many(batch, ordered=False)
    await stores.projections.rebuild()
    return count


@dataclass(frozen=True)
class Row:
    """What was asked of how many contacts: rows, milliseconds, and what its scan looked at."""

    name: str
    size: int
    rows: int
    times: Sequence[float]
    index: str
    keys: int
    documents: int

    def __str__(self) -> str:
        median, least, most = statistics.median(self.times), min(self.times), max(self.times)
        return (
            f"| {self.size:,} {self.name} | {self.rows:,} | {median:,.0f} ms "
            f"| {least:,.0f} – {most:,.0f} ms | `{self.index}` | {self.keys:,} "
            f"| {self.documents:,} |"
        )


async def _timed(ask: Callable[[], Awaitable[int]]) -> tuple[int, list[float]]:
    """How many rows there are, and what each run took in milliseconds; the first is not counted."""
    rows = await ask()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return rows, times


async def _measured(
    database: store.Database, figures: store.Figures, name: str, size: int
) -> list[Row]:
    """The returns of a year of so many cases."""
    business, found = BUSINESSES[name], []
    measured, events = business.returns.measured, business.returns.outcomes
    assert events is not None
    span = store.Span(tenant=f"{name}-{size}", policy=business.policy, **SPAN)  # type: ignore[arg-type]
    by_month = msgspec.structs.replace(span, period=store.Period.MONTH)
    june = {"start": date(YEAR, 6, 1), "end": date(YEAR, 7, 1)}
    asked = {
        "in all": span,
        "by month": by_month,
        "by party": msgspec.structs.replace(span, by_party=True),
        "by month and party": msgspec.structs.replace(by_month, by_party=True),
        "one party, by month": msgspec.structs.replace(by_month, party=f"{business.role}:P-7"),
        "one month of it": msgspec.structs.replace(by_month, **june),
    }
    for what, one in asked.items():

        async def ask(one: store.Span = one) -> int:
            return len((await figures.sums(one, measured, 1_000)).rows)

        rows, times = await _timed(ask)
        scan = await _scan(database, one, counting_figures(one, measured))
        found.append(Row(f"{name}, {what}", size, rows, times, *scan))

    async def came() -> int:
        return len((await figures.outcomes(by_month, events, 1_000)).rows)

    rows, times = await _timed(came)
    scan = await _scan(database, by_month, counting_outcomes(by_month, events))
    found.append(Row(f"{name}, outcomes by clause and month", size, rows, times, *scan))
    if business.returns.pipeline is not None:
        found.append(await _standing(database, figures, f"{name}-{size}", business))
    return found


async def _standing(
    database: store.Database, figures: store.Figures, tenant: str, business: Business
) -> Row:
    """Where the cases stand now, and how many of those under analysis are overdue."""
    pipeline = business.returns.pipeline
    assert pipeline is not None
    of: Any = {"tenant": tenant, "policy": business.policy}

    async def ask() -> int:
        late = {"due": pipeline.due, "due_in": ("team_analysis",)}
        now = datetime(YEAR + 1, 1, 1, tzinfo=UTC)
        return len(await figures.pipeline(**of, states=pipeline.states, at=now, **late))  # type: ignore[arg-type]

    rows, times = await _timed(ask)
    explain = {"aggregate": "cases", "pipeline": counting_states(of, pipeline.states), "cursor": {}}
    name, _, size = tenant.rpartition("-")
    scan = await _explained(database, explain)
    return Row(f"{name}, pipeline by state", int(size), rows, times, *scan)


async def _scan(
    database: store.Database, span: store.Span, pipeline: list[Any]
) -> tuple[str, int, int]:
    """The index of the winning plan, and the keys and documents that it looked at."""
    aggregate = {"aggregate": "figures", "pipeline": pipeline, "cursor": {}}
    return await _explained(database, aggregate | {"hint": index_for(span)})


async def _explained(database: store.Database, aggregate: Any) -> tuple[str, int, int]:
    explained: Any = await database.command({"explain": aggregate, "verbosity": "executionStats"})
    stages = explained.get("stages", [{"$cursor": explained}])
    scans = [stages[0]["$cursor"]]
    # The states of cases come from their list.
    scans += [s["$unionWith"]["pipeline"][0]["$cursor"] for s in stages if "$unionWith" in s]
    plan = scans[0]["queryPlanner"]["winningPlan"]
    plan = plan.get("queryPlan", plan)
    while "inputStage" in plan:
        plan = plan["inputStage"]
    keys, documents = (
        sum(scan["executionStats"][f"total{what}Examined"] for scan in scans)
        for what in ("Keys", "Docs")
    )
    return plan["indexName"], keys, documents


async def _all(uri: str) -> tuple[int, list[Row]]:
    async with store.connect(uri, store.Patience(answer_ms=60_000)) as client:
        database = client["avoir"]
        stores = stores_in(database)
        await lay_out(stores)
        count = await _seed(database, stores)
        rows = []
        for name, business in BUSINESSES.items():
            for size in business.sizes:
                rows += await _measured(database, stores.figures, name, size)
        return count, rows


def run() -> Sequence[str]:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="avoir-bench-", dir="/tmp") as name:
        folder = Path(name)
        with store.start(folder / "data", socket_folder=folder / "s") as mongod:
            count, rows = asyncio.run(_all(mongod.uri))
    return [
        f"### returning: the returns of a year, of {count:,} records in all",
        "",
        "| a year of | rows | median | least – most | index | keys | documents |",
        "|---|---|---|---|---|---|---|",
        *map(str, rows),
        "",
        "Contacts and deals have five figures read from records, leads six; a deal has fourteen",
        "records, and its commission is due while it stands in one state.",
        "A scan that looks at no documents is covered: all that is counted stands in the index.",
        "One party’s returns read its own documents alone.",
        "",
    ]
