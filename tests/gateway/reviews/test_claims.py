"""Claims: one has a case, the others are told who; until it moves on or is released."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from avoir.lifecycles import PARTIES, Role
from avoir_gateway.schema import Schema
from avoir_gateway.schema.ids import NodeKind, node_id
from avoir_gateway.service import Service
from tests.gateway.reviews.desk import (
    CONXPROS,
    CRONOSHARE,
    POLICIES,
    XPERTSOURCE,
    Desk,
    opened,
    outcome,
)

CLAIM: Final = """
mutation ($i: ReviewClaimInput!) { reviewClaim(input: $i) {
  review { revision claimedBy { id name at } } replayed userErrors { code message path }
} }
"""
RELEASE: Final = """
mutation ($i: ReviewReleaseInput!) { reviewRelease(input: $i) {
  review { claimedBy { id } } replayed userErrors { code message path }
} }
"""
RULE: Final = """
mutation ($i: RuleInput!) { rule(input: $i) {
  record { revision } decision { outcome } userErrors { code message path }
} }
"""
LISTED: Final = """
query ($taken: ReviewTaken, $first: Int = 100, $after: String) {
  reviews(filter: {taken: $taken}, first: $first, after: $after) {
    edges { node { case { id } claimedBy { id } } } pageInfo { hasNextPage endCursor }
  }
}
"""


def node(case: str) -> str:
    """The id of the node of a case."""
    return str(node_id(NodeKind.CASE, case))


async def claim(desk: Desk, who: str, case: str, key: str | None = None, **more: Any) -> Any:
    """What claiming a case answers."""
    asked = {"idempotencyKey": key or f"c-{next(desk.keys)}", "case": node(case), **more}
    return (await desk.ask(who, CLAIM, i=asked))["reviewClaim"]


async def release(desk: Desk, who: str, case: str, key: str | None = None) -> Any:
    """What releasing a case answers."""
    asked = {"idempotencyKey": key or f"r-{next(desk.keys)}", "case": node(case)}
    return (await desk.ask(who, RELEASE, i=asked))["reviewRelease"]


async def rule(desk: Desk, who: str, case: str, decision: str = "approve") -> Any:
    """What ruling on a case answers."""
    asked = {
        "idempotencyKey": f"k-{next(desk.keys)}",
        "case": node(case),
        "decision": decision,
        "reason": "Seen.",
    }
    return (await desk.ask(who, RULE, i=asked))["rule"]


async def listed(desk: Desk, who: str, taken: str | None = None, **page: Any) -> list[str]:
    """The cases of a part of the queue."""
    data = await desk.ask(who, LISTED, taken=taken, **page)
    return [edge["node"]["case"]["id"] for edge in data["reviews"]["edges"]]


def codes(payload: Any) -> list[str]:
    """The codes of what was declined."""
    return [error["code"] for error in payload["userErrors"]]


async def test_a_case_is_taken_and_ruled_on(desk: Desk) -> None:
    """Who has taken a case is seen by all, and he alone rules on it."""
    case = await desk.waits(CRONOSHARE)
    taken = await claim(desk, "R-1", case)
    assert taken["userErrors"] == []
    assert taken["review"] == {
        "revision": 2,
        "claimedBy": {"id": "R-1", "name": "Reviewer R-1", "at": "2025-03-03T17:00:00+00:00"},
    }
    refused = await rule(desk, "R-2", case)
    assert refused["record"] is None
    assert refused["userErrors"] == [
        {
            "code": "CONFLICT",
            "message": "Reviewer R-1 has taken this case for review.",
            "path": ["case"],
        }
    ]
    assert (await desk.record(case)).revision == 2
    assert (await rule(desk, "R-1", case))["decision"] == {"outcome": "APPROVED"}


@pytest.mark.parametrize("policy", POLICIES)
async def test_what_nobody_has_taken_anybody_rules_on(desk: Desk, policy: str) -> None:
    """A claim is no condition; one that was released bars nobody, in any policy."""
    case = await desk.waits(policy)
    await claim(desk, "R-1", case)
    assert codes(await rule(desk, "R-2", case)) == ["CONFLICT"]
    assert (await release(desk, "R-1", case))["userErrors"] == []
    assert (await rule(desk, "R-2", case))["userErrors"] == []


async def test_through_whichever_door(desk: Desk) -> None:
    """A claim bars the others from every action that settles the case, by its own field, by the
    generic one and by the service."""
    case = await desk.waits(CRONOSHARE)
    await claim(desk, "R-1", case)
    facts = {"ruling": {"decision": "approve", "reason": "Seen."}}
    own = """mutation ($i: CronoshareContactRuleInput!) {
      cronoshareContactRule(input: $i) { userErrors { code message } } }"""
    asked = {"idempotencyKey": "own", "case": node(case), "ruling": {"decision": "APPROVE",
             "reason": "Seen."}}  # fmt: skip
    payload = (await desk.ask("R-2", own, "fr_FR", i=asked))["cronoshareContactRule"]
    assert payload["userErrors"] == [
        {"code": "CONFLICT", "message": "Reviewer R-1 a pris ce dossier en examen."}
    ]
    generic = "mutation ($i: ActInput!) { act(input: $i) { userErrors { code } } }"
    any_action = {"policy": CRONOSHARE, "action": "rule", "idempotencyKey": "act", "facts": facts,
                  "case": node(case)}  # fmt: skip
    assert codes((await desk.ask("R-2", generic, i=any_action))["act"]) == ["CONFLICT"]
    assert outcome(await desk.act("R-2", CRONOSHARE, "rule", facts, case=case)) == "CONFLICT"


async def test_a_reversal_is_barred_too(desk: Desk) -> None:
    """Where a credit was contradicted, taking it back is what settles the case."""
    case = await desk.waits(CONXPROS)
    await desk.rule("R-1", CONXPROS, case)
    facts = {"event": {"source": "homeowner"}}
    await desk.act("R-1", CONXPROS, "contradicting_information", facts, case=case)
    assert (await claim(desk, "R-1", case))["userErrors"] == []
    basis = {"event": {"source": "homeowner", "basis": "contradicting_information"}}
    barred = await desk.act("R-2", CONXPROS, "reversal_decided", basis, case=case)
    assert outcome(barred) == "CONFLICT"
    done = await desk.act("R-1", CONXPROS, "reversal_decided", basis, case=case)
    assert outcome(done) == "reversed"


async def test_one_of_many_at_once_has_it(desk: Desk) -> None:
    """Of sixteen who take a case at once exactly one has it; the others are told who."""
    case = await desk.waits(CRONOSHARE)
    names = [f"R-{number}" for number in range(16)]
    answers = await asyncio.gather(*(claim(desk, name, case) for name in names))
    won = [name for name, answer in zip(names, answers, strict=True) if not answer["userErrors"]]
    assert len(won) == 1
    for name, answer in zip(names, answers, strict=True):
        if name != won[0]:
            (error,) = answer["userErrors"]
            assert (error["code"], error["path"]) == ("CONFLICT", ["case"])
            assert error["message"] == f"Reviewer {won[0]} has taken this case for review."
    held = await desk.service.stores.reviews.claim_of(desk.tenant.id, case)
    assert held is not None
    assert held.by.id == won[0]


async def test_claiming_and_ruling_at_once(desk: Desk) -> None:
    """Whoever comes first, a case is ruled on once, and no claim outlives it."""
    for number in range(8):
        case = await desk.waits(CRONOSHARE, number)
        claimed, ruled = await asyncio.gather(claim(desk, "R-1", case), rule(desk, "R-2", case))
        if ruled["userErrors"]:
            assert codes(ruled) == ["CONFLICT"]
            assert claimed["userErrors"] == []
            assert (await rule(desk, "R-1", case))["userErrors"] == []
        assert [r.action for r in await history(desk, case)].count("rule") == 1
    assert await listed(desk, "R-1", "CLAIMED") == []


async def history(desk: Desk, case: str) -> Any:
    """All records of a case."""
    return await desk.service.stores.journal.history(desk.tenant.id, case)


async def test_a_claim_lapses_when_the_case_moves_on(desk: Desk) -> None:
    """Whatever happens to a case ends the claim on it: another may take it then."""
    case = await desk.waits(XPERTSOURCE)
    await claim(desk, "R-1", case)
    assert await listed(desk, "R-1", "MINE") == [node(case)]
    await desk.act("platform", XPERTSOURCE, "record_conversion", case=case)
    assert await listed(desk, "R-1", "MINE") == await listed(desk, "R-2", "CLAIMED") == []
    assert await listed(desk, "R-2", "UNCLAIMED") == [node(case)]
    assert codes(await release(desk, "R-1", case)) == ["CONFLICT"]
    assert (await claim(desk, "R-2", case))["userErrors"] == []
    assert codes(await rule(desk, "R-1", case)) == ["CONFLICT"]


async def test_parts_of_the_queue(desk: Desk) -> None:
    """The queue is told apart by who has taken what, each part page by page in its order."""
    cases = []
    for number in range(6):
        cases.append(node(await desk.waits(CRONOSHARE, number)))
        await desk.wait(minutes=1)
    keys = [f"cronoshare.contact:O-{number}:professional:P-1" for number in range(6)]
    for who, number in (("R-1", 4), ("R-1", 0), ("R-2", 2)):
        assert (await claim(desk, who, keys[number]))["userErrors"] == []
    assert await listed(desk, "R-1") == cases
    assert await listed(desk, "R-1", "MINE") == [cases[0], cases[4]]
    assert await listed(desk, "R-2", "MINE") == [cases[2]]
    assert await listed(desk, "R-3", "MINE") == []
    assert await listed(desk, "operator", "CLAIMED") == [cases[0], cases[2], cases[4]]
    assert await listed(desk, "R-1", "UNCLAIMED") == [cases[1], cases[3], cases[5]]
    for taken, wanted in (("CLAIMED", [0, 2, 4]), ("UNCLAIMED", [1, 3, 5]), ("MINE", [0, 4])):
        seen: list[str] = []
        after, more = None, True
        while more:
            data = await desk.ask("R-1", LISTED, taken=taken, first=1, after=after)
            page = data["reviews"]
            seen += [edge["node"]["case"]["id"] for edge in page["edges"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert seen == [cases[number] for number in wanted]


async def test_operators_release_what_others_have_taken(desk: Desk) -> None:
    """A reviewer releases his own, an operator any; what nobody has taken is nobody's to give."""
    case = await desk.waits(CRONOSHARE)
    assert codes(await release(desk, "R-1", case)) == ["CONFLICT"]
    await claim(desk, "R-1", case)
    (error,) = (await release(desk, "R-2", case))["userErrors"]
    assert error["message"] == "Reviewer R-1 has taken this case for review."
    assert (await release(desk, "operator", case))["review"] == {"claimedBy": None}
    assert (await claim(desk, "R-2", case))["userErrors"] == []


