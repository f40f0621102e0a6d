"""Group commit: what several actions decided at once goes to the journal together.

Records travel in lanes: those of one party follow one another, since each rests on the accounts
and the case that the one before it left. Many lanes go together, one record of each, in no order;
a lane in which many wait goes by itself, in its order. Where a record does not get in, what was
decided on top of it is decided again: nothing is ever written behind a gap.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import msgspec

from avoir.ledger import Balance

from .journal import Appended, AppendOutcome, Encoded, Journal
from .records import ON_AN_ACCOUNT, Record, slim

LARGEST: Final = 64
"""Records of one batch: a duplicate in a larger one costs more than it saves."""
CHAIN: Final = 3
"""So many records in one lane are worth a batch of their own."""
AT_ONCE: Final = 2
"""Batches under way at once."""
RUN: Final = 8
"""Batches that one lane may win in a row before it pauses: others may want its account too."""
PAUSE_SECONDS: Final = 0.002
LANES: Final = 10_000
"""Lanes kept, as far as nothing of them is on its way."""
CASES: Final = 64
"""Cases of one lane that are kept."""


class Overtaken(msgspec.Struct, frozen=True):
    """What the record was decided on did not come about: decide again. Nothing was written."""


Outcome: TypeAlias = AppendOutcome | Overtaken


class _Waiting(msgspec.Struct, frozen=True, eq=False):
    """A record on its way, and who waits for what becomes of it."""

    encoded: Encoded
    told: asyncio.Future[Outcome]


class Lane:
    """One party of a tenant, as this process knows it: what was read at majority or acknowledged,
    and what is on its way.

    Where something on its way does not come about, the lane is broken and another is begun.
    """

    def __init__(self, *, after_a_break: bool = False) -> None:
        self.is_broken = False
        self.after_a_break = after_a_break
        """Whether what the lists say was too old before: then the journal itself is read."""
        self.is_busy = False
        self.wins = 0
        self.waiting: deque[_Waiting] = deque()
        self.referring = 0
        """How many records were put on their way here by which other cases may be decided."""
        self._on_their_way: dict[asyncio.Future[Outcome], frozenset[str]] = {}
        self._balances: dict[str, Balance] = {}
        self._cases: OrderedDict[str, tuple[Record, ...]] = OrderedDict()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self.is_busy and not self.waiting

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known that was not asked for just now."""
        return not self._balances and not self._cases

    def balance(self, account: str) -> Balance | None:
        """Where an account stands; None where that is not known."""
        return self._balances.get(account)

    def learn(self, account: str, balance: Balance) -> None:
        """Keep what was read of an account; nothing where it has moved on meanwhile."""
        self._balances.setdefault(account, balance)

    def case(self, case: str) -> tuple[Record, ...] | None:
        """The records of a case, slim; None where they are not known."""
        found = self._cases.get(case)
        if found is not None:
            self._cases.move_to_end(case)
        return found

    def learn_case(self, case: str, records: tuple[Record, ...]) -> None:
        """Keep what was read of a case, slim: whatever is kept, the collector of garbage looks
        through time and again."""
        if case not in self._cases:
            self._keep(case, tuple(slim(record) for record in records))

    def _keep(self, case: str, records: tuple[Record, ...]) -> None:
        self._cases[case] = records
        while len(self._cases) > CASES:
            self._cases.popitem(last=False)

    def is_older_than(self, record: Record) -> bool:
        """Whether what is known of a case or an account is from before a record."""
        known = self._cases.get(record.case)
        if known is not None and known[-1].revision < record.revision:
            return True
        balances = ((self._balances.get(e.account), e) for e in record.entries)
        return any(known is not None and known.seq < e.seq for known, e in balances)

    async def settled(self, references: Iterable[str]) -> None:
        """Wait until it is known what became of those on their way that carry any of these."""
        names = frozenset(references)
        waited_for = [told for told, carried in self._on_their_way.items() if names & carried]
        if waited_for:
            await asyncio.wait(waited_for)

    async def at_rest(self) -> None:
        """Wait until it is known what became of everything on its way."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way)

    def follow(self, record: Record, told: asyncio.Future[Outcome]) -> None:
        """Keep what a record leaves that is on its way."""
        self._on_their_way[told] = frozenset(record.references)
        told.add_done_callback(self._on_their_way.pop)
        if record.references:
            self.referring += 1
        for entry in record.entries:
            self._balances[entry.account] = Balance(entry.seq, entry.balance)
        before = self._cases.pop(record.case, ())
        follows = len(before) == record.revision - 1
        if follows and not record.case.startswith(ON_AN_ACCOUNT):
            self._keep(record.case, (*before, slim(record)))


class Committer:
    """Keeps the lanes, takes records for the journal and tells what became of each."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lanes: OrderedDict[tuple[str, str], Lane] = OrderedDict()
        self._ready: deque[Lane] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._sending = False

    def lane(self, tenant: str, party: str) -> Lane:
        """The lane of a party."""
        key = (tenant, party)
        lane = self._lanes.get(key)
        if lane is None or lane.is_broken:
            lane = self._lanes[key] = Lane(after_a_break=lane is not None)
            if len(self._lanes) > LANES:
                oldest = next((k for k, one in self._lanes.items() if one.is_idle), key)
                del self._lanes[oldest]
                self._lanes[key] = lane
        self._lanes.move_to_end(key)
        return lane

    def notice(self, record: Record) -> None:
        """Hear of a record: where another process wrote it, what its lane knows is old."""
        lane = self._lanes.get((record.tenant, record.party))
        if lane is not None and lane.is_idle and lane.is_older_than(record):
            self._break(lane)

    async def begin_anew(self, lane: Lane) -> None:
        """Let what is on its way in a lane come to its end, then begin another."""
        while not lane.is_idle and not lane.is_broken:
            last = lane.waiting[-1].told if lane.waiting else None
            await (asyncio.wait([last]) if last is not None else asyncio.sleep(0.001))
        self._break(lane)

    def submit(self, record: Record, lane: Lane) -> asyncio.Future[Outcome]:
        """Put a record on its way that was decided on what the lane knows.

        Raises `NotStorable` at once: one value that cannot be encoded harms no batch. The future
        may raise what `Journal.append` raises.
        """
        encoded = self._journal.encoded(record)
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Outcome] = loop.create_future()
        if lane.is_broken:
            told.set_result(Overtaken())
            return told
        lane.waiting.append(_Waiting(encoded, told))
        lane.follow(record, told)
        if len(lane.waiting) == 1 and not lane.is_busy:
            self._ready.append(lane)
        if not self._sending:
            # whoever else is ready in this turn of the loop comes along
            self._sending = True
            loop.call_soon(self._send)
        return told

    async def drain(self) -> None:
        """Wait until everything on its way has an outcome."""
        while self._running or self._ready or self._sending:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(0)

    def _send(self) -> None:
        self._sending = False
        while self._ready and len(self._running) < AT_ONCE:
            batch = self._next()
            for lane, _ in batch:
                lane.is_busy = True
            task = asyncio.get_running_loop().create_task(self._commit(batch))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        task.result()
        self._send()

    def _next(self) -> list[tuple[Lane, list[_Waiting]]]:
        """A long lane by itself, else one record of each of many lanes."""
        batch: list[tuple[Lane, list[_Waiting]]] = []
        while self._ready and len(batch) < LARGEST:
            lane = self._ready[0]
            if len(lane.waiting) >= CHAIN:
                if batch:
                    break
                self._ready.popleft()
                return [(lane, _taken(lane, LARGEST))]
            self._ready.popleft()
            if lane.waiting:
                batch.append((lane, _taken(lane, 1)))
        return batch

    async def _commit(self, batch: Sequence[tuple[Lane, list[_Waiting]]]) -> None:
        try:
            if len(batch) == 1:
                ((lane, chain),) = batch
                await self._chain(lane, chain)
            elif batch:
                await self._together([(lane, waiting) for lane, (waiting,) in batch])
        finally:
            for lane, _ in batch:
                lane.is_busy = False
                if lane.waiting:
                    self._ready.append(lane)

    async def _together(self, batch: Sequence[tuple[Lane, _Waiting]]) -> None:
        """One record of each lane, in no order: each has an outcome of its own."""
        found = await self._journal.append_all([one.encoded for _, one in batch], ordered=False)
        unknown = []
        for (lane, waiting), outcome in zip(batch, found, strict=True):
            if outcome is None:
                unknown.append(self._settle(lane, waiting))
            else:
                self._tell(lane, waiting, outcome)
        await asyncio.gather(*unknown)

    async def _chain(self, lane: Lane, chain: Sequence[_Waiting]) -> None:
        """Records of one lane in order: what stands behind one that fails is decided again."""
        found = await self._journal.append_all([one.encoded for one in chain], ordered=True)
        for position, (waiting, outcome) in enumerate(zip(chain, found, strict=True)):
            if outcome is None:
                got_in = await self._settle(lane, waiting)
            else:
                got_in = self._tell(lane, waiting, outcome)
            if not got_in:
                _overtake(chain[position + 1 :])
                return
        lane.wins += 1
        if len(chain) > 1 and lane.wins % RUN == 0:
            await asyncio.sleep(PAUSE_SECONDS)

    async def _settle(self, lane: Lane, waiting: _Waiting) -> bool:
        """Find out what became of a record by inserting it again, by itself, and tell it."""
        try:
            outcome = await self._journal.settle(waiting.encoded)
        except Exception as fault:
            self._break(lane)
            if not waiting.told.done():
                waiting.told.set_exception(fault)
            return False
        return self._tell(lane, waiting, outcome)

    def _tell(self, lane: Lane, waiting: _Waiting, outcome: AppendOutcome) -> bool:
        """Tell who waits what became of a record; whether it got in."""
        if not isinstance(outcome, Appended):
            self._break(lane)
        if not waiting.told.done():
            waiting.told.set_result(outcome)
        return isinstance(outcome, Appended)

    def _break(self, lane: Lane) -> None:
        """What waits in a lane was decided on what did not come about."""
        lane.is_broken = True
        _overtake(lane.waiting)
        lane.waiting.clear()


def _taken(lane: Lane, most: int) -> list[_Waiting]:
    return [lane.waiting.popleft() for _ in range(min(most, len(lane.waiting)))]


def _overtake(chain: Iterable[_Waiting]) -> None:
    for waiting in chain:
        if not waiting.told.done():
            waiting.told.set_result(Overtaken())
