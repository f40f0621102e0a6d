"""The decided cases, played as actions on a fresh tenant each: the records make their facts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from avoir.testing import Case, load
from tests.gateway.stories import books
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, enrol
from tests.gateway.stories.plays import compared, evaluated, play

FOLDER: Final = Path(__file__).parents[2] / "cases"
FILES: Final = ("conxpros.lead_credit.json", "xpertsource.lead_credit.json")
CASES: Final = [case for name in FILES for case in load((FOLDER / name).read_bytes())]
NOT_FOR_A_FOUNDING: Final = {"CX-106": "deliver", "XS-067": "purchase"}
"""Cases that want a fact of the record: without it there is no record, and no case to ask about."""
PLAYED: Final = [case for case in CASES if case.id not in NOT_FOR_A_FOUNDING]
REFUSED_AT_THE_DOOR: Final = [case for case in CASES if case.id in NOT_FOR_A_FOUNDING]


@pytest.fixture(scope="module")
def evaluating(gateway: Gateway) -> Town:
    """A tenant where nothing ever happens."""
    return enrol(gateway, "conxpros", "xpertsource")


@pytest.fixture
def town(gateway: Gateway) -> Town:
    """A new tenant, in a time zone that is nobody's in the cases."""
    return enrol(gateway, "conxpros", "xpertsource", zone="Europe/Paris")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_evaluated_over_http(case: Case, evaluating: Town) -> None:
    """A case is decided over HTTP as its file says, strictly."""
    assert case.parameters is None
    came = evaluated(evaluating["auditor"], case.policy, case.action or "", case.facts)
    assert compared(case, came) == {}


@pytest.mark.parametrize("case", PLAYED, ids=lambda case: case.id)
def test_played_over_http(case: Case, town: Town) -> None:
    """The same acts one after another, each at its moment, come to what the case says, strictly."""
    played = play(town, case)
    came = played.decision
    if case.expect["outcome"] == "invalid":
        assert {reason["code"] for reason in played.declined} == {"IMPOSSIBLE_FACT"}
        paths = [".".join(reason["path"]) for reason in played.declined]
        assert paths == [error.partition(":")[0] for error in case.expect["errors"]]
        came = played.would(case.action or "", played.own(case.action or ""))
    else:
        assert not played.declined
    assert compared(case, came) == {}
    if played.id is None:
        assert case.action == "report"
        return
    _check_books(town, case, played.id)


def _check_books(town: Town, case: Case, id: str) -> None:
    """The books sum to zero, no more than the price was credited, and nothing is unexplained."""
    plugin = case.policy.partition(".")[0]
    account = books.account(town["auditor"], f"professional:P-1:balance@{plugin}")
    books.check(account)
    lead = case.facts.get("lead", {})
    price = lead.get("cost") or lead.get("price_paid") or {"amount": "120.00"}
    assert 0 <= books.net_credited(town["auditor"], id) <= Decimal(price["amount"])
    if "balances" in case.expect:
        assert str(account.balance) == case.expect["balances"]["client_account"]


@pytest.mark.parametrize("case", REFUSED_AT_THE_DOOR, ids=lambda case: case.id)
def test_a_record_is_not_made_without_what_it_records(case: Case, town: Town) -> None:
    """Where the record of a purchase or delivery lacks the moment, it is declined by that path."""
    played = play(town, case)
    assert played.id is None
    (reason,) = played.declined
    assert reason["code"] == "MISSING_FACT"
    assert [".".join(reason["path"])] == case.expect["missing"]


def test_every_case_is_played() -> None:
    """No case is left out."""
    assert len(CASES) == 51
    assert len({case.id for case in PLAYED + REFUSED_AT_THE_DOOR}) == len(CASES)
