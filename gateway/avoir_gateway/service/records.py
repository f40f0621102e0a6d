"""Records: what one decided command did, made from the decision. Pure; nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from avoir.cases import merged
from avoir.clauses import Outcome
from avoir.conditions import Situation
from avoir.decisions import Decision, deadlines
from avoir.facts import Fact, read
from avoir.ledger import Entry, Movement
from avoir.lifecycles import Action, Identity
from avoir.policies import Policy
from avoir_gateway import store
from avoir_gateway.errors import Code, UserError, failure
from avoir_gateway.matters import (
    Case,
    Document,
    at_path,
    claims,
    references,
    stated,
    stated_paths,
)
from avoir_gateway.service.forms import Command, Deed, Party, Prepared
from avoir_gateway.service.telling import Teller

UNCHANGING: Final = frozenset({Outcome.BLOCKED, Outcome.UNCHANGED})
"""Outcomes that leave the case as it is; they are recorded all the same."""

TELLER: Final = Teller()

LONGEST: Final = 200
"""Characters of what a case is known by: it becomes a part of ids, claims and indexes."""


def made(
    deed: Deed,
    case: Case | None,
    party: Party,
    prepared: Prepared,
    decision: Decision,
    movements: Sequence[Movement],
    entries: Sequence[Entry],
    now: datetime,
    recommended: Document | None,
) -> store.Record:
    """The record of a decided command; a ruling's with what was recommended."""
    edition, policy, action = prepared.edition, deed.policy, deed.action
    unchanged = decision.outcome in UNCHANGING
    stored = None if case is None else case.latest.state
    state = stored if unchanged else kept(policy, decision.case_state) or stored
    opens = not unchanged and decision.case_state is not None
    case_id = case_named(deed, party, prepared, opens=opens) if case is None else case.id
    revision = 1 if case is None else case.latest.revision + 1
    pending = [d for d in policy.lifecycle.deadlines if state in d.stands_in]
    facts: Document = prepared.facts
    if unchanged and case is not None:
        facts = case.latest.facts
        if decision.outcome is Outcome.UNCHANGED:
            facts = merged(facts, *lasting(action, deed.command.facts))
    return store.Record(
        tenant=deed.tenant.id,
        command=store.Command(
            by=deed.actor.id,
            key=deed.command.key,
            fingerprint=deed.fingerprint,
            answer={"case": case_id, "revision": revision},
        ),
        policy=policy.key,
        action=action.name,
        case=case_id,
        revision=revision,
        state=state or "recorded",
        party=party,
        facts=dict(facts),
        decided_on=None if facts is prepared.facts else dict(prepared.facts),
        decision=TELLER.document(decision, edition),
        recommendation=None if recommended is None else dict(recommended),
        edition=store.EditionPin(
            hash=edition.hash,
            policy=policy.key,
            version=policy.version,
            effective_from=edition.effective_from,
        ),
        postings=tuple(_posting(movement) for movement in movements),
        entries=tuple(_entry(entry) for entry in entries),
        claims=() if unchanged else claims(edition, action, prepared.situation),
        references=references(edition, action, prepared.situation),
        deadlines=tuple(
            store.Deadline(
                kind=due.kind,
                date=due.date,
                ends_at=due.ends_at,
                time_zone=due.time_zone,
                clause=due.clause,
                provisional=due.provisional,
            )
            for due in deadlines(pending, prepared.situation, prepared.intake.time_zone)
        ),
        notices=tuple(
            store.Notice(
                kind=notice.kind,
                to=party if notice.to == policy.party.value else addressee(notice.to, prepared),
                body={"message": {"type": "name", "text": notice.text}},
            )
            for notice in decision.notices
        ),
        actor=store.Actor(id=deed.actor.id, role=deed.actor.role.value, name=deed.actor.name),
        credential=deed.actor.credential,
        origin=deed.origin,
        at=now,
    )


def addressee(role: str, prepared: Prepared) -> str:
    """Whom a notice goes to: somebody by his role and id where the facts name him, else a role."""
    fact = prepared.edition.policy.addressees.get(role)
    known = None if fact is None else fact.value(prepared.situation)
    return role if known is None else f"{role}:{known}"


def kept(policy: Policy, state: str | None) -> str | None:
    """The state that a case keeps where a decision shows this one."""
    return None if state is None else policy.lifecycle.state(state).kept_as or state


