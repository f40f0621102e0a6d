"""Acts that meet: whatever their order, one of them takes effect and the books say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest

from tests.gateway.stories import books
from tests.gateway.stories.conftest import Enrol
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Person, Town, Tree, another_token, at_once

CX: Final = "conxprosLeadCredit"
XS: Final = "xpertsourceLeadCredit"
BALANCE: Final = "professional:P-1:balance"
COST: Final = Decimal("45.00")
DELIVERED: Final = "2025-04-07T10:00:00-04:00"
ASKED: Final = "2025-04-09T12:00:00-04:00"
DEAD_LINE: Final[Tree] = {
    "request": {"channel": "DASHBOARD", "reason": "NON_WORKING_PHONE", "notes": "Disconnected."},
    "findings": {"phoneWorking": False},
}
MANY: Final = 16


def paid_in(town: Town, amount: str, mutation: str = CX, unit: str = "USD") -> None:
    """An amount paid in for P-1."""
    to = {"professionalId": "P-1"} if mutation == CX else {"professional": "P-1"}
    top_up = {"amount": amount, "unit": unit}
    town["platform"].done(f"{mutation}TopUp", **to, topUp=top_up)


def delivery(number: str, to: str = "P-1") -> Tree:
    """The input of a delivery."""
    cost = {"amount": str(COST), "unit": "USD"}
    lead = {"id": number, "deliveredAt": DELIVERED, "cost": cost, "category": "roofing"}
    return {"professionalId": to, "lead": lead}


def delivered(town: Town, number: str = "L-1") -> str:
    """A lead delivered to P-1, two days ago; its case."""
    town.stand_at(ASKED)
    payload = town["platform"].done(f"{CX}Deliver", **delivery(number))
    case: str = payload["case"]["id"]
    return case


@pytest.fixture
def town(conxpros: Enrol) -> Town:
    """A tenant of conXpros where 500.00 were paid in for P-1."""
    made = conxpros()
    made.stand_at("2025-04-01T09:00:00-04:00")
    paid_in(made, "500.00")
    return made


def outcomes(payloads: Sequence[Tree]) -> Counter[str]:
    """How often each thing came of several acts: an outcome, or the code of a failure."""
    return Counter(
        payload["userErrors"][0]["code"]
        if payload["userErrors"]
        else payload["decision"]["outcome"]
        for payload in payloads
    )


def checked(town: Town, case: str) -> Decimal:
    """What was credited on a case, net, once the books were found to sum to zero."""
    account = books.account(town["auditor"], BALANCE)
    books.check(account)
    credited = books.net_credited(town["auditor"], case)
    assert 0 <= credited <= COST
    return credited


@pytest.mark.parametrize("times", [2, MANY])
def test_requests_for_one_lead(town: Town, times: int) -> None:
    """Of requests for one lead that arrive at once exactly one is credited."""
    case = delivered(town)
    ask = partial(town["professional"].do, f"{CX}RequestCredit", case=case, **DEAD_LINE)
    came = outcomes(at_once(*[ask] * times))
    assert came["APPROVED"] == 1
    assert came.keys() <= {"APPROVED", "UNCHANGED", "CONFLICT"}
    assert checked(town, case) == COST
    moved = [event["postings"] for event in books.history(town["auditor"], case)["history"][1:]]
    assert sum(map(len, moved)) == 1


def test_requests_at_one_revision(town: Town) -> None:
    """Of requests that expect the same revision one is decided; the others learn of it."""
    case = delivered(town)
    do = town["professional"].do
    ask = partial(do, f"{CX}RequestCredit", case=case, expectedRevision=1, **DEAD_LINE)
    payloads = at_once(*[ask] * MANY)
    assert outcomes(payloads) == {"APPROVED": 1, "CONFLICT": MANY - 1}
    paths = [one["userErrors"][0]["path"] for one in payloads if one["userErrors"]]
    assert paths == [["expectedRevision"]] * (MANY - 1)
    assert books.history(town["auditor"], case)["revision"] == 2


def test_two_reviewers_of_two_minds(xpertsource: Enrol) -> None:
    """Where one reviewer approves as another refuses, exactly one ruling takes effect."""
    town = xpertsource()
    town.stand_at("2025-03-03T10:00:00-05:00")
    paid_in(town, "500.00", XS, "CAD")
    price = {"amount": "120.00", "unit": "CAD"}
    for number in range(4):
        town.stand_at("2025-03-03T10:00:00-05:00")
        at = "2025-03-03T10:00:00-05:00"
        lead = {"id": f"L-{number}", "purchasedAt": at, "pricePaid": price}
        bought = town["platform"].done(f"{XS}Purchase", professional="P-1", lead=lead)
        case = bought["case"]["id"]
        town.stand_at("2025-03-12T09:00:00-04:00")
        shared = {"channel": "PORTAL_FORM", "ground": "LEAD_SHARED"}
        town["professional"].done(f"{XS}RequestCredit", case=case, request=shared)
        payloads = at_once(
            partial(town["reviewer"].rule, case, "approve"),
            partial(town["second-reviewer"].rule, case, "refuse"),
        )
        rulings = [
            event
            for event in books.history(town["auditor"], case)["history"]
            if event["action"] == "rule" and event["outcome"] in ("APPROVED", "REFUSED")
        ]
        (ruling,) = rulings
        assert outcomes(payloads)[ruling["outcome"]] == 1
        state = {"APPROVED": "approved", "REFUSED": "refused"}[ruling["outcome"]]
        assert books.history(town["auditor"], case)["state"] == state
        books.check(books.account(town["auditor"], BALANCE))
        credited = books.net_credited(town["auditor"], case)
        assert credited == (Decimal("120.00") if state == "approved" else 0)


def test_one_key_many_times(town: Town) -> None:
    """The same key at once, sixteen times: one record, and the same answer for everybody."""
    case = delivered(town)
    input = {"idempotencyKey": "one", "case": case, **DEAD_LINE}
    payloads = at_once(*[partial(town["professional"].done, f"{CX}RequestCredit", **input)] * MANY)
    assert sorted(payload.pop("replayed") for payload in payloads) == [False] + [True] * (MANY - 1)
    assert all(payload == payloads[0] for payload in payloads)
    assert len(books.history(town["auditor"], case)["history"]) == 2
    assert checked(town, case) == COST


@pytest.mark.parametrize("attempt", range(3))
def test_one_key_that_could_be_declined(conxpros: Enrol, attempt: int) -> None:
    """A key that was done is answered so, though by now the same would be declined."""
    town = conxpros()
    town.stand_at(ASKED)
    paid_in(town, str(COST))
    deliver = partial(town["platform"].do, f"{CX}Deliver", idempotencyKey="one", **delivery("L-1"))
    payloads = at_once(*[deliver] * MANY)
    assert outcomes(payloads) == {"RECORDED": MANY}, "the balance covers it once"
    case = payloads[0]["case"]["id"]
    asked = {"idempotencyKey": "one", "case": case, "expectedRevision": 1, **DEAD_LINE}
    ask = partial(town["professional"].do, f"{CX}RequestCredit", **asked)
    assert outcomes(at_once(*[ask] * MANY)) == {"APPROVED": MANY}, "at revision 1 it was right"
    assert checked(town, case) == COST
    assert len(books.history(town["auditor"], case)["history"]) == 2


def test_one_key_of_two_minds(town: Town) -> None:
    """The same key with two bodies at once: one body is done, the other is a conflict."""
    case = delivered(town)
    other = {**DEAD_LINE, "findings": {"phoneWorking": True}}
    do = town["professional"].do
    asks = [
        partial(do, f"{CX}RequestCredit", idempotencyKey="one", case=case, **body)
        for body in (DEAD_LINE, other) * (MANY // 2)
    ]
    payloads = at_once(*asks)
    came = outcomes(payloads)
    assert came["IDEMPOTENCY_CONFLICT"] == MANY // 2
    assert sorted(came.values()) == [MANY // 2, MANY // 2]
    conflict = next(one for one in payloads if one["userErrors"])
    assert conflict["userErrors"][0]["path"] == ["idempotencyKey"]
    assert conflict["decision"] is None
    assert len(books.history(town["auditor"], case)["history"]) == 2
    checked(town, case)


def test_a_key_belongs_to_its_actor(town: Town) -> None:
    """Another actor's same key is another key; another token of the same actor's is the same."""
    first, second = delivered(town, "L-1"), delivered(town, "L-2")
    manager, professional = town["manager"], town["professional"]
    asked = {"idempotencyKey": "one", **DEAD_LINE}
    payloads = at_once(
        partial(professional.done, f"{CX}RequestCredit", case=first, **asked),
        partial(manager.done, f"{CX}RequestCredit", case=second, **asked),
    )
    assert [payload["replayed"] for payload in payloads] == [False, False]
    assert outcomes(payloads) == {"APPROVED": 2}
    again = another_token(professional).done(f"{CX}RequestCredit", case=first, **asked)
    assert again == payloads[0] | {"replayed": True}
    mixed_up = another_token(professional).do(f"{CX}RequestCredit", case=second, **asked)
    assert outcomes([mixed_up]) == {"IDEMPOTENCY_CONFLICT": 1}
    for case in (first, second):
        assert checked(town, case) == COST


def test_a_key_answers_the_same_however_late(town: Town) -> None:
    """A key gives the first answer again, though the case has moved on since."""
    case = delivered(town)
    ask = partial(
        town["professional"].done,
        f"{CX}RequestCredit",
        idempotencyKey="one",
        case=case,
        **DEAD_LINE,
    )
    first = ask()
    event = {"source": "HOMEOWNER", "basis": "CONTRADICTING_INFORMATION"}
    town["reviewer"].done(f"{CX}ReversalDecided", case=case, event=event)
    again = ask()
    assert again["replayed"] is True
    assert (again["decision"], again["record"]) == (first["decision"], first["record"])
    assert again["case"]["state"] == "reversed", "the case is shown as it stands now"
    assert checked(town, case) == 0


def partly_credited(town: Town) -> str:
    """A lead of another category that costs 30.00: credited by the difference."""
    case = delivered(town)
    cost = {"amount": "30.00", "unit": "USD"}
    said = {"actualCategoryCost": cost, "taskAppropriateForCategory": False}
    finding = {"finding": "WRONG_CATEGORY"}
    town["reviewer"].done(f"{CX}VerificationFinding", case=case, event=finding, findings=said)
    request = {"channel": "DASHBOARD", "reason": "WRONG_CATEGORY", "notes": "Gutters."}
    found = {"actualCategory": "gutters", "professionalEligibleForActualCategory": True}
    asked = town["professional"].done(
        f"{CX}RequestCredit", case=case, request=request, findings=found
    )
    assert asked["decision"]["amount"]["amount"] == "15.00"
    return case


REVERSAL: Final[Tree] = {"event": {"source": "HOMEOWNER", "basis": "CONTRADICTING_INFORMATION"}}
REVIEW: Final[Tree] = {"event": {"via": "ACCOUNT_MANAGER"}}


def test_a_reversal_against_a_review(town: Town) -> None:
    """Either the credit is taken back and then reviewed, or it is under review and stays.

    A final approval then brings back what was taken, or the rest of the price.
    """
    case = partly_credited(town)
    reversal, review = at_once(
        partial(town["reviewer"].done, f"{CX}ReversalDecided", case=case, **REVERSAL),
        partial(town["professional"].done, f"{CX}ReviewRequested", case=case, **REVIEW),
    )
    order = [event["action"] for event in books.history(town["auditor"], case)["history"][-2:]]
    taken_back_first = order == ["reversal_decided", "review_requested"]
    assert reversal["decision"]["outcome"] == ("REVERSED" if taken_back_first else "BLOCKED")
    assert review["decision"]["outcome"] == ("RECORDED" if taken_back_first else "MANUAL_REVIEW")
    assert checked(town, case) == (0 if taken_back_first else Decimal("15.00"))
    decided = {"case": case, "event": {"result": "APPROVED"}}
    assert town["manager"].done(f"{CX}ReviewDecided", **decided)["case"]["state"] == (
        "final_approved"
    )
    part, whole = Decimal("15.00"), COST
    assert checked(town, case) == (part if taken_back_first else whole)


def test_two_reversals(town: Town) -> None:
    """A credit that two reviewers take back at once is taken back once."""
    case = delivered(town)
    town["professional"].done(f"{CX}RequestCredit", case=case, **DEAD_LINE)
    take_back = [
        partial(town[who].do, f"{CX}ReversalDecided", case=case, **REVERSAL)
        for who in ("reviewer", "second-reviewer")
    ]
    assert outcomes(at_once(*take_back)) == {"REVERSED": 1, "UNCHANGED": 1}
    assert checked(town, case) == 0


def racing(town: Town, count: int) -> list[Callable[[], Tree]]:
    """Deliveries of several leads to P-1."""
    return [
        partial(town["platform"].do, f"{CX}Deliver", **delivery(f"R-{number}"))
        for number in range(count)
    ]


@pytest.mark.parametrize("times", [2, MANY])
def test_deliveries_on_a_balance_for_one(conxpros: Enrol, times: int) -> None:
    """Of deliveries on a balance that covers one exactly one is booked: its floor is zero."""
    town = conxpros()
    town.stand_at(ASKED)
    paid_in(town, "89.99")
    payloads = at_once(*racing(town, times))
    came = outcomes(payloads)
    assert came["RECORDED"] == 1
    assert came.keys() <= {"RECORDED", "FLOOR_REACHED", "CONFLICT"}
    assert came["FLOOR_REACHED"] >= 1
    account = books.account(town["auditor"], BALANCE)
    books.check(account)
    assert account.balance == Decimal("44.99")
    assert len(account.entries) == 2


def test_one_lead_for_two(town: Town) -> None:
    """One lead that is delivered at once to two professionals is delivered to one."""
    platform: Person = town["platform"]
    amount = {"amount": "500.00", "unit": "USD"}
    platform.done(f"{CX}TopUp", professionalId="P-2", topUp=amount)
    town.stand_at(ASKED)
    calls = [partial(platform.do, f"{CX}Deliver", **delivery("L-1", to)) for to in ("P-1", "P-2")]
    payloads = at_once(*calls)
    assert outcomes(payloads) == {"RECORDED": 1, "CONFLICT": 1}
    refused = next(one for one in payloads if one["userErrors"])
    assert refused["userErrors"][0]["path"] == ["lead", "id"]
    balances = {town.balance(f"professional:{id}") for id in ("P-1", "P-2")}
    assert balances == {"500.00", "455.00"}


def test_many_payments_at_once(town: Town) -> None:
    """Payments into one account that arrive at once run on from one another, without a gap."""
    amount: dict[str, Any] = {"amount": "1.00", "unit": "USD"}
    pay = partial(town["platform"].do, f"{CX}TopUp", professionalId="P-1", topUp=amount)
    came = outcomes(at_once(*[pay] * MANY))
    assert came == {"RECORDED": MANY}
    account = books.account(town["auditor"], BALANCE)
    books.check(account)
    assert account.balance == Decimal("516.00")


@pytest.fixture(scope="module")
def beside(gateway: Gateway) -> Iterator[Gateway]:
    """A second gateway on the data of the first."""
    with Gateway(gateway.folder) as running:
        yield running


def test_two_gateways(town: Town, beside: Gateway) -> None:
    """What holds for acts that meet in one gateway holds for two that share a store."""
    case = delivered(town)
    here = town["professional"], town["platform"]
    there = tuple(replace(person, gateway=beside) for person in here)
    both = (here, there) * (MANY // 4)
    asks = [partial(p.do, f"{CX}RequestCredit", case=case, **DEAD_LINE) for p, _ in both]
    came = outcomes(at_once(*asks))
    assert came["APPROVED"] == 1
    assert came.keys() <= {"APPROVED", "UNCHANGED", "CONFLICT"}
    assert checked(town, case) == COST
    pay = {"professionalId": "P-1", "topUp": {"amount": "1.00", "unit": "USD"}}
    pays = [
        partial(p.do, f"{CX}TopUp", idempotencyKey=f"p-{n}", **pay) for n, (_, p) in enumerate(both)
    ]
    assert outcomes(at_once(*pays)) == {"RECORDED": len(both)}
    again = [partial(p.do, f"{CX}TopUp", idempotencyKey="same", **pay) for _, p in both]
    payloads = at_once(*again)
    assert sorted(one["replayed"] for one in payloads) == [False] + [True] * (len(both) - 1)
    assert len({one["record"]["at"] for one in payloads}) == 1
    account = books.account(town["auditor"], BALANCE)
    books.check(account)
    assert account.balance == Decimal("500.00") + len(both) + 1
