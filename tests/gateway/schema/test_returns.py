"""Returns over GraphQL: figures with their totals by period and party, and outcomes by clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
import pytest

from avoir.lifecycles import Role
from avoir_gateway.service import Service
from avoir_gateway.store import ParameterValues
from tests.gateway.schema.conftest import NOON, Ask, Asking
from tests.gateway.schema.leads import POLICY, RETURNS, bought, converted, lived, plain
from tests.gateway.store.specimens import record

MARCH: Final = {
    "bought": 2, "paid": "240.00", "requests": 2, "credited": 1, "credits": "120.00",
    "credited_share": "0.5000", "credits_share": "0.5000", "converted": 1,
    "conversion_rate": "0.5000",
}  # fmt: skip
APRIL: Final = {
    "bought": 4, "paid": "480.00", "requests": 0, "credited": 0, "credits": "0.00",
    "credited_share": None, "credits_share": "0.0000", "converted": 1,
    "conversion_rate": "0.2500",
}  # fmt: skip
ALL: Final = {
    "bought": 6, "paid": "720.00", "requests": 2, "credited": 1, "credits": "120.00",
    "credited_share": "0.5000", "credits_share": "0.1667", "converted": 2,
    "conversion_rate": "0.3333",
}  # fmt: skip


@pytest.fixture
async def year(platform: Asking, professional: Asking, reviewer: Asking) -> dict[str, str]:
    """The leads of a year, by their numbers."""
    return await lived(platform, professional, reviewer)


async def test_the_returns_of_a_year(ask: Ask, year: dict[str, str]) -> None:
    """A case counts in the month in which it was opened, whenever something came of it; shares
    are null where there is nothing, and the totals are of all months."""
    returns = (await ask(Role.AUDITOR)(RETURNS))["returns"]
    assert returns["from"] == "2024-05-01"
    assert returns["to"] == "2025-05-01"
    assert (returns["period"], returns["timeZone"]) == ("MONTH", "America/Toronto")
    figures = returns["figures"]
    rows = [(row["start"], row["party"], plain(row["values"])) for row in figures["rows"]]
    assert rows == [("2025-03-01", None, MARCH), ("2025-04-01", None, APRIL)]
    assert plain(figures["totals"]) == ALL
    assert not figures["more"]
    assert returns["pipeline"] is None


async def test_outcomes_by_clause(ask: Ask, year: dict[str, str]) -> None:
    """What was settled is counted by outcome and the clause that decided, with what it booked; a
    ruling that confirms what was recommended by the clause of the recommendation."""
    outcomes = (await ask(Role.AUDITOR)(RETURNS))["returns"]["outcomes"]
    assert outcomes == {
        "rows": [
            {
                "start": "2025-03-01",
                "party": None,
                "outcome": "APPROVED",
                "label": "approved",
                "clause": {"id": "XS-ALREADY-CONTRACT"},
                "count": 1,
                "amount": {"amount": "120.00", "unit": "CAD"},
            },
            {
                "start": "2025-03-01",
                "party": None,
                "outcome": "REFUSED",
                "label": "refused",
                "clause": {"id": "XS-DELAY-MIN"},
                "count": 1,
                "amount": None,
            },
        ],
        "more": False,
    }


async def test_a_clause_that_is_gone_is_shown_by_its_id(service: Service, ask: Ask) -> None:
    """What an earlier version of a policy decided is counted, though its clause is no more."""
    who = ask(Role.AUDITOR)
    gone = msgspec.structs.replace(
        record(tenant=who.tenant.id, policy=POLICY, at=NOON),
        decision={"outcome": "refused", "takes_effect": "at_once", "clauses": ["XS-GONE"]},
    )
    await service.stores.journal.append(gone)
    await service.stores.projections.apply([gone])
    query = """{ returns(policy: "xpertsource.lead_credit") {
      outcomes { rows { count clause { id text citation { document lines } } } }
    } }"""
    rows = (await who(query))["returns"]["outcomes"]["rows"]
    shown = {"id": "XS-GONE", "text": "XS-GONE", "citation": {"document": "", "lines": []}}
    assert rows == [{"count": 1, "clause": shown}]


async def test_the_figures_say_what_they_are(ask: Ask, year: dict[str, str]) -> None:
    """Columns have a name, a label, what they are and in which unit; the conversion is held
    against the one in five of the terms, which rest beside it."""
    query = """{ returns(policy: "xpertsource.lead_credit") {
      clauses { id text citation { document lines } }
      columns { name label kind unit benchmark }
    } }"""
    returns = (await ask(Role.AUDITOR)(query))["returns"]
    columns = {column.pop("name"): column for column in returns["columns"]}
    assert list(columns) == list(ALL)
    assert columns["bought"] == {
        "label": "leads bought", "kind": "COUNT", "unit": None, "benchmark": None
    }  # fmt: skip
    assert columns["credits"]["kind"] == "MONEY"
    assert columns["credits"]["unit"] == "CAD"
    assert (columns["conversion_rate"]["kind"], columns["conversion_rate"]["benchmark"]) == (
        "SHARE",
        "0.20",
    )
    assert returns["clauses"][0]["id"] == "XS-CONVERSION-1IN5"
    assert returns["clauses"][0]["citation"] == {"document": "000", "lines": [9]}


async def test_a_tuned_benchmark_is_the_one_in_force(
    service: Service, operator: Asking, ask: Ask
) -> None:
    """Shares are held against the parameter as the tenant has set it for today."""
    await service.stores.parameters.set(
        ParameterValues(
            tenant=operator.tenant.id,
            policy=POLICY,
            effective_from=date(2025, 1, 1),
            values={"conversion_benchmark": "0.25"},
            set_by="operator",
            at=NOON,
        )
    )
    query = '{ returns(policy: "xpertsource.lead_credit") { columns { name benchmark } } }'
    columns = (await ask(Role.AUDITOR)(query))["returns"]["columns"]
    assert {"name": "conversion_rate", "benchmark": "0.25"} in columns


SPANS: Final[Sequence[tuple[dict[str, str], list[str]]]] = (
    ({"period": "WHOLE"}, ["2024-05-01"]),
    ({"period": "YEAR"}, ["2025-01-01"]),
    ({"period": "QUARTER"}, ["2025-01-01", "2025-04-01"]),
    ({"period": "WEEK"}, ["2025-03-03", "2025-03-31", "2025-04-28"]),
    ({"period": "DAY"}, ["2025-03-03", "2025-03-04", "2025-04-02", "2025-04-30"]),
    ({"timeZone": "UTC"}, ["2025-03-01", "2025-04-01", "2025-05-01"]),
    ({"from": "2025-03-04", "to": "2025-04-03"}, ["2025-03-01", "2025-04-01"]),
    ({"from": "2025-03-05", "to": "2025-04-02"}, []),
    ({"to": "2025-04-01"}, ["2025-03-01"]),
    ({"from": "2025-04-01"}, ["2025-04-01"]),
    ({"from": "2005-05-01", "period": "YEAR"}, ["2025-01-01"]),
)


async def test_spans_and_periods(ask: Ask, year: dict[str, str]) -> None:
    """Rows stand for the periods of the days asked for, as they begin in the time zone."""
    who = ask(Role.AUDITOR)
    for asked, starts in SPANS:
        figures = (await who(RETURNS, **asked))["returns"]["figures"]
        assert [row["start"] for row in figures["rows"]] == starts, asked


async def test_returns_of_each_party(ask: Ask, year: dict[str, str]) -> None:
    """Where rows go by party each has its own, and the totals are of them all; of one party they
    are that party's alone."""
    staff = ask(Role.AUDITOR)
    figures = (await staff(RETURNS, byParty=True))["returns"]["figures"]
    rows = [(row["start"], row["party"], plain(row["values"])["bought"]) for row in figures["rows"]]
    one, other = "professional:P-1", "professional:P-2"
    assert rows == [
        ("2025-03-01", one, 2), ("2025-04-01", one, 1), ("2025-04-01", other, 3)
    ]  # fmt: skip
    assert plain(figures["totals"]) == ALL
    figures = (await staff(RETURNS, party=other))["returns"]["figures"]
    assert [(row["start"], row["party"]) for row in figures["rows"]] == [("2025-04-01", None)]
    assert plain(figures["totals"])["bought"] == 3


