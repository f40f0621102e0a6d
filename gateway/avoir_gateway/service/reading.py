"""The use cases that ask: what would happen, where a case stands, what an account holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from avoir.cases import evaluate, merged, perform
from avoir.documents import tree
from avoir.errors import UsageError
from avoir.facts import read
from avoir.host import Host
from avoir.ledger import resolve
from avoir.lifecycles import Action
from avoir.policies import STANDING, Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may, sees_all
from avoir_gateway.clock import Clock, day_of
from avoir_gateway.directory import Directory
from avoir_gateway.errors import Code, fault
from avoir_gateway.matters import Case, Document, beside_records, recorded_facts, without
from avoir_gateway.service.forms import (
    AccountView,
    Answer,
    BareCase,
    CaseView,
    NextAction,
    Party,
    PluginStatus,
    Stores,
)
from avoir_gateway.service.preparing import Records


class Reading:
    """The use cases that change nothing; every one goes through the gate."""

    def __init__(self, host: Host, stores: Stores, clock: Clock) -> None:
        self.host = host
        self.stores = stores
        self.clock = clock
        self.directory = Directory(
            stores.tokens, stores.tenants, stores.parameters, stores.uses, clock
        )
        self._records = Records(stores, self.directory, clock)

    async def principal(self, secret: str) -> tuple[Principal, store.Tenant] | None:
        """Who holds a token, with his tenant; None where the token opens nothing."""
        return await self.directory.principal(secret)

    def policy(self, tenant: store.Tenant, key: str) -> Policy | None:
        """A policy that is enabled for a tenant."""
        policy = self.host.policies.get(key)
        if policy is None or not {key, policy.plugin} & {*tenant.plugins}:
            return None
        return policy

    def readable(self, actor: Principal, tenant: store.Tenant, key: str) -> Policy | None:
        """A policy whose matters one may read: an enabled one; for some, one that was so before."""
        policy = self.policy(tenant, key)
        if policy is None and self.sees_disabled(actor, tenant):
            return self.host.policies.get(key)
        return policy

    def sees_disabled(self, actor: Principal, tenant: store.Tenant) -> bool:
        """Whether one may read what plugins that are no longer enabled have left behind."""
        return may(actor, Permission.READ_DISABLED, Matter(tenant.id)) is Access.GRANTED

    def plugin_status(self, tenant: store.Tenant, key: str) -> PluginStatus:
        """Whether a tenant has the plugin of a policy."""
        if key not in self.host.policies:
            return PluginStatus.NOT_INSTALLED
        enabled = self.policy(tenant, key) is not None
        return PluginStatus.ENABLED if enabled else PluginStatus.DISABLED

    def enabled(self, tenant: store.Tenant) -> frozenset[str]:
        """The keys of the policies that are installed and enabled for a tenant."""
        return self.host.enabled(tenant.plugins)

    def now(self, tenant: store.Tenant) -> datetime:
        """The moment of a tenant."""
        return self._records.now(tenant)

    def today(self, tenant: store.Tenant) -> date:
        """The calendar day of a tenant, in its time zone."""
        return day_of(tenant, self.now(tenant))

    async def edition(self, tenant: store.Tenant, policy: Policy, on: date | None) -> Edition:
        """The edition of a policy in force on a day, today by default."""
        day = on or self.today(tenant)
        return await self._records.editions.on(tenant.id, policy, day)

    async def pinned(self, tenant: store.Tenant, policy: Policy, case: Case) -> Edition:
        """The edition that a case has kept since it was founded."""
        return await self._records.pinned(tenant, policy, case)

    async def evaluate(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy_key: str,
        action: str | None,
        facts: Document,
        case_id: str | None = None,
    ) -> Answer:
        """What would happen; writes nothing. On a case, what the records know wins.

        Raises ``GatewayError`` for what does not exist, ``UsageError`` for an unknown action.
        """
        policy = self.policy(tenant, policy_key)
        if policy is None:
            raise fault(Code.PLUGIN_DISABLED)
        if may(actor, Permission.EVALUATE, Matter(tenant.id)) is not Access.GRANTED:
            raise fault(Code.FORBIDDEN)
        zone = tenant.time_zone
        if case_id is None:
            edition = await self.edition(tenant, policy, None)
            decision = evaluate(edition, action, facts, time_zone=zone)
            return Answer(policy, edition, tree(decision, edition))
        case = await self._records.case(actor, tenant, case_id)
        if case is None or case.latest.policy != policy.key:
            raise fault(Code.NOT_FOUND)
        stored = case.latest.state
        chosen = None if action == STANDING else _action(policy, action)
        if read(facts, policy.facts, zone).faults:
            # Laid beside the records, a group that is stated as something else would be gone.
            edition = await self._records.pinned(tenant, policy, case)
            decision = evaluate(edition, action, facts, time_zone=zone)
        elif chosen is None:
            edition = await self._records.pinned(tenant, policy, case)
            whole = merged(facts, await self._standing(tenant, policy, case, facts))
            decision = evaluate(edition, STANDING, whole, time_zone=zone, stored=stored)
        else:
            asked = beside_records(policy, chosen, case, facts)
            prepared = await self._records.prepare(
                actor, tenant, policy, chosen, case, asked, case.latest.party
            )
            edition = prepared.edition
            decision = perform(edition, chosen, prepared.intake, prepared.situation, stored=stored)
        return Answer(policy, edition, tree(decision, edition))

    async def case(
        self, actor: Principal, tenant: store.Tenant, case_id: str
    ) -> CaseView | BareCase | None:
        """A case as it stands now; None where it does not exist for the one who asks."""
        if case_id.startswith(store.ON_AN_ACCOUNT):
            return None
        case = await self._records.case(actor, tenant, case_id)
        if case is None:
            return None
        policy = self.readable(actor, tenant, case.latest.policy)
        if policy is None:
            bare = case.latest.policy not in self.host.policies
            return BareCase(case) if bare and self.sees_disabled(actor, tenant) else None
        edition = await self._records.pinned(tenant, policy, case)
        standing = evaluate(
            edition,
            STANDING,
            await self._standing(tenant, policy, case, {}),
            time_zone=tenant.time_zone,
            stored=case.latest.state,
        )
        state = standing.state or case.latest.state
        enabled = self.policy(tenant, policy.key) is not None
        allowed = policy.lifecycle.allowed(state, actor.role) if enabled else ()
        return CaseView(policy, case, state, tree(standing, edition), allowed)

    async def next_actions(
        self, actor: Principal, tenant: store.Tenant, view: CaseView
    ) -> Sequence[NextAction]:
        """What anybody may do on a case as it stands, and what each action would still want."""
        policy, case = view.policy, view.case
        found: list[NextAction] = []
        if self.policy(tenant, policy.key) is None:
            return found
        for name in policy.lifecycle.allowed(view.state):
            action = _action(policy, name)
            prepared = await self._records.prepare(
                actor, tenant, policy, action, case, {}, case.latest.party
            )
            decision = perform(
                prepared.edition,
                action,
                prepared.intake,
                prepared.situation,
                stored=case.latest.state,
            )
            wanted = [f.path for f in action.requires if f.value(prepared.situation) is None]
            missing = tuple(dict.fromkeys((*wanted, *decision.missing)))
            found.append(NextAction(action, missing, decision.preconditions))
        return found

    async def _standing(
        self, tenant: store.Tenant, policy: Policy, case: Case, asked: Document
    ) -> dict[str, object]:
        """What the records show of a case, at the moment asked for or else now."""
        facts = case.latest.facts
        finds = policy.lifecycle.finds
        others = await self._records.related(tenant, policy, None, case, facts) if finds else ()
        # the moment of the last act is no answer to when one asks
        stated = merged(without(facts, [policy.lifecycle.as_of.path]), asked)
        known = recorded_facts(policy, case, others, stated, {}, self.now(tenant))
        return merged(facts, known)

    async def cases(
        self,
        actor: Principal,
        tenant: store.Tenant,
        which: store.CaseFilter,
        after: store.Position | None,
        first: int,
    ) -> store.Page[store.CaseSummary]:
        """The cases of a tenant that one may see, the latest first."""
        party = which.party
        if may(actor, Permission.READ_CASE, Matter(tenant.id, party)) is not Access.GRANTED:
            return store.Page((), False)
        if not sees_all(actor):
            if actor.party is None:
                return store.Page((), False)
            party = actor.party
        await self.stores.lists.flush()
        policies = which.policies
        if not self.sees_disabled(actor, tenant):
            enabled = self.enabled(tenant)
            shown = enabled if policies is None else enabled.intersection(policies)
            policies = tuple(sorted(shown))
        seen = msgspec.structs.replace(which, party=party, policies=policies)
        return await self.stores.listings.list_cases(tenant.id, seen, after=after, first=first)

    async def account(
        self, actor: Principal, tenant: store.Tenant, name: str
    ) -> AccountView | None:
        """An account of a party; None where it does not exist for the one who asks."""
        role, _, rest = name.partition(":")
        party_id, _, short = rest.rpartition(":")
        short, _, owner = short.partition("@")
        party = f"{role}:{party_id}"
        if may(actor, Permission.READ_ACCOUNT, Matter(tenant.id, party)) is not Access.GRANTED:
            return None
        for key in self.host.policies:
            policy = self.readable(actor, tenant, key)
            if policy is None or (owner and policy.plugin != owner):
                continue
            for account in policy.accounts:
                if account.name != f"{role}:{short}":
                    continue
                full = resolve(account.name, party, policy.plugin)
                balance = await self._records.balance(tenant, full)
                if balance is not None:
                    return AccountView(
                        full,
                        party,
                        account.unit.code,
                        account.unit.decimals,
                        account.label,
                        policy,
                        balance.seq,
                        balance.amount,
                    )
        return None

    async def accounts(
        self,
        actor: Principal,
        tenant: store.Tenant,
        party: Party | None,
        after: str | None,
        first: int,
    ) -> store.Page[store.AccountBalance]:
        """The accounts of a tenant that one may see, by name."""
        if may(actor, Permission.READ_ACCOUNT, Matter(tenant.id, party)) is not Access.GRANTED:
            return store.Page((), False)
        if not sees_all(actor):
            if actor.party is None:
                return store.Page((), False)
            party = actor.party
        await self.stores.lists.flush()
        return await self.stores.listings.list_accounts(tenant.id, party, after=after, first=first)

    async def statement(
        self, tenant: store.Tenant, account: AccountView, before: int | None, first: int
    ) -> Sequence[store.StatementLine]:
        """The entries of an account that one was shown, the latest first."""
        return await self.stores.journal.statement(tenant.id, account.name, before, first)


def _action(policy: Policy, name: str | None) -> Action:
    """The action of that name, the policy's first by default. Raises ``UsageError``."""
    if name is None:
        return policy.lifecycle.actions[0]
    found = policy.lifecycle.action(name)
    if found is None:
        raise UsageError("unknown_action", policy=policy.key, action=name[:60])
    return found
