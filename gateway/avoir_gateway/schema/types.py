"""The types that all plugins share: what a decision consists of, and what nodes have in common."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry
from babel import Locale, UnknownLocaleError

from avoir import money
from avoir.documents import unit
from avoir.messages import Message
from avoir.policies import Policy
from avoir_gateway import errors
from avoir_gateway.errors import OUR_OWN, Code, fault
from avoir_gateway.schema.context import Context
from avoir_gateway.schema.describing import Info, common, resolved, shown
from avoir_gateway.schema.enums import FindingStatus
from avoir_gateway.schema.scalars import Moment, TimeZone


@common
class Node:
    """Something with an id by which it can be read again."""

    @resolved
    def id(self) -> strawberry.ID:
        """The id, opaque."""
        raise NotImplementedError


@common
class UserError:
    """An expected failure of a mutation: nothing was done."""

    code: str = strawberry.field(
        description="What is wrong: a code of the gateway, or PLUGIN.CODE of a plugin."
    )
    message: str = strawberry.field(description="What is wrong, in the reader's language.")
    path: list[str] | None = strawberry.field(
        description="Where in the input, step by step; null where it is about the whole."
    )


@shown
class CommonError(UserError):
    """A failure with nothing to add to what all failures have."""


def failed(
    error: errors.UserError, path: list[str], context: Context, policy: Policy | None
) -> CommonError:
    """A failure in the reader's words; a policy's own messages are in its own catalog."""
    return CommonError(
        code=error.code, message=said(error.message, context, policy), path=path or None
    )


def said(message: Message, context: Context, policy: Policy | None = None) -> str:
    """A message of the gateway or of a policy in the reader's words."""
    if policy is None or message.text not in OUR_OWN:
        return context.reader(policy).say(message)
    reader = context.reader(policy)
    values = {name: reader.value(value) for name, value in message.values.items()}
    return context.reader().say(Message(message.text, message.plural, values))


@shown
class Money:
    """An amount with its unit; amounts of different units are never added."""

    value: strawberry.Private[money.Money]
    policy: strawberry.Private[Policy]

    @resolved
    def amount(self) -> Decimal:
        """The amount, with the decimals of its unit."""
        return Decimal(self.value.amount)

    @resolved
    def unit(self) -> str:
        """The code of the unit: ISO 4217, or a policy's own such as CRONO."""
        return self.value.unit.code

    @resolved
    def formatted(self, info: Info, locale: str | None = strawberry.UNSET) -> str:
        """The amount as it is read in a locale such as `fr-CA`, the reader's own by default."""
        tag = locale_tag(locale) if locale else None
        return info.context.reader(self.policy, tag).money(self.value)


def locale_tag(locale: str) -> str:
    """A locale as readers take it; raises ``BAD_REQUEST`` for what is none."""
    try:
        return str(Locale.parse(locale[:40].replace("_", "-"), sep="-"))
    except (ValueError, UnknownLocaleError):
        raise fault(Code.BAD_REQUEST) from None


def money_of(amount: str, code: str, policy: Policy) -> Money:
    """Money from a decimal string and the code of a unit."""
    return Money(value=money.Money.parse(amount, unit(code, policy)), policy=policy)


def money_in_smallest(amount: int, code: str, policy: Policy) -> Money:
    """Money from a number of the smallest unit."""
    return Money(value=money.Money(amount, unit(code, policy)), policy=policy)


@shown
class Citation:
    """Where in the terms a clause stands."""

    document: str = strawberry.field(description="The number of the source document.")
    title: str = strawberry.field(description="Its title, in its own language.")
    lines: list[int] = strawberry.field(description="The lines of the document.")


@shown
class Clause:
    """One rule of the terms."""

    id: strawberry.ID = strawberry.field(description="The stable id of the clause.")
    text: str = strawberry.field(description="What it says, in our own words.")
    citation: Citation = strawberry.field(description="Where it stands in the terms.")


@shown
class Reading:
    """A value that a clause read."""

    label: str = strawberry.field(description="What the value is called.")
    value: str = strawberry.field(description="The value as the reader reads it.")


@shown
class Finding:
    """One clause in one decision."""

    clause: Clause = strawberry.field(description="The clause.")
    status: FindingStatus = strawberry.field(description="Whether it is met.")
    label: str = strawberry.field(description="The status in the reader's words.")
    reads: list[Reading] = strawberry.field(description="What it read.")
    message: str = strawberry.field(
        description="The finding on one line: how the clause stands, and what it read."
    )


@shown
class Remedy:
    """One thing that would help."""

    message: str = strawberry.field(description="What to do.")
    clause: strawberry.ID | None = strawberry.field(description="The clause it would satisfy.")
    earliest: Moment | None = strawberry.field(description="From when on, if that matters.")
    latest: Moment | None = strawberry.field(description="Until when, if that matters.")
    alternatives: list[Remedy] = strawberry.field(description="Other ways to the same end.")


@shown
class Deadline:
    """A day by which something is due."""

    kind: str = strawberry.field(description="What is due, as a name.")
    label: str = strawberry.field(description="What is due, in the reader's words.")
    date: date = strawberry.field(description="The last day.")
    ends_at: datetime = strawberry.field(description="The instant at which that day ends.")
    time_zone: TimeZone = strawberry.field(description="The time zone whose day it is.")
    clause: strawberry.ID = strawberry.field(description="The clause that set it.")
    provisional: bool = strawberry.field(
        description="Whether it rests on holidays that are not published yet."
    )


@shown
class Posting:
    """An amount moved from a source account to a destination account."""

    kind: str = strawberry.field(description="What the posting is for, as a name.")
    source: str = strawberry.field(description="The account it is taken from.")
    destination: str = strawberry.field(description="The account it is added to.")
    amount: Money = strawberry.field(description="How much.")
    reverses: str | None = strawberry.field(description="The posting that this one takes back.")


@shown
class Notice:
    """A message due to somebody."""

    kind: str = strawberry.field(description="What the notice is about, as a name.")
    to: str = strawberry.field(description="The party or the role that it is for.")
    message: str = strawberry.field(description="The message, in the reader's language.")


@shown
class Edition:
    """One dated version of a policy with the parameter values in force."""

    hash: str = strawberry.field(description="A digest of the policy, its version and the values.")
    policy: str = strawberry.field(description="The key of the policy.")
    version: str = strawberry.field(description="The version of the policy.")
    effective_from: date = strawberry.field(description="The day since when the values hold.")


@shown
class Missing:
    """A fact that is wanted and unknown."""

    path: str = strawberry.field(description="Its path in the facts document.")
    label: str = strawberry.field(description="What it is called.")


@shown
class ImpossibleFact:
    """A fact that cannot be right."""

    path: str = strawberry.field(description="Its path in the facts document.")
    message: str = strawberry.field(description="Why it cannot be right.")


@shown
class Metric:
    """A figure of a report."""

    name: str = strawberry.field(description="The name of the figure.")
    value: str | None = strawberry.field(description="The figure as plain text; null if unknown.")
