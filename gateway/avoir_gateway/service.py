"""The use cases: evaluate, act, and read; the one way from a request to a record."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import msgspec

from avoir.cases import evaluate, perform
from avoir.clauses import Outcome
from avoir.conditions import Situation
from avoir.decisions import Decision, deadlines
from avoir.documents import Tree, neutral, tree
from avoir.errors import UsageError
from avoir.facts import Intake, read
from avoir.host import Host
from avoir.ledger import Balance, Entry, FloorError, LedgerError, Movement, book, resolve
from avoir.lifecycles import PARTIES, Action, Founding, Role
from avoir.messages import Message
from avoir.policies import STANDING, Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may, sees_all
from avoir_gateway.clock import Clock, moment
from avoir_gateway.editions import Editions
from avoir_gateway.errors import MESSAGES, Code, UserError, failure, fault
from avoir_gateway.matters import (
    Case,
    Document,
    claims,
    own_facts,
    recorded_facts,
    references,
    stated_paths,
)

log = logging.getLogger(__name__)

TRIES: Final = 12
"""How often an action is decided again when its case or an account has moved on meanwhile."""

UNCHANGING: Final = frozenset({Outcome.BLOCKED, Outcome.UNCHANGED})
"""Outcomes that leave the case as it is; they are recorded all the same."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The collections that the service reads and writes."""

    journal: store.Journal
    projections: store.Projections
    listings: store.Listings
    tenants: store.Tenants
    tokens: store.Tokens
    parameters: store.Parameters


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """An action somebody wants done: on a case, or for a party where it opens one.

    ``party`` is the id of the party without its role. ``facts`` is the document that the actor
    states.
    """

    policy: str
    action: str
    key: str
    facts: Document
    case: str | None = None
    party: str | None = None
    time_zone: str | None = None
    expected_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision as a document with its messages still in it, and the edition that made it."""

    policy: Policy
    edition: Edition
    decision: Mapping[str, Tree]


class Replay(msgspec.Struct, frozen=True):
    """Whether an answer is the first to its key, or given again."""

    again: bool


@dataclass(frozen=True, slots=True)
class Acted:
    """What an action did: its record; ``again`` says that the key was answered before."""

    policy: Policy
    record: store.Record
    again: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """Why nothing was done; nothing was written."""

    errors: tuple[UserError, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands at a moment: its records, its state by now, what is due and allowed."""

    policy: Policy
    case: Case
    state: str
    standing: Mapping[str, Tree]
    allowed_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account of a party: its full name, its unit, and its last entry if there is one."""

    name: str
    party: str
    unit: str
    decimals: int
    label: str
    policy: Policy
    seq: int
    balance: int


@dataclass(frozen=True, slots=True)
class _Prepared:
    """All that an action decides on."""

    edition: Edition
    facts: dict[str, Any]
    intake: Intake
    situation: Situation
    balances: Mapping[str, Balance]


Party: TypeAlias = str
"""A party's full name, ``professional:P-1``."""


