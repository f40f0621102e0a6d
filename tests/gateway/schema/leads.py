"""Leads that were bought, requested, credited and sold, and how their returns are asked for."""

from __future__ import annotations

from typing import Any, Final

from avoir.lifecycles import Role
from tests.gateway.schema.conftest import Asking, lead, set_clock

POLICY: Final = "xpertsource.lead_credit"
RETURNS: Final = """
query ($policy: String = "xpertsource.lead_credit", $from: Date, $to: Date,
       $period: ReturnsPeriod! = MONTH, $byParty: Boolean! = false, $party: String,
       $timeZone: TimeZone, $first: Int = 100) {
  returns(policy: $policy, from: $from, to: $to, period: $period, byParty: $byParty,
          party: $party, timeZone: $timeZone) {
    policy from to period timeZone
    figures(first: $first) {
      rows { start party values { ...value } }
      totals { ...value }
      more
    }
    outcomes(first: $first) {
      rows { start party outcome label clause { id } count amount { amount unit } }
      more
    }
    pipeline { label }
  }
}
fragment value on ReturnsValue { name count amount { amount unit } share formatted }
"""


def plain(values: list[dict[str, Any]]) -> dict[str, Any]:
    """The values of a row by name, each as it is."""

    def one(value: dict[str, Any]) -> Any:
        amount = value["amount"]
        known = [value["count"], None if amount is None else amount["amount"], value["share"]]
        assert sum(part is not None for part in known) <= 1
        return next((part for part in known if part is not None), None)

    return {value["name"]: one(value) for value in values}


async def bought(who: Asking, number: str, party: str, at: str) -> str:
    """The case of a lead that was bought at a moment, which becomes the tenant's."""
    await set_clock(Asking(who.service, who.schema, who.tenant, Role.OPERATOR), at)
    payload = await who.act(
        "xpertsourceLeadCreditPurchase",
        idempotencyKey=f"purchase-{number}",
        professional=party,
        lead=lead(number, at),
    )
    assert payload["userErrors"] == []
    case: str = payload["case"]["id"]
    return case


async def converted(who: Asking, case: str, key: str = "converted") -> dict[str, Any]:
    """What comes of recording that a lead became a sale."""
    return await who.act(
        "xpertsourceLeadCreditRecordConversion", idempotencyKey=f"{key}-{case}", case=case
    )


REQUEST: Final = {
    "request": {"channel": "PORTAL_FORM", "ground": "ALREADY_UNDER_CONTRACT"},
    "evidence": {"otherContractSignedOn": "2025-02-20"},
}
RULE: Final = """mutation ($case: ID!, $key: String!) { rule(input: {
  case: $case, decision: "approve", reason: "Seen.", idempotencyKey: $key
}) { userErrors { code } } }"""


async def lived(platform: Asking, professional: Asking, reviewer: Asking) -> dict[str, str]:
    """Six leads: two of P-1 in March, three of P-2 in April, and one of P-1 in the night before
    May; one was requested too early, one credited, one waits for a ruling, two were sold."""
    cases = {
        "L-1": await bought(platform, "L-1", "P-1", "2025-03-03T10:00:00-05:00"),
        "L-2": await bought(platform, "L-2", "P-1", "2025-03-04T10:00:00-05:00"),
    }

    async def request(who: Asking, number: str, key: str) -> None:
        payload = await who.act(
            "xpertsourceLeadCreditRequestCredit",
            idempotencyKey=f"{key}-{number}",
            case=cases[number],
            **REQUEST,
        )
        assert payload["userErrors"] == []

    await request(professional, "L-2", "early")
    await set_clock(Asking(platform.service, platform.schema, platform.tenant, Role.OPERATOR),
                    "2025-03-17T10:00:00-04:00")  # fmt: skip
    await request(professional, "L-1", "request")
    await request(professional, "L-2", "request")
    ruled = await reviewer(RULE, case=cases["L-1"], key="ruling")
    assert ruled["rule"]["userErrors"] == []
    for number in ("L-3", "L-4", "L-5"):
        cases[number] = await bought(platform, number, "P-2", "2025-04-02T10:00:00-04:00")
    # In UTC it is May by then.
    cases["L-6"] = await bought(platform, "L-6", "P-1", "2025-04-30T23:00:00-04:00")
    for number in ("L-2", "L-4"):
        assert (await converted(platform, cases[number]))["userErrors"] == []
    return cases
