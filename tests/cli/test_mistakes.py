"""What a user may get wrong, and what is thrown at the command: one line, or an answer."""

from __future__ import annotations

import pytest

from tests.cli.conftest import File, Run, is_one_line, word
from tests.contracts.strangers import POLICY, facts

NESTED = 100_000
UNREADABLE = {
    "empty": b"",
    "cut short": b'{"lead": {"id": "L-1"',
    "no json": b"lead: L-1",
    "not a number": b'{"lead": {"price": NaN}}',
    "infinity": b'{"lead": {"price": -Infinity}}',
    "beyond a double": b'{"lead": {"price": 1e999999}}',
    "deep arrays": b"[" * NESTED + b"]" * NESTED,
    "deep objects": b'{"lead": ' * NESTED + b"1" + b"}" * NESTED,
    "deep arrays in facts": b'{"lead": ' + b"[" * NESTED + b"]" * NESTED + b"}",
    "an integer of 200,000 digits": b'{"lead": {"price": ' + b"9" * 200_000 + b"}}",
    "bytes that are no utf-8": b'{"lead": {"id": "L-\xff"}}',
    "a lone surrogate": b'{"lead": {"id": "\\ud800"}}',
    "a name that is a lone surrogate": b'{"lead\\udfff": {"id": "L-1"}}',
    "utf-16": '{"lead": {"id": "L-1"}}'.encode("utf-16"),
    "a list": b"[]",
    "a number": b"42",
    "a text": b'"lead"',
    "null": b"null",
}
"""Documents that are no facts at all: a mistake of whoever wrote them."""

ODD = {
    "an integer of 4,000 digits": (b'{"lead": {"price": ' + b"9" * 4_000 + b"}}", "lead.price"),
    "a float": (b'{"lead": {"price": 12.0}}', "lead.price"),
    "an exponent": (b'{"lead": {"price": "1e1"}}', "lead.price"),
    "digits of another script": ('{"lead": {"price": "٣"}}'.encode(), "lead.price"),
    "too large": (b'{"lead": {"price": "9223372036854775808"}}', "lead.price"),
    "below zero": (b'{"lead": {"price": "-1"}}', "lead.price"),
    "nothing": (b'{"lead": {"price": "0"}}', "lead.price"),
    "a number for yes": (b'{"check": {"number_works": 1}}', "check.number_works"),
    "no offset": (
        b'{"lead": {"delivered_at": "2025-03-03T09:00:00"}}',
        "lead.delivered_at",
    ),
    "no such day": (
        b'{"lead": {"delivered_at": "2025-02-29T09:00:00Z"}}',
        "lead.delivered_at",
    ),
    "the year 0": (b'{"lead": {"delivered_at": "0000-01-01T00:00:00Z"}}', "lead.delivered_at"),
    "a NUL": (b'{"lead": {"id": "L\\u0000"}}', "lead.id"),
    "a text of a megabyte": (b'{"lead": {"id": "' + b"L" * 1_000_000 + b'"}}', "lead.id"),
    "an operator": (b'{"lead": {"id": {"$ne": null}}}', "lead.id"),
    "a path as a name": (b'{"lead.id": "L-1"}', "lead.id"),
    "an unknown fact": (b'{"lead": {"colour": "red"}}', "lead.colour"),
    "an unknown zone": (b'{"time_zone": "../etc/passwd"}', "time_zone"),
    "too many calls": (b'{"request": {"calls": [' + b"{}," * 1_000 + b"{}]}}", "request.calls"),
    "900 deep": (b'{"deep": ' * 900 + b"1" + b"}" * 900, "deep"),
}
"""Documents with a fact that cannot be: an answer, with its path."""


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_document_is_a_mistake(inside: Run, name: str) -> None:
    """Input that is no JSON object ends with 2 and one line, whatever it is."""
    ran = inside("evaluate", POLICY, "-", stdin=UNREADABLE[name])
    assert ran.code == 2
    assert is_one_line(ran)


@pytest.mark.parametrize("name", ["deep objects", "bytes that are no utf-8", "a lone surrogate"])
def test_no_document_ends_the_process_otherwise(run: Run, name: str) -> None:
    """The worst of them end a process of their own in the same way."""
    ran = run("evaluate", POLICY, "-", stdin=UNREADABLE[name])
    assert ran.code == 2
    assert is_one_line(ran)


