"""Trials over GraphQL and below it: what they find, where they stop, and that they give way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from avoir.lifecycles import Role
from avoir_gateway.access import Principal
from avoir_gateway.administration.parameters import Question, try_values
from avoir_gateway.administration.trials import Bounds, Trial
from avoir_gateway.service import Service
from tests.gateway.parameters.conftest import Enrol, done, tried
from tests.gateway.schema.conftest import Asking, purchase, set_clock

POLICY = "xpertsource.lead_credit"
CALLS = [
    {"type": "CALL", "at": f"2025-03-04T{hour}:00:00-05:00", "voicemailLeft": True}
    for hour in ("09", "11", "13", "15")
]
MAILS = [
    {"type": "EMAIL", "at": f"2025-03-05T{hour}:00:00-05:00", "proofAttached": True}
    for hour in ("09", "11")
]
TRIED = [{**one, "answered": False} for one in (*CALLS, *MAILS)]


async def asked(operator: Asking, platform: Asking, professional: Asking, *leads: str) -> None:
    """Leads that were bought at noon of 3 March, and a credit asked for each ten days later."""
    bought = {lead: await purchase(platform, lead) for lead in leads}
    await set_clock(operator, "2025-03-13T12:00:00-04:00")
    for lead, payload in bought.items():
        request = {"channel": "PORTAL_FORM", "ground": "UNREACHABLE", "contactAttempts": TRIED}
        answer = await professional.act(
            "xpertsourceLeadCreditRequestCredit",
            idempotencyKey=f"request-{lead}",
            case=payload["case"]["id"],
            request=request,
        )
        assert answer["userErrors"] == []


async def confirmed(manager: Asking) -> None:
    """The account manager confirms that nobody could be reached."""
    data = await manager("{ cases(first: 50) { edges { node { id } } } }")
    for number, edge in enumerate(data["cases"]["edges"]):
        answer = await manager.act(
            "xpertsourceLeadCreditConfirmContact",
            idempotencyKey=f"confirm-{number}",
            case=edge["node"]["id"],
            evidence={"accountManagerConfirmsUnreachable": True},
        )
        assert answer["userErrors"] == []


@pytest.fixture
async def manager(ask: Enrol) -> Asking:
    """An account manager."""
    made: Asking = ask(Role.MANAGER)
    return made


@pytest.fixture
async def three(
    operator: Asking, platform: Asking, professional: Asking, manager: Asking
) -> Asking:
    """An operator whose tenant has three cases in which a credit of 120.00 is recommended."""
    await asked(operator, platform, professional, "L-1", "L-2", "L-3")
    await confirmed(manager)
    return operator


async def test_a_trial_counts_cases_and_money(three: Asking) -> None:
    """Cases that would have gone another way are counted by the clause that decided and the one
    that would, with the money that would have moved; and none is changed."""
    found = await tried(three, values={"min_calls": 5})
    assert (found["cases"], found["lookedAt"], found["complete"]) == (3, 3, True)
    assert (found["otherwise"], found["unkept"], found["unrepeated"]) == (3, 0, 0)
    assert found["differences"]["parameters"] == [{"message": "Calls required: 4 → 5"}]
    (shift,) = found["shifts"]
    assert shift["count"] == 3
    assert shift["before"]["state"] == "under_examination"
    assert shift["after"] == {
        "outcome": "REFUSED",
        "clause": "XS-CONTACT-CALLS",
        "state": "refused_incomplete_steps",
    }
    assert {example["action"] for example in found["examples"]} == {"request_credit"}
    again = await tried(three, values={"min_calls": 5})
    assert again == found


async def test_money_that_would_have_moved(three: Asking) -> None:
    """Where a credit would be granted without its confirmation, its money is told by the unit."""
    found = await tried(three, values={"manager_confirmation_required": False})
    (money,) = found["money"]
    assert money["before"] == {"amount": "0.00", "unit": "CAD"}
    assert money["after"] == {"amount": "360.00"}
    assert money["change"] == {"amount": "360.00", "formatted": "$360.00"}
    assert found["shifts"][0]["after"]["outcome"] == "APPROVED"
    assert found["examples"][0]["movedAfter"] == {"amount": "120.00"}


async def test_the_values_in_force_find_nothing(three: Asking) -> None:
    """A patch that changes nothing finds nothing."""
    for values in ({}, {"min_calls": 4}, {"min_calls": None}):
        found = await tried(three, values=values)
        assert (found["lookedAt"], found["otherwise"], found["shifts"]) == (3, 0, [])
        assert found["money"] == []


async def test_a_trial_is_laid_over_the_values_of_a_day(three: Asking) -> None:
    """What was set for a later day is what is changed, where that day is named."""
    await done(three, start="2025-04-01", values={"min_emails": 3})
    assert (await tried(three, values={}))["otherwise"] == 0
    later = await tried(three, values={}, on="2025-04-02")
    assert later["otherwise"] == 3
    assert later["shifts"][0]["after"]["clause"] == "XS-CONTACT-EMAILS"


async def test_only_the_last_days_are_looked_at(three: Asking) -> None:
    """A case that was opened before those days is left alone."""
    assert (await tried(three, values={"min_calls": 5}, days=9))["cases"] == 0
    assert (await tried(three, values={"min_calls": 5}, days=10))["cases"] == 3
    for days in (0, -1, 100_000):
        (error,) = (await tried(three, values={}, days=days))["userErrors"]
        assert (error["code"], error["path"]) == ("BAD_REQUEST", ["days"])


async def test_bad_values_are_told_apart(three: Asking) -> None:
    """Values that cannot be are named as when they are set, and nothing is tried."""
    found = await tried(three, values={"min_calls": 50, "nope": 1})
    assert sorted(error["path"][1] for error in found["userErrors"]) == ["min_calls", "nope"]
    assert (found["cases"], found["complete"], found["differences"]) == (0, False, None)
    assert (await tried(three, values=5))["userErrors"][0]["path"] == ["values"]


async def test_who_may_try(ask: Enrol, three: Asking) -> None:
    """A trial shows the money of every party: it is for those who look after the business."""
    query = f'{{ parametersTrial(policy: "{POLICY}", values: {{}}) {{ otherwise }} }}'
    for role in Role:
        party = f"{role.value}:P-1" if role in _PARTIES else None
        who = ask(role, party)
        if role in (Role.OPERATOR, Role.AUDITOR, Role.REVIEWER, Role.MANAGER):
            assert (await who(query))["parametersTrial"] == {"otherwise": 0}
        else:
            assert await who.code(query) == "FORBIDDEN", role
    disabled = '{ parametersTrial(policy: "kinds.kinds", values: {}) { otherwise } }'
    assert await three.code(disabled) == "PLUGIN_DISABLED"


_PARTIES = {Role.PROFESSIONAL, Role.PRESCRIBER, Role.PARTNER, Role.CLIENT}


async def bounded(who: Asking, bounds: Bounds | None) -> Trial:
    """A trial of one call more, below the door."""
    service: Service = who.service
    known = await service.stores.tenants.get(who.tenant.id)
    assert known is not None
    actor = Principal(known.id, "operator", Role.OPERATOR, "The operator", None, "token")
    question = Question(policy=POLICY, values={"min_calls": 5})
    found = await try_values(service, actor, known, question, bounds=bounds)
    assert isinstance(found, Trial)
    return found


async def test_a_trial_stops_in_time(three: Asking) -> None:
    """Within its bounds a trial looks at the latest cases, and says how far it came."""
    whole = await bounded(three, None)
    assert whole.is_complete
    some = await bounded(three, Bounds(cases=2, seconds=60))
    assert (some.of, some.looked, some.otherwise, some.is_complete) == (3, 2, 2, False)
    assert some.cases == whole.cases[:2]
    none = await bounded(three, Bounds(cases=2, seconds=0))
    assert (none.of, none.looked, none.reached, none.is_complete) == (3, 0, None, False)


async def test_a_trial_gives_way(three: Asking) -> None:
    """Others get their turn after every case."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    trial = await bounded(three, None)
    beside.cancel()
    assert turns >= 2 * trial.looked


async def test_nothing_is_written(three: Asking) -> None:
    """A trial leaves the journal, the accounts and the parameters as they were."""

    async def written() -> tuple[Any, ...]:
        stores = three.service.stores
        return (
            [
                one
                async for batch in stores.journal.every()
                for one in batch
                if one.tenant == theirs
            ],
            await stores.parameters.listing(theirs, POLICY),
            await stores.administration.listing(theirs),
        )

    theirs = three.tenant.id
    before = await written()
    await tried(three, values={"auto_approve": True, "min_calls": 0})
    assert await written() == before
