"""Preparing: what the records know is looked up and laid beside what somebody states."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from avoir.cases import merged
from avoir.conditions import ALWAYS, Situation
from avoir.facts import read
from avoir.ledger import HOUSE, OPENING, Balance, resolve
from avoir.lifecycles import Action, Founding, Keyed
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may
from avoir_gateway.clock import Clock, day_of, moment
from avoir_gateway.directory import Directory
from avoir_gateway.editions import Editions
from avoir_gateway.matters import Case, Document, own_facts, recorded_facts
from avoir_gateway.service.forms import Deed, Party, Prepared, Stores

FINEST: Final = timedelta(milliseconds=1)
"""The finest difference between two moments that the store keeps."""


PARTIES_KEPT: Final = 50_000
"""Cases of which it is remembered whose they are."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Records of other cases, looked up while somebody waited for his turn in a lane."""

    names: Sequence[str]
    records: Sequence[store.Record]
    lane: store.Lane
    referring: int

    def holds(self, names: Sequence[str], lane: store.Lane | None) -> bool:
        """Whether they are still all that can be known by these names."""
        return names == self.names and lane is self.lane and lane.referring == self.referring


class Records:
    """Reads cases, accounts and editions from the store, for those who may see them."""

    def __init__(self, stores: Stores, directory: Directory, clock: Clock) -> None:
        self._journal = stores.journal
        self._look_ups = store.LookUps(stores.journal, stores.listings)
        self._parties: OrderedDict[tuple[str, str], Party] = OrderedDict()
        self._clock = clock
        self.editions = Editions(directory)

    def now(self, tenant: store.Tenant) -> datetime:
        """The moment of a tenant."""
        return moment(tenant, self._clock)

    async def case(self, actor: Principal, tenant: store.Tenant, case_id: str) -> Case | None:
        """A case; None where it does not exist for the one who asks."""
        records = await self._journal.history(tenant.id, case_id)
        if not records:
            return None
        case = Case(tuple(records))
        matter = Matter(tenant.id, case.latest.party)
        seen = may(actor, Permission.READ_CASE, matter) is Access.GRANTED
        return case if seen else None

    async def pinned(self, tenant: store.Tenant, policy: Policy, case: Case) -> Edition:
        """The edition that a case has kept since it was founded."""
        pin = case.founding.edition
        return await self.editions.pinned(tenant.id, policy, pin.hash, pin.effective_from)

    async def party_of(self, tenant: store.Tenant, case_id: str | None) -> Party | None:
        """Whose matter a case is, which never changes; None where there is no such case."""
        if case_id is None:
            return None
        key = (tenant.id, case_id)
        party = self._parties.get(key)
        if party is None:
            records = await self._look_ups.case(*key)
            if not records:
                return None
            party = records[0].party
            self.remember(records[0])
        return party

    def remember(self, record: store.Record) -> None:
        """Keep whose matter the case of a record is."""
        self._parties[record.tenant, record.case] = record.party
        if len(self._parties) > PARTIES_KEPT:
            self._parties.popitem(last=False)

    async def known_case(
        self, tenant: store.Tenant, case_id: str | None, lane: store.Lane
    ) -> Case | None:
        """A case as it is known in the lane of its party; None where there is no such case."""
        if case_id is None:
            return None
        records = lane.case(case_id)
        if records is None:
            records = await self._look_ups.case(tenant.id, case_id)
            if not records:
                return None
            lane.learn_case(case_id, records)
        return Case(records)

    async def balance(self, tenant: store.Tenant, account: str) -> Balance | None:
        """Where an account stands; None where nothing was ever entered."""
        entry = await self._journal.balance(tenant.id, account)
        return None if entry is None else Balance(entry.seq, entry.balance)

    async def balances(
        self,
        tenant: store.Tenant,
        party: Party,
        accounts: Sequence[str],
        owner: str,
        lane: store.Lane | None = None,
    ) -> Mapping[str, Balance]:
        """Where the accounts of a party stand, by full name; those never entered are left out.

        In a lane it is what the lane knows, and what it has yet to learn.
        """
        found: dict[str, Balance] = {}
        for name in dict.fromkeys(accounts):
            account = resolve(name, party, owner)
            if not account.startswith(HOUSE):
                known = None if lane is None else lane.balance(account)
                balance = known or await self._standing_in(tenant, account, lane)
                if balance != OPENING:
                    found[account] = balance
        return found

    async def _standing_in(
        self, tenant: store.Tenant, account: str, lane: store.Lane | None
    ) -> Balance:
        if lane is None or lane.after_a_break:
            balance = await self.balance(tenant, account) or OPENING
        else:
            # the list is never ahead; where it is behind, the journal refuses what rests on it
            listed = await self._look_ups.listed(tenant.id, account)
            balance = OPENING if listed is None else Balance(listed.seq, listed.balance)
        if lane is not None:
            lane.learn(account, balance)
            return lane.balance(account) or balance
        return balance

    async def prepare(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        case: Case | None,
        inputs: Document,
        party: Party | None,
        lane: store.Lane | None = None,
        ahead: Ahead | None = None,
    ) -> Prepared:
        """Everything that is known for a decision: facts stated and recorded, and the edition.

        ``at`` is the moment of the action: never before that of an action that came first for
        what this one wants too.
        """
        now = self.now(tenant)
        facts = own_facts(policy, action, case, inputs, actor, party, now)
        others = await self.related(tenant, policy, action, case, facts, lane, ahead)
        after = _after(policy, action, others, now)
        if tenant.clock is None:
            # no act is dated before what it rests on, whatever the clocks of two processes say
            rests_on = (*others, *(() if case is None else (case.latest,)))
            after = max([after, *(record.at for record in rests_on)])
        if after > now:
            now = after
            facts = own_facts(policy, action, case, inputs, actor, party, now)
        owner = policy.plugin
        accounts = read_accounts(policy, party)
        balances = (
            {} if party is None else await self.balances(tenant, party, accounts, owner, lane)
        )
        short = {} if party is None else {n: resolve(n, party, owner) for n in accounts}
        by_name = {n: balances[full] for n, full in short.items() if full in balances}
        known = recorded_facts(policy, case, others, facts, by_name, now)
        intake = read(merged(facts, known), policy.facts, tenant.time_zone)
        if case is not None:
            edition = await self.pinned(tenant, policy, case)
        else:
            founded = intake.values.get(action.table.moment.path)
            day = founded.date() if isinstance(founded, datetime) else day_of(tenant, now)
            edition = await self.editions.on(tenant.id, policy, day)
        situation = Situation(intake.values, edition.values)
        return Prepared(edition, facts, intake, situation, balances, now)

    async def ahead(self, deed: Deed, party: Party, lane: store.Lane) -> Ahead | None:
        """What an action that opens a case will want to know of others, asked before its turn."""
        policy, action, tenant = deed.policy, deed.action, deed.tenant
        if action.founding is not Founding.OPENS or policy.lifecycle.related is None:
            return None
        now, inputs, referring = self.now(tenant), deed.command.facts, lane.referring
        facts = own_facts(policy, action, None, inputs, deed.actor, party, now)
        names = related_names(policy, action, None, facts, tenant.time_zone)
        if not names:
            return None
        return Ahead(names, await self._referenced(tenant, names, lane), lane, referring)

    async def _referenced(
        self, tenant: store.Tenant, names: Sequence[str], lane: store.Lane | None
    ) -> Sequence[store.Record]:
        """The records that carry any of these, once the lane has none of them on its way."""
        if lane is not None:
            await lane.settled(names)
        return await self._look_ups.referenced(tenant.id, names)

    async def related(
        self,
        tenant: store.Tenant,
        policy: Policy,
        action: Action | None,
        case: Case | None,
        facts: Document,
        lane: store.Lane | None = None,
        ahead: Ahead | None = None,
    ) -> list[store.Record]:
        """The records of other cases that have an identity in common with this one."""
        names = related_names(policy, action, case, facts, tenant.time_zone)
        if not names:
            return []
        if ahead is not None and ahead.holds(names, lane):
            found = ahead.records
        else:
            found = await self._referenced(tenant, names, lane)
        return [record for record in found if case is None or record.case != case.id]