class Service:
    """The use cases of the gateway; every door goes through them, and they through the gate."""

    def __init__(self, host: Host, stores: Stores, clock: Clock) -> None:
        self.host = host
        self.stores = stores
        self.clock = clock
        self.editions = Editions(stores.parameters)

    # -- who and what ------------------------------------------------------------------------

    async def principal(self, secret: str) -> tuple[Principal, store.Tenant] | None:
        """Who holds a token, with his tenant; None where the token opens nothing."""
        token = await self.stores.tokens.lookup(secret)
        if token is None or not token.is_valid(self.clock()):
            return None
        tenant = await self.stores.tenants.get(token.tenant)
        if tenant is None or tenant.status is not store.TenantStatus.ACTIVE:
            return None
        who = Principal(
            token.tenant, token.actor, Role(token.role), token.name, token.party, token.id
        )
        return who, tenant

    def policy(self, tenant: store.Tenant, key: str) -> Policy | None:
        """A policy that is enabled for a tenant."""
        policy = self.host.policies.get(key)
        return policy if policy is not None and policy.plugin in tenant.plugins else None

    def now(self, tenant: store.Tenant) -> datetime:
        """The moment of a tenant."""
        return moment(tenant, self.clock)

    async def edition(self, tenant: store.Tenant, policy: Policy, on: date | None) -> Edition:
        """The edition of a policy in force on a day, today by default."""
        return await self.editions.on(tenant.id, policy, on or self.now(tenant).date())

    # -- asking ------------------------------------------------------------------------------

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
        if may(actor, Permission.EVALUATE, Matter(tenant.id, actor.party)) is not Access.GRANTED:
            raise fault(Code.FORBIDDEN)
        zone = tenant.time_zone
        if case_id is None:
            edition = await self.edition(tenant, policy, None)
            decision = evaluate(edition, action, facts, time_zone=zone)
            return Answer(policy, edition, tree(decision, edition))
        case = await self._case(actor, tenant, case_id)
        if case is None or case.latest.policy != policy.key:
            raise fault(Code.NOT_FOUND)
        chosen = policy.lifecycle.action(action or policy.lifecycle.actions[0].name)
        if chosen is None and action != STANDING:
            raise UsageError("unknown_action", policy=policy.key, action=str(action)[:60])
        prepared = await self._prepare(
            actor, tenant, policy, chosen or policy.lifecycle.actions[0], case, facts, ()
        )
        if chosen is None:
            decision = evaluate(
                prepared.edition,
                STANDING,
                prepared.facts,
                time_zone=zone,
                stored=case.latest.state,
            )
        else:
            decision = perform(
                prepared.edition,
                chosen,
                prepared.intake,
                prepared.situation,
                stored=case.latest.state,
            )
        return Answer(policy, prepared.edition, tree(decision, prepared.edition))

    async def case(self, actor: Principal, tenant: store.Tenant, case_id: str) -> CaseView | None:
        """A case as it stands now; None where it does not exist for the one who asks."""
        case = await self._case(actor, tenant, case_id)
        policy = None if case is None else self.policy(tenant, case.latest.policy)
        if case is None or policy is None:
            return None
        edition = await self._pinned(tenant, policy, case)
        now = self.now(tenant)
        facts = recorded_facts(policy, case, (), case.latest.facts, {}, now)
        from avoir.cases import merged

        whole = merged(case.latest.facts, facts)
        zone = tenant.time_zone
        standing = evaluate(edition, STANDING, whole, time_zone=zone, stored=case.latest.state)
        state = standing.state or case.latest.state
        allowed = policy.lifecycle.allowed(state, actor.role)
        return CaseView(policy, case, state, tree(standing, edition), allowed)

    async def cases(
        self,
        actor: Principal,
        tenant: store.Tenant,
        which: store.CaseFilter,
        after: store.Position | None,
        first: int,
    ) -> store.Page[store.CaseSummary]:
        """The cases of a tenant that one may see, the latest first."""
        party = which.party if sees_all(actor) else actor.party
        if not sees_all(actor) and (party is None or which.party not in (None, party)):
            return store.Page((), False)
        plugins = which.plugins or tenant.plugins
        seen = msgspec.structs.replace(
            which, party=party, plugins=tuple(p for p in plugins if p in tenant.plugins)
        )
        return await self.stores.listings.list_cases(tenant.id, seen, after=after, first=first)

    async def account(
        self, actor: Principal, tenant: store.Tenant, name: str
    ) -> AccountView | None:
        """An account of a party; None where it does not exist for the one who asks."""
        role, _, rest = name.partition(":")
        party_id, _, account_name = rest.rpartition(":")
        party = f"{role}:{party_id}"
        if (
            not party_id
            or may(actor, Permission.READ_ACCOUNT, Matter(tenant.id, party)) is not Access.GRANTED
        ):
            return None
        entry = await self.stores.journal.balance(tenant.id, name)
        if entry is None:
            return None
        for key in self.host.policies:
            policy = self.policy(tenant, key)
            for account in () if policy is None else policy.accounts:
                if account.name == f"{role}:{account_name}" and account.unit.code == entry.unit:
                    assert policy is not None
                    return AccountView(
                        name,
                        party,
                        entry.unit,
                        account.unit.decimals,
                        account.label,
                        policy,
                        entry.seq,
                        entry.balance,
                    )
        return None

    async def _case(self, actor: Principal, tenant: store.Tenant, case_id: str) -> Case | None:
        records = await self.stores.journal.history(tenant.id, case_id)
        if not records:
            return None
        case = Case(tuple(records))
        matter = Matter(tenant.id, case.latest.party)
        seen = may(actor, Permission.READ_CASE, matter) is Access.GRANTED
        return case if seen else None

    async def _pinned(self, tenant: store.Tenant, policy: Policy, case: Case) -> Edition:
        pin = case.founding.edition
        return await self.editions.pinned(tenant.id, policy, pin.hash, pin.effective_from)

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
        refused = _unstatable(command, policy, action)
        if refused:
            return Declined(refused)
        try:
            return await self._act(actor, tenant, policy, action, command, origin)
        except store.UnknownOutcome as unknown:
            raise fault(Code.UNKNOWN_OUTCOME) from unknown
        except store.StoreUnavailable as unavailable:
            raise fault(Code.UNAVAILABLE) from unavailable
        except store.NotStorable as unstorable:
            return Declined((failure(Code.IMPOSSIBLE_FACT, unstorable.path),))

    async def _act(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        command: Command,
        origin: store.Origin,
    ) -> Acted | Declined:
        fingerprint = _fingerprint(command)
        before = await self.stores.journal.by_key(tenant.id, actor.id, command.key)
        if before is not None:
            return self._again(policy, before, fingerprint)
        for _ in range(TRIES):
            prepared = await self._matter(actor, tenant, policy, action, command)
            if isinstance(prepared, Declined):
                return prepared
            case, party = prepared
            made = await self._decide(
                actor, tenant, policy, action, command, case, party, fingerprint, origin
            )
            if isinstance(made, Declined):
                return made
            outcome = await self.stores.journal.append(made)
            match outcome:
                case store.Appended(record=record):
                    await self._project(record)
                    return Acted(policy, record, again=False)
                case store.Repeated(record=record):
                    return Acted(policy, record, again=True)
                case store.KeyConflict():
                    return Declined((failure(Code.IDEMPOTENCY_CONFLICT, "idempotencyKey"),))
                case store.Claimed():
                    path = action.claims[0].fact.path if action.claims else "case"
                    return Declined((failure(Code.CONFLICT, path),))
                case store.Stale(law=law):
                    if action.founding is Founding.OPENS and law is store.Law.CASE:
                        path = "" if action.identifies is None else action.identifies.path
                        return Declined((failure(Code.CONFLICT, path),))
        return Declined((failure(Code.CONFLICT, "case"),))

    def _again(self, policy: Policy, record: store.Record, fingerprint: str) -> Acted | Declined:
        if record.command.fingerprint != fingerprint:
            return Declined((failure(Code.IDEMPOTENCY_CONFLICT, "idempotencyKey"),))
        return Acted(policy, record, again=True)

    async def _project(self, record: store.Record) -> None:
        """Lists are projections: what they miss, a start or ``avoir rebuild`` brings back."""
        try:
            await self.stores.projections.apply([record])
        except store.StoreError:
            log.warning("projection of %s#%s is behind", record.case, record.revision)

    async def _matter(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        command: Command,
    ) -> tuple[Case | None, Party] | Declined:
        """The case acted on and its party, once the gate has let the actor through."""
        case: Case | None = None
        if action.founding is Founding.ON_A_CASE:
            if command.case is None:
                return Declined((failure(Code.MISSING_FACT, "case"),))
            case = await self._case(actor, tenant, command.case)
            if case is None or case.latest.policy != policy.key:
                return Declined((failure(Code.NOT_FOUND, "case"),))
            party = case.latest.party
        elif actor.role in PARTIES:
            if actor.party is None:
                return Declined((failure(Code.FORBIDDEN),))
            party = actor.party
        elif command.party:
            party = f"{policy.party.value}:{command.party}"
        else:
            return Declined((failure(Code.MISSING_FACT, "party"),))
        match may(actor, action, Matter(tenant.id, party)):
            case Access.FORBIDDEN:
                return Declined((failure(Code.FORBIDDEN),))
            case Access.UNSEEN:
                return Declined((failure(Code.NOT_FOUND, "case"),))
            case Access.GRANTED:
                pass
        if case is not None and command.expected_revision not in (None, case.latest.revision):
            return Declined((failure(Code.CONFLICT, "expectedRevision"),))
        return case, party

    async def _prepare(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        case: Case | None,
        inputs: Document,
        read_accounts: Sequence[tuple[str, str]],
    ) -> _Prepared:
        """Everything that is known for a decision: facts stated and recorded, and the edition."""
        now = self.now(tenant)
        facts = own_facts(policy, action, case, inputs, actor, now)
        others = await self._related(tenant, policy, action, case, facts)
        balances = {
            short: entry
            for short, full in read_accounts
            if (entry := await self._balance(tenant, full)) is not None
        }
        known = recorded_facts(policy, case, others, facts, balances, now)
        from avoir.cases import merged

        whole = merged(facts, known)
        zone = tenant.time_zone
        intake = read(whole, policy.facts, zone)
        if case is not None:
            edition = await self._pinned(tenant, policy, case)
        else:
            founded = intake.values.get(action.table.moment.path)
            day = founded.date() if isinstance(founded, datetime) else now.date()
            edition = await self.editions.on(tenant.id, policy, day)
        situation = Situation(intake.values, edition.values)
        return _Prepared(edition, facts, intake, situation, balances)

    async def _related(
        self,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        case: Case | None,
        facts: Document,
    ) -> list[store.Record]:
        """Founding records of other cases with an identity in common."""
        if policy.lifecycle.related is None:
            return []
        if case is not None:
            names: Sequence[str] = case.founding.references
        else:
            intake = read(facts, policy.facts, tenant.time_zone)
            situation = Situation(intake.values, {})
            keyed = [k.name(situation) for k in action.references]
            names = [f"{policy.plugin}:{name}" for name in keyed if name is not None]
        found: dict[str, store.Record] = {}
        for name in names:
            for record in await self.stores.journal.referenced(tenant.id, name):
                if case is None or record.case != case.id:
                    found[record.case] = record
        return list(found.values())

    async def _balance(self, tenant: store.Tenant, account: str) -> Balance | None:
        entry = await self.stores.journal.balance(tenant.id, account)
        return None if entry is None else Balance(entry.seq, entry.balance)

    async def _decide(
        self,
        actor: Principal,
        tenant: store.Tenant,
        policy: Policy,
        action: Action,
        command: Command,
        case: Case | None,
        party: Party,
        fingerprint: str,
        origin: store.Origin,
    ) -> store.Record | Declined:
        """Decide, and make the record of it; nothing is written."""
        accounts = sorted(set(policy.balances.values()))
        names = [(short, resolve(short, party)) for short in accounts]
        inputs: Document = command.facts
        if command.time_zone is not None and action.founding is not Founding.ON_A_CASE:
            inputs = {**inputs, "time_zone": command.time_zone}
        prepared = await self._prepare(actor, tenant, policy, action, case, inputs, names)
        stored = None if case is None else case.latest.state
        decision = perform(
            prepared.edition, action, prepared.intake, prepared.situation, stored=stored
        )
        now = self.now(tenant)
        wrong = _cannot_be(decision, action, prepared, now)
        if wrong:
            return Declined(wrong)
        at_once = decision.takes_effect.value == "at_once"
        try:
            movements, entries = await self._book(
                tenant, policy, decision, party, prepared, names, case, booking=at_once
            )
        except FloorError as short:
            values = {"short": short.short}
            message = Message(MESSAGES[Code.FLOOR_REACHED], values=values)
            return Declined((UserError(Code.FLOOR_REACHED.value, message),))
        except LedgerError as refused:
            log.error("%s of %s cannot be booked: %s", action.name, policy.key, refused)
            raise fault(Code.INTERNAL) from refused
        return self._record(
            actor,
            tenant,
            action,
            command,
            case,
            party,
            fingerprint,
            origin,
            prepared,
            decision,
            movements,
            entries,
            now,
        )

    async def _book(
        self,
        tenant: store.Tenant,
        policy: Policy,
        decision: Decision,
        party: Party,
        prepared: _Prepared,
        names: Sequence[tuple[str, str]],
        case: Case | None,
        *,
        booking: bool,
    ) -> tuple[tuple[Movement, ...], tuple[Entry, ...]]:
        postings = decision.postings if booking else ()
        balances = {resolve(short, party): balance for short, balance in prepared.balances.items()}
        for posting in postings:
            for name in (posting.source, posting.destination):
                full = resolve(name, party)
                if not full.startswith("house:") and full not in balances:
                    found = await self._balance(tenant, full)
                    if found is not None:
                        balances[full] = found
        reversing: dict[str, str] = {}
        for record in () if case is None else case.records:
            for made in record.postings:
                reversing[made.kind] = f"{record.case}#{record.revision}:{made.kind}"
        return book(
            postings,
            party,
            policy.accounts,
            balances,
            touching=[short for short, _ in names],
            reversing=reversing,
        )

    def _record(
        self,
        actor: Principal,
        tenant: store.Tenant,
        action: Action,
        command: Command,
        case: Case | None,
        party: Party,
        fingerprint: str,
        origin: store.Origin,
        prepared: _Prepared,
        decision: Decision,
        movements: Sequence[Movement],
        entries: Sequence[Entry],
        now: datetime,
    ) -> store.Record:
        edition, policy = prepared.edition, prepared.edition.policy
        document = neutral(tree(decision, edition))
        assert isinstance(document, dict)
        stored = None if case is None else case.latest.state
        unchanged = decision.outcome in UNCHANGING
        state = stored if unchanged else decision.case_state or stored
        case_id = _case_id(policy, action, command, prepared) if case is None else case.id
        pending = [d for d in policy.lifecycle.deadlines if state in d.stands_in]
        due = deadlines(pending, prepared.situation, prepared.intake.time_zone)
        ruled = action.name == "rule" and case is not None
        facts = case.latest.facts if unchanged and case is not None else prepared.facts
        pin = store.EditionPin(
            hash=edition.hash,
            policy=policy.key,
            version=policy.version,
            effective_from=edition.effective_from,
        )
        revision = 1 if case is None else case.latest.revision + 1
        return store.Record(
            tenant=tenant.id,
            command=store.Command(
                by=actor.id,
                key=command.key,
                fingerprint=fingerprint,
                answer={"case": case_id, "revision": revision},
            ),
            policy=policy.key,
            action=action.name,
            case=case_id,
            revision=revision,
            state=state or "",
            party=party,
            facts=dict(facts),
            decision=document,
            recommendation=dict(case.latest.decision) if ruled and case is not None else None,
            edition=pin,
            postings=tuple(
                store.Posting(
                    kind=m.kind,
                    source=m.source,
                    destination=m.destination,
                    amount=m.amount.smallest,
                    unit=m.amount.unit.code,
                    reverses=m.reverses,
                )
                for m in movements
            ),
            entries=tuple(
                store.Entry(
                    account=e.account, seq=e.seq, amount=e.amount, balance=e.balance, unit=e.unit
                )
                for e in entries
            ),
            claims=() if unchanged else claims(edition, action, prepared.situation),
            references=references(edition, action, prepared.situation),
            deadlines=tuple(
                store.Deadline(
                    kind=d.kind,
                    date=d.date,
                    ends_at=d.ends_at,
                    time_zone=d.time_zone,
                    clause=d.clause,
                    provisional=d.provisional,
                )
                for d in due
            ),
            notices=tuple(
                store.Notice(
                    kind=n.kind,
                    to=party if n.to == policy.party.value else n.to,
                    body={"message": {"type": "name", "text": n.text}},
                )
                for n in decision.notices
            ),
            actor=store.Actor(id=actor.id, role=actor.role.value, name=actor.name),
            credential=actor.credential,
            origin=origin,
            at=now,
        )


