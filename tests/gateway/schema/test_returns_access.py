"""Who sees which returns, and what cannot be asked."""

from __future__ import annotations

from typing import Any

import pytest

from avoir.host import Host
from avoir.lifecycles import PARTIES, Role
from avoir_gateway.errors import Code
from avoir_gateway.schema import Schema, build
from avoir_gateway.service import Service
from tests.gateway.schema.conftest import Ask, Asking, tenant
from tests.gateway.schema.leads import RETURNS, lived, plain


@pytest.fixture
async def year(platform: Asking, professional: Asking, reviewer: Asking) -> dict[str, str]:
    """The leads of a year, by their numbers."""
    return await lived(platform, professional, reviewer)


async def test_who_sees_returns(ask: Ask, year: dict[str, str]) -> None:
    """The staff sees the returns of all parties, a party its own, and others nothing at all."""
    own, others = {"professional:P-1"}, {"professional:P-2"}
    for role in Role:
        party = f"{role.value}:P-1" if role in PARTIES else None
        returns = (await ask(role, party)(RETURNS, byParty=True))["returns"]
        seen = {row["party"] for row in returns["figures"]["rows"]}
        if role in PARTIES:
            assert seen == (own if role is Role.PROFESSIONAL else set()), role
        else:
            assert seen == own | others, role


async def test_what_is_anothers_is_as_empty_as_what_is_not_there(
    service: Service, schema: Schema, ask: Ask, year: dict[str, str]
) -> None:
    """Who asks for another party's returns is answered as for a party that does not exist; so is
    another tenant."""
    professional = ask(Role.PROFESSIONAL, "professional:P-1")
    nobody = ask(Role.PROFESSIONAL)
    other = Asking(service, schema, await tenant(service), Role.AUDITOR)
    empty = await professional(RETURNS, party="professional:P-404")
    assert empty["returns"]["figures"]["rows"] == []
    assert plain(empty["returns"]["figures"]["totals"])["bought"] == 0
    assert await professional(RETURNS, party="professional:P-2") == empty
    assert await professional(RETURNS, party="prescriber:P-1") == empty
    mine = await professional(RETURNS, party="professional:P-1")
    assert mine["returns"]["figures"]["rows"] != []
    assert mine == await professional(RETURNS)
    for who in (nobody, other):
        assert (await who(RETURNS))["returns"]["figures"] == empty["returns"]["figures"]


# -- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2025-04-01", "to": "2025-04-01"},
        {"from": "2025-04-02", "to": "2025-04-01"},
        {"from": "2026-01-01"},
        {"from": "2005-03-03"},
        {"from": "2000-01-01", "to": "2020-01-02"},
        {"to": "1900-12-31"},
        {"to": "0001-05-01"},
        {"from": "0001-01-01"},
        {"from": "9999-12-30", "to": "9999-12-31"},
        {"party": ""},
        {"party": "P-1"},
        {"party": "professional:"},
        {"party": "reviewer:R-1"},
        {"party": "professional:P 1"},
        {"party": "professional:P-1\0"},
        {"party": "professional:\ud800"},
        {"party": f"professional:{'x' * 201}"},
        {"party": "$ne"},
        {"first": 0},
        {"first": -1},
        {"first": 1001},
    ],
    ids=lambda asked: ascii(asked)[:60],
)
async def test_what_cannot_be_asked(ask: Ask, asked: dict[str, Any]) -> None:
    """Days that are no span, a party that is none and a page that is none are coded errors."""
    assert await ask(Role.AUDITOR).code(RETURNS, **asked) == Code.BAD_REQUEST


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("xpertsource.nothing", Code.PLUGIN_DISABLED),
        ("conxpros.lead_credit", Code.PLUGIN_DISABLED),
        ("", Code.PLUGIN_DISABLED),
        ("\ud800", Code.PLUGIN_DISABLED),
        ("cronoshare.contact", Code.BAD_REQUEST),
    ],
    ids=ascii,
)
async def test_policies_without_returns(
    service: Service, host: Host, policy: str, code: Code
) -> None:
    """A policy that is not enabled and one that has no returns are coded errors."""
    schema = build(host, frozenset({"xpertsource", "cronoshare"}))
    theirs = await tenant(service, "xpertsource", "cronoshare")
    who = Asking(service, schema, theirs, Role.AUDITOR)
    assert await who.code(RETURNS, policy=policy) == code


async def test_what_cannot_be_asked_is_said(ask: Ask) -> None:
    """The error names what is wrong, in words that help."""
    result = await ask(Role.AUDITOR).result(RETURNS, **{"from": "2026-01-01", "to": "2025-01-01"})
    assert result.errors is not None
    assert "January 1, 2026" in result.errors[0].message
    assert "20 years" in result.errors[0].message
