"""Tokens as operators issue and revoke them; a secret is shown once."""

from __future__ import annotations

from datetime import datetime

import strawberry

from avoir.descriptions import role
from avoir_gateway import store
from avoir_gateway.administration import tokens
from avoir_gateway.administration.tokens import NewToken
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.connections import Connection, connected, page_size
from avoir_gateway.schema.describing import Info, given, resolved, shown
from avoir_gateway.schema.enums import Permission, Role
from avoir_gateway.schema.ids import TokenPosition, cursor, is_plain, place
from avoir_gateway.schema.orders import (
    KEY_TOLD,
    REPLAYED_TOLD,
    TENANT_TOLD,
    administering,
    named,
    order,
    refusals,
)
from avoir_gateway.schema.types import UserError
from avoir_gateway.service import Declined


@shown
class ApiToken:
    """What a token stands for; the token itself is known to its holder alone."""

    token: strawberry.Private[store.Token]
    last_used: strawberry.Private[datetime | None]

    @resolved
    def id(self) -> strawberry.ID:
        """Its id, by which it is revoked."""
        return strawberry.ID(self.token.id)

    @resolved
    def actor(self) -> strawberry.ID:
        """The id of the actor who holds it."""
        return strawberry.ID(self.token.actor)

    @resolved
    def name(self) -> str:
        """What he is called."""
        return self.token.name

    @resolved
    def role(self) -> Role:
        """The role in which he acts."""
        return Role(self.token.role)

    @resolved
    def role_label(self, info: Info) -> str:
        """What that role is called."""
        return role(Role(self.token.role), info.context.reader())

    @resolved
    def party(self) -> str | None:
        """The party that he is, such as `professional:P-1`; null for the staff."""
        return self.token.party

    @resolved
    def scopes(self) -> list[Permission]:
        """The permissions it is good for; none of them stands for all that the role has."""
        known = {permission.value for permission in Permission}
        return [Permission(scope) for scope in self.token.scopes if scope in known]

    @resolved
    def created_at(self) -> datetime:
        """When it was issued."""
        return self.token.created_at

    @resolved
    def expires_at(self) -> datetime | None:
        """When it ends by itself; null for never."""
        return self.token.expires_at

    @resolved
    def revoked_at(self) -> datetime | None:
        """When it was revoked; null if it was not."""
        return self.token.revoked_at

    @resolved
    def last_used_at(self) -> datetime | None:
        """When it was last used, to the minute; null if it never was."""
        return self.last_used


@given
class TokenIssueInput:
    """A token to be."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    actor: strawberry.ID = strawberry.field(
        description="The id of the actor within the tenant; he may hold several tokens."
    )
    name: str = strawberry.field(description="What he is called.")
    role: Role = strawberry.field(description="The role in which he acts.")
    party: strawberry.ID | None = strawberry.field(
        description="The party that he is, such as `professional:P-1`; none for the staff.",
        default=None,
    )
    scopes: list[Permission] | None = strawberry.field(
        description="The permissions it is good for; all that the role has by default.",
        default=None,
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends by itself; never by default.", default=None
    )
    tenant: strawberry.ID | None = strawberry.field(description=TENANT_TOLD, default=None)


@given
class TokenRevokeInput:
    """A token to be revoked."""

    idempotency_key: str = strawberry.field(description=KEY_TOLD)
    token: strawberry.ID = strawberry.field(description="The id of the token.")
    tenant: strawberry.ID | None = strawberry.field(description=TENANT_TOLD, default=None)


@shown
class TokenPayload:
    """The token, or why there is none."""

    token: ApiToken | None = strawberry.field(description="What the token stands for.")
    secret: str | None = strawberry.field(
        description="The token itself, shown this once: null where the key was answered before."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was changed.")
    replayed: bool = strawberry.field(description=REPLAYED_TOLD)


@shown
class TokenQueries:
    """What operators and auditors ask about tokens."""

    @resolved
    async def tokens(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
        tenant: strawberry.ID | None = strawberry.UNSET,
    ) -> Connection[ApiToken]:
        """The tokens of the tenant by their ids, the revoked ones too."""
        size = page_size(first)
        behind = place(after, TokenPosition).id if after else None
        found = await tokens.listing(
            administering(info), info.context.principal, named(tenant or None), behind, size + 1
        )
        if isinstance(found, Declined):
            raise fault(Code(found.errors[0].code))
        nodes = [
            (
                cursor(TokenPosition(held.token.id)),
                ApiToken(token=held.token, last_used=held.last_used_at),
            )
            for held in found[:size]
        ]
        return connected(nodes, more=len(found) > size, after=after or None)


@shown
class TokenMutations:
    """What operators change of tokens."""

    @resolved
    async def token_issue(self, info: Info, input: TokenIssueInput) -> TokenPayload:
        """Issue a token to an actor; the secret is in this answer, and nowhere else."""
        at = input.expires_at
        new = NewToken(
            actor=input.actor,
            role=input.role,
            name=input.name,
            party=input.party,
            scopes=tuple(scope.value for scope in input.scopes or ()),
            expires_at=None if at is None else store.to_milliseconds(at),
        )
        asked = order(info, input.idempotency_key)
        done = await tokens.issue(administering(info), asked, named(input.tenant), new)
        if isinstance(done, Declined):
            return _declined(info, done)
        return TokenPayload(
            token=ApiToken(token=done.token, last_used=None),
            secret=done.secret,
            user_errors=[],
            replayed=done.secret is None,
        )

    @resolved
    async def token_revoke(self, info: Info, input: TokenRevokeInput) -> TokenPayload:
        """Revoke a token, within a second in every process."""
        asked = order(info, input.idempotency_key)
        token = input.token if is_plain(input.token) else ""
        done = await tokens.revoke(administering(info), asked, named(input.tenant), token)
        if isinstance(done, Declined):
            return _declined(info, done)
        return TokenPayload(
            token=ApiToken(token=done.token, last_used=None),
            secret=None,
            user_errors=[],
            replayed=done.again,
        )


def _declined(info: Info, declined: Declined) -> TokenPayload:
    failures = refusals(info, declined.errors)
    return TokenPayload(token=None, secret=None, user_errors=failures, replayed=False)
