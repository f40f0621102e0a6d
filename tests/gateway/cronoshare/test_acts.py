"""What a front-end may rely on: who acts, what a phase offers, what is kept of a purchase."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from avoir_gateway import store
from avoir_gateway.matters import stated
from avoir_gateway.service import Acted, CaseView
from tests.gateway.cronoshare.shop import OPENED, Shop, case_of, opened, outcome, serving

HALF_PAST_MIDNIGHT = datetime(2025, 5, 30, 22, 30, tzinfo=UTC)
"""In Paris 31 May has begun, the day after the sixtieth; in UTC it is still the sixtieth."""

APPROVES = {"ruling": {"decision": "approve", "reason": "The client wrote to us."}}


@pytest.fixture
async def shop(database: store.Database) -> Shop:
    """A tenant where a thousand cronos were paid in for P-1."""
    made = await opened(await serving(database))
    await made.top_up("P-1", 1000)
    return made


def cited(done: object) -> set[str]:
    """The clauses that a record cites."""
    assert isinstance(done, Acted), done
    return set(msgspec.convert(done.record.decision["clauses"], list[str]))


async def test_a_professional_acts_under_the_name_of_his_party(shop: Shop) -> None:
    """Who refunds is, to the terms, the professional who paid, whatever his login is called."""
    case = case_of(await shop.buy("P-1", "O-1", 80))
    done = await shop.refund("P-1", case)
    assert isinstance(done, Acted)
    assert stated(done.record.facts, "event.by") == "professional:P-1"
    assert done.record.actor.id == "u-P-1"


async def test_nobody_else_refunds(shop: Shop) -> None:
    """Another professional sees no such contact, and staff may not."""
    case = case_of(await shop.buy("P-1", "O-1", 80))
    assert outcome(await shop.refund("P-2", case)) == "NOT_FOUND"
    for role in ("platform", "operator", "reviewer", "manager"):
        assert outcome(await shop.refund(role, case)) == "FORBIDDEN"
    assert (await shop.seen(case)).state == "manage"
    view = await shop.service.evaluate(
        shop.who("manager"),
        shop.tenant,
        "cronoshare.contact",
        "refund",
        {"event": {"ground": "client_rejects_price"}},
        case,
    )
    assert view.decision["outcome"] == "blocked"
    assert view.decision["clauses"] == ["CS-MANUAL", "CS-NO-CONTACT-NEEDED", "CS-HOWTO"]


async def test_each_phase_offers_its_actions(shop: Shop) -> None:
    """The menu of a contact is what its case offers to who looks at it."""

    async def menu(case: str) -> tuple[str, tuple[str, ...]]:
        view = await shop.service.case(shop.who("P-1"), shop.tenant, case)
        assert isinstance(view, CaseView)
        return view.state, view.allowed_actions

    case = case_of(await shop.buy("P-1", "O-1", 80))
    assert await menu(case) == ("manage", ("refund", "postpone", "declare_service_done"))
    await shop.act("P-1", "postpone", case=case)
    assert (await menu(case))[0] == "manage"
    await shop.refund("P-1", case)
    assert await menu(case) == ("processed_refunded", ("rectify",))
    await shop.act("P-1", "rectify", case=case)
    assert await menu(case) == ("processed_chosen", ())
    free = case_of(await shop.buy("P-1", "O-2", 0))
    assert await menu(free) == ("not_permitted", ())
    late = case_of(await shop.buy("P-1", "O-3", 80))
    await shop.stand_at(HALF_PAST_MIDNIGHT)
    assert await menu(late) == ("expired", ())
    assert await menu(free) == ("not_permitted", ())


async def test_a_refund_on_the_day_after_the_last(shop: Shop) -> None:
    """At half past midnight in Paris the sixtieth day is over, although not yet in UTC."""
    case = case_of(await shop.buy("P-1", "O-1", 80))
    await shop.stand_at(HALF_PAST_MIDNIGHT)
    done = await shop.refund("P-1", case)
    assert outcome(done) == "refused"
    assert {"CS-WINDOW-60BD", "CS-PHASE-EXPIRED"} <= cited(done)
    assert await shop.balances("P-1") == (900, 0)
    await shop.stand_at(OPENED)


async def test_a_processed_contact_is_refused_by_the_terms(shop: Shop) -> None:
    """A second refund, and one of a contact that was chosen, are refused by their clauses."""
    case = case_of(await shop.buy("P-1", "O-1", 80))
    await shop.refund("P-1", case)
    again = await shop.refund("P-1", case)
    assert outcome(again) == "refused"
    assert "CS-PHASE-PROCESSED" in cited(again)
    other = case_of(await shop.buy("P-1", "O-2", 80))
    await shop.act("platform", "client_chose", case=other)
    chosen = await shop.refund("P-1", other)
    assert outcome(chosen) == "refused"
    assert {"CS-NOT-CHOSEN", "CS-PHASE-PROCESSED"} <= cited(chosen)
    free = case_of(await shop.buy("P-1", "O-3", 0))
    assert cited(await shop.refund("P-1", free)) >= {"CS-PHASE-NOT-PERMITTED"}
    assert await shop.balances("P-1") == (1000 - 20 - 100 - 20, 0)


async def test_a_purchase_keeps_what_was_paid_and_until_when(shop: Shop) -> None:
    """Commission, fee and purchase are on record, and both deadlines stand from the purchase."""
    done = await shop.buy("P-1", "O-1", 80)
    assert isinstance(done, Acted)
    assert {(d.kind, d.date.isoformat()) for d in done.record.deadlines} == {
        ("refund_window_closes", "2025-05-30"),
        ("refund_window_warning", "2025-05-25"),
    }
    view = await shop.seen(done.record.case)
    contact = view.policy.lifecycle.history(view.case.events)["contact"]
    assert isinstance(contact, dict)
    assert (contact["commission_paid"], contact["fee_paid"]) == ("80", "20")
    assert (contact["purchased_by"], contact["offer_id"]) == ("P-1", "O-1")


async def test_what_was_not_bought_can_be_bought_later(shop: Shop) -> None:
    """A purchase without enough cronos opens no contact, and takes no offer away."""
    assert outcome(await shop.buy("P-2", "O-9", 500)) == "blocked"
    assert (
        await shop.service.case(
            shop.who("P-2"), shop.tenant, "cronoshare.contact:O-9:professional:P-2"
        )
        is None
    )
    await shop.top_up("P-2", 600)
    assert outcome(await shop.buy("P-2", "O-9", 500)) == "approved"


async def test_one_offer_is_a_contact_of_each_professional(shop: Shop) -> None:
    """Two professionals may buy the same offer, and each refunds his own."""
    await shop.top_up("P-2", 100)
    one = case_of(await shop.buy("P-1", "O-1", 80))
    other = case_of(await shop.buy("P-2", "O-1", 80))
    assert one != other
    assert outcome(await shop.refund("P-2", other)) == "approved"
    assert (await shop.seen(one)).state == "manage"


async def test_the_last_limit_that_was_set_holds(shop: Shop) -> None:
    """Of two limits set at one moment the later one holds, and only for its professional."""
    await shop.set_limit("P-2", 500)
    await shop.set_limit("P-2", 99)
    assert outcome(await shop.buy("P-2", "O-1", 80)) == "blocked"
    await shop.set_limit("P-2", 100)
    assert outcome(await shop.buy("P-2", "O-1", 80)) == "approved"
    assert outcome(await shop.buy("P-3", "O-1", 81)) == "blocked"


async def test_what_cannot_be_moves_nothing(shop: Shop) -> None:
    """Fractions, negative amounts and other units are named by their path, and nothing is kept."""
    for facts, path in (
        ({"offer": {"id": "O-1", "commission": "80.5"}}, "offer.commission"),
        ({"offer": {"id": "O-1", "commission": "-80"}}, "offer.commission"),
        (
            {"offer": {"id": "O-1", "commission": {"amount": "80", "unit": "EUR"}}},
            "offer.commission",
        ),
    ):
        done = await shop.act("P-1", "buy_contact", facts)
        assert outcome(done) == "IMPOSSIBLE_FACT"
        assert not isinstance(done, Acted)
        assert [error.path for error in done.errors] == [(path,)]
    for wrong in ("0.5", "-5", "0"):
        done = await shop.act("platform", "top_up", {"top_up": wrong}, party="P-1")
        assert outcome(done) == "IMPOSSIBLE_FACT"
    assert await shop.balances("P-1") == (1000, 0)


async def test_a_bank_refund_both_ways(database: store.Database, shop: Shop) -> None:
    """A bank transfer is refused and the cronos remain to be asked for, or cronos are given."""
    bank = {"event": {"ground": "client_rejects_price"}, "requested_remedy": "bank_transfer"}
    case = case_of(await shop.buy("P-1", "O-1", 80))
    refused = await shop.act("P-1", "refund", bank, case=case)
    assert outcome(refused) == "refused"
    assert cited(refused) == {"CS-NO-BANK"}
    assert outcome(await shop.refund("P-1", case)) == "approved"
    kind = await opened(await serving(database), bank_refund_request="grant_in_cronos")
    case = case_of(await kind.buy("P-1", "O-1", 80))
    assert outcome(await kind.act("P-1", "refund", bank, case=case)) == "approved"


async def test_a_reviewer_settles_what_waits_for_a_person(shop: Shop) -> None:
    """A refund that fits none of the cases waits; a reviewer grants it once, and only then."""
    case = case_of(await shop.buy("P-1", "O-1", 80))
    early = await shop.act("reviewer", "rule", APPROVES, case=case)
    assert outcome(early) == "blocked"
    asked = await shop.refund("P-1", case, ground="not_chosen_unconfirmed")
    assert outcome(asked) == "manual_review"
    assert outcome(await shop.act("P-1", "rule", APPROVES, case=case)) == "FORBIDDEN"
    ruled = await shop.act("reviewer", "rule", APPROVES, case=case)
    assert outcome(ruled) == "approved"
    assert (await shop.seen(case)).state == "processed_refunded"
    assert outcome(await shop.act("reviewer", "rule", APPROVES, case=case)) == "blocked"
