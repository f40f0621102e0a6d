"""Cases: in a list from what the list knows; all else is read from the journal when asked for."""

from __future__ import annotations

from datetime import datetime

import msgspec
import strawberry

from avoir import policies
from avoir.descriptions import role
from avoir.documents import label
from avoir.facts import Audience
from avoir.lifecycles import PARTIES
from avoir_gateway import service, store
from avoir_gateway.errors import Code, fault
from avoir_gateway.matters import without
from avoir_gateway.schema import names
from avoir_gateway.schema.connections import Connection, connected, page_size
from avoir_gateway.schema.context import Context
from avoir_gateway.schema.decisions import Decision, stored, told
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.enums import Outcome, PluginStatus, Role
from avoir_gateway.schema.ids import CasePosition, NodeKind, cursor, is_plain, node_id, position
from avoir_gateway.schema.policies import ActorRole
from avoir_gateway.schema.scalars import JSON
from avoir_gateway.schema.serving import seen, served
from avoir_gateway.schema.types import (
    Deadline,
    Missing,
    Node,
    Notice,
    Posting,
    money_in_smallest,
)
from avoir_gateway.service import BareCase, CaseView


@shown
class CaseActor:
    """Who acted, and in which role."""

    id: strawberry.ID = strawberry.field(description="The id of the actor within the tenant.")
    name: str = strawberry.field(description="What he is called.")
    role: Role = strawberry.field(description="The role in which he acted.")
    role_label: str = strawberry.field(description="What that role is called.")


@shown
class CaseEvent:
    """One action that was decided on a case."""

    policy: strawberry.Private[policies.Policy]
    record: strawberry.Private[store.Record]

    @resolved
    def revision(self) -> int:
        """The revision to which it brought the case."""
        return self.record.revision

    @resolved
    def action(self) -> str:
        """The action."""
        return self.record.action

    @resolved
    def actor(self, info: Info) -> CaseActor:
        """Who took it."""
        actor = self.record.actor
        acted_as = Role(actor.role)
        return CaseActor(
            id=strawberry.ID(actor.id),
            name=actor.name,
            role=acted_as,
            role_label=role(acted_as, info.context.reader(self.policy)),
        )

    @resolved
    def at(self) -> datetime:
        """When it was taken."""
        return self.record.at

    @resolved
    def state(self) -> str:
        """The state in which it left the case."""
        return self.record.state

    @resolved
    def outcome(self) -> Outcome:
        """What it came to."""
        return Outcome(str(self.record.decision["outcome"]))

    @resolved
    def decision(self) -> Decision:
        """The whole decision."""
        return stored(self.policy, self.record.decision)

    @resolved
    def postings(self) -> list[Posting]:
        """The movements of money that were booked, on the accounts of the party."""
        return booked(self.record, self.policy)

    @resolved
    def notices(self, info: Info) -> list[Notice]:
        """The messages that became due."""
        return [
            Notice(
                kind=notice.kind,
                to=notice.to,
                message=str(told(notice.body["message"], True, info.context, self.policy)),
            )
            for notice in self.record.notices
        ]


def booked(record: store.Record, policy: policies.Policy) -> list[Posting]:
    """The postings of a record."""
    return [
        Posting(
            kind=posting.kind,
            source=posting.source,
            destination=posting.destination,
            amount=money_in_smallest(posting.amount, posting.unit, policy),
            reverses=posting.reverses,
        )
        for posting in record.postings
    ]


@shown
class Step:
    """How far a case has come in a process of numbered steps."""

    number: int = strawberry.field(description="The step it has come to.")
    of: int = strawberry.field(description="The last step.")


@shown
class NextAction:
    """An action that may be taken on a case as it stands."""

    policy: strawberry.Private[policies.Policy]
    next: strawberry.Private[service.NextAction]

    @resolved
    def name(self) -> str:
        """Its name."""
        return self.next.action.name

    @resolved
    def label(self, info: Info) -> str:
        """What it is called."""
        return info.context.reader(self.policy).word(self.next.action.label)

    @resolved
    def mutation(self) -> str:
        """The mutation that takes it."""
        return names.door(self.policy, self.next.action.name)

    @resolved
    def actors(self, info: Info) -> list[ActorRole]:
        """Who may take it."""
        reader = info.context.reader(self.policy)
        actors = sorted(self.next.action.actors)
        return [ActorRole(role=actor, label=role(actor, reader)) for actor in actors]

    @resolved
    def missing(self, info: Info) -> list[Missing]:
        """The facts that it would still want."""
        reader = info.context.reader(self.policy)
        return [
            Missing(path=path, label=reader.word(label(self.policy, path)))
            for path in self.next.missing
        ]

    @resolved
    def preconditions(self, info: Info) -> list[str]:
        """What must come first, in the reader's words."""
        reader = info.context.reader(self.policy)
        return [reader.word(text) for text in self.next.preconditions]


