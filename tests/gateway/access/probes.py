"""For every permission one request that it takes, and what the answer says of the one who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from avoir.lifecycles import Role
from avoir_gateway.access import Access, Permission
from tests.gateway.access.positions import MOMENT
from tests.gateway.access.strangers import Settled
from tests.gateway.stories.people import ACT, Person, Tree

Answer = httpx.Response
POLICY: Final = "xpertsource.lead_credit"
OWN: Final[Mapping[Role, str]] = {
    Role.PROFESSIONAL: POLICY,
    Role.PRESCRIBER: "referral_broker.prescriber",
    Role.PARTNER: "referral_broker.partner",
}
"""Of which policy the matters are that a party has; a client has none."""
ACTS: Final[Mapping[Role, tuple[str, str]]] = {
    Role.PLATFORM: (POLICY, "top_up"),
    Role.PROFESSIONAL: (POLICY, "request_credit"),
    Role.PRESCRIBER: ("referral_broker.prescriber", "assess_remuneration"),
    Role.PARTNER: ("referral_broker.partner", "present_service"),
    Role.REVIEWER: (POLICY, "rule"),
    Role.MANAGER: (POLICY, "confirm_contact"),
    Role.TEAM: ("referral_broker.partner", "start_team_analysis"),
    Role.OPERATOR: ("cronoshare.contact", "set_advance_limit"),
}
"""An action of each role; the others take none."""


@dataclass(frozen=True)
class Probe:
    """A request that takes a permission, and what its answer says: what the gate said."""

    ask: Callable[[Settled, Person], Answer]
    said: Callable[[Answer], Access]


def by_code(answer: Answer) -> Access:
    """What the gate says by a code: it names no field, as it does where a thing is at fault."""
    told: Tree = answer.json()
    assert told.get("data") or told.get("errors"), answer.text
    errors = [error["extensions"]["code"] for error in told.get("errors", ())]
    for payload in (told.get("data") or {}).values():
        if isinstance(payload, dict):
            errors += [e["code"] for e in payload.get("userErrors", ()) if not e.get("path")]
    assert not {"BAD_REQUEST", "INTERNAL"} & {*errors}, answer.text
    return Access.FORBIDDEN if "FORBIDDEN" in errors else Access.GRANTED


def by_what_is_shown(answer: Answer) -> Access:
    """What the gate says where things that one may not see are not there."""
    told: Tree = answer.json()
    assert "errors" not in told, answer.text
    return Access.GRANTED if _is_something(told["data"]) else Access.FORBIDDEN


def by_success(answer: Answer) -> Access:
    """What the gate says where less than the permission does something else."""
    assert answer.json().get("data"), answer.text
    by_code(answer)
    (payload,) = answer.json()["data"].values()
    return Access.FORBIDDEN if payload["userErrors"] else Access.GRANTED


def _is_something(told: object) -> bool:
    match told:
        case dict():
            return any(_is_something(part) for part in told.values())
        case list():
            return any(_is_something(part) for part in told)
        case _:
            return told is not None


def query(text: str, said: Callable[[Answer], Access] = by_code) -> Probe:
    """A query without variables."""
    return Probe(lambda town, who: who.post(text), said)


def change(
    field: str,
    type_: str,
    asked: Callable[[Settled], Tree],
    said: Callable[[Answer], Access] = by_code,
) -> Probe:
    """A mutation of the configuration."""
    told = f"""mutation ($input: {type_}!) {{
      {field}(input: $input) {{ userErrors {{ code path }} }} }}"""

    def ask(town: Settled, who: Person) -> Answer:
        return who.post(told, input={"idempotencyKey": who.key(), **asked(town)})

    return Probe(ask, said)


def _case(town: Settled, who: Person) -> Answer:
    id = town.cases[OWN.get(who.role, POLICY)]
    return who.post("query ($id: ID!) { case(id: $id) { state } }", id=id)


def _account(town: Settled, who: Person) -> Answer:
    # of a party that has no account its list is empty, as it is of those who see none
    return who.post("{ accounts { edges { node { name } } } }")


def _act(town: Settled, who: Person) -> Answer:
    policy, action = ACTS[who.role]
    asked: Tree = {"policy": policy, "action": action, "facts": {}, "idempotencyKey": who.key()}
    founds = action in {"top_up", "set_advance_limit"}
    asked |= {"party": f"P-{town.mark}"} if founds else {"case": town.cases[policy]}
    return who.post(ACT, input=asked)


def _claimed(town: Settled) -> Tree:
    """The case that waits, taken by somebody else."""
    other = town.town["second-reviewer"]
    asked = {"case": town.waiting, "idempotencyKey": other.key()}
    text = """mutation ($i: ReviewClaimInput!) { reviewClaim(input: $i) { userErrors { code } } }"""
    assert other.ask(text, i=asked)["reviewClaim"]["userErrors"] == []
    return {"case": town.waiting}


def _trial(town: Settled, who: Person) -> Answer:
    text = """query ($values: JSON!) {
      parametersTrial(policy: "xpertsource.lead_credit", values: $values) {
        userErrors { code path } } }"""
    return who.post(text, values={"min_calls": 3})


def _a_token(town: Settled) -> Tree:
    return {"actor": "new", "name": "New", "role": "MANAGER"}


def _values(town: Settled) -> Tree:
    # nothing would change: who may is told so, and who may not is not
    return {"policy": POLICY, "effectiveFrom": MOMENT[:10], "values": {}}


PROBES: Final[Mapping[Permission, Probe]] = {
    Permission.ACT: Probe(_act, by_code),
    Permission.EVALUATE: query(
        f'{{ evaluateFacts(policy: "{POLICY}", action: "rule", facts: {{}}) {{ outcome }} }}'
    ),
    Permission.READ_POLICY: query("{ policies { key } }", by_what_is_shown),
    Permission.READ_CASE: Probe(_case, by_what_is_shown),
    Permission.READ_ACCOUNT: Probe(_account, by_what_is_shown),
    Permission.READ_RETURNS: query(f'{{ returns(policy: "{POLICY}") {{ policy }} }}'),
    Permission.READ_DISABLED: query("{ tenant { enabled } }", by_what_is_shown),
    Permission.READ_REVIEWS: query("{ reviews { edges { node { since } } } }"),
    Permission.CLAIM_REVIEW: change(
        "reviewClaim", "ReviewClaimInput", lambda town: {"case": town.waiting}
    ),
    Permission.RELEASE_REVIEW: change("reviewRelease", "ReviewReleaseInput", _claimed, by_success),
    Permission.READ_PARAMETERS: Probe(_trial, by_code),
    Permission.SET_PARAMETERS: change("parametersSet", "ParametersSetInput", _values),
    Permission.ENABLE_PLUGINS: change(
        "pluginEnable", "PluginInput", lambda town: {"plugin": "xpertsource"}
    ),
    Permission.READ_TOKENS: query("{ tokens { edges { node { id } } } }"),
    Permission.ISSUE_TOKENS: change("tokenIssue", "TokenIssueInput", _a_token),
    Permission.READ_AUDIT: query("{ auditTrail { edges { node { action } } } }"),
    Permission.SET_CLOCK: Probe(
        lambda town, who: who.post(
            "mutation ($at: DateTime) { testClockSet(moment: $at) { userErrors { code } } }",
            at=MOMENT,
        ),
        by_code,
    ),
    Permission.CHANGE_TENANT: change(
        "tenantChange", "TenantChangeInput", lambda town: {"name": "Ours"}
    ),
    Permission.MANAGE_TENANTS: query("{ tenants { edges { node { id } } } }"),
}
"""How each permission shows: ``test_every_permission_is_probed`` says where one is missing."""


def probed(permission: Permission, town: Settled, who: Person) -> Access:
    """What the gate says to somebody who wants what a permission is for."""
    probe = PROBES[permission]
    return probe.said(probe.ask(town, who))


def acted(town: Settled, who: Person, policy: str, action: str, on: Mapping[str, Any]) -> set[str]:
    """The codes with which an action is declined."""
    asked: Tree = {"policy": policy, "action": action, "idempotencyKey": who.key(), **on}
    payload: Tree = who.ask(ACT, input={"facts": {}, **asked})["act"]
    return {reason["code"] for reason in payload["userErrors"]}
