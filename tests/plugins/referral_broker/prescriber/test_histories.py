"""Contacts from their attachment to the end: what the records show decides what may come next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from avoir.decisions import Decision
from tests.plugins.referral_broker.prescriber.examples import Document, euros
from tests.plugins.referral_broker.prescriber.journal import Journal

FEE: Final = {
    "kind": "remunerated",
    "signed_at": "2024-01-10T10:00:00+01:00",
    "fee": euros("400.00"),
}
G: Final = {"file": {"stage": "G"}}
NOT_KNOWN: Final = {"contact": {"known_before": False}}
APPROVE: Final = {"ruling": {"decision": "approve", "reason": "The file was read."}}
REFUSE: Final = {"ruling": {"decision": "refuse", "reason": "The file was read."}}


def came(decision: Decision) -> tuple[str, str | None, str | None]:
    """What a decision came to: outcome, amount, state."""
    amount = None if decision.amount is None else decision.amount.amount
    return decision.outcome.value, amount, decision.case_state


def contact(**stated: object) -> Document:
    """What the team states of a contact that nobody knew before."""
    return {"contact": {"known_before": False, **stated}}


def begun(*prescribers: str, **parameters: object) -> Journal:
    """A journal in which prescribers have signed a convention with a fee."""
    journal = Journal(parameters)
    for prescriber in prescribers or ("A",):
        journal.do("sign_convention", "2024-01-10 11:00", {"convention": FEE}, of=prescriber)
    return journal


def transformed(journal: Journal, moment: str = "2024-09-15 10:00", **case: str) -> None:
    """The file reaches the status."""
    assert journal.do("record_transformation", moment, G, **case).outcome == "recorded"


def test_a_contact_goes_from_its_attachment_to_its_payment() -> None:
    """Attached, transformed, found payable, paid once; and no second time, whoever asks."""
    journal = begun()
    assert came(journal.do("attach", "2024-03-15 10:00", contact())) == (
        "recorded",
        None,
        "attached",
    )
    assert journal.do("assess_remuneration", "2024-04-01 10:00").outcome == "blocked"
    transformed(journal)
    assessed = journal.do("assess_remuneration", "2024-09-16 10:00")
    assert came(assessed) == ("approved", "400.00", "remunerable")
    assert assessed.takes_effect == "on_payment"
    assert journal.do("assess_remuneration", "2024-09-16 11:00").outcome == "blocked"
    paid = journal.do("pay", "2024-09-17 10:00")
    assert came(paid) == ("recorded", "400.00", "paid")
    assert (paid.takes_effect, len(paid.postings)) == ("at_once", 1)
    assert [notice.kind for notice in paid.notices] == ["remunerated"]
    for again in ("assess_remuneration", "pay"):
        assert came(journal.do(again, "2024-09-18 10:00")) == ("refused", None, "already_paid")
        assert journal.standing("2024-09-18 11:00") == "paid"
    assert "paid:X" in journal.claimed()


def test_the_first_keeps_the_contact_and_the_second_is_told() -> None:
    """The second is attached for the record, sees the file of the contact, and earns nothing."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact())
    second = journal.do("attach", "2024-03-15 10:05", contact(), of="B")
    assert came(second) == ("recorded", None, "attached_not_remunerable")
    assert [notice.kind for notice in second.notices] == ["not_remunerable_second"]
    transformed(journal)
    asked = journal.do("assess_remuneration", "2024-09-16 10:00", of="B")
    assert (*came(asked), asked.clauses[0].id) == (
        "refused",
        None,
        "not_remunerable",
        "PR-FIRST-WINS",
    )
    assert journal.do("assess_remuneration", "2024-09-16 10:00").outcome == "approved"
    assert journal.claimed().count("first:X") == 1


def test_the_first_keeps_the_contact_even_if_he_earns_nothing() -> None:
    """A first prescriber without a fee stands before a second with one."""
    journal = begun("B")
    journal.do("sign_convention", "2024-01-10 11:00", {"convention": {"kind": "ptz_csf_accession"}})
    assert came(journal.do("attach", "2024-03-15 10:00", contact()))[2] == "attached_ptz"
    assert came(journal.do("attach", "2024-04-02 09:30", contact(), of="B"))[2] == (
        "attached_not_remunerable"
    )


