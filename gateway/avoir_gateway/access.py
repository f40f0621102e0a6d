"""Access: who asks, and the one gate through which every door goes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from avoir.lifecycles import PARTIES, Action, Role

PLATFORM: Final = "platform"
"""The tenant of the administrators: the installation itself. It has no business of its own."""


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
    scopes: frozenset[str] = frozenset()
    """The permissions that his credential is good for; none of them stands for all that his role
    has, and one that nobody knows for nothing."""


class Permission(StrEnum):
    """What one may do: take the actions of a policy that are one's role's, and what is beside."""

    ACT = "act"
    EVALUATE = "evaluate"
    READ_POLICY = "read_policy"
    READ_CASE = "read_case"
    READ_ACCOUNT = "read_account"
    READ_RETURNS = "read_returns"
    READ_DISABLED = "read_disabled"
    READ_REVIEWS = "read_reviews"
    CLAIM_REVIEW = "claim_review"
    RELEASE_REVIEW = "release_review"
    READ_PARAMETERS = "read_parameters"
    SET_PARAMETERS = "set_parameters"
    ENABLE_PLUGINS = "enable_plugins"
    READ_TOKENS = "read_tokens"
    ISSUE_TOKENS = "issue_tokens"
    READ_AUDIT = "read_audit"
    SET_CLOCK = "set_clock"
    CHANGE_TENANT = "change_tenant"
    MANAGE_TENANTS = "manage_tenants"


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
_OPERATORS = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
_AUDITORS = frozenset({Role.AUDITOR}) | _OPERATORS
_REVIEWERS = frozenset({Role.REVIEWER, Role.MANAGER, Role.OPERATOR, Role.AUDITOR})

PERMISSIONS: Final[Mapping[Permission, frozenset[Role]]] = {
    Permission.ACT: _EVERYBODY,
    Permission.EVALUATE: _EVERYBODY,
    Permission.READ_POLICY: _EVERYBODY,
    Permission.READ_CASE: _EVERYBODY,
    Permission.READ_ACCOUNT: _EVERYBODY,
    Permission.READ_RETURNS: _EVERYBODY,
    Permission.READ_DISABLED: frozenset({Role.OPERATOR, Role.AUDITOR}),
    Permission.READ_REVIEWS: _REVIEWERS,
    Permission.CLAIM_REVIEW: frozenset({Role.REVIEWER}),
    Permission.RELEASE_REVIEW: frozenset({Role.OPERATOR}),
    Permission.READ_PARAMETERS: _REVIEWERS,
    Permission.SET_PARAMETERS: frozenset({Role.OPERATOR}),
    Permission.ENABLE_PLUGINS: _OPERATORS,
    Permission.READ_TOKENS: _AUDITORS,
    Permission.ISSUE_TOKENS: _OPERATORS,
    Permission.READ_AUDIT: _AUDITORS,
    Permission.SET_CLOCK: _OPERATORS,
    Permission.CHANGE_TENANT: _OPERATORS,
    Permission.MANAGE_TENANTS: frozenset({Role.ADMINISTRATOR}),
}
"""Which roles have which permission; parties have theirs on their own matters only.

An action of a policy says itself which roles take it.
"""


def may(actor: Principal, action: Permission | Action, thing: Matter) -> Access:
    """Whether an actor may do something to a thing; the answer of every door rests on this."""
    if thing.tenant != actor.tenant:
        return Access.UNSEEN
    if actor.role in PARTIES and thing.party is not None and thing.party != actor.party:
        return Access.UNSEEN
    if isinstance(action, Permission):
        permission, roles = action, PERMISSIONS[action]
    else:
        permission, roles = Permission.ACT, action.actors
    if actor.scopes and permission not in actor.scopes:
        return Access.FORBIDDEN
    return Access.GRANTED if actor.role in roles else Access.FORBIDDEN


def administers(actor: Principal) -> bool:
    """Whether an actor is an administrator of the installation, who may name any tenant."""
    return may(actor, Permission.MANAGE_TENANTS, Matter(PLATFORM)) is Access.GRANTED


def sees_all(actor: Principal) -> bool:
    """Whether an actor sees the matters of every party of his tenant."""
    return actor.role in _STAFF
