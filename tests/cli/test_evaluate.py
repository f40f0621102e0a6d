"""``avoir evaluate``: one decision on a document of facts."""

from __future__ import annotations

import msgspec
import pytest

from tests.cli.conftest import File, Run, word
from tests.contracts.strangers import POLICY, case, facts, translated

NAMES = {
    *("policy", "outcome", "label", "state", "state_label", "decision_mode", "takes_effect"),
    *("clauses", "amount", "postings", "deadlines", "missing", "errors", "missing_preconditions"),
    *("remedies", "earliest", "latest", "resubmittable", "findings", "notify", "allowed_actions"),
    *("metrics", "edition"),
}
"""What a decision's document has, whatever else comes to it."""


def test_a_decision_is_one_json_document(run: Run, file: File) -> None:
    """A decision has all its names, with money and postings as the contract writes them."""
    ran = run("evaluate", POLICY, file("approved.json", facts("02")))
    assert (ran.code, ran.err) == (0, "")
    assert set(ran.json) >= NAMES
    assert ran.json["outcome"] == "approved"
    assert ran.json["amount"] == {"amount": "11", "unit": "TOKEN"}
    assert ran.json["postings"] == [
        {
            "kind": "lead_return",
            "source": "house:lead_sales",
            "destination": "professional:tokens",
            "amount": "11",
            "unit": "TOKEN",
        }
    ]


def test_the_same_facts_give_the_same_bytes(run: Run, file: File) -> None:
    """A decision is the same from a file and from the standard input, dash or no dash."""
    from_file = run("evaluate", POLICY, file("approved.json", facts("02")))
    assert run("evaluate", POLICY, "-", stdin=facts("02")) == from_file
    assert run("evaluate", POLICY, stdin=facts("02")) == from_file


def test_a_refusal_is_an_answer(inside: Run) -> None:
    """A refusal ends with 0 as an approval does."""
    ran = inside("evaluate", POLICY, stdin=facts("03"))
    assert (ran.code, ran.err, ran.json["outcome"]) == (0, "", "refused")


@pytest.mark.parametrize(
    ("number", "action", "outcome"),
    [("01", "deliver", "recorded"), ("15", "rule", "approved"), ("17", "standing", "standing")],
)
def test_the_action_is_the_one_asked_for(
    inside: Run, number: str, action: str, outcome: str
) -> None:
    """``--action`` names any action of the policy, or asks where the matter stands."""
    ran = inside("evaluate", POLICY, "--action", action, stdin=facts(number))
    assert ran.json["outcome"] == outcome
    assert ran.json["state"] == case(number)["expect"]["state"]


def test_parameters_are_in_force(inside: Run, file: File) -> None:
    """Values of ``--parameters`` replace the defaults, and the edition's hash says so."""
    one_call = file("parameters.json", b'{"min_calls": 1, "handling_fee": 0}')
    usual = inside("evaluate", POLICY, stdin=facts("03")).json
    tuned = inside("evaluate", POLICY, "--parameters", one_call, stdin=facts("03")).json
    assert (usual["outcome"], tuned["outcome"]) == ("refused", "approved")
    assert tuned["amount"]["amount"] == "12"
    assert usual["edition"]["hash"] != tuned["edition"]["hash"]


def test_days_are_those_of_the_zone_that_is_stated(inside: Run) -> None:
    """The facts' time zone moves the end of the last day; else the policy's own holds."""
    document = {**case("03")["facts"], "time_zone": "America/New_York"}
    usual = inside("evaluate", POLICY, stdin=facts("03")).json["deadlines"]
    moved = inside("evaluate", POLICY, stdin=msgspec.json.encode(document)).json["deadlines"]
    assert [d["ends_at"] for d in usual] == ["2025-03-13T23:59:59+00:00"]
    assert [d["ends_at"] for d in moved] == ["2025-03-13T23:59:59-04:00"]


@pytest.mark.parametrize(
    ("option", "environment", "language", "date"),
    [
        (["--lang", "en"], "ru", "en", "March 13, 2025"),
        (["--lang", "fr-ca"], "ru", "fr", "13 mars 2025"),
        ([], "fr_FR.UTF-8", "fr", "13 mars 2025"),
        ([], "ru", "ru", "13 марта 2025"),
        ([], "de_DE", "en", "March 13, 2025"),
    ],
)
def test_text_is_in_the_users_language(
    run: Run, option: list[str], environment: str, language: str, date: str
) -> None:
    """``--text`` speaks the language of the option, else of the environment, else English."""
    ran = run("evaluate", POLICY, "--text", *option, language=environment, stdin=facts("03"))
    assert (ran.code, ran.err) == (0, "")
    assert date in ran.out
    for text in ("calls missing", "client not reached", "last day for a return"):
        assert translated(text, language) in ran.out
    for text in ("refused", "What would help", "Why", "Deadlines", "not met"):
        assert word(text, language).casefold() in ran.out.casefold()


def test_what_is_missing_is_named_and_labelled(inside: Run) -> None:
    """Wanted facts are paths in JSON, and their labels stand beside them in the text."""
    path = "request.calls[1].answered"
    assert inside("evaluate", POLICY, stdin=facts("05")).json["missing"] == [path]
    shown = inside("evaluate", POLICY, "--text", stdin=facts("05")).out
    assert f"calls to the client ({path})" in shown


def test_what_cannot_be_is_named(inside: Run) -> None:
    """Facts that cannot be together are an answer: ``invalid``, with path and reason."""
    ran = inside("evaluate", POLICY, stdin=facts("13"))
    assert (ran.code, ran.json["outcome"]) == (0, "invalid")
    (error,) = ran.json["errors"]
    assert error.startswith("request.submitted_at: ")
    assert error in inside("evaluate", POLICY, "--text", stdin=facts("13")).out.replace("\n", "")
