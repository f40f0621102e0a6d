"""The books as a reader of the API sees them: statements, postings, and whether they balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tests.gateway.stories.people import Person

HOUSE: Final = "house:"
STATEMENT: Final = """
query ($name: String!, $after: String) {
  account(name: $name) {
    name seq unit balance { amount unit }
    statement(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node {
        seq action at amount { amount unit } balance { amount unit } case { id }
        postings { kind source destination reverses amount { amount unit } }
      } }
    }
  }
}
"""
HISTORY: Final = """
query ($id: ID!) {
  case(id: $id) {
    revision state facts
    history {
      revision action at state outcome actor { id role }
      decision { outcome state clauses { id } amount { amount unit } }
      postings { kind source destination reverses amount { amount unit } }
      notices { kind to message }
    }
  }
}
"""


@dataclass(frozen=True)
class Posting:
    """An amount that was moved from one account to another."""

    kind: str
    source: str
    destination: str
    amount: Decimal
    unit: str
    reverses: str | None


@dataclass(frozen=True)
class Entry:
    """One line of a statement, with the postings of the action that made it."""

    seq: int
    action: str
    amount: Decimal
    balance: Decimal
    unit: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Account:
    """An account with all its entries, the first one first; its name is the full one."""

    name: str
    balance: Decimal
    unit: str
    entries: tuple[Entry, ...]


def posting(shown: Mapping[str, Any]) -> Posting:
    """A posting as the API shows it."""
    amount = shown["amount"]
    return Posting(
        shown["kind"],
        shown["source"],
        shown["destination"],
        Decimal(amount["amount"]),
        amount["unit"],
        shown["reverses"],
    )


def account(reader: Person, name: str) -> Account:
    """An account, its statement read to the end."""
    lines: list[Mapping[str, Any]] = []
    after: str | None = None
    while True:
        found = reader.ask(STATEMENT, name=name, after=after)["account"]
        assert found is not None, f"there is no account {name}"
        page = found["statement"]
        lines += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    entries = tuple(
        Entry(
            line["seq"],
            line["action"],
            Decimal(line["amount"]["amount"]),
            Decimal(line["balance"]["amount"]),
            line["amount"]["unit"],
            tuple(map(posting, line["postings"])),
        )
        for line in reversed(lines)
    )
    return Account(found["name"], Decimal(found["balance"]["amount"]), found["unit"], entries)


def house_side(postings: Sequence[Posting], unit: str) -> Decimal:
    """What the house gained by postings, in a unit."""
    gained = Decimal(0)
    for moved in postings:
        if moved.unit == unit:
            gained += moved.amount * moved.destination.startswith(HOUSE)
            gained -= moved.amount * moved.source.startswith(HOUSE)
    return gained


def check(books: Account) -> None:
    """Every entry is the net of its postings, runs on from the one before, and sums to zero."""
    running = Decimal(0)
    for number, entry in enumerate(books.entries, 1):
        assert entry.seq == number, f"{books.name} has a gap before {entry.seq}"
        assert {entry.unit, *(moved.unit for moved in entry.postings)} == {books.unit}
        own = sum(
            (
                moved.amount * ((moved.destination == books.name) - (moved.source == books.name))
                for moved in entry.postings
            ),
            Decimal(0),
        )
        assert entry.amount == own, f"{books.name}#{number} is not the net of its postings"
        running += entry.amount
        assert entry.balance == running, f"{books.name}#{number} does not run on"
    assert books.balance == running
    assert total(books) == 0, f"{books.name} and the house do not sum to zero"


def total(books: Account) -> Decimal:
    """The entries of an account and the house's side of their postings, summed."""
    entries = sum((entry.amount for entry in books.entries), Decimal(0))
    moved = [one for entry in books.entries for one in entry.postings]
    return entries + house_side(moved, books.unit)


def history(reader: Person, case: str) -> Mapping[str, Any]:
    """A case with all that was decided on it."""
    found: Mapping[str, Any] = reader.ask(HISTORY, id=case)["case"]
    return found


def net_credited(reader: Person, case: str) -> Decimal:
    """What of the price of a lead the house has given back, over all that was done to it."""
    moved = [
        posting(one) for event in history(reader, case)["history"][1:] for one in event["postings"]
    ]
    return -sum((house_side([one], one.unit) for one in moved), Decimal(0))