@shown
class Case(Node):
    """A matter between a party and the business."""

    key: strawberry.Private[str]
    summary: strawberry.Private[store.CaseSummary | None]
    """What the list of cases knows, where the case was read from there."""

    async def _found(self, info: Info) -> CaseView | BareCase:
        view = await info.context.cases.load(self.key)
        if view is None:
            raise fault(Code.NOT_FOUND)
        return view

    async def _view(self, info: Info) -> CaseView:
        view = await self._found(info)
        if isinstance(view, BareCase):
            # only its plugin can say what its records mean
            raise fault(Code.PLUGIN_DISABLED)
        return view

    async def _told(self, info: Info) -> store.CaseSummary | store.Record:
        """The list's row of the case, else its last record."""
        return self.summary or (await self._found(info)).case.latest

    @resolved
    def id(self) -> strawberry.ID:
        """The id, opaque."""
        return node_id(NodeKind.CASE, self.key)

    @resolved
    async def policy(self, info: Info) -> str:
        """The key of the policy."""
        return (await self._told(info)).policy

    @resolved
    async def plugin(self, info: Info) -> str:
        """The name of the plugin."""
        return (await self._told(info)).policy.partition(".")[0]

    @resolved
    async def plugin_status(self, info: Info) -> PluginStatus:
        """Whether the plugin is enabled; only operators and auditors see the cases of others."""
        policy = (await self._told(info)).policy
        return info.context.service.plugin_status(info.context.tenant, policy)

    @resolved
    async def party(self, info: Info) -> str:
        """The party whose matter it is, such as `professional:P-1`."""
        return (await self._told(info)).party

    @resolved
    async def revision(self, info: Info) -> int:
        """How many actions were decided on it: give it as `expectedRevision`."""
        return (await self._told(info)).revision

    @resolved
    async def opened_at(self, info: Info) -> datetime:
        """When it was opened."""
        if self.summary is not None:
            return self.summary.opened_at
        return (await self._found(info)).case.founding.at

    @resolved
    async def updated_at(self, info: Info) -> datetime:
        """When an action was last decided on it."""
        if self.summary is not None:
            return self.summary.updated_at
        return (await self._found(info)).case.latest.at

    @resolved
    async def state(self, info: Info) -> str:
        """The state it is in by now: the last action's, or what time has made of it."""
        view = await self._found(info)
        return view.case.latest.state if isinstance(view, BareCase) else view.state

    @resolved
    async def state_label(self, info: Info) -> str:
        """That state in the reader's words; as it is named, where its plugin is not installed."""
        view = await self._found(info)
        if isinstance(view, BareCase):
            return view.case.latest.state
        labels = {state.name: state.label for state in view.policy.lifecycle.states}
        return info.context.reader(view.policy).word(labels.get(view.state, view.state))

    @resolved
    async def step(self, info: Info) -> Step | None:
        """The step it has come to, where its policy is a process of numbered steps."""
        view = await self._view(info)
        lifecycle = view.policy.lifecycle
        number = lifecycle.state(view.state).step
        if number is None:
            return None
        last = max(state.step or 0 for state in lifecycle.states)
        return Step(number=number, of=last)

    @resolved
    async def facts(self, info: Info) -> JSON:
        """The facts so far; what the staff notes among themselves is not shown to a party."""
        view = await self._view(info)
        facts = view.case.latest.facts
        if info.context.principal.role in PARTIES:
            known = view.policy.facts.by_path.values()
            return JSON(without(facts, [f.path for f in known if f.audience is Audience.STAFF]))
        return JSON(facts)

    @resolved
    async def decision(self, info: Info) -> Decision:
        """The last decision."""
        view = await self._view(info)
        return stored(view.policy, view.case.latest.decision)

    @resolved
    async def recommendation(self, info: Info) -> Decision | None:
        """What was recommended, where the last decision is a ruling on it."""
        view = await self._view(info)
        document = view.case.latest.recommendation
        return None if document is None else stored(view.policy, document)

    @resolved
    async def deadlines(self, info: Info) -> list[Deadline]:
        """What is due by now."""
        view = await self._view(info)
        due = told(view.standing["deadlines"], False, info.context, view.policy)
        return msgspec.convert(due, list[Deadline])

    @resolved
    async def allowed_actions(self, info: Info) -> list[str]:
        """What the one who asks may do."""
        view = await self._found(info)
        return [] if isinstance(view, BareCase) else list(view.allowed_actions)

    @resolved
    async def next_actions(self, info: Info) -> list[NextAction]:
        """What anybody may do now, who may, and what each action would still want."""
        context, view = info.context, await self._found(info)
        if isinstance(view, BareCase):
            return []
        found = await context.service.next_actions(context.principal, context.tenant, view)
        return [NextAction(policy=view.policy, next=one) for one in found]

    @resolved
    async def history(self, info: Info) -> list[CaseEvent]:
        """All that was decided on it, the first action first."""
        view = await self._view(info)
        return [CaseEvent(policy=view.policy, record=record) for record in view.case.records]


@given
class CaseFilter:
    """Which cases to list; what is left out does not matter."""

    policy: str | None = strawberry.field(description="The key of the policy.")
    state: str | None = strawberry.field(
        description="The state in which the last action left the case."
    )
    party: str | None = strawberry.field(description="The party, such as `professional:P-1`.")


async def case_named(info: Info, key: str) -> Case | None:
    """A case; None where it does not exist for the one who asks."""
    view = await info.context.cases.load(key)
    if view is None or not seen(info, view.case.latest.policy):
        return None
    return Case(key=key, summary=None)


async def list_cases(
    info: Info, which: CaseFilter | None, first: int | None, after: str | None
) -> Connection[Case]:
    """The cases that one may see, the latest first."""
    context: Context = info.context
    size = page_size(first)
    behind = None if after is None else position(after)
    wanted = store.CaseFilter()
    if not context.service.sees_disabled(context.principal, context.tenant):
        enabled = context.service.enabled(context.tenant)
        policies = tuple(sorted(key for key in enabled if served(info, key)))
        wanted = store.CaseFilter(policies=policies)
    if which is not None:
        asked = {"policy": which.policy, "state": which.state, "party": which.party}
        if not all(value is None or is_plain(value) for value in asked.values()):
            return connected([], more=False, after=after)
        wanted = msgspec.structs.replace(wanted, **asked)
    page = await context.service.cases(context.principal, context.tenant, wanted, behind, size)
    return connected(
        [
            (cursor(CasePosition(row.updated_at, row.case)), Case(key=row.case, summary=row))
            for row in page.rows
        ],
        more=page.more,
        after=after,
    )
