"""Matters of the broker's partners: a deal that is analysed, one to be paid for, one that was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from avoir_gateway.demo.step import Step

PARTNER: Final = "referral_broker.partner"
NOTHING_MORE: Final[Mapping[str, Any]] = {}

Acts = Iterator[tuple[str, str, Mapping[str, Any]]]
"""Who does what, with which facts."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal of the demo: whose it is, and its sums in roubles."""

    id: str
    client: str
    person: str
    asked: str
    lowest: str
    highest: str
    received: str
    invoiced: str

    @property
    def case(self) -> str:
        """The id of its case."""
        return f"{PARTNER}:{self.id}"


ANALYSED: Final = Deal(
    "D-5001", "CL-1", "partner", "10000000.00", "6000000.00", "9000000.00", "8000000.00",
    "400000.00",
)  # fmt: skip
DUE: Final = Deal(
    "D-5002", "CL-2", "other-partner", "12000000.00", "8000000.00", "12000000.00", "9000000.00",
    "450000.00",
)  # fmt: skip
PAID: Final = Deal(
    "D-5003", "CL-3", "partner", "5000000.00", "4000000.00", "5000000.00", "4200000.00",
    "210000.00",
)  # fmt: skip


def _roubles(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "unit": "RUB"}


def _to_the_analysis(deal: Deal) -> Acts:
    """Steps 1 to 5: who does what, with which facts, until the team has the documents."""
    found = {
        "deal": {
            "id": deal.id,
            "client_id": deal.client,
            "requested_amount": _roubles(deal.asked),
        }
    }
    yield deal.person, "find_client", found
    yield deal.person, "present_service", NOTHING_MORE
    yield deal.person, "collect_documents", {"event": {"documents_complete": True}}
    passed = {"criteria_met": True, "stop_factors": list[str]()}
    yield deal.person, "preliminary_analysis", {"event": passed}
    yield deal.person, "create_thread", NOTHING_MORE
    yield deal.person, "upload_documents", {"event": {"documents_uploaded": True}}


def _to_the_loan(deal: Deal) -> Acts:
    """Steps 6 to 11: from the range to the loan received."""
    given = {"minimum": _roubles(deal.lowest), "maximum": _roubles(deal.highest)}
    yield "team", "give_range", {"event": {"range": given}}
    agreed = {"agreed": True, "agreed_sum": _roubles(deal.received)}
    yield deal.person, "client_agreement", {"event": agreed}
    details = {
        "requisites": "ИНН 7700000000",
        "email": "client@example.org",
        "phone": "+7 495 000-00-00",
        "has_edo": True,
    }
    yield deal.person, "collect_contract_data", {"event": details}
    yield "team", "send_contract", NOTHING_MORE
    yield deal.person, "contract_signed", NOTHING_MORE
    yield "team", "start_support", {"event": {"actions": ["Открыть счёт"]}}
    approved = {"loan": {"approved_amount": _roubles(deal.received)}}
    yield "team", "loan_approved", {"deal": approved}
    received = {"loan": {"received_amount": _roubles(deal.received)}}
    yield "team", "loan_received", {"deal": received}


def _to_the_commission(deal: Deal) -> Acts:
    """Steps 11 and 12: the work completed, the client's payment, the act, the assessment."""
    invoiced = _roubles(deal.invoiced)
    completed = {"client_commission": {"invoiced": invoiced}, "act": {"drawn_up": True}}
    yield "team", "complete", {"deal": completed}
    yield "team", "client_commission_paid", {"deal": {"client_commission": {"paid": invoiced}}}
    yield "team", "signed_act_provided", {"deal": {"act": {"signed_copy_provided": True}}}
    yield deal.person, "assess_partner_commission", NOTHING_MORE


def partners(tenant: str) -> Sequence[Step]:
    """Three deals: one with the team, one whose commission is due, one that is paid for."""

    def steps(deal: Deal, acts: Acts, *moments: str) -> Iterator[Step]:
        for at, (person, action, facts) in zip(moments, acts, strict=True):
            case = None if action == "find_client" else deal.case
            yield Step(tenant, f"{at}:00+03:00", person, PARTNER, action, facts, case=case)

    return (
        *steps(
            PAID, _to_the_analysis(PAID),
            "2025-10-06T10:00", "2025-10-07T12:00", "2025-10-10T15:00", "2025-10-13T11:00",
            "2025-10-13T11:30", "2025-10-14T10:00",
        ),
        *steps(
            PAID, _to_the_loan(PAID),
            "2025-10-16T12:00", "2025-10-17T16:00", "2025-10-20T10:00", "2025-10-20T17:00",
            "2025-10-22T13:00", "2025-10-23T10:00", "2025-11-11T14:00", "2025-11-13T11:00",
        ),
        *steps(
            PAID, _to_the_commission(PAID),
            "2025-11-14T10:00", "2025-11-20T12:00", "2025-11-24T15:00", "2025-11-25T09:00",
        ),
        *steps(PAID, iter([("team", "pay", NOTHING_MORE)]), "2025-11-27T16:00"),
        *steps(
            DUE, _to_the_analysis(DUE),
            "2025-12-08T10:00", "2025-12-09T12:00", "2025-12-12T15:00", "2025-12-15T11:00",
            "2025-12-15T11:30", "2025-12-16T10:00",
        ),
        *steps(
            DUE, _to_the_loan(DUE),
            "2025-12-18T12:00", "2025-12-19T16:00", "2025-12-22T10:00", "2025-12-22T17:00",
            "2025-12-24T13:00", "2025-12-25T10:00", "2026-02-10T14:00", "2026-02-12T11:00",
        ),
        *steps(
            DUE, _to_the_commission(DUE),
            "2026-02-13T10:00", "2026-03-02T12:00", "2026-03-05T15:00", "2026-03-06T09:00",
        ),
        # uploaded on a Thursday, and so due on the Monday on which the demo's clock stands
        *steps(
            ANALYSED, _to_the_analysis(ANALYSED),
            "2026-03-02T10:00", "2026-03-03T12:00", "2026-03-10T15:00", "2026-03-11T11:00",
            "2026-03-11T11:30", "2026-03-12T10:00",
        ),
    )  # fmt: skip
