"""``avoir report``: what it writes, and how it ends."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Stores
from tests.gateway.http.commanding import run
from tests.gateway.store.specimens import entry, record

POLICY = "xpertsource.lead_credit"
PARTNERS = "referral_broker.partner"
YEAR = ("--from", "2026-01-01", "--to", "2027-01-01")
FIGURES = [
    "bought",
    "paid",
    "paid_unit",
    "requests",
    "credited",
    "credits",
    "credits_unit",
    "credited_share",
    "credits_share",
    "converted",
    "conversion_rate",
]


def made(
    case: str, revision: int, action: str, at: str, booked: int | None = None, **decision: Any
) -> store.Record:
    """A record of a lead, of which this was decided."""
    party = f"professional:{case[0]}"
    moved = () if booked is None else (entry(revision, f"{party}:{case}", booked, 0),)
    one = record(case=case, revision=revision, party=party, policy=POLICY, entries=moved)
    amount = decision.pop("amount", None)
    known: dict[str, Any] = {
        "takes_effect": "at_once",
        "clauses": [],
        "amount": amount and {"amount": amount, "unit": "CAD"},
        **decision,
    }
    moment = datetime.fromisoformat(at).replace(hour=12, tzinfo=UTC)
    return msgspec.structs.replace(one, action=action, at=moment, decision=known)


RECORDS = (
    made("A-1", 1, "purchase", "2026-01-05", -12000, outcome="recorded", amount="120.00"),
    made("A-1", 2, "request_credit", "2026-02-01", outcome="refused", clauses=["XS-DELAY-MIN"]),
    made("A-1", 3, "rule", "2026-02-03", 12000, outcome="approved", amount="120.00",
         clauses=["XS-DISCRETION"]),
    made("B-1", 1, "purchase", "2026-01-06", -9999, outcome="recorded", amount="99.99"),
    made("B-2", 1, "purchase", "2026-03-01", -5, outcome="recorded", amount="0.05"),
    made("B-2", 2, "record_conversion", "2026-03-02", outcome="recorded"),
)  # fmt: skip


def tenant(id: str, *plugins: str) -> store.Tenant:
    """A tenant in Toronto."""
    return store.Tenant(
        id=id,
        name=id,
        language="en",
        time_zone="America/Toronto",
        currency="CAD",
        plugins=plugins,
        kind=store.TenantKind.TEST,
        clock=datetime(2026, 3, 16, 12, tzinfo=UTC),
    )


@pytest.fixture
async def stores(at_home: str, client: store.Client) -> AsyncIterator[Stores]:
    """A store whose figures were never made: two tenants, and the leads of one of them."""
    made = stores_in(client[at_home])
    await lay_out(made)
    await made.tenants.add(tenant("t-1", "xpertsource", "cronoshare", PARTNERS))
    await made.tenants.add(tenant("t-2"))
    for one in RECORDS:
        await made.journal.append(one)
    yield made
    await client.drop_database(at_home)


def table(written: str) -> list[dict[str, str]]:
    """The lines of a table by the names of its columns."""
    return list(csv.DictReader(io.StringIO(written)))


async def test_the_figures_of_a_year(stores: Stores, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each month and one for them all: counts and exact decimals under names that do
    not change, with the unit of each amount beside it; what is unknown is empty."""
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[0] == ",".join(["period", *FIGURES])
    rows = [list(row.values()) for row in table(said.out)]
    assert rows == [
        ["2026-01-01", "2", "219.99", "CAD", "1", "1", "120.00", "CAD", "1.0000", "0.5455", "0",
         "0.0000"],
        ["2026-03-01", "1", "0.05", "CAD", "0", "0", "0.00", "CAD", "", "0.0000", "1", "1.0000"],
        ["total", "3", "220.04", "CAD", "1", "1", "120.00", "CAD", "1.0000", "0.5454", "1",
         "0.3333"],
    ]  # fmt: skip


