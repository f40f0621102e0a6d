"""``avoir evaluate --lines``: one request a line in, one decision a line out."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import File, Run, is_one_line
from tests.contracts.command import AVOIR, environment
from tests.contracts.strangers import POLICY, case, facts


def request(number: str, **more: object) -> bytes:
    """A line that asks for a decided case."""
    given = case(number)
    return msgspec.json.encode(
        {"policy": POLICY, "action": given["action"], "facts": given["facts"], **more}
    )


GOOD = [request("01"), request("02"), request("03"), request("09"), request("17")]
BAD = {
    b"no json": "malformed",
    b"{}": "policy",
    b"[]": "object",
    b"null": "object",
    b'{"policy": "acme.gifts", "facts": {}}': "acme.gifts",
    b'{"policy": "acme.lead_return", "facts": {}, "action": "give"}': "return_lead",
    b'{"policy": "acme.lead_return", "facts": []}': "facts",
    b'{"policy": "acme.lead_return", "facts": {}, "parameters": {"min_calls": 99}}': "min_calls",
    b'{"policy": "acme.lead_return", "facts": {"lead": "\xff"}}': "utf-8",
    b'{"policy": "acme.lead_return", "facts": {"lead": NaN}}': "malformed",
    b'{"policy": "acme.lead_return", "facts": ' + b'{"a": ' * 90_000: "recursion",
    b"[" * 90_000: "object",
}
"""Lines that are no request, and a word of what is said to each."""


def test_good_and_bad_lines_are_answered_in_their_order(run: Run) -> None:
    """Each line has one answer, in its place; a bad one says what is wrong, the others decide."""
    lines: list[bytes] = []
    for index, bad in enumerate(BAD):
        lines += [bad, GOOD[index % len(GOOD)]]
    ran = run("evaluate", "--lines", stdin=b"\n".join(lines))
    assert (ran.code, ran.err) == (0, "")
    answers = [msgspec.json.decode(line) for line in ran.out.splitlines()]
    assert len(answers) == len(lines)
    for index, (answer, said) in enumerate(zip(answers[::2], BAD.values(), strict=True)):
        assert answer["outcome"] == "invalid"
        assert answer["line"] == 2 * index + 1
        assert said in answer["errors"][0]
    outcomes = ["recorded", "approved", "refused", "manual_review", "standing"]
    for index, answer in enumerate(answers[1::2]):
        assert answer["outcome"] == outcomes[index % len(outcomes)]


def test_a_line_is_decided_as_a_document_is(run: Run, file: File) -> None:
    """The answer to a line is the answer to its facts, on one line; parameters are its own."""
    lines = file("lines", request("03") + b"\r\n\n" + request("03", parameters={"min_calls": 1}))
    ran = run("evaluate", "--lines", lines, "--lang", "ru")
    one, other = (msgspec.json.decode(line) for line in ran.out.splitlines())
    assert one == run("evaluate", POLICY, "--lang", "ru", stdin=facts("03")).json
    assert (one["outcome"], other["outcome"]) == ("refused", "approved")


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_no_line_has_no_answer(run: Run, content: bytes) -> None:
    """Nothing asked, nothing answered."""
    ran = run("evaluate", "--lines", "-", stdin=content)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


MANY = 2_000
"""Lines enough for several portions."""


def test_processes_answer_as_one_does(run: Run, file: File) -> None:
    """Several processes write what one writes: every answer in its place, every bad line named."""
    lines: list[bytes] = []
    for number in range(MANY):
        lines += [GOOD[number % len(GOOD)], b"" if number % 7 else b"no json"]
    name = file("lines", b"\n".join(lines))
    alone = run("evaluate", "--lines", name, "--workers", "1")
    together = run("evaluate", "--lines", "-", "--workers", "3", stdin=b"\n".join(lines))
    assert (alone.code, together.code, together.err) == (0, 0, "")
    assert together.out == alone.out
    answers = [msgspec.json.decode(line) for line in alone.out.splitlines()]
    assert len(answers) == MANY + len(range(0, MANY, 7))
    named = [answer["line"] for answer in answers if "line" in answer]
    assert named == [2 * number + 2 for number in range(0, MANY, 7)]


def test_a_line_says_what_was_decided(run: Run, file: File) -> None:
    """Where no language is asked for, an answer has what was decided, and nothing to read."""
    lines = file("lines", request("03"))
    one = msgspec.json.decode(run("evaluate", "--lines", lines).out)
    whole = run("evaluate", POLICY, stdin=facts("03")).json
    assert one == {name: whole[name] for name in one}
    assert {"outcome", "clauses", "amount", "postings", "deadlines", "missing", "errors"} <= set(
        one
    )
    assert not {"findings", "remedies", "label"} & set(one)


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_workers_are_counted(run: Run, workers: str) -> None:
    """A number of processes that is none is a mistake, told in one line."""
    ran = run("evaluate", "--lines", "--workers", workers)
    assert ran.code == 2
    assert is_one_line(ran)


def test_who_interrupts_hears_nothing_more(file: File, stranger_path: Path) -> None:
    """Interrupted in the middle of its work, a run ends at once, its processes with it."""
    lines = file("lines", (request("02") + b"\n") * 20_000)
    with subprocess.Popen(
        [AVOIR, "evaluate", "--lines", lines, "--workers", "2"],
        env=environment([stranger_path]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        os.killpg(running.pid, signal.SIGINT)
        running.stdout.read()
        assert running.stderr.read().strip() == b""
    assert running.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
