"""A plugin that strangers wrote from the tutorial: it comes in by the door that ours come in by."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from avoir import ledger
from avoir.cases import evaluate
from avoir.cli.words import reader
from avoir.descriptions import described
from avoir.hookspecs import GROUP
from avoir.host import Host
from avoir.lifecycles import Event, Founding, Role
from avoir.policies import Policy
from avoir.testing import Case, decide, load
from tests.contracts.command import avoir, environment
from tests.contracts.strangers import (
    CASES,
    FOLDER,
    LANGUAGES,
    POLICY,
    case,
    catalog,
    facts,
    messages,
    translated,
)

CALLS = "Before you return a lead as unreachable, call the client as often as the terms ask."
SOURCES = sorted((FOLDER / "acme_leads").glob("*.py"))


def test_it_is_installed_nowhere_but_in_its_folder() -> None:
    """The environment of the other tests knows nothing of the stranger."""
    assert "acme" not in {point.name for point in entry_points(group=GROUP)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_it_needs_nothing_but_avoir(source: Path) -> None:
    """The plugin imports the standard library, itself and ``avoir``, and nothing else of ours."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported - sys.stdlib_module_names <= {"avoir", "acme_leads"}


# as a user meets it


def test_plugins_lists_it(stranger_path: Path) -> None:
    """``avoir plugins`` names the plugin, its distribution with its version, and its policy."""
    served = avoir("plugins", "--json", path=[stranger_path]).json
    assert {
        "name": "acme",
        "distribution": "acme-leads",
        "version": "1.0.0",
        "policies": [POLICY],
        "status": "served",
    } in served


def test_without_its_folder_it_is_not_there() -> None:
    """The same command without the folder on the path does not know the policy."""
    ran = avoir("policy", "show", POLICY)
    assert ran.code == 2
    assert POLICY in ran.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_policy_list_gives_its_title_and_summary(language: str, stranger_path: Path) -> None:
    """``avoir policy list`` shows the policy among the others, in the user's language."""
    rows = avoir("policy", "list", "--json", path=[stranger_path], language=language).json
    (row,) = [row for row in rows if row["key"] == POLICY]
    assert row["title"] == translated("Returning a lead to Acme", language)
    assert row["clauses"] == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_policy_show_gives_its_clauses(language: str, stranger_path: Path) -> None:
    """``avoir policy show`` has each clause with its citation, in the language asked for."""
    shown = avoir("policy", "show", POLICY, "--json", "--lang", language, path=[stranger_path]).json
    clauses = {clause["id"]: clause for clause in shown["clauses"]}
    assert len(clauses) == 8
    assert clauses["ACME-CALLS"] == {
        "id": "ACME-CALLS",
        "text": translated(CALLS, language),
        "citation": {"document": "acme-1", "title": "Returning a lead", "lines": [4]},
    }


@pytest.mark.parametrize(
    ("language", "help"),
    [
        ("en", "call the client 1 more time"),
        ("fr", "appelez le client encore 1 fois"),
        ("ru", "позвоните клиенту ещё 1 раз"),
    ],
)
def test_evaluate_decides_and_explains(language: str, help: str, stranger_path: Path) -> None:
    """A refusal says in the user's language what it rests on, what would help, and until when."""
    ran = avoir(
        "evaluate", POLICY, "-", "--lang", language, path=[stranger_path], stdin=facts("03")
    )
    decision = ran.json
    assert decision["outcome"] == "refused"
    assert decision["state_label"] == translated("calls missing", language)
    assert decision["clauses"] == ["ACME-CALLS"]
    (finding,) = [f for f in decision["findings"] if f["clause"]["id"] == "ACME-CALLS"]
    assert finding["clause"]["text"] == translated(CALLS, language)
    (remedy,) = decision["remedies"]
    assert (remedy["message"], remedy["latest"]) == (help, "2025-03-13")


@pytest.mark.parametrize(
    ("language", "amount"), [("en", "11 tokens"), ("fr", "11 jetons"), ("ru", "11 жетонов")]
)
def test_its_own_unit_is_money(language: str, amount: str, stranger_path: Path) -> None:
    """Amounts in the plugin's own unit have its decimals, and its label in each language."""
    arguments = ("evaluate", POLICY, "-", "--lang", language, "--text")
    assert amount in avoir(*arguments, path=[stranger_path], stdin=facts("02")).out


def test_its_decided_cases_pass(stranger_path: Path) -> None:
    """``avoir check`` finds no difference between the stranger's cases and his policy."""
    ran = avoir("check", CASES, path=[stranger_path])
    assert (ran.code, ran.err) == (0, "")
    assert "17 cases, 0 differing" in ran.out


