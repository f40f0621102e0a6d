"""The queue: what waits for a person, since when, due when, with what is recommended."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pytest

from avoir.lifecycles import PARTIES, Role
from avoir_gateway.schema import Schema
from avoir_gateway.service import Service
from avoir_gateway.store import BY_WAITING
from avoir_gateway.store.reviews import queue as waiting
from tests.gateway.reviews.desk import (
    CONXPROS,
    CRONOSHARE,
    PARTNER,
    POLICIES,
    PRESCRIBER,
    XPERTSOURCE,
    Desk,
    case_of,
    contact,
    opened,
    outcome,
)

QUEUE: Final = """
query ($filter: ReviewFilter, $first: Int = 100, $after: String) {
  reviews(filter: $filter, first: $first, after: $after) {
    edges { cursor node {
      case { id } policy party revision since waitsFor waitsForLabel actions
      due { kind label date clause }
      claimedBy { id name at }
      recommendation {
        outcome label takesEffect findings { clause { id } status }
        postings { kind amount { amount } }
      }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def queue(desk: Desk, who: str = "R-1", **asked: Any) -> list[dict[str, Any]]:
    """What the queue shows to somebody."""
    data = await desk.ask(who, QUEUE, **asked)
    return [edge["node"] for edge in data["reviews"]["edges"]]


async def test_what_waits_in_each_policy(desk: Desk) -> None:
    """A case of each policy that was left to a person waits for a reviewer, since it was, with
    the decision that was left, and until when its terms have it."""
    for number, policy in enumerate(POLICIES):
        await desk.waits(policy, number)
        await desk.wait(hours=1)
    found = {row["policy"]: row for row in await queue(desk)}
    assert list(found) == list(POLICIES)
    for policy, row in found.items():
        assert (row["waitsFor"], row["waitsForLabel"]) == ("REVIEWER", "reviewer")
        assert row["actions"] == ["rule"]
        assert row["claimedBy"] is None
        expected = "APPROVED" if policy == XPERTSOURCE else "MANUAL_REVIEW"
        assert row["recommendation"]["outcome"] == expected
        assert row["recommendation"]["findings"]
    assert found[XPERTSOURCE]["since"] == "2025-03-03T17:00:00+00:00"
    assert found[CONXPROS]["since"] == "2025-03-03T18:00:00+00:00"
    assert found[XPERTSOURCE]["recommendation"]["takesEffect"] == "ON_RULING"
    assert found[XPERTSOURCE]["recommendation"]["postings"] == [
        {"kind": "lead_credit", "amount": {"amount": "120.00"}}
    ]
    assert found[XPERTSOURCE]["due"] == {
        "kind": "answer_due",
        "label": "answer due",
        "date": "2025-03-10",
        "clause": "XS-RESPONSE-5BD",
    }
    assert found[CONXPROS]["due"]["kind"] == "decision_target"
    assert [found[key]["due"] for key in (CRONOSHARE, PRESCRIBER, PARTNER)] == [None] * 3


async def test_what_is_settled_waits_no_more(desk: Desk) -> None:
    """A case leaves the queue with its ruling; what was tried in vain leaves it where it was."""
    for number, policy in enumerate(POLICIES):
        case = await desk.waits(policy, number)
        await desk.wait(minutes=1)
        if policy == XPERTSOURCE:
            in_vain = await desk.rule("R-1", policy, case, reason=" ")
            assert outcome(in_vain) == "blocked"
        if policy == CRONOSHARE:
            assert outcome(await desk.rule("R-1", policy, case, reason="")) == "blocked"
        (row,) = await queue(desk)
        assert row["since"] < desk.now()
        assert outcome(await desk.rule("R-1", policy, case)) == "approved"
        assert await queue(desk) == []


async def test_what_is_noted_meanwhile_changes_nothing(desk: Desk) -> None:
    """A case waits since it was first left to a person, whatever is noted or decided again."""
    case = await desk.waits(XPERTSOURCE)
    await desk.wait(days=1)
    await desk.act("platform", XPERTSOURCE, "record_conversion", case=case)
    facts = {"evidence": {"integrity_flag": "Signed twice."}}
    await desk.act("manager", XPERTSOURCE, "confirm_contact", facts, case=case)
    (row,) = await queue(desk)
    assert row["since"] == "2025-03-03T17:00:00+00:00"
    assert row["recommendation"]["outcome"] == "MANUAL_REVIEW"
    assert row["revision"] == 4


async def test_who_else_is_waited_for(desk: Desk) -> None:
    """A review waits for an account manager, and a contradicted credit for a reviewer."""
    case = await desk.waits(CONXPROS)
    assert outcome(await desk.rule("R-1", CONXPROS, case)) == "approved"
    assert await queue(desk) == []
    facts = {"event": {"source": "homeowner"}}
    contradicted = await desk.act("R-1", CONXPROS, "contradicting_information", facts, case=case)
    assert outcome(contradicted) == "manual_review"
    (row,) = await queue(desk)
    assert (row["waitsFor"], row["actions"]) == ("REVIEWER", ["reversal_decided"])
    basis = {"event": {"source": "homeowner", "basis": "contradicting_information"}}
    assert outcome(await desk.act("R-1", CONXPROS, "reversal_decided", basis, case=case)) == (
        "reversed"
    )
    assert await queue(desk) == []
    via = {"event": {"via": "account_manager"}}
    await desk.act("professional:P-1", CONXPROS, "review_requested", via, case=case)
    (row,) = await queue(desk, "manager")
    assert (row["waitsFor"], row["waitsForLabel"]) == ("MANAGER", "account manager")
    assert row["actions"] == ["review_decided"]
    result = {"event": {"result": "denied"}}
    await desk.act("manager", CONXPROS, "review_decided", result, case=case)
    assert await queue(desk) == []


async def test_page_by_page(desk: Desk) -> None:
    """The longest waiting comes first, of two at one moment by their ids; a cursor goes on behind
    its case, though that has left the queue meanwhile."""
    cases = [await desk.waits(CRONOSHARE, number) for number in range(5)]
    await desk.wait(minutes=1)
    cases += [await desk.waits(CRONOSHARE, number) for number in (5, 6)]
    seen: list[str] = []
    after: str | None = None
    while True:
        data = await desk.ask("R-1", QUEUE, first=2, after=after)
        page = data["reviews"]
        seen += [edge["node"]["case"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if len(seen) == 2:
            await desk.rule("R-1", CRONOSHARE, cases[1])
        if not page["pageInfo"]["hasNextPage"]:
            break
    whole = {row["case"]["id"] for row in await queue(desk)}
    assert len(seen) == len(set(seen)) == 7
    assert whole < set(seen)
    assert await desk.code("R-1", QUEUE, after="nonsense") == "BAD_CURSOR"
    assert await desk.code("R-1", QUEUE, first=101) == "BAD_REQUEST"


async def test_of_one_policy(desk: Desk) -> None:
    """The queue of one policy has its cases and no others; that of an unknown one is empty."""
    await desk.waits(XPERTSOURCE)
    await desk.waits(CRONOSHARE)
    for policy in (XPERTSOURCE, CRONOSHARE):
        (row,) = await queue(desk, filter={"policy": policy})
        assert row["policy"] == policy
    for unknown in (PARTNER, "nobody.knows", "$where", ""):
        assert await queue(desk, filter={"policy": unknown}) == []


async def test_what_is_disabled_does_not_wait(service: Service, whole: Schema, desk: Desk) -> None:
    """What a plugin that is no longer enabled left behind is nobody's to settle."""
    await desk.waits(CRONOSHARE)
    desk.tenant = msgspec.structs.replace(desk.tenant, plugins=("conxpros",))
    await service.stores.tenants.replace(desk.tenant)
    assert await queue(desk) == []


@pytest.mark.parametrize("role", list(Role))
async def test_who_sees_the_queue(desk: Desk, role: Role) -> None:
    """Reviewers, account managers, operators and auditors read the queue; a party never does."""
    case = await desk.waits(CRONOSHARE)
    who = f"{role.value}:P-1" if role in PARTIES else role.value
    one = "query ($case: ID!) { review(case: $case) { policy } }"
    node = (await queue(desk))[0]["case"]["id"]
    if role in (Role.REVIEWER, Role.MANAGER, Role.OPERATOR, Role.AUDITOR):
        assert len(await queue(desk, who)) == 1
        assert (await desk.ask(who, one, case=node))["review"] == {"policy": CRONOSHARE}
    else:
        assert await desk.code(who, QUEUE) == "FORBIDDEN"
        assert await desk.code(who, one, case=node) == "FORBIDDEN"
    assert case


async def test_tenants_see_their_own(service: Service, whole: Schema, desk: Desk) -> None:
    """Nothing of another tenant is in one's queue, and his case is answered as one that is not."""
    await desk.waits(CRONOSHARE)
    other = await opened(service, whole)
    theirs = (await queue(desk))[0]["case"]["id"]
    assert await queue(other) == []
    one = "query ($case: ID!) { review(case: $case) { policy } }"
    nothing = await contact_id(desk, "cronoshare.contact:O-404:professional:P-1")
    for case in (theirs, nothing):
        assert (await other.ask("R-1", one, case=case))["review"] is None


async def contact_id(desk: Desk, key: str) -> str:
    """The id of a node that names a case."""
    from avoir_gateway.schema.ids import NodeKind, node_id

    return str(node_id(NodeKind.CASE, key))


async def test_the_queue_in_other_languages(desk: Desk) -> None:
    """What waits is told in the reader's language: the role, the deadline, what is recommended."""
    await desk.waits(XPERTSOURCE)
    for tag, role, due in (
        ("fr_CA", "responsable de la décision", "réponse attendue"),
        ("ru_RU", "ответственный сотрудник", None),
    ):
        data = await desk.ask("R-1", QUEUE, tag)
        (row,) = [edge["node"] for edge in data["reviews"]["edges"]]
        assert row["waitsForLabel"] == role
        assert row["due"]["label"] != "answer due"
        assert due is None or row["due"]["label"]
        assert row["recommendation"]["label"] != "approved"


async def test_a_case_comes_back(desk: Desk) -> None:
    """What is refused and asked for again waits anew, since it was asked for again."""
    case = await desk.waits(CRONOSHARE)
    assert outcome(await desk.rule("R-1", CRONOSHARE, case, "refuse")) == "refused"
    assert await queue(desk) == []
    await desk.wait(days=2)
    facts = {"event": {"ground": "not_chosen_unconfirmed"}}
    again = await desk.act("professional:P-1", CRONOSHARE, "refund", facts, case=case)
    assert case_of(again) == case
    (row,) = await queue(desk)
    assert row["since"] == "2025-03-05T17:00:00+00:00"


async def test_a_page_of_the_queue_walks_itself_only(desk: Desk) -> None:
    """A page is read from the index of what waits, in its order: no sort, and no case that does
    not wait, or waits elsewhere in the queue, is looked at."""
    for number in range(6):
        await desk.waits(CRONOSHARE, number)
        await desk.waits(XPERTSOURCE, number)
        await desk.wait(minutes=1)
        await contact(desk, 100 + number)
    rows = await queue(desk)
    assert len(rows) == 12
    database = desk.service.stores.projections._database
    explained: Any = await database.command(
        {
            "explain": {
                "find": "cases",
                "filter": waiting(desk.tenant.id, POLICIES, None),
                "sort": {"waiting.since": 1, "case": 1},
                "limit": 3,
                "hint": BY_WAITING,
            },
            "verbosity": "executionStats",
        }
    )
    plan = str(explained["queryPlanner"]["winningPlan"])
    assert "SORT_MERGE" in plan
    assert "'SORT'" not in plan
    stats = explained["executionStats"]
    assert stats["totalDocsExamined"] <= 3
    assert stats["totalKeysExamined"] <= 3 + len(POLICIES) + 1
