"""Play the story of conXpros on a gateway of its own, and print the ledger after each step.

Run as ``python -m tests.gateway.stories.ledger``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.gateway.stories import books
from tests.gateway.stories.conxpros_story import BALANCE, STEPS, Step, Story
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Tree, enrol


def page(number: int, step: Step, payload: Tree, account: books.Account) -> Iterator[str]:
    """What the ledger says after a step."""
    decision = payload["decision"]
    cited = " ".join(clause["id"] for clause in decision["clauses"])
    yield f"{number}. {step.at[:10]}  {step.who}: {step.action}"
    yield f"   outcome   {decision['outcome'].lower()}{f'  by {cited}' if cited else ''}"
    yield f"   state     {payload['case']['state'] if payload['case'] else 'no case'}"
    entry = account.entries[-1]
    for moved in entry.postings:
        back = f"  reverses {moved.reverses}" if moved.reverses else ""
        way = f"{moved.source} -> {moved.destination}"
        yield f"   posting   {moved.amount:>8} {moved.unit}  {way}  ({moved.kind}){back}"
    if not entry.postings:
        yield "   posting   none"
    yield f"   entry     {entry.amount:>+8} {entry.unit}  {account.name} #{entry.seq}"
    yield f"   balance   {account.balance:>8} {account.unit}"
    moved_so_far = [one for line in account.entries for one in line.postings]
    house = books.house_side(moved_so_far, account.unit)
    verdict = "sums to zero" if books.total(account) == 0 else "DOES NOT SUM TO ZERO"
    yield f"   books     entries {account.balance:+} and house {house:+}: {verdict}"


def pages(gateway: Gateway) -> Iterator[str]:
    """Play the story, and say after each step what the ledger says."""
    town = enrol(gateway, "conxpros", zone="America/New_York")
    story = Story(town)
    for number, step in enumerate(STEPS, 1):
        payload = story.take(step)
        account = books.account(town["auditor"], BALANCE)
        books.check(account)
        yield from page(number, step, payload, account)


def main() -> None:
    """Play it in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    try:
        with Gateway(folder) as gateway:
            for line in pages(gateway):
                print(line)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
