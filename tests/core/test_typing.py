"""What the types of terms and conditions catch, before anything runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]

POLICY = """
from datetime import date
from enum import StrEnum

from avoir.clauses import Effect, Outcome, Row, When, require, rule
from avoir.conditions import Condition, is_true
from avoir.dates import day, days
from avoir.measures import measure
from avoir.parameters import Parameters
from avoir.parameters import whole as whole_number
from avoir.facts import Facts, choice, flag, instant, money, text, whole
from tests.core.bits import cl


class Colour(StrEnum):
    RED = "red"


class Shape(StrEnum):
    ROUND = "round"


class P(Parameters):
    limit = whole_number(3, "limit", low=0, high=9)


class F(Facts):
    at = instant("moment")
    colour = choice(Colour, "colour")
    count = whole("count")
    name = text("name")
    price = money("price")
    sure = flag("sure")


NO = Effect(Outcome.REFUSED)


def require_it(condition: Condition) -> Row:
    return require(cl("C"), condition, NO)


require_it((F.count >= P.limit) & (F.colour == Colour.RED))
require_it((day(F.at) + days(P.limit) >= date(2025, 1, 1)) | ~is_true(F.sure))
require_it(F.colour.one_of(Colour.RED))

require_it(F.at >= date(2025, 1, 1))  # mistake: a moment against a date
require_it(day(F.at) <= F.at)  # mistake: a date against a moment
require_it(F.name == 4)  # mistake: a text against a number
require_it(F.name >= P.limit)  # mistake: a text against a parameter that is a number
require_it(F.colour == Shape.ROUND)  # mistake: one choice against another
require_it(F.colour.one_of(Shape.ROUND))  # mistake: a member of another choice
require_it(F.count >= 2.5)  # mistake: a number against a float
require_it(F.price >= 100)  # mistake: money against a number
require_it(is_true(F.count))  # mistake: a number is not yes or no
require_it(F.sure)  # mistake: a fact is no condition
require_it(not is_true(F.sure))  # mistake: not makes a bool
F.count + days(3)  # mistake: days added to a number
day(F.at) + 7  # mistake: a bare number added to a date
day(F.count)  # mistake: the day of a number
require_it(F.colr == Colour.RED)  # mistake: a fact that is not there
require_it(F.count >= P.limt)  # mistake: a parameter that is not there
rule(cl("C"), When(F.sure, NO))  # mistake: a fact is no condition


@measure(F.count, label="length")  # mistake: the function takes a text
def length(name: str) -> int:
    return len(name)


def both(a: Condition, b: Condition) -> Row:
    return require_it(a and b)  # mistake: and loses the unknown


def chosen(a: Condition) -> int:
    return 1 if a else 2  # mistake: a condition is no bool
"""


def test_mistakes_in_a_policy_are_caught_by_its_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mypy reports every line with a planted mistake, and no other line."""
    monkeypatch.chdir(ROOT)
    file = tmp_path / "planted.py"
    file.write_text(POLICY)
    report, failure, _ = api.run(["--config-file", "pyproject.toml", str(file)])
    assert not failure
    lines = POLICY.splitlines()
    planted = {n for n, line in enumerate(lines, 1) if "# mistake" in line}
    reported = {int(n) for n in re.findall(r"planted\.py:(\d+): error", report)}
    assert {lines[n - 1] for n in reported - planted} == set(), report
    assert {lines[n - 1] for n in planted - reported} == set(), report
    assert len(planted) >= 18
