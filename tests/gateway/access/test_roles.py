"""Role by role, what each may do: the table of permissions and actions, asked over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest

from avoir.host import Host
from avoir.lifecycles import PARTIES, Action, Founding, Role
from avoir.policies import Policy
from avoir_gateway import store
from avoir_gateway.access import PERMISSIONS, Access, Permission
from avoir_gateway.opening import stores_in
from tests.gateway.access.administrators import administrator
from tests.gateway.access.probes import ACTS, OWN, PROBES, acted, probed
from tests.gateway.access.strangers import OURS, THEIRS, Settled, facts_of, settle
from tests.gateway.access.table import PAGE, ROLES, WORDS, page
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import LONG_AGO, Person, apart

HOST: Final = Host()
PLUGINS: Final = tuple(plugin.name for plugin in HOST.plugins if plugin.policies)
OF_AN_INSTALLATION: Final = frozenset(
    {
        Permission.MANAGE_TENANTS,
        Permission.CHANGE_TENANT,
        Permission.ENABLE_PLUGINS,
        Permission.READ_TOKENS,
        Permission.ISSUE_TOKENS,
        Permission.READ_AUDIT,
    }
)
"""What an administrator of the installation can show where he has no business."""
NAMING: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "tenantChange": ("TenantChangeInput", {"name": "Theirs"}),
    "pluginEnable": ("PluginInput", {"plugin": "xpertsource"}),
    "tokenIssue": ("TokenIssueInput", {"actor": "new", "name": "New", "role": "MANAGER"}),
}
"""The changes for which an administrator names a tenant."""


@pytest.fixture(scope="module")
def town(gateway: Gateway) -> Settled:
    """A tenant with somebody in every role, and a matter of each policy."""
    return settle(gateway, OURS, *PLUGINS)


@pytest.fixture(scope="module")
def theirs(gateway: Gateway) -> Settled:
    """Another tenant."""
    return settle(gateway, THEIRS, *PLUGINS)


@pytest.fixture(scope="module")
def people(gateway: Gateway, town: Settled) -> Mapping[Role, Person]:
    """Somebody in every role."""
    return {role: town.town[role.value] for role in Role}


def shows(permission: Permission, role: Role) -> bool:
    """Whether a role can show what a permission is for: it has an action, or a matter."""
    if permission is Permission.ACT:
        return role in ACTS
    if permission is Permission.READ_ACCOUNT and role in PARTIES:
        return role is Role.PROFESSIONAL  # who has paid something in
    return permission is not Permission.READ_CASE or role not in PARTIES or role in OWN


# -- permissions ---------------------------------------------------------------------------------


def test_every_permission_is_probed() -> None:
    """Each permission has a request that shows it, roles that have it, and words in the table."""
    missing = [permission.name for permission in Permission if permission not in PROBES]
    assert not missing, f"add a probe to tests/gateway/access/probes.py for {missing}"
    assert PERMISSIONS.keys() == set(Permission)
    unsaid = [permission.name for permission in Permission if permission not in WORDS]
    assert not unsaid, f"add words to tests/gateway/access/table.py for {unsaid}"


def test_who_shows_nothing() -> None:
    """The roles of which no probe can tell are those without an action or a matter."""
    takers = {role for policy in HOST.policies.values() for role in Role if _takes(policy, role)}
    assert ACTS.keys() == takers
    assert OWN.keys() == {policy.party for policy in HOST.policies.values()}
    assert PARTIES - OWN.keys() == {Role.CLIENT}


def _takes(policy: Policy, role: Role) -> bool:
    return any(role in action.actors for action in policy.lifecycle.actions)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_every_role_and_every_permission(
    role: Role, gateway: Gateway, town: Settled, people: Mapping[Role, Person]
) -> None:
    """What the table grants is done, and what it does not grant is refused."""
    said, wanted = {}, {}
    for permission in Permission:
        if not shows(permission, role):
            continue
        who = people[role]
        if permission is Permission.MANAGE_TENANTS and role is Role.ADMINISTRATOR:
            # those of a business, whom nobody can make, administer nothing
            assert probed(permission, town, who) is Access.FORBIDDEN
            who = administrator(gateway)
        has = role in PERMISSIONS[permission]
        wanted[permission.value] = Access.GRANTED if has else Access.FORBIDDEN
        said[permission.value] = probed(permission, town, who)
    assert said == wanted


# -- actions -------------------------------------------------------------------------------------


def expected(policy: Policy, action: Action, role: Role) -> str:
    """What the gate says to a role that asks for an action on a matter of the policy's party."""
    anothers = action.founding is Founding.ON_A_CASE or action.concerns is not None
    concerned = Role.CLIENT if action.concerns is not None else policy.party
    if anothers and role in PARTIES and role is not concerned:
        return "NOT_FOUND"
    return "allowed" if role in action.actors else "FORBIDDEN"


