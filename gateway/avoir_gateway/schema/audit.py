"""The audit trail: who did what, when, from where, with which credential, before and after."""

from __future__ import annotations

from datetime import datetime

import strawberry

from avoir.descriptions import role
from avoir_gateway import store
from avoir_gateway.administration import audit
from avoir_gateway.administration.audit import Deed
from avoir_gateway.schema.connections import Connection, Edge, PageInfo, page_size
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.enums import AuditSource, Role
from avoir_gateway.schema.ids import (
    AuditPosition,
    NodeKind,
    case_key,
    cursor,
    is_plain,
    node_id,
    place,
)
from avoir_gateway.schema.scalars import JSON


@shown
class AuditActor:
    """Who did something."""

    actor: strawberry.Private[store.Actor]

    @resolved
    def id(self) -> strawberry.ID:
        """His id."""
        return strawberry.ID(self.actor.id)

    @resolved
    def name(self) -> str:
        """What he is called."""
        return self.actor.name

    @resolved
    def role(self) -> Role | None:
        """The role in which he acted; null for one that is no longer known."""
        return self._role()

    @resolved
    def role_label(self, info: Info) -> str:
        """What that role is called."""
        known = self._role()
        return self.actor.role if known is None else role(known, info.context.reader())

    def _role(self) -> Role | None:
        try:
            return Role(self.actor.role)
        except ValueError:
            return None


@shown
class AuditOrigin:
    """Where something came from."""

    door: str = strawberry.field(description="The door by which it came, such as `graphql`.")
    address: str | None = strawberry.field(description="The address it came from, where known.")


@shown
class AuditEntry:
    """One thing that was done: a decision on a case or an account, or a change of the
    configuration."""

    deed: strawberry.Private[Deed]

    @resolved
    def record(self) -> strawberry.ID:
        """The id of the record, as `avoir audit verify` names it."""
        return strawberry.ID(self.deed.record)

    @resolved
    def source(self) -> AuditSource:
        """Where the record stands."""
        return AuditSource(self.deed.source)

    @resolved
    def at(self) -> datetime:
        """When it was done, by the clock of the tenant."""
        return self.deed.at

    @resolved
    def action(self) -> str:
        """What was done, such as `request_credit` or `token.issue`."""
        return self.deed.action

    @resolved
    def subject(self) -> str:
        """To what it was done, such as `case:…`, `plugin:NAME` or `tenant`."""
        return self.deed.subject

    @resolved
    def policy(self) -> str | None:
        """The key of the policy that decided."""
        return self.deed.policy

    @resolved
    def case(self) -> strawberry.ID | None:
        """The id of the case that was decided on."""
        case = self.deed.case
        return None if case is None else node_id(NodeKind.CASE, case)

    @resolved
    def revision(self) -> int | None:
        """How many actions were decided on that case, with this one."""
        return self.deed.revision

    @resolved
    def actor(self) -> AuditActor:
        """Who did it."""
        return AuditActor(actor=self.deed.actor)

    @resolved
    def credential(self) -> str:
        """The id of the credential with which it was done."""
        return self.deed.credential

    @resolved
    def origin(self) -> AuditOrigin:
        """Where it came from."""
        return AuditOrigin(door=self.deed.origin.door, address=self.deed.origin.address)

    @resolved
    def before(self) -> JSON | None:
        """What there was before: of a case its state, outcome and facts and, in the smallest unit,
        the balances that it moved; null where there was nothing."""
        return None if self.deed.before is None else JSON(self.deed.before)

    @resolved
    def after(self) -> JSON | None:
        """What there was after it, in the same form."""
        return None if self.deed.after is None else JSON(self.deed.after)

    @resolved
    def block(self) -> int | None:
        """The number of the block of the chain that holds it; null as long as it is not sealed."""
        return self.deed.block


@shown
class AuditHead:
    """The last block of the chain in which records are sealed. Whoever keeps its number and its
    hash elsewhere can have the chain verified against them."""

    number: int = strawberry.field(description="Its number; the first block is 1.")
    hash: str = strawberry.field(description="Its hash, which rests on all blocks before it.")
    sealed_at: datetime = strawberry.field(description="When it was made.")


@given
class AuditFilter:
    """Which part of the trail; what is left out does not matter."""

    source: AuditSource | None = strawberry.field(
        default=None, description="Decisions only, or changes of the configuration only."
    )
    case: strawberry.ID | None = strawberry.field(
        default=None, description="What was done about this case."
    )
    actor: strawberry.ID | None = strawberry.field(
        default=None, description="What the actor with this id did."
    )
    action: str | None = strawberry.field(
        default=None, description="These actions, such as `request_credit` or `token.issue`."
    )
    since: datetime | None = strawberry.field(
        default=None, name="from", description="The first moment."
    )
    until: datetime | None = strawberry.field(
        default=None, name="to", description="The moment before which it was done."
    )


@shown
class AuditQueries:
    """What auditors and operators ask about what was done."""

    @resolved
    async def audit_trail(
        self,
        info: Info,
        filter: AuditFilter | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> Connection[AuditEntry]:
        """What was done in this business, the latest first; 1 to 100 at a time. Where a filter
        lets little through, a page may hold less than there is room for and have a next one."""
        size = page_size(first)
        behind = place(after, AuditPosition).record if after else None
        which = _wanted(filter or AuditFilter())
        if which is None:
            return _page(audit.Trail((), False, None), after or None)
        context = info.context
        found = await audit.trail(
            context.service, context.principal, context.tenant, which, after=behind, first=size
        )
        return _page(found, after or None)

    @resolved
    async def audit_head(self, info: Info) -> AuditHead | None:
        """The last block of the chain of this business; null before the first."""
        context = info.context
        found = await audit.head(context.service, context.principal, context.tenant)
        if found is None:
            return None
        return AuditHead(number=found.number, hash=found.hash, sealed_at=found.sealed_at)


def _wanted(which: AuditFilter) -> store.TrailFilter | None:
    """The filter as the store takes it; None where nothing can be by such a name."""
    case = None
    if which.case is not None:
        case = case_key(which.case)
        if case is None:
            return None
    for text in (which.actor, which.action):
        if text is not None and not is_plain(text):
            return None
    return store.TrailFilter(
        source=which.source,
        case=case,
        actor=which.actor,
        action=which.action,
        since=which.since,
        until=which.until,
    )


def _page(trail: audit.Trail, after: str | None) -> Connection[AuditEntry]:
    edges = [
        Edge(cursor=cursor(AuditPosition(deed.record)), node=AuditEntry(deed=deed))
        for deed in trail.deeds
    ]
    # what was looked at in vain is not looked at again
    last = None if trail.last is None else cursor(AuditPosition(trail.last))
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=trail.more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=last,
        ),
    )
