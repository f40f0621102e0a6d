"""``avoir evaluate --lines``: one request a line in, one decision a line out."""

from __future__ import annotations

import msgspec
import pytest

from tests.cli.conftest import File, Run
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
