"""A lead at XpertSource from its purchase to a ruling, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pytest

from tests.gateway.stories import books
from tests.gateway.stories.conftest import Enrol
from tests.gateway.stories.people import Town, Tree

DO: Final = "xpertsourceLeadCredit"
BALANCE: Final = "professional:P-1:balance"
PRICE: Final = Decimal("120.00")
PAID_IN: Final = Decimal("500.00")
BOUGHT: Final = "2025-03-03T10:00:00-05:00"
DAY_SEVEN: Final = "2025-03-10T10:00:00-04:00"
ANSWER_DUE: Final = "2025-03-17"
"""Five business days after Monday 10 March."""


def call(at: str, *, voicemail: bool) -> Mapping[str, Any]:
    """A call that was not answered."""
    return {"type": "CALL", "at": at, "voicemailLeft": voicemail, "answered": False}


def email(at: str, *, proof: bool | None = True) -> Mapping[str, Any]:
    """An email to the client."""
    return {"type": "EMAIL", "at": at, "proofAttached": proof, "answered": False}


ATTEMPTS: Final[Sequence[Mapping[str, Any]]] = (
    call("2025-03-03T11:00:00-05:00", voicemail=True),
    email("2025-03-04T11:00:00-05:00"),
    call("2025-03-05T17:30:00-05:00", voicemail=False),
    call("2025-03-06T12:10:00-05:00", voicemail=True),
    email("2025-03-06T12:30:00-05:00"),
    call("2025-03-07T18:05:00-05:00", voicemail=False),
)


def unreachable(attempts: Sequence[Mapping[str, Any]] = ATTEMPTS) -> Tree:
    """A request in the form: the client cannot be reached."""
    return {
        "request": {
            "channel": "PORTAL_FORM",
            "ground": "UNREACHABLE",
            "contactAttempts": list(attempts),
        }
    }


UNDER_CONTRACT: Final[Mapping[str, Any]] = {
    "request": {"channel": "PORTAL_FORM", "ground": "ALREADY_UNDER_CONTRACT"},
    "evidence": {"otherContractSignedOn": "2025-02-20"},
}


class Matter:
    """A lead that P-1 has bought, and what his account should show."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.credited = Decimal(0)
        town.stand_at("2025-03-01T09:00:00-05:00")
        amount = {"amount": str(PAID_IN), "unit": "CAD"}
        town["platform"].done(f"{DO}TopUp", professional="P-1", topUp=amount)
        town.stand_at(BOUGHT)
        price = {"amount": str(PRICE), "unit": "CAD"}
        lead = {"id": "L-1", "purchasedAt": BOUGHT, "pricePaid": price}
        bought = town["platform"].done(f"{DO}Purchase", professional="P-1", lead=lead)
        assert bought["case"]["state"] == "waiting_period"
        self.case: str = bought["case"]["id"]
        self.check()

    def do(self, who: str, action: str, at: str | None = None, **facts: Any) -> Tree:
        """Take an action on the case, and look at the books afterwards."""
        if at is not None:
            self.town.stand_at(at)
        payload = self.town[who].done(f"{DO}{action}", case=self.case, **facts)
        postings = map(books.posting, payload["decision"]["postings"])
        if payload["decision"]["takesEffect"] == "AT_ONCE":
            self.credited += sum(posting.amount for posting in postings)
        self.check()
        return payload

    def rule(self, who: str, decision: str) -> Tree:
        """Rule on the case, and look at the books afterwards."""
        payload = self.town[who].rule(self.case, decision)
        assert payload["userErrors"] == []
        if payload["decision"]["outcome"] == "APPROVED":
            self.credited += PRICE
        self.check()
        return payload

    def check(self) -> None:
        """The books sum to zero, and show the price less what was credited."""
        account = books.account(self.town["professional"], BALANCE)
        books.check(account)
        assert account.balance == PAID_IN - PRICE + self.credited
        assert 0 <= self.credited <= PRICE

    def shown(self, who: str = "professional") -> Tree:
        """The case as somebody sees it now."""
        query = """query ($id: ID!) { case(id: $id) {
            state allowedActions deadlines { kind date } recommendation { outcome mode }
            decision { outcome mode }
        } }"""
        case: Tree = self.town[who].ask(query, id=self.case)["case"]
        return case


@pytest.fixture
def matter(xpertsource: Enrol) -> Matter:
    """A lead bought for 120.00 on Monday 3 March 2025 at ten."""
    return Matter(xpertsource())


def came(payload: Tree) -> tuple[str, str]:
    """What an action came to, and the state of the case after it."""
    return payload["decision"]["outcome"], payload["case"]["state"]


def cited(payload: Tree) -> set[str]:
    """The clauses that a decision cites."""
    return {clause["id"] for clause in payload["decision"]["clauses"]}


