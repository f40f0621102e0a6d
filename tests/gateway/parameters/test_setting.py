"""Parameters set over GraphQL: from a day on, never backwards, once under a key, with a record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.service import Service
from tests.gateway.parameters.conftest import Enrol, done, put, refused
from tests.gateway.schema.conftest import Asking, purchase, set_clock

POLICY = "xpertsource.lead_credit"
TERMS = """
query ($on: Date, $to: Date!) { policy(key: "xpertsource.lead_credit", on: $on) {
  edition { hash effectiveFrom } parameters { name value shown }
  differences(to: $to) { parameters { name before after message } rows { clause } }
} }
"""
EDITIONS = """
{ policy(key: "xpertsource.lead_credit") {
    editions { hash effectiveFrom setBy setAt superseded } } }
"""


async def terms(who: Asking, on: str, to: str = "2025-03-03") -> dict[str, Any]:
    """The terms of a day, and what differs from those of another."""
    found: dict[str, Any] = (await who(TERMS, on=on, to=to))["policy"]
    return found


def value(found: dict[str, Any], name: str) -> object:
    """The value of a parameter in terms."""
    return next(one["value"] for one in found["parameters"] if one["name"] == name)


async def test_values_hold_from_their_day_on(operator: Asking) -> None:
    """A change makes an edition with a hash of its own from a day on; the days before it keep
    theirs, and the difference is told in words."""
    made = await done(operator, values={"min_wait_days": 10, "min_calls": 5})
    assert made["edition"]["effectiveFrom"] == "2025-03-10"
    assert [one["message"] for one in made["differences"]["parameters"]] == [
        "Calls required: 4 → 5",
        "Days to wait after the purchase: 7 → 10",
    ]
    assert "XS-CONTACT-CALLS" in {row["clause"] for row in made["differences"]["rows"]}
    before, after = await terms(operator, "2025-03-09"), await terms(operator, "2025-03-10")
    assert value(before, "min_wait_days") == 7
    assert before["differences"] == {"parameters": [], "rows": []}
    assert value(after, "min_wait_days") == 10
    assert after["edition"] == made["edition"]
    assert after["edition"]["hash"] != before["edition"]["hash"]
    assert [one["message"] for one in after["differences"]["parameters"]] == [
        "Calls required: 5 → 4",
        "Days to wait after the purchase: 10 → 7",
    ]


async def test_a_case_keeps_the_edition_of_its_day(
    operator: Asking, platform: Asking, professional: Asking
) -> None:
    """Of two cases on either side of the day each goes by its own values, whatever comes later."""
    await done(operator, start="2025-03-04", values={"min_wait_days": 10})
    await purchase(platform, "L-1")
    await set_clock(operator, "2025-03-04T12:00:00-05:00")
    lead = {
        "id": "L-2",
        "purchasedAt": "2025-03-04T10:00:00-05:00",
        "pricePaid": {"amount": "120.00", "unit": "CAD"},
    }
    bought = await platform.act(
        "xpertsourceLeadCreditPurchase", idempotencyKey="p-2", professional="P-1", lead=lead
    )
    assert bought["userErrors"] == []
    await set_clock(operator, "2025-03-12T12:00:00-04:00")
    await done(operator, key="k-2", start="2025-03-12", values={"min_wait_days": 30})
    states = {}
    for number in (1, 2):
        request = {"channel": "PORTAL_FORM", "ground": "NO_SALE"}
        answer = await professional.act(
            "xpertsourceLeadCreditRequestCredit",
            idempotencyKey=f"r-{number}",
            case=await case_of(professional, f"L-{number}"),
            request=request,
        )
        assert answer["userErrors"] == []
        states[number] = answer["decision"]["state"]
    assert states[1] != "refused_premature"
    assert states[2] == "refused_premature"


async def case_of(who: Asking, lead: str) -> str:
    """The id of the case of a lead."""
    data = await who("{ cases(first: 50) { edges { node { id facts } } } }")
    for edge in data["cases"]["edges"]:
        if edge["node"]["facts"]["lead"]["id"] == lead:
            return str(edge["node"]["id"])
    raise AssertionError(f"there is no case of {lead}")


async def test_never_backwards(operator: Asking) -> None:
    """Today is the first day that values can be set for: the day where the business is."""
    await set_clock(operator, "2025-03-04T03:00:00Z")
    assert await refused(operator, start="2025-03-02", values={"min_calls": 5}) == [
        ("BAD_REQUEST", ["effectiveFrom"])
    ]
    payload = await put(operator, start="2025-03-02", values={"min_calls": 5})
    assert "March 3, 2025" in payload["userErrors"][0]["message"]
    # in Toronto it is still the third
    await done(operator, start="2025-03-03", values={"min_calls": 5})
    assert await refused(operator, key="k-2", start="2999-01-01", values={"min_calls": 6}) == [
        ("BAD_REQUEST", ["effectiveFrom"])
    ]


async def test_null_is_the_default(operator: Asking) -> None:
    """A patch is laid over what holds on its day, and null goes back to the default."""
    await done(operator, values={"min_calls": 5, "min_emails": 3})
    made = await done(operator, key="k-2", start="2025-03-20", values={"min_calls": None})
    assert [one["message"] for one in made["differences"]["parameters"]] == [
        "Calls required: 5 → 4"
    ]
    assert value(await terms(operator, "2025-03-20"), "min_emails") == 3


async def test_a_later_change_stays(operator: Asking) -> None:
    """Values that were set for a later day hold from that day on, and it is said."""
    await done(operator, start="2025-04-01", values={"min_calls": 6})
    made = await done(operator, key="k-2", start="2025-03-10", values={"min_calls": 5})
    assert made["later"] == ["2025-04-01"]
    assert made["note"] == "From April 1, 2025 on, other values hold, which were set before."
    assert value(await terms(operator, "2025-03-31"), "min_calls") == 5
    assert value(await terms(operator, "2025-04-01"), "min_calls") == 6


async def test_of_two_for_one_day_the_later_holds(operator: Asking, theirs: store.Tenant) -> None:
    """Set again for the same day, values are superseded; every edition stays listed."""
    await done(operator, values={"min_calls": 5})
    await done(operator, key="k-2", values={"min_calls": 6})
    assert value(await terms(operator, "2025-03-10"), "min_calls") == 6
    listed = (await operator(EDITIONS))["policy"]["editions"]
    assert [(one["effectiveFrom"], one["setBy"], one["superseded"]) for one in listed] == [
        ("2025-03-10", "operator", False),
        ("2025-03-10", "operator", True),
        ("2024-01-01", None, False),
    ]


async def test_nothing_is_set_where_nothing_changes(operator: Asking) -> None:
    """What holds already makes no edition and no record, in whichever way it is written."""
    same = {"min_calls": 4, "conversion_benchmark": "0.2", "calendar": None}
    assert await refused(operator, values=same) == [("NOTHING_CHANGED", ["values"])]
    assert await refused(operator, values={}) == [("NOTHING_CHANGED", ["values"])]
    assert len((await operator(EDITIONS))["policy"]["editions"]) == 1


async def test_a_key_takes_effect_once(operator: Asking) -> None:
    """The same key gives the same answer, even once its day is over; with other values it is
    refused."""
    first = await done(operator, start="2025-03-03", values={"min_calls": 5})
    await set_clock(operator, "2025-03-20T12:00:00Z")
    again = await done(operator, start="2025-03-03", values={"min_calls": 5})
    assert again.pop("replayed") is True
    assert first.pop("replayed") is False
    assert again == first
    assert await refused(operator, start="2025-03-03", values={"min_calls": 6}) == [
        ("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])
    ]


async def test_what_was_expected_is_what_is_changed(operator: Asking) -> None:
    """Where the edition in force that day is another than the one expected, nothing is set."""
    made = await done(operator, values={"min_calls": 5})
    wrong = {"values": {"min_calls": 6}, "expectedHash": "0" * 32}
    assert await refused(operator, key="k-2", **wrong) == [("CONFLICT", ["expectedHash"])]
    right = {"values": {"min_calls": 6}, "expectedHash": made["edition"]["hash"]}
    await done(operator, key="k-2", **right)


async def test_of_two_operators_at_once_one_is_first(operator: Asking, ask: Enrol) -> None:
    """Of many who expect the same edition at once exactly one changes it; the others are told."""
    before = (await terms(operator, "2025-03-10"))["edition"]["hash"]
    payloads = await asyncio.gather(
        *(
            put(operator, key=f"k-{n}", values={"min_calls": 5 + n}, expectedHash=before)
            for n in range(6)
        )
    )
    codes = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert codes == ["CONFLICT"] * 5
    assert len((await operator(EDITIONS))["policy"]["editions"]) == 2


async def test_without_an_expectation_none_is_lost(operator: Asking) -> None:
    """Patches of different parameters at once are laid over one another: none of them is lost."""
    changes = [{"min_calls": 6}, {"min_emails": 5}, {"min_voicemails": 7}, {"window_months": 3}]
    await asyncio.gather(
        *(done(operator, key=f"k-{n}", values=patch) for n, patch in enumerate(changes))
    )
    found = await terms(operator, "2025-03-10")
    for patch in changes:
        for name, wanted in patch.items():
            assert value(found, name) == wanted


async def test_a_change_and_its_record_are_one(operator: Asking, service: Service) -> None:
    """The administrative record says who changed what, before and after; a refusal leaves none."""
    await done(operator, values={"min_calls": 5})
    await refused(operator, key="k-2", values={"min_calls": 50})
    await done(operator, key="k-3", values={"min_calls": 6, "conversion_benchmark": "0.30"})
    records = await service.stores.administration.listing(operator.tenant.id)
    assert [(one.action, one.subject, one.actor.id) for one in records] == [
        ("parameters.set", f"parameters:{POLICY}", "operator")
    ] * 2
    changes = [(one.before or {}, one.after or {}) for one in records]
    assert [before["values"] for before, _ in changes] == [{"min_calls": 5}, {}]
    assert changes[0][1]["values"] == {"min_calls": 6, "conversion_benchmark": "0.30"}
    assert changes[0][0]["hash"] == changes[1][1]["hash"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_only_operators_set_values(ask: Enrol, role: Role) -> None:
    """Nobody but an operator sets values."""
    party = f"{role.value}:P-1" if role.value in ("professional", "prescriber", "partner") else None
    who = ask(role, party or ("client:P-1" if role is Role.CLIENT else None))
    assert await refused(who, values={"min_calls": 5}) == [("FORBIDDEN", None)]


@pytest.mark.parametrize(
    ("role", "party"),
    [(Role.PROFESSIONAL, "professional:P-1"), (Role.PLATFORM, None), (Role.TEAM, None)],
)
async def test_who_may_not_read_editions(ask: Enrol, role: Role, party: str | None) -> None:
    """Who set what is for those who look after the business; the terms of any day are for all."""
    who = ask(role, party)
    assert await who.code(EDITIONS) == "FORBIDDEN"
    assert (await terms(who, "2025-03-10"))["edition"]["hash"]


async def test_a_policy_that_is_not_enabled(operator: Asking) -> None:
    """What is not enabled, or does not exist, has no parameters to set."""
    for policy in ("kinds.kinds", "nothing.at_all", ""):
        assert await refused(operator, policy=policy, values={"x": 1}) == [
            ("PLUGIN_DISABLED", ["policy"])
        ]


@pytest.mark.parametrize("values", [None, 5, "x", [], [{"min_calls": 5}]])
async def test_values_are_an_object(operator: Asking, values: object) -> None:
    """Values in any other form are refused; null is no JSON value of ours at all."""
    if values is None:
        asked = {"idempotencyKey": "k", "policy": POLICY, "effectiveFrom": "2025-03-10"}
        query = "mutation ($i: ParametersSetInput!) { parametersSet(input: $i) { replayed } }"
        assert (await operator.result(query, i={**asked, "values": None})).errors
    else:
        assert await refused(operator, values=values) == [("BAD_REQUEST", ["values"])]


async def test_values_are_of_a_size(operator: Asking) -> None:
    """So much that nobody could mean it is refused before it is looked at."""
    texts = ["x" * 1_000] * 100
    answer = await put(operator, "referral_broker.partner", values={"criteria": texts})
    (error,) = answer["userErrors"]
    assert (error["code"], error["path"]) == ("BAD_REQUEST", ["values"])
    assert "16,384" in error["message"]


async def test_an_empty_window_is_named(operator: Asking) -> None:
    """Values that leave no day for a request are refused, and the clause is named."""
    answer = await put(operator, values={"min_wait_days": 60, "window_months": 1})
    (error,) = answer["userErrors"]
    assert (error["code"], error["path"]) == ("BAD_REQUEST", ["values"])
    assert "XS-WINDOW-MONTH" in error["message"]


@pytest.mark.parametrize(
    ("tag", "line", "fault"),
    [
        ("fr_CA", "Nombre d’appels exigé\u00a0: 4 → 5", "doit être compris entre 0 et 20"),
        ("ru_RU", "Требуемое число звонков: 4 → 5", "должно быть от 0 до 20"),
    ],
)
async def test_in_the_language_of_the_reader(
    ask: Enrol, operator: Asking, tag: str, line: str, fault: str
) -> None:
    """Differences and faults are told in the language of the one who asks."""
    who = ask(Role.OPERATOR, tag=tag)
    answer = await put(who, values={"min_calls": 50})
    assert fault in answer["userErrors"][0]["message"]
    made = await done(who, values={"min_calls": 5})
    assert [one["message"] for one in made["differences"]["parameters"]] == [line]