def lasting(action: Action, document: Document) -> Iterator[Document]:
    """What an action states that its case keeps, even where nothing else changes."""
    for fact in action.lasting:
        value = stated(document, fact.path)
        if value is not None:
            yield at_path(fact.path, value)


def _posting(movement: Movement) -> store.Posting:
    return store.Posting(
        kind=movement.kind,
        source=movement.source,
        destination=movement.destination,
        amount=movement.amount.smallest,
        unit=movement.amount.unit.code,
        reverses=movement.reverses,
    )


def _entry(entry: Entry) -> store.Entry:
    return store.Entry(
        account=entry.account,
        seq=entry.seq,
        amount=entry.amount,
        balance=entry.balance,
        unit=entry.unit,
    )


def case_named(deed: Deed, party: Party, prepared: Prepared, *, opens: bool) -> str:
    """The id of the case that a founding action opens; one of its own for an account's action.

    What opens nothing, such as a purchase without the means for it, leaves the id to be taken.
    """
    policy, action = deed.policy, deed.action
    named = _named(policy, action, party, prepared.situation) if opens else None
    if named is not None:
        return named
    digest = hashlib.sha256(f"{party}\0{deed.actor.id}\0{deed.command.key}".encode())
    return f"{store.ON_AN_ACCOUNT}{policy.key}:{action.name}:{digest.hexdigest()[:24]}"


def _named(policy: Policy, action: Action, party: Party, situation: Situation) -> str | None:
    """The id that a founding action gives to its case; None where the fact for it is unknown."""
    value = None if action.identifies is None else action.identifies.value(situation)
    if value is None:
        return None
    named = f"{policy.key}:{value}"
    return f"{named}:{party}" if action.identity is Identity.OF_THE_PARTY else named


def case_opened_by(deed: Deed, party: Party) -> str | None:
    """The id of the case that the same action opened before, if it did."""
    return _named(deed.policy, deed.action, party, _stated(deed))


def concerned_by(deed: Deed) -> Party | None:
    """Whose matter it is, where the facts of the command say so."""
    concerns = deed.action.concerns
    return None if concerns is None else concerns.name(_stated(deed))


def _stated(deed: Deed) -> Situation:
    intake = read(deed.command.facts, deed.policy.facts, deed.tenant.time_zone)
    return Situation(intake.values, {})


def fingerprint(command: Command) -> str:
    """A digest of all that was asked; the key itself is no part of it."""
    asked = msgspec.structs.replace(command, key="")
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def not_ones_own(command: Command, policy: Policy, action: Action) -> tuple[UserError, ...]:
    """The facts of a command that are not for its actor to state."""
    own = _own_paths(action)
    return tuple(
        failure(Code.NOT_YOURS_TO_STATE, path)
        for path in stated_paths(command.facts, policy)
        if path not in own and path in policy.facts.by_path
    )


@lru_cache(maxsize=1_000)
def _own_paths(action: Action) -> frozenset[str]:
    return frozenset(fact.path for fact in action.inputs)


def malformed(command: Command, policy: Policy) -> tuple[UserError, ...]:
    """What a command states that is no fact, or no value of one; once laid beside other facts, a
    group that is stated as something else would be gone."""
    faults = read(command.facts, policy.facts, policy.time_zone).faults
    return tuple(UserError(Code.IMPOSSIBLE_FACT.value, f.message, (f.path,)) for f in faults)


def cannot_be(
    decision: Decision, action: Action, prepared: Prepared, now: datetime
) -> tuple[UserError, ...]:
    """Why a decision is no deed: impossible facts, a moment to come, facts it cannot do without."""
    if decision.outcome is Outcome.INVALID:
        return tuple(
            UserError(Code.IMPOSSIBLE_FACT.value, fault.message, (fault.path,))
            for fault in decision.faults
        )
    for named in (action.identifies, None if action.concerns is None else action.concerns.fact):
        identity = None if named is None else named.value(prepared.situation)
        if not isinstance(named, Fact) or not isinstance(identity, str):
            continue
        if not 0 < len(identity.strip()) <= LONGEST:
            return (failure(Code.IMPOSSIBLE_FACT, named.path),)
    at = prepared.situation.facts.get(action.table.moment.path)
    if isinstance(at, datetime) and at > now:
        return (failure(Code.IMPOSSIBLE_FACT, action.table.moment.path),)
    if decision.outcome is Outcome.NEEDS_INFORMATION and decision.case_state is None:
        return tuple(failure(Code.MISSING_FACT, path) for path in decision.missing)
    return ()