def _case_id(policy: Policy, action: Action, command: Command, prepared: _Prepared) -> str:
    if action.identifies is not None:
        named = action.identifies.value(prepared.situation)
        return f"{policy.key}:{named}"
    digest = hashlib.sha256(f"{command.key}".encode()).hexdigest()[:24]
    return f"{policy.key}:{action.name}:{command.party or ''}:{digest}"


def _fingerprint(command: Command) -> str:
    """A digest of all that was asked; the key itself is no part of it."""
    asked = msgspec.structs.replace(command, key="")
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def _unstatable(command: Command, policy: Policy, action: Action) -> tuple[UserError, ...]:
    """The facts of a command that are not for its actor to state."""
    own = {fact.path for fact in action.inputs}
    return tuple(
        failure(Code.NOT_YOURS_TO_STATE, path[:200])
        for path in stated_paths(command.facts, policy)
        if path not in own
        and not any(path.startswith(f"{mine}.") for mine in own)
        and path in policy.facts.by_path
    )


def _cannot_be(
    decision: Decision, action: Action, prepared: _Prepared, now: datetime
) -> tuple[UserError, ...]:
    """Why a decision is no deed: impossible facts, a moment to come, facts it cannot do without."""
    if decision.outcome is Outcome.INVALID:
        return tuple(
            UserError(Code.IMPOSSIBLE_FACT.value, f.message, (f.path,)) for f in decision.faults
        )
    at = prepared.situation.facts.get(action.table.moment.path)
    if isinstance(at, datetime) and at > now:
        return (failure(Code.IMPOSSIBLE_FACT, action.table.moment.path),)
    if decision.outcome is Outcome.NEEDS_INFORMATION and decision.case_state is None:
        return tuple(failure(Code.MISSING_FACT, path) for path in decision.missing)
    return ()
