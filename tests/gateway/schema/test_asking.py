"""Asking what would happen, and what a policy says: nothing is changed by it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from avoir.lifecycles import Role
from avoir_gateway.service import Service
from avoir_gateway.store import ParameterValues, Tenant
from tests.gateway.schema.conftest import Ask, Asking, purchase, set_clock


async def test_facts_that_are_none_are_answered(professional: Asking) -> None:
    """Facts that are unknown or of a wrong kind are answered as invalid, each by its path."""
    data = await professional(
        """query ($facts: JSON!) {
          evaluateFacts(policy: "xpertsource.lead_credit", action: "request_credit", facts: $facts)
          { outcome errors { path message } }
        }""",
        facts={"lead": {"id": 5, "colour": "red"}, "unheard": {"of": [None]}},
    )
    assert data["evaluateFacts"]["outcome"] == "INVALID"
    assert {error["path"] for error in data["evaluateFacts"]["errors"]} == {
        "lead.id",
        "lead.colour",
        "unheard",
    }


async def test_what_is_missing_is_named_by_its_path_in_the_facts(professional: Asking) -> None:
    """A missing fact is named by its path in the facts, and by its label."""
    data = await professional(
        """{ evaluate(input: {xpertsourceLeadCreditRequestCredit: {
            request: {channel: PORTAL_FORM, submittedAt: "2025-03-11T10:00:00-04:00"}
        }}) { outcome missing { path label } } }"""
    )
    missing = {fact["path"]: fact["label"] for fact in data["evaluate"]["missing"]}
    assert missing["lead.purchased_at"] == "purchase of the lead"


async def test_on_a_case_the_records_win(platform: Asking, professional: Asking) -> None:
    """On a case, what is asked is judged by the case's records, and asking changes nothing."""
    bought = await purchase(platform)
    query = """query ($case: ID) { evaluate(input: {xpertsourceLeadCreditPurchase: {
        case: $case, lead: {id: "L-9", purchasedAt: "2025-03-03T10:00:00-05:00",
                            pricePaid: {amount: "1.00", unit: "CAD"}}
    }}) { amount { amount } } }"""
    free = await professional(query)
    assert free["evaluate"]["amount"]["amount"] == "1.00"
    standing = """query ($case: ID) { evaluate(input: {xpertsourceLeadCreditStanding: {
        case: $case
    }}) { outcome state deadlines { kind date } } }"""
    data = await professional(standing, case=bought["case"]["id"])
    assert data["evaluate"]["outcome"] == "STANDING"
    assert data["evaluate"]["state"] == "waiting_period"
    before = await professional(
        "query ($id: ID!) { case(id: $id) { revision } }", id=bought["case"]["id"]
    )
    assert before["case"]["revision"] == 1


async def test_the_state_follows_the_clock(
    platform: Asking, professional: Asking, operator: Asking
) -> None:
    """The state of a case is that of the present moment, in the case and in lists alike."""
    bought = await purchase(platform)
    query = (
        "query ($id: ID!) { case(id: $id) { state stateLabel allowedActions deadlines { kind } } }"
    )
    states = []
    for moment in (
        "2025-03-03T12:00:00-05:00",
        "2025-03-12T12:00:00-04:00",
        "2025-05-01T12:00:00-04:00",
    ):
        await set_clock(operator, moment)
        states.append((await professional(query, id=bought["case"]["id"]))["case"]["state"])
    assert states == ["waiting_period", "claimable", "window_closed"]
    await set_clock(operator, "2025-03-12T12:00:00-04:00")
    listed = await professional("{ cases { edges { node { state stateLabel } } } }")
    assert [edge["node"]["state"] for edge in listed["cases"]["edges"]] == ["claimable"]


