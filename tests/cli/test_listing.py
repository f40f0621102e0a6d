"""``avoir policy list``, ``avoir policy show`` and ``avoir plugins``."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest

from tests.cli.conftest import Run, word
from tests.contracts.strangers import POLICY, translated


@pytest.fixture
def shown(inside: Run) -> Any:
    """The stranger's policy as a document."""
    return inside("policy", "show", POLICY, "--json").json


def test_policies_are_listed(inside: Run) -> None:
    """Each policy has its key, title, summary, version, edition and number of clauses."""
    rows = {row["key"]: row for row in inside("policy", "list", "--json").json}
    assert {POLICY, "xpertsource.lead_credit"} <= set(rows)
    assert all(
        set(row) == {"key", "title", "summary", "version", "edition", "clauses"}
        for row in rows.values()
    )
    listed = inside("policy", "list").out
    for row in rows.values():
        assert f"{row['key']}  {row['title']}\n    {row['summary']}\n" in listed


def test_a_policy_shows_what_a_front_end_needs(shown: Any) -> None:
    """Clauses, parameters, facts, actions, states, tables and accounts are all in it."""
    assert (shown["key"], shown["party"], shown["time_zone"]) == (
        POLICY,
        "professional",
        "Europe/London",
    )
    assert [clause["id"] for clause in shown["clauses"]][:2] == ["ACME-WINDOW", "ACME-CALLS"]
    assert [action["name"] for action in shown["actions"]] == ["return_lead", "deliver", "rule"]
    assert "under_review" in [state["name"] for state in shown["states"]]
    assert [account["unit"] for account in shown["accounts"]] == ["TOKEN", "TOKEN"]
    assert {table["name"] for table in shown["tables"]} == {"return", "delivery", "ruling"}
    sources = {fact["path"]: fact["source"] for fact in shown["facts"]}
    assert sources["request.ground"] == "party"
    assert sources["request.submitted_at"] == "clock"
    assert sources["lead.price"] == "record"
    assert sources["check.number_works"] == "business"


def test_a_parameter_shows_its_bounds(shown: Any) -> None:
    """A parameter has its value in force, its default, and the bounds it keeps to."""
    (fee,) = [p for p in shown["parameters"] if p["name"] == "handling_fee"]
    assert (fee["value"], fee["default"], fee["low"], fee["high"]) == (1, 1, "0", "1000")
    assert fee["kind"] == "whole_number"


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_the_page_has_every_part(run: Run, language: str) -> None:
    """For people ``avoir policy show`` has the parts that its help promises, in their words."""
    page = run("policy", "show", POLICY, "--lang", language).out
    for heading in ("Parameters", "Facts", "Actions", "States"):
        assert f"\n\n{word(heading, language)}\n" in page
    for text in (
        "A lead is taken back only once.",
        "calls required",
        "phone number works",
        "record the delivery of a lead",
        "being looked into",
    ):
        assert translated(text, language) in page


def test_a_policy_shows_what_its_tables_are_compiled_to(inside: Run) -> None:
    """The compiled functions can be read, every row under its clause."""
    shown = inside("policy", "show", "xpertsource.lead_credit", "--compiled").out
    assert "# 0: XS-FORM (requirement)" in shown
    compile(shown, "shown", "exec")


def test_plugins_say_where_they_come_from(inside: Run) -> None:
    """Each plugin served has its distribution, its version and its policies."""
    served = {p["name"]: p for p in inside("plugins", "--json").json if p["status"] == "served"}
    assert served["xpertsource"]["distribution"] == "avoir-xpertsource"
    assert served["xpertsource"]["version"] == version("avoir-xpertsource")
    assert served["xpertsource"]["policies"] == ["xpertsource.lead_credit"]
    listed = inside("plugins").out
    assert f"acme (acme-leads 1.0.0)  served: {POLICY}\n" in listed
    assert "locales (avoir-locales" in listed


def test_the_installed_plugins_are_all_served(inside: Run) -> None:
    """None of our own plugins is in quarantine."""
    assert [p for p in inside("plugins", "--json").json if p["status"] != "served"] == []


def test_the_version_is_that_of_the_distribution(run: Run) -> None:
    """``avoir --version`` is one line."""
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"avoir {version('avoir')}\n", "")
