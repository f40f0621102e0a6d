"""Play a partner's deal on a gateway of its own, and print in Russian what is shown of it.

Run as ``python -m tests.gateway.stories.deal``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_currency

from tests.gateway.stories.deal_story import LANGUAGE, TURNS, Shown, Turn, begin, received
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Tree

UNIT = "RUB"


def line(name: str, text: str) -> str:
    """One line below a turn."""
    return f"    {name:<12}{text}"


def day(moment: date) -> str:
    """A day as it is written in Russian."""
    return format_date(moment, "long", LANGUAGE)


def money(amount: str, unit: str) -> str:
    """An amount as it is written in Russian."""
    return format_currency(Decimal(amount), unit, locale=LANGUAGE)


def following(action: Tree) -> str:
    """An action that may be taken next: by whom, what is missing, and what must come first."""
    told = f"{', '.join(actor['label'] for actor in action['actors'])}: {action['label']}"
    if action["missing"]:
        told += f"; не хватает: {', '.join(fact['label'] for fact in action['missing'])}"
    if action["preconditions"]:
        told += f"; сначала: {', '.join(action['preconditions'])}"
    return told


def page(number: int, turn: Turn, shown: Shown, called: Mapping[str, str]) -> Iterator[str]:
    """What is shown after a turn."""
    case, event = shown.case, shown.event
    at = day(datetime.fromisoformat(turn.at).date())
    yield f"{number:>2}. {at}, {event['actor']['roleLabel']}: {called[turn.step.action]}"
    yield line("исход", shown.decision["label"])
    yield line("состояние", case["stateLabel"])
    yield line("шаг", f"{case['step']['number']} из {case['step']['of']}")
    for action in case["nextActions"]:
        yield line("дальше", following(action))
    if not case["nextActions"]:
        yield line("дальше", "ничего: дело окончено")
    for due in case["deadlines"]:
        until = day(date.fromisoformat(due["date"]))
        yield line("срок", f"{due['label']}: {until} ({due['clause']})")
    if shown.decision["amount"] is not None:
        yield line("сумма", money(**shown.decision["amount"]))
    for moved in event["postings"]:
        amount = money(**moved["amount"])
        yield line("проводка", f"{amount}: {moved['source']} → {moved['destination']}")
    if not event["postings"]:
        yield line("проводка", "нет")
    yield line("остаток", money(shown.balance or "0", UNIT))
    for notice in event["notices"]:
        yield line("уведомление", f"{notice['to']}: {notice['message']}")


def pages(gateway: Gateway) -> Iterator[str]:
    """Play the deal, say after each turn what is shown of it, and in the end who was told what."""
    story = begin(gateway)
    called = story.called()
    case: Tree = {"history": []}
    for number, turn in enumerate(TURNS, 1):
        shown = story.take(turn)
        case = shown.case
        yield from page(number, turn, shown, called)
    for addressee, messages in received(case).items():
        yield f"Уведомления: {addressee}"
        yield from (line(f"{number}.", message) for number, message in enumerate(messages, 1))


def main() -> None:
    """Play it in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    try:
        with Gateway(folder) as gateway:
            for told in pages(gateway):
                print(told)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