@pytest.mark.parametrize("role", list(Role))
async def test_who_takes_cases(desk: Desk, role: Role) -> None:
    """Reviewers take cases, reviewers and operators release them, and nobody else does either."""
    case = await desk.waits(CRONOSHARE)
    who = f"{role.value}:P-1" if role in PARTIES else role.value
    expected = [] if role is Role.REVIEWER else ["FORBIDDEN"]
    assert codes(await claim(desk, who, case)) == expected
    await claim(desk, "R-1", case)
    released = codes(await release(desk, who, case))
    allowed: dict[Role, list[str]] = {Role.OPERATOR: [], Role.REVIEWER: []}
    assert released == allowed.get(role, ["FORBIDDEN"])


async def test_what_cannot_be_taken(desk: Desk) -> None:
    """What is settled, waits for another role or has moved on is not taken, and it is said why."""
    case = await desk.waits(CONXPROS)
    assert codes(await claim(desk, "R-1", case, expectedRevision=1)) == ["CONFLICT"]
    assert (await claim(desk, "R-1", case, expectedRevision=2))["userErrors"] == []
    await rule(desk, "R-1", case, "refuse")
    (error,) = (await claim(desk, "R-1", case))["userErrors"]
    assert (error["code"], error["message"]) == ("CONFLICT", "This case waits for nobody.")
    via = {"event": {"via": "account_manager"}}
    await desk.act("professional:P-1", CONXPROS, "review_requested", via, case=case)
    (error,) = (await claim(desk, "R-1", case))["userErrors"]
    assert error["code"] == "FORBIDDEN"
    assert error["message"] == "This case waits for another role: account manager."


