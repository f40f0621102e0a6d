"""Rounds of attachments at once: many callers, one contact, one first prescriber.

``python -m tests.gateway.referral_broker.rounds [ROUNDS]`` plays them on a mongod of its own, with
two services that know nothing of each other, and prints what came of each.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from avoir_gateway import store
from avoir_gateway.service import Acted, Declined
from tests.gateway.referral_broker.agency import Agency, clauses, opened, outcome, serving

CALLERS: Final = 16
SECOND: Final = "PR-FIRST-WINS"


@dataclass(frozen=True)
class Attached:
    """One attachment: by whom, when by the system's date, and whether it is the first."""

    prescriber: str
    at: object
    is_first: bool


async def play(agency: Agency, contact: str, chance: random.Random) -> Sequence[Attached]:
    """All callers attach one contact at once, each for a prescriber of his own."""
    callers = list(range(CALLERS))
    chance.shuffle(callers)
    # one of them has another id for the contact, and writes its address in another way
    same = f"{contact}@example.org"
    done = await asyncio.gather(
        *(
            agency.attach(f"P-{n}", contact, by=n, email=same)
            if n
            else agency.attach("P-0", f"{contact}-too", email=same.upper())
            for n in callers
        )
    )
    return [attached(f"P-{n}", one) for n, one in zip(callers, done, strict=True)]


def attached(prescriber: str, done: Acted | Declined) -> Attached:
    """What an attachment came to; it never fails."""
    assert isinstance(done, Acted), done
    assert outcome(done) == "recorded"
    return Attached(prescriber, done.record.at, SECOND not in clauses(done))


def faults(found: Sequence[Attached]) -> list[str]:
    """What of the law does not hold: one is first, and it is the earliest."""
    firsts = [one for one in found if one.is_first]
    wrong = [] if len(firsts) == 1 else [f"{len(firsts)} are first"]
    earliest = min(found, key=lambda one: str(one.at))
    moments = [one for one in found if one.at == earliest.at]
    if firsts and (not earliest.is_first or len(moments) > 1):
        wrong.append(f"{firsts[0].prescriber} is first at {firsts[0].at}, not {earliest}")
    return wrong


async def rounds(uri: str, number: int) -> int:
    """Play so many rounds and print them; how many broke the law."""
    broken = 0
    chance = random.Random(16)
    async with store.connect(uri) as client, store.connect(uri) as other:
        services = [await serving(client["rounds"]), await serving(other["rounds"])]
        agency = await opened(*services, at=None)
        for n in range(number):
            found = await play(agency, f"DURAND-{n}", chance)
            wrong = faults(found)
            broken += bool(wrong)
            first = next((one.prescriber for one in found if one.is_first), "nobody")
            told = "; ".join(wrong) or "the earliest"
            print(f"round {n + 1:>2}: {len(found)} attached, first {first:>4}: {told}")
    print(f"{number} rounds of {CALLERS}, {broken} against the law")
    return broken


def main(arguments: Sequence[str]) -> int:
    """Play on a mongod in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    running = store.start(folder / "data", socket_folder=folder / "s")
    try:
        return 1 if asyncio.run(rounds(running.uri, int((*arguments, "50")[0]))) else 0
    finally:
        running.stop(0)
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