async def test_a_report(operator: Asking) -> None:
    """A report answers with figures of the facts given; an unknown report is a coded error."""
    query = """query ($name: String!, $facts: JSON) {
      report(policy: "xpertsource.lead_credit", name: $name, facts: $facts)
      { outcome metrics { name value } clauses { id } missing { path } }
    }"""
    data = await operator(
        query, name="conversion", facts={"leads_purchased": 20, "leads_converted": 5}
    )
    figures = {metric["name"]: metric["value"] for metric in data["report"]["metrics"]}
    assert figures["conversion_rate"].startswith("0.25")
    assert await operator.code(query, name="unheard") == "BAD_REQUEST"
    assert await operator.code(query, name="conversion", facts=[1]) == "BAD_REQUEST"


async def test_a_policy_as_data(professional: Asking) -> None:
    """A policy can be read as data, in the same words and values that it decides by."""
    data = await professional(
        """{ policy(key: "xpertsource.lead_credit") {
          id key plugin title summary version party timeZone
          edition { hash policy version effectiveFrom }
          clauses { id text citation { document lines } }
          tables { name rows { clause kind onlyIf condition outcome } }
          parameters { name label value default shown kind many options { value label } low high }
          facts { path label source sourceLabel kind many options { value label }
                  fields { path label kind many options { value label } } low high }
          actions { name label mutation actors { role label } founding fromStates required
                    facts { path source kind } }
          states { name label clauses }
          accounts { name label unit }
          reports { name label clauses }
        } }"""
    )
    policy = data["policy"]
    facts = {fact["path"]: fact for fact in policy["facts"]}
    assert facts["request.ground"]["kind"] == "CHOICE"
    assert facts["request.ground"]["options"][0] == {
        "value": "unreachable",
        "label": "client cannot be reached",
    }
    assert facts["lead.price_paid"]["source"] == "RECORD"
    assert facts["request.contact_attempts"]["many"] == "LIST"
    assert [f["path"] for f in facts["request.contact_attempts"]["fields"]][:2] == ["type", "at"]
    actions = {action["name"]: action for action in policy["actions"]}
    purchase = actions["purchase"]
    assert purchase["mutation"] == "xpertsourceLeadCreditPurchase"
    assert purchase["founding"] == "OPENS"
    assert purchase["required"] == ["lead.id", "lead.purchased_at", "lead.price_paid"]
    assert purchase["actors"] == [{"role": "PLATFORM", "label": "the marketplace’s systems"}]
    parameters = {parameter["name"]: parameter for parameter in policy["parameters"]}
    assert parameters["min_calls"]["value"] == 4
    assert (parameters["min_calls"]["low"], parameters["min_calls"]["high"]) == ("0", "20")
    conditions = [row["condition"] for table in policy["tables"] for row in table["rows"]]
    assert "calls to the client ≥ calls required (4)" in str(conditions)
    again = await professional(
        "query ($id: ID!) { node(id: $id) { ... on Policy { key } } }", id=policy["id"]
    )
    assert again == {"node": {"key": "xpertsource.lead_credit"}}


async def test_the_edition_of_a_day(service: Service, theirs: Tenant, operator: Asking) -> None:
    """A policy of a day has the values in force that day, and other values are another edition."""
    await service.stores.parameters.set(
        ParameterValues(
            tenant=theirs.id,
            policy="xpertsource.lead_credit",
            effective_from=date(2025, 4, 1),
            values={"min_calls": 6},
            set_by="operator",
            at=datetime(2025, 3, 1, tzinfo=UTC),
        )
    )
    query = """query ($on: Date) { policy(key: "xpertsource.lead_credit", on: $on) {
        edition { hash effectiveFrom } parameters { name value default }
    } }"""
    hashes = []
    for on, calls in ((None, 4), ("2025-03-31", 4), ("2025-04-01", 6)):
        policy = (await operator(query, on=on))["policy"]
        found = {p["name"]: (p["value"], p["default"]) for p in policy["parameters"]}
        assert found["min_calls"] == (calls, 4)
        hashes.append(policy["edition"]["hash"])
    assert hashes[0] == hashes[1] != hashes[2]


