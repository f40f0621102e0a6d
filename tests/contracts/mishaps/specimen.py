"""The smallest policy that is right, for the plugins that are wrong in another way."""

from __future__ import annotations

from datetime import date

from avoir.clauses import Clause, Document, Effect, Outcome, Table, clause, otherwise
from avoir.conditions import Constant
from avoir.facts import Facts, instant
from avoir.lifecycles import Action, Lifecycle, Role
from avoir.parameters import Parameters
from avoir.policies import Policy

TERMS = Document("specimen", "Specimen", "en", "GB")
NOTHING = clause("SPECIMEN-NOTHING", TERMS.lines(1), "Nothing is given back.")


class F(Facts):
    """The moment is all there is."""

    at = instant("moment")


class P(Parameters):
    """None."""


TABLE = Table("request", (otherwise(NOTHING, Effect(Outcome.REFUSED)),), moment=F.at)


def policy(key: str, *besides: Clause) -> Policy:
    """A policy of that key, with further clauses in its catalogue."""
    return Policy(
        key=key,
        title="Specimen",
        summary="Nothing is given back.",
        version="1",
        effective_from=date(2025, 1, 1),
        facts=F,
        parameters=P,
        catalogue=(NOTHING, *besides),
        lifecycle=Lifecycle(
            states=(),
            actions=(Action("request", "request", frozenset({Role.PROFESSIONAL}), TABLE),),
            derived=(),
            standing=Constant("nowhere"),
            history=lambda events: {},
            as_of=F.at,
        ),
        accounts=(),
        party=Role.PROFESSIONAL,
        time_zone="UTC",
        domain="specimen",
    )
