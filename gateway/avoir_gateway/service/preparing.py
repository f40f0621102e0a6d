"""Preparing: what the records know is looked up and laid beside what somebody states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from avoir.cases import merged
from avoir.conditions import Situation
from avoir.facts import read
from avoir.ledger import HOUSE, Balance, resolve
from avoir.lifecycles import Action
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may
from avoir_gateway.clock import Clock, moment
from avoir_gateway.editions import Editions
from avoir_gateway.matters import Case, Document, own_facts, recorded_facts
from avoir_gateway.service.forms import Party, Prepared, Stores


class Records:
    """Reads cases, accounts and editions from the store, for those who may see them."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._journal = stores.journal
        self._clock = clock
        self.editions = Editions(stores.parameters)

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

    async def balance(self, tenant: store.Tenant, account: str) -> Balance | None:
        """Where an account stands; None where nothing was ever entered."""
        entry = await self._journal.balance(tenant.id, account)
        return None if entry is None else Balance(entry.seq, entry.balance)

    async def balances(
        self, tenant: store.Tenant, party: Party, accounts: Sequence[str], owner: str
    ) -> Mapping[str, Balance]:
        """Where the accounts of a party stand, by full name; those never entered are left out."""
        found: dict[str, Balance] = {}
        for account in dict.fromkeys(resolve(name, party, owner) for name in accounts):
            if not account.startswith(HOUSE):
                standing = await self.balance(tenant, account)
                if standing is not None:
                    found[account] = standing
        return found

    async def prepare(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        case: Case | None,
        inputs: Document,
        party: Party | None,
    ) -> Prepared:
        """Everything that is known for a decision: facts stated and recorded, and the edition."""
        now = self.now(tenant)
        facts = own_facts(policy, action, case, inputs, actor, party, now)
        others = await self._related(tenant, policy, action, case, facts)
        owner = policy.plugin
        read_accounts = sorted({shown.account for shown in policy.balances})
        balances = {} if party is None else await self.balances(tenant, party, read_accounts, owner)
        short = {} if party is None else {n: resolve(n, party, owner) for n in read_accounts}
        by_name = {n: balances[full] for n, full in short.items() if full in balances}
        known = recorded_facts(policy, case, others, facts, by_name, now)
        whole = merged(facts, known)
        intake = read(whole, policy.facts, tenant.time_zone)
        if case is not None:
            edition = await self.pinned(tenant, policy, case)
        else:
            founded = intake.values.get(action.table.moment.path)
            day = founded.date() if isinstance(founded, datetime) else now.date()
            edition = await self.editions.on(tenant.id, policy, day)
        situation = Situation(intake.values, edition.values)
        return Prepared(edition, facts, whole, intake, situation, balances)

    async def _related(
        self,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        case: Case | None,
        facts: Document,
    ) -> list[store.Record]:
        """The records of other cases that have an identity in common with this one."""
        if policy.lifecycle.related is None:
            return []
        if case is not None:
            names: Sequence[str] = case.founding.references
        else:
            situation = Situation(read(facts, policy.facts, tenant.time_zone).values, {})
            keyed = (reference.name(situation) for reference in action.finds or action.references)
            names = [f"{policy.plugin}:{name}" for name in keyed if name is not None]
        found: dict[str, store.Record] = {}
        for name in names:
            for record in await self._journal.referenced(tenant.id, name):
                if case is None or record.case != case.id:
                    found[record.case] = record
        return list(found.values())
