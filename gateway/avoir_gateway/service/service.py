"""The use cases that act: the one way from a command to a record."""

from __future__ import annotations

import logging
import re
from typing import Final

from avoir.cases import perform
from avoir.clauses import Effective
from avoir.decisions import Decision
from avoir.facts import Fact
from avoir.host import Host
from avoir.ledger import Entry, FloorError, LedgerError, Movement, book
from avoir.lifecycles import PARTIES, Action, Founding
from avoir.messages import Message
from avoir.rulings import RULING
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Principal, may
from avoir_gateway.clock import Clock
from avoir_gateway.errors import (
    ALREADY_RECORDED,
    CLOSED,
    MESSAGES,
    Code,
    UserError,
    failure,
    fault,
    taken,
)
from avoir_gateway.matters import Case, Document
from avoir_gateway.service.forms import Acted, Command, Declined, Deed, Party, Prepared, Stores
from avoir_gateway.service.preparing import Ahead, read_accounts
from avoir_gateway.service.reading import Reading
from avoir_gateway.service.records import (
    cannot_be,
    case_opened_by,
    concerned_by,
    fingerprint,
    made,
    malformed,
    not_ones_own,
)
from avoir_gateway.service.turns import Turns
from avoir_gateway.waiting import PoliciesWait

log = logging.getLogger(__name__)

_ID: Final = re.compile(r"[^\s:@]{1,200}")
"""The id of a party: it stands between colons, and before the owner of an account."""

TRIES: Final = 12
"""How often an action is decided again when its case or an account has moved on meanwhile."""


