"""Reviews: what waits for a person, who has taken it, and what is recommended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.dataloader import DataLoader

from avoir.descriptions import role
from avoir_gateway import store
from avoir_gateway.administration import Done, reviews
from avoir_gateway.administration.reviews import Taken, Which
from avoir_gateway.errors import Code, fault
from avoir_gateway.matters import Case as Matter
from avoir_gateway.schema.cases import Case
from avoir_gateway.schema.connections import Connection, connected, page_size
from avoir_gateway.schema.decisions import Decision, stored
from avoir_gateway.schema.describing import Info, enumerated, given, resolved, shown
from avoir_gateway.schema.enums import Role
from avoir_gateway.schema.ids import ReviewPosition, case_key, cursor, position
from avoir_gateway.schema.orders import (
    KEY_TOLD,
    REPLAYED_TOLD,
    administering,
    order,
    refusals,
)
from avoir_gateway.schema.scalars import TimeZone
from avoir_gateway.schema.serving import served
from avoir_gateway.schema.types import Deadline, UserError
from avoir_gateway.service import Declined

ReviewTaken = enumerated(Taken, "ReviewTaken")

Histories = DataLoader[str, Matter | None]
"""The cases of a page with all their records, read together where a field asks for them."""


@shown
class ReviewClaim:
    """Who has taken a case for review."""

    id: strawberry.ID = strawberry.field(description="The id of the actor within the tenant.")
    name: str = strawberry.field(description="What he is called.")
    at: datetime = strawberry.field(description="When he took it.")


@shown
class Review:
    """A case that waits for a person."""

    review: strawberry.Private[reviews.Review]
    histories: strawberry.Private[Histories]

    @resolved
    def case(self) -> Case:
        """The case."""
        return Case(key=self.review.case, summary=None)

    @resolved
    def policy(self) -> str:
        """The key of its policy."""
        return self.review.policy.key

    @resolved
    def party(self) -> str:
        """Whose matter it is."""
        return self.review.party

    @resolved
    def revision(self) -> int:
        """The revision of the case at which it waits."""
        return self.review.revision

    @resolved
    def since(self) -> datetime:
        """Since when it has waited."""
        return self.review.since

    @resolved
    def due(self, info: Info) -> Deadline | None:
        """By when the terms want it settled, with the clause; null where they do not say."""
        due, rule = self.review.due, self.review.declared.due
        if due is None or rule is None:
            return None
        return Deadline(
            kind=due.kind,
            label=info.context.reader(self.review.policy).word(rule.label),
            date=due.date,
            ends_at=due.ends_at,
            time_zone=TimeZone(due.time_zone),
            clause=strawberry.ID(due.clause),
            provisional=due.provisional,
        )

    @resolved
    def waits_for(self) -> Role:
        """The role that it waits for."""
        return self.review.declared.role

    @resolved
    def waits_for_label(self, info: Info) -> str:
        """What that role is called."""
        return role(self.review.declared.role, info.context.reader())

    @resolved
    def actions(self) -> list[str]:
        """The actions by which somebody in that role settles it."""
        return list(self.review.declared.settled_by)

    @resolved
    def claimed_by(self) -> ReviewClaim | None:
        """Who has taken it; null where nobody has."""
        claim = self.review.claim
        if claim is None:
            return None
        return ReviewClaim(id=strawberry.ID(claim.by.id), name=claim.by.name, at=claim.at)

    @resolved
    async def recommendation(self) -> Decision:
        """The decision that is left to a person: its outcome and findings, and the postings that
        it would book."""
        found = await self.histories.load(self.review.case)
        if found is None:
            raise fault(Code.NOT_FOUND)
        return stored(self.review.policy, found.recommending.decision)


@given
class ReviewFilter:
    """Which cases of the queue to list; what is left out does not matter."""

    policy: str | None = strawberry.field(description="The key of the policy.", default=None)
    taken: ReviewTaken | None = strawberry.field(  # type: ignore[valid-type]
        description="Those that nobody has taken, that somebody has, or that one has oneself.",
        default=None,
    )


@given
class ReviewClaimInput:
    """A case to take for review."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    case: strawberry.ID = strawberry.field(description="The case.")
    expected_revision: int | None = strawberry.field(
        description="Decline where the case is not at this revision.", default=None
    )


