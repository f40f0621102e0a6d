"""The ledger: double entry in whole numbers of the smallest unit, with floors and reversals.

A posting moves an amount from a source account to a destination account. The parties' accounts
have entries with a sequence and a running balance; the house's side stands in the posting alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from avoir.clauses import Floor
from avoir.decisions import Posting
from avoir.errors import AvoirError
from avoir.money import LARGEST, Money, Unit

HOUSE: Final = "house:"


class LedgerError(AvoirError):
    """A posting that cannot be booked: an unknown account, a wrong unit, a number too large."""


class FloorError(LedgerError):
    """A posting would take an account below its floor; ``short`` is by how much."""

    def __init__(self, account: str, short: Money) -> None:
        self.account = account
        self.short = short
        super().__init__("floor_reached", account=account, short=short.amount, unit=short.unit.code)


class Account(msgspec.Struct, frozen=True):
    """An account of a policy, ``role:name``: its label, its unit, and its floor if it has one."""

    name: str
    label: str
    unit: Unit
    floor: int | None = None


class Movement(msgspec.Struct, frozen=True):
    """A posting booked on resolved accounts; ``reverses`` names the posting it takes back."""

    kind: str
    source: str
    destination: str
    amount: Money
    reverses: str | None = None


class Balance(msgspec.Struct, frozen=True):
    """Where an account stands: the sequence of its last entry and its running balance."""

    seq: int
    amount: int


class Entry(msgspec.Struct, frozen=True):
    """The net change of one party's account by one action."""

    account: str
    seq: int
    amount: int
    balance: int
    unit: str


OPENING: Final = Balance(0, 0)


@lru_cache(maxsize=10_000)
def resolve(account: str, party: str, owner: str = "") -> str:
    """The full name of an account: the house's as it is, a role's with the id of the party.

    With an ``owner`` the account is one business's own: a party of two businesses has an account
    of that name with each, ``professional:P-1:balance@conxpros``.
    """
    if account.startswith(HOUSE):
        return account
    role, _, name = account.partition(":")
    party_role, _, party_id = party.partition(":")
    if role != party_role or not party_id:
        raise LedgerError("account_of_another_role", account=account, party=party)
    return f"{role}:{party_id}:{name}@{owner}" if owner else f"{role}:{party_id}:{name}"


def book(
    postings: Sequence[Posting],
    party: str,
    accounts: Sequence[Account],
    balances: Mapping[str, Balance],
    *,
    owner: str = "",
    touching: Sequence[str] = (),
    reversing: Mapping[str, str] | None = None,
) -> tuple[tuple[Movement, ...], tuple[Entry, ...]]:
    """Movements and entries of postings, in one unit of work.

    ``balances`` holds the accounts' last entries by full name; an absent one opens at zero.
    ``touching`` names accounts whose sequence advances even by nothing, because the decision
    read them. ``reversing`` gives, by the kind it takes back, the posting that is reversed.
    Raises ``FloorError`` or ``LedgerError``; then nothing is booked.
    """
    declared = {account.name: account for account in accounts}
    net: dict[str, int] = {}
    guarded: set[str] = set()
    movements: list[Movement] = []
    units: dict[str, Account] = {}
    for name in touching:
        if name not in declared:
            raise LedgerError("unknown_account", account=name)
        full = resolve(name, party, owner)
        net[full] = 0
        units[full] = declared[name]
    for posting in postings:
        sides = []
        for name in (posting.source, posting.destination):
            account = declared.get(name)
            if account is None:
                raise LedgerError("unknown_account", account=name, kind=posting.kind)
            if account.unit.code != posting.amount.unit.code:
                raise LedgerError(
                    "wrong_unit", account=name, unit=posting.amount.unit.code, kind=posting.kind
                )
            full = resolve(name, party, owner)
            sides.append(full)
            if not name.startswith(HOUSE):
                units[full] = account
        if posting.amount.smallest <= 0:
            raise LedgerError("amount_not_positive", kind=posting.kind)
        if posting.amount.smallest > LARGEST:
            raise LedgerError("too_large", kind=posting.kind)
        source, destination = sides
        for full, change in (
            (source, -posting.amount.smallest),
            (destination, posting.amount.smallest),
        ):
            if not full.startswith(HOUSE):
                net[full] = net.get(full, 0) + change
        if posting.floor is Floor.RESPECTED:
            guarded.add(source)
        known = reversing or {}
        reverses = next((known[kind] for kind in posting.reverses if kind in known), None)
        movements.append(Movement(posting.kind, source, destination, posting.amount, reverses))
    entries = []
    for full, change in net.items():
        last = balances.get(full, OPENING)
        balance = last.amount + change
        account = units[full]
        if max(abs(balance), abs(change)) > LARGEST:
            raise LedgerError("too_large", account=full)
        if full in guarded and account.floor is not None and balance < account.floor:
            raise FloorError(full, Money(account.floor - balance, account.unit))
        entries.append(Entry(full, last.seq + 1, change, balance, account.unit.code))
    return tuple(movements), tuple(entries)


def is_balanced(movements: Sequence[Movement], entries: Sequence[Entry]) -> bool:
    """Whether the entries and the house's sides of the movements sum to zero in every unit."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.unit] = sums.get(entry.unit, 0) + entry.amount
    for movement in movements:
        code = movement.amount.unit.code
        if movement.source.startswith(HOUSE):
            sums[code] = sums.get(code, 0) - movement.amount.smallest
        if movement.destination.startswith(HOUSE):
            sums[code] = sums.get(code, 0) + movement.amount.smallest
    return not any(sums.values())
