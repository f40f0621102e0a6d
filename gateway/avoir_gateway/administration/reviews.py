"""Reviews: the queue of what waits for a person, and who has taken which case of it.

Who has taken a case keeps the others from settling it, until the case moves on or is released.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, cast

import msgspec

from avoir.lifecycles import ROLES, Role, Waiting
from avoir.messages import N_, Message, Name
from avoir.policies import Policy
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, may
from avoir_gateway.administration.recording import (
    Administering,
    Change,
    Done,
    Order,
    RefusedError,
)
from avoir_gateway.errors import Code, UserError, failure, taken
from avoir_gateway.matters import Case
from avoir_gateway.service import Declined, Service
from avoir_gateway.store import JSON, Session
from avoir_gateway.waiting import waits

CHUNK: Final = 500
"""Places in the queue that are looked at together where those that are taken are passed over."""
SOME: Final = 30
"""How many more than are wanted are looked at first: most are not taken, few claims have lapsed."""

NOTHING_WAITS = N_("This case waits for nobody.")
FOR_ANOTHER = N_("This case waits for another role: {role}.")
JUST_TAKEN = N_("Somebody has just taken this case for review.")
NOT_TAKEN = N_("Nobody has taken this case for review.")


class Taken(StrEnum):
    """Which cases of the queue: those that nobody has taken, that somebody has, or oneself."""

    UNCLAIMED = "unclaimed"
    CLAIMED = "claimed"
    MINE = "mine"


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases of the queue to list: of these policies, where that matters, taken or not."""

    policies: Collection[str] | None = None
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A case that waits for a person, and who has taken it."""

    policy: Policy
    declared: Waiting
    case: str
    party: str
    revision: int
    since: datetime
    due: store.Deadline | None
    claim: store.ReviewClaim | None

    @property
    def place(self) -> store.Position:
        """Its place in the queue."""
        return store.Position(self.since, self.case)


# -- the queue -----------------------------------------------------------------------------------


async def queue(
    service: Service,
    actor: Principal,
    tenant: store.Tenant,
    which: Which,
    after: store.Position | None,
    first: int,
) -> store.Page[Review] | Declined:
    """What waits for a person behind a place, the longest waiting first.

    So it goes by since when and not by when it is due: since when is known of every case and stays
    as it is, and within a policy what has waited longest is due first.
    """
    if may(actor, Permission.READ_REVIEWS, Matter(tenant.id)) is not Access.GRANTED:
        return Declined((failure(Code.FORBIDDEN),))
    await service.stores.lists.flush()
    enabled = service.enabled(tenant)
    known = enabled if which.policies is None else enabled.intersection(which.policies)
    policies = {key: service.host.policies[key] for key in known}
    looking = _Looking(service.stores.reviews, tenant.id, policies)
    match which.taken:
        case None:
            return await looking.at_all(after, first)
        case Taken.UNCLAIMED:
            return await looking.at_unclaimed(after, first)
        case Taken.CLAIMED:
            return await looking.at_claimed(None, after, first)
        case Taken.MINE:
            return await looking.at_claimed(actor.id, after, first)


async def review(
    service: Service, actor: Principal, tenant: store.Tenant, case: str
) -> Review | Declined | None:
    """A case that waits for a person; None where there is none for the one who asks."""
    if may(actor, Permission.READ_REVIEWS, Matter(tenant.id)) is not Access.GRANTED:
        return Declined((failure(Code.FORBIDDEN),))
    found = await _waiting(service, tenant, case)
    return None if isinstance(found, UserError) else found


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks through what waits for a tenant in some of its policies."""

    reviews: store.Reviews
    tenant: str
    policies: dict[str, Policy]

    async def at_all(self, after: store.Position | None, first: int) -> store.Page[Review]:
        page = await self.reviews.waiting(self.tenant, [*self.policies], after=after, first=first)
        return store.Page(tuple(await self._shown(page.rows)), page.more)

    async def at_unclaimed(self, after: store.Position | None, first: int) -> store.Page[Review]:
        found: list[str] = []
        size = first + SOME
        while True:
            places = await self.reviews.places(
                self.tenant, [*self.policies], after=after, first=size
            )
            taken = await self.reviews.taken(self.tenant, [place.case for place, _ in places])
            found += (place.case for place, at in places if taken.get(place.case, 0) < at)
            if len(found) > first or len(places) < size:
                break
            after, size = places[-1][0], min(2 * size, CHUNK)
        rows = await self.reviews.rows(self.tenant, found[:first])
        shown = await self._shown([rows[case] for case in found[:first] if case in rows])
        return store.Page(tuple(shown), len(found) > first)

    async def at_claimed(
        self, by: str | None, after: store.Position | None, first: int
    ) -> store.Page[Review]:
        found: list[Review] = []
        while True:
            size = first + SOME
            claims = await self.reviews.claims(self.tenant, by, after=after, first=size)
            rows = await self.reviews.rows(self.tenant, [claim.case for claim in claims])
            lapsed: list[store.ReviewClaim] = []
            for claim in claims:
                row = rows.get(claim.case)
                if row is None or claim.policy not in self.policies:
                    continue
                if not claim.holds(row.revision):
                    lapsed.append(claim)
                elif row.waiting is not None:
                    found.append(self._review(row, row.waiting, claim))
            await self.reviews.forget(lapsed)
            if len(found) > first or len(claims) < size:
                return store.Page(tuple(found[:first]), len(found) > first)
            after = store.Position(claims[-1].since, claims[-1].case)

    async def _shown(self, rows: Sequence[store.CaseSummary]) -> list[Review]:
        claims = await self.reviews.claims_of(self.tenant, [row.case for row in rows])
        return [
            self._review(row, row.waiting, claims.get(row.case))
            for row in rows
            if row.waiting is not None
        ]

    def _review(
        self, row: store.CaseSummary, wait: store.Wait, claim: store.ReviewClaim | None
    ) -> Review:
        policy = self.policies[row.policy]
        declared = _declared(policy, wait.role, row.state)
        return Review(
            policy,
            declared,
            row.case,
            row.party,
            row.revision,
            wait.since,
            _due(declared, row.deadlines),
            claim if claim is not None and claim.holds(row.revision) else None,
        )