async def test_another_tenants_case_is_no_case(service: Service, whole: Schema, desk: Desk) -> None:
    """Another tenant's case gets the very answer of one that does not exist."""
    case = await desk.waits(CRONOSHARE)
    await claim(desk, "R-1", case)
    other = await opened(service, whole)
    for ask in (claim, release):
        theirs = await ask(other, "R-1", case)
        none = await ask(other, "R-1", f"{case}-404")
        assert theirs == none
        assert codes(theirs) == ["NOT_FOUND"]
    foreign = await desk.result(
        "R-1", CLAIM, i={"idempotencyKey": "x", "case": str(node_id(NodeKind.ACCOUNT, "a:b:c"))}
    )
    assert foreign.errors is None
    assert foreign.data is not None
    assert codes(foreign.data["reviewClaim"]) == ["NOT_FOUND"]
    asked = {"idempotencyKey": "x", "case": "nonsense"}
    assert await desk.code("R-1", CLAIM, i=asked) == "BAD_ID"


async def test_a_key_does_it_once(desk: Desk) -> None:
    """The same order is carried out once, also when the case is another's by then; another order
    under its key is declined."""
    case, further = await desk.waits(CRONOSHARE, 1), await desk.waits(CRONOSHARE, 2)
    first = await claim(desk, "R-1", case, key="once")
    again = await claim(desk, "R-1", case, key="once")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert codes(await claim(desk, "R-1", further, key="once")) == ["IDEMPOTENCY_CONFLICT"]
    await release(desk, "R-1", case)
    await claim(desk, "R-2", case)
    late = await claim(desk, "R-1", case, key="once")
    assert late["userErrors"] == []
    assert late["review"]["claimedBy"]["id"] == "R-2"
    assert (await claim(desk, "R-2", further, key="once"))["userErrors"] == []


