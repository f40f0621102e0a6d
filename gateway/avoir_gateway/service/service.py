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
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Principal, may
from avoir_gateway.clock import Clock
from avoir_gateway.errors import ALREADY_RECORDED, MESSAGES, Code, UserError, failure, fault
from avoir_gateway.matters import Case, Document
from avoir_gateway.service.forms import Acted, Command, Declined, Deed, Party, Prepared, Stores
from avoir_gateway.service.preparing import read_accounts
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
        held: set[str] = set()
        for _ in range(TRIES):
            matter = fresh or await self._matter(deed)
            fresh = None
            if isinstance(matter, Declined):
                return matter
            record = await self._decided(deed, *matter)
            if isinstance(record, Declined):
                return record
            if held & {*record.claims}:
                # decided again with who holds it as a fact, it still wants the same
                return _taken(deed.action)
            match await self.stores.journal.append(record):
                case store.Appended(record=record):
                    await self._project(record)
                    return Acted(deed.policy, record, again=False)
                case store.Repeated(record=record) | store.KeyConflict(record=record):
                    return _again(deed, record)
                case store.Claimed(claim=claim):
                    held.add(claim)
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
                pass
        if deed.action.founding is Founding.OPENS_ONCE:
            opened = case_opened_by(deed, party)
            if opened is not None:
                case = await self._records.case(actor, deed.tenant, opened)
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
        now = prepared.at
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
            touching=read_accounts(deed.policy, party),
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