def test_its_own_tests_pass(stranger_path: Path) -> None:
    """The stranger's test file, written with ``avoir.testing``, passes as he runs it."""
    pytest_of_his_own = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*pytest_of_his_own, "-c", "pyproject.toml", "--rootdir", "."],
        cwd=FOLDER,
        env={**environment([stranger_path]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"17 passed" in done.stdout, done.stdout.decode()


# in process


@pytest.fixture
def policy(stranger_points: list[EntryPoint]) -> Policy:
    """The stranger's policy, from a host of its own."""
    return Host(stranger_points).policy(POLICY)


def test_a_host_serves_it(stranger_points: list[EntryPoint]) -> None:
    """A host that is given the entry point serves the plugin, with its policy and catalog."""
    host = Host(stranger_points)
    assert host.quarantined == []
    assert [(p.name, p.distribution, p.version) for p in host.plugins] == [
        ("acme", "acme-leads", "1.0.0")
    ]
    assert list(host.policies) == [POLICY]
    assert "acme_leads" in host.catalogs.by_domain


def test_a_host_serves_it_beside_ours(stranger_points: list[EntryPoint]) -> None:
    """A stranger and our own plugins get along."""
    host = Host([*entry_points(group=GROUP), *stranger_points])
    assert {POLICY, "xpertsource.lead_credit"} <= set(host.policies)


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_every_text_of_its_description_is_translated(
    language: str, stranger_points: list[EntryPoint]
) -> None:
    """No English message of the stranger's shows through in French or Russian."""
    host = Host(stranger_points)
    policy = host.policy(POLICY)
    english, other = (
        _texts(described(policy.edition(), reader(host, tag, policy))) for tag in ("en", language)
    )
    own = messages()
    compared = [(one, two) for one, two in zip(english, other, strict=True) if one in own]
    assert len(compared) > 40
    assert [one for one, two in compared if one == two] == []


def _texts(node: Any, key: str = "") -> list[str]:
    """The texts of a description that people read, in order."""
    if isinstance(node, dict):
        return [text for name, value in node.items() for text in _texts(value, name)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value, key)]
    return [node] if key in ("label", "text", "summary") else []


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_its_catalogs_have_every_message(language: str) -> None:
    """Each message in the sources is translated, and the catalog has no others."""
    entries = {message.id: message for message in catalog(language) if message.id}
    in_catalog = {i if isinstance(i, str) else (i[0], i[1]) for i in entries}
    assert in_catalog == messages()
    for message in entries.values():
        assert message.string, message.id
        assert "" not in message.string or isinstance(message.string, str), message.id
        assert not message.fuzzy, message.id
        assert not list(message.check(catalog(language))), message.id


def test_its_cases_reach_every_clause(policy: Policy) -> None:
    """Each clause is cited by a decided case, and left out by another."""
    cited = [decide(case, policy)[0].clauses for case in load(CASES.read_bytes())]
    for clause in policy.catalogue:
        assert any(clause in clauses for clauses in cited), clause.id
        assert not all(clause in clauses for clauses in cited), clause.id


def test_delivery_claims_its_lead_and_opens_a_case(policy: Policy) -> None:
    """The founding action claims the lead by its id, under which its case is opened."""
    deliver = policy.lifecycle.action("deliver")
    assert deliver is not None
    assert deliver.founding is Founding.OPENS
    decision, _ = decide(_case("01"), policy)
    assert [claim.name(decision.situation) for claim in deliver.claims] == ["lead:L-1"]
    assert deliver.identifies is not None
    assert deliver.identifies.value(decision.situation) == "L-1"


def test_its_postings_are_booked(policy: Policy) -> None:
    """Delivery and return are double entry on the stranger's accounts: the fee stays behind."""
    balances: dict[str, ledger.Balance] = {}
    for number in ("01", "02"):
        decision, _ = decide(_case(number), policy)
        movements, entries = ledger.book(
            decision.postings, "professional:P-1", policy.accounts, balances
        )
        assert ledger.is_balanced(movements, entries)
        balances |= {e.account: ledger.Balance(e.seq, e.balance) for e in entries}
    assert balances == {"professional:P-1:tokens": ledger.Balance(seq=2, amount=-1)}


def test_a_returned_lead_is_not_returned_again(policy: Policy) -> None:
    """What the records show of a case reaches the facts: the second return is refused."""
    shown = policy.lifecycle.history([_returned()])
    again = {**case("02")["facts"]}
    again["lead"] = {**again["lead"], **_mapping(shown["lead"])}
    decision = evaluate(policy.edition(), "return_lead", again)
    assert [clause.id for clause in decision.clauses] == ["ACME-ONCE"]


def _case(number: str) -> Case:
    (found,) = [c for c in load(CASES.read_bytes()) if c.id == f"ACME-{number}"]
    return found


def _mapping(node: object) -> dict[str, object]:
    assert isinstance(node, dict)
    return node


def _returned() -> Event:
    return Event(
        action="return_lead",
        at=datetime(2025, 3, 6, 15, tzinfo=UTC),
        by="P-1",
        role=Role.PROFESSIONAL,
        state="returned",
        outcome="approved",
        effective="at_once",
        amount="11",
        unit="TOKEN",
        clauses=("ACME-UNREACHABLE",),
        facts={},
    )