def test_one_email_address_is_one_contact() -> None:
    """Sent under another id with the same address, the contact is the first prescriber’s."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact(email="x@example.org"))
    second = journal.do(
        "attach", "2024-04-02 10:00", contact(email="X@Example.org"), of="B", person="Y"
    )
    assert came(second)[2] == "attached_not_remunerable"
    assert "first:Y" not in journal.claimed()
    transformed(journal)
    assert journal.do("assess_remuneration", "2024-09-16 10:00", of="B", person="Y").outcome == (
        "refused"
    )


def test_the_same_prescriber_keeps_his_first_date_under_any_id() -> None:
    """Sent again, the contact is not attached again: neither its own case nor another begins."""
    journal = begun()
    journal.do("attach", "2024-03-15 10:00", contact(email="x@example.org"))
    for person in ("X", "Y"):
        again = journal.do(
            "attach", "2025-01-15 10:00", contact(email="x@example.org"), person=person
        )
        assert came(again) == ("unchanged", None, None)
    assert journal.state("Y:A") is None
    transformed(journal, "2025-03-16 10:00")
    assert journal.do("assess_remuneration", "2025-03-17 10:00").state == "window_expired"


def test_who_was_sent_twice_is_found_under_either_id() -> None:
    """What the prescriber said when he sent the contact again tells others that it is his."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact(email="x@example.org"))
    journal.do("attach", "2024-04-15 10:00", contact(email="x@example.org"), person="Y")
    second = journal.do("attach", "2024-05-15 10:00", contact(), of="B", person="Y")
    assert came(second)[2] == "attached_not_remunerable"


def test_a_shared_telephone_leaves_it_to_a_person() -> None:
    """Each of a household is attached as first; whether the later one pays, a person says."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact(telephone="06 12 34 56 78"))
    assert "first_telephone:+33612345678" in journal.claimed()
    other = journal.do(
        "attach", "2024-04-02 10:00", contact(telephone="+33612345678"), of="B", person="Y"
    )
    assert came(other)[2] == "attached"
    assert journal.claimed().count("first_telephone:+33612345678") == 1
    assert {"first:X", "first:Y"} <= {*journal.claimed()}
    transformed(journal)
    transformed(journal, of="B", person="Y")
    assert journal.do("assess_remuneration", "2024-09-16 10:00").outcome == "approved"
    asked = journal.do("assess_remuneration", "2024-09-16 10:00", of="B", person="Y")
    assert came(asked) == ("manual_review", None, "under_review")
    ruled = journal.do("rule", "2024-09-17 10:00", APPROVE, of="B", person="Y")
    assert came(ruled) == ("approved", "400.00", "remunerable")
    assert came(journal.do("pay", "2024-09-18 10:00", of="B", person="Y"))[2] == "paid"
    assert "paid:Y" in journal.claimed()


def test_a_person_is_asked_once() -> None:
    """Whoever was refused by a person is refused for the same when he asks again."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact(telephone="06 12 34 56 78"))
    journal.do(
        "attach", "2024-04-02 10:00", contact(telephone="06 12 34 56 78"), of="B", person="Y"
    )
    transformed(journal, of="B", person="Y")

    def do(name: str, moment: str, stated: Document | None = None) -> Decision:
        return journal.do(name, moment, stated, of="B", person="Y")

    assert do("assess_remuneration", "2024-09-16 10:00").outcome == "manual_review"
    assert do("assess_remuneration", "2024-09-16 11:00").outcome == "blocked"
    assert came(do("rule", "2024-09-17 10:00", REFUSE))[2] == "not_remunerable"
    again = do("assess_remuneration", "2024-09-18 10:00")
    assert came(again) == ("refused", None, "not_remunerable")


