"""Tokens: who may come in. The store knows the hash of a token, never the token."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import cast

import msgspec
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from .administration import Session
from .connection import Database, Patience, durable
from .documents import Document, exactly, moment, plain, storable
from .errors import AlreadyThere, NotThere, saying
from .layouts import INSTANT, NAME, TEXT, Layout, fields, lay, optional, several, unique

PREFIX = "avoir_"
SECRET_BYTES = 32
LONGEST = 512
"""Characters of a token; a longer text is none of ours and is not looked up."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What a token stands for: an actor of a tenant, in a role, for a party if it has one."""

    id: str
    tenant: str
    actor: str
    role: str
    name: str
    party: str | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    """The permissions it is good for; none of them stands for all that the role has."""

    def is_valid(self, at: datetime) -> bool:
        """Whether the token opens the door at a moment."""
        expired = self.expires_at is not None and self.expires_at <= at
        return not expired and self.revoked_at is None


class IssuedToken(msgspec.Struct, frozen=True):
    """A new token with its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str

    def __repr__(self) -> str:
        # A struct shows its fields, and this one would end up in a log.
        return f"IssuedToken({self.token!r})"


LAYOUT = Layout(
    name="tokens",
    validator={
        "$jsonSchema": fields(
            {
                "_id": {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"},
                "id": NAME,
                "tenant": NAME,
                "actor": NAME,
                "role": NAME,
                "name": TEXT,
                "party": optional(TEXT),
                "created_at": INSTANT,
                "expires_at": optional(INSTANT),
                "revoked_at": optional(INSTANT),
            },
            also={"scopes": several(NAME)},
        )
    },
    # The look-up goes by the hash, which is the _id: the tenant is not known before it.
    indexes=(unique("a_token_has_one_id", ("tenant", 1), ("id", 1)),),
)


class Tokens:
    """Issues, looks up and revokes tokens."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._database = database
        self._collection = durable(database, LAYOUT.name, self._patience)

    async def ensure(self) -> None:
        """Make the collection, or bring its validator and indexes up to date."""
        await lay(self._database, LAYOUT, self._patience)

    async def issue(
        self,
        tenant: str,
        *,
        actor: str,
        role: str,
        name: str,
        at: datetime,
        party: str | None = None,
        expires_at: datetime | None = None,
        secret: str | None = None,
        scopes: Sequence[str] = (),
        session: Session | None = None,
    ) -> IssuedToken:
        """A new token. A given `secret` must be as hard to guess as one made here.

        Raises `AlreadyThere` where the given secret was issued before.
        """
        secret = new_secret() if secret is None else secret
        identity = hashed(secret)
        if identity is None:
            raise ValueError(f"a secret has 1 to {LONGEST} characters, none a lone surrogate")
        token = Token(
            id="token-" + secrets.token_hex(8),
            tenant=tenant,
            actor=actor,
            role=role,
            name=name,
            party=party,
            created_at=moment(at, "created_at"),
            expires_at=None if expires_at is None else moment(expires_at, "expires_at"),
            scopes=tuple(scopes),
        )
        values = cast(Document, storable(msgspec.structs.asdict(token)))
        with saying("issuing a token"):
            try:
                await self._collection.insert_one({"_id": identity, **values}, session=session)
            except DuplicateKeyError:
                raise AlreadyThere("token", token.name) from None
        return IssuedToken(token, secret)

    async def lookup(self, secret: str) -> Token | None:
        """The token with this secret, valid or not; ask `is_valid`.

        The comparison is the index's, over hashes: its time tells nothing about the secret.
        """
        identity = hashed(secret)
        return None if identity is None else await self.by_hash(identity)

    async def by_hash(self, identity: str) -> Token | None:
        """The token whose secret has this hash."""
        with saying("looking up a token"):
            found = await self._collection.find_one(exactly(_id=identity))
        return None if found is None else _token(found)

    async def listing(self, tenant: str) -> list[Token]:
        """The tokens of a tenant, by their ids, the revoked ones too."""
        with saying("listing tokens"):
            cursor = self._collection.find(exactly(tenant=tenant)).sort("id")
            return [_token(found) async for found in cursor]

    async def page(self, tenant: str, after: str | None, first: int) -> list[Token]:
        """So many tokens of a tenant behind one, by their ids, the revoked ones too."""
        query = exactly(tenant=tenant)
        if after is not None:
            query["id"] = {"$gt": after}
        with saying("listing tokens"):
            cursor = self._collection.find(query).sort("id").limit(first)
            return [_token(found) async for found in cursor]

    async def get(self, tenant: str, token_id: str, session: Session | None = None) -> Token | None:
        """A token of a tenant by its id, the revoked ones too."""
        with saying("reading a token"):
            found = await self._collection.find_one(
                exactly(tenant=tenant, id=token_id), session=session
            )
        return None if found is None else _token(found)

    async def revoke(
        self, tenant: str, token_id: str, at: datetime, session: Session | None = None
    ) -> Token:
        """Revoke a token; once revoked it stays so, from the first moment. Raises `NotThere`."""
        revoked_at = moment(at, "revoked_at")
        with saying("revoking a token"):
            found = await self._collection.find_one_and_update(
                exactly(tenant=tenant, id=token_id),
                [{"$set": {"revoked_at": {"$ifNull": ["$revoked_at", revoked_at]}}}],
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        if found is None:
            raise NotThere("token", token_id)
        return _token(found)


def new_secret() -> str:
    """A secret that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def hashed(secret: str) -> str | None:
    """The hash by which a token is found; None for a text that is no secret of ours."""
    if not 1 <= len(secret) <= LONGEST:
        return None
    try:
        return sha256(secret.encode()).hexdigest()
    except UnicodeEncodeError:
        return None


def _token(document: Document) -> Token:
    values = cast(Document, plain(document))
    del values["_id"]
    return msgspec.convert(values, Token)
