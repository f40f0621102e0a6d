"""What the records show: a contact's own case, and all others about the same person."""

from __future__ import annotations

from typing import Final

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from avoir.facts import read
from avoir_referral_broker.prescriber.policy import POLICY
from avoir_referral_broker.prescriber.records import history, related
from tests.plugins.referral_broker.prescriber.examples import Document, at
from tests.plugins.referral_broker.prescriber.happenings import (
    X,
    entry,
    happened,
    known_as,
    sent,
)
from tests.plugins.referral_broker.prescriber.journal import Journal

# --- the case itself

NOTHING: Final = {
    "attachments": [],
    "contact": {"known_recorded_at": None},
    "file": {"status": "open", "transformed": False},
    "previous_payments": [],
    "remuneration": {"due": None},
    "previous_rulings": [],
}


def test_no_records_show_nothing() -> None:
    """Without a record there is no attachment, no payment, and an open file."""
    assert history([]) == NOTHING


def test_an_attachment_keeps_its_own_moment() -> None:
    """What a later act stamps does not move the date of the attachment."""
    later = happened("close_file", "2024-05-01 10:00", {"contact": X})
    shown = history([sent("2024-03-15 10:00"), later])
    assert shown["attachments"] == [entry("A", "2024-03-15 10:00")]


def test_a_second_attachment_is_called_second() -> None:
    """Whoever was decided on by the clause on the first is shown as not the first."""
    shown = history([sent("2024-03-15 10:00", clauses=["PR-FIRST-WINS"])])
    assert shown["attachments"] == [entry("A", "2024-03-15 10:00", "second")]


def test_sending_again_is_no_attachment() -> None:
    """Of a case only the act that attached is shown, at its own date."""
    again = sent("2024-05-01 10:00", outcome="unchanged")
    shown = history([sent("2024-03-15 10:00"), again])
    assert shown["attachments"] == [entry("A", "2024-03-15 10:00")]


def test_a_record_without_its_moment_in_the_facts_has_its_own() -> None:
    """Where the facts do not say when, the moment of the record does."""
    event = sent("2024-03-15 10:00")
    bare = {**event.facts, "event": {"prescriber_id": "A", "at": "yesterday"}}
    shown = history([structs.replace(event, facts=bare)])
    attachments = shown["attachments"]
    assert isinstance(attachments, list)
    assert attachments[0]["attached_at"] == at("2024-03-15 10:00")


def test_knowledge_stated_at_the_attachment_is_on_record_since() -> None:
    """What the team said when it attached a contact was not said late."""
    known = {**X, "known_before": True}
    shown = history([sent("2024-03-15 10:00", contact=known)])
    assert shown["contact"] == {"known_recorded_at": at("2024-03-15 10:00")}
    unknown = history([sent("2024-03-15 10:00", contact={**X, "known_before": False})])
    assert unknown["contact"] == {"known_recorded_at": None}


def test_the_file_is_what_was_done_to_it_last() -> None:
    """Closed, opened again, closed again; the first transformation counts."""
    did = [
        happened("close_file", "2024-04-01 10:00", {}),
        happened("close_file", "2024-04-02 10:00", {}, "unchanged"),
        happened("reopen_file", "2024-05-01 10:00", {}),
        happened("record_transformation", "2024-05-02 10:00", {}, "blocked"),
        happened("record_transformation", "2024-06-01 10:00", {}),
        happened("record_transformation", "2024-07-01 10:00", {}, "unchanged"),
    ]
    assert history(did)["attachments"] == []
    assert history(did[:2])["file"] == {
        "status": "closed_no_follow_up",
        "closed_at": at("2024-04-01 10:00"),
        "transformed": False,
    }
    assert history(did)["file"] == {
        "status": "reopened",
        "closed_at": at("2024-04-01 10:00"),
        "reopened_at": at("2024-05-01 10:00"),
        "transformed": True,
        "transformed_g_at": at("2024-06-01 10:00"),
    }


def test_what_is_due_is_what_was_proposed_and_not_paid() -> None:
    """A proposal is due until it is paid; a refusal makes nothing due."""
    assessed = happened("assess_remuneration", "2024-09-15 10:00", {}, "approved", amount="400.00")
    ruled = happened("rule", "2024-09-16 10:00", {}, "approved", amount="450.00")
    paid = happened("pay", "2024-09-17 10:00", {}, amount="450.00")
    refused = happened("assess_remuneration", "2024-09-14 10:00", {}, "refused")
    assert history([refused])["remuneration"] == {"due": None}
    assert history([assessed])["remuneration"] == {"due": {"amount": "400.00", "unit": "EUR"}}
    assert history([assessed, ruled])["remuneration"] == {
        "due": {"amount": "450.00", "unit": "EUR"}
    }
    shown = history([assessed, ruled, paid])
    assert shown["remuneration"] == {"due": None}
    assert shown["previous_payments"] == [
        {
            "prescriber_id": "A",
            "amount": "450.00",
            "unit": "EUR",
            "paid_at": at("2024-09-17 10:00"),
        }
    ]


def test_a_payment_that_was_refused_is_none() -> None:
    """Only what was booked is a payment."""
    refused = happened("pay", "2024-09-17 10:00", {}, "refused")
    assert history([refused])["previous_payments"] == []


NAMES: Final = (
    *("contact", "event", "file", "attachments", "conventions", "previous_payments"),
    *("person_id", "email", "telephone", "known_before", "known_since", "known_via"),
    *("at", "prescriber_id", "attached_at", "transformed_g_at"),
)
JUNK: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(at("2024-03-15")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
DOCUMENTS: Final = st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=5)
ACTS: Final = st.sampled_from([action.name for action in POLICY.lifecycle.actions])


@given(st.lists(st.tuples(ACTS, DOCUMENTS), max_size=4), DOCUMENTS)
@example([], {"attachments": [{"prescriber_id": []}]})
def test_no_record_breaks_a_decision(events: list[tuple[str, Document]], known: Document) -> None:
    """Whatever the documents of records hold, they are read without an error."""
    happenings = [happened(name, "2024-03-15 10:00", facts) for name, facts in events]
    assert set(history(happenings)) == set(NOTHING)
    assert "attachments" in related(happenings, known)


def test_what_the_records_show_are_facts() -> None:
    """A whole life of a contact reads as a facts document without a fault."""
    journal = Journal()
    journal.do("sign_convention", "2024-01-10 10:00", {"convention": {"kind": "remunerated"}})
    journal.do("record_known_before", "2024-02-01 10:00", {"contact": {"known_before": False}})
    journal.do("attach", "2024-03-15 10:00", {"contact": {"telephone": "0612345678"}})
    journal.do("close_file", "2024-04-01 10:00")
    events = [entry.event for entry in journal.entries]
    for shown in (history(events), related(events, known_as())):
        assert read(shown, POLICY.facts, POLICY.time_zone).faults == ()
