"""``python -m tests.gateway.access.table > docs/roles.md``: who may do what, as a page.

It is made from the permissions and the policies alone; ``test_roles`` holds a running gateway to
the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from avoir.host import Host
from avoir.lifecycles import PARTIES, Founding, Role
from avoir.policies import Policy
from avoir.readers import Reader
from avoir_gateway.access import PERMISSIONS, Permission

PAGE: Final = Path(__file__).parents[3] / "docs" / "roles.md"
ROLES: Final = tuple(Role)


class May(StrEnum):
    """What a cell of the table says."""

    YES = "yes"
    OWN = "own"
    NO = ""


WORDS: Final[Mapping[Permission, str]] = {
    Permission.ACT: "take the actions that a policy lets the role take (below)",
    Permission.EVALUATE: "ask what an action would come to",
    Permission.READ_POLICY: "read the policies in force",
    Permission.READ_CASE: "read cases",
    Permission.READ_ACCOUNT: "read accounts and their statements",
    Permission.READ_RETURNS: "read returns",
    Permission.READ_DISABLED: "read what plugins left behind that are no longer enabled",
    Permission.READ_REVIEWS: "read the queue of what waits for a ruling",
    Permission.CLAIM_REVIEW: "take a case for review, and release one's own",
    Permission.RELEASE_REVIEW: "release a case that somebody else has taken",
    Permission.READ_PARAMETERS: "read every edition of the parameters, and try values",
    Permission.SET_PARAMETERS: "set parameters from a day on",
    Permission.ENABLE_PLUGINS: "enable and disable plugins",
    Permission.READ_TOKENS: "list tokens",
    Permission.ISSUE_TOKENS: "issue and revoke tokens",
    Permission.READ_AUDIT: "read the audit trail",
    Permission.SET_CLOCK: "set the clock of a test tenant",
    Permission.CHANGE_TENANT: "rename the tenant, change its language, time zone or currency",
    Permission.MANAGE_TENANTS: "create, list, suspend, resume and close tenants",
}
MATTERS: Final = frozenset(
    {Permission.ACT, Permission.READ_CASE, Permission.READ_ACCOUNT, Permission.READ_RETURNS}
)
"""What parties have for their own matters alone."""

HEAD: Final = """\
# Who may do what

Each actor has one role, which stands in his token. The tables say what a role may do: **yes** in
its tenant, **own** in the matters of its own party, and nothing where a cell is empty. What one may
not see does not exist for one: the answer is that to an id of nothing. A token with scopes is good
for the permissions that it names, and for no other, as far as the role has them.

An administrator belongs to the installation, not to a business: he names the tenant whose plugins
and tokens he changes, and whose name, language, time zone or currency; everybody else has his own
tenant alone. The role `system` is the gateway's own, for deadlines; no token is issued for it.

This page is made from the permissions and the installed policies, and a running gateway is held to
it: `python -m tests.gateway.access.table > docs/roles.md`.
"""


def granted(permission: Permission, role: Role) -> May:
    """What a permission is to a role."""
    if role not in PERMISSIONS[permission]:
        return May.NO
    return May.OWN if role in PARTIES and permission in MATTERS else May.YES


def allowed(policy: Policy, action: str, role: Role) -> May:
    """Whether a role takes an action of a policy."""
    found = policy.lifecycle.action(action)
    if found is None or role not in found.actors:
        return May.NO
    return May.OWN if role in PARTIES else May.YES


def page(host: Host) -> str:
    """The whole page."""
    parts = [HEAD, "## Permissions", "", *_permissions(), ""]
    for key, policy in sorted(host.policies.items()):
        parts += [f"## Actions of `{key}`", "", *_actions(policy, host), ""]
    return "\n".join(parts).rstrip("\n") + "\n"


def _permissions() -> Iterator[str]:
    rows = [
        [f"`{permission.value}`: {WORDS[permission]}", *(granted(permission, r) for r in ROLES)]
        for permission in Permission
    ]
    return _table(["permission", *(f"`{role.value}`" for role in ROLES)], rows)


def _actions(policy: Policy, host: Host) -> Iterator[str]:
    reader = Reader("en", "UTC", host.catalogs, policy.domain, policy.labels)
    actors = {role for action in policy.lifecycle.actions for role in action.actors}
    roles = [role for role in ROLES if role in actors]
    rows = []
    for action in sorted(
        policy.lifecycle.actions, key=lambda one: one.founding is Founding.ON_A_CASE
    ):
        told = f"`{action.name}`: {reader.word(action.label)}"
        rows.append([told, *(allowed(policy, action.name, role) for role in roles)])
    return _table(["action", *(f"`{role.value}`" for role in roles)], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' :-: |' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(page(Host()))
