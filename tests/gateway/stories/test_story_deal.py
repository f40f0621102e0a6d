"""A partner's deal over HTTP, in Russian: twelve steps, who is told what, and one commission."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from avoir_gateway.matters import stated_paths
from avoir_referral_broker.partner.policy import POLICY
from tests.contracts.command import environment
from tests.gateway.referral_broker.deals import COMMISSION, PARTNER
from tests.gateway.stories import books
from tests.gateway.stories.deal_story import TURNS, Shown, Story, begin, received, texts
from tests.gateway.stories.gateways import Gateway

ROOT: Final = Path(__file__).parents[3]
DUE: Final = Decimal(COMMISSION) / 100
TOLD: Final[Mapping[str, Sequence[str]]] = {
    PARTNER: ["additional_documents_requested", "agree_sum", "work_completed", "commission_paid"],
    "client:CL-1": ["sign_contract", "actions_required", "invoice"],
}
"""The notices that each addressee receives over the whole deal."""
CYRILLIC: Final = range(0x400, 0x500)


@pytest.fixture(scope="module")
def story(gateway: Gateway) -> Story:
    """A deal that nobody has found yet."""
    return begin(gateway)


@pytest.fixture(scope="module")
def played(story: Story) -> Sequence[Shown]:
    """What is shown after each turn of the deal."""
    return [story.take(turn) for turn in TURNS]


def test_each_turn_leads_to_its_step(played: Sequence[Shown]) -> None:
    """Through its own mutation each act comes to its outcome, its state, and its step of twelve."""
    for revision, (turn, shown) in enumerate(zip(TURNS, played, strict=True), 1):
        step = turn.step
        approved = step.action == "assess_partner_commission"
        assert shown.decision["outcome"] == ("APPROVED" if approved else "RECORDED"), turn
        assert (shown.case["state"], shown.case["revision"]) == (step.state, revision)
        assert shown.case["step"] == {"number": step.number, "of": 12}
        event = shown.event
        assert (event["action"], event["actor"]["id"]) == (step.action, turn.who)
        assert shown.payload["replayed"] is False


def test_the_next_turn_is_announced(played: Sequence[Shown]) -> None:
    """After each act the next one is offered to who takes it: nothing must come first, and what is
    missing he states."""
    for turn, shown in zip(TURNS[1:], played, strict=False):
        offered = {action["name"]: action for action in shown.case["nextActions"]}
        assert set(offered) == set(POLICY.lifecycle.allowed(shown.case["state"]))
        following = offered[turn.step.action]
        role = turn.who.upper()
        assert role in [actor["role"] for actor in following["actors"]]
        assert following["preconditions"] == []
        missing = {fact["path"] for fact in following["missing"]}
        assert missing <= set(stated_paths(turn.step.facts, POLICY)), turn
    assert played[-1].case["nextActions"] == []


def test_what_comes_too_early_says_what_it_waits_for(played: Sequence[Shown]) -> None:
    """The loan before the completion, the payment and the act before the assessment, that before
    the commission: each is named by what rests on it, and no longer once it is there."""
    waiting = {
        turn.step.action: {
            action["name"]: len(action["preconditions"])
            for action in shown.case["nextActions"]
            if action["preconditions"]
        }
        for turn, shown in zip(TURNS, played, strict=True)
    }
    assert {action: names for action, names in waiting.items() if names} == {
        "loan_approved": {"complete": 1},
        "loan_received": {"loan_refused": 1},
        "complete": {"assess_partner_commission": 2},
        "client_commission_paid": {"assess_partner_commission": 1},
        "signed_act_provided": {"pay": 1},
    }


def test_the_analysis_is_due_on_days_that_are_worked(played: Sequence[Shown]) -> None:
    """The team has two days that Russia works, and again two from the last further document."""
    for turn, shown in zip(TURNS, played, strict=True):
        due = [(one["kind"], one["date"]) for one in shown.case["deadlines"]]
        assert due == ([("analysis_due", turn.due)] if turn.due else []), turn


def test_the_commission_is_booked_once_and_last(played: Sequence[Shown], story: Story) -> None:
    """Nothing moves until the commission is paid; then it stands on the partner's account, to the
    kopeck, and all sides sum to zero."""
    *before, last = played
    for shown in before:
        assert (shown.balance, shown.event["postings"]) == (None, [])
    assert [shown.decision["amount"] for shown in before if shown.decision["amount"]] == [
        {"amount": str(DUE), "unit": "RUB"}
    ]
    account = books.account(story.town["auditor"], f"{PARTNER}:balance")
    books.check(account)
    assert (account.balance, account.unit, len(account.entries)) == (DUE, "RUB", 1)
    assert books.account(story.town["partner"], f"{PARTNER}:balance") == account
    (moved,) = map(books.posting, last.event["postings"])
    assert (moved.kind, moved.source) == ("partner_commission", "house:partner_commissions")
    assert (moved.amount, moved.destination) == (DUE, account.name)


def test_each_is_told_what_concerns_him(played: Sequence[Shown]) -> None:
    """The partner and the client receive the notices of the process, in order, and no others."""
    for turn, shown in zip(TURNS, played, strict=True):
        sent = [f"{n['to'].partition(':')[0]}:{n['kind']}" for n in shown.event["notices"]]
        assert sent == list(turn.step.notices), turn
    case = played[-1].case
    kinds: dict[str, list[str]] = {}
    for notice in (notice for event in case["history"] for notice in event["notices"]):
        kinds.setdefault(notice["to"], []).append(notice["kind"])
    assert kinds == TOLD
    assert {who: len(messages) for who, messages in received(case).items()} == {
        who: len(told) for who, told in TOLD.items()
    }


def test_the_partner_reads_what_the_staff_reads(played: Sequence[Shown], story: Story) -> None:
    """The partner reads of the deal what the auditor reads; for another partner there is none."""
    assert story.stands("partner") == story.stands("auditor") == played[-1].case
    assert story.stands("neighbour") is None


def test_all_of_it_is_said_in_russian(played: Sequence[Shown], story: Story) -> None:
    """Outcomes, states, actions, who must act, what is missing and every notice are in Russian."""
    asked = story.town["partner"].post("{ viewer { locale } }")
    assert asked.headers["content-language"].partition("-")[0] == "ru"
    said = {text for shown in played for text in texts(shown)} | set(story.called().values())
    assert [text for text in sorted(said) if not is_cyrillic(text)] == []


def is_cyrillic(text: str) -> bool:
    """Whether a text is written in Russian; a name or an abbreviation in it may be in Latin."""
    return any(ord(letter) in CYRILLIC for letter in text)


def test_the_deal_can_be_printed() -> None:
    """``python -m tests.gateway.stories.deal`` plays the deal and prints what is shown of it."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.gateway.stories.deal"],
        capture_output=True,
        cwd=ROOT,
        env={**environment(), "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    rows = [line.split() for line in lines if line.startswith("    ")]
    for name in ("исход", "состояние", "дальше", "проводка", "остаток"):
        assert sum(row[0] == name for row in rows) >= len(TURNS), name
    steps = [" ".join(row[1:]) for row in rows if row[0] == "шаг"]
    assert steps == [f"{turn.step.number} из 12" for turn in TURNS]
    assert rows[-1][0] == f"{len(TOLD['client:CL-1'])}."
    assert [line.partition(": ")[2] for line in lines if line.startswith("Уведомления")] == [*TOLD]
    assert "187 500,01 ₽" in ran.stdout.replace("\N{NO-BREAK SPACE}", " ")
