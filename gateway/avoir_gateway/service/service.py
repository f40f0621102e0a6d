"""The use cases: evaluate, act, and read; the one way from a request to a record."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from avoir.cases import evaluate, merged, perform
from avoir.decisions import Decision, Effective
from avoir.documents import tree
from avoir.errors import UsageError
from avoir.facts import read
from avoir.host import Host
from avoir.ledger import Entry, FloorError, LedgerError, Movement, book, resolve
from avoir.lifecycles import PARTIES, Action, Founding, Role
from avoir.messages import Message
from avoir.policies import STANDING, Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may, sees_all
from avoir_gateway.clock import Clock
from avoir_gateway.errors import ALREADY_RECORDED, MESSAGES, Code, UserError, failure, fault
from avoir_gateway.matters import Case, Document, beside_records, recorded_facts
from avoir_gateway.service.forms import (
    AccountView,
    Acted,
    Answer,
    CaseView,
    Command,
    Declined,
    Deed,
    Party,
    Prepared,
    Stores,
)
from avoir_gateway.service.preparing import Records
from avoir_gateway.service.records import cannot_be, fingerprint, made, malformed, not_ones_own
from avoir_gateway.service.turns import Turns

log = logging.getLogger(__name__)

_ID: Final = re.compile(r"[^\s:@]{1,200}")
"""The id of a party: it stands between colons, and before the owner of an account."""

TRIES: Final = 12
"""How often an action is decided again when its case or an account has moved on meanwhile."""


class Service:
    """The use cases of the gateway; every door goes through them, and they through the gate."""

    def __init__(self, host: Host, stores: Stores, clock: Clock) -> None:
        self.host = host
        self.stores = stores
        self.clock = clock
        self._records = Records(stores, clock)
        self._turns = Turns()

    async def principal(self, secret: str) -> tuple[Principal, store.Tenant] | None:
        """Who holds a token, with his tenant; None where the token opens nothing."""
        token = await self.stores.tokens.lookup(secret)
        if token is None or not token.is_valid(self.clock()):
            return None
        tenant = await self.stores.tenants.get(token.tenant)
        if tenant is None or tenant.status is not store.TenantStatus.ACTIVE:
            return None
        role = Role(token.role)
        return Principal(token.tenant, token.actor, role, token.name, token.party, token.id), tenant

    def policy(self, tenant: store.Tenant, key: str) -> Policy | None:
        """A policy that is enabled for a tenant."""
        policy = self.host.policies.get(key)
        return policy if policy is not None and policy.plugin in tenant.plugins else None

    def now(self, tenant: store.Tenant) -> datetime:
        """The moment of a tenant."""
        return self._records.now(tenant)

    async def edition(self, tenant: store.Tenant, policy: Policy, on: date | None) -> Edition:
        """The edition of a policy in force on a day, today by default."""
        day = on or self.now(tenant).date()
        return await self._records.editions.on(tenant.id, policy, day)

    # -- reading -----------------------------------------------------------------------------

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
            whole = merged(facts, self._standing(tenant, policy, case, facts))
            decision = evaluate(edition, STANDING, whole, time_zone=zone, stored=stored)
        else:
            asked = beside_records(policy, chosen, case, facts)
            prepared = await self._records.prepare(
                actor, tenant, policy, chosen, case, asked, case.latest.party
            )
            edition = prepared.edition
            decision = perform(edition, chosen, prepared.intake, prepared.situation, stored=stored)
        return Answer(policy, edition, tree(decision, edition))

    async def case(self, actor: Principal, tenant: store.Tenant, case_id: str) -> CaseView | None:
        """A case as it stands now; None where it does not exist for the one who asks."""
        if case_id.startswith(store.ON_AN_ACCOUNT):
            return None
        case = await self._records.case(actor, tenant, case_id)
        policy = None if case is None else self.policy(tenant, case.latest.policy)
        if case is None or policy is None:
            return None
        edition = await self._records.pinned(tenant, policy, case)
        standing = evaluate(
            edition,
            STANDING,
            self._standing(tenant, policy, case, {}),
            time_zone=tenant.time_zone,
            stored=case.latest.state,
        )
        state = standing.state or case.latest.state
        allowed = policy.lifecycle.allowed(state, actor.role)
        return CaseView(policy, case, state, tree(standing, edition), allowed)

    def _standing(
        self, tenant: store.Tenant, policy: Policy, case: Case, asked: Document
    ) -> dict[str, object]:
        """What a case's own records show, at the moment asked for or else now."""
        known = recorded_facts(policy, case, (), asked, {}, self.now(tenant))
        return merged(case.latest.facts, known)

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
        if not sees_all(actor):
            if actor.party is None or party not in (None, actor.party):
                return store.Page((), False)
            party = actor.party
        asked = tenant.plugins if which.plugins is None else which.plugins
        plugins = tuple(plugin for plugin in asked if plugin in tenant.plugins)
        seen = msgspec.structs.replace(which, party=party, plugins=plugins)
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
            policy = self.policy(tenant, key)
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
        if not sees_all(actor):
            if actor.party is None or party not in (None, actor.party):
                return store.Page((), False)
            party = actor.party
        return await self.stores.listings.list_accounts(tenant.id, party, after=after, first=first)

    async def statement(
        self, tenant: store.Tenant, account: AccountView, before: int | None, first: int
    ) -> Sequence[store.StatementLine]:
        """The entries of an account that one was shown, the latest first."""
        return await self.stores.journal.statement(tenant.id, account.name, before, first)

    # -- acting ------------------------------------------------------------------------------

    async def act(
        self, actor: Principal, tenant: store.Tenant, command: Command, origin: store.Origin
    ) -> Acted | Declined:
        """Do an action once under its key; what cannot be done is said, and nothing written.

        Raises ``GatewayError`` where the store does not answer or the outcome is unknown.
        """
        policy = self.policy(tenant, command.policy)
        if policy is None:
            return Declined((failure(Code.PLUGIN_DISABLED, "policy"),))
        action = policy.lifecycle.action(command.action)
        if action is None:
            return Declined((failure(Code.NOT_FOUND, "action"),))
        try:
            digest = fingerprint(command)
        except UnicodeEncodeError:
            # a lone surrogate is no text that anybody could have typed
            return Declined((failure(Code.IMPOSSIBLE_FACT, "facts"),))
        deed = Deed(actor, tenant, origin, policy, action, command, digest)
        try:
            return await self._act(deed)
        except store.UnknownOutcome as unknown:
            raise fault(Code.UNKNOWN_OUTCOME) from unknown
        except store.StoreUnavailable as unavailable:
            raise fault(Code.UNAVAILABLE) from unavailable
        except store.NotStorable as unstorable:
            return Declined((failure(Code.IMPOSSIBLE_FACT, unstorable.path),))

    async def _act(self, deed: Deed) -> Acted | Declined:
        unfit = not_ones_own(deed.command, deed.policy, deed.action)
        unfit = unfit or malformed(deed.command, deed.policy)
        if unfit:
            return Declined(unfit)
        before = await self._before(deed)
        if before is not None:
            return before
        done = await self._in_turn(deed)
        if isinstance(done, Declined):
            # The same key may have been at work meanwhile: what it did is the answer, and not
            # that the same cannot be done once more.
            return await self._before(deed) or done
        return done

    async def _before(self, deed: Deed) -> Acted | Declined | None:
        """The answer to a key that was used before."""
        key = deed.command.key
        before = await self.stores.journal.by_key(deed.tenant.id, deed.actor.id, key)
        return None if before is None else _again(deed, before)

    async def _in_turn(self, deed: Deed) -> Acted | Declined:
        """Do what is asked once the acts that came first for the same party are done."""
        matter = await self._matter(deed)
        if isinstance(matter, Declined):
            return matter
        _, party = matter
        async with self._turns.of(deed.tenant.id, party) as waited:
            return await self._settled(deed, None if waited else matter)

    async def _settled(
        self, deed: Deed, fresh: tuple[Case | None, Party] | None
    ) -> Acted | Declined:
        """Decide and write, again if anything has moved on in between; ``fresh`` is no old news."""
        for _ in range(TRIES):
            matter = fresh or await self._matter(deed)
            fresh = None
            if isinstance(matter, Declined):
                return matter
            record = await self._decided(deed, *matter)
            if isinstance(record, Declined):
                return record
            match await self.stores.journal.append(record):
                case store.Appended(record=record):
                    await self._project(record)
                    return Acted(deed.policy, record, again=False)
                case store.Repeated(record=record) | store.KeyConflict(record=record):
                    return _again(deed, record)
                case store.Claimed():
                    return _taken(deed.action)
                case store.Stale(law=law):
                    opens = deed.action.founding is Founding.OPENS
                    if opens and law is store.Law.CASE:
                        return _taken(deed.action)
        return Declined((failure(Code.CONFLICT, "case"),))

    async def _project(self, record: store.Record) -> None:
        """Lists are projections: what they miss, a start or ``avoir rebuild`` brings back."""
        try:
            await self.stores.projections.apply([record])
        except store.StoreError:
            log.warning("projection of %s#%s is behind", record.case, record.revision)

    async def _matter(self, deed: Deed) -> tuple[Case | None, Party] | Declined:
        """The case acted on and its party, once the gate has let the actor through."""
        actor, command = deed.actor, deed.command
        case: Case | None = None
        if deed.action.founding is Founding.ON_A_CASE:
            if command.case is not None:
                case = await self._records.case(actor, deed.tenant, command.case)
            if case is None or case.latest.policy != deed.policy.key:
                return Declined((failure(Code.NOT_FOUND, "case"),))
            party = case.latest.party
        elif actor.role in PARTIES and actor.party is not None:
            party = actor.party
        elif command.party and not _ID.fullmatch(command.party):
            return Declined((failure(Code.IMPOSSIBLE_FACT, "party"),))
        elif command.party:
            party = f"{deed.policy.party.value}:{command.party}"
        else:
            return Declined((failure(Code.MISSING_FACT, "party"),))
        match may(actor, deed.action, Matter(deed.tenant.id, party)):
            case Access.FORBIDDEN:
                return Declined((failure(Code.FORBIDDEN),))
            case Access.UNSEEN:
                return Declined((failure(Code.NOT_FOUND, "case"),))
            case Access.GRANTED:
                pass
        if case is not None and command.expected_revision not in (None, case.latest.revision):
            return Declined((failure(Code.CONFLICT, "expectedRevision"),))
        return case, party

    async def _decided(
        self, deed: Deed, case: Case | None, party: Party
    ) -> store.Record | Declined:
        """Decide, and make the record of it; nothing is written."""
        inputs: Document = deed.command.facts
        if deed.command.time_zone is not None and case is None:
            inputs = {**inputs, "time_zone": deed.command.time_zone}
        prepared = await self._records.prepare(
            deed.actor, deed.tenant, deed.policy, deed.action, case, inputs, party
        )
        stored = None if case is None else case.latest.state
        decision = perform(
            prepared.edition, deed.action, prepared.intake, prepared.situation, stored=stored
        )
        if decision.failure is not None:
            plugin, action = deed.policy.plugin, deed.action.name
            log.error("plugin %s failed at %s", plugin, action, exc_info=decision.failure)
            if case is None:
                raise fault(Code.INTERNAL) from decision.failure
        now = self.now(deed.tenant)
        wrong = cannot_be(decision, deed.action, prepared, now)
        if wrong:
            return Declined(wrong)
        try:
            movements, entries = await self._booked(deed, decision, case, party, prepared)
        except FloorError as floor:
            message = Message(MESSAGES[Code.FLOOR_REACHED], values={"short": floor.short})
            return Declined((UserError(Code.FLOOR_REACHED.value, message),))
        except LedgerError as refused:
            log.error("%s of %s: %s", deed.action.name, deed.policy.key, refused)
            raise fault(Code.INTERNAL) from refused
        return made(deed, case, party, prepared, decision, movements, entries, now)

    async def _booked(
        self,
        deed: Deed,
        decision: Decision,
        case: Case | None,
        party: Party,
        prepared: Prepared,
    ) -> tuple[tuple[Movement, ...], tuple[Entry, ...]]:
        """The movements and entries of a decision; none of them before a ruling it waits for."""
        at_once = decision.takes_effect is Effective.AT_ONCE
        postings = decision.postings if at_once else ()
        names = [name for posting in postings for name in (posting.source, posting.destination)]
        balances = await self._records.balances(deed.tenant, party, names, deed.policy.plugin)
        return book(
            postings,
            party,
            deed.policy.accounts,
            {**balances, **prepared.balances},
            owner=deed.policy.plugin,
            touching=sorted({shown.account for shown in deed.policy.balances}),
            reversing={
                posting.kind: f"{record.case}#{record.revision}:{posting.kind}"
                for record in (() if case is None else case.records)
                for posting in record.postings
            },
        )


def _action(policy: Policy, name: str | None) -> Action:
    """The action of that name, the policy's first by default. Raises ``UsageError``."""
    if name is None:
        return policy.lifecycle.actions[0]
    found = policy.lifecycle.action(name)
    if found is None:
        raise UsageError("unknown_action", policy=policy.key, action=name[:60])
    return found


def _again(deed: Deed, record: store.Record) -> Acted | Declined:
    """The answer to a key that was used before: the same, if the same was asked."""
    if record.command.fingerprint != deed.fingerprint:
        return Declined((failure(Code.IDEMPOTENCY_CONFLICT, "idempotencyKey"),))
    return Acted(deed.policy, record, again=True)


def _taken(action: Action) -> Declined:
    """What may happen once has happened; the fact that names it is at fault."""
    fact = action.claims[0].fact if action.claims else action.identifies
    path = "case" if fact is None else fact.path
    return Declined((UserError(Code.CONFLICT.value, Message(ALREADY_RECORDED), (path,)),))