async def test_every_claim_is_on_record(desk: Desk) -> None:
    """Who took and released what stands in the trail of the tenant, before and after."""
    case = await desk.waits(CRONOSHARE)
    await claim(desk, "R-1", case)
    await claim(desk, "R-2", case)
    await release(desk, "operator", case)
    records = await desk.service.stores.administration.listing(desk.tenant.id)
    assert [(one.action, one.subject, one.actor.id) for one in records] == [
        ("review.release", f"review:{case}", "operator"),
        ("review.claim", f"review:{case}", "R-1"),
    ]
    released, claimed = records
    assert claimed.before is None
    assert claimed.after == released.before
    assert claimed.after is not None
    assert claimed.after["by"] == {"id": "R-1", "role": "reviewer", "name": "Reviewer R-1"}
    assert released.after is None
    assert claimed.credential == "token"


async def test_lapsed_claims_do_not_pile_up(desk: Desk) -> None:
    """Claims on cases that have moved on are forgotten once somebody looks."""
    cases = [await desk.waits(CRONOSHARE, number) for number in range(3)]
    for case in cases:
        await claim(desk, "R-1", case)
    for case in cases[:2]:
        await rule(desk, "R-1", case)
    reviews = desk.service.stores.reviews
    assert len(await reviews.claims_of(desk.tenant.id, cases)) == 3
    assert await listed(desk, "R-1", "MINE") == [node(cases[2])]
    assert list(await reviews.claims_of(desk.tenant.id, cases)) == [cases[2]]