async def test_rows_are_cut_where_asked(ask: Ask, year: dict[str, str]) -> None:
    """So many rows are shown as are asked for, and whether there are more; totals are of all."""
    figures = (await ask(Role.AUDITOR)(RETURNS, first=1))["returns"]["figures"]
    assert [row["start"] for row in figures["rows"]] == ["2025-03-01"]
    assert figures["more"]
    assert plain(figures["totals"]) == ALL
    outcomes = (await ask(Role.AUDITOR)(RETURNS, first=1))["returns"]["outcomes"]
    assert (len(outcomes["rows"]), outcomes["more"]) == (1, True)


SPOKEN: Final = (
    ("en_CA", "33.33%", "$120.00", "approved"),
    ("fr_CA", "33,33\N{NO-BREAK SPACE}%", "120,00\N{NO-BREAK SPACE}$", "approuvé"),
    ("ru", "33,33\N{NO-BREAK SPACE}%", "120,00\N{NO-BREAK SPACE}CA$", "одобрено"),
)


async def test_values_as_they_are_read(ask: Ask, year: dict[str, str]) -> None:
    """Counts, amounts and shares are formatted for the reader; what is unknown is null."""
    for tag, share, credits, outcome in SPOKEN:
        returns = (await ask(Role.AUDITOR, tag=tag)(RETURNS))["returns"]
        shown = {one["name"]: one["formatted"] for one in returns["figures"]["totals"]}
        assert (shown["bought"], shown["conversion_rate"], shown["credits"]) == (
            "6",
            share,
            credits,
        )
        april = returns["figures"]["rows"][1]["values"]
        assert next(one for one in april if one["name"] == "credited_share")["formatted"] is None
        assert returns["outcomes"]["rows"][0]["label"] == outcome


# -- leads that became a sale -------------------------------------------------------------------


async def test_a_sale_is_recorded_once(platform: Asking, ask: Ask) -> None:
    """The platform records that a lead became a sale, in whatever state and once; the state stays,
    and nobody else may."""
    case = await bought(platform, "L-1", "P-1", "2025-03-03T10:00:00-05:00")
    payload = await converted(platform, case)
    assert payload["decision"]["outcome"] == "RECORDED"
    assert payload["case"]["state"] == "waiting_period"
    again = await converted(platform, case, "again")
    assert [error["code"] for error in again["userErrors"]] == ["CONFLICT"]
    professional = ask(Role.PROFESSIONAL, "professional:P-1")
    query = "query ($id: ID!) { case(id: $id) { state revision allowedActions } }"
    shown = (await professional(query, id=case))["case"]
    assert (shown["state"], shown["revision"]) == ("waiting_period", 2)
    assert "record_conversion" not in shown["allowedActions"]
    refused = await converted(professional, case, "mine")
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