async def test_lines_by_party_and_period(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines go by party where asked, and stand for other periods."""
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR, "--by", "party") == 0
    rows = table(capsys.readouterr().out)
    assert [(row["period"], row["party"], row["bought"]) for row in rows] == [
        ("2026-01-01", "professional:A", "1"),
        ("2026-01-01", "professional:B", "1"),
        ("2026-03-01", "professional:B", "1"),
        ("total", "", "3"),
    ]
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR, "--period", "whole") == 0
    rows = table(capsys.readouterr().out)
    assert [(row["period"], row["bought"]) for row in rows] == [("2026-01-01", "3"), ("total", "3")]
    assert await run("report", POLICY, "--tenant", "t-1") == 0
    rows = table(capsys.readouterr().out)
    assert rows[-1]["bought"] == "3"


async def test_outcomes_by_clause(stores: Stores, capsys: pytest.CaptureFixture[str]) -> None:
    """Outcomes have their clause, their number and what they booked."""
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR, "--part", "outcomes") == 0
    assert capsys.readouterr().out == (
        "period,outcome,clause,count,booked,booked_unit\n"
        "2026-01-01,approved,XS-DISCRETION,1,120.00,CAD\n"
        "2026-01-01,refused,XS-DELAY-MIN,1,,\n"
    )
    options = ("--part", "outcomes", "--by", "party", "--period", "year")
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR, *options) == 0
    rows = table(capsys.readouterr().out)
    assert [(row["period"], row["party"]) for row in rows] == [("2026-01-01", "professional:A")] * 2


async def test_where_the_cases_stand(stores: Stores, capsys: pytest.CaptureFixture[str]) -> None:
    """A process has a line for each of its states, those without cases too, with its step, how
    many stand there, how many of them are overdue, and since when the oldest waits."""
    ends_at = datetime(2026, 3, 13, 20, tzinfo=UTC)
    due = store.Deadline(
        kind="analysis_due",
        date=ends_at.date(),
        ends_at=ends_at,
        time_zone="Europe/Moscow",
        clause="BP-06-2BD",
    )
    for number, deadlines in enumerate(((due,), ())):
        deal = record(
            case=f"D-{number}",
            policy=PARTNERS,
            party="partner:A",
            state="team_analysis",
            at=datetime(2026, 3, 11 + number, 9, tzinfo=UTC),
        )
        await stores.journal.append(msgspec.structs.replace(deal, deadlines=deadlines))
    assert await run("report", PARTNERS, "--tenant", "t-1", "--part", "pipeline") == 0
    rows = {row["state"]: list(row.values())[1:] for row in table(capsys.readouterr().out)}
    assert rows["team_analysis"] == ["6", "2", "1", "2026-03-11T09:00:00+00:00"]
    assert rows["commission_paid"] == ["12", "0", "0", ""]


MISTAKES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "tenant": ((POLICY, "--tenant", "nobody"), "There is no tenant nobody."),
    "no text": ((POLICY, "--tenant", "\udcff"), r"There is no tenant \udcff."),
    "no tenant": ((POLICY,), "Missing option '--tenant'."),
    "policy": (("xpertsource.none", "--tenant", "t-1"), "There is no policy “xpertsource.none”."),
    "not enabled": (
        (POLICY, "--tenant", "t-2"),
        "The tenant t-2 has not enabled xpertsource.lead_credit.",
    ),
    "no returns": (
        ("cronoshare.contact", "--tenant", "t-1"),
        "The policy cronoshare.contact has no returns.",
    ),
    "no pipeline": (
        (POLICY, "--tenant", "t-1", "--part", "pipeline"),
        "The returns of xpertsource.lead_credit have no such part: pipeline.",
    ),
    "date": (
        (POLICY, "--tenant", "t-1", "--from", "1 March"),
        "“1 March” is no date: write it as 2026-03-31.",
    ),
    "short date": ((POLICY, "--tenant", "t-1", "--to", "20260301"), "“20260301” is no date"),
    "day": ((POLICY, "--tenant", "t-1", "--to", "2026-02-30"), "“2026-02-30” is no date"),
    "span": (
        (POLICY, "--tenant", "t-1", "--from", "2026-03-02", "--to", "2026-03-01"),
        "From March 2, 2026 to before March 1, 2026 is no span of at most 20 years.",
    ),
    "period": ((POLICY, "--tenant", "t-1", "--period", "decade"), "'decade' is not one of"),
    "part": ((POLICY, "--tenant", "t-1", "--part", "all"), "'all' is not one of"),
    "by": ((POLICY, "--tenant", "t-1", "--by", "day"), "'day' is not"),
}


async def test_mistakes_end_it_with_a_line(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever cannot be asked ends the command with 2 and one line that says why."""
    for what, (arguments, why) in MISTAKES.items():
        assert await run("report", *arguments) == 2, what
        said = capsys.readouterr()
        assert said.out == "", what
        (line,) = said.err.splitlines()
        assert line.startswith(f"avoir: {why}") or why in line, what


async def test_it_is_read_from_what_the_journal_holds(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    """An installation whose figures are behind is brought up before they are counted."""
    assert await stores.projections.behind()
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR) == 0
    assert not await stores.projections.behind()
    later = made("C-1", 1, "purchase", "2026-03-05", outcome="recorded", amount="10.00")
    await stores.journal.append(later)
    capsys.readouterr()
    assert await run("report", POLICY, "--tenant", "t-1", *YEAR) == 0
    assert "2026-03-01,2,10.05,CAD" in capsys.readouterr().out
