"""Recorded examples of amounts, of what is not known, and of what cannot be."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import (
    LOG,
    Example,
    asking,
    at,
    cad,
    call,
    email,
    under_contract,
    unreachable,
)
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    ATTEMPTS,
    INVALID,
    REFUSED,
    again,
    credited,
    faulty,
    final,
    wants,
)

EARLIER = {"submitted_at": at("2025-03-10 10:00"), "credited": "120.00"}
MONEY = (
    Example(
        "money is asked for, a credit is granted",
        {**unreachable(), "requested_remedy": "bank_refund"},
        APPROVED,
        "APP-1-UNREACHABLE CREDIT-NOT-REFUND CREDIT-AMOUNT",
        more=credited(notify={"professional:request_received", "professional:credit_only"}),
    ),
    Example(
        "a credit is asked for",
        {**unreachable(), "requested_remedy": "credit"},
        APPROVED,
        "APP-1-UNREACHABLE CREDIT-AMOUNT",
        cites_not="CREDIT-NOT-REFUND",
        more=credited(notify={"professional:request_received"}),
    ),
    Example(
        "money is asked for where only credits are granted",
        {**unreachable(), "requested_remedy": "bank_refund"},
        REFUSED,
        "CREDIT-NOT-REFUND",
        parameters={"bank_refund_request": "refuse"},
        more=again(
            remedies={"ask for a credit on your account instead"},
            notify={"professional:request_received", "professional:credit_only"},
            state=None,
        ),
    ),
    *(
        Example(
            f"{asked} is asked for: the credit is the whole price",
            {**unreachable(), "requested_credit": cad(asked)},
            APPROVED,
            "APP-1-UNREACHABLE CREDIT-AMOUNT",
            more=credited("120.00"),
        )
        for asked in ("60.00", "120.00", "500.00")
    ),
    Example(
        "the smallest price",
        unreachable(price=cad("0.01")),
        APPROVED,
        "APP-1-UNREACHABLE",
        more=credited("0.01"),
    ),
    Example(
        "a price with its taxes is credited with them",
        {
            **unreachable(price=cad("114.98")),
            "tax_breakdown": {"net": "100.00", "gst": "5.00", "qst": "9.98"},
        },
        APPROVED,
        "APP-1-UNREACHABLE CREDIT-AMOUNT",
        more=credited("114.98"),
    ),
    Example(
        "the price is asked for",
        unreachable(price={"amount": None, "unit": "CAD"}),
        ASKED,
        "APP-1-UNREACHABLE CREDIT-AMOUNT",
        more=wants("lead.price_paid"),
    ),
    Example(
        "the price is not asked for where nothing is credited",
        asking("lead_shared", price={"amount": None, "unit": None}),
        REFUSED,
        "REF-4-SHARED",
        more=final(missing=set()),
    ),
    Example(
        "a lead is credited once",
        {**unreachable(), "previous_requests": [{**EARLIER, "outcome": "approved"}]},
        REFUSED,
        "CREDIT-AMOUNT",
        cites_not="APP-1-UNREACHABLE",
        more=final(state="already_credited"),
    ),
    Example(
        "a request that was refused before is no obstacle",
        {**unreachable(), "previous_requests": [{**EARLIER, "outcome": "refused"}]},
        APPROVED,
        "APP-1-UNREACHABLE",
        more=credited(),
    ),
)

NOTHING = Example(
    "nothing is known of the request",
    {**unreachable(), "request": None},
    ASKED,
    "FORM WINDOW-MONTH DELAY-MIN",
    more=wants("request.channel", "request.submitted_at", "request.ground"),
)
UNKNOWN = (
    NOTHING,
    Example(
        "nothing is known at all",
        {},
        ASKED,
        "FORM WINDOW-MONTH DELAY-MIN",
        more=wants(
            "request.channel", "request.submitted_at", "lead.purchased_at", "request.ground"
        ),
    ),
    Example(
        "the ground is asked for, and nothing that depends on it",
        asking(None, attempts=None),
        ASKED,
        "ALREADY-CONTRACT APP-1-UNREACHABLE APP-2-WRONG-CONTACT",
        more=wants("request.ground"),
    ),
    Example(
        "the moment of the request is asked for",
        under_contract("2025-02-20", asked=None),
        ASKED,
        "WINDOW-MONTH DELAY-MIN",
        more=wants("request.submitted_at"),
    ),
    Example(
        "nothing is known of the evidence",
        {**asking("wrong_contact_details"), "evidence": None},
        ASKED,
        "APP-2-WRONG-CONTACT",
        more=wants("evidence.phone_valid", "evidence.email_valid"),
    ),
)

IMPOSSIBLE_FACTS = tuple(
    Example(title, facts, INVALID, cites, more=faulty(*paths))
    for title, facts, cites, paths in (
        (
            "asked before it was bought",
            unreachable(asked="2025-03-03 09:59", attempts=()),
            "DELAY-MIN",
            ["request.submitted_at"],
        ),
        (
            "two attempts before the purchase",
            unreachable(attempts=(call("2025-03-03 09:59:59"), *LOG, email("2025-03-02 10:00"))),
            "STEPS-BEFORE CONTACT-CALLS CONTACT-EMAILS",
            [f"{ATTEMPTS}[0].at", f"{ATTEMPTS}[7].at"],
        ),
        ("nothing was paid", unreachable(price=cad("0.00")), "", ["lead.price_paid.amount"]),
        (
            "less than nothing was paid",
            unreachable(price=cad("-120.00")),
            "",
            ["lead.price_paid.amount"],
        ),
        ("half a cent was paid", unreachable(price=cad("120.005")), "", ["lead.price_paid.amount"]),
        (
            "a number was paid",
            unreachable(price={"amount": 120, "unit": "CAD"}),
            "",
            ["lead.price_paid.amount"],
        ),
        (
            "another currency was paid",
            unreachable(price={"amount": "120.00", "unit": "EUR"}),
            "CREDIT-AMOUNT",
            ["lead.price_paid.unit"],
        ),
        (
            "no currency was paid",
            unreachable(price={"amount": "120.00", "unit": "XQQ"}),
            "",
            ["lead.price_paid.unit"],
        ),
        (
            "another currency is asked for",
            {**unreachable(), "requested_credit": {"amount": "120.00", "unit": "EUR"}},
            "CREDIT-AMOUNT",
            ["requested_credit.unit"],
        ),
        (
            "the taxes do not add up",
            {**unreachable(), "tax_breakdown": {"net": "100.00", "gst": "5.00", "qst": "9.98"}},
            "CREDIT-AMOUNT",
            ["tax_breakdown.net"],
        ),
        (
            "more without taxes than with them",
            {**unreachable(), "tax_breakdown": {"net": "120.01"}},
            "CREDIT-AMOUNT",
            ["tax_breakdown.net"],
        ),
        (
            "half a cent without taxes",
            {**unreachable(), "tax_breakdown": {"net": "100.005"}},
            "CREDIT-AMOUNT",
            ["tax_breakdown.net"],
        ),
        (
            "more leads won than bought",
            {**unreachable(), "stats": {"leads_purchased": 1, "leads_converted": 2}},
            "CONVERSION-1IN5",
            ["stats.leads_converted"],
        ),
        (
            "a contract signed after the request",
            under_contract("2025-03-13"),
            "ALREADY-CONTRACT",
            ["evidence.other_contract_signed_on"],
        ),
        ("a ground that does not exist", asking("bad_luck"), "", ["request.ground"]),
        (
            "a moment without its offset",
            {"lead": {"purchased_at": "2025-03-03T10:00:00"}},
            "",
            ["lead.purchased_at"],
        ),
        (
            "a fact that does not exist",
            {**unreachable(), "mood": "bad", "lead": {"colour": "red"}},
            "",
            ["mood", "lead.colour"],
        ),
        (
            "a zone that does not exist",
            {**unreachable(), "time_zone": "Canada/Laval"},
            "",
            ["time_zone"],
        ),
    )
)
