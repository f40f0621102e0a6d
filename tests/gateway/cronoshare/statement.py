"""The account of a professional over HTTP, printed after each step, in French.

``python -m tests.gateway.cronoshare.statement`` runs a gateway of its own and prints it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, enrol

POLICY: Final = "cronoshareContact"
NAMES: Final = ("cronos", "advances")
STATEMENT: Final = """
query ($name: String!) {
  account(name: $name) {
    label balance { amount formatted }
    statement(first: 100) { edges { node {
      seq at action actionLabel case { id }
      amount { amount formatted } balance { amount formatted }
    } } }
  }
}
"""
MENU: Final = """
query ($id: ID!) {
  case(id: $id) {
    state stateLabel allowedActions deadlines { kind label date }
  }
}
"""


@dataclass(frozen=True)
class Step:
    """One act, its moment, its input, and what it must come to."""

    title: str
    at: str
    who: str
    action: str
    input: Mapping[str, Any]
    on: str | None
    """The offer whose contact it acts on; its own where it buys one."""
    outcome: str
    state: str | None
    cronos: str
    advances: str


def _offer(number: str) -> Mapping[str, Any]:
    return {
        "offer": {"id": number, "commission": "80"},
        "event": {"confirmedOnSite": True},
    }


NO_NEED: Final = {
    "event": {"ground": "CLIENT_NO_NEED_NOW"},
    "client": {"confirmedByClient": True},
}
STEPS: Final = (
    Step(
        "100 cronos sont versés",
        "2025-03-01T09:00:00+01:00",
        "platform",
        "TopUp",
        {"professionalId": "P-1", "topUp": "100"},
        None,
        "RECORDED",
        None,
        "100",
        "0",
    ),
    Step(
        "le contact O-1 est acheté",
        "2025-03-03T10:00:00+01:00",
        "professional",
        "BuyContact",
        _offer("O-1"),
        "O-1",
        "APPROVED",
        "manage",
        "0",
        "0",
    ),
    Step(
        "le contact O-1 est remboursé",
        "2025-03-10T10:00:00+01:00",
        "professional",
        "Refund",
        NO_NEED,
        "O-1",
        "APPROVED",
        "processed_refunded",
        "80",
        "0",
    ),
    Step(
        "le contact O-2 est acheté avec une avance",
        "2025-03-11T10:00:00+01:00",
        "professional",
        "BuyContact",
        _offer("O-2"),
        "O-2",
        "APPROVED",
        "manage",
        "0",
        "-20",
    ),
    Step(
        "le remboursement de O-1 est rectifié",
        "2025-03-12T10:00:00+01:00",
        "professional",
        "Rectify",
        {},
        "O-1",
        "RECORDED",
        "processed_chosen",
        "0",
        "-100",
    ),
)


class Story:
    """The steps in one town; it remembers the case of each offer."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.cases: dict[str, str] = {}

    def take(self, step: Step) -> Mapping[str, Any]:
        """Take a step at its moment; gives what was answered."""
        self.town.stand_at(step.at)
        on = {"case": self.cases[step.on]} if step.on in self.cases else {}
        payload = self.town[step.who].done(f"{POLICY}{step.action}", **on, **step.input)
        if step.on is not None:
            self.cases[step.on] = payload["case"]["id"]
        return payload

    def account(self, name: str) -> Mapping[str, Any]:
        """An account with its statement, as the professional reads it in French."""
        asked = {"name": f"professional:P-1:{name}"}
        found: Mapping[str, Any] = self.town["professional"].ask(STATEMENT, "fr-FR", **asked)
        account: Mapping[str, Any] = found["account"]
        return account

    def menu(self, offer: str) -> Mapping[str, Any]:
        """The contact of an offer as its menu shows it, in French."""
        asked = {"id": self.cases[offer]}
        found: Mapping[str, Any] = self.town["professional"].ask(MENU, "fr-FR", **asked)
        case: Mapping[str, Any] = found["case"]
        return case

    def lines(self) -> Iterator[str]:
        """The statement as it is printed: what changed, and where that left the account."""
        for name in NAMES:
            account = self.account(name)
            yield f"  {account['label']} : {account['balance']['formatted']}"
            for edge in reversed(account["statement"]["edges"]):
                line = edge["node"]
                if line["amount"]["amount"] == "0":
                    continue
                day = datetime.fromisoformat(line["at"]).strftime("%d/%m/%Y")
                yield (
                    f"    {day}  {line['actionLabel']:<50}"
                    f" {line['amount']['formatted']:>12} {line['balance']['formatted']:>12}"
                )
        for offer in self.cases:
            case = self.menu(offer)
            offered = ", ".join(case["allowedActions"]) or "–"
            yield f"  contact {offer} : {case['stateLabel']} ({offered})"


def told(story: Story) -> Iterator[str]:
    """Every step with the statement after it."""
    for number, step in enumerate(STEPS, 1):
        story.take(step)
        yield f"{number}. {step.title}"
        yield from story.lines()
        yield ""


def main() -> None:
    """Run a gateway, play the steps, print the statements."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    try:
        with Gateway(folder) as gateway:
            town = enrol(gateway, "cronoshare", zone="Europe/Paris", language="fr_FR")
            for line in told(Story(town)):
                sys.stdout.write(f"{line}\n")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