@given
class ReviewReleaseInput:
    """A case that others may take."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    case: strawberry.ID = strawberry.field(description="The case.")


@shown
class ReviewPayload:
    """The case as it waits now, or why nothing was changed."""

    review: Review | None = strawberry.field(
        description="The case as it waits now; null where it does no more."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was changed.")
    replayed: bool = strawberry.field(description=REPLAYED_TOLD)


@shown
class ReviewQueries:
    """What reviewers ask about what waits."""

    @resolved
    async def reviews(
        self,
        info: Info,
        filter: ReviewFilter | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> Connection[Review]:
        """What waits for a person, the longest waiting first; 1 to 100 at a time. For reviewers,
        account managers, operators and auditors."""
        context = info.context
        size = page_size(first)
        behind = position(after, ReviewPosition) if after else None
        known = [key for key in context.service.enabled(context.tenant) if served(info, key)]
        taken: Taken | None = None
        if filter:
            asked, taken = filter.policy, filter.taken
            known = known if asked is None else [key for key in known if key == asked]
        page = await reviews.queue(
            context.service,
            context.principal,
            context.tenant,
            Which(policies=known, taken=taken),
            behind,
            size,
        )
        if isinstance(page, Declined):
            raise fault(Code(page.errors[0].code))
        histories = _histories(info)
        return connected(
            [
                (
                    cursor(ReviewPosition(row.since, row.case)),
                    Review(review=row, histories=histories),
                )
                for row in page.rows
            ],
            more=page.more,
            after=after or None,
        )

    @resolved
    async def review(
        self, info: Info, case: Annotated[strawberry.ID, strawberry.argument("The case.")]
    ) -> Review | None:
        """A case that waits for a person; null for one that does not, or does not exist."""
        found = await _found(info, case_key(case) or "")
        if isinstance(found, Declined):
            raise fault(Code(found.errors[0].code))
        return found


@shown
class ReviewMutations:
    """What reviewers do about what waits, beside ruling on it."""

    @resolved
    async def review_claim(self, info: Info, input: ReviewClaimInput) -> ReviewPayload:
        """Take a case for review: nobody else settles it until it moves on or is released."""
        asked = order(info, input.idempotency_key)
        case = _named(info, input.case)
        done = await reviews.claim(
            administering(info), asked, case, expected_revision=input.expected_revision
        )
        return await _told(info, case, done)

    @resolved
    async def review_release(self, info: Info, input: ReviewReleaseInput) -> ReviewPayload:
        """Let others take a case that one has taken; operators release any."""
        asked = order(info, input.idempotency_key)
        case = _named(info, input.case)
        return await _told(info, case, await reviews.release(administering(info), asked, case))


def _named(info: Info, id: strawberry.ID) -> str:
    """The key of a case; an empty one for what cannot be the case of anybody."""
    return case_key(id) or ""


async def _told(info: Info, case: str, done: Done | Declined) -> ReviewPayload:
    if isinstance(done, Declined):
        return ReviewPayload(review=None, user_errors=refusals(info, done.errors), replayed=False)
    found = await _found(info, case)
    # what is done is done, though the token be good for that and not for reading
    shown = None if isinstance(found, Declined) else found
    return ReviewPayload(review=shown, user_errors=[], replayed=done.again)


async def _found(info: Info, key: str) -> Review | Declined | None:
    context = info.context
    found = await reviews.review(context.service, context.principal, context.tenant, key)
    if isinstance(found, Declined):
        return found
    if found is None or not served(info, found.policy.key):
        return None
    return Review(review=found, histories=_histories(info))


def _histories(info: Info) -> Histories:
    context = info.context
    journal, tenant = context.service.stores.journal, context.tenant.id

    async def load(keys: list[str]) -> Sequence[Matter | None]:
        found = await journal.histories([(tenant, key) for key in keys])
        return [_case(found.get((tenant, key))) for key in keys]

    return DataLoader(load)


def _case(records: Sequence[store.Record] | None) -> Matter | None:
    return Matter(tuple(records)) if records else None
