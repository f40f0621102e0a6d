"""Recorded examples of facts that cannot be: nothing is decided, and every path is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.plugins.referral_broker.prescriber.examples import (
    INVALID,
    Document,
    Example,
    assessing,
    at,
    attaching,
    attachment,
    convention,
    doing,
    euros,
    faulty,
    payment,
    person,
)


def refused(
    title: str, facts: dict[str, Any], *paths: str, action: str = "attach", cites: str = ""
) -> Example:
    """An example of facts that cannot be."""
    return Example(title, facts, INVALID, cites, action, more=faulty(*paths))


def on_a_contact(action: str, **more: Any) -> Document:
    """The facts of an act on a contact, a month after it was attached."""
    others: Document = {n: more.pop(n) for n in ("previous_payments", "unit") if n in more}
    if action == "attach":
        return attaching(before=more.pop("attachments", ()), **more, **others)
    facts = assessing(action=action, moment="2024-04-15 10:00", transformed=None, **more)
    return {**facts, **others, "remuneration": {"due": euros("400.00")}}


def _on_each_contact() -> Iterator[Example]:
    for action in ("attach", "assess_remuneration", "pay", "rule"):
        after = "2024-03-15 10:01" if action == "attach" else "2024-04-15 10:01"
        for title, facts, paths, cites in (
            ("in another unit", {"unit": "USD"}, ("unit",), ""),
            (
                "with a fee and a payment in other units",
                {
                    "conventions": [convention(), convention(unit="USD")],
                    "previous_payments": [payment("2024-03-01 10:00", unit="GBP")],
                },
                ("conventions[1].fee.unit", "previous_payments[0].unit"),
                "",
            ),
            (
                "after a payment of less than nothing",
                {"previous_payments": [payment("2024-03-01 10:00", "-400.00")]},
                ("previous_payments[0].amount",),
                "",
            ),
            (
                "before an attachment",
                {"attachments": [attachment("B", after)]},
                ("attachments[0].attached_at",),
                "CRM-DATE",
            ),
            (
                "after an attachment that was dated back",
                {"attachments": [attachment("B", "2024-03-09 10:00", "2024-03-09 10:01")]},
                ("attachments[0].attached_at",),
                "CRM-DATE",
            ),
            (
                "before a payment",
                {"previous_payments": [payment(after)]},
                ("previous_payments[0].paid_at",),
                "",
            ),
            (
                "before the transformation",
                {"file": {"transformed_g_at": at(after)}},
                ("file.transformed_g_at",),
                "KPI-G",
            ),
            (
                "before the file was closed",
                {"file": {"closed_at": at(after)}},
                ("file.closed_at",),
                "ATTACH-CLOSED",
            ),
            (
                "before the file was opened again",
                {"file": {"reopened_at": at(after)}},
                ("file.reopened_at",),
                "ATTACH-CLOSED",
            ),
            (
                "known before, and that since after the attachment",
                {"contact": person(True, "2024-03-15 10:01", "self")},
                ("contact.known_since",),
                "PRIOR-KNOWN",
            ),
        ):
            yield refused(
                f"{action} {title}",
                on_a_contact(action, **facts),
                *paths,
                action=action,
                cites=cites,
            )


def _signing(**stated: object) -> Document:
    return doing("sign_convention", convention={"kind": "remunerated", **stated})


IMPOSSIBLE: Final = (
    *_on_each_contact(),
    refused(
        "attached before it came in",
        attaching(received="2024-03-15 10:01"),
        "event.at",
        cites="CRM-DATE",
    ),
    refused(
        "attached in a moment to come",
        attaching(now="2024-03-15 09:59"),
        "event.at",
        cites="CRM-DATE",
    ),
    refused(
        "attached for yesterday",
        attaching(now="2024-03-16 00:00"),
        "event.at",
        cites="CRM-DATE",
    ),
    refused("a fee of less than nothing", attaching(conventions=[convention(fee="-0.01")]),
            "conventions[0].fee.amount"),
    refused("half a cent", attaching(conventions=[convention(fee="0.005")]),
            "conventions[0].fee.amount"),
    refused("no such unit", attaching(conventions=[convention(unit="FRANC")]),
            "conventions[0].fee.unit"),
    refused("no such kind", attaching(conventions=[convention("generous")]),
            "conventions[0].kind"),
    refused("no email address", attaching(person(email="dupont")), "contact.email"),
    refused("no telephone number", attaching(person(telephone="17")), "contact.telephone"),
    refused("a fact that nobody knows", attaching(mood="good"), "mood"),
    refused("another act than is asked for", attaching(), "event.type", action="pay"),
    refused(
        "a payment of what is due in another unit",
        {**on_a_contact("pay"), "remuneration": {"due": euros("400.00", "USD")}},
        "remuneration.due.unit",
        action="pay",
        cites="CONVENTION",
    ),
    refused(
        "a convention in another unit",
        _signing(fee=euros("400.00", "USD")),
        "convention.fee.unit",
        action="sign_convention",
        cites="CONVENTION",
    ),
    refused(
        "a convention on an account in another unit",
        {**_signing(), "unit": "USD"},
        "unit",
        action="sign_convention",
    ),
    refused(
        "a convention with less than nothing",
        _signing(fee=euros("-1.00")),
        "convention.fee.amount",
        action="sign_convention",
    ),
    refused(
        "a convention that is still to be signed",
        _signing(signed_at=at("2024-09-15 10:01")),
        "convention.signed_at",
        action="sign_convention",
        cites="CONVENTION",
    ),
    refused(
        "knowledge that is still to come",
        doing(
            "record_known_before",
            contact={**person(True), "known_since": at("2024-09-15 10:01")},
        ),
        "contact.known_since",
        action="record_known_before",
        cites="PRIOR-KNOWN",
    ),
)  # fmt: skip

POSSIBLE: Final = (
    Example(
        "attached earlier on the same day",
        attaching(now="2024-03-15 23:59"),
        "recorded",
        "ALWAYS-ATTACH",
        "attach",
    ),
    Example(
        "attached in the very moment it came in",
        attaching(received="2024-03-15 10:00", now="2024-03-15 10:00"),
        "recorded",
        "ALWAYS-ATTACH",
        "attach",
    ),
    Example(
        "known through a prescriber, and that since after the attachment",
        assessing(person(True, "2024-03-15 10:01", "prescriber")),
        "approved",
        "CONVENTION",
    ),
    Example(
        "not known before, and since when it was all the same after the attachment",
        assessing(person(False, "2024-03-15 10:01")),
        "approved",
        "CONVENTION",
    ),
    Example(
        "attached in the hour that comes twice, the second time",
        attaching(
            moment="2024-10-27T02:15:00+01:00",
            received="2024-10-27T02:45:00+02:00",
            before=[attachment("B", "2024-10-27T02:50:00+02:00", "2024-10-27T02:40:00+02:00")],
        ),
        "recorded",
        "FIRST-WINS",
        "attach",
    ),
)
"""What looks impossible, and is not."""