def test_knowledge_on_record_is_told_at_the_attachment() -> None:
    """What the records know wins over what is stated of the contact."""
    journal = begun()
    journal.do("record_known_before", "2024-03-01 10:00", {"contact": {"known_before": True}})
    told = journal.do("attach", "2024-03-15 10:00", contact())
    assert came(told)[2] == "attached_not_remunerable"
    assert [notice.kind for notice in told.notices] == ["not_remunerable_known"]


def test_knowledge_that_comes_late_is_for_a_person() -> None:
    """What was recorded only after the attachment nobody could be told in advance."""
    journal = begun()
    journal.do("attach", "2024-03-15 10:00", contact())
    late = {"contact": {"known_before": True, "known_since": "2024-02-01T10:00:00+01:00"}}
    journal.do("record_known_before", "2024-05-01 10:00", late)
    transformed(journal)
    assert came(journal.do("assess_remuneration", "2024-09-16 10:00"))[2] == "under_review"


def test_knowledge_that_was_wrong_is_corrected() -> None:
    """Who was told that he will not be paid is paid once the record is set right."""
    journal = begun()
    known = {"known_before": True, "known_since": "2024-02-01T10:00:00+01:00"}
    journal.do("attach", "2024-03-15 10:00", contact(**known))
    transformed(journal)
    assert came(journal.do("assess_remuneration", "2024-09-16 10:00"))[2] == "not_remunerable"
    journal.do("record_known_before", "2024-09-17 10:00", NOT_KNOWN)
    assert journal.do("assess_remuneration", "2024-09-18 10:00").outcome == "approved"


def test_what_is_not_known_is_asked_for_and_changes_nothing() -> None:
    """Whether the contact was known is asked once it decides, and the team answers."""
    journal = begun()
    journal.do("attach", "2024-03-15 10:00")
    transformed(journal)
    asked = journal.do("assess_remuneration", "2024-09-16 10:00")
    assert (asked.outcome, asked.missing) == ("needs_information", ("contact.known_before",))
    assert journal.state("X:A") == "attached"
    journal.do("record_known_before", "2024-09-17 10:00", NOT_KNOWN)
    assert journal.do("assess_remuneration", "2024-09-18 10:00").outcome == "approved"


def test_a_convention_makes_a_candidate_of_whom_it_finds_attached() -> None:
    """Signed after the attachment, it pays for the contact that was attached without one."""
    journal = Journal()
    assert came(journal.do("attach", "2024-03-15 10:00", contact()))[2] == "attached_no_convention"
    assert journal.standing("2024-05-31 10:00") == "attached_no_convention"
    signed = {**FEE, "signed_at": "2024-06-01T10:00:00+02:00"}
    journal.do("sign_convention", "2024-06-01 11:00", {"convention": signed})
    assert journal.standing("2024-06-02 10:00") == "attached"
    transformed(journal)
    assessed = journal.do("assess_remuneration", "2024-09-16 10:00")
    assert came(assessed) == ("approved", "400.00", "remunerable")
    assert "PR-ATTACH-NO-CONVENTION" in {clause.id for clause in assessed.clauses}


def test_without_a_convention_one_may_ask_again() -> None:
    """A refusal for want of a convention is not the end: it may be signed in time."""
    journal = Journal()
    journal.do("attach", "2024-03-15 10:00", contact())
    refused = journal.do("assess_remuneration", "2024-05-01 10:00")
    assert came(refused) == ("refused", None, "attached_no_convention")
    journal.do("sign_convention", "2024-06-01 11:00", {"convention": FEE})
    transformed(journal)
    assert journal.do("assess_remuneration", "2024-09-16 10:00").outcome == "approved"


def test_the_year_ends_by_itself() -> None:
    """Nothing transformed by the last day: nothing is paid for the contact any more."""
    journal = begun()
    journal.do("attach", "2024-03-15 10:00", contact())
    assert journal.standing("2025-03-15 23:59") == "attached"
    assert journal.standing("2025-03-16 00:00") == "window_expired"
    transformed(journal, "2025-03-16 09:00")
    for moment in ("2025-03-16 10:00", "2025-03-17 10:00"):
        expired = journal.do("assess_remuneration", moment)
        assert came(expired) == ("refused", None, "window_expired")


