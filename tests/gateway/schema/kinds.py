"""A plugin with a fact of every kind, and facts whose names stand in the way of other fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Final

from avoir.clauses import Document, Effect, Outcome, PostingRule, Table, clause, otherwise
from avoir.facts import (
    Facts,
    Record,
    Source,
    calendar_date,
    choice,
    choices,
    exact,
    flag,
    group,
    instant,
    instants,
    items,
    money,
    text,
    texts,
    whole,
    zone_name,
)
from avoir.hookspecs import API, Plugin, hookimpl
from avoir.kinds import Item
from avoir.ledger import Account
from avoir.lifecycles import Action, Event, Founding, Keyed, Lifecycle, Role, State
from avoir.measures import tolerant_measure
from avoir.money import Unit
from avoir.parameters import Parameters
from avoir.policies import Policy

POINT: Final = Unit("POINT", 0)
TERMS: Final = Document("902", "Every kind", "en", "GB")
ALL: Final = clause("K-ALL", TERMS.lines(1), "Everything is written down.")


class Colour(StrEnum):
    """What something looks like."""

    RED = "red"
    DEEP_BLUE = "deep-blue"
    NO_3 = "3"


class Inner(Item, frozen=True, kw_only=True):
    """An entry within an entry."""

    colour: Annotated[Colour | None, "inner colour"] = None
    size: Annotated[Decimal | None, "inner size"] = None


class Outer(Item, frozen=True, kw_only=True):
    """An entry of a list."""

    on: Annotated[date | None, "day"] = None
    at: Annotated[datetime | None, "moment"] = None
    inner: Annotated[tuple[Inner, ...] | None, "inner entries"] = None
    colours: Annotated[tuple[Colour, ...] | None, "colours in order"] = None


class Deeper(Record):
    """A group within a group."""

    count = whole("deep count")


class Thing(Record):
    """A thing of every kind."""

    id = text("thing")
    deeper = group(Deeper)
    is_big = flag("thing is big")
    count = whole("count of things")
    share = exact("share of things")
    price = money("price in any unit")
    points = money("price in points", unit=POINT)
    seen_at = instant("thing seen")
    made_on = calendar_date("thing made")
    colour = choice(Colour, "colour")
    colours = choices(Colour, "colours")
    entries = items(Outer, "entries")
    visits = instants("visits")
    words = texts("words")


class Someone(Record):
    """A group with the name of the party's role."""

    rating = whole("rating of the professional")


class F(Facts):
    """A fact of every kind."""

    time_zone = zone_name("time zone")
    as_of = instant("moment asked about", source=Source.CLOCK)
    case = text("a fact that is called case")
    thing = group(Thing)
    professional = group(Someone)
    ruling = text("ruling", source=Source.BUSINESS)


class P(Parameters):
    """Nothing to tune."""


DEPOSIT: Final = Table(
    "deposit",
    (
        otherwise(
            ALL,
            Effect(
                Outcome.RECORDED,
                amount=F.thing.points,
                postings=(PostingRule("deposit", "house:points", "professional:points"),),
            ),
        ),
    ),
    moment=F.as_of,
)
TELLING: Final = Table(
    "telling", (otherwise(ALL, Effect(Outcome.RECORDED, "told")),), moment=F.as_of
)
STATED: Final = tuple(
    fact for path, fact in F.by_path.items() if path not in ("time_zone", "as_of", "ruling")
)


@tolerant_measure(F.thing.id, label="state")
def standing(thing: str | None) -> str | None:
    """A thing that has been told of."""
    return None if thing is None else "told"


def history(events: Sequence[Event]) -> Mapping[str, object]:
    """Nothing that the facts would show."""
    return {}


POLICY: Final = Policy(
    key="kinds.every_kind",
    title="Every kind",
    summary="A fact of every kind.",
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=(ALL,),
    lifecycle=Lifecycle(
        states=(State("told", "told of", (ALL,)),),
        actions=(
            Action(
                "tell",
                "tell of a thing",
                frozenset({Role.PLATFORM, Role.PROFESSIONAL}),
                TELLING,
                inputs=STATED,
                requires=(F.thing.id,),
                founding=Founding.OPENS,
                claims=(Keyed("thing", F.thing.id),),
                identifies=F.thing.id,
            ),
            Action(
                "tell_again",
                "tell more of a thing",
                frozenset({Role.PROFESSIONAL}),
                TELLING,
                inputs=STATED,
                requires=(F.professional.rating,),
            ),
            Action(
                "deposit",
                "put points down",
                frozenset({Role.PLATFORM}),
                DEPOSIT,
                inputs=(F.thing.points,),
                requires=(F.thing.points,),
                founding=Founding.ON_AN_ACCOUNT,
            ),
            Action(
                "claim_points",
                "claim points for oneself",
                frozenset({Role.PROFESSIONAL}),
                DEPOSIT,
                inputs=(F.thing.points,),
                requires=(F.thing.points,),
                founding=Founding.ON_AN_ACCOUNT,
            ),
        ),
        derived=(),
        standing=standing,
        history=history,
        as_of=F.as_of,
    ),
    accounts=(
        Account("professional:points", "points of the professional", POINT),
        Account("house:points", "points given", POINT),
    ),
    party=Role.PROFESSIONAL,
    time_zone="Europe/London",
    domain="kinds",
    labels={"red": "bright red", "deep-blue": "deep blue", "3": "the third", "POINT": "points"},
)


def plugin(name: str, *policies: Policy) -> ModuleType:
    """A module that brings a plugin, as an entry point would load it."""

    @hookimpl
    def avoir_plugin() -> Plugin:
        return Plugin(name, API, policies=policies)

    module = ModuleType(f"plugin_{name}")
    module.avoir_plugin = avoir_plugin  # type: ignore[attr-defined]
    return module


def called(key: str) -> Policy:
    """The same policy under another key."""
    return replace(POLICY, key=key)
