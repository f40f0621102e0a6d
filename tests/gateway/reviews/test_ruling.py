"""Rulings: with a reason in any language, by four eyes where a parameter demands it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from avoir.facts import Source
from avoir.kinds import LONGEST_TEXT
from avoir_gateway.service import Acted
from tests.gateway.reviews.desk import (
    CONXPROS,
    CRONOSHARE,
    PARTNER,
    POLICIES,
    PRESCRIBER,
    XPERTSOURCE,
    Desk,
    outcome,
)
from tests.gateway.reviews.test_claims import claim, node
from tests.gateway.reviews.test_queue import queue

REFUSED_IN: Final = {
    XPERTSOURCE: "refused",
    CONXPROS: "denied",
    CRONOSHARE: "manage",
    PRESCRIBER: "not_remunerable",
    PARTNER: "commission_refused",
}


@pytest.mark.parametrize("policy", POLICIES)
async def test_two_who_agree_settle_it(desk: Desk, policy: str) -> None:
    """Under four eyes a first ruling books nothing and the case goes on waiting, since when it
    did; nobody is his own second; another who rules the same settles it, once."""
    await desk.tune(policy, four_eyes="always")
    case = await desk.waits(policy)
    (before,) = await queue(desk)
    await desk.wait(hours=1)
    await claim(desk, "R-1", case)
    for _ in range(2):
        first = await desk.rule("R-1", policy, case)
        assert outcome(first) == "manual_review"
        assert isinstance(first, Acted)
        assert (first.record.postings, first.record.notices) == ((), ())
        assert {entry.amount for entry in first.record.entries} <= {0}
    (row,) = await queue(desk)
    assert row["since"] == before["since"]
    # it moved on: nobody has it any more
    assert row["claimedBy"] is None
    assert row["recommendation"] == before["recommendation"]
    second = await desk.rule("R-2", policy, case)
    assert outcome(second) in ("approved", "partly_approved")
    assert await queue(desk) == []
    assert outcome(await desk.rule("R-3", policy, case)) in ("blocked", "refused", "unchanged")


@pytest.mark.parametrize("policy", POLICIES)
async def test_two_who_differ_do_not(desk: Desk, policy: str) -> None:
    """A second ruling that differs settles nothing; a third agrees with either, or the first comes
    round."""
    await desk.tune(policy, four_eyes="always")
    case = await desk.waits(policy)
    assert outcome(await desk.rule("R-1", policy, case)) == "manual_review"
    assert outcome(await desk.rule("R-2", policy, case, "refuse")) == "manual_review"
    assert len(await queue(desk)) == 1
    done = await desk.rule("R-1", policy, case, "refuse")
    assert outcome(done) == "refused"
    assert (await desk.record(case)).state == REFUSED_IN[policy] or policy == PARTNER
    assert await queue(desk) == []


@pytest.mark.parametrize("policy", POLICIES)
async def test_the_record_keeps_both_apart(desk: Desk, policy: str) -> None:
    """Every ruling stands beside the decision that was left to a person, the first one under four
    eyes and what settles it too; and the reason of each is its own."""
    await desk.tune(policy, four_eyes="always")
    case = await desk.waits(policy)
    left = (await desk.record(case)).decision
    for who, reason in (("R-1", "First."), ("R-2", "Second.")):
        await desk.rule(who, policy, case, "refuse", reason)
        record = await desk.record(case)
        assert record.recommendation == left
        assert record.decision != left
        ruling: Any = record.facts["ruling"]
        assert (ruling["reason"], ruling["by"]) == (reason, who)


@pytest.mark.parametrize("policy", POLICIES)
async def test_off_by_default(desk: Desk, policy: str) -> None:
    """Without the parameter one ruling settles the matter, but a refusal against a commitment."""
    case = await desk.waits(policy)
    first = await desk.rule("R-1", policy, case, "refuse")
    assert outcome(first) == ("manual_review" if policy == XPERTSOURCE else "refused")
    if policy == XPERTSOURCE:
        assert outcome(await desk.rule("R-1", policy, case, "refuse")) == "manual_review"
        assert outcome(await desk.rule("R-2", policy, case, "refuse")) == "refused"


async def test_a_ruling_on_an_earlier_request_is_no_voice(desk: Desk) -> None:
    """Who ruled on a request that was decided anew since has not ruled on this one."""
    await desk.tune(CRONOSHARE, four_eyes="always")
    case = await desk.waits(CRONOSHARE)
    await desk.rule("R-1", CRONOSHARE, case, "refuse")
    facts = {"event": {"ground": "not_chosen_unconfirmed"}}
    await desk.act("professional:P-1", CRONOSHARE, "refund", facts, case=case)
    assert outcome(await desk.rule("R-2", CRONOSHARE, case, "refuse")) == "manual_review"
    assert outcome(await desk.rule("R-1", CRONOSHARE, case, "refuse")) == "refused"


async def test_a_ruling_in_vain_is_no_voice(desk: Desk) -> None:
    """What was not possible, such as a ruling without a reason, counts for nothing."""
    await desk.tune(CRONOSHARE, four_eyes="always")
    case = await desk.waits(CRONOSHARE)
    assert outcome(await desk.rule("R-1", CRONOSHARE, case, reason="")) == "blocked"
    assert outcome(await desk.rule("R-2", CRONOSHARE, case)) == "manual_review"
    assert outcome(await desk.rule("R-1", CRONOSHARE, case)) == "approved"


async def test_a_case_keeps_the_rule_it_was_opened_under(desk: Desk) -> None:
    """Four eyes that are demanded later are those of later cases."""
    case = await desk.waits(CRONOSHARE, 1)
    await desk.tune(CRONOSHARE, four_eyes="always")
    later = await desk.waits(CRONOSHARE, 2)
    assert outcome(await desk.rule("R-1", CRONOSHARE, later)) == "manual_review"
    # it was pinned to the defaults when it was opened
    assert outcome(await desk.rule("R-1", CRONOSHARE, case)) == "approved"


async def test_a_commitment_is_refused_by_two_who_meant_it(desk: Desk) -> None:
    """A ruling that was not possible is no first refusal of a commitment, and neither is one on
    what has been decided anew since."""
    case = await desk.waits(XPERTSOURCE)
    assert outcome(await desk.rule("R-1", XPERTSOURCE, case, "refuse", " ")) == "blocked"
    assert outcome(await desk.rule("R-2", XPERTSOURCE, case, "refuse")) == "manual_review"
    facts = {"evidence": {"account_manager_confirms_unreachable": False}}
    again = await desk.act("manager", XPERTSOURCE, "confirm_contact", facts, case=case)
    assert outcome(again) == "approved"
    assert outcome(await desk.rule("R-1", XPERTSOURCE, case, "refuse")) == "manual_review"
    assert outcome(await desk.rule("R-2", XPERTSOURCE, case, "refuse")) == "refused"


REASONS: Final = (
    "Vu au dossier : le client n’avait rien signé.",
    "Документы проверены; клиент подтвердил отказ.",
    "書類を確認しました。",
    "تم التحقق من الملف",
    "👩🏽‍⚖️ ok",
    '{"$ne": null} $where ../../etc <script>alert(1)</script> {name} %s',
    "\u202eright to left\u202c and \u0000?".replace("\u0000", ""),
    "a\nb\tc",
    "x" * LONGEST_TEXT,
)


@pytest.mark.parametrize("reason", REASONS, ids=range(len(REASONS)))
async def test_a_reason_in_any_language(desk: Desk, reason: str) -> None:
    """A reason is kept as it was given, in any script, and read back by whoever reads the case."""
    case = await desk.waits(CRONOSHARE)
    rule = """mutation ($i: RuleInput!) { rule(input: $i) {
      case { facts } userErrors { code } } }"""
    asked = {"case": node(case), "decision": "refuse", "reason": reason, "idempotencyKey": "k"}
    data = await desk.ask("R-1", rule, i=asked)
    assert data["rule"]["userErrors"] == []
    assert data["rule"]["case"]["facts"]["ruling"]["reason"] == reason
    record = await desk.record(case)
    ruling: Any = record.facts["ruling"]
    assert ruling["reason"] == reason


@pytest.mark.parametrize("reason", ["x" * (LONGEST_TEXT + 1), "\ud800", "a\u0000b"], ids=range(3))
async def test_what_is_no_reason(desk: Desk, reason: str) -> None:
    """A reason that is too long, or no text, is declined; nothing is written."""
    case = await desk.waits(CRONOSHARE)
    rule = "mutation ($i: RuleInput!) { rule(input: $i) { userErrors { code path } } }"
    asked = {"case": node(case), "decision": "refuse", "reason": reason, "idempotencyKey": "k"}
    data = await desk.ask("R-1", rule, i=asked)
    assert data["rule"]["userErrors"] == [{"code": "IMPOSSIBLE_FACT", "path": ["reason"]}]
    assert (await desk.record(case)).action == "refund"


def test_nobody_states_who_ruled_before(desk: Desk) -> None:
    """Earlier rulings are what the records show, in every policy."""
    for policy in POLICIES:
        facts = desk.service.host.policies[policy].facts.by_path
        assert facts["previous_rulings"].source is Source.RECORD
        for action in desk.service.host.policies[policy].lifecycle.actions:
            assert "previous_rulings" not in {fact.path for fact in action.inputs}