class Service(Reading):
    """The use cases of the gateway; every door goes through them, and they through the gate."""

    def __init__(self, host: Host, stores: Stores, clock: Clock) -> None:
        super().__init__(host, stores, clock)
        self._turns = Turns()
        stores.projections.tell(PoliciesWait(host.policies))
        self._committer = store.Committer(stores.journal)

    def notice(self, record: store.Record) -> None:
        """Hear of a record, whichever process wrote it."""
        self._committer.notice(record)

    async def drain(self) -> None:
        """Wait until everything that was begun has an outcome, and the lists show it."""
        await self._committer.drain()
        await self.stores.journal.drain()
        await self.stores.lists.drain()
        await self.stores.uses.drain()

    async def act(
        self, actor: Principal, tenant: store.Tenant, command: Command, origin: store.Origin
    ) -> Acted | Declined:
        """Do an action once under its key; what cannot be done is said, and nothing written.

        Raises ``GatewayError`` where the store does not answer or the outcome is unknown.
        """
        policy = self.policy(tenant, command.policy)
        if policy is None:
            return Declined((failure(Code.PLUGIN_DISABLED, "policy"),))
        if tenant.status is store.TenantStatus.CLOSED:
            return Declined((UserError(Code.FORBIDDEN.value, Message(CLOSED)),))
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
        done = await self._settled(deed)
        if isinstance(done, Declined):
            # The same key may have been at work before: what it did is the answer, and not that
            # the same cannot be done once more.
            return await self._before(deed) or done
        return done

    async def _before(self, deed: Deed) -> Acted | Declined | None:
        """The answer to a key that was used before."""
        key = deed.command.key
        before = await self.stores.journal.by_key(deed.tenant.id, deed.actor.id, key)
        return None if before is None else _again(deed, before)

    async def _settled(self, deed: Deed) -> Acted | Declined:
        """Decide and write, again if anything has moved on in between.

        What is decided rests on what this process knows of the party, records on their way
        included; the journal refuses it where that is old. What is declined leaves nothing for the
        journal to refuse, and so it is looked at again with everything read anew.
        """
        held: set[str] = set()
        for _ in range(TRIES):
            party = await self._party(deed)
            if isinstance(party, Declined):
                return party
            lane, ahead = self._committer.lane(deed.tenant.id, party), None
            if self._turns.is_taken(deed.tenant.id, party):
                # all who wait for their turn ask at once
                ahead = await self._records.ahead(deed, party, lane)
            async with self._turns.of(deed.tenant.id, party):
                lane = self._committer.lane(deed.tenant.id, party)
                knew_nothing = lane.is_blank and lane.is_idle
                record = await self._decided(deed, party, lane, ahead)
                if isinstance(record, Declined):
                    if knew_nothing:
                        return record
                    await self._committer.begin_anew(lane)
                    continue
                if held & {*record.claims}:
                    # decided again with who holds it as a fact, it still wants the same
                    return _taken(deed.action)
                told = self._committer.submit(record, lane)
            match await told:
                case store.Appended(record=record):
                    self.stores.lists.add(record)
                    self._records.remember(record)
                    return Acted(deed.policy, record, again=False)
                case store.Repeated(record=record) | store.KeyConflict(record=record):
                    return _again(deed, record)
                case store.Claimed(claim=claim):
                    held.add(claim)
                case store.Stale(law=store.Law.CASE) if deed.action.founding is Founding.OPENS:
                    return _taken(deed.action)
        return Declined((failure(Code.CONFLICT, "case"),))

    async def _party(self, deed: Deed) -> Party | Declined:
        """Whose matter it is, once the gate has let the actor through."""
        actor, command = deed.actor, deed.command
        if deed.action.founding is Founding.ON_A_CASE:
            found = await self._records.party_of(deed.tenant, command.case)
            if found is None:
                return Declined((failure(Code.NOT_FOUND, "case"),))
            party = found
        elif deed.action.concerns is not None:
            concerned = concerned_by(deed)
            if concerned is None:
                return Declined((failure(Code.MISSING_FACT, deed.action.requires[0].path),))
            party = concerned
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
                return party

    async def _case(self, deed: Deed, party: Party, lane: store.Lane) -> Case | Declined | None:
        """The case acted on; None where the action opens one or needs none."""
        case: Case | None = None
        match deed.action.founding:
            case Founding.ON_A_CASE:
                case = await self._records.known_case(deed.tenant, deed.command.case, lane)
                if case is None or case.latest.policy != deed.policy.key:
                    return Declined((failure(Code.NOT_FOUND, "case"),))
            case Founding.OPENS_ONCE:
                opened = case_opened_by(deed, party)
                case = await self._records.known_case(deed.tenant, opened, lane)
        if case is not None and deed.command.expected_revision not in (None, case.latest.revision):
            return Declined((failure(Code.CONFLICT, "expectedRevision"),))
        other = None if case is None else await self._taken_by_another(deed, case)
        return case if other is None else Declined((taken(other.by.name),))

    async def _taken_by_another(self, deed: Deed, case: Case) -> store.ReviewClaim | None:
        """The claim of another who has taken what the action would settle."""
        waiting = deed.policy.lifecycle.waiting
        if not any(deed.action.name in one.settled_by for one in waiting):
            return None
        claim = await self.stores.reviews.claim_of(deed.tenant.id, case.id)
        if claim is None or claim.by.id == deed.actor.id:
            return None
        return claim if claim.holds(case.latest.revision) else None

    async def _decided(
        self, deed: Deed, party: Party, lane: store.Lane, ahead: Ahead | None
    ) -> store.Record | Declined:
        """Decide, and make the record of it; nothing is written."""
        case = await self._case(deed, party, lane)
        if isinstance(case, Declined):
            return case
        inputs: Document = deed.command.facts
        if deed.command.time_zone is not None and case is None:
            inputs = {**inputs, "time_zone": deed.command.time_zone}
        prepared = await self._records.prepare(
            deed.actor, deed.tenant, deed.policy, deed.action, case, inputs, party, lane, ahead
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
        now = prepared.at
        wrong = cannot_be(decision, deed.action, prepared, now)
        if wrong:
            return Declined(wrong)
        try:
            movements, entries = await self._booked(deed, decision, case, party, prepared, lane)
        except FloorError as floor:
            message = Message(MESSAGES[Code.FLOOR_REACHED], values={"short": floor.short})
            return Declined((UserError(Code.FLOOR_REACHED.value, message),))
        except LedgerError as refused:
            log.error("%s of %s: %s", deed.action.name, deed.policy.key, refused)
            raise fault(Code.INTERNAL) from refused
        recommended: Document | None = None
        if case is not None and deed.action.name == RULING:
            recommended = await self._recommended(case, lane)
            if recommended is None:
                return Declined((failure(Code.CONFLICT, "case"),))
        return made(deed, case, party, prepared, decision, movements, entries, now, recommended)

    async def _recommended(self, case: Case, lane: store.Lane) -> Document | None:
        """The decision that is left to a person, with all that it says, which no lane keeps.

        None where it did not come about.
        """
        await lane.at_rest()
        left, journal = case.recommending, self.stores.journal
        whole = await journal.at_revision(left.tenant, left.case, left.revision)
        return None if whole is None else whole.decision

    async def _booked(
        self,
        deed: Deed,
        decision: Decision,
        case: Case | None,
        party: Party,
        prepared: Prepared,
        lane: store.Lane,
    ) -> tuple[tuple[Movement, ...], tuple[Entry, ...]]:
        """The movements and entries of a decision; none of them before a ruling it waits for."""
        at_once = decision.takes_effect is Effective.AT_ONCE
        postings = decision.postings if at_once else ()
        read = read_accounts(deed.policy, party)
        names = {name for posting in postings for name in (posting.source, posting.destination)}
        further = sorted(names.difference(read))
        owner = deed.policy.plugin
        balances = await self._records.balances(deed.tenant, party, further, owner, lane)
        return book(
            postings,
            party,
            deed.policy.accounts,
            {**balances, **prepared.balances},
            owner=owner,
            touching=read,
            reversing={
                posting.kind: f"{record.case}#{record.revision}:{posting.kind}"
                for record in (() if case is None else case.records)
                for posting in record.postings
            },
        )


def _again(deed: Deed, record: store.Record) -> Acted | Declined:
    """The answer to a key that was used before: the same, if the same was asked."""
    if record.command.fingerprint != deed.fingerprint:
        return Declined((failure(Code.IDEMPOTENCY_CONFLICT, "idempotencyKey"),))
    return Acted(deed.policy, record, again=True)


def _taken(action: Action) -> Declined:
    """What may happen once has happened; the fact that names it is at fault."""
    named = action.claims[0].fact if action.claims else action.identifies
    fact = named if isinstance(named, Fact) else action.identifies
    path = "case" if fact is None else fact.path
    return Declined((UserError(Code.CONFLICT.value, Message(ALREADY_RECORDED), (path,)),))