def test_from_the_purchase_to_a_ruling(matter: Matter) -> None:
    """Too early, then wanting a fact, then waiting for the manager, then ruled on and credited."""
    early = matter.do(
        "professional", "RequestCredit", "2025-03-05T09:00:00-05:00", **unreachable(ATTEMPTS[:1])
    )
    assert came(early) == ("REFUSED", "refused_premature")
    assert cited(early) >= {"XS-DELAY-MIN", "XS-CONTACT-CALLS"}
    assert early["decision"]["resubmittable"] is True
    remedies = {one["clause"]: one for one in early["decision"]["remedies"]}
    assert {"XS-DELAY-MIN", "XS-CONTACT-CALLS", "XS-CONTACT-EMAILS"} <= remedies.keys()
    assert remedies["XS-DELAY-MIN"]["earliest"] == "2025-03-10"
    assert all(one["message"] for one in remedies.values())

    unproven = [*ATTEMPTS[:4], email("2025-03-06T12:30:00-05:00", proof=None), ATTEMPTS[5]]
    wanting = matter.do("professional", "RequestCredit", DAY_SEVEN, **unreachable(unproven))
    assert came(wanting) == ("NEEDS_INFORMATION", "awaiting_information")
    missing = [fact["path"] for fact in wanting["decision"]["missing"]]
    assert missing == ["request.contact_attempts[4].proof_attached"]

    given = matter.do("professional", "GiveInformation", **unreachable())
    assert came(given) == ("MANUAL_REVIEW", "under_examination")
    assert cited(given) >= {"XS-APP-1-UNREACHABLE", "XS-DISCRETION"}
    due = {"kind": "answer_due", "date": ANSWER_DUE}
    assert due in matter.shown()["deadlines"]

    confirmed = matter.do(
        "manager", "ConfirmContact", evidence={"accountManagerConfirmsUnreachable": True}
    )
    assert came(confirmed) == ("APPROVED", "under_examination")
    assert confirmed["decision"]["takesEffect"] == "ON_RULING"
    proposed = [books.posting(shown) for shown in confirmed["decision"]["postings"]]
    assert [one.amount for one in proposed] == [PRICE], "proposed, and booked by the ruling only"
    assert matter.credited == 0

    ruled = matter.rule("reviewer", "approve")
    assert came(ruled) == ("APPROVED", "approved")
    assert ruled["decision"]["mode"] == "RULING"
    assert matter.shown()["recommendation"] == {"outcome": "APPROVED", "mode": "RECOMMENDATION"}
    assert matter.credited == PRICE

    history = books.history(matter.town["professional"], matter.case)["history"]
    assert [(event["action"], event["outcome"]) for event in history] == [
        ("purchase", "RECORDED"),
        ("request_credit", "REFUSED"),
        ("request_credit", "NEEDS_INFORMATION"),
        ("give_information", "MANUAL_REVIEW"),
        ("confirm_contact", "APPROVED"),
        ("rule", "APPROVED"),
    ]
    assert [bool(event["postings"]) for event in history] == [True, *[False] * 4, True]
    assert all(event["decision"]["clauses"] for event in history[1:])


@pytest.mark.parametrize(
    ("word", "came_to", "credited"),
    [("refuse", ("REFUSED", "refused"), Decimal(0)), ("approve", ("APPROVED", "approved"), PRICE)],
)
def test_a_commitment_is_refused_by_two(
    matter: Matter, word: str, came_to: tuple[str, str], credited: Decimal
) -> None:
    """One reviewer's refusal of a firm commitment settles nothing, nor his second; another's does.

    The other one may as well grant it.
    """
    asked = matter.do("professional", "RequestCredit", DAY_SEVEN, **UNDER_CONTRACT)
    assert came(asked) == ("APPROVED", "under_examination")
    assert asked["decision"]["mode"] == "COMMITMENT"
    for _ in range(2):
        refused = matter.rule("reviewer", "refuse")
        assert came(refused) == ("MANUAL_REVIEW", "under_examination")
        assert "XS-ALREADY-CONTRACT" in cited(refused)
        assert matter.credited == 0
    assert came(matter.rule("second-reviewer", word)) == came_to
    assert matter.credited == credited


def test_when_nobody_answers_in_five_business_days(matter: Matter) -> None:
    """Once the answer is overdue the manager may be called on, and is told; not a moment before.

    Silence credits nothing, and a late ruling still settles it.
    """
    matter.do("professional", "RequestCredit", DAY_SEVEN, **unreachable())
    town = matter.town
    town.stand_at(f"{ANSWER_DUE}T23:59:59-04:00")
    assert matter.shown()["state"] == "under_examination"
    assert "contact_account_manager" not in matter.shown()["allowedActions"]
    too_early = matter.do("professional", "ContactAccountManager")
    assert came(too_early) == ("BLOCKED", "under_examination")
    assert too_early["decision"]["notices"] == []

    town.stand_at("2025-03-18T00:00:00-04:00")
    assert matter.shown()["state"] == "overdue"
    assert matter.shown()["allowedActions"] == ["contact_account_manager"]
    assert matter.credited == 0, "silence is never approval"
    contacted = matter.do("professional", "ContactAccountManager")
    assert came(contacted) == ("RECORDED", "overdue")
    assert cited(contacted) >= {"XS-ESCALATE-MANAGER"}
    event = books.history(town["manager"], matter.case)["history"][-1]
    assert [(notice["kind"], notice["to"]) for notice in event["notices"]] == [
        ("contact_account_manager", "manager")
    ]
    assert all(notice["message"] for notice in event["notices"])
    assert came(matter.rule("reviewer", "approve")) == ("APPROVED", "approved")
    assert matter.credited == PRICE


def test_nobody_is_credited_twice(matter: Matter) -> None:
    """After a credit neither a request nor a ruling brings another."""
    matter.do("professional", "RequestCredit", DAY_SEVEN, **UNDER_CONTRACT)
    matter.rule("reviewer", "approve")
    again = matter.do("professional", "RequestCredit", **UNDER_CONTRACT)
    assert again["decision"]["outcome"] in ("BLOCKED", "REFUSED", "UNCHANGED")
    assert again["decision"]["postings"] == []
    ruling = matter.town["second-reviewer"].rule(matter.case, "approve")
    assert ruling["decision"]["postings"] == []
    matter.check()
    assert matter.shown()["state"] == "approved"
