"""Editions of a policy: those that a tenant set, and what reads otherwise in one of two."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import strawberry

from avoir import differences, policies
from avoir.readers import Reader
from avoir_gateway.schema.describing import shown


@shown
class ParameterDifference:
    """A parameter that has another value."""

    name: str = strawberry.field(description="Its name.")
    label: str = strawberry.field(description="What it is called.")
    before: str = strawberry.field(description="The value before, as the reader reads it.")
    after: str = strawberry.field(description="The value after, as the reader reads it.")
    message: str = strawberry.field(description="The difference in a line.")


@shown
class RowDifference:
    """A row of a table whose condition reads otherwise."""

    table: str = strawberry.field(description="The name of the table.")
    clause: strawberry.ID | None = strawberry.field(description="The clause, if it has one.")
    before: str = strawberry.field(description="What it required or decided upon before.")
    after: str = strawberry.field(description="What it requires or decides upon after.")


@shown
class PolicyDifferences:
    """What reads otherwise in one edition of a policy than in another."""

    parameters: list[ParameterDifference] = strawberry.field(
        description="The parameters that have other values."
    )
    rows: list[RowDifference] = strawberry.field(
        description="The rows of tables whose conditions read otherwise."
    )


@shown
class DatedEdition:
    """An edition that was set for a tenant, or the default one, which nobody set."""

    hash: str = strawberry.field(description="A digest of the policy, its version and the values.")
    effective_from: date = strawberry.field(description="The day since when the values hold.")
    set_by: str | None = strawberry.field(description="The id of the actor who set them.")
    set_at: datetime | None = strawberry.field(description="When he set them.")
    superseded: bool = strawberry.field(
        description="Whether other values were set later for the same day: these never hold."
    )


def told_apart(
    before: policies.Edition, after: policies.Edition, reader: Reader
) -> PolicyDifferences:
    """What reads otherwise in the second of two editions, in the reader's words."""
    found = differences.differences(before, after, reader)
    return PolicyDifferences(
        parameters=msgspec.convert(
            [msgspec.structs.asdict(one) for one in found.parameters], list[ParameterDifference]
        ),
        rows=msgspec.convert(
            [msgspec.structs.asdict(one) for one in found.rows], list[RowDifference]
        ),
    )