@pytest.mark.parametrize("name", UNREADABLE)
def test_parameters_and_cases_are_read_as_carefully(inside: Run, file: File, name: str) -> None:
    """The files of ``--parameters`` and of ``check`` are no less hostile, and no less contained."""
    content = UNREADABLE[name]
    parameters = inside(
        "evaluate", POLICY, "--parameters", file("p.json", content), stdin=facts("02")
    )
    assert parameters.code == 2
    assert is_one_line(parameters)
    if name != "a list":
        checked = inside("check", file("cases.json", content))
        assert checked.code == 2
        assert is_one_line(checked)
        assert "cases.json" in checked.err


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_a_fact_is_an_answer(inside: Run, name: str) -> None:
    """A value that no fact can have is answered as ``invalid``, with its path and a reason."""
    content, path = ODD[name]
    ran = inside("evaluate", POLICY, stdin=content)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["outcome"] == "invalid"
    assert path in {error.partition(":")[0] for error in ran.json["errors"]}
    assert len(ran.out) < 20_000


MISTAKES: dict[str, tuple[list[str | bytes], list[str]]] = {
    "unknown policy": (["evaluate", "acme.gifts", "f.json"], ["acme.gifts", POLICY]),
    "unknown action": (
        ["evaluate", POLICY, "f.json", "--action", "give"],
        [POLICY, "give", "return_lead", "deliver", "rule", "standing"],
    ),
    "unknown language": (["evaluate", POLICY, "f.json", "--lang", "de"], ["de", "en, fr, ru"]),
    "half a language": (["evaluate", POLICY, "f.json", "--lang", "fr_"], ["fr_", "en, fr, ru"]),
    "no language": (["evaluate", POLICY, "f.json", "--lang", ""], ["en, fr, ru"]),
    "no file": (["evaluate", POLICY, "none.json"], ["none.json", "No such file"]),
    "a folder": (["evaluate", POLICY, "."], ["Is a directory"]),
    "a name that is no text": (["evaluate", POLICY, b"\xff.json"], [".json"]),
    "a policy that is no text": (["evaluate", b"\xff", "f.json"], [POLICY]),
    "no policy": (["evaluate"], [POLICY]),
    "wrong parameters": (
        ["evaluate", POLICY, "f.json", "--parameters", "p.json"],
        [
            "min_calls must be between 0 and 10",
            "colour is no known parameter",
            "window_days must be a whole number",
        ],
    ),
    "no parameters": (["evaluate", POLICY, "f.json", "--parameters", "none.json"], ["none.json"]),
    "too many arguments": (
        ["evaluate", POLICY, "f.json", "more"],
        ["more", "avoir evaluate --help"],
    ),
    "unknown option": (["evaluate", "--txt"], ["--txt", "--text", "avoir evaluate --help"]),
    "unknown command": (["evaluat"], ["evaluat", "avoir --help"]),
    "unknown policy to show": (["policy", "show", "acme.gifts"], ["acme.gifts", POLICY]),
    "unknown language to show": (["policy", "show", POLICY, "--lang", "de"], ["en, fr, ru"]),
    "nothing to check": (["check"], ["FILES", "avoir check --help"]),
    "no file to check": (["check", "none.json"], ["none.json"]),
    "no lines": (["evaluate", "--lines", "none.json"], ["none.json"]),
}
"""Wrong arguments, and what the line says to them."""


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line(
    inside: Run, file: File, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A user's mistake ends with 2 and one line: what is wrong, where, and what there is."""
    monkeypatch.chdir(file("f.json", facts("02")).parent)
    file("p.json", b'{"min_calls": 99, "colour": "red", "window_days": "10"}')
    arguments, says = MISTAKES[name]
    ran = inside(*arguments)
    assert ran.code == 2
    assert is_one_line(ran)
    for part in says:
        assert part in ran.err


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_a_mistake_is_told_in_the_users_language(run: Run, language: str) -> None:
    """Our own words and those of the command-line library are both translated."""
    ours = run("evaluate", "acme.gifts", language=language)
    sentence = word("There is no policy “{policy}”. Known are: {known}.", language)
    assert sentence.partition("{")[0] in ours.err
    theirs = run("evaluat", language=language)
    hint = word("Try '{command} {option}' for help.", language, "click")
    assert hint.format(command="avoir", option="--help") in theirs.err
    assert is_one_line(ours)
    assert is_one_line(theirs)


def test_no_argument_shows_the_help(run: Run) -> None:
    """``avoir`` alone is a mistake that is answered with what there is."""
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "evaluate" in ran.err


def test_a_file_may_hold_both_languages_of_the_world(run: Run, file: File) -> None:
    """Text of any script passes through as it is."""
    document = '{"lead": {"id": "Заявка № 1 «été» 🏠"}, "request": {"ground": "no_sale"}}'
    ran = run("evaluate", POLICY, file("заявка.json", document.encode()))
    assert (ran.code, ran.err) == (0, "")
