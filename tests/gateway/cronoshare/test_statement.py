"""Buy, refund, buy with an advance, rectify: over HTTP, with the account after each step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.cronoshare.statement import STEPS, Story, told
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, enrol


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    """A running gateway."""
    folder = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    with Gateway(folder) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def town(gateway: Gateway) -> Town:
    """A new tenant in Paris."""
    return enrol(gateway, "cronoshare", zone="Europe/Paris", language="fr_FR")


def test_the_account_follows_every_step(town: Town) -> None:
    """Outcome, phase, both balances and their running sums are those of the terms."""
    story = Story(town)
    for step in STEPS:
        payload = story.take(step)
        assert payload["decision"]["outcome"] == step.outcome
        if step.state is not None:
            assert payload["case"]["state"] == step.state
        for name, standing in (("cronos", step.cronos), ("advances", step.advances)):
            account = story.account(name)
            assert account["balance"]["amount"] == standing
            running = 0
            for edge in reversed(account["statement"]["edges"]):
                running += int(edge["node"]["amount"]["amount"])
                assert edge["node"]["balance"]["amount"] == str(running)


def test_the_statement_is_in_french(town: Town) -> None:
    """A professional reads what was done, how much it moved and where it left him."""
    text = "\n".join(told(Story(town)))
    last = text[text.index("5. ") :]
    for said in (
        "cronos disponibles : 0 cronos",
        "cronos avancés : -100 cronos",
        "enregistrer un versement de cronos",
        "acheter un contact",
        "rembourser la commission",
        "rectifier : la prestation a finalement été réalisée",
        "contact O-1 : traité : prestation réalisée (–)",
        "contact O-2 : à gérer (refund, postpone, declare_service_done)",
    ):
        assert said in last.replace("\u00a0", " ").replace("−", "-"), said


def test_a_front_end_can_draw_the_menu(town: Town) -> None:
    """The phase, its label, the actions it offers and the last day are data."""
    story = Story(town)
    for step in STEPS[:2]:
        story.take(step)
    menu = story.menu("O-1")
    assert menu["state"] == "manage"
    assert menu["stateLabel"] == "à gérer"
    assert menu["allowedActions"] == ["refund", "postpone", "declare_service_done"]
    assert {(due["kind"], due["date"]) for due in menu["deadlines"]} == {
        ("refund_window_closes", "2025-05-30"),
        ("refund_window_warning", "2025-05-25"),
    }


def test_a_price_list_is_checked(town: Town) -> None:
    """The report names the offers whose commission is too small for their budget."""
    offers = [
        {
            "id": number,
            "client_budget": {"amount": budget, "unit": "EUR"},
            "commission": commission,
        }
        for number, budget, commission in (("O-1", "500", "40"), ("O-2", "900", "30"))
    ]
    query = """query ($facts: JSON) {
      report(policy: "cronoshare.contact", name: "offer_price_check", facts: $facts) {
        clauses { id } metrics { name value }
      }
    }"""
    report = town["operator"].ask(query, facts={"offers": offers})["report"]
    assert [clause["id"] for clause in report["clauses"]] == ["CS-COMMISSION-VARIABLE"]
    figures = {metric["name"]: metric["value"] for metric in report["metrics"]}
    assert figures == {"commission_never_falls": "false", "underpriced": '["O-2"]'}
