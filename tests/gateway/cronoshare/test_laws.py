"""The laws of the account, over random histories on the real store.

The same history is lived by three tenants, one for each way of paying advances back.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from bson.objectid import ObjectId
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from avoir_cronoshare.parameters import Recovery
from avoir_gateway import store
from avoir_gateway.service import Acted, Declined, Service
from avoir_gateway.store import LocalMongod
from tests.gateway.cronoshare.shop import (
    FEE,
    Shop,
    case_of,
    fees,
    house_side,
    net_refunded,
    opened,
    outcome,
    serving,
)

T = TypeVar("T")
RUNS: Final = 20
STEPS: Final = 15
WAYS: Final = tuple(Recovery)
PROFESSIONALS: Final = ("P-1", "P-2")
KEPT: Final = {"not_permitted", "processed_refunded", "processed_chosen"}
"""Phases that no time changes."""
ACTS: Final = (
    "refund",
    "refund",
    "refund in vain",
    "rectify",
    "postpone",
    "declare_service_done",
    "client_chose",
)
professionals = st.sampled_from(PROFESSIONALS)
picks = st.integers(0, 99)


@dataclass
class Contact:
    """A contact that was bought: whose it is, for how much, and its case."""

    owner: str
    commission: int
    case: str


async def _done(shop: Shop, contact: Contact, action: str) -> Acted | Declined:
    """Take an action on a contact."""
    if action.startswith("refund"):
        ground = "pro_not_available" if action == "refund in vain" else "client_rejects_price"
        return await shop.refund(contact.owner, contact.case, ground)
    who = "platform" if action == "client_chose" else contact.owner
    return await shop.act(who, action, case=contact.case)


@dataclass
class World:
    """Where the histories are lived."""

    runner: asyncio.Runner
    service: Service


class Accounts(RuleBasedStateMachine):
    """Professionals who pay in, buy, refund and rectify, while days go by."""

    world: World
    steps: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.contacts: list[Contact] = []
        self.offers = 0
        self.shops = self._do(self._open())

    def _do(self, coming: Coroutine[Any, Any, T]) -> T:
        return self.world.runner.run(coming)

    async def _open(self) -> dict[Recovery, Shop]:
        service = self.world.service
        return {way: await opened(service, advance_recovery=way.value) for way in WAYS}

    def _each(self, what: str, call: Any) -> dict[Recovery, Any]:
        """Take one step at every tenant; what came of it at each."""

        async def all_of_them() -> dict[Recovery, Any]:
            done = await asyncio.gather(*(call(shop) for shop in self.shops.values()))
            return dict(zip(self.shops, done, strict=True))

        Accounts.steps[what] += 1
        return self._do(all_of_them())

    def _alike(self, what: str, call: Any) -> str | None:
        """Take one step, which must come to the same at every tenant."""
        done = self._each(what, call)
        (came,) = {outcome(one) for one in done.values()}
        Accounts.steps[f"  {what}: {came}"] += 1
        return came

    @initialize(amounts=st.tuples(st.integers(50, 400), st.integers(50, 400)))
    def begin(self, amounts: tuple[int, int]) -> None:
        """Both professionals have paid something in, and have bought a contact."""
        for number, amount in zip(PROFESSIONALS, amounts, strict=True):
            self.pay_in(number, amount)
            self.buy(number, 80)

    @rule(number=professionals, amount=st.integers(1, 300))
    def pay_in(self, number: str, amount: int) -> None:
        """Cronos are paid in."""
        self._each("top_up", lambda shop: shop.top_up(number, amount))

    @rule(number=professionals, limit=st.sampled_from([0, 50, 100, 300]))
    def limit(self, number: str, limit: int) -> None:
        """An operator sets a limit."""
        self._each("set_advance_limit", lambda shop: shop.set_limit(number, limit))

    @rule(number=professionals, commission=st.sampled_from([0, 10, 80, 80, 150]))
    def buy(self, number: str, commission: int) -> None:
        """A contact is bought.

        Who is beyond his limit may spend what he has, and recovery leaves him less to spend: then,
        and only then, the ways part, and the purchase is left out.
        """
        before = self._do(self._standing(number))
        limits = {way: self._do(self._limit(shop, number)) for way, shop in self.shops.items()}
        affordable = {
            cronos + max(0, limits[way] - advanced) >= commission + FEE
            for way, (cronos, advanced) in before.items()
        }
        if len(affordable) > 1:
            assert before[Recovery.NONE][1] > limits[Recovery.NONE]
            Accounts.steps["  buy_contact: left out"] += 1
            return
        self.offers += 1
        offer = f"O-{self.offers}"
        done = self._each("buy_contact", lambda shop: shop.buy(number, offer, commission))
        (came,) = {outcome(one) for one in done.values()}
        Accounts.steps[f"  buy_contact: {came}"] += 1
        assert came == ("approved" if affordable == {True} else "blocked")
        if came == "approved":
            (case,) = {case_of(one) for one in done.values()}
            self.contacts.append(Contact(number, commission, case))
        for way, (_, advanced) in self._do(self._standing(number)).items():
            assert advanced <= max(limits[way], before[way][1])

    async def _standing(self, number: str) -> dict[Recovery, tuple[int, int]]:
        return {way: await shop.balances(number) for way, shop in self.shops.items()}

    async def _limit(self, shop: Shop, number: str) -> int:
        lines = await shop.lines(number)
        own = [
            str(line.record.facts["new_advance_limit"])
            for line in lines
            if line.record.action == "set_advance_limit"
        ]
        return int(own[-1]) if own else 100

    @precondition(lambda self: self.contacts)
    @rule(pick=picks, acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=4))
    def manage(self, pick: int, acts: list[str]) -> None:
        """Several things are done with a contact, one after another."""
        contact = self.contacts[pick % len(self.contacts)]
        for action in acts:
            self._alike(action, partial(_done, contact=contact, action=action))

    @precondition(lambda self: self.contacts)
    @rule(pick=picks, acts=st.permutations(["refund", "rectify", "refund", "postpone"]))
    def manage_over_and_over(self, pick: int, acts: list[str]) -> None:
        """A contact is refunded and rectified, in any order."""
        self.manage(pick, acts)

    @precondition(lambda self: self.contacts)
    @rule(pick=picks)
    def refund_anothers(self, pick: int) -> None:
        """Somebody else asks for a refund, and is told that there is no such contact."""
        contact = self.contacts[pick % len(self.contacts)]
        other = next(one for one in PROFESSIONALS if one != contact.owner)
        came = self._alike("refund", lambda shop: shop.refund(other, contact.case))
        assert came == "NOT_FOUND"

    @rule(number=st.sampled_from([1, 7, 40, 90]))
    def wait(self, number: int) -> None:
        """Days go by."""
        self._each("days go by", lambda shop: shop.pass_days(number))

    # -- the laws, read from the journal record by record once a history has ended

    def teardown(self) -> None:
        """Every law held after every record, and holds years later."""
        self._do(self._check())

    async def _check(self) -> None:
        nets: dict[str, set[tuple[int, ...]]] = {number: set() for number in PROFESSIONALS}
        for shop in self.shops.values():
            revenue = 0
            for number in PROFESSIONALS:
                cronos, advances = await shop.lines(number), await shop.lines(number, "advances")
                records = [line.record for line in cronos]
                check_books(records, cronos, advances)
                revenue += sum(fees(records))
                standing = zip(cronos, advances, strict=True)
                nets[number].add(tuple(a.entry.balance + b.entry.balance for a, b in standing))
            assert revenue == FEE * len(self.contacts)
            for contact in self.contacts:
                check_contact(contact, (await shop.seen(contact.case)).case.records)
            await self._check_later(shop)
        assert all(len(same) == 1 for same in nets.values()), nets

    async def _check_later(self, shop: Shop) -> None:
        before = [(await shop.seen(contact.case)).state for contact in self.contacts]
        await shop.pass_days(1000)
        for contact, state in zip(self.contacts, before, strict=True):
            later = (await shop.seen(contact.case)).state
            assert later == (state if state in KEPT else "expired")


def check_books(
    records: Sequence[store.Record],
    cronos: Sequence[store.StatementLine],
    advances: Sequence[store.StatementLine],
) -> None:
    """Records sum to zero, no fee is given back, and accounts run on from entry to entry."""
    for record in records:
        assert sum(entry.amount for entry in record.entries) + house_side(record) == 0
    assert all(change in (0, FEE) for change in fees(records))
    for lines, sign in ((cronos, 1), (advances, -1)):
        running = 0
        for seq, line in enumerate(lines, 1):
            running += line.entry.amount
            assert (line.entry.seq, line.entry.balance) == (seq, running)
            assert sign * running >= 0


def check_contact(contact: Contact, records: Sequence[store.Record]) -> None:
    """The fee is charged once; what came back is nothing or the commission, after every record."""
    for length in range(1, len(records) + 1):
        assert net_refunded(records[:length]) in (0, contact.commission)
    assert fees(records) == [FEE] + [0] * (len(records) - 1)
    states = [record.state for record in records]
    assert set(states) <= KEPT | {"manage", "expired"}
    assert all((state == "not_permitted") == (contact.commission == 0) for state in states)
    settled = [state for state in states if state in KEPT]
    assert states == [state for state in states if state not in KEPT] + settled


def test_the_laws_hold_over_random_histories(mongod: LocalMongod) -> None:
    """Whatever is done in whatever order, the books and the phases keep every law."""
    with asyncio.Runner() as runner:
        name = f"laws_{ObjectId()}"

        async def begin() -> tuple[store.Client, Service]:
            client = store.connect(mongod.uri, store.Patience(connect_ms=1_800_000))
            return client, await serving(client[name])

        client, service = runner.run(begin())
        Accounts.world, Accounts.steps = World(runner, service), Counter()
        try:
            run_state_machine_as_test(
                Accounts,
                settings=settings(
                    max_examples=RUNS,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:

            async def end() -> None:
                await client.drop_database(name)
                await client.close()

            runner.run(end())
    steps = sum(n for what, n in Accounts.steps.items() if not what.startswith(" "))
    sys.stdout.write(f"\n{RUNS} histories, {steps} steps at {len(WAYS)} tenants each\n")
    for what, number in sorted(Accounts.steps.items()):
        sys.stdout.write(f"{what:<40} {number:>5}\n")
    assert steps > RUNS


def test_an_act_is_an_act(mongod: LocalMongod) -> None:
    """What the histories count as done was done: a purchase has a record and a case."""
    with asyncio.Runner() as runner:

        async def once() -> None:
            async with store.connect(mongod.uri) as client:
                database = client[f"once_{ObjectId()}"]
                shop = await opened(await serving(database))
                done = await shop.buy("P-1", "O-1", 80)
                assert isinstance(done, Acted)
                assert done.record.case == "cronoshare.contact:O-1:professional:P-1"
                await client.drop_database(database.name)

        runner.run(once())
