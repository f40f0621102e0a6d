"""Tokens: issued and revoked; the secret of one is shown once and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import msgspec

from avoir.lifecycles import PARTIES, Role
from avoir.messages import N_, Message
from avoir_gateway import store
from avoir_gateway.access import PLATFORM, Permission, Principal
from avoir_gateway.administration.recording import (
    Administering,
    Change,
    Done,
    Order,
    RefusedError,
)
from avoir_gateway.administration.tenants import NO_NAME, is_name
from avoir_gateway.errors import Code, UserError, failure
from avoir_gateway.service import Declined
from avoir_gateway.store import JSON, Session

_PARTY: Final = re.compile(r"[^\s:@]{1,200}")
_ACTOR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}", re.ASCII)

NO_ACTOR = N_("An actor is named by up to 100 letters, digits and signs (._@+-).")
NO_PARTY = N_("Who acts as {role} is a party: name it as {role}:ID.")
STAFF_HAS_NONE = N_("Only parties have a party: {role} is none.")
NOT_TO_GIVE = N_("A token cannot be given for this role.")
NO_SCOPE = N_("There is no permission {scope}.")
WIDER = N_("A token cannot be good for more than the one it is issued with.")
PAST = N_("A token cannot expire before it is issued.")


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token to be: whose, in which role, for which party, good for what and until when."""

    actor: str
    role: Role
    name: str
    party: str | None = None
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was issued; ``secret`` is None where the order was carried out before."""

    token: store.Token
    secret: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """A token that was revoked; ``again`` says that the key was answered before."""

    token: store.Token
    again: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A token as its tenant's operators see it."""

    token: store.Token
    last_used_at: datetime | None


async def issue(
    administering: Administering, order: Order, named: str | None, new: NewToken
) -> Issued | Declined:
    """Issue a token for an actor of a tenant. The administrators' are those of the platform."""
    tenant = await administering.concerned(order.actor, named, Permission.ISSUE_TOKENS)
    if isinstance(tenant, Declined):
        return tenant
    wrong = _unfit(order, tenant, new, administering.service.clock())
    if wrong:
        return Declined(tuple(wrong))
    secret = store.new_secret()

    async def change(session: Session) -> Change:
        issued = await administering.stores.tokens.issue(
            tenant.id,
            actor=new.actor,
            role=new.role.value,
            name=new.name,
            at=administering.service.clock(),
            party=new.party,
            expires_at=new.expires_at,
            scopes=new.scopes,
            secret=secret,
            session=session,
        )
        token = issued.token
        return Change(subject=f"token:{token.id}", before=None, after=told(token))

    asked = cast(dict[str, JSON], msgspec.to_builtins(new))
    done = await administering.carry_out(order, tenant, "token.issue", asked, change)
    if isinstance(done, Declined):
        return done
    return Issued(_token(done), None if done.again else secret)


async def revoke(
    administering: Administering, order: Order, named: str | None, token: str
) -> Revoked | Declined:
    """Revoke a token; once revoked it stays so."""
    tenant = await administering.concerned(order.actor, named, Permission.ISSUE_TOKENS)
    if isinstance(tenant, Declined):
        return tenant

    async def change(session: Session) -> Change:
        before = await administering.stores.tokens.get(tenant.id, token, session)
        if before is None:
            raise RefusedError(failure(Code.NOT_FOUND, "token"))
        at = administering.service.clock()
        after = await administering.stores.tokens.revoke(tenant.id, token, at, session)
        return Change(subject=f"token:{token}", before=told(before), after=told(after))

    done = await administering.carry_out(order, tenant, "token.revoke", {"token": token}, change)
    if isinstance(done, Declined):
        return done
    administering.directory.forget_tokens()
    return Revoked(_token(done), done.again)


async def listing(
    administering: Administering,
    actor: Principal,
    named: str | None,
    after: str | None,
    first: int,
) -> Sequence[Held] | Declined:
    """So many tokens of a tenant behind one, by their ids, with their last use; the revoked too."""
    tenant = await administering.concerned(actor, named, Permission.READ_TOKENS)
    if isinstance(tenant, Declined):
        return tenant
    tokens = await administering.stores.tokens.page(tenant.id, after, first)
    last = await administering.stores.uses.last(tenant.id, [token.id for token in tokens])
    return [Held(token, last.get(token.id)) for token in tokens]


def told(token: store.Token) -> dict[str, JSON]:
    """A token as a record tells it: all but its secret, which nobody has."""
    return cast(dict[str, JSON], msgspec.to_builtins(token))


def _token(done: Done) -> store.Token:
    """The token as an order left it."""
    return msgspec.convert(done.record.after, store.Token)


def _unfit(order: Order, tenant: store.Tenant, new: NewToken, now: datetime) -> list[UserError]:
    wrong: list[UserError] = []

    def say(text: str, path: str, **values: str) -> None:
        wrong.append(UserError(Code.BAD_REQUEST.value, Message(text, values=values), (path,)))

    if not _ACTOR.fullmatch(new.actor):
        say(NO_ACTOR, "actor")
    if not is_name(new.name):
        say(NO_NAME, "name")
    is_of_platform = tenant.id == PLATFORM
    if new.role is Role.SYSTEM or (new.role is Role.ADMINISTRATOR) is not is_of_platform:
        say(NOT_TO_GIVE, "role")
    elif new.role in PARTIES:
        role, _, party = (new.party or "").partition(":")
        if role != new.role or not _PARTY.fullmatch(party):
            say(NO_PARTY, "party", role=new.role.value)
    elif new.party is not None:
        say(STAFF_HAS_NONE, "party", role=new.role.value)
    for scope in new.scopes:
        if scope not in {permission.value for permission in Permission}:
            say(NO_SCOPE, "scopes", scope=scope[:60])
    own = order.actor.scopes
    if own and not (new.scopes and own.issuperset(new.scopes)):
        say(WIDER, "scopes")
    if new.expires_at is not None and new.expires_at <= now:
        say(PAST, "expiresAt")
    return wrong
