"""Returns: what is added up in the store is what the records come to, whatever they are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avoir.clauses import Effective, Outcome
from avoir.money import Money, Unit
from avoir.returns import Events
from avoir_gateway.store import (
    Database,
    FigureRow,
    Figures,
    FigureSums,
    Period,
    Projections,
    Record,
    Span,
    Stage,
)
from avoir_gateway.store.counting import counting_figures, counting_outcomes, index_for, offsets
from avoir_gateway.store.records import Deadline, to_document
from tests.gateway.store.folding import (
    ACTIONS,
    FIGURES,
    POLICY,
    STATELESS,
    Deed,
    Life,
    folded,
    folded_outcomes,
    lives,
    made,
    spans,
)
from tests.gateway.store.specimens import NOON, record

ANY = Events(ACTIONS)
YEAR = Span(
    tenant="t-1", policy=POLICY, start=date(2026, 1, 1), end=date(2027, 1, 1), time_zone="UTC"
)
_tenants = count(1)


@pytest.fixture
def figures(database: Database) -> Figures:
    """The reader of the figures."""
    return Figures(database)


async def keep(database: Database, records: Sequence[Record]) -> None:
    """Put records into the journal as they are, all at once."""
    if records:
        await database["journal"].insert_many([to_document(one) for one in records])


on_the_store = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@on_the_store
@given(lives=lives, span=spans(), chance=st.randoms(use_true_random=False))
async def test_the_sums_are_those_of_a_plain_fold(
    database: Database,
    projections: Projections,
    figures: Figures,
    lives: list[Life],
    span: Span,
    chance: random.Random,
) -> None:
    """Figures, their totals and outcomes are what the same records come to by hand, in whatever
    order, and however often, the records were applied."""
    span = msgspec.structs.replace(span, tenant=f"t-{next(_tenants)}")
    records = made(lives, span.tenant)
    await keep(database, records)
    shuffled = records + chance.sample(records, len(records) // 2)
    chance.shuffle(shuffled)
    size = chance.randint(1, 5)
    for at in range(0, len(shuffled), size):
        await projections.apply(shuffled[at : at + size])
    for measured in (FIGURES, STATELESS):
        rows = folded(records, span, measured)
        totals = tuple(sum(row.values[n] for row in rows) for n in range(len(measured)))
        assert await figures.sums(span, measured) == FigureSums(tuple(rows), totals)
        first = chance.randint(1, 4)
        cut = FigureSums(tuple(rows[:first]), totals, len(rows) > first)
        assert await figures.sums(span, measured, first) == cut
    for events in (ANY, *(figure.of for figure in FIGURES)):
        came = await figures.outcomes(span, events)
        assert list(came.rows) == folded_outcomes(records, span, events)


@settings(on_the_store, max_examples=5)
@given(lives=lives, span=spans())
async def test_a_rebuild_gives_the_same_figures(
    database: Database,
    projections: Projections,
    figures: Figures,
    lives: list[Life],
    span: Span,
) -> None:
    """What is made again from the journal comes to the same."""
    span = msgspec.structs.replace(span, tenant=f"t-{next(_tenants)}")
    records = made(lives, span.tenant)
    await keep(database, records)
    await projections.rebuild()
    sums = await figures.sums(span, FIGURES)
    assert list(sums.rows) == folded(records, span, FIGURES)


def open_cases(number: int, tenant: str = "t-1", party: str = "prescriber:A") -> list[Record]:
    """So many cases, one a day from the beginning of 2026, each opened and asked about."""
    records = []
    for n in range(number):
        at = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n)
        for revision, action in enumerate(("open", "ask"), 1):
            one = record(
                tenant=tenant,
                policy=POLICY,
                case=f"{party}-{n}",
                revision=revision,
                party=party,
                at=at,
            )
            decision: Any = {"outcome": "recorded", "takes_effect": "at_once", "clauses": []}
            records.append(msgspec.structs.replace(one, action=action, decision=decision))
    return records


async def test_rows_end_where_they_are_cut(
    database: Database, projections: Projections, figures: Figures
) -> None:
    """So many rows are given as are asked for, the earliest first, and whether there are more; the
    totals are of all of them."""
    await projections.apply(open_cases(5))
    by_day = msgspec.structs.replace(YEAR, period=Period.DAY)
    whole = await figures.sums(by_day, FIGURES[:1])
    assert (whole.totals, whole.more) == ((5,), False)
    assert whole.rows == tuple(FigureRow(date(2026, 1, n), None, (1,)) for n in range(1, 6))
    for first in (1, 4, 5, 6):
        cut = await figures.sums(by_day, FIGURES[:1], first)
        assert cut == FigureSums(whole.rows[:first], (5,), first < 5)
        outcomes = await figures.outcomes(by_day, ANY, first)
        assert len(outcomes.rows) == min(first, 5)
        assert outcomes.more is (first < 5)


async def test_nothing_comes_to_nothing(projections: Projections, figures: Figures) -> None:
    """Where no case was opened there are no rows, and the totals are nought."""
    await projections.apply(open_cases(3))
    for span in (
        msgspec.structs.replace(YEAR, tenant="t-2"),
        msgspec.structs.replace(YEAR, policy="specimen.other"),
        msgspec.structs.replace(YEAR, party="prescriber:B"),
        msgspec.structs.replace(YEAR, start=date(2026, 1, 4)),
        msgspec.structs.replace(YEAR, start=date(2025, 1, 1), end=date(2026, 1, 1)),
    ):
        nothing = FigureSums((), (0,) * len(FIGURES))
        assert await figures.sums(span, FIGURES) == nothing
        assert await figures.sums(span, FIGURES, 10) == nothing
        assert (await figures.outcomes(span, ANY)).rows == ()


async def test_sums_beyond_64_bits_are_exact(
    database: Database, projections: Projections, figures: Figures
) -> None:
    """Where a sum no longer fits into the numbers of the store it is still no float."""
    most, cents = 2**63 - 1, Unit("EUR", 2)
    deed = Deed(
        action="rule",
        state="done",
        outcome=Outcome.APPROVED,
        effective=Effective.AT_ONCE,
        clauses=("FIRST",),
        amount=Money(most, cents),
        booked=Money(most, cents),
        confirms=None,
        hours=0,
    )
    life = Life("prescriber:A", datetime(2026, 3, 1, tzinfo=UTC), (deed, deed, deed))
    await projections.apply(made([life, life], "t-1"))
    names = [figure.name for figure in FIGURES]
    for first in (None, 1):
        sums = await figures.sums(YEAR, FIGURES, first)
        totals = dict(zip(names, sums.totals, strict=True))
        assert (totals["booked"], totals["due"], totals["settled"]) == (6 * most, 2 * most, 2)
    (row,) = (await figures.outcomes(YEAR, ANY)).rows
    assert (row.count, row.booked, row.unit) == (6, 6 * most, "EUR")


async def test_texts_are_texts(projections: Projections, figures: Figures) -> None:
    """What looks like a field or an operator of the store is counted as what it is."""
    odd = [
        msgspec.structs.replace(one, action="$case", party="prescriber:$ne")
        for one in open_cases(2)
    ]
    await projections.apply(odd)
    span = msgspec.structs.replace(YEAR, party="prescriber:$ne", by_party=True)
    (row,) = (await figures.outcomes(span, Events(("$case",)))).rows
    assert (row.party, row.count) == ("prescriber:$ne", 4)
    assert (await figures.outcomes(span, Events(("$action",)))).rows == ()


# -- how it is read -----------------------------------------------------------------------------


async def plan(
    database: Database, span: Span, pipeline: list[Any], collection: str = "figures"
) -> tuple[Any, Any]:
    """The plan of the scan of a collection in an aggregation, and what the scan looked at."""
    explained = await database.command(
        {
            "explain": {
                "aggregate": "figures",
                "pipeline": pipeline,
                "cursor": {},
                "hint": index_for(span),
            },
            "verbosity": "executionStats",
        }
    )
    stages: Any = explained.get("stages", [])
    for stage in stages if collection != "figures" else ():
        if stage.get("$unionWith", {}).get("coll") == collection:
            stages = stage["$unionWith"]["pipeline"]
    found: Any = stages[0]["$cursor"] if stages else explained
    return found["queryPlanner"]["winningPlan"], found["executionStats"]


def stages_of(plan: Any) -> list[Any]:
    """The stages of a plan, the outermost first."""
    plan = plan.get("queryPlan", plan)
    return [plan, *stages_of(plan["inputStage"])] if "inputStage" in plan else [plan]


@pytest.mark.parametrize("period", Period)
async def test_returns_are_read_from_one_range_of_an_index(
    database: Database, projections: Projections, period: Period
) -> None:
    """Figures and outcomes walk the keys of their span, their actions and their tenant, and no
    document at all."""
    await projections.apply([*open_cases(40), *open_cases(40, tenant="t-2")])
    span = msgspec.structs.replace(
        YEAR, start=date(2026, 1, 11), end=date(2026, 1, 21), period=period, by_party=True
    )
    for pipeline, actions in (
        (counting_figures(span, STATELESS[:1]), 1),
        (counting_figures(span, FIGURES), 4),
        (counting_outcomes(span, Events(("ask",))), 1),
    ):
        winning, statistics = await plan(database, span, pipeline)
        scan = stages_of(winning)[-1]
        assert (scan["stage"], scan["indexName"]) == ("IXSCAN", "for_returns")
        assert "FETCH" not in [stage["stage"] for stage in stages_of(winning)]
        assert statistics["totalDocsExamined"] == 0
        # The scan of an action looks at one key behind its range, and seeks the next action.
        assert statistics["totalKeysExamined"] <= actions * 10 + 2 * actions + 2


async def test_the_states_of_cases_are_read_from_an_index(
    database: Database, projections: Projections
) -> None:
    """Figures of cases that stand somewhere walk one more key for each case, and no document."""
    await projections.apply([*open_cases(40), *open_cases(40, tenant="t-2")])
    span = msgspec.structs.replace(YEAR, start=date(2026, 1, 11), end=date(2026, 1, 21))
    pipeline = counting_figures(span, FIGURES)
    winning, statistics = await plan(database, span, pipeline, "cases")
    scan = stages_of(winning)[-1]
    assert (scan["stage"], scan["indexName"]) == ("IXSCAN", "for_returns")
    assert (statistics["totalKeysExamined"], statistics["totalDocsExamined"]) == (10, 0)


async def test_a_party_walks_its_own_records_only(
    database: Database, projections: Projections
) -> None:
    """The returns of one party read the documents of that party and of no other."""
    await projections.apply([*open_cases(40), *open_cases(40, party="prescriber:B")])
    span = msgspec.structs.replace(YEAR, end=date(2026, 1, 11), party="prescriber:B")
    for pipeline in (counting_figures(span, FIGURES), counting_outcomes(span, ANY)):
        _, statistics = await plan(database, span, pipeline)
        assert statistics["totalDocsExamined"] == 20
        assert statistics["totalKeysExamined"] <= 21


@pytest.mark.parametrize(
    ("time_zone", "changes"),
    [
        ("UTC", []),
        ("Asia/Kathmandu", []),
        ("America/Toronto", ["2018-03-11T07:00:00", "2018-11-04T06:00:00"]),
        ("America/Sao_Paulo", ["2018-02-18T02:00:00", "2018-11-04T03:00:00"]),
    ],
)
def test_the_clocks_change_to_the_second(time_zone: str, changes: list[str]) -> None:
    """The offsets of a year change exactly when the clocks did."""
    start, end = datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)
    found = offsets(time_zone, start, end)
    moments = [datetime.fromisoformat(change).replace(tzinfo=UTC) for change in changes]
    assert [until for until, _ in found] == [*moments, end]


# -- where the cases stand ----------------------------------------------------------------------


def standing(case: str, state: str, at: datetime, *due: datetime, **other: Any) -> Record:
    """A case in a state, with what is due in it."""
    deadlines = tuple(
        Deadline(
            kind="answer_due",
            date=moment.date(),
            ends_at=moment,
            time_zone="UTC",
            clause="C-DUE",
        )
        for moment in due
    )
    one = record(policy=POLICY, case=case, state=state, at=at, **other)
    return msgspec.structs.replace(one, deadlines=deadlines)


async def test_where_cases_stand(projections: Projections, figures: Figures) -> None:
    """Cases are counted by state in the order asked for, with those past what is due in the states
    where it is due, and since when the oldest waits; a state without cases is there too."""
    hour = timedelta(hours=1)
    await projections.apply(
        [
            standing("a", "asked", NOON - 5 * hour, NOON - hour),
            standing("b", "asked", NOON - 9 * hour, NOON - hour, party="professional:P-2"),
            standing("c", "asked", NOON - 2 * hour, NOON),
            standing("d", "done", NOON - 7 * hour, NOON - hour),
            standing("e", "new", NOON - 8 * hour, tenant="t-2"),
            standing("f", "elsewhere", NOON),
        ]
    )
    asked = {"at": NOON, "due": "answer_due", "due_in": ["asked"]}
    stages = await figures.pipeline("t-1", POLICY, ["done", "new", "asked"], **asked)  # type: ignore[arg-type]
    assert stages == (
        Stage("done", 1, 0, NOON - 7 * hour),
        Stage("new"),
        Stage("asked", 3, 2, NOON - 9 * hour),
    )
    own = await figures.pipeline("t-1", POLICY, ["asked"], party="professional:P-1", **asked)  # type: ignore[arg-type]
    assert own == (Stage("asked", 2, 1, NOON - 5 * hour),)
    plain = await figures.pipeline("t-1", POLICY, ["asked"], at=NOON)
    assert plain == (Stage("asked", 3, 0, NOON - 9 * hour),)