async def test_who_asks_and_for_whom(professional: Asking, operator: Asking) -> None:
    """Callers are told who they are, whose tenant it is, and only the plugins enabled there."""
    data = await professional(
        """{ viewer { id name role roleLabel party locale }
             tenant { id name language timeZone currency kind clock now plugins }
             plugins { name distribution version policies { key } } policies { key } }"""
    )
    assert data["viewer"] == {
        "id": "professional:P-1",
        "name": "The professional",
        "role": "PROFESSIONAL",
        "roleLabel": "professional",
        "party": "professional:P-1",
        "locale": "en-CA",
    }
    assert data["tenant"]["plugins"] == ["xpertsource"]
    assert data["tenant"]["kind"] == "TEST"
    assert data["tenant"]["now"] == data["tenant"]["clock"] == "2025-03-03T17:00:00+00:00"
    assert data["plugins"] == [
        {
            "name": "xpertsource",
            "distribution": "avoir-xpertsource",
            "version": "0.3.0",
            "policies": [{"key": "xpertsource.lead_credit"}],
        }
    ]
    assert data["policies"] == [{"key": "xpertsource.lead_credit"}]


async def test_the_callers_mistakes_have_codes(professional: Asking) -> None:
    """Each mistake of a caller is answered with a code, never with a guess."""
    evaluate = """query ($policy: String!, $action: String!, $case: ID, $facts: JSON!) {
      evaluateFacts(policy: $policy, action: $action, facts: $facts, case: $case) { outcome }
    }"""
    asked: dict[str, Any] = {
        "policy": "xpertsource.lead_credit",
        "action": "request_credit",
        "facts": {},
    }
    for changed, code in (
        ({"policy": "nobody.nothing"}, "PLUGIN_DISABLED"),
        ({"policy": "kinds.every_kind"}, "PLUGIN_DISABLED"),
        ({"action": "explode"}, "BAD_REQUEST"),
        ({"facts": [1]}, "BAD_REQUEST"),
        ({"case": "no id"}, "BAD_ID"),
    ):
        assert await professional.code(evaluate, **{**asked, **changed}) == code
    assert await professional.code("{ account { id } }") == "BAD_REQUEST"
    assert await professional.code('{ account(name: "a", id: "b") { id } }') == "BAD_REQUEST"
    for locale in ("??", "x" * 500, "fr_", "\u0661"):
        result = await professional.result(
            """query ($l: String) { evaluate(input: {xpertsourceLeadCreditPurchase: {lead: {
                id: "L", purchasedAt: "2025-03-03T10:00:00Z",
                pricePaid: {amount: "1", unit: "CAD"}}}}) { amount { formatted(locale: $l) } } }""",
            l=locale,
        )
        assert result.errors is not None
        assert (result.errors[0].extensions or {})["code"] == "BAD_REQUEST"


async def test_amounts_are_formatted_for_a_locale(professional: Asking) -> None:
    """An amount is formatted as the locale asked for has it, and else as the reader's has it."""
    data = await professional(
        """{ evaluate(input: {xpertsourceLeadCreditPurchase: {lead: {
            id: "L", purchasedAt: "2025-03-03T10:00:00Z",
            pricePaid: {amount: "1234.50", unit: "CAD"}}}}) { amount {
              amount unit formatted fr: formatted(locale: "fr-CA") ru: formatted(locale: "ru")
              de: formatted(locale: "de_DE") } } }"""
    )
    assert data["evaluate"]["amount"] == {
        "amount": "1234.50",
        "unit": "CAD",
        "formatted": "$1,234.50",
        "fr": "1\xa0234,50\xa0$",
        "ru": "1\xa0234,50\xa0CA$",
        "de": "1.234,50\xa0CA$",
    }


async def test_a_policy_is_no_ones_who_has_not_enabled_it(ask: Ask) -> None:
    """A policy whose plugin a tenant has not enabled does not exist for it."""
    who = ask(Role.AUDITOR)
    assert (await who('{ policy(key: "kinds.every_kind") { key } }')) == {"policy": None}
    assert (await who('{ policy(key: "\\u0000") { key } }')) == {"policy": None}
