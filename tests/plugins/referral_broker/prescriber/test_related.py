"""What the records of other cases show: attachments, knowledge, conventions, the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from avoir.lifecycles import Event
from avoir_referral_broker.prescriber.records import history, related
from tests.plugins.referral_broker.prescriber.examples import Document, at, convention
from tests.plugins.referral_broker.prescriber.happenings import (
    X,
    entry,
    happened,
    known_as,
    sent,
)

# --- other cases


def test_without_other_records_the_own_ones_stand() -> None:
    """Nothing that the case itself shows is lost where nothing else is found."""
    own = history([sent("2024-03-15 10:00")])
    shown = related([], {**known_as(), **own, "contact": X})
    assert shown["attachments"] == own["attachments"]
    assert (shown["file"], shown["contact"], shown["previous_payments"]) == ({}, {}, [])


def test_without_any_record_nobody_was_attached_and_nothing_signed() -> None:
    """The records are complete: what they do not show was not done."""
    shown = related([], known_as())
    assert (shown["attachments"], shown["conventions"]) == ([], [])


SAME: Final[Mapping[str, Document]] = {
    "the same id": {"person_id": "X"},
    "the same id, other addresses": {
        "person_id": "X",
        "email": "y@example.org",
        "telephone": "06 99 99 99 99",
    },
    "another id, the same email address": {"person_id": "Y", "email": " X@Example.ORG "},
}


@pytest.mark.parametrize("contact", SAME.values(), ids=SAME)
def test_one_person_is_attached_in_the_order_of_the_moments(contact: Document) -> None:
    """Who has the same id or email address is the same contact, however it is written."""
    others = [
        sent("2024-04-01 10:00", "C", contact),
        sent("2024-03-01 10:00", "B", contact),
        sent("2024-03-02 10:00", "D", contact, outcome="invalid"),
    ]
    own = history([sent("2024-03-15 10:00")])
    shown = related(others, {**known_as(), "attachments": own["attachments"]})
    assert shown["attachments"] == [
        entry("B", "2024-03-01 10:00"),
        entry("A", "2024-03-15 10:00"),
        entry("C", "2024-04-01 10:00"),
    ]
    assert shown["contact"] == {}


def test_an_email_address_counts_its_local_part_in_lower_case() -> None:
    """Addresses that differ in case only are one."""
    other = sent("2024-03-01 10:00", "B", {"person_id": "Y", "email": "Jean@Example.org"})
    shown = related([other], known_as(email="jean@example.org"))
    assert shown["attachments"] == [entry("B", "2024-03-01 10:00")]


NOT_THE_SAME: Final[Mapping[str, Document]] = {
    "another id": {"person_id": "Y"},
    "another email address": {"person_id": "Y", "email": "y@example.org"},
    "nobody": {},
    "no email address": {"person_id": "Y", "email": "x"},
}


@pytest.mark.parametrize("contact", NOT_THE_SAME.values(), ids=NOT_THE_SAME)
def test_other_people_are_no_matter(contact: Document) -> None:
    """Whom nothing connects with the contact is not shown."""
    shown = related([sent("2024-03-01 10:00", "B", contact)], known_as())
    assert (shown["attachments"], shown["contact"]) == ([], {})


def test_who_has_nothing_in_common_with_anybody_is_alone() -> None:
    """Two contacts of whom nothing is known are not one."""
    shown = related([sent("2024-03-01 10:00", "B", {})], {"contact": {}, "event": {}})
    assert shown["attachments"] == []


def test_a_prescriber_who_sends_twice_keeps_his_first_date() -> None:
    """Of several attachments of one prescriber, under whatever id, the first stands."""
    twice = [
        sent("2024-04-01 10:00", "B", {"person_id": "Y", "email": "x@example.org"}),
        sent("2024-03-01 10:00", "B", outcome="unchanged"),
    ]
    shown = related(twice, known_as())
    assert shown["attachments"] == [entry("B", "2024-03-01 10:00")]


HOUSEHOLD: Final = {"person_id": "Y", "telephone": "+33 6 12 34 56 78"}


def test_who_has_the_same_telephone_is_perhaps_of_the_same_household() -> None:
    """Another person with the same number is no attachment, but a doubt."""
    shown = related([sent("2024-03-01 10:00", "B", HOUSEHOLD)], known_as())
    assert shown["attachments"] == []
    assert shown["contact"] == {"shares_telephone_with": "Y"}


def test_who_was_recorded_as_known_may_be_of_the_household_too() -> None:
    """The number of somebody who was known before leaves the same doubt."""
    stated = {**HOUSEHOLD, "known_before": True}
    known = happened("record_known_before", "2024-03-01 10:00", {"contact": stated})
    assert related([known], known_as())["contact"] == {"shares_telephone_with": "Y"}


def test_who_was_recorded_as_unknown_is_of_no_household() -> None:
    """The number of somebody whom nobody knew and nobody sent leaves no doubt."""
    stated = {**HOUSEHOLD, "known_before": False}
    known = happened("record_known_before", "2024-03-01 10:00", {"contact": stated})
    assert related([known], known_as())["contact"] == {}


def test_a_later_household_leaves_no_doubt_about_who_was_there_before() -> None:
    """Whoever was attached first keeps the contact, whoever shares the number later."""
    own = history([sent("2024-03-15 10:00")])
    later = sent("2024-03-16 10:00", "B", HOUSEHOLD)
    shown = related([later], {**known_as(), "attachments": own["attachments"]})
    assert shown["contact"] == {}


def test_the_same_person_with_the_same_telephone_is_no_household() -> None:
    """Who is one person already does not share a number with himself."""
    shown = related([sent("2024-03-01 10:00", "B")], known_as())
    assert shown["contact"] == {}


# --- earlier knowledge


def knew(moment: str, known: bool = True, contact: Document | None = None, **more: object) -> Event:
    """Earlier knowledge that was recorded."""
    stated = {**(X if contact is None else contact), "known_before": known, **more}
    return happened("record_known_before", moment, {"contact": stated, "event": {}})


OWN: Final = {"attachments": [entry("A", "2024-03-15 10:00")]}


def knowledge(*events: Event, **contact: object) -> Mapping[str, object]:
    """What the records say of the knowledge of a contact attached on 15 March."""
    shown = related(events, {**known_as(**contact), **OWN})["contact"]
    assert isinstance(shown, Mapping)
    return shown


def test_knowledge_is_on_record_from_the_moment_it_was_recorded() -> None:
    """Known, since when, otherwise than through a prescriber, and when that was recorded."""
    event = knew("2024-03-01 10:00", known_since=at("2024-02-20 10:00"))
    assert knowledge(event) == {
        "known_before": True,
        "known_since": at("2024-02-20 10:00"),
        "known_via": "self",
        "known_recorded_at": at("2024-03-01 10:00"),
    }


def test_knowledge_of_another_person_is_no_matter() -> None:
    """What was known of somebody else says nothing of this contact."""
    assert knowledge(knew("2024-03-01 10:00", contact={"person_id": "Y"})) == {}
    assert knowledge(knew("2024-03-01 10:00", contact={"person_id": "Y", "email": X["email"]}))


def test_what_was_recorded_last_holds() -> None:
    """A record that the contact was not known corrects the one before it, and the other way."""
    events = [knew("2024-03-02 10:00", known=False), knew("2024-03-01 10:00")]
    assert knowledge(*events)["known_before"] is False
    events = [knew("2024-03-02 10:00"), knew("2024-03-01 10:00", known=False)]
    assert knowledge(*events)["known_recorded_at"] == at("2024-03-02 10:00")


def test_saying_it_again_does_not_make_it_late() -> None:
    """Knowledge that is confirmed after the attachment was on record before."""
    events = [
        knew("2024-06-01 10:00", known_since=at("2024-02-01 10:00")),
        knew("2024-03-01 10:00", known_since=at("2024-02-20 10:00")),
    ]
    shown = knowledge(*events)
    assert shown["known_recorded_at"] == at("2024-03-01 10:00")
    assert shown["known_since"] == at("2024-02-01 10:00")


def test_saying_it_at_the_attachment_counts_too() -> None:
    """What was stated when the contact was attached does not become late by a later record."""
    stated = {"known_before": True, "known_recorded_at": at("2024-03-15 10:00")}
    shown = knowledge(knew("2024-06-01 10:00", known_since=at("2024-02-01 10:00")), **stated)
    assert shown["known_recorded_at"] == at("2024-03-15 10:00")
    assert shown["known_since"] == at("2024-02-01 10:00")


def test_what_became_known_after_the_attachment_is_no_earlier_knowledge() -> None:
    """Since when the contact was known decides, not when that was recorded."""
    assert knowledge(knew("2024-06-01 10:00", known_since=at("2024-03-15 10:01"))) == {}
    assert knowledge(knew("2024-06-01 10:00", known_since=at("2024-03-15 10:00")))


def test_what_was_known_through_a_prescriber_is_no_earlier_knowledge() -> None:
    """Through whom the contact was known is shown as it was recorded."""
    shown = knowledge(knew("2024-03-01 10:00", known_via="prescriber"))
    assert shown == {"known_before": True, "known_via": "prescriber"}


# --- conventions and the file


def signed(moment: str, of: str = "A", outcome: str = "recorded", **stated: object) -> Event:
    """A convention that was recorded."""
    facts = {"event": {"prescriber_id": of}, "convention": stated}
    return happened("sign_convention", moment, facts, outcome)


def test_conventions_are_the_prescribers_own_in_the_order_they_were_recorded() -> None:
    """What another signed, or what was not recorded, is not shown."""
    terms = {k: v for k, v in convention().items() if k != "prescriber_id"}
    events = [
        signed("2024-02-01 10:00", **terms),
        signed("2024-01-10 10:00", kind="none"),
        signed("2024-02-02 10:00", "B", **terms),
        signed("2024-02-03 10:00", outcome="invalid", **terms),
    ]
    assert related(events, known_as())["conventions"] == [
        {"prescriber_id": "A", "kind": "none", "signed_at": None, "fee": None},
        convention(),
    ]


def test_without_a_prescriber_there_is_no_convention() -> None:
    """What belongs to nobody is not found for nobody."""
    event = happened("sign_convention", "2024-01-10 10:00", {"event": {"prescriber_id": None}})
    assert related([event], {"event": {"prescriber_id": None}})["conventions"] == []


def test_the_file_of_a_person_is_one_in_all_cases() -> None:
    """A transformation, or a closing, on another case of the contact is known here."""
    events = [
        happened("close_file", "2024-05-01 10:00", {"contact": X}),
        happened("record_transformation", "2024-06-01 10:00", {"contact": X}),
    ]
    own = {"status": "open", "transformed": False}
    assert related(events, {**known_as(), "file": own})["file"] == {
        "status": "closed_no_follow_up",
        "closed_at": at("2024-05-01 10:00"),
        "transformed": True,
        "transformed_g_at": at("2024-06-01 10:00"),
    }
    elsewhere = [happened(e.action, "2024-05-01 10:00", {"contact": HOUSEHOLD}) for e in events]
    assert related(elsewhere, {**known_as(), "file": own})["file"] == {}


def test_what_the_case_itself_shows_later_stands() -> None:
    """The latest closing or opening holds, and the first transformation."""
    own = {
        "status": "reopened",
        "closed_at": at("2024-04-01 10:00"),
        "reopened_at": at("2024-05-02 10:00"),
        "transformed": True,
        "transformed_g_at": at("2024-05-30 10:00"),
    }
    events = [
        happened("close_file", "2024-05-01 10:00", {"contact": X}),
        happened("record_transformation", "2024-06-01 10:00", {"contact": X}),
    ]
    assert related(events, {**known_as(), "file": own})["file"] == {}


def test_payments_for_the_person_are_known_in_all_cases() -> None:
    """What was paid on another case of the contact was paid for the contact."""
    event = happened("pay", "2024-10-01 10:00", {"contact": X}, amount="400.00")
    own = history([happened("pay", "2024-09-01 10:00", {"contact": X}, amount="300.00")])
    known = {**known_as(), "previous_payments": own["previous_payments"]}
    paid = related([event], known)["previous_payments"]
    assert isinstance(paid, list)
    assert [one["amount"] for one in paid] == ["300.00", "400.00"]
