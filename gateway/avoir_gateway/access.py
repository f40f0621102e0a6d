"""Access: who asks, and the one gate through which every door goes."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from avoir.lifecycles import PARTIES, Action, Role


class Principal(msgspec.Struct, frozen=True):
    """Who asks: an actor of a tenant in a role, for a party if he has one, by a credential.

    Idempotency belongs to the actor (``id``), not to his token (``credential``).
    """

    tenant: str
    id: str
    role: Role
    name: str
    party: str | None
    credential: str


class Permission(StrEnum):
    """What one may do beyond the actions of a policy."""

    EVALUATE = "evaluate"
    READ_POLICY = "read_policy"
    READ_CASE = "read_case"
    READ_ACCOUNT = "read_account"
    READ_NOTICES = "read_notices"
    READ_RETURNS = "read_returns"
    SET_CLOCK = "set_clock"


class Matter(msgspec.Struct, frozen=True):
    """The thing that somebody wants to see or change: whose data it is, and whose matter."""

    tenant: str
    party: str | None = None


class Access(StrEnum):
    """What the gate says. A matter that is not one's own does not exist for one."""

    GRANTED = "granted"
    FORBIDDEN = "forbidden"
    UNSEEN = "unseen"


_EVERYBODY = frozenset(Role)
_STAFF = frozenset(Role) - PARTIES

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.EVALUATE: _EVERYBODY,
    Permission.READ_POLICY: _EVERYBODY,
    Permission.READ_CASE: _EVERYBODY,
    Permission.READ_ACCOUNT: _EVERYBODY,
    Permission.READ_NOTICES: _EVERYBODY,
    Permission.READ_RETURNS: _EVERYBODY,
    Permission.SET_CLOCK: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
}
"""Which roles have which permission; parties have theirs on their own matters only."""


def may(actor: Principal, action: Permission | Action, thing: Matter) -> Access:
    """Whether an actor may do something to a thing; the answer of every door rests on this."""
    if thing.tenant != actor.tenant:
        return Access.UNSEEN
    if actor.role in PARTIES and thing.party is not None and thing.party != actor.party:
        return Access.UNSEEN
    roles = PERMISSIONS[action] if isinstance(action, Permission) else action.actors
    return Access.GRANTED if actor.role in roles else Access.FORBIDDEN


def sees_all(actor: Principal) -> bool:
    """Whether an actor sees the matters of every party of his tenant."""
    return actor.role in _STAFF
