"""Recorded examples of reports, purchases, top-ups, and of what is given later."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import Example, asking, at, cad
from tests.plugins.xpertsource.recorded.standings import LEAD, WINDOW
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    INVALID,
    RECORDED,
    STANDING,
    Said,
    faulty,
)


def converted(rate: str | None, position: str | None, benchmark: str = "0.20") -> Said:
    """What is said of a rate of conversion."""
    return {"metrics": {"conversion_rate": rate, "benchmark": benchmark, "position": position}}


REPORTS: tuple[Example, ...] = (
    *(
        Example(
            f"{won} of {bought} leads",
            {"report": "conversion", "leads_purchased": bought, "leads_converted": won},
            STANDING,
            "CONVERSION-1IN5",
            "report",
            more=converted(rate, position),
        )
        for bought, won, rate, position in (
            (25, 5, "0.20", "at_benchmark"),
            (25, 6, "0.24", "above_benchmark"),
            (25, 4, "0.16", "below_benchmark"),
            (3, 1, "0.33", "above_benchmark"),
            (1000, 199, "0.20", "below_benchmark"),
            (1000, 201, "0.20", "above_benchmark"),
            (200, 41, "0.21", "above_benchmark"),
            (10, 0, "0.00", "below_benchmark"),
            (10, 10, "1.00", "above_benchmark"),
            (0, 0, None, None),
            (None, 5, None, None),
            (5, None, None, None),
        )
    ),
    Example(
        "leads from the record",
        {"report": "conversion", "stats": {"leads_purchased": 10, "leads_converted": 3}},
        STANDING,
        "CONVERSION-1IN5",
        "report",
        more=converted("0.30", "above_benchmark"),
    ),
    *(
        Example(f"{title}", facts, INVALID, cites, "report", more={"errors": {path}, "metrics": {}})
        for title, facts, cites, path in (
            (
                "more leads won than bought",
                {"leads_purchased": 1, "leads_converted": 2},
                "CONVERSION-1IN5",
                "leads_converted",
            ),
            (
                "more leads on record won than bought",
                {"stats": {"leads_purchased": 1, "leads_converted": 2}},
                "CONVERSION-1IN5",
                "stats.leads_converted",
            ),
            ("fewer leads than none", {"leads_purchased": -1}, "", "leads_purchased"),
            ("half a lead", {"leads_converted": 0.5}, "", "leads_converted"),
        )
    ),
)

PAID_IN = {"source": "house:top_ups", "destination": "professional:balance", "kind": "top_up"}
PAID = {
    "source": "professional:balance",
    "destination": "house:lead_revenue",
    "kind": "lead_purchase",
}
MOVEMENTS: tuple[Example, ...] = (
    Example(
        "a lead is bought: its price leaves the balance",
        {"lead": LEAD},
        RECORDED,
        "",
        "purchase",
        more={
            "postings": [{**PAID, **cad("120.00")}],
            "state": "waiting_period",
            "deadlines": WINDOW,
        },
    ),
    Example(
        "a lead is bought with taxes",
        {
            "lead": {**LEAD, "price_paid": cad("114.98")},
            "tax_breakdown": {"net": "100.00", "gst": "5.00", "qst": "9.98"},
        },
        RECORDED,
        "",
        "purchase",
        more={"amount": "114.98"},
    ),
    Example(
        "a lead without an id, a day or a price",
        {"lead": {"id": None}},
        ASKED,
        "",
        "purchase",
        more={"missing": {"lead.id", "lead.purchased_at", "lead.price_paid"}, "postings": []},
    ),
    Example(
        "a lead bought in another currency than the account’s",
        {"lead": {**LEAD, "price_paid": {"amount": "120.00", "unit": "USD"}}},
        INVALID,
        "CREDIT-AMOUNT",
        "purchase",
        more=faulty("lead.price_paid.unit"),
    ),
    *(
        Example(
            f"a lead bought with taxes: {title}",
            {"lead": {**LEAD, "price_paid": cad("114.98")}, "tax_breakdown": taxes},
            INVALID,
            "CREDIT-AMOUNT",
            "purchase",
            more=faulty("tax_breakdown.net"),
        )
        for title, taxes in (
            ("they do not add up", {"net": "100.00", "gst": "5.00", "qst": "9.97"}),
            ("the price without them is higher", {"net": "114.99"}),
        )
    ),
    Example(
        "an amount is paid in",
        {"top_up": cad("500.00")},
        RECORDED,
        "",
        "top_up",
        more={"postings": [{**PAID_IN, **cad("500.00")}], "state": None},
    ),
    *(
        Example(title, {"top_up": amount}, INVALID, "", "top_up", more=faulty(path))
        for title, amount, path in (
            ("nothing is paid in", cad("0.00"), "top_up.amount"),
            ("another currency is paid in", {"amount": "5.00", "unit": "EUR"}, "top_up.unit"),
        )
    ),
)

SALES: tuple[Example, ...] = (
    Example(
        "a lead became a sale",
        {"lead": LEAD},
        RECORDED,
        "CONVERSION-1IN5",
        "record_conversion",
        more={"postings": [], "state": None},
    ),
    Example(
        "a lead became a sale, although a credit was asked for",
        asking("no_sale", evidence={"client_met": True}),
        RECORDED,
        "CONVERSION-1IN5",
        "record_conversion",
        more={"postings": [], "state": None},
    ),
)

AGAIN: tuple[Example, ...] = (
    Example(
        "information is given: the request is not received twice",
        {
            **asking(
                "wrong_contact_details", evidence={"phone_valid": False, "email_valid": False}
            ),
            "as_of": at("2025-03-14 09:00"),
        },
        APPROVED,
        "APP-2-WRONG-CONTACT",
        "give_information",
        more={"notify": set(), "deadlines": {"answer_due 2025-03-19"}},
    ),
)
