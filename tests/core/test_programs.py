"""Tables as programs: compiled once, shown where they fail, and kept in bounds."""

from __future__ import annotations

import linecache
import traceback
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from avoir import programs
from avoir.clauses import When, otherwise, require, rule
from avoir.conditions import Situation
from avoir.errors import PolicyError
from avoir.measures import measure
from avoir.programs import program, source
from avoir.verdicts import Status, Verdict
from tests.core.bits import LOOK, NO, YES, B, bit, cl, table

a = bit("a")


def test_a_program_is_made_once() -> None:
    """The same table has the same program, whoever asks for it."""
    made = table(otherwise(cl("R1"), YES))
    assert program(made) is program(made)


def test_a_failing_rule_shows_its_line() -> None:
    """What a measure raises is shown with the line of the table that wanted it."""

    @measure(B.on, label="broken")
    def broken(day: date) -> bool:
        raise ValueError(day)

    made = table(rule(cl("R1"), When(broken == True, NO)), otherwise(None, YES))  # noqa: E712
    with pytest.raises(ValueError, match="2025") as raised:
        program(made)(Situation({"on": date(2025, 3, 3)}, {}))
    shown = "".join(traceback.format_exception(raised.value))
    assert "in verdict_of_bits" in shown
    assert "measure_broken(on)" in shown


def test_a_table_without_a_default_is_named() -> None:
    """Where no row decides, the error names the table."""
    made = table(rule(cl("R1"), When(a, NO)))
    assert program(made)(Situation({"a": True}, {})) is not None
    with pytest.raises(PolicyError) as raised:
        program(made)(Situation({"a": False}, {}))
    assert raised.value.data == {"table": made.name}


def test_only_so_many_programs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest program goes when there are too many, and its text with it."""
    monkeypatch.setattr(programs, "_MADE", {})
    monkeypatch.setattr(programs, "MOST", 2)
    tables = [table(require(cl("R1"), a, NO), otherwise(cl("R2"), YES)) for _ in range(3)]
    made = [program(one) for one in tables]
    assert program(tables[2]) is made[2]
    assert program(tables[0]) is not made[0]
    assert made[2].__code__.co_filename in linecache.cache
    assert made[1].__code__.co_filename not in linecache.cache


def test_the_text_names_rows_and_clauses() -> None:
    """The function can be read, each row under its clause."""
    text = source(table(require(cl("R1"), a, NO), rule(cl("R2"), When(~a, NO))))
    assert "R2 (rule)" in text
    compile(text, "shown", "exec")


def test_the_hour_that_comes_twice_is_compared_in_utc() -> None:
    """Of two moments in that hour the later one is later, whatever their local times say."""
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2025, 10, 26, 2, 50, tzinfo=paris)
    second = datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=paris)
    made = table(require(cl("R0"), B.at <= second, NO), otherwise(None, LOOK))
    verdict = program(made)(Situation({"at": first}, {}))
    assert isinstance(verdict, Verdict)
    assert verdict.statuses[0] is Status.MET
