"""Accounts of the parties and their statements."""

from __future__ import annotations

from datetime import datetime

import strawberry

from avoir.money import Unit
from avoir_gateway import store
from avoir_gateway.schema.cases import Case, booked
from avoir_gateway.schema.connections import Connection, connected, page_size
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.ids import (
    AccountPosition,
    LinePosition,
    NodeKind,
    cursor,
    is_plain,
    node_id,
    place,
)
from avoir_gateway.schema.serving import seen
from avoir_gateway.schema.types import Money, Node, Posting, money_in_smallest
from avoir_gateway.service import AccountView


@shown
class StatementLine(Node):
    """One entry of an account: the net change by one action."""

    account: strawberry.Private[AccountView]
    line: strawberry.Private[store.StatementLine]

    @resolved
    def id(self) -> strawberry.ID:
        """The id, opaque."""
        return node_id(NodeKind.LINE, f"{self.account.name}#{self.line.entry.seq}")

    @resolved
    def seq(self) -> int:
        """Its number on the account, without gaps."""
        return self.line.entry.seq

    @resolved
    def amount(self) -> Money:
        """The net change."""
        entry = self.line.entry
        return money_in_smallest(entry.amount, entry.unit, self.account.policy)

    @resolved
    def balance(self) -> Money:
        """The balance after it."""
        entry = self.line.entry
        return money_in_smallest(entry.balance, entry.unit, self.account.policy)

    @resolved
    def at(self) -> datetime:
        """When it was booked."""
        return self.line.record.at

    @resolved
    def case(self) -> Case | None:
        """The case whose action made it; null for an action on the account alone."""
        key = self.line.record.case
        return None if key.startswith(store.ON_AN_ACCOUNT) else Case(key=key, summary=None)

    @resolved
    def action(self) -> str:
        """The action that made it."""
        return self.line.record.action

    @resolved
    def action_label(self, info: Info) -> str:
        """What that action is called."""
        found = self.account.policy.lifecycle.action(self.line.record.action)
        reader = info.context.reader(self.account.policy)
        return self.line.record.action if found is None else reader.word(found.label)

    @resolved
    def postings(self) -> list[Posting]:
        """The movements of money of that action."""
        return booked(self.line.record, self.account.policy)


@shown
class Account(Node):
    """An account of a party."""

    view: strawberry.Private[AccountView]

    @resolved
    def id(self) -> strawberry.ID:
        """The id, opaque."""
        return node_id(NodeKind.ACCOUNT, self.view.name)

    @resolved
    def name(self) -> str:
        """Its full name, such as `professional:P-1:balance@leads`."""
        return self.view.name

    @resolved
    def label(self, info: Info) -> str:
        """What it is called."""
        return info.context.reader(self.view.policy).word(self.view.label)

    @resolved
    def party(self) -> str:
        """The party whose account it is."""
        return self.view.party

    @resolved
    def unit(self) -> str:
        """The code of its unit."""
        return self.view.unit

    @resolved
    def balance(self) -> Money:
        """Where its last entry left it."""
        return money_in_smallest(self.view.balance, self.view.unit, self.view.policy)

    @resolved
    def seq(self) -> int:
        """The number of its last entry."""
        return self.view.seq

    @resolved
    async def statement(
        self, info: Info, first: int | None = 20, after: str | None = strawberry.UNSET
    ) -> Connection[StatementLine]:
        """Its entries, the latest first."""
        size = page_size(first)
        before = place(after, LinePosition).seq if after else None
        service, tenant = info.context.service, info.context.tenant
        lines = await service.statement(tenant, self.view, before, size + 1)
        return connected(
            [
                (
                    cursor(LinePosition(line.entry.seq)),
                    StatementLine(account=self.view, line=line),
                )
                for line in lines[:size]
            ],
            more=len(lines) > size,
            after=after or None,
        )


async def account_named(info: Info, name: str) -> Account | None:
    """An account; None where it does not exist for the one who asks."""
    if not is_plain(name, 500):
        return None
    context = info.context
    view = await context.service.account(context.principal, context.tenant, name)
    if view is None or not seen(info, view.policy.key):
        return None
    return Account(view=view)


async def line_named(info: Info, key: str) -> StatementLine | None:
    """An entry of an account; None where it does not exist for the one who asks."""
    name, _, number = key.rpartition("#")
    account = await account_named(info, name)
    if account is None or not number.isdecimal() or len(number) > 18:
        return None
    context = info.context
    lines = await context.service.statement(context.tenant, account.view, int(number) + 1, 1)
    found = [line for line in lines if line.entry.seq == int(number)]
    return StatementLine(account=account.view, line=found[0]) if found else None


async def list_accounts(
    info: Info, party: str | None, first: int | None, after: str | None
) -> Connection[Account]:
    """The accounts that one may see, by name; those of policies that are not enabled stay out."""
    context = info.context
    size = page_size(first)
    behind = None if after is None else place(after, AccountPosition).name
    if party is not None and not is_plain(party):
        return connected([], more=False, after=after)
    page = await context.service.accounts(context.principal, context.tenant, party, behind, size)
    views = ((row.account, _seen(info, row)) for row in page.rows)
    return connected(
        [
            (cursor(AccountPosition(name)), Account(view=view))
            for name, view in views
            if view is not None
        ],
        more=page.more,
        after=after,
    )


def _seen(info: Info, row: store.AccountBalance) -> AccountView | None:
    """The account of a row of the list, with what its policy says of it."""
    name, _, owner = row.account.rpartition(":")[2].partition("@")
    short = f"{row.account.partition(':')[0]}:{name}"
    context = info.context
    for key in context.service.host.policies:
        policy = context.service.readable(context.principal, context.tenant, key)
        if policy is None or policy.plugin != owner or not seen(info, key):
            continue
        for account in policy.accounts:
            if account.name == short and account.unit.code == row.unit:
                unit: Unit = account.unit
                return AccountView(
                    row.account,
                    row.party,
                    unit.code,
                    unit.decimals,
                    account.label,
                    policy,
                    row.seq,
                    row.balance,
                )
    return None
