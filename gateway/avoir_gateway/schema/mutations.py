"""Mutations that every schema has: the generic doors, and the clock of test tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

import strawberry

from avoir import policies
from avoir.messages import N_, Message
from avoir.periods import FIRST_YEAR, LAST_YEAR
from avoir_gateway import errors, store
from avoir_gateway.access import Access, Matter, Permission, may
from avoir_gateway.errors import Code, failure
from avoir_gateway.schema.cases import Case
from avoir_gateway.schema.decisions import Decision, stored
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.ids import case_key, is_plain
from avoir_gateway.schema.names import steps
from avoir_gateway.schema.parameters import ParameterMutations
from avoir_gateway.schema.people import Tenant
from avoir_gateway.schema.reviews import ReviewMutations
from avoir_gateway.schema.scalars import JSON, TimeZone, is_text
from avoir_gateway.schema.serving import served
from avoir_gateway.schema.tenants import TenantMutations
from avoir_gateway.schema.tokens import TokenMutations
from avoir_gateway.schema.types import UserError, failed
from avoir_gateway.service import CaseView, Command, Declined

NO_CLOCK_TO_SET: Final = N_("Only the clock of a test tenant can be set.")
NO_SUCH_MOMENT: Final = N_("The moment must be between {low} and {high}.")

Place = Callable[[str], list[str]]
"""Where in an input that stands which a service names by a path."""

CONTROLS: Final = {
    "policy": "policy",
    "action": "action",
    "case": "case",
    "party": "party",
    "expectedRevision": "expectedRevision",
    "idempotencyKey": "idempotencyKey",
    "command.key": "idempotencyKey",
    "time_zone": "timeZone",
}
"""What a service names that is no fact, and the field that states it."""


@shown
class ActRecord:
    """The record of an action in the journal."""

    revision: int = strawberry.field(description="The revision to which it brought the case.")
    at: datetime = strawberry.field(description="When it was decided.")
    key: str = strawberry.field(description="The idempotency key it was asked under.")


@shown
class ActPayload:
    """What an action did, or why nothing was done."""

    case: Case | None = strawberry.field(
        description="The case as it stands now, if there is one that the actor may read."
    )
    decision: Decision | None = strawberry.field(description="What the action came to.")
    record: ActRecord | None = strawberry.field(description="Its record; null if it was declined.")
    user_errors: list[UserError] = strawberry.field(
        description="Why nothing was done; empty if the action was decided, a refusal included."
    )
    replayed: bool = strawberry.field(
        description="Whether this is the answer that the same key was given before."
    )


@given
class ActInput:
    """Any action of any policy, its facts as plain data."""

    policy: str = strawberry.field(description="The key of the policy.")
    action: str = strawberry.field(description="The name of the action.")
    idempotency_key: str = strawberry.field(
        description="The same key gives the same answer and does nothing twice."
    )
    facts: JSON = strawberry.field(
        description="The facts that the actor states, as a facts document."
    )
    case: strawberry.ID | None = strawberry.field(description="The case to act on.")
    party: strawberry.ID | None = strawberry.field(
        description="The id of the party, without its role, where no case names it."
    )
    expected_revision: int | None = strawberry.field(
        description="Decline where the case is not at this revision."
    )
    time_zone: TimeZone | None = strawberry.field(
        description="The time zone of a matter that is opened; the tenant's by default."
    )


@given
class RuleInput:
    """A reviewer's ruling on what needs a person."""

    case: strawberry.ID = strawberry.field(description="The case to rule on.")
    decision: str = strawberry.field(description="The ruling, as the policy writes it.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str = strawberry.field(
        description="The same key gives the same answer and does nothing twice."
    )
    expected_revision: int | None = strawberry.field(
        description="Decline where the case is not at this revision."
    )


@shown
class TestClockSetPayload:
    """The tenant with its clock."""

    tenant: Tenant | None = strawberry.field(description="The tenant as it is now.")
    user_errors: list[UserError] = strawberry.field(description="Why the clock was not set.")


async def perform(info: Info, command: Command, where: Place) -> ActPayload:
    """Do an action; ``command.case`` is the id of a node. What cannot be done is said as data."""
    context = info.context
    policy = context.service.policy(context.tenant, command.policy)
    if policy is None or not served(info, policy.key):
        return declined(info, None, where, failure(Code.PLUGIN_DISABLED, "policy"))
    for name, text in (("idempotencyKey", command.key), ("party", command.party)):
        if text is not None and not is_plain(text):
            return declined(info, policy, where, failure(Code.BAD_REQUEST, name))
    spoilt = no_text(command.facts)
    if spoilt is not None:
        return declined(info, policy, where, failure(Code.IMPOSSIBLE_FACT, spoilt))
    key: str | None = None
    if command.case is not None:
        key = case_key(command.case)
        if key is None:
            return declined(info, policy, where, failure(Code.NOT_FOUND, "case"))
    asked = Command(
        policy=command.policy,
        action=command.action,
        key=command.key,
        facts=command.facts,
        case=key,
        party=command.party,
        time_zone=command.time_zone,
        expected_revision=command.expected_revision,
    )
    done = await context.service.act(context.principal, context.tenant, asked, context.origin)
    if isinstance(done, Declined):
        return declined(info, policy, where, *done.errors)
    record = done.record
    context.forget(record.case)
    return ActPayload(
        case=Case(key=record.case, summary=None) if _is_shown(info, record) else None,
        decision=stored(done.policy, record.decision),
        record=ActRecord(revision=record.revision, at=record.at, key=record.command.key),
        user_errors=[],
        replayed=done.again,
    )


