"""A partner's deal as it goes over HTTP, in Russian: from a client found to the commission paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from avoir_gateway.schema.names import camel, door
from avoir_referral_broker.partner.policy import POLICY
from tests.gateway.referral_broker.deals import DEAL, PARTNER, Step
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import BROKER, Town, Tree, enrol

LANGUAGE: Final = "ru"
STANDS: Final = """
query ($id: ID!) {
  case(id: $id) {
    revision state stateLabel
    step { number of }
    nextActions { name label actors { role label } missing { path label } preconditions }
    deadlines { kind label date clause }
    history {
      action outcome actor { id role roleLabel }
      postings { kind source destination reverses amount { amount unit } }
      notices { kind to message }
    }
  }
}
"""
CALLED: Final = "query ($key: String!) { policy(key: $key) { actions { name label } } }"

MOMENTS: Final[Sequence[tuple[str, str | None]]] = (
    ("2025-04-21T10:00", None),
    ("2025-04-22T12:00", None),
    ("2025-04-25T15:00", None),
    ("2025-04-28T11:00", None),
    ("2025-04-28T11:30", None),
    # both times holidays and a weekend lie between, which Russia has moved about in 2025
    ("2025-04-30T10:00", "2025-05-06"),
    ("2025-05-05T16:00", None),
    ("2025-05-07T12:00", "2025-05-13"),
    ("2025-05-12T17:00", None),
    ("2025-05-14T10:00", None),
    ("2025-05-16T13:00", None),
    ("2025-05-19T10:00", None),
    ("2025-05-19T17:00", None),
    ("2025-05-21T12:00", None),
    ("2025-05-22T10:00", None),
    ("2025-06-10T14:00", None),
    ("2025-06-16T11:00", None),
    ("2025-06-17T10:00", None),
    ("2025-06-24T12:00", None),
    ("2025-06-26T15:00", None),
    ("2025-06-27T09:00", None),
    ("2025-06-30T16:00", None),
)
"""When each step is taken, in Moscow, and until when the team's analysis is due after it."""


@dataclass(frozen=True)
class Turn:
    """One step of the deal at its moment; ``due`` is the last day of the analysis after it."""

    at: str
    step: Step
    due: str | None

    @property
    def who(self) -> str:
        """Whose turn it is, by the id of the person."""
        return "partner" if self.step.who == PARTNER else self.step.who

    @property
    def mutation(self) -> str:
        """The name of its mutation."""
        return door(POLICY, self.step.action)


TURNS: Final = tuple(
    Turn(f"{at}:00+03:00", step, due) for (at, due), step in zip(MOMENTS, DEAL, strict=True)
)


def spelled(facts: Mapping[str, Any]) -> Tree:
    """Facts as the input of a mutation spells them."""
    return {
        camel(name): spelled(value) if isinstance(value, Mapping) else value
        for name, value in facts.items()
    }


@dataclass(frozen=True)
class Shown:
    """What is shown after a turn: the answer to it, and how the case and the account stand."""

    payload: Tree
    case: Tree
    balance: str | None

    @property
    def decision(self) -> Tree:
        """The decision of the turn."""
        decision: Tree = self.payload["decision"]
        return decision

    @property
    def event(self) -> Tree:
        """What the case tells of the turn."""
        event: Tree = self.case["history"][-1]
        return event


class Story:
    """The deal as it goes in one town; it remembers the case between its turns."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.case: str | None = None

    def take(self, turn: Turn) -> Shown:
        """Take a turn at its moment; gives what is shown after it."""
        self.town.stand_at(turn.at)
        on = {} if self.case is None else {"case": self.case}
        payload = self.town[turn.who].done(turn.mutation, **on, **spelled(turn.step.facts))
        self.case = payload["case"]["id"]
        return Shown(payload, self.stands(), self.town.balance(PARTNER))

    def stands(self, reader: str = "auditor") -> Tree:
        """The case as somebody reads it."""
        case: Tree = self.town[reader].ask(STANDS, id=self.case)["case"]
        return case

    def called(self) -> Mapping[str, str]:
        """What the actions of the policy are called, by their names."""
        policy = self.town["auditor"].ask(CALLED, key=POLICY.key)["policy"]
        return {action["name"]: action["label"] for action in policy["actions"]}


def begin(gateway: Gateway) -> Story:
    """A story in a new town in Moscow, where everybody reads Russian."""
    return Story(
        enrol(
            gateway,
            POLICY.key,
            people=BROKER,
            zone="Europe/Moscow",
            language="ru_RU",
            currency="RUB",
            reads=LANGUAGE,
        )
    )


def received(case: Tree) -> Mapping[str, Sequence[str]]:
    """The messages that each addressee was sent, in order."""
    by_addressee: dict[str, list[str]] = defaultdict(list)
    for event in case["history"]:
        for notice in event["notices"]:
            by_addressee[notice["to"]].append(notice["message"])
    return by_addressee


def texts(shown: Shown) -> list[str]:
    """All that people read of a turn: outcome, state, steps to come, deadlines, notices."""
    case, decision = shown.case, shown.decision
    found = [decision["label"], decision["stateLabel"], case["stateLabel"]]
    found += [due["label"] for due in case["deadlines"]]
    found += [notice["message"] for notice in shown.event["notices"]]
    found.append(shown.event["actor"]["roleLabel"])
    for action in case["nextActions"]:
        found += [action["label"], *action["preconditions"]]
        found += [one["label"] for one in (*action["actors"], *action["missing"])]
    return found
