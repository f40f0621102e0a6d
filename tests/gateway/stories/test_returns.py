"""The returns of conXpros while a lead goes from its delivery to a final review."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from tests.gateway.stories.conftest import Enrol
from tests.gateway.stories.conxpros_story import COST, STEPS, Story
from tests.gateway.stories.people import Person

RETURNS: Final = """{ returns(policy: "conxpros.lead_credit", period: WHOLE) { figures {
  totals { name count amount { amount } share }
} } }"""


def totals(reader: Person) -> dict[str, Any]:
    """The figures of the whole year, as somebody sees them."""
    found = reader.ask(RETURNS)["returns"]["figures"]["totals"]
    return {
        one["name"]: one["count"] if one["amount"] is None else Decimal(one["amount"]["amount"])
        for one in found
        if one["share"] is None
    }


def test_credits_are_net_of_what_was_taken_back(conxpros: Enrol) -> None:
    """After each step the returns show what stands credited by then, to the staff and the party."""
    town = conxpros()
    story = Story(town)
    shown = totals(town["auditor"])
    for step in STEPS:
        payload = story.take(step)
        shown = totals(town["auditor"])
        assert totals(town["professional"]) == shown
        assert shown["credits"] == step.credited, step.action
        delivered = story.case is not None
        assert (shown["delivered"], shown["cost"]) == (int(delivered), COST if delivered else 0)
        state = payload["case"] and payload["case"]["state"]
        stands = state in {"credited", "partially_credited", "final_approved"}
        assert shown["credited"] == int(stands), step.action
    assert shown["taken_back"] == 1
    assert shown["requests"] == 1
