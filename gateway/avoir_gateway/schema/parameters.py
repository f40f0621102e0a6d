"""Parameters: set from a day on, and tried before they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final, cast

import strawberry

from avoir import policies
from avoir.messages import Message
from avoir_gateway import errors, store
from avoir_gateway.administration import parameters
from avoir_gateway.administration.trials import Bounds
from avoir_gateway.errors import Code, failure, fault
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.editions import PolicyDifferences, told_apart
from avoir_gateway.schema.ids import is_plain
from avoir_gateway.schema.orders import KEY_TOLD, REPLAYED_TOLD, administering, order
from avoir_gateway.schema.scalars import JSON
from avoir_gateway.schema.serving import served
from avoir_gateway.schema.trials import ParametersTrial
from avoir_gateway.schema.types import Edition, UserError, failed
from avoir_gateway.service import Declined

BOUNDS: Final = Bounds(cases=2_000, seconds=5.0)
"""How far a trial goes within one request; the command line has no such bounds."""


@given
class ParametersSetInput:
    """Values that shall hold from a day on."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    policy: str = strawberry.field(description="The key of the policy.")
    effective_from: date = strawberry.field(
        description="The day from which they hold: today, where the business is, or later."
    )
    values: JSON = strawberry.field(
        description=(
            "The name of each parameter that shall change with its value, laid over the values in "
            "force on that day; null is the default."
        )
    )
    expected_hash: str | None = strawberry.field(
        description="Decline where the edition in force on that day is not this one.", default=None
    )


@shown
class ParametersSetPayload:
    """The edition that was made, or why none was."""

    edition: Edition | None = strawberry.field(description="The edition in force from that day on.")
    differences: PolicyDifferences | None = strawberry.field(
        description="What reads otherwise than in the edition before."
    )
    later: list[date] = strawberry.field(
        description="Days after that one from which values hold that were set before."
    )
    note: str | None = strawberry.field(
        description="Until when the values hold, if others were set for a later day."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was changed.")
    replayed: bool = strawberry.field(description=REPLAYED_TOLD)


@shown
class ParameterQueries:
    """What can be asked about parameters."""

    @resolved
    async def parameters_trial(
        self,
        info: Info,
        policy: Annotated[str, strawberry.argument("The key of the policy.")],
        values: Annotated[
            JSON,
            strawberry.argument(
                "The name of each parameter to try with its value, laid over the values in force; "
                "null is the default."
            ),
        ],
        days: Annotated[
            int, strawberry.argument("The cases opened within so many days are looked at.")
        ] = 90,
        on: Annotated[
            date | None,
            strawberry.argument("The day whose values they are laid over; today by default."),
        ] = strawberry.UNSET,
    ) -> ParametersTrial:
        """Which cases would have gone another way under other values, and how much money would
        have moved; nothing is written."""
        context = info.context
        enabled = context.service.policy(context.tenant, policy)
        if enabled is None or not served(info, policy):
            raise fault(Code.PLUGIN_DISABLED)
        if not isinstance(values, Mapping):
            return _untried(_said(info, None, (parameters.no_mapping(),)))
        question = parameters.Question(
            policy=policy,
            values=cast(Mapping[str, store.JSON], values),
            on=on or None,
            days=days,
        )
        tried = await parameters.try_values(
            context.service, context.principal, context.tenant, question, bounds=BOUNDS
        )
        if isinstance(tried, Declined):
            return _untried(_said(info, enabled, tried.errors))
        in_force = await context.service.edition(context.tenant, enabled, on or None)
        return ParametersTrial(trial=tried, declined=(), in_force=in_force)


@shown
class ParameterMutations:
    """What can be done about parameters."""

    @resolved
    async def parameters_set(self, info: Info, input: ParametersSetInput) -> ParametersSetPayload:
        """Set values of parameters from a day on, never for a day that is over. A case that was
        opened before keeps the values it was opened under."""
        context = info.context
        policy = context.service.policy(context.tenant, input.policy)
        if policy is None or not served(info, policy.key):
            return _unset(_said(info, None, (failure(Code.PLUGIN_DISABLED, "policy"),)))
        if not isinstance(input.values, Mapping):
            return _unset(_said(info, None, (parameters.no_mapping(),)))
        if input.expected_hash and not is_plain(input.expected_hash):
            return _unset(_said(info, None, (failure(Code.CONFLICT, "expectedHash"),)))
        wanted = parameters.Values(
            policy=policy.key,
            effective_from=input.effective_from,
            values=cast(Mapping[str, store.JSON], input.values),
            expected_hash=input.expected_hash or None,
        )
        done = await parameters.set_values(
            administering(info), order(info, input.idempotency_key), wanted
        )
        if isinstance(done, Declined):
            return _unset(_said(info, policy, done.errors))
        note = None
        if done.later:
            note = context.reader().say(Message(parameters.LATER, values={"day": done.later[0]}))
        return ParametersSetPayload(
            edition=Edition(
                hash=done.after.hash,
                policy=policy.key,
                version=policy.version,
                effective_from=done.after.effective_from,
            ),
            differences=told_apart(done.before, done.after, context.reader(policy)),
            later=list(done.later),
            note=note,
            user_errors=[],
            replayed=done.again,
        )


def _untried(declined: Sequence[UserError]) -> ParametersTrial:
    return ParametersTrial(trial=None, declined=declined, in_force=None)


def _unset(refused: list[UserError]) -> ParametersSetPayload:
    return ParametersSetPayload(
        edition=None, differences=None, later=[], note=None, user_errors=refused, replayed=False
    )


def _said(
    info: Info, policy: policies.Policy | None, reasons: Sequence[errors.UserError]
) -> list[UserError]:
    """Why nothing was done; what is wrong with a value is said in the words of the policy."""
    return [
        failed(
            reason,
            list(reason.path),
            info.context,
            None if reason.message.text in parameters.OWN else policy,
        )
        for reason in reasons
    ]
