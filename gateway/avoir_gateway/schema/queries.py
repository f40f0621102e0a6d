"""Queries that every schema has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry

from avoir import policies as terms
from avoir.policies import REPORT
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.accounts import Account, account_named, line_named, list_accounts
from avoir_gateway.schema.audit import AuditQueries
from avoir_gateway.schema.cases import Case, CaseFilter, case_named, list_cases
from avoir_gateway.schema.connections import Connection
from avoir_gateway.schema.decisions import Decision, answered
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.enums import Period
from avoir_gateway.schema.ids import NodeKind, case_key, key_of, named
from avoir_gateway.schema.parameters import ParameterQueries
from avoir_gateway.schema.people import Plugin, Tenant, Viewer, editions, enabled, reads_policies
from avoir_gateway.schema.policies import Policy
from avoir_gateway.schema.returns import Returns, returns_of
from avoir_gateway.schema.reviews import ReviewQueries
from avoir_gateway.schema.scalars import JSON, TimeZone
from avoir_gateway.schema.serving import served
from avoir_gateway.schema.tenants import TenantQueries
from avoir_gateway.schema.tokens import TokenQueries
from avoir_gateway.schema.types import Node
from avoir_gateway.service.returns import Question


@shown
class Query(TenantQueries, TokenQueries, ParameterQueries, AuditQueries, ReviewQueries):
    """What can be asked."""

    @resolved
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """A node by its id; null for what does not exist, or not for the one who asks."""
        kind, key = named(id)
        match kind:
            case NodeKind.CASE:
                return await case_named(info, key)
            case NodeKind.ACCOUNT:
                return await account_named(info, key)
            case NodeKind.LINE:
                return await line_named(info, key)
            case NodeKind.POLICY:
                return await policy_named(info, key, None)

    @resolved
    def viewer(self) -> Viewer:
        """Who asks."""
        return Viewer()

    @resolved
    def tenant(self, info: Info) -> Tenant:
        """The business whose data this is."""
        return Tenant(tenant=info.context.tenant)

    @resolved
    def plugins(self, info: Info) -> list[Plugin]:
        """The plugins that are enabled."""
        return [Plugin(plugin=plugin) for plugin in enabled(info)]

    @resolved
    async def policies(self, info: Info) -> list[Policy]:
        """The policies that are enabled, in the editions in force today."""
        return [policy for plugin in enabled(info) for policy in await editions(info, plugin)]

    @resolved
    async def policy(
        self, info: Info, key: str, on: date | None = strawberry.UNSET
    ) -> Policy | None:
        """A policy in the edition in force on a day, today by default; null if not enabled."""
        return await policy_named(info, key, on or None)

    @resolved
    async def evaluate_facts(
        self,
        info: Info,
        policy: str,
        action: str,
        facts: JSON,
        case: strawberry.ID | None = strawberry.UNSET,
    ) -> Decision:
        """What an action would come to on a facts document; nothing is changed."""
        return await ask(info, policy, action, document(facts), case or None)

    @resolved
    async def case(self, info: Info, id: strawberry.ID) -> Case | None:
        """A case; null for what does not exist, or not for the one who asks."""
        key = case_key(id)
        return None if key is None else await case_named(info, key)

    @resolved
    async def cases(
        self,
        info: Info,
        filter: CaseFilter | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> Connection[Case]:
        """The cases that the one who asks may see, the latest first; 1 to 100 at a time."""
        return await list_cases(info, filter or None, first, after or None)

    @resolved
    async def account(
        self,
        info: Info,
        id: strawberry.ID | None = strawberry.UNSET,
        name: str | None = strawberry.UNSET,
    ) -> Account | None:
        """An account by its id or by its full name, such as `professional:P-1:balance@leads`."""
        if bool(id) == bool(name):
            raise fault(Code.BAD_REQUEST)
        key = key_of(id, NodeKind.ACCOUNT) if id else name
        return await account_named(info, key) if key else None

    @resolved
    async def accounts(
        self,
        info: Info,
        party: str | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> Connection[Account]:
        """The accounts that the one who asks may see, by name; 1 to 100 at a time."""
        return await list_accounts(info, party or None, first, after or None)

    @resolved
    async def report(
        self, info: Info, policy: str, name: str, facts: JSON | None = strawberry.UNSET
    ) -> Decision:
        """A figure over records that a policy reports on."""
        found = enabled_policy(info, policy)
        if found is None:
            raise fault(Code.PLUGIN_DISABLED)
        if name not in {report.name for report in found.reports}:
            raise fault(Code.BAD_REQUEST)
        stated = {} if not facts else dict(document(facts))
        if REPORT in found.facts.by_path:
            stated[REPORT] = name
        return await ask(info, policy, REPORT, stated, None)

    @resolved
    async def returns(
        self,
        info: Info,
        policy: str,
        start: Annotated[
            date | None,
            strawberry.argument("The first day on which cases were opened.", name="from"),
        ] = strawberry.UNSET,
        end: Annotated[
            date | None,
            strawberry.argument("The day before which they were opened.", name="to"),
        ] = strawberry.UNSET,
        period: Annotated[Period, strawberry.argument("What a row stands for.")] = Period.MONTH,
        by_party: Annotated[
            bool, strawberry.argument("Whether each party has rows of its own.")
        ] = False,
        party: Annotated[
            str | None, strawberry.argument("The cases of this party only: `professional:P-1`.")
        ] = strawberry.UNSET,
        time_zone: Annotated[
            TimeZone | None, strawberry.argument("Where days begin; the tenant's by default.")
        ] = strawberry.UNSET,
    ) -> Returns:
        """What came of the cases of a policy that were opened within a span of days, the year up
        to today by default; a party sees its own."""
        if enabled_policy(info, policy) is None:
            raise fault(Code.PLUGIN_DISABLED)
        question = Question(
            start=start or None,
            end=end or None,
            period=period,
            by_party=by_party,
            party=None if party is strawberry.UNSET else party,
            time_zone=time_zone or None,
        )
        return returns_of(info, policy, question)


def document(facts: JSON) -> Mapping[str, object]:
    """A facts document; raises ``BAD_REQUEST`` for plain data that is no object."""
    if not isinstance(facts, Mapping):
        raise fault(Code.BAD_REQUEST)
    return facts


def enabled_policy(info: Info, key: str) -> terms.Policy | None:
    """A policy that the tenant has enabled and the schema shows."""
    policy = info.context.service.policy(info.context.tenant, key)
    return policy if policy is not None and served(info, policy.key) else None


async def policy_named(info: Info, key: str, on: date | None) -> Policy | None:
    """A policy in the edition in force on a day; None where it is not enabled."""
    context = info.context
    policy = enabled_policy(info, key)
    if policy is None or not reads_policies(info):
        return None
    return Policy(in_force=await context.service.edition(context.tenant, policy, on))


async def ask(
    info: Info, policy: str, action: str, facts: Mapping[str, object], case: str | None
) -> Decision:
    """What an action would come to; ``case`` is the id of a node."""
    context = info.context
    if enabled_policy(info, policy) is None:
        raise fault(Code.PLUGIN_DISABLED)
    key = None
    if case is not None:
        key = case_key(case)
        if key is None:
            raise fault(Code.NOT_FOUND)
    answer = await context.service.evaluate(
        context.principal, context.tenant, policy, action, facts, key
    )
    return answered(answer)