def test_the_last_day_is_on_every_record_and_never_moves() -> None:
    """From the act that attaches on, also when the contact is sent again; none where none runs."""
    journal = begun("A", "B")
    ends = {"remuneration_window_ends 2025-03-15"}
    journal.do("attach", "2024-03-15 10:00", contact())
    assert journal.pending() == ends
    journal.do("close_file", "2024-04-01 10:00")
    assert journal.pending() == ends
    journal.do("attach", "2024-05-01 10:00", contact())
    assert journal.pending() == ends
    journal.do("attach", "2024-05-02 10:00", contact(), of="B")
    assert journal.pending(of="B") == set()


def test_a_transformation_in_time_may_be_asked_for_later() -> None:
    """The transformation must fall within the year, not the question."""
    journal = begun()
    journal.do("attach", "2024-03-15 10:00", contact())
    transformed(journal, "2025-03-15 23:59")
    assert journal.standing("2026-01-01 10:00") == "attached"
    assert journal.do("assess_remuneration", "2026-01-01 10:00").outcome == "approved"


def test_as_many_payments_as_the_parameter_allows() -> None:
    """Two payments for one contact, each taken once, and no third."""
    journal = begun(payments_per_contact=2)
    journal.do("attach", "2024-03-15 10:00", contact())
    transformed(journal)
    for day in (16, 17):
        assert journal.do("assess_remuneration", f"2024-09-{day} 10:00").outcome == "approved"
        assert journal.do("pay", f"2024-09-{day} 11:00").outcome == "recorded"
    assert journal.do("assess_remuneration", "2024-09-18 10:00").state == "already_paid"
    assert {"paid:X", "paid_again:2:X"} <= {*journal.claimed()}


def test_a_file_is_closed_and_opened_for_every_prescriber() -> None:
    """What becomes of the contact’s file is known on each of its cases."""
    journal = begun("A", "B")
    journal.do("attach", "2024-03-15 10:00", contact())
    journal.do("close_file", "2024-04-01 10:00")
    second = journal.do("attach", "2024-04-02 10:00", contact(), of="B")
    assert "PR-ATTACH-CLOSED" in {clause.id for clause in second.clauses}
    assert journal.do("close_file", "2024-04-03 10:00", of="B").outcome == "unchanged"
    assert journal.do("reopen_file", "2024-04-04 10:00", of="B").outcome == "recorded"
    assert journal.do("reopen_file", "2024-04-05 10:00").outcome == "unchanged"
    transformed(journal, of="B")
    assert journal.do("record_transformation", "2024-09-16 10:00", G).outcome == "unchanged"


Sent = tuple[str, str, str | None, str | None]
"""Who sends whom, with which email address and telephone number."""

SENT: Final = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from("XYZ"),
    st.sampled_from([None, "one@example.org", "two@example.org"]),
    st.sampled_from([None, "06 12 34 56 78"]),
)


@settings(max_examples=60)
@given(st.lists(SENT, max_size=8))
def test_every_contact_has_one_first_prescriber(
    sent: list[Sent],
) -> None:
    """Whoever sends whom in whatever order: one first of each person, and nobody takes it twice."""
    journal = Journal()
    moment = datetime(2024, 3, 15, 10)
    first: dict[str, str] = {}
    for of, person, email, telephone in sent:
        moment += timedelta(hours=1)
        names = [name for name in (person, email) if name is not None]
        decision = journal.do(
            "attach",
            moment.isoformat(),
            contact(email=email, telephone=telephone),
            of=of,
            person=person,
        )
        assert decision.outcome in ("recorded", "unchanged")
        if decision.case_state not in (None, "attached_not_remunerable"):
            assert {first.get(name, of) for name in names} == {of}
            first |= dict.fromkeys(names, of)
    claims = [claim for claim in journal.claimed() if claim.startswith("first:")]
    assert len(claims) == len(set(claims))