def related_names(
    policy: Policy, action: Action | None, case: Case | None, facts: Document, time_zone: str
) -> Sequence[str]:
    """The identities that an action, or a case that is only read, has in common with others."""
    lifecycle = policy.lifecycle
    if lifecycle.related is None:
        return ()
    finds = lifecycle.finds if action is None or not action.finds else action.finds
    if finds:
        return _names(finds, policy, facts, time_zone)
    if case is not None:
        return case.founding.references
    return _names(() if action is None else action.references, policy, facts, time_zone)


def read_accounts(policy: Policy, party: Party | None) -> Sequence[str]:
    """The accounts of a party whose balances are facts; only the policy's own parties have any."""
    if party is None or party.partition(":")[0] != policy.party:
        return ()
    return _shown_accounts(policy)


@lru_cache(maxsize=1_000)
def _shown_accounts(policy: Policy) -> Sequence[str]:
    return tuple(sorted({shown.account for shown in policy.balances}))


def _names(keyed: Iterable[Keyed], policy: Policy, facts: Document, time_zone: str) -> list[str]:
    """The full names that facts make of these."""
    situation = Situation(read(facts, policy.facts, time_zone).values, {})
    names = (one.possible(situation) for one in keyed)
    return [f"{policy.plugin}:{name}" for name in names if name is not None]


def _after(
    policy: Policy, action: Action, others: Iterable[store.Record], now: datetime
) -> datetime:
    """A moment that is not before this one, and behind those who wanted the same before.

    Only an action that takes what may be taken on a condition is a matter of who came first.
    """
    if not any(claim.only_if is not ALWAYS for claim in action.claims):
        return now
    before = [r.at for r in others if (r.policy, r.action) == (policy.key, action.name)]
    return max([now, *(at + FINEST for at in before)])
