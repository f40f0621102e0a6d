"""Contacts attached, assessed and paid on the real store, by several callers at once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from avoir_gateway.service import Acted, Declined
from tests.gateway.referral_broker.agency import (
    FEE,
    OPENED,
    PRESCRIBER,
    Agency,
    case_of,
    clauses,
    due,
    outcome,
)
from tests.gateway.referral_broker.rounds import CALLERS, faults, play

LATER = OPENED + timedelta(days=180)


def notices(done: Acted | Declined) -> set[tuple[str, str]]:
    """To whom which notices are due."""
    assert isinstance(done, Acted)
    return {(notice.to, notice.kind) for notice in done.record.notices}


async def candidate(agency: Agency, contact: str = "DUPONT", **facts: Any) -> str:
    """A contact that its first prescriber may be paid for: attached, transformed half a year on."""
    await agency.sign("A")
    case = case_of(await agency.attach("A", contact, known_before=False, **facts))
    await agency.stand_at(LATER)
    done = await agency.on(case, "record_transformation", {"file": {"stage": "G"}})
    assert outcome(done) == "recorded"
    return case


@pytest.mark.parametrize("seed", range(4))
async def test_of_many_at_once_one_is_first_and_the_earliest(live: Agency, seed: int) -> None:
    """Whoever attaches one contact at once, one is first, by the earliest of the system's dates."""
    found = await play(live, "DURAND", random.Random(seed))
    assert len(found) == CALLERS
    assert faults(found) == []


async def test_in_one_instant_the_dates_still_differ(agency: Agency) -> None:
    """Where the clock stands still for all of them, the order stands in the dates all the same."""
    found = await play(agency, "DURAND", random.Random(7))
    assert faults(found) == []
    assert min(str(one.at) for one in found).startswith("2025-03-03 09:00:00")


async def test_the_same_prescriber_again_keeps_his_date(agency: Agency) -> None:
    """A contact that is sent again stays attached since the first time, at no further cost."""
    first = await agency.attach("A", "DUPONT")
    await agency.stand_at(LATER)
    again = await agency.attach("A", "DUPONT")
    assert (outcome(first), outcome(again)) == ("recorded", "unchanged")
    assert case_of(first) == case_of(again)
    view = await agency.view(case_of(first))
    assert len(view.case.records) == 2
    assert view.state == "attached_no_convention"
    ends = (OPENED + timedelta(days=365)).date().isoformat()
    assert due(view) == [ends]


async def test_one_who_sends_it_twice_at_once_is_attached_once(agency: Agency) -> None:
    """Two attachments by one prescriber at once are one attachment."""
    done = await asyncio.gather(*(agency.attach("A", "DUPONT", by=n) for n in range(8)))
    assert Counter(map(outcome, done)) == Counter(recorded=1, unchanged=7)
    assert len({case_of(one) for one in done}) == 1


async def test_the_second_is_told_at_once(agency: Agency) -> None:
    """Who is second hears it when he is attached, whatever the first may earn."""
    await agency.sign("A", "ptz_csf_accession")
    await agency.sign("B")
    first = await agency.attach("A", "DURAND")
    second = await agency.attach("B", "DURAND")
    assert notices(first) == set()
    assert notices(second) == {("prescriber:B", "not_remunerable_second")}
    assert {"PR-FIRST-WINS", "PR-INFORM-UPFRONT"} <= {*clauses(second)}


async def test_an_attachment_is_dated_by_the_system(agency: Agency) -> None:
    """Nobody states the date; a contact received after it cannot be, and the path is named."""
    stated = {"contact": {"person_id": "D"}, "event": {"at": "2025-03-01T10:00:00+01:00"}}
    done = await agency.act("team", PRESCRIBER, "attach", stated, party="A")
    assert isinstance(done, Declined)
    assert [(e.code, e.path) for e in done.errors] == [("NOT_YOURS_TO_STATE", ("event.at",))]
    ahead = {"contact": {"person_id": "D"}, "event": {"received_at": "2025-03-09T10:00:00+01:00"}}
    done = await agency.act("team", PRESCRIBER, "attach", ahead, party="A")
    assert isinstance(done, Declined)
    assert ("event.at",) in [e.path for e in done.errors]
    assert (
        await agency.service.stores.journal.claimed(agency.tenant.id, "referral_broker:first:D")
        is None
    )


@pytest.mark.parametrize(
    ("convention", "path"),
    [
        (
            {"kind": "remunerated", "fee": {"amount": "400.00", "unit": "USD"}},
            "convention.fee.unit",
        ),
        (
            {"kind": "remunerated", "fee": {"amount": "-1.00", "unit": "EUR"}},
            "convention.fee.amount",
        ),
        ({"kind": "remunerated", "signed_at": "2026-01-01T00:00:00Z"}, "convention.signed_at"),
    ],
)
async def test_a_convention_that_cannot_be_names_its_path(
    agency: Agency, convention: dict[str, object], path: str
) -> None:
    """Another currency, a negative fee, a signature to come: nothing is recorded."""
    done = await agency.act(
        "team", PRESCRIBER, "sign_convention", {"convention": convention}, party="A"
    )
    assert isinstance(done, Declined)
    assert [error.path for error in done.errors] == [(path,)]


