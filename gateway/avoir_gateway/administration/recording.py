"""Recording: the one way from an order to a change of the configuration and its record."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from avoir.messages import Message
from avoir_gateway import store
from avoir_gateway.access import Access, Matter, Permission, Principal, administers, may
from avoir_gateway.errors import CLOSED, Code, UserError, failure, fault
from avoir_gateway.service import Declined, Service
from avoir_gateway.store import JSON, Session

LONGEST_KEY: Final = 200


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants changed: who, of which tenant, by which door, under which key."""

    actor: Principal
    tenant: store.Tenant
    origin: store.Origin
    key: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed: the subject as it was before, and as it is since; nothing secret."""

    subject: str
    before: dict[str, JSON] | None
    after: dict[str, JSON] | None


@dataclass(frozen=True, slots=True)
class Done:
    """What an order did: its record; ``again`` says that the key was answered before."""

    record: store.AdministrativeRecord
    again: bool


class RefusedError(Exception):
    """Why a change cannot be made; raised within its transaction, which then leaves nothing."""

    def __init__(self, *errors: UserError) -> None:
        self.errors = errors
        super().__init__(", ".join(error.code for error in errors))


class Administering:
    """Carries orders out: the gate, the key, the change and its record."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.stores = service.stores
        self.directory = service.directory

    async def concerned(
        self, actor: Principal, named: str | None, permission: Permission
    ) -> store.Tenant | Declined:
        """The tenant that somebody means: his own, or the one that an administrator names.

        For all others the tenants that are not theirs do not exist.
        """
        own = named is None or named == actor.tenant
        if own and may(actor, permission, Matter(actor.tenant)) is not Access.GRANTED:
            return Declined((failure(Code.FORBIDDEN),))
        found = None
        if own or administers(actor):
            found = await self.directory.tenant(named or actor.tenant)
        return Declined((failure(Code.NOT_FOUND, "tenant"),)) if found is None else found

    async def carry_out(
        self,
        order: Order,
        tenant: store.Tenant,
        action: str,
        asked: Mapping[str, JSON],
        change: Callable[[Session], Awaitable[Change]],
    ) -> Done | Declined:
        """Change something of a tenant once under the key of the order, and record it.

        The gate comes before: see ``concerned``. ``asked`` is all that the order says, by which
        the same order is known again; ``change`` makes it with the session it is given, and may
        be run more than once. Raises ``GatewayError`` where the store does not answer or the
        outcome is unknown.
        """
        if not _is_key(order.key):
            return Declined((failure(Code.BAD_REQUEST, "idempotencyKey"),))
        actor = order.actor
        if tenant.status is store.TenantStatus.CLOSED and not administers(actor):
            return Declined((UserError(Code.FORBIDDEN.value, Message(CLOSED)),))
        command = store.AdministrativeCommand(
            tenant=actor.tenant,
            by=actor.id,
            key=order.key,
            fingerprint=_fingerprint(tenant.id, action, asked),
        )

        async def recorded(session: Session) -> store.AdministrativeRecord:
            changed = await change(session)
            return store.AdministrativeRecord(
                tenant=tenant.id,
                command=command,
                action=action,
                subject=changed.subject,
                before=changed.before,
                after=changed.after,
                actor=store.Actor(id=actor.id, role=actor.role.value, name=actor.name),
                credential=actor.credential,
                origin=order.origin,
                at=self.service.clock(),
            )

        try:
            written = await self.stores.administration.write(command, recorded)
        except RefusedError as refused:
            return Declined(refused.errors)
        except store.UnknownOutcome as unknown:
            raise fault(Code.UNKNOWN_OUTCOME) from unknown
        except store.StoreUnavailable as unavailable:
            raise fault(Code.UNAVAILABLE) from unavailable
        except store.NotStorable as unstorable:
            return Declined((failure(Code.BAD_REQUEST, unstorable.path),))
        if written.record.command.fingerprint != command.fingerprint:
            return Declined((failure(Code.IDEMPOTENCY_CONFLICT, "idempotencyKey"),))
        self.directory.forget_tenant(tenant.id)
        return Done(written.record, written.again)


def demand(actor: Principal, tenant: store.Tenant, permission: Permission) -> None:
    """Let in who may do this in a tenant; raises ``GatewayError`` for everybody else."""
    if may(actor, permission, Matter(tenant.id)) is not Access.GRANTED:
        raise fault(Code.FORBIDDEN)


def _is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and key.isprintable()


def _fingerprint(tenant: str, action: str, asked: Mapping[str, JSON]) -> str:
    text = msgspec.json.encode([tenant, action, dict(asked)], order="deterministic")
    return hashlib.sha256(text).hexdigest()
