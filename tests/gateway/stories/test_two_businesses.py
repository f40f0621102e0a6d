"""One professional with two businesses of one tenant: two accounts, two currencies, two books."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest

from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.gateway.stories import books
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, enable, enrol
from tests.gateway.stories.test_access_over_http import opened

ACCOUNTS: Final = "{ accounts { edges { node { name unit balance { amount unit } } } } }"


@pytest.fixture
def town(gateway: Gateway) -> Town:
    """A tenant of both, where 500.00 were paid in with each, and a lead taken from it."""
    made = enrol(gateway, "conxpros", "xpertsource")
    opened(made, CONXPROS, "L-1")
    opened(made, XPERTSOURCE, "L-1")
    return made


def test_dollars_are_not_added_to_dollars_of_another_country(town: Town) -> None:
    """Each business has its own account of the professional, in its unit, and each balances."""
    wanted = {"conxpros": (Decimal("455.00"), "USD"), "xpertsource": (Decimal("380.00"), "CAD")}
    for plugin, shown in wanted.items():
        account = books.account(town["professional"], f"professional:P-1:balance@{plugin}")
        books.check(account)
        assert (account.balance, account.unit) == shown
        assert [entry.seq for entry in account.entries] == [1, 2]
    listed = town["professional"].ask(ACCOUNTS)["accounts"]["edges"]
    assert [(edge["node"]["name"], edge["node"]["balance"]) for edge in listed] == [
        (f"professional:P-1:balance@{plugin}", {"amount": str(amount), "unit": unit})
        for plugin, (amount, unit) in sorted(wanted.items())
    ]


def test_one_of_them_is_disabled(town: Town) -> None:
    """The account of a business that is disabled is not there; the other one is as it was."""
    enable(town["operator"], "conxpros", enabled=False)
    listed = town["professional"].ask(ACCOUNTS)["accounts"]["edges"]
    assert [edge["node"]["name"] for edge in listed] == ["professional:P-1:balance@xpertsource"]
    name = "professional:P-1:balance@conxpros"
    query = "query ($name: String!) { account(name: $name) { name } }"
    assert town["professional"].ask(query, name=name) == {"account": None}
    account = books.account(town["professional"], "professional:P-1:balance")
    assert account.balance == Decimal("380.00")


def test_a_lead_of_one_is_no_lead_of_the_other(town: Town) -> None:
    """One id of a lead with both businesses is two leads, and two cases."""
    query = "{ cases { edges { node { id policy state } } } }"
    listed = [edge["node"] for edge in town["auditor"].ask(query)["cases"]["edges"]]
    assert {case["policy"] for case in listed} == {CONXPROS.key, XPERTSOURCE.key}
    assert len({case["id"] for case in listed}) == 2
    mixed_up = next(case["id"] for case in listed if case["policy"] == CONXPROS.key)
    came = town["professional"].act(XPERTSOURCE.key, "request_credit", {}, case=mixed_up)
    assert [reason["code"] for reason in came["userErrors"]] == ["NOT_FOUND"]
