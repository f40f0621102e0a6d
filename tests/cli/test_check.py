"""``avoir check``: files of decided cases, compared with what is decided now."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from avoir.testing import Expectation
from tests.cli.conftest import File, Run, is_one_line
from tests.contracts.strangers import CASES, case

ELSEWHERE = [
    {
        "source": "house:lead_sales",
        "destination": "professional:gifts",
        "amount": "11",
        "unit": "TOKEN",
    }
]
PLANTED: dict[str, tuple[str, str, Any]] = {
    "another outcome": ("02", "outcome", "refused"),
    "a clause that is not cited": ("02", "clauses", ["ACME-AMOUNT", "ACME-PERSON"]),
    "another amount": ("02", "amount", {"amount": "12", "unit": "TOKEN"}),
    "another unit": ("02", "amount", {"amount": "11", "unit": "EUR"}),
    "no amount": ("02", "amount", None),
    "another account": ("02", "postings", ELSEWHERE),
    "one posting too few": ("02", "postings", []),
    "another date": ("03", "deadline", {"kind": "return_window_closes", "date": "2025-03-14"}),
    "another zone": ("03", "deadline", {"kind": "return_window_closes", "time_zone": "UTC"}),
    "another deadline": ("03", "deadline", {"kind": "answer_due"}),
    "one wanted fact too few": ("05", "missing", []),
    "one wanted fact too many": ("05", "missing", ["request.calls[1].answered", "request.ground"]),
    "another error": ("13", "errors", ["lead.delivered_at: is after {other}"]),
}
"""What is changed in which case, for every name that is compared."""


def planted() -> list[dict[str, Any]]:
    """The cases with their expectations changed, each under a name of its own."""
    made = []
    for name, (number, what, value) in PLANTED.items():
        given = case(number)
        made.append(
            {**given, "id": name, "title": f"{name}!", "expect": {**given["expect"], what: value}}
        )
    return made


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A case file in which every second case is right."""
    right = msgspec.json.decode(CASES.read_bytes())
    mixed = [c for pair in zip(planted(), right, strict=False) for c in pair]
    return msgspec.json.encode(mixed)


def test_every_name_that_is_compared_is_tried() -> None:
    """A difference is planted in each part of an expectation that is compared."""
    compared = {field.name for field in msgspec.structs.fields(Expectation)}
    assert {what for _, what, _ in PLANTED.values()} == compared


def test_cases_that_hold_end_with_0(inside: Run) -> None:
    """Where nothing differs, one line says how many cases were compared."""
    ran = inside("check", CASES, CASES)
    assert (ran.code, ran.out, ran.err) == (0, "34 cases, 0 differing.\n", "")


def test_cases_that_differ_end_with_1(run: Run, file: File, cases: bytes) -> None:
    """Every difference that was planted is found, and no other."""
    ran = run("check", file("cases.json", cases))
    assert (ran.code, ran.err) == (1, "")
    lines = ran.out.splitlines()
    assert lines[-1] == f"{2 * len(PLANTED)} cases, {len(PLANTED)} differing."
    assert [line for line in lines if not line.startswith(" ")][:-1] == [
        f"{name}  {name}!" for name in PLANTED
    ]


@pytest.mark.parametrize("name", PLANTED)
def test_a_difference_says_what_was_expected_and_what_came(
    inside: Run, file: File, name: str
) -> None:
    """For each name that is compared: the case, the name, what it expects and what came."""
    (one,) = [c for c in planted() if c["id"] == name]
    number, what, value = PLANTED[name]
    ran = inside("check", file("cases.json", msgspec.json.encode([one])))
    assert ran.code == 1
    heading, compared, expected, came, count = ran.out.splitlines()
    assert heading == f"{name}  {name}!"
    assert compared.strip() == what
    assert msgspec.json.decode(expected.partition(": ")[2]) == value
    shown = msgspec.json.decode(came.partition(": ")[2])
    right = case(number)["expect"][what]
    match what:
        case "clauses":
            assert set(right) <= set(shown)
        case "postings":
            assert [{k: p[k] for k in right[0]} for p in shown] == right
        case "deadline":
            assert [{k: d[k] for k in right} for d in shown] == [right]
        case "errors":
            assert [error["path"] for error in shown] == right
        case _:
            assert shown == right
    assert count == "1 case, 1 differing."


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_the_result_is_told_in_the_users_language(run: Run, language: str, file: File) -> None:
    """Numbers of cases have the forms of the language."""
    ran = run("check", CASES, language=language)
    assert ran.code == 0
    assert "17" in ran.out
    assert "differing" not in ran.out


def test_parameters_that_cannot_be_in_force_are_a_difference(inside: Run, file: File) -> None:
    """A case with such parameters differs, says why, and the cases after it are compared."""
    wrong = {**case("02"), "parameters": {"min_calls": 99}}
    ran = inside("check", file("cases.json", msgspec.json.encode([wrong, case("03")])))
    assert ran.code == 1
    assert "min_calls must be between 0 and 10" in ran.out
    assert "2 cases, 1 differing." in ran.out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"policy": "acme.gifts"}, "acme.gifts"),
        ({"action": "give"}, "return_lead, deliver, rule, standing"),
        ({"facts": []}, "cases.json"),
        ({"expect": None}, "cases.json"),
        ({"id": 2}, "cases.json"),
    ],
)
def test_a_case_that_is_none_ends_with_2(
    inside: Run, file: File, change: dict[str, Any], says: str
) -> None:
    """A case without a policy, an action or an expectation is a mistake in the file."""
    ran = inside("check", file("cases.json", msgspec.json.encode([{**case("02"), **change}])))
    assert ran.code == 2
    assert is_one_line(ran)
    assert says in ran.err


@pytest.mark.parametrize(
    "expect",
    [
        {"outcme": "refused"},
        {"deadlines": []},
        {"postings": [{"source": "house:lead_sales"}]},
        {"clauses": 5},
    ],
)
def test_an_expectation_that_is_none_ends_with_2(
    inside: Run, file: File, expect: dict[str, Any]
) -> None:
    """A misspelt name or a value of the wrong form does not pass for one that holds."""
    wrong = {**case("02"), "expect": expect}
    ran = inside("check", file("cases.json", msgspec.json.encode([wrong])))
    assert ran.code == 2
    assert is_one_line(ran)