def _declared(policy: Policy, role: str, state: str) -> Waiting:
    """How a policy has it that a case in a state waits for a role."""
    declared = policy.lifecycle.waiting
    return next(w for w in declared if w.role.value == role and state in w.states)


def _due(waiting: Waiting, deadlines: Sequence[store.Deadline]) -> store.Deadline | None:
    """The deadline by which the terms want it settled, where they have one."""
    kind = None if waiting.due is None else waiting.due.kind
    return next((one for one in deadlines if one.kind == kind), None)


async def _waiting(service: Service, tenant: store.Tenant, name: str) -> Review | UserError:
    """A case that waits, as the journal has it; else why there is none."""
    records = await service.stores.journal.history(tenant.id, name)
    policy = service.policy(tenant, records[0].policy) if records else None
    if policy is None or name.startswith(store.ON_AN_ACCOUNT):
        return failure(Code.NOT_FOUND, "case")
    case = Case(tuple(records))
    found = waits(policy, case)
    if found is None:
        return UserError(Code.CONFLICT.value, Message(NOTHING_WAITS), ("case",))
    (declared, wait), latest = found, case.latest
    claim = await service.stores.reviews.claim_of(tenant.id, name)
    return Review(
        policy,
        declared,
        name,
        latest.party,
        latest.revision,
        wait.since,
        _due(declared, latest.deadlines),
        claim if claim is not None and claim.holds(latest.revision) else None,
    )


# -- taken and released --------------------------------------------------------------------------


async def claim(
    administering: Administering, order: Order, case: str, expected_revision: int | None = None
) -> Done | Declined:
    """Take a case for review: nobody else settles it then. Taken again it stays so.

    Of two who take it at once one has it, and the other is told who.
    """
    actor = order.actor
    tenant = await administering.concerned(actor, None, Permission.CLAIM_REVIEW)
    if isinstance(tenant, Declined):
        return tenant
    service, reviews = administering.service, administering.stores.reviews

    async def change(session: Session) -> Change:
        found = await _waiting(service, tenant, case)
        if isinstance(found, UserError):
            raise RefusedError(found)
        if found.declared.role is not Role.REVIEWER:
            values = {"role": Name(ROLES[found.declared.role])}
            message = Message(FOR_ANOTHER, values=values)
            raise RefusedError(UserError(Code.FORBIDDEN.value, message, ("case",)))
        if expected_revision not in (None, found.revision):
            raise RefusedError(failure(Code.CONFLICT, "expectedRevision"))
        before = await reviews.claim_of(tenant.id, case, session)
        if before is not None and before.holds(found.revision):
            if before.by.id != actor.id:
                raise RefusedError(taken(before.by.name))
            return Change(subject=f"review:{case}", before=told(before), after=told(before))
        new = store.ReviewClaim(
            tenant=tenant.id,
            case=case,
            policy=found.policy.key,
            by=store.Actor(id=actor.id, role=actor.role.value, name=actor.name),
            at=service.now(tenant),
            revision=found.revision,
            since=found.since,
        )
        try:
            await reviews.take(new, session)
        except store.AlreadyThere:
            message = Message(JUST_TAKEN)
            raise RefusedError(UserError(Code.CONFLICT.value, message, ("case",))) from None
        return Change(subject=f"review:{case}", before=None, after=told(new))

    asked: dict[str, JSON] = {"case": case, "expected_revision": expected_revision}
    return await administering.carry_out(order, tenant, "review.claim", asked, change)


async def release(administering: Administering, order: Order, case: str) -> Done | Declined:
    """Let others take a case that one has taken; operators release what anybody has taken."""
    actor = order.actor
    of_others = may(actor, Permission.RELEASE_REVIEW, Matter(actor.tenant)) is Access.GRANTED
    needed = Permission.RELEASE_REVIEW if of_others else Permission.CLAIM_REVIEW
    tenant = await administering.concerned(actor, None, needed)
    if isinstance(tenant, Declined):
        return tenant
    reviews = administering.stores.reviews

    async def change(session: Session) -> Change:
        found = await _waiting(administering.service, tenant, case)
        if isinstance(found, UserError):
            raise RefusedError(found)
        before = await reviews.claim_of(tenant.id, case, session)
        if before is None or not before.holds(found.revision):
            raise RefusedError(UserError(Code.CONFLICT.value, Message(NOT_TAKEN), ("case",)))
        if before.by.id != actor.id and not of_others:
            raise RefusedError(taken(before.by.name))
        await reviews.release(tenant.id, case, session)
        return Change(subject=f"review:{case}", before=told(before), after=None)

    return await administering.carry_out(order, tenant, "review.release", {"case": case}, change)


def told(claim: store.ReviewClaim) -> dict[str, JSON]:
    """A claim as a record tells it."""
    return cast(dict[str, JSON], msgspec.to_builtins(claim))
