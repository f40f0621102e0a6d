"""The audit trail over GraphQL: for auditors and operators, of their own business, page by page."""

from __future__ import annotations

from typing import Any, Final

import pytest
from bson.objectid import ObjectId

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.service import Service
from tests.gateway.audit.orders import order, write
from tests.gateway.schema.conftest import Ask, Asking, purchase, tenant

# pytest takes fixtures from a module that it does not look into for tests
from tests.gateway.schema.conftest import ask as ask
from tests.gateway.schema.conftest import host as host
from tests.gateway.schema.conftest import platform as platform
from tests.gateway.schema.conftest import schema as schema
from tests.gateway.schema.conftest import service as service
from tests.gateway.schema.conftest import theirs as theirs

TRAIL: Final = """
query ($filter: AuditFilter, $first: Int, $after: String) {
  auditTrail(filter: $filter, first: $first, after: $after) {
    edges { cursor node {
      record source at action subject policy case revision credential block before after
      actor { id name role roleLabel } origin { door address }
    } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""
HEAD: Final = "{ auditHead { number hash sealedAt } }"
SEES: Final = (Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR)


async def trail(who: Asking, **asked: Any) -> list[dict[str, Any]]:
    """The entries of a page of the trail."""
    return [edge["node"] for edge in (await who(TRAIL, **asked))["auditTrail"]["edges"]]


@pytest.fixture
async def lead(service: Service, theirs: store.Tenant, platform: Asking) -> str:
    """A lead that was bought, which is sealed, and a plugin that was enabled since; its case."""
    bought = await purchase(platform)
    await service.stores.sealing.catch_up()
    await write(service.stores.administration, order(theirs.id))
    return str(bought["case"]["id"])


@pytest.mark.parametrize("role", SEES)
async def test_who_did_what(
    ask: Ask, service: Service, theirs: store.Tenant, lead: str, role: Role
) -> None:
    """An entry says who did what, when, from where, with which credential, before and after; and
    in which block it stands, once it does."""
    changed, bought = await trail(ask(role))
    assert bought["action"] == "purchase"
    assert (bought["source"], bought["policy"]) == ("JOURNAL", "xpertsource.lead_credit")
    assert (bought["case"], bought["revision"], bought["block"]) == (lead, 1, 1)
    assert bought["at"] == "2025-03-03T17:00:00+00:00"
    assert bought["actor"] == {
        "id": "platform",
        "name": "The platform",
        "role": "PLATFORM",
        "roleLabel": "the marketplace’s systems",
    }
    assert (bought["credential"], bought["origin"]["door"]) == ("token", "graphql")
    assert bought["before"]["balances"] == {"professional:P-1:balance@xpertsource": 0}
    assert bought["after"]["state"] == "waiting_period"
    assert bought["after"]["balances"] == {"professional:P-1:balance@xpertsource": -12000}
    assert (changed["source"], changed["block"], changed["case"]) == ("ADMINISTRATION", None, None)
    assert (changed["action"], changed["subject"]) == ("plugin.enable", "plugin:conxpros")
    assert changed["before"] == {"plugins": ["xpertsource"]}
    await service.stores.sealing.catch_up()
    assert [one["block"] for one in await trail(ask(role))] == [2, 1]
    head = (await ask(role)(HEAD))["auditHead"]
    known = await service.stores.trails.head(theirs.id)
    assert known is not None
    assert (head["number"], head["hash"]) == (2, known.hash)


@pytest.mark.parametrize("role", sorted(set(Role) - set(SEES)))
async def test_who_may_not(ask: Ask, lead: str, role: Role) -> None:
    """Nobody else sees the trail or the head of its chain."""
    who = ask(role, f"{role.value}:P-1")
    assert await who.code(TRAIL) == "FORBIDDEN"
    assert await who.code(HEAD) == "FORBIDDEN"


async def test_the_trail_of_another_business(ask: Ask, service: Service, lead: str) -> None:
    """Another business sees nothing: its trail is empty, the case has none, and a cursor is none
    of its own."""
    elsewhere = Asking(service, ask(Role.AUDITOR).schema, await tenant(service), Role.AUDITOR)
    assert await trail(elsewhere) == []
    assert await trail(elsewhere, filter={"case": lead}) == []
    assert (await elsewhere(HEAD))["auditHead"] is None
    page = (await ask(Role.AUDITOR)(TRAIL))["auditTrail"]
    for edge in page["edges"]:
        assert await elsewhere.code(TRAIL, after=edge["cursor"]) == "BAD_CURSOR"


async def test_page_by_page(ask: Ask, service: Service, platform: Asking, lead: str) -> None:
    """Pages follow one another without gap or repetition, though what they show is sealed
    meanwhile and more is recorded."""
    for number in range(2, 6):
        await purchase(platform, f"L-{number}")
    auditor = ask(Role.AUDITOR)
    everything = [one["record"] for one in await trail(auditor)]
    assert len(everything) == 6
    found: list[str] = []
    after = None
    while True:
        page = (await auditor(TRAIL, first=1, after=after))["auditTrail"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        found += [edge["node"]["record"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        await service.stores.sealing.catch_up()
        await purchase(platform, f"L-{ObjectId()}")
    assert found == everything


async def test_a_part_of_the_trail(ask: Ask, platform: Asking, lead: str) -> None:
    """The trail of a case, of an actor, of an action, of a source and of a span of time."""
    other = (await purchase(platform, "L-2"))["case"]["id"]
    auditor = ask(Role.AUDITOR)

    async def some(**asked: Any) -> list[str]:
        return [one["action"] for one in await trail(auditor, filter=asked)]

    assert [one["case"] for one in await trail(auditor, filter={"case": other})] == [other]
    assert await some(actor="olga") == ["plugin.enable"]
    assert await some(action="purchase") == ["purchase", "purchase"]
    assert await some(source="ADMINISTRATION") == ["plugin.enable"]
    assert await some(source="JOURNAL", actor="olga") == []
    # the clock of the tenant stands in 2025, the order was given in 2026
    assert await some(to="2026-01-01T00:00:00Z") == ["purchase", "purchase"]
    assert await some(**{"from": "2026-01-01T00:00:00Z"}) == ["plugin.enable"]
    assert await some(actor="\0") == await some(action="") == []


async def test_what_is_rare_takes_pages(
    ask: Ask, service: Service, platform: Asking, lead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that looks at as much as it may says where to look on, even if it holds nothing."""
    await service.stores.sealing.catch_up()
    for number in range(2, 5):
        await purchase(platform, f"L-{number}")
        await service.stores.sealing.catch_up()
    monkeypatch.setattr("avoir_gateway.store.trails.FARTHEST", 1)
    auditor = ask(Role.AUDITOR)
    found: list[str] = []
    after, pages = None, 0
    while True:
        asked = {"filter": {"actor": "olga"}, "after": after}
        page = (await auditor(TRAIL, **asked))["auditTrail"]
        found += [edge["node"]["action"] for edge in page["edges"]]
        pages += 1
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == ["plugin.enable"]
    assert pages > 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first": 0}, "BAD_REQUEST"),
        ({"first": 101}, "BAD_REQUEST"),
        ({"after": "x"}, "BAD_CURSOR"),
        ({"filter": {"case": "x"}}, "BAD_ID"),
    ],
)
async def test_what_is_no_question(ask: Ask, asked: dict[str, Any], code: str) -> None:
    """What cannot be asked is refused with its code."""
    assert await ask(Role.AUDITOR).code(TRAIL, **asked) == code


async def test_a_record_that_was_changed_is_still_shown(
    ask: Ask, service: Service, theirs: store.Tenant, lead: str
) -> None:
    """Who takes a record's form away does not take the trail away."""
    journal = service.stores.journal._database["journal"]
    await journal.database.command(
        "update",
        "journal",
        updates=[
            {"q": {"tenant": theirs.id}, "u": {"$set": {"actor": "x", "at": 1, "facts": 0.5}}}
        ],
        bypassDocumentValidation=True,
    )
    _, bought = await trail(ask(Role.AUDITOR))
    assert (bought["actor"]["id"], bought["actor"]["role"]) == ("?", None)
    assert bought["action"] == "purchase"