@pytest.mark.parametrize("key", sorted(HOST.policies))
def test_every_role_and_every_action(
    key: str, town: Settled, people: Mapping[Role, Person]
) -> None:
    """Each action is done for its actors, and for no other role."""
    policy = HOST.policies[key]
    said: dict[str, str] = {}
    wanted: dict[str, str] = {}
    for action in policy.lifecycle.actions:
        on: dict[str, Any] = {"party": f"P-{OURS}"}
        if action.founding is Founding.ON_A_CASE:
            on = {"case": town.cases[key]}
        if action.concerns is not None:
            on = {"facts": {"contact": {"person_id": f"P-{OURS}"}}}
        for role in ROLES:
            codes = acted(town, people[role], key, action.name, on)
            gate = codes & {"FORBIDDEN", "NOT_FOUND"}
            pair = f"{action.name} by {role.value}"
            said[pair] = gate.pop() if gate else "allowed"
            wanted[pair] = expected(policy, action, role)
    assert said == wanted
    assert "allowed" in wanted.values()


# -- tenants that somebody names -------------------------------------------------------------------


def test_only_administrators_name_a_tenant(
    gateway: Gateway, town: Settled, theirs: Settled, people: Mapping[Role, Person]
) -> None:
    """An administrator changes the tenant that he names; to everybody else, those of a business
    who call themselves administrators too, the others do not exist."""

    def said(who: Person, field: str, tenant: str) -> list[str]:
        type_, asked = NAMING[field]
        query = f"mutation ($i: {type_}!) {{ {field}(input: $i) {{ userErrors {{ code }} }} }}"
        input = {**asked, "tenant": tenant, "idempotencyKey": who.key()}
        return [reason["code"] for reason in who.ask(query, i=input)[field]["userErrors"]]

    above = administrator(gateway)
    for field in NAMING:
        assert said(above, field, theirs.id) == []
        for who in people.values():
            assert said(who, field, theirs.id) == ["NOT_FOUND"], (field, who.role)
            assert said(who, field, "town-of-nobody") == ["NOT_FOUND"], (field, who.role)
    for status in ("Suspend", "Resume", "Close"):
        query = f"""mutation ($i: TenantStatusInput!) {{
          tenant{status}(input: $i) {{ userErrors {{ code }} }} }}"""
        for who in people.values():
            for tenant in (theirs.id, who.tenant):
                asked = {"tenant": tenant, "idempotencyKey": who.key()}
                came = who.ask(query, i=asked)[f"tenant{status}"]["userErrors"]
                assert [reason["code"] for reason in came] == ["FORBIDDEN"], who.role


# -- scopes --------------------------------------------------------------------------------------


def scoped(gateway: Gateway, town: Settled, role: Role, permission: Permission) -> Person:
    """Somebody whose token is good for one permission."""
    above = permission is Permission.MANAGE_TENANTS
    like = administrator(gateway) if above else town.town[role.value]
    secret = store.new_secret()

    async def add() -> None:
        async with store.connect(gateway.store) as client:
            await stores_in(client[gateway.database]).tokens.issue(
                like.tenant,
                actor=f"{like.id}-{permission.value}",
                role=role.value,
                name=role.value,
                party=like.party,
                at=LONG_AGO,
                scopes=[permission.value],
                secret=secret,
            )

    apart(lambda: asyncio.run(add()))
    return Person(gateway, like.tenant, f"{role}-{permission}", role, like.party, secret)


@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.value)
def test_a_token_with_one_scope(permission: Permission, gateway: Gateway, town: Settled) -> None:
    """It does what the one permission is for, and nothing else that its role may do; and where
    the role has not that permission, it does nothing at all."""
    having = [role for role in ROLES if role in PERMISSIONS[permission]]
    # whoever of those may most tells most
    able = [role for role in having if shows(permission, role)]
    role = max(able, key=lambda one: sum(one in roles for roles in PERMISSIONS.values()))
    who = scoped(gateway, town, role, permission)
    for other in Permission:
        if not shows(other, role):
            continue
        wanted = Access.GRANTED if other is permission else Access.FORBIDDEN
        if permission is Permission.MANAGE_TENANTS and other not in OF_AN_INSTALLATION:
            continue
        assert probed(other, town, who) is wanted, (permission, other)
    lacking = [one for one in ROLES if one not in having]
    if lacking:
        nobody = scoped(gateway, town, lacking[0], permission)
        of_a_business = permission is not Permission.MANAGE_TENANTS
        for other in Permission if of_a_business else OF_AN_INSTALLATION:
            if shows(other, lacking[0]):
                assert probed(other, town, nobody) is Access.FORBIDDEN, (permission, other)


def test_what_was_done_is_told_though_it_may_not_be_read(gateway: Gateway, town: Settled) -> None:
    """A token that is good for acting alone is told what was decided, and not shown the case."""
    who = scoped(gateway, town, Role.PLATFORM, Permission.ACT)
    _, action, facts = facts_of(OURS, 1)["xpertsource.lead_credit"]
    told = who.act("xpertsource.lead_credit", action, facts, party=f"P-{OURS}")
    assert told["decision"]["outcome"] == "RECORDED"
    assert (told["case"], told["record"]["revision"], told["userErrors"]) == (None, 1, [])


# -- the page ------------------------------------------------------------------------------------


def test_the_page_is_up_to_date() -> None:
    """What the documents say of roles is what is in force: the command writes the same page."""
    assert PAGE.read_text() == page(HOST), "python -m tests.gateway.access.table > docs/roles.md"