def no_text(value: object, path: str = "") -> str | None:
    """The path of the first text that is none, because it holds a lone surrogate."""
    found: Iterable[tuple[str, object]] = ()
    if isinstance(value, str):
        return None if is_text(value) else path
    if isinstance(value, Mapping):
        found = ((f"{path}.{key}" if path else str(key), part) for key, part in value.items())
    elif isinstance(value, list):
        found = ((f"{path}[{index}]", part) for index, part in enumerate(value))
    spoilt = (no_text(part, inner) for inner, part in found)
    return next((inner for inner in spoilt if inner is not None), None)


def _is_shown(info: Info, record: store.Record) -> bool:
    """Whether a record is of a case, and the one who acted may read it: his token may not."""
    matter = Matter(record.tenant, record.party)
    granted = may(info.context.principal, Permission.READ_CASE, matter) is Access.GRANTED
    return granted and not record.case.startswith(store.ON_AN_ACCOUNT)


def declined(
    info: Info, policy: policies.Policy | None, where: Place, *reasons: errors.UserError
) -> ActPayload:
    """Why nothing was done."""
    failures: list[UserError] = [
        failed(reason, where(reason.path[0]) if reason.path else [], info.context, policy)
        for reason in reasons
    ]
    return ActPayload(case=None, decision=None, record=None, user_errors=failures, replayed=False)


def _in_act(path: str) -> list[str]:
    """Where something stands in the input of ``act``: facts by the steps of their own paths."""
    return [CONTROLS[path]] if path in CONTROLS else list(steps(path.removeprefix("facts.")))


def _in_rule(path: str) -> list[str]:
    """Where something stands in the input of ``rule``."""
    return _in_act(path.removeprefix("facts.").removeprefix("ruling."))


@shown
class Mutation(TenantMutations, TokenMutations, ParameterMutations, ReviewMutations):
    """What can be done. Every action of every policy has a mutation of its own beside these."""

    @resolved
    async def act(self, info: Info, input: ActInput) -> ActPayload:
        """Take any action of any policy, its facts as plain data: for forms drawn from data."""
        facts = input.facts
        if not isinstance(facts, Mapping):
            policy = info.context.service.policy(info.context.tenant, input.policy)
            return declined(info, policy, _in_act, failure(Code.BAD_REQUEST, "facts"))
        command = Command(
            policy=input.policy,
            action=input.action,
            key=input.idempotency_key,
            facts=facts,
            case=input.case,
            party=input.party,
            time_zone=input.time_zone,
            expected_revision=input.expected_revision,
        )
        return await perform(info, command, _in_act)

    @resolved
    async def rule(self, info: Info, input: RuleInput) -> ActPayload:
        """Rule on a case that needs a person: the action `rule` of its policy."""
        key = case_key(input.case)
        view = None if key is None else await info.context.cases.load(key)
        if not isinstance(view, CaseView):
            return declined(info, None, _in_rule, failure(Code.NOT_FOUND, "case"))
        command = Command(
            policy=view.policy.key,
            action="rule",
            key=input.idempotency_key,
            facts={"ruling": {"decision": input.decision, "reason": input.reason}},
            case=input.case,
            expected_revision=input.expected_revision,
        )
        return await perform(info, command, _in_rule)

    @resolved
    async def test_clock_set(
        self, info: Info, moment: datetime | None = strawberry.UNSET
    ) -> TestClockSetPayload:
        """Set the moment that a test tenant stands at; without a moment, the real one again."""
        context = info.context
        matter = Matter(context.tenant.id)
        if may(context.principal, Permission.SET_CLOCK, matter) is not Access.GRANTED:
            return _unset(info, failure(Code.FORBIDDEN))
        if moment and not FIRST_YEAR < moment.year < LAST_YEAR:
            years = {"low": str(FIRST_YEAR + 1), "high": str(LAST_YEAR - 1)}
            message = Message(NO_SUCH_MOMENT, values=years)
            return _unset(info, errors.UserError(Code.BAD_REQUEST.value, message, ("moment",)))
        at = store.to_milliseconds(moment) if moment else None
        try:
            context.tenant = await context.service.stores.tenants.set_clock(context.tenant.id, at)
            context.service.directory.forget_tenant(context.tenant.id)
        except store.NotThere:
            message = Message(NO_CLOCK_TO_SET)
            return _unset(info, errors.UserError(Code.FORBIDDEN.value, message))
        context.forget_all()
        return TestClockSetPayload(tenant=Tenant(tenant=context.tenant), user_errors=[])


def _unset(info: Info, reason: errors.UserError) -> TestClockSetPayload:
    failures: list[UserError] = [failed(reason, list(reason.path), info.context, None)]
    return TestClockSetPayload(tenant=None, user_errors=failures)
