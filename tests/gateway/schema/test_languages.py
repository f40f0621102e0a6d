"""Three languages: every text of an answer is the reader's, whatever the record was made in."""

from __future__ import annotations

from typing import Any

import pytest

from avoir.lifecycles import Role
from avoir_gateway.store import StoreUnavailable
from tests.gateway.schema.conftest import Ask, Asking, lead, purchase

TAGS = ("en_CA", "fr_CA", "ru")


def texts(value: object) -> list[str]:
    """All texts in an answer."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


async def in_each(
    ask: Ask, role: Role, party: str | None, query: str, **variables: Any
) -> list[Any]:
    return [await ask(role, party, tag=tag)(query, **variables) for tag in TAGS]


def are_three(answers: list[Any]) -> None:
    """No text of an answer is the same in two languages."""
    first, *others = (texts(answer) for answer in answers)
    assert first
    assert all(len(other) == len(first) for other in others)
    for said in zip(first, *others, strict=True):
        assert len(set(said)) == len(TAGS), said


async def test_decisions(platform: Asking, professional: Asking, ask: Ask) -> None:
    """Every text of a decision, of its case and of the history is in the reader's language."""
    bought = await purchase(platform)
    await professional.act(
        "xpertsourceLeadCreditRequestCredit",
        idempotencyKey="early",
        case=bought["case"]["id"],
        request={"channel": "PORTAL_FORM", "ground": "UNREACHABLE"},
    )
    answers = await in_each(
        ask,
        Role.PROFESSIONAL,
        "professional:P-1",
        """query ($id: ID!) { case(id: $id) {
             stateLabel deadlines { label }
             decision { label stateLabel clauses { text } remedies { message } notices { message }
                        findings { label message } }
             history { actor { roleLabel } decision { label } notices { message } }
        } }""",
        id=bought["case"]["id"],
    )
    are_three(answers)


async def test_policies(ask: Ask) -> None:
    """Every text of a policy is in the reader's language."""
    answers = await in_each(
        ask,
        Role.AUDITOR,
        None,
        """{ policy(key: "xpertsource.lead_credit") {
             title summary clauses { text } actions { label } states { label } accounts { label }
             facts { sourceLabel } reports { label }
        } viewer { roleLabel } }""",
    )
    are_three(answers)


async def test_money_and_readings(ask: Ask) -> None:
    """Amounts of money and labels of decisions are in the reader's language."""
    answers = await in_each(
        ask,
        Role.PLATFORM,
        None,
        """{ evaluate(input: {xpertsourceLeadCreditPurchase: {lead: {
              id: "L", purchasedAt: "2025-03-03T10:00:00Z",
              pricePaid: {amount: "1234.50", unit: "CAD"}}}}) { amount { formatted } label } }""",
    )
    are_three(answers)


async def test_errors_as_data_and_errors(platform: Asking, ask: Ask) -> None:
    """Errors speak the reader's language, be they part of the answer or in place of it."""
    await purchase(platform)
    answers = []
    for tag in TAGS:
        who = ask(Role.PLATFORM, tag=tag)
        taken = await who.act(
            "xpertsourceLeadCreditPurchase",
            idempotencyKey=f"again-{tag}",
            professional="P-2",
            lead=lead(),
        )
        impossible = await who.act(
            "xpertsourceLeadCreditPurchase",
            idempotencyKey=f"wrong-{tag}",
            professional="P-2",
            lead={**lead("L-2"), "pricePaid": {"amount": "0.00", "unit": "CAD"}},
        )
        wrong_id = await who.result('{ node(id: "??") { id } }')
        assert wrong_id.errors is not None
        answers.append(
            [
                [error["message"] for error in taken["userErrors"]],
                [error["message"] for error in impossible["userErrors"]],
                [error.message for error in wrong_id.errors],
            ]
        )
    are_three(answers)
    assert answers[0][0] == ["This was recorded before."]


@pytest.mark.parametrize("tag", TAGS)
async def test_a_query_that_is_wrong_has_a_code_and_a_detail(ask: Ask, tag: str) -> None:
    """A wrong query gets one code in every language, and a detail that names what is wrong."""
    result = await ask(Role.AUDITOR, tag=tag).result(
        """{ evaluateFacts(policy: "xpertsource.lead_credit", action: "explode", facts: {})
             { outcome } }"""
    )
    assert result.errors is not None
    extensions = result.errors[0].extensions or {}
    assert extensions["code"] == "BAD_REQUEST"
    assert "explode" in extensions["detail"]


async def test_a_store_that_does_not_answer_is_no_fault_of_ours(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that does not answer is reported as unavailable."""
    who = ask(Role.AUDITOR)

    async def silent(*_: object) -> None:
        raise StoreUnavailable("listing cases", "no answer")

    monkeypatch.setattr(who.service, "cases", silent)
    assert await who.code("{ cases { edges { cursor } } }") == "UNAVAILABLE"


async def test_a_case_that_is_gone_meanwhile(
    platform: Asking, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that was listed but is gone when it is read is a coded error."""
    await purchase(platform)
    who = ask(Role.AUDITOR)

    async def gone(*_: object) -> None:
        return None

    monkeypatch.setattr(who.service, "case", gone)
    assert await who.code("{ cases { edges { node { state } } } }") == "NOT_FOUND"


async def test_a_fault_of_ours_is_left_to_the_door(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own gets no code here: it is left to the door as it was raised."""
    who = ask(Role.AUDITOR)

    async def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(who.service, "cases", broken)
    result = await who.result("{ cases { edges { cursor } } }")
    assert result.errors is not None
    assert isinstance(result.errors[0].original_error, RuntimeError)
    assert "code" not in (result.errors[0].extensions or {})
