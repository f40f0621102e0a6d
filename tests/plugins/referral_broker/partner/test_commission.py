"""The partner's commission: exact to the kopeck, for both conditions and neither before."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avoir.cases import evaluate
from avoir.decisions import Decision
from avoir_referral_broker.partner.policy import POLICY
from tests.plugins.referral_broker.partner.examples import Document, acting

EDITION = POLICY.edition()
LARGEST = 10**15
"""Ten trillion roubles, in kopecks."""

kopecks = st.integers(1, LARGEST)


def roubles(smallest: int) -> Document:
    """So many kopecks."""
    whole, rest = divmod(smallest, 100)
    return {"amount": f"{whole}.{rest:02}", "unit": "RUB"}


def assessed(
    received: int,
    *,
    invoiced: int = 1,
    paid: int = 1,
    signed: bool = True,
    low: int = 0,
    high: int = LARGEST,
    **parameters: object,
) -> Decision:
    """What an assessment comes to, for a loan of so many kopecks."""
    facts = acting(
        "assess_partner_commission",
        {
            "deal.loan.received_amount": roubles(received),
            "deal.range.minimum": roubles(low),
            "deal.range.maximum": roubles(high),
            "deal.client_commission.invoiced": roubles(invoiced),
            "deal.client_commission.paid": roubles(paid),
            "deal.act.signed_copy_provided": signed,
        },
    )
    return evaluate(POLICY.edition(parameters), "assess_partner_commission", facts)


def share(received: int, thousandths: int = 25) -> int:
    """The share of a loan in kopecks, half a kopeck rounded up, in whole numbers alone."""
    return (received * thousandths * 2 + 1000) // 2000


@given(kopecks)
@example(750_000_000)
@example(100_000_020)
@example(33_333_340)
@example(19)
@example(20)
def test_the_commission_is_exact_to_the_kopeck(received: int) -> None:
    """Of any loan the partner is due 2.5 %, as an independent formula has it."""
    decision = assessed(received)
    assert decision.outcome == "approved"
    assert decision.amount is not None
    assert decision.amount.smallest == share(received)
    assert [p.amount.smallest for p in decision.postings] == [share(received)] * (received >= 20)


@given(kopecks, st.integers(0, 1000))
def test_any_share_is_exact_to_the_kopeck(received: int, thousandths: int) -> None:
    """Whatever the rate, it is multiplied once and rounded once."""
    rate = str(Decimal(thousandths).scaleb(-3))
    decision = assessed(received, commission_rate=rate)
    assert decision.amount is not None
    assert decision.amount.smallest == share(received, thousandths)


@given(kopecks)
def test_the_ways_of_rounding_are_a_kopeck_apart_at_most(received: int) -> None:
    """Rounding down is never above half to even, and that never above half up."""
    came = [assessed(received, rounding=way).amount for way in ("down", "half_even", "half_up")]
    down, even, up = [amount.smallest for amount in came if amount is not None]
    assert down <= even <= up <= down + 1
    assert down == received * 25 // 1000


@given(st.lists(kopecks, min_size=1, max_size=6))
def test_tranches_are_summed_before_they_are_shared(amounts: list[int]) -> None:
    """A loan in tranches earns the share of its sum, rounded once and not for each."""
    tranches = [{"amount": roubles(amount)["amount"]} for amount in amounts]
    facts = acting(
        "assess_partner_commission",
        {
            "deal.loan.received_amount": None,
            "deal.loan.tranches": tranches,
            "deal.range.minimum": roubles(0),
            "deal.range.maximum": roubles(6 * LARGEST),
        },
    )
    decision = evaluate(EDITION, "assess_partner_commission", facts)
    assert decision.amount is not None
    assert decision.amount.smallest == share(sum(amounts))


@given(kopecks, kopecks, st.booleans())
def test_a_kopeck_short_never_pays(received: int, invoiced: int, signed: bool) -> None:
    """Short of the invoice by a kopeck there is no commission, however large, act or no act."""
    decision = assessed(received, invoiced=invoiced, paid=invoiced - 1, signed=signed)
    assert decision.outcome == "blocked"
    assert (decision.amount, decision.postings) == (None, ())
    expected = ("client commission paid", *(() if signed else ("signed act provided",)))
    assert decision.preconditions == expected


@given(kopecks, kopecks, kopecks)
def test_both_conditions_and_only_both_make_it_due(received: int, invoiced: int, paid: int) -> None:
    """Of payment and act each is named where it is missing, and nothing else is."""
    for signed in (True, False):
        decision = assessed(received, invoiced=invoiced, paid=paid, signed=signed)
        full = paid >= invoiced
        assert (decision.outcome == "approved") is (full and signed)
        assert ("client commission paid" in decision.preconditions) is not full
        assert ("signed act provided" in decision.preconditions) is not signed


@given(kopecks, kopecks, kopecks)
def test_outside_the_range_a_person_decides(received: int, one: int, other: int) -> None:
    """A loan within its range is shared; above or below it a person looks, and nothing moves."""
    low, high = sorted((one, other))
    decision = assessed(received, low=low, high=high)
    if low <= received <= high:
        assert decision.outcome == "approved"
    else:
        assert (decision.outcome, decision.postings) == ("manual_review", ())
        assert decision.clauses[0].id == ("BP-06-TO" if received > high else "BP-06-FROM")
        assert "BP-COMMISSION" in {clause.id for clause in decision.clauses}


@pytest.mark.parametrize(
    ("paid_before", "completed", "paid", "signed", "within"),
    list(product((True, False), repeat=5)),
)
def test_what_is_asked_first_decides(
    paid_before: bool, completed: bool, paid: bool, signed: bool, within: bool
) -> None:
    """Paid before, then step 11, then both conditions, then the range, then the amount."""
    stated: dict[str, object] = {
        "deal.client_commission.paid": roubles(50_000_000 if paid else 0),
        "deal.act.signed_copy_provided": signed,
        "deal.loan.received_amount": roubles(750_000_000 if within else 900_000_001),
    }
    if paid_before:
        stated["deal.partner_commission.paid"] = roubles(1)
    if not completed:
        stated["deal.completed_steps"] = list(range(1, 11))
    facts = acting("assess_partner_commission", stated)
    outcome = evaluate(EDITION, "assess_partner_commission", facts).outcome
    if paid_before:
        assert outcome == "unchanged"
    elif not (completed and paid and signed):
        assert outcome == "blocked"
    else:
        assert outcome == ("approved" if within else "manual_review")


@given(st.sampled_from(["USD", "EUR", "XAU", "CRONO", "rub", "", "RU"]), kopecks)
def test_no_other_unit_is_ever_shared(unit: str, received: int) -> None:
    """Nothing but roubles is a loan, and the unit is what is named."""
    loan = {**roubles(received), "unit": unit}
    facts = acting("assess_partner_commission", {"deal.loan.received_amount": loan})
    decision = evaluate(EDITION, "assess_partner_commission", facts)
    assert decision.outcome == "invalid"
    assert [fault.path for fault in decision.faults] == ["deal.loan.received_amount.unit"]