async def test_a_contact_known_before_is_not_paid_for(agency: Agency) -> None:
    """What the team recorded of a contact before he was sent holds for whoever sends him."""
    known = {
        "contact": {
            "person_id": "CRM-7",
            "email": "Dupont@Example.org",
            "known_before": True,
            "known_since": "2025-02-20T10:00:00+01:00",
            "known_via": "self",
        }
    }
    recorded = await agency.act("team", PRESCRIBER, "record_known_before", known)
    assert isinstance(recorded, Acted)
    assert recorded.record.party == "client:CRM-7"
    await agency.sign("A")
    done = await agency.attach("A", "DUPONT", email="dupont@example.org")
    assert notices(done) == {("prescriber:A", "not_remunerable_known")}
    assessed = await agency.on(case_of(done), "assess_remuneration")
    assert outcome(assessed) == "refused"
    assert clauses(assessed)[0] == "PR-PRIOR-KNOWN"


async def test_what_is_recorded_of_a_contact_is_no_case(agency: Agency) -> None:
    """Conventions and knowledge of contacts are no matters to list, and no party's to see."""
    await agency.sign("A")
    known = {"contact": {"person_id": "D", "known_before": False}}
    recorded = await agency.act("team", PRESCRIBER, "record_known_before", known)
    assert await agency.service.case(agency.who("team"), agency.tenant, case_of(recorded)) is None
    declined = await agency.act("team", PRESCRIBER, "record_known_before", {"contact": {}})
    assert isinstance(declined, Declined)
    assert declined.errors[0].path == ("contact.person_id",)


async def test_a_fee_is_paid_once(agency: Agency) -> None:
    """However many pay at once, the fee of the convention is booked once, after an assessment."""
    case = await candidate(agency)
    early = await agency.on(case, "pay")
    assert outcome(early) == "blocked"
    assert await agency.balance("prescriber:A") == 0
    assessed = await agency.on(case, "assess_remuneration", who="prescriber:A")
    assert isinstance(assessed, Acted)
    assert (outcome(assessed), assessed.record.postings) == ("approved", ())
    assert assessed.record.decision["amount"] == FEE
    assert (await agency.view(case)).state == "remunerable"
    paid = await asyncio.gather(*(agency.on(case, "pay", by=n) for n in range(8)))
    assert Counter(map(outcome, paid))["recorded"] == 1
    assert await agency.balance("prescriber:A") == 40_000
    assert (await agency.view(case)).state == "paid"
    again = await agency.on(case, "assess_remuneration")
    assert (outcome(again), clauses(again)[0]) == ("refused", "PR-CONVENTION")
    assert (await agency.view(case)).state == "paid"


async def test_two_prescribers_are_never_both_paid(agency: Agency) -> None:
    """The second of one contact earns nothing, though his convention names a fee."""
    case = await candidate(agency)
    await agency.sign("B")
    second = case_of(await agency.attach("B", "DUPONT"))
    done = await asyncio.gather(
        agency.on(case, "assess_remuneration", by=0),
        agency.on(second, "assess_remuneration", by=1),
    )
    assert [outcome(one) for one in done] == ["approved", "refused"]
    await asyncio.gather(agency.on(case, "pay"), agency.on(second, "pay", by=1))
    assert (await agency.balance("prescriber:A"), await agency.balance("prescriber:B")) == (
        40_000,
        0,
    )


async def test_a_convention_signed_later_opens_the_way(agency: Agency) -> None:
    """A contact attached without a convention is a candidate once its prescriber signs one."""
    case = case_of(await agency.attach("A", "DUPONT", known_before=False))
    assert (await agency.view(case)).state == "attached_no_convention"
    await agency.stand_at(OPENED + timedelta(days=30))
    convention = {"kind": "remunerated", "signed_at": OPENED.isoformat(), "fee": FEE}
    await agency.act("team", PRESCRIBER, "sign_convention", {"convention": convention}, party="A")
    assert (await agency.view(case)).state == "attached"
    await agency.stand_at(LATER)
    await agency.on(case, "record_transformation", {"file": {"stage": "G"}})
    assert outcome(await agency.on(case, "assess_remuneration")) == "approved"


async def test_somebody_of_the_household_goes_to_a_person(agency: Agency) -> None:
    """Two people with one telephone are both first; a reviewer says whether the later one pays."""
    await agency.attach("B", "ANNE", telephone="06 12 34 56 78")
    case = await candidate(agency, "PAUL", telephone="+33612345678")
    assessed = await agency.on(case, "assess_remuneration")
    assert (outcome(assessed), clauses(assessed)[0]) == ("manual_review", "PR-FIRST-WINS")
    assert (await agency.view(case)).state == "under_review"
    ruling = {"ruling": {"decision": "approve", "reason": "Brother and sister."}}
    ruled = await agency.on(case, "rule", ruling, who="reviewer")
    assert outcome(ruled) == "approved"
    assert outcome(await agency.on(case, "pay")) == "recorded"
    assert await agency.balance("prescriber:A") == 40_000


async def test_after_a_year_nothing_is_paid(agency: Agency) -> None:
    """The year runs from the attachment; the day after its anniversary is too late."""
    await agency.sign("A")
    case = case_of(await agency.attach("A", "DUPONT", known_before=False))
    await agency.stand_at(OPENED + timedelta(days=366))
    assert (await agency.view(case)).state == "window_expired"
    await agency.on(case, "record_transformation", {"file": {"stage": "G"}})
    assessed = await agency.on(case, "assess_remuneration")
    assert (outcome(assessed), clauses(assessed)[0]) == ("refused", "PR-ONE-YEAR")


async def test_a_prescriber_sees_his_own_contacts_only(agency: Agency) -> None:
    """Another prescriber's case of the same contact does not exist for him."""
    mine = case_of(await agency.attach("A", "DURAND"))
    theirs = case_of(await agency.attach("B", "DURAND"))
    who = agency.who("prescriber:A")
    assert await agency.service.case(who, agency.tenant, mine) is not None
    assert await agency.service.case(who, agency.tenant, theirs) is None
